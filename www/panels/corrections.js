// Accept or reject railcars, take it back, count again; by button, and by key where cars are in hand.
import { html, nothing } from "lit-html";
import { figures } from "./headline.js";
import { WITH_A_PLACE } from "./tracks.js";
import { parts, SHAPING, shaping } from "./shaping.js";

const now = () => new Date().toISOString();

/** Commands of the selected car and of all corrections. */
const deeds = {
  accept: (snapshot) => ({ type: "acceptCar", key: snapshot.view.selected, at: now() }),
  reject: (snapshot) => ({ type: "rejectCar", key: snapshot.view.selected, at: now() }),
  undo: () => ({ type: "undoEdit" }),
  redo: () => ({ type: "redoEdit" }),
};

/** The buttons above the list. */
export const controls = (snapshot, dispatch, t) => {
  const { corrections: said, view, cars, phase } = snapshot;
  const car = cars.find(({ key }) => key === view.selected);
  const button = (name, key, off) => html`
    <button class="button small" type="button" aria-keyshortcuts=${key} ?disabled=${phase !== "ready" || off} @click=${() => dispatch(deeds[name](snapshot))}>
      ${t(`correct.${name}`)} <kbd>${key}</kbd></button>`;
  return html`
    <div class="corrections" role="group" aria-label=${t("correct")}>
      ${button("accept", "A", !car || car.accepted || car.placed)}${button("reject", "X", !car || car.status === "rejected")}
      <button class="button small" type="button" aria-keyshortcuts="Q" ?disabled=${phase !== "ready"} @click=${() => dispatch({ type: "nextUncertain" })}>${t("cars.next")} <kbd>Q</kbd></button>
      ${button("undo", "U", !said.canUndo)}${button("redo", "Y", !said.canRedo)}
      ${countAgain(snapshot, dispatch, t)}</div>
    ${shaping(snapshot, dispatch, t)}`;
};

/** What was said so far, and where tracks are corrected. */
export const corrections = ({ corrections: said, cars, phase }, dispatch, t, openShortcuts) => {
  if (!cars.length) return nothing;
  return html`
    <section aria-labelledby="corrections-title">
      <h2 id="corrections-title">${t("correct")}</h2>
      <p class="note">${said.accepted || said.rejected ? t("correct.tally", { accepted: said.accepted, rejected: said.rejected }) : t("correct.how")} ${t("drag.selected")}</p>
      <p class="row"><button class="button small" type="button" ?disabled=${phase !== "ready"}
        @click=${() => dispatch({ type: "drawCar", key: null })}>${t("cars.add")} <kbd>N</kbd></button>
        <button class="button small" type="button" ?disabled=${phase !== "ready"}
        @click=${() => dispatch({ type: "takeTool", tool: "tracks" })}>${t("tracks.correct")}</button>
        <button class="button small" type="button" ?disabled=${phase !== "ready"}
        @click=${() => dispatch({ type: "takeTool", tool: "areas" })}>${t("areas.draw")} <kbd>M</kbd></button>
        <button class="button small" type="button" aria-haspopup="dialog" aria-keyshortcuts="?" @click=${openShortcuts}>${t("keys")} <kbd>?</kbd></button></p>
      ${parts(said, t)}
    </section>`;
};

/** What counting again changed, one sentence a date. */
export const changes = ({ corrections: said }, t) => html`
  <section class="counted-again">${said.changes.map((change) => html`<p>${changed(change, t)}</p>`)}</section>`;

export const countAgain = ({ corrections: said, phase }, dispatch, t) => html`
  <button class="button small ${said.pending ? "primary" : ""}" type="button" ?disabled=${phase !== "ready" || !said.pending}
    @click=${() => dispatch({ type: "countAgain" })}>${t("correct.again")}</button>`;

/** "Counted again with 3 accepted and 2 rejected: 71 (68–75), was 74 (69–80); 2 railcars fewer elsewhere, 1 more." */
export function changed(change, t) {
  const [after, before] = [figures(change.now, t), figures(change.was, t)];
  const values = { side: t(`side.${change.side}`), accepted: change.accepted, rejected: change.rejected, now: after.estimate, nowInterval: after.interval, was: before.estimate, wasInterval: before.interval };
  const elsewhere = change.fewer || change.more ? t("correct.elsewhere", { fewer: change.fewer, more: change.more }) : t("correct.elsewhere-same");
  return `${t("correct.changed", values)} ${elsewhere}`;
}

/** Keys on the map and in the panel; a track that is drawn has its own. */
export function keys(event, snapshot, dispatch) {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  if (target.closest("input, select, textarea") || altKey || snapshot.phase !== "ready") return;
  const act = (command) => {
    event.preventDefault();
    event.stopPropagation();
    dispatch(command);
  };
  const { tool } = snapshot.hand;
  const letter = key.toLowerCase();
  if (!["none", "tracks", "cars", "areas"].includes(tool)) return;
  const again = (ctrlKey || metaKey) ? letter === "y" || (letter === "z" && event.shiftKey) : letter === "y";
  if (again) {
    if (snapshot.corrections.canRedo) act(deeds.redo());
    return;
  }
  if ((ctrlKey || metaKey) ? letter === "z" : letter === "u") {
    if (snapshot.corrections.canUndo) act(deeds.undo());
    return;
  }
  if (ctrlKey || metaKey) return;
  if (tool === "tracks") return trackKeys(key, target, snapshot, act);
  if (["cars", "areas"].includes(tool)) {
    if (key === "Escape") act({ type: "takeTool", tool: "none" });
    return;
  }
  const anywhere = { n: { type: "drawCar", key: null }, m: { type: "takeTool", tool: "areas" }, q: { type: "nextUncertain" }, f: { type: "fitView" } }[letter];
  if (anywhere) return act(anywhere);
  const { selected } = snapshot.view;
  if (!selected) return;
  if (letter === "z") act({ type: "lookAt", key: selected });
  if (SHAPING[letter] && !selected.startsWith("x")) act(SHAPING[letter].act(selected));
  if (letter === "a") act(deeds.accept(snapshot));
  if (letter === "x") act(deeds.reject(snapshot));
}

function trackKeys(key, target, { corrections: said }, act) {
  const onMap = target.closest("#map") && !target.closest("button, a");
  const own = WITH_A_PLACE.find((way) => way.key.toLowerCase() === key.toLowerCase());
  const selected = said.tracks.some((track) => track.selected);
  if (said.drawing === null && own && selected) act({ type: own.type });
  else if (said.doing && key === "Escape") act({ type: { bend: "bendTrack", bendTo: "bendTrack", cut: "cutTrack" }[said.doing] });
  else if (said.drawing !== null && key === "Escape") act({ type: "dropTrack" });
  else if (said.drawing !== null && key === "Enter" && onMap) act({ type: "finishTrack", at: now() });
  else if (said.drawing === null && ["Delete", "Backspace"].includes(key) && selected) act({ type: "deleteTrack", at: now() });
}
