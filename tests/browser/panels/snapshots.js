// Made-up snapshots, one for each face of the page. Names and sentences are hostile on purpose.
const count = (estimate, low, high, kind = "individual") => ({ estimate, low, high, level: 0.9, kind });

const image = (file, date, gsdFrom = "estimated") => ({
  file, width: 12000, height: 9000, bytes: 48_123_456, sha256: "9f86d081884c7d65".repeat(4), format: "tiff",
  gsdM: 0.5, gsdFrom, credentials: null, date: date && { value: date, from: "name" }, count: null,
});

const LONG = "20231005_023145_ssc12_u0001_pansharpened_clip_of_the_northern_yard_and_its_approaches_final_v2.tif";
const HOSTILE = "<img src=x onerror=alert(1)>&quot;.png";

const images = { before: image(LONG, "2023-09-14"), after: image("after.jpg", "2023-10-05", "file") };
const signed = { claim_generator: HOSTILE, title: HOSTILE, assertions: ["c2pa.actions"], actions: [{ action: "c2pa.edited", when: null, software: HOSTILE }],
  signed_by: HOSTILE, certificate_issuer: "Authority", signed_at: "2023-10-05T02:03:04Z", manifests: 1, readable: true, signature_checked: false };
images.before.credentials = signed;
images.after.credentials = { ...signed, readable: false, actions: [], claim_generator: null, title: null, signed_by: null, certificate_issuer: null, signed_at: null };
const unknown = { before: image("before.jpg", null), after: image("after.jpg", null) };

const car = (side, status, id) => ({
  key: `${side[0]}${id}`, side, status, id, pair: status === "both" ? `b${id}` : null,
  lengthM: 9.7 + (id % 13), widthM: 3.1, confidence: 0.5 + (id % 50) / 100, track: id % 9, accepted: false, placed: false, carType: ["unknown", "tank", "maintenance"][id % 3], selected: false,
});

const many = (length, from, side, status) => Array.from({ length }, (_, i) => car(side, status, from + i));

const hand = { tool: "none", points: [], loupeBefore: null, loupeAfter: null, fit: null, usable: false, missing: 6, canUndo: false, canRedo: false, line: null, inUse: false, accepted: false };
const place = { facility: null, known: [{ id: "tumangang", name: "Tumangang" }, { id: "friendship-bridge", name: "the Sino-Korean Friendship Bridge" }], record: null, rows: 0, own: [], trouble: null, whereabouts: null };
const littleMap = { width: 240, height: 160, land: "M-4 80L244 40L244 164L-4 164Z", borders: "M0 90L240 60", rivers: "", railways: "M120 0L130 80", grid: "M60 0V160M0 80H240", gridDeg: 1,
  images: [{ side: "before", path: "M100 70L140 70L140 100L100 100Z", small: false }, { side: "after", path: "M102 72L142 72L142 102L102 102Z", small: false }],
  places: [{ id: "tumangang", name: "Tumangang", x: 120, y: 80, own: false, chosen: true, label: ["start", 125, 83] }, { id: "x", name: HOSTILE, x: 20, y: 20, own: true, chosen: false, label: null }] };
const somewhere = { ...place, facility: { id: "own", name: HOSTILE.repeat(3) }, own: [{ id: "own", name: HOSTILE.repeat(3), at: "42.42170° N 130.60260° E · 52T FM 31845 97842" }], trouble: "unreadable",
  whereabouts: { at: "42.42170° N 130.60260° E · 52T FM 31845 97842", placed: true, maps: [littleMap, littleMap] } };
const corrections = { accepted: 0, rejected: 0, tracksEdited: 0, placed: 0, areas: 0, parts: [], canRedo: false, canUndo: false, pending: false, changes: [], tracks: [], drawing: null, doing: null, corners: null, carBegan: false, tracksFile: null };

