//! The 3×3 convolution, by Winograd's algorithm F(2×2, 3×3): four outputs from sixteen products in place of thirty-six.
//!
//! ```text
//! input 4×4 ─ Bᵀ d B ─ 16 places × weights (G g Gᵀ, once) ─ Aᵀ m A ─ output 2×2
//! ```
//!
//! All factors are ±1 and ½, so rounding stays near that of the plain sum (a test holds both together). Lavin and Gray, *Fast algorithms
//! for convolutional neural networks*, 2016.

use super::{LANES, Lanes, Plane, add, in_groups, put};

/// Places of a transformed tile.
const PLACES: usize = 16;

/// Neighbouring tiles of 2×2 outputs that are multiplied together: each weight that is loaded serves all of them. Eight registers of sums,
/// two of weights and one of input fit into the sixteen of SSE; more spill, fewer load too often.
const TILES: usize = 4;

/// A 3×3 convolution with bias.
pub(in crate::railcars) struct Conv3<const I: usize, const O: usize> {
    /// Transformed weights, `[group of outputs][place]`.
    groups: Vec<[Lanes<I>; PLACES]>,
    pub bias: Vec<[f32; LANES]>,
}

impl<const I: usize, const O: usize> Conv3<I, O> {
    /// Takes the numbers in the blob's order: taps row by row, each `[input][output]`.
    pub fn read(next: &mut impl FnMut() -> f32) -> Self {
        let groups = super::grouped::<I, O>(9, next).iter().map(|taps| transformed_weights(taps)).collect();
        Self { groups, bias: in_groups::<O>(&std::array::from_fn(|_| next())) }
    }

    /// Convolves and hands every cell to `finish(sum, skip)`, with `skip` the cell of a second map at the same place.
    ///
    /// Never inlined: inside one long function browsers no longer find registers for the sums, which costs a factor of four.
    #[inline(never)]
    pub fn apply<const S: usize>(
        &self,
        input: &Plane<I>,
        skip: &Plane<S>,
        finish: impl Fn([f32; O], &[f32; S]) -> [f32; O],
    ) -> Plane<O> {
        let mut output = Plane::new(input.width, input.height);
        for y in (0..input.height).step_by(2) {
            let rows = input.four_rows(y);
            let tiles = input.width.div_ceil(2);
            let mut tile = 0;
            while tile + TILES <= tiles {
                self.tiles::<TILES>(&rows, (2 * tile, y), &mut output);
                tile += TILES;
            }
            (tile..tiles).for_each(|tile| self.tiles::<1>(&rows, (2 * tile, y), &mut output));
            for y in y..(y + 2).min(input.height) {
                output.row_mut(y).iter_mut().zip(skip.row(y)).for_each(|(cell, skip)| *cell = finish(*cell, skip));
            }
        }
        output
    }

    /// The outputs of `N` neighbouring tiles, the first with its corner at (x, y).
    #[inline(always)]
    fn tiles<const N: usize>(&self, rows: &[&[[f32; I]]; 4], (x, y): (usize, usize), output: &mut Plane<O>) {
        let inputs = transformed_inputs::<I, N>(rows, x);
        for (group, places) in self.groups.iter().enumerate() {
            let mut products = [[[0.0; LANES]; N]; PLACES];
            for ((product, input), weights) in products.iter_mut().zip(&inputs).zip(places) {
                *product = multiplied(input, weights);
            }
            for n in 0..N {
                let sums = transformed_products(&products, n, &self.bias[group]);
                for (k, sum) in sums.iter().enumerate() {
                    let (x, y) = (x + 2 * n + k % 2, y + k / 2);
                    if x < output.width && y < output.height {
                        put(&mut output.row_mut(y)[x], group, sum);
                    }
                }
            }
        }
    }
}

/// Sums over the inputs of `N` tiles at one place. A function of its own for the registers' sake.
#[inline(never)]
fn multiplied<const I: usize, const N: usize>(inputs: &[[f32; I]; N], weights: &Lanes<I>) -> [[f32; LANES]; N] {
    let mut sums = [[0.0; LANES]; N];
    for i in 0..I {
        for n in 0..N {
            add(&mut sums[n], inputs[n][i], &weights[i]);
        }
    }
    sums
}

/// G g Gᵀ for each input and output.
fn transformed_weights<const I: usize>(taps: &[Lanes<I>]) -> [Lanes<I>; PLACES] {
    let weight = |g: [f32; 3]| [g[0], 0.5 * (g[0] + g[1] + g[2]), 0.5 * (g[0] - g[1] + g[2]), g[2]];
    let mut places = [[[0.0; LANES]; I]; PLACES];
    for (i, k) in (0..I).flat_map(|i| (0..LANES).map(move |k| (i, k))) {
        // Down the columns of taps, then along the four rows that gives.
        let columns: [[f32; 4]; 3] = std::array::from_fn(|x| weight(std::array::from_fn(|y| taps[3 * y + x][i][k])));
        for (y, places) in places.chunks_exact_mut(4).enumerate() {
            let row = weight(std::array::from_fn(|x| columns[x][y]));
            places.iter_mut().zip(row).for_each(|(place, weight)| place[i][k] = weight);
        }
    }
    places
}

