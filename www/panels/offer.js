// Images that need more memory than there is: what they are, what would fit, and the smaller copy in their place. The numbers come from the core.
import { html, nothing } from "lit-html";
import { statusMark } from "./marks.js";

/** The core's own sentence of such an image; the card says it in the page's language. */
export const isOffered = (problem) => problem.code === "too-large";

export const offer = ({ offer: it }, dispatch, t) => {
  if (!it) return nothing;
  const mb = (bytes) => t("size.mb", { value: t.number(bytes / 2 ** 20) });
  const smaller = it.images.some(({ by }) => by > 1);
  return html`
    <div class="problem offer" role="alert">
      ${statusMark("warn")}
      <div>
        ${it.images.map((image) => html`
          <p class="problem-file">${image.file}</p>
          <p>${t("offer.found", { width: image.width, height: image.height, need: mb(image.needBytes), budget: mb(it.budgetBytes) })}
            ${fits(image, t)}</p>`)}
        <p>${t("offer.crop")}</p>
        ${smaller ? html`<p><button class="button primary" type="button" @click=${() => dispatch({ type: "openOverviews" })}>${t("offer.open")}</button></p>` : nothing}
      </div>
    </div>`;
};

const fits = ({ by, overviewWidth, overviewHeight }, t) => {
  if (by === null) return t("offer.none");
  return by === 1 ? t("offer.alone") : t("offer.overview", { by, width: overviewWidth, height: overviewHeight });
};
