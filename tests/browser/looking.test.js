// Looking at the two dates, and correcting with the hand on the map: the divider both ways, layers, compass and grid, the list in step with the map,
// everything that is dragged, and the same without a pointer.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.js";
import { PAGES, example, finger, onPage, phase, pick, report, write } from "./page.js";

const STEP_MS = 15_000;

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const snapshot = (page) => page.evaluate(() => globalThis.sidings.snapshot());
const command = (page, value) => page.evaluate((c) => { globalThis.sidings.command(c); }, value);
const edits = async (page) => (await report(page)).provenance.edits.map(({ edit }) => edit).filter((edit) => edit !== "count-again");
const layer = (page, name) => page.getByRole("group", { name: "Show on the map" }).getByRole("checkbox", { name, exact: true });

async function ready(page, files = example()) {
  await pick(page, files);
  assert.equal(await phase(page, "ready", "refused"), "ready");
  page.setDefaultTimeout(STEP_MS); // what takes long is done
}

/** The middle of a map, in the window. */
async function middle(page, which = 0) {
  const box = await page.locator(".plate").nth(which).boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function drag(page, from, ...places) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (const { x, y } of places) await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
}

const by = ({ x, y }, dx, dy = 0) => ({ x: x + dx, y: y + dy });

test("the divider goes across and down, by keys, pointer and finger, and says which way it moves", async () => {
  await onPage(browser, PAGES["index.html"], { hasTouch: true }, async (page) => {
    await ready(page);
    const divider = page.getByRole("slider", { name: "Divider between before and after" });
    const now = async () => [await divider.getAttribute("aria-orientation"), Number(await divider.getAttribute("aria-valuenow"))];
    assert.deepEqual(await now(), ["horizontal", 50]);
    await page.getByRole("radio", { name: "Swipe up and down" }).check();
    assert.deepEqual(await now(), ["vertical", 50]);
    await divider.focus();
    const box = async () => { const { y, height } = await divider.boundingBox(); return y + height / 2; };
    const start = await box();
    for (const [key, value] of [["ArrowUp", 52], ["PageUp", 62], ["ArrowDown", 60], ["PageDown", 50], ["Home", 0], ["End", 100]]) {
      await page.keyboard.press(key);
      assert.deepEqual(await now(), ["vertical", value], key);
    }
    assert.ok(await box() < start, "the end of it is up");
    assert.match(await divider.getAttribute("aria-valuetext"), /^Before 0 %, After 100 %$/);
    await page.keyboard.press("PageDown");
    const map = await page.locator("#map").boundingBox();
    await drag(page, { x: map.x + map.width / 2, y: map.y + map.height * 0.1 }, { x: map.x + map.width / 2, y: map.y + map.height * 0.7 });
    assert.ok(Math.abs((await snapshot(page)).view.swipe - 0.7) < 0.02);
    const cut = () => page.evaluate(() => ["before", "after"].map((side) => getComputedStyle(document.querySelector(`.leaflet-${side}-pane`)).clipPath.match(/[-\d.]+px/g).map(parseFloat)));
    const [upper, lower] = await cut();
    assert.ok(Math.abs(upper[5] - lower[1]) < 0.5 && Math.abs(upper[5] - upper[1] - 0.7 * map.height) < 0.02 * map.height, "before above, after below");
    const [{ down, move, up }, x, at] = [await finger(page), map.x + map.width / 2, (y) => map.y + map.height * y];
    await down(x, at(0.7));
    for (const y of [0.6, 0.45, 0.3]) await move(x, at(y));
    await up();
    assert.ok(Math.abs((await snapshot(page)).view.swipe - 0.3) < 0.02);
  });
});

test("every layer has its switch; a change is told apart by the railcars; without a place north is said to be unknown", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    const paths = (name) => page.locator(`path.car-${name}`).count();
    for (const [name, kind] of [["New", "new"], ["Gone", "gone"], ["Both", "both"]]) {
      assert.ok(await paths(kind) > 0, name);
      await layer(page, name).uncheck();
      assert.equal(await paths(kind), 0, name);
      await layer(page, name).check();
    }
    await page.locator("#cars").focus();
    for (const key of ["q", "x"]) await page.keyboard.press(key);
    assert.ok(await paths("rejected") > 0);
    await layer(page, "Rejected").uncheck();
    assert.equal(await paths("rejected"), 0);
    assert.equal(await page.locator(".compass").getAttribute("aria-label"), "North is not known");
    await layer(page, "Grid").check();
    await page.locator(".grid-label", { hasText: /^\d+ m$/ }).first().waitFor({ state: "attached" });
    await layer(page, "Grid").uncheck();
    assert.equal(await page.locator(".grid-label, .grid-line").count(), 0);
    await layer(page, "Change").check();
    await page.getByText("What came and went is told by the railcars").waitFor();
    const colours = () => page.evaluate(() => {
      const seen = { came: 0, went: 0, other: 0 };
      for (const canvas of document.querySelectorAll(".leaflet-change-pane canvas")) {
        const { data } = canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, 256, 256);
        for (let i = 0; i < data.length; i += 4) {
          if (data[i + 3] > 100) seen[data[i] > 225 && data[i + 2] < 20 ? "came" : data[i] < 20 && data[i + 2] > 150 ? "went" : "other"] += 1;
        }
      }
      return seen;
    });
    let { came, went, other } = await colours();
    for (let n = 0; n < 120 && !(came && went); n++) { // the score is computed first
      await page.waitForTimeout(500);
      ({ came, went, other } = await colours());
    }
    assert.ok(came > went && went > 0 && other > 0, JSON.stringify({ came, went, other }));
    await layer(page, "Residuals").check();
    assert.equal((await snapshot(page)).view.layers.residuals, true);
  });
});

