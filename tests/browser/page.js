// The whole page in the system's own browser: opened from disk, every request and every long task on record.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export { IN_FIREFOX, finger, handedOut, workerCount } from "./browser.js";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Both forms of the page; they behave alike. */
export const PAGES = Object.fromEntries(["index.html", "pkg/sidings.html"].map((name) => [name, join(ROOT, name)]));

export const OUT = join(ROOT, "out");
const DATA = join(ROOT, "../shared/data/pairs");

/** The synthetic yard, drawn by the core before the tests start; the names carry the dates, so the older one is first. */
export const example = () => readdirSync(join(OUT, "example")).sort().map((file) => join(OUT, "example", file));

/** Longest that any answer may take on a busy machine; what it should take is measured, not waited for. */
export const PATIENCE_MS = 180_000;

/** A real pair that lies beside the checkout, or null. */
export function realPair(name) {
  const pair = ["before.jpg", "after.jpg"].map((file) => join(DATA, name, file));
  return pair.every(existsSync) ? pair : null;
}

/** Keeps what the page's thread did for longer than 50 ms, from the first moment on. */
const recordLongTasks = () => {
  // The page takes these away at its start; tests of the policy alone use what was there before.
  globalThis.untouched = { fetch: globalThis.fetch.bind(globalThis), WebSocket: globalThis.WebSocket, EventSource: globalThis.EventSource, XMLHttpRequest: globalThis.XMLHttpRequest, sendBeacon: navigator.sendBeacon.bind(navigator), createElement: document.createElement.bind(document) };
  globalThis.longTasks = [];
  if (!PerformanceObserver.supportedEntryTypes.includes("longtask")) return;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) globalThis.longTasks.push({ startTime, duration });
  }).observe({ type: "longtask" });
};

/**
 * Opens the page, waits until it is set up, runs `look`, and holds what always holds: no request but file:, blob: and data:,
 * and no error on the console.
 */
export async function onPage(browser, path, options, look) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const [requests, errors, failures] = [[], [], new Map()];
  context.on("request", (request) => requests.push(request.url()));
  context.on("requestfailed", (request) => failures.set(request.url(), request.failure()?.errorText));
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.addInitScript(recordLongTasks);
  try {
    await page.goto(pathToFileURL(path).href);
    await phase(page, "empty");
    await look(page, { requests, failures, errors });
    assert.deepEqual(outward(requests), [], "requests that would leave this computer");
    assert.deepEqual(errors, [], "errors on the page");
  } finally {
    await context.close();
  }
}

/** Requests that go anywhere but to the disk and the page's own memory. */
export const outward = (requests) => requests.filter((url) => !/^(file|blob|data):/.test(url));

/** Waits for one of these phases and says which came. */
export async function phase(page, ...wanted) {
  await page.waitForFunction((names) => names.includes(document.documentElement.dataset.phase), wanted);
  return page.evaluate(() => document.documentElement.dataset.phase);
}

/** Picks files as a reader does, and waits until the page has begun. */
export async function pick(page, files) {
  await page.setInputFiles("#files", files);
}

/** Drops files on the page as a file manager does. */
export async function drop(page, files) {
  const carried = files.map((file) => ({ name: file.split(/[\\/]/).pop(), base64: readFileSync(file).toString("base64") }));
  await page.evaluate((list) => {
    const dataTransfer = new DataTransfer();
    for (const { name, base64 } of list) dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    const target = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    for (const type of ["dragenter", "dragover", "drop"]) target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }, carried);
}

/** The `compare` document of what is shown. */
export const report = (page) => page.evaluate(() => globalThis.sidings.report());

/** Everything that is readable on the page. */
export const textOf = (page) => page.evaluate(() => document.body.innerText);

/** Draws a picture on a canvas of a page of its own and writes it to `out/`. `draw` runs there: (context, width, height, argument). */
export async function paint(browser, name, [width, height], draw, argument) {
  const page = await browser.newPage();
  const url = await page.evaluate(async ({ source, w, h, type, given }) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: w, height: h });
    await new Function(`return (${source})`)()(canvas.getContext("2d"), w, h, given);
    return canvas.toDataURL(type, 0.9);
  }, { source: draw.toString(), w: width, h: height, type: name.endsWith(".jpg") ? "image/jpeg" : "image/png", given: argument });
  await page.close();
  const path = join(OUT, "fixtures", name);
  mkdirSync(join(OUT, "fixtures"), { recursive: true });
  writeFileSync(path, Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
  return path;
}

/** Writes bytes to `out/`. */
export function write(name, bytes) {
  const path = join(OUT, "fixtures", name);
  mkdirSync(join(OUT, "fixtures"), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

// What every browser and the command line must give to the last digit.
export const COMPARED = ["registration", "before", "after", "change"];

export const fromTheCommandLine = (...options) =>
  JSON.parse(execFileSync(process.env.SIDINGS, ["compare", ...example(), ...options], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
