//! Annotated pictures for print and the web: each date in its own pixels, and both beside each other.
//!
//! The marks are outlines, so that the pixels inside stay what they are; what was done to the pixels is written under them.

mod canvas;
mod card;
mod sheet;
mod text;

pub use card::{card, in_turn};

use super::crop::{self, Piece};
use super::exhibit::{Exhibit, Look, Mark, Status};
use super::words::Words;
use crate::error::{Error, Result};
use crate::geometry::{Point, Transform};
use crate::pipeline::Side;
use crate::raster::Raster;
use crate::resample;
use crate::yard::GsdSource;
use image::{ExtendedColorType, ImageEncoder, RgbImage};
use serde_json::Value;
use sheet::{Foot, Panel};
use text::Lettering;

/// Longest side of a picture's image, px: a double page at 200 dots an inch, a 4K screen.
const LONGEST_PX: u32 = 2_400;

/// An image of fewer pixels than this is enlarged by whole numbers, so that marks and letters don't bury it.
const SHORTEST_PX: u32 = 1_200;

/// Largest enlargement.
const MOST_TIMES: u32 = 4;

/// A picture, and what it could not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// PNG.
    pub png: Vec<u8>,
    /// Names of the texts that it leaves to the story, since its font lacks their script: `credit`, `licence`, `place`.
    pub left_out: Vec<&'static str>,
}

/// One date in its own pixels, with the marks of its cars.
///
/// # Errors
/// `encode`, should a PNG not be written to memory.
pub fn annotated(exhibit: &Exhibit, side: Side, rgb: &Raster<u8>) -> Result<Picture> {
    let (before, after) = crop::of_both(exhibit);
    let crop = if side == Side::Before { before } else { after };
    let piece = Piece::cut(rgb, crop, LONGEST_PX);
    let writer = Writer::new(exhibit);
    let (panel, times) = writer.panel(side, &piece, &piece.to_piece(), exhibit.look(side).marks.iter());
    let foot = writer.foot(&[exhibit.look(side)], exhibit.look(side), &piece, times, false);
    writer.finish(&[panel], &foot)
}

/// Both dates beside each other on the grid of *before*; for that *after* is resampled, and it says so.
///
/// # Errors
/// As [`annotated`].
pub fn side_by_side(exhibit: &Exhibit, before_rgb: &Raster<u8>, after_rgb: &Raster<u8>) -> Result<Picture> {
    let (shown, _) = crop::of_both(exhibit);
    let piece = Piece::cut(before_rgb, shown, LONGEST_PX / 2);
    let onto = piece.to_piece();
    let laid = Piece { crop: shown, image: laid_over(exhibit, after_rgb, &onto, piece.image.dimensions())? };
    let writer = Writer::new(exhibit);
    let (before, times) = writer.panel(Side::Before, &piece, &onto, exhibit.before.marks.iter());
    let through = exhibit.after_to_before.then(&onto);
    let (after, _) = writer.panel(Side::After, &laid, &through, exhibit.after.marks.iter());
    let foot = writer.foot(&[&exhibit.before, &exhibit.after], &exhibit.before, &piece, times, true);
    writer.finish(&[before, after], &foot)
}

/// *After* on the grid of a piece of *before*; black where it shows nothing.
fn laid_over(exhibit: &Exhibit, after: &Raster<u8>, before_to_piece: &Transform, size: (u32, u32)) -> Result<RgbImage> {
    let back = exhibit.after_to_before.then(before_to_piece).inverse().unwrap_or(Transform::IDENTITY);
    let grid = (size.0 as usize, size.1 as usize);
    let (laid, _) = resample::onto_grid(after, None, &back, grid, &mut |_| Ok(()))?;
    Ok(RgbImage::from_raw(size.0, size.1, laid.into_samples()).unwrap_or_default())
}

/// Writes what stands around the images, in the story's language where the font has it, else in English.
struct Writer<'a> {
    exhibit: &'a Exhibit,
    words: Words,
    lettering: Lettering,
}

impl<'a> Writer<'a> {
    fn new(exhibit: &'a Exhibit) -> Self {
        let (lettering, wanted) = (Lettering::new(16.0), Words::of(&exhibit.edition.language));
        let known = lettering.can_show(&wanted.say("before", &[]));
        Self { exhibit, words: if known { wanted } else { Words::of("en") }, lettering }
    }

