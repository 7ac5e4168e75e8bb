//! What type of railcar stands there, where its roof tells.
//!
//! ```text
//! 0.5 m pixels of one car ─ 2×2 folded ─ stem ─ to_mid (2 m) ─ + mid ─ mean ─ head
//! ```
//!
//! A small network over the car alone, turned to its track and mirrored to the sun. It was taught on drawn cars only (training/kinds.py), so it
//! names a type only where it is [`SURE`]; else the type stays unknown.

use super::layers::{Conv3, Fold, Plane, leaky, plus};
use super::seen::Seen;
use super::weights::numbers;
use crate::geometry::Point;
use crate::yard::{CarType, Railcar};

/// Layer after layer in the order of [`Weights`]' fields, as in the other blobs.
const BLOB: &[u8] = include_bytes!("kinds.f16");

/// In the order of the head's outputs.
const TYPES: [CarType; 9] = [
    CarType::Box,
    CarType::Gondola,
    CarType::Tank,
    CarType::Hopper,
    CarType::Flat,
    CarType::Locomotive,
    CarType::Passenger,
    CarType::Maintenance,
    CarType::Other,
];

/// Cells of 1 m along and across that are shown: the longest car, and a little more than the widest.
const CELLS: (usize, usize) = (32, 4);

/// Farther than this from the axis nothing belongs to the car, m.
const HALF_WIDTH_M: f64 = 1.75;

/// Probability from which on a type is named. The probabilities are those of drawn cars, which differ less than real ones do.
const SURE: f32 = 0.8;

/// Coarser pixels show no roofs, m.
const COARSEST_M: f64 = 0.75;

/// The network's layers.
pub(super) struct Weights {
    stem: Conv3<12, 24>,
    to_mid: Fold<24, 48>,
    mid: Conv3<48, 48>,
    head: Fold<48, 9>,
}

impl Weights {
    /// Decodes the blob; a test holds that it has exactly as many numbers as the layers take.
    pub fn decode() -> Self {
        let mut next = numbers(BLOB);
        Self {
            stem: Conv3::read(&mut next),
            to_mid: Fold::read(4, &mut next),
            mid: Conv3::read(&mut next),
            head: Fold::read(1, &mut next),
        }
    }

    /// Log-odds of the types up to a common constant.
    fn forward(&self, input: &Plane<12>) -> [f32; 9] {
        let fine = self.stem.apply(input, input, |sum, _| leaky(sum));
        let y = self.to_mid.apply(&fine, 2, 2, leaky);
        let y = self.mid.apply(&y, &y, |sum, skip| leaky(plus(sum, skip)));
        let cells = (0..y.height()).flat_map(|row| y.row(row));
        let n = cells.clone().count() as f32;
        let mut mean = Plane::<48>::new(1, 1);
        mean.row_mut(0)[0] = cells.fold([0.0; 48], plus).map(|sum| sum / n);
        self.head.apply(&mean, 1, 1, |sum| sum).row(0)[0]
    }
}

/// The type of a car, as far as its picture tells.
pub(super) fn of(weights: &Weights, seen: &Seen, car: &Railcar) -> CarType {
    if seen.gsd_m > COARSEST_M {
        return CarType::Unknown;
    }
    named(weights.forward(&crop(seen, car)))
}

/// The likeliest type if it is likely enough.
fn named(log_odds: [f32; 9]) -> CarType {
    let top = log_odds.iter().copied().fold(f32::MIN, f32::max);
    let total: f32 = log_odds.iter().map(|v| libm::expf(v - top)).sum();
    let likeliest = log_odds.iter().position(|v| *v == top).filter(|_| 1.0 / total >= SURE);
    likeliest.map_or(CarType::Unknown, |k| TYPES[k])
}

/// The car's own pixels, its long side along x, shadows falling toward +y; nought beyond it.
fn crop(seen: &Seen, car: &Railcar) -> Plane<12> {
    let rect = &car.rect_px;
    let side = seen.views.shadow_side(rect.angle_rad);
    let (s, c) = (libm::sin(rect.angle_rad) / seen.gsd_m, libm::cos(rect.angle_rad) / seen.gsd_m);
    let mut input = Plane::<12>::new(CELLS.0, CELLS.1);
    let along = |x: usize, place: usize| x as f64 - CELLS.0 as f64 / 2.0 + 0.25 + 0.5 * (place % 2) as f64;
    let across = |y: usize, place: usize| y as f64 - CELLS.1 as f64 / 2.0 + 0.25 + 0.5 * (place / 2) as f64;
    for y in 0..CELLS.1 {
        for (x, cell) in input.row_mut(y).iter_mut().enumerate() {
            for (place, values) in cell.chunks_exact_mut(3).enumerate() {
                let (u, v) = (along(x, place), across(y, place));
                if u.abs() < car.length_m / 2.0 && v.abs() < HALF_WIDTH_M {
                    let v = v * side;
                    let at = Point::new(rect.center.x + u * c - v * s, rect.center.y + u * s + v * c);
                    values.copy_from_slice(&seen.ground.colour(seen.ground.at_image_point(at.x, at.y, seen.gsd_m)));
                }
            }
        }
    }
    input
}

#[cfg(test)]
mod tests {
    use super::super::layers::fixture;
    use super::*;

    #[test]
    fn the_blob_holds_exactly_the_layers() {
        let count = 12 * 9 * 24 + 24 + 96 * 48 + 48 + 48 * 9 * 48 + 48 + 48 * 9 + 9;
        assert_eq!(BLOB.len(), 2 * count);
    }

    #[test]
    fn agrees_with_an_independent_forward_pass() {
        let answer = Weights::decode().forward(&fixture(32, 4));
        for (k, (got, want)) in answer.iter().zip(GOLDEN).enumerate() {
            assert!((got - want).abs() < 1e-3, "output {k}: {got} against {want}");
        }
    }

    /// Computed by a forward pass written apart (training/golden.py).
    const GOLDEN: [f32; 9] = [-6.42532, -1.35225, -12.4716, -2.0369, 1.22209, -2.49754, 2.61118, -7.85815, 3.27854];

    #[test]
    fn what_isn_t_sure_stays_unknown() {
        let mut log_odds = [0.0; 9];
        assert_eq!(named(log_odds), CarType::Unknown);
        log_odds[2] = 3.0;
        assert_eq!(named(log_odds), CarType::Unknown, "e³ against eight: seven in ten");
        log_odds[2] = 4.0;
        assert_eq!(named(log_odds), CarType::Tank);
    }
}
