//! The image at halved sizes, and windows cut from it under any affine map.

use super::View;
use crate::geometry::{Point, Transform};
use crate::raster::{Mask, Raster, Sample};
use std::borrow::Cow;

/// Smallest side of a halved level; below it nothing is left to align.
const SMALLEST_SIDE_PX: usize = 16;

/// A window samples the level whose pixels are at least this many window pixels apart. With single bilinear taps, 1.67 level
/// pixels a step lose a little of the picture between taps and 0.83 blur a little; both are well below the
/// one-pixel blur of the orientation field. A higher bound blurs, a lower one aliases.
const LEAST_LEVEL_STEP: f64 = 0.83;

/// Halvings whose values are kept as sums: 4⁴ values of 8 bits still fit into 16.
const SUMMED_HALVINGS: u32 = 4;

/// A grey image with its halved copies. The full size is borrowed; the copies take two thirds of its bytes.
#[derive(Debug)]
pub(super) struct Pyramid<'a> {
    levels: Vec<Level<'a>>,
}

#[derive(Debug)]
struct Level<'a> {
    luma: Grey<'a>,
    valid: Option<Cow<'a, Mask>>,
}

/// Grey values: the image's own, sums of 4ⁿ of them, or means. Sums say what means of floating point say, to the last bit, in half the memory: a pair of
/// 12,000² took 384 MB for its copies, and takes 192.
#[derive(Debug)]
enum Grey<'a> {
    Own(&'a Raster<u8>),
    Sums(Raster<u16>, u32),
    Means(Raster<f32>),
}

impl Grey<'_> {
    fn size(&self) -> (usize, usize) {
        match self {
            Grey::Own(r) => (r.width(), r.height()),
            Grey::Sums(r, _) => (r.width(), r.height()),
            Grey::Means(r) => (r.width(), r.height()),
        }
    }
}

/// A window: grey values, and 1 where they hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Window {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Grey values, 0 where they don't hold.
    pub luma: Vec<f32>,
    /// 1 where all four taps hold, else 0.
    pub valid: Vec<f32>,
}

impl<'a> Pyramid<'a> {
    /// Halves the image until it is small.
    pub fn new(view: View<'a>) -> Self {
        let mut levels = vec![Level { luma: Grey::Own(view.luma), valid: view.valid.map(Cow::Borrowed) }];
        while let Some(half) = levels.last().and_then(halved) {
            levels.push(half);
        }
        Self { levels }
    }

    /// Columns at full size.
    pub fn width(&self) -> usize {
        self.levels[0].luma.size().0
    }

    /// Rows at full size.
    pub fn height(&self) -> usize {
        self.levels[0].luma.size().1
    }

    /// The longest side at full size.
    pub fn longest_side(&self) -> f64 {
        self.width().max(self.height()) as f64
    }

    /// The middle at full size.
    pub fn centre(&self) -> Point {
        Point::new(self.width() as f64 / 2.0, self.height() as f64 / 2.0)
    }

    /// The outer corners at full size.
    pub fn corners(&self) -> [Point; 4] {
        let (w, h) = (self.width() as f64, self.height() as f64);
        [Point::new(0.0, 0.0), Point::new(w, 0.0), Point::new(w, h), Point::new(0.0, h)]
    }

    /// Is there a measurement at this point of the full size?
    pub fn holds(&self, p: Point) -> bool {
        let inside = p.x >= 0.0 && p.y >= 0.0 && p.x < self.width() as f64 && p.y < self.height() as f64;
        inside && self.levels[0].valid.as_ref().is_none_or(|m| m.at(p.x as usize, p.y as usize, 0))
    }