    /// The image of one date with its marks, and how many times it was enlarged.
    fn panel<'m>(&self, side: Side, piece: &Piece, to_piece: &Transform, marks: impl Iterator<Item = &'m Mark>) -> (Panel, u32) {
        let longest = piece.image.width().max(piece.image.height()).max(1);
        let times = SHORTEST_PX.div_ceil(longest).clamp(1, MOST_TIMES);
        let image = enlarged(&piece.image, times);
        let place = |p: Point| {
            let p = to_piece.apply(p);
            Point::new(p.x * f64::from(times), p.y * f64::from(times))
        };
        let marks = marks.map(|mark| (mark.status, mark.corners_px.map(place))).collect();
        let key = if side == Side::Before { "before" } else { "after" };
        let count = self.exhibit.report.pointer(&format!("/{key}/count"));
        (Panel { heading: self.heading(side), count: count.map(|c| self.count(c)).unwrap_or_default(), image, marks }, times)
    }

    /// "After · 5 October 2023".
    fn heading(&self, side: Side) -> String {
        let key = if side == Side::Before { "before" } else { "after" };
        format!("{} · {}", self.words.say(key, &[]), self.words.date(self.exhibit.look(side).date.as_deref()))
    }

    fn count(&self, count: &Value) -> String {
        super::phrase::count(&self.words, count)
    }

    fn foot(&self, looks: &[&Look], scale: &Look, piece: &Piece, times: u32, resampled: bool) -> Foot {
        let words = &self.words;
        // A place occupied on both dates has a mark on each; it is one place.
        let images = |status| if status == Status::Both { &looks[..1] } else { looks };
        let number = |status| images(status).iter().flat_map(|l| &l.marks).filter(|m| m.status == status).count();
        let legend = Status::ALL.map(|s| (s, number(s))).into_iter().filter(|(_, n)| *n > 0);
        let legend = legend.map(|(s, n)| (s, words.say("marked", &[("status", &words.say(s.id(), &[])), ("n", &n.to_string())])));
        let pixel_m = scale.gsd_m / piece.scale() / f64::from(times);
        let bar_m = bar_length(pixel_m * f64::from(piece.image.width() * times) / 4.0);
        let key = if scale.gsd_from == GsdSource::Estimated { "about.metres" } else { "metres" };
        Foot {
            legend: legend.collect(),
            bar_px: bar_m / pixel_m,
            bar_label: words.say(key, &[("n", &short(bar_m))]),
            north_rad: scale.north_rad,
            north_letter: words.say("north", &[]),
            lines: self.lines(piece, times, resampled),
            warning: (!self.exhibit.edition.is_publishable()).then(|| words.say("unpublishable", &[])),
        }
    }

    fn lines(&self, piece: &Piece, times: u32, resampled: bool) -> Vec<String> {
        let (words, edition) = (&self.words, &self.exhibit.edition);
        let mut pixels = if piece.scale() < 1.0 {
            words.say("pixels.reduced", &[("percent", &short(100.0 * piece.scale()))])
        } else if times > 1 {
            words.say("pixels.enlarged", &[("n", &times.to_string())])
        } else {
            words.say("pixels.original", &[])
        };
        if resampled {
            pixels = format!("{pixels} {}", words.say("pixels.resampled", &[]));
        }
        let own: Vec<&str> = [&edition.credit, &edition.licence].into_iter().filter_map(Option::as_deref).collect();
        let shown = own.iter().filter(|text| self.lettering.can_show(text)).copied();
        let mut credit: Vec<String> = shown.map(str::to_owned).collect();
        if own.iter().any(|text| !self.lettering.can_show(text)) {
            credit.push(words.say("text.elsewhere", &[]));
        }
        let place = self.exhibit.place().filter(|place| self.lettering.can_show(place));
        [place, (!credit.is_empty()).then(|| credit.join(". ").replace("..", ".")), Some(pixels)].into_iter().flatten().collect()
    }

    fn finish(&self, panels: &[Panel], foot: &Foot) -> Result<Picture> {
        let png = png(&sheet::draw(panels, foot))?;
        let place = self.exhibit.place();
        let texts = [("credit", &self.exhibit.edition.credit), ("licence", &self.exhibit.edition.licence), ("place", &place)];
        let lacking = texts.into_iter().filter(|(_, text)| text.as_ref().is_some_and(|text| !self.lettering.can_show(text)));
        Ok(Picture { png, left_out: lacking.map(|(name, _)| name).collect() })
    }
}

fn png(image: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(image.as_raw(), image.width(), image.height(), ExtendedColorType::Rgb8)
        .map_err(|e| Error::NoAnswer { code: "encode", message: format!("The picture could not be encoded: {e}.") })?;
    Ok(bytes)
}

/// Every pixel `times` by `times`.
fn enlarged(image: &RgbImage, times: u32) -> RgbImage {
    if times == 1 {
        return image.clone();
    }
    RgbImage::from_fn(image.width() * times, image.height() * times, |x, y| *image.get_pixel(x / times, y / times))
}

/// The longest of 1, 2, 5, 10, 20 … metres that is no longer than `most_m`.
pub(crate) fn bar_length(most_m: f64) -> f64 {
    let most_m = if most_m.is_finite() { most_m.max(1e-3) } else { 1.0 };
    let decade = libm::pow(10.0, libm::log10(most_m).floor());
    [5.0, 2.0, 1.0].into_iter().map(|n| n * decade).find(|m| *m <= most_m).unwrap_or(decade)
}

/// A number without decimals it doesn't need.
pub(crate) fn short(v: f64) -> String {
    if v >= 10.0 || v.fract() == 0.0 { format!("{v:.0}") } else { format!("{v:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_round_lengths() {
        for (most, length) in [(99.0, 50.0), (100.0, 100.0), (260.0, 200.0), (7.0, 5.0), (0.35, 0.2), (f64::NAN, 1.0)] {
            assert!((bar_length(most) - length).abs() < 1e-9, "{most}: {}", bar_length(most));
        }
    }

    #[test]
    fn pixels_are_enlarged_whole() {
        let image = RgbImage::from_fn(2, 1, |x, _| image::Rgb([x as u8 * 9; 3]));
        let large = enlarged(&image, 3);
        assert_eq!((large.dimensions(), large.get_pixel(2, 2).0, large.get_pixel(3, 0).0), ((6, 3), [0; 3], [9; 3]));
    }
}
