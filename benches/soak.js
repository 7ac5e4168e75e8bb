// Anything a person may do, at random and for long: `node benches/soak.js --minutes 60 [--seed 7]`, after the example was drawn to out/example (`cargo xtask test` does).
// It presses whatever can be pressed, types, drags, drops, exports and starts over, and stops with a failure at an error on the page, a request that would leave, a page
// that no longer answers, or memory that grows beyond the bound. A failure tells the seed and the last actions; the same seed does the same again as far as the
// page's answers come in the same order.
import { parseArgs } from "node:util";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "../tests/browser/browser.js";
import { gauged, held, rendererOf } from "../tests/browser/gauges.js";
import { PAGES, example, outward } from "../tests/browser/page.js";

const { values } = parseArgs({ options: { minutes: { type: "string", default: "60" }, seed: { type: "string", default: String(Date.now() % 1e9) }, path: { type: "string", default: PAGES["pkg/sidings.html"] } } });
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];

/** Actions that a failure tells. */
const LAST = 20;
/** An action that takes longer hangs. */
const ACTION_MS = 30_000;
/** The page answers a command within this, whatever its workers do. */
const ANSWER_MS = 10_000;
/** Between two looks at what is held; each takes everything off the desk first. */
const GAUGE_MS = 120_000;
/** More than at the first look: what undo, caches of the browser and its own code may take, nothing that adds up. */
const BOUND = { heapMb: 8, nodes: 3000, listeners: 200, documents: 1, workers: 0, processMb: 250 };

/** Draws that a seed repeats (mulberry32). */
let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const among = (list) => list[Math.floor(random() * list.length)];
const whole = (n) => Math.floor(random() * n);

