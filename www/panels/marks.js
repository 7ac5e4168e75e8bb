// Small drawings. Every meaning has a shape or a pattern of its own, so that none rests on colour alone.
import { html, svg } from "lit-html";

const STATUS_PATHS = {
  pass: svg`<path d="M4.5 8.2l2.4 2.4 4.6-5" />`,
  warn: svg`<path d="M8 4.2v4.6M8 11.6v.2" />`,
  fail: svg`<path d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" />`,
};

/** Tick, exclamation mark or cross in a disc. */
export const statusMark = (status) => html`
  <svg class="status-mark ${status}" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="8" />${STATUS_PATHS[status]}</svg>`;

const LAYER_SHAPES = {
  new: svg`<rect x="1.5" y="3.5" width="17" height="9" />`,
  gone: svg`<rect x="1.5" y="3.5" width="17" height="9" stroke-dasharray="4 2.5" />`,
  both: svg`<rect x="1.5" y="3.5" width="17" height="9" />`,
  undecided: svg`<rect x="1.5" y="3.5" width="17" height="9" stroke-dasharray="1.5 2.5" />`,
  outside: svg`<rect x="1.5" y="3.5" width="17" height="9" stroke-dasharray="1 2" />`,
  rejected: svg`<rect x="1.5" y="3.5" width="17" height="9" stroke-dasharray="2 2" /><path d="M1.5 3.5l17 9" />`,
  tracks: svg`<path d="M1.5 11.5l17-7" stroke-dasharray="0.1 3.5" />`,
  change: svg`<circle cx="5" cy="6" r="2" /><circle cx="12" cy="10" r="3.2" /><circle cx="16" cy="4.4" r="1.4" />`,
  came: svg`<path d="M2 12l8-10M8 14l8-10M14 14l4-5" />`,
  went: svg`<path d="M18 12l-8-10M12 14l-8-10M6 14l-4-5" />`,
  "other-change": svg`<rect x="1.5" y="3.5" width="17" height="9" />`,
  gantries: svg`<rect x="1.5" y="3.5" width="17" height="9" stroke-dasharray="0.5 2.6" />`,
  residuals: svg`<path d="M2.5 12l12-7M10.5 4.2l4.6.4-2.4 4" />`,
  grid: svg`<path d="M1.5 5.5h17M1.5 10.5h17M6.5 2v12M13.5 2v12" />`,
};

/** How a kind of car or a layer is drawn on the map. */
export const layerMark = (kind) => html`
  <svg class="layer-mark ${kind}" viewBox="0 0 20 16" aria-hidden="true">${LAYER_SHAPES[kind]}</svg>`;

/** Fills for the bars, defined once in the page. */
export const patterns = svg`
  <defs>
    <pattern id="fill-new" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="paint-new" width="6" height="6" /><path class="hatch new" d="M0 0v6" />
    </pattern>
    <pattern id="fill-gone" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
      <path class="hatch gone" d="M0 0v5" />
    </pattern>
  </defs>`;

const ICONS = {
  swap: svg`<path d="M3 5.5h9.5M9.8 2.8l2.7 2.7-2.7 2.7M13 10.5H3.5M6.2 7.8l-2.7 2.7 2.7 2.7" />`,
  copy: svg`<path d="M5.5 5.5h7v8h-7zM3.5 10.5v-8h7" />`,
  done: svg`<path d="M3.5 8.5l3 3 6-7" />`,
  close: svg`<path d="M4 4l8 8M12 4l-8 8" />`,
  images: svg`<path d="M2.5 3.5h8v8h-8zM5.5 14h8V6" />`,
  fit: svg`<path d="M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />`,
  restart: svg`<path d="M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3" />`,
  help: svg`<circle cx="8" cy="8" r="6.2" /><path d="M6 6.4a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3M8 11.6v.1" />`,
  shield: svg`<path d="M8 1.8l5 1.8v4c0 3.2-2 5.4-5 6.6-3-1.2-5-3.4-5-6.6v-4zM5.8 8l1.6 1.6 2.9-3.2" />`,
};

/** A line drawing of 16 × 16 in the colour of the text. */
export const icon = (name) => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${ICONS[name]}</svg>`;
