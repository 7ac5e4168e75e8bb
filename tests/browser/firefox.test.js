// A look at the page and at a story in Firefox, opened from disk: the page starts under its strict policy, and two images reach the answer of the command
// line; the story swipes in an article, and counts itself again to what the command line found in it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { join } from "node:path";
import { COMPARED, PAGES, PATIENCE_MS, example, fromTheCommandLine } from "./page.js";
import { article, exported } from "./stories.js";

const PLACES = ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox", "C:\\Program Files\\Mozilla Firefox\\firefox.exe"];
const executablePath = process.env.FIREFOX ?? PLACES.find(existsSync);

test("Firefox: the page starts, and two images give an answer", { skip: !executablePath && "no Firefox; name one in FIREFOX" }, async () => {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, protocolTimeout: PATIENCE_MS });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(pathToFileURL(PAGES["index.html"]).href);
    const phase = async (...wanted) => {
      await page.waitForFunction((names) => names.includes(document.documentElement.dataset.phase), { timeout: PATIENCE_MS }, wanted);
      return page.evaluate(() => document.documentElement.dataset.phase);
    };
    await phase("empty");
    await (await page.$("#files")).uploadFile(...example());
    assert.equal(await phase("ready", "refused"), "ready");
    const shown = await page.evaluate(() => globalThis.sidings.report());
    const { after } = shown;
    if (process.env.SIDINGS) {
      const printed = fromTheCommandLine();
      for (const part of COMPARED) assert.deepEqual(shown[part], printed[part], part);
    }
    assert.ok(after.count.low <= after.count.estimate && after.count.estimate <= after.count.high, JSON.stringify(after.count));
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
});

test("Firefox: a story swipes in an article and counts itself again", { skip: !executablePath && "no Firefox; name one in FIREFOX" }, async () => {
  const folder = exported("firefox", { engine: true });
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, protocolTimeout: PATIENCE_MS, extraPrefsFirefox: { "dom.w3c_touch_events.enabled": 1 } });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.setViewport({ width: 700, height: 900 });
    await page.goto(pathToFileURL(article(folder)).href);
    const frame = await (await page.$("iframe")).contentFrame();
    const picture = await frame.waitForSelector("#swipe svg", { visible: true });
    const { x, y, width } = await picture.boundingBox();
    await page.mouse.move(x + width * 0.2, y + 20);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.7, y + 20, { steps: 5 });
    await page.mouse.up();
    const divider = () => frame.$eval("#divider", (input) => Number(input.value));
    assert.ok(Math.abs(await divider() - 700) < 20, `${await divider()}`);
    // A driver's finger scrolls nothing here; that it leaves the divider alone when it goes up can be seen all the same.
    const swipe = async (dx, dy) => {
      await page.touchscreen.touchStart(x + width * 0.5, y + 150);
      for (let k = 1; k <= 8; k++) await page.touchscreen.touchMove(x + width * 0.5 + (dx * k) / 8, y + 150 + (dy * k) / 8);
      await page.touchscreen.touchEnd();
    };
    await swipe(-width * 0.2, 3);
    assert.ok(Math.abs(await divider() - 300) < 20, `${await divider()}`);
    await swipe(5, -120);
    assert.ok(Math.abs(await divider() - 300) < 20, `${await divider()}`);
    await page.goto(pathToFileURL(join(folder, "story.html")).href);
    await (await page.waitForSelector("#check", { visible: true })).click();
    await page.waitForSelector("#verdict[data-reproduced]", { timeout: PATIENCE_MS });
    const [reproduced, text] = await page.$eval("#verdict", (verdict) => [verdict.dataset.reproduced, verdict.innerText]);
    assert.equal(reproduced, "true", text);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
});
