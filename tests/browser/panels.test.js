// The panels in a real browser, from made-up snapshots: readable by everyone, usable without a mouse, at home in any window.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { languages } from "../../www/locales/all.js";
import { launch } from "./browser.js";
import { panelSite } from "./panels/site.js";

const FACES = ["empty", "one", "bad file", "working", "looked over", "ready", "fade", "warned", "coarse", "pointing", "first point", "measuring", "corrected", "tracks", "drawing a track", "placed", "recorded", "shaping", "adding a car", "drawing an area", "waiting", "refused", "one bad", "too large", "stopped", "broken",
  "nothing", "one car", "two thousand", "somewhere", "several-pairs", "pairs-refused", "another-pair"];
const WINDOWS = { desk: [1440, 900], laptop: [1280, 720], phone: [375, 812], wall: [3840, 2160] };
const SMALLEST_TARGET_PX = 24;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const axe = readFileSync(here("../../node_modules/axe-core/axe.min.js"), "utf8");
let site;
let browser;

before(async () => {
  site = await panelSite();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  site?.remove();
});

/** Runs `look` on a page of its own; an error on the page is an error of the test. */
async function onPage(options, look) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("dialog", (dialog) => errors.push(`a dialog: ${dialog.message()}`));
  await page.goto(site.url);
  await look(page);
  assert.deepEqual(errors, []);
  await context.close();
}

/** Opened over whatever face is shown. */
const DIALOGS = ["help", "privacy", "shortcuts"];
const over = (page, name, look) => page.evaluate((id) => document.getElementById(id).showModal(), name).then(look).then(() => page.evaluate((id) => document.getElementById(id).close(), name));

const show = (page, face, language) => page.evaluate(([f, l]) => globalThis.panels.show(f, l), [face, language]);
const commands = (page) => page.evaluate(() => globalThis.panels.commands.filter((command) => command.type !== "setLabels"));

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing serious, ${colorScheme}`, async () => {
    await onPage({ colorScheme, bypassCSP: true }, async (page) => {
      await page.evaluate(axe);
      const sound = async (what) => {
        const found = await page.evaluate(async () => {
          // A button that has just changed its colours is still between the two.
          const ending = document.getAnimations().filter((animation) => animation.effect.getComputedTiming().endTime < Infinity);
          await Promise.allSettled(ending.map((animation) => animation.finished));
          const { violations } = await globalThis.axe.run({ preload: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
          return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html}`);
        });
        assert.deepEqual(found, [], what);
      };
      for (const face of FACES) {
        await show(page, face);
        await page.evaluate(() => document.querySelectorAll("#panel details, #overlay details").forEach((part) => { part.open = true; }));
        await sound(face);
      }
      for (const dialog of DIALOGS) await over(page, dialog, () => sound(dialog));
    });
  });
}

for (const [name, [width, height]] of Object.entries(WINDOWS)) {
  test(`the page fits the ${name} in every language and never scrolls as a whole`, async () => {
    await onPage({ viewport: { width, height } }, async (page) => {
      const fits = async (what) => {
        const beyond = await page.evaluate(() => {
          const { scrollWidth, scrollHeight } = document.documentElement;
          const cut = [...document.querySelectorAll(".card, .reading, .cars, dialog")].filter((e) => e.scrollWidth > e.clientWidth + 1);
          return [scrollWidth - innerWidth, scrollHeight - innerHeight, ...cut.map((e) => e.className)];
        });
        assert.deepEqual(beyond, [0, 0], what);
      };
      for (const language of Object.keys(languages)) {
        for (const face of FACES) {
          await show(page, face, language);
          await fits(`${face} in ${language}`);
        }
        for (const dialog of DIALOGS) await over(page, dialog, () => fits(`${dialog} in ${language}`));
      }
    });
  });
}

test("everything to aim at is 24 px or more", async () => {
  for (const [width, height] of Object.values(WINDOWS)) {
    await onPage({ viewport: { width, height } }, async (page) => {
      for (const face of FACES) {
        await show(page, face);
        const small = await page.evaluate((least) => {
          const aims = [...document.querySelectorAll("button, summary, select, label:has(input), .field input, .slider input, [role=option]")];
          return aims.map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < least || box.height < least - 0.01)).map(([text, box]) => `${text} ${box.width}×${box.height}`);
        }, SMALLEST_TARGET_PX);
        assert.deepEqual(small, [], face);
      }
    });
  }
});

