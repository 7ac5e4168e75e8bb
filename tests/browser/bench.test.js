// The analyst's bench: the record and what may be said of a count, cars outlined by hand, and work that comes back.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.js";
import { OUT, PAGES, drop, example, handedOut, onPage, phase, pick, report, write } from "./page.js";
import { sound } from "./sound.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const snapshot = (page) => page.evaluate(() => globalThis.sidings.snapshot());
const estimates = ({ counts }) => [counts.before.estimate, counts.after.estimate];

async function ready(page) {
  await pick(page, example());
  assert.equal(await phase(page, "ready", "refused"), "ready");
}

test("the published case from CSV is higher than any count in the record, names its source and has no probability", async () => {
  const record = write("case.csv", "date,until,count,kind,source\n2018-10,2023-09,20,maximum,Beyond Parallel\n2023-10-05,,73,count,Beyond Parallel\n");
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    await drop(page, [record]);
    await page.waitForFunction(() => globalThis.sidings.snapshot().record.looks.length === 2);
    await page.locator(".record-table summary").click();
    await page.getByRole("button", { name: /^Compare the count of 5 Oct 2023/ }).click();
    const { standing, chart } = (await snapshot(page)).record;
    assert.equal(standing.verdict, "higher");
    assert.match(standing.sentence, /is higher than any count in the record[\s\S]*Source: Beyond Parallel\.[\s\S]*No probability is given/);
    assert.deepEqual([standing.chance, standing.highestOf, standing.ratio.estimate], [null, null, 3.65]);
    assert.deepEqual(chart.marks.map(({ kind }) => kind), ["period", "now"]);
    await page.getByText("Higher than any count in the record.").waitFor();
    await sound(page, "record with its chart and table");
    await page.getByRole("button", { name: "Add this count" }).click();
    assert.equal((await snapshot(page)).record.looks.filter(({ added }) => added).length, 1);
    assert.equal(await handedOut(page, () => page.getByRole("button", { name: "Save as CSV" }).click()), "record.csv");
  });
});

test("by keyboard: a car is split, merged, moved, named; every step is undone and done again, and the count follows", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    const first = await snapshot(page);
    await page.locator("#cars").focus();
    await page.keyboard.press("q");
    await page.keyboard.press("s");
    const split = await snapshot(page);
    assert.equal(estimates(split).reduce((a, b) => a + b), estimates(first).reduce((a, b) => a + b) + 1);
    await page.getByText(/found by the program; [12] added/).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press(".");
    await page.keyboard.press("]");
    assert.deepEqual(estimates(await snapshot(page)), estimates(first));
    const told = (await report(page)).provenance.edits.map(({ edit }) => edit);
    assert.deepEqual(told, ["split-railcar", "merge-railcar", "move-railcar", "stretch-railcar", "count-again"]);
    for (let n = 0; n < 4; n++) await page.keyboard.press("u");
    assert.deepEqual((await snapshot(page)).counts, first.counts);
    for (let n = 0; n < 4; n++) await page.keyboard.press("y");
    assert.equal((await snapshot(page)).corrections.placed, 1);
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "As a table" }).click();
    const { cars } = await snapshot(page);
    assert.equal(await page.locator("#car-table tbody tr").count(), Math.min(100, cars.length + cars.filter(({ pair, side }) => pair && side === "after").length));
  });
});

