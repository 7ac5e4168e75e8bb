// What a stranger may send to do harm, and how to see that it did none: payloads that leave a mark where they run, files that carry them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { COMPARED, example, phase, report, write } from "./page.js";

/** A host that nothing may ask for anything. */
export const HOST = "https://sidings.invalid";

/** What leaves a mark if it runs. */
const RUNS = "globalThis.pwned=1";

/** Markup that would run, ask a host, or break out of an attribute, a text field, a style, a comment or JSON. */
export const MARKUP = `"'-->]]></textarea></title></script><img src=x onerror="${RUNS}"><script>${RUNS}</script><svg/onload=${RUNS}><a href="javascript:${RUNS}">a</a><img src="${HOST}/i">{n}\${${RUNS}}`;

/** A short part of it that must be readable wherever a text is shown. */
export const SEEN = "<img src=x onerror=";

/** What a file may be called; a browser lets a script call a file anything. */
export const NAMES = {
  markup: MARKUP,
  "a script": `<script>${RUNS}</script>`,
  "an address that runs": `javascript:${RUNS}`,
  "3,000 letters": "n".repeat(3000),
  "right to left": "yard\u202Egpj.exe\u202C",
  "the way up": "../../../../etc/passwd",
  "the way up, as on Windows": "..\\..\\C:\\con",
  emoji: "👩‍👩‍👧‍👦🚂\u{1F3F4}\u{E0067}\u{E007F}",
  "control characters": "a\u0000b\u0001\u0007\u001b[31m\r\n\t\u0085\u2028\u2029c",
  "half a letter": "a\ud83d",
  "what every object has": "__proto__",
  "a placeholder of our texts": "{n, plural, one {x} other {#}}'{",
  "a formula": "=HYPERLINK(\"https://sidings.invalid\";\"a\")+cmd|' /C calc'!A0",
  nothing: "",
};

/** A zip in which nothing is compressed, as `.sidings` is one. */
export function zip(entries) {
  const [locals, central] = [[], []];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const [path, body] = [Buffer.from(name), Buffer.from(content)];
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x800, 2);
    facts.writeUInt32LE(crc32(body), 10);
    facts.writeUInt32LE(body.length, 14);
    facts.writeUInt32LE(body.length, 18);
    facts.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), facts, path, body]);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), facts, end, path]));
    locals.push(local);
    at += local.length;
  }
  const list = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  for (const offset of [8, 10]) end.writeUInt16LE(central.length, offset);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, list, end]);
}

/** The state in a project file, which is the first thing in it. */
export function stateOf(file) {
  const bytes = readFileSync(file).toString("utf8");
  const [start, end] = [bytes.indexOf('{"schema"'), bytes.lastIndexOf("}PK")];
  assert.ok(start > 0 && end > start, "a project file holds its state as it is");
  return JSON.parse(bytes.slice(start, end + 1));
}

/** The text of a document with one leaf altered, for each leaf and each way that `alter` has: [path, text]. */
export function* altered(document, alter, path = []) {
  const value = path.reduce((node, key) => node[key], document);
  for (const written of alter(value)) {
    const place = "\u0007here";
    const copy = structuredClone(document);
    if (path.length) path.slice(0, -1).reduce((node, key) => node[key], copy)[path.at(-1)] = place;
    yield [path.join("."), path.length ? JSON.stringify(copy).replace(JSON.stringify(place), () => written) : written];
  }
  if (value !== null && typeof value === "object") for (const key of Object.keys(value)) yield* altered(document, alter, [...path, key]);
}

/** Gives the page files by name and content, as a drop would; a browser's own picker can't carry such names. */
export const hand = (page, files) => page.evaluate((list) => {
  globalThis.sidings.open(list.map(([name, base64]) => new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name)));
}, Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString("base64")]));

/** Nothing ran, nothing of it became part of the page, and every object is as it was. */
export async function unharmed(page, what) {
  const found = await page.evaluate((host) => ({
    pwned: globalThis.pwned,
    polluted: [Object.keys(Object.prototype), Object.keys(Array.prototype), {}.polluted].flat().filter(Boolean),
    handlers: [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some(({ name }) => /^on/i.test(name))).map((e) => e.outerHTML.slice(0, 200)),
    addresses: [...document.querySelectorAll("[src], [href], [action], [data], [srcset]")].filter((e) => ["src", "href", "action", "data", "srcset"].some((name) => {
      const address = (e.getAttribute(name) ?? "").trim();
      return address.startsWith(host) || /^javascript:/i.test(address);
    })).map((e) => e.outerHTML.slice(0, 200)),
  }), HOST);
  assert.deepEqual(found, { pwned: undefined, polluted: [], handlers: [], addresses: [] }, what);
}

/** The answer to two images, on this page as it is now. */
export async function answered(page, pair) {
  await page.evaluate(() => { globalThis.sidings.command({ type: "clear" }); });
  await hand(page, dates("a 2023-09-14.png", "b 2023-10-05.png", pair));
  await phase(page, "working");
  assert.equal(await phase(page, "ready", "refused"), "ready");
  const shown = await report(page);
  return Object.fromEntries(COMPARED.map((part) => [part, shown[part]]));
}

/** Two images by the names that they are given here; else both dates of the example. */
export const dates = (older, newer, pair = example()) => Object.fromEntries([older, newer].map((name, n) => [name, readFileSync(pair[n])]));

export const file = (name, content) => write(name, Buffer.from(content));
