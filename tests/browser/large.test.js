// Images that need more memory than there is: said at once, with what would fit, and read as an overview at a click.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import { launch } from "./browser.js";
import { COMPARED, PAGES, example, onPage, phase, pick, report, write } from "./page.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const SIDE = 60_000;
const TILE = 1024;

/** 3,600 megapixels in a file of some hundred kilobytes: a TIFF whose tiles are left out but for nine, which hold stripes. */
function hugeTiff() {
  const across = Math.ceil(SIDE / TILE);
  const stripes = Buffer.alloc(TILE * TILE, 0);
  for (let i = 0; i < stripes.length; i++) stripes[i] = 60 + 40 * ((i >> 14) % 4) + ((i % TILE) >> 5);
  const tile = deflateSync(stripes);
  const present = new Set([0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => (20 + y) * across + 20 + x)));
  const count = across * across;
  const tags = [[256, 4, 1, SIDE], [257, 4, 1, SIDE], [258, 3, 1, 8], [259, 3, 1, 8], [262, 3, 1, 1], [277, 3, 1, 1], [322, 4, 1, TILE], [323, 4, 1, TILE]];
  const lists = 8 + 2 + 12 * (tags.length + 2) + 4;
  tags.push([324, 4, count, lists], [325, 4, count, lists + 4 * count]);
  const head = Buffer.alloc(lists + 8 * count);
  head.write("II*\0", "latin1");
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(tags.length, 8);
  tags.forEach(([tag, kind, n, value], k) => {
    const at = 10 + 12 * k;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(kind, at + 2);
    head.writeUInt32LE(n, at + 4);
    head.writeUInt32LE(value, at + 8);
  });
  [...present].forEach((index, k) => {
    head.writeUInt32LE(head.length + k * tile.length, lists + 4 * index);
    head.writeUInt32LE(tile.length, lists + 4 * count + 4 * index);
  });
  return Buffer.concat([head, ...Array(present.size).fill(tile)]);
}

/** As a machine of so many gigabytes would have it. */
const memory = (page, gigabytes) => page.addInitScript((gb) => Object.defineProperty(Navigator.prototype, "deviceMemory", { get: () => gb }), gigabytes)
  .then(() => page.reload()).then(() => phase(page, "empty"));

const button = (page) => page.getByRole("button", { name: "Open the smaller copy" });

test("an image of 60,000 × 60,000 is said to be too large before it is decoded, and its overview opens", async () => {
  const file = write("huge.tif", hugeTiff());
  await onPage(browser, PAGES["pkg/sidings.html"], {}, async (page) => {
    await pick(page, [file]);
    assert.equal(await phase(page, "refused", "ready"), "refused");
    const card = page.locator(".offer");
    const said = (await card.innerText()).replace(/\s+/g, " ");
    assert.match(said, /huge\.tif/);
    assert.match(said, /60,000 × 60,000 pixels/);
    assert.match(said, /7,500 × 7,500 pixels fits: each of its pixels is the mean of 8 × 8/);
    assert.match(said, /crop the images to the yard/);
    const taken = await page.evaluate(() => globalThis.sidings.memoryBytes());
    assert.ok(Math.max(...taken) < 2 ** 26, `nothing of it is decoded: ${taken}`);
    await button(page).click();
    assert.equal(await phase(page, "empty", "refused"), "empty");
    const { images, problems, offer } = await page.evaluate(() => globalThis.sidings.snapshot());
    assert.deepEqual([images.before.width, images.before.height], [7500, 7500]);
    assert.equal(offer, null);
    assert.deepEqual(problems.map(({ code }) => code), ["one-image"]);
  });
});

test("a pair too large for the machine is compared on its overviews, and the report says so", async () => {
  await onPage(browser, PAGES["pkg/sidings.html"], {}, async (page) => {
    await memory(page, 0.02);
    await pick(page, example());
    assert.equal(await phase(page, "refused", "ready"), "refused");
    const { offer, problems } = await page.evaluate(() => globalThis.sidings.snapshot());
    assert.equal(offer.images.length, 2);
    assert.deepEqual(problems.map(({ code }) => code), ["too-large", "too-large"]);
    await button(page).press("Enter");
    await phase(page, "ready", "refused");
    const { provenance, warnings } = await report(page);
    const reductions = provenance.inputs.filter(({ role }) => ["before", "after"].includes(role)).map(({ reduction }) => reduction);
    assert.deepEqual(reductions, offer.images.map(({ by }) => by));
    assert.ok(reductions.some((by) => by > 1));
    assert.ok(warnings.some(({ code, message }) => code === "read-reduced" && /1\/\d+ of its resolution/.test(message)), JSON.stringify(warnings));
  });
});

