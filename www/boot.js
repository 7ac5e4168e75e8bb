// Starts the page: compiles the core once, gives the module to the page's instance and to the workers.
import { initSync, version } from "sidings-core";
import wasm from "sidings-wasm";
import workerSource from "sidings-worker";
import notices from "sidings-notices";

// The policy can't forbid this one way out.
delete globalThis.RTCPeerConnection;

async function boot() {
  const module = await WebAssembly.compile(wasm);
  initSync({ module });
  const worker = new Worker(URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" })));
  worker.onmessage = ({ data }) => {
    document.querySelector("#live").textContent = `Sidings ${version()}, worker ${data.version}, Leaflet ${L.version}`;
    document.documentElement.dataset.phase = "empty";
  };
  worker.postMessage({ module });
  globalThis.sidings = { notices: () => notices };
}

boot();
