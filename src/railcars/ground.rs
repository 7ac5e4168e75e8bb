//! The image at the resolution the network works on, still in its own axes.

pub(super) use super::colour::NEUTRAL;
use super::colour::{Balance, Tones};
use crate::geometry::Point;
use crate::raster::{Mask, Raster};

/// Ground sample distance the network was trained for, m.
pub(super) const NETWORK_GSD_M: f64 = 0.5;

/// Finer images are averaged down to 0.5 m before they are turned, or turning by bilinear samples would skip pixels. Between
/// this and 0.5 m nothing is skipped and one resampling is saved.
const AVERAGE_BELOW_M: f64 = 0.42;

/// Pixels at about 0.5 m or coarser, with their colour balance.
pub(super) struct Ground {
    rgb: Raster<u8>,
    valid: Option<Mask>,
    /// m a pixel of `rgb`.
    pub gsd_m: f64,
    balance: Balance,
    tones: Tones,
}

impl Default for Ground {
    /// No image at all.
    fn default() -> Self {
        Self {
            rgb: Raster::filled(0, 0, 3, 0),
            valid: None,
            gsd_m: NETWORK_GSD_M,
            balance: Balance::default(),
            tones: Balance::default().tones(),
        }
    }
}

impl Ground {
    /// Takes the image as it is, or averages it down.
    pub fn new(rgb: &Raster<u8>, valid: Option<&Mask>, gsd_m: f64) -> Self {
        let balance = Balance::measure(rgb, valid);
        let tones = balance.tones();
        if gsd_m >= AVERAGE_BELOW_M {
            return Self { rgb: rgb.clone(), valid: valid.cloned(), gsd_m, balance, tones };
        }
        let ratio = NETWORK_GSD_M / gsd_m;
        let valid = valid.map(|m| nearest(m, ratio));
        Self { rgb: averaged(rgb, ratio), valid, gsd_m: NETWORK_GSD_M, balance, tones }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.rgb.width()
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.rgb.height()
    }

    /// True where the point lies in the image on a measured pixel.
    pub fn is_valid(&self, p: Point) -> bool {
        if p.x < 0.0 || p.y < 0.0 || p.x >= self.rgb.width() as f64 || p.y >= self.rgb.height() as f64 {
            return false;
        }
        self.valid.as_ref().is_none_or(|m| m.at(p.x as usize, p.y as usize, 0))
    }

    /// Balanced colour at a point, bilinear; beyond the border the edge is repeated.
    pub fn colour(&self, p: Point) -> [f32; 3] {
        let (Between { first: x0, second: x1, share: u }, Between { first: y0, second: y1, share: v }) =
            (self.column(p.x), self.row(p.y));
        let pixel = |x: usize, y: usize| self.rgb.row(y).as_chunks::<3>().0[x].map(f32::from);
        let (a, b, c, d) = (pixel(x0, y0), pixel(x1, y0), pixel(x0, y1), pixel(x1, y1));
        let mixed = |k: usize| (a[k] * (1.0 - v) + c[k] * v) * (1.0 - u) + (b[k] * (1.0 - v) + d[k] * v) * u;
        self.balance.apply([mixed(0), mixed(1), mixed(2)])
    }

    /// The columns that a sample at x lies between.
    pub fn column(&self, x: f64) -> Between {
        Between::new(x, self.rgb.width())
    }

    /// The rows that a sample at y lies between.
    pub fn row(&self, y: f64) -> Between {
        Between::new(y, self.rgb.height())
    }

    /// As [`Self::colour`] for points side by side from left to right, whose neighbours are known: on a lattice along the image's axes they are the
    /// same for a whole row or column. `between` is room for the samples between the two rows.
    pub fn colours_along(&self, columns: &[Between], row: Between, between: &mut Vec<f32>, colours: &mut [[f32; 3]]) {
        let (Some(left), Some(right)) = (columns.first(), columns.last()) else { return };
        // Every sample a pixel's middle, as it is wherever finer images were averaged down: nothing lies between.
        if row.share == 0.0 && columns.iter().all(|column| column.share == 0.0) {
            let pixels = self.rgb.row(row.first).as_chunks::<3>().0;
            for (colour, column) in colours.iter_mut().zip(columns) {
                *colour = self.tones.of(pixels[column.first]);
            }
            return;
        }
        let samples = 3 * left.first..3 * (right.second + 1);
        let of = |y: usize| &self.rgb.row(y)[samples.clone()];
        between.resize(samples.len(), 0.0);
        for ((mixed, &a), &b) in between.iter_mut().zip(of(row.first)).zip(of(row.second)) {
            *mixed = f32::from(a) * (1.0 - row.share) + f32::from(b) * row.share;
        }
        let between = between.as_chunks::<3>().0;
        for (colour, column) in colours.iter_mut().zip(columns) {
            let (a, b) = (between[column.first - left.first], between[column.second - left.first]);
            let mixed = |k: usize| a[k] * (1.0 - column.share) + b[k] * column.share;
            *colour = self.balance.apply([mixed(0), mixed(1), mixed(2)]);
        }
    }

