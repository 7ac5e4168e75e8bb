//! Says how far a transform may be trusted, from tiles that had no say in it.

use super::grey::Pyramid;
use super::search::shape;
use super::surfaces::{Cut, Prepared, Surfaces};
use super::tie::{TiePoint, fit, tie_points};
use super::{Alignment, Model, Residual, Status};
use crate::geometry::{Point, Transform};

/// A tile agrees when its own peak lies within this of the model, px of the working grid.
const AGREE_PX: f64 = 2.3;
/// On 225 kept cases of the method's study the highest wrong answer reached 19 and the lowest right one 25.
const PASS_STRENGTH: f64 = 22.0;
/// Below this every answer of the study was wrong, and different places reached 17.6.
const WARN_STRENGTH: f64 = 18.0;
/// −log₁₀ of the chance that so many held-out tiles agree by accident; different places stayed below 5, degenerate fits reached 15.
const PASS_TAIL: f64 = 8.0;
const WARN_TAIL: f64 = 4.0;
/// Share of the common area that agreeing tiles must reach.
const PASS_COVERAGE: f64 = 0.5;
/// Share of *before* that *after* must cover at all.
const LEAST_OVERLAP: f64 = 0.25;
/// Models fitted to either half of the tiles may differ by this many pixels of *before* anywhere on the common area.
const PASS_SPLIT_PX: f64 = 2.0;
/// One camera over flat ground: scale within a factor of two, sides within a fifth.
const SCALE: std::ops::RangeInclusive<f64> = 0.5..=2.0;
const STRETCH: f64 = 1.2;

/// Sum of three statistics, each in units of about one decade of evidence: the z-score of the match at the model at 256 px, and
/// how unlikely the agreement of the tiles' own peaks is at 512 and at 256 px. Nothing is fitted here.
pub(super) fn strength(coarse: &Surfaces, fine: &Surfaces) -> f64 {
    match_at_model(coarse) + agreement(fine) + agreement(coarse)
}

/// Cuts for [`strength`].
pub(super) const COARSE: Cut = Cut { tile: 32, reach: 10, apart: false };
/// Cuts for [`strength`].
pub(super) const FINE: Cut = Cut { tile: 48, reach: 12, apart: false };

/// Σ (z at the model − mean far from it) / (spread far from it) / √tiles.
pub(super) fn match_at_model(surfaces: &Surfaces) -> f64 {
    let (reach, side) = (surfaces.reach as isize, 2 * surfaces.reach + 1);
    let far = |i: usize| {
        let (y, x) = ((i / side) as isize - reach, (i % side) as isize - reach);
        x * x + y * y > 16
    };
    let mut sum = 0.0;
    for tile in 0..surfaces.len() {
        let z = surfaces.surface(tile);
        let away: Vec<f64> = (0..z.len()).filter(|&i| far(i)).map(|i| f64::from(z[i])).collect();
        let mean = away.iter().sum::<f64>() / away.len() as f64;
        let spread = (away.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / away.len() as f64).sqrt() + 1e-3;
        sum += (f64::from(z[z.len() / 2]) - mean) / spread;
    }
    sum / (surfaces.len() as f64).sqrt()
}

/// −log₁₀ of the chance that as many tiles have their peak at the model, were the peaks anywhere. Overlapping tiles count less.
fn agreement(surfaces: &Surfaces) -> f64 {
    let side = 2 * surfaces.reach + 1;
    let off = |i: usize| libm::hypot((i / side) as f64 - surfaces.reach as f64, (i % side) as f64 - surfaces.reach as f64);
    let near = (0..side * side).filter(|&i| off(i) <= AGREE_PX).count();
    let agreeing = (0..surfaces.len())
        .filter(|&tile| {
            let z = surfaces.surface(tile);
            off((0..z.len()).max_by(|&a, &b| z[a].total_cmp(&z[b])).unwrap_or(0)) <= AGREE_PX
        })
        .count();
    let crowding = surfaces.tile as f64 / surfaces.step as f64;
    let shared = (crowding * crowding).max(1.0);
    tail(
        (agreeing as f64 / shared) as usize,
        (surfaces.len() as f64 / shared).ceil() as usize,
        near as f64 / (side * side) as f64,
    )
}

