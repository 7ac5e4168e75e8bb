//! The network's parameters, decoded from the half-precision blob beside this file (its birth: README.md here).

use super::layers::{Conv3, Fold};

/// Layer after layer in the order of [`Weights`]' fields: kernel (rows, columns, in, out), then bias; little-endian half floats.
const BLOB: &[u8] = include_bytes!("weights.f16");

/// Every layer of the network; the name says where it stands (see [`super::network`]).
pub(super) struct Weights {
    pub stem: Conv3<12, 16>,
    pub fine_in: Conv3<16, 16>,
    pub to_mid: Fold<16, 24>,
    pub mid_in_a: Conv3<24, 24>,
    pub mid_in_b: Conv3<24, 24>,
    pub to_wide: Fold<24, 32>,
    pub wide_a: Conv3<32, 32>,
    pub wide_b: Conv3<32, 32>,
    pub from_wide: Fold<32, 24>,
    pub mid_out: Conv3<24, 24>,
    pub from_mid: Fold<24, 16>,
    pub fine_out: Conv3<16, 16>,
    pub head: Conv3<16, 6>,
}

impl Weights {
    /// Decodes the blob; a test holds that it has exactly as many numbers as the layers take.
    pub fn decode() -> Self {
        let mut next = numbers(BLOB);
        Self {
            stem: Conv3::read(&mut next),
            fine_in: Conv3::read(&mut next),
            to_mid: Fold::read(2, &mut next),
            mid_in_a: Conv3::read(&mut next),
            mid_in_b: Conv3::read(&mut next),
            to_wide: Fold::read(4, &mut next),
            wide_a: Conv3::read(&mut next),
            wide_b: Conv3::read(&mut next),
            from_wide: Fold::read(1, &mut next),
            mid_out: Conv3::read(&mut next),
            from_mid: Fold::read(1, &mut next),
            fine_out: Conv3::read(&mut next),
            head: Conv3::read(&mut next),
        }
    }
}

/// The numbers of a blob, one after the other; noughts after its end.
pub(super) fn numbers(blob: &[u8]) -> impl FnMut() -> f32 {
    let mut numbers = blob.chunks_exact(2).map(|b| half_to_f32(u16::from_le_bytes([b[0], b[1]])));
    move || numbers.next().unwrap_or(0.0)
}

/// IEEE 754 binary16 to binary32, exact.
fn half_to_f32(half: u16) -> f32 {
    let sign = u32::from(half & 0x8000) << 16;
    let exponent = u32::from(half >> 10) & 0x1f;
    let mantissa = u32::from(half) & 0x3ff;
    match exponent {
        0 => f32::from_bits(sign | 0x3f80_0000) * mantissa as f32 / 16_777_216.0,
        31 => f32::from_bits(sign | 0x7f80_0000 | (mantissa << 13)),
        _ => f32::from_bits(sign | ((exponent + 112) << 23) | (mantissa << 13)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_decode() {
        let pairs = [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x8400, -6.103_515_6e-5),
        ];
        for (half, single) in pairs {
            assert_eq!(half_to_f32(half), single, "{half:#06x}");
        }
    }

    #[test]
    fn the_blob_holds_exactly_the_layers() {
        assert_eq!(BLOB.len(), 2 * 46_462);
        let last = half_to_f32(u16::from_le_bytes([BLOB[BLOB.len() - 2], BLOB[BLOB.len() - 1]]));
        assert_eq!(Weights::decode().head.bias[0][5], last, "the last number is the head's last bias");
    }
}
