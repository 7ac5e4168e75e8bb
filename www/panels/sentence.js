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

/** Writes paragraphs to the clipboard, the first one bold, and as plain text besides; where the browser withholds it, by way of a selection. */
export async function richToClipboard(paragraphs) {
  const holder = document.createElement("div");
  const markup = paragraphs.map((text, index) => {
    const line = document.createElement(index ? "span" : "strong");
    line.textContent = text;
    holder.append(document.createElement("p"));
    holder.lastChild.append(line);
    const escaped = text.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
    return index ? `<p>${escaped}</p>` : `<p><strong>${escaped}</strong></p>`;
  });
  const blob = (text, type) => new Blob([text], { type });
  try {
    await navigator.clipboard.write([new ClipboardItem({
      "text/html": blob(markup.join(""), "text/html"), "text/plain": blob(paragraphs.join("\n\n"), "text/plain"),
    })]);
  } catch {
    document.body.append(holder);
    getSelection().selectAllChildren(holder);
    document.execCommand("copy");
    holder.remove();
  }
}

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
