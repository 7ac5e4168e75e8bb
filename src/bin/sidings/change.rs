//! `change`: how much each pixel changed, on *before*'s grid.

use crate::progress::Progress;
use crate::{Answer, args, load, register, write};
use sidings::change::ChangeMap;
use sidings::error::{Error, Result};
use sidings::pipeline::{self, Grids};
use sidings::raster::{Mask, Raster};
use sidings::report::json::{Change, Document, Register};
use std::io::Cursor;
use std::path::Path;
use tiff::encoder::{TiffEncoder, colortype::Gray32Float};

/// Scores the change and writes what was asked for.
pub fn run(arguments: &args::Change) -> Result<Answer> {
    let (before, after) = load::pair(&arguments.pair.before, &arguments.pair.after)?;
    let mut warnings = Vec::from_iter((before.sha256 == after.sha256).then(register::same_image));
    let mut bench = load::bench(before, after);
    let grids = if arguments.aligned { Grids::Shared } else { Grids::Unknown };
    let mut progress = Progress::new();
    let (alignment, map) = pipeline::change_map(&mut bench, grids, &mut |step, share| progress.tell(step, share))?;
    drop(progress);
    write_out(arguments, &map)?;
    let known = map.score.samples().iter().any(|v| v.is_finite());
    warnings.extend(map.warnings);
    // A picture in which nothing differs is cut nowhere.
    let threshold = Some(map.threshold).filter(|t| *t < f64::from(f32::MAX));
    let registration = alignment.as_ref().map(Register::from);
    let change = Change::new(registration, map.method, threshold, known.then_some(map.changed_fraction), warnings);
    Ok(Answer::good(&Document::new("change", change)))
}

fn write_out(arguments: &args::Change, map: &ChangeMap) -> Result<()> {
    if let Some(path) = &arguments.score {
        write::file(path, &score_tiff(&map.score).map_err(|e| unwritable(path, &e))?)?;
    }
    if let Some(path) = &arguments.mask {
        write::file(path, &mask_png(&map.mask).map_err(|e| unwritable(path, &e))?)?;
    }
    Ok(())
}

/// One band of 32-bit floating point; NaN where nothing is known.
fn score_tiff(score: &Raster<f32>) -> tiff::TiffResult<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let (width, height) = (score.width() as u32, score.height() as u32);
    TiffEncoder::new(&mut bytes)?.write_image::<Gray32Float>(width, height, score.samples())?;
    Ok(bytes.into_inner())
}

/// White where something changed, black elsewhere.
fn mask_png(mask: &Mask) -> image::ImageResult<Vec<u8>> {
    let pixels = mask.samples().iter().map(|&changed| if changed { 255 } else { 0 }).collect();
    let mut bytes = Cursor::new(Vec::new());
    let image = image::GrayImage::from_raw(mask.width() as u32, mask.height() as u32, pixels).unwrap_or_default();
    image.write_to(&mut bytes, image::ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

fn unwritable(path: &Path, error: &dyn std::error::Error) -> Error {
    Error::File { file: load::name(path), code: "not-writable", message: format!("The file can't be encoded: {error}.") }
}
