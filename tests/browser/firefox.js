// Firefox as it stands, the page's policy and all: driven by puppeteer, which looks at a page without making code from strings, as long as it isn't asked to wait there.
import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { PATIENCE_MS } from "./page.js";

const PLACES = ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox", "C:\\Program Files\\Mozilla Firefox\\firefox.exe"];
const executablePath = process.env.FIREFOX ?? PLACES.find(existsSync);

/** Why a test of Firefox is left out; false where there is one. */
export const skip = !executablePath && "no Firefox; name one in FIREFOX";

export const launchFirefox = (options) => puppeteer.launch({ browser: "firefox", executablePath, protocolTimeout: PATIENCE_MS, ...options });

/** Between two looks at the page. */
const PAUSE_MS = 100;

/** Asks the page again and again until `told` says something, and gives that. What the driver itself would wait with on the page is made from a string, which the policy forbids. */
export async function until(page, told, ...values) {
  for (let left = PATIENCE_MS / PAUSE_MS; left > 0; left--) {
    const value = await page.evaluate(told, ...values);
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`never: ${told}`);
}

/** Sets the size of the window. The driver turns the screen as well, which not every Firefox knows; the size is set all the same. */
export async function resize(page, size) {
  await page.setViewport(size).catch((error) => {
    if (!/unknown command/.test(error.message)) throw error;
  });
}