test("what a file is called never becomes markup", async () => {
  await onPage({}, async (page) => {
    for (const face of ["bad file", "warned"]) await show(page, face);
    assert.equal(await page.locator("#panel img, #overlay img, #panel b, #overlay b").count(), 0);
    await show(page, "bad file");
    assert.match(await page.locator(".problem").innerText(), /<img src=x onerror=alert\(1\)>&quot;\.png[\s\S]*<b>at all<\/b>/);
  });
});

test("what is synthetic says so in every place where a figure stands", async () => {
  await onPage({}, async (page) => {
    await show(page, "warned");
    for (const place of ["#brand", ".headline", ".statement"]) assert.match(await page.locator(place).innerText(), /Synthetic example/);
    await show(page, "ready");
    assert.doesNotMatch(await page.locator("body").innerText(), /synthetic/i);
  });
});

test("an answer that is missing is called by its reason", async () => {
  await onPage({}, async (page) => {
    for (const [face, title] of [["refused", "No honest answer"], ["one bad", "One more image is needed"], ["too large", "Too large for this computer's memory"], ["stopped", "Stopped"], ["broken", "Something went wrong"]]) {
      await show(page, face);
      assert.equal(await page.locator("#refusal-title").innerText(), title);
      assert.equal(await page.getByRole("status").innerText(), title);
    }
  });
});

