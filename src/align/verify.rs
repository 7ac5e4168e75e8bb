//! Is this answer right? Asked of tiles that had no part in it.
//!
//! Tiles that share no pixel are coloured like a checkerboard. A similarity is fitted to the even ones and judged on the odd ones,
//! and the other way round. Where the images show the same place, the judged tiles stand high above their own far
//! field at the predicted displacement, most have their own highest peak there, and both fits agree. Where they don't, some of that may come about by
//! chance or by a regular pattern such as parallel tracks, but not all of it.

use super::pooled::{Correction, Normalisation, displacement_at, far_field, search, standing, value_at};
use super::pyramid::Pyramid;
use super::surfaces::{Comparer, Layout, Surfaces};
use crate::geometry::{Point, Transform};

/// A tile's own peak this near the prediction agrees with it, working px: room for the half pixel of the grid, for the model's error and for
/// a flat peak along a track.
const AGREES_WITHIN_PX: f64 = 2.3;

/// The spread of the similarity that each half is fitted with, working px: wide enough to leave the answer if the half sees fit.
const FREEDOM: Correction = [2.5, 2.5, 1.5, 1.5, 0.0, 0.0];

/// What the held-out tiles say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evidence {
    /// Tiles judged.
    pub tiles: usize,
    /// Sum of how far the tiles stand above their far field, divided by √tiles: about normal for unrelated images.
    pub height: f64,
    /// −log₁₀ of the chance that so many tiles' own peaks agree with the prediction.
    pub agreement: f64,
    /// Share of the tiles whose own peak agrees.
    pub share: f64,
    /// The pooled peak against the highest of the pooled surface elsewhere: 1 for no contest, 0 for a tie, below when another is higher.
    pub lead: f64,
    /// 95 % of the points differ less between the two fits, px of *before*.
    pub split_px: f64,
    /// Share of 4 × 4 cells, of those that hold tiles, with one that agrees.
    pub coverage: f64,
}

impl Evidence {
    /// One number to rank by: agreement counts tiles, height weighs them, and nothing counts without a lead.
    pub fn support(&self) -> f64 {
        (self.agreement + 0.5 * self.height) * self.lead.max(0.0)
    }
}

/// Judges `transform` at one zoom; `None` when too few tiles hold to judge.
pub(super) fn verify(
    comparer: &mut Comparer,
    before: &Pyramid<'_>,
    after: &Pyramid<'_>,
    transform: &Transform,
    layout: Layout,
) -> Option<Evidence> {
    /// Tiles of one colour below which a similarity explains anything.
    const LEAST_OF_A_COLOUR: usize = 5;
    let surfaces = comparer.surfaces(before, after, transform, layout)?;
    let frame = Normalisation::of(&surfaces);
    let colour = |odd: bool| (0..surfaces.len()).filter(|t| surfaces.odd[*t] == odd).collect::<Vec<_>>();
    let halves = [colour(false), colour(true)];
    if halves.iter().any(|h| h.len() < LEAST_OF_A_COLOUR) {
        return None;
    }
    let fits = [0, 1].map(|i| search(&surfaces, &halves[i], &frame, &FREEDOM).0);
    // Each tile is judged by the fit of the other colour.
    let predicted: Vec<(f64, f64)> =
        (0..surfaces.len()).map(|t| displacement_at(&fits[usize::from(!surfaces.odd[t])], &frame, surfaces.centres[t])).collect();
    Some(gather(&surfaces, &predicted, split(&surfaces, &fits, &frame)))
}

fn gather(surfaces: &Surfaces, predicted: &[(f64, f64)], split_px: f64) -> Evidence {
    let (n, radius) = (surfaces.len(), surfaces.layout.radius_px);
    let heights: Vec<f32> = (0..n).map(|t| standing(surfaces.of(t), radius, predicted[t].0, predicted[t].1)).collect();
    let agrees: Vec<bool> = (0..n)
        .map(|t| {
            let (x, y) = peak(surfaces.of(t), radius);
            libm::hypot(x - predicted[t].0, y - predicted[t].1) <= AGREES_WITHIN_PX
        })
        .collect();
    let agreeing = agrees.iter().filter(|a| **a).count();
    let cells = (surfaces.side() * surfaces.side()) as f64;
    let chance = std::f64::consts::PI * AGREES_WITHIN_PX * AGREES_WITHIN_PX / cells;
    Evidence {
        tiles: n,
        height: heights.iter().map(|h| f64::from(*h)).sum::<f64>() / (n as f64).sqrt(),
        agreement: binomial_tail(agreeing, n, chance),
        share: agreeing as f64 / n as f64,
        lead: lead(surfaces, predicted),
        split_px,
        coverage: coverage(surfaces, &agrees),
    }
}

