// Every railcar as a row, in step with the map: one list box, arrows to move, filters above it. Only the rows in sight are in the page, and the selected
// one; `placeRows` puts them there after each drawing and with each scroll.
import { html, nothing, render as draw } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";
import { controls } from "./corrections.js";
import { layerMark } from "./marks.js";

const FILTERS = ["all", "new", "gone", "both"];
const ROWS_A_PAGE = 10;
/** As style/panels.css has it. */
const ROW_REM = 2.25;
/** Rows above and below those in sight, so that a scroll finds them there. */
const OVERSCAN = 8;

/** The rows of the list, in order: what the filter lets through, and, where the list follows the map, what the map shows. */
export const shown = ({ cars, inView }, filter, byDoubt) => {
  const seen = inView && new Set(inView);
  const rows = cars.filter((car) => (filter === "all" || car.status === filter) && (!seen || seen.has(car.key)));
  return byDoubt ? [...rows].sort((a, b) => settled(a) - settled(b) || a.confidence - b.confidence) : rows;
};

/** What was judged already stands behind what waits. */
const settled = (car) => Number(car.accepted || car.placed || car.status === "rejected");

export const cars = (snapshot, dispatch, t, { filter, byDoubt }, setFilter, setByDoubt, openTable) => {
  if (!snapshot.cars.length) return nothing;
  const selected = snapshot.view.selected;
  const rows = shown(snapshot, filter, byDoubt);
  const active = rows.some((car) => car.key === selected) ? `car-${selected}` : nothing;
  return html`
    <section class="cars" aria-labelledby="cars-title">
      <div class="cars-head"><h2 id="cars-title">${t("cars")}</h2>
        <fieldset class="segments small"><legend class="hidden">${t("cars.filter")}</legend>
          ${FILTERS.map((name) => html`<label class="segment"><input type="radio" name="filter"
            .checked=${live(filter === name)} @change=${() => setFilter(name)}><span>${t(`filter.${name}`)}</span></label>`)}
        </fieldset></div>
      ${controls(snapshot, dispatch, t)}
      <div class="row sort"><label class="toggle"><input type="checkbox" .checked=${live(byDoubt)} @change=${({ target }) => setByDoubt(target.checked)}><span>${t("cars.sort")}</span></label>
        <label class="toggle"><input type="checkbox" .checked=${live(snapshot.view.follow)} @change=${({ target }) => dispatch({ type: "followMap", on: target.checked })}><span>${t("cars.in-view")}</span></label>
        <button class="button small table-button" type="button" aria-haspopup="dialog" @click=${openTable}>${t("table")}</button></div>
      ${rows.length ? nothing : html`<p class="note">${t("cars.none")}</p>`}
      <div class="list" id="cars" role="listbox" tabindex="0" aria-labelledby="cars-title" aria-activedescendant=${active}
        ?hidden=${!rows.length} @keydown=${(event) => move(event, rows, selected, dispatch)}><div class="rows" role="presentation"></div></div>
    </section>`;
};

/** Puts the rows in sight into the list, each where it would stand among all. */
export function placeRows(snapshot, dispatch, t, { filter, byDoubt }) {
  const list = document.querySelector("#cars > .rows");
  if (!list) return;
  const rows = shown(snapshot, filter, byDoubt);
  const height = ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);
  list.style.height = `${rows.length * height}px`;
  const [from, to] = inSight(list, height);
  const { selected } = snapshot.view;
  const placed = rows.map((car, index) => ({ car, index })).filter(({ car, index }) => (index >= from && index < to) || car.key === selected);
  draw(repeat(placed, ({ car }) => car.key, ({ car, index }) => unlessSame(car, { index, of: rows.length, selected: car.key === selected }, dispatch, t)), list);
  // The policy allows no style in markup.
  for (const row of list.children) row.style.top = `${(Number(row.getAttribute("aria-posinset")) - 1) * height}px`;
}

/** From which row to which one the list, whatever scrolls around it and the window let it be seen. */
function inSight(list, height) {
  const around = [".list", ".cars", "#panel"].map((name) => list.closest(name)).filter((e) => getComputedStyle(e).overflowY !== "visible");
  const clips = around.map((e) => e.getBoundingClientRect());
  const top = Math.max(0, ...clips.map((clip) => clip.top));
  const bottom = Math.min(innerHeight, ...clips.map((clip) => clip.bottom));
  const origin = list.getBoundingClientRect().top;
  return [Math.floor((top - origin) / height) - OVERSCAN, Math.ceil((bottom - origin) / height) + OVERSCAN];
}

/** Every snapshot brings all cars anew; a row that says the same as before is left alone. */
const unlessSame = (car, at, dispatch, t) =>
  guard([t.language, at.selected, at.index, at.of, car.status, car.accepted, car.placed, car.carType, car.lengthM, car.confidence], () => row(car, at, dispatch, t));

const row = (car, { index, of, selected }, dispatch, t) => html`
  <div class="entry ${car.status}" role="option" id="car-${car.key}" aria-selected=${selected ? "true" : "false"}
    aria-posinset=${index + 1} aria-setsize=${of} @click=${() => dispatch({ type: "select", key: car.key })}>
    ${layerMark(car.status)}
    <span class="car-name">${t(`status.${car.status}`)} <span class="car-id">${car.id}</span>${car.accepted ? html` <span class="tag">${t("status.accepted")}</span>` : nothing}${car.placed ? html` <span class="tag">${t("status.placed")}</span>` : nothing}
      ${car.carType === "unknown" ? nothing : html`<span class="note">${t(`type.${car.carType}`)}</span>`}</span>
    <span class="car-length">${t("metres", { value: t.number(car.lengthM, 1) })}</span>
    <span class="car-confidence" title=${t("confidence")}><span class="hidden">${t("confidence")} </span>${t("percent", { n: Math.round(car.confidence * 100) })}</span>
  </div>`;

function move(event, rows, selected, dispatch) {
  const at = rows.findIndex((car) => car.key === selected);
  const last = rows.length - 1;
  const to = {
    ArrowDown: at + 1, ArrowUp: at < 0 ? last : at - 1, Home: 0, End: last,
    PageDown: at + ROWS_A_PAGE, PageUp: at - ROWS_A_PAGE,
  }[event.key];
  if (to === undefined || last < 0) return;
  event.preventDefault();
  dispatch({ type: "select", key: rows[Math.max(0, Math.min(last, to))].key });
}
