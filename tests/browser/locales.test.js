// The catalogues: every word that the page asks for is there, none lies about unused, all languages say the same things.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { catalogues, learn, preferred, translator } from "../../www/locales/all.js";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const panels = readdirSync(new URL("www/panels/", root)).map((name) => read(`www/panels/${name}`)).join("\n");
const { en } = catalogues;

/** Whole keys that stand in the panels, and beginnings of keys whose end is computed. */
const literals = new Set([...panels.matchAll(/"([a-z0-9]+(?:[.-][a-z0-9-]+)*)"/g)].map((match) => match[1]));
const beginnings = [...panels.matchAll(/\bt(?:\.has)?\(`([a-z0-9.-]+\.)\$\{/g)].map((match) => match[1]);

test("every key that the panels name is in the catalogue", () => {
  const named = [...panels.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1]);
  const chosen = [...literals].filter((key) => /^[a-z]+\.[a-z-]+$/.test(key));
  for (const key of [...named, ...chosen]) assert.ok(key in en, `${key} is used, but not in en.json`);
  for (const start of beginnings) assert.ok(Object.keys(en).some((key) => key.startsWith(start)), `no key begins with ${start}`);
});

test("every message gets its values where it is said", () => {
  const said = [...panels.matchAll(/\bt\(\s*"([^"]+)"\s*(?:\)|,\s*\{((?:[^{}]|\{[^{}]*\})*)\})/g)];
  assert.ok(said.length > 200, `only ${said.length} were found`);
  for (const [, key, given = ""] of said) {
    const names = [...given.matchAll(/(?:^|,)\s*(\w+)\s*(?=[:,]|$)/g)].map((match) => match[1]);
    for (const name of placeholders(forms(en[key]).join(" "))) assert.ok(names.includes(name), `t("${key}") is said without {${name}}`);
    if (typeof en[key] === "object") assert.ok(names.includes("n"), `t("${key}") is said without the number that chooses its form`);
  }
});

test("no key is unused", () => {
  for (const key of Object.keys(en)) {
    assert.ok(literals.has(key) || beginnings.some((start) => key.startsWith(start)), `${key} is in en.json, but not used`);
  }
});

test("every value of the snapshot that is shown by name has a name", () => {
  const snake = (name) => name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  const camel = (name) => name[0].toLowerCase() + name.slice(1);
  const named = [
    ["status", "src/web/", "CarStatus", camel],
    ["mode", "src/web/", "Mode", camel],
    ["layer", "src/web/", "LayerName", camel],
    ["order", "src/web/", "Order", camel],
    ["alignment", "src/align/", "Status", camel],
    ["model", "src/align/", "Model", camel],
    ["unit", "src/yard.rs", "CountKind", snake],
    ["from", "src/yard.rs", "GsdSource", camel],
  ];
  const steps = new Set([...`${sources("src/pipeline/")}\n${sources("src/web/")}`.matchAll(/"((?:detect|recheck)-\w+|align|compare|read|example)"/g)].map((match) => match[1]));
  for (const step of steps) assert.ok(`step.${step}` in en, `step.${step} has no word`);
  assert.ok(steps.size >= 6, `only ${[...steps]} were found`);
  const spared = ["order.date"]; // what goes without saying
  for (const [prefix, place, name, spelling] of named) {
    const variants = variantsOf(sources(place), name);
    assert.ok(variants.length > 1, `enum ${name} was not found in ${place}`);
    for (const variant of variants) {
      const key = `${prefix}.${spelling(variant)}`;
      assert.ok(key in en || spared.includes(key), `${key} has no word`);
    }
  }
});

const sources = (place) => (place.endsWith(".rs") ? [place]
  : readdirSync(new URL(place, root), { recursive: true }).filter((name) => name.endsWith(".rs")).map((name) => place + name))
  .map(read).join("\n");

const variantsOf = (source, name) => {
  const body = source.match(new RegExp(`pub enum ${name} \\{([^}]*)\\}`))?.[1] ?? "";
  return [...body.matchAll(/^\s*([A-Z]\w*),$/gm)].map((match) => match[1]);
};

for (const [language, catalogue] of Object.entries(catalogues)) {
  test(`${language} has the same keys and the same placeholders as English`, () => {
    assert.deepEqual(Object.keys(catalogue), Object.keys(en));
    const rules = new Intl.PluralRules(language);
    for (const [key, message] of Object.entries(catalogue)) {
      for (const text of forms(message)) {
        assert.deepEqual(placeholders(text), placeholders(forms(en[key])[0]), `${key} in ${language}`);
        assert.ok(text.trim(), `${key} in ${language} is empty`);
      }
      if (typeof message === "object") {
        for (let n = 0; n < 130; n++) assert.ok(message[rules.select(n)] ?? message.other, `${key} in ${language} has no form for ${n}`);
      }
    }
  });
}

const forms = (message) => (typeof message === "string" ? [message] : Object.values(message));
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test("plural forms follow the number, and numbers the language", () => {
  const ru = translator("ru");
  assert.deepEqual([1, 3, 73, 5].map((n) => ru("unit.individual", { n })), ["вагон", "вагона", "вагона", "вагонов"]);
  const t = translator("en");
  assert.equal(t("size.px", { width: 12000, height: 5 }), "12,000 × 5 px");
  assert.match(t.date("2023-10-05"), /^5 Oct 2023$/);
  t.use("ja");
  assert.equal(t("cancel"), "中止");
});

test("what is put into a message stays as it is", () => {
  const t = translator("en");
  const file = "<b>{n} it’s 'a' {file}</b> #1.tif";
  assert.equal(t("spare.before", { file }), `Use ${file} as before`);
  assert.equal(t("place.own", { file, n: 1200 }), `${file}: 1,200 figures.`);
  assert.equal(t("no.such.key"), "no.such.key");
  assert.match(t("privacy.policy"), /connect-src 'none'/);
});

test("every message can be read, in every language", () => {
  for (const language of Object.keys(catalogues)) {
    const t = translator(language);
    for (const [key, message] of Object.entries(catalogues[language])) {
      const values = Object.fromEntries(placeholders(forms(message).join(" ")).map((name) => [name, `«${name}»`]));
      const form = typeof message === "object" ? message[new Intl.PluralRules(language).select(7)] ?? message.other : message;
      assert.equal(t(key, { ...values, ...(typeof message === "object" ? { n: 7 } : {}) }), form.replace(/\{(\w+)\}/g, (_, name) => (name === "n" && typeof message === "object" ? "7" : values[name])), `${key} in ${language}`);
    }
  }
});

test("the catalogues are taken up as they travel", () => {
  const keys = Object.keys(en).reverse();
  learn({ keys, xx: keys.map((key) => en[key]) });
  assert.deepEqual(catalogues.xx, en);
  delete catalogues.xx;
});

test("the reader's first language that we have is taken", () => {
  assert.equal(preferred(["de-CH", "ru-RU", "en"]), "ru");
  assert.equal(preferred(["de"]), "en");
  assert.equal(preferred([]), "en");
});
