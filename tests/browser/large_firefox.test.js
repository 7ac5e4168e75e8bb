// Large images in Firefox, which says nothing of the machine's memory by itself: a pair that is too large is compared on smaller copies, and of a large one
// that fits a first figure is told long before the count.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { launchFirefox, skip, until } from "./firefox.js";
import { PAGES, example } from "./page.js";

/** Large enough for a first figure. */
const SIDE_PX = 2560;

/** How an attempt ended, once it has. */
const ended = () => ["ready", "refused"].find((phase) => document.documentElement.dataset.phase === phase);

/** Runs `look` on the page, set up and empty; an error on the page is an error of the test. */
async function onPage(prepare, look) {
  const browser = await launchFirefox();
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await prepare(page);
    await page.goto(pathToFileURL(PAGES["index.html"]).href);
    assert.equal(await until(page, () => globalThis.sidings && document.documentElement.dataset.phase), "empty");
    await look(page);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
}

test("Firefox: a pair too large for the machine is compared on smaller copies, and the report says so", { skip }, async () => {
  const little = (page) => page.evaluateOnNewDocument(() => Object.defineProperty(Navigator.prototype, "deviceMemory", { get: () => 0.02 }));
  await onPage(little, async (page) => {
    await (await page.$("#files")).uploadFile(...example());
    assert.equal(await until(page, ended), "refused");
    const { offer } = await page.evaluate(() => globalThis.sidings.snapshot());
    assert.equal(offer.images.length, 2);
    const said = await page.$eval("#panel", (panel) => panel.innerText);
    assert.match(said, /A smaller copy of .+ pixels fits/);
    assert.doesNotMatch(said, /correct scale and date/);
    await page.focus(".offer button");
    await page.keyboard.press("Enter");
    await until(page, () => document.documentElement.dataset.phase !== "refused");
    assert.equal(await until(page, ended), "ready");
    const { provenance, warnings } = await page.evaluate(() => globalThis.sidings.report());
    const reductions = provenance.inputs.filter(({ role }) => ["before", "after"].includes(role)).map(({ reduction }) => reduction);
    assert.deepEqual(reductions, offer.images.map(({ by }) => by));
    assert.ok(reductions.some((by) => by > 1) && warnings.some(({ code }) => code === "read-reduced"), JSON.stringify({ reductions, warnings }));
  });
});

test("Firefox: of a large pair a first figure is told, marked as preliminary", { skip }, async () => {
  const urls = example().map((file) => `data:image/png;base64,${readFileSync(file).toString("base64")}`);
  await onPage(async () => {}, async (page) => {
    await page.evaluate(async (sources, side) => {
      const files = await Promise.all(sources.map(async (source, index) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = new OffscreenCanvas(side, side);
        canvas.getContext("2d").drawImage(image, 0, 0, side, side);
        return new File([await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 })], `large-${index}.jpg`);
      }));
      globalThis.sidings.open(files); // what comes of it is looked at below
    }, urls, SIDE_PX);
    const said = await until(page, () => document.getElementById("live-overview").textContent);
    const [shown, report] = await page.evaluate(() => [document.querySelector(".so-far").innerText, globalThis.sidings.report()]);
    assert.match(said, /^Preliminary, from the overview: about \d+ \(\d+–\d+\) on .+, about \d+ \(\d+–\d+\) on .+\.$/);
    assert.match(shown, /^Preliminary[\s\S]*≈ \d+ \(\d+–\d+\)/i);
    assert.equal(report, null, "no report holds it");
    await page.evaluate(() => { globalThis.sidings.command({ type: "cancel" }); });
    assert.equal(await until(page, ended), "refused");
  });
});
