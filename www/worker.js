// One of the pool: an instance of the same core, from the module that the page has compiled.
import { initSync, version } from "sidings-core";

self.onmessage = ({ data }) => {
  if (data.module) {
    initSync({ module: data.module });
    self.postMessage({ version: version() });
  }
};
