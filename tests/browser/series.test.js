// Several pairs of one place in one project: three dates make a series, and every pair comes back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.js";
import { OUT, PAGES, drop, example, handedOut, onPage, phase, pick, write } from "./page.js";
import { sound } from "./sound.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const snapshot = (page) => page.evaluate(() => globalThis.sidings.snapshot());
const listed = async (page) => (await snapshot(page)).project.pairs.map(({ before: b, after: a, open }) => [b.date, a.date, open]);
const series = async (page) => (await snapshot(page)).record.looks.filter(({ project }) => project).map(({ date }) => date);
const NAME = (pair) => new RegExp(`^Open: the pair of ${pair}`);

async function ready(page) {
  await page.waitForFunction(() => document.documentElement.dataset.phase === "working");
  assert.equal(await phase(page, "ready", "refused"), "ready");
}

/** The newer image again, as if it had been taken a year later: other bytes, since a comment stands in it, and the same picture. */
function later(file) {
  const png = readFileSync(file);
  const body = Buffer.from("tEXtComment\0a year later");
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  crc.writeUInt32BE(crc32(body));
  const end = 8 + 25; // after the signature and the header
  return write("yard-2024-10-05.png", Buffer.concat([png.subarray(0, end), length, body, crc, png.subarray(end)]));
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

test("a second pair makes a series of three dates; either comes back, also from the browser's store and from a file", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    const [older, newer] = example();
    const third = later(newer);
    await pick(page, [older, newer]);
    await ready(page);
    await page.locator("#cars").focus();
    await page.keyboard.press("q");
    await page.keyboard.press("s");
    const first = (await snapshot(page)).counts;
    await page.locator(".project-section summary").click();
    await page.getByRole("button", { name: "Add another pair" }).click();
    await phase(page, "empty");
    await page.getByText(/^The project keeps 1 pair of this place/).waitFor();
    await pick(page, [newer, third]);
    await ready(page);
    assert.deepEqual(await listed(page), [["2023-09-14", "2023-10-05", false], ["2023-10-05", "2024-10-05", true]]);
    assert.deepEqual(await series(page), ["2023-09-14", "2023-10-05"]);
    assert.deepEqual((await snapshot(page)).record.chart.marks.map(({ kind }) => kind), ["project", "project", "now"]);
    assert.equal((await snapshot(page)).corrections.placed, 0, "corrections are of their pair");
    await sound(page, "three dates");
    // By keyboard back to the first, whose images still lie here.
    await page.getByRole("button", { name: NAME("14 Sept? 2023") }).focus();
    await page.keyboard.press("Enter");
    await ready(page);
    assert.deepEqual((await snapshot(page)).counts, first);
    assert.deepEqual(await series(page), ["2023-09-14", "2024-10-05"]);
    assert.deepEqual(await listed(page), [["2023-09-14", "2023-10-05", true], ["2023-10-05", "2024-10-05", false]]);
    const file = join(OUT, "fixtures", "series.sidings");
    await handedOut(page, () => page.getByRole("button", { name: "Save the project" }).click(), file);
    await page.waitForTimeout(2000); // the store is written once it is quiet
    await page.reload();
    await phase(page, "empty");
    await page.getByRole("button", { name: "Go on with it" }).press("Enter");
    assert.deepEqual((await snapshot(page)).project.wanted.map(({ file: name }) => name), [older, newer].map((path) => path.split("/").pop()));
    await page.getByRole("button", { name: NAME("5 Oct 2023") }).click();
    assert.deepEqual((await snapshot(page)).project.wanted.map(({ file: name }) => name), [newer, third].map((path) => path.split("/").pop()));
    await page.getByRole("button", { name: "Forget the project with all 2 pairs" }).click();
    await drop(page, [file]);
    await page.getByText(/^series\.sidings waits for these images/).waitFor();
    assert.deepEqual(await listed(page), [["2023-09-14", "2023-10-05", true], ["2023-10-05", "2024-10-05", false]]);
    await sound(page, "a project of two pairs that waits");
    // The pair that waits is taken out alone; the other one takes its place.
    await page.getByRole("button", { name: /^Take out: the pair of 14 Sept? 2023/ }).click();
    assert.deepEqual(await listed(page), [["2023-10-05", "2024-10-05", true]]);
    await page.getByRole("button", { name: "Forget the project", exact: true }).waitFor();
  });
});
