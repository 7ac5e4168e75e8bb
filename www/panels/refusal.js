// No honest answer, or stopped by the reader: why, and what would help. The images stay.
import { html, nothing } from "lit-html";
import { coreLanguage } from "./problems.js";
import { statusMark } from "./marks.js";

export const refusal = (snapshot, dispatch, t, { pickFiles }) => {
  const stopped = snapshot.problems.some((problem) => problem.code === "cancelled");
  const kept = snapshot.images.before || snapshot.images.after;
  const command = (type, label) => html`
    <button class="button" type="button" @click=${() => dispatch({ type })}>${t(label)}</button>`;
  return html`
    <section class="refusal" aria-labelledby="refusal-title">
      <h1 id="refusal-title" tabindex="-1">${t(stopped ? "stopped.title" : "refused.title")}</h1>
      ${stopped ? nothing : help(snapshot, t)}
      ${kept ? html`<p>${t("refused.kept")}</p>` : nothing}
      <p class="row"><button class="button primary" type="button" @click=${pickFiles}>${t("files.other")}</button>
        ${stopped ? command("run", "run") : nothing} ${command("clear", "clear")}</p>
    </section>`;
};

const help = ({ alignment }, t) => html`
  ${alignment?.status === "fail" ? html`
    <ul class="plain" lang=${coreLanguage(t)}>
      ${alignment.reasons.map((reason) => html`<li>${statusMark("fail")}<span>${reason}</span></li>`)}</ul>` : nothing}
  <h2>${t("refused.help")}</h2>
  <ul>${["place", "scale", "overlap", "season"].map((hint) => html`<li>${t(`refused.${hint}`)}</li>`)}</ul>`;
