// Every deed has two ways: what the other tests do by one of them alone is done here by the other. By mouse nothing but clicks and drags, by keyboard nothing but keys
// once something has the focus. A list of choices that the browser itself opens, and a file that it asks for, no driver can show.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.js";
import { OUT, PAGES, PATIENCE_MS, example, handedOut, onPage, phase, pick, report } from "./page.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const snapshot = (page) => page.evaluate(() => globalThis.sidings.snapshot());
const said = async (page) => (await snapshot(page)).corrections;
const edits = async (page) => (await report(page)).provenance.edits.map(({ edit }) => edit).filter((edit) => edit !== "count-again");
const selected = async (page) => { const { cars, view } = await snapshot(page); return cars.find(({ key }) => key === view.selected); };
/** On how many dates the selected car stands: what is said of it is said of each. */
const dates = async (page) => ((await selected(page)).pair ? 2 : 1);

/** Presses keys where something has the focus. */
async function keys(page, where, ...names) {
  if (where) await where.focus();
  for (const name of names) await page.keyboard.press(name);
}

/** On a map: arrows and signs move it, which takes a moment; whatever else is pressed is for the place under the crosshair. */
async function onMap(page, which, ...names) {
  await page.locator(".plate").nth(which).focus();
  for (const name of names) {
    await page.keyboard.press(name);
    if (/^(Arrow|\+)/.test(name)) await page.waitForTimeout(500);
  }
}

const deeds = (page, group) => (name) => page.getByRole("group", { name: group, exact: true }).getByRole("button", { name });
const button = (page, name) => page.getByRole("button", { name });

const onExample = (look) => onPage(browser, PAGES["index.html"], {}, async (page) => {
  await pick(page, example());
  assert.equal(await phase(page, "ready", "refused"), "ready");
  page.setDefaultTimeout(15_000); // what takes long is done
  await look(page);
});

test("by mouse: a railcar is taken on the map, accepted, rejected, split, merged, moved, stretched, typed; undone and done again; the map goes there and back", () => onExample(async (page) => {
  await page.getByRole("radio", { name: "Fade" }).click();
  const spot = await page.locator("path.car-new").first().evaluate((path) => {
    const middles = path.getAttribute("d").split("M").slice(1).map((car) => car.match(/[-\d.]+/g).map(Number)).map(([x, y, , , u, v]) => new DOMPoint((x + u) / 2, (y + v) / 2));
    return middles.map((middle) => middle.matrixTransform(path.getScreenCTM()).toJSON()).find(({ x, y }) => document.elementFromPoint(x, y) === path);
  });
  await page.mouse.click(spot.x, spot.y);
  assert.equal((await selected(page))?.status, "new");
  const [correct, shape] = [deeds(page, "Corrections"), deeds(page, "The selected railcar")];
  await correct("Accept").click();
  assert.ok((await selected(page)).accepted);
  await correct("Undo").click();
  assert.ok(!(await selected(page)).accepted);
  await correct("Redo").click();
  assert.ok((await selected(page)).accepted);
  await correct("Undo").click();
  await correct("Next uncertain").click();
  const rejected = await dates(page);
  await correct("Reject").click();
  assert.equal((await said(page)).rejected, rejected);
  await correct("Undo").click();
  assert.deepEqual(await edits(page), []);
  await page.locator("details.shaping summary").click();
  await page.getByRole("checkbox", { name: "Only in view" }).click();
  await page.waitForFunction(() => globalThis.sidings.snapshot().inView?.length === globalThis.sidings.snapshot().cars.length);
  await shape("Zoom to the railcar").click();
  await page.waitForFunction(() => { const { inView, cars, view } = globalThis.sidings.snapshot(); return inView.length < cars.length && inView.includes(view.selected); });
  for (const name of ["Split", "Merge with its neighbour", "Move half a metre to the right", "Half a metre longer"]) await shape(name).click();
  await page.locator("#car-type").selectOption("tank");
  assert.equal((await selected(page)).carType, "tank");
  const done = await edits(page);
  assert.deepEqual(done.slice(0, 4), ["split-railcar", "merge-railcar", "move-railcar", "stretch-railcar"]);
  const { key } = await selected(page);
  await page.getByRole("listbox", { name: "Railcars" }).getByRole("option", { selected: false }).first().click();
  assert.notEqual((await selected(page)).key, key);
  await button(page, "Zoom in").first().click();
  await button(page, "Show the whole scene").click();
  await page.waitForFunction(() => globalThis.sidings.snapshot().inView.length === globalThis.sidings.snapshot().cars.length);
  await button(page, "Keyboard shortcuts").click();
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByRole("button", { name: "Close" }).click();
  assert.equal(await page.locator("dialog[open]").count(), 0);
}));

