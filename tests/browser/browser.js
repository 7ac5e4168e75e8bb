// The browser that the tests drive: the system's own Chromium, kept from speaking to anybody by itself; with BROWSER=firefox the system's own Firefox.
//
// Playwright speaks WebDriver BiDi with a Firefox that it hasn't patched. Newer versions of it ask for more than Firefox's long-term release knows, so an
// older one is kept for that. It looks at a page by eval, which the policy of the page forbids: there the tests open a copy whose policy allows that one thing. That
// the policy holds in Firefox as it stands is tested elsewhere (firefox*.test.js).
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import older from "playwright-core-for-firefox";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FIREFOX = ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox", "C:\\Program Files\\Mozilla Firefox\\firefox.exe"];
const QUIET = ["quic", "background-networking", "component-update", "sync"].map((what) => `--disable-${what}`);

export const IN_FIREFOX = process.env.BROWSER === "firefox";

/** Of this process: the copies of the page that Firefox opens, and what it saves. */
const own = IN_FIREFOX ? ownFolder() : null;

/** Both forms of the page; they behave alike. */
export const PAGES = Object.fromEntries(["index.html", "pkg/sidings.html"].map((name) => [name, join(own ?? ROOT, name)]));

function ownFolder() {
  mkdirSync(join(ROOT, "out"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "out", "firefox-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(ROOT, "pkg"), join(folder, "pkg"), { recursive: true });
  mkdirSync(join(folder, "saved"));
  for (const name of ["index.html", "pkg/sidings.html"]) {
    const strict = readFileSync(join(ROOT, name), "utf8");
    writeFileSync(join(folder, name), strict.replace("script-src ", "script-src 'unsafe-eval' "));
  }
  return folder;
}

export function launch() {
  const [places, named] = IN_FIREFOX ? [FIREFOX, "FIREFOX"] : [CHROMIUM, "CHROMIUM"];
  const executablePath = process.env[named] ?? places.find(existsSync);
  if (!executablePath) throw new Error(`There is no browser at the usual places. Install it, or name it in ${named}.`);
  if (!IN_FIREFOX) return chromium.launch({ executablePath, args: ["--no-sandbox", "--no-first-run", ...QUIET] });
  const firefoxUserPrefs = { "browser.download.dir": join(own, "saved"), "browser.download.folderList": 2, "browser.download.alwaysOpenPanel": false };
  return older._bidiFirefox.launch({ executablePath, firefoxUserPrefs });
}

/** What the page hands out when `act` is done: its name, and a copy of it at `path` where one is given. */
export async function handedOut(page, act, path) {
  if (!IN_FIREFOX) {
    const [download] = await Promise.all([page.waitForEvent("download"), act()]);
    if (path) await download.saveAs(path);
    return download.suggestedFilename();
  }
  const saved = join(own, "saved");
  for (const name of readdirSync(saved)) rmSync(join(saved, name));
  await act();
  for (let left = 1200; left; left--) {
    const names = readdirSync(saved);
    const name = names.find((it) => !it.endsWith(".part"));
    if (name && names.length === 1 && statSync(join(saved, name)).size) {
      if (path) cpSync(join(saved, name), path);
      return name;
    }
    await page.waitForTimeout(50);
  }
  throw new Error("the page handed out nothing within a minute");
}
