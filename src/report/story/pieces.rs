//! The pictures of a story: the same ground on both dates, coded as JPEG, as good as the room allows.

use super::{Framing, Shown, Story};
use crate::align::by_hand::ControlPoint;
use crate::corrections;
use crate::error::{Error, Result};
use crate::geometry::{Point, Transform};
use crate::pipeline::Request;
use crate::raster::Raster;
use crate::report::crop::{self, Crop, Piece, to_piece};
use crate::report::exhibit::{Exhibit, Look};
use crate::report::json::{round_to, sha256_hex};
use crate::resample;
use crate::yard::GsdSource;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, RgbImage};

/// Longest sides that are tried, px. The first is more than most screens show.
const SIDES_PX: [u32; 8] = [2400, 2000, 1700, 1400, 1200, 1000, 800, 600];

/// JPEG qualities that are tried at each of them. Below 72 blocks show on roofs, and a smaller picture is the better one.
const QUALITIES: [u8; 4] = [90, 84, 78, 72];

/// What is taken when nothing better fits.
const LAST_QUALITY: u8 = 50;

/// An SVG matrix may stand for the alignment when it is off by no more than this anywhere in the picture, px.
const MATRIX_WITHIN_PX: f64 = 0.5;

/// Both pictures.
pub struct Pieces {
    before: Piece,
    after: Piece,
    quality: u8,
    resampled: bool,
    pub before_jpeg: Vec<u8>,
    pub after_jpeg: Vec<u8>,
}

impl Pieces {
    /// The best pictures that take at most `room` bytes together; `None` when none do.
    pub fn fit(
        exhibit: &Exhibit,
        before_rgb: &Raster<u8>,
        after_rgb: &Raster<u8>,
        framing: Framing,
        room: usize,
    ) -> Result<Option<Self>> {
        let crops = crops(exhibit, framing);
        let own = [crops.0, crops.1].into_iter().map(|c| c.width.max(c.height)).max().unwrap_or(1);
        let mut tried = None;
        for side in SIDES_PX {
            // A side that changes nothing against the last one is not tried again.
            if tried.replace(side.min(own)) == Some(side.min(own)) {
                continue;
            }
            let qualities: &[u8] = if side == SIDES_PX[SIDES_PX.len() - 1] { &[78, 72, 60, LAST_QUALITY] } else { &QUALITIES };
            let mut pieces = Self::cut(exhibit, before_rgb, after_rgb, crops, side)?;
            for &quality in qualities {
                pieces.encode(quality)?;
                if pieces.before_jpeg.len() + pieces.after_jpeg.len() <= room {
                    return Ok(Some(pieces));
                }
            }
        }
        if own <= SIDES_PX[SIDES_PX.len() - 1] {
            let mut pieces = Self::cut(exhibit, before_rgb, after_rgb, crops, SIDES_PX[SIDES_PX.len() - 1])?;
            pieces.encode(LAST_QUALITY)?;
            return Ok((pieces.before_jpeg.len() + pieces.after_jpeg.len() <= room).then_some(pieces));
        }
        Ok(None)
    }

    fn cut(
        exhibit: &Exhibit,
        before_rgb: &Raster<u8>,
        after_rgb: &Raster<u8>,
        (before_crop, after_crop): (Crop, Crop),
        longest_px: u32,
    ) -> Result<Self> {
        let before = Piece::cut(before_rgb, before_crop, longest_px);
        let mut after = Piece::cut(after_rgb, after_crop, longest_px);
        let exact = onto_before(exhibit, &before, &after);
        let resampled = apart_px(&exact, &affine(&exact, &after), &after) > MATRIX_WITHIN_PX;
        if resampled {
            let (width, height) = before.image.dimensions();
            let back = exhibit.after_to_before.then(&before.to_piece()).inverse().unwrap_or(Transform::IDENTITY);
            let (laid, _) = resample::onto_grid(after_rgb, None, &back, (width as usize, height as usize), &mut |_| Ok(()))?;
            let image = RgbImage::from_raw(width, height, laid.into_samples()).unwrap_or_default();
            after = Piece { crop: before_crop, image };
        }
        Ok(Self { before, after, quality: 0, resampled, before_jpeg: Vec::new(), after_jpeg: Vec::new() })
    }

    fn encode(&mut self, quality: u8) -> Result<()> {
        self.quality = quality;
        (self.before_jpeg, self.after_jpeg) = (jpeg(&self.before.image, quality)?, jpeg(&self.after.image, quality)?);
        Ok(())
    }

    /// Columns and rows of the older picture, and the quality of both.
    pub fn shown(&self) -> ([u32; 2], u8) {
        ([self.before.image.width(), self.before.image.height()], self.quality)
    }

