// Runs before everything else, in any browser: says so when this one is too old, and lets strings become code or markup only as the page needs it.
import { say } from "./panels/unsupported.js";

// A module of one function that makes a vector of nought: `v128.const`.
var SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 22, 1, 20, 0, 253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11];

/** What the page needs and this browser lacks. */
function missing() {
  var lacks = [];
  function need(name, there) {
    if (!there) lacks.push(name);
  }
  need("WebAssembly SIMD", typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(SIMD)));
  need("DecompressionStream", typeof DecompressionStream === "function");
  need("Worker", typeof Worker === "function");
  need("Object.groupBy", typeof Object.groupBy === "function");
  need("Intl.Locale", typeof Intl === "object" && typeof Intl.Locale === "function");
  return lacks;
}

var lacks = missing();
if (lacks.length) say(lacks.join(", "));

// A script that this browser can't even read, or a core that doesn't start, leaves the page as it began.
function stillborn(event) {
  if (document.documentElement.getAttribute("data-phase") === "starting") say(event.message || String(event.reason));
}
addEventListener("error", stillborn);
addEventListener("unhandledrejection", stillborn);

// Trusted Types: the policy in the head forbids strings where markup or the address of a script is expected. Leaflet writes a few (a try whether SVG works, its two buttons, the
// figures of a scale bar), the core starts workers from blobs; nothing else passes.
var MARKUP = ["<svg/>", '<span aria-hidden="true">+</span>', '<span aria-hidden="true">&#x2212;</span>'];
if (typeof trustedTypes === "object") {
  trustedTypes.createPolicy("default", {
    createHTML: function (markup) { return MARKUP.indexOf(markup) >= 0 || !/[<&]/.test(markup) ? markup : null; },
    createScriptURL: function (url) { return /^blob:/.test(url) ? url : null; },
  });
}
