//! JPEG 2000: the code stream's own header tells what it is, `hayro-jpeg2000` decodes the pixels, without its CPU-specific code, so
//! that every machine and wasm give the same.

use super::Header;
use super::jpeg2000_parts;
use super::refusal::Refusal;
use super::{shrink, validity};
use crate::limits::Limits;
use crate::raster::Scene;
use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

pub(super) const SIGNATURE: &[u8] = b"\0\0\0\x0cjP  \r\n\x87\n";
pub(super) const CODESTREAM: &[u8] = b"\xff\x4f\xff\x51";

/// What the size marker says.
struct Survey {
    width: u32,
    height: u32,
    bands: u32,
    bits: u32,
}

/// The code stream: the whole file, or the content of its `jp2c` box.
fn codestream(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(CODESTREAM) {
        return Some(bytes);
    }
    let mut at = 0usize;
    loop {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let (start, end) = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
            0 => (at + 8, bytes.len()),
            1 => {
                let long = bytes.get(at + 8..at + 16)?.iter().fold(0u64, |sum, &b| (sum << 8) | u64::from(b));
                (at + 16, at.checked_add(usize::try_from(long).ok()?)?)
            }
            length => (at + 8, at.checked_add(length as usize)?),
        };
        if &head[4..8] == b"jp2c" {
            return bytes.get(start..end.min(bytes.len()));
        }
        if end < start {
            return None;
        }
        at = end;
    }
}

fn survey(bytes: &[u8]) -> Result<Survey, Refusal> {
    let cut = || Refusal::truncated("JPEG 2000", "its header is not complete");
    let stream = codestream(bytes).ok_or_else(cut)?;
    if !stream.starts_with(CODESTREAM) {
        return Err(Refusal::damaged("JPEG 2000", "its code stream has no size"));
    }
    let number = |at: usize| stream.get(at..at + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]));
    let (Some(x), Some(y), Some(x0), Some(y0)) = (number(8), number(12), number(16), number(20)) else { return Err(cut()) };
    let Some(&[high, low]) = stream.get(40..42) else { return Err(cut()) };
    let bands = u32::from(u16::from_be_bytes([high, low]));
    let depths: Vec<u8> = stream.get(42..).unwrap_or_default().iter().step_by(3).take(bands as usize).copied().collect();
    let (Some(width), Some(height)) = (x.checked_sub(x0).filter(|&w| w > 0), y.checked_sub(y0).filter(|&h| h > 0)) else {
        return Err(Refusal::damaged("JPEG 2000", "its header gives no size"));
    };
    let Some(&depth) = depths.first().filter(|_| depths.len() == bands as usize) else { return Err(cut()) };
    const ADVICE: &str = "Convert it to a GeoTIFF (QGIS: Export, Save As; gdal_translate) and open that.";
    if depths.iter().any(|&d| d != depth) {
        return Err(Refusal::unsupported("This JPEG 2000's bands have different numbers of bits.", ADVICE));
    }
    if depth & 0x80 != 0 {
        return Err(Refusal::unsupported("This JPEG 2000 holds signed numbers.", ADVICE));
    }
    Ok(Survey { width, height, bands, bits: u32::from(depth) + 1 })
}

/// The header, limits checked; the decoder works on numbers of 4 bytes.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let Survey { width, height, bands, bits } = survey(bytes)?;
    if !limits.admit(width, height, u64::from(bands) * 4) {
        return Err(Refusal::too_big(width, height, limits));
    }
    if !jpeg2000_parts::are_worth_it(codestream(bytes).unwrap_or_default()) {
        return Err(Refusal::damaged("JPEG 2000", "it is cut into more parts than it has pixels to fill them"));
    }
    Ok(Header { format: "jpeg2000", width, height, bands, bits })
}

/// The pixels; the caller has checked the header.
pub(super) fn scene(bytes: &[u8]) -> Result<Scene, Refusal> {
    decoded(bytes, 1)
}

/// The pixels at 1/`by` of the resolution: the wavelets' own smaller copy, as far as the file has one; the caller has checked the header.
pub(super) fn overview(bytes: &[u8], by: u32) -> Result<Scene, Refusal> {
    let survey = survey(bytes)?;
    let scene = decoded(bytes, by)?;
    let copied = (f64::from(survey.width) / scene.width() as f64).round() as u32;
    let size = ((survey.width / by) as usize, (survey.height / by) as usize);
    shrink::shrunk(scene, size, (by / copied.max(1)) as usize)
        .ok_or_else(|| Refusal::damaged("JPEG 2000", "its pixels don't fill its size"))
}

fn decoded(bytes: &[u8], by: u32) -> Result<Scene, Refusal> {
    let survey = survey(bytes)?;
    let end = codestream(bytes).unwrap_or_default().iter().rposition(|&b| b != 0);
    if end.is_none_or(|end| !codestream(bytes).unwrap_or_default()[..=end].ends_with(b"\xff\xd9")) {
        return Err(Refusal::truncated("JPEG 2000", "its end marker is missing"));
    }
    let broken = |e: &dyn std::fmt::Display| {
        Refusal::damaged("JPEG 2000", &format!("its compressed data breaks off or contradicts itself ({e})"))
    };
    let target_resolution = (by > 1).then_some((survey.width / by, survey.height / by));
    let image = Image::new(bytes, &DecodeSettings { target_resolution, ..DecodeSettings::default() }).map_err(|e| broken(&e))?;
    let (width, height) = (image.width(), image.height());
    let copied = |by: u32| (width, height) == (survey.width.div_ceil(by), survey.height.div_ceil(by));
    if !(0..=by.ilog2()).any(|k| copied(1 << k)) {
        return Err(broken(&"it holds another image than it says"));
    }
    if by > 1 && !Limits::default().admit(width, height, u64::from(survey.bands) * 4) {
        let what = "This JPEG 2000 holds no smaller copy of itself that could be read in its place.";
        return Err(Refusal::unsupported(what, "Crop it to the yard."));
    }
    let alpha = image.has_alpha();
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|e| broken(&e))?;
    let bands = decoded.components();
    let (width, height) = (width as usize, height as usize);
    if bands.is_empty() || bands.iter().any(|band| band.samples().len() != width * height) {
        return Err(Refusal::damaged("JPEG 2000", "its pixels don't fill its size"));
    }
    let bits = u32::from(bands[0].bit_depth());
    let full = ((1u64 << bits) - 1) as f32;
    let values = (0..width * height).flat_map(|i| bands.iter().map(move |band| band.samples()[i].round().clamp(0.0, full)));
    let alpha = alpha.then(|| bands.len() - 1);
    match bits {
        ..=8 => {
            let scale = 255.0 / full;
            validity::scene(width, height, bands.len(), values.map(|v| (v * scale).round() as u8).collect(), alpha, None)
        }
        9..=16 => validity::scene(width, height, bands.len(), values.map(|v| v as u16).collect(), alpha, None),
        _ => validity::scene::<f32>(width, height, bands.len(), values.collect(), alpha, None),
    }
    .ok_or_else(|| Refusal::damaged("JPEG 2000", "its only band is an alpha"))
}
