// The same strangers' files in Firefox: names, a project full of markup and a record, then the example as ever.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { launchFirefox, skip, until } from "./firefox.js";
import { PAGES, outward } from "./page.js";
import { MARKUP, NAMES, SEEN, dates, hand, unharmed, zip } from "./strangers.js";

test("Firefox: names, projects and records of a stranger run nothing and ask for nothing", { skip }, async () => {
  const browser = await launchFirefox();
  try {
    const page = await browser.newPage();
    const [errors, requests] = [[], []];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    page.on("dialog", (dialog) => {
      errors.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    await page.goto(pathToFileURL(PAGES["pkg/sidings.html"]).href);
    const phase = (...wanted) => until(page, (names) => names.includes(document.documentElement.dataset.phase), wanted);
    const clear = () => page.evaluate(() => { globalThis.sidings.command({ type: "clear" }); });
    const told = async (what) => {
      await until(page, () => Boolean(document.querySelector(".problem")));
      await unharmed(page, what);
      return page.evaluate(() => globalThis.sidings.snapshot().problems);
    };
    await phase("empty");
    for (const [what, name] of Object.entries(NAMES)) {
      await hand(page, { [`${name}.png`]: "no picture" });
      const problems = await told(what);
      assert.equal(problems.length, 1, `${what}: ${JSON.stringify(problems)}`);
      await clear();
    }
    const image = (side) => ({ file: `${MARKUP}.png`, bytes: 1e15, sha256: MARKUP, side, date: MARKUP });
    const state = { schema: "sidings/project@2", version: MARKUP, saved_at: MARKUP, pairs: [{ images: [image("before"), image("after")], edition: [MARKUP, MARKUP, MARKUP, MARKUP] }], open: 0, facility: "__proto__", places: [{ id: "__proto__", name: MARKUP, lat: 42.4, lon: 130.6, note: MARKUP }] };
    await hand(page, { [`${MARKUP}.sidings`]: zip({ "state.json": JSON.stringify(state).replace(/}$/, ',"__proto__":{"polluted":1}}') }) });
    await until(page, () => globalThis.sidings.snapshot().project.wanted.length === 2);
    await unharmed(page, "a project that waits");
    assert.ok((await page.evaluate(() => document.body.innerText)).includes(SEEN));
    await clear();
    await hand(page, dates(`${MARKUP} 2023-09-14.png`, `${MARKUP} 2023-10-05.png`));
    await phase("ready", "refused");
    await hand(page, { [`${MARKUP}.csv`]: `date,count,source\n2019-05-02,18,"${MARKUP.replaceAll('"', '""')}"\n` });
    await until(page, () => globalThis.sidings.snapshot().record.looks.length === 1);
    await page.evaluate(() => { for (const part of document.querySelectorAll("#panel details")) part.open = true; });
    await unharmed(page, "an answer with a record");
    const { estimate, low, high } = await page.evaluate(() => globalThis.sidings.report().after.count);
    assert.ok(low <= estimate && estimate <= high && estimate > 0);
    assert.deepEqual([outward(requests), errors], [[], []]);
  } finally {
    await browser.close();
  }
});
