//! The first look: a coarse network says where in the image a railcar may stand at all, so that the costly one looks only there.
//!
//! ```text
//! 1 m pixels ─ 2×2 folded ─ stem ─ to_mid ─ mid a, b ──────────────── + ─ mid_out ─ head   4 m cells
//!                                               └ to_wide ─ wide a, b ─ from_wide ┘        8 m
//! ```
//!
//! It is asked once, whatever way tracks and shadows run, and sees some 35 m around: a fiftieth of the work of looking everywhere in
//! every direction, both ways up. It was taught on the same drawn scenes, to overlook nothing (training/glance.py).

use super::ground::Ground;
use super::layers::{Conv3, Fold, Plane, add_enlarged, leaky, plus};
use super::weights::numbers;
use crate::error::{Result, Tick};
use crate::geometry::Point;
use serde::{Deserialize, Serialize};

/// Layer after layer in the order of [`Weights`]' fields, as in the other blob.
const BLOB: &[u8] = include_bytes!("glance.f16");

/// Side of a cell, m.
pub(super) const CELL_M: usize = 4;

/// Cells that an answer depends on beyond its own, each way; tiles overlap by this much. Whole cells of the widest layer.
const HALO: usize = 10;

/// Most cells along the side of a tile without its halo: 448 m, halo a third more, maps of some 20 MB.
const TILE: usize = 112;

/// Log-odds from which on a cell is looked at closely, if it hangs together with one that is [`LIKELY`].
const PLAUSIBLE: f32 = 0.5;

/// Log-odds that at least one cell of those that hang together must reach. Where railcars stand some cell is this sure; lone lorries and sheds
/// seldom are. On drawn scenes and the real places at hand a bound of 1.5 leaves half of the false cars, 2.5 nearly none, and both
/// all yards; asked of every single cell, 2.5 costs one car in forty.
const LIKELY: f32 = 2.5;

/// Log-odds from which on a plausible cell enters the first estimate of how many cars there are: of 0.5 to 3.5 the bound at which cells a car differ least
/// from one drawn yard to the next, and false ones are few.
const COUNTED: f32 = 1.5;

struct Weights {
    stem: Conv3<12, 16>,
    to_mid: Fold<16, 24>,
    mid_a: Conv3<24, 24>,
    mid_b: Conv3<24, 24>,
    to_wide: Fold<24, 32>,
    wide_a: Conv3<32, 32>,
    wide_b: Conv3<32, 32>,
    from_wide: Fold<32, 24>,
    mid_out: Conv3<24, 24>,
    head: Conv3<24, 1>,
}

impl Weights {
    fn decode() -> Self {
        let mut next = numbers(BLOB);
        Self {
            stem: Conv3::read(&mut next),
            to_mid: Fold::read(4, &mut next),
            mid_a: Conv3::read(&mut next),
            mid_b: Conv3::read(&mut next),
            to_wide: Fold::read(4, &mut next),
            wide_a: Conv3::read(&mut next),
            wide_b: Conv3::read(&mut next),
            from_wide: Fold::read(1, &mut next),
            mid_out: Conv3::read(&mut next),
            head: Conv3::read(&mut next),
        }
    }

    /// Log-odds per cell; width and height of the input must be multiples of 4 (8 m).
    fn forward(&self, input: &Plane<12>) -> Plane<1> {
        let fine = self.stem.apply(input, input, |sum, _| leaky(sum));
        let y = self.to_mid.apply(&fine, 2, 2, leaky);
        let a = self.mid_a.apply(&y, &y, |sum, _| leaky(sum));
        let mid = self.mid_b.apply(&a, &y, |sum, skip| leaky(plus(sum, skip)));
        let z = self.to_wide.apply(&mid, 2, 2, leaky);
        let a = self.wide_a.apply(&z, &z, |sum, _| leaky(sum));
        let wide = self.wide_b.apply(&a, &z, |sum, skip| leaky(plus(sum, skip)));
        let mid = add_enlarged(mid, &self.from_wide.apply(&wide, 1, 1, |sum| sum), 2, 2);
        let mid = self.mid_out.apply(&mid, &mid, |sum, skip| leaky(plus(sum, skip)));
        self.head.apply(&mid, &mid, |sum, _| sum)
    }
}

