//! The score for one or two bands: what is left of the difference after the tones were matched.

use crate::error::{Result, Tick};
use crate::raster::{Mask, Raster};

/// Pixels on each side of the mean that quietens the difference. One pixel: two dates are never aligned better than to
/// about half a pixel, and every edge would else count as change.
const REACH: usize = 1;

/// Fewest usable pixels for a spread worth the name.
const PIXELS_AT_LEAST: usize = 16;

/// From the median absolute deviation to a standard deviation, for a normal distribution.
const SIGMA_PER_MAD: f32 = 1.4826;

/// Root of the summed squares of each band's difference, averaged over 3 × 3 pixels, about its median, in its own robust
/// standard deviations. `None` when too few pixels are usable.
///
/// # Errors
/// `Cancelled` from `tick`.
pub fn score(before: &Raster<f32>, after: &Raster<f32>, usable: &Mask, tick: &mut Tick<'_>) -> Result<Option<Raster<f32>>> {
    if usable.samples().iter().filter(|&&u| u).count() < PIXELS_AT_LEAST {
        return Ok(None);
    }
    let mut squares = Raster::filled(before.width(), before.height(), 1, 0.0f32);
    for band in 0..before.bands() {
        tick(band as f64 / before.bands() as f64)?;
        let difference = quiet_difference(before, after, usable, band, tick)?;
        let (median, spread) = median_and_spread(&difference);
        for (sum, d) in squares.samples_mut().iter_mut().zip(difference.samples()) {
            let z = (d - median) / spread;
            *sum += z * z;
        }
    }
    Ok(Some(squares.map(f32::sqrt)))
}

/// Difference of one band averaged over the usable pixels around each; NaN where the pixel itself is unusable.
fn quiet_difference(
    before: &Raster<f32>,
    after: &Raster<f32>,
    usable: &Mask,
    band: usize,
    tick: &mut Tick<'_>,
) -> Result<Raster<f32>> {
    let (width, height) = (before.width(), before.height());
    let mut quiet = Raster::filled(width, height, 1, f32::NAN);
    for y in 0..height {
        if y % 64 == 0 {
            tick(band as f64 / before.bands() as f64)?;
        }
        for x in 0..width {
            if !usable.at(x, y, 0) {
                continue;
            }
            let (mut sum, mut n) = (0.0, 0.0);
            for v in y.saturating_sub(REACH)..(y + REACH + 1).min(height) {
                for u in x.saturating_sub(REACH)..(x + REACH + 1).min(width) {
                    if usable.at(u, v, 0) {
                        sum += after.at(u, v, band) - before.at(u, v, band);
                        n += 1.0;
                    }
                }
            }
            quiet.set(x, y, 0, sum / n);
        }
    }
    Ok(quiet)
}

/// Median, and the standard deviation that the median absolute deviation stands for; never zero.
fn median_and_spread(difference: &Raster<f32>) -> (f32, f32) {
    let mut known: Vec<f32> = difference.samples().iter().copied().filter(|v| v.is_finite()).collect();
    let middle = |values: &mut Vec<f32>| {
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    let median = middle(&mut known);
    let largest = known.iter().fold(0.0f32, |m, v| m.max(v.abs()));
    let mut deviations = known.into_iter().map(|v| (v - median).abs()).collect();
    // Where most pixels are equal to the bit, a thousandth of the largest difference stands for their spread.
    (median, (SIGMA_PER_MAD * middle(&mut deviations)).max(1e-3 * largest).max(f32::MIN_POSITIVE))
}
