// One polite sentence a phase and a step for those who listen; percentages would be chatter.
import { changed } from "./corrections.js";
import { figures } from "./headline.js";
import { stepName } from "./progress.js";
import { reason } from "./refusal.js";

/** What overviews say, once, when no other is to come; it has a place of its own, since the step that is named goes on changing. */
export function overviewFor({ images, preliminary }, t) {
  const sides = preliminary.awaited ? [] : ["before", "after"].filter((side) => preliminary[side]);
  if (!sides.length) return "";
  const counts = sides.map((side) => {
    const { estimate, interval } = figures(preliminary[side], t);
    const date = images[side]?.date?.value;
    return t("announce.overview.on", { estimate, interval, date: date ? t.date(date) : t(`side.${side}`) });
  });
  return t("announce.overview", { counts: counts.join(", ") });
}

export function sentenceFor(snapshot, t) {
  if (snapshot.phase === "working") return snapshot.step ? stepName(snapshot.step, t) : "";
  if (snapshot.phase === "refused") return t(`no-answer.${reason(snapshot)}`);
  if (snapshot.phase !== "ready" || !snapshot.counts.after) return "";
  const { after } = snapshot.counts;
  const { estimate, interval } = figures(after, t);
  const said = t("announce.ready", { estimate, unit: t(`unit.${after.kind}`, { n: Math.round(after.estimate) }), interval });
  return [said, ...snapshot.corrections.changes.map((change) => changed(change, t))].join(" ");
}