/// −log₁₀ P(X ≥ k) for X ~ Binomial(n, p).
fn tail(k: usize, n: usize, p: f64) -> f64 {
    if k == 0 {
        return 0.0;
    }
    let choose = |i: usize| libm::lgamma(n as f64 + 1.0) - libm::lgamma(i as f64 + 1.0) - libm::lgamma((n - i) as f64 + 1.0);
    let chance: f64 = (k..=n).map(|i| libm::exp(choose(i) + i as f64 * libm::log(p) + (n - i) as f64 * libm::log(1.0 - p))).sum();
    -libm::log10(chance.clamp(1e-300, 1.0))
}

/// Longest side at which tie points are measured: beyond it they say no more about a plane transform.
const TIE_SIDE: usize = 1536;

/// The final answer: fits the simplest model that held-out tie points allow and judges it.
pub(super) fn judge(before: &Pyramid, after: &Pyramid, found: &Transform, strength: f64) -> Alignment {
    let side = before.longest_side().min(TIE_SIDE);
    let prepared = Prepared::of(before, side);
    let cut = Cut { tile: if side >= 700 { 64 } else { 48 }, reach: 7, apart: true };
    let Some(surfaces) = Surfaces::cut(&prepared, after, found, cut) else {
        return refusal(vec!["The two images hardly overlap, or show nothing that could be compared.".to_owned()]);
    };
    let px = 1.0 / surfaces.factor.0;
    let points = tie_points(&surfaces, found);
    let (model, transform, split_px) = simplest(&points, found, px, before);
    let residuals = held_out(&points, model, found, px);
    let near = residuals.iter().filter(|r| **r <= AGREE_PX * px).count();
    let odd = (0..surfaces.len()).filter(|&t| (surfaces.cell[t].0 + surfaces.cell[t].1) % 2 == 1).count();
    let chance = std::f64::consts::PI * AGREE_PX * AGREE_PX / surfaces.displacements() as f64;
    let tail = tail(near.min(odd), odd.max(1), chance.min(0.5));
    let overlap = surfaces.len() as f64 / surfaces.possible.max(1) as f64;
    let coverage = coverage(&surfaces, &points, &transform, AGREE_PX * px);
    let kept: Vec<f64> = residuals.iter().copied().filter(|r| *r <= 4.0 * px).collect();
    let evidence = Evidence { strength, tail, overlap, coverage, split_px: split_px / px, shape: shape(&transform) };
    let (status, reasons) = evidence.verdict();
    Alignment {
        status,
        reasons,
        model,
        after_to_before: (status != Status::Fail).then_some(transform),
        residual_px: Residual { median: quantile(&kept, 0.5), p95: quantile(&kept, 0.95), held_out: true, points: kept.len() },
        coverage: coverage * overlap.min(1.0),
    }
}

/// An alignment that failed, with its reasons.
pub(super) fn refusal(reasons: Vec<String>) -> Alignment {
    Alignment {
        status: Status::Fail,
        reasons,
        model: Model::Similarity,
        after_to_before: None,
        residual_px: Residual { median: None, p95: None, held_out: true, points: 0 },
        coverage: 0.0,
    }
}

/// The simplest model whose held-out error no richer model beats clearly, fitted to all points; and how far the fits to either
/// half of the points lie apart, px of *before*.
fn simplest(points: &[TiePoint], found: &Transform, px: f64, before: &Pyramid) -> (Model, Transform, f64) {
    let error = |model| {
        let mut residuals = held_out(points, model, found, px);
        residuals.retain(|r| *r <= 4.0 * px);
        let mean = residuals.iter().sum::<f64>() / residuals.len().max(1) as f64;
        // Points lost count as bad ones, so that a poor model can't win by shedding them.
        (mean + 2.0 * px * (1.0 - residuals.len() as f64 / points.len().max(1) as f64 * 2.0).max(0.0)) / px
    };
    let mut choice = (Model::Shift, error(Model::Shift));
    for model in [Model::Similarity, Model::Affine] {
        let e = error(model);
        // Five per cent and a fiftieth of a pixel: less is within the noise of a few dozen points.
        if e < 0.95 * choice.1 - 0.02 {
            choice = (model, e);
        }
    }
    let model = choice.0;
    let all = fit(points.iter(), model, found, 2.0 * px).unwrap_or(*found);
    let half = |odd: bool| fit(points.iter().filter(|p| p.odd == odd), model, &all, 2.0 * px);
    let split = match (half(true), half(false)) {
        (Some(a), Some(b)) => points.iter().map(|p| a.apply(p.after).distance(b.apply(p.after))).fold(0.0, f64::max),
        _ => before.longest_side() as f64,
    };
    (model, all, split)
}