const noRecord = { looks: [], standing: null, chart: null, addable: [], own: false };
const files = { credit: "", licence: "", caption: "", place: "", choices: { framing: "cars", size: "usual" }, engine: false, engineBytes: 0, measure: null, unmeasurable: false, busy: null, made: null, leftOut: false, sha256: null, problem: null };

const pairs = [
  { index: 0, open: false, before: { file: LONG, date: "2022-03-14", count: count(20, 14, 26) }, after: { file: HOSTILE, date: null, count: null } },
  { index: 1, open: true, before: { file: HOSTILE, date: "2022-10-05", count: count(1, 0, 2) }, after: { file: "after.jpg", date: "2023-10-05", count: count(730, 712, 751) } },
];

const base = {
  phase: "empty", step: null, images: { before: null, after: null }, spare: [], order: "drop", alignment: null, cars: [],
  counts: { before: null, after: null, new: null, gone: null }, preliminary: { before: null, after: null, awaited: false }, statement: null,
  view: { mode: "swipe", layers: { new: true, gone: true, both: true, rejected: true, tracks: false, gantries: true, change: false, residuals: false, grid: false }, selected: null, swipe: 0.5, fade: 0.5, follow: false }, inView: null,
  problems: [], warnings: [], synthetic: false, apart: false, hand, place, corrections, export: files, record: noRecord, project: { name: null, wanted: [], canSave: false, canAdd: false, pairs: [] },
};

const alignment = (status) => ({
  status, reasons: ["212 held-out tie points agree to 0.4 px."], model: "similarity",
  residualPx: { median: 0.41, p95: 1.12, points: 212 }, residualM: { median: 0.205, p95: 0.56, points: 212 }, coverage: 0.94, exaggeration: 20,
});

const ready = {
  ...base, phase: "ready", images, order: "date", alignment: alignment("pass"),
  cars: [...many(530, 1, "after", "new"), ...many(200, 531, "after", "both"), ...many(40, 1, "before", "gone")],
  counts: { before: count(240, 231, 252), after: count(730, 712, 751), new: count(530, 511, 549), gone: count(40, 33, 47) },
  statement: { text: "On images of 14 September 2023 and 5 October 2023, approximately 240 railcars (90 % interval 231 to 252) were detected on 14 September 2023 and approximately 730 railcars (712 to 751) on 5 October 2023. What they carry cannot be seen.", parts: {} },
};

const point = (id, more = {}) => ({ id, number: id, before: true, after: true, residualPx: 0.1 * id, residualM: 0.05 * id, score: 0.83, clear: true, active: false, ...more });
const pointing = { ...hand, tool: "points", canUndo: true, canRedo: true, usable: true, missing: 1, fit: alignment("warn"), loupeBefore: { x: 0.51, y: 0.5 }, loupeAfter: { x: 0.5, y: 0.52 },
  points: [point(1), point(2, { clear: false, score: 0.21 }), point(3, { residualPx: 28.4, residualM: 14.2 }), point(4, { score: null, clear: null, active: true }), point(5)] };

const track = (id, more = {}) => ({ id, lengthM: 140 + id, cars: id, confidence: 0.9, snappedM: null, selected: false, ...more });
const tracing = { ...corrections, tracksEdited: 2, canUndo: true, pending: true, tracksFile: HOSTILE,
  tracks: [track(1), track(2, { snappedM: 0, selected: true }), track(3, { snappedM: 1.5 }), ...Array.from({ length: 20 }, (_, k) => track(k + 4))] };
const change = { side: "after", accepted: 13, rejected: 12, now: count(730, 712, 751), was: count(748, 724, 771), fewer: 12, more: 6 };

