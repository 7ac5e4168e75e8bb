// The words that the map itself shows or a screen reader speaks there, for the core's setLabels.
import facilities from "../locator/facilities.json" with { type: "json" };

export const labels = (t) => ({
  language: t.dateLanguage,
  divider: t("map.divider"),
  map: t("map.first"),
  secondMap: t("map.second"),
  locator: t("map.locator"),
  before: t("side.before"),
  after: t("side.after"),
  resampled: t("map.resampled"),
  zoomIn: t("map.zoom-in"),
  zoomOut: t("map.zoom-out"),
  north: t("map.north"),
  northUnknown: t("map.north-unknown"),
  places: Object.fromEntries(facilities.map(({ id }) => [id, t(`facility.${id}`)])),
});
