// The whole job on the page that ships, opened from disk: two images in, new railcars on the map, and nothing leaves.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.js";
import { elsewhere, enlarged, mistakes } from "./fixtures.js";
import { COMPARED, IN_FIREFOX, OUT, PAGES, drop, example, fromTheCommandLine, onPage, outward, phase, pick, report, textOf, workerCount, write } from "./page.js";
import { sound } from "./sound.js";

const LARGE_PX = 4096;
/** Large enough for an overview. */
const OVERLOOKED_PX = 2560;
const ONE_FILE_BYTES = 3_000_000;
const WINDOWS = { desk: [1440, 900], phone: [375, 812] };

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name}: two images give counts with intervals, and no request leaves`, async () => {
    await onPage(browser, path, {}, async (page) => {
      await pick(page, example());
      assert.equal(await phase(page, "ready", "refused"), "ready", await textOf(page));
      const answer = await report(page);
      assert.equal(answer.schema, "sidings/compare@1");
      for (const count of [answer.before.count, answer.after.count, answer.change.new_count, answer.change.gone_count]) {
        assert.ok(count.low <= count.estimate && count.estimate <= count.high, JSON.stringify(count));
      }
      assert.ok(answer.after.count.estimate > answer.before.count.estimate, "the later date of the example is the full one");
      assert.ok(answer.change.new.length > answer.change.gone.length);
      assert.ok(await workerCount(page) >= 2, "the work is done in workers");
    });
  });

  test(`${name}: every other way out is shut`, async () => {
    await onPage(browser, path, {}, async (page, { requests, failures, errors }) => {
      const tried = await page.evaluate(tryToLeave);
      assert.deepEqual(tried.reached, []);
      assert.deepEqual(tried.left, [], "means that are still there");
      for (const means of ["connect-src", "img-src", "script-src-elem", "style-src-elem", "frame-src", "media-src", "object-src", "form-action"]) {
        assert.ok(tried.blocked.includes(means), `${means} is not among ${tried.blocked}`);
      }
      // The browser puts on record what the policy kept from leaving, too; Firefox so a frame's address.
      assert.deepEqual(outward(requests).filter((url) => failures.get(url) !== (IN_FIREFOX ? "NS_BINDING_ABORTED" : "csp")), []);
      requests.length = errors.length = 0;
    });
  });
}

/** Runs on the page: tries to reach a host by every means a script has, and says what came of it. */
async function tryToLeave() {
  const host = "https://sidings.invalid/";
  const [blocked, reached] = [[], []];
  document.addEventListener("securitypolicyviolation", (event) => blocked.push(event.effectiveDirective));
  // Before the page took them away: the policy alone.
  const { fetch, WebSocket, EventSource, XMLHttpRequest, sendBeacon, createElement } = globalThis.untouched;
  const put = (name, properties) => {
    const element = document.body.appendChild(createElement(name));
    try { Object.assign(element, properties); } catch { /* Trusted Types let no string be a script's address */ }
    return element;
  };
  const attempts = [
    put("img", { src: `${host}i` }), put("script", { src: `${host}s` }), put("link", { rel: "stylesheet", href: `${host}c` }),
    put("link", { rel: "prefetch", href: `${host}p` }), put("link", { rel: "preload", as: "image", href: `${host}l` }), put("iframe", { src: `${host}f` }),
    put("video", { src: `${host}v` }), put("object", { data: `${host}o` }), put("object", { data: URL.createObjectURL(new Blob(["a"], { type: "text/html" })) }), put("form", { action: `${host}m`, method: "post" }),
  ];
  try { attempts.at(-1).submit(); } catch { /* Firefox says so at once */ }
  await fetch(`${host}x`).then(() => reached.push("fetch"), () => {});
  for (const Means of [WebSocket, EventSource]) {
    try { new Means(Means === WebSocket ? "wss://sidings.invalid/" : `${host}e`); } catch { /* refused at once is as good */ }
  }
  const request = new XMLHttpRequest();
  request.onload = () => reached.push("XMLHttpRequest");
  try { request.open("GET", `${host}r`); request.send(); } catch { /* as above */ }
  sendBeacon(`${host}b`);
  await import(`${host}module.js`).then(() => reached.push("import"), () => {});
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const element of attempts) element.remove();
  const names = ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "fetch", "fetchLater", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "open"];
  const left = [...names.filter((name) => name in globalThis), ...["sendBeacon", "serviceWorker", "share", "presentation"].filter((name) => name in navigator)];
  return { blocked, reached, left };
}

/** Runs on the page: tries to make a frame, which has every means anew, and to let strings become markup or scripts. Says what worked. */
async function tryToUnlock() {
  // What a debugger runs may use eval whatever the policy says; what runs later may not.
  await new Promise((resolve) => setTimeout(resolve));
  const worked = [];
  const attempt = (what, act) => { try { act(); worked.push(what); } catch { /* refused, as it should be */ } };
  for (const name of ["iframe", "IFRAME", "frame", "object", "embed"]) attempt(name, () => document.createElement(name));
  attempt("createElementNS", () => document.createElementNS("http://www.w3.org/1999/xhtml", "html:iframe"));
  attempt("another document", () => document.implementation.createHTMLDocument("").createElement("iframe"));
  attempt("two words for one name", () => { let n = 0; document.createElement({ toString: () => (n++ ? "iframe" : "p") }).contentWindow.fetch; });
  if (!globalThis.trustedTypes) return worked;
  attempt("innerHTML", () => { document.createElement("div").innerHTML = "<iframe></iframe>"; });
  attempt("insertAdjacentHTML", () => document.body.insertAdjacentHTML("beforeend", "<iframe></iframe>"));
  attempt("DOMParser", () => new DOMParser().parseFromString("<iframe></iframe>", "text/html"));
  attempt("document.write", () => document.write("<iframe></iframe>"));
  attempt("a script's text", () => { document.createElement("script").text = "1"; });
  attempt("a script's address", () => { document.createElement("script").src = "https://sidings.invalid/s.js"; });
  attempt("a worker's address", () => new Worker("data:text/javascript,1"));
  attempt("a policy", () => trustedTypes.createPolicy("another", { createHTML: (markup) => markup }));
  attempt("a policy of a name in use", () => trustedTypes.createPolicy("lit-html", { createHTML: (markup) => markup }));
  attempt("eval", () => (0, eval)("1"));
  return worked;
}

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name}: no frame and no foreign markup`, async () => {
    await onPage(browser, path, {}, async (page, { errors }) => {
      assert.deepEqual(await page.evaluate(tryToUnlock), []);
      errors.length = 0;
    });
  });

  test(`${name}: no way out of a worker`, { skip: IN_FIREFOX && "its driver doesn't see into a worker" }, async () => {
    await onPage(browser, path, {}, async (page) => {
      const workers = page.workers();
      assert.ok(workers.length >= 2, `${workers.length} workers`);
      const names = ["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "EventSource", "WebTransport", "RTCPeerConnection", "importScripts"];
      for (const worker of workers) assert.deepEqual(await worker.evaluate((names) => names.filter((name) => name in globalThis), names), []);
    });
  });
}

