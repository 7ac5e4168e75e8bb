// <sidings-compare> on a page that is not ours: marks from a report or a GeoJSON, by keyboard, in other languages, with bad data.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { launch } from "./browser.js";
import { PATIENCE_MS, ROOT, example } from "./page.js";
import { sound } from "./sound.js";
import { exported } from "./stories.js";

let browser;
let folder;
before(async () => {
  browser = await launch();
  folder = exported("plain", { engine: false });
});
after(() => browser?.close());

const SCRIPT = join(ROOT, "pkg/sidings-compare.js");
const href = (path) => pathToFileURL(path).href;
const document_ = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));

/** An article with the element, and the data inside it: files may not fetch files. */
async function onArticle(data, look) {
  const [older, newer] = example();
  const path = join(folder, "element.html");
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  writeFileSync(path, `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An article</title></head><body><main><h1>An article</h1>
<sidings-compare before="${href(older)}" after="${href(newer)}" data="#found"><span slot="caption">Drawn by Sidings, CC0</span></sidings-compare></main>
<script type="application/json" id="found">${json}</script><script src="${href(SCRIPT)}"></script></body></html>`);
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(href(path));
  await page.locator("sidings-compare [role=img]").waitFor();
  try {
    await look(page, page.locator("sidings-compare"));
    assert.deepEqual(errors, []);
  } finally {
    await page.close();
  }
}

/** How many outlines a state has on one date. */
const outlines = (element, status) => element.evaluate((host, wanted) => [...host.shadowRoot.querySelectorAll(`.marks .${wanted}.line`)]
  .map((path) => path.getAttribute("d").split("Z").length - 1).reduce((a, b) => a + b, 0), status);

test("it is small and asks for nothing else", () => {
  const source = readFileSync(SCRIPT);
  assert.ok(gzipSync(source).length <= 15_000, `${gzipSync(source).length}`);
  assert.doesNotMatch(source.toString().replaceAll("http://www.w3.org/2000/svg", ""), /https?:|innerHTML/);
});

for (const name of ["report.json", "railcars.geojson"]) {
  test(`${name}: every mark, by keyboard, and without marks`, () => onArticle(document_(name), async (page, element) => {
    const { change } = document_("report.json");
    assert.deepEqual(await Promise.all(["new", "gone", "both"].map((status) => outlines(element, status))), [change.new.length, change.gone.length, 2 * change.both.length]);
    const slider = page.getByRole("slider", { name: "Divider between before and after" });
    await slider.focus();
    await page.keyboard.press("Home");
    assert.equal(await slider.getAttribute("aria-valuetext"), "0 %");
    assert.equal(await element.locator("#right rect").getAttribute("x"), "0");
    await page.getByLabel("Show the marks").uncheck();
    assert.ok(!await element.locator(".marks .line").first().isVisible());
    assert.ok(await page.getByText("Before · 14 September 2023").isVisible() && await page.getByText("Drawn by Sidings, CC0").isVisible());
    assert.equal(await element.locator("figure > svg").evaluate((svg) => getComputedStyle(svg).touchAction), "pan-y");
    await sound(page, "the element");
  }));
}

test("attributes may change, and what can't be read is said", () => onArticle(document_("report.json"), async (page, element) => {
  await element.evaluate((host) => host.setAttribute("lang", "ru"));
  await page.getByText("После · 5 октября 2023").waitFor();
  await element.evaluate((host) => { host.lang = "en"; host.data = { type: "FeatureCollection", features: [{ properties: { image: "<b>", status: "x", polygon_px: [] } }] }; });
  await page.getByText("The marks could not be loaded.").waitFor();
  assert.ok(await element.locator("[role=img]").isVisible(), "the images stay");
  await element.evaluate((host) => host.setAttribute("after", "nothing.png"));
  await page.getByText("An image could not be loaded.").waitFor();
  await element.evaluate((host) => host.removeAttribute("before"));
  await page.getByText("Two images are needed").waitFor();
}));
