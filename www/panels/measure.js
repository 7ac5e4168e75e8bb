// The scale of an image from a line over something whose length is known.
import { html, nothing } from "lit-html";

export const measure = ({ hand: { line } }, dispatch, t) => {
  const length = line?.lengthPx ?? null;
  const set = (event) => {
    event.preventDefault();
    dispatch({ type: "setLength", lengthM: event.target.elements.length_m.valueAsNumber });
  };
  return html`
    <section class="tool" aria-labelledby="tool-title">
      <h1 id="tool-title" tabindex="-1">${t("measure")}</h1>
      <p class="note">${t("measure.how")}</p>
      <p class="note">${t("map.keys")}</p>
      <p role="status">${line ? (length === null ? t("measure.end") : t("measure.drawn", { value: t.short(length), side: t(`side.${line.side}`) })) : nothing}
        ${line?.lengthM ? t("measure.ground", { value: t.number(line.lengthM, 1) }) : nothing}
        ${line && line.bearingDeg !== null ? t("measure.bearing", { value: t.number(line.bearingDeg, 1) }) : nothing}</p>
      <form class="row" @submit=${set}>
        <div class="field"><label for="length">${t("measure.length")}</label>
          <span class="with-unit"><input id="length" name="length_m" type="number" min="0.1" max="100000" step="any" inputmode="decimal" required
            ?disabled=${length === null} aria-describedby="length-unit"><span id="length-unit">m</span></span></div>
        <button class="button primary" type="submit" ?disabled=${length === null}>${t("measure.set")}</button>
        <button class="button quiet" type="button" @click=${() => dispatch({ type: "takeTool", tool: "none" })}>${t("close")}</button>
      </form>
    </section>`;
};