test("a browser that lacks something gets a sentence, not a blank page", async (t) => {
  const lacks = {
    "what unpacks the core": ["DecompressionStream", () => { delete globalThis.DecompressionStream; }],
    "WebAssembly": ["WebAssembly SIMD", () => { delete globalThis.WebAssembly; }],
    "newer functions": ["Object.groupBy", () => { delete Object.groupBy; }],
    "workers that start": ["no workers", () => { globalThis.Worker = class { constructor() { throw new Error("no workers"); } }; }],
  };
  for (const [what, [named, take]] of Object.entries(lacks)) {
    await t.test(what, async () => {
      const context = await browser.newContext({ locale: what === "WebAssembly" ? "ru" : "en" });
      const page = await context.newPage();
      await page.addInitScript(take);
      await page.goto(`file://${PAGES["pkg/sidings.html"]}`);
      await phase(page, "unsupported");
      const said = await page.getByRole("alert").first().innerText();
      assert.ok(said.includes(named) && said.includes("Firefox"), said);
      // What could start without what is missing must not: the sentence is the page's last word.
      await page.waitForTimeout(1_000);
      assert.equal(await phase(page, "unsupported", "empty"), "unsupported");
      if (what === "WebAssembly") assert.match(said, /^В этом браузере/);
      await context.close();
    });
  }
});