    /// A point of the image (of `image_gsd_m` a pixel) in this raster's pixels.
    pub fn at_image_point(&self, x: f64, y: f64, image_gsd_m: f64) -> Point {
        let scale = image_gsd_m / self.gsd_m;
        Point::new(x * scale, y * scale)
    }

    /// Luma of one pixel, 0 to 255, not balanced.
    pub fn luma(&self, x: usize, y: usize) -> f32 {
        let p = self.rgb.pixel(x, y);
        0.299 * f32::from(p[0]) + 0.587 * f32::from(p[1]) + 0.114 * f32::from(p[2])
    }
}

/// The two pixels that a sample lies between along one axis, and the second's share; beyond the border the edge is repeated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Between {
    first: usize,
    second: usize,
    share: f32,
}

impl Between {
    fn new(at: f64, pixels: usize) -> Self {
        let at = (at - 0.5).clamp(0.0, (pixels - 1) as f64);
        let first = at as usize;
        Self { first, second: (first + 1).min(pixels - 1), share: (at - first as f64) as f32 }
    }
}

/// Means over boxes of `ratio` × `ratio` pixels (ratio > 1), pixels on the rim counted by their share.
fn averaged(rgb: &Raster<u8>, ratio: f64) -> Raster<u8> {
    let size = |n: usize| ((n as f64 / ratio) as usize).max(1);
    let (width, height) = (size(rgb.width()), size(rgb.height()));
    let columns: Vec<_> = (0..width).map(|x| shares(x, ratio, rgb.width())).collect();
    let mut out = Raster::filled(width, height, 3, 0u8);
    let mut sums = vec![0f32; rgb.width() * 3];
    for (y, row) in out.samples_mut().chunks_exact_mut(width * 3).enumerate() {
        let (first, weights) = shares(y, ratio, rgb.height());
        sums.fill(0.0);
        for (k, w) in weights.iter().enumerate() {
            for (sum, &v) in sums.iter_mut().zip(rgb.row(first + k)) {
                *sum += w * f32::from(v);
            }
        }
        for (x, (first, weights)) in columns.iter().enumerate() {
            for b in 0..3 {
                let v: f32 = weights.iter().enumerate().map(|(k, w)| w * sums[(first + k) * 3 + b]).sum();
                row[x * 3 + b] = (v + 0.5) as u8;
            }
        }
    }
    out
}

/// Which of `n` input samples make output sample `i`, and with what weights (they sum to 1).
fn shares(i: usize, ratio: f64, n: usize) -> (usize, Vec<f32>) {
    let (from, to) = (i as f64 * ratio, ((i + 1) as f64 * ratio).min(n as f64));
    let first = (from as usize).min(n - 1);
    let last = (to.ceil() as usize).clamp(first + 1, n);
    let overlap = |k: usize| (to.min((k + 1) as f64) - from.max(k as f64)).max(1e-9);
    let total: f64 = (first..last).map(overlap).sum();
    (first, (first..last).map(|k| (overlap(k) / total) as f32).collect())
}

/// The mask at the middle of every box.
fn nearest(mask: &Mask, ratio: f64) -> Mask {
    let size = |n: usize| ((n as f64 / ratio) as usize).max(1);
    let at = |i: usize, n: usize| (((i as f64 + 0.5) * ratio) as usize).min(n - 1);
    Raster::from_fn(size(mask.width()), size(mask.height()), |x, y| mask.at(at(x, mask.width()), at(y, mask.height()), 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averaging_keeps_the_mean_and_the_place() {
        let rgb = Raster::new(4, 2, 3, [0u8, 100, 200, 100].iter().flat_map(|&v| [v; 3]).collect::<Vec<_>>().repeat(2))
            .expect("8 pixels");
        let half = averaged(&rgb, 2.0);
        assert_eq!(half.samples(), &[50, 50, 50, 150, 150, 150]);
        let ground = Ground::new(&rgb, None, 0.25);
        assert_eq!((ground.width(), ground.height(), ground.gsd_m), (2, 1, 0.5));
    }
}
