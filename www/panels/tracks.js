// Tracks by hand: a list in step with the map, one drawn point by point, one deleted, or all from a file.
import { html, nothing } from "lit-html";
import { countAgain } from "./corrections.js";

/** What is done to the selected track at the place that is pointed at next. */
export const WITH_A_PLACE = [
  { type: "bendTrack", doing: ["bend", "bendTo"], key: "V", name: "tracks.bend" },
  { type: "cutTrack", doing: ["cut"], key: "C", name: "tracks.cut" },
];

const now = () => new Date().toISOString();

export const tracks = (snapshot, dispatch, t) => {
  const { corrections: said } = snapshot;
  const drawing = said.drawing !== null;
  const selected = said.tracks.some((track) => track.selected);
  return html`
    <section class="tool" aria-labelledby="tool-title">
      <h1 id="tool-title" tabindex="-1">${t("tracks.correct")}</h1>
      <p class="note">${t(drawing ? "tracks.draw-how" : "tracks.how")} ${t("drag.tracks")}</p>
      <p class="note">${t("tracks.keys")}</p>
      <p role="status">${said.doing ? t(`tracks.${said.doing}-how`) : drawing ? t("tracks.points", { n: said.drawing }) : said.tracksEdited ? t("tracks.edited", { n: said.tracksEdited }) : nothing}</p>
      <p class="row">${drawing ? html`
        <button class="button primary" type="button" ?disabled=${said.drawing < 2} @click=${() => dispatch({ type: "finishTrack", at: now() })}>${t("tracks.finish")}</button>
        <button class="button quiet" type="button" @click=${() => dispatch({ type: "dropTrack" })}>${t("cancel")}</button>` : html`
        <button class="button" type="button" @click=${() => dispatch({ type: "drawTrack" })}>${t("tracks.draw")}</button>
        <button class="button" type="button" ?disabled=${!selected} @click=${() => dispatch({ type: "deleteTrack", at: now() })}>${t("tracks.delete")}</button>
        ${WITH_A_PLACE.map(({ type, doing, key, name }) => html`<button class="button" type="button" aria-keyshortcuts=${key} aria-pressed=${doing.includes(said.doing) ? "true" : "false"}
          ?disabled=${!selected} @click=${() => dispatch({ type })}>${t(name)} <kbd>${key}</kbd></button>`)}`}
        <button class="button" type="button" aria-keyshortcuts="U" ?disabled=${!said.canUndo} @click=${() => dispatch({ type: "undoEdit" })}>${t("undo")}</button></p>
      ${drawing ? nothing : list(said.tracks, dispatch, t)}
      ${said.tracksFile ? html`<p class="record"><span class="note">${t("tracks.file", { file: said.tracksFile })}</span>
        <button class="button small" type="button" @click=${() => dispatch({ type: "forgetTracks" })}>${t("tracks.forget")}</button></p>` : nothing}
      <p class="row">${countAgain(snapshot, dispatch, t)}
        <button class="button quiet" type="button" @click=${() => dispatch({ type: "takeTool", tool: "none" })}>${t("close")}</button></p>
    </section>`;
};

const list = (rows, dispatch, t) => {
  const at = rows.findIndex((track) => track.selected);
  return html`
    <div class="list tracks-list" role="listbox" tabindex="0" aria-label=${t("layer.tracks")} ?hidden=${!rows.length}
      aria-activedescendant=${at < 0 ? nothing : `track-${rows[at].id}`} @keydown=${(event) => move(event, rows, at, dispatch)}>
      ${rows.map((track) => html`
        <div class="entry" role="option" id="track-${track.id}" aria-selected=${track.selected ? "true" : "false"}
          @click=${() => dispatch({ type: "selectTrack", id: track.id })}>
          <span class="car-name">${t("tracks.name", { id: String(track.id) })}</span>
          <span class="note">${snapped(track, t)}</span>
          <span>${t("tracks.cars", { n: track.cars })}</span>
          <span class="car-length">${t("metres", { value: t.number(track.lengthM) })}</span>
        </div>`)}
    </div>`;
};

const snapped = ({ snappedM }, t) => (snappedM === null ? nothing : snappedM > 0 ? t("tracks.snapped", { value: t.short(snappedM) }) : t("tracks.drawn"));

function move(event, rows, at, dispatch) {
  const last = rows.length - 1;
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? last : at - 1, Home: 0, End: last }[event.key];
  if (to === undefined || last < 0) return;
  event.preventDefault();
  dispatch({ type: "selectTrack", id: rows[Math.max(0, Math.min(last, to))].id });
}
