//! A TIFF read at a fraction of its resolution: from a smaller copy that the file holds, else chunk by chunk, each brought to its means
//! before the next is unpacked.

use super::chunks::{self, Patch};
use super::names::Photometric;
use super::survey::{self, Format, Survey};
use super::{Mask, Sample, colour, words};
use crate::decode::refusal::Refusal;
use crate::decode::shrink::Shrinker;
use crate::decode::validity;
use crate::ifd::{Directory, Tiff};
use crate::limits::Limits;
use crate::raster::{Raster, Samples, Scene};

/// Most bytes that one chunk may unpack to. Some writers put a whole image into a single strip; that can't be read piece by piece.
const CHUNK_MAX_BYTES: u64 = 1 << 28;

/// The picture at 1/`by` of its resolution; the caller has checked the header.
pub(in crate::decode) fn overview(bytes: &[u8], limits: &Limits, by: u32) -> Result<Scene, Refusal> {
    let (tiff, main) = super::open(bytes, limits)?;
    let size = ((main.width / by) as usize, (main.height / by) as usize);
    let (directory, read_by) = source(&tiff, &main, by).unzip();
    let mut survey = match &directory {
        Some(directory) => survey::survey(directory, limits)?,
        None => main.clone(),
    };
    survey.nodata = survey.nodata.or(main.nodata);
    let scene = means(bytes, &tiff, &survey, size, read_by.unwrap_or(by) as usize)?;
    let masked = if directory.is_some() { scene } else { without_masked(scene, bytes, &tiff, limits, by)? };
    Ok(main.orientation.apply(masked))
}

/// A smaller copy to read instead of the image, and by how much it is to be made smaller still: the smallest that is large enough.
fn source<'a>(tiff: &Tiff<'a>, main: &Survey<'_>, by: u32) -> Option<(Directory<'a>, u32)> {
    let fits = |copy: &Directory<'_>| {
        let size = [copy.uint(WIDTH)?, copy.uint(HEIGHT)?].map(|side| u32::try_from(side).ok().filter(|&side| side > 0));
        let [width, height] = [size[0]?, size[1]?];
        let ratio = (f64::from(main.width) / f64::from(width)).round() as u32;
        // Writers round the last row and column up or down.
        let whole = |full: u32, side: u32| full / ratio <= side && side <= full.div_ceil(ratio);
        let fits = ratio > 1 && by.is_multiple_of(ratio) && whole(main.width, width) && whole(main.height, height);
        (fits && copy.uint(SAMPLES_PER_PIXEL).unwrap_or(1) == u64::from(main.samples)).then_some(ratio)
    };
    let copies = tiff.smaller_copies().into_iter().filter_map(|copy| fits(&copy).map(|ratio| (copy, ratio)));
    copies.max_by_key(|(_, ratio)| *ratio).map(|(copy, ratio)| (copy, by / ratio))
}

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const SAMPLES_PER_PIXEL: u16 = 277;

fn means(bytes: &[u8], tiff: &Tiff<'_>, survey: &Survey<'_>, size: (usize, usize), by: usize) -> Result<Scene, Refusal> {
    let (width, height) = survey.chunk;
    let chunk = u64::from(width) * u64::from(height.min(survey.height)) * u64::from(survey.samples * survey.bits.div_ceil(8));
    if chunk > CHUNK_MAX_BYTES {
        let what = format!("This TIFF is one piece of {} MB when unpacked, which can't be read a part at a time.", chunk >> 20);
        return Err(Refusal::unsupported(what, "Crop it to the yard, or save it in tiles (gdal_translate -co TILED=YES)."));
    }
    match (survey.format, survey.bits) {
        (Format::Uint, ..=8) => shrunk::<u8>(bytes, tiff, survey, size, by),
        (Format::Uint, 9..=16) => shrunk::<u16>(bytes, tiff, survey, size, by),
        _ => shrunk::<f32>(bytes, tiff, survey, size, by),
    }
}

fn shrunk<T: words::Target + Sample>(
    bytes: &[u8],
    tiff: &Tiff<'_>,
    survey: &Survey<'_>,
    size: (usize, usize),
    by: usize,
) -> Result<Scene, Refusal> {
    let empty = || Refusal::damaged("TIFF", "not one of its tiles or strips is there");
    let shrinker = Shrinker::new(size, by).ok_or_else(empty)?;
    let shrinker = std::cell::RefCell::new(shrinker);
    let take = |Patch { at, size: (width, height), samples }: Patch<T>| {
        let Some(samples) = samples else { return Ok(()) };
        let scene = validity::scene(width, height, survey.samples as usize, samples, survey.alpha, survey.nodata)
            .ok_or_else(|| Refusal::damaged("TIFF", "its only band is an alpha"))?;
        let samples = match (scene.samples, survey.photometric) {
            (Samples::U8(mask), Photometric::Mask) => Samples::U8(mask.map(|v| if v == 0 { 0 } else { u8::MAX })),
            (samples, _) => colour::interpret(samples, survey),
        };
        let piece = Scene { samples, valid: scene.valid };
        let taken = shrinker.borrow_mut().take(at, &piece);
        taken.ok_or_else(|| Refusal::damaged("TIFF", "its tiles or strips differ in kind"))
    };
    chunks::each::<T>(bytes, tiff.order, survey, take, |rows| shrinker.borrow_mut().close(rows))?;
    shrinker.into_inner().finish().ok_or_else(empty)
}

/// Takes out what the mask beside the image hides. The means have mixed in what lay under it, so a block holds only where all of it does.
fn without_masked(scene: Scene, bytes: &[u8], tiff: &Tiff<'_>, limits: &Limits, by: u32) -> Result<Scene, Refusal> {
    let Some(directory) = tiff.mask_directory() else { return Ok(scene) };
    let survey = survey::survey(&directory, limits)?;
    if survey.photometric != Photometric::Mask {
        return Ok(scene);
    }
    let size = (scene.width(), scene.height());
    let Samples::U8(mask) = means(bytes, tiff, &survey, size, by as usize)?.samples else { return Ok(scene) };
    let full: Raster<bool> = mask.map(|share| share == u8::MAX);
    let own = scene.valid.unwrap_or_else(|| Mask::filled(size.0, size.1, 1, true));
    let holds = Mask::from_fn(size.0, size.1, |x, y| own.at(x, y, 0) && full.at(x, y, 0));
    let valid = (!holds.samples().iter().all(|&holds| holds)).then_some(holds);
    Ok(Scene { valid, ..scene })
}