test("the record of requests would show one that leaves", async () => {
  const page = await browser.newPage();
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.evaluate(() => fetch("https://sidings.invalid/").catch(() => {}));
  assert.deepEqual(outward(requests), ["https://sidings.invalid/"]);
  await page.close();
});

test("the record of errors would show one", async () => {
  const page = await browser.newPage();
  const throwing = () => { setTimeout(() => { throw new Error("thrown in vain"); }); };
  const [{ message }] = await Promise.all([page.waitForEvent("pageerror"), page.evaluate(throwing)]);
  assert.match(message, /thrown in vain/);
  await page.close();
});

test("the page gives what the command line gives", { skip: !process.env.SIDINGS && "no command line in SIDINGS" }, async () => {
  const printed = fromTheCommandLine();
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await pick(page, example());
    await phase(page, "ready", "refused");
    const shown = await report(page);
    for (const part of COMPARED) assert.deepEqual(shown[part], printed[part], part);
  });
});

test("dropping one by one, in any order, comes to the same", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    const [older, newer] = example();
    await drop(page, [newer]);
    await page.getByText(basename(newer)).first().waitFor();
    assert.equal(await phase(page, "empty", "ready", "refused"), "empty");
    await drop(page, [older]);
    assert.equal(await phase(page, "ready", "refused"), "ready");
    const { inputs } = (await report(page)).provenance;
    assert.deepEqual(inputs.map(({ file }) => file), [older, newer].map((file) => basename(file)));
  });
});

test("files beside an image place it, whether they come before it or after it", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    const [older, newer] = example();
    const beside = (image, ending, text) => write(basename(image).replace(/\.\w+$/, ending), Buffer.from(text));
    const WORLD = "0.5\n0\n0\n-0.5\n631845.25\n4697842.75\n";
    const SYSTEM = 'PROJCS["WGS 84 / UTM zone 52N",AUTHORITY["EPSG","32652"]]';
    await drop(page, [beside(older, ".pgw", WORLD)]);
    await page.getByText("waits for the image").first().waitFor();
    await drop(page, [beside(older, ".prj", SYSTEM), older, newer]);
    assert.equal(await phase(page, "ready", "refused"), "ready");
    assert.equal((await report(page)).before.gsd_from, "file");
    await drop(page, [beside(newer, ".prj", SYSTEM), beside(newer, ".pgw", WORLD)]);
    assert.equal(await phase(page, "working"), "working");
    assert.equal(await phase(page, "ready", "refused"), "ready");
    const { before: b, after: a, provenance } = await report(page);
    assert.deepEqual([b.gsd_from, a.gsd_from], ["file", "file"]);
    assert.deepEqual(provenance.inputs.map(({ file }) => file), [older, newer].map((file) => basename(file)));
  });
});

test("#example draws the synthetic yard and says that it is synthetic", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await page.getByRole("button", { name: "example" }).click();
    assert.equal(await phase(page, "ready", "refused"), "ready");
    assert.match(await textOf(page), /synthetic/i);
  });
});

