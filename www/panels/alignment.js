// How far the overlay may be trusted, and whatever else the reader should know.
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { coreLanguage } from "./problems.js";
import { statusMark } from "./marks.js";

const motion = matchMedia("(prefers-reduced-motion: reduce)");

export const alignment = ({ alignment: found, hand, view, phase, step }, dispatch, t) => {
  if (!found) return nothing;
  const { median, p95, points } = found.residualPx ?? {};
  const known = (value) => value !== null && value !== undefined;
  const length = (px, m) => [t("pixels", { value: t.short(px) }), known(m) && t("metres", { value: t.short(m) })].filter(Boolean).join(" · ");
  return html`
    <details class="section alignment">
      <summary><h2>${t("alignment")}</h2>
        <span class="status ${found.status}">${statusMark(found.status)} ${t(`alignment.${found.status}`)}</span>
        ${known(median) ? html`<span class="figure">${t("pixels", { value: t.short(median) })}</span>` : nothing}
        ${hand.inUse ? html`<span class="tag">${t("points.by-hand")}</span>` : nothing}
      </summary>
      <ul class="plain" lang=${coreLanguage(t)}>${found.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
      <dl class="facts">
        ${known(median) ? fact(t("alignment.median"), length(median, found.residualM?.median)) : nothing}
        ${known(p95) ? fact(t("alignment.p95"), length(p95, found.residualM?.p95)) : nothing}
        ${points ? fact(t("alignment.points"), t.number(points)) : nothing}
        ${known(found.coverage) ? fact(t("alignment.coverage"), t("percent", { n: Math.round(found.coverage * 100) })) : nothing}
        ${found.model ? fact(t("alignment.model"), t(`model.${found.model}`)) : nothing}
      </dl>
      ${found.exaggeration ? residuals(found, view, dispatch, t) : nothing}
      ${hand.accepted ? html`<p class="note">${t("alignment.accepted")}</p>` : nothing}
      ${phase === "working" || step ? nothing : html`<p class="row">
        ${found.status === "warn" && !hand.accepted
          ? html`<button class="button small" type="button" @click=${() => dispatch({ type: "acceptAlignment" })}>${t("alignment.accept")}</button>` : nothing}
        ${correct(dispatch, t)}
        ${hand.inUse ? html`<button class="button small" type="button" @click=${() => dispatch({ type: "forgetPoints" })}>${t("alignment.automatic")}</button>` : nothing}
      </p>`}
    </details>`;
};

/** Opens the control points; also where there is no alignment to correct. */
export const correct = (dispatch, t, look = "small") => html`
  <button class="button ${look}" type="button" @click=${() => dispatch({ type: "takeTool", tool: "points" })}>${t("alignment.correct")}</button>`;

/** The picture of the residuals, and the two dates in turn where they fit worst. */
const residuals = (found, view, dispatch, t) => {
  const still = motion.matches;
  return html`
    <label class="toggle"><input type="checkbox" .checked=${live(view.layers.residuals)}
      @change=${({ target }) => dispatch({ type: "setLayer", layer: "residuals", on: target.checked })}><span>${t("layer.residuals")}</span></label>
    ${view.layers.residuals ? html`<p class="note">${t("alignment.exaggeration", { n: found.exaggeration })}</p>` : nothing}
    <p class="row"><button class="button small" type="button" @click=${() => dispatch({ type: "showWorst" })}>${t("alignment.worst")}</button>
      ${still && view.mode === "blink"
        ? html`<button class="button small" type="button" @click=${() => dispatch({ type: "showOther" })}>${t("alignment.other")}</button>` : nothing}</p>`;
};

const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

export const warnings = ({ warnings: list }, t) => {
  if (!list.length) return nothing;
  return html`
    <section class="section warnings" aria-labelledby="warnings-title">
      <h2 id="warnings-title">${t("warnings")}</h2>
      <ul class="plain" lang=${coreLanguage(t)}>
        ${list.map((warning) => html`<li>${statusMark("warn")}<span>${warning.message}</span></li>`)}
      </ul>
    </section>`;
};
