// What leaves the computer, and how a reader can check the answer without believing us.
import { html } from "lit-html";
import { languages } from "../locales/index.js";

export const privacy = (t, close, setLanguage) => html`
  <dialog id="privacy" aria-labelledby="privacy-title">
    <h2 id="privacy-title">${t("privacy.title")}</h2>
    <p>${t("privacy.claim")}</p>
    <h3>${t("privacy.check")}</h3>
    <ol>
      <li>${t("privacy.offline")}</li>
      <li>${t("privacy.network")}</li>
      <li>${t("privacy.policy")}</li>
      <li>${t("privacy.hash")}</li>
    </ol>
    <div class="dialog-foot">
      <label for="language">${t("language")}</label>
      <select id="language" @change=${(event) => setLanguage(event.target.value)}>
        ${Object.entries(languages).map(([code, name]) => html`<option value=${code} lang=${code} ?selected=${code === t.language}>${name}</option>`)}
      </select>
      <button class="button primary" type="button" @click=${close}>${t("close")}</button>
    </div>
  </dialog>`;
