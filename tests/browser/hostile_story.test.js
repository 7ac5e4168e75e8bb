// Stories that somebody altered after they were made, opened from disk without a network: what was put in them runs nothing and asks for nothing, in the story and
// in what *Count again* says of it. What a person wrote into a story in the first place stays text, too.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch } from "./browser.js";
import { OUT, PAGES, PATIENCE_MS, example, outward } from "./page.js";
import { CAPTION, exported, tampered } from "./stories.js";
import { HOST, MARKUP, SEEN, unharmed } from "./strangers.js";

/** What a page would use to run something or to ask somebody, put in as markup that a browser reads. */
const PUT_IN = `<img src="${HOST}/i" onerror="globalThis.pwned=1"><img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script><svg onload="globalThis.pwned=1"></svg>
<link rel="stylesheet" href="${HOST}/c"><link rel="prefetch" href="${HOST}/p"><link rel="preload" as="image" href="${HOST}/l"><iframe src="${HOST}/f"></iframe><iframe srcdoc="<script>parent.pwned=1</script>"></iframe>
<object data="${HOST}/o"></object><embed src="${HOST}/e"><video src="${HOST}/v" autoplay></video><style>@import url("${HOST}/s"); body { background: url("${HOST}/b") }</style>
<p style="background:url(${HOST}/a)">a</p><form action="${HOST}/m"><input autofocus onfocus="globalThis.pwned=1"></form><base href="${HOST}/">`;

let browser;
let whole;
before(async () => {
  browser = await launch();
  whole = exported("hostile", { engine: true });
});
after(() => browser?.close());

/** Opens a story without a network. What its policy stops is told on the console by the browser; nothing else may be. */
async function reading(path, look, { stopped }) {
  const context = await browser.newContext({ viewport: { width: 1024, height: 800 }, offline: true });
  context.setDefaultTimeout(PATIENCE_MS);
  const [requests, errors, failures] = [[], [], new Map()];
  context.on("request", (request) => requests.push(request.url()));
  context.on("requestfailed", (request) => failures.set(request.url(), request.failure()?.errorText));
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("dialog", (dialog) => {
    errors.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  try {
    await page.goto(pathToFileURL(path).href);
    await page.evaluate(() => { for (const part of document.querySelectorAll("details")) part.open = true; });
    await look(page);
    await page.waitForTimeout(300);
    assert.deepEqual(await page.evaluate(() => [globalThis.pwned, Object.keys(Object.prototype)]), [undefined, []]);
    assert.deepEqual(outward(requests).filter((url) => !stopped || failures.get(url) !== "csp"), [], "requests that would leave");
    assert.deepEqual(errors.filter((text) => !stopped || !/Content Security Policy|ERR_BLOCKED_BY_CSP/.test(text)), []);
  } finally {
    await context.close();
  }
}

async function countedAgain(page) {
  await page.getByRole("button", { name: "Count again" }).click();
  await page.locator("#verdict[data-reproduced]").waitFor();
  return page.locator("#verdict").evaluate((verdict) => verdict.dataset.reproduced);
}

test("markup put into the text of a story runs nothing, and Count again says that it isn't what was made", async () => {
  await reading(tampered(whole, "put-in.html", [`${CAPTION}</p>`, `${CAPTION}</p>${PUT_IN}`]), async (page) => {
    assert.ok(await page.locator(`img[src="${HOST}/i"]`).count(), "the markup stands in the story");
    assert.equal(await countedAgain(page), "false");
    assert.equal(await page.locator("#verdict :is(img, script, svg, iframe)").count(), 0);
  }, { stopped: true });
});

test("a story whose data was altered is told from one that wasn't, whatever stands in them", async () => {
  const html = readFileSync(join(whole, "story.html"), "utf8");
  const data = /<script type="application\/json" id="story">(.*?)<\/script>/s.exec(html)[1];
  const said = JSON.stringify(MARKUP).replaceAll("<", "\\u003c");
  const changes = {
    markup: data.replaceAll(JSON.stringify(CAPTION), () => said),
    "enormous numbers": data.replace(/"estimate":\d+(\.\d+)?/g, '"estimate":1e308'),
    prototypes: data.replace(/^\{/, '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'),
    "no JSON": "{", nothing: "", "deep lists": "[".repeat(100_000),
  };
  for (const [what, altered] of Object.entries(changes)) {
    assert.notEqual(altered, data, what);
    await reading(tampered(whole, "data.html", [data, () => altered]), async (page) => {
      assert.notEqual(await countedAgain(page), "true", what);
      await unharmed(page, what);
      assert.ok(await page.locator("#verdict").innerText(), what);
      assert.ok(await page.locator("#divider").isVisible(), `${what}: the pictures are still there`);
    }, { stopped: false });
  }
});

test("a story made with markup in all that a person writes shows it as text, and counts again", async () => {
  const folder = join(OUT, "stories", "written");
  const said = ["credit", "licence", "caption", "place"].flatMap((name) => [`--${name}`, MARKUP]);
  execFileSync(process.env.SIDINGS, ["compare", ...example(), "--out", folder, ...said, "--engine", PAGES["pkg/sidings.html"]], { stdio: "ignore" });
  await reading(join(folder, "story.html"), async (page) => {
    await unharmed(page, "as made");
    assert.ok((await page.evaluate(() => document.body.innerText)).includes(SEEN));
    assert.equal(await countedAgain(page), "true");
    await unharmed(page, "counted again");
  }, { stopped: false });
});
