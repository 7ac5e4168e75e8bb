// While it works: the named step, how far, how long still, and a way to stop.
import { html, nothing } from "lit-html";
import { figures } from "./headline.js";
import { dateOf } from "./top.js";

/** A step's name in the reader's language. */
export const stepName = (step, t) => t(`step.${step.name}`);

const timeLeft = (seconds, t) => {
  if (seconds === null || seconds === undefined) return nothing;
  return seconds < 90
    ? t("left.seconds", { n: Math.max(1, Math.round(seconds)) })
    : t("left.minutes", { n: Math.round(seconds / 60) });
};

/** Of each date what the overview says, then its own count, marked as what it is: looking at both dates together may still change it. */
const soFar = ({ counts, images, preliminary }, t) => {
  const sides = ["before", "after"].filter((side) => counts[side] ?? preliminary[side]);
  if (!sides.length) return nothing;
  const rough = sides.filter((side) => !counts[side]);
  return html`
    <div class="so-far">
      <p class="eyebrow"><span class="tag">${t(rough.length === sides.length ? "preliminary.overview" : "preliminary")}</span></p>
      ${sides.map((side) => {
        const { estimate, interval } = figures(counts[side] ?? preliminary[side], t);
        const marked = rough.includes(side) && rough.length < sides.length;
        return html`<p class="bar-label"><span>${t(`side.${side}`)} · ${dateOf(images[side], t)}${marked ? html` · ${t("overview")}` : nothing}</span>
          <span class="bar-figure">≈ ${estimate} <span>${interval}</span></span></p>`;
      })}
      <p class="note">${t(rough.length ? "preliminary.overview.note" : "preliminary.note")}</p>
    </div>`;
};

export const progress = (snapshot, dispatch, t) => {
  const step = snapshot.step ?? { name: "read", fraction: 0, secondsLeft: null };
  const percent = Math.round(step.fraction * 100);
  return html`
    <div class="card progress">
      <h1 id="step-name">${stepName(step, t)}</h1>
      <progress max="100" .value=${percent} aria-labelledby="step-name"></progress>
      <p class="progress-line"><span>${t("percent", { n: percent })}</span><span>${timeLeft(step.secondsLeft, t)}</span></p>
      ${soFar(snapshot, t)}
      <button class="button" type="button" @click=${() => dispatch({ type: "cancel" })}>${t("cancel")}</button>
    </div>`;
};
