// The ways out of a page that a script can take, taken away before anything else runs. The policy in the page's head forbids most of them already;
// it can't forbid RTCPeerConnection, and two locks are better than one.
const WAYS = [
  "RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "fetch", "fetchLater", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource",
  "WebTransport", "open", "importScripts",
];
const NAVIGATOR_WAYS = ["sendBeacon", "serviceWorker", "registerProtocolHandler", "share", "presentation"];

/** Deletes them where they are defined, and puts nothing in their place: who asks finds `undefined`. */
export function shut(scope) {
  for (const [start, names] of [[scope, WAYS], [scope.navigator, NAVIGATOR_WAYS]]) {
    for (const name of names) {
      for (let holder = start; holder && name in start; holder = Object.getPrototypeOf(holder)) delete holder[name];
    }
  }
}
