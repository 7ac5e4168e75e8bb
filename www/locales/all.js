// All catalogues at once, for what doesn't travel: tests.
import en from "./en.json" with { type: "json" };
import ja from "./ja.json" with { type: "json" };
import ko from "./ko.json" with { type: "json" };
import ru from "./ru.json" with { type: "json" };
import zh from "./zh.json" with { type: "json" };
import { catalogues } from "./index.js";

Object.assign(catalogues, { en, ko, ru, zh, ja });
export * from "./index.js";