/// Distances of the odd tiles' tie points from a model fitted to the even ones, px of *before*.
fn held_out(points: &[TiePoint], model: Model, found: &Transform, px: f64) -> Vec<f64> {
    let Some(even) = fit(points.iter().filter(|p| !p.odd), model, found, 2.0 * px) else { return Vec::new() };
    points.iter().filter(|p| p.odd).map(|p| even.apply(p.after).distance(p.before)).collect()
}

/// Share of a 4 × 4 division of the tiles in which some tie point agrees, of the parts that have tiles.
fn coverage(surfaces: &Surfaces, points: &[TiePoint], transform: &Transform, reach: f64) -> f64 {
    let (sx, sy) = surfaces.factor;
    let rows = surfaces.cell.iter().map(|c| c.0).max().unwrap_or(0) + 1;
    let columns = surfaces.cell.iter().map(|c| c.1).max().unwrap_or(0) + 1;
    let part = |cell: (usize, usize)| (cell.0 * 4 / rows) * 4 + cell.1 * 4 / columns;
    let (mut seen, mut agreed) = ([false; 16], [false; 16]);
    for (cell, centre) in surfaces.cell.iter().zip(&surfaces.centre) {
        seen[part(*cell)] = true;
        let here = Point::new(centre.x / sx, centre.y / sy);
        let good = |p: &TiePoint| p.before.distance(here) < 0.5 && transform.apply(p.after).distance(p.before) <= reach;
        agreed[part(*cell)] |= points.iter().any(good);
    }
    let count = |flags: [bool; 16]| flags.into_iter().filter(|f| *f).count() as f64;
    count(agreed) / count(seen).max(1.0)
}

fn quantile(values: &[f64], q: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    Some(sorted[(last as f64 * q).round() as usize])
}

/// What the verdict rests on.
#[derive(Debug)]
struct Evidence {
    strength: f64,
    tail: f64,
    overlap: f64,
    coverage: f64,
    split_px: f64,
    shape: (f64, f64),
}

impl Evidence {
    /// Every statistic has to agree before an answer passes; any that speaks clearly against it is enough to refuse.
    fn verdict(&self) -> (Status, Vec<String>) {
        let mut against = Vec::new();
        if self.strength < WARN_STRENGTH || self.tail < WARN_TAIL {
            against.push("The two images do not seem to show the same place: too few details agree. Check that both show the same yard; crop them to it.".to_owned());
        }
        if self.overlap < LEAST_OVERLAP {
            against.push(format!("Only {:.0} % of the older image lies inside the newer one; at least 25 % are needed. Use images that show the same part of the yard.", 100.0 * self.overlap));
        }
        if !SCALE.contains(&self.shape.0) || self.shape.1 > STRETCH {
            against.push(
                "The best match would need a distortion that no camera makes; the images probably show different places."
                    .to_owned(),
            );
        }
        if !against.is_empty() {
            return (Status::Fail, against);
        }
        let mut doubts = Vec::new();
        if self.strength < PASS_STRENGTH || self.tail < PASS_TAIL {
            doubts.push(
                "The match is weaker than in a typical pair of one place; look at the swipe before relying on the comparison."
                    .to_owned(),
            );
        }
        if self.coverage < PASS_COVERAGE {
            doubts.push(format!(
                "Details agree in {:.0} % of the common area only; the rest is not confirmed.",
                100.0 * self.coverage
            ));
        }
        if self.split_px > PASS_SPLIT_PX {
            doubts.push(format!("Two halves of the tie points disagree by up to {:.1} pixels.", self.split_px));
        }
        if doubts.is_empty() {
            (Status::Pass, vec!["Tie points that were held out confirm the alignment.".to_owned()])
        } else {
            (Status::Warn, doubts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binomial_tail_is_the_plain_sum() {
        assert!((tail(1, 1, 0.5) - std::f64::consts::LOG10_2).abs() < 1e-4);
        assert!((tail(2, 3, 0.5) - std::f64::consts::LOG10_2).abs() < 1e-4);
        assert_eq!(tail(0, 9, 0.1), 0.0);
        assert!(tail(20, 20, 0.1) > 19.9);
    }
}
