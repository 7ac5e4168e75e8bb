// While it works: the named step, how far, how long still, and a way to stop.
import { html, nothing } from "lit-html";

/** A step's name in the reader's language. */
export const stepName = (step, t) => t(`step.${step.name}`);

const timeLeft = (seconds, t) => {
  if (seconds === null || seconds === undefined) return nothing;
  return seconds < 90
    ? t("left.seconds", { n: Math.max(1, Math.round(seconds)) })
    : t("left.minutes", { n: Math.round(seconds / 60) });
};

export const progress = (snapshot, dispatch, t) => {
  const step = snapshot.step ?? { name: "read", fraction: 0, secondsLeft: null };
  const percent = Math.round(step.fraction * 100);
  return html`
    <div class="card progress">
      <h1 id="step-name">${stepName(step, t)}</h1>
      <progress max="100" .value=${percent} aria-labelledby="step-name"></progress>
      <p class="progress-line"><span>${t("percent", { n: percent })}</span><span>${timeLeft(step.secondsLeft, t)}</span></p>
      <button class="button" type="button" @click=${() => dispatch({ type: "cancel" })}>${t("cancel")}</button>
    </div>`;
};