/// What the first look says of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Say {
    /// Outside the image, or nodata in its middle.
    Nothing,
    /// No car stands here.
    Bare,
    /// A car may stand here.
    Plausible,
}

/// Where railcars may stand, in cells along the image's own axes, from its top left corner on.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Glance {
    columns: usize,
    rows: usize,
    cells: Vec<Say>,
    /// Number of cells beyond [`COUNTED`].
    likely: usize,
}

impl Glance {
    /// Looks at the whole image.
    ///
    /// # Errors
    /// `Cancelled` from `tick`.
    pub fn over(ground: &Ground, tick: &mut Tick<'_>) -> Result<Self> {
        let cells = |n: usize| ((n as f64 * ground.gsd_m / CELL_M as f64).ceil() as usize).max(1);
        let (columns, rows) = (cells(ground.width()), cells(ground.height()));
        let mut glance = Self { columns, rows, cells: vec![Say::Nothing; columns * rows], likely: 0 };
        let mut log_odds = vec![f32::NEG_INFINITY; columns * rows];
        let weights = Weights::decode();
        let (wide, high) = (columns.div_ceil(TILE), rows.div_ceil(TILE));
        for tile in 0..wide * high {
            tick(tile as f64 / (wide * high) as f64)?;
            let (x, y) = (tile % wide * TILE, tile / wide * TILE);
            glance.look(&weights, ground, (x, y), (TILE.min(columns - x), TILE.min(rows - y)), &mut log_odds);
        }
        glance.say(&log_odds);
        Ok(glance)
    }

    /// Calls plausible what is, together with the plausible cells that it touches, likely somewhere.
    fn say(&mut self, log_odds: &[f32]) {
        let plausible = |i: usize| log_odds[i] > PLAUSIBLE;
        let mut open: Vec<usize> = (0..log_odds.len()).filter(|&i| log_odds[i] > LIKELY).collect();
        open.iter().for_each(|&i| self.cells[i] = Say::Plausible);
        while let Some(i) = open.pop() {
            let (x, y) = (i % self.columns, i / self.columns);
            for ny in y.saturating_sub(1)..(y + 2).min(self.rows) {
                for n in (x.saturating_sub(1)..(x + 2).min(self.columns)).map(|nx| ny * self.columns + nx) {
                    if self.cells[n] == Say::Bare && plausible(n) {
                        self.cells[n] = Say::Plausible;
                        open.push(n);
                    }
                }
            }
        }
        self.likely = (0..log_odds.len()).filter(|&i| self.cells[i] == Say::Plausible && log_odds[i] > COUNTED).count();
    }

    /// Answers for the cells of one tile.
    fn look(
        &mut self,
        weights: &Weights,
        ground: &Ground,
        (x0, y0): (usize, usize),
        (width, height): (usize, usize),
        log_odds: &mut [f32],
    ) {
        let even = |n: usize| n.next_multiple_of(2);
        let input = folded(ground, (x0, y0), (even(width), even(height)));
        let answers = weights.forward(&input);
        let middle = |cell: usize| (cell as f64 + 0.5) * CELL_M as f64 / ground.gsd_m;
        for y in y0..y0 + height {
            let row = &answers.row(y - y0 + HALO)[HALO..HALO + width];
            for (x, answer) in (x0..).zip(row) {
                if ground.is_valid(Point::new(middle(x), middle(y))) {
                    self.cells[y * self.columns + x] = Say::Bare;
                    log_odds[y * self.columns + x] = answer[0];
                }
            }
        }
    }

