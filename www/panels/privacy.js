// What leaves the computer, and how a reader can check the answer without believing us.
import { html } from "lit-html";
import { language } from "./language.js";

const CHECKS = ["offline", "network", "policy", "console", "file", "hash"];

/** What a reader can do to see for himself, each in a minute. */
export const checks = (t) => html`<ol>${CHECKS.map((check) => html`<li>${t(`privacy.${check}`)}</li>`)}</ol>`;

export const privacy = (t, close, setLanguage) => html`
  <dialog id="privacy" aria-labelledby="privacy-title">
    <h2 id="privacy-title">${t("privacy.title")}</h2>
    <p>${t("privacy.claim")}</p>
    <h3>${t("privacy.check")}</h3>
    ${checks(t)}
    <details class="notices" @toggle=${showNotices}>
      <summary>${t("notices")}</summary><pre tabindex="0"></pre>
    </details>
    <div class="dialog-foot">
      ${language(t, setLanguage)}
      <button class="button primary" type="button" @click=${close}>${t("close")}</button>
    </div>
  </dialog>`;

/** They travel packed, and are unpacked for whoever opens them. */
async function showNotices({ target }) {
  target.lastElementChild.textContent = await globalThis.sidings.notices();
}