test("by keyboard: a railcar is typed and another added, areas and a gantry are drawn, all are taken away", () => onExample(async (page) => {
  const first = await snapshot(page);
  await keys(page, page.locator("#cars"), "q");
  await keys(page, page.locator("details.shaping summary"), "Enter");
  const type = (await selected(page)).carType;
  await keys(page, page.locator("#car-type"), type === "other" ? "ArrowUp" : "ArrowDown");
  assert.notEqual((await selected(page)).carType, type);
  await keys(page, page.locator("#cars"), "u", "z", "n");
  await page.waitForTimeout(500); // two maps make room for each other
  await onMap(page, 1, "ArrowUp", "ArrowUp", "ArrowUp", "Enter", "ArrowRight", "Enter");
  assert.equal((await said(page)).placed, 1);
  assert.equal((await snapshot(page)).counts.after.estimate, first.counts.after.estimate + 1);
  await keys(page, null, "Escape");
  assert.ok((await selected(page)).placed);
  await keys(page, page.locator("#cars"), "x");
  assert.deepEqual((await snapshot(page)).counts, first.counts);
  await keys(page, null, "m");
  await page.waitForTimeout(500);
  for (const name of ["Count only in it", "Leave it out", "It is a gantry"]) {
    await onMap(page, 0, "Enter", "ArrowRight", "Enter", "ArrowDown", "Enter");
    assert.equal((await said(page)).corners, 3, name);
    await keys(page, button(page, name), "Enter");
  }
  assert.equal((await said(page)).areas, 3);
  assert.deepEqual((await edits(page)).slice(-3), ["count-in-area", "leave-out-area", "draw-gantry"]);
  await keys(page, button(page, "Take all areas away"), "Enter");
  assert.equal((await said(page)).areas, 0);
}));

test("a track is deleted, cut and drawn by mouse, drawn and bent by keyboard", () => onExample(async (page) => {
  await button(page, "Correct the tracks").click();
  await page.waitForTimeout(500); // two maps make room for each other
  const { length } = (await said(page)).tracks;
  await page.getByRole("listbox", { name: "Tracks" }).getByRole("option").first().click();
  await button(page, "Delete the track").click();
  assert.equal((await said(page)).tracks.length, length - 1);
  await button(page, "Undo").click();
  await page.getByRole("listbox", { name: "Tracks" }).getByRole("option").first().click();
  const pins = await page.locator(".plate").first().locator(".pin").evaluateAll((all) => all.slice(0, 2).map((pin) => { const { x, y, width, height } = pin.getBoundingClientRect(); return [x + width / 2, y + height / 2]; }));
  await button(page, "Cut it").click();
  await page.mouse.click(...[0, 1].map((axis) => (pins[0][axis] + pins[1][axis]) / 2));
  assert.deepEqual(await edits(page), ["cut-track"]);
  assert.equal((await said(page)).tracks.length, length + 1);
  await button(page, "Undo").click();
  await button(page, "Draw a track").click();
  const { x, y, width, height } = await page.locator(".plate").first().boundingBox();
  for (const share of [0.3, 0.7]) await page.mouse.click(x + share * width, y + 0.42 * height);
  await button(page, "Finish the track").click();
  assert.deepEqual(await edits(page), ["draw-track"]);
  await button(page, "Undo").click();
  await keys(page, button(page, "Draw a track"), "Enter");
  await onMap(page, 0, " ", "ArrowRight", "ArrowRight", " ", "Enter");
  assert.deepEqual(await edits(page), ["draw-track"]);
  await keys(page, null, "u");
  await onMap(page, 0, "+", "+");
  const taken = async () => (await said(page)).tracks.some((track) => track.selected);
  for (let left = 20; left && !await taken(); left--) await onMap(page, 0, "ArrowDown", " "); // looks for one
  await onMap(page, 0, "v", " ", "ArrowDown", " "); // takes hold of it, and lets it go elsewhere
  assert.deepEqual(await edits(page), ["bend-track"]);
}));