test("each date's count is shown as preliminary while the rest is still under way", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await page.evaluate(() => {
      globalThis.soFar = new Set();
      const look = () => globalThis.soFar.add(document.querySelector(".so-far")?.innerText ?? "");
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    await pick(page, example());
    assert.equal(await phase(page, "ready", "refused"), "ready");
    const said = (await page.evaluate(() => [...globalThis.soFar])).filter(Boolean);
    assert.ok(said.some((text) => /preliminary[\s\S]*≈ \d+ \(\d+–\d+\)/i.test(text)), JSON.stringify(said));
    assert.equal(await page.locator(".so-far").count(), 0, "the answer takes its place");
  });
});

test("of large images the overview is told first, as preliminary and once, and no report holds it", async () => {
  const large = await enlarged(browser, OVERLOOKED_PX);
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await page.evaluate(() => {
      globalThis.told = { shown: new Set(), said: [], reported: [] };
      const look = () => {
        const { dataset } = document.documentElement;
        const text = document.querySelector(".so-far")?.innerText ?? "";
        if (!/overview/i.test(text)) return;
        globalThis.told.shown.add(`${dataset.phase}: ${text}`);
        globalThis.told.reported.push(globalThis.sidings.report());
      };
      const listen = ([{ target }]) => globalThis.told.said.push(target.textContent);
      new MutationObserver(look).observe(document.querySelector("#overlay"), { childList: true, subtree: true, characterData: true });
      new MutationObserver(listen).observe(document.querySelector("#live-overview"), { childList: true });
    });
    await pick(page, large);
    assert.equal(await phase(page, "ready", "refused"), "ready", await textOf(page));
    const { shown, said, reported } = await page.evaluate(() => ({ ...globalThis.told, shown: [...globalThis.told.shown] }));
    assert.ok(shown.length > 0 && shown.every((text) => /^working: Preliminary[\s\S]*≈ \d+ \(\d+–\d+\)/i.test(text)), JSON.stringify(shown));
    assert.equal(said.filter(Boolean).length, 1, JSON.stringify(said));
    assert.match(said.find(Boolean), /^Preliminary, from the overview: about \d+ \(\d+–\d+\) on .+, about \d+ \(\d+–\d+\) on .+\.$/);
    assert.ok(reported.every((report) => report === null), "nothing to report yet");
    assert.equal(await page.locator(".so-far").count(), 0, "the answer takes its place");
    assert.equal(await page.locator("#live-overview").textContent(), "");
    const kept = await page.evaluate(() => JSON.stringify([globalThis.sidings.report(), globalThis.sidings.snapshot().preliminary]));
    assert.doesNotMatch(kept, /overview|"(before|after)":\{"estimate"/i, "neither in the report nor in the snapshot");
  });
});

test("two different places are refused, with what would help", async () => {
  const other = await elsewhere(browser);
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await pick(page, [example()[0], other]);
    assert.equal(await phase(page, "ready", "refused"), "refused");
    assert.match(await textOf(page), /same (place|yard)/i);
    await page.getByRole("button", { name: "Start over" }).first().click();
    assert.equal(await phase(page, "empty"), "empty");
    await pick(page, example());
    assert.equal(await phase(page, "ready", "refused"), "ready", "the page stays usable");
  });
});

test("Cancel stops the work and keeps the images", async () => {
  const pair = await enlarged(browser, LARGE_PX);
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await pick(page, pair);
    await page.waitForFunction(() => globalThis.sidings.snapshot().images.after);
    assert.equal(await phase(page, "working", "ready", "refused"), "working");
    await page.getByRole("button", { name: "Cancel" }).click();
    const pressed = Date.now();
    assert.notEqual(await phase(page, "empty", "refused", "ready"), "ready");
    assert.ok(Date.now() - pressed < 2000, "it stops at once");
    const snapshot = await page.evaluate(() => globalThis.sidings.snapshot());
    assert.ok(snapshot.images.before && snapshot.images.after, "what was loaded is still there");
    await page.getByRole("button", { name: /run again/i }).click();
    await phase(page, "working");
  });
});

