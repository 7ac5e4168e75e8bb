// The record: earlier counts over time, how this count stands among them, and the same as a table.
import { html, nothing, svg } from "lit-html";
import { coreLanguage } from "./problems.js";

const now = () => new Date().toISOString();

export const record = ({ record: { looks, standing, chart, addable }, phase }, dispatch, t) => {
  const busy = phase === "working";
  const held = looks.some((look) => look.held);
  return html`
    <section class="section record-section" aria-labelledby="record-title">
      <h2 id="record-title">${t("record")}</h2>
      ${standing ? verdict(standing, t) : nothing}
      ${looks.length ? nothing : html`<p class="note">${t("record.empty")}</p>`}
      ${chart && looks.length ? drawn(chart, t) : nothing}
      <p class="row">
        ${addable.map((side) => html`<button class="button small ${side === "after" ? "primary" : ""}" type="button" ?disabled=${busy}
          @click=${() => dispatch({ type: "addLook", side, at: now() })}>${t(side === "after" ? "record.add" : "record.add-before")}</button>`)}
        ${held ? html`<button class="button small" type="button" @click=${() => dispatch({ type: "holdLook", index: null })}>${t("record.hold-own")}</button>` : nothing}
        ${looks.length ? html`<button class="button small" type="button" @click=${() => dispatch({ type: "saveRecord" })}>${t("record.save")}</button>` : nothing}
      </p>
      ${looks.length ? table(looks, dispatch, t) : nothing}
    </section>`;
};

/** What may be said, most important first. */
const verdict = (standing, t) => {
  const { days, periods, ratio, chance } = standing;
  const figures = [days ? t("record.days", { n: days }) : "", periods ? t("record.periods", { n: periods }) : ""].filter(Boolean);
  const list = new Intl.ListFormat(t.language, { type: "conjunction" }).format(figures);
  const above = ["higher", "perhaps_higher"].includes(standing.verdict);
  const few = standing.highestOf === null && !periods;
  return html`
    <div class="standing" role="status">
      <p><strong>${standing.date ? `${t("record.of", { date: t.date(standing.date) })} ` : nothing}${standing.unprecedented ? t("record.unprecedented") : t(`record.${standing.verdict}`)}</strong></p>
      <p class="note">${t(standing.date ? "record.holds-earlier" : "record.holds", { figures: list, year: String(standing.since) })}
        ${ratio && above ? t(ratio.at_least ? "record.ratio-least" : "record.ratio", { value: t.number(ratio.estimate, 1), interval: range(ratio, t) }) : nothing}
        ${standing.highestOf ? t("record.rank", { n: standing.highestOf }) : nothing}
        ${chance ? t(chance.below ? "record.chance-below" : "record.chance", { value: t.number(chance.value * 100, 1) })
          : periods ? t("record.unknown") : few || !chance ? t("record.few", { n: standing.alike }) : nothing}
        ${standing.apart ? t("record.told-apart", { n: standing.apart }) : nothing}</p>
    </div>`;
};

const range = ({ low, high }, t) => (high === null ? t("record.from", { low: t.number(low, 1) }) : `${t.number(low, 1)}–${t.number(high, 1)}`);

const percent = (share) => `${(100 * share).toFixed(2)}%`;

