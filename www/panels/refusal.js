// No answer: refused for honesty, stopped by the reader, or broken down. Why, and what would help. The images stay.
import { html, nothing } from "lit-html";
import { coreLanguage } from "./problems.js";
import { statusMark } from "./marks.js";

/** Why there is no answer, by the codes of the problems; what isn't a stop or a breakdown is a refusal. */
export function reason({ problems }) {
  const codes = problems.map((problem) => problem.code);
  if (codes.includes("cancelled")) return "stopped";
  return codes.includes("crashed") ? "failed" : "refused";
}

export const refusal = (snapshot, dispatch, t, { pickFiles }) => {
  const why = reason(snapshot);
  const kept = snapshot.images.before || snapshot.images.after;
  const command = (type, label) => html`
    <button class="button" type="button" @click=${() => dispatch({ type })}>${t(label)}</button>`;
  return html`
    <section class="refusal" aria-labelledby="refusal-title">
      <h1 id="refusal-title" tabindex="-1">${t(`no-answer.${why}`)}</h1>
      ${why === "refused" ? help(snapshot, t) : nothing}
      ${kept ? html`<p>${t("refused.kept")}</p>` : nothing}
      <p class="row"><button class="button primary" type="button" @click=${pickFiles}>${t("files.other")}</button>
        ${why === "refused" ? nothing : command("run", "run")} ${command("clear", "clear")}</p>
    </section>`;
};

/** Reasons of the core, and, where the two dates don't go together, what does. */
const help = ({ alignment, problems }, t) => {
  const failed = alignment?.status === "fail";
  const apart = failed || problems.some((problem) => ["not-the-same-place", "no-overlap"].includes(problem.code));
  return html`
    ${failed ? html`
      <ul class="plain" lang=${coreLanguage(t)}>
        ${alignment.reasons.map((text) => html`<li>${statusMark("fail")}<span>${text}</span></li>`)}</ul>` : nothing}
    ${apart ? html`
      <h2>${t("refused.help")}</h2>
      <ul>${["place", "scale", "overlap", "season"].map((hint) => html`<li>${t(`refused.${hint}`)}</li>`)}</ul>` : nothing}`;
};
