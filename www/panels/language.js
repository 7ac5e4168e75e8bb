// The languages that the page speaks, each under its own name.
import { html } from "lit-html";
import { languages } from "../locales/index.js";

export const language = (t, setLanguage) => html`
  <label class="language"><span class="hidden">${t("language")}</span>
    <select @change=${(event) => setLanguage(event.target.value)}>
      ${Object.entries(languages).map(([code, name]) => html`<option value=${code} lang=${code} ?selected=${code === t.language}>${name}</option>`)}
    </select></label>`;