test("each mistake gets a sentence that names the file, and what was loaded stays", async (t) => {
  const [older, newer] = example();
  for (const [what, file] of Object.entries(mistakes())) {
    await t.test(what, () => onPage(browser, PAGES["index.html"], {}, async (page) => {
      await pick(page, [older]);
      await page.getByText(basename(older)).first().waitFor();
      await pick(page, [file]);
      await page.locator(".problem, .refusal").first().waitFor();
      assert.ok((await textOf(page)).includes(basename(file)), await textOf(page));
      assert.ok((await textOf(page)).includes(basename(older)), "the first image is still there");
      if (what !== "truncated") return;
      await pick(page, [newer]);
      assert.equal(await phase(page, "ready", "refused"), "ready", "the page stays usable");
    }));
  }
});

test("the same file twice is said, and a third image waits", async () => {
  const [older, newer] = example();
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await pick(page, [older]);
    await page.getByText(basename(older)).first().waitFor();
    await pick(page, [older]);
    await page.locator(".problem, .refusal").first().waitFor();
    assert.match(await textOf(page), /same|twice|already/i);
  });
  const third = await elsewhere(browser);
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await pick(page, [older, newer, third]);
    await phase(page, "ready", "refused");
    assert.ok((await textOf(page)).includes(basename(third)), "the third image is named");
  });
});

/** The maps that are shown, from left to right, as boxes on the screen. */
const plates = (page) => page.locator("#map .plate").evaluateAll((all) => all.map((e) => {
  const { x, y, width, height } = e.getBoundingClientRect();
  return { x, y, width, height };
}));

test("control points set on the map, by pointer and by keyboard alone, align the pair", async () => {
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await pick(page, example());
    assert.equal(await phase(page, "ready", "refused"), "ready");
    const before = (await report(page)).registration.after_to_before;
    await page.locator("summary", { hasText: "Alignment" }).click();
    await page.getByRole("button", { name: "Correct by hand" }).click();
    const hand = () => page.evaluate(() => globalThis.sidings.snapshot().hand);
    const [first] = await plates(page);
    const paired = (n) => page.waitForFunction((wanted) => {
      const { points } = globalThis.sidings.snapshot().hand;
      return points.length === wanted && points.every((point) => point.before && point.after);
    }, n);
    const spots = [[0.2, 0.35], [0.8, 0.4], [0.25, 0.62], [0.75, 0.65], [0.5, 0.36], [0.5, 0.58]];
    for (const [n, [x, y]] of spots.entries()) {
      await page.mouse.click(first.x + x * first.width, first.y + y * first.height);
      await paired(n + 1);
    }
    await page.locator("#map .plate").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await paired(7);
    await page.getByRole("button", { name: "Delete pair 7" }).click();
    assert.equal((await hand()).points.length, 6);
    for (const vouch = page.getByRole("button", { name: /^Confirm/ }); await vouch.count();) await vouch.first().click();
    const painted = await page.locator("canvas[data-loupe=before]").evaluate((canvas) => new Set(canvas.getContext("2d").getImageData(0, 0, 64, 64).data).size);
    assert.ok(painted > 20, `${painted} values in the loupe`);
    await page.getByRole("button", { name: "Use these points" }).click();
    await phase(page, "working");
    assert.equal(await phase(page, "ready", "refused"), "ready");
    const answer = await report(page);
    assert.equal(answer.provenance.edits[0].points.length, 6);
    assert.match(answer.registration.reasons[0], /^6 pairs of control points were set by hand/);
    for (const row of [0, 1]) assert.ok(Math.abs(answer.registration.after_to_before[row][2] - before[row][2]) < 5, JSON.stringify([answer.registration, before]));
  });
});

