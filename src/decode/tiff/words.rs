//! Plain bytes to numbers: packed bits of any width, byte order, and the predictors that store differences.

use super::survey::{Format, Predictor, Survey};
use crate::ifd::ByteOrder;

/// Numbers of one piece, as wide as the file's samples need.
pub(super) enum Words {
    /// Up to 8 bits.
    Eight(Vec<u8>),
    /// Up to 16.
    Sixteen(Vec<u16>),
    /// Up to 32.
    ThirtyTwo(Vec<u32>),
    /// 64.
    SixtyFour(Vec<u64>),
}

/// Samples of `rows` rows of `row_samples` each, with `step` samples between one of a band and the next.
pub(super) fn words(mut bytes: Vec<u8>, survey: &Survey<'_>, row_samples: usize, step: usize, order: ByteOrder) -> Words {
    let bits = survey.bits as usize;
    let row_bytes = (row_samples * bits).div_ceil(8);
    let mut order = order;
    if survey.predictor == Predictor::FloatingPoint {
        bytes.chunks_exact_mut(row_bytes).for_each(|row| gather(row, step, bits / 8));
        order = ByteOrder::Big;
    }
    let differences = survey.predictor == Predictor::Horizontal;
    match bits {
        8 => {
            if differences {
                bytes.chunks_exact_mut(row_samples).for_each(|row| add_up(row, step, |a, b| a.wrapping_add(b)));
            }
            Words::Eight(bytes)
        }
        16 => {
            let mut words: Vec<u16> = bytes.chunks_exact(2).map(|b| order.uint(b) as u16).collect();
            if differences {
                words.chunks_exact_mut(row_samples).for_each(|row| add_up(row, step, |a, b| a.wrapping_add(b)));
            }
            Words::Sixteen(words)
        }
        32 => {
            let mut words: Vec<u32> = bytes.chunks_exact(4).map(|b| order.uint(b) as u32).collect();
            if differences {
                words.chunks_exact_mut(row_samples).for_each(|row| add_up(row, step, |a, b| a.wrapping_add(b)));
            }
            Words::ThirtyTwo(words)
        }
        64 => {
            let mut words: Vec<u64> = bytes.chunks_exact(8).map(|b| order.uint(b)).collect();
            if differences {
                words.chunks_exact_mut(row_samples).for_each(|row| add_up(row, step, |a, b| a.wrapping_add(b)));
            }
            Words::SixtyFour(words)
        }
        _ => packed(&bytes, bits, row_samples, differences.then_some(step)),
    }
}

/// Samples of other widths, 24 bits too, stand most significant bit first, whatever the byte order; rows begin on whole bytes.
fn packed(bytes: &[u8], bits: usize, row_samples: usize, differences: Option<usize>) -> Words {
    let mask = u32::MAX >> (32 - bits);
    let row_bytes = (row_samples * bits).div_ceil(8);
    let sample = |row: &[u8], i: usize| {
        let (first, shift) = (i * bits / 8, i * bits % 8);
        let window = (0..5).fold(0u64, |window, k| (window << 8) | u64::from(row.get(first + k).copied().unwrap_or(0)));
        (window >> (40 - bits - shift)) as u32 & mask
    };
    let row = |row: &[u8]| -> Vec<u32> {
        let mut samples: Vec<u32> = (0..row_samples).map(|i| sample(row, i)).collect();
        if let Some(step) = differences {
            add_up(&mut samples, step, |a, b| a.wrapping_add(b) & mask);
        }
        samples
    };
    let rows = bytes.chunks_exact(row_bytes);
    match bits {
        1..=8 => Words::Eight(rows.flat_map(|r| row(r).into_iter().map(|v| v as u8)).collect()),
        9..=16 => Words::Sixteen(rows.flat_map(|r| row(r).into_iter().map(|v| v as u16)).collect()),
        _ => Words::ThirtyTwo(rows.flat_map(row).collect()),
    }
}

/// Predictor 2: each sample is stored as the difference from the one before it in its band.
fn add_up<T: Copy>(row: &mut [T], step: usize, add: impl Fn(T, T) -> T) {
    for i in step..row.len() {
        row[i] = add(row[i], row[i - step]);
    }
}

