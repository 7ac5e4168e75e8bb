// The swipe of a story. Without it both pictures stand one above the other, with their marks.
(() => {
  "use strict";
  const at = (id) => document.getElementById(id);
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
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    picture.setPointerCapture(event.pointerId);
    follow(event);
  });
  picture.addEventListener("pointermove", (event) => {
    if (picture.hasPointerCapture(event.pointerId)) follow(event);
  });
  divider.addEventListener("input", () => place(divider.value / 1000));

  const show = (view) => { document.documentElement.dataset.view = view; };
  for (const radio of document.getElementsByName("view")) radio.addEventListener("change", () => show(radio.value));
  at("views").hidden = false;
  figure.hidden = false;
  show("swipe");
  place(0.5);
})();
