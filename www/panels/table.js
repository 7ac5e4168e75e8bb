// Everything that the map tells, as tables: for those who don't see it, and for whoever likes rows better. Long tables come a page at a time, so that two
// thousand railcars cost no more than one hundred.
import { html, nothing } from "lit-html";

const SIDES = ["after", "before"];
const ROWS_A_PAGE = 100;
const KINDS = ["cars", "tracks", "areas"];

const state = { kind: "cars", page: 0, by: null, down: false };

/** Columns of each table: name, what is sorted by (`null`: as it comes), what is shown. The first names its row. */
const columns = (t) => ({
  cars: [
    ["table.car", null, (row) => row.key.toUpperCase()],
    ["date", (row) => row.date, (row) => row.dateText],
    ["table.status", (row) => row.statusText, (row) => row.statusText],
    ["shape.type", (row) => t(`type.${row.carType}`), (row) => t(`type.${row.carType}`)],
    ["table.length", (row) => row.lengthM, (row) => t("metres", { value: t.number(row.lengthM, 1) })],
    ["confidence", (row) => row.confidence, (row) => t("percent", { n: Math.round(row.confidence * 100) })],
    ["table.track", (row) => row.track ?? -1, (row) => row.track ?? ""],
    ["table.pixels", (row) => row.px?.[0] ?? null, (row) => (row.px ? pixels(row.px) : "")],
    ["table.degrees", (row) => row.lonlat?.[1] ?? null, (row) => degrees(row.lonlat)],
    ["table.grid", null, (row) => grid(row.lonlat)],
  ],
  tracks: [
    ["table.track", null, (row) => row.id],
    ["date", (row) => row.date, (row) => row.dateText],
    ["table.length", (row) => row.lengthM, (row) => t("metres", { value: t.number(row.lengthM) })],
    ["cars", (row) => row.cars, (row) => t.number(row.cars)],
    ["table.from-px", null, (row) => pixels(row.line[0])],
    ["table.to-px", null, (row) => pixels(row.line.at(-1))],
  ],
  areas: [
    ["table.area", null, (row) => row.id],
    ["table.purpose", (row) => row.purpose, (row) => t(row.purpose)],
    ["table.corners", null, (row) => row.corners.map(pixels).join("; ")],
  ],
});

/** Columns that say nothing of images whose place isn't known. */
const OF_PLACED = ["table.degrees", "table.grid"];

const degrees = (lonlat) => (lonlat ? `${lonlat[1].toFixed(5)}, ${lonlat[0].toFixed(5)}` : "");
const grid = (lonlat) => (lonlat && globalThis.sidings?.gridReference?.(...lonlat)) ?? "";
const pixels = ([x, y]) => `${x.toFixed(0)}, ${y.toFixed(0)}`;

/** A dialog over the page; its rows are made when it opens, from the report. */
export const carTable = (snapshot, report, t, close, redraw = () => {}) => html`
  <dialog id="car-table" class="wide-dialog" aria-labelledby="car-table-title" @close=${close}>
    <h2 id="car-table-title">${t("table.title")}</h2>
    ${report ? body(snapshot, report, t, redraw) : nothing}
    <div class="dialog-foot"><button class="button primary" type="button" @click=${close}>${t("close")}</button></div>
  </dialog>`;

/** What the tables are made of: the report as it stands when the dialog opens. */
export const placesOf = (report) => report ?? {};

