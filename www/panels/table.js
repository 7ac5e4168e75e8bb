// Everything that the map tells, as a table: for those who don't see it, and for whoever likes rows better.
import { html, nothing } from "lit-html";

const SIDES = ["after", "before"];

/** A dialog over the page; its rows are made when it opens, from the report. */
export const carTable = (snapshot, rows, t, close) => html`
  <dialog id="car-table" class="wide-dialog" aria-labelledby="car-table-title">
    <h2 id="car-table-title">${t("table.title")}</h2>
    ${rows ? html`
      <div class="scroll" tabindex="0" role="group" aria-label=${t("table.title")}><table>
        <thead><tr>${["table.car", "date", "table.status", "shape.type", "table.length", "confidence", "table.track", "table.place"].map((key) => html`<th scope="col">${t(key)}</th>`)}</tr></thead>
        <tbody>${snapshot.cars.map((car) => row(car, rows.get(car.key), snapshot, t))}</tbody>
      </table></div>` : nothing}
    <div class="dialog-foot"><button class="button primary" type="button" @click=${close}>${t("close")}</button></div>
  </dialog>`;

/** Where each car of the report stands, under the key it has in the list. */
export const placesOf = (report) => new Map(SIDES.flatMap((side) => (report?.[side]?.railcars ?? []).map((car) => [`${side[0]}${car.id}`, car])));

const row = (car, found, { images }, t) => html`
  <tr><th scope="row">${car.key.toUpperCase()}</th>
    <td>${images[car.side]?.date ? t.date(images[car.side].date.value) : t(`side.${car.side}`)}</td>
    <td>${t(`status.${car.status}`)}${car.accepted ? `, ${t("status.accepted")}` : ""}${car.placed ? `, ${t("status.placed")}` : ""}</td>
    <td>${t(`type.${car.carType}`)}</td>
    <td>${t("metres", { value: t.number(car.lengthM, 1) })}</td>
    <td>${t("percent", { n: Math.round(car.confidence * 100) })}</td>
    <td>${car.track}</td>
    <td>${place(found, t)}</td></tr>`;

/** Degrees where they are known, pixels of its image always. */
const place = (found, t) => {
  if (!found) return "";
  const [x, y] = found.center_px;
  const lonlat = found.lonlat && `${found.lonlat[1].toFixed(5)}, ${found.lonlat[0].toFixed(5)} · `;
  return `${lonlat ?? ""}${t("pixels", { value: `${x.toFixed(0)}, ${y.toFixed(0)}` })}`;
};