test("no count stands without its interval", async () => {
  await onPage({}, async (page) => {
    await show(page, "ready");
    const headline = await page.locator(".headline").innerText();
    for (const figure of [/≈\s*730[\s\S]*\(712–751\)\s*90 % interval/, /≈ 240 \(231–252\)/, /530\s+new\s+\(511–549\)/, /40\s+gone\s+\(33–47\)/]) {
      assert.match(headline, figure);
    }
    await show(page, "coarse");
    assert.doesNotMatch(await page.locator("#panel").innerText(), /railcars? *\(/);
    assert.match(await page.locator(".headline").innerText(), /0\.83[\s\S]*activity index[\s\S]*\(0\.70–0\.90\)/);
  });
});

test("the list goes by arrow keys, keeps the selected row in sight and can be narrowed", async () => {
  await onPage({}, async (page) => {
    await show(page, "ready");
    const list = page.getByRole("listbox", { name: "Railcars" });
    await list.focus();
    for (const key of ["ArrowDown", "ArrowDown", "PageDown", "End", "ArrowUp", "Home"]) await page.keyboard.press(key);
    assert.deepEqual((await commands(page)).map((command) => command.key), ["a1", "a2", "a12", "b40", "b39", "a1"]);
    await page.keyboard.press("End");
    assert.equal(await list.getAttribute("aria-activedescendant"), "car-b40");
    assert.ok(await page.evaluate(() => {
      const [row, box] = [document.getElementById("car-b40"), document.getElementById("cars")].map((e) => e.getBoundingClientRect());
      return row.top >= box.top - 1 && row.bottom <= box.bottom + 1;
    }), "the selected row is in sight");
    await page.getByRole("radio", { name: "Gone", exact: true }).check();
    assert.equal(await list.getByRole("option").first().getAttribute("aria-setsize"), "40");
    await page.getByRole("radio", { name: "All", exact: true }).check();
    assert.equal(await list.getByRole("option").first().getAttribute("aria-setsize"), "770");
    assert.ok(await list.getByRole("option").count() < 60, "only the rows in sight are in the page");
  });
});

test("what is drawn for one edit doesn't grow with the cars", async () => {
  await onPage({}, async (page) => {
    /** Nodes that come and go, texts and attributes that are written, when one car among all is accepted, and when the same is drawn again. */
    const work = (face) => page.evaluate(async (name) => {
      const seen = { childList: 0, characterData: 0, attributes: 0 };
      const observer = new MutationObserver((records) => records.forEach(({ type, addedNodes, removedNodes }) => {
        seen[type] += type === "childList" ? addedNodes.length + removedNodes.length : 1;
      }));
      const drawn = async (snapshot) => {
        globalThis.snapshots.edited = snapshot;
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        globalThis.panels.show("edited");
        await null; // records are handed over before the next task
        observer.disconnect();
        return Object.fromEntries(Object.keys(seen).map((type) => [type, seen[type] - (seen[type] = 0)]));
      };
      const whole = globalThis.snapshots[name];
      globalThis.panels.show(name);
      const accepted = { ...whole, cars: whole.cars.map((car, index) => ({ ...car, accepted: index === 2 })) };
      return { cars: whole.cars.length, edited: await drawn(accepted), again: await drawn(structuredClone(accepted)) };
    }, face);
    const [some, many] = [await work("ready"), await work("two thousand")];
    assert.ok(many.cars > 2 * some.cars, `${some.cars} and ${many.cars} cars`);
    assert.deepEqual(many.edited, some.edited);
    assert.ok(many.edited.childList > 0 && many.edited.childList < 20, JSON.stringify(many.edited));
    assert.deepEqual([many.again.childList, many.again.characterData], [0, 0], JSON.stringify(many.again));
  });
});

test("controls send commands", async () => {
  await onPage({}, async (page) => {
    await show(page, "warned");
    await page.getByRole("button", { name: "Swap before and after" }).click();
    await page.getByRole("radio", { name: "Side by side" }).check();
    await page.getByRole("checkbox", { name: "Tracks" }).check();
    await page.locator("summary", { hasText: "Images" }).click();
    await page.getByLabel("Scale").first().fill("0.31");
    await page.keyboard.press("Enter");
    await page.getByLabel("Scale").first().fill("0");
    await page.keyboard.press("Enter");
    await page.getByLabel("Date").nth(1).fill("2023-10-05");
    await page.getByRole("button", { name: /^Use .* as after$/ }).click();
    await show(page, "refused");
    await page.getByRole("button", { name: "Dismiss" }).click();
    assert.deepEqual(await commands(page), [
      { type: "swapDates" },
      { type: "setMode", mode: "side" },
      { type: "setLayer", layer: "tracks", on: true },
      { type: "setGsd", side: "before", gsdM: 0.31 },
      { type: "setDate", side: "after", date: "2023-10-05" },
      { type: "useImage", id: 3, side: "after" },
      { type: "dismissProblem", code: "not-the-same-place", file: null },
    ]);
  });
});

test("control points go by keys, clicks and buttons, and a length by its field", async () => {
  await onPage({}, async (page) => {
    await show(page, "pointing");
    const loupe = page.getByRole("button", { name: /^Point 4, After/ });
    await loupe.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Enter"); // points nowhere
    const box = await loupe.boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 4);
    await page.getByRole("button", { name: "Work on pair 2" }).click();
    await page.getByRole("button", { name: "Confirm: Pair 2" }).click();
    await page.getByRole("button", { name: "Delete pair 3" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Redo" }).click();
    await page.getByRole("button", { name: "Use these points" }).click();
    await page.getByRole("button", { name: "Close" }).first().click();
    const [left, down, { x, y, width, ...clicked }, ...rest] = await commands(page);
    assert.deepEqual([left, down, clicked, ...rest], [
      { type: "nudge", side: "after", direction: "left", fine: false },
      { type: "nudge", side: "after", direction: "down", fine: true },
      { type: "clickLoupe", side: "after" },
      { type: "activatePoint", id: 2 },
      { type: "confirmPoint", id: 2 },
      { type: "deletePoint", id: 3 },
      { type: "undoPoint" },
      { type: "redoPoint" },
      { type: "usePoints" },
      { type: "takeTool", tool: "none" },
    ]);
    assert.ok(Math.abs(x / width - 0.5) < 0.02 && Math.abs(y / width - 0.25) < 0.02, `${x}, ${y} of ${width}`);
    await show(page, "first point");
    assert.ok(await page.getByRole("button", { name: "Use these points" }).isDisabled());
    await show(page, "measuring");
    await page.getByLabel("Length", { exact: true }).fill("14.5");
    await page.keyboard.press("Enter");
    assert.deepEqual((await commands(page)).at(-1), { type: "setLength", lengthM: 14.5 });
  });
});

test("the alignment can be looked at, accepted, corrected and forgotten; the place can be named", async () => {
  await onPage({ reducedMotion: "reduce" }, async (page) => {
    await show(page, "placed");
    await page.locator("summary", { hasText: "Alignment" }).click();
    await page.getByLabel("Residuals as arrows").check();
    for (const name of ["Flicker at the worst place", "Accept", "Correct by hand", "Align automatically"]) await page.getByRole("button", { name, exact: true }).click();
    await page.locator("summary", { hasText: "Place and record" }).click();
    assert.equal(await page.getByLabel("Facility").inputValue(), "friendship-bridge");
    await page.getByLabel("Facility").selectOption("tumangang");
    await page.getByRole("button", { name: "Use the published figures" }).click();
    assert.deepEqual(await commands(page), [
      { type: "setLayer", layer: "residuals", on: true },
      { type: "showWorst" },
      { type: "acceptAlignment" },
      { type: "takeTool", tool: "points" },
      { type: "forgetPoints" },
      { type: "setFacility", id: "tumangang" },
      { type: "clearRecord" },
    ]);
  });
});

test("focus is never lost when a phase takes its control away, and the change is said once", async () => {
  await onPage({}, async (page) => {
    await show(page, "empty");
    await page.getByRole("button", { name: "Try the example" }).focus();
    await show(page, "working");
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Cancel");
    assert.equal(await page.getByRole("status").innerText(), "Looking for railcars in the later image");
    await show(page, "ready");
    assert.equal(await page.evaluate(() => document.activeElement.id), "headline-title");
    assert.equal(await page.getByRole("status").innerText(), "Done. Approximately 730 railcars on the later date (712–751).");
  });
});

test("the badge opens how to check, Escape closes it, and the language changes everything", async () => {
  await onPage({}, async (page) => {
    await show(page, "ready");
    await page.getByRole("button", { name: /^Nothing leaves/ }).click();
    await page.getByRole("dialog", { name: "Nothing leaves this computer" }).waitFor();
    await page.getByRole("dialog").getByLabel("Language").selectOption("ko");
    assert.equal(await page.evaluate(() => document.documentElement.lang), "ko");
    assert.equal(await page.locator("#cars-title").innerText(), "화차");
    assert.equal(await page.locator(".statement span").last().getAttribute("lang"), "en");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("dialog[open]").count(), 0);
    const labels = await page.evaluate(() => globalThis.panels.commands.filter((command) => command.type === "setLabels").at(-1).labels);
    assert.equal(labels.zoomIn, "확대");
  });
});

test("help opens from the bar and from the empty page, begins at its title, names its drawings, and gives the focus back", async () => {
  await onPage({}, async (page) => {
    await show(page, "empty");
    const dialog = page.getByRole("dialog", { name: "How it works" });
    for (const name of ["Help", "How it works"]) {
      await page.getByRole("button", { name, exact: true }).focus();
      await page.keyboard.press("Enter");
      await dialog.waitFor();
      assert.deepEqual(await page.evaluate(() => [document.activeElement.id, document.getElementById("help").scrollTop]), ["help-title", 0]);
      await page.keyboard.press("Escape");
      assert.equal(await page.evaluate(() => (document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent).trim()), name);
    }
    await show(page, "ready", "ru");
    await page.getByRole("button", { name: "Справка" }).click();
    const said = await page.getByRole("dialog").getByRole("img").evaluateAll((all) => all.map((e) => e.getAttribute("aria-label")));
    assert.equal(new Set(said.filter((text) => /[а-я]{4}/.test(text))).size, 5);
    await page.getByRole("dialog").getByRole("button", { name: "Закрыть" }).click();
    assert.equal(await page.locator("dialog[open]").count(), 0);
  });
});

test("blink can't be chosen where the reader asked for reduced motion", async () => {
  await onPage({ reducedMotion: "reduce" }, async (page) => {
    await show(page, "ready");
    assert.ok(await page.getByRole("radio", { name: "Blink" }).isDisabled());
  });
});

test("the sentence reaches the clipboard", async () => {
  await onPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await show(page, "ready");
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^On images of 14 September 2023/);
  });
});
