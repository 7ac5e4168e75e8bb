// How long the page takes, and how long it is deaf meanwhile: `cargo xtask bench`. Values, not verdicts: a clock says as much of
// the machine and of what else runs on it as of the page. Hence both the time that passed and the time that was computed.
import { readFileSync } from "node:fs";
import { launch } from "../tests/browser/chromium.js";
import { enlarged } from "../tests/browser/fixtures.js";
import { PAGES, onPage, phase, pick, realPair } from "../tests/browser/page.js";

const REAL = "muttenz-west-0.5-hard-106";
const LARGE_PX = 4096;
/** The large pair has no scale and no car in it: all of it is looked at from every side, which takes minutes. */
const LONGEST_MS = 1_200_000;
const GOALS = { answer: "10000", task: "100", start: "" };

const browser = await launch();
const rows = [];
const row = (what, page, ms, goal, note = "") => {
  rows.push([what, page, ms === null ? "–" : String(Math.round(ms)), goal, note]);
};

for (const [name, path] of Object.entries(PAGES)) {
  const began = performance.now();
  await onPage(browser, path, {}, async (page) => {
    row("page set up", name, performance.now() - began, GOALS.start);
    const pair = realPair(REAL);
    if (pair) row(`real pair at 0.5 m (${REAL})`, name, ...await answered(page, () => pick(page, pair)));
    else row(`real pair at 0.5 m (${REAL})`, name, null, GOALS.answer, "skipped, no ../shared/data");
  });
}
await onPage(browser, PAGES["index.html"], {}, async (page) => {
  row("the example, drawn and compared", "index.html", ...await answered(page, () => page.evaluate(() => { globalThis.sidings.command({ type: "example" }); })));
});
const large = await enlarged(browser, LARGE_PX);
await onPage(browser, PAGES["index.html"], {}, async (page) => {
  await page.evaluate(() => { globalThis.longTasks.length = 0; });
  await browser.startTracing(page, { categories: ["toplevel"] });
  row(`${LARGE_PX}² pair`, "index.html", ...await answered(page, () => pick(page, large)));
  const trace = JSON.parse((await browser.stopTracing()).toString());
  const tasks = await page.evaluate(() => globalThis.longTasks.map(({ duration }) => duration));
  row("  longest task of the page's thread, passed", "index.html", Math.max(0, ...tasks), GOALS.task, `${tasks.length} over 50`);
  row("  longest task of the page's thread, computed", "index.html", longestComputed(trace), GOALS.task);
});
await browser.close();
print();

/** Time until there is an answer, ms; what it was. */
async function answered(page, act) {
  page.setDefaultTimeout(LONGEST_MS);
  const began = performance.now();
  await act();
  await phase(page, "working");
  const end = await phase(page, "ready", "refused");
  return [performance.now() - began, GOALS.answer, end];
}

/** Processor time of the longest task on the main thread of the page that did most, ms. */
function longestComputed({ traceEvents }) {
  const threads = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const tasks = threads.map(({ pid, tid }) => traceEvents.filter((event) => event.pid === pid && event.tid === tid && /RunTask$/.test(event.name) && event.tdur));
  const total = (list) => list.reduce((sum, { tdur }) => sum + tdur, 0);
  const [busiest = []] = tasks.sort((a, b) => total(b) - total(a));
  return Math.max(0, ...busiest.map(({ tdur }) => tdur)) / 1000;
}

function print() {
  const table = [["ms on this machine", "page", "ms", "goal", ""], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  const load = readLoad();
  if (load) console.log(`load of the machine meanwhile: ${load}`);
  for (const cells of table) console.log(cells.map((cell, k) => (k === 2 || k === 3 ? cell.padStart(widths[k]) : cell.padEnd(widths[k]))).join("  ").trimEnd());
}

function readLoad() {
  try {
    return readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");
  } catch {
    return null;
  }
}
