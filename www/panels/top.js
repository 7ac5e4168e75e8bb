// The bar over the page: name, what is shown, the two dates, the file button, and the badge on privacy.
import { html, nothing } from "lit-html";
import { icon } from "./marks.js";
import { placeName } from "./place.js";

export const brand = (snapshot, t) => html`
  <span class="wordmark">${t("name")}</span>
  ${snapshot.place.facility ? html`<span class="place">${placeName(snapshot.place.facility, t)}</span>` : nothing}
  ${snapshot.synthetic ? html`<span class="tag synthetic">${t("synthetic")}</span>` : nothing}`;

export const dates = (snapshot, dispatch, t, edit) => {
  const { before, after } = snapshot.images;
  if (!before || !after) return nothing;
  const busy = snapshot.phase === "working";
  const date = (side, image) => html`
    <span class="date"><span class="date-side">${t(`side.${side}`)}</span> ${image.date || busy ? dateOf(image, t) : html`
      <button class="link" type="button" @click=${() => edit(side)}>${t("date.set")}</button>`}</span>`;
  return html`
    ${date("before", before)}
    <button class="icon-button" type="button" aria-label=${t("swap")} title=${t("swap")}
      ?disabled=${busy} @click=${() => dispatch({ type: "swapDates" })}>${icon("swap")}</button>
    ${date("after", after)}`;
};

/** The day, or the word that it is not known; an unknown date is never made up. */
export const dateOf = (image, t) => (image?.date?.value
  ? html`<time datetime=${image.date.value}>${t.date(image.date.value)}</time>`
  : html`<span class="unknown">${t("date.unknown")}</span>`);

export const filesLabel = (t) => html`${icon("images")}<span class="wide">${t("files.choose")}</span>`;

export const actions = (snapshot, dispatch, t, openPrivacy, openHelp) => html`
  ${snapshot.phase !== "working" && (snapshot.images.before || snapshot.images.after)
    ? html`<button class="button quiet" type="button" aria-label=${t("clear")} title=${t("clear")} @click=${() => dispatch({ type: "clear" })}
      >${icon("restart")}<span class="wider">${t("clear")}</span></button>`
    : nothing}
  <button class="badge" type="button" aria-haspopup="dialog" aria-label=${`${t("privacy.badge")}. ${t("privacy.check")}`} title=${t("privacy.badge")}
    @click=${openPrivacy}>${icon("shield")}<span class="wide">${t("privacy.badge")}</span></button>
  <button class="icon-button" type="button" aria-haspopup="dialog" aria-label=${t("help")} title=${t("help")} @click=${openHelp}>${icon("help")}</button>`;
