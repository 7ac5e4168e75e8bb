// One of the pool: an instance of the same core, from the module that the page has compiled. The first message is the module,
// every other one a letter for the core.
import "./shut.js";
import { initSync, Worker } from "sidings-core";

let worker = null;

self.onmessage = ({ data }) => {
  if (worker) return worker.handle(data);
  initSync({ module: data });
  worker = new Worker();
};
