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