const KEYS = ["a", "x", "u", "y", "q", "s", "n", "f", "b", "m", "r", "d", "w", "e", "+", "-", "?", "[", "]", "Tab", "Shift+Tab", "Enter", "Space", "Escape", "Delete", "Backspace", "Home", "End", "PageDown", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Shift+ArrowLeft", "Alt+ArrowUp", "Control+z", "Control+Shift+z"];
const TEXTS = ["", "0", "0.5", "-1", "1e308", "2023-10-05", "9999-12-31", "42.4, 130.6", "52T DN 12345 67890", "<b>bold</b>", "=1+1", "русский текст", "\u202Eabc", "x".repeat(5000)];
const FILES = {
  "counts.csv": "date,count,source\n2019-05-02,18,ours\n2021-08-11,7,ours\n", "broken.csv": "date\n<b>,", "tracks.geojson": '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[100,200],[700,300]]}}]}',
  "broken.kml": "<kml><a>", "no-picture.png": "These are the minutes.", "synthetic-yard-2023-09-14.pgw": "0.5\n0\n0\n-0.5\n631845.25\n4697842.75\n", "broken.sidings": "PK", "nothing.jpg": "",
};

/** What can be pressed now, by what a reader would call it; links that only move the focus are not among them. */
const PRESSABLE = "button, summary, select, input[type=checkbox], input[type=radio], input[type=range], [role=option], .leaflet-control a, a[href^='#']";
const FIELDS = "input[type=text], input[type=number], input[type=date], input:not([type]), textarea, input[type=search]";

const ACTIONS = [
  [30, "press", async (page) => onOne(page, PRESSABLE, async (it, named) => {
    if (named.startsWith("select ")) {
      const options = await it.locator("option").count();
      await it.selectOption({ index: whole(options) }, { timeout: 2000 });
    } else await it.click({ timeout: 2000, noWaitAfter: true });
    return named;
  })],
  [20, "key", async (page) => { const key = among(KEYS); await page.keyboard.press(key); return key; }],
  [6, "focus a map", async (page) => { await page.evaluate((n) => { const all = document.querySelectorAll(".plate, #cars"); all[n % (all.length || 1)]?.focus(); }, whole(4)); return ""; }],
  [8, "drag", async (page) => {
    const [x, y, dx, dy] = [200 + whole(900), 120 + whole(650), whole(500) - 250, whole(400) - 200];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + dx, y + dy, { steps: 4 });
    await page.mouse.up();
    return `${x},${y} by ${dx},${dy}`;
  }],
  [8, "click", async (page) => { const [x, y] = [150 + whole(1000), 80 + whole(780)]; await page.mouse.click(x, y, { clickCount: 1 + whole(2) }); return `${x},${y}`; }],
  [5, "wheel", async (page) => { await page.mouse.move(400 + whole(500), 300 + whole(300)); const by = whole(800) - 400; await page.mouse.wheel(0, by); return `${by}`; }],
  [8, "type", async (page) => onOne(page, FIELDS, async (it, named) => {
    const text = among(TEXTS);
    await it.fill(text, { timeout: 2000 }).catch(() => it.pressSequentially(text.slice(0, 20), { timeout: 2000 }));
    await page.keyboard.press("Enter");
    return `${named} ← ${JSON.stringify(text.slice(0, 30))}`;
  })],
  [4, "unfold", async (page) => { await page.evaluate(() => { for (const part of document.querySelectorAll("#panel details")) part.open = true; }); return ""; }],
  [2, "the example", async (page) => { await page.evaluate(() => { globalThis.sidings.command({ type: "example" }); }); return ""; }],
  [4, "two images", async (page) => { await give(page, Object.fromEntries(example().map((path) => [basename(path), readFileSync(path)]))); return ""; }],
  [5, "a file", async (page) => { const name = among(Object.keys(FILES)); await give(page, { [name]: FILES[name] }); return name; }],
  [2, "one image", async (page) => { const path = among(example()); await give(page, { [basename(path)]: readFileSync(path) }); return basename(path); }],
  [3, "window", async (page) => { const [width, height] = among([[1440, 900], [375, 812], [800, 600], [320, 640]]); await page.setViewportSize({ width, height }); return `${width} × ${height}`; }],
  [1, "reload", async (page) => { await page.reload(); await page.waitForFunction(() => globalThis.sidings); return ""; }],
  [8, "wait", async (page) => { const ms = whole(1500); await page.waitForTimeout(ms); return `${ms} ms`; }],
  [6, "until it is settled", async (page) => { await page.waitForFunction(() => ["ready", "refused", "empty"].includes(document.documentElement.dataset.phase), null, { timeout: 120_000 }); return ""; }],
];
const WEIGHT = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

/** Does something with one of the visible elements; one that went away meanwhile or lies under another is left alone. */
async function onOne(page, selector, act) {
  const all = page.locator(selector).filter({ visible: true });
  const n = await all.count();
  if (!n) return "nothing there";
  const it = all.nth(whole(n));
  const named = await it.evaluate((e) => `${e.tagName.toLowerCase()} ${(e.getAttribute("aria-label") ?? e.id ?? "") || e.textContent.trim().slice(0, 40)}`, null, { timeout: 2000 }).catch(() => null);
  if (named === null) return "gone before it could be named";
  try {
    return await act(it, named);
  } catch (error) {
    return `${named}: not to be had (${error.message.split("\n")[0].slice(0, 60)})`;
  }
}

const give = (page, files) => page.evaluate((list) => {
  globalThis.sidings.open(list.map(([name, base64]) => new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name)));
}, Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString("base64")]));

