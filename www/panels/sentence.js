// The sentence that goes into the article, and a button that copies it.
import { html, nothing } from "lit-html";
import { coreLanguage } from "./problems.js";
import { icon } from "./marks.js";

export const sentence = (snapshot, t, copied, copy) => {
  if (!snapshot.statement?.text) return nothing;
  const { text } = snapshot.statement;
  const label = snapshot.synthetic ? `${t("synthetic.sentence")} ` : "";
  return html`
    <section class="sentence" aria-labelledby="sentence-title">
      <h2 id="sentence-title">${t("sentence")}</h2>
      <p class="statement"><span>${label}</span><span lang=${coreLanguage(t)}>${text}</span></p>
      <button class="button small" type="button" @click=${() => copy(label + text)}>
        ${icon(copied ? "done" : "copy")}<span>${copied ? t("copied") : t("copy")}</span></button>
    </section>`;
};

/** Writes to the clipboard; where the browser withholds it, by way of a selection. */
export async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text, className: "hidden" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