/// Of 4 × 4 cells over the tiles, those with tiles: the share that has an agreeing one.
fn coverage(surfaces: &Surfaces, agrees: &[bool]) -> f64 {
    /// Cells a side: with fewer, one corner speaks for a quarter of the scene; with more, small images have no tile in some.
    const CELLS: f64 = 4.0;
    let range = |f: fn(&Point) -> f64| {
        let (low, high) = surfaces.centres.iter().map(f).fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
        (low, (high - low).max(1.0) * 1.001)
    };
    let (xs, ys) = (range(|p| p.x), range(|p| p.y));
    let (mut seen, mut confirmed) = ([false; 16], [false; 16]);
    for (c, agrees) in surfaces.centres.iter().zip(agrees) {
        let cell = |v: f64, (low, extent): (f64, f64)| ((v - low) / extent * CELLS) as usize;
        let i = (cell(c.y, ys) * CELLS as usize + cell(c.x, xs)).min(15);
        seen[i] = true;
        confirmed[i] |= agrees;
    }
    let count = |cells: &[bool]| cells.iter().filter(|c| **c).count() as f64;
    count(&confirmed) / count(&seen).max(1.0)
}

/// Place of the highest value.
pub(super) fn peak(surface: &[f32], radius: usize) -> (f64, f64) {
    let side = 2 * radius + 1;
    let top = (0..surface.len()).fold(0, |a, b| if surface[b] > surface[a] { b } else { a });
    ((top % side) as f64 - radius as f64, (top / side) as f64 - radius as f64)
}

/// How far the pooled surface, each tile moved by its prediction, leads at the middle: (middle − highest elsewhere) / (middle − mean elsewhere).
fn lead(surfaces: &Surfaces, predicted: &[(f64, f64)]) -> f64 {
    let radius = surfaces.layout.radius_px;
    // Predictions move tiles by up to the freedom's reach; what is compared must stay on all surfaces.
    let reach = radius as i64 - 2;
    let pooled = |i: i64, j: i64| {
        let values = (0..surfaces.len()).map(|t| {
            let (x, y) = (predicted[t].0 + i as f64, predicted[t].1 + j as f64);
            let limit = radius as f64;
            let surface = surfaces.of(t);
            (
                value_at(surface, radius, x.clamp(-limit, limit), y.clamp(-limit, limit)),
                far_field(surface, radius, predicted[t].0, predicted[t].1),
            )
        });
        values.map(|(v, (mean, deviation))| f64::from((v - mean) / deviation)).sum::<f64>() / surfaces.len() as f64
    };
    let (mut highest, mut sum, mut count) = (f64::MIN, 0.0, 0.0);
    for j in -reach..=reach {
        for i in -reach..=reach {
            if i * i + j * j > 16 {
                let v = pooled(i, j);
                highest = highest.max(v);
                sum += v;
                count += 1.0;
            }
        }
    }
    let (middle, mean) = (pooled(0, 0), sum / f64::max(count, 1.0));
    if middle > mean { (middle - highest) / (middle - mean) } else { -1.0 }
}

/// 95th percentile of the distance between the two fits over the tiles, px of *before*.
fn split(surfaces: &Surfaces, fits: &[Correction; 2], frame: &Normalisation) -> f64 {
    let mut gaps: Vec<f64> = surfaces
        .centres
        .iter()
        .map(|c| {
            let (a, b) = (displacement_at(&fits[0], frame, *c), displacement_at(&fits[1], frame, *c));
            libm::hypot(a.0 - b.0, a.1 - b.1) / surfaces.layout.zoom
        })
        .collect();
    gaps.sort_by(f64::total_cmp);
    gaps[(gaps.len() - 1) * 95 / 100]
}

/// −log₁₀ P(at least `k` of `n` hit by chance `p`).
fn binomial_tail(k: usize, n: usize, p: f64) -> f64 {
    if k == 0 {
        return 0.0;
    }
    let (n_, ln) = (n as f64, |v: f64| libm::lgamma(v + 1.0));
    let term = |i: f64| ln(n_) - ln(i) - ln(n_ - i) + i * libm::log(p) + (n_ - i) * libm::log1p(-p);
    let terms: Vec<f64> = (k..=n).map(|i| term(i as f64)).collect();
    let top = terms.iter().copied().fold(f64::MIN, f64::max);
    let sum: f64 = terms.iter().map(|t| libm::exp(t - top)).sum();
    (-(top + libm::log(sum)) / std::f64::consts::LN_10).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binomial_tails_match_a_table() {
        // P(X ≥ 1 | 10, .1) = 1 − .9¹⁰ = .6513; P(X ≥ 10 | 10, .1) = 1e-10.
        assert!((binomial_tail(1, 10, 0.1) - 0.1862).abs() < 1e-4);
        assert!((binomial_tail(10, 10, 0.1) - 10.0).abs() < 1e-9);
        assert_eq!(binomial_tail(0, 10, 0.1), 0.0);
    }
}
