//! The operations the networks are made of, on maps whose channels lie innermost as fixed-size arrays, so that the
//! compiler keeps a cell's channels in vector registers (SSE, NEON and wasm's simd128 alike) without a line of unsafe code.

mod convolution;

pub(super) use convolution::Conv3;

/// A feature map with a border of one zero cell all round, which is what "same" padding of a 3×3 kernel reads; where width or height is odd,
/// of two on the far side, since [`Conv3`] goes by two.
pub(super) struct Plane<const C: usize> {
    width: usize,
    height: usize,
    /// Cells from one row to the next.
    stride: usize,
    cells: Vec<[f32; C]>,
}

impl<const C: usize> Plane<C> {
    /// All zero.
    pub fn new(width: usize, height: usize) -> Self {
        let stride = width.next_multiple_of(2) + 2;
        Self { width, height, stride, cells: vec![[0.0; C]; stride * (height.next_multiple_of(2) + 2)] }
    }

    /// Columns, without the border.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows, without the border.
    pub fn height(&self) -> usize {
        self.height
    }

    /// One row without its border cells.
    pub fn row(&self, y: usize) -> &[[f32; C]] {
        let start = (y + 1) * self.stride + 1;
        &self.cells[start..start + self.width]
    }

    /// One row without its border cells, to change.
    pub fn row_mut(&mut self, y: usize) -> &mut [[f32; C]] {
        let start = (y + 1) * self.stride + 1;
        &mut self.cells[start..start + self.width]
    }

    /// The row above `y`, that row and the two below it, border cells included.
    fn four_rows(&self, y: usize) -> [&[[f32; C]]; 4] {
        [y, y + 1, y + 2, y + 3].map(|r| &self.cells[r * self.stride..(r + 1) * self.stride])
    }
}

/// Output channels that are summed together: two vector registers of four. With a cell's whole 16 to 32 channels at once the sums
/// no longer stay in registers: wasm ran at 1.5 thousand million multiplications a second, so at 4 to 5.6.
const LANES: usize = 8;

/// Weights of some inputs, for [`LANES`] outputs.
type Lanes<const I: usize> = [[f32; LANES]; I];

/// The numbers of one place after the other, `[input][output]`, as they lie in the blob, in groups of [`LANES`] outputs: `[group][place]`. The last
/// group is filled up with zeros.
fn grouped<const I: usize, const O: usize>(places: usize, next: &mut impl FnMut() -> f32) -> Vec<Vec<Lanes<I>>> {
    let plain: Vec<[[f32; O]; I]> = (0..places).map(|_| std::array::from_fn(|_| std::array::from_fn(|_| next()))).collect();
    let lane = |inputs: &[[f32; O]; I], i: usize, o: usize| inputs[i].get(o).copied().unwrap_or(0.0);
    let group = |first: usize| {
        let place = |inputs| std::array::from_fn(|i| std::array::from_fn(|k| lane(inputs, i, first + k)));
        plain.iter().map(place).collect()
    };
    (0..O).step_by(LANES).map(group).collect()
}

/// Values of all outputs, in groups filled up with zeros.
fn in_groups<const O: usize>(values: &[f32; O]) -> Vec<[f32; LANES]> {
    (0..O).step_by(LANES).map(|first| std::array::from_fn(|k| values.get(first + k).copied().unwrap_or(0.0))).collect()
}

/// Writes a group's sums to their outputs. Lane by lane, since a copy of unknown length would push the sums out of their registers.
#[inline(always)]
fn put<const O: usize>(cell: &mut [f32; O], group: usize, sum: &[f32; LANES]) {
    for (k, value) in sum.iter().enumerate() {
        if let Some(output) = cell.get_mut(group * LANES + k) {
            *output = *value;
        }
    }
}

/// Adds `value` times the weights.
#[inline(always)]
fn add(sum: &mut [f32; LANES], value: f32, weights: &[f32; LANES]) {
    for (sum, weight) in sum.iter_mut().zip(weights) {
        *sum += value * weight;
    }
}