function body(snapshot, report, t, redraw) {
  const tables = { cars: carRows(snapshot, report, t), tracks: trackRows(snapshot, report, t), areas: areaRows(report) };
  const kind = state.kind;
  const placed = tables[kind].some(({ lonlat }) => lonlat);
  const shape = columns(t)[kind].filter(([name]) => placed || !OF_PLACED.includes(name));
  if (!shape[state.by]) state.by = null;
  const rows = sorted(tables[kind], shape[state.by]?.[1]);
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_A_PAGE));
  state.page = Math.min(state.page, pages - 1);
  const from = state.page * ROWS_A_PAGE;
  const set = (change) => {
    Object.assign(state, change);
    redraw();
  };
  const turn = (page) => {
    set({ page });
    document.querySelector("#car-table .scroll").scrollTop = 0;
  };
  const order = (index) => set(state.by === index ? { down: !state.down, page: 0 } : { by: index, down: false, page: 0 });
  const said = t("table.rows", { from: rows.length ? from + 1 : 0, to: Math.min(from + ROWS_A_PAGE, rows.length), all: rows.length });
  const how = state.by === null ? "" : t(state.down ? "table.sorted-down" : "table.sorted", { column: t(shape[state.by][0]) });
  return html`
    <fieldset class="segments small"><legend class="hidden">${t("table.which")}</legend>
      ${KINDS.map((name) => html`<label class="segment"><input type="radio" name="table-kind" ?checked=${name === kind}
        @change=${() => set({ kind: name, page: 0, by: null, down: false })}><span>${t(`table.of.${name}`)} <span class="figure">${t.number(tables[name].length)}</span></span></label>`)}
    </fieldset>
    <div class="scroll" tabindex="0" role="group" aria-labelledby="car-table-title"><table>
      <caption class="hidden">${t(`table.of.${kind}`)}. ${said} ${how}</caption>
      <thead><tr>${shape.map(([name, by], index) => html`<th scope="col" aria-sort=${by ? (state.by === index ? (state.down ? "descending" : "ascending") : "none") : nothing}>${by
    ? html`<button class="link" type="button" @click=${() => order(index)}>${t(name)}<span class="sort-sign" aria-hidden="true">${state.by === index ? (state.down ? " ↓" : " ↑") : ""}</span></button>` : t(name)}</th>`)}</tr></thead>
      <tbody>${rows.slice(from, from + ROWS_A_PAGE).map((row) => html`<tr>${shape.map(([, , show], index) => (index ? html`<td>${show(row)}</td>` : html`<th scope="row">${show(row)}</th>`))}</tr>`)}</tbody>
    </table></div>
    <p class="row"><span class="note" role="status">${said} ${how}</span>
      ${pages > 1 ? html`<button class="button small" type="button" ?disabled=${!state.page} @click=${() => turn(state.page - 1)}>${t("table.earlier")}</button>
        <button class="button small" type="button" ?disabled=${state.page === pages - 1} @click=${() => turn(state.page + 1)}>${t("table.later")}</button>` : nothing}</p>`;
}

/** Rows without a value stand last, whichever way. */
function sorted(rows, by) {
  if (!by) return rows;
  const sign = state.down ? -1 : 1;
  const compare = (a, b) => (typeof a === "number" ? a - b : String(a).localeCompare(String(b)));
  return rows.map((row) => [by(row), row])
    .sort(([a], [b]) => (a === null || b === null ? Number(a === null) - Number(b === null) : sign * compare(a, b)))
    .map(([, row]) => row);
}

const dateOf = (side, { images }, t) => {
  const date = images[side]?.date?.value ?? "";
  return { date: `${date} ${side === "after" ? 1 : 0}`, dateText: date ? `${t.date(date)} (${t(`side.${side}`)})` : t(`side.${side}`) };
};

/** Cars of both dates; a place that is occupied on both has a row on each. */
function carRows(snapshot, report, t) {
  const found = new Map(SIDES.flatMap((side) => (report[side]?.railcars ?? []).map((car) => [`${side[0]}${car.id}`, car])));
  const dates = Object.fromEntries(SIDES.map((side) => [side, dateOf(side, snapshot, t)]));
  const row = (car) => {
    const there = found.get(car.key);
    const statusText = [t(`status.${car.status}`), car.accepted && t("status.accepted"), car.placed && t("status.placed")].filter(Boolean).join(", ");
    return { ...car, ...dates[car.side], statusText, lonlat: there?.lonlat, px: there?.center_px };
  };
  const partner = (car) => {
    const there = found.get(car.pair);
    return there && row({ ...car, key: car.pair, side: "before", id: there.id, lengthM: there.length_m, confidence: there.confidence, track: there.track, carType: there.type ?? car.carType, accepted: false, placed: false });
  };
  const shown = new Set(snapshot.cars.map(({ key }) => key));
  return snapshot.cars.flatMap((car) => (car.pair && car.side === "after" && !shown.has(car.pair) ? [row(car), partner(car)] : [row(car)])).filter(Boolean);
}

const trackRows = (snapshot, report, t) => SIDES.flatMap((side) => (report[side]?.tracks ?? []).map((track) => ({
  id: track.id, ...dateOf(side, snapshot, t), lengthM: track.length_m, line: track.line_px,
  cars: report[side].railcars.filter((car) => car.track === track.id).length,
})));

/** Areas as they stand after the last time all were taken away. */
function areaRows({ provenance }) {
  const edits = provenance?.edits ?? [];
  const since = edits.map(({ edit }) => edit).lastIndexOf("forget-areas") + 1;
  const purposes = { "count-in-area": "areas.count-in", "leave-out-area": "areas.leave-out" };
  return edits.slice(since).filter(({ edit }) => purposes[edit]).map(({ edit, polygon_px: corners }, index) => ({ id: index + 1, purpose: purposes[edit], corners }));
}