const within = (ms, what, act) => {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms); });
  return Promise.race([act, late]).finally(() => clearTimeout(timer));
};

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, offline: true, acceptDownloads: true, permissions: ["clipboard-read", "clipboard-write"] });
const page = await context.newPage();
const [errors, done, counted] = [[], [], {}];
context.on("request", (request) => outward([request.url()]).length && errors.push(`a request to ${request.url()}`));
page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
page.on("crash", () => errors.push("the page crashed"));
page.on("dialog", (dialog) => { errors.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
page.on("download", (download) => { counted.downloads = (counted.downloads ?? 0) + 1; download.delete().catch(() => {}); });
page.on("filechooser", () => { counted.choosers = (counted.choosers ?? 0) + 1; });
context.on("page", (other) => errors.push(`another page: ${other.url()}`));

await page.goto(pathToFileURL(values.path).href);
await page.waitForFunction(() => globalThis.sidings);
const [cdp, pid] = [await gauged(page), await rendererOf(browser)];
const phase = () => page.evaluate(() => document.documentElement.dataset.phase);

/** Everything off the desk, then what is still held. */
async function look() {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => { for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close(); });
  await page.evaluate(() => { for (const type of ["cancel", "clear"]) globalThis.sidings.command({ type }); });
  await page.waitForFunction(() => document.documentElement.dataset.phase === "empty", null, { timeout: ACTION_MS });
  await page.waitForTimeout(1500);
  return held(page, cdp, pid);
}

/** What is held though it hangs in no document any more, by its outermost elements. */
async function detached() {
  await cdp.send("DOM.enable");
  const { detachedNodes = [] } = await cdp.send("DOM.getDetachedDomNodes").catch(() => ({}));
  const size = (node) => 1 + (node.children ?? []).reduce((sum, child) => sum + size(child), 0);
  return JSON.stringify(detachedNodes.map(({ treeNode, retainedNodeIds }) => [treeNode.nodeName, ...(treeNode.attributes ?? []), `${size(treeNode)} nodes`, `${retainedNodeIds.length} of them by scripts`].join(" ")));
}

let failure = null;
let first = null;
let gaugedAt = 0;
let grownBefore = new Set();
const until = Date.now() + minutes * 60_000;
try {
  while (Date.now() < until) {
    let drawn = random() * WEIGHT;
    const [, name, act] = ACTIONS.find(([weight]) => (drawn -= weight) < 0);
    const said = await within(name === "until it is settled" ? 125_000 : ACTION_MS, name, act(page));
    done.push(`${name} ${said}`.trim());
    counted[name] = (counted[name] ?? 0) + 1;
    await within(ANSWER_MS, "an answer", page.evaluate(() => globalThis.sidings?.snapshot().phase));
    if (errors.length) throw new Error(errors.join("\n"));
    const broken = await page.evaluate(() => [...document.querySelectorAll("dialog[open]")].map((it) => it.textContent).find((text) => /broke down/.test(text)));
    if (broken) throw new Error(`the page says that it broke down: ${broken.slice(0, 500)}`);
    if (Date.now() - gaugedAt < (first ? GAUGE_MS : 60_000) && gaugedAt) continue;
    const now = await look();
    done.push("everything off the desk");
    if (gaugedAt && !first) first = now;
    gaugedAt = Date.now();
    console.log(`${done.length} actions: ${JSON.stringify(now, (_, value) => (typeof value === "number" ? Math.round(10 * value) / 10 : value))}`);
    const grown = Object.entries(first ? BOUND : {}).filter(([what, most]) => now[what] > first[what] + most);
    // What the browser lets go of by the next look was held by it, not by the page.
    for (const [what] of grown.filter(([what]) => grownBefore.has(what))) {
      throw new Error(`${what} grew from ${first[what]} to ${now[what]}\nheld though no longer on the page: ${await detached()}`);
    }
    grownBefore = new Set(grown.map(([what]) => what));
  }
} catch (error) {
  failure = [error.message, ...errors].join("\n");
}
console.log(`${done.length} actions in ${minutes} min, seed ${seed}: ${JSON.stringify(counted)}; it ended ${failure ? "early" : await phase()}.`);
if (failure) {
  console.log(`FAILED after ${done.length} actions. Seed ${seed}. The last ${LAST}:\n${done.slice(-LAST).map((it) => `  ${it}`).join("\n")}\n${failure}`);
  process.exitCode = 1;
}
await browser.close();
