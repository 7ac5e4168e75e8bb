// No answer: refused for honesty, stopped by the reader, or broken down. Why, and what would help. The images stay.
import { html, nothing } from "lit-html";
import { correct } from "./alignment.js";
import { coreLanguage } from "./problems.js";
import { statusMark } from "./marks.js";

/** Why there is no answer: a stop, a breakdown, an image that is too large, missing or unreadable, or a refusal. */
export function reason({ problems, images }) {
  const codes = problems.map((problem) => problem.code);
  if (codes.includes("cancelled")) return "stopped";
  if (codes.includes("crashed")) return "failed";
  if (codes.some((code) => code === "too-large")) return "large";
  return images.before && images.after ? "refused" : "incomplete";
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
      ${kept && why !== "large" ? html`<p>${t("refused.kept")}</p>` : nothing}
      <p class="row"><button class="button ${why === "large" ? "" : "primary"}" type="button" @click=${pickFiles}>${t(why === "incomplete" ? "files.choose" : "files.other")}</button>
        ${snapshot.alignment?.status === "fail" ? correct(dispatch, t, "") : nothing}
        ${why === "stopped" || why === "failed" ? command("run", "run") : nothing} ${command("clear", "clear")}</p>
    </section>`;
};

/** Reasons of the core that no problem has named yet, and, where the two dates don't go together, what does. */
const help = ({ alignment, problems }, t) => {
  const failed = alignment?.status === "fail";
  const apart = failed || problems.some((problem) => ["not-the-same-place", "no-overlap"].includes(problem.code));
  return html`
    ${failed ? html`
      <ul class="plain" lang=${coreLanguage(t)}>
        ${alignment.reasons.filter((text) => !problems.some(({ message }) => message.includes(text))).map((text) => html`<li>${statusMark("fail")}<span>${text}</span></li>`)}</ul>` : nothing}
    ${apart ? html`
      <h2>${t("refused.help")}</h2>
      <ul>${["place", "scale", "overlap", "season"].map((hint) => html`<li>${t(`refused.${hint}`)}</li>`)}</ul>` : nothing}`;
};