test("a facility and a record stand in the report, and a line gives the scale", async () => {
  const record = write("counts.csv", "date,count,source\n2020-05-01,9,ours\n2021-06-01,14,ours\n");
  await onPage(browser, PAGES["index.html"], {}, async (page) => {
    await pick(page, example());
    await phase(page, "ready", "refused");
    await page.locator("summary", { hasText: "Place and record" }).click();
    await page.getByLabel("Facility").selectOption("tumangang");
    assert.equal((await report(page)).record.rows.length, 6);
    await page.setInputFiles("#record", record);
    await page.waitForFunction(() => globalThis.sidings.snapshot().place.record);
    const named = await report(page);
    assert.equal(named.record.counts, 2);
    assert.match(named.statement.text, /^At Tumangang, [\s\S]*is higher than any count in the record, which holds 2 counts since 2020/);
    await page.locator("summary", { hasText: "Images" }).click();
    await page.getByRole("button", { name: "Set the scale by a known length" }).click();
    const [first] = await plates(page);
    for (const x of [0.25, 0.75]) await page.mouse.click(first.x + x * first.width, first.y + first.height / 2);
    const length = await page.evaluate(() => globalThis.sidings.snapshot().hand.line.lengthPx);
    await page.getByLabel("Length", { exact: true }).fill(String(0.5 * length));
    await page.keyboard.press("Enter");
    await phase(page, "working");
    await phase(page, "ready", "refused");
    const scaled = await report(page);
    assert.ok(Math.abs(scaled.before.gsd_m - 0.5) < 1e-3, String(scaled.before.gsd_m));
    assert.ok(scaled.provenance.edits.some(({ edit, drawn }) => edit === "set-gsd" && drawn.line_px.length === 2));
  });
});

for (const colorScheme of ["light", "dark"]) {
  for (const [window, [width, height]] of Object.entries(WINDOWS)) {
    test(`${window}, ${colorScheme}: axe finds nothing serious, nothing overflows, and it is photographed`, async () => {
      const options = { viewport: { width, height }, colorScheme, bypassCSP: true };
      await onPage(browser, PAGES["index.html"], options, async (page) => {
        assert.equal(await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches), colorScheme === "dark");
        for (const state of ["empty", "ready", "pointing"]) {
          if (state === "ready") await pick(page, example());
          if (state === "pointing") await page.evaluate(() => { globalThis.sidings.command({ type: "takeTool", tool: "points" }); });
          await phase(page, state === "pointing" ? "ready" : state, "refused");
          if (state === "pointing") {
            const [map] = await plates(page);
            await page.mouse.click(map.x + 0.4 * map.width, map.y + 0.5 * map.height);
          }
          await page.waitForTimeout(500); // tiles and transitions
          await page.screenshot({ path: join(OUT, "screens", `${state}-${window}-${colorScheme}.png`) });
          await sound(page, state);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${state} overflows sideways`);
        }
      });
    });
  }
}

test("the one file keeps its size", () => {
  assert.ok(existsSync(PAGES["pkg/sidings.html"]));
  assert.ok(statSync(PAGES["pkg/sidings.html"]).size <= ONE_FILE_BYTES);
});

test("a breakdown on the page's thread is told, with a report to copy and a way on", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`file://${PAGES["pkg/sidings.html"]}`);
  await phase(page, "empty");
  // What a trap in the core comes to: an error that no handler has taken.
  await page.evaluate(() => setTimeout(() => { throw new WebAssembly.RuntimeError("unreachable"); }));
  const dialog = page.getByRole("dialog", { name: "The page broke down" });
  await dialog.waitFor();
  assert.match(await dialog.getByRole("textbox").inputValue(), /^Sidings \d+\.\d+\.\d+\n[\s\S]*unreachable/);
  await dialog.getByRole("button", { name: "Copy the report" }).click();
  await dialog.getByRole("status").filter({ hasText: /^(Copied|Selected)/ }).waitFor(); // the clipboard answers in its own time
  await page.screenshot({ path: join(OUT, "screenshots", "broken.png") });
  await dialog.getByRole("button", { name: "Open the page again" }).click();
  await phase(page, "empty");
  await dialog.waitFor({ state: "detached" });
  await context.close();
});
