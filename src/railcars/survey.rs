//! Shows the network every part of the image where a car may stand: turned to the direction of its lines, tile by tile.

use super::directions::{self, Direction};
use super::evidence::{BLOCK, View, Views};
use super::frame::Frame;
use super::glance::{self, Glance};
use super::ground::Ground;
use super::layers::Plane;
use super::network::{self, BODY, Folded, HALO_M};
use super::weights::Weights;
use crate::error::{Result, Tick};
use crate::geometry::Point;
use std::collections::{BTreeMap, BTreeSet};

/// Most blocks in one tile, along and across. The halo round a tile is computed in vain, so tiles should be large; the maps of
/// one tile, some 3,000 bytes a cell, should stay within tens of megabytes. 16 × 8 blocks are 256 × 128 m, halo 35 % more.
const TILE_BLOCKS: (i32, i32) = (16, 8);

/// When one way up is this sure, and this many times surer than the other, the other is looked at no more: half the work saved. A
/// car seen well adds 40 to 80; twice a dozen cars are no accident, nor are three where the other way shows none. Of 200 drawn and real
/// yards decided so none was decided wrongly; at 50 for the first number neither.
const DECIDED: [(f64, f64); 2] = [(150.0, 5.0), (800.0, 2.0)];

/// Blocks kept beyond the cells that asked for them, so that a track crossing from one direction's cells into the next is seen by both.
const MARGIN_M: f64 = 14.0;

/// Body log-odds from which on an answer helps to tell the sun's side. Upside down, shadows pass for bodies, but the network is seldom
/// sure of them: on real scenes the sum beyond 2 was 1.6 to 14 times larger the right way up, the plain sum of probabilities 1.1 to 1.4.
const SURE: f32 = 2.0;

/// A rectangle of blocks: first column, first row, columns, rows.
type Tile = (i32, i32, i32, i32);

/// Runs the network over the whole image. `image_gsd_m` is that of the pixels the answer's points are in.
///
/// Where the direction of shadows is not known, each direction is looked at both ways up, and the way that shows surer cars is kept. Where it
/// is, the strongest direction is looked at both ways still: a file's time of day may be wrong.
pub(super) fn run(
    ground: &Ground,
    glance: Glance,
    shadow_rad: Option<f64>,
    image_gsd_m: f64,
    tick: &mut Tick<'_>,
) -> Result<Views> {
    let weights = Weights::decode();
    let found = directions::find(ground, glance.places(ground.gsd_m));
    let plans: Vec<_> = found.iter().map(|d| tiles(d, glance.places(ground.gsd_m), ground)).collect();
    let total = plans.iter().map(Vec::len).sum::<usize>() as f64;
    let mut done = 0.0;
    let mut sun = Sun::new(shadow_rad);
    let mut pairs = Vec::new();
    for (direction, plan) in found.iter().zip(&plans) {
        let mut sides = [false, true].map(|mirrored| Side::new(direction.angle_rad, mirrored, image_gsd_m));
        let only = sun.side(direction.angle_rad).filter(|_| !pairs.is_empty());
        for &tile in plan {
            tick(done / total)?;
            let sureness = sides.each_ref().map(|s| s.sureness);
            for (k, side) in sides.iter_mut().enumerate() {
                let decided = surer(sureness, 1 - k);
                if only.map_or(!decided, |only| only == k) {
                    side.look(&weights, ground, tile);
                }
            }
            done += 1.0;
        }
        if pairs.is_empty() {
            sun.check(direction.angle_rad, sides.each_ref().map(|s| s.sureness));
        }
        pairs.push(sides);
    }
    tick(1.0)?;
    Ok(Views {
        views: under_one_sun(pairs, sun.shadow_rad),
        glance: Some((glance, image_gsd_m)),
        sun_contradicted: sun.contradicted,
    })
}

/// True when way up `k` is so much surer than the other that there is no doubt.
fn surer(sureness: [f64; 2], k: usize) -> bool {
    DECIDED.iter().any(|&(least, times)| sureness[k] >= least && sureness[k] >= times * sureness[1 - k])
}

/// What is known of the sun.
struct Sun {
    /// Direction of shadows in the image.
    shadow_rad: Option<f64>,
    /// True when the image itself showed otherwise.
    contradicted: bool,
}

impl Sun {
    fn new(shadow_rad: Option<f64>) -> Self {
        Self { shadow_rad, contradicted: false }
    }

