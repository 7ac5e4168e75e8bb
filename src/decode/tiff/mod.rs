//! TIFF: the directory is read and judged here, the `tiff` crate unpacks strips and tiles, colours are interpreted here again.

mod chunks;
mod colour;
mod names;
mod restated;
mod survey;

use super::Header;
use super::refusal::Refusal;
use super::validity::{self, Sample};
use crate::ifd::{Directory, Tiff};
use crate::limits::Limits;
use crate::raster::{Mask, Raster, Samples, Scene};
use ::tiff::decoder::{Decoder, Limits as DecoderLimits};
use names::Photometric;
use restated::Restated;
use survey::{Format, Survey};

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(Tiff<'a>, Directory<'a>, Survey), Refusal> {
    let tiff = Tiff::open(bytes).ok_or_else(|| Refusal::truncated("TIFF", "its header is not complete"))?;
    let directory = tiff
        .main_directory()
        .ok_or_else(|| Refusal::truncated("TIFF", "the directory that describes the image lies beyond its end"))?;
    let survey = survey::survey(&directory, limits)?;
    if survey.photometric == Photometric::Mask {
        return Err(Refusal::unsupported("This TIFF holds nothing but a mask.", "Open the image that it belongs to."));
    }
    Ok((tiff, directory, survey))
}

/// The header, limits checked.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Refusal> {
    let (_, _, survey) = open(bytes, limits)?;
    let (width, height) = survey.orientation.size(survey.width, survey.height);
    let (bands, bits) = if survey.photometric == Photometric::Palette { (3, 8) } else { (survey.samples, survey.bits) };
    Ok(Header { format: "tiff", width, height, bands, bits })
}

/// The pixels; the caller has checked the header.
pub(super) fn scene(bytes: &[u8], limits: &Limits) -> Result<Scene, Refusal> {
    let (tiff, directory, survey) = open(bytes, limits)?;
    let file = Restated::new(bytes, &tiff, &directory, survey.height);
    let mut scene = match (survey.format, survey.bits) {
        (Format::Uint, ..=8) => stored::<u8>(file, bytes, &survey, limits),
        (Format::Uint, 16) => stored::<u16>(file, bytes, &survey, limits),
        _ => stored::<f32>(file, bytes, &survey, limits),
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
    let file = Restated::new(bytes, tiff, &directory, survey.height);
    match stored::<u8>(file, bytes, &survey, limits)?.samples {
        Samples::U8(mask) => Ok(Some(mask)),
        _ => Ok(None),
    }
}

/// The samples as stored, alpha taken out, and where they hold.
fn stored<T: chunks::Target + Sample>(
    file: Restated<'_>,
    bytes: &[u8],
    survey: &Survey,
    limits: &Limits,
) -> Result<Scene, Refusal> {
    let mut theirs = DecoderLimits::default();
    theirs.decoding_buffer_size = usize::try_from(limits.max_bytes.saturating_mul(2)).unwrap_or(usize::MAX);
    theirs.intermediate_buffer_size = theirs.decoding_buffer_size;
    let decoder = Decoder::new(file).map_err(|e| chunks::refusal(e, bytes, survey))?;
    let assembled = chunks::assemble::<T, _>(&mut decoder.with_limits(theirs), bytes, survey)?;
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
