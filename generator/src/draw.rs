//! Draws from a seeded generator, in the few shapes that drawing a place needs.

use sidings::random::{Random, mix};

/// What can be drawn.
pub(crate) trait Draw {
    /// True with this probability.
    fn chance(&mut self, probability: f64) -> bool;
    /// Uniform between two bounds.
    fn span(&mut self, low: f32, high: f32) -> f32;
    /// Normal about nought.
    fn spread(&mut self, deviation: f32) -> f32;
    /// A whole number from `low` to `high`, both included.
    fn count(&mut self, low: usize, high: usize) -> usize;
    /// One of these.
    fn pick<T: Copy>(&mut self, of: &[T]) -> T;
    /// A place in the list, likelier where the weight is larger.
    fn weighted(&mut self, weights: &[f32]) -> usize;
}

impl Draw for Random {
    fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    fn span(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit() as f32
    }

    fn spread(&mut self, deviation: f32) -> f32 {
        self.normal() as f32 * deviation
    }

    fn count(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn weighted(&mut self, weights: &[f32]) -> usize {
        let mut left = self.span(0.0, weights.iter().sum());
        for (k, w) in weights.iter().enumerate() {
            left -= w;
            if left < 0.0 {
                return k;
            }
        }
        weights.len() - 1
    }
}

/// A generator of its own for one part of a scene, so that a change in one part leaves the others as they were.
pub(crate) fn stream(seed: u64, part: u64) -> Random {
    Random::new(mix(seed ^ mix(part.wrapping_add(0x51d1_2955))))
}

/// A number in 0..1 that belongs to a place of a lattice; quick, for textures.
#[inline(always)]
pub(crate) fn speck(x: i32, y: i32, seed: u32) -> f32 {
    let mut z = (x as u32).wrapping_mul(374_761_393) ^ (y as u32).wrapping_mul(668_265_263) ^ seed.wrapping_mul(2_246_822_519);
    z = (z ^ (z >> 13)).wrapping_mul(1_274_126_177);
    z ^= z >> 16;
    (z & 0xffff) as f32 / 65_536.0
}

/// The lattice place that a length falls on.
#[inline(always)]
pub(crate) fn step(length: f32, period: f32) -> i32 {
    floor(length / period)
}

/// How far a length lies in its period, 0 to 1.
#[inline(always)]
pub(crate) fn phase(length: f32, period: f32) -> f32 {
    let turns = length / period;
    turns - floor(turns) as f32
}

/// The whole number below; without SSE4 `f32::floor` is a call.
#[inline(always)]
fn floor(x: f32) -> i32 {
    let i = x as i32;
    i - i32::from(i as f32 > x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_run_upward_on_both_sides_of_nought() {
        assert_eq!((step(-0.5, 2.0), phase(-0.5, 2.0)), (-1, 0.75));
        assert_eq!((step(5.0, 2.0), phase(5.0, 2.0)), (2, 0.5));
    }
}
