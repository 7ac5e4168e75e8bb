//! JPEG: a walk over the markers tells what it is and whether it is complete; `zune-jpeg` decodes the pixels.
//!
//! The decoder runs without its CPU-specific code, so that every machine and wasm give the same pixels, and in strict mode,
//! so that half an image is an error and not half grey. Overviews are made by `jpeg-decoder`, which brings each block of 8 × 8 pixels to its means
//! before it is transformed.

use super::Header;
use super::orientation::Orientation;
use super::refusal::Refusal;
use super::{shrink, validity};
use crate::limits::Limits;
use crate::raster::Scene;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};

/// What the markers say.
pub(super) struct Survey<'a> {
    pub width: u32,
    pub height: u32,
    pub bands: u32,
    bits: u32,
    /// Why the pixels can't be decoded, as a sentence.
    pub obstacle: Option<&'static str>,
    exif: Option<&'a [u8]>,
    complete: bool,
}

/// Walks the markers from the start to the end of the image.
fn survey(bytes: &[u8]) -> Result<Survey<'_>, Refusal> {
    let mut frame: Option<Survey<'_>> = None;
    let mut exif = None;
    let mut complete = false;
    let mut at = 2;
    while let Some((marker, next)) = next_marker(bytes, at) {
        at = next;
        match marker {
            0xd9 => complete = true,
            0x01 | 0xd0..=0xd8 => continue,
            _ => {
                let Some(segment) = segment_at(bytes, at) else { break };
                at += 2 + segment.len();
                match marker {
                    0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) && frame.is_none() => {
                        frame = Some(read_frame(marker, segment)?);
                    }
                    0xe1 if exif.is_none() && segment.starts_with(b"Exif\0\0") => exif = Some(segment),
                    _ => {}
                }
            }
        }
        if complete {
            break;
        }
    }
    let mut frame = frame.ok_or_else(|| match complete {
        true => Refusal::damaged("JPEG", "it holds no image"),
        false => Refusal::truncated("JPEG", "its header is not complete"),
    })?;
    (frame.exif, frame.complete) = (exif, complete);
    Ok(frame)
}

/// The next marker at or after an offset, and the offset behind it. Compressed data (0xff00) is skipped.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|&b| b == 0xff)?;
        match *bytes.get(at + 1)? {
            0x00 => at += 2,
            0xff => at += 1,
            marker => return Some((marker, at + 2)),
        }
    }
}

/// The data of the segment whose length stands at an offset.
fn segment_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    bytes.get(at + 2..at + length.max(2))
}

fn read_frame(marker: u8, segment: &[u8]) -> Result<Survey<'static>, Refusal> {
    let &[bits, h1, h0, w1, w0, bands, ..] = segment else {
        return Err(Refusal::damaged("JPEG", "its frame header is too short"));
    };
    let obstacle = match (marker, bits, bands) {
        (0xc3 | 0xc5..=0xc7 | 0xcb | 0xcd..=0xcf, _, _) => Some("This JPEG is of a lossless or hierarchical kind."),
        (0xc9 | 0xca, _, _) => Some("This JPEG uses arithmetic coding."),
        (_, 9.., _) => Some("This JPEG has more than 8 bits a sample."),
        (_, _, 4) => Some("This JPEG is in print colours (CMYK)."),
        (_, _, 2 | 5..) => Some("This JPEG has an unusual number of colour components."),
        _ => None,
    };
    let (width, height) = (u32::from(u16::from_be_bytes([w1, w0])), u32::from(u16::from_be_bytes([h1, h0])));
    if width == 0 || height == 0 || bands == 0 {
        return Err(Refusal::damaged("JPEG", "its header gives no size"));
    }
    Ok(Survey { width, height, bands: bands.into(), bits: bits.into(), obstacle, exif: None, complete: false })
}

/// What a JPEG stream says of itself, e.g. a tile inside a TIFF; `None` when it has no frame or breaks off.
pub(super) fn frame(bytes: &[u8]) -> Option<Survey<'_>> {
    survey(bytes).ok().filter(|s| s.complete)
}

/// The header, limits checked.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let survey = survey(bytes)?;
    if let Some(obstacle) = survey.obstacle {
        return Err(Refusal::unsupported(obstacle, "Open it in an image editor and save it as an RGB PNG."));
    }
    if !limits.admit(survey.width, survey.height, survey.bands.into()) {
        return Err(Refusal::too_big(survey.width, survey.height, limits));
    }
    let (width, height) = survey.exif.map(Orientation::from_exif).unwrap_or_default().size(survey.width, survey.height);
    Ok(Header { format: "jpeg", width, height, bands: survey.bands, bits: survey.bits })
}

/// The pixels; the caller has checked the header.
pub(super) fn scene(bytes: &[u8], limits: &Limits) -> Result<Scene, Refusal> {
    let survey = survey(bytes)?;
    if !survey.complete {
        return Err(Refusal::truncated("JPEG", "its end marker is missing"));
    }
    let out = if survey.bands == 1 { ColorSpace::Luma } else { ColorSpace::RGB };
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_use_unsafe(false)
        .set_max_width(limits.max_side_px as usize)
        .set_max_height(limits.max_side_px as usize)
        .jpeg_set_out_colorspace(out);
    let pixels = JpegDecoder::new_with_options(ZCursor::new(bytes), options)
        .decode()
        .map_err(|e| Refusal::damaged("JPEG", &format!("its compressed data breaks off or contradicts itself ({e})")))?;
    let orientation = survey.exif.map(Orientation::from_exif).unwrap_or_default();
    validity::scene(survey.width as usize, survey.height as usize, survey.bands as usize, pixels, None, None)
        .map(|scene| orientation.apply(scene))
        .ok_or_else(|| Refusal::damaged("JPEG", "its pixels don't fill its size"))
}

/// Most that the transform itself makes an image smaller: a block becomes one pixel.
const BLOCK_SIDE: u32 = 8;

/// The pixels at 1/`by` of the resolution; the caller has checked the header.
pub(super) fn overview(bytes: &[u8], by: u32) -> Result<Scene, Refusal> {
    let survey = survey(bytes)?;
    if !survey.complete {
        return Err(Refusal::truncated("JPEG", "its end marker is missing"));
    }
    let broken = |e: &dyn std::fmt::Display| {
        Refusal::damaged("JPEG", &format!("its compressed data breaks off or contradicts itself ({e})"))
    };
    let in_transform = by.min(BLOCK_SIDE);
    let asked = |side: u32| u16::try_from(side.div_ceil(in_transform)).unwrap_or(u16::MAX);
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    let (width, height) = decoder.scale(asked(survey.width), asked(survey.height)).map_err(|e| broken(&e))?;
    if (width, height) != (asked(survey.width), asked(survey.height)) {
        return Err(broken(&"it can't be made smaller"));
    }
    let pixels = decoder.decode().map_err(|e| broken(&e))?;
    let size = ((survey.width / by) as usize, (survey.height / by) as usize);
    let orientation = survey.exif.map(Orientation::from_exif).unwrap_or_default();
    validity::scene(width.into(), height.into(), survey.bands as usize, pixels, None, None)
        .and_then(|scene| shrink::shrunk(scene, size, (by / in_transform) as usize))
        .map(|scene| orientation.apply(scene))
        .ok_or_else(|| Refusal::damaged("JPEG", "its pixels don't fill its size"))
}
