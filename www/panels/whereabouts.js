// Where the images lie: two small maps that the core has drawn, and the places that the user added to them.
import { html, nothing, svg } from "lit-html";

export const whereabouts = ({ whereabouts: it }, images, t) => {
  if (!it) return images.before ? html`<p class="note">${t("place.unplaced")}</p>` : nothing;
  return html`
    <figure class="whereabouts">
      <figcaption>${t(it.placed ? "place.where" : "place.where-facility")} <bdi class="figure">${it.at}</bdi></figcaption>
      ${it.maps.map((map, index) => drawn(map, index, t))}
      <div class="legend" aria-hidden="true">
        ${it.placed ? key("covered", t("place.covered")) : nothing}
        ${it.maps.some(({ railways }) => railways) ? key("locator-railway", t("place.railways")) : nothing}
        ${key("locator-facility", t("place.mark"))}
        ${it.maps.some(({ places }) => places.some(({ own }) => own)) ? key("locator-own", t("place.mark-own")) : nothing}
      </div>
    </figure>`;
};

/** Those who don't see the map hear which places are on it; the degrees stand above. */
function drawn({ width, height, land, borders, rivers, railways, grid, images, places }, index, t) {
  const names = new Intl.ListFormat(t.language).format(places.map(({ name }) => name)) || t("cars.none");
  return html`
    <svg class="little-map" viewBox="0 0 ${width} ${height}" role="img" aria-label=${t(index ? "place.map-near" : "place.map-far", { places: names })}>
      <path class="locator-land" d=${land} /><path class="locator-grid" d=${grid} />
      <path class="locator-river" d=${rivers} /><path class="locator-railway" d=${railways} /><path class="locator-border" d=${borders} />
      ${images.map(({ side, path }) => svg`<path class="covered ${side}" d=${path} />`)}
      ${places.map(spot)}
    </svg>`;
}

const spot = ({ x, y, name, own, chosen, label }) => svg`
  ${own ? svg`<rect class="locator-own" x=${x - 2.5} y=${y - 2.5} width="5" height="5" />` : svg`<circle class="locator-facility" cx=${x} cy=${y} r=${chosen ? 3.5 : 2.5} />`}
  ${label ? svg`<text class=${chosen ? "chosen" : ""} text-anchor=${label[0]} x=${label[1]} y=${label[2]}>${name}</text>` : nothing}`;

const SIGNS = {
  "locator-facility": svg`<circle class="locator-facility" cx="6" cy="6" r="3.5" />`,
  "locator-railway": svg`<path class="locator-railway" d="M0 6H12" />`,
};

const key = (kind, name) => html`
  <span><svg width="12" height="12" viewBox="0 0 12 12">${SIGNS[kind] ?? svg`<rect class=${kind} x="2" y="2" width="8" height="8" />`}</svg>${name}</span>`;

/** The list, and a form with a name and a position as people write it. */
export const ownPlaces = ({ own, trouble, whereabouts: where }, dispatch, t, busy) => {
  const add = (event) => {
    event.preventDefault();
    const form = event.target.closest("form");
    const here = event.type === "click";
    dispatch({ type: "addPlace", name: form.elements.name.value, at: here ? null : form.elements.at.value });
    if (!form.querySelector("[role=alert]")) form.reset();
  };
  return html`
    <details class="own-places" ?open=${own.length > 0}><summary><h3>${t("place.own-places")}</h3><span class="figure">${own.length ? t.number(own.length) : nothing}</span></summary>
      <p class="note">${t("place.own-how")}</p>
      <ul class="plain">${own.map((it) => html`<li><span><bdi>${it.name}</bdi> <bdi class="note">${it.at}</bdi></span>
        <button class="button small" type="button" ?disabled=${busy} aria-label=${t("place.remove", { name: it.name })} @click=${() => dispatch({ type: "removePlace", id: it.id })}>${t("dismiss")}</button></li>`)}</ul>
      <form @submit=${add}>
        <div class="field"><label for="place-name">${t("place.name")}</label><input id="place-name" name="name" type="text" maxlength="80" autocomplete="off" ?disabled=${busy}></div>
        <div class="field"><label for="place-at">${t("place.position")}</label><input id="place-at" name="at" type="text" autocomplete="off" spellcheck="false" aria-describedby="place-how" ?disabled=${busy}></div>
        <p class="note" id="place-how">${t("place.position-how")}</p>
        ${trouble ? html`<p class="trouble" role="alert">${t(`place.trouble.${trouble}`)}</p>` : nothing}
        <p class="row"><button class="button small" ?disabled=${busy}>${t("place.add")}</button>
          ${where?.placed ? html`<button class="button small" type="button" ?disabled=${busy} @click=${add}>${t("place.add-here")}</button>` : nothing}</p>
      </form>
    </details>`;
};