    /// The way up (0: plain, 1: mirrored) in which shadows fall toward +v; `None` where that is not known or they fall along the tracks.
    fn side(&self, angle_rad: f64) -> Option<usize> {
        // Unmirrored, shadows fall toward +v, a quarter turn from +u.
        let toward = libm::sin(self.shadow_rad? - angle_rad);
        (toward.abs() >= ALONG).then_some(usize::from(toward < 0.0))
    }

    /// Believes the image where it surely shows shadows on the other side.
    fn check(&mut self, angle_rad: f64, sureness: [f64; 2]) {
        if self.side(angle_rad).is_some_and(|side| surer(sureness, 1 - side)) {
            *self = Self { shadow_rad: None, contradicted: true };
        }
    }
}

/// Of every direction the way up that agrees with one direction of shadows for the whole image: the one that is known, or the one that
/// makes the whole surest.
fn under_one_sun(pairs: Vec<[Side; 2]>, shadow_rad: Option<f64>) -> Vec<View> {
    let chosen = |pair: &[Side; 2], sun: &Sun, known: bool| {
        let [plain, mirrored] = pair;
        let comparable = known || plain.blocks_seen() == mirrored.blocks_seen();
        let side = sun.side(plain.view.frame.angle_rad).filter(|_| comparable);
        side.unwrap_or(usize::from(mirrored.sureness > plain.sureness))
    };
    let sureness = |rad: f64| pairs.iter().map(|pair| pair[chosen(pair, &Sun::new(Some(rad)), false)].sureness).sum::<f64>();
    let candidates = (0..72).map(|k| f64::from(k) * std::f64::consts::TAU / 72.0);
    let surest = || candidates.fold((f64::MIN, 0.0), |best, a| if sureness(a) > best.0 { (sureness(a), a) } else { best }).1;
    let sun = Sun::new(Some(shadow_rad.unwrap_or_else(surest)));
    let known = shadow_rad.is_some();
    pairs
        .into_iter()
        .map(|pair| {
            let k = chosen(&pair, &sun, known);
            let [plain, mirrored] = pair;
            if k == 1 { mirrored.view } else { plain.view }
        })
        .collect()
}

/// Sine of the angle between shadows and tracks below which shadows fall along the tracks, to neither side.
const ALONG: f64 = 0.2;

/// How sure the network is of the bodies it sees if the pixels of an image are as large as is assumed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sureness {
    /// Mean of body log-odds beyond [`SURE`] over the cells called body: whether cars are there at all.
    pub per_body: f64,
    /// The same sum over all cells looked at: largest where cars come out as large as cars are.
    pub per_cell: f64,
    /// Whether the surer way up was the mirrored one.
    pub mirrored: bool,
}

/// Looks along the strongest direction of `cells` only, the ways up that are `tried` (mirrored or not), and tells of the surer one.
pub(super) fn sureness(ground: &Ground, cells: usize, tried: &[bool]) -> Sureness {
    let weights = Weights::decode();
    let found = directions::find_strongest(ground, cells);
    let Some(direction) = found.first() else { return Sureness::default() };
    let sureness = |&mirrored: &bool| {
        let mut side = Side::new(direction.angle_rad, mirrored, ground.gsd_m);
        for tile in tiles(direction, cell_places(direction, ground), ground) {
            side.look(&weights, ground, tile);
        }
        let per_body = side.sureness / (side.bodies + FEW_BODIES);
        Sureness { per_body, per_cell: side.sureness / (side.cells + FEW_BODIES), mirrored }
    };
    tried.iter().map(sureness).max_by(|a, b| a.per_body.total_cmp(&b.per_body)).unwrap_or_default()
}

/// Places that cover the cells of a direction.
fn cell_places(direction: &Direction, ground: &Ground) -> impl Iterator<Item = Point> {
    let (side, n) = (glance::CELL_M as f64 / ground.gsd_m, (directions::CELL_M as usize / glance::CELL_M));
    let at = move |k: usize, i: usize| ((k * n + i) as f64 + 0.5) * side;
    direction.cells.iter().flat_map(move |&(x, y)| (0..n * n).map(move |i| Point::new(at(x, i % n), at(y, i / n))))
}

/// Added to the number of cells in [`sureness`]: a third of a car's, so that a single bright speck is no evidence of scale.
const FEW_BODIES: f64 = 15.0;

/// One direction looked at one way up.
struct Side {
    view: View,
    /// Frame whose pixels are the ground's.
    on_ground: Frame,
    /// Sum over cells of the body log-odds beyond [`SURE`].
    sureness: f64,
    /// Number of cells called body, and of all that were looked at.
    bodies: f64,
    cells: f64,
}

