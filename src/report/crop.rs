//! Which part of each image is shown: where the cars are, on both dates alike, with something around them.

use super::exhibit::Exhibit;
use crate::geometry::{Point, Transform};
use crate::raster::Raster;
use image::{Rgb, RgbImage};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Ground shown around the outermost cars, m: enough to know the place again by its roads and roofs.
const AROUND_M: f64 = 40.0;

/// Least side of what is shown, m: a lone car needs its surroundings.
const LEAST_SIDE_M: f64 = 240.0;

/// A rectangle of an image, in whole pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crop {
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns, at least one.
    pub width: u32,
    /// Rows, at least one.
    pub height: u32,
}

impl Crop {
    /// The smallest one around some points that lies in an image of this size; all of the image when there are no points.
    fn around(points: impl Iterator<Item = Point>, margin_px: f64, least_px: f64, size_px: [u32; 2]) -> Self {
        let far = f64::INFINITY;
        let ([mut left, mut top], [mut right, mut bottom]) = ([far; 2], [-far; 2]);
        for p in points.filter(|p| p.x.is_finite() && p.y.is_finite()) {
            (left, top, right, bottom) = (left.min(p.x), top.min(p.y), right.max(p.x), bottom.max(p.y));
        }
        let [width, height] = size_px;
        if left > right {
            return Self { x: 0, y: 0, width: width.max(1), height: height.max(1) };
        }
        let (x, width) = span(left - margin_px, right + margin_px, least_px, width);
        let (y, height) = span(top - margin_px, bottom + margin_px, least_px, height);
        Self { x, y, width, height }
    }

    /// The corners, in pixels of the image.
    pub fn corners(&self) -> [Point; 4] {
        let [left, top, right, bottom] = [self.x, self.y, self.x + self.width, self.y + self.height].map(f64::from);
        [Point::new(left, top), Point::new(right, top), Point::new(right, bottom), Point::new(left, bottom)]
    }
}

/// First and number of the pixels from `low` to `high`, widened to `least` about the middle, within `size`.
fn span(low: f64, high: f64, least: f64, size: u32) -> (u32, u32) {
    let (size, short) = (f64::from(size), (least - (high - low)).max(0.0) / 2.0);
    let (mut low, mut high) = (low - short, high + short);
    let inward = (-low).max(0.0) - (high - size).max(0.0);
    (low, high) = (low + inward, high + inward);
    let first = low.floor().clamp(0.0, (size - 1.0).max(0.0));
    let end = high.ceil().clamp(first + 1.0, size.max(first + 1.0));
    (first as u32, (end - first) as u32)
}

/// What is shown of *before* and of *after*: the same ground, as far as *after* has it.
pub fn of_both(exhibit: &Exhibit) -> (Crop, Crop) {
    let (before, after) = (&exhibit.before, &exhibit.after);
    let own = before.marks.iter().flat_map(|m| m.corners_px);
    let carried = after.marks.iter().flat_map(|m| m.corners_px).map(|p| exhibit.after_to_before.apply(p));
    let gsd_m = if before.gsd_m > 0.0 { before.gsd_m } else { 1.0 };
    let shown = Crop::around(own.chain(carried), AROUND_M / gsd_m, LEAST_SIDE_M / gsd_m, before.size_px);
    (shown, counterpart(shown, exhibit))
}

/// All of *before*, and what *after* shows of it.
pub fn whole(exhibit: &Exhibit) -> (Crop, Crop) {
    let [width, height] = exhibit.before.size_px.map(|n| n.max(1));
    let shown = Crop { x: 0, y: 0, width, height };
    (shown, counterpart(shown, exhibit))
}

/// The part of *after* that shows what a part of *before* shows.
fn counterpart(shown: Crop, exhibit: &Exhibit) -> Crop {
    let to_after = exhibit.after_to_before.inverse().unwrap_or(Transform::IDENTITY);
    Crop::around(shown.corners().into_iter().map(|p| to_after.apply(p)), 1.0, 1.0, exhibit.after.size_px)
}

/// A part of an image, at its own resolution or a lesser one.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Where it lies.
    pub crop: Crop,
    /// Its pixels.
    pub image: RgbImage,
}