test("by pointer: a car is added by two clicks, an area leaves cars out of both dates, or counts in it alone", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    const first = await snapshot(page);
    await page.locator("#cars").focus();
    for (const key of ["q", "z"]) await page.keyboard.press(key); // four pixels of the screen to one of the image
    await page.getByRole("button", { name: "Add a railcar" }).click();
    await page.waitForTimeout(500); // two maps make room for each other
    const [, newer] = await Promise.all((await page.locator(".plate").all()).map((plate) => plate.boundingBox()));
    for (const step of [0, 80]) await page.mouse.click(newer.x + newer.width / 2 + step, newer.y + newer.height * 0.2);
    await page.waitForFunction(() => globalThis.sidings.snapshot().corrections.placed === 1);
    assert.equal((await snapshot(page)).counts.after.estimate, first.counts.after.estimate + 1);
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Draw areas" }).click();
    const outline = async () => { for (const [x, y] of [[0.05, 0.05], [0.95, 0.05], [0.95, 0.95], [0.05, 0.95]]) await page.mouse.click(newer.x + x * newer.width, newer.y + y * newer.height); };
    await outline();
    await page.getByRole("button", { name: "Leave it out" }).click();
    const without = await snapshot(page);
    assert.ok(without.counts.after.estimate < first.counts.after.estimate && without.counts.before.estimate < first.counts.before.estimate);
    await page.getByRole("button", { name: "Take all areas away" }).click();
    await outline();
    await page.getByRole("button", { name: "Count only in it" }).click();
    const within = await snapshot(page);
    for (const date of ["before", "after"]) assert.ok(within.counts[date].estimate > 0 && within.counts[date].estimate < first.counts[date].estimate);
  });
});

test("a project comes back from its file, and from the browser's own store; a damaged one is refused by name", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    await page.locator("#cars").focus();
    await page.keyboard.press("q");
    await page.keyboard.press("s");
    const kept = estimates(await snapshot(page));
    await page.locator(".project-section summary").click();
    const file = join(OUT, "fixtures", "yard.sidings");
    await handedOut(page, () => page.getByRole("button", { name: "Save the project" }).click(), file);
    await page.waitForTimeout(2000); // the store is written once it is quiet
    await page.reload();
    await phase(page, "empty");
    await sound(page, "kept work");
    await page.getByRole("button", { name: "Go on with it" }).click();
    assert.equal((await snapshot(page)).project.wanted.length, 2);
    await sound(page, "a project that waits");
    await ready(page);
    assert.deepEqual(estimates(await snapshot(page)), kept);
    await page.evaluate(() => { globalThis.sidings.command({ type: "clear" }); });
    await drop(page, [file]);
    await page.getByText(/^yard\.sidings waits for these images/).waitFor();
    await ready(page);
    assert.deepEqual(estimates(await snapshot(page)), kept);
    const torn = join(OUT, "fixtures", "torn.sidings");
    writeFileSync(torn, "PK and nothing of a zip");
    await drop(page, [torn]);
    await page.getByText(/^The project can't be opened/).waitFor();
    await sound(page, "a damaged project");
    assert.deepEqual(estimates(await snapshot(page)), kept);
  });
});

test("light and contrast change the screen alone, and B shows the earlier date while it is held", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    const told = JSON.stringify(await report(page));
    const filters = () => page.evaluate(() => ["before", "after"].map((side) => getComputedStyle(document.querySelector(`.leaflet-${side}-pane`)).filter));
    assert.deepEqual(await filters(), ["none", "none"]);
    await page.locator(".display summary").click();
    await page.getByRole("button", { name: "Stretch" }).first().click();
    const [stretched] = await filters();
    assert.ok(Number(/contrast\(([\d.]+)\)/.exec(stretched)[1]) > 1.1, stretched);
    await page.getByRole("button", { name: "Match the light of both" }).click();
    assert.match((await filters())[1], /brightness\([\d.]+\) contrast\([\d.]+\)/);
    await page.getByRole("slider", { name: "Gamma" }).first().fill("2");
    assert.match((await filters())[0], /#look-before/);
    await page.getByRole("button", { name: "As they are" }).click();
    assert.deepEqual(await filters(), ["none", "none"]);
    assert.equal(JSON.stringify(await report(page)), told, "what is counted never sees it");
    const mode = async () => (await snapshot(page)).view.mode;
    await page.locator("#cars").focus();
    await page.keyboard.down("b");
    assert.equal(await mode(), "fade");
    await page.keyboard.up("b");
    assert.equal(await mode(), "swipe");
  });
});
