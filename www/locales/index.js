// Words of the page. One flat catalogue a language; a message may be an object of plural forms, chosen by {n}. intl-messageformat puts the values in and
// chooses the form; numbers and dates are the browser's own (docs/decisions/i18n.md).
import { IntlMessageFormat } from "intl-messageformat";

/** The catalogues; they travel packed and are put in before the first word is said (boot.js, and all.js for tests). */
export const catalogues = {};
export const languages = { en: "English", ko: "한국어", ru: "Русский", zh: "中文", ja: "日本語" };

/** Takes up the catalogues as they travel: the keys once, and for each language its messages in the same order. */
export function learn({ keys, ...said }) {
  for (const [language, messages] of Object.entries(said)) catalogues[language] = Object.fromEntries(keys.map((key, index) => [key, messages[index]]));
}

/** The first of the reader's languages that we have; English otherwise. */
export function preferred(wanted) {
  return wanted.map((tag) => tag.toLowerCase().split("-")[0]).find((tag) => tag in languages) ?? "en";
}

/** A message in ICU's notation. Its number goes in twice: `plural` chooses the form, {n} is written as the language writes numbers. */
export const icu = (message) => (typeof message === "string" ? message
  : `{plural, plural, ${Object.entries(message).map(([form, text]) => `${form} {${text}}`).join(" ")}}`);

/** t(key, values) in one language, with the number and date formats that go with it; t.use(language) changes it in place. */
export function translator(language) {
  const t = (key, values = {}) => {
    const message = catalogues[t.language][key] ?? catalogues.en[key];
    if (message === undefined) return key;
    // A message is read once, when it is first said.
    if (!t.read.has(key)) t.read.set(key, new IntlMessageFormat(icu(message), t.language, undefined, { ignoreTag: true }));
    const written = Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? t.number(value) : value ?? ""]);
    try {
      return t.read.get(key).format({ ...Object.fromEntries(written), plural: values.n });
    } catch (error) {
      console.error(error); // a value is missing: the words without it are better than no page
      return key;
    }
  };
  // Formats are made once a language: making one costs more than using it a hundred times.
  t.use = (next) => {
    t.language = next;
    t.read = new Map();
    t.dateLanguage = next === "en" ? "en-GB" : next;
    t.numbers = [0, 1, 2].map((n) => new Intl.NumberFormat(next, { minimumFractionDigits: n, maximumFractionDigits: n }));
    t.lengths = new Intl.NumberFormat(next, { maximumSignificantDigits: 2 });
    const known = [{ year: "numeric" }, { month: "short" }, { day: "numeric" }];
    t.dates = known.map((_, n) => new Intl.DateTimeFormat(t.dateLanguage, Object.assign({ timeZone: "UTC" }, ...known.slice(0, n + 1))));
  };
  /** A moment, in the reader's own time. */
  t.moment = (iso) => new Intl.DateTimeFormat(t.dateLanguage, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
  t.has = (key) => key in catalogues.en;
  t.number = (value, digits = 0) => t.numbers[digits].format(value);
  t.short = (value) => t.lengths.format(value);
  /** A day, or the month or the year where no more is known. */
  t.date = (iso) => t.dates[iso.slice(0, 10).split("-").length - 1].format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));
  t.use(language);
  return t;
}
