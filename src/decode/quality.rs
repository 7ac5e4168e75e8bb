//! Is there anything to see? An all-black or washed-out image decodes well and holds nothing.

use crate::error::Warning;
use crate::raster::{Raster, Samples, Scene};

/// Spread of a band, as a share of its magnitude, up to which it counts as flat: three of the 255 steps of 8 bits. A fill colour
/// with JPEG noise stays within that, a scene of fog or of night keeps more. Lower, and noise passes for a picture; higher, and a
/// dim scene is called empty. 16-bit and float samples are held against their own largest value, since 11-bit scenes are
/// usual in 16 bits.
const FLAT_SHARE: f64 = 0.012;

/// Pixels looked at in each band: enough for percentiles, and quick on any size.
const LOOKED_AT: usize = 100_000;

/// Says so when all valid samples of an image are equal or nearly so: code `featureless`.
///
/// Each band's spread from its 0.1st to its 99.9th percentile is compared with its magnitude. An image without a single valid pixel is
/// featureless as well.
pub fn flatness(scene: &Scene) -> Option<Warning> {
    let valid = |i: usize| scene.valid.as_ref().is_none_or(|m| m.samples()[i]);
    let message = match &scene.samples {
        Samples::U8(r) => describe(r, valid, f64::from, Some(255.0)),
        Samples::U16(r) => describe(r, valid, f64::from, None),
        Samples::F32(r) => describe(r, valid, f64::from, None),
    }?;
    Some(Warning::new("featureless", message))
}

/// The sentence, when every band is flat; `full` is the magnitude to hold the spread against, else the band's own.
fn describe<T: Copy>(
    raster: &Raster<T>,
    valid: impl Fn(usize) -> bool,
    number: impl Fn(T) -> f64,
    full: Option<f64>,
) -> Option<String> {
    let pixels = raster.width() * raster.height();
    let looked_at: Vec<usize> = (0..pixels).step_by((pixels / LOOKED_AT).max(1)).filter(|&i| valid(i)).collect();
    if looked_at.is_empty() {
        return Some("The image holds no valid pixel: all is transparent or nodata. Use another export of it.".to_owned());
    }
    let mut black = true;
    for band in 0..raster.bands() {
        let mut values: Vec<f64> = looked_at.iter().map(|&i| number(raster.samples()[i * raster.bands() + band])).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((values.len() - 1) as f64 * share) as usize];
        let (low, high) = (at(0.001), at(0.999));
        if high - low > FLAT_SHARE * full.unwrap_or(low.abs().max(high.abs())) {
            return None;
        }
        black &= full.is_some_and(|f| high <= FLAT_SHARE * f) || high == 0.0;
    }
    let colour = if black { "black" } else { "one colour" };
    Some(format!(
        "The image is all {colour}: nothing can be found on it. Check that it is the right file and was exported whole."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Mask;

    fn grey(values: impl FnMut(usize, usize) -> u8) -> Scene {
        Scene { samples: Samples::U8(Raster::from_fn(40, 40, values)), valid: None }
    }

    #[test]
    fn black_and_one_colour_are_told_apart() {
        assert!(flatness(&grey(|_, _| 0)).expect("flat").message.contains("black"));
        assert!(flatness(&grey(|x, _| 200 + (x % 2) as u8)).expect("flat").message.contains("one colour"));
    }

    #[test]
    fn a_dim_scene_is_still_a_scene() {
        assert!(flatness(&grey(|x, y| 10 + ((x * 7 + y * 3) % 12) as u8)).is_none());
        let dim = Raster::from_fn(40, 40, |x, y| 300 + ((x * 7 + y * 3) % 100) as u16);
        assert!(flatness(&Scene { samples: Samples::U16(dim), valid: None }).is_none());
    }

    #[test]
    fn only_valid_pixels_count() {
        let mut scene = grey(|x, _| if x < 20 { 0 } else { 90 });
        assert!(flatness(&scene).is_none());
        scene.valid = Some(Mask::from_fn(40, 40, |x, _| x < 20));
        assert!(flatness(&scene).is_some());
        scene.valid = Some(Mask::from_fn(40, 40, |_, _| false));
        assert!(flatness(&scene).expect("flat").message.contains("no valid pixel"));
    }
}
