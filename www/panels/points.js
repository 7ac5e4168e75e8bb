// Pairs of control points: set on the map, checked in the loupes, judged by what the others say.
import { html, nothing } from "lit-html";
import { coreLanguage } from "./problems.js";
import { icon, statusMark } from "./marks.js";

const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

export const points = ({ hand }, dispatch, t) => {
  const active = hand.points.find((point) => point.active);
  return html`
    <section class="tool" aria-labelledby="tool-title">
      <h1 id="tool-title" tabindex="-1">${t("points")}</h1>
      <p class="note">${t("points.how")}</p>
      <p class="note">${t("map.keys")}</p>
      ${active ? html`<div class="loupes">
        ${loupe("before", active, hand.loupeBefore, dispatch, t)}${loupe("after", active, hand.loupeAfter, dispatch, t)}</div>` : nothing}
      ${hand.points.length ? table(hand.points, dispatch, t) : html`<p class="note">${t("points.none")}</p>`}
      ${hand.fit ? verdict(hand, t) : nothing}
      <p class="row">
        <button class="button primary" type="button" ?disabled=${!hand.usable} @click=${() => dispatch({ type: "usePoints" })}>${t("points.use")}</button>
        <button class="button" type="button" ?disabled=${!hand.canUndo} @click=${() => dispatch({ type: "undoPoint" })}>${t("undo")}</button>
        <button class="button" type="button" ?disabled=${!hand.canRedo} @click=${() => dispatch({ type: "redoPoint" })}>${t("correct.redo")}</button>
        <button class="button quiet" type="button" @click=${() => dispatch({ type: "takeTool", tool: "none" })}>${t("close")}</button></p>
    </section>`;
};

/** A piece of the image's own pixels around the point; the core paints the canvas. */
const loupe = (side, point, cross, dispatch, t) => html`
  <figure><figcaption>${t(`side.${side}`)}</figcaption>
    ${cross ? html`
      <button class="loupe" type="button" aria-label=${t("points.loupe", { n: point.number, side: t(`side.${side}`) })}
        @keydown=${(event) => nudge(event, side, dispatch)} @click=${(event) => click(event, side, dispatch)}>
        <canvas data-loupe=${side}></canvas>
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          ${["casing", "cross"].map((name) => html`<svg viewBox="0 0 1 1" preserveAspectRatio="none" class=${name}>
            <line x1=${cross.x} x2=${cross.x} y1="0" y2="1" /><line x1="0" x2="1" y1=${cross.y} y2=${cross.y} /></svg>`)}
        </svg>
      </button>` : html`<p class="loupe empty">${t("points.set-other")}</p>`}
  </figure>`;

function nudge(event, side, dispatch) {
  const direction = ARROWS[event.key];
  if (!direction) return;
  event.preventDefault();
  dispatch({ type: "nudge", side, direction, fine: event.shiftKey });
}

/** A press of Enter is a click, too, but points nowhere. */
function click({ detail, offsetX, offsetY, currentTarget }, side, dispatch) {
  if (detail) dispatch({ type: "clickLoupe", side, x: offsetX, y: offsetY, width: currentTarget.clientWidth });
}

const table = (list, dispatch, t) => html`
  <table class="points">
    <thead><tr><th scope="col">${t("points.pair")}</th><th scope="col">${t("points.match")}</th>
      <th scope="col">${t("points.left-out")}</th><td></td></tr></thead>
    <tbody>${list.map((point) => html`
      <tr class=${point.active ? "active" : ""}>
        <th scope="row"><button class="button small" type="button" aria-pressed=${point.active ? "true" : "false"}
          aria-label=${t("points.edit", { n: point.number })} @click=${() => dispatch({ type: "activatePoint", id: point.id })}>${point.number}</button></th>
        <td>${match(point, dispatch, t)}</td>
        <td>${point.residualPx === null ? "–" : html`${t("pixels", { value: t.short(point.residualPx) })}
          ${point.residualM === null ? nothing : html`<span>${t("metres", { value: t.short(point.residualM) })}</span>`}`}</td>
        <td><button class="icon-button" type="button" aria-label=${t("points.delete", { n: point.number })} title=${t("points.delete", { n: point.number })}
          @click=${() => dispatch({ type: "deletePoint", id: point.id })}>${icon("close")}</button></td>
      </tr>`)}</tbody>
  </table>`;

/** A place that doesn't stand out counts only when a person vouches for it. */
const match = ({ id, number, before, after, score, clear }, dispatch, t) => {
  if (!before || !after) return t("points.half");
  if (score === null) return t("points.by-hand");
  const percent = t("percent", { n: Math.round(score * 100) });
  return clear ? percent : html`${percent} <button class="button small" type="button" aria-label=${`${t("points.confirm")}: ${t("points.pair")} ${number}`}
    @click=${() => dispatch({ type: "confirmPoint", id })}>${t("points.confirm")}</button>`;
};

const verdict = ({ fit, missing }, t) => html`
  <div class="verdict" role="status">
    <p class="status ${fit.status}">${statusMark(fit.status)} ${t(`alignment.${fit.status}`)} · ${t(`model.${fit.model}`)}</p>
    ${missing ? html`<p class="note">${t("points.missing", { n: missing })}</p>` : nothing}
    <ul class="plain note" lang=${coreLanguage(t)}>${fit.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
  </div>`;
