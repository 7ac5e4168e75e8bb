// What leaves the page: whose images these are and on what terms, and a button for each file. A worker makes it.
import { html, nothing } from "lit-html";
import { coreLanguage } from "./problems.js";

const GROUPS = {
  publish: ["story", "before", "after", "side-by-side", "card"],
  data: ["geojson", "kml", "cars", "counts", "report"],
};

export const files = ({ phase, export: said }, dispatch, t) => {
  if (phase !== "ready") return nothing;
  const { credit, licence, caption, busy } = said;
  const edit = ({ target }) => dispatch({ type: "setEdition", credit, licence, caption, [target.name]: target.value });
  const make = (file) => html`
    <button class="button small" type="button" aria-disabled=${busy ? "true" : "false"}
      @click=${() => busy || dispatch({ type: "export", file, language: t.language })}>${t(`export.file.${file}`)}</button>`;
  return html`
    <details class="section export">
      <summary><h2>${t("export")}</h2></summary>
      <p class="note">${t("export.how")}</p>
      <div class="field"><label for="credit">${t("export.credit")}</label>
        <input id="credit" name="credit" type="text" dir="auto" autocomplete="off" aria-describedby="export-terms" .value=${credit} @change=${edit}></div>
      <div class="field"><label for="licence">${t("export.licence")}</label>
        <input id="licence" name="licence" type="text" dir="auto" autocomplete="off" aria-describedby="export-terms" .value=${licence} @change=${edit}></div>
      <p class="note" id="export-terms">${credit && licence ? nothing : t("export.terms")}</p>
      <div class="field"><label for="caption">${t("export.caption")}</label>
        <textarea id="caption" name="caption" rows="2" dir="auto" .value=${caption} @change=${edit}></textarea></div>
      ${Object.entries(GROUPS).map(([group, members]) => html`
        <div role="group" aria-labelledby="export-${group}"><h3 id="export-${group}">${t(`export.${group}`)}</h3>
          <p class="row">${members.map(make)}</p></div>`)}
      <div class="made" role="status">${state(said, t)}</div>
    </details>`;
};

/** What became of the last file, in one sentence. */
const state = ({ busy, made, leftOut, problem }, t) => {
  if (busy) return html`<p class="note">${t("export.busy", { file: t(`export.file.${busy}`) })}</p>`;
  if (problem) return html`<p class="failed">${t("export.failed")} <span lang=${coreLanguage(t)}>${problem.message}</span></p>`;
  if (!made) return nothing;
  return html`<p class="note">${t("export.made", { file: t(`export.file.${made}`) })} ${leftOut ? t("export.left-out") : nothing}</p>`;
};