/// Bᵀ d B for the inputs under `N` tiles from column `x` on: `[place][tile]`.
#[inline(always)]
fn transformed_inputs<const I: usize, const N: usize>(rows: &[&[[f32; I]]; 4], x: usize) -> [[[f32; I]; N]; PLACES] {
    let mut places = [[[0.0; I]; N]; PLACES];
    for (n, first) in (x..).step_by(2).take(N).enumerate() {
        let mut columns = [[[0.0; I]; 4]; 4];
        for (at, column) in (first..).zip(&mut columns) {
            *column = differences(&rows[0][at], &rows[1][at], &rows[2][at], &rows[3][at]);
        }
        for y in 0..4 {
            let row = differences(&columns[0][y], &columns[1][y], &columns[2][y], &columns[3][y]);
            for (x, values) in row.into_iter().enumerate() {
                places[4 * y + x][n] = values;
            }
        }
    }
    places
}

/// Bᵀ of four cells: d0 − d2, d1 + d2, d2 − d1, d1 − d3.
#[inline(always)]
fn differences<const I: usize>(d0: &[f32; I], d1: &[f32; I], d2: &[f32; I], d3: &[f32; I]) -> [[f32; I]; 4] {
    let mut out = [[0.0; I]; 4];
    for i in 0..I {
        out[0][i] = d0[i] - d2[i];
        out[1][i] = d1[i] + d2[i];
        out[2][i] = d2[i] - d1[i];
        out[3][i] = d1[i] - d3[i];
    }
    out
}

/// Aᵀ m A of one tile plus the bias: its four outputs, row by row.
#[inline(always)]
fn transformed_products<const N: usize>(m: &[[[f32; LANES]; N]; PLACES], n: usize, bias: &[f32; LANES]) -> [[f32; LANES]; 4] {
    let mut out = [[0.0; LANES]; 4];
    for k in 0..LANES {
        let column = |x: usize| {
            let m = |y: usize| m[4 * y + x][n][k];
            (m(0) + m(1) + m(2), m(1) - m(2) - m(3))
        };
        let ((a0, b0), (a1, b1), (a2, b2), (a3, b3)) = (column(0), column(1), column(2), column(3));
        out[0][k] = bias[k] + (a0 + a1 + a2);
        out[1][k] = bias[k] + (a1 - a2 - a3);
        out[2][k] = bias[k] + (b0 + b1 + b2);
        out[3][k] = bias[k] + (b1 - b2 - b3);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_with_one_tap_shifts_the_map() {
        let mut numbers = (0..10).map(|k| if k == 5 { 1.0 } else { 0.0 });
        let shift: Conv3<1, 1> = Conv3::read(&mut || numbers.next().expect("ten numbers"));
        let mut map = Plane::<1>::new(3, 1);
        map.row_mut(0).copy_from_slice(&[[1.0], [2.0], [3.0]]);
        let shifted = shift.apply(&map, &map, |sum, _| sum);
        assert_eq!(shifted.row(0), &[[2.0], [3.0], [0.0]], "tap (1, 2) reads the cell to the right, zero beyond the border");
    }

    #[test]
    fn groups_of_outputs_and_tiles_equal_the_plain_sum() {
        const INPUTS: usize = 3;
        const OUTPUTS: usize = LANES + 2;
        let number = |k: usize| ((k * 37 + 11) % 64) as f32 / 64.0 - 0.5;
        let mut numbers = (0..9 * INPUTS * OUTPUTS + OUTPUTS).map(number);
        let layer: Conv3<INPUTS, OUTPUTS> = Conv3::read(&mut || numbers.next().expect("enough numbers"));
        let (width, height) = (2 * TILES + 3, 5);
        let mut map = Plane::<INPUTS>::new(width, height);
        for y in 0..height {
            map.row_mut(y)
                .iter_mut()
                .enumerate()
                .for_each(|(x, cell)| *cell = std::array::from_fn(|i| number(x * 7 + y * 3 + i)));
        }
        let sums = layer.apply(&map, &map, |sum, _| sum);
        for (x, y, o) in (0..width).flat_map(|x| (0..height).flat_map(move |y| (0..OUTPUTS).map(move |o| (x, y, o)))) {
            let mut plain = number(9 * INPUTS * OUTPUTS + o);
            for (tap, i) in (0..9).flat_map(|tap| (0..INPUTS).map(move |i| (tap, i))) {
                plain += map.four_rows(y)[tap / 3][x + tap % 3][i] * number((tap * INPUTS + i) * OUTPUTS + o);
            }
            let sum = sums.row(y)[x][o];
            assert!((sum - plain).abs() < 1e-5, "cell ({x}, {y}) output {o}: {sum} against {plain}");
        }
    }
}
