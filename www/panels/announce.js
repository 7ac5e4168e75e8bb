// One polite sentence a phase and a step for those who listen; percentages would be chatter.
import { changed } from "./corrections.js";
import { figures } from "./headline.js";
import { stepName } from "./progress.js";
import { reason } from "./refusal.js";

export function sentenceFor(snapshot, t) {
  if (snapshot.phase === "working") return snapshot.step ? stepName(snapshot.step, t) : "";
  if (snapshot.phase === "refused") return t(`no-answer.${reason(snapshot)}`);
  if (snapshot.phase !== "ready" || !snapshot.counts.after) return "";
  const { after } = snapshot.counts;
  const { estimate, interval } = figures(after, t);
  const said = t("announce.ready", { estimate, unit: t(`unit.${after.kind}`, { n: Math.round(after.estimate) }), interval });
  return [said, ...snapshot.corrections.changes.map((change) => changed(change, t))].join(" ");
}
