// *Count again*: the engine that the page carries counts the page's own pictures, in a worker, and says whether they give what is published here.
(() => {
  "use strict";
  // The page as it was read, before the viewer touches it; this script is the last thing in it so far.
  const read = document.documentElement.outerHTML;
  const at = (id) => document.getElementById(id);
  const [button, verdict] = [at("check"), at("verdict")];
  const words = JSON.parse(at("check-words").textContent);

  const unpacked = (id) => {
    const packed = Uint8Array.from(atob(at(id).textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
  };

  /** The page that the engine writes anew, in the letters in which this browser writes it, and up to the same script. */
  const spelled = (html) => {
    const other = new DOMParser().parseFromString(html, "text/html");
    const scripts = other.querySelectorAll("body > script:not([type])");
    while (scripts[0].nextSibling) scripts[0].nextSibling.remove();
    return other.documentElement.outerHTML;
  };

  /** A worker with the engine, as a function that sends it one letter and waits for its answer. */
  const started = async () => {
    const source = await unpacked("engine-worker").text();
    const module = await WebAssembly.compile(await unpacked("engine-module").arrayBuffer());
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(url);
    worker.postMessage(module);
    const ask = (errand) => new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message || "worker"));
      worker.onmessage = ({ data: [, reply] }) => {
        if (reply.failed) reject(new Error(reply.failed.message));
        else resolve(reply);
      };
      worker.postMessage([1, errand, []]);
    });
    return { ask, end: () => { worker.terminate(); URL.revokeObjectURL(url); } };
  };

  const check = async () => {
    const engine = await started();
    try {
      const { written } = await engine.ask({ rewrite: { html: read } });
      const anew = written === null ? null : spelled(written);
      const { verified } = await engine.ask({ verify: { html: read, anew } });
      return { ...JSON.parse(verified), sameVersion: anew !== null };
    } finally {
      engine.end();
    }
  };

  const element = (name, text, ...inner) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    made.append(...inner);
    return made;
  };
  const list = (texts) => element("ul", "", ...texts.map((text) => element("li", text)));
  const count = (it) => (it ? words.about.replace("{n}", it.estimate).replace("{low}", it.low).replace("{high}", it.high) : "–");
  const table = ({ published, stated, recounted }) => {
    const cell = (text) => element("td", text);
    const head = element("tr", "", ...["what", "published", "stated", "now"].map((key) => {
      const th = element("th", words[key]);
      th.scope = "col";
      return th;
    }));
    const rows = ["before", "after", "new", "gone"].map((key) => {
      const th = element("th", words[key]);
      th.scope = "row";
      return element("tr", "", th, ...[published, stated.figures, recounted.figures].map((all) => cell(count(all?.[key]))));
    });
    const wide = element("div", "", element("table", "", element("thead", "", head), element("tbody", "", ...rows)));
    wide.className = "wide";
    wide.tabIndex = 0;
    return wide;
  };

  const tell = (found) => {
    const said = element("p", words[found.reproduced ? "reproduced" : "not-reproduced"]);
    said.className = found.reproduced ? "good" : "alarm";
    const parts = [...new Set(found.changed.map(({ what }) => words[`part.${what}`]))];
    const edits = found.edits?.length ? found.edits.map((edit) => JSON.stringify(edit)) : [words["edits.none"]];
    verdict.dataset.reproduced = found.reproduced;
    verdict.replaceChildren(
      said,
      ...(parts.length ? [element("p", words.changed), list(parts)] : []),
      ...(found.sameVersion ? [] : [element("p", words["other-version"])]),
      table(found),
      element("p", words.edits),
      list(edits),
    );
  };

  button.hidden = false;
  button.addEventListener("click", async () => {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    delete verdict.dataset.reproduced;
    verdict.replaceChildren(element("p", words.busy));
    try {
      tell(await check());
    } catch (error) {
      const said = element("p", `${words.failed} ${error.message}`);
      said.className = "alarm";
      verdict.dataset.reproduced = "failed";
      verdict.replaceChildren(said);
    }
    button.ariaDisabled = "false";
  });
})();
