// Coming back: the project as a file, and what the browser kept by itself.
import { html, nothing } from "lit-html";
import { pairs } from "./pairs.js";

/** In the panel: save the project, with its images if asked. */
export const project = (snapshot, { save, erase, works }, dispatch, t) => {
  const { project: { canSave, pairs: all }, phase } = snapshot;
  if (!canSave) return nothing;
  return html`
    <details class="section project-section" ?open=${all.some(({ open }) => !open)}>
      <summary><h2>${t("project")}</h2></summary>
      <p class="note">${t("project.how")}</p>
      <p class="row"><button class="button small" type="button" ?disabled=${phase !== "ready"} @click=${() => save(false)}>${t("project.save")}</button>
        <button class="button small" type="button" ?disabled=${phase !== "ready"} @click=${() => save(true)}>${t("project.save-images")}</button></p>
      ${pairs(snapshot, dispatch, t)}
      <p class="note">${t(works ? "project.kept" : "project.not-kept")}</p>
      ${works ? html`<p class="row"><button class="button small" type="button" @click=${erase}>${t("project.erase")}</button></p>` : nothing}
    </details>`;
};

/** On the empty page: what was kept, and which images a project waits for. */
export const comeBack = (snapshot, { found, restore, erase }, dispatch, t) => {
  const { project: waiting } = snapshot;
  if (waiting.name) {
    return html`
      <div class="kept" role="status">
        <p><strong>${t("project.wants", { name: waiting.name })}</strong></p>
        <ul class="plain">${waiting.wanted.map(({ file, sha256 }) => html`<li><span class="file" title=${file}>${file}</span> <code>${sha256.slice(0, 12)}…</code></li>`)}</ul>
        <p class="row"><button class="button small" type="button" @click=${() => dispatch({ type: "clear" })}>${waiting.pairs.length > 1 ? t("project.forget-all", { n: waiting.pairs.length }) : t("project.forget")}</button></p>
        ${waiting.pairs.length > 1 ? pairs(snapshot, dispatch, t) : nothing}
      </div>`;
  }
  // Room was made for another pair of the same place.
  if (waiting.pairs.length) return html`<div class="kept"><p role="status"><strong>${t("pairs.another", { n: waiting.pairs.length })}</strong></p>${pairs(snapshot, dispatch, t)}</div>`;
  if (!found) return nothing;
  return html`
    <div class="kept" role="status">
      <p><strong>${found.savedAt ? t("project.found", { date: t.moment(found.savedAt) }) : t("project")}</strong></p>
      <ul class="plain">${found.files.map((file) => html`<li><span class="file" title=${file}>${file}</span></li>`)}</ul>
      <p class="row"><button class="button small primary" type="button" @click=${restore}>${t("project.restore")}</button>
        <button class="button small" type="button" @click=${erase}>${t("project.erase")}</button></p>
    </div>`;
};