/** Points with whiskers, periods as bars, the new count filled; the table holds the same in words. */
const drawn = ({ marks, years, levels }, t) => html`
  <figure class="chart">
    <svg width="100%" height="132" role="img" aria-label=${t("record.chart", { n: marks.length })}>
      <svg x="28" y="8" width="calc(100% - 36px)" height="104" class="chart-area">
        ${levels.map(({ at, value }) => svg`<line class="level" x1="0" x2="100%" y1=${percent(at)} y2=${percent(at)} /><text class="tick" x="-6" y=${percent(at)} dy="0.35em" text-anchor="end">${t.number(value)}</text>`)}
        ${years.map(({ at, value }) => svg`<line class="year" x1=${percent(at)} x2=${percent(at)} y1="100%" y2="103%" /><text class="tick" x=${percent(at)} y="100%" dy="1.3em" text-anchor="middle">${String(value)}</text>`)}
        ${marks.map(mark)}
      </svg>
    </svg>
    <figcaption class="legend">${[...new Set(marks.map(({ kind }) => kind))].map((kind) => html`
      <span><svg class="chart-key" width="16" height="12" aria-hidden="true">${mark({ kind, x: kind === "period" ? 0 : 0.5, xEnd: kind === "period" ? 1 : 0.5, y: 0.5, yLow: 0.5, yHigh: 0.5 })}</svg>${t(`record.mark.${kind}`)}</span>`)}
    </figcaption>
  </figure>`;

const mark = ({ kind, x, xEnd, y, yLow, yHigh }) => {
  const whisker = svg`<line class="whisker" x1=${percent(x)} x2=${percent(x)} y1=${percent(yLow)} y2=${percent(yHigh)} />`;
  if (kind === "period") {
    return svg`<g class="mark period"><rect x=${percent(x)} width=${percent(xEnd - x)} y=${percent(y)} height=${percent(1 - y)} /><line x1=${percent(x)} x2=${percent(xEnd)} y1=${percent(y)} y2=${percent(y)} /></g>`;
  }
  return svg`<g class="mark ${kind}">${whisker}<circle cx=${percent(x)} cy=${percent(y)} r=${kind === "now" ? 5 : 4} /></g>`;
};

const table = (looks, dispatch, t) => html`
  <details class="record-table"><summary>${t("record.table")}</summary>
    <div class="scroll" tabindex="0" role="group" aria-label=${t("record")}><table>
      <thead><tr><th scope="col">${t("record.date")}</th><th scope="col">${t("record.figure")}</th><th scope="col">${t("record.source")}</th></tr></thead>
      <tbody>${looks.map((look) => row(look, dispatch, t))}</tbody>
    </table></div>
  </details>`;

const row = (look, dispatch, t) => {
  const date = t.date(look.date);
  const span = look.until ? `${date}–${t.date(look.until)}` : date;
  const tags = [t(`record.kind.${look.kind}`), look.apart && t(`record.apart.${look.apart}`), look.compared && t("record.compared"), look.added && t("record.added"), look.project && t("record.project")].filter(Boolean);
  return html`<tr ?data-held=${look.held}>
    <th scope="row">${span}</th>
    <td><span class="record-figure">${figure(look, t)}</span><span class="note">${tags.join(" · ")}</span>
      ${look.count !== null && ["count", "count_by_type"].includes(look.kind) && !look.held ? html`<button class="link" type="button" aria-label=${t("record.hold-name", { date })}
        @click=${() => dispatch({ type: "holdLook", index: look.index })}>${t("record.hold")}</button>` : nothing}
      ${look.added ? html`<button class="link" type="button" aria-label=${t("record.remove", { date })}
        @click=${() => dispatch({ type: "removeLook", index: look.index })}>${t("dismiss")}</button>` : nothing}</td>
    <td><span>${look.source}</span>${look.note ? html`<span class="note" lang=${coreLanguage(t)}>${look.note}</span>` : nothing}
      ${look.method || look.gsdM ? html`<span class="note">${[look.method, look.gsdM && t("scale.value", { value: t.short(look.gsdM) })].filter(Boolean).join(" · ")}</span>` : nothing}</td>
  </tr>`;
};

const figure = ({ count, low, high, kind }, t) => {
  if (count === null) return t("record.no-figure");
  if (kind === "maximum") return t("record.at-most", { n: count });
  return low === null || (low === count && high === count) ? `≈ ${t.number(count)}` : `≈ ${t.number(count)} ${t("interval", { low: t.number(low), high: t.number(high) })}`;
};
