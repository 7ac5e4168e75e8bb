//! Tiles of an image for the map: any zoom, any plane transform, RGBA.

use super::compact::Compact;
use crate::change::ChangeMap;
use crate::geometry::{Point, Transform};
use crate::raster::{Mask, Raster, Sample, Scene};

/// Side of a tile, px. Leaflet's own default; a quarter of a megabyte, which a page paints in a fraction of a millisecond.
pub const TILE_PX: usize = 256;

/// Colour of the change score: the yellow of Okabe and Ito, which no outline uses.
const CHANGE_RGB: [u8; 3] = [0xF0, 0xE4, 0x42];

/// Shares of the threshold at which a change begins to show and is shown in full. A soft edge, since the threshold is an estimate.
const CHANGE_FROM: f64 = 0.7;
const CHANGE_FULL: f64 = 1.5;

/// Even a certain change leaves the image readable under it.
const CHANGE_ALPHA_MAX: f64 = 170.0;

/// The image at full size and at every half of it, down to one tile.
///
/// Halving by 2 × 2 means keeps the brightness of rails and gaps that picking every second pixel would turn into moiré.
#[derive(Debug, Clone)]
pub struct Pyramid {
    full: Full,
    /// RGB, or RGBA where the scene has pixels without a measurement; each half as large as the one before, the first as half the full size.
    halves: Vec<Raster<u8>>,
}

/// The image at full size.
#[derive(Debug, Clone)]
enum Full {
    /// RGB or RGBA.
    Plain(Raster<u8>),
    /// Of a large one, in half the bytes.
    Compact(Compact),
}

/// From so many pixels on an image is kept in half its bytes: two of 12,000² would take 1.1 GB with their smaller copies, and take 0.7.
const COMPACT_FROM_PX: usize = 50_000_000;

impl Full {
    fn width(&self) -> usize {
        match self {
            Full::Plain(raster) => raster.width(),
            Full::Compact(compact) => compact.width(),
        }
    }

    fn height(&self) -> usize {
        match self {
            Full::Plain(raster) => raster.height(),
            Full::Compact(compact) => compact.height(),
        }
    }

    fn pixel(&self, x: usize, y: usize) -> [u8; 4] {
        match self {
            Full::Plain(raster) => of_raster(raster, x, y),
            Full::Compact(compact) => compact.pixel(x, y),
        }
    }

    fn half(&self) -> Raster<u8> {
        match self {
            Full::Plain(raster) => half(raster),
            Full::Compact(compact) => compact.half(),
        }
    }
}

fn of_raster(raster: &Raster<u8>, x: usize, y: usize) -> [u8; 4] {
    match *raster.pixel(x, y) {
        [r, g, b, a] => [r, g, b, a],
        [r, g, b, ..] => [r, g, b, 255],
        _ => [0; 4],
    }
}

impl Pyramid {
    /// Builds all levels of an image.
    pub fn new(scene: Scene) -> Self {
        if scene.width() * scene.height() >= COMPACT_FROM_PX {
            return Self::from(Full::Compact(Compact::of(scene)));
        }
        Self::from(Full::Plain(shown(&scene)))
    }

    /// Builds all levels of a change score: one colour, the more opaque the higher the score stands against its threshold.
    pub fn of_change(map: &ChangeMap) -> Self {
        let mut rgba = Raster::filled(map.score.width(), map.score.height(), 4, 0u8);
        for (pixel, &score) in rgba.samples_mut().chunks_exact_mut(4).zip(map.score.samples()) {
            let share = (f64::from(score) / map.threshold - CHANGE_FROM) / (CHANGE_FULL - CHANGE_FROM);
            pixel[..3].copy_from_slice(&CHANGE_RGB);
            // NaN, where nothing is known, becomes 0.
            pixel[3] = (share.clamp(0.0, 1.0) * CHANGE_ALPHA_MAX) as u8;
        }
        Self::from(Full::Plain(rgba))
    }

    fn from(full: Full) -> Self {
        let mut halves = Vec::new();
        if full.width().max(full.height()) > TILE_PX {
            halves.push(full.half());
        }
        while let Some(next) = halves.last().filter(|l| l.width().max(l.height()) > TILE_PX).map(half) {
            halves.push(next);
        }
        Self { full, halves }
    }

