//! The three operations the network is made of, on maps whose channels lie innermost as fixed-size arrays, so that the
//! compiler keeps a cell's channels in vector registers (SSE, NEON and wasm's simd128 alike) without a line of unsafe code.

/// A feature map with a border of one zero cell all round, which is what "same" padding of a 3×3 kernel reads.
pub(super) struct Plane<const C: usize> {
    width: usize,
    height: usize,
    cells: Vec<[f32; C]>,
}

impl<const C: usize> Plane<C> {
    /// All zero.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, cells: vec![[0.0; C]; (width + 2) * (height + 2)] }
    }

    /// Rows, without the border.
    pub fn height(&self) -> usize {
        self.height
    }

    /// One row without its border cells.
    pub fn row(&self, y: usize) -> &[[f32; C]] {
        let start = (y + 1) * (self.width + 2) + 1;
        &self.cells[start..start + self.width]
    }

    /// One row without its border cells, to change.
    pub fn row_mut(&mut self, y: usize) -> &mut [[f32; C]] {
        let start = (y + 1) * (self.width + 2) + 1;
        &mut self.cells[start..start + self.width]
    }

    /// The rows above, at and below `y`, border cells included.
    fn three_rows(&self, y: usize) -> [&[[f32; C]]; 3] {
        let stride = self.width + 2;
        [y, y + 1, y + 2].map(|r| &self.cells[r * stride..(r + 1) * stride])
    }
}

/// A 3×3 convolution with bias: `kernel[row * 3 + column][input][output]`.
pub(super) struct Conv3<const I: usize, const O: usize> {
    kernel: Vec<[[f32; O]; I]>,
    pub bias: [f32; O],
}

impl<const I: usize, const O: usize> Conv3<I, O> {
    /// Takes the numbers in the blob's order.
    pub fn read(next: &mut impl FnMut() -> f32) -> Self {
        let kernel = (0..9).map(|_| std::array::from_fn(|_| std::array::from_fn(|_| next()))).collect();
        Self { kernel, bias: std::array::from_fn(|_| next()) }
    }

    /// Convolves and hands every cell to `finish(sum, skip)`, with `skip` the cell of a second map at the same place.
    pub fn apply<const S: usize>(
        &self,
        input: &Plane<I>,
        skip: &Plane<S>,
        finish: impl Fn([f32; O], &[f32; S]) -> [f32; O],
    ) -> Plane<O> {
        let mut output = Plane::new(input.width, input.height);
        for y in 0..input.height {
            let rows = input.three_rows(y);
            let skips = skip.row(y);
            let out = output.row_mut(y);
            let mut x = 0;
            while x + 1 < input.width {
                let pair = self.sums::<2>(&rows, x);
                out[x] = finish(pair[0], &skips[x]);
                out[x + 1] = finish(pair[1], &skips[x + 1]);
                x += 2;
            }
            if x < input.width {
                out[x] = finish(self.sums::<1>(&rows, x)[0], &skips[x]);
            }
        }
        output
    }

    /// The sums of `N` neighbouring cells from column `x` on; two at a time halve the loads of the kernel.
    #[inline(always)]
    fn sums<const N: usize>(&self, rows: &[&[[f32; I]]; 3], x: usize) -> [[f32; O]; N] {
        let mut sums = [self.bias; N];
        for (tap, weights) in self.kernel.iter().enumerate() {
            let row = &rows[tap / 3][x + tap % 3..x + tap % 3 + N];
            for i in 0..I {
                for n in 0..N {
                    let value = row[n][i];
                    for o in 0..O {
                        sums[n][o] += value * weights[i][o];
                    }
                }
            }
        }
        sums
    }
}

/// A pointwise layer over blocks of cells folded into one (or over single cells): `kernel[place][input][output]`, the places
/// of a block row by row.
pub(super) struct Fold<const I: usize, const O: usize> {
    kernel: Vec<[[f32; O]; I]>,
    bias: [f32; O],
}

impl<const I: usize, const O: usize> Fold<I, O> {
    /// Takes the numbers in the blob's order, for blocks of so many cells.
    pub fn read(places: usize, next: &mut impl FnMut() -> f32) -> Self {
        let kernel = (0..places).map(|_| std::array::from_fn(|_| std::array::from_fn(|_| next()))).collect();
        Self { kernel, bias: std::array::from_fn(|_| next()) }
    }

    /// One output cell for every block of `rows` × `columns` input cells; `rows * columns` is the number of places.
    pub fn apply(&self, input: &Plane<I>, rows: usize, columns: usize, finish: impl Fn([f32; O]) -> [f32; O]) -> Plane<O> {
        let mut output = Plane::new(input.width / columns, input.height / rows);
        for y in 0..output.height {
            for x in 0..output.width {
                let mut sum = self.bias;
                for (place, weights) in self.kernel.iter().enumerate() {
                    let cell = &input.row(y * rows + place / columns)[x * columns + place % columns];
                    for i in 0..I {
                        for o in 0..O {
                            sum[o] += cell[i] * weights[i][o];
                        }
                    }
                }
                output.row_mut(y)[x] = finish(sum);
            }
        }
        output
    }
}

/// Leaky rectifier, slope 0.05 below zero.
#[inline(always)]
pub(super) fn leaky<const C: usize>(mut cell: [f32; C]) -> [f32; C] {
    for v in &mut cell {
        *v = v.max(0.05 * *v);
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
    fn blocks_fold_row_by_row() {
        let mut numbers = [1.0, 10.0, 100.0, 1000.0, 0.5].into_iter();
        let fold: Fold<1, 1> = Fold::read(4, &mut || numbers.next().expect("five numbers"));
        let mut map = Plane::<1>::new(2, 2);
        map.row_mut(0).copy_from_slice(&[[1.0], [2.0]]);
        map.row_mut(1).copy_from_slice(&[[3.0], [4.0]]);
        assert_eq!(fold.apply(&map, 2, 2, |sum| sum).row(0), &[[4321.5]]);
    }
}
