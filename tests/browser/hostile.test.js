// Files from a stranger who means harm, with the network cut and every request on record: names, projects, records, tracks, sidecars and stories. Nothing of
// them runs, nothing leaves, what they say is shown as text, and the page goes on working.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch } from "./browser.js";
import { corner } from "./fixtures.js";
import { OUT, PAGES, onPage, outward, phase, pick, textOf } from "./page.js";
import { HOST, MARKUP, NAMES, SEEN, altered, answered, dates, hand, stateOf, unharmed, zip } from "./strangers.js";

/** No answer here takes as long on a machine that is busy with other things. */
const LONGEST_MS = 60_000;

let browser;
let corners;
let usual;
before(async () => {
  browser = await launch();
  corners = await corner(browser);
  await onPage(browser, PAGES["pkg/sidings.html"], {}, async (page) => { usual = await answered(page, corners); });
});
after(() => browser?.close());

/** Opens the page without a network, does `act`, and holds that no harm was done and that the page still counts as ever. */
const visited = (act, options) => onPage(browser, PAGES["pkg/sidings.html"], { offline: true, acceptDownloads: true, ...options }, async (page) => {
  page.setDefaultTimeout(LONGEST_MS);
  const dialogs = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    dialog.dismiss();
  });
  await act(page);
  await unharmed(page, "at the end");
  assert.deepEqual(await answered(page, corners), usual, "the page counts as it did before");
  await unharmed(page, "after the example");
  assert.deepEqual(dialogs, []);
});

const snapshot = (page) => page.evaluate(() => globalThis.sidings.snapshot());
const clear = (page) => page.evaluate(() => { globalThis.sidings.command({ type: "clear" }); });
const unfold = (page) => page.evaluate(() => { for (const part of document.querySelectorAll("#panel details, #overlay details")) part.open = true; });

async function ready(page, files) {
  await hand(page, files);
  await phase(page, "working");
  assert.equal(await phase(page, "ready", "refused"), "ready", await textOf(page));
  await unfold(page);
}

/** Presses a button that makes a file, and gives back where it lies: under a name that a file system takes and nobody has to fear. */
async function made(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
  const suggested = download.suggestedFilename();
  assert.match(suggested, /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,150}\.(html|csv|kml|geojson|json|sidings|png)$/u);
  const path = join(OUT, "exported", "hostile", suggested);
  await download.saveAs(path);
  return path;
}

