// The browser that the tests drive: the system's own Chromium, kept from speaking to anybody by itself; with BROWSER=firefox the system's own Firefox.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { fingerInFirefox, handedOutByFirefox, launchFirefox, workersInFirefox } from "./driven_firefox.js";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FIREFOX = ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox", "C:\\Program Files\\Mozilla Firefox\\firefox.exe"];
const QUIET = ["quic", "background-networking", "component-update", "sync"].map((what) => `--disable-${what}`);

export const IN_FIREFOX = process.env.BROWSER === "firefox";

export function launch() {
  const [places, named] = IN_FIREFOX ? [FIREFOX, "FIREFOX"] : [CHROMIUM, "CHROMIUM"];
  const executablePath = process.env[named] ?? places.find(existsSync);
  if (!executablePath) throw new Error(`There is no browser at the usual places. Install it, or name it in ${named}.`);
  return IN_FIREFOX ? launchFirefox(executablePath) : chromium.launch({ executablePath, args: ["--no-sandbox", "--no-first-run", ...QUIET] });
}

/** What the page hands out when `act` is done: its name, and a copy of it at `path` where one is given; `path` may be made from the name. */
export async function handedOut(page, act, path) {
  const place = (name) => (typeof path === "function" ? path(name) : path);
  if (IN_FIREFOX) return handedOutByFirefox(page, act, place);
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  const name = download.suggestedFilename();
  if (path) await download.saveAs(place(name));
  return name;
}

/** A finger, on a page that was opened with `hasTouch`. */
export async function finger(page) {
  if (IN_FIREFOX) return fingerInFirefox(page);
  const cdp = await page.context().newCDPSession(page);
  const touch = (type, ...touchPoints) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints });
  return { down: (x, y) => touch("touchStart", { x, y }), move: (x, y) => touch("touchMove", { x, y }), up: () => touch("touchEnd") };
}

/** How many workers a page has. */
export const workerCount = async (page) => (IN_FIREFOX ? workersInFirefox(page) : page.workers().length);