    /// The grey values of the image's own pixels up to `reach_px` around a point, where they hold, and the piece's upper left corner.
    ///
    /// `None` when nothing of the image lies there.
    pub fn piece(&self, at: Point, reach_px: f64) -> Option<(Raster<u8>, Mask, Point)> {
        let full = &self.full;
        let span = |v: f64, size: usize| {
            let (from, to) = ((v - reach_px).max(0.0) as usize, ((v + reach_px).max(0.0) as usize).min(size));
            (from < to).then_some((from, to))
        };
        let ((x0, x1), (y0, y1)) = (span(at.x, full.width())?, span(at.y, full.height())?);
        let luma = Raster::from_fn(x1 - x0, y1 - y0, |x, y| {
            let [r, g, b, _] = full.pixel(x0 + x, y0 + y).map(f32::from);
            u8::of_f32(0.299 * r + 0.587 * g + 0.114 * b)
        });
        let holds = Raster::from_fn(x1 - x0, y1 - y0, |x, y| full.pixel(x0 + x, y0 + y)[3] == 255);
        Some((luma, holds, Point::new(x0 as f64, y0 as f64)))
    }

    /// Tile (`x`, `y`) of the grid at `zoom` (one pixel of the map's frame covers 2^zoom pixels of the screen), as RGBA rows.
    ///
    /// `to_image` takes points of the map's frame to this image. Pixels beyond the image are transparent. Bilinear on the
    /// level whose pixels are nearest in size to the screen's: where frame and image agree, the image's own pixels come
    /// out unchanged.
    pub fn tile(&self, zoom: i32, x: i32, y: i32, to_image: &Transform) -> Vec<u8> {
        let frame_px = libm::exp2(-f64::from(zoom));
        let side = TILE_PX as f64;
        let frame = |i: f64, j: f64| Point::new((f64::from(x) * side + i) * frame_px, (f64::from(y) * side + j) * frame_px);
        let footprint = frame_px * to_image.scale_at(frame(side / 2.0, side / 2.0));
        let level = (libm::log2(footprint.max(1.0)).round() as usize).min(self.halves.len());
        let image = level.checked_sub(1).map(|half| &self.halves[half]);
        let shrink = libm::exp2(-(level as f64));
        let mut rgba = vec![0; TILE_PX * TILE_PX * 4];
        for (row, line) in rgba.chunks_exact_mut(TILE_PX * 4).enumerate() {
            for (column, pixel) in line.chunks_exact_mut(4).enumerate() {
                let p = to_image.apply(frame(column as f64 + 0.5, row as f64 + 0.5));
                let (x, y) = (p.x * shrink, p.y * shrink);
                match image {
                    Some(half) => sample((half.width(), half.height()), |x, y| of_raster(half, x, y), (x, y), pixel),
                    None => sample((self.full.width(), self.full.height()), |x, y| self.full.pixel(x, y), (x, y), pixel),
                }
            }
        }
        rgba
    }
}

/// What is shown at full size: RGB, and alpha 0 where nothing was measured.
fn shown(scene: &Scene) -> Raster<u8> {
    let rgb = scene.rgb8();
    let Some(valid) = &scene.valid else { return rgb.into_owned() };
    let mut rgba = Raster::filled(rgb.width(), rgb.height(), 4, 0u8);
    let pixels = rgba.samples_mut().chunks_exact_mut(4).zip(rgb.samples().chunks_exact(3)).zip(valid.samples());
    for ((to, from), &valid) in pixels {
        to[..3].copy_from_slice(from);
        to[3] = if valid { 255 } else { 0 };
    }
    rgba
}

/// Half the size, rounded up; each pixel the rounded mean of the up to four it stands for.
fn half(image: &Raster<u8>) -> Raster<u8> {
    let (width, height, bands) = (image.width().div_ceil(2), image.height().div_ceil(2), image.bands());
    let mut out = Raster::filled(width, height, bands, 0u8);
    let stride = image.width() * bands;
    let last = image.height() - 1;
    for (y, row) in out.samples_mut().chunks_exact_mut(width * bands).enumerate() {
        let top = &image.samples()[2 * y * stride..][..stride];
        let bottom = &image.samples()[(2 * y + 1).min(last) * stride..][..stride];
        for (x, pixel) in row.chunks_exact_mut(bands).enumerate() {
            let (left, right) = (2 * x * bands, (2 * x + 1).min(image.width() - 1) * bands);
            for (band, value) in pixel.iter_mut().enumerate() {
                let sum: u16 = [top[left + band], top[right + band], bottom[left + band], bottom[right + band]]
                    .iter()
                    .map(|&v| u16::from(v))
                    .sum();
                *value = ((sum + 2) / 4) as u8;
            }
        }
    }
    out
}

