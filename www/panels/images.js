// The two files: what they are, their scale and date, where each came from, and a way to correct them.
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";

export const images = (snapshot, dispatch, t, openByDefault) => {
  const sides = ["before", "after"].filter((side) => snapshot.images[side]);
  if (!sides.length) return nothing;
  return html`
    <details class="section images" ?open=${openByDefault}>
      <summary><h2>${t("images")}</h2>${summary(snapshot, t)}</summary>
      ${sides.length > 1 && snapshot.order !== "date" ? html`<p class="note">${t(`order.${snapshot.order}`)}</p>` : nothing}
      ${sides.map((side) => image(side, snapshot, dispatch, t))}
      ${snapshot.phase === "empty" ? nothing : ruler(snapshot, dispatch, t)}
      ${snapshot.spare.length ? spare(snapshot, dispatch, t) : nothing}
    </details>`;
};

const summary = ({ images: { before, after } }, t) => {
  const scale = (after ?? before)?.gsdM;
  const estimated = [before, after].some((i) => i?.gsdFrom === "estimated");
  if (!scale) return nothing;
  return html`<span class="figure">${t("scale.value", { value: t.number(scale, 2) })}</span>
    ${estimated ? html`<span class="tag">${t("from.estimated")}</span>` : nothing}`;
};

const origin = (from, t) => (from && t.has(`from.${from}`)
  ? html`<span class="tag ${from}">${t(`from.${from}`)}</span>` : nothing);

function image(side, snapshot, dispatch, t) {
  const it = snapshot.images[side];
  const busy = snapshot.phase === "working";
  const setDate = ({ target }) => target.validity.valid && dispatch({ type: "setDate", side, date: target.value || null });
  const setGsd = ({ target }) => target.validity.valid
    && dispatch({ type: "setGsd", side, gsdM: target.value ? target.valueAsNumber : null });
  return html`
    <section class="image" aria-labelledby="image-${side}">
      <h3 id="image-${side}"><span class="side">${t(`side.${side}`)}</span> <span class="file" title=${it.file}>${it.file}</span></h3>
      <p class="image-facts">${[
        it.width && t("size.px", { width: it.width, height: it.height }),
        it.format && it.format.toUpperCase(),
        it.bytes && (it.bytes < 1e6 ? t("size.kb", { value: t.number(it.bytes / 1e3) }) : t("size.mb", { value: t.number(it.bytes / 1e6, 1) })),
      ].filter(Boolean).join(" · ")}</p>
      <div class="field"><label for="date-${side}">${t("date")}</label>
        <input id="date-${side}" type="date" min="1960-01-01" .value=${live(it.date?.value?.slice(0, 10) ?? "")}
          ?disabled=${busy} @change=${setDate}>
        ${it.date ? (snapshot.synthetic ? nothing : origin(it.date.from, t)) : html`<span class="tag unknown">${t("date.unknown")}</span>`}</div>
      <div class="field"><label for="gsd-${side}">${t("scale")}</label>
        <span class="with-unit"><input id="gsd-${side}" type="number" min="0.05" max="60" step="any" inputmode="decimal"
          .value=${live(it.gsdM ? String(+it.gsdM.toFixed(3)) : "")} ?disabled=${busy} @change=${setGsd}
          aria-describedby="unit-${side}"><span id="unit-${side}">${t("scale.unit")}</span></span>
        ${snapshot.synthetic ? nothing : origin(it.gsdFrom, t)}</div>
      ${it.credentials ? credentials(it.credentials, t) : nothing}
      ${it.sha256 ? html`<p class="hash"><span>SHA-256</span> <code>${it.sha256}</code></p>` : nothing}
    </section>`;
}

/** What the file's content credentials say; nothing of it was verified, and that is said first. */
const credentials = (it, t) => {
  const says = (key, value) => (value ? html`<span class="said">${t(`credentials.${key}`)} <bdi>${value}</bdi></span>` : nothing);
  const actions = it.actions.map(({ action, software }) => [action, software].filter(Boolean).join(", ")).join("; ");
  const signed = [it.signed_by, it.signed_at].filter(Boolean).join(", ");
  return html`<p class="note credentials"><strong>${t("credentials")}</strong> ${t(it.readable ? "credentials.unchecked" : "credentials.unreadable")}
    ${says("generator", it.claim_generator)}${says("title", it.title)}${says("signed", signed)}${says("issuer", it.certificate_issuer)}${says("actions", actions)}</p>`;
};

const ruler = ({ phase }, dispatch, t) => html`
  <p><button class="button small" type="button" ?disabled=${phase === "working"}
    @click=${() => dispatch({ type: "takeTool", tool: "scale" })}>${t("measure")}</button></p>`;

const spare = ({ spare: list, phase }, dispatch, t) => html`
  <section class="image" aria-labelledby="spare"><h3 id="spare">${t("spare")}</h3>
    ${list.map((it) => html`<div class="row"><span class="file">${it.file}</span>
      ${["before", "after"].map((side) => html`<button class="button small" type="button" ?disabled=${phase === "working"}
        aria-label=${t(`spare.${side}`, { file: it.file })}
        @click=${() => dispatch({ type: "useImage", id: it.id, side })}>${t(`side.${side}`)}</button>`)}</div>`)}
  </section>`;