/** Makes the files whose text is read elsewhere; opens those that a browser opens, which ask for nothing and run nothing of the stranger's. */
async function exported(page) {
  for (const name of ["Story (HTML)", "Report to print"]) {
    const context = await browser.newContext({ offline: true });
    const requests = [];
    context.on("request", (request) => requests.push(request.url()));
    const reader = await context.newPage();
    await reader.goto(pathToFileURL(await made(page, name)).href);
    await reader.evaluate(() => { for (const part of document.querySelectorAll("details")) part.open = true; });
    await unharmed(reader, name);
    assert.deepEqual([outward(requests), requests.filter((url) => url.startsWith("file:")).length], [[], 1], name);
    await context.close();
  }
  const kml = readFileSync(await made(page, "KML"), "utf8");
  assert.ok(!kml.includes("<img src=x") && !kml.includes("<script"), "KML");
  JSON.parse(readFileSync(await made(page, "GeoJSON"), "utf8"));
  for (const name of ["Counts (CSV)", "Railcars (CSV)"]) {
    const cells = readFileSync(await made(page, name), "utf8").replace(/^\ufeff/, "").split(/\r\n|,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
    assert.deepEqual(cells.filter((cell) => /^"?\s*[=+@\t\r]|^"?\s*-(?!\d)/.test(cell)), [], `a formula in ${name}`);
  }
}

test("what a file is called is told as text, whatever it is", async () => {
  await visited(async (page) => {
    for (const [what, name] of Object.entries(NAMES)) {
      await hand(page, { [`${name}.png`]: "no picture" });
      await page.locator(".problem").first().waitFor();
      await unharmed(page, what);
      const { problems } = await snapshot(page);
      assert.equal(problems.length, 1, `${what}: ${JSON.stringify(problems)}`);
      assert.equal(problems[0].file, `${name.toWellFormed()}.png`, what);
      const [room, needed] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
      assert.ok(needed <= room, `${what} runs out of the window: ${needed} px`);
      assert.ok(await page.getByRole("button", { name: "Choose images" }).first().isVisible(), what);
      await clear(page);
    }
    await hand(page, { [`${MARKUP}.png`]: "no picture" });
    await page.getByText(SEEN).first().waitFor();
  });
});

for (const [what, [older, newer]] of Object.entries({
  markup: [`${MARKUP} 2023-09-14.png`, `${MARKUP} 2023-10-05.png`],
  "formulas and control characters": [`=1+1\u0000\u202E\r\n${NAMES["the way up"]} 2023-09-14.png`, `@SUM(1)\u001b ${"n".repeat(3000)} 2023-10-05.png`],
})) {
  test(`images with such names are counted, and every file made of them is harmless: ${what}`, async () => {
    await visited(async (page) => {
      await ready(page, dates(older, newer, corners));
      await unharmed(page, "the answer");
      await page.evaluate((text) => {
        globalThis.sidings.command({ type: "setEdition", credit: text, licence: text, caption: text, place: text });
        globalThis.sidings.command({ type: "addPlace", name: text.slice(0, 80), at: "42.4, 130.6" });
      }, what === "markup" ? MARKUP : "=1+1");
      await unfold(page);
      await unharmed(page, "texts");
      await exported(page);
      const saved = stateOf(await made(page, "Save the project"));
      assert.equal(saved.pairs[0].images.length, 2);
    });
  });
}

/** A project of the example with something in each of its fields, saved by the page. */
async function saved(page) {
  await pick(page, corners);
  await phase(page, "working");
  assert.equal(await phase(page, "ready", "refused"), "ready");
  await page.evaluate(() => {
    const { command, snapshot: now } = globalThis.sidings;
    const at = "2026-01-01T00:00:00Z";
    command({ type: "setEdition", credit: "Credit", licence: "Licence", caption: "Caption", place: "Place" });
    command({ type: "addPlace", name: "A place", at: "42.4, 130.6" });
    command({ type: "acceptCar", key: now().cars[0].key, at });
    command({ type: "shiftCar", key: now().cars[2].key, alongM: 1, acrossM: 0, at });
    command({ type: "rejectCar", key: now().cars[1].key, at });
    command({ type: "undoEdit" });
    globalThis.sidings.setRecord("record.csv", new TextEncoder().encode("date,count,source\n2019-05-02,18,ours\n"));
    command({ type: "addLook", side: "after", at });
  });
  await phase(page, "ready");
  await unfold(page);
  const state = stateOf(await made(page, "Save the project"));
  assert.deepEqual([state.pairs.length, state.places.length, state.added.length], [1, 1, 1]);
  return state;
}

test("a project with anything in any of its fields is opened or refused, and runs nothing", async () => {
  await visited(async (page) => {
    const state = await saved(page);
    await clear(page);
    const PROTOTYPE = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const ways = (value) => {
      if (typeof value === "string") return [JSON.stringify(MARKUP)];
      if (typeof value === "number") return ["1e308", "-1", "4294967297"];
      if (value === null) return [JSON.stringify(MARKUP), "1e308"];
      return Array.isArray(value) ? [PROTOTYPE] : [PROTOTYPE, JSON.stringify({ ...value, [MARKUP]: MARKUP }).replace(/}$/, `,"__proto__":{"polluted":1}}`)];
    };
    const ends = { refused: 0, opened: 0 };
    for (const [path, text] of altered(state, ways)) {
      await page.evaluate(() => { globalThis.sidings.command({ type: "clear" }); });
      await hand(page, { [`${SEEN}.sidings`]: zip({ "state.json": text }) });
      await page.waitForFunction(() => globalThis.sidings.snapshot().problems.length || globalThis.sidings.snapshot().project.wanted.length, null, { polling: 5 });
      const { problems, project } = await snapshot(page);
      ends[problems.length ? "refused" : "opened"] += 1;
      for (const { code, file } of problems) assert.ok(file.startsWith(SEEN) && /project$/.test(code), `${path}: ${code} of ${file}`);
      assert.equal(problems.length + Math.min(1, project.wanted.length), 1, path);
      await unharmed(page, path);
    }
    assert.ok(ends.refused > 20 && ends.opened > 20, JSON.stringify(ends));
    for (const torn of ["", "PK\x03\x04", zip({ "state.json": "[".repeat(100_000) }), zip({ "state.json": '{"schema":"sidings/project@3"}' }), zip({ "../../state.json": "{}", "images/0/../../x.png": "x" })]) {
      await clear(page);
      await hand(page, { "torn.sidings": torn });
      await page.locator(".problem").waitFor();
      await unharmed(page, "a torn project");
    }
  });
});

