// Every state of the page that ships, looked at by axe: on a desk in the light, on a phone in the dark. The journeys of the other tests look at more.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch } from "./browser.js";
import { elsewhere, mistakes } from "./fixtures.js";
import { PAGES, example, onPage, phase, pick, write } from "./page.js";
import { sound } from "./sound.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const command = (page, value) => page.evaluate((c) => { globalThis.sidings.command(c); }, value);
const dialogs = async (page, names) => {
  for (const name of names) {
    await page.evaluate((id) => document.getElementById(id).showModal(), name);
    await sound(page, name);
    await page.keyboard.press("Escape");
  }
};

/** The example under names that say no date and have no end. */
const nameless = () => example().map((file, n) => write(`${"a very long name of the northern yard and its approaches ".repeat(3)}${n}.png`, readFileSync(file)));

const PHONE = { viewport: { width: 375, height: 812 }, colorScheme: "dark" };

for (const [name, options] of [["desk", {}], ["phone", PHONE]]) {
  test(`${name}: empty, at work, with an answer, every part open, every tool in hand`, async () => {
    await onPage(browser, PAGES["index.html"], options, async (page) => {
      await sound(page, "empty");
      await dialogs(page, ["help", "privacy", "shortcuts"]);
      await pick(page, nameless());
      await phase(page, "working", "ready");
      const seen = new Set();
      for (let step = "read"; step; step = await page.evaluate(() => globalThis.sidings.snapshot().step?.name)) {
        if (!seen.has(step)) await sound(page, step);
        seen.add(step);
        await page.waitForTimeout(20);
      }
      assert.equal(await phase(page, "ready", "refused"), "ready");
      assert.ok(seen.size > 1, `at work only ${[...seen]} was looked at`);
      await sound(page, "ready, without dates");
      await command(page, { type: "setFacility", id: "tumangang" });
      await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
      await page.getByText(/^It will have/).waitFor(); // the size of the story
      await sound(page, "every part open");
      for (const mode of ["swipeVertical", "fade", "side"]) {
        await command(page, { type: "setMode", mode });
        await sound(page, mode);
      }
      await page.getByRole("button", { name: "As a table" }).click();
      await sound(page, "table");
      await page.keyboard.press("Escape");
      for (const tool of ["points", "scale", "cars", "areas"]) {
        await command(page, { type: "takeTool", tool });
        await sound(page, tool);
        await command(page, { type: "takeTool", tool: "none" });
      }
    });
  });
}

test("phone: refused, stopped, with a bad file, broken down", async () => {
  const other = await elsewhere(browser);
  const bad = mistakes()["not an image"];
  await onPage(browser, PAGES["index.html"], PHONE, async (page, { errors }) => {
    const [older] = example();
    await pick(page, [older]);
    await page.getByText(older.split("/").pop()).first().waitFor();
    await sound(page, "one image");
    await pick(page, [bad]);
    await page.locator(".problem, .refusal").first().waitFor();
    await sound(page, "a bad file");
    await command(page, { type: "clear" });
    await pick(page, [older, other]);
    await phase(page, "working");
    await command(page, { type: "cancel" });
    await sound(page, "stopped");
    await command(page, { type: "run" });
    assert.equal(await phase(page, "refused", "ready"), "refused");
    await sound(page, "two places");
    await page.evaluate(() => dispatchEvent(new ErrorEvent("error", { error: new WebAssembly.RuntimeError("unreachable") })));
    await page.getByRole("dialog", { name: "The page broke down" }).waitFor();
    await sound(page, "broken down");
    errors.length = 0;
  });
});
