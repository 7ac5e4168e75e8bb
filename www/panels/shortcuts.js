// The keys, as a list; opened by "?" or by its button.
import { html } from "lit-html";
import { SHAPING } from "./shaping.js";
import { WITH_A_PLACE } from "./tracks.js";

const KEYS = [
  ["A", "correct.accept"], ["X", "correct.reject"], ["U", "correct.undo"], ["Y", "correct.redo"],
  ["N", "cars.add"], ["M", "areas.draw"], ["Q", "cars.next"], ["Z", "cars.zoom"], ["F", "fit"], ["B", "keys.hold"],
  ...WITH_A_PLACE.map(({ key, name }) => [key, name]),
  ...Object.entries(SHAPING).map(([key, { name }]) => [key.toUpperCase(), name]),
  ["?", "keys.help"],
];

export const keyList = (t) => html`<p>${t("keys.where")}</p>
  <dl class="keys">${KEYS.map(([key, name]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${t(name)}</dd></div>`)}</dl>`;

export const shortcuts = (t, close) => html`
  <dialog id="shortcuts" aria-labelledby="shortcuts-title">
    <h2 id="shortcuts-title">${t("keys")}</h2>
    ${keyList(t)}
    <div class="dialog-foot"><button class="button primary" type="button" @click=${close}>${t("close")}</button></div>
  </dialog>`;
