//! An image made smaller while it is read, piece by piece, so that its full resolution never lies in memory.
//!
//! Each sample of the result is the mean of `by` × `by` samples of the file. What is left over at the right and the lower border, less
//! than a whole block, is left out: so every block is of one size, and a point (x, y) of the file lies at (x / by, y / by), whatever way the
//! picture is turned afterwards. Centres stay at +0.5.

use super::validity::Sample;
use crate::raster::{Mask, Raster, Samples, Scene};

/// A kind of sample that can be averaged.
trait Mean: Sample + Default {
    /// Holds the sum of a block.
    type Sum: Copy + Default;
    fn add(sum: &mut Self::Sum, value: Self);
    fn mean(sum: Self::Sum, of: u16) -> Self;
}

macro_rules! integer_mean {
    ($t:ty) => {
        impl Mean for $t {
            type Sum = u32;
            fn add(sum: &mut u32, value: Self) {
                *sum += u32::from(value);
            }
            fn mean(sum: u32, of: u16) -> Self {
                // A mean of values of this kind fits into it.
                ((sum + u32::from(of) / 2) / u32::from(of)) as $t
            }
        }
    };
}
integer_mean!(u8);
integer_mean!(u16);

impl Mean for f32 {
    type Sum = f64;
    fn add(sum: &mut f64, value: Self) {
        *sum += f64::from(value);
    }
    fn mean(sum: f64, of: u16) -> Self {
        (sum / f64::from(of)) as f32
    }
}

/// Takes an image in pieces, from above to below, and gives its means.
pub(super) struct Shrinker {
    grid: Grid,
    means: Option<Kind>,
}

/// Size of the result, and of a block.
#[derive(Clone, Copy)]
struct Grid {
    width: usize,
    height: usize,
    by: usize,
}

enum Kind {
    U8(Means<u8>),
    U16(Means<u16>),
    F32(Means<f32>),
}

/// Rows of means that are done, and the sums of those that are not.
struct Means<T: Mean> {
    grid: Grid,
    bands: usize,
    done: Vec<T>,
    holds: Vec<bool>,
    sums: Vec<T::Sum>,
    held: Vec<u16>,
}

impl Shrinker {
    /// For a result of this size; what lies beyond its last blocks is left out. `None` when there is nothing of it.
    pub fn new((width, height): (usize, usize), by: usize) -> Option<Self> {
        (width > 0 && height > 0 && by > 0).then_some(Self { grid: Grid { width, height, by }, means: None })
    }

    /// Takes a piece whose upper left pixel lies at (`x0`, `y0`) of the image. Pieces of one kind and one number of bands are expected; `None`
    /// otherwise.
    pub fn take(&mut self, (x0, y0): (usize, usize), piece: &Scene) -> Option<()> {
        let (bands, grid) = (piece.bands(), self.grid);
        let means = self.means.get_or_insert_with(|| match &piece.samples {
            Samples::U8(_) => Kind::U8(Means::new(grid, bands)),
            Samples::U16(_) => Kind::U16(Means::new(grid, bands)),
            Samples::F32(_) => Kind::F32(Means::new(grid, bands)),
        });
        match (means, &piece.samples) {
            (Kind::U8(means), Samples::U8(raster)) => means.take((x0, y0), raster, piece.valid.as_ref()),
            (Kind::U16(means), Samples::U16(raster)) => means.take((x0, y0), raster, piece.valid.as_ref()),
            (Kind::F32(means), Samples::F32(raster)) => means.take((x0, y0), raster, piece.valid.as_ref()),
            _ => None,
        }
    }

    /// All rows of the image above this one have been taken: what they gave is averaged, and their sums are let go.
    pub fn close(&mut self, rows: usize) {
        match &mut self.means {
            Some(Kind::U8(means)) => means.close(rows),
            Some(Kind::U16(means)) => means.close(rows),
            Some(Kind::F32(means)) => means.close(rows),
            None => {}
        }
    }

    /// The image; `None` when not a single piece was there.
    pub fn finish(mut self) -> Option<Scene> {
        self.close(self.grid.height * self.grid.by);
        match self.means? {
            Kind::U8(means) => means.finish(),
            Kind::U16(means) => means.finish(),
            Kind::F32(means) => means.finish(),
        }
    }
}

impl<T: Mean> Means<T> {
    fn new(grid: Grid, bands: usize) -> Self {
        let pixels = grid.width * grid.height;
        let (done, holds) = (Vec::with_capacity(pixels * bands), Vec::with_capacity(pixels));
        Self { grid, bands, done, holds, sums: Vec::new(), held: Vec::new() }
    }

    /// Index of the first row whose sums are open.
    fn first(&self) -> usize {
        self.holds.len() / self.grid.width
    }

    fn open(&mut self, rows: usize) {
        let pixels = rows.min(self.grid.height).saturating_sub(self.first()) * self.grid.width;
        if pixels > self.held.len() {
            self.held.resize(pixels, 0);
            self.sums.resize(pixels * self.bands, T::Sum::default());
        }
    }

