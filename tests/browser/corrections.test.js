// Railcars accepted and rejected, tracks drawn and deleted, and the count that learns from it; by pointer and by keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.js";
import { COMPARED, PAGES, drop, example, fromTheCommandLine, onPage, phase, pick, report, write } from "./page.js";
import { sound } from "./sound.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const snapshot = (page) => page.evaluate(() => globalThis.sidings.snapshot());

async function ready(page) {
  await pick(page, example());
  assert.equal(await phase(page, "ready", "refused"), "ready");
}

/** Key of the least sure car of a status on the newer date. */
const leastSure = ({ cars }, status) =>
  cars.filter((car) => car.side === "after" && car.status === status).sort((a, b) => a.confidence - b.confidence)[0].key;

/** Walks down the list to a car, which far from it has no row to click. */
async function walkTo(page, key) {
  await page.locator("#cars").focus();
  await page.keyboard.press("Home");
  for (let left = (await snapshot(page)).cars.length; left > 0; left--) {
    if ((await snapshot(page)).cars.find(({ selected }) => selected)?.key === key) return;
    await page.keyboard.press("ArrowDown");
  }
  assert.fail(`${key} is not in the list`);
}

async function countAgain(page) {
  await page.getByRole("button", { name: "Count again" }).click();
  await page.waitForFunction(() => globalThis.sidings.snapshot().phase === "ready" && !globalThis.sidings.snapshot().corrections.pending);
}

test("by keyboard: a car is rejected, brought back, accepted; counting again says what changed and equals the command line", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    const first = await snapshot(page);
    await walkTo(page, leastSure(first, "new"));
    await page.keyboard.press("x");
    const rejected = await snapshot(page);
    assert.equal(rejected.counts.after.estimate, first.counts.after.estimate - 1);
    assert.equal(rejected.cars.filter(({ status }) => status === "rejected").length, 1);
    assert.equal(rejected.cars.find(({ selected }) => selected).status, "rejected");
    assert.ok(await page.locator("#map path.car-rejected").count(), "struck out, not gone");
    await page.keyboard.press("Control+z");
    assert.deepEqual((await snapshot(page)).counts, first.counts);
    await page.keyboard.press("a");
    assert.ok((await snapshot(page)).cars.find(({ selected }) => selected).accepted);
    await walkTo(page, leastSure(first, "both"));
    await page.keyboard.press("X");
    await countAgain(page);
    const again = await snapshot(page);
    assert.ok(again.corrections.changes.some((change) => change.side === "after" && change.accepted === 1 && change.rejected === 1));
    await page.getByText(/^After: counted again with 1 accepted and 1 rejected: \d+/).waitFor();
    const shown = await report(page);
    const edits = shown.provenance.edits.filter(({ edit }) => /-railcar$/.test(edit));
    assert.ok(edits.every(({ at }) => Math.abs(Date.now() - Date.parse(at)) < 600_000), JSON.stringify(edits));
    if (!process.env.SIDINGS) return;
    const of = (image, name) => edits.filter((edit) => edit.image === image && edit.edit === name).map((edit) => edit.polygon_px);
    const sides = ["before", "after"].map((side) => [side, { accepted: of(side, "accept-railcar"), rejected: of(side, "reject-railcar") }]);
    const printed = fromTheCommandLine("--corrections", write("corrections.json", JSON.stringify(Object.fromEntries(sides))));
    for (const part of COMPARED) assert.deepEqual(shown[part], printed[part], part);
    const replayed = fromTheCommandLine("--corrections", write("report.json", JSON.stringify(shown)));
    for (const part of COMPARED) assert.deepEqual(shown[part], replayed[part], `${part}, from the report itself`);
  });
});

test("a track is deleted and another drawn, by pointer and by keyboard alone", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    const first = await report(page);
    await page.getByRole("button", { name: "Correct the tracks" }).click();
    await page.locator(".tracks-list").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Delete");
    assert.equal((await snapshot(page)).corrections.tracks.length, first.before.tracks.length - 1);
    await page.keyboard.press("u");
    assert.equal((await snapshot(page)).corrections.tracks.length, first.before.tracks.length);
    await page.getByRole("button", { name: "Draw a track" }).click();
    const plate = await page.locator("#map .plate").first().boundingBox();
    for (const x of [0.3, 0.5]) await page.mouse.click(plate.x + x * plate.width, plate.y + 0.42 * plate.height);
    await page.locator("#map .plate").first().focus();
    await page.keyboard.press(" ");
    assert.equal((await snapshot(page)).corrections.drawing, 3);
    await page.keyboard.press("Escape");
    assert.equal((await snapshot(page)).corrections.drawing, null);
    await page.getByRole("button", { name: "Draw a track" }).click();
    for (const x of [0.3, 0.7]) await page.mouse.click(plate.x + x * plate.width, plate.y + 0.42 * plate.height);
    await page.keyboard.press("Enter");
    assert.equal((await snapshot(page)).corrections.tracksEdited, 1);
    await countAgain(page);
    const answer = await report(page);
    const drawn = answer.before.tracks.filter((track) => track.snapped_m !== null);
    assert.equal(drawn.length, 1);
    assert.ok(drawn[0].snapped_m <= 1.5 && drawn[0].confidence === 1);
    assert.ok(answer.provenance.edits.some(({ edit }) => edit === "draw-track"));
  });
});

test("a file of tracks dropped later takes the place of those that are found, and a bad one says what is wrong with it", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    const { before } = await report(page);
    const coordinates = before.tracks.reduce((a, b) => (a.length_m > b.length_m ? a : b)).line_px;
    await drop(page, [write("yard.geojson", JSON.stringify({ type: "LineString", crs: "pixels", coordinates }))]);
    await page.waitForFunction(() => globalThis.sidings.snapshot().phase === "ready" && globalThis.sidings.report()?.provenance.edits.length);
    assert.equal((await report(page)).provenance.edits[0].edit, "use-tracks");
    assert.equal((await report(page)).before.tracks.length, 1);
    await drop(page, [write("bad.kml", "<gpx></gpx>")]);
    await page.getByText(/not KML: its root element is <gpx>/).waitFor();
    assert.equal(await phase(page, "ready", "refused"), "ready");
  });
});

for (const [width, height, colorScheme] of [[1440, 900, "light"], [375, 812, "dark"]]) {
  test(`corrections and tracks are sound for every reader at ${width} px, ${colorScheme}`, async () => {
    await onPage(browser, PAGES["index.html"], { viewport: { width, height }, colorScheme }, async (page) => {
      await ready(page);
      const first = await snapshot(page);
      const at = "2024-01-01T00:00:00Z";
      await page.evaluate(([key, when]) => globalThis.sidings.command({ type: "acceptCar", key, at: when }), [leastSure(first, "new"), at]);
      await page.evaluate(([key, when]) => globalThis.sidings.command({ type: "rejectCar", key, at: when }), [leastSure(first, "both"), at]);
      await sound(page, "corrections");
      await page.getByRole("button", { name: "Correct the tracks" }).click();
      await sound(page, "tracks");
      await page.getByRole("button", { name: "Draw a track" }).click();
      await sound(page, "drawing");
    });
  });
}
