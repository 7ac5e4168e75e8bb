// What the element needs of a report.json or a railcars.geojson: sizes, dates, how the newer image lies on the older one, and the outlines of
// the railcars in pixels of the older one, by what became of them. Whatever is no number stays out.

const STATUSES = ["new", "gone", "both", "undecided", "outside"];
const IDENTITY = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

/** Takes a point by a 3 × 3 transform. */
const apply = ([a, b, c], [x, y]) => {
  const w = c[0] * x + c[1] * y + c[2];
  return [(a[0] * x + a[1] * y + a[2]) / w, (b[0] * x + b[1] * y + b[2]) / w];
};

/** The affine transform that agrees with another one at the middle of a picture and along its axes, as SVG writes it. */
function affine(transform, [width, height]) {
  const [x, y] = [width / 2, height / 2];
  const at = (dx, dy) => apply(transform, [x + dx, y + dy]);
  const [middle, east, west, south, north] = [at(0, 0), at(x, 0), at(-x, 0), at(0, y), at(0, -y)];
  const [a, b] = [0, 1].map((k) => (east[k] - west[k]) / width);
  const [c, d] = [0, 1].map((k) => (south[k] - north[k]) / height);
  return [a, b, c, d, middle[0] - a * x - c * y, middle[1] - b * x - d * y];
}

const transformOf = (value) => {
  const rows = value ?? IDENTITY;
  if (rows.flat().length !== 9 || !rows.flat().every(Number.isFinite)) throw new Error("after_to_before");
  return rows;
};

/** Everything in one form; `null` for nothing, an error for what is no data of Sidings. */
export function read(data) {
  if (data === null) return null;
  const { cars, sizes, dates, transform } = data.type === "FeatureCollection" ? ofGeojson(data) : ofReport(data);
  if (!sizes.flat().every((n) => n > 0 && n < 1e6)) throw new Error("size_px");
  const marks = Object.fromEntries(["before", "after"].map((side) => [side, Object.fromEntries(STATUSES.map((status) => [status, { n: 0, path: "" }]))]));
  for (const { side, status, corners } of cars) {
    if (!corners.flat().every(Number.isFinite)) continue;
    const placed = side === "after" ? corners.map((corner) => apply(transform, corner)) : corners;
    const mark = marks[side][status];
    mark.n += 1;
    mark.path += `M${placed.map((p) => p.map((v) => v.toFixed(1)).join(" ")).join("L")}Z`;
  }
  return { marks, sizes, dates, matrix: affine(transform, sizes[1]) };
}

function ofReport({ before, after, change, registration, provenance }) {
  const input = (side) => provenance.inputs.find(({ role }) => role === side);
  const status = {
    before: new Map([...change.gone.map((id) => [id, "gone"]), ...change.both.map(([id]) => [id, "both"])]),
    after: new Map([...change.new.map((id) => [id, "new"]), ...change.both.map(([, id]) => [id, "both"])]),
  };
  for (const side of ["before", "after"]) for (const id of change.undecided?.[side] ?? []) status[side].set(id, "undecided");
  const cars = Object.entries({ before, after }).flatMap(([side, { railcars }]) => railcars.map(({ id, polygon_px: corners }) => (
    { side, status: status[side].get(id) ?? "outside", corners })));
  return {
    cars,
    transform: transformOf(registration.after_to_before),
    sizes: ["before", "after"].map((side) => input(side).size_px),
    dates: Object.fromEntries(["before", "after"].map((side) => [side, input(side).captured?.date])),
  };
}

function ofGeojson({ features, images, after_to_before: transform }) {
  const cars = features.map(({ properties: { image, status, polygon_px: corners } }) => ({ side: image, status, corners }));
  if (!cars.every(({ side, status }) => ["before", "after"].includes(side) && STATUSES.includes(status))) throw new Error("features");
  return {
    cars,
    transform: transformOf(transform),
    sizes: ["before", "after"].map((side) => images[side].size_px),
    dates: Object.fromEntries(["before", "after"].map((side) => [side, images[side].date])),
  };
}
