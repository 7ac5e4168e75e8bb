// Every railcar as a row, in step with the map: one list box, arrows to move, a filter above it.
import { html, nothing } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";
import { controls } from "./corrections.js";
import { layerMark } from "./marks.js";

const FILTERS = ["all", "new", "gone", "both"];
const ROWS_A_PAGE = 10;

export const shown = (cars, filter, byDoubt) => {
  const rows = filter === "all" ? cars : cars.filter((car) => car.status === filter);
  return byDoubt ? [...rows].sort((a, b) => settled(a) - settled(b) || a.confidence - b.confidence) : rows;
};

/** What was judged already stands behind what waits. */
const settled = (car) => Number(car.accepted || car.placed || car.status === "rejected");

export const cars = (snapshot, dispatch, t, { filter, byDoubt }, setFilter, setByDoubt, openTable) => {
  if (!snapshot.cars.length) return nothing;
  const selected = snapshot.view.selected;
  const rows = shown(snapshot.cars, filter, byDoubt);
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
        <button class="button small table-button" type="button" aria-haspopup="dialog" @click=${openTable}>${t("table")}</button></div>
      ${rows.length ? nothing : html`<p class="note">${t("cars.none")}</p>`}
      <div class="list" id="cars" role="listbox" tabindex="0" aria-labelledby="cars-title" aria-activedescendant=${active}
        ?hidden=${!rows.length} @keydown=${(event) => move(event, rows, selected, dispatch)}>
        ${repeat(rows, (car) => car.key, (car) => unlessSame(car, car.key === selected, dispatch, t))}
      </div>
    </section>`;
};

/** Every snapshot brings all cars anew; a row that says the same as before is left alone. */
const unlessSame = (car, selected, dispatch, t) =>
  guard([t.language, selected, car.status, car.accepted, car.placed, car.carType, car.lengthM, car.confidence], () => row(car, selected, dispatch, t));

const row = (car, selected, dispatch, t) => html`
  <div class="entry ${car.status}" role="option" id="car-${car.key}" aria-selected=${selected ? "true" : "false"}
    @click=${() => dispatch({ type: "select", key: car.key })}>
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
