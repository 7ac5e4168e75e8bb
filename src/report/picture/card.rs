//! The card that social networks show beside a link, and the two dates in turn as a GIF.

use super::canvas::{Canvas, Colour};
use super::sheet::{ALARM, INK, PAPER, Panel, SOFT, paint};
use super::text::Lettering;
use super::{Writer, laid_over};
use crate::error::{Error, Result};
use crate::geometry::{Point, Transform};
use crate::pipeline::Side;
use crate::raster::Raster;
use crate::report::crop::{self, Piece};
use crate::report::exhibit::{Exhibit, Mark};
use image::codecs::gif::{GifEncoder, Repeat};
use image::{Delay, DynamicImage, Frame, RgbImage, imageops};

/// What the networks ask for.
const CARD_PX: (u32, u32) = (1200, 630);

/// Height of the card's image; words stand under it.
const CARD_IMAGE_PX: u32 = 440;

/// An image less than this many times as wide as it is high stands beside the words, not over them, so that little of it is cut off.
const TALL: f64 = 1.7;

/// Most lines of one text in a column.
const MOST_LINES: usize = 6;

/// Longest side of the GIF, px: its colours and its size allow no more.
const GIF_PX: u32 = 720;

/// How long each date stands. Far from anything that flashes.
const STANDS_MS: u32 = 1600;

/// Speed of the search for the GIF's 256 colours, 1 (best) to 30.
const COLOUR_SPEED: i32 = 10;

/// The later date with its marks, 1200 by 630: place, date, count and credit under it.
///
/// # Errors
/// `encode`, should a PNG not be written to memory.
pub fn card(exhibit: &Exhibit, after_rgb: &Raster<u8>) -> Result<Vec<u8>> {
    let (_, shown) = crop::of_both(exhibit);
    let piece = Piece::cut(after_rgb, shown, 2 * CARD_PX.0);
    let writer = Writer::new(exhibit);
    let tall = f64::from(piece.image.width()) < TALL * f64::from(piece.image.height());
    let area = if tall { (CARD_PX.0 * 3 / 5, CARD_PX.1) } else { (CARD_PX.0, CARD_IMAGE_PX) };
    let (image, onto) = covering(&piece, area);
    let marks = placed(&exhibit.after.marks, &piece.to_piece().then(&onto));
    let panel = Panel { heading: String::new(), count: String::new(), image, marks };
    let mut canvas = Canvas::filled(CARD_PX.0, CARD_PX.1, PAPER);
    paint(&mut canvas, &panel, 0, 0);
    let (large, small) = (Lettering::new(44.0), Lettering::new(24.0));
    // Beside a tall image the words have a column, under a wide one a line each.
    let (x, mut y) = if tall { (f64::from(area.0) + 30.0, 30.0) } else { (30.0, f64::from(area.1) + 10.0) };
    let width = f64::from(CARD_PX.0) - x - 30.0;
    for (lettering, text, colour) in words_of(&writer, &large, &small) {
        let lines = if tall { lettering.lines(&text, width) } else { vec![shortened(lettering, &text, width)] };
        for line in lines.iter().take(MOST_LINES) {
            lettering.draw(&mut canvas, x, y, &shortened(lettering, line, width), colour);
            y += 1.25 * lettering.size;
        }
        y += 18.0;
    }
    super::png(&canvas.0)
}

