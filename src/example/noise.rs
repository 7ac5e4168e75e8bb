//! Value noise: a smooth random field over the ground.

use crate::random::mix;

/// A number in 0..1 that belongs to a lattice point.
pub(super) fn lattice(x: i64, y: i64, seed: u64) -> f32 {
    let z = mix(seed ^ mix((x as u64).wrapping_mul(0x9e37_79b9) ^ (y as u64).rotate_left(32)));
    (z >> 40) as f32 / (1u64 << 24) as f32
}

/// Smooth noise in −1..1 with features of `scale_m`.
pub(super) fn value(x_m: f64, y_m: f64, scale_m: f64, seed: u64) -> f32 {
    let (x, y) = (x_m / scale_m, y_m / scale_m);
    let (x0, y0) = (x.floor(), y.floor());
    let ease = |t: f64| (t * t * (3.0 - 2.0 * t)) as f32;
    let (u, v) = (ease(x - x0), ease(y - y0));
    let (i, j) = (x0 as i64, y0 as i64);
    let top = lattice(i, j, seed) * (1.0 - u) + lattice(i + 1, j, seed) * u;
    let bottom = lattice(i, j + 1, seed) * (1.0 - u) + lattice(i + 1, j + 1, seed) * u;
    2.0 * (top * (1.0 - v) + bottom * v) - 1.0
}

/// Several octaves of [`value`], each half as large and half as strong as the one before; about −1..1.
pub(super) fn fractal(x_m: f64, y_m: f64, largest_m: f64, octaves: u32, seed: u64) -> f32 {
    let mut sum = 0.0;
    for octave in 0..octaves {
        let factor = f64::from(1u32 << octave);
        sum += value(x_m, y_m, largest_m / factor, seed.wrapping_add(u64::from(octave))) / factor as f32;
    }
    sum * 0.6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lattice_is_spread_evenly() {
        let mean = (0..1000).map(|i| lattice(i, -i, 3)).sum::<f32>() / 1000.0;
        assert!((mean - 0.5).abs() < 0.05, "{mean}");
    }

    #[test]
    fn value_passes_through_the_lattice() {
        assert!((value(3.0, -2.0, 1.0, 9) - (2.0 * lattice(3, -2, 9) - 1.0)).abs() < 1e-6);
    }
}
