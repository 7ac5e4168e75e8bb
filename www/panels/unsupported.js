// The sentence for a browser in which the page can't run. In the old script of old browsers (no arrows, no const), and without the packed catalogues, which such
// a browser may not be able to unpack: the bundler takes this one entry of each language.
import { "start.unsupported" as en } from "../locales/en.json";
import { "start.unsupported" as ko } from "../locales/ko.json";
import { "start.unsupported" as ru } from "../locales/ru.json";
import { "start.unsupported" as zh } from "../locales/zh.json";
import { "start.unsupported" as ja } from "../locales/ja.json";

var sentences = { en: en, ko: ko, ru: ru, zh: zh, ja: ja };

/** Says in place of the page that this browser lacks something: `missing` names it. */
export function say(missing) {
  var language = String(navigator.language).slice(0, 2);
  var paragraph = document.createElement("p");
  paragraph.setAttribute("role", "alert");
  paragraph.className = "unsupported";
  paragraph.appendChild(document.createTextNode((sentences[language] || sentences.en).replace("{missing}", missing)));
  document.documentElement.setAttribute("data-phase", "unsupported");
  document.body.insertBefore(paragraph, document.body.firstChild);
}
