// How the two images look on the screen, by the browser's own filters: what is counted never sees it.
import { html, nothing, svg } from "lit-html";
import { live } from "lit-html/directives/live.js";

const SIDES = ["before", "after"];
const PLAIN = { brightness: 1, contrast: 1, gamma: 1 };

/** Least and most of each; their steps. */
const RANGES = { brightness: [0.3, 3], contrast: [0.3, 3], gamma: [0.4, 2.5] };
const STEP = 0.05;

/** Shares of the pixels that a stretch lets go black and white. */
const BLACK = 0.02;
const WHITE = 0.98;

/** Tiles are measured at this size, px: their light, not their detail. */
const SAMPLE_PX = 16;

const looks = { before: { ...PLAIN }, after: { ...PLAIN } };

export const display = ({ phase, images }, redraw, t) => {
  if (!["ready", "refused"].includes(phase) || !images.after) return nothing;
  const set = (changes) => {
    for (const [side, look] of Object.entries(changes)) {
      Object.assign(looks[side], within(look));
      show(side);
    }
    redraw();
  };
  const slider = (side, name) => html`
    <label class="field look"><span>${t(`display.${name}`)}</span>
      <input type="range" min=${RANGES[name][0]} max=${RANGES[name][1]} step=${STEP} .value=${live(String(looks[side][name]))}
        @input=${({ target }) => set({ [side]: { [name]: target.valueAsNumber } })}>
      <output>${t.number(looks[side][name], 2)}</output></label>`;
  const side = (name) => html`
    <fieldset class="looks"><legend>${t(`side.${name}`)}</legend>
      ${Object.keys(PLAIN).map((look) => slider(name, look))}
      <p class="row"><button class="button small" type="button" @click=${() => set({ [name]: stretched(name) })}>${t("display.stretch")}</button></p>
    </fieldset>`;
  return html`
    <details class="section display">
      <summary><h2>${t("display")}</h2></summary>
      <p class="note">${t("display.note")}</p>
      ${SIDES.map(side)}
      <p class="row"><button class="button small" type="button" @click=${() => set({ after: matched() })}>${t("display.match")}</button>
        <button class="button small" type="button" @click=${() => set({ before: PLAIN, after: PLAIN })}>${t("display.reset")}</button></p>
      <svg class="hidden" aria-hidden="true">${SIDES.map(curve)}</svg>
    </details>`;
};

/** Brightness and contrast are the browser's; a power of the light is a filter of ours. */
const curve = (side) => svg`
  <filter id=${`look-${side}`} color-interpolation-filters="sRGB"><feComponentTransfer>
    <feFuncR type="gamma" exponent=${1 / looks[side].gamma}></feFuncR><feFuncG type="gamma" exponent=${1 / looks[side].gamma}></feFuncG><feFuncB type="gamma" exponent=${1 / looks[side].gamma}></feFuncB>
  </feComponentTransfer></filter>`;

function show(side) {
  const { brightness, contrast, gamma } = looks[side];
  const plain = brightness === 1 && contrast === 1 && gamma === 1;
  const filter = `brightness(${brightness}) contrast(${contrast})${gamma === 1 ? "" : ` url(#look-${side})`}`;
  document.getElementById("map").style.setProperty(`--look-${side}`, plain ? "none" : filter);
}

const within = (look) => Object.fromEntries(Object.entries(look).map(([name, value]) => [name, Math.min(Math.max(value, RANGES[name][0]), RANGES[name][1])]));

/** Brightness and contrast that take light x to gain · x + lift: contrast(c) after brightness(b) gives c · (b · x − ½) + ½. */
const linear = (gain, lift) => {
  const contrast = Math.max(1 - 2 * lift, RANGES.contrast[0]);
  return { brightness: gain / contrast, contrast, gamma: 1 };
};

/** From nearly the darkest to nearly the brightest pixel on the screen, all of the range. */
function stretched(side) {
  const { low, high } = light(side);
  return high - low < 1e-3 ? PLAIN : linear(1 / (high - low), -low / (high - low));
}

/** The later image as light, and with as much between light and dark, as the earlier one is shown. */
function matched() {
  const [before, after] = SIDES.map(light);
  if (after.spread < 1e-3) return PLAIN;
  const { brightness, contrast, gamma } = looks.before;
  const gain = before.spread / after.spread;
  const [slope, rise] = [contrast * brightness, (1 - contrast) / 2];
  return { ...linear(slope * gain, slope * (before.mean - gain * after.mean) + rise), gamma };
}

/** How light the pixels of a date's tiles are, 0 to 1, before any filter. */
function light(side) {
  const canvas = new OffscreenCanvas(SAMPLE_PX, SAMPLE_PX);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const lights = [];
  for (const tile of document.querySelectorAll(`.leaflet-${side}-pane canvas`)) {
    context.clearRect(0, 0, SAMPLE_PX, SAMPLE_PX);
    context.drawImage(tile, 0, 0, SAMPLE_PX, SAMPLE_PX);
    const { data } = context.getImageData(0, 0, SAMPLE_PX, SAMPLE_PX);
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] === 255) lights.push((0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]) / 255);
    }
  }
  if (!lights.length) return { low: 0, high: 1, mean: 0.5, spread: 0 };
  lights.sort((a, b) => a - b);
  const mean = lights.reduce((sum, v) => sum + v, 0) / lights.length;
  const share = (part) => lights[Math.floor(part * (lights.length - 1))];
  return { low: share(BLACK), high: share(WHITE), mean, spread: Math.sqrt(lights.reduce((sum, v) => sum + (v - mean) ** 2, 0) / lights.length) };
}