    /// Fills a window; `to_image` takes window pixels to full-size pixels (its last row is ignored).
    pub fn cut(&self, to_image: &Transform, width: usize, height: usize, window: &mut Window) {
        let m = &to_image.0;
        let step = (m[0][0] * m[1][1] - m[0][1] * m[1][0]).abs().sqrt();
        let mut index = 0;
        while index + 1 < self.levels.len() && step / (2u64 << index) as f64 >= LEAST_LEVEL_STEP {
            index += 1;
        }
        let shrink = 1.0 / (1u64 << index) as f64;
        window.width = width;
        window.height = height;
        window.luma.clear();
        window.luma.resize(width * height, 0.0);
        window.valid.clear();
        window.valid.resize(width * height, 0.0);
        for row in 0..height {
            let y = row as f64 + 0.5;
            let start = [0, 1].map(|i| (m[i][0] * 0.5 + m[i][1] * y + m[i][2]) * shrink - 0.5);
            let step = [m[0][0] * shrink, m[1][0] * shrink];
            let at = row * width;
            self.levels[index].fill(start, step, &mut window.luma[at..at + width], &mut window.valid[at..at + width]);
        }
    }
}

impl Level<'_> {
    /// Bilinear samples along a line that starts at sample coordinates `start` (centres at whole numbers).
    fn fill(&self, start: [f64; 2], step: [f64; 2], luma: &mut [f32], valid: &mut [f32]) {
        match &self.luma {
            Grey::Own(r) => self.fill_from(r, start, step, luma, valid),
            Grey::Sums(r, halvings) => {
                self.fill_from(r, start, step, luma, valid);
                luma.iter_mut().for_each(|v| *v *= share(*halvings));
            }
            Grey::Means(r) => self.fill_from(r, start, step, luma, valid),
        }
    }

    fn fill_from<T: Sample>(&self, grey: &Raster<T>, start: [f64; 2], step: [f64; 2], luma: &mut [f32], valid: &mut [f32]) {
        let (width, height) = (grey.width(), grey.height());
        let pixels = grey.samples();
        let (first, last) = inside(start, step, luma.len(), [width as f64 - 1.0, height as f64 - 1.0]);
        for column in first..last {
            let x = (start[0] + step[0] * column as f64).clamp(0.0, width as f64 - 1.0);
            let y = (start[1] + step[1] * column as f64).clamp(0.0, height as f64 - 1.0);
            let (x0, y0) = ((x as usize).min(width - 2), (y as usize).min(height - 2));
            let at = y0 * width + x0;
            if let Some(mask) = &self.valid {
                let m = mask.samples();
                if !(m[at] && m[at + 1] && m[at + width] && m[at + width + 1]) {
                    continue;
                }
            }
            let (u, v) = ((x - x0 as f64) as f32, (y - y0 as f64) as f32);
            let pair = |at: usize| [pixels[at].to_f32(), pixels[at + 1].to_f32()];
            let (top, low) = (pair(at), pair(at + width));
            let top = top[0] + (top[1] - top[0]) * u;
            let low = low[0] + (low[1] - low[0]) * u;
            luma[column] = top + (low - top) * v;
            valid[column] = 1.0;
        }
    }
}

/// The columns for which a line stays within `[-0.25, limit + 0.25]` on both axes: a quarter pixel of tolerance keeps the
/// border of an image that is sampled on its own grid.
fn inside(start: [f64; 2], step: [f64; 2], columns: usize, limit: [f64; 2]) -> (usize, usize) {
    const TOLERANCE: f64 = 0.25;
    let (mut first, mut last) = (0.0f64, columns as f64);
    for axis in 0..2 {
        let (low, high) = (-TOLERANCE - start[axis], limit[axis] + TOLERANCE - start[axis]);
        if step[axis].abs() < 1e-12 {
            if low > 0.0 || high < 0.0 {
                return (0, 0);
            }
            continue;
        }
        let (a, b) = (low / step[axis], high / step[axis]);
        first = first.max(a.min(b).ceil());
        last = last.min(a.max(b).floor() + 1.0);
    }
    if last > first { (first as usize, last as usize) } else { (0, 0) }
}

