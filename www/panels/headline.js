// The two counts, always with their intervals, as words and as two bars on one scale.
import { html, nothing, svg } from "lit-html";
import { dateOf } from "./top.js";
import { layerMark, patterns } from "./marks.js";

/** Estimate and interval as text: whole cars, or two decimals of an index. */
export function figures(count, t) {
  const digits = count.kind === "activity" ? 2 : 0;
  const [estimate, low, high] = [count.estimate, count.low, count.high].map((v) => t.number(v, digits));
  return { estimate, interval: t("interval", { low, high }), level: t("interval.level", { n: Math.round(count.level * 100) }) };
}

export const headline = (snapshot, t) => {
  const { counts, images } = snapshot;
  if (!counts.after) return nothing;
  const { estimate, interval, level } = figures(counts.after, t);
  return html`
    <section class="headline" aria-labelledby="headline-title">
      <p class="eyebrow"><span>${t("side.after")} · ${dateOf(images.after, t)}</span>
        ${snapshot.synthetic ? html`<span class="tag synthetic">${t("synthetic")}</span>` : nothing}</p>
      <h1 id="headline-title" tabindex="-1"><span class="approximately">≈</span>${estimate}
        <span class="unit">${t(`unit.${counts.after.kind}`, { n: Math.round(counts.after.estimate) })}</span></h1>
      <p class="interval">${interval} <span>${level}</span></p>
      ${counts.after.kind === "activity" ? html`<p class="note">${t("activity.note")}</p>` : nothing}
      ${bars(snapshot, t)}
      ${changes(counts, snapshot.cars, t)}
    </section>`;
};

const tally = (cars, status) => cars.filter((car) => car.status === status && car.side === "after").length;

/** Before and after on one scale; the whisker is the interval. The figures stand beside them, so a reader loses nothing without the bars. */
const bars = ({ counts, images, cars }, t) => {
  const end = Math.max(...[counts.before, counts.after].filter(Boolean).map((c) => c.high)) * 1.03 || 1;
  const both = tally(cars, "both");
  return html`<div class="bars">
    ${["before", "after"].filter((side) => counts[side]).map((side) => {
      const { estimate, interval } = figures(counts[side], t);
      const kind = side === "before" ? "gone" : "new";
      return html`
        <p class="bar-label"><span>${t(`side.${side}`)} · ${dateOf(images[side], t)}</span>
          <span class="bar-figure">≈ ${estimate} <span>${interval}</span></span></p>
        ${bar(counts[side], [["both", both], [kind, counts[kind]?.estimate ?? 0], ["undecided", Infinity]], end)}`;
    })}
  </div>`;
};

/** Parts one after the other until the estimate is reached. */
const bar = (count, parts, end) => {
  const percent = (value) => `${((100 * Math.max(0, value)) / end).toFixed(2)}%`;
  let from = 0;
  const rects = parts.map(([kind, size]) => {
    const width = Math.min(size, count.estimate - from);
    const rect = width > 0 ? svg`<rect class=${kind} x=${percent(from)} y="3" height="12" width=${percent(width)} />` : nothing;
    from += Math.max(0, width);
    return rect;
  });
  return html`
    <svg class="bar" width="100%" height="18" aria-hidden="true">
      ${patterns}${rects}
      <line class="whisker" x1=${percent(count.low)} x2=${percent(count.high)} y1="9" y2="9" />
      ${[count.low, count.high].map((v) => svg`<line class="whisker" x1=${percent(v)} x2=${percent(v)} y1="5" y2="13" />`)}
    </svg>`;
};

const changes = (counts, cars, t) => {
  if (!counts.new || !counts.gone) return nothing;
  const item = (kind, figure, interval) => html`
    <li>${layerMark(kind)}<span class="change-figure">${figure}</span> ${t(`change.${kind}`)}
      ${interval ? html`<span class="change-interval">${interval}</span>` : nothing}</li>`;
  const [fresh, gone] = [figures(counts.new, t), figures(counts.gone, t)];
  const undecided = tally(cars, "undecided");
  return html`<ul class="changes">
    ${item("new", fresh.estimate, fresh.interval)}
    ${item("gone", gone.estimate, gone.interval)}
    ${item("both", t.number(tally(cars, "both")))}
    ${undecided ? item("undecided", t.number(undecided)) : nothing}
  </ul>`;
};