test("where the place is known the compass points north and the grid is of degrees", async () => {
  const [older, newer] = example();
  const files = [older, newer].map((path) => write(basename(path), readFileSync(path)));
  const sidecars = files.map((path) => write(basename(path).replace(/png$/, "pgw"), "0.5\n0\n0\n-0.5\n467300\n4696900\n"));
  const system = 'PROJCS["WGS 84 / UTM zone 52N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",129],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","32652"]]';
  const systems = files.map((path) => write(basename(path).replace(/png$/, "prj"), system));
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page, [...files, ...sidecars, ...systems]);
    const says = await page.locator(".compass").getAttribute("aria-label");
    assert.match(says, /^North: (\d+)°$/);
    const [, degrees] = says.match(/(\d+)/);
    assert.ok(Math.min(Number(degrees), 360 - Number(degrees)) <= 2, says);
    await layer(page, "Grid").check();
    await page.locator(".grid-label", { hasText: /^42\.\d+° N$/ }).first().waitFor({ state: "attached" });
    await page.locator(".grid-label", { hasText: /^12\d\.\d+° E$/ }).first().waitFor({ state: "attached" });
  });
});

test("the list holds only the rows in sight, goes by keys through all of them, and follows the map when asked", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    const { cars } = await snapshot(page);
    const list = page.getByRole("listbox", { name: "Railcars" });
    const options = list.getByRole("option");
    assert.ok(await options.count() < cars.length);
    assert.equal(await options.first().getAttribute("aria-setsize"), String(cars.length));
    await list.focus();
    await page.keyboard.press("End");
    const last = page.locator(`#${await list.getAttribute("aria-activedescendant")}`);
    assert.deepEqual([await last.getAttribute("aria-posinset"), await last.getAttribute("aria-selected")], [String(cars.length), "true"]);
    assert.ok(await last.evaluate((row) => { const [a, b] = [row, row.closest(".list")].map((e) => e.getBoundingClientRect()); return a.top >= b.top - 1 && a.bottom <= b.bottom + 1; }));
    for (let n = 0; n < 3; n++) await page.keyboard.press("ArrowUp");
    assert.equal((await snapshot(page)).view.selected, cars[cars.length - 4].key);
    await list.evaluate((e) => { e.scrollTop = 0; });
    await page.waitForFunction(() => document.querySelector('#cars [aria-posinset="1"]'));
    await page.keyboard.press("f");
    await page.getByRole("checkbox", { name: "Only in view" }).check();
    await page.waitForFunction((all) => globalThis.sidings.snapshot().inView.length === all, cars.length);
    await page.keyboard.press("z");
    await list.focus();
    await page.keyboard.press("z");
    await page.waitForFunction((all) => globalThis.sidings.snapshot().inView.length < all, cars.length);
    const { inView, view } = await snapshot(page);
    assert.ok(inView.includes(view.selected));
    assert.equal(await options.first().getAttribute("aria-setsize"), String(inView.length));
    await page.keyboard.press("f");
    await page.waitForFunction((all) => globalThis.sidings.snapshot().inView.length === all, cars.length);
  });
});

