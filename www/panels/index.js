// The face of the page, drawn from one snapshot. Nothing here computes: panels show, and send commands back.
//
//   render(snapshot, dispatch, t)      draws everything outside the map
//
// What only the screen knows (an open dialog, the list's filter, "copied") lives in `local`.
import { html, nothing, render as draw } from "lit-html";
import { alignment, warnings } from "./alignment.js";
import { overviewFor, sentenceFor } from "./announce.js";
import { cars, placeRows } from "./cars.js";
import { changes, corrections, keys } from "./corrections.js";
import { display } from "./display.js";
import { files } from "./export.js";
import { headline } from "./headline.js";
import { help } from "./help.js";
import { images } from "./images.js";
import { labels } from "./labels.js";
import { measure } from "./measure.js";
import { pairs } from "./pairs.js";
import { place } from "./place.js";
import { points } from "./points.js";
import { project } from "./project.js";
import { privacy } from "./privacy.js";
import { problems } from "./problems.js";
import { progress } from "./progress.js";
import { record } from "./record.js";
import { refusal } from "./refusal.js";
import { richToClipboard, sentence, toClipboard } from "./sentence.js";
import { start } from "./start.js";
import { toolbar } from "./toolbar.js";
import { areas, drawing } from "./shaping.js";
import { shortcuts } from "./shortcuts.js";
import { carTable, placesOf } from "./table.js";
import { tracks } from "./tracks.js";
import * as top from "./top.js";

const COPIED_SHOWN_MS = 2000;
const TEXT_SHOWN_MS = 30_000;

/** Until the shell says what the browser keeps. */
const NOTHING_KEPT = { works: false, found: null, save() {}, restore() {}, erase() {} };

const local = { filter: "all", byDoubt: false, copied: false, exported: null, labelled: null, table: null, kept: NOTHING_KEPT };
let last = null;
/** What the rows of the list were placed for. */
let listed = [];

const at = (id) => document.getElementById(id);
const openPrivacy = () => at("privacy").showModal();
const openHelp = () => at("help").showModal();
const openShortcuts = () => at("shortcuts").showModal();
const pickFiles = () => at("files").click();

function editDate(side) {
  const field = at(`date-${side}`);
  field.closest("details").open = true;
  field.focus();
}

export function render(snapshot, dispatch, t) {
  const [previous, held] = [last, document.activeElement];
  last = { snapshot, dispatch, t };
  const root = document.documentElement;
  root.lang = t.language;
  root.dataset.panel = hasPanel(snapshot) ? "open" : "closed";
  skipTo(hasPanel(snapshot) ? "panel" : "overlay", t);
  draw(top.brand(snapshot, t), at("brand"));
  draw(top.dates(snapshot, dispatch, t, editDate), at("dates"));
  draw(top.filesLabel(t), at("files-label"));
  draw(top.actions(snapshot, dispatch, t, openPrivacy, openHelp), at("actions"));
  draw(toolbar(snapshot, dispatch, t), at("toolbar"));
  draw(overlay(snapshot, dispatch, t), at("overlay"));
  draw(panel(snapshot, dispatch, t), at("panel"));
  dialogs();
  list(snapshot, dispatch, t);
  announce(snapshot, t);
  keepFocus(held, snapshot);
  followSelection(previous?.snapshot, snapshot);
  labelMap(dispatch, t);
}

/** A dialog is drawn by itself: what lies under it stays as it is. */
function dialogs() {
  draw(html`${privacy(last.t, () => at("privacy").close(), setLanguage)}${shortcuts(last.t, () => at("shortcuts").close())}${help(last.t, () => at("help").close())}${carTable(last.snapshot, local.table, last.t, closeTable, dialogs)}`, at("dialogs"));
}

/** The map's own words follow the language; once at the start, then when it changes. */
function labelMap(dispatch, t) {
  if (local.labelled === t.language) return;
  local.labelled = t.language;
  queueMicrotask(() => dispatch({ type: "setLabels", labels: labels(t) }));
}

