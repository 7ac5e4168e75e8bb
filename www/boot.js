// Starts the page: compiles the core once, gives the module to the page's instance and to the workers, and carries what
// happens on the page (files, drops) to the core and what the core says (snapshots) to the panels.
import "./shut.js";
import { gridReference, initSync, isTracksFile, lastPanic, Session, version } from "sidings-core";
import wasm from "sidings-wasm";
import worker from "sidings-worker";
import notices from "sidings-notices";
import words from "sidings-words";
import { languages, learn, preferred, translator } from "./locales/index.js";
import { locator } from "./locator/index.js";
import { watchForBreakdown } from "./panels/broken.js";
import { autosave } from "./autosave.js";
import { render, setKept } from "./panels/index.js";

const root = document.documentElement;
const SETTLED = ["ready", "refused", "empty"];

async function boot() {
  const module = await WebAssembly.compile(await unpacked(wasm).arrayBuffer());
  initSync({ module });
  learn(await unpacked(words).json());
  const t = translator(preferred(navigator.languages));
  watchForBreakdown(t, lastPanic);
  const workerUrl = URL.createObjectURL(new Blob([await unpacked(worker).text()], { type: "text/javascript" }));
  const waiting = new Set();
  const dispatch = (command) => session.command(folded(command));
  const show = (snapshot) => {
    render(snapshot, dispatch, t);
    for (const canvas of document.querySelectorAll("[data-loupe]")) session.paintLoupe(canvas.dataset.loupe, canvas);
    root.dataset.phase = snapshot.phase;
    if (snapshot.phase === "ready") store?.later();
    if (SETTLED.includes(snapshot.phase)) waiting.forEach((tell) => tell(snapshot));
  };
  const session = new Session(module, workerUrl, document.getElementById("map"), show);
  const settled = () => new Promise((resolve) => {
    const tell = (snapshot) => waiting.delete(tell) && resolve(snapshot);
    waiting.add(tell);
  });
  const open = async (files, options) => {
    const { project, record, tracks, image } = Object.groupBy([...files], ({ name }) => kindOf(name));
    const [projects, records, drawn] = await Promise.all([project, record, tracks].map(read));
    const end = settled();
    const along = projects.flatMap(([name, bytes]) => [...session.openProject(name, bytes)]);
    session.addFiles([...along, ...(image ?? [])], options);
    for (const [name, bytes] of drawn) session.setTracks(name, bytes);
    for (const [name, bytes] of records) session.setRecord(name, bytes);
    return end;
  };
  const store = autosave(session);
  /** Offers what the browser kept of an earlier time, and the project as a file. */
  async function keep() {
    await store.look();
    const tell = () => setKept({
      works: store.works,
      found: store.found,
      save: async (withImages) => session.saveProject(withImages ? (await read([...session.imageFiles()])).map(([, bytes]) => bytes) : []),
      restore: () => session.openState(store.found.files.join(", "), store.found.text),
      erase: () => store.erase().then(tell),
    });
    tell();
  }
  acceptFiles(open);
  session.setLocator(await locator(unpacked));
  session.setEngine(wasm, worker);
  globalThis.sidings = { version: version(), gridReference, notices: () => unpacked(notices).text(), languages, open, report: () => session.report(), texts: () => session.texts(t.language), snapshot: () => session.snapshot(), memoryBytes: () => [...session.memoryBytes()], command: dispatch, setRecord: (file, bytes) => session.setRecord(file, bytes) };
  show(session.snapshot());
  keep();
  if (location.hash === "#example") dispatch({ type: "example" });
}

/** A command as the core takes it: what goes with it under its name, or the name alone. */
const folded = ({ type, ...rest }) => (Object.keys(rest).length ? { [type]: rest } : type);

/** What a file is to the page, by its name. */
const kindOf = (name) => (/\.sidings$/i.test(name) ? "project" : /\.csv$/i.test(name) ? "record" : isTracksFile(name) ? "tracks" : "image");

/** Names and bytes of files. */
const read = (files = []) => Promise.all(files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())]));

/** What gzip packed. */
function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream);
}

/** Files from the picker and files dropped anywhere on the page. */
function acceptFiles(open) {
  const input = document.getElementById("files");
  input.addEventListener("change", () => {
    open(input.files);
    input.value = ""; // so that the same file can be chosen again
  });
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const on = (type, react) => addEventListener(type, (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    react(event);
    root.toggleAttribute("data-dragging", depth > 0);
  });
  on("dragenter", () => { depth += 1; });
  on("dragleave", () => { depth -= 1; });
  on("dragover", () => {});
  on("drop", ({ dataTransfer }) => {
    depth = 0;
    open(dataTransfer.files);
  });
}

if (root.dataset.phase !== "unsupported") boot();
