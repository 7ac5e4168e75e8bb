// One look at the page in Firefox, opened from disk: it starts under its strict policy, and two images reach the answer of the command line.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { COMPARED, PAGES, PATIENCE_MS, example, fromTheCommandLine } from "./page.js";

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