// Corrections have keys of their own where cars are: on the map and in the panel, never in a field that takes letters.
addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.target.closest("input, select, textarea, dialog")) return;
  event.preventDefault();
  openShortcuts();
});
// Held down, B shows the earlier date alone; let go, all is as it was.
let shownBefore = null;
addEventListener("keydown", (event) => {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  if (key.toLowerCase() !== "b" || ctrlKey || metaKey || altKey || target.closest("input, select, textarea, dialog")) return;
  if (shownBefore || last?.snapshot.phase !== "ready" || last.snapshot.apart || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  shownBefore = last.snapshot.view;
  last.dispatch({ type: "setMode", mode: "fade" });
  last.dispatch({ type: "setFade", opacity: 0 });
});
for (const letGo of ["keyup", "blur"]) addEventListener(letGo, ({ key }) => {
  if (!shownBefore || (key && key.toLowerCase() !== "b")) return;
  last.dispatch({ type: "setFade", opacity: shownBefore.fade });
  last.dispatch({ type: "setMode", mode: shownBefore.mode });
  shownBefore = null;
});
for (const id of ["map", "panel"]) at(id).addEventListener("keydown", (event) => last && keys(event, last.snapshot, last.dispatch), id === "map");

// The rows of the list follow whatever scrolls.
let placing = 0;
function followScroll() {
  placing ||= requestAnimationFrame(() => {
    placing = 0;
    if (last) placeRows(last.snapshot, last.dispatch, last.t, local);
  });
}
addEventListener("scroll", followScroll, { capture: true, passive: true });
addEventListener("resize", followScroll);
new ResizeObserver(followScroll).observe(at("panel"));
// A part of the panel that opens moves the list.
at("panel").addEventListener("toggle", followScroll, true);

/** Where the cars and what is asked of them are as they were, only what stands above the list may have moved it; that can wait for the next frame, which lays the page out anyway. */
function list(snapshot, dispatch, t) {
  const now = [document.querySelector("#cars > .rows"), snapshot.cars, snapshot.inView, snapshot.view.selected, local.filter, local.byDoubt, t.language];
  const same = now.every((value, index) => value === listed[index]);
  listed = now;
  if (same) followScroll();
  else placeRows(snapshot, dispatch, t, local);
}

const redraw = () => render(last.snapshot, last.dispatch, last.t);

function skipTo(id, t) {
  const [link, words] = [at("skip"), t(`skip.${id}`)];
  if (link.hash === `#${id}` && link.textContent === words) return;
  link.href = `#${id}`;
  link.textContent = words;
}

const hasPanel = ({ phase, images: { before } }) => phase !== "empty" && (phase !== "working" || before !== null);

function overlay(snapshot, dispatch, t) {
  if (snapshot.phase === "empty") return start(snapshot, dispatch, t, { openPrivacy, openHelp, pickFiles, setLanguage, kept: local.kept });
  if (snapshot.phase === "working") return progress(snapshot, dispatch, t);
  return nothing;
}

function panel(snapshot, dispatch, t) {
  if (!hasPanel(snapshot)) return nothing;
  const tool = { points, scale: measure, tracks, cars: drawing, areas }[snapshot.hand.tool];
  if (tool) return html`<div class="reading">${tool(snapshot, dispatch, t)}</div>`;
  const refused = snapshot.phase === "refused";
  return html`
    <div class="reading">
      ${problems(snapshot, dispatch, t)}
      ${refused ? refusal(snapshot, dispatch, t, { pickFiles }) : html`${headline(snapshot, t)}${changes(snapshot, t)}`}
      ${refused ? nothing : html`${alignment(snapshot, dispatch, t)}${sentence(snapshot, t, local.copied, copy)}`}
      ${refused ? nothing : html`${place(snapshot, dispatch, t)}${record(snapshot, dispatch, t)}`}
      ${refused ? nothing : html`${corrections(snapshot, dispatch, t, openShortcuts)}${files(snapshot, dispatch, t, { copied: local.exported, copyText })}`}
      ${refused ? pairs(snapshot, dispatch, t) : project(snapshot, local.kept, dispatch, t)}
      ${display(snapshot, redraw, t)}
      ${warnings(snapshot, t)}
      ${images(snapshot, dispatch, t, snapshot.phase !== "ready")}
    </div>
    ${refused ? nothing : cars(snapshot, dispatch, t, local, setFilter, setByDoubt, openTable)}`;
}

/** What the browser keeps, and what can be done with it. */
export function setKept(kept) {
  local.kept = kept;
  if (last) redraw();
}

/** The report is asked for when the table opens, not with every drawing. */
function openTable() {
  local.table = placesOf(globalThis.sidings?.report());
  dialogs();
  at("car-table").showModal();
}

/** By its button, or by Escape, which closes it first. */
function closeTable() {
  if (local.table === null) return;
  local.table = null;
  at("car-table").close();
  dialogs();
}

function setFilter(filter) {
  local.filter = filter;
  redraw();
}

function setByDoubt(byDoubt) {
  local.byDoubt = byDoubt;
  redraw();
}

function setLanguage(language) {
  last.t.use(language);
  redraw();
}

/** Copies the statement in one of its lengths, or the lines that embed a story, as the core writes them now, and shows them for a while. */
async function copyText(name, rich) {
  const all = globalThis.sidings.texts();
  if (!all) return;
  const paragraphs = [all[name]].flat();
  await (rich && name !== "embed" ? richToClipboard(paragraphs) : toClipboard(paragraphs.join(" ")));
  const text = paragraphs.join(" ");
  local.exported = text;
  redraw();
  setTimeout(() => {
    if (local.exported === text) local.exported = null;
    redraw();
  }, TEXT_SHOWN_MS);
}

async function copy(text) {
  await toClipboard(text);
  local.copied = true;
  redraw();
  setTimeout(() => {
    local.copied = false;
    redraw();
  }, COPIED_SHOWN_MS);
}

function announce(snapshot, t) {
  for (const [id, text] of [["live", sentenceFor(snapshot, t)], ["live-overview", overviewFor(snapshot, t)]]) {
    if (at(id).textContent !== text) at(id).textContent = text;
  }
}

/** When a drawing takes the focused control away, focus goes to what replaced it, not to the top of the page. */
function keepFocus(held, { phase, hand }) {
  if (held.isConnected) return;
  const target = hand.tool !== "none" ? "#tool-title" : { working: "#overlay button", ready: "#headline-title", refused: "#refusal-title", empty: "#overlay button" }[phase];
  document.querySelector(target)?.focus({ preventScroll: true });
}

function followSelection(before, now) {
  const { selected } = now.view;
  if (!before || !selected || selected === before.view.selected) return;
  at(`car-${selected}`)?.scrollIntoView({ block: "nearest" }); // the rows follow the scroll
}
