// How it works, in drawings; what the marks mean; what it can't do; how to check that nothing leaves; the keys.
import { html, svg } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { layerMark } from "./marks.js";
import { checks } from "./privacy.js";
import { keyList } from "./shortcuts.js";

const TRACKS = svg`<path class="faint" d="M4 20h72M4 32h72M4 44h72" />`;

/** Railcars on the drawn tracks: where they begin, px, on which of the three. */
const train = (kind, track, ...starts) => starts.map((x) => svg`<rect class=${kind} x=${x} y=${16 + 12 * track} width="12" height="8" />`);
const stayed = (kind) => [train(kind, 0, 8, 23, 38), train(kind, 2, 8)];
const went = (kind) => train(kind, 1, 24, 39);
const came = (kind) => train(kind, 2, 40, 55);

/** Drawn in the colour of the text; only what became of the railcars has the colours of the map. */
const PICTURES = {
  bring: svg`<g transform="scale(.55) translate(2 6)"><path d="M2 8h76v48H2z" />${TRACKS}${stayed("body")}${went("body")}</g>
    <g transform="scale(.55) translate(64 46)"><path d="M2 8h76v48H2z" />${TRACKS}${stayed("body")}${came("body")}</g>`,
  lay: svg`<path d="M10 4h60v42H10z" /><path stroke-dasharray="4 3" d="M8 14l62 5-4 42-62-5z" />
    <path class="faint" d="M12 12l56 4M12 24l56 4M12 36l56 4" /><path d="M22 9v8M18 13h8M58 11v8M54 15h8M22 37v8M18 41h8M58 39v8M54 43h8" />`,
  find: svg`<path d="M2 8h76v48H2z" /><path class="dots" d="M4 20h72M4 32h72M4 44h72" />${stayed("found")}${came("found")}`,
  compare: svg`<path d="M2 8h76v48H2z" />${TRACKS}${stayed("both")}${went("gone")}${came("new")}`,
  count: svg`<path d="M6 54h68M14 54v4M30 54v4M46 54v4M62 54v4" /><path class="whisker" d="M36 24h26M36 18v12M62 18v12" /><circle class="full" cx="48" cy="24" r="4.5" />
    <path class="whisker faint" d="M10 42h14M10 37v10M24 37v10" /><circle class="faint" cx="16" cy="42" r="3.5" />`,
};
const MARKS = ["new", "gone", "both", "undecided", "outside", "rejected", "tracks", "gantries", "came", "went"];
const LIMITS = ["cargo", "hidden", "moments", "scale", "taught", "genuine"];

/** Drawn anew when the language changes, not with every snapshot. */
export const help = (t, close) => html`
  <dialog id="help" class="wide-dialog help" aria-labelledby="help-title">${guard([t.language], () => html`
    <h2 id="help-title" tabindex="-1" autofocus>${t("help.title")}</h2>
    <ol class="steps">${Object.entries(PICTURES).map(([step, drawing]) => html`<li>
      <svg class="drawing" viewBox="0 0 80 64" role="img" aria-label=${t(`help.picture.${step}`)}>${drawing}</svg>
      <div><h3>${t(`help.step.${step}`)}</h3><p>${t(`help.say.${step}`)}</p></div></li>`)}</ol>
    <section aria-labelledby="help-marks"><h3 id="help-marks">${t("help.marks")}</h3>
      <ul class="plain meanings">${MARKS.map((kind) => html`<li>${layerMark(kind)}<span>${t(`help.mark.${kind}`)}</span></li>`)}</ul></section>
    <section aria-labelledby="help-limits"><h3 id="help-limits">${t("help.limits")}</h3>
      <ul>${LIMITS.map((limit) => html`<li>${t(`help.limit.${limit}`)}</li>`)}</ul></section>
    <section aria-labelledby="help-check"><h3 id="help-check">${t("privacy.title")}</h3><p>${t("privacy.claim")}</p>${checks(t)}</section>
    <section aria-labelledby="help-keys"><h3 id="help-keys">${t("keys")}</h3>${keyList(t)}</section>
    <div class="dialog-foot"><button class="button primary" type="button" @click=${close}>${t("close")}</button></div>`)}
  </dialog>`;
