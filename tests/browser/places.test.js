// Where images lie, own places, the tables beside the map; and the page for those who zoom in, see no colours or no motion.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { IN_FIREFOX, launch } from "./browser.js";
import { PAGES, example, onPage, phase, pick, write } from "./page.js";
import { panelSite } from "./panels/site.js";

/** A window of 1440 × 900 at 200 %, one of 1280 × 800 at 200 %, the narrowest that is asked for. */
const ZOOMED = [[720, 450], [640, 400], [320, 640]];
const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

let browser;
let site;
before(async () => {
  browser = await launch();
  site = await panelSite();
});
after(async () => {
  await browser?.close();
  site?.remove();
});

/** A page of panels from made-up snapshots. */
async function onPanels(options, look) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: true, ...options });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(site.url);
  await look(page);
  assert.deepEqual(errors, []);
  await context.close();
}

const faces = (page) => page.evaluate(() => Object.keys(globalThis.snapshots));
const show = (page, face, language = "en") => page.evaluate(([f, l]) => globalThis.panels.show(f, l), [face, language]);

for (const [width, height] of ZOOMED) {
  test(`at ${width} × ${height} nothing runs out of the window sideways, in any language`, async () => {
    await onPanels({ viewport: { width, height } }, async (page) => {
      for (const language of ["en", "ru"]) {
        for (const face of await faces(page)) {
          await show(page, face, language);
          const beyond = await page.evaluate(() => {
            for (const it of document.querySelectorAll("#panel details")) it.open = true;
            const cut = [...document.querySelectorAll("#top, .card, .reading, .cars, dialog, #toolbar")].filter((e) => e.scrollWidth > e.clientWidth + 1);
            return [Math.max(0, document.documentElement.scrollWidth - innerWidth), ...cut.map((e) => e.id || e.className)];
          });
          assert.deepEqual(beyond, [0], `${face} in ${language}`);
        }
      }
    });
  });
}

test("everything to aim at is 24 px or more, with all that can be opened open", async () => {
  for (const [width, height] of [[1440, 900], ...ZOOMED]) {
    await onPanels({ viewport: { width, height } }, async (page) => {
      for (const face of await faces(page)) {
        await show(page, face);
        const small = await page.evaluate(() => {
          for (const it of document.querySelectorAll("#panel details")) it.open = true;
          const aims = [...document.querySelectorAll("button, summary, select, a[href]:not(.skip), label:has(input), .field input, .slider input, [role=option], input:not(label input, .pick input, .field input, .slider input)")];
          return aims.map((e) => [e.textContent.trim().slice(0, 40) || e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 23.99)).map(([text, box]) => `${text} ${box.width}×${box.height}`);
        });
        assert.deepEqual(small, [], face);
      }
    });
  }
});

test("whatever takes the focus by Tab shows that it has it", async () => {
  for (const face of ["empty", "ready", "somewhere", "shaping", "refused"]) {
    // Anew for each: Tab goes on where it was, which may be the browser's own bar.
    await onPanels({}, async (page) => {
      await show(page, face);
      const bare = [];
      for (let n = 0; n < 70; n++) {
        await page.keyboard.press("Tab");
        const seen = await page.evaluate(() => {
          const it = document.activeElement;
          if (!it || it === document.body) return null;
          const near = [it, it.nextElementSibling, it.parentElement].filter(Boolean);
          const marked = near.some((e) => { const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(e); return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || (e === it && boxShadow !== "none"); });
          return marked ? "marked" : it.outerHTML.slice(0, 120);
        });
        if (seen === null) break;
        if (seen !== "marked") bare.push(seen);
      }
      assert.deepEqual(bare, [], face);
    });
  }
});

