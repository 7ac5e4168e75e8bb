// The railcar that is selected, by hand: what it is, its ends, its place; and the tools that draw cars and areas.
import { html, nothing } from "lit-html";

const now = () => new Date().toISOString();

export const TYPES = ["unknown", "box", "gondola", "tank", "hopper", "flat", "locomotive", "passenger", "maintenance", "other"];
const STEP_M = 0.5;

/** Commands about the selected car, by the key that gives them. */
const shift = (alongM, acrossM) => (key) => ({ type: "shiftCar", key, alongM, acrossM, at: now() });
export const SHAPING = {
  e: { name: "shape.redraw", act: (key) => ({ type: "drawCar", key }) },
  s: { name: "shape.split", act: (key) => ({ type: "splitCar", key, at: now() }) },
  g: { name: "shape.merge", act: (key) => ({ type: "mergeCar", key, at: now() }) },
  ",": { name: "shape.left", sign: "←", act: shift(-STEP_M, 0) },
  ".": { name: "shape.right", sign: "→", act: shift(STEP_M, 0) },
  "<": { name: "shape.across-left", sign: "↑", act: shift(0, -STEP_M / 2) },
  ">": { name: "shape.across-right", sign: "↓", act: shift(0, STEP_M / 2) },
  "[": { name: "shape.shorter", sign: "−", act: (key) => ({ type: "stretchCar", key, byM: -STEP_M, at: now() }) },
  "]": { name: "shape.longer", sign: "+", act: (key) => ({ type: "stretchCar", key, byM: STEP_M, at: now() }) },
};

/** Below the buttons of the list, for the car that is selected. */
export const shaping = ({ cars, view, phase }, dispatch, t) => {
  const car = cars.find(({ key }) => key === view.selected);
  if (!car || car.status === "rejected") return nothing;
  const off = phase !== "ready";
  const button = ([key, { name, sign, act }]) => html`
    <button class="button small ${sign ? "sign" : ""}" type="button" aria-keyshortcuts=${key.toUpperCase()} title=${t(name)} aria-label=${sign ? t(name) : nothing} ?disabled=${off}
      @click=${() => dispatch(act(car.key))}>${sign ?? t(name)} <kbd>${key.toUpperCase()}</kbd></button>`;
  return html`
    <details class="shaping"><summary>${t("shape")} <span class="figure">${t(`type.${car.carType}`)}</span></summary>
    <div class="corrections" role="group" aria-label=${t("shape")}>
      <label class="with-unit">${t("shape.type")}
        <select id="car-type" ?disabled=${off} @change=${({ target }) => dispatch({ type: "retypeCar", key: car.key, carType: target.value, at: now() })}>
          ${TYPES.map((type) => html`<option value=${type} ?selected=${car.carType === type}>${t(`type.${type}`)}</option>`)}</select></label>
      <button class="button small" type="button" aria-keyshortcuts="Z" @click=${() => dispatch({ type: "lookAt", key: car.key })}>${t("cars.zoom")} <kbd>Z</kbd></button>
      ${Object.entries(SHAPING).map(button)}
    </div></details>`;
};

/** A car is drawn by its two ends. */
export const drawing = ({ corrections: said }, dispatch, t) => html`
  <section class="tool" aria-labelledby="tool-title">
    <h1 id="tool-title" tabindex="-1">${t("cars.add")}</h1>
    <p class="note">${t("cars.add-how")} ${t("drag.cars")} ${t("drag.map")}</p>
    <p class="note">${t("map.keys")}</p>
    <p role="status">${said.carBegan ? t("cars.add-end") : nothing}</p>
    ${parts(said, t)}
    ${foot(said, dispatch, t)}
  </section>`;

/** An area is drawn corner by corner. */
export const areas = ({ corrections: said }, dispatch, t) => {
  const finish = (kind, name) => html`
    <button class="button" type="button" ?disabled=${said.corners < 3} @click=${() => dispatch({ type: "finishArea", kind, at: now() })}>${t(name)}</button>`;
  return html`
    <section class="tool" aria-labelledby="tool-title">
      <h1 id="tool-title" tabindex="-1">${t("areas")}</h1>
      <p class="note">${t("areas.how")} ${t("drag.areas")} ${t("drag.map")}</p>
      <p class="note">${t("areas.gantry-how")}</p>
      <p class="note">${t("map.keys")}</p>
      <p role="status">${said.corners ? t("areas.corners", { n: said.corners }) : t("areas.drawn", { n: said.areas })}</p>
      <p class="row">${finish("countIn", "areas.count-in")}${finish("leaveOut", "areas.leave-out")}${finish("gantry", "areas.gantry")}
        <button class="button quiet" type="button" ?disabled=${!said.corners} @click=${() => dispatch({ type: "dropArea" })}>${t("cancel")}</button></p>
      <p class="row"><button class="button" type="button" ?disabled=${!said.areas} @click=${() => dispatch({ type: "forgetAreas", at: now() })}>${t("areas.forget")}</button></p>
      ${parts(said, t)}
      ${foot(said, dispatch, t)}
    </section>`;
};

const foot = (said, dispatch, t) => html`
  <p class="row">
    <button class="button" type="button" ?disabled=${!said.canUndo} @click=${() => dispatch({ type: "undoEdit" })}>${t("undo")}</button>
    <button class="button" type="button" ?disabled=${!said.canRedo} @click=${() => dispatch({ type: "redoEdit" })}>${t("correct.redo")}</button>
    <button class="button quiet" type="button" @click=${() => dispatch({ type: "takeTool", tool: "none" })}>${t("close")}</button></p>`;

/** What of a count is the program's and what the person's. */
export const parts = (said, t) => said.parts.map((part) => html`<p class="note">${t("correct.parts", {
  side: t(`side.${part.side}`), found: part.found.estimate, added: part.added, taken: part.taken, outlined: part.outlined,
})}</p>`);
