// Twenty pairs one after the other in one page: the twentieth takes no more than the third, by which time everything has been used once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { launch } from "./browser.js";
import { corner } from "./fixtures.js";
import { gauged, held, rendererOf } from "./gauges.js";
import { PAGES, drop, onPage, phase } from "./page.js";

const RUNS = 20;
/** Everything has been used once, and caches have filled. */
const SETTLED_AFTER = 3;
/** What a count may vary by without anything being kept: a run leaves behind at most one of each kind in seventeen runs. */
const TOLERANCE = { heapMb: 1.5, nodes: 60, listeners: 17, documents: 0, workers: 0, processMb: 40 };

test("the twentieth run takes no more memory than the third", async (t) => {
  const browser = await launch();
  try {
    const pair = await corner(browser);
    await onPage(browser, PAGES["pkg/sidings.html"], {}, async (page) => {
      const [cdp, pid] = [await gauged(page), await rendererOf(browser)];
      const all = [];
      for (let run = 1; run <= RUNS; run++) {
        await drop(page, pair);
        await phase(page, "working");
        assert.equal(await phase(page, "ready", "refused"), "ready");
        await page.evaluate(() => { for (const part of document.querySelectorAll("#panel details")) part.open = true; });
        await page.getByRole("button", { name: "Start over" }).first().click();
        await phase(page, "empty");
        all.push(await held(page, cdp, pid));
        t.diagnostic(`${run}: ${JSON.stringify(all.at(-1), (_, value) => (typeof value === "number" ? Math.round(10 * value) / 10 : value))}`);
      }
      const [third, last] = [all[SETTLED_AFTER - 1], all.at(-1)];
      for (const [what, most] of Object.entries(TOLERANCE)) {
        if (Number.isNaN(last[what])) continue;
        assert.ok(last[what] <= third[what] + most, `${what}: ${third[what]} after the third run, ${last[what]} after the twentieth`);
      }
    });
  } finally {
    await browser.close();
  }
});
