// <sidings-compare before="a.jpg" after="b.jpg" data="report.json" lang="en">: two dates under a swipe, for sites that build their own pages.
// `data` is a report.json or railcars.geojson of Sidings, by address, or `#id` of a script element of the page that holds one; the property
// `data` takes the object itself. Without it there are no marks, and both images lie edge to edge.
import { STYLE } from "./style.js";
import { words } from "./words.js";
import { read } from "./data.js";

const SVG = "http://www.w3.org/2000/svg";
const STATUSES = ["outside", "undecided", "both", "gone", "new"]; // what matters most lies on top

const draw = (name, attributes = {}, ...inner) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inner);
  return made;
};
const element = (name, attributes = {}, ...inner) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inner);
  return made;
};

/** Columns and rows of a picture, once it has come. */
const sizeOf = (src) => new Promise((resolve, reject) => {
  const image = new Image();
  image.onload = () => resolve([image.naturalWidth, image.naturalHeight]);
  image.onerror = () => reject(new Error(src));
  image.src = src;
});

export class SidingsCompare extends HTMLElement {
  static observedAttributes = ["before", "after", "data", "lang"];
  #root = this.attachShadow({ mode: "open" });
  #given = null;
  #turn = 0;
  #share = 0.5;
  #marks = true;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
  }

  connectedCallback() { this.#update(); }

  attributeChangedCallback(name, old, now) { if (old !== now && this.isConnected) this.#update(); }

  /** The report or the GeoJSON itself, in place of an address. */
  get data() { return this.#given; }
  set data(value) {
    this.#given = value;
    if (this.isConnected) this.#update();
  }

  /** Draws anew what the attributes say; of several changes at once only the last is drawn. */
  async #update() {
    const turn = ++this.#turn;
    await null;
    if (turn !== this.#turn) return;
    const [before, after] = ["before", "after"].map((name) => this.getAttribute(name));
    const say = words(this.getAttribute("lang") || this.closest("[lang]")?.lang);
    if (!before || !after) return this.#refuse(say("missing"));
    let found = null;
    let trouble = null;
    try {
      found = read(await this.#data());
    } catch (error) {
      trouble = error;
    }
    try {
      const sizes = found?.sizes ?? [await sizeOf(before), await sizeOf(after)];
      if (turn === this.#turn) this.#show({ before, after, found, sizes, say });
    } catch (error) {
      if (turn === this.#turn) this.#refuse(say("no-image"), error);
      return;
    }
    if (trouble && turn === this.#turn) this.#complain(say("no-data"), trouble);
  }

  async #data() {
    if (this.#given) return this.#given;
    const from = this.getAttribute("data");
    if (!from) return null;
    if (from.startsWith("#")) return JSON.parse(document.getElementById(from.slice(1)).textContent);
    const answer = await fetch(from);
    if (!answer.ok) throw new Error(`${from}: ${answer.status}`);
    return answer.json();
  }

  #complain(text, error) {
    this.#root.append(element("p", { class: "trouble", role: "alert" }, text));
    this.dispatchEvent(new CustomEvent("error", { detail: error }));
  }

  #refuse(text, error) {
    this.#root.replaceChildren(element("figure", {}, this.#caption()));
    this.#complain(text, error);
  }

  #caption() {
    return element("figcaption", {}, element("slot", { name: "caption" }, element("slot")));
  }

  #show({ before, after, found, sizes: [[width, height], [afterWidth, afterHeight]], say }) {
    const dates = ["before", "after"].map((side) => [say(side), say.date(found?.dates[side])].filter(Boolean).join(" · "));
    // Without data nobody knows how they lie over each other but edge to edge.
    const matrix = found ? found.matrix : [width / afterWidth, 0, 0, height / afterHeight, 0, 0];
    const marks = (side) => draw("g", { class: "marks" }, ...(found ? STATUSES : []).flatMap((status) => {
      const d = found.marks[side][status].path;
      return d ? ["casing", "line"].map((kind) => draw("path", { d, class: `${status} ${kind}` })) : [];
    }));
    const right = draw("rect", { x: 0, y: 0, width, height });
    const rail = draw("g", { class: "rail" }, draw("path", { d: `M0 0V${height}` }), draw("circle", { cx: 0, cy: height / 2, r: Math.max(width, height) * 0.012 }));
    const picture = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": dates.join(" – ") },
      draw("defs", {}, draw("clipPath", { id: "right" }, right)),
      draw("image", { href: before, width, height, preserveAspectRatio: "none" }), marks("before"),
      draw("g", { "clip-path": "url(#right)" }, draw("rect", { width, height }),
        draw("image", { href: after, width: afterWidth, height: afterHeight, preserveAspectRatio: "none", transform: `matrix(${matrix.join(" ")})` }), marks("after")),
      rail);
    const slider = element("input", { type: "range", min: 0, max: 1000, part: "slider", "aria-label": say("divider") });
    const place = (share) => {
      this.#share = Math.min(1, Math.max(0, share));
      const x = this.#share * width;
      right.setAttribute("x", x);
      right.setAttribute("width", width - x);
      rail.setAttribute("transform", `translate(${x} 0)`);
      slider.value = Math.round(1000 * this.#share);
      slider.setAttribute("aria-valuetext", `${Math.round(100 * this.#share)} %`);
    };
    slider.addEventListener("input", () => place(slider.value / 1000));
    swipe(picture, place);
    const tools = found ? this.#tools(picture, found, say) : [];
    this.#root.replaceChildren(element("figure", { part: "figure" }, ...tools, picture, slider,
      element("div", { class: "names" }, ...dates.map((text) => element("span", {}, text))),
      ...(found ? [legend(found, say)] : []), this.#caption()));
    place(this.#share);
  }

  /** The switch for the marks. */
  #tools(picture, found, say) {
    const box = element("input", { type: "checkbox" });
    const set = (on) => {
      this.#marks = on;
      picture.classList.toggle("bare", !on);
    };
    box.checked = this.#marks;
    set(this.#marks);
    box.addEventListener("change", () => set(box.checked));
    return [element("label", { part: "marks" }, box, say("marks"))];
  }
}

/** How many of each, with their sign. A place that is occupied on both dates has a mark on each. */
const legend = ({ marks }, say) => element("div", { class: "legend" }, ...[...STATUSES].reverse().flatMap((status) => {
  const [before, after] = ["before", "after"].map((side) => marks[side][status].n);
  const n = status === "both" ? after : before + after;
  if (!n) return [];
  const d = "M3 3H29V13H3Z";
  return [element("span", {}, draw("svg", { viewBox: "0 0 32 16", "aria-hidden": "true" }, draw("path", { d, class: `${status} casing` }),
    draw("path", { d, class: `${status} line` })), `${say(status)}: ${n}`)];
}));

/** A finger that goes up or down scrolls the page; only one that goes sideways, or a tap, moves the divider. */
function swipe(picture, place) {
  const PLAIN_PX = 6;
  let start = null;
  const follow = ({ clientX }) => {
    const box = picture.getBoundingClientRect();
    place((clientX - box.left) / box.width);
  };
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    start = { x: event.clientX, y: event.clientY, dragging: event.pointerType !== "touch" };
    picture.setPointerCapture(event.pointerId);
    if (start.dragging) follow(event);
  });
  picture.addEventListener("pointermove", (event) => {
    if (!start || !event.isPrimary) return;
    const [dx, dy] = [Math.abs(event.clientX - start.x), Math.abs(event.clientY - start.y)];
    start.dragging ||= dx >= PLAIN_PX && dx > dy;
    if (start.dragging) follow(event);
  });
  picture.addEventListener("pointerup", (event) => {
    if (start && !start.dragging && Math.hypot(event.clientX - start.x, event.clientY - start.y) < PLAIN_PX) follow(event);
    start = null;
  });
  picture.addEventListener("pointercancel", () => { start = null; });
}

if (!customElements.get("sidings-compare")) customElements.define("sidings-compare", SidingsCompare);
