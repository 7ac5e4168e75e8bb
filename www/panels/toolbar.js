// Under the map: how the two dates are laid over each other, and what is drawn on them.
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { icon, layerMark } from "./marks.js";

const motion = matchMedia("(prefers-reduced-motion: reduce)");
const MODES = ["swipe", "swipeVertical", "blink", "fade", "side"];
const LAYERS = ["new", "gone", "both", "rejected", "tracks", "gantries", "change", "residuals", "grid"];
/** Shown in place of a name that is said. */
const SIGNS = { swipeVertical: "↕" };

export const toolbar = (snapshot, dispatch, t) => {
  const { phase, view, images, apart, hand } = snapshot;
  if (phase === "empty" || phase === "working" || !images.after) return nothing;
  const still = motion.matches;
  const mode = (name) => html`
    <label class="segment"><input type="radio" name="mode" .checked=${live(view.mode === name)}
      ?disabled=${still && name === "blink"} @change=${() => dispatch({ type: "setMode", mode: name })}
      ><span title=${t(`mode.${name}`)}>${SIGNS[name] ? html`<span class="sign" aria-hidden="true">${SIGNS[name]}</span><span class="hidden">${t(`mode.${name}`)}</span>` : t(`mode.${name}`)}</span></label>`;
  const layer = (name) => html`
    <label class="toggle"><input type="checkbox" .checked=${live(view.layers[name])}
      @change=${(event) => dispatch({ type: "setLayer", layer: name, on: event.target.checked })}
      >${layerMark(name)}<span>${name === "residuals" ? t("layer.residuals-short") : t(`layer.${name}`)}</span></label>`;
  return html`
    ${hand.tool !== "none" ? nothing : apart ? html`<p class="note">${t("apart")}</p>` : html`
      <fieldset class="segments"><legend class="hidden">${t("mode")}</legend>${MODES.map(mode)}</fieldset>
      ${view.mode === "fade" ? fade(view, dispatch, t) : nothing}`}
    ${phase === "ready" && hand.tool === "none"
      ? html`<div class="toggles" role="group" aria-label=${t("layers")}>${LAYERS.map(layer)}</div>
        ${view.layers.change ? html`<p class="note change-legend">${t("layer.change-legend")}
          <span>${layerMark("came")}${t("layer.change-came")}</span> <span>${layerMark("went")}${t("layer.change-went")}</span>
          <span>${layerMark("other-change")}${t("layer.change-other")}</span></p>` : nothing}`
      : nothing}
    <button class="icon-button card fit" type="button" aria-label=${t("fit")} title=${t("fit")}
      @click=${() => dispatch({ type: "fitView" })}>${icon("fit")}</button>`;
};

const fade = (view, dispatch, t) => html`
  <label class="slider"><span class="hidden">${t("fade")}</span>
    <input type="range" min="0" max="1" step="0.01" .value=${live(String(view.fade))}
      @input=${(event) => dispatch({ type: "setFade", opacity: event.target.valueAsNumber })}></label>`;
