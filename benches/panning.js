// How smoothly two large images move under the mouse: `node benches/panning.js`, after the example was drawn to out/example (`cargo xtask test` does).
// Values, not verdicts: without a graphics card the browser paints by itself, on whatever cores are free.
import { readFileSync } from "node:fs";
import { launch } from "../tests/browser/browser.js";
import { PAGES, example, onPage } from "../tests/browser/page.js";

const SIDE_PX = 4096;
const DRAG_MS = 4000;
const LONGEST_MS = 900_000;
const MODES = ["swipe", "swipeVertical", "fade", "side"];

const browser = await launch();
const rows = [["4096² pair, panned for 4 s", "frames", "median ms", "95 % ms", "longest ms", "tasks > 50 ms", "longest ms"]];
for (const [kind, tiled] of [["no railcars", false], ["the example many times over", true]]) {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    page.setDefaultTimeout(LONGEST_MS);
    await open(page, tiled);
    const { length } = await page.evaluate(() => globalThis.sidings.snapshot().cars);
    for (const zoom of [0, 3]) {
      for (let n = 0; n < zoom; n++) {
        await page.getByRole("button", { name: "Zoom in" }).click();
        await page.waitForTimeout(500);
      }
      for (const mode of MODES) {
        await page.evaluate((name) => { globalThis.sidings.command({ type: "setMode", mode: name }); }, mode);
        await page.waitForTimeout(2500); // tiles come
        rows.push([`${kind} (${length}), ${zoom ? "enlarged" : "whole"}, ${mode}`, ...await panned(page)]);
      }
    }
  });
}
await browser.close();
const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
for (const cells of rows) console.log(cells.map((cell, k) => (k ? cell.padStart(widths[k]) : cell.padEnd(widths[k]))).join("  "));

/** Opens the example enlarged, without looking for railcars in it, or laid out many times, with all of them. */
async function open(page, tiled) {
  const urls = example().map((file) => `data:image/png;base64,${readFileSync(file).toString("base64")}`);
  await page.evaluate(async ([sources, side, many]) => {
    const files = await Promise.all(sources.map(async (source, n) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = new OffscreenCanvas(side, side);
      const context = canvas.getContext("2d");
      const [width, height] = many ? [image.width, image.height] : [side, side];
      for (let y = 0; y < side; y += height) for (let x = 0; x < side; x += width) context.drawImage(image, x, y, width, height);
      return new File([await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 })], ["large-2023-09-14.jpg", "large-2023-10-05.jpg"][n]);
    }));
    globalThis.sidings.open(files, { gsdM: [0.5, 0.5] });
  }, [urls, SIDE_PX, tiled]);
  if (!tiled) {
    await page.waitForFunction(() => globalThis.sidings.snapshot().step?.name === "align");
    await page.evaluate(() => { globalThis.sidings.command({ type: "cancel" }); });
  }
  await page.waitForFunction(() => ["ready", "refused"].includes(document.documentElement.dataset.phase));
  await page.waitForTimeout(3000);
}

/** Frames while the mouse drags the map round. */
async function panned(page) {
  const box = await page.locator("#map").boundingBox();
  const [x, y] = [box.x + box.width * 0.56, box.y + box.height * 0.4];
  await page.evaluate(() => {
    globalThis.longTasks.length = 0;
    globalThis.frames = { last: performance.now(), took: [], on: true };
    requestAnimationFrame(function next(now) {
      globalThis.frames.took.push(now - globalThis.frames.last);
      globalThis.frames.last = now;
      if (globalThis.frames.on) requestAnimationFrame(next);
    });
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  const began = Date.now();
  for (let n = 0; Date.now() - began < DRAG_MS; n++) {
    await page.mouse.move(x + 250 * Math.sin(n / 12), y + 150 * Math.sin(n / 17));
    await page.waitForTimeout(8);
  }
  await page.mouse.up();
  const { took, tasks } = await page.evaluate(() => {
    globalThis.frames.on = false;
    return { took: globalThis.frames.took.slice(2), tasks: globalThis.longTasks.map(({ duration }) => duration) };
  });
  const share = (list, part) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(part * list.length))] ?? 0;
  return [String(took.length), ...[0.5, 0.95, 1].map((part) => share(took, part).toFixed(1)), String(tasks.length), share(tasks, 1).toFixed(0)];
}