impl Piece {
    /// Cuts a part out of an image of three bands, and makes it smaller until its longer side is at most `longest_px`.
    pub fn cut(rgb: &Raster<u8>, crop: Crop, longest_px: u32) -> Self {
        let inside =
            crop.x as usize + crop.width as usize <= rgb.width() && crop.y as usize + crop.height as usize <= rgb.height();
        if rgb.bands() != 3 || !inside {
            return Self { crop, image: RgbImage::new(crop.width, crop.height) };
        }
        let longest = crop.width.max(crop.height);
        let smaller = |n: u32| ((u64::from(n) * u64::from(longest_px) / u64::from(longest)) as u32).max(1);
        let (width, height) =
            if longest <= longest_px { (crop.width, crop.height) } else { (smaller(crop.width), smaller(crop.height)) };
        // Taken from the image itself, which may be gigabytes and is not copied to be made smaller.
        let image = RgbImage::from_fn(width, height, |x, y| {
            let (columns, rows) = (share_of(x, width, crop.width), share_of(y, height, crop.height));
            Rgb(mean(rgb, crop, columns, rows))
        });
        Self { crop, image }
    }

    /// Pixels of the piece for one pixel of the image.
    pub fn scale(&self) -> f64 {
        f64::from(self.image.width()) / f64::from(self.crop.width)
    }

    /// From pixels of the image to pixels of the piece.
    pub fn to_piece(&self) -> Transform {
        to_piece(self.crop, self.image.dimensions())
    }
}

/// The pixels of `n` that fall to pixel `k` of `parts`; at least one, none twice.
fn share_of(k: u32, parts: u32, n: u32) -> Range<u32> {
    let bound = |k: u32| (u64::from(k) * u64::from(n) / u64::from(parts)) as u32;
    bound(k)..bound(k + 1)
}

/// The mean colour of some pixels of a crop.
fn mean(rgb: &Raster<u8>, crop: Crop, columns: Range<u32>, rows: Range<u32>) -> [u8; 3] {
    let n = (columns.len() * rows.len()).max(1) as u32;
    let mut sums = [0u32; 3];
    for y in rows {
        for x in columns.clone() {
            let pixel = rgb.pixel((crop.x + x) as usize, (crop.y + y) as usize);
            sums.iter_mut().zip(pixel).for_each(|(sum, v)| *sum += u32::from(*v));
        }
    }
    sums.map(|sum| ((sum + n / 2) / n) as u8)
}

/// From pixels of an image to pixels of a piece of this size that shows a part of it.
pub fn to_piece(crop: Crop, (width, height): (u32, u32)) -> Transform {
    let (sx, sy) = (f64::from(width) / f64::from(crop.width), f64::from(height) / f64::from(crop.height));
    let (x, y) = (f64::from(crop.x), f64::from(crop.y));
    Transform([[sx, 0.0, -x * sx], [0.0, sy, -y * sy], [0.0, 0.0, 1.0]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_widened_and_kept_inside() {
        assert_eq!(span(40.0, 60.0, 50.0, 200), (25, 50));
        assert_eq!(span(-10.0, 20.0, 60.0, 200), (0, 60), "moved in, not cut");
        assert_eq!(span(180.0, 230.0, 10.0, 200), (150, 50));
        assert_eq!(span(-50.0, 500.0, 10.0, 200), (0, 200));
        assert_eq!(span(3.0, 3.0, 0.0, 1), (0, 1));
    }

    #[test]
    fn a_piece_knows_where_its_pixels_come_from() {
        let rgb = Raster::new(8, 4, 3, (0..96).map(|v| v as u8).collect()).expect("ninety-six");
        let crop = Crop { x: 2, y: 1, width: 4, height: 2 };
        let piece = Piece::cut(&rgb, crop, 100);
        assert_eq!(piece.image.get_pixel(0, 0).0.as_slice(), rgb.pixel(2, 1));
        assert_eq!(piece.to_piece().apply(Point::new(2.5, 1.5)), Point::new(0.5, 0.5));
        let half = Piece::cut(&rgb, crop, 2);
        assert_eq!((half.image.dimensions(), half.scale()), ((2, 1), 0.5));
        assert_eq!(half.to_piece().apply(Point::new(6.0, 3.0)), Point::new(2.0, 1.0));
        let everything = Crop::around(std::iter::empty(), 5.0, 5.0, [8, 4]);
        assert_eq!(everything, Crop { x: 0, y: 0, width: 8, height: 4 });
    }
}
