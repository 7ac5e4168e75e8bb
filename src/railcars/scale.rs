//! The ground sample distance measured on the image itself, when nobody says it.
//!
//! The network was taught cars of true size. Shown the image at a range of assumed scales, it is surest of what it sees when cars come out as
//! large as cars are: on a real yard, resampled, relit and turned, the surplus of its log-odds over all it was shown peaks within 8 % of the
//! truth. A parabola through the best three of a geometric series gives the peak. The honest limit: without a car in sight
//! there is nothing to measure, and a fleet of unusual size pulls the scale with it.

use super::ground::Ground;
use super::survey::{self, Sureness};
use crate::error::{Result, Tick};
use crate::raster::{Mask, Raster};

/// First scale tried, m a pixel, the step of the series, and how many: 0.2 to 1.4 m. Finer images than this are rare and coarser ones show
/// no single cars.
const FIRST_GSD_M: f64 = 0.2;
const STEP: f64 = 1.19;
const TRIED: usize = 12;

/// Cells of 32 m looked at for each scale: about 4 ha, a few dozen cars in an occupied yard, a quarter of a second of computing.
const CELLS: usize = 36;

/// Least mean surplus of log-odds over the cells called body at the peak for cars to be there at all. On real and drawn yards the peak was 0.2 to 1.4, on real towns and
/// motorways 0.01 to 0.1.
const LEAST_SURENESS: f64 = 0.15;

/// How much too large a scale the peak gives, in the middle of 40 drawn yards of true cars, with 7 % from yard to yard.
const TOO_LARGE: f64 = 1.027;

/// The ground sample distance at which cars look most like cars; `None` where nothing looks like cars at any.
///
/// # Errors
/// `Cancelled` from `tick`.
pub(super) fn estimate(rgb: &Raster<u8>, valid: Option<&Mask>, tick: &mut Tick<'_>) -> Result<Option<f64>> {
    let gsd = |k: usize| FIRST_GSD_M * libm::pow(STEP, k as f64);
    let mut measured: [Option<Sureness>; TRIED] = [None; TRIED];
    let mut done = 0.0;
    let mut measure = |k: usize, tried: &[bool], measured: &mut [Option<Sureness>; TRIED]| -> Result<()> {
        if measured[k].is_none() {
            tick(done / (TRIED as f64 / 2.0 + 3.0))?;
            done += 1.0;
            measured[k] = Some(survey::sureness(&Ground::new(rgb, valid, gsd(k)), CELLS, tried));
        }
        Ok(())
    };
    for k in (0..TRIED).step_by(2) {
        measure(k, &[false, true], &mut measured)?;
    }
    // Every second scale first, then the neighbours of the best until it stands between two that were measured. They show the same sun, so
    // they are looked at one way up.
    loop {
        let best = peak(&measured);
        let Some(there) = measured[best] else { return Ok(None) };
        for k in [best.saturating_sub(1), (best + 1).min(TRIED - 1)] {
            measure(k, &[there.mirrored], &mut measured)?;
        }
        if peak(&measured) == best {
            let values = measured.map(|m| m.map_or(f64::NAN, |m| m.per_cell));
            let gsd_m = gsd(0) * libm::pow(STEP, best as f64 + vertex(&values, best)) / TOO_LARGE;
            return Ok((there.per_body >= LEAST_SURENESS).then_some(gsd_m));
        }
    }
}

/// The scale that was measured at which the network is surest over all it was shown, the last of equals.
fn peak(measured: &[Option<Sureness>; TRIED]) -> usize {
    let each = measured.iter().enumerate().filter_map(|(k, m)| m.map(|m| (k, m.per_cell)));
    each.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(k, _)| k)
}

/// Where the parabola through a peak and its neighbours has its vertex, in steps from the peak.
fn vertex(values: &[f64; TRIED], peak: usize) -> f64 {
    if peak == 0 || peak + 1 == TRIED {
        return 0.0;
    }
    let (left, top, right) = (values[peak - 1], values[peak], values[peak + 1]);
    let bend = left - 2.0 * top + right;
    if bend < -1e-12 { (0.5 * (left - right) / bend).clamp(-0.5, 0.5) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parabola_peaks_between_its_points() {
        let mut values = [0.0; TRIED];
        for (k, v) in values.iter_mut().enumerate() {
            *v = 3.0 - (k as f64 - 4.3) * (k as f64 - 4.3);
        }
        assert!((vertex(&values, 4) - 0.3).abs() < 1e-9);
        assert_eq!(vertex(&values, 0), 0.0);
    }

    #[test]
    fn nothing_to_see_gives_no_scale() {
        let flat = Raster::filled(64, 64, 3, 90u8);
        assert_eq!(estimate(&flat, None, &mut |_| Ok(())), Ok(None));
    }
}