test("axe finds nothing in the tables and with everything open", async () => {
  for (const options of [{ colorScheme: "dark" }, { forcedColors: "active", reducedMotion: "reduce", viewport: { width: 320, height: 640 } }]) {
    const ours = !(IN_FIREFOX && options.forcedColors); // colours that are forced are the system's: Firefox has those of a bare one, white on light blue where something is chosen
    await onPanels(options, async (page) => {
      await page.evaluate(axe);
      for (const face of ["somewhere", "nothing", "one car"]) {
        await show(page, face);
        const found = await page.evaluate(async (contrast) => {
          for (const it of document.querySelectorAll("#panel details")) it.open = true;
          document.querySelector(".table-button")?.click();
          const rules = { "color-contrast": { enabled: contrast } };
          const { violations } = await globalThis.axe.run({ preload: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], rules });
          for (const it of document.querySelectorAll("dialog[open]")) it.close();
          return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html}`);
        }, ours);
        assert.deepEqual(found, [], `${face} ${JSON.stringify(options)}`);
      }
    });
  }
});

test("two thousand railcars open as a table of a hundred rows, go by page, and sort with a word on it", async () => {
  await onPanels({}, async (page) => {
    await show(page, "two thousand");
    await page.locator(".table-button").click();
    const table = page.locator("#car-table");
    const status = table.getByRole("status");
    assert.equal(await table.locator("tbody tr").count(), 100);
    assert.match(await status.innerText(), /Rows 1–100 of 2,000/);
    await table.getByRole("button", { name: "Next rows" }).click();
    assert.match(await status.innerText(), /Rows 101–200 of 2,000/);
    const length = table.getByRole("columnheader", { name: "Length" });
    await length.getByRole("button").focus();
    await page.keyboard.press("Enter");
    assert.equal(await length.getAttribute("aria-sort"), "ascending");
    assert.match(await status.innerText(), /Rows 1–100 of 2,000\. Sorted by: Length, rising/);
    await page.keyboard.press("Enter");
    assert.equal(await length.getAttribute("aria-sort"), "descending");
    const lengths = await table.locator("tbody tr td:nth-child(5)").allInnerTexts();
    const values = lengths.map(parseFloat);
    assert.ok(values.every((v, i) => !i || v <= values[i - 1]), "falling");
    await page.keyboard.press("Escape");
    assert.equal(await table.evaluate((it) => it.open), false);
    await page.locator(".table-button").click();
    assert.equal(await table.locator("tbody tr").count(), 100, "it opens again");
  });
});

const UTM_52N = `PROJCS["WGS 84 / UTM zone 52N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",129],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","32652"]]`;

test("images with a position lie on the map; own places are added, kept, named and taken away; the tables tell positions", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    const beside = example().flatMap((file) => {
      const name = file.split(/[\\/]/).pop().replace(/\.\w+$/, "");
      return [write(`${name}.pgw`, Buffer.from("0.5\n0\n0\n-0.5\n631845\n4697842\n")), write(`${name}.prj`, Buffer.from(UTM_52N))];
    });
    await pick(page, [...example(), ...beside]);
    assert.equal(await phase(page, "ready", "refused"), "ready");
    const place = page.locator(".place-section");
    await place.locator("summary").first().click();
    assert.match(await place.locator("figcaption").innerText(), /^Where the images lie 42\.4\d+° N 130\.6\d+° E · 52T FM/);
    assert.match(await place.getByRole("img").last().getAttribute("aria-label"), /^Map from near: Tumangang, Khasan, Hongui junction, and Rajin$/);
    await place.locator(".own-places summary").click();
    await page.getByLabel("Name", { exact: true }).fill("North throat");
    await page.getByLabel("Position", { exact: true }).fill("42,43 130,61");
    await page.keyboard.press("Enter");
    assert.match(await place.getByRole("alert").innerText(), /can’t be read/);
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "North throat", "what was written stays");
    await page.getByLabel("Position", { exact: true }).fill("52T FM 32845 98842");
    await page.keyboard.press("Enter");
    assert.equal(await place.getByRole("alert").count(), 0);
    await page.getByLabel("Name", { exact: true }).fill("This yard");
    await place.getByRole("button", { name: "Add where the images lie" }).click();
    assert.equal(await page.locator("#facility").inputValue(), "this-yard");
    assert.match(await page.locator("#brand").innerText(), /This yard/);
    await page.locator(".table-button").press("Enter");
    const table = page.locator("#car-table");
    assert.match(await table.locator("tbody tr").first().innerText(), /\d+, \d+\s+42\.4\d{4}, 130\.6\d{4}\s+52T FM \d{5} \d{5}/);
    await table.getByRole("radio", { name: /^Tracks/ }).check();
    assert.ok(await table.locator("tbody tr").count() > 2);
    await table.getByRole("radio", { name: /^Areas/ }).check();
    assert.equal(await table.locator("tbody tr").count(), 0);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(1500); // what is done is kept once it is quiet for a moment
    await page.reload();
    await phase(page, "empty");
    const own = () => page.evaluate(() => globalThis.sidings.snapshot().place.own.map(({ name }) => name));
    await page.waitForFunction(() => globalThis.sidings.snapshot().place.own.length === 2);
    assert.deepEqual(await own(), ["North throat", "This yard"]);
    await page.waitForFunction(() => document.querySelectorAll(".locator-own").length === 2, null, { timeout: 5000 });
    await page.evaluate(() => globalThis.sidings.command({ type: "removePlace", id: "north-throat" }));
    assert.deepEqual(await own(), ["This yard"]);
  });
});

test("names on the map behind the empty page follow the language, and none lies on another", async () => {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 375, height: 812 }]) {
    await onPage(browser, PAGES["index.html"], { viewport }, async (page) => {
      const wide = viewport.width > 1000; // on a phone the places at the Tumen lie so near to each other that not each can have its name
      for (const [language, name] of [["en", "Tumangang"], ["ru", "Туманган"], ["ko", "두만강"], ["zh", "豆满江"], ["ja", "豆満江"]]) {
        await page.locator(".start .language select").selectOption(language);
        const shown = ([text, named]) => [...document.querySelectorAll(".locator-name:not([data-crowded])")].some((it) => !named || it.textContent.startsWith(text))
          && [...document.querySelectorAll(".locator-name")].some((it) => it.textContent.startsWith(text));
        await page.waitForFunction(shown, [name, wide], { timeout: 5000 });
        await page.waitForTimeout(100);
        const boxes = await page.evaluate(() => [...document.querySelectorAll(".locator-name:not([data-crowded])")].map((it) => ({ text: it.textContent, ...it.getBoundingClientRect().toJSON() })));
        assert.ok(boxes.length >= (wide ? 5 : 3), `${boxes.length} names`);
        boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => assert.ok(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top, `${a.text} on ${b.text}`)));
      }
    });
  }
});