test("a project full of markup, with its images and with wrong hashes, is shown as text", async () => {
  await visited(async (page) => {
    const state = await saved(page);
    const [pair] = state.pairs;
    state.version = state.saved_at = state.facility = MARKUP;
    for (const image of pair.images) image.file = `${MARKUP}.png`;
    for (const edit of pair.edits) edit[1] = MARKUP;
    pair.edition.fill(MARKUP);
    pair.tracks = { file: `${MARKUP}.geojson`, text: MARKUP };
    for (const look of pair.looks) look.date = MARKUP;
    Object.assign(state.places[0], { id: "__proto__", name: MARKUP, note: MARKUP });
    Object.assign(state.record, { file: `${MARKUP}.csv`, text: `date,count,source,note,method\n2019-05-02,18,"${MARKUP.replaceAll('"', '""')}","${MARKUP.replaceAll('"', '""')}",=1+1\n` });
    const [older, newer] = corners.map((path) => readFileSync(path));
    await clear(page);
    await hand(page, { [`${MARKUP}.sidings`]: zip({ "state.json": JSON.stringify(state), [`images/0/${MARKUP}.png`]: older, [`images/1/../${MARKUP}.png`]: newer }) });
    await phase(page, "working");
    assert.equal(await phase(page, "ready", "refused"), "ready", await textOf(page));
    await unfold(page);
    await unharmed(page, "with its images");
    assert.ok((await textOf(page)).includes(SEEN));
    await exported(page);
    // With hashes of other images it waits, and says for what.
    for (const [n, image] of pair.images.entries()) image.sha256 = n ? "0".repeat(64) : MARKUP;
    await clear(page);
    await hand(page, { "wrong.sidings": zip({ "state.json": JSON.stringify(state) }), ...dates("a-2023-09-14.png", "b-2023-10-05.png", corners) });
    await page.waitForFunction(() => globalThis.sidings.snapshot().project.wanted.length === 2);
    await page.getByText("wrong.sidings").first().waitFor();
    await unharmed(page, "with wrong hashes");
  });
});

test("a record of markup and formulas is held against the count, and shown as text", async () => {
  await visited(async (page) => {
    const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
    const cells = [MARKUP, "=1+1", "@SUM(1)", "+1", "-1|cmd", "\u202Eabc", "{n}"];
    const text = ["date,count,kind,source,note,method", ...cells.map((cell, n) => `20${10 + n}-01-01,${10 + n},count,${[cell, cell, cell].map(quoted).join(",")}`)].join("\n");
    await ready(page, dates("a-2023-09-14.png", "b-2023-10-05.png", corners));
    await hand(page, { [`${MARKUP}.csv`]: text });
    await page.waitForFunction((n) => globalThis.sidings.snapshot().record.looks.length === n, cells.length);
    await unfold(page);
    await unharmed(page, "the record");
    const table = await page.locator(".record-table").innerText();
    for (const cell of cells) assert.ok(table.includes(cell), `${cell} is not in ${table}`);
    await exported(page);
    for (const [what, wrong] of Object.entries({
      "no number": `date,count\n2019-01-01,${quoted(MARKUP)}`, "no date": `date,count\n${quoted(MARKUP)},1`, "no kind": `date,count,kind\n2019-01-01,1,${quoted(MARKUP)}`,
      "an endless number": "date,count\n2019-01-01,1e999", "a year beyond": "date,count\n999999999999-01-01,1", "a million columns": `a${",a".repeat(1_000_000)}\n`, headless: MARKUP,
    })) {
      await hand(page, { [`${SEEN}.csv`]: wrong });
      await page.locator(".problem").first().waitFor();
      await unharmed(page, what);
      const { problems: [problem] } = await snapshot(page);
      assert.ok(problem.file.startsWith(SEEN), `${what}: ${JSON.stringify(problem)}`);
      await page.evaluate(({ code, file }) => { globalThis.sidings.command({ type: "dismissProblem", code, file }); }, problem);
    }
  });
});

const BOMB = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "${MARKUP.replaceAll(/["%&]/g, "")}">${Array.from({ length: 12 }, (_, n) => `<!ENTITY a${n + 1} "${`&a${n};`.repeat(10)}">`).join("")}<!ENTITY out SYSTEM "${HOST}/entity">]>`;