    /// Writes down what the pictures are, and what counting them is to be told.
    pub fn enter(&self, exhibit: &Exhibit, story: &mut Story) {
        let shown = |piece: &Piece, jpeg: &[u8], look: &Look| Shown {
            crop: piece.crop,
            size_px: [piece.image.width(), piece.image.height()],
            sha256: sha256_hex(jpeg),
            north_rad: look.north_rad.map(|rad| round_to(rad, 4)),
        };
        story.before = shown(&self.before, &self.before_jpeg, &exhibit.before);
        story.after = shown(&self.after, &self.after_jpeg, if self.resampled { &exhibit.before } else { &exhibit.after });
        story.quality = self.quality;
        story.resampled = self.resampled;
        let matrix = if self.resampled {
            Transform::IDENTITY
        } else {
            affine(&onto_before(exhibit, &self.before, &self.after), &self.after)
        };
        let [[a, c, e], [b, d, f], _] = matrix.0;
        story.after_matrix = [a, b, c, d, e, f].map(|v| round_to(v, 6));
        story.request = self.request(exhibit);
    }

    /// Scale, tracks and control points in pixels of the pictures.
    fn request(&self, exhibit: &Exhibit) -> Request {
        let gsd = |look: &Look, piece: &Piece| Some((round_to(look.gsd_m / piece.scale(), 6), GsdSource::Given));
        let (onto, asked) = (self.before.to_piece(), &exhibit.request);
        let after_onto = if self.resampled { exhibit.after_to_before.then(&onto) } else { self.after.to_piece() };
        let rounded = |p: Point| Point::new(round_to(p.x, 3), round_to(p.y, 3));
        let place = |p: &Point| rounded(onto.apply(*p));
        let lines =
            asked.tracks_before_px.as_ref().map(|lines| lines.iter().map(|line| line.iter().map(place).collect()).collect());
        let carried =
            |pair: &ControlPoint| ControlPoint { before: place(&pair.before), after: rounded(after_onto.apply(pair.after)) };
        Request {
            before_gsd: gsd(&exhibit.before, &self.before),
            after_gsd: if self.resampled { gsd(&exhibit.before, &self.after) } else { gsd(&exhibit.after, &self.after) },
            tracks_before_px: lines,
            control_points: asked.control_points.iter().map(carried).collect(),
            corrections: corrections::ByDate {
                before: asked.corrections.before.carried(&onto),
                after: asked.corrections.after.carried(&after_onto),
            },
            track_edits: asked.track_edits.carried(&onto),
            misdated: asked.misdated,
        }
    }
}

/// What is shown of both images.
pub fn crops(exhibit: &Exhibit, framing: Framing) -> (Crop, Crop) {
    match framing {
        Framing::Cars => crop::of_both(exhibit),
        Framing::Whole => crop::whole(exhibit),
    }
}

/// From pixels of the newer picture to pixels of the older one.
fn onto_before(exhibit: &Exhibit, before: &Piece, after: &Piece) -> Transform {
    let back = to_piece(after.crop, after.image.dimensions()).inverse().unwrap_or(Transform::IDENTITY);
    back.then(&exhibit.after_to_before).then(&before.to_piece())
}

/// The affine transform that agrees with another one at the middle of a picture and along its axes.
fn affine(exact: &Transform, piece: &Piece) -> Transform {
    let (x, y) = (f64::from(piece.image.width()) / 2.0, f64::from(piece.image.height()) / 2.0);
    let at = |dx: f64, dy: f64| exact.apply(Point::new(x + dx, y + dy));
    let (middle, right, left, down, up) = (at(0.0, 0.0), at(x, 0.0), at(-x, 0.0), at(0.0, y), at(0.0, -y));
    let slope = |a: f64, b: f64, span: f64| (a - b) / (2.0 * span);
    let (a, b) = (slope(right.x, left.x, x), slope(right.y, left.y, x));
    let (c, d) = (slope(down.x, up.x, y), slope(down.y, up.y, y));
    Transform([[a, c, middle.x - a * x - c * y], [b, d, middle.y - b * x - d * y], [0.0, 0.0, 1.0]])
}

/// Largest distance between two transforms over a picture, px.
fn apart_px(exact: &Transform, other: &Transform, piece: &Piece) -> f64 {
    let (width, height) = (f64::from(piece.image.width()), f64::from(piece.image.height()));
    let grid = (0..=4).flat_map(|i| (0..=4).map(move |j| Point::new(width * f64::from(i) / 4.0, height * f64::from(j) / 4.0)));
    grid.map(|p| exact.apply(p).distance(other.apply(p))).fold(0.0, f64::max)
}

/// The bytes of a picture.
pub fn jpeg(image: &RgbImage, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .write_image(image.as_raw(), image.width(), image.height(), ExtendedColorType::Rgb8)
        .map_err(|e| Error::NoAnswer { code: "encode", message: format!("The picture could not be encoded: {e}.") })?;
    Ok(bytes)
}
