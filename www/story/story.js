// The swipe of a story, and its height for the page that frames it. Without it both pictures stand one above the other, with their marks.
(() => {
  "use strict";
  const at = (id) => document.getElementById(id);
  const root = document.documentElement;
  const [figure, divider, rail] = ["swipe", "divider", "rail"].map(at);
  const picture = figure.querySelector("svg");
  const right = at("right").firstElementChild;
  const width = picture.viewBox.baseVal.width;

  // The divider at a share of the width: *before* to its left, *after* to its right.
  const place = (share) => {
    const x = Math.min(1, Math.max(0, share)) * width;
    right.setAttribute("x", x);
    right.setAttribute("width", width - x);
    rail.setAttribute("transform", `translate(${x} 0)`);
    divider.value = Math.round((1000 * x) / width);
    divider.setAttribute("aria-valuetext", `${Math.round((100 * x) / width)} %`);
  };
  const follow = (event) => {
    const box = picture.getBoundingClientRect();
    place((event.clientX - box.left) / box.width);
  };

  // A finger that goes up or down scrolls the page, this one or the one around it: the divider waits until it is plain that the finger goes
  // sideways. A finger that goes nowhere points at a place.
  const PLAIN_PX = 6;
  let start = null;
  const drags = ({ clientX, clientY }) => {
    const [dx, dy] = [Math.abs(clientX - start.x), Math.abs(clientY - start.y)];
    return dx >= PLAIN_PX && dx > dy;
  };
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    start = { x: event.clientX, y: event.clientY, dragging: event.pointerType !== "touch" };
    picture.setPointerCapture(event.pointerId);
    if (start.dragging) follow(event);
  });
  picture.addEventListener("pointermove", (event) => {
    if (!start || !event.isPrimary) return;
    start.dragging ||= drags(event);
    if (start.dragging) follow(event);
  });
  picture.addEventListener("pointerup", (event) => {
    if (start && !start.dragging && Math.hypot(event.clientX - start.x, event.clientY - start.y) < PLAIN_PX) follow(event);
    start = null;
  });
  picture.addEventListener("pointercancel", () => { start = null; });
  divider.addEventListener("input", () => place(divider.value / 1000));

  const show = (view) => { root.dataset.view = view; };
  for (const radio of document.getElementsByName("view")) radio.addEventListener("change", () => show(radio.value));
  // A sandboxed frame may not even follow a link into its own page when that lies on a disk.
  document.querySelector(".more a").addEventListener("click", (event) => {
    event.preventDefault();
    root.dataset.all = "";
  });
  at("views").hidden = false;
  figure.hidden = false;
  show("swipe");
  place(0.5);

  // The height, in the two forms that pages listen for: pym.js names its child in the address, iframe-resizer in a first message.
  if (parent === self) return;
  root.dataset.framed = "";
  const pymId = new URLSearchParams(location.search).get("childId");
  let resizerId = null;
  const tell = (event) => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (pymId) parent.postMessage(`pymxPYMx${pymId}xPYMxheightxPYMx${height}`, "*");
    if (resizerId) parent.postMessage(`[iFrameSizer]${resizerId}:${height}:${innerWidth}:${event}`, "*");
  };
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || typeof data !== "string") return;
    if (data.startsWith("[iFrameSizer]") && !resizerId) {
      resizerId = data.slice("[iFrameSizer]".length).split(":")[0];
      tell("init");
    } else if (pymId && data.startsWith(`pymxPYMx${pymId}xPYMx`)) tell("size");
  });
  new ResizeObserver(() => tell("size")).observe(document.body);
  parent.postMessage("[iFrameResizerChild]Ready", "*");
})();
