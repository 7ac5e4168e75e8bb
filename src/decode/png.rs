//! PNG: the header by hand, so that limits hold before the decoder runs; the pixels by the `image` crate.

use super::Header;
use super::kind::PNG_SIGNATURE;
use super::orientation::Orientation;
use super::refusal::Refusal;
use super::shrink::Shrinker;
use super::validity;
use crate::limits::Limits;
use crate::raster::Scene;
use image::{DynamicImage, ImageDecoder, codecs::png::PngDecoder};
use std::io::Cursor;

/// What the chunks say.
struct Survey<'a> {
    width: u32,
    height: u32,
    bits: u32,
    bands: u32,
    exif: Option<&'a [u8]>,
    complete: bool,
}

/// Walks the chunks, from `IHDR` to `IEND` or to where the bytes end.
fn survey(bytes: &[u8]) -> Result<Survey<'_>, Refusal> {
    let ihdr = chunk_at(bytes, PNG_SIGNATURE.len());
    let Some((b"IHDR", data)) = ihdr.map(|(name, data, _)| (name, data)) else {
        return Err(if bytes.len() < 33 {
            Refusal::truncated("PNG", "its header is not complete")
        } else {
            Refusal::damaged("PNG", "it does not begin with a header chunk")
        });
    };
    let &[a, b, c, d, e, f, g, h, depth, colour, ..] = data else {
        return Err(Refusal::damaged("PNG", "its header is too short"));
    };
    let palette = colour == 3;
    let (mut bands, bits) = match colour {
        0 => (1, u32::from(depth)),
        2 => (3, u32::from(depth)),
        3 => (3, 8),
        4 => (2, u32::from(depth)),
        6 => (4, u32::from(depth)),
        other => return Err(Refusal::damaged("PNG", &format!("its header names an unknown colour type, {other}"))),
    };
    let (mut exif, mut complete, mut at) = (None, false, PNG_SIGNATURE.len());
    while let Some((name, data, next)) = chunk_at(bytes, at) {
        match name {
            b"tRNS" if colour < 4 => bands = if palette { 4 } else { bands + 1 },
            b"eXIf" => exif = Some(data),
            b"IEND" => complete = true,
            _ => {}
        }
        if complete {
            break;
        }
        at = next;
    }
    bands = bands.min(4);
    let (width, height) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
    Ok(Survey { width, height, bits, bands, exif, complete })
}

/// Name and data of the chunk at an offset, and where the next one begins; `None` when it isn't all there.
fn chunk_at(bytes: &[u8], at: usize) -> Option<(&[u8; 4], &[u8], usize)> {
    let (length, rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
    let (name, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let next = at.checked_add(12)?.checked_add(length)?;
    (next <= bytes.len()).then(|| (name, &rest[..length], next))
}

/// The header, limits checked.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let survey = survey(bytes)?;
    if !limits.admit(survey.width, survey.height, u64::from(survey.bands) * u64::from(survey.bits.div_ceil(8))) {
        return Err(Refusal::too_big(survey.width, survey.height, limits));
    }
    let (width, height) = survey.exif.map(Orientation::from_exif).unwrap_or_default().size(survey.width, survey.height);
    Ok(Header { format: "png", width, height, bands: survey.bands, bits: survey.bits })
}

/// The pixels; the caller has checked the header.
pub(super) fn scene(bytes: &[u8], limits: &Limits) -> Result<Scene, Refusal> {
    let survey = survey(bytes)?;
    if !survey.complete {
        return Err(Refusal::truncated("PNG", "its last chunk, IEND, is missing"));
    }
    let orientation = survey.exif.map(Orientation::from_exif).unwrap_or_default();
    let damaged = |e: image::ImageError| Refusal::damaged("PNG", &e.to_string());
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), decoder_limits(limits)).map_err(damaged)?;
    let image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    dynamic(image).map(|scene| orientation.apply(scene)).ok_or_else(|| Refusal::damaged("PNG", "its pixels don't fill its size"))
}