    /// Makes every cell within `reach_m` of the lines plausible: somebody says that a track lies there. Lines in pixels of `gsd_m`.
    pub fn trust(&mut self, lines: &[Vec<Point>], gsd_m: f64, reach_m: f64) {
        let cell_px = CELL_M as f64 / gsd_m;
        let reach = reach_m / CELL_M as f64;
        let near = |v: f64, n: usize| {
            let end = ((v + reach).floor() + 1.0).max(0.0) as usize;
            ((v - reach).floor().max(0.0) as usize).min(n)..end.min(n)
        };
        for (at, _) in lines.iter().flat_map(|line| super::strip::points(line, cell_px / 2.0)) {
            for row in near(at.y / cell_px, self.rows) {
                for column in near(at.x / cell_px, self.columns) {
                    self.cells[row * self.columns + column] = Say::Plausible;
                }
            }
        }
    }

    /// Number of plausible cells that are likely by themselves.
    pub fn likely(&self) -> usize {
        self.likely
    }

    /// Middles of the plausible cells in pixels of `gsd_m`, row by row.
    pub fn places(&self, gsd_m: f64) -> impl Iterator<Item = Point> + '_ {
        let cell_px = CELL_M as f64 / gsd_m;
        let middle =
            move |i: usize| Point::new(((i % self.columns) as f64 + 0.5) * cell_px, ((i / self.columns) as f64 + 0.5) * cell_px);
        (0..self.cells.len()).filter(|&i| self.cells[i] == Say::Plausible).map(middle)
    }

    /// True where the image was looked at and no car stands; the point in pixels of `gsd_m`.
    pub fn is_bare(&self, p: Point, gsd_m: f64) -> bool {
        let cell = |v: f64| (v * gsd_m / CELL_M as f64).floor();
        let (x, y) = (cell(p.x), cell(p.y));
        x >= 0.0
            && y >= 0.0
            && (x as usize) < self.columns
            && (y as usize) < self.rows
            && self.cells[y as usize * self.columns + x as usize] == Say::Bare
    }
}

