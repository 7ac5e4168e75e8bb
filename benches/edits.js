// How long the page's thread is busy at a time with two thousand railcars: while they are counted, and with each thing a reader does to them. `node benches/edits.js`,
// after the example was drawn to out/example (`cargo xtask test` does). Values, not verdicts: on a busy machine every task takes longer.
import { readFileSync } from "node:fs";
import { launch } from "../tests/browser/browser.js";
import { PAGES, example, onPage } from "../tests/browser/page.js";

/** The example laid out so often that it shows about two thousand railcars. */
const SIDE_PX = 3400;
const LONGEST_MS = 900_000;
const REST_MS = 350;
const TIMES = 8;

const AT = "2026-01-01T00:00:00Z";
/** What is done to the k-th of some cars that lie far from each other. */
const DEEDS = {
  "a car selected": (k, key) => ({ type: "select", key }),
  "a car accepted": (k, key) => ({ type: "acceptCar", key, at: AT }),
  "a car rejected": (k, key) => ({ type: "rejectCar", key, at: AT }),
  "an edit undone": () => ({ type: "undoEdit" }),
  "another mode": (k) => ({ type: "setMode", mode: ["side", "fade", "swipeVertical", "swipe"][k % 4] }),
  "a layer shown or hidden": (k) => ({ type: "setLayer", layer: "both", on: k % 2 === 1 }),
};

const browser = await launch();
await onPage(browser, PAGES["pkg/sidings.html"], {}, async (page) => {
  page.setDefaultTimeout(LONGEST_MS);
  await open(page);
  await tell(page, "opened and counted");
  console.log(`${await page.evaluate(() => globalThis.sidings.snapshot().cars.length)} railcars`);
  for (const [name, deed] of Object.entries(DEEDS)) {
    for (let k = 0; k < TIMES; k++) {
      const key = await page.evaluate((n) => {
        const { cars } = globalThis.sidings.snapshot();
        return cars[(n * 997) % cars.length].key;
      }, k);
      await page.evaluate((command) => { globalThis.sidings.command(command); }, deed(k, key));
      await page.waitForTimeout(REST_MS);
    }
    await tell(page, `${name}, ${TIMES} times`);
  }
});
await browser.close();

/** Tasks of more than 50 ms since the last time. */
async function tell(page, what) {
  const tasks = await page.evaluate(() => globalThis.longTasks.splice(0).map(({ duration }) => duration));
  console.log(`${what}: ${tasks.length} tasks over 50 ms${tasks.length ? `, the longest ${Math.max(...tasks).toFixed(0)} ms` : ""}`);
}

async function open(page) {
  const urls = example().map((file) => `data:image/png;base64,${readFileSync(file).toString("base64")}`);
  await page.evaluate(async ([sources, side]) => {
    const files = await Promise.all(sources.map(async (source, index) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = new OffscreenCanvas(side, side);
      const context = canvas.getContext("2d");
      for (let y = 0; y < side; y += image.height) for (let x = 0; x < side; x += image.width) context.drawImage(image, x, y);
      return new File([await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 })], ["large-2023-09-14.jpg", "large-2023-10-05.jpg"][index]);
    }));
    globalThis.sidings.open(files, { gsdM: [0.5, 0.5] });
  }, [urls, SIDE_PX]);
  await page.waitForFunction(() => document.documentElement.dataset.phase === "working");
  await page.evaluate(() => { globalThis.longTasks.length = 0; });
  await page.waitForFunction(() => ["ready", "refused"].includes(document.documentElement.dataset.phase));
  await page.waitForTimeout(4 * REST_MS);
}
