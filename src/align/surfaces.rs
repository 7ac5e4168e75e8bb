//! Tiles of *before* searched in a laid *after*: a surface of z-scores for every tile, no peak picked.
//!
//! With F of *before* and G of *after*, Z = Re Σ conj(F)·G / √(½·max(E, ½·mean E) + 1) and E = Σ |F|²·|G|²: what a sum of
//! randomly oriented features would scatter by, so that Z is in standard deviations under the hypothesis "not the same place".

use super::grey::Pyramid;
use super::orientation::Orientation;
use crate::geometry::{Point, Transform};

/// Surfaces of all tiles at one working size.
#[derive(Debug)]
pub(super) struct Surfaces {
    /// Centres of the tiles, px of the working grid.
    pub centre: Vec<Point>,
    /// Row and column of each tile in the lattice.
    pub cell: Vec<(usize, usize)>,
    /// Z at displacements −reach..=reach, y then x, tile after tile.
    pub z: Vec<f32>,
    pub reach: usize,
    pub tile: usize,
    pub step: usize,
    /// Factors from full-size *before* to the working grid.
    pub factor: (f64, f64),
    /// Tiles of *before* that hold a measurement, whether *after* covers them or not.
    pub possible: usize,
}

/// How the tiles are cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// Side of a tile, px.
    pub tile: usize,
    /// Largest displacement searched, px.
    pub reach: usize,
    /// True: tiles side by side, for counting independent ones.
    pub apart: bool,
}

/// *before* at one working size, kept between candidates.
#[derive(Debug)]
pub(super) struct Prepared {
    field: Orientation,
    factor: (f64, f64),
}

impl Prepared {
    pub fn of(before: &Pyramid, side: usize) -> Self {
        let (grey, sx, sy) = before.shrunk(side);
        Self { field: Orientation::of(&grey), factor: (sx, sy) }
    }
}

impl Surfaces {
    pub fn displacements(&self) -> usize {
        (2 * self.reach + 1) * (2 * self.reach + 1)
    }

    pub fn len(&self) -> usize {
        self.centre.len()
    }

    pub fn surface(&self, tile: usize) -> &[f32] {
        let n = self.displacements();
        &self.z[tile * n..(tile + 1) * n]
    }

    /// Searches every tile of *before* in *after* laid by `after_to_before`. `None` when fewer than four tiles are covered.
    pub fn cut(prepared: &Prepared, after: &Pyramid, after_to_before: &Transform, cut: Cut) -> Option<Self> {
        let field = &prepared.field;
        let (w, h) = (field.width, field.height);
        let (sx, sy) = prepared.factor;
        let to_grid = after_to_before.then(&Transform([[sx, 0.0, 0.0], [0.0, sy, 0.0], [0.0, 0.0, 1.0]]));
        let laid = Orientation::of(&after.laid(&to_grid, (w, h))?);
        let tile = cut.tile.min((w.min(h) / 5).max(16));
        let least = if cut.apart { tile } else { tile * 3 / 4 };
        let step = least.max(((w * h) as f64 / 150.0).sqrt() as usize);
        let mut out = Self {
            centre: Vec::new(),
            cell: Vec::new(),
            z: Vec::new(),
            reach: cut.reach,
            tile,
            step,
            factor: prepared.factor,
            possible: 0,
        };
        let starts = |n: usize| (((n.saturating_sub(tile)) % step) / 2..(n + 1).saturating_sub(tile)).step_by(step);
        let padded = Padded::of(&laid, cut.reach);
        for (row, y) in starts(h).enumerate() {
            for (column, x) in starts(w).enumerate() {
                let (mut own, mut both) = (0.0, 0.0);
                for yy in y..y + tile {
                    for i in yy * w + x..yy * w + x + tile {
                        own += field.weight[i];
                        both += field.weight[i] * laid.weight[i];
                    }
                }
                let area = (tile * tile) as f32;
                out.possible += usize::from(own > 0.5 * area);
                if both > 0.5 * area {
                    out.centre.push(Point::new(x as f64 + tile as f64 / 2.0, y as f64 + tile as f64 / 2.0));
                    out.cell.push((row, column));
                    search(field, &padded, (x, y), tile, cut.reach, &mut out.z);
                }
            }
        }
        (out.len() >= 4).then_some(out)
    }
}

/// The laid feature with a rim of zeros, and its squared size.
struct Padded {
    width: usize,
    re: Vec<f32>,
    im: Vec<f32>,
    energy: Vec<f32>,
}

impl Padded {
    fn of(field: &Orientation, rim: usize) -> Self {
        let (width, height) = (field.width + 2 * rim, field.height + 2 * rim);
        let mut padded =
            Self { width, re: vec![0.0; width * height], im: vec![0.0; width * height], energy: vec![0.0; width * height] };
        for y in 0..field.height {
            for x in 0..field.width {
                let (from, to) = (y * field.width + x, (y + rim) * width + x + rim);
                padded.re[to] = field.re[from];
                padded.im[to] = field.im[from];
                padded.energy[to] = field.re[from] * field.re[from] + field.im[from] * field.im[from];
            }
        }
        padded
    }
}

/// Appends the z-surface of one tile.
fn search(field: &Orientation, laid: &Padded, (x, y): (usize, usize), tile: usize, reach: usize, z: &mut Vec<f32>) {
    let side = 2 * reach + 1;
    let (mut match_, mut scatter) = (vec![0.0f32; side * side], vec![0.0f32; side * side]);
    for ty in 0..tile {
        let row = (y + ty) * field.width + x;
        let (fr, fi) = (&field.re[row..row + tile], &field.im[row..row + tile]);
        let energy: Vec<f32> = fr.iter().zip(fi).map(|(a, b)| a * a + b * b).collect();
        for dy in 0..side {
            // In the padded image, displacement −reach of pixel (x, y) lies at (x, y).
            let from = (y + ty + dy) * laid.width + x;
            for dx in 0..side {
                let g = from + dx..from + dx + tile;
                let (m, e) = products(fr, fi, &energy, &laid.re[g.clone()], &laid.im[g.clone()], &laid.energy[g]);
                match_[dy * side + dx] += m;
                scatter[dy * side + dx] += e;
            }
        }
    }
    let mean = scatter.iter().sum::<f32>() / scatter.len() as f32;
    z.extend(match_.iter().zip(&scatter).map(|(m, e)| m / (0.5 * e.max(0.5 * mean) + 1.0).sqrt()));
}

/// Σ (fr·gr + fi·gi) and Σ ef·eg, in eight fixed lanes so that the order of additions is the same everywhere.
fn products(fr: &[f32], fi: &[f32], ef: &[f32], gr: &[f32], gi: &[f32], eg: &[f32]) -> (f32, f32) {
    const LANES: usize = 8;
    let (mut m, mut e) = ([0.0f32; LANES], [0.0f32; LANES]);
    let whole = fr.len() / LANES * LANES;
    for i in (0..whole).step_by(LANES) {
        for k in 0..LANES {
            m[k] += fr[i + k] * gr[i + k] + fi[i + k] * gi[i + k];
            e[k] += ef[i + k] * eg[i + k];
        }
    }
    for i in whole..fr.len() {
        m[0] += fr[i] * gr[i] + fi[i] * gi[i];
        e[0] += ef[i] * eg[i];
    }
    (m.iter().sum(), e.iter().sum())
}