/// Predictor 3 (Adobe Photoshop TIFF technical note 3): differences of bytes, the first bytes of all samples before their second ones.
fn gather(row: &mut [u8], step: usize, size: usize) {
    add_up(row, step, |a, b| a.wrapping_add(b));
    let planes = row.to_vec();
    let samples = row.len() / size;
    for (i, sample) in row.chunks_exact_mut(size).enumerate() {
        sample.iter_mut().enumerate().for_each(|(k, byte)| *byte = planes[k * samples + i]);
    }
}

/// A sample type of a scene that words are read as.
pub(super) trait Target: Copy + Default {
    /// The numbers that the words stand for; `None` for words that don't belong to this type.
    fn read(words: Words, survey: &Survey<'_>) -> Option<Vec<Self>>;
}

impl Target for u8 {
    fn read(words: Words, _: &Survey<'_>) -> Option<Vec<u8>> {
        match words {
            Words::Eight(v) => Some(v),
            _ => None,
        }
    }
}

impl Target for u16 {
    fn read(words: Words, _: &Survey<'_>) -> Option<Vec<u16>> {
        match words {
            Words::Sixteen(v) => Some(v),
            _ => None,
        }
    }
}

impl Target for f32 {
    /// Integers beyond 24 bits and 64-bit numbers are rounded to 24 significant bits.
    fn read(words: Words, survey: &Survey<'_>) -> Option<Vec<f32>> {
        let bits = survey.bits;
        let signed = move |v: u64| (((v << (64 - bits)) as i64) >> (64 - bits)) as f32;
        Some(match (words, survey.format) {
            (Words::Sixteen(v), Format::Float) => v.into_iter().map(half).collect(),
            (Words::ThirtyTwo(v), Format::Float) => v.into_iter().map(f32::from_bits).collect(),
            (Words::SixtyFour(v), Format::Float) => v.into_iter().map(|v| f64::from_bits(v) as f32).collect(),
            (Words::Eight(_), Format::Float) => return None,
            (Words::Eight(v), Format::Int) => v.into_iter().map(|v| signed(v.into())).collect(),
            (Words::Sixteen(v), Format::Int) => v.into_iter().map(|v| signed(v.into())).collect(),
            (Words::ThirtyTwo(v), Format::Int) => v.into_iter().map(|v| signed(v.into())).collect(),
            (Words::SixtyFour(v), Format::Int) => v.into_iter().map(signed).collect(),
            (Words::ThirtyTwo(v), Format::Uint) => v.into_iter().map(|v| v as f32).collect(),
            (Words::SixtyFour(v), Format::Uint) => v.into_iter().map(|v| v as f32).collect(),
            (Words::Eight(_) | Words::Sixteen(_), Format::Uint) => return None,
        })
    }
}

/// A number of half precision (IEEE 754-2008, binary16).
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (u32::from(bits >> 10) & 0x1f, u32::from(bits) & 0x3ff);
    let magnitude = match exponent {
        0 => fraction as f32 / 16_777_216.0,
        31 => f32::from_bits(0x7f80_0000 | fraction << 13),
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves() {
        for (bits, value) in [(0x3c00, 1.0), (0xc000, -2.0), (0x7bff, 65_504.0), (0x0001, 5.960_464_5e-8), (0x3555, 0.333_251_95)]
        {
            assert_eq!(half(bits), value, "{bits:04x}");
        }
        assert!(half(0x7e00).is_nan() && half(0xfc00) == f32::NEG_INFINITY && half(0) == 0.0);
    }

    #[test]
    fn bits_cross_bytes_and_rows_begin_on_them() {
        let twelve = packed(&[0xab, 0xcd, 0xef, 0x12, 0x30], 12, 3, None);
        assert!(matches!(twelve, Words::Sixteen(v) if v == [0xabc, 0xdef, 0x123]));
        let three = packed(&[0b1011_1001, 0b0000_0000, 0b1110_0011, 0b1000_0000], 3, 3, None);
        assert!(matches!(three, Words::Eight(v) if v == [5, 6, 2, 7, 0, 7]));
        let sums = packed(&[0b1110_0101, 0b0000_0000], 3, 3, Some(1));
        assert!(matches!(sums, Words::Eight(v) if v == [7, 0, 2]), "differences wrap within their bits");
    }

    #[test]
    fn floating_point_differences_are_gathered_byte_by_byte() {
        // Bytes of 1.0f16 and 1.5f16, first bytes first, as differences: 3c 3e 00 00.
        let mut row = [0x3c, 0x02, 0xc2, 0x00];
        gather(&mut row, 1, 2);
        assert_eq!(row, [0x3c, 0x00, 0x3e, 0x00]);
    }
}