const look = (index, more = {}) => ({ index, date: "2023-09-14", until: null, count: 12 * index, low: null, high: null, kind: "count", method: "", gsdM: null, source: HOSTILE, note: "\"completely empty\"", compared: true, apart: null, added: false, held: false, ...more });
const recorded = {
  looks: [look(1, { date: "2018-10", until: "2023-09", kind: "maximum", count: 20 }), look(2), look(3, { kind: "length", count: null, compared: false }),
    look(4, { apart: "gsd", method: "by eye", gsdM: 3, low: 40, high: 55 }), look(5, { added: true, method: "Sidings", gsdM: 0.5, low: 58, high: 62 })],
  standing: { date: "2023-10-05", verdict: "higher", days: 3, periods: 1, alike: 2, apart: 1, since: 2018, ratio: { estimate: 3.65, low: 3.45, high: 3.85, at_least: true }, highestOf: null, unprecedented: false, chance: null, sentence: "" },
  chart: {
    marks: [{ x: 0.05, xEnd: 0.9, y: 0.75, yLow: 0.75, yHigh: 0.75, kind: "period" }, { x: 0.88, xEnd: 0.88, y: 0.9, yLow: 0.9, yHigh: 0.9, kind: "look" },
      { x: 0.5, xEnd: 0.5, y: 0.4, yLow: 0.45, yHigh: 0.3, kind: "apart" }, { x: 0.95, xEnd: 0.95, y: 0.1, yLow: 0.15, yHigh: 0.05, kind: "now" }],
    years: [{ at: 0.2, value: 2019 }, { at: 0.6, value: 2021 }], levels: [0, 20, 40, 60, 80].map((value, n) => ({ at: 1 - n / 4, value })),
  },
  addable: ["after", "before"], own: true,
};
const part = { side: "after", found: count(72, 71, 73), added: 1, taken: 4, outlined: 2 };

