// Pairs of the place that the project holds: their dates and counts, one of them open.
import { html, nothing } from "lit-html";
import { figures } from "./headline.js";

/** With a button that adds one where that can be; nothing where the pair on the desk is the only one. */
export const pairs = ({ project: { pairs: all, canAdd }, phase }, dispatch, t) => {
  const busy = phase === "working";
  const several = all.some(({ open }) => !open);
  if (!several && !canAdd) return nothing;
  return html`
    <div class="pairs">
      ${several ? html`${["empty", "refused"].includes(phase) ? html`<h2 id="pairs-title">${t("pairs")}</h2>` : html`<h3 id="pairs-title">${t("pairs")}</h3>`}
        <ol class="plain" aria-labelledby="pairs-title">${all.map((pair) => entry(pair, all.length, phase, dispatch, t))}</ol>` : nothing}
      ${canAdd ? html`<p class="note">${t("pairs.how")}</p>
        <p class="row"><button class="button small" type="button" ?disabled=${busy} @click=${() => dispatch({ type: "addPair" })}>${t("pairs.add")}</button></p>` : nothing}
    </div>`;
};

const entry = ({ index, open, before, after }, length, phase, dispatch, t) => {
  const busy = phase === "working";
  const names = { before: nameOf(before, t), after: nameOf(after, t) };
  return html`
    <li aria-current=${open ? "true" : nothing}>
      ${[before, after].map((image) => html`
        <p><strong>${image.date ? t.date(image.date) : html`<span class="unknown">${t("date.unknown")}</span>`}</strong>
          ${image.count ? counted(image.count, t) : nothing}
          <span class="file note" title=${image.file}>${image.file}</span></p>`)}
      <p class="row">${open ? (phase === "empty" ? nothing : html`<span class="tag">${t("pairs.here")}</span>`) : html`
        <button class="button small" type="button" ?disabled=${busy} aria-label=${`${t("pairs.open")}: ${t("pairs.name", names)}`} @click=${() => dispatch({ type: "openPair", index })}>${t("pairs.open")}</button>`}
        ${(!open || phase === "empty") && length > 1 ? html`<button class="link" type="button" ?disabled=${busy} aria-label=${`${t("pairs.remove")}: ${t("pairs.name", names)}`} @click=${() => dispatch({ type: "removePair", index })}>${t("pairs.remove")}</button>` : nothing}</p>
    </li>`;
};

/** By its date, or by its file where nobody knows it. */
const nameOf = ({ date, file }, t) => (date ? t.date(date) : file);

const counted = (count, t) => {
  const { estimate, interval } = figures(count, t);
  return html`<span>≈ ${estimate} ${t(`unit.${count.kind}`, { n: Math.round(count.estimate) })} ${interval}</span>`;
};
