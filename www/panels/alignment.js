// How far the overlay may be trusted, and whatever else the reader should know.
import { html, nothing } from "lit-html";
import { coreLanguage } from "./problems.js";
import { statusMark } from "./marks.js";

export const alignment = ({ alignment: found }, t) => {
  if (!found) return nothing;
  const { median, p95, points } = found.residualPx ?? {};
  const known = (value) => value !== null && value !== undefined;
  return html`
    <details class="section alignment">
      <summary><h2>${t("alignment")}</h2>
        <span class="status ${found.status}">${statusMark(found.status)} ${t(`alignment.${found.status}`)}</span>
        ${known(median) ? html`<span class="figure">${t("pixels", { value: t.short(median) })}</span>` : nothing}
      </summary>
      <ul class="plain" lang=${coreLanguage(t)}>${found.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
      <dl class="facts">
        ${known(median) ? fact(t("alignment.median"), t("pixels", { value: t.short(median) })) : nothing}
        ${known(p95) ? fact(t("alignment.p95"), t("pixels", { value: t.short(p95) })) : nothing}
        ${points ? fact(t("alignment.points"), t.number(points)) : nothing}
        ${known(found.coverage) ? fact(t("alignment.coverage"), t("percent", { n: Math.round(found.coverage * 100) })) : nothing}
        ${found.model ? fact(t("alignment.model"), t(`model.${found.model}`)) : nothing}
      </dl>
    </details>`;
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
