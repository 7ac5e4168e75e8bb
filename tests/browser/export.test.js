// Files leave the page by a click, say what the page says, and ask for nothing when they are opened.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { IN_FIREFOX, launch } from "./browser.js";
import { OUT, PAGES, handedOut, onPage, outward, phase, report } from "./page.js";
import { sound } from "./sound.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());


async function ready(page) {
  await page.getByRole("button", { name: "Try the example" }).click();
  assert.equal(await phase(page, "ready", "refused"), "ready");
  await page.locator("summary", { hasText: "Export" }).click();
}

/** Presses a button of the panel and gives back where the file lies. */
async function made(page, name) {
  const place = (file) => join(OUT, "exported", file);
  const file = await handedOut(page, () => page.getByRole("button", { name, exact: true }).click(), place);
  await page.getByText(`Made: ${name}.`).waitFor();
  return place(file);
}

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name}: story and KML leave by a click, with what was corrected`, async () => {
    await onPage(browser, path, { acceptDownloads: true }, async (page) => {
      await ready(page);
      await page.getByLabel("Credit").fill("Drawn by <b>this</b> page");
      await page.getByLabel("Licence").fill("CC0");
      await page.getByLabel("Caption").fill("Two dates of one yard.");
      const { cars } = await page.evaluate(() => globalThis.sidings.snapshot());
      const { key } = cars.find((car) => car.side === "after" && car.status === "new");
      await page.evaluate((of) => globalThis.sidings.command({ type: "rejectCar", key: of }), key);
      const shown = await report(page);
      const kml = readFileSync(await made(page, "KML"), "utf8");
      const story = await made(page, "Story (HTML)");
      for (const words of ["Synthetic example, not a real yard", "Drawn by &lt;b&gt;this&lt;/b&gt; page", "CC0"]) assert.ok(kml.includes(words), `${words}: ${kml}`);
      const context = await browser.newContext();
      const requests = [];
      context.on("request", (request) => requests.push(request.url()));
      const reader = await context.newPage();
      await reader.goto(pathToFileURL(story).href);
      const text = await reader.evaluate(() => document.body.innerText);
      const { estimate, low, high } = shown.after.count;
      for (const words of [`${estimate} railcars`, `${low} to ${high}`, "Synthetic example, not a real yard", "Drawn by <b>this</b> page", "Two dates of one yard."]) {
        assert.ok(text.includes(words), `${words}: ${text}`);
      }
      assert.doesNotMatch(text, /not for publication/i);
      assert.deepEqual(outward(requests), [], "the story asks for nothing");
      if (!IN_FIREFOX) assert.equal(requests.filter((url) => url.startsWith("file:")).length, 1); // its driver doesn't hear of files
      await context.close();
    });
  });
}

test("every other file is made, by keyboard, and a text that is too long is refused with a sentence", async () => {
  await onPage(browser, PAGES["index.html"], { acceptDownloads: true }, async (page) => {
    await ready(page);
    const png = (path) => readFileSync(path).subarray(1, 4).toString("latin1") === "PNG";
    for (const name of ["Picture before", "Picture after", "Side by side", "Social card"]) assert.ok(png(await made(page, name)), name);
    assert.equal(JSON.parse(readFileSync(await made(page, "GeoJSON"), "utf8")).type, "FeatureCollection");
    assert.deepEqual(JSON.parse(readFileSync(await made(page, "Report (JSON)"), "utf8")), await report(page));
    await made(page, "Railcars (CSV)");
    assert.equal(readFileSync(await made(page, "Both in turn (GIF)")).subarray(0, 4).toString(), "GIF8");
    assert.match(readFileSync(await made(page, "Report to print"), "utf8"), /^<!doctype html>/);
    await page.getByLabel("Caption").fill("x".repeat(20_000));
    await page.getByRole("button", { name: "Counts (CSV)" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText(/The caption has 20000 characters/).waitFor();
    await page.getByLabel("Caption").fill("");
    const kml = await made(page, "KML");
    const sum = createHash("sha256").update(readFileSync(kml)).digest("hex");
    await page.locator(".made code", { hasText: sum }).waitFor();
    assert.equal(await handedOut(page, async () => {
      await page.getByRole("button", { name: "Counts (CSV)" }).focus();
      await page.keyboard.press("Enter");
    }), "counts.csv");
    assert.equal(await phase(page, "ready", "refused"), "ready");
  });
});

test("the story's size is told beforehand, with its part of the image and with the engine, and texts are copied", async () => {
  const options = { acceptDownloads: true, permissions: ["clipboard-read", "clipboard-write"] };
  await onPage(browser, PAGES["pkg/sidings.html"], options, async (page) => {
    await ready(page);
    const told = async () => {
      const text = await page.getByText(/It will have/).innerText();
      return Number(/have ([\d.]+) MB/.exec(text)[1]);
    };
    const usual = await told();
    await page.getByLabel("Shows").selectOption("whole");
    await page.getByLabel("Include the engine").check();
    const large = await told();
    assert.ok(large > usual + 1.5, `${usual} and ${large}`);
    const size = readFileSync(await made(page, "Story (HTML)")).length / 1e6;
    assert.ok(Math.abs(size - large) <= 0.06, `${size} and ${large}`);
    const copied = async (name) => {
      await page.getByRole("button", { name }).click();
      await page.getByText("Copied:").waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const [short, medium, long] = [await copied("Short text"), await copied("Medium text"), await copied("Long text")];
    assert.ok(medium.startsWith(short) && long.startsWith(medium) && /about \d+ railcars/.test(short) && long.includes("What the railcars carry"), long);
    assert.match(await copied("Embed code"), /^<div [^>]+><iframe src="story.html#embed"[^>]+sandbox="allow-scripts"/);
    await page.getByLabel("With formatting").check();
    await copied("Medium text");
    const types = await page.evaluate(async () => (await navigator.clipboard.read())[0].types);
    assert.ok(types.includes("text/html") && types.includes("text/plain"), `${types}`);
  });
});

for (const [width, height, colorScheme] of [[1440, 900, "light"], [375, 812, "dark"]]) {
  test(`exporting is sound for every reader at ${width} px, ${colorScheme}`, async () => {
    await onPage(browser, PAGES["index.html"], { viewport: { width, height }, colorScheme }, async (page) => {
      await ready(page);
      await sound(page, "exporting");
      const small = await page.locator(".export").evaluate((panel) => [...panel.querySelectorAll("button, input, textarea")]
        .filter((e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < 24).map((e) => e.outerHTML));
      assert.deepEqual(small, []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
      await page.locator(".export").scrollIntoViewIfNeeded();
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `export-${width}-${colorScheme}.png`) });
    });
  });
}
