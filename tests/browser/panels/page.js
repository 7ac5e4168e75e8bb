// Stands in for the page's own start: draws the panels from a made-up snapshot and writes down the commands.
import { translator } from "../../../www/locales/all.js";
import { render } from "../../../www/panels/index.js";
import "./snapshots.js";

const t = translator("en");
const state = { commands: [], snapshot: null };

const dispatch = (command) => {
  state.commands.push(command);
  if (command.type === "select") show({ ...state.snapshot, view: { ...state.snapshot.view, selected: command.key } });
};

function show(snapshot) {
  state.snapshot = snapshot;
  document.documentElement.dataset.phase = snapshot.phase;
  render(snapshot, dispatch, t);
}

globalThis.panels = {
  commands: state.commands,
  show: (name, language = "en") => {
    t.use(language);
    show(globalThis.snapshots[name]);
  },
};