/// The pixels at 1/`by` of the resolution, row by row; the caller has checked the header.
pub(super) fn overview(bytes: &[u8], by: u32) -> Result<Scene, Refusal> {
    let survey = survey(bytes)?;
    if !survey.complete {
        return Err(Refusal::truncated("PNG", "its last chunk, IEND, is missing"));
    }
    let damaged = |e: png::DecodingError| Refusal::damaged("PNG", &e.to_string());
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(damaged)?;
    if reader.info().interlaced {
        let what = "This PNG is interlaced, so that it can't be read a row at a time.";
        return Err(Refusal::unsupported(what, "Crop it to the yard, or save it without interlacing."));
    }
    let (colour, depth) = reader.output_color_type();
    let (bands, width) = (colour.samples(), survey.width as usize);
    let alpha = matches!(colour, png::ColorType::GrayscaleAlpha | png::ColorType::Rgba).then(|| bands - 1);
    let unfilled = || Refusal::damaged("PNG", "its pixels don't fill its size");
    let size = ((survey.width / by) as usize, (survey.height / by) as usize);
    let mut shrinker = Shrinker::new(size, by as usize).ok_or_else(unfilled)?;
    let mut y = 0;
    while let Some(row) = reader.next_row().map_err(damaged)? {
        let row = row.data();
        let piece = if depth == png::BitDepth::Sixteen {
            let samples = row.chunks_exact(2).map(|b| u16::from_be_bytes([b[0], b[1]])).collect();
            validity::scene::<u16>(width, 1, bands, samples, alpha, None)
        } else {
            validity::scene::<u8>(width, 1, bands, row.to_vec(), alpha, None)
        };
        piece.and_then(|piece| shrinker.take((0, y), &piece)).ok_or_else(unfilled)?;
        y += 1;
        shrinker.close(y);
    }
    let orientation = survey.exif.map(Orientation::from_exif).unwrap_or_default();
    let scene = shrinker.finish().filter(|_| y == survey.height as usize).ok_or_else(unfilled)?;
    Ok(orientation.apply(scene))
}

/// Our limits in the words of the `image` crate.
fn decoder_limits(limits: &Limits) -> image::Limits {
    let mut theirs = image::Limits::no_limits();
    theirs.max_image_width = Some(limits.max_side_px);
    theirs.max_image_height = Some(limits.max_side_px);
    theirs.max_alloc = Some(limits.max_bytes.saturating_mul(2));
    theirs
}

/// A scene from what the `image` crate decoded.
pub(super) fn dynamic(image: DynamicImage) -> Option<Scene> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    match image {
        DynamicImage::ImageLuma8(i) => validity::scene(width, height, 1, i.into_raw(), None, None),
        DynamicImage::ImageLumaA8(i) => validity::scene(width, height, 2, i.into_raw(), Some(1), None),
        DynamicImage::ImageRgb8(i) => validity::scene(width, height, 3, i.into_raw(), None, None),
        DynamicImage::ImageRgba8(i) => validity::scene(width, height, 4, i.into_raw(), Some(3), None),
        DynamicImage::ImageLuma16(i) => validity::scene(width, height, 1, i.into_raw(), None, None),
        DynamicImage::ImageLumaA16(i) => validity::scene(width, height, 2, i.into_raw(), Some(1), None),
        DynamicImage::ImageRgb16(i) => validity::scene(width, height, 3, i.into_raw(), None, None),
        DynamicImage::ImageRgba16(i) => validity::scene(width, height, 4, i.into_raw(), Some(3), None),
        _ => None,
    }
}

/// Size and kind of samples as the `image` crate's decoder tells them.
pub(super) fn shape(decoder: &impl ImageDecoder) -> (u32, u32, u32) {
    let (width, height) = decoder.dimensions();
    (width, height, u32::from(decoder.color_type().channel_count()))
}
