//! Where the detector is most wrong, as pictures: the squares of the drawn places with the most errors, bare and marked.

use super::data::Yard;
use super::railcars::{Said, matches, whole};
use super::sets::{Image, Situation};
use anyhow::{Context, Result};
use image::{Rgb, RgbImage, imageops};
use sidings::geometry::{OrientedRect, Point, foot_on_line};
use std::path::Path;

/// Side of a square, m, and how large a metre is shown, px.
const SQUARE_M: f64 = 64.0;
const METRE_PX: f64 = 5.0;

/// Between the squares, px.
const MARGIN_PX: u32 = 6;

/// Squares side by side, each bare and marked.
const COLUMNS: u32 = 2;

/// Drawn situations that are hard, each shown by its worst square.
const HARD: [&str; 4] = ["lines", "sun below 30°", "overcast", "snow"];

/// Outlines: railcars that were found, marks that are no railcar, railcars that were missed (Okabe and Ito's palette, and dashes).
const RIGHT: Rgb<u8> = Rgb([255, 255, 255]);
const FALSE: Rgb<u8> = Rgb([230, 159, 0]);
const MISSED: Rgb<u8> = Rgb([86, 180, 233]);

/// Metres of a dash, and of the gap behind it.
const DASH_M: f64 = 1.6;

/// One square, and what is wrong in it.
struct Square<'a> {
    what: String,
    yard: &'a Yard,
    said: &'a Said,
    middle: Point,
    errors: usize,
}

/// Writes the sheet and says what it shows, as Markdown.
pub fn publish(drawn: &[Image], said: &[Said], empty: &[(String, Yard)], said_of_empty: &[Said], file: &Path) -> Result<String> {
    let mut squares: Vec<Square<'_>> = Vec::new();
    for situation in HARD {
        let shows = |image: &Image| image.situations.iter().any(|s: &Situation| s.1 == situation);
        let candidates = drawn.iter().zip(said).filter(|(image, _)| shows(image)).map(|(image, said)| (&image.yard, said));
        squares.extend(worst(situation, candidates, &squares));
    }
    let mut kinds: Vec<&String> = empty.iter().map(|(kind, _)| kind).filter(|kind| kind.starts_with("drawn")).collect();
    kinds.dedup();
    for kind in kinds {
        let candidates = empty.iter().zip(said_of_empty).filter(|((k, _), _)| k == kind).map(|((_, yard), said)| (yard, said));
        squares.extend(worst(kind.trim_start_matches("drawn: "), candidates, &squares));
    }
    let side = (SQUARE_M * METRE_PX) as u32;
    let rows = (squares.len() as u32).div_ceil(COLUMNS);
    let at = |n: u32| MARGIN_PX + n * (side + MARGIN_PX);
    let mut sheet = RgbImage::from_pixel(at(2 * COLUMNS), at(rows), Rgb([255, 255, 255]));
    for (k, square) in (0..).zip(&squares) {
        let bare = square.bare();
        let (x, y) = (at(k % COLUMNS * 2), at(k / COLUMNS));
        imageops::replace(&mut sheet, &bare, x.into(), y.into());
        imageops::replace(&mut sheet, &square.marked(bare), at(k % COLUMNS * 2 + 1).into(), y.into());
    }
    let out = std::fs::File::create(file).with_context(|| format!("can't write {}", file.display()))?;
    sheet.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(out, 72))?;
    let said = |s: &Square<'_>| format!("{} ({}, {} wrong)", s.what, s.yard.name, s.errors);
    Ok(squares.iter().map(said).collect::<Vec<_>>().join(" · "))
}

/// The square with the most errors among pictures that are not shown yet; `None` where nothing is wrong.
fn worst<'a>(what: &str, candidates: impl Iterator<Item = (&'a Yard, &'a Said)>, shown: &[Square<'a>]) -> Option<Square<'a>> {
    let mut best: Option<Square<'a>> = None;
    for (yard, said) in candidates.filter(|(yard, _)| !shown.iter().any(|s| s.yard.name == yard.name)) {
        let places = errors(yard, said.found.as_deref().unwrap_or_default());
        let half_px = SQUARE_M / yard.gsd_m / 2.0;
        let inside = |v: f64, n: usize| v.clamp(half_px, (n as f64 - half_px).max(half_px));
        for place in &places {
            let middle = Point::new(inside(place.x, yard.scene.width()), inside(place.y, yard.scene.height()));
            let near = |p: &&Point| (p.x - middle.x).abs() < half_px && (p.y - middle.y).abs() < half_px;
            let errors = places.iter().filter(near).count();
            if best.as_ref().is_none_or(|b| errors > b.errors) {
                best = Some(Square { what: what.to_owned(), yard, said, middle, errors });
            }
        }
    }
    best
}