globalThis.snapshots = {
  empty: base,
  one: { ...base, images: { ...base.images, before: image(LONG, null) } },
  "bad file": { ...base, problems: [{ code: "not-an-image", file: HOSTILE, message: "This is no image <b>at all</b>. Drop a PNG, JPEG, WebP or TIFF." }] },
  working: { ...base, phase: "working", images: unknown, step: { name: "detect-after", fraction: 0.42, secondsLeft: 73 } },
  "looked over": { ...base, phase: "working", images: unknown, step: { name: "align", fraction: 0.14, secondsLeft: 40 }, preliminary: { before: count(332, 191, 575), after: count(311, 178, 539), awaited: false } },
  "so far": { ...base, phase: "working", images: unknown, step: { name: "recheck-after", fraction: 0.71, secondsLeft: 4 },
    counts: { before: count(1730, 1712, 1751), after: count(0, 0, 2), new: null, gone: null } },
  ready,
  fade: { ...ready, view: { ...ready.view, mode: "fade" } },
  warned: {
    ...ready, images: unknown, order: "name", synthetic: true, alignment: alignment("warn"), spare: [{ id: 3, file: HOSTILE }],
    warnings: [{ code: "gsd-estimated", message: "The scale was estimated from the spacing of the tracks." }],
  },
  pointing: { ...ready, hand: pointing },
  "first point": { ...ready, hand: { ...pointing, fit: null, usable: false, missing: 6, loupeAfter: null, points: [point(1, { after: false, residualPx: null, residualM: null, score: null, clear: null, active: true })] } },
  measuring: { ...ready, hand: { ...hand, tool: "scale", line: { side: "before", lengthPx: 62.4, lengthM: 31.2, bearingDeg: 104.3 } } },
  corrected: {
    ...ready, view: { ...ready.view, selected: "a2" },
    cars: ready.cars.map((one) => ({ a2: { ...one, accepted: true, selected: true }, a3: { ...one, key: "xa30", status: "rejected" } })[one.key] ?? one),
    corrections: { ...corrections, accepted: 13, rejected: 12, canUndo: true, pending: true, changes: [change, { ...change, side: "before", fewer: 0, more: 0 }] },
  },
  tracks: { ...ready, hand: { ...hand, tool: "tracks" }, corrections: tracing },
  "drawing a track": { ...ready, hand: { ...hand, tool: "tracks" }, corrections: { ...tracing, drawing: 1 } },
  placed: { ...ready, alignment: { ...alignment("warn"), exaggeration: 20 }, hand: { ...hand, inUse: true }, place: { ...place, facility: place.known[1], record: HOSTILE, rows: 6 } },
  coarse: { ...ready, statement: null, cars: [], counts: { before: count(0.21, 0.1, 0.3, "activity"), after: count(0.83, 0.7, 0.9, "activity"), new: null, gone: null } },
  refused: {
    ...base, phase: "refused", images: unknown, order: "name", apart: true, alignment: { ...alignment("fail"), residualPx: { median: null, p95: null, points: 0 }, residualM: null, exaggeration: null },
    problems: [{ code: "not-the-same-place", file: null, message: "The two images don't show the same place." }],
  },
  "one bad": {
    ...base, phase: "refused", images: { ...base.images, before: image("before.jpg", null) },
    problems: [{ code: "not-an-image", file: HOSTILE, message: "This is a text file." }],
  },
  "too large": {
    ...base, phase: "refused", images: unknown, problems: [{ code: "too-large", file: LONG, message: "The image is too large." }],
    offer: { budgetBytes: 2.5 * 2 ** 30, images: [
      { file: LONG, width: 40000, height: 38000, needBytes: 14e9, by: 4, overviewWidth: 10000, overviewHeight: 9500 },
      { file: HOSTILE, width: 9000, height: 9000, needBytes: 7e8, by: 1, overviewWidth: 9000, overviewHeight: 9000 },
      { file: "after.webp", width: 16000, height: 16000, needBytes: 3e9, by: null, overviewWidth: null, overviewHeight: null }] },
  },
  stopped: { ...base, phase: "refused", images: unknown, problems: [{ code: "cancelled", file: null, message: "Cancelled." }] },
  broken: { ...base, phase: "refused", images: unknown, problems: [{ code: "crashed", file: null, message: "The work stopped on an error of the program." }] },
  recorded: { ...ready, record: recorded, place: { ...place, facility: place.known[0], rows: 5 } },
  shaping: { ...ready, view: { ...base.view, selected: "a2" }, corrections: { ...corrections, placed: 2, parts: [part], canUndo: true, canRedo: true }, project: { name: null, wanted: [], canSave: true, canAdd: true, pairs: [] } },
  "adding a car": { ...ready, hand: { ...hand, tool: "cars" }, corrections: { ...corrections, carBegan: true, parts: [part] } },
  "drawing an area": { ...ready, hand: { ...hand, tool: "areas" }, corrections: { ...corrections, corners: 3, areas: 1, canUndo: true } },
  somewhere: { ...ready, cars: ready.cars.filter((_, n) => n % 60 === 0), place: somewhere },
  nothing: { ...ready, cars: [], counts: { before: count(0, 0, 2), after: count(0, 0, 3), new: count(0, 0, 1), gone: count(0, 0, 1) } },
  "one car": { ...ready, images: unknown, order: "drop", cars: [car("after", "new", 1)], counts: { before: count(0, 0, 2), after: count(1, 0, 3), new: count(1, 0, 2), gone: count(0, 0, 1) } },
  "two thousand": { ...ready, cars: [...many(1200, 1, "after", "new"), ...many(500, 1201, "after", "both"), ...many(300, 1, "before", "gone")] },
  "several-pairs": { ...ready, project: { name: null, wanted: [], canSave: true, canAdd: true, pairs } },
  "pairs-refused": { ...base, phase: "refused", images, project: { name: null, wanted: [], canSave: false, canAdd: false, pairs } },
  "another-pair": { ...base, project: { name: null, wanted: [], canSave: false, canAdd: false, pairs: pairs.map((pair) => ({ ...pair, open: false })) } },
  waiting: { ...base, project: { name: "yard.sidings", wanted: [{ file: LONG, sha256: "ab".repeat(32) }, { file: HOSTILE, sha256: "cd".repeat(32) }], canSave: false, canAdd: false, pairs } },
};
