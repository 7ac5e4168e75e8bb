//! Strips and tiles that are little pictures themselves: JPEG and WebP.

use super::survey::{ADVICE, Survey};
use crate::decode::jpeg;
use crate::decode::refusal::Refusal;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::{bytestream::ZCursor, options::DecoderOptions};

/// A strip's JPEG may be padded to a whole number of blocks, 16 rows with subsampled colours.
const PADDING: u32 = 15;

/// Bytes of a piece and the samples in one of its rows.
pub(super) type Picture = (Vec<u8>, usize);

/// A JPEG piece, its colours as stored. Tables that all pieces share stand in the directory and are put before it.
pub(super) fn jpeg(piece: &[u8], survey: &Survey<'_>, bands: usize) -> Result<Picture, Refusal> {
    let frame = jpeg::frame(piece).ok_or_else(breaks_off)?;
    if let Some(obstacle) = frame.obstacle.filter(|_| frame.bands != 4) {
        return Err(Refusal::unsupported(format!("A tile or strip of this TIFF isn't read: {obstacle}"), ADVICE));
    }
    check_size(survey, frame.width, frame.height)?;
    if frame.bands as usize != bands {
        return Err(Refusal::damaged("TIFF", &format!("a piece of it has {} colours instead of {bands}", frame.bands)));
    }
    let whole = match survey.jpeg_tables.len() {
        0..4 => piece.to_vec(),
        n => [&survey.jpeg_tables[..n - 2], piece.get(2..).unwrap_or_default()].concat(),
    };
    let broken = |e: &dyn std::fmt::Display| Refusal::damaged("TIFF", &format!("its JPEG data is broken ({e})"));
    let options = DecoderOptions::default().set_use_unsafe(false);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&whole), options);
    decoder.decode_headers().map_err(|e| broken(&e))?;
    if let Some(stored) = decoder.input_colorspace() {
        decoder.set_options(options.jpeg_set_out_colorspace(stored));
    }
    let pixels = decoder.decode().map_err(|e| broken(&e))?;
    Ok((pixels, frame.width as usize * bands))
}

/// A WebP piece; an alpha that the directory doesn't speak of is left out.
pub(super) fn webp(piece: &[u8], survey: &Survey<'_>, bands: usize) -> Result<Picture, Refusal> {
    use image::{DynamicImage, ImageDecoder};
    let decoder = image::codecs::webp::WebPDecoder::new(std::io::Cursor::new(piece)).map_err(|_| breaks_off())?;
    let (width, height) = decoder.dimensions();
    check_size(survey, width, height)?;
    let picture =
        DynamicImage::from_decoder(decoder).map_err(|e| Refusal::damaged("TIFF", &format!("its WebP data is broken ({e})")))?;
    let pixels = match bands {
        3 => picture.into_rgb8().into_raw(),
        4 => picture.into_rgba8().into_raw(),
        other => return Err(Refusal::unsupported(format!("This TIFF holds WebP tiles in {other} bands."), ADVICE)),
    };
    Ok((pixels, width as usize * bands))
}

fn check_size(survey: &Survey<'_>, width: u32, height: u32) -> Result<(), Refusal> {
    if width <= survey.chunk.0.max(survey.width) && height <= survey.chunk.1.saturating_add(PADDING) {
        return Ok(());
    }
    Err(Refusal::damaged("TIFF", &format!("a piece of it claims to be {width} × {height} pixels large")))
}

fn breaks_off() -> Refusal {
    Refusal::damaged("TIFF", "a compressed piece of it has no header or breaks off")
}
