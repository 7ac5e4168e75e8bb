// The facility that the images show, where they lie, the user's own places, and the record of earlier counts that the count is held against.
import { html, nothing } from "lit-html";
import { ownPlaces, whereabouts } from "./whereabouts.js";

export const place = ({ place: { facility, known, record, rows, ...where }, phase, images }, dispatch, t) => {
  const busy = phase === "working";
  const read = async ({ target }) => {
    const [file] = target.files;
    if (file) globalThis.sidings.setRecord(file.name, new Uint8Array(await file.arrayBuffer()));
    target.value = "";
  };
  return html`
    <details class="section place-section">
      <summary><h2>${t("place")}</h2>${facility ? html`<span class="figure">${placeName(facility, t)}</span>` : nothing}</summary>
      <div class="field"><label for="facility">${t("place.facility")}</label>
        <select id="facility" ?disabled=${busy} @change=${({ target }) => dispatch({ type: "setFacility", id: target.value || null })}>
          <option value="" ?selected=${!facility}>${t("place.none")}</option>
          ${known.map((it) => html`<option value=${it.id} ?selected=${facility?.id === it.id}>${placeName(it, t)}</option>`)}
        </select></div>
      ${whereabouts(where, images, t)}
      ${ownPlaces(where, dispatch, t, busy)}
      <div class="record">
        <span class="pick"><input id="record" type="file" accept=".csv,text/csv" ?disabled=${busy} @change=${read}>
          <label class="button small" for="record">${t("place.choose")}</label></span>
        <p class="note">${record ? t("place.own", { file: record, n: rows }) : t("place.published", { n: rows })}</p>
        ${record ? html`<button class="button small" type="button" @click=${() => dispatch({ type: "clearRecord" })}>${t("place.clear")}</button>` : nothing}
      </div>
    </details>`;
};

/** A facility in the page's language; one of the user's own as it was written. */
export const placeName = ({ id, name }, t) => (t.has(`facility.${id}`) ? t(`facility.${id}`) : name);
