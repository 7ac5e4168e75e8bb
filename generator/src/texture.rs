//! Noise for surfaces: smooth fields over the whole scene and a fine grain that tiles.

use crate::draw::speck;

/// A smooth field over a square, sampled on a lattice and read bilinearly.
pub(crate) struct Field {
    step_m: f32,
    side: usize,
    values: Vec<f32>,
}

impl Field {
    /// Noise of several sizes, m, each with its strength; standard deviation about that of the strengths together.
    pub fn new(extent_m: f32, octaves: &[(f32, f32)], seed: u32) -> Self {
        let step_m = 2.0;
        let side = (extent_m / step_m) as usize + 2;
        let mut values = vec![0.0; side * side];
        for (k, &(scale_m, strength)) in octaves.iter().enumerate() {
            for (i, value) in values.iter_mut().enumerate() {
                let (x, y) = ((i % side) as f32 * step_m / scale_m, (i / side) as f32 * step_m / scale_m);
                *value += 1.9 * strength * smooth(x, y, seed.wrapping_add(k as u32 * 977));
            }
        }
        Self { step_m, side, values }
    }

    /// The values along one row of `n` cells of `cell_m`.
    pub fn row(&self, y_m: f32, cell_m: f32, n: usize, out: &mut Vec<f32>) {
        let v = (y_m / self.step_m).min(self.side as f32 - 1.001);
        let (j, fy) = (v as usize, v - v.floor());
        let line: Vec<f32> = (0..self.side)
            .map(|i| {
                let (a, b) = (self.values[j * self.side + i], self.values[(j + 1).min(self.side - 1) * self.side + i]);
                a + (b - a) * fy
            })
            .collect();
        out.clear();
        let per = cell_m / self.step_m;
        for (i, pair) in line.windows(2).enumerate() {
            let slope = (pair[1] - pair[0]) * per;
            let first = (pair[0] - (i as f32) * (pair[1] - pair[0])) + 0.5 * slope;
            let end = (((i + 1) as f32 / per - 0.5).ceil() as usize).min(n);
            let from = out.len();
            out.extend((from..end).map(|x| first + slope * x as f32));
        }
        out.resize(n, line[self.side - 1]);
    }
}

/// Value noise in -0.5..0.5 with features one unit large.
fn smooth(x: f32, y: f32, seed: u32) -> f32 {
    let (x0, y0) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v, i, j) = (ease(x - x0), ease(y - y0), x0 as i32, y0 as i32);
    let top = speck(i, j, seed) * (1.0 - u) + speck(i + 1, j, seed) * u;
    let bottom = speck(i, j + 1, seed) * (1.0 - u) + speck(i + 1, j + 1, seed) * u;
    top + (bottom - top) * v - 0.5
}

/// Cells along a side of [`Grain`]'s tile.
const TILE: usize = 512;

/// Fine texture: a tile of noise with features of 1 to 16 cells, standard deviation about 1.
pub(crate) struct Grain(Vec<f32>);

impl Grain {
    /// Always the same tile; readers start at an offset of their own.
    pub fn new() -> Self {
        let mut tile = vec![0.0f32; TILE * TILE];
        for (octave, strength) in [(0u32, 1.6f32), (1, 1.2), (2, 0.9), (3, 0.6), (4, 0.5)] {
            let mask = (TILE as i32 >> octave) - 1;
            for (i, value) in tile.iter_mut().enumerate() {
                let (x, y) = ((i % TILE) as i32, (i / TILE) as i32);
                let size = (1i32 << octave) as f32;
                let (u, v) = ((x & ((1 << octave) - 1)) as f32 / size, (y & ((1 << octave) - 1)) as f32 / size);
                let (a, b) = (x >> octave, y >> octave);
                let at = |i: i32, j: i32| speck(i & mask, j & mask, 71 + octave) - 0.5;
                let top = at(a, b) * (1.0 - u) + at(a + 1, b) * u;
                let bottom = at(a, b + 1) * (1.0 - u) + at(a + 1, b + 1) * u;
                *value += strength * 1.9 * (top + (bottom - top) * v);
            }
        }
        Self(tile)
    }

    /// `n` values of a row of the tile, endlessly repeated, from an offset.
    pub fn row(&self, y: usize, offset: usize, n: usize) -> impl Iterator<Item = f32> + '_ {
        let start = (y + offset / TILE) % TILE * TILE;
        let tile = &self.0[start..start + TILE];
        tile[offset % TILE..].iter().chain(tile.iter().cycle()).take(n).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grain_has_about_unit_variance() {
        let tile = Grain::new().0;
        let mean = tile.iter().sum::<f32>() / tile.len() as f32;
        let variance = tile.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / tile.len() as f32;
        assert!(mean.abs() < 0.05 && (0.6..1.6).contains(&variance), "{mean} {variance}");
    }
}