test("every way of laying the dates over each other, by mouse and by keyboard", () => onExample(async (page) => {
  const view = async () => (await snapshot(page)).view;
  const ways = { Swipe: "swipe", "Swipe up and down": "swipeVertical", Blink: "blink", Fade: "fade", "Side by side": "side" };
  const way = (name) => page.getByRole("radio", { name, exact: true });
  for (const [name, mode] of Object.entries(ways).reverse()) {
    await page.locator(".segment", { has: way(name) }).click();
    assert.equal((await view()).mode, mode);
  }
  await way("Swipe").focus();
  for (const mode of Object.values(ways).slice(1)) {
    await page.keyboard.press("ArrowRight");
    assert.equal((await view()).mode, mode);
  }
  assert.equal(await page.locator(".plate").count(), 2, "side by side");
  await keys(page, null, "ArrowLeft");
  const fade = page.getByRole("slider", { name: "How much of the later date shows" });
  const { x, y, width, height } = await fade.boundingBox();
  await page.mouse.click(x + width / 4, y + height / 2);
  const faded = (await view()).fade;
  assert.ok(Math.abs(faded - 0.25) < 0.1, `${faded}`);
  await keys(page, fade, "ArrowRight");
  assert.ok((await view()).fade > faded);
  await keys(page, way("Fade"), "ArrowRight", "ArrowRight"); // around to the first
  const map = await page.locator("#map").boundingBox();
  const at = (share) => [map.x + share * map.width, map.y + 0.3 * map.height];
  await page.mouse.move(...at(0.5));
  await page.mouse.down();
  await page.mouse.move(...at(0.7), { steps: 4 });
  await page.mouse.up();
  assert.ok(Math.abs((await view()).swipe - 0.7) < 0.02);
  await keys(page, page.getByRole("slider", { name: "Divider between before and after" }), "Home", "ArrowRight");
  assert.equal((await view()).swipe, 0.02);
}));

test("by keyboard: layers, light and contrast, and the scale by a known length", () => onExample(async (page) => {
  const layer = page.getByRole("group", { name: "Show on the map" }).getByRole("checkbox", { name: "New", exact: true });
  await keys(page, layer, "Space");
  assert.equal(await page.locator("path.car-new").count(), 0);
  await keys(page, layer, "Space");
  assert.ok(await page.locator("path.car-new").count() > 0);
  const filter = () => page.evaluate(() => getComputedStyle(document.querySelector(".leaflet-before-pane")).filter);
  await keys(page, page.locator(".display summary"), "Enter");
  await keys(page, page.getByRole("slider", { name: "Brightness" }).first(), "ArrowRight");
  assert.match(await filter(), /brightness\(1\.05\)/);
  await keys(page, button(page, "As they are"), "Enter");
  assert.equal(await filter(), "none");
  await keys(page, page.locator("summary", { hasText: "Images" }), "Enter");
  await keys(page, button(page, "Set the scale by a known length"), "Enter");
  await onMap(page, 0, "Enter", "ArrowRight", "ArrowRight", "Enter");
  const { lengthPx } = (await snapshot(page)).hand.line;
  await page.getByLabel("Length", { exact: true }).focus();
  await page.keyboard.type(String(0.5 * lengthPx));
  await page.keyboard.press("Enter");
  await phase(page, "working");
  page.setDefaultTimeout(PATIENCE_MS);
  assert.equal(await phase(page, "ready", "refused"), "ready");
  const { gsd_m: scale } = (await report(page)).before;
  assert.ok(Math.abs(scale - 0.5) < 1e-3, `${scale}`);
}));

test("by keyboard: the record is added to and saved, a project is saved and opened, the language changes", () => onExample(async (page) => {
  await keys(page, button(page, "Add this count"), "Enter");
  assert.equal((await snapshot(page)).record.looks.length, 1);
  const csv = join(OUT, "fixtures", "kept.csv");
  await handedOut(page, () => keys(page, button(page, "Save as CSV"), "Enter"), csv);
  assert.match(readFileSync(csv, "utf8"), /^date,.*\n2023-10-05,/);
  await keys(page, page.locator("#cars"), "q", "s");
  await keys(page, page.locator(".project-section summary"), "Enter");
  const project = join(OUT, "fixtures", "by-keys.sidings");
  await handedOut(page, () => keys(page, button(page, "Save the project"), "Enter"), project);
  await keys(page, button(page, "Start over").first(), "Enter");
  await phase(page, "empty");
  await pick(page, [project]);
  await page.getByText(/^by-keys\.sidings waits for these images/).waitFor();
  assert.equal((await snapshot(page)).project.wanted.length, 2);
  await keys(page, page.locator(".start .language select"), "ArrowDown");
  assert.notEqual(await page.evaluate(() => document.documentElement.lang), "en");
}));