/// Middles of the railcars that were missed and of the marks that are none.
fn errors(yard: &Yard, found: &[OrientedRect]) -> Vec<Point> {
    let matched = matches(yard, found);
    let missed = whole(yard).into_iter().zip(&matched.found).filter(|(_, found)| !**found).map(|(car, _)| car.rect_px.center);
    missed.chain(matched.wrong.iter().map(|&k| found[k].center)).collect()
}

impl Square<'_> {
    /// The pixels, enlarged.
    fn bare(&self) -> RgbImage {
        let rgb = self.yard.scene.rgb8();
        let side = (SQUARE_M * METRE_PX) as u32;
        RgbImage::from_fn(side, side, |x, y| {
            let p = self.in_image(Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
            let clamp = |v: f64, n: usize| (v.max(0.0) as usize).min(n - 1);
            let pixel = rgb.pixel(clamp(p.x, rgb.width()), clamp(p.y, rgb.height()));
            Rgb([pixel[0], pixel[1], pixel[2]])
        })
    }

    /// The same with outlines.
    fn marked(&self, mut picture: RgbImage) -> RgbImage {
        let found = self.said.found.as_deref().unwrap_or_default();
        let matched = matches(self.yard, found);
        for (k, rect) in found.iter().enumerate() {
            let colour = if matched.wrong.contains(&k) { FALSE } else { RIGHT };
            self.outline(&mut picture, rect, colour, false);
        }
        for (car, found) in whole(self.yard).into_iter().zip(&matched.found) {
            if !found {
                self.outline(&mut picture, &car.rect_px, MISSED, true);
            }
        }
        picture
    }

    fn outline(&self, picture: &mut RgbImage, rect: &OrientedRect, colour: Rgb<u8>, dashed: bool) {
        let mut line: Vec<Point> = rect.corners().into_iter().map(|p| self.in_square(p)).collect();
        line.extend(line.first().copied());
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let Some(foot) = foot_on_line(Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5), &line) else { continue };
            let dash = DASH_M * METRE_PX;
            if foot.distance <= 1.0 && !(dashed && foot.along % (2.0 * dash) >= dash) {
                *pixel = colour;
            }
        }
    }

    fn in_image(&self, p: Point) -> Point {
        let (scale, half) = (1.0 / (METRE_PX * self.yard.gsd_m), SQUARE_M * METRE_PX / 2.0);
        Point::new(self.middle.x + (p.x - half) * scale, self.middle.y + (p.y - half) * scale)
    }

    fn in_square(&self, p: Point) -> Point {
        let (scale, half) = (METRE_PX * self.yard.gsd_m, SQUARE_M * METRE_PX / 2.0);
        Point::new((p.x - self.middle.x) * scale + half, (p.y - self.middle.y) * scale + half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::data::Car;
    use sidings::raster::{Raster, Samples, Scene};

    #[test]
    fn the_square_with_the_most_errors_is_shown() {
        let rect = |x: f64| OrientedRect { center: Point::new(x, 200.0), length: 28.0, width: 6.0, angle_rad: 0.0 };
        let car = |id: u64, x: f64| Car { id, rect_px: rect(x), fully_inside: true };
        let scene = Scene { samples: Samples::U8(Raster::filled(400, 400, 3, 90)), valid: None };
        let yard = Yard { name: "a yard".to_owned(), gsd_m: 0.5, scene, cars: vec![car(0, 60.0), car(1, 300.0)] };
        // One is found; the other is missed, and a mark beside it is wrong.
        let said = Said { found: Some(vec![rect(60.0), rect(330.0)]), estimate: 2.0, interval: None };
        let square = worst("hard", [(&yard, &said)].into_iter(), &[]).expect("something is wrong");
        assert_eq!((square.errors, square.middle), (2, Point::new(300.0, 200.0)));
        let marked = square.marked(square.bare());
        let count = |colour: Rgb<u8>| marked.pixels().filter(|p| **p == colour).count();
        assert!(count(FALSE) > count(MISSED) && count(MISSED) > 0, "a whole outline and a dashed one");
        assert_eq!(count(RIGHT), 0, "the car that was found lies outside");
        assert!(worst("hard", [(&yard, &said)].into_iter(), &[square]).is_none(), "a picture is shown once");
    }
}
