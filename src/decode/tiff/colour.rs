//! From stored samples to grey and RGB: palettes, white as zero, few bits, YCbCr.

use super::names::Photometric;
use super::survey::{Format, Survey};
use crate::raster::{Raster, Samples};

/// The samples as a picture or as measurements; 8-bit ranges are filled, wider samples keep their units.
pub(super) fn interpret(samples: Samples, survey: &Survey<'_>) -> Samples {
    match (samples, survey.photometric) {
        (Samples::U8(r), Photometric::Palette) => Samples::U8(look_up(&r, &survey.palette)),
        (Samples::U16(r), Photometric::Palette) => Samples::U8(look_up(&r, &survey.palette)),
        (Samples::U8(r), Photometric::YCbCr) => Samples::U8(rgb_from_ycbcr(r)),
        (Samples::U8(r), Photometric::Cmyk) => {
            let filled = fill_range(r, survey.bits, false);
            Samples::U8(rgb_from_cmyk(&filled, |ink, black| ((255 - u32::from(ink)) * (255 - u32::from(black)) / 255) as u8))
        }
        (Samples::U16(r), Photometric::Cmyk) => {
            let full = (1u64 << survey.bits) - 1;
            let paper = |v: u16| full.saturating_sub(v.into());
            Samples::U16(rgb_from_cmyk(&r, |ink, black| (paper(ink) * paper(black) / full) as u16))
        }
        (Samples::F32(r), Photometric::Cmyk) => {
            let full = full_range(survey);
            Samples::F32(rgb_from_cmyk(&r, |ink, black| (full - ink) * (full - black) / full))
        }
        (Samples::U8(r), photometric) => Samples::U8(fill_range(r, survey.bits, photometric == Photometric::WhiteIsZero)),
        (Samples::U16(r), Photometric::WhiteIsZero) => {
            let white = (u32::MAX >> (32 - survey.bits)) as u16;
            Samples::U16(r.map(|v| white.saturating_sub(v)))
        }
        (Samples::F32(r), Photometric::WhiteIsZero) => {
            let white = full_range(survey);
            Samples::F32(r.map(|v| white - v))
        }
        (samples, _) => samples,
    }
}

/// The largest value a sample can have; floating point goes to 1.
fn full_range(survey: &Survey<'_>) -> f32 {
    if survey.format == Format::Float { 1.0 } else { ((1u128 << survey.bits) - 1) as f32 }
}

/// Palette entries beyond the palette are black.
fn look_up<T: Copy + Into<usize>>(indices: &Raster<T>, palette: &[[u8; 3]]) -> Raster<u8> {
    let (width, height) = (indices.width(), indices.height());
    let mut colours = Raster::filled(width, height, 3, 0);
    for (colour, &index) in colours.samples_mut().chunks_exact_mut(3).zip(indices.samples()) {
        colour.copy_from_slice(palette.get(index.into()).unwrap_or(&[0; 3]));
    }
    colours
}

/// 1 to 7 bits stretched to 0–255, and turned over where white is zero.
fn fill_range(mut raster: Raster<u8>, bits: u32, white_is_zero: bool) -> Raster<u8> {
    let full = (1u32 << bits) - 1;
    if full != 255 || white_is_zero {
        for v in raster.samples_mut() {
            *v = ((u32::from(*v) * 255 + full / 2) / full) as u8;
            *v = if white_is_zero { 255 - *v } else { *v };
        }
    }
    raster
}

/// Inks on white paper without a colour profile: each colour is what its ink and black leave of the light. Spot inks are left out.
fn rgb_from_cmyk<T: Copy + Default>(inks: &Raster<T>, left: impl Fn(T, T) -> T) -> Raster<T> {
    let mut colours = Raster::filled(inks.width(), inks.height(), 3, T::default());
    for (colour, inks) in colours.samples_mut().chunks_exact_mut(3).zip(inks.samples().chunks_exact(inks.bands())) {
        (0..3).for_each(|k| colour[k] = left(inks[k], inks[3]));
    }
    colours
}

/// JFIF's full-range conversion (ITU-R BT.601), in whole numbers of 1/65536.
fn rgb_from_ycbcr(mut raster: Raster<u8>) -> Raster<u8> {
    for p in raster.samples_mut().chunks_exact_mut(3) {
        let (y, cb, cr) = (i32::from(p[0]) << 16, i32::from(p[1]) - 128, i32::from(p[2]) - 128);
        let channel = |v: i32| ((v + 32_768) >> 16).clamp(0, 255) as u8;
        p[0] = channel(y + 91_881 * cr);
        p[1] = channel(y - 22_554 * cb - 46_802 * cr);
        p[2] = channel(y + 116_130 * cb);
    }
    raster
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_bits_fill_the_range() {
        let four = Raster::new(3, 1, 1, vec![0u8, 7, 15]).expect("three");
        assert_eq!(fill_range(four.clone(), 4, false).samples(), &[0, 119, 255]);
        assert_eq!(fill_range(four, 4, true).samples(), &[255, 136, 0]);
    }

    #[test]
    fn inks_take_light_away() {
        let inks = Raster::new(3, 1, 4, vec![0u8, 0, 0, 0, 255, 0, 0, 0, 0, 51, 0, 204]).expect("three");
        let survey_left = |ink: u8, black: u8| ((255 - u32::from(ink)) * (255 - u32::from(black)) / 255) as u8;
        assert_eq!(rgb_from_cmyk(&inks, survey_left).samples(), &[255, 255, 255, 0, 255, 255, 51, 40, 51]);
    }

    #[test]
    fn neutral_chroma_is_grey_and_red_is_red() {
        let pixels = Raster::new(2, 1, 3, vec![90u8, 128, 128, 76, 85, 255]).expect("two");
        assert_eq!(rgb_from_ycbcr(pixels).samples(), &[90, 90, 90, 254, 0, 0]);
    }
}
