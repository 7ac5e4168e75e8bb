// What leaves the page: whose images these are and on what terms, how the story is made, texts to copy, and a button for each file. A worker
// makes the files.
import { html, nothing } from "lit-html";
import { coreLanguage } from "./problems.js";

const GROUPS = {
  publish: ["story", "before", "after", "side-by-side", "card", "in-turn"],
  data: ["geojson", "kml", "cars", "counts", "report", "printed"],
};
const TEXTS = ["short", "medium", "long", "embed"];
const SIZES = ["small", "usual", "large"];
const FRAMINGS = ["cars", "whole"];

export const files = ({ phase, export: said }, dispatch, t, { copied, copyText }) => {
  if (phase !== "ready") return nothing;
  const { credit, licence, caption, place, busy } = said;
  const edit = ({ target }) => dispatch({ type: "setEdition", credit, licence, caption, place, [target.name]: target.value });
  const make = (file) => html`
    <button class="button small" type="button" aria-disabled=${busy ? "true" : "false"}
      @click=${() => busy || dispatch({ type: "export", file, language: t.language })}>${t(`export.file.${file}`)}</button>`;
  const looked = ({ target }) => dispatch({ type: "measureStory", language: target.open ? t.language : null });
  const line = (name, value) => html`
    <div class="field"><label for=${name}>${t(`export.${name}`)}</label>
      <input id=${name} name=${name} type="text" dir="auto" autocomplete="off" aria-describedby="export-terms" .value=${value} @change=${edit}></div>`;
  return html`
    <details class="section export" @toggle=${looked}>
      <summary><h2>${t("export")}</h2></summary>
      <p class="note">${t("export.how")}</p>
      ${line("credit", credit)}${line("licence", licence)}
      <p class="note" id="export-terms">${credit && licence ? nothing : t("export.terms")}</p>
      ${line("place", place)}
      <div class="field"><label for="caption">${t("export.caption")}</label>
        <textarea id="caption" name="caption" rows="2" dir="auto" .value=${caption} @change=${edit}></textarea></div>
      ${story(said, dispatch, t)}
      ${Object.entries(GROUPS).map(([group, members]) => html`
        <div role="group" aria-labelledby="export-${group}"><h3 id="export-${group}">${t(`export.${group}`)}</h3>
          <p class="row">${members.map(make)}</p></div>`)}
      ${texts(t, copyText)}
      <div class="made" role="status">${copied ? html`<p class="note">${t("export.copied")}</p><p class="copied" dir="auto">${copied}</p>` : state(said, t)}</div>
    </details>`;
};

/** How the story is made, and what it comes to. */
const story = ({ choices, engine, engineBytes, measure, unmeasurable }, dispatch, t) => {
  const set = (change, withEngine = engine) => dispatch({ type: "setStory", choices: { ...choices, ...change }, engine: withEngine });
  const select = (name, all) => html`
    <div class="field"><label for="story-${name}">${t(`export.${name}`)}</label>
      <select id="story-${name}" @change=${({ target }) => set({ [name]: target.value })}>${all.map((value) => html`
        <option value=${value} ?selected=${choices[name] === value}>${t(`export.${name}.${value}`)}</option>`)}</select></div>`;
  const megabytes = (bytes) => t("size.mb", { value: t.number(bytes / 1e6, 1) });
  return html`
    <div role="group" aria-labelledby="export-story"><h3 id="export-story">${t("export.story")}</h3>
      ${select("size", SIZES)}${select("framing", FRAMINGS)}
      ${engineBytes ? html`<p><label class="check"><input id="story-engine" type="checkbox" .checked=${engine}
        @change=${({ target }) => set({}, target.checked)}> ${t("export.engine", { size: megabytes(engineBytes) })}</label></p>` : nothing}
      <p class="note" id="story-measure" aria-live="polite">${measure
        ? t("export.measure", { size: megabytes(measure.bytes), width: measure.sizePx[0], height: measure.sizePx[1], quality: measure.quality })
        : unmeasurable ? t("export.unmeasurable") : t("export.measuring")}</p>
    </div>`;
};

/** The statement in three lengths and the lines that embed the story, each by a button; as text, or with paragraphs and weight. */
const texts = (t, copyText) => {
  const copy = (name) => copyText(name, document.getElementById("export-rich").checked);
  return html`
    <div role="group" aria-labelledby="export-texts"><h3 id="export-texts">${t("export.texts")}</h3>
      <p class="row">${TEXTS.map((name) => html`<button class="button small" type="button" @click=${() => copy(name)}>${t(`export.text.${name}`)}</button>`)}</p>
      <p><label class="check"><input id="export-rich" type="checkbox"> ${t("export.rich")}</label></p></div>`;
};

/** What became of the last file, in one sentence. */
const state = ({ busy, made, leftOut, sha256, problem }, t) => {
  if (busy) return html`<p class="note">${t("export.busy", { file: t(`export.file.${busy}`) })}</p>`;
  if (problem) return html`<p class="failed">${t("export.failed")} <span lang=${coreLanguage(t)}>${problem.message}</span></p>`;
  if (!made) return nothing;
  return html`<p class="note">${t("export.made", { file: t(`export.file.${made}`) })} ${leftOut ? t("export.left-out") : nothing}</p>
    <p class="hash"><span>SHA-256</span> <code>${sha256}</code></p>`;
};
