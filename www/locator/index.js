// The map behind the empty page: a GeoJSON FeatureCollection, longitude and latitude in degrees (WGS84).
// properties.kind is land, border, river, railway or facility. Facilities carry id (as in src/facilities.rs), name, and rank:
// 1 is labelled always, 2 and 3 only where there is room. Their coordinates are good enough to fly to, not to measure with.
import land from "sidings-land";
import facilities from "./facilities.json" with { type: "json" };

const marker = ({ lon, lat, ...properties }) => ({
  type: "Feature",
  properties: { kind: "facility", ...properties },
  geometry: { type: "Point", coordinates: [lon, lat] },
});

/** The map, once `unpacked` has unpacked the coasts, which travel in a third of their size. */
export async function locator(unpacked) {
  const base = await unpacked(land).json();
  return { ...base, features: [...base.features, ...facilities.map(marker)] };
}
