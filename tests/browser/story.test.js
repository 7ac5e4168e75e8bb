// A story as its readers meet it: opened from disk and in an article, by mouse, finger and keyboard, without script, on paper; and counted again.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { IN_FIREFOX, finger, launch } from "./browser.js";
import { PATIENCE_MS, ROOT } from "./page.js";
import { sound } from "./sound.js";
import { CAPTION, article, exported, tampered } from "./stories.js";

let browser;
let plain;
let whole;
before(async () => {
  browser = await launch();
  plain = exported("plain", { engine: false });
  whole = exported("whole", { engine: true });
});
after(() => browser?.close());


/** Opens a file, looks, and holds that it asked for nothing but files beside it and complained of nothing. */
async function reading(path, options, look, mayAsk = 1) {
  const context = await browser.newContext({ viewport: { width: 1024, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const [requests, errors] = [[], []];
  context.on("request", (request) => requests.push(request.url()));
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  try {
    await page.goto(pathToFileURL(path).href);
    await look(page);
    assert.deepEqual(requests.filter((url) => !/^(file|blob):/.test(url)), [], "nothing is asked for");
    if (!IN_FIREFOX) assert.equal(requests.filter((url) => url.startsWith("file:")).length, mayAsk); // its driver doesn't hear of files
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

const story = (folder) => join(folder, "story.html");
const divider = (frame) => frame.locator("#divider").evaluate((input) => Number(input.value));

test("a story is small, and with the engine it is as large as was said", () => {
  assert.ok(statSync(story(plain)).size <= 1_500_000);
  const viewer = ["story.js", "story.css"].map((name) => statSync(join(ROOT, "www/story", name)).size).reduce((a, b) => a + b);
  assert.ok(viewer <= 25_000, `${viewer}`);
  const html = readFileSync(story(whole), "utf8");
  const { engine } = JSON.parse(/<script type="application\/json" id="story">(.*?)<\/script>/s.exec(html)[1]);
  const more = statSync(story(whole)).size - statSync(story(plain)).size;
  assert.ok(Math.abs(more - engine.bytes) < 20_000, `${more} and ${engine.bytes}`);
});

test("by keyboard, and with the marks switched off", () => reading(story(plain), {}, async (page) => {
  await page.locator("#divider").focus();
  for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  assert.equal(await divider(page), 502);
  await page.keyboard.press("End");
  assert.equal(await page.locator("#divider").getAttribute("aria-valuetext"), "100 %");
  const shown = () => page.locator("#swipe svg").evaluate((svg) => getComputedStyle(document.querySelector("#scene-after .cars")).display !== "none" && svg.checkVisibility());
  assert.ok(await shown());
  await page.getByLabel("Show the marks").focus();
  await page.keyboard.press("Space");
  assert.ok(!await shown());
  await page.getByLabel("One above the other").check();
  assert.ok(await page.locator("#before").isVisible() && await page.locator("#after").isVisible() && !await page.locator("#swipe").isVisible());
}));

for (const [width, colorScheme] of [[320, "light"], [320, "dark"], [1600, "light"], [1600, "dark"]]) {
  test(`sound for every reader at ${width} px, ${colorScheme}`, () => reading(story(whole), { viewport: { width, height: 800 }, colorScheme }, async (page) => {
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
    await page.locator("summary").click();
    await sound(page, "the story");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out with everything open");
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `story-${width}-${colorScheme}.png`), fullPage: true });
  }));
}

test("without script both pictures stand there with their marks", () => reading(story(whole), { javaScriptEnabled: false }, async (page) => {
  for (const side of ["before", "after"]) {
    assert.ok(await page.locator(`#${side} svg`).isVisible(), side);
    assert.ok(await page.locator(`#scene-${side} .cars use`).first().isVisible(), `marks of ${side}`);
  }
  assert.ok(!await page.locator("#swipe").isVisible() && !await page.locator("#check").isVisible(), "what needs a script is not offered");
  assert.ok(await page.getByText(CAPTION).isVisible());
}));

test("on paper: both pictures and everything that is said, nothing to press", () => reading(story(plain), {}, async (page) => {
  await page.emulateMedia({ media: "print" });
  for (const id of ["before", "after"]) assert.ok(await page.locator(`#${id}`).isVisible(), id);
  assert.ok(!await page.locator("#swipe").isVisible() && !await page.locator(".tools").isVisible());
  assert.ok(await page.locator("details code").first().evaluate((code) => code.checkVisibility()), "how it was made, though nobody opened it");
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.subarray(0, 4).toString() === "%PDF" && pdf.length > 50_000, `${pdf.length}`);
}));

const frameOf = async (page) => {
  const holder = page.locator("iframe");
  await holder.evaluate((it) => it.scrollIntoView({ block: "nearest" })); // each driver has its own idea of what is in view
  const frame = await (await holder.elementHandle()).contentFrame();
  await frame.locator("#swipe").waitFor();
  return frame;
};

test("in an article: the frame has room before the story is there, and a mouse moves the divider", async () => {
  for (const width of [360, 700, 1200]) {
    await reading(article(plain), { viewport: { width, height: 900 } }, async (page) => {
      const frame = await frameOf(page);
      const [room, needed] = [await page.locator("iframe").evaluate((f) => f.clientHeight), await frame.evaluate(() => document.body.getBoundingClientRect().height)];
      assert.ok(room >= needed - 2 && room < needed + 180, `${width}: ${room} for ${needed}`);
      assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
      assert.ok(!await frame.locator(".about-compare").isVisible() && await frame.locator(".about-limits").isVisible(), "the short form");
      const box = await frame.locator("#swipe svg").boundingBox();
      const y = box.y + box.height / 2;
      await page.mouse.move(box.x + box.width * 0.2, y);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.8, y, { steps: 5 });
      await page.mouse.up();
      assert.ok(Math.abs(await divider(frame) - 800) < 20, `${await divider(frame)}`);
      await frame.locator(".more a").click();
      await frame.locator(".about-compare").waitFor();
    }, 2);
  }
});

