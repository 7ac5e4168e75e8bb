// What a page holds on to, by the browser's own account.
import { readFileSync, readdirSync } from "node:fs";

/**
 * After everything that can be freed was freed: the heap of the page's thread, the core's memory, what hangs in the document, who listens, how many workers there
 * are, and what the page's process takes.
 */
export async function held(page, cdp, pid) {
  for (let n = 0; n < 3; n++) await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const of = (wanted) => metrics.find(({ name }) => name === wanted).value;
  return { heapMb: of("JSHeapUsedSize") / 1e6, nodes: of("Nodes"), listeners: of("JSEventListeners"), documents: of("Documents"), workers: page.workers().length, processMb: pid ? residentMb(pid) : NaN };
}

/** A session with the gauges on. */
export async function gauged(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  await cdp.send("HeapProfiler.enable");
  return cdp;
}

/** The process in which the only page of a browser runs, on Linux; null elsewhere. */
export async function rendererOf(browser) {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
  await cdp.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id).filter((id) => isRunning(id));
  if (!renderers.length) return null;
  return renderers.sort((a, b) => residentMb(b) - residentMb(a))[0];
}

const isRunning = (pid) => { try { return readdirSync(`/proc/${pid}`).length > 0; } catch { return false; } };

/** What of a process lies in memory. */
const residentMb = (pid) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1e3;
