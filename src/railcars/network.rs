//! The small network that says, per square metre, whether a railcar covers it, ends there or has its middle there.
//!
//! ```text
//! 0.5 m pixels ─ 2×2 folded ─ stem ─ fine_in ──────────────────────────── + ─ fine_out ─ head   1 m cells
//!                                       └ to_mid ─ mid_in a, b ── + ─ mid_out ─ from_mid ┘       2 m along
//!                                                     └ to_wide ─ wide a, b ─ from_wide ┘        4 m along, 2 m across
//! ```
//!
//! It expects tracks along +x, shadows on one side (+y, downward) and colours about like [`super::colour`] leaves them; it
//! sees 20 m along and 11 m across. It was trained on drawn scenes only (README.md here).

use super::layers::{Plane, add_enlarged, leaky, plus};
use super::weights::Weights;

/// Input pixels: three bands in [-0.5, 0.5], two by two folded into twelve channels ([row][column][band]).
pub(super) type Folded = Plane<12>;

/// What the network says of one cell of 1 m²: log-odds of centre, body and end, the offset along +x to the car's centre
/// in tens of metres, the sine of twice the car's angle, and the logarithm of its length over 15 m.
pub(super) type Answer = [f32; 6];

/// Places in an [`Answer`].
pub(super) const CENTRE: usize = 0;
/// Log-odds that a car covers the cell.
pub(super) const BODY: usize = 1;
/// Log-odds that a car ends at the cell.
pub(super) const END: usize = 2;

/// How far an answer depends on input beyond it: (along, across) in metres. Tiles overlap by this much.
pub(super) const HALO_M: (usize, usize) = (20, 12);

/// Runs the network; the width must be a multiple of 4 cells, the height of 2.
pub(super) fn forward(weights: &Weights, input: &Folded) -> Plane<6> {
    let stem = weights.stem.apply(input, input, |sum, _| leaky(sum));
    let fine = weights.fine_in.apply(&stem, &stem, |sum, skip| leaky(plus(sum, skip)));
    let mid = weights.to_mid.apply(&fine, 1, 2, leaky);
    let mid_a = weights.mid_in_a.apply(&mid, &mid, |sum, _| leaky(sum));
    let mid = weights.mid_in_b.apply(&mid_a, &mid, |sum, skip| leaky(plus(sum, skip)));
    let wide = weights.to_wide.apply(&mid, 2, 2, leaky);
    let wide_a = weights.wide_a.apply(&wide, &wide, |sum, _| leaky(sum));
    let wide = weights.wide_b.apply(&wide_a, &wide, |sum, skip| leaky(plus(sum, skip)));
    let back = weights.from_wide.apply(&wide, 1, 1, |sum| sum);
    let mid = add_enlarged(mid, &back, 2, 2);
    let mid = weights.mid_out.apply(&mid, &mid, |sum, skip| leaky(plus(sum, skip)));
    let back = weights.from_mid.apply(&mid, 1, 1, |sum| sum);
    let fine = add_enlarged(fine, &back, 1, 2);
    let fine = weights.fine_out.apply(&fine, &fine, |sum, skip| leaky(plus(sum, skip)));
    weights.head.apply(&fine, &fine, |sum, _| sum)
}

#[cfg(test)]
mod tests {
    use super::super::layers::fixture;
    use super::*;

    #[test]
    fn agrees_with_an_independent_forward_pass() {
        let answer = forward(&Weights::decode(), &fixture(24, 16));
        for (x, y, expected) in GOLDEN {
            for (k, (got, want)) in answer.row(y)[x].iter().zip(expected).enumerate() {
                assert!((got - want).abs() < 1e-3, "cell ({x}, {y}) output {k}: {got} against {want}");
            }
        }
    }

    /// Computed by a forward pass written apart (training/golden.py).
    const GOLDEN: [(usize, usize, Answer); 5] = [
        (0, 0, [-1.26125, -0.92570, -1.03331, 0.18628, -0.04319, 0.02995]),
        (23, 15, [-2.01930, -2.40485, -1.57759, -0.29612, -0.02640, 0.17771]),
        (11, 7, [-2.66464, -5.87599, -2.81800, -0.16437, 0.23403, 0.02898]),
        (12, 8, [-3.00968, -5.43981, -2.49906, -0.22549, 0.06189, 0.08615]),
        (5, 14, [-1.44952, 0.18742, -2.02249, -0.23407, -0.13242, 0.01556]),
    ];
}