test("in an article on a phone: a finger that goes sideways swipes, one that goes up scrolls the article", () =>
  reading(article(plain), { viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true }, async (page) => {
    const frame = await frameOf(page);
    const { down, move, up } = await finger(page);
    const { x, y, width, height } = await frame.locator("#swipe svg").boundingBox();
    const drag = async (dx, dy) => {
      const [startX, startY] = [x + width * 0.5, y + height * 0.6 - (await page.evaluate(() => scrollY)) + scrolledAtFirst];
      await down(startX, startY);
      for (let k = 1; k <= 10; k++) {
        await move(startX + (dx * k) / 10, startY + (dy * k) / 10);
        await page.waitForTimeout(16);
      }
      await up();
      await page.waitForTimeout(300);
    };
    const scrolledAtFirst = await page.evaluate(() => scrollY);
    await drag(-width * 0.3, 4);
    const swiped = await divider(frame);
    assert.ok(Math.abs(swiped - 200) < 40, `${swiped}`);
    assert.equal(await page.evaluate(() => scrollY), scrolledAtFirst, "the article stays where it is");
    await drag(6, -150);
    if (!IN_FIREFOX) assert.ok(await page.evaluate(() => scrollY) > scrolledAtFirst + 80, "the article goes on"); // a driver's finger scrolls nothing there
    assert.equal(await divider(frame), swiped, "and the divider stays where it is");
  }, 2));

test("the story tells its height to pages that listen as pym.js and iframe-resizer do", async () => {
  const host = `addEventListener("message", ({ data }) => (globalThis.heard ??= []).push(data));
    document.querySelector("iframe").addEventListener("load", ({ target }) => target.contentWindow.postMessage("[iFrameSizer]iFrameResizer0:8:false:true:32:true:true:null:bodyOffset:null:null:0:false:parent:scroll:true", "*"));`;
  await reading(article(plain, { name: "listening.html", host, query: "?childId=story-1&initialWidth=640" }), {}, async (page) => {
    const frame = await frameOf(page);
    const told = async (form) => {
      await page.waitForFunction((source) => globalThis.heard?.some((data) => new RegExp(source).test(data)), form.source);
      return Number(form.exec((await page.evaluate(() => globalThis.heard)).findLast((data) => form.test(data)))[1]);
    };
    const height = () => frame.evaluate(() => Math.ceil(document.body.getBoundingClientRect().height));
    const [pym, resizer] = [/^pymxPYMxstory-1xPYMxheightxPYMx(\d+)$/, /^\[iFrameSizer\]iFrameResizer0:(\d+):\d+:(?:init|size)$/];
    assert.deepEqual([await told(pym), await told(resizer)], [await height(), await height()]);
    await frame.getByLabel("One above the other").check();
    await page.waitForFunction((n) => globalThis.heard.length > n, await page.evaluate(() => globalThis.heard.length - 1));
    await page.waitForTimeout(200);
    assert.deepEqual([await told(pym), await told(resizer)], [await height(), await height()], "anew when it changes");
  }, 2);
});

/** Presses the button and waits for what it says. */
async function countedAgain(frame) {
  await frame.getByRole("button", { name: "Count again" }).click();
  await frame.locator("#verdict[data-reproduced]").waitFor();
  return frame.locator("#verdict").evaluate((verdict) => [verdict.dataset.reproduced, verdict.innerText]);
}

test("Count again reproduces a story, in a page of its own and in a frame", async () => {
  await reading(story(whole), {}, async (page) => {
    const [reproduced, text] = await countedAgain(page);
    assert.equal(reproduced, "true", text);
    const { after: { count } } = JSON.parse(readFileSync(join(whole, "report.json"), "utf8"));
    assert.ok(text.includes(`about ${count.estimate} (${count.low} to ${count.high})`) && text.includes("What a person set or changed"), text);
  });
  await reading(article(whole), {}, async (page) => {
    const frame = await frameOf(page);
    await frame.locator(".more a").click();
    const [reproduced, text] = await countedAgain(frame);
    assert.equal(reproduced, "true", text);
  }, 2);
});

test("Count again tells a story with another text from one with other pictures and cars", async () => {
  await reading(tampered(whole, "text.html", [`${CAPTION}</p>`, "Something else.</p>"]), {}, async (page) => {
    const [reproduced, text] = await countedAgain(page);
    assert.ok(reproduced === "false" && text.includes("the text") && !text.includes("a picture"), text);
  });
  const html = readFileSync(story(whole), "utf8");
  const [first, second] = [...html.matchAll(/href="data:image\/jpeg;base64,([^"]+)"/g)].map((match) => match[1]);
  const [, news] = /"new":(\[[\d,]+\])/.exec(html);
  await reading(tampered(whole, "pixels.html", [first, second], [`"new":${news}`, '"new":[]']), {}, async (page) => {
    const [reproduced, text] = await countedAgain(page);
    assert.ok(reproduced === "false" && text.includes("a picture") && text.includes("the marks of railcars"), text);
  });
});