/// Place and date, count, credit: each with its letters and its colour.
fn words_of<'l>(writer: &Writer<'_>, large: &'l Lettering, small: &'l Lettering) -> [(&'l Lettering, String, Colour); 3] {
    let (exhibit, words) = (writer.exhibit, &writer.words);
    let place = exhibit.place().filter(|place| large.can_show(place));
    let heading = match place {
        Some(place) => format!("{place}, {}", words.date(exhibit.after.date.as_deref())),
        None => writer.heading(Side::After),
    };
    let count = exhibit.report.pointer("/after/count").map(|count| writer.count(count)).unwrap_or_default();
    let edition = &exhibit.edition;
    let credit =
        edition.credit.as_ref().map(|text| if small.can_show(text) { text.clone() } else { words.say("text.elsewhere", &[]) });
    let (foot, colour) = match credit {
        Some(credit) if edition.is_publishable() => (credit, SOFT),
        _ => (words.say("unpublishable", &[]), ALARM),
    };
    [(large, heading, INK), (small, count, INK), (small, foot, colour)]
}

/// A text of one line.
fn shortened(lettering: &Lettering, text: &str, width: f64) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if lettering.width(&text) <= width {
        return text;
    }
    let mut kept: String = text;
    while !kept.is_empty() && lettering.width(&format!("{kept}…")) > width {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

/// A piece made to cover a rectangle, its middle in the middle, and how its pixels come to lie.
fn covering(piece: &Piece, (width, height): (u32, u32)) -> (RgbImage, Transform) {
    let (own_width, own_height) = (f64::from(piece.image.width()), f64::from(piece.image.height()));
    let scale = (f64::from(width) / own_width).max(f64::from(height) / own_height);
    let size = |own: f64, least: u32| ((own * scale).round() as u32).max(least);
    let (full_width, full_height) = (size(own_width, width), size(own_height, height));
    let full = imageops::resize(&piece.image, full_width, full_height, imageops::FilterType::Triangle);
    let (left, top) = ((full_width - width) / 2, (full_height - height) / 2);
    let (sx, sy) = (f64::from(full_width) / own_width, f64::from(full_height) / own_height);
    let onto = Transform([[sx, 0.0, -f64::from(left)], [0.0, sy, -f64::from(top)], [0.0, 0.0, 1.0]]);
    (imageops::crop_imm(&full, left, top, width, height).to_image(), onto)
}

fn placed(marks: &[Mark], onto: &Transform) -> Vec<(crate::report::exhibit::Status, [Point; 4])> {
    marks.iter().map(|mark| (mark.status, mark.corners_px.map(|p| onto.apply(p)))).collect()
}

/// Both dates in turn on the grid of *before*, each under its date, with its marks. It moves for ever: where readers asked for less motion,
/// show `side-by-side.png` instead.
///
/// # Errors
/// `encode`, should a GIF not be written to memory.
pub fn in_turn(exhibit: &Exhibit, before_rgb: &Raster<u8>, after_rgb: &Raster<u8>) -> Result<Vec<u8>> {
    let (shown, _) = crop::of_both(exhibit);
    let piece = Piece::cut(before_rgb, shown, GIF_PX);
    let onto = piece.to_piece();
    let laid = laid_over(exhibit, after_rgb, &onto, piece.image.dimensions())?;
    let through = exhibit.after_to_before.then(&onto);
    let writer = Writer::new(exhibit);
    let frames = [(Side::Before, &piece.image, &onto), (Side::After, &laid, &through)].map(|(side, image, onto)| {
        let panel = Panel {
            heading: writer.heading(side),
            count: String::new(),
            image: image.clone(),
            marks: placed(&exhibit.look(side).marks, onto),
        };
        DynamicImage::ImageRgb8(captioned(&writer, &panel)).into_rgba8()
    });
    let unwritten =
        |e: image::ImageError| Error::NoAnswer { code: "encode", message: format!("The GIF could not be encoded: {e}.") };
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, COLOUR_SPEED);
    encoder.set_repeat(Repeat::Infinite).map_err(unwritten)?;
    for frame in frames {
        let delay = Delay::from_numer_denom_ms(STANDS_MS, 1);
        encoder.encode_frame(Frame::from_parts(frame, 0, 0, delay)).map_err(unwritten)?;
    }
    drop(encoder);
    Ok(bytes)
}

/// The image under a line with its date, over a line with its credit or with what forbids publishing.
fn captioned(writer: &Writer<'_>, panel: &Panel) -> RgbImage {
    let lettering = Lettering::new(20.0);
    let (line, width) = (30, panel.image.width());
    let mut canvas = Canvas::filled(width, panel.image.height() + 2 * line, PAPER);
    paint(&mut canvas, panel, 0, line);
    let room = f64::from(width) - 12.0;
    lettering.draw(&mut canvas, 6.0, 3.0, &shortened(&lettering, &panel.heading, room), INK);
    let edition = &writer.exhibit.edition;
    let credit = edition.credit.as_deref().filter(|text| edition.is_publishable() && lettering.can_show(text)).map(str::to_owned);
    let (foot, colour) = match (credit, edition.is_publishable()) {
        (Some(credit), _) => (credit, SOFT),
        (None, true) => (writer.words.say("text.elsewhere", &[]), SOFT),
        (None, false) => (writer.words.say("unpublishable", &[]), ALARM),
    };
    lettering.draw(&mut canvas, 6.0, f64::from(panel.image.height() + line) + 3.0, &shortened(&lettering, &foot, room), colour);
    canvas.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_covers_the_card_about_its_middle() {
        let piece = Piece { crop: crop::Crop { x: 0, y: 0, width: 100, height: 100 }, image: RgbImage::new(100, 100) };
        let (image, onto) = covering(&piece, (1200, 440));
        assert_eq!(image.dimensions(), (1200, 440));
        let middle = onto.apply(Point::new(50.0, 50.0));
        assert!(middle.distance(Point::new(600.0, 220.0)) < 1e-9, "{middle:?}");
    }

    #[test]
    fn a_line_that_is_too_long_ends_in_dots() {
        let lettering = Lettering::new(20.0);
        assert_eq!(shortened(&lettering, "short\nenough", 500.0), "short enough");
        let cut = shortened(&lettering, &"word ".repeat(100), 200.0);
        assert!(cut.ends_with('…') && lettering.width(&cut) <= 200.0, "{cut}");
    }
}