/// Bilinear, centres at +0.5; nothing is written for a point outside the image.
fn sample((width, height): (usize, usize), at: impl Fn(usize, usize) -> [u8; 4], (x, y): (f64, f64), rgba: &mut [u8]) {
    if !(x >= 0.0 && y >= 0.0 && x < width as f64 && y < height as f64) {
        return;
    }
    let (fx, fy) = ((x - 0.5).clamp(0.0, (width - 1) as f64), (y - 0.5).clamp(0.0, (height - 1) as f64));
    let (x0, y0) = (fx as usize, fy as usize);
    let (x1, y1) = ((x0 + 1).min(width - 1), (y0 + 1).min(height - 1));
    let (u, v) = ((fx - x0 as f64) as f32, (fy - y0 as f64) as f32);
    let corners = [(x0, y0, (1.0 - u) * (1.0 - v)), (x1, y0, u * (1.0 - v)), (x0, y1, (1.0 - u) * v), (x1, y1, u * v)];
    let mut sums = [0.5; 4];
    for (x, y, weight) in corners {
        for (sum, value) in sums.iter_mut().zip(at(x, y)) {
            *sum += weight * f32::from(value);
        }
    }
    for (to, sum) in rgba.iter_mut().zip(sums) {
        *to = sum as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Samples;

    fn scene(width: usize, height: usize, f: impl Fn(usize, usize) -> u8) -> Scene {
        let grey = Raster::from_fn(width, height, f);
        Scene { samples: Samples::U8(grey), valid: None }
    }

    fn pixel(tile: &[u8], x: usize, y: usize) -> [u8; 4] {
        std::array::from_fn(|k| tile[(y * TILE_PX + x) * 4 + k])
    }

    #[test]
    fn at_zoom_0_the_pixels_are_the_images_own() {
        let pyramid = Pyramid::new(scene(300, 270, |x, y| (x * 7 + y * 13) as u8));
        let tile = pyramid.tile(0, 1, 1, &Transform::IDENTITY);
        let grey = |x: usize, y: usize| (x * 7 + y * 13) as u8;
        for (x, y) in [(0, 0), (43, 13), (20, 5)] {
            let v = grey(256 + x, 256 + y);
            assert_eq!(pixel(&tile, x, y), [v, v, v, 255]);
        }
        assert_eq!(pixel(&tile, 44, 0), [0; 4], "beyond the right border");
        assert_eq!(pixel(&tile, 0, 14), [0; 4], "beyond the lower border");
    }

    #[test]
    fn zooming_out_takes_means() {
        let pyramid = Pyramid::new(scene(600, 600, |x, y| if (x + y) % 2 == 0 { 200 } else { 100 }));
        assert_eq!(pixel(&pyramid.tile(-1, 0, 0, &Transform::IDENTITY), 7, 9), [150, 150, 150, 255]);
        assert_eq!(pyramid.halves.iter().map(|l| l.width()).collect::<Vec<_>>(), [300, 150]);
    }

    #[test]
    fn the_transform_leads_from_the_frame_to_the_image() {
        let pyramid = Pyramid::new(scene(400, 40, |x, _| (x / 2) as u8));
        let to_image = Transform::similarity(1.0, 0.0, 10.0, 0.0);
        assert_eq!(pixel(&pyramid.tile(0, 0, 0, &to_image), 20, 3)[0], 15);
        assert_eq!(pixel(&pyramid.tile(0, -1, 0, &to_image), 245, 3), [0; 4]);
        assert_eq!(pixel(&pyramid.tile(0, -1, 0, &to_image), 246, 3), [0, 0, 0, 255]);
    }

    #[test]
    fn pixels_without_a_measurement_are_transparent() {
        let mut scene = scene(20, 20, |_, _| 90);
        scene.valid = Some(Raster::from_fn(20, 20, |x, _| x >= 10));
        let tile = Pyramid::new(scene).tile(0, 0, 0, &Transform::IDENTITY);
        assert_eq!((pixel(&tile, 3, 3)[3], pixel(&tile, 12, 3)), (0, [90, 90, 90, 255]));
    }

    #[test]
    fn a_change_shows_where_the_score_passes_its_threshold() {
        let score = Raster::from_fn(20, 20, |x, _| [0.0, 1.0, 3.0, f32::NAN][x % 4]);
        let mask = score.map(|v| v > 2.0);
        let map = ChangeMap { score, mask, threshold: 2.0, method: "ir-mad", changed_fraction: 0.25, warnings: Vec::new() };
        let tile = Pyramid::of_change(&map).tile(0, 0, 0, &Transform::IDENTITY);
        assert_eq!([0, 1, 2, 3].map(|x| pixel(&tile, x, 5)[3]), [0, 0, 170, 0]);
        assert_eq!(pixel(&tile, 2, 5)[..3], CHANGE_RGB);
    }

    #[test]
    fn an_odd_size_keeps_its_last_column() {
        let pyramid = Pyramid::new(scene(513, 513, |x, _| if x == 512 { 80 } else { 0 }));
        assert_eq!(pixel(&pyramid.tile(-1, 1, 0, &Transform::IDENTITY), 0, 0)[0], 80);
    }
}
