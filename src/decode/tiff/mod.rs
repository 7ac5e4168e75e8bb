//! TIFF, classic and big: the directory is judged as a whole, then strips and tiles go their way.
//!
//! ```text
//! piece ─ unpack (LZW, Deflate, … ) ─ words (bit width, byte order, predictor) ─┐
//!       └ picture (JPEG, WebP) ──────────────────────────────────────────────┴─ chunks ─ mask ─ colour ─ orientation
//! ```

mod chunks;
mod colour;
mod fax;
mod names;
mod overview;
mod picture;
mod survey;
mod unpack;
mod words;

use super::Header;
use super::refusal::Refusal;
use super::validity::{self, Sample};
use crate::ifd::{ByteOrder, Tiff};
use crate::limits::Limits;
use crate::raster::{Mask, Raster, Samples, Scene};
use names::Photometric;
use survey::{Format, Survey};

pub(super) use overview::overview;

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(Tiff<'a>, Survey<'a>), Refusal> {
    let tiff = Tiff::open(bytes).ok_or_else(|| Refusal::truncated("TIFF", "its header is not complete"))?;
    let directory = tiff
        .main_directory()
        .ok_or_else(|| Refusal::truncated("TIFF", "the directory that describes the image lies beyond its end"))?;
    let survey = survey::survey(&directory, limits)?;
    if survey.photometric == Photometric::Mask {
        return Err(Refusal::unsupported("This TIFF holds nothing but a mask.", "Open the image that it belongs to."));
    }
    Ok((tiff, survey))
}

/// The header, limits checked.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let (_, survey) = open(bytes, limits)?;
    let (width, height) = survey.orientation.size(survey.width, survey.height);
    Ok(Header { format: "tiff", width, height, bands: survey.samples, bits: survey.bits })
}

/// The pixels; the caller has checked the header.
pub(super) fn scene(bytes: &[u8], limits: &Limits) -> Result<Scene, Refusal> {
    let (tiff, survey) = open(bytes, limits)?;
    let mut scene = match (survey.format, survey.bits) {
        (Format::Uint, ..=8) => stored::<u8>(bytes, tiff.order, &survey),
        (Format::Uint, 9..=16) => stored::<u16>(bytes, tiff.order, &survey),
        _ => stored::<f32>(bytes, tiff.order, &survey),
    }?;
    if let Some(mask) = mask(bytes, &tiff, limits)? {
        let valid = scene.valid.get_or_insert_with(|| Mask::filled(survey.width as usize, survey.height as usize, 1, true));
        valid.samples_mut().iter_mut().zip(mask.samples()).for_each(|(valid, &holds)| *valid &= holds != 0);
    }
    let samples = colour::interpret(scene.samples, &survey);
    Ok(survey.orientation.apply(Scene { samples, valid: scene.valid }))
}

/// The mask that the file holds beside the image, if it does: 0 where the image doesn't hold.
fn mask(bytes: &[u8], tiff: &Tiff<'_>, limits: &Limits) -> Result<Option<Raster<u8>>, Refusal> {
    let Some(directory) = tiff.mask_directory() else { return Ok(None) };
    let survey = survey::survey(&directory, limits)?;
    if survey.photometric != Photometric::Mask {
        return Ok(None);
    }
    match stored::<u8>(bytes, tiff.order, &survey)?.samples {
        Samples::U8(mask) => Ok(Some(mask)),
        _ => Ok(None),
    }
}

/// The samples as stored, alpha taken out, and where they hold.
fn stored<T: words::Target + Sample>(bytes: &[u8], order: ByteOrder, survey: &Survey<'_>) -> Result<Scene, Refusal> {
    let assembled = chunks::assemble::<T>(bytes, order, survey)?;
    let (width, height, bands) = (survey.width as usize, survey.height as usize, survey.samples as usize);
    let mut scene = validity::scene(width, height, bands, assembled.samples, survey.alpha, survey.nodata)
        .ok_or_else(|| Refusal::damaged("TIFF", "its only band is an alpha"))?;
    if !assembled.gaps.is_empty() {
        let mask = scene.valid.get_or_insert_with(|| Mask::filled(width, height, 1, true));
        for [x0, y0, w, h] in assembled.gaps {
            (y0..y0 + h).for_each(|y| mask.samples_mut()[y * width + x0..][..w].fill(false));
        }
    }
    Ok(scene)
}