test("a selected railcar is dragged, and stretched by an end; a drag elsewhere moves the map, and Escape lets go", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    await page.getByRole("radio", { name: "Fade" }).check();
    await page.locator("#cars").focus();
    const car = async () => { const s = await snapshot(page); return s.cars.find(({ key }) => key === s.view.selected); };
    do await page.keyboard.press("q"); while ((await car()).status !== "new"); // a car of one date has one outline
    await page.keyboard.press("z"); // four pixels of the screen to one of the image
    await page.waitForTimeout(300);
    const there = await middle(page);
    const first = await car();
    await drag(page, there, by(there, 40, 8));
    assert.deepEqual(await edits(page), ["move-railcar"]);
    assert.ok((await car()).placed);
    await page.keyboard.press("u");
    assert.deepEqual(await edits(page), []);
    const polygon = async () => { const d = await report(page); const c = await car(); return d[c.side].railcars.find(({ id }) => id === c.id).polygon_px; };
    const [a, b] = await polygon();
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    const gsd = (await snapshot(page)).images[first.side].gsdM;
    const reach = (metres) => [Math.cos(angle), Math.sin(angle)].map((v) => (v * metres * 4) / gsd);
    const end = by(there, ...reach(first.lengthM / 2));
    await drag(page, end, by(end, ...reach(3)));
    assert.deepEqual(await edits(page), ["stretch-railcar"]);
    assert.ok(Math.abs((await car()).lengthM - first.lengthM - 3) < 0.8, `${(await car()).lengthM} was ${first.lengthM}`);
    await page.keyboard.press("u");
    await page.mouse.move(there.x, there.y);
    await page.mouse.down();
    await page.mouse.move(there.x + 60, there.y, { steps: 4 });
    assert.equal(await page.locator("path.dragged").count(), 2);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    assert.equal(await page.locator("path.dragged").count(), 0);
    const pane = () => page.locator(".leaflet-map-pane").first().evaluate((e) => e.style.transform);
    const was = await pane();
    await drag(page, by(there, 0, 180), by(there, 90, 240));
    assert.deepEqual(await edits(page), []);
    assert.notEqual(await pane(), was, "the map moved");
  });
});

test("a railcar is added by a drag along it, a gantry drawn in one go, and what it hides is not claimed", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    const first = await snapshot(page);
    await page.locator("#cars").focus();
    for (const key of ["q", "z", "n"]) await page.keyboard.press(key);
    await page.waitForTimeout(500); // two maps make room for each other
    const there = by(await middle(page, 1), 0, -250);
    await drag(page, there, by(there, 90));
    await page.waitForFunction(() => globalThis.sidings.snapshot().corrections.placed === 1);
    assert.equal((await snapshot(page)).counts.after.estimate, first.counts.after.estimate + 1);
    assert.equal((await snapshot(page)).corrections.carBegan, false, "the click of the drag is nobody's");
    await page.keyboard.press("Escape"); // puts the tool away
    await page.getByRole("button", { name: "Draw areas" }).click();
    const { x, y, width, height } = await page.locator(".plate").nth(1).boundingBox();
    const place = (u, v) => ({ x: x + u * width, y: y + v * height });
    await drag(page, place(0.1, 0.1), place(0.9, 0.1), place(0.9, 0.9), place(0.1, 0.9), place(0.1, 0.15));
    assert.ok((await snapshot(page)).corrections.corners >= 4);
    await page.getByRole("button", { name: "It is a gantry" }).click();
    const hidden = await snapshot(page);
    assert.ok(hidden.counts.after.estimate < first.counts.after.estimate && hidden.counts.before.estimate < first.counts.before.estimate);
    assert.deepEqual((await edits(page)).slice(-1), ["draw-gantry"]);
    await page.getByRole("button", { name: "Close" }).click();
    assert.equal(await page.locator("path.area").count(), 2);
    await layer(page, "Gantries").uncheck();
    assert.equal(await page.locator("path.area").count(), 0);
  });
});

test("a track is bent by a drag, and cut by keyboard alone; each is undone", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await ready(page);
    await page.getByRole("button", { name: "Correct the tracks" }).click();
    await page.waitForTimeout(500);
    const list = page.getByRole("listbox", { name: "Tracks" });
    await list.focus();
    await page.keyboard.press("Home");
    const tracks = async () => (await snapshot(page)).corrections.tracks;
    const all = (await tracks()).length;
    const pin = await page.locator(".plate").first().locator(".pin").nth(1).boundingBox();
    await drag(page, pin, by(pin, 12, 25));
    assert.deepEqual(await edits(page), ["bend-track"]);
    assert.equal((await tracks()).length, all);
    assert.ok((await tracks()).find(({ selected }) => selected), "the bent one is selected");
    await page.keyboard.press("u");
    assert.deepEqual(await edits(page), []);
    await list.focus();
    await page.keyboard.press("Home");
    await command(page, { type: "bendTrack" });
    await page.getByText("Point at the place of the selected track that is to move.").waitFor();
    await page.keyboard.press("Escape");
    assert.equal((await snapshot(page)).corrections.doing, null);
    await page.keyboard.press("c");
    await page.getByText("Point at the place where the selected track is to be cut.").waitFor();
    const map = page.locator(".plate").first();
    await map.focus();
    await page.keyboard.press("Space");
    assert.deepEqual(await edits(page), ["cut-track"]);
    assert.equal((await tracks()).length, all + 1);
    while ((await snapshot(page)).corrections.canUndo) await page.keyboard.press("u");
    assert.equal((await tracks()).length, all);
  });
});