/// The network's input for the cells from (x, y) on, halo included, each 1 m pixel the mean of four samples; beyond the image the edge is
/// repeated.
fn folded(ground: &Ground, (x0, y0): (usize, usize), (width, height): (usize, usize)) -> Plane<12> {
    let mut input = Plane::<12>::new((width + 2 * HALO) * CELL_M / 2, (height + 2 * HALO) * CELL_M / 2);
    // Two samples for each metre of the tile.
    let at_px = |cell: usize, sample: usize| {
        let from_m = (cell as f64 - HALO as f64) * CELL_M as f64;
        (from_m + 0.25 + 0.5 * sample as f64) / ground.gsd_m
    };
    let columns: Vec<_> = (0..4 * input.width()).map(|k| ground.column(at_px(x0, k))).collect();
    let rows: Vec<_> = (0..4 * input.height()).map(|k| ground.row(at_px(y0, k))).collect();
    // Four rows of samples for each row of the input. A whole row at a time instead of sample by sample took a tenth off a comparison of 4096² pixels.
    let mut lines = [0; 4].map(|_| vec![[0f32; 3]; columns.len()]);
    let mut between = Vec::new();
    for (y, rows) in rows.as_chunks::<4>().0.iter().enumerate() {
        for (line, row) in lines.iter_mut().zip(rows) {
            ground.colours_along(&columns, *row, &mut between, line);
        }
        for (cell, at) in input.row_mut(y).iter_mut().zip((0..).step_by(4)) {
            for (place, values) in cell.chunks_exact_mut(3).enumerate() {
                let (x, upper, lower) = (at + place % 2 * 2, &lines[place / 2 * 2], &lines[place / 2 * 2 + 1]);
                for (band, value) in values.iter_mut().enumerate() {
                    *value = 0.25 * (upper[x][band] + upper[x + 1][band] + lower[x][band] + lower[x + 1][band]);
                }
            }
        }
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Raster;

    #[test]
    fn the_blob_holds_exactly_the_layers() {
        let mut next = numbers(BLOB);
        let weights = Weights::decode();
        let count = BLOB.len() / 2;
        let last = (0..count).map(|_| next()).last();
        assert_eq!(
            count,
            12 * 9 * 16
                + 16
                + 64 * 24
                + 24
                + 3 * (24 * 9 * 24 + 24)
                + 96 * 32
                + 32
                + 2 * (32 * 9 * 32 + 32)
                + 32 * 24
                + 24
                + 24 * 9
                + 1
        );
        assert_eq!(Some(weights.head.bias[0][0]), last, "the last number is the head's bias");
    }

    #[test]
    fn agrees_with_an_independent_forward_pass() {
        let answer = Weights::decode().forward(&super::super::layers::fixture(24, 16));
        for (x, y, [expected]) in GOLDEN {
            assert!((answer.row(y)[x][0] - expected).abs() < 1e-3, "cell ({x}, {y}): {} against {expected}", answer.row(y)[x][0]);
        }
    }

    /// Computed by a forward pass written apart (training/golden.py).
    const GOLDEN: [(usize, usize, [f32; 1]); 5] =
        [(0, 0, [0.27724]), (11, 7, [-0.39357]), (5, 3, [-1.76862]), (6, 4, [-2.76219]), (2, 7, [-1.86440])];

    #[test]
    fn tiles_don_t_show() {
        // Two tiles wide; the same ground, moved by whole cells of the widest layer, gives the same answers.
        let noise = |x: usize, y: usize| (crate::random::mix(((x / 3) * 7919 + (y / 2) * 104_729) as u64) % 200) as u8;
        let picture = |from: usize| {
            let grey = Raster::from_fn(1100, 200, |x, y| noise(x + from, y));
            let rgb = Raster::new(1100, 200, 3, grey.samples().iter().flat_map(|&v| [v; 3]).collect()).expect("three bands");
            Glance::over(&Ground::new(&rgb, None, 1.0), &mut |_| Ok(())).expect("not cancelled")
        };
        let (plain, moved) = (picture(0), picture(80));
        let inner = |g: &Glance, from: usize| -> Vec<Say> {
            (0..g.rows).flat_map(|y| g.cells[y * g.columns + from..][..220].to_vec()).collect()
        };
        let same = inner(&plain, 35).iter().zip(inner(&moved, 15)).filter(|(a, b)| **a == *b).count();
        assert!(same as f64 > 0.999 * (220 * plain.rows) as f64, "{same} of {}", 220 * plain.rows);
    }

    #[test]
    fn plausible_cells_count_where_they_hang_together_with_a_likely_one() {
        let drawn = ["..1..1..", ".191..1.", "........", "9......1"];
        let (columns, rows) = (8, 4);
        let log_odds: Vec<f32> = drawn
            .iter()
            .flat_map(|row| row.bytes())
            .map(|b| match b {
                b'9' => LIKELY + 0.1,
                b'1' => PLAUSIBLE + 0.1,
                _ => -3.0,
            })
            .collect();
        let mut glance = Glance { columns, rows, cells: vec![Say::Bare; columns * rows], likely: 0 };
        glance.say(&log_odds);
        let kept = (0..columns * rows).filter(|&i| glance.cells[i] == Say::Plausible).collect::<Vec<_>>();
        assert_eq!(kept, [2, 9, 10, 11, 24]);
        assert_eq!(glance.likely(), 2, "one in each of the two places");
    }

    #[test]
    fn a_drawn_line_is_believed() {
        let rgb = Raster::filled(200, 120, 3, 90u8);
        let mut glance = Glance::over(&Ground::new(&rgb, None, 1.0), &mut |_| Ok(())).expect("not cancelled");
        let before = glance.places(1.0).count();
        glance.trust(&[vec![Point::new(10.0, 60.0), Point::new(190.0, 60.0)]], 1.0, 6.0);
        let after: Vec<Point> = glance.places(1.0).collect();
        assert!(after.len() >= before.max(90) && after.iter().any(|p| *p == Point::new(98.0, 62.0)), "{}", after.len());
    }
}
