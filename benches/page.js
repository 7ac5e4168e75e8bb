// How long the page takes, how long it is deaf meanwhile and how much memory it needs, beside OpenCV.js in the same browser: `cargo xtask bench`.
// Values, not verdicts: a clock says as much of the machine and of what else runs on it as of the page. Takes pairs of files,
// writes JSON to standard output and says on standard error what it does.
import { readFileSync } from "node:fs";
import { launch } from "../tests/browser/browser.js";
import { PAGES, onPage, phase } from "../tests/browser/page.js";
import { byOpenCv } from "./peer.js";

const STARTS = 5;
const LONGEST_MS = 590_000;

const browser = await launch();
const out = { start: {}, jobs: [] };
for (const [name, path] of Object.entries(PAGES)) {
  const times = [];
  for (let k = 0; k < STARTS; k++) {
    const began = performance.now();
    await onPage(browser, path, {}, () => { times.push(performance.now() - began); });
  }
  out.start[name] = times.sort((a, b) => a - b)[(STARTS - 1) / 2];
}
const files = process.argv.slice(2);
for (let k = 0; k + 1 < files.length; k += 2) {
  const pair = [files[k], files[k + 1]];
  console.error(`${pair[0]}: the page`);
  const job = await byThePage(pair);
  console.error(`${pair[0]}: OpenCV.js`);
  out.jobs.push({ pair, ...job, openCv: await byOpenCv(browser, pair) });
}
await browser.close();
console.log(JSON.stringify(out));

/** The whole job: time of each step as it passed, the page's long tasks, the most memory that the page and its workers had. */
async function byThePage(pair) {
  let job = {};
  await onPage(browser, PAGES["pkg/sidings.html"], {}, async (page) => {
    page.setDefaultTimeout(LONGEST_MS);
    await page.evaluate(() => {
      globalThis.longTasks.length = 0;
      globalThis.steps = [];
      globalThis.preliminaryAt = null;
      globalThis.workersBytes = 0;
      const look = () => {
        const { step, preliminary } = globalThis.sidings.snapshot();
        if (preliminary.before && preliminary.after) globalThis.preliminaryAt ??= performance.now();
        globalThis.workersBytes = Math.max(globalThis.workersBytes, globalThis.sidings.memoryBytes().reduce((sum, bytes) => sum + bytes, 0));
        const name = step?.name;
        if (name && globalThis.steps.at(-1)?.name !== name) globalThis.steps.push({ name, at: performance.now() });
      };
      globalThis.watch = setInterval(look, 50);
    });
    const sides = pair.flatMap((file) => [file, file.replace(/jpg$/, "jgw"), file.replace(/jpg$/, "prj")]);
    const began = performance.now();
    const clock = await page.evaluate(() => performance.now());
    await page.setInputFiles("#files", sides);
    await phase(page, "working");
    const end = await phase(page, "ready", "refused");
    const ms = performance.now() - began;
    const seen = await page.evaluate(() => {
      clearInterval(globalThis.watch);
      const ends = [...globalThis.steps.slice(1).map(({ at }) => at), performance.now()];
      const { headline } = globalThis.sidings.snapshot();
      const { preliminaryAt, workersBytes } = globalThis;
      return { preliminaryAt, workersBytes, steps: globalThis.steps.map(({ name, at }, k) => [name, ends[k] - at]), tasks: globalThis.longTasks.map(({ duration }) => duration), headline };
    });
    const preliminaryMs = seen.preliminaryAt === null ? null : seen.preliminaryAt - clock;
    job = { ms, preliminaryMs, end, ...seen, peakMb: await peak() };
  }).catch((error) => { job = { ms: null, failed: error.message.split("\n")[0] }; });
  return job;
}

/** Most memory that the largest renderer has had so far, MB; null where the system doesn't tell. */
async function peak() {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const most = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => {
    try {
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))[1]) / 1024;
    } catch {
      return 0;
    }
  });
  await session.detach();
  return Math.max(0, ...most) || null;
}