impl Side {
    fn new(angle_rad: f64, mirrored: bool, image_gsd_m: f64) -> Self {
        let frame = Frame::new(angle_rad, mirrored, image_gsd_m);
        Self { view: View::new(frame), on_ground: frame, sureness: 0.0, bodies: 0.0, cells: 0.0 }
    }

    fn blocks_seen(&self) -> usize {
        self.view.blocks().count()
    }

    fn look(&mut self, weights: &Weights, ground: &Ground, tile: Tile) {
        self.on_ground = Frame::new(self.view.frame.angle_rad, self.view.frame.mirrored, ground.gsd_m);
        let side = BLOCK as i32;
        // Tiles are planned on the plain side; mirrored, v runs the other way.
        let (u0, v0) = (tile.0 * side, if self.on_ground.mirrored { -(tile.1 + tile.3) * side } else { tile.1 * side });
        let input = folded(ground, self.on_ground, (u0, v0), ((tile.2 * side) as usize, (tile.3 * side) as usize));
        let answers = network::forward(weights, &input);
        for by in 0..tile.3 {
            for bx in 0..tile.2 {
                self.keep(ground, &answers, (u0 / side + bx, v0 / side + by), ((bx * side) as usize, (by * side) as usize));
            }
        }
    }

    /// Puts one block of a tile's answers into the view; `at` is the block's first cell in the tile, halo not counted.
    fn keep(&mut self, ground: &Ground, answers: &Plane<6>, block: (i32, i32), at: (usize, usize)) {
        // Tiles may overlap; no car is to tell the sun's side twice.
        if self.view.holds(block) {
            return;
        }
        let frame = self.on_ground;
        let origin = (f64::from(block.0) * BLOCK as f64 + 0.5, f64::from(block.1) * BLOCK as f64 + 0.5);
        let (mut sureness, mut bodies, mut cells) = (0.0, 0.0, 0.0);
        self.view.put(block, |x, y| {
            let valid = ground.is_valid(frame.to_image(origin.0 + x as f64, origin.1 + y as f64));
            valid.then(|| {
                let answer = answers.row(HALO_M.1 + at.1 + y)[HALO_M.0 + at.0 + x];
                let sure = answer[BODY] - SURE;
                if sure > 0.0 {
                    sureness += f64::from(sure);
                }
                bodies += f64::from(u8::from(answer[BODY] > 0.0));
                cells += 1.0;
                answer
            })
        });
        self.sureness += sureness;
        self.bodies += bodies;
        self.cells += cells;
    }
}

/// The network's input for the cells from (u, v) on, halo included; beyond the image the edge is repeated.
fn folded(ground: &Ground, frame: Frame, (u, v): (i32, i32), (width, height): (usize, usize)) -> Folded {
    let mut input = Folded::new(width + 2 * HALO_M.0, height + 2 * HALO_M.1);
    for y in 0..input.height() {
        let v = f64::from(v) + y as f64 - HALO_M.1 as f64;
        for (x, cell) in input.row_mut(y).iter_mut().enumerate() {
            let u = f64::from(u) + x as f64 - HALO_M.0 as f64;
            for (place, values) in cell.chunks_exact_mut(3).enumerate() {
                let (du, dv) = (0.25 + 0.5 * (place % 2) as f64, 0.25 + 0.5 * (place / 2) as f64);
                values.copy_from_slice(&ground.colour(frame.to_image(u + du, v + dv)));
            }
        }
    }
    input
}

/// The tiles that hold those of the places (in pixels of the ground) that lie in a direction's cells, as seen unmirrored.
fn tiles(direction: &Direction, places: impl Iterator<Item = Point>, ground: &Ground) -> Vec<Tile> {
    let frame = Frame::new(direction.angle_rad, false, ground.gsd_m);
    let reach = glance::CELL_M as f64 / std::f64::consts::SQRT_2 + MARGIN_M;
    let mut rows: BTreeMap<i32, BTreeSet<i32>> = BTreeMap::new();
    for place in places.filter(|&p| direction.cells.contains(&directions::cell_of(p, ground))) {
        let (u, v) = frame.to_canonical(place);
        let block = |m: f64| (m / BLOCK as f64).floor() as i32;
        for row in block(v - reach)..=block(v + reach) {
            rows.entry(row).or_default().extend(block(u - reach)..=block(u + reach));
        }
    }
    for (&row, columns) in &mut rows {
        columns.retain(|&column| touches(ground, frame, column, row));
    }
    rows.retain(|_, columns| !columns.is_empty());
    packed(&rows)
}