    fn take(&mut self, (x0, y0): (usize, usize), piece: &Raster<T>, valid: Option<&Mask>) -> Option<()> {
        let (Grid { width, height, by }, bands, first) = (self.grid, self.bands, self.first());
        if piece.bands() != bands || y0 / by < first {
            return None;
        }
        self.open((y0 + piece.height()).div_ceil(by));
        for y in 0..piece.height().min((height * by).saturating_sub(y0)) {
            let row = ((y0 + y) / by - first) * width;
            let pixels = piece.row(y).chunks_exact(bands).take((width * by).saturating_sub(x0));
            for (x, pixel) in pixels.enumerate().filter(|&(x, _)| valid.is_none_or(|mask| mask.at(x, y, 0))) {
                let at = row + (x0 + x) / by;
                self.held[at] += 1;
                self.sums[at * bands..][..bands].iter_mut().zip(pixel).for_each(|(sum, &value)| T::add(sum, value));
            }
        }
        Some(())
    }

    /// A block holds where half of its pixels do.
    fn close(&mut self, rows: usize) {
        let Grid { width, height, by } = self.grid;
        self.open((rows / by).min(height));
        let pixels = (rows / by).min(height).saturating_sub(self.first()) * width;
        let least = (by * by).div_ceil(2);
        for (held, sums) in self.held.drain(..pixels).zip(self.sums.chunks_exact(self.bands)) {
            self.holds.push(usize::from(held) >= least);
            self.done.extend(sums.iter().map(|&sum| if held > 0 { T::mean(sum, held) } else { T::default() }));
        }
        self.sums.drain(..pixels * self.bands);
    }

    fn finish(self) -> Option<Scene> {
        let Grid { width, height, .. } = self.grid;
        let samples = T::wrap(Raster::new(width, height, self.bands, self.done)?);
        let valid = if self.holds.iter().all(|&holds| holds) { None } else { Some(Mask::new(width, height, 1, self.holds)?) };
        Some(Scene { samples, valid })
    }
}

/// A scene made smaller, to a result of this size.
pub(super) fn shrunk(scene: Scene, size: (usize, usize), by: usize) -> Option<Scene> {
    if by == 1 && size == (scene.width(), scene.height()) {
        return Some(scene);
    }
    let mut shrinker = Shrinker::new(size, by)?;
    shrinker.take((0, 0), &scene)?;
    shrinker.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: usize, height: usize, f: impl FnMut(usize, usize) -> u8) -> Scene {
        Scene { samples: Samples::U8(Raster::from_fn(width, height, f)), valid: None }
    }

    #[test]
    fn blocks_become_their_means_and_what_is_left_over_goes() {
        let scene = grey(5, 4, |x, y| if x == 4 { 255 } else { (10 * x + y) as u8 });
        let small = shrunk(scene, (2, 2), 2).expect("two by two");
        // (0 + 10 + 1 + 11) / 4 = 5.5, rounded up.
        assert_eq!(small.samples, Samples::U8(Raster::new(2, 2, 1, vec![6, 26, 8, 28]).expect("four")));
        assert_eq!(small.valid, None);
    }

    #[test]
    fn pieces_of_any_size_give_what_the_whole_gives() {
        let value = |x: usize, y: usize| (x * 7 + y * 13) as u8;
        let whole = shrunk(grey(48, 44, value), (12, 11), 4).expect("fits");
        for (w, h) in [(48, 1), (16, 16), (7, 3), (48, 44), (5, 40)] {
            let mut shrinker = Shrinker::new((12, 11), 4).expect("fits");
            for y0 in (0..44).step_by(h) {
                for x0 in (0..48).step_by(w) {
                    let piece = grey(w.min(48 - x0), h.min(44 - y0), |x, y| value(x0 + x, y0 + y));
                    shrinker.take((x0, y0), &piece).expect("one kind");
                }
                shrinker.close((y0 + h).min(44));
                let Some(Kind::U8(means)) = &shrinker.means else { panic!("8 bits") };
                assert!(means.held.len() <= 12 * h.div_ceil(4), "sums of rows that are done are let go");
            }
            assert_eq!(shrinker.finish().expect("fits"), whole, "pieces of {w} × {h}");
        }
    }

    #[test]
    fn a_block_holds_where_half_of_it_does_and_only_what_holds_counts() {
        let mut scene = grey(6, 2, |x, _| [50, 90, 70, 0, 0, 0][x]);
        scene.valid = Some(Mask::from_fn(6, 2, |x, _| x < 3));
        let small = shrunk(scene, (3, 1), 2).expect("three");
        assert_eq!(small.samples, Samples::U8(Raster::new(3, 1, 1, vec![70, 70, 0]).expect("three")));
        assert_eq!(small.valid.expect("a mask").samples(), &[true, true, false]);
    }

    #[test]
    fn rows_that_nobody_brought_hold_nothing() {
        let mut shrinker = Shrinker::new((2, 4), 2).expect("fits");
        shrinker.take((0, 4), &grey(4, 2, |_, _| 9)).expect("one kind");
        let small = shrinker.finish().expect("a piece was there");
        assert_eq!(small.valid.expect("a mask").samples(), &[false, false, false, false, true, true, false, false]);
        assert!(Shrinker::new((2, 4), 2).expect("fits").finish().is_none());
        assert!(Shrinker::new((0, 2), 4).is_none());
    }
}