/// A pointwise layer over blocks of cells folded into one (or over single cells); a group's places are those of a block, row by row.
pub(super) struct Fold<const I: usize, const O: usize> {
    groups: Vec<Vec<Lanes<I>>>,
    pub bias: Vec<[f32; LANES]>,
}

impl<const I: usize, const O: usize> Fold<I, O> {
    /// Takes the numbers in the blob's order, for blocks of so many cells.
    pub fn read(places: usize, next: &mut impl FnMut() -> f32) -> Self {
        Self { groups: grouped::<I, O>(places, next), bias: in_groups::<O>(&std::array::from_fn(|_| next())) }
    }

    /// One output cell for every block of `rows` × `columns` input cells; `rows * columns` is the number of places.
    #[inline(never)]
    pub fn apply(&self, input: &Plane<I>, rows: usize, columns: usize, finish: impl Fn([f32; O]) -> [f32; O]) -> Plane<O> {
        let mut output = Plane::new(input.width / columns, input.height / rows);
        for y in 0..output.height {
            for x in 0..output.width {
                let mut cell = [0.0; O];
                for (group, places) in self.groups.iter().enumerate() {
                    let mut sum = self.bias[group];
                    for (place, weights) in places.iter().enumerate() {
                        let from = &input.row(y * rows + place / columns)[x * columns + place % columns];
                        from.iter().zip(weights).for_each(|(value, weights)| add(&mut sum, *value, weights));
                    }
                    put(&mut cell, group, &sum);
                }
                output.row_mut(y)[x] = finish(cell);
            }
        }
        output
    }
}

/// Leaky rectifier, slope 0.05 below zero. Compared by hand: `f32::max` is a call in WebAssembly, whose own maximum treats numbers that are none
/// otherwise, and keeps the loop from going four at a time.
#[inline(always)]
pub(super) fn leaky<const C: usize>(mut cell: [f32; C]) -> [f32; C] {
    for v in &mut cell {
        let low = 0.05 * *v;
        *v = if *v > low { *v } else { low };
    }
    cell
}

/// Sum of two cells.
#[inline(always)]
pub(super) fn plus<const C: usize>(mut a: [f32; C], b: &[f32; C]) -> [f32; C] {
    for (a, b) in a.iter_mut().zip(b) {
        *a += b;
    }
    a
}

/// Adds a coarser map, every cell repeated over `rows` × `columns`, and rectifies.
pub(super) fn add_enlarged<const C: usize>(mut map: Plane<C>, coarse: &Plane<C>, rows: usize, columns: usize) -> Plane<C> {
    for y in 0..map.height() {
        let from = coarse.row(y / rows);
        for (x, cell) in map.row_mut(y).iter_mut().enumerate() {
            *cell = leaky(plus(*cell, &from[x / columns]));
        }
    }
    map
}

/// A patch of cells filled by a rule that any language can repeat: channel c of cell (x, y) holds
/// ((x·7 + y·13 + c·29 + x·y·3) mod 64) / 64 − 0.5.
#[cfg(test)]
pub(super) fn fixture(width: usize, height: usize) -> Plane<12> {
    let mut input = Plane::new(width, height);
    for y in 0..height {
        for (x, cell) in input.row_mut(y).iter_mut().enumerate() {
            *cell = std::array::from_fn(|c| ((x * 7 + y * 13 + c * 29 + x * y * 3) % 64) as f32 / 64.0 - 0.5);
        }
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_fold_row_by_row() {
        let mut numbers = [1.0, 10.0, 100.0, 1000.0, 0.5].into_iter();
        let fold: Fold<1, 1> = Fold::read(4, &mut || numbers.next().expect("five numbers"));
        let mut map = Plane::<1>::new(2, 2);
        map.row_mut(0).copy_from_slice(&[[1.0], [2.0]]);
        map.row_mut(1).copy_from_slice(&[[3.0], [4.0]]);
        assert_eq!(fold.apply(&map, 2, 2, |sum| sum).row(0), &[[4321.5]]);
    }
}