/// Tiles that hold all the blocks. Row by row, each run of them joins the tile for which that takes the fewest cells more, unless a tile of its own takes
/// fewer: of 64 drawn places, eight of them with railways, half as many cells as in tiles of one height.
fn packed(rows: &BTreeMap<i32, BTreeSet<i32>>) -> Vec<Tile> {
    let mut plan: Vec<Tile> = Vec::new();
    for (&row, columns) in rows {
        for (start, n) in runs(columns) {
            let alone = (start, row, n, 1);
            let in_reach = plan.iter().enumerate().rev().take_while(|(_, tile)| row - tile.1 < TILE_BLOCKS.1);
            let joined = in_reach.map(|(k, tile)| (k, around(*tile, alone), cost(around(*tile, alone)) - cost(*tile)));
            let fits = joined.filter(|(_, tile, more)| tile.2 <= TILE_BLOCKS.0 && *more <= cost(alone));
            match fits.min_by_key(|(_, _, more)| *more) {
                Some((k, tile, _)) => plan[k] = tile,
                None => plan.push(alone),
            }
        }
    }
    plan
}

/// The least tile that holds two.
fn around(a: Tile, b: Tile) -> Tile {
    let (left, top) = (a.0.min(b.0), a.1.min(b.1));
    (left, top, (a.0 + a.2).max(b.0 + b.2) - left, (a.1 + a.3).max(b.1 + b.3) - top)
}

/// Cells that are computed for a tile, its halo included.
fn cost((_, _, columns, rows): Tile) -> i64 {
    let side = BLOCK as i64;
    (i64::from(columns) * side + 2 * HALO_M.0 as i64) * (i64::from(rows) * side + 2 * HALO_M.1 as i64)
}

/// True when some of the block's cells lie in the image.
fn touches(ground: &Ground, frame: Frame, column: i32, row: i32) -> bool {
    let (u, v, side) = (f64::from(column) * BLOCK as f64, f64::from(row) * BLOCK as f64, BLOCK as f64);
    let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(a, b)| frame.to_image(u + a * side, v + b * side));
    let span = |f: fn(&Point) -> f64| {
        corners.iter().map(f).fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), x| (lo.min(x), hi.max(x)))
    };
    let (x, y) = (span(|p| p.x), span(|p| p.y));
    x.1 > 0.0 && y.1 > 0.0 && x.0 < ground.width() as f64 && y.0 < ground.height() as f64
}

/// Runs of columns (start, length), gaps of up to two bridged, none longer than a tile.
fn runs(columns: &BTreeSet<i32>) -> Vec<(i32, i32)> {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for &c in columns {
        match runs.last_mut() {
            Some((start, n)) if c <= *start + *n + 2 && c - *start < TILE_BLOCKS.0 => *n = c - *start + 1,
            _ => runs.push((c, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_bridge_small_gaps_and_stay_within_a_tile() {
        let columns: BTreeSet<i32> = [0, 1, 4, 9].into_iter().chain(20..40).collect();
        assert_eq!(runs(&columns), vec![(0, 5), (9, 1), (20, 16), (36, 4)]);
    }

    #[test]
    fn tiles_hold_every_block_and_take_fewer_cells_than_rows() {
        for seed in 0..20 {
            // Bands of a few rows, askew, with holes.
            let number = |k: u64, n: u64| (crate::random::mix(1000 * seed + k) % n) as i32;
            let mut rows: BTreeMap<i32, BTreeSet<i32>> = BTreeMap::new();
            for band in 0..6 {
                let (left, top, slope) = (number(band, 40), number(band + 10, 40), number(band + 20, 3));
                for column in (0..number(band + 30, 60)).filter(|&c| number(band * 100 + c as u64 + 40, 5) > 0) {
                    for row in 0..3 {
                        rows.entry(top + row + column * slope / 8).or_default().insert(left + column);
                    }
                }
            }
            let plan = packed(&rows);
            let held = |row: i32, column: i32| {
                plan.iter().any(|t| (t.0..t.0 + t.2).contains(&column) && (t.1..t.1 + t.3).contains(&row))
            };
            assert!(rows.iter().all(|(&row, columns)| columns.iter().all(|&column| held(row, column))), "seed {seed}");
            assert!(plan.iter().all(|t| t.2 <= TILE_BLOCKS.0 && t.3 <= TILE_BLOCKS.1), "seed {seed}: {plan:?}");
            let alone: i64 =
                rows.iter().flat_map(|(&row, columns)| runs(columns).into_iter().map(move |(c, n)| cost((c, row, n, 1)))).sum();
            let cells: i64 = plan.iter().map(|&tile| cost(tile)).sum();
            assert!(cells < alone, "seed {seed}: {cells} of {alone}");
        }
    }
}
