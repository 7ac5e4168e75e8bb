//! Which pixels hold a measurement: alpha, nodata and NaN become a mask.

use crate::raster::{Mask, Raster, Samples, Scene};

/// A sample as some file holds it.
pub(super) trait Sample: Copy {
    /// True for kinds that can hold NaN and infinities.
    const MAY_BE_NO_NUMBER: bool;
    /// True for an alpha that hides its pixel.
    fn is_transparent(self) -> bool;
    /// True for the value the file declares as nodata.
    fn is(self, nodata: f64) -> bool;
    /// False for NaN and infinities.
    fn is_number(self) -> bool;
    /// Wraps a raster of this kind.
    fn wrap(raster: Raster<Self>) -> Samples;
}

macro_rules! integer_sample {
    ($t:ty, $variant:ident) => {
        impl Sample for $t {
            const MAY_BE_NO_NUMBER: bool = false;
            fn is_transparent(self) -> bool {
                self == 0
            }
            fn is(self, nodata: f64) -> bool {
                f64::from(self) == nodata
            }
            fn is_number(self) -> bool {
                true
            }
            fn wrap(raster: Raster<Self>) -> Samples {
                Samples::$variant(raster)
            }
        }
    };
}
integer_sample!(u8, U8);
integer_sample!(u16, U16);

impl Sample for f32 {
    const MAY_BE_NO_NUMBER: bool = true;
    fn is_transparent(self) -> bool {
        self == 0.0
    }
    /// Nodata is written as text, often with fewer digits than the sample has: compared in single precision.
    fn is(self, nodata: f64) -> bool {
        self == nodata as f32
    }
    fn is_number(self) -> bool {
        self.is_finite()
    }
    fn wrap(raster: Raster<Self>) -> Samples {
        Samples::F32(raster)
    }
}

/// Takes the alpha band out and marks as invalid what is transparent, nodata in every band, or no number in any band.
///
/// Nodata must fill *all* bands: a dark roof whose blue alone is 0 is still a roof. Colours under a partial alpha stay as stored.
/// `None` when the samples don't fill the size, or when alpha is the only band.
pub(super) fn scene<T: Sample>(
    width: usize,
    height: usize,
    bands: usize,
    mut samples: Vec<T>,
    alpha: Option<usize>,
    nodata: Option<f64>,
) -> Option<Scene> {
    if samples.len() != width.checked_mul(height)?.checked_mul(bands)? || bands == usize::from(alpha.is_some()) {
        return None;
    }
    if alpha.is_none() && nodata.is_none() && !T::MAY_BE_NO_NUMBER {
        return Some(Scene { samples: T::wrap(Raster::new(width, height, bands, samples)?), valid: None });
    }
    let measured = |pixel: &[T]| {
        let hidden = alpha.is_some_and(|a| pixel[a].is_transparent());
        let mut colours = pixel.iter().enumerate().filter(|&(band, _)| Some(band) != alpha).map(|(_, &sample)| sample);
        let numbers = colours.clone().all(T::is_number);
        !hidden && numbers && !nodata.is_some_and(|n| colours.all(|sample| sample.is(n)))
    };
    let valid: Vec<bool> = samples.chunks_exact(bands).map(measured).collect();
    if let Some(alpha) = alpha {
        remove_band(&mut samples, bands, alpha);
    }
    let raster = Raster::new(width, height, bands - usize::from(alpha.is_some()), samples)?;
    let all = valid.iter().all(|&v| v);
    let valid = if all { None } else { Some(Mask::new(width, height, 1, valid)?) };
    Some(Scene { samples: T::wrap(raster), valid })
}

/// Marks as invalid what is nodata in every band, by a value that a file beside the image gives; the image's own stays invalid.
pub fn without(mut scene: Scene, nodata: Option<f64>) -> Scene {
    fn measured<T: Sample>(raster: &Raster<T>, nodata: f64) -> Vec<bool> {
        raster.samples().chunks_exact(raster.bands()).map(|pixel| !pixel.iter().all(|v| v.is(nodata))).collect()
    }
    let Some(nodata) = nodata.filter(|n| !n.is_nan()) else { return scene };
    let (width, height) = (scene.width(), scene.height());
    let mut holds = match &scene.samples {
        Samples::U8(r) => measured(r, nodata),
        Samples::U16(r) => measured(r, nodata),
        Samples::F32(r) => measured(r, nodata),
    };
    if let Some(own) = &scene.valid {
        holds.iter_mut().zip(own.samples()).for_each(|(holds, &own)| *holds &= own);
    }
    scene.valid = if holds.iter().all(|&v| v) { None } else { Mask::new(width, height, 1, holds) };
    scene
}

/// Closes the gap that a band leaves, in place.
fn remove_band<T: Copy>(samples: &mut Vec<T>, bands: usize, band: usize) {
    let mut kept = 0;
    for i in 0..samples.len() {
        if i % bands != band {
            samples[kept] = samples[i];
            kept += 1;
        }
    }
    samples.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_zero_is_invalid_and_alpha_leaves_the_bands() {
        let scene = scene(3, 1, 2, vec![10u8, 255, 20, 0, 30, 1], Some(1), None).expect("fits");
        assert_eq!(scene.samples, Samples::U8(Raster::new(3, 1, 1, vec![10, 20, 30]).expect("three")));
        assert_eq!(scene.valid.expect("a mask").samples(), &[true, false, true]);
    }

    #[test]
    fn nodata_must_fill_every_band() {
        let scene = scene(3, 1, 2, vec![0u16, 7, 0, 0, 5, 5], None, Some(0.0)).expect("fits");
        assert_eq!(scene.valid.expect("a mask").samples(), &[true, false, true]);
    }

    #[test]
    fn one_nan_spoils_the_pixel() {
        let scene = scene(2, 1, 2, vec![1.0f32, f32::NAN, 2.0, 3.0], None, None).expect("fits");
        assert_eq!(scene.valid.expect("a mask").samples(), &[false, true]);
    }

    #[test]
    fn nodata_is_compared_in_single_precision() {
        let scene = scene(2, 1, 1, vec![-3.402_823_5e38_f32, 1.0], None, Some(-3.402_823e38)).expect("fits");
        assert!(scene.valid.is_none(), "another number is another number");
        let scene = super::scene(2, 1, 1, vec![0.1f32, 1.0], None, Some(0.1)).expect("fits");
        assert_eq!(scene.valid.expect("a mask").samples(), &[false, true]);
    }

    #[test]
    fn a_value_from_beside_is_taken_out_too() {
        let first = scene(3, 1, 1, vec![0u8, 7, 9], None, Some(9.0)).expect("fits");
        assert_eq!(without(first.clone(), None), first);
        assert_eq!(without(first.clone(), Some(0.0)).valid.expect("a mask").samples(), &[false, true, false]);
        let plain = scene(1, 1, 1, vec![5u8], None, None).expect("fits");
        assert_eq!(without(plain, Some(0.0)).valid, None);
    }

    #[test]
    fn all_valid_needs_no_mask_and_alpha_alone_is_no_image() {
        assert!(scene(1, 1, 2, vec![1u8, 9], Some(1), Some(0.0)).expect("fits").valid.is_none());
        assert!(scene(1, 1, 1, vec![1u8], Some(0), None).is_none());
        assert!(scene(2, 2, 1, vec![1u8], None, None).is_none());
    }
}
