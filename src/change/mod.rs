//! The change score of two dates on one grid: evidence and a picture, never the count.
//!
//! Three bands and more: IR-MAD, which is blind to light. One or two bands have no combinations to choose among:
//! there the score is the difference that is left after the tones of both dates were matched (the caller does that),
//! averaged over 3 × 3 pixels, in units of its own spread. The mask is cut at Otsu's threshold. None of these is a
//! probability, and none is to be shown as one: χ² p-values of IR-MAD below 10⁻⁴ were right about half of the time.

mod chi_square;
mod irmad;
mod likeness;
mod residual;
mod symmetric;
mod threshold;

pub use likeness::{Likeness, Overlay, View};

use crate::error::{Error, Result, Tick, Warning};
use crate::raster::{Mask, Raster};

/// Bands from which on IR-MAD has enough combinations to choose among.
const BANDS_FOR_IRMAD: usize = 3;

/// Beyond this share of changed pixels "unchanged" is no longer the ordinary case that the score is measured against.
const MUCH_CHANGED: f64 = 0.5;

/// Share of a value by which matching its tones may move it though nothing differs: some steps of 32-bit floating point.
const ROUNDING: f32 = 1e-5;

/// A change score, and where it says that something changed.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeMap {
    /// Score of every pixel, 0 and up; NaN where it is unknown.
    pub score: Raster<f32>,
    /// True where the score is above the threshold.
    pub mask: Mask,
    /// Score at which the mask is cut.
    pub threshold: f64,
    /// `ir-mad` or `matched-difference`.
    pub method: &'static str,
    /// Share of the known pixels that are changed, 0 to 1.
    pub changed_fraction: f64,
    /// Trouble that the reader should know of.
    pub warnings: Vec<Warning>,
}

/// Scores the change from `before` to `after`, both on one grid, with the tones of `after` matched to those of `before`.
///
/// `valid` is true where both dates hold a measurement. When the dates differ in bands, the common first ones are used.
///
/// # Errors
/// `different-grids` when widths or heights differ; `no-overlap` when too few pixels are known on both dates;
/// `Cancelled` from `tick`.
pub fn score(before: &Raster<f32>, after: &Raster<f32>, valid: Option<&Mask>, tick: &mut Tick<'_>) -> Result<ChangeMap> {
    if (before.width(), before.height()) != (after.width(), after.height()) {
        return Err(different_grids(before, after));
    }
    let mut warnings = Vec::new();
    let bands = before.bands().min(after.bands());
    if before.bands() != after.bands() {
        warnings.push(Warning::new(
            "bands-differ",
            format!("The images have {} and {} bands; the first {bands} of each are compared.", before.bands(), after.bands()),
        ));
    }
    let (before, after) = (first_bands(before, bands), first_bands(after, bands));
    let usable = usable(&before, &after, valid);
    let method = if bands >= BANDS_FOR_IRMAD { "ir-mad" } else { "matched-difference" };
    let scored = if bands >= BANDS_FOR_IRMAD {
        irmad::score(&before, &after, &usable, tick)?
    } else {
        residual::score(&before, &after, &usable, tick)?
    };
    let mut score = scored.ok_or_else(no_overlap)?;
    if is_one_picture(&before, &after, &usable) {
        score = score.map(|v| if v.is_finite() { 0.0 } else { v });
    }
    Ok(cut(score, method, warnings))
}

/// Whether all that is known is the same on both dates. What differs by rounding alone would be scored against nothing but
/// rounding, and a quarter of the picture would count as changed.
fn is_one_picture(before: &Raster<f32>, after: &Raster<f32>, usable: &Mask) -> bool {
    let same = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= ROUNDING * a.abs().max(b.abs()).max(1.0));
    let pixels = before.samples().chunks_exact(before.bands()).zip(after.samples().chunks_exact(after.bands()));
    pixels.zip(usable.samples()).all(|((a, b), &known)| !known || same(a, b))
}

fn cut(score: Raster<f32>, method: &'static str, mut warnings: Vec<Warning>) -> ChangeMap {
    let mut known: Vec<f32> = score.samples().iter().copied().filter(|v| v.is_finite()).collect();
    let threshold = threshold::otsu(&mut known).unwrap_or(f32::INFINITY);
    let mask = score.map(|v| v > threshold);
    let changed = mask.samples().iter().filter(|&&m| m).count();
    let changed_fraction = changed as f64 / known.len().max(1) as f64;
    if changed_fraction > MUCH_CHANGED {
        warnings.push(Warning::new(
            "much-changed",
            "More than half of the picture counts as changed: the dates may be badly aligned, or from different seasons.",
        ));
    }
    // A picture without any difference has no threshold; what JSON can hold says the same.
    let threshold = if threshold.is_finite() { f64::from(threshold) } else { f64::from(f32::MAX) };
    ChangeMap { score, mask, threshold, method, changed_fraction, warnings }
}

fn first_bands(raster: &Raster<f32>, bands: usize) -> Raster<f32> {
    if raster.bands() == bands {
        return raster.clone();
    }
    let samples: Vec<f32> = raster.samples().chunks_exact(raster.bands()).flat_map(|p| p[..bands].to_vec()).collect();
    Raster::new(raster.width(), raster.height(), bands, samples).unwrap_or_else(|| raster.clone())
}

/// True where both dates hold finite numbers and the mask says so.
fn usable(before: &Raster<f32>, after: &Raster<f32>, valid: Option<&Mask>) -> Mask {
    let finite = |p: &[f32]| p.iter().all(|v| v.is_finite());
    Raster::from_fn(before.width(), before.height(), |x, y| {
        valid.is_none_or(|m| m.at(x, y, 0)) && finite(before.pixel(x, y)) && finite(after.pixel(x, y))
    })
}

fn different_grids(before: &Raster<f32>, after: &Raster<f32>) -> Error {
    Error::NoAnswer {
        code: "different-grids",
        message: format!(
            "The images are {} × {} and {} × {} pixels, so they do not share one grid. Leave out --aligned to have them aligned.",
            before.width(),
            before.height(),
            after.width(),
            after.height()
        ),
    }
}

fn no_overlap() -> Error {
    Error::NoAnswer {
        code: "no-overlap",
        message: "The images share too few pixels that hold a measurement. Give images that overlap.".to_owned(),
    }
}

#[cfg(test)]
mod tests;