test("tracks of markup, entities and endless lines are refused by name or drawn, and ask for nothing", async () => {
  await visited(async (page) => {
    await ready(page, dates("a-2023-09-14.png", "b-2023-10-05.png", corners));
    const line = (coordinates, properties = {}) => JSON.stringify({ type: "FeatureCollection", features: [{ type: "Feature", properties, geometry: { type: "LineString", coordinates } }] });
    const endings = { "a.geojson": MARKUP, "b.geojson": line([[0, 0], [1e308, -1e308]]), "c.geojson": line([[MARKUP, MARKUP], [1, 2]]), "d.geojson": `${'{"a":'.repeat(50_000)}`,
      "e.geojson": '{"type":"FeatureCollection","__proto__":{"polluted":1},"features":[]}',
      "f.kml": `${BOMB}<kml><Placemark><name>&a12;&out;</name><LineString><coordinates>&a12;</coordinates></LineString></Placemark></kml>`,
      "g.kml": `<?xml version="1.0"?><?xml-stylesheet href="${HOST}/x.xsl" type="text/xsl"?><kml><NetworkLink><Link><href>${HOST}/x</href></Link></NetworkLink><Placemark><LineString><coordinates>${"1,1 ".repeat(3)}1e999,1</coordinates></LineString></Placemark></kml>`,
      "h.kml": `${"<a>".repeat(100_000)}` };
    for (const [name, content] of Object.entries(endings)) {
      const called = `${SEEN} ${name}`;
      await hand(page, { [called]: content });
      await page.waitForFunction((file) => globalThis.sidings.snapshot().problems.some((problem) => problem.file === file), called);
      await unharmed(page, name);
      await page.evaluate((file) => {
        for (const problem of globalThis.sidings.snapshot().problems.filter((it) => it.file === file)) globalThis.sidings.command({ type: "dismissProblem", code: problem.code, file });
      }, called);
      assert.equal(await phase(page, "ready", "refused"), "ready", "what was counted stays");
    }
    // Sound lines with a hostile name and hostile properties are taken.
    const along = (y) => [[100, y], [900, y]];
    await hand(page, { [`${MARKUP}.geojson`]: line(along(200), { name: MARKUP, id: "__proto__", href: `javascript:globalThis.pwned=1` }) });
    await page.waitForFunction(() => document.documentElement.dataset.phase === "working" || globalThis.sidings.snapshot().problems.length);
    await phase(page, "ready", "refused");
    await unharmed(page, "tracks that are taken");
  });
});

test("sidecars of markup, entities and enormous numbers leave the image countable", async () => {
  const [older, newer] = ["a-2023-09-14", "b-2023-10-05"];
  const beside = {
    "a world file of no numbers": { ".pgw": MARKUP },
    "a world file of enormous numbers": { ".pgw": "1e308\n0\n0\n-1e308\n1e308\n1e308\n", ".prj": 'PROJCS["x",AUTHORITY["EPSG","32652"]]' },
    "a projection of markup": { ".pgw": "0.5\n0\n0\n-0.5\n631845.25\n4697842.75\n", ".prj": MARKUP },
    "a projection without end": { ".pgw": "0.5\n0\n0\n-0.5\n631845.25\n4697842.75\n", ".prj": "PROJCS[".repeat(20_000) },
    "a bomb of entities": { ".png.aux.xml": `${BOMB}<PAMDataset><SRS>&a12;&out;</SRS><Metadata><MDI key="x">&a12;</MDI></Metadata></PAMDataset>` },
    "metadata of markup": { ".png.aux.xml": `<PAMDataset><SRS>${MARKUP.replaceAll("<", "&lt;").replaceAll("&", "&amp;")}</SRS><GeoTransform>1e308,nan,inf,-0,1e-308,x</GeoTransform></PAMDataset>` },
  };
  await visited(async (page) => {
    for (const [what, sidecars] of Object.entries(beside)) {
      const named = Object.fromEntries([older, newer].flatMap((stem) => Object.entries(sidecars).map(([ending, content]) => [`${stem}${ending}`, content])));
      await clear(page);
      await hand(page, { ...dates(`${older}.png`, `${newer}.png`, corners), ...named });
      await page.waitForFunction(() => document.documentElement.dataset.phase === "working" || globalThis.sidings.snapshot().problems.length);
      const end = await phase(page, "ready", "refused", "empty");
      await unfold(page);
      await unharmed(page, what);
      if (end !== "ready") assert.ok((await snapshot(page)).problems.some(({ file }) => file.startsWith(older) || file.startsWith(newer)), `${what}: ${end} without a file to blame`);
    }
  });
});
