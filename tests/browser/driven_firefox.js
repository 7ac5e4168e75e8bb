// Firefox as Playwright drives it. Playwright speaks WebDriver BiDi with a Firefox that it hasn't patched, and newer versions of it ask for more than Firefox's
// long-term release knows, so an older one is kept for that.
//
// It looks at a page by eval. That gets past the page's policy as long as the driver itself asks, not when it leaves something to ask on the page: so waiting is done
// here. And it silently leaves out what a context is asked for beyond its size; that is made good for from inside the browser: colours, motion, paper, fingers,
// language, no script, and what the page complains of.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import older from "playwright-core-for-firefox";

/** What a page may be asked for, by the names that the driver and the browser have for it. */
const ASKED = {
  colorScheme: (value) => ["prefersColorSchemeOverride", value],
  reducedMotion: (value) => ["prefersReducedMotionOverride", value],
  forcedColors: (value) => ["forcedColorsOverride", value],
  media: (value) => ["mediumOverride", value],
  hasTouch: (value) => ["touchEventsOverride", value ? "enabled" : "none"],
  javaScriptEnabled: (value) => ["allowJavascript", value],
};

/** Where this process's Firefox saves what a page hands out. */
let saved;

export async function launchFirefox(executablePath) {
  if (!saved) {
    saved = mkdtempSync(join(tmpdir(), "sidings-saved-"));
    process.on("exit", () => rmSync(saved, { recursive: true, force: true }));
  }
  const firefoxUserPrefs = {
    "browser.download.dir": saved, "browser.download.folderList": 2, "browser.download.alwaysOpenPanel": false,
    "dom.events.testing.asyncClipboard": true, // nobody is there to allow it
  };
  const browser = await older._bidiFirefox.launch({ executablePath, firefoxUserPrefs, args: ["--remote-allow-system-access"] });
  const open = browser.newContext.bind(browser);
  browser.newContext = async ({ isMobile, permissions, ...options } = {}) => withWhatItAskedFor(await open(only(options, (name) => !(name in ASKED))), options);
  return browser;
}

const only = (options, wanted) => Object.fromEntries(Object.entries(options).filter(([name]) => wanted(name)));

function withWhatItAskedFor(context, options) {
  const open = context.newPage.bind(context);
  context.newPage = async () => {
    const page = await open();
    const { session, id } = lineTo(page);
    let photographing = false;
    session.on("log.entryAdded", ({ type, level, text }) => {
      if (photographing && /blocked an inline style/.test(text)) return; // the driver's own, to hold animations still
      if (type === "javascript" && level === "error") page.emit("pageerror", new Error(text));
    });
    page.waitForFunction = (told, value, { timeout } = {}) => until(page, told, value, page._timeoutSettings.timeout({ timeout }));
    const photograph = page.screenshot.bind(page);
    page.screenshot = async (wanted) => {
      photographing = true;
      return photograph(wanted).finally(() => { photographing = false; });
    };
    page.emulateMedia = (media) => ask(page, media);
    await ask(page, only(options, (name) => name in ASKED));
    if (options.locale) await session.send("emulation.setLocaleOverride", { locale: options.locale, contexts: [id] });
    return page;
  };
  return context;
}

/** The driver's own line to a page. */
function lineTo(page) {
  const { _session: session } = older._toImpl(page).delegate;
  return { session, id: session.sessionId };
}

async function ask(page, options) {
  const { session, id } = lineTo(page);
  const set = (context, values) => {
    const { NavigableManager } = ChromeUtils.importESModule("chrome://remote/content/shared/NavigableManager.sys.mjs");
    Object.assign(NavigableManager.getBrowsingContextById(context), values);
  };
  const values = Object.fromEntries(Object.entries(options).map(([name, value]) => ASKED[name](value)));
  const { contexts: [{ context: inside }] } = await session.send("browsingContext.getTree", { "moz:scope": "chrome" });
  const expression = `(${set})(${JSON.stringify(id)}, ${JSON.stringify(values)})`;
  const { type, exceptionDetails } = await session.send("script.evaluate", { expression, target: { context: inside }, awaitPromise: false });
  if (type !== "success") throw new Error(`Firefox can't be asked for ${Object.keys(options)}: ${exceptionDetails.text}`);
}

export function fingerInFirefox(page) {
  const { session, id } = lineTo(page);
  const act = (...actions) => session.send("input.performActions", { context: id, actions: [{ type: "pointer", id: "finger", parameters: { pointerType: "touch" }, actions }] });
  const move = (x, y) => ({ type: "pointerMove", x: Math.round(x), y: Math.round(y) });
  return { down: (x, y) => act(move(x, y), { type: "pointerDown", button: 0 }), move: (x, y) => act(move(x, y)), up: () => act({ type: "pointerUp", button: 0 }) };
}

/** How many workers a page has; what happens in them the driver doesn't see. */
export async function workersInFirefox(page) {
  const { session, id } = lineTo(page);
  const { realms } = await session.send("script.getRealms", {});
  const [own] = realms.filter(({ type, context, sandbox }) => type === "window" && context === id && !sandbox);
  return realms.filter(({ type, owners }) => type === "dedicated-worker" && owners.includes(own.realm)).length;
}

/** Between two looks. */
const PAUSE_MS = 50;

/** Asks the page again and again, and gives what it says once that is something. A page that is just being left is asked once more. */
async function until(page, told, value, timeoutMs) {
  for (let left = timeoutMs / PAUSE_MS; left > 0; left--) {
    const said = await page.evaluate(told, value).catch((error) => {
      if (!/context was destroyed|navigat|no such frame/i.test(error.message)) throw error;
    });
    if (said) return said;
    await page.waitForTimeout(PAUSE_MS);
  }
  throw new Error(`waited ${timeoutMs} ms in vain for ${told}`);
}

/** How often the folder of what was saved is looked at. */
const LOOKS = 1200;

export async function handedOutByFirefox(page, act, place) {
  for (const name of readdirSync(saved)) rmSync(join(saved, name));
  await act();
  for (let left = LOOKS; left; left--) {
    const names = readdirSync(saved);
    const name = names.find((it) => !it.endsWith(".part"));
    if (name && names.length === 1 && statSync(join(saved, name)).size) {
      const path = place(name);
      if (path) {
        mkdirSync(dirname(path), { recursive: true });
        cpSync(join(saved, name), path);
      }
      return name;
    }
    await page.waitForTimeout(PAUSE_MS);
  }
  throw new Error("the page handed out nothing within a minute");
}
