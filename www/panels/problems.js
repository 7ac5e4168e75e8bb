// Alert cards: which file, what is wrong with it, what to do. The sentences come from the core.
import { html, nothing } from "lit-html";
import { icon, statusMark } from "./marks.js";
import { isOffered, offer } from "./offer.js";

/** The language a sentence of the core is in, where it isn't the page's. */
export const coreLanguage = (t) => (t.language === "en" ? nothing : "en");

/** A stop that the reader asked for is no problem; the panel says so by itself. What is offered smaller has a card of its own. */
const worthSaying = (problem) => problem.code !== "cancelled" && !isOffered(problem);

export const problems = (snapshot, dispatch, t) => [offer(snapshot, dispatch, t), ...cards(snapshot, dispatch, t)];

/** What is said on the way and no failure. */
const STATUS = { "one-image": "pass", "more-than-two": "warn" };

const cards = (snapshot, dispatch, t) => snapshot.problems.filter(worthSaying).map((problem) => [problem, STATUS[problem.code] ?? "fail"]).map(([problem, status]) => html`
  <div class="problem ${status}" role=${status === "fail" ? "alert" : "status"}>
    ${statusMark(status)}
    <div>
      ${problem.file ? html`<p class="problem-file">${problem.file}</p>` : nothing}
      <p lang=${coreLanguage(t)}>${problem.message}</p>
    </div>
    <button class="icon-button" type="button" aria-label=${t("dismiss")} title=${t("dismiss")}
      @click=${() => dispatch({ type: "dismissProblem", code: problem.code, file: problem.file })}>${icon("close")}</button>
  </div>`);
