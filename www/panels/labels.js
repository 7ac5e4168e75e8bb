// The words that the map itself shows or a screen reader speaks there, for the core's setLabels.
export const labels = (t) => ({
  divider: t("map.divider"),
  map: t("map.first"),
  secondMap: t("map.second"),
  before: t("side.before"),
  after: t("side.after"),
  resampled: t("map.resampled"),
  new: t("status.new"),
  gone: t("status.gone"),
  both: t("status.both"),
  zoomIn: t("map.zoom-in"),
  zoomOut: t("map.zoom-out"),
});
