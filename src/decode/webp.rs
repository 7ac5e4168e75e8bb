//! WebP, lossy and lossless, by the `image` crate.

use super::Header;
use super::orientation::Orientation;
use super::png::{dynamic, shape};
use super::refusal::Refusal;
use crate::limits::Limits;
use crate::raster::Scene;
use image::{DynamicImage, ImageDecoder, codecs::webp::WebPDecoder};
use std::io::Cursor;

/// Opens the file as far as its header; nothing is decoded yet.
fn open(bytes: &[u8]) -> Result<WebPDecoder<Cursor<&[u8]>>, Refusal> {
    let riff = bytes.get(4..8).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
    if u64::from(riff) + 8 > bytes.len() as u64 {
        let what = format!("it should hold {} bytes and holds {}", u64::from(riff) + 8, bytes.len());
        return Err(Refusal::truncated("WebP", &what));
    }
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|e| Refusal::damaged("WebP", &e.to_string()))?;
    if decoder.has_animation() {
        return Err(Refusal::unsupported("This WebP is an animation.", "Save one of its frames as PNG and open that."));
    }
    Ok(decoder)
}

/// The header, limits checked.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let mut decoder = open(bytes)?;
    let (width, height, bands) = shape(&decoder);
    if !limits.admit(width, height, u64::from(bands)) {
        return Err(Refusal::too_big(width, height, limits));
    }
    let (width, height) = orientation(&mut decoder).size(width, height);
    Ok(Header { format: "webp", width, height, bands, bits: 8 })
}

/// The pixels; the caller has checked the header.
pub(super) fn scene(bytes: &[u8]) -> Result<Scene, Refusal> {
    let mut decoder = open(bytes)?;
    let orientation = orientation(&mut decoder);
    let image = DynamicImage::from_decoder(decoder).map_err(|e| Refusal::damaged("WebP", &e.to_string()))?;
    dynamic(image).map(|scene| orientation.apply(scene)).ok_or_else(|| Refusal::damaged("WebP", "its pixels don't fill its size"))
}

fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    let exif = decoder.exif_metadata().ok().flatten();
    exif.map(|block| Orientation::from_exif(&block)).unwrap_or_default()
}