/// Means of 2 × 2 pixels; one holds when all four do.
fn halved(level: &Level<'_>) -> Option<Level<'static>> {
    let (width, height) = (level.luma.size().0 / 2, level.luma.size().1 / 2);
    if width.min(height) < SMALLEST_SIDE_PX {
        return None;
    }
    let luma = match &level.luma {
        Grey::Own(r) => Grey::Sums(folded(r, |v| v.iter().map(|v| u16::from(*v)).sum())?, 1),
        Grey::Sums(r, halvings) if *halvings < SUMMED_HALVINGS => Grey::Sums(folded(r, |v| v.iter().sum())?, halvings + 1),
        Grey::Sums(r, halvings) => {
            Grey::Means(folded(r, |v| share(halvings + 1) * v.iter().map(|v| f32::from(*v)).sum::<f32>())?)
        }
        Grey::Means(r) => Grey::Means(folded(r, |v| 0.25 * v.iter().sum::<f32>())?),
    };
    let valid = level.valid.as_ref().and_then(|mask| folded(mask, |m| m.iter().all(|m| *m)));
    Some(Level { luma, valid: valid.map(Cow::Owned) })
}

/// Share of each of 4ⁿ values in their mean.
fn share(halvings: u32) -> f32 {
    1.0 / (1u32 << (2 * halvings)) as f32
}

/// One sample from every 2 × 2.
fn folded<T: Copy, U: Copy>(raster: &Raster<T>, one_of: impl Fn([T; 4]) -> U) -> Option<Raster<U>> {
    let (width, height) = (raster.width() / 2, raster.height() / 2);
    let mut samples = Vec::with_capacity(width * height);
    for y in 0..height {
        let pairs = raster.row(2 * y).chunks_exact(2).zip(raster.row(2 * y + 1).chunks_exact(2));
        samples.extend(pairs.map(|(a, b)| one_of([a[0], a[1], b[0], b[1]])));
    }
    Raster::new(width, height, 1, samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: usize, height: usize) -> Raster<u8> {
        Raster::from_fn(width, height, |x, y| (x + y / 2) as u8)
    }

    #[test]
    fn a_window_reads_the_point_its_map_names() {
        let luma = ramp(150, 130);
        let pyramid = Pyramid::new(View { luma: &luma, valid: None });
        let mut window = Window::default();
        for scale in [1.0, 1.5, 3.0] {
            let map = Transform::similarity(scale, 0.1, 20.0, 20.0);
            pyramid.cut(&map, 20, 10, &mut window);
            let p = map.apply(Point::new(7.5, 4.5));
            let got = f64::from(window.luma[4 * 20 + 7]);
            assert!((got - (p.x - 0.5 + (p.y - 1.0) / 2.0)).abs() < 0.6, "{scale}: {got} at {p:?}");
        }
    }

    /// White everywhere: the sums reach the most that they can hold, and every level says 255 all the same.
    #[test]
    fn sums_hold_the_brightest_image_at_every_level() {
        let luma = Raster::filled(1100, 1040, 1, 255u8);
        let pyramid = Pyramid::new(View { luma: &luma, valid: None });
        assert!(pyramid.levels.iter().any(|level| matches!(level.luma, Grey::Sums(_, SUMMED_HALVINGS))));
        assert!(pyramid.levels.iter().any(|level| matches!(level.luma, Grey::Means(_))));
        let mut window = Window::default();
        for scale in [1.0, 2.0, 4.0, 8.0, 16.0, 32.0] {
            pyramid.cut(&Transform::similarity(scale, 0.0, 0.0, 0.0), 20, 20, &mut window);
            assert!(window.luma.iter().all(|v| *v == 255.0), "{scale}");
        }
    }

    #[test]
    fn outside_and_masked_pixels_do_not_hold() {
        let luma = ramp(40, 40);
        let mask = Mask::from_fn(40, 40, |x, _| x != 10);
        let pyramid = Pyramid::new(View { luma: &luma, valid: Some(&mask) });
        let mut window = Window::default();
        pyramid.cut(&Transform::similarity(1.0, 0.0, -5.0, 0.0), 30, 4, &mut window);
        let holds: Vec<bool> = window.valid[..30].iter().map(|v| *v > 0.0).collect();
        assert!(!holds[4] && holds[5] && holds[13] && !holds[15] && holds[17], "{holds:?}");
    }
}
