// The empty page: one drop zone, the example, one line on privacy.
import { html, nothing } from "lit-html";
import { language } from "./language.js";
import { icon } from "./marks.js";
import { comeBack } from "./project.js";
import { problems } from "./problems.js";

export const start = (snapshot, dispatch, t, { openPrivacy, openHelp, pickFiles, setLanguage, kept }) => {
  const loaded = ["before", "after"].map((side) => snapshot.images[side]).filter(Boolean);
  return html`
    <div class="card start">
      <h1>${t("start.title")}</h1>
      <p class="lead">${t("start.lead")} <button class="link" type="button" aria-haspopup="dialog" @click=${openHelp}>${t("help.title")}</button></p>
      ${problems(snapshot, dispatch, t)}
      <div class="drop-zone">
        ${icon("images")}
        <p>${loaded.length ? t("start.one-more") : t("start.drop")}</p>
        ${loaded.map((image) => html`<p class="loaded" title=${image.file}>${image.file}</p>`)}
        <button class="button primary" type="button" @click=${pickFiles}>${t("files.choose")}</button>
      </div>
      ${comeBack(snapshot, kept, dispatch, t)}
      ${loaded.length || snapshot.project.name || snapshot.project.pairs.length ? nothing : html`
        <p class="example"><button class="button" type="button" @click=${() => dispatch({ type: "example" })}>${t("example")}</button>
          <span>${t("example.note")}</span></p>`}
      <div class="start-foot"><p>${t("privacy.line")}
        <button class="link" type="button" aria-haspopup="dialog" @click=${openPrivacy}>${t("privacy.check")}</button></p>
        ${language(t, setLanguage)}</div>
    </div>
    <p class="map-credit">${t("locator.credit")}</p>`;
};