const WORLD = "0.5\n0\n0\n-0.5\n632000\n4698000\n";
const UTM_52 = 'PROJCS["WGS 84 / UTM zone 52N",AUTHORITY["EPSG","32652"]]';

/** The example, and files beside it that tell its scale. */
const placed = () => example().flatMap((file) => {
  const stem = file.split(/[\\/]/).pop().replace(/\.\w+$/, "");
  return [file, write(`${stem}.pgw`, WORLD), write(`${stem}.prj`, UTM_52)];
});

for (const [told, files] of [["whose scale is known", placed], ["whose scale is not known", example]]) {
  test(`a pair ${told}, so large that two workers may not hold both of its images, is counted the same as any other`, async () => {
    const answers = [];
    for (const gigabytes of [8, 0.05]) {
      await onPage(browser, PAGES["pkg/sidings.html"], {}, async (page) => {
        await memory(page, gigabytes);
        await page.evaluate(() => {
          globalThis.steps = [];
          setInterval(() => globalThis.steps.push(globalThis.sidings.snapshot().step?.name), 1);
        });
        await pick(page, files());
        assert.equal(await phase(page, "ready", "refused"), "ready");
        const steps = await page.evaluate(() => [...new Set(globalThis.steps)].filter((name) => /^align|^detect/.test(name)));
        assert.equal(steps[0] === "align", gigabytes === 8, `what needs both waits when they are large: ${steps}`);
        const answer = await report(page);
        answers.push(COMPARED.map((part) => answer[part]));
      });
    }
    assert.deepEqual(answers[1], answers[0]);
  });
}

const snapshot = (page) => page.evaluate(() => globalThis.sidings.snapshot());

/** Lets a test reach the workers as the page holds them. */
const keepWorkers = () => {
  globalThis.kept = [];
  const Plain = Worker;
  globalThis.Worker = class extends Plain {
    constructor(...from) {
      super(...from);
      globalThis.kept.push(this);
    }
  };
};

test("a worker that dies is replaced, the reader is told, and the same images give the answer all the same", async () => {
  await onPage(browser, PAGES["pkg/sidings.html"], {}, async (page) => {
    await page.addInitScript(keepWorkers);
    await page.reload();
    await phase(page, "empty");
    await pick(page, example());
    await page.waitForFunction(() => globalThis.sidings.snapshot().step?.name === "align");
    // As a browser ends one that runs out of memory: an error event and not a word.
    await page.evaluate(() => globalThis.kept.forEach((worker) => worker.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }))));
    assert.equal(await phase(page, "refused", "ready"), "refused");
    const { images, problems } = await snapshot(page);
    assert.ok(images.before && images.after, "nothing that was loaded is lost");
    assert.match(problems.find(({ code }) => code === "crashed").message, /memory may be too small/);
    await page.getByRole("button", { name: "Run again" }).click();
    assert.equal(await phase(page, "ready", "refused"), "ready");
    const painted = () => [...document.querySelectorAll("#map canvas")].some((canvas) => canvas.getContext("2d").getImageData(128, 128, 1, 1).data[3] === 255);
    await page.waitForFunction(painted);
  });
});

test("cancel ends the workers that are at work, and their memory with them, within the command", async () => {
  await onPage(browser, PAGES["pkg/sidings.html"], {}, async (page) => {
    await pick(page, example());
    await page.waitForFunction(() => globalThis.sidings.snapshot().step?.name === "detect-before" || globalThis.sidings.snapshot().phase === "ready");
    assert.equal((await snapshot(page)).phase, "working", "the example takes longer than a look at it");
    const workers = page.workers();
    const ended = new Promise((resolve) => workers.forEach((worker) => worker.on("close", resolve)));
    const [held, left] = await page.evaluate(() => {
      const sum = () => globalThis.sidings.memoryBytes().reduce((all, bytes) => all + bytes);
      const before = sum();
      globalThis.sidings.command({ type: "cancel" });
      return [before, sum()];
    });
    assert.ok(left < held, `${held} bytes before, ${left} after`);
    await ended;
    assert.equal((await snapshot(page)).phase, "refused");
    assert.deepEqual(Object.values((await snapshot(page)).images).map((image) => Boolean(image)), [true, true]);
  });
});
