// The ways out of a page or a worker that a script can take, taken away before anything else runs: imported first. The policy in the page's head forbids most of them already;
// it can't forbid RTCPeerConnection, and two locks are better than one.
const WAYS = [
  "RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "fetch", "fetchLater", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource",
  "WebTransport", "open", "importScripts",
];
const NAVIGATOR_WAYS = ["sendBeacon", "serviceWorker", "registerProtocolHandler", "share", "presentation"];

// Deleted where they are defined, and nothing put in their place: who asks finds `undefined`.
for (const [start, names] of [[globalThis, WAYS], [navigator, NAVIGATOR_WAYS]]) {
  for (const name of names) {
    for (let holder = start; holder && name in start; holder = Object.getPrototypeOf(holder)) delete holder[name];
  }
}

// A frame would bring all of them back, each its own: none is made. Markup can't make one either, since Trusted Types let none through.
const FRAMES = /^(?:.*:)?(?:i?frame|fencedframe|object|embed)$/i;
for (const [make, at] of globalThis.Document ? [["createElement", 0], ["createElementNS", 1]] : []) {
  const original = Document.prototype[make];
  Document.prototype[make] = function (...given) {
    given[at] = String(given[at]);
    if (FRAMES.test(given[at])) throw new TypeError(`This page makes no ${given[at]}: it would have ways out of its own.`);
    return original.apply(this, given);
  };
}
