//! Places found in both images, and the simplest model that explains those that were held out.
//!
//! At full resolution, tiles that share no pixel are coloured like a checkerboard. The even ones tell the ground from what leans or
//! was moved, and fit a shift, a similarity, an affine and a projective map to it; the odd ones, wherever they have a clear peak of their
//! own that moves with that ground, are the tie points that judge. The simplest model wins that isn't measurably worse on the judges than the next
//! richer one.

use super::ground::Ground;
use super::pooled::{far_field, value_at};
use super::pyramid::Pyramid;
use super::refine::{layout, plausible, settle};
use super::surfaces::{Comparer, Layout, Surfaces};
use super::verify::peak;
use super::{Model, Residual};
use crate::geometry::{Point, Transform};

/// Tile and radius at full resolution. The answer is good to a pixel or two before; a moved car isn't worth a longer look.
const TILE_PX: usize = 48;
/// See [`TILE_PX`].
const RADIUS_PX: usize = 6;

/// A simpler model that would move a corner farther than this can't have been what the pooled search found, px of *before*.
const FARTHEST_PX: f64 = 4.0;

/// One place in both images.
#[derive(Debug, Clone, Copy)]
pub(super) struct TiePoint {
    /// In *before*.
    pub before: Point,
    /// In *after*.
    pub after: Point,
}

/// A model, fitted and judged.
#[derive(Debug, Clone)]
pub(super) struct Fitted {
    /// Kind of transform.
    pub model: Model,
    /// *after* to *before*.
    pub transform: Transform,
    /// On tie points that had no part in the fit.
    pub residual: Residual,
    /// The tie points that judged it.
    pub judges: Vec<super::TiePoint>,
    /// Places that would have judged but moved otherwise than the ground.
    pub left_out: usize,
}

/// The simplest adequate model, from a transform that is right to a few pixels.
pub(super) fn fit(comparer: &mut Comparer, before: &Pyramid<'_>, after: &Pyramid<'_>, rough: &Transform) -> Option<Fitted> {
    // Where `after` is the coarser, its own pixels bound what can be seen.
    let side = before.longest_side() / rough.scale_at(after.centre()).max(1.0);
    let at = layout(before, side, TILE_PX, RADIUS_PX, 1.0);
    // The odd tiles have no part in the fit and aren't looked at for it.
    let even = Layout { even_only: true, ..at };
    let first = settle(comparer, before, after, rough, even, Model::Affine, |_| true)?;
    let surfaces = comparer.surfaces(before, after, &first, at)?;
    let ground = Ground::of(&tie_points(&surfaces, &first, |odd| !odd)?);
    let on_ground = |p: &TiePoint| ground.as_ref().is_none_or(|g| g.has(p));
    let grounded = |point: Option<TiePoint>| point.as_ref().is_none_or(on_ground);
    let affine = settle(comparer, before, after, &first, even, Model::Affine, grounded)?;
    let seen = tie_points(&surfaces, &first, |odd| odd)?;
    let points: Vec<TiePoint> = seen.iter().filter(|p| on_ground(p)).copied().collect();
    let simpler = [(Model::Shift, as_shift(&affine, after)), (Model::Similarity, as_similarity(&affine, after))];
    let mut models: Vec<(Model, Transform)> = simpler
        .into_iter()
        .filter(|(_, t)| after.corners().iter().all(|c| t.apply(*c).distance(affine.apply(*c)) <= FARTHEST_PX))
        .filter_map(|(m, t)| Some((m, settle(comparer, before, after, &t, even, m, grounded)?)))
        .collect();
    models.push((Model::Affine, affine));
    let projective = ground.as_ref().filter(|g| g.model == Model::Projective && plausible(&g.map, after.centre()));
    models.extend(projective.map(|g| (Model::Projective, g.map)));
    let (model, transform) = simplest(&models, &points);
    let (residual, judges) = (residual(&transform, &points), judges(&transform, &points));
    Some(Fitted { model, transform, residual, judges, left_out: seen.len() - points.len() })
}

/// The first model that no richer one beats by more than the noise of the comparison.
fn simplest(models: &[(Model, Transform)], points: &[TiePoint]) -> (Model, Transform) {
    /// Beyond this a tie point says "not here", whichever the model, px of *before*.
    const CAP_PX: f64 = 3.0;
    /// A gain below this isn't worth a parameter, px² of *before*: a twentieth of a pixel is what a tie point can be measured to.
    const LEAST_GAIN: f64 = 0.05 * 0.05;
    let loss = |t: &Transform, p: &TiePoint| {
        let miss_px = t.apply(p.after).distance(p.before).min(CAP_PX);
        miss_px * miss_px
    };
    let beaten = |simple: &Transform, rich: &Transform| {
        let gains: Vec<f64> = points.iter().map(|p| loss(simple, p) - loss(rich, p)).collect();
        let n = gains.len() as f64;
        let mean = gains.iter().sum::<f64>() / n;
        let variance = gains.iter().map(|g| (g - mean) * (g - mean)).sum::<f64>() / (n - 1.0).max(1.0);
        mean > (variance / n).sqrt() + LEAST_GAIN
    };
    let adequate = models.iter().enumerate().find(|(i, (_, t))| models[i + 1..].iter().all(|(_, rich)| !beaten(t, rich)));
    adequate.map_or(models[models.len() - 1], |(_, m)| *m)
}

/// The clear peaks of tiles of one colour.
fn tie_points(surfaces: &Surfaces, transform: &Transform, chosen: impl Fn(bool) -> bool) -> Option<Vec<TiePoint>> {
    let back = transform.inverse()?;
    Some((0..surfaces.len()).filter(|t| chosen(surfaces.odd[*t])).filter_map(|t| tie_point(surfaces, &back, t)).collect())
}

/// The clear peak of a tile; `back` takes *before* to *after* as the surfaces were cut.
pub(super) fn tie_point(surfaces: &Surfaces, back: &Transform, tile: usize) -> Option<TiePoint> {
    let zoom = surfaces.layout.zoom;
    let (dx, dy) = clear_peak(surfaces.of(tile), surfaces.layout.radius_px)?;
    let c = surfaces.centres[tile];
    let before = Point::new(c.x / zoom, c.y / zoom);
    Some(TiePoint { before, after: back.apply(Point::new((c.x + dx) / zoom, (c.y + dy) / zoom)) })
}

/// A peak inside the rim that stands out and falls off in every direction; to a fraction of a pixel.
pub(super) fn clear_peak(surface: &[f32], radius: usize) -> Option<(f64, f64)> {
    /// In standard deviations of the far field: chance alone reaches 3 on a surface of 13 × 13.
    const STANDS_OUT: f32 = 4.5;
    /// The fall over two pixels in the flattest direction, as a share of the height: less is a track that may slide along itself.
    const LEAST_FALL: f32 = 0.15;
    let (x, y) = peak(surface, radius);
    let limit = radius as f64 - 1.0;
    if x.abs() > limit || y.abs() > limit {
        return None;
    }
    let (mean, deviation) = far_field(surface, radius, x, y);
    let at = |i: f64, j: f64| {
        value_at(surface, radius, (x + i).clamp(-limit - 1.0, limit + 1.0), (y + j).clamp(-limit - 1.0, limit + 1.0))
    };
    let height = at(0.0, 0.0) - mean;
    let around = [(2.0, 0.0), (-2.0, 0.0), (0.0, 2.0), (0.0, -2.0), (1.5, 1.5), (-1.5, -1.5), (1.5, -1.5), (-1.5, 1.5)];
    let fall = around.iter().map(|(i, j)| at(0.0, 0.0) - at(*i, *j)).fold(f32::MAX, f32::min);
    if height < STANDS_OUT * deviation || fall < LEAST_FALL * height {
        return None;
    }
    let vertex = |low: f32, top: f32, high: f32| {
        let bend = low - 2.0 * top + high;
        if bend < 0.0 { f64::from((0.5 * (low - high) / bend).clamp(-0.5, 0.5)) } else { 0.0 }
    };
    let top = at(0.0, 0.0);
    Some((x + vertex(at(-1.0, 0.0), top, at(1.0, 0.0)), y + vertex(at(0.0, -1.0), top, at(0.0, 1.0))))
}

fn residual(transform: &Transform, points: &[TiePoint]) -> Residual {
    let mut distances: Vec<f64> = points.iter().map(|p| transform.apply(p.after).distance(p.before)).collect();
    distances.sort_by(f64::total_cmp);
    let rank = |share: f64| {
        let last = distances.len().checked_sub(1)?;
        distances.get((share * last as f64) as usize).copied()
    };
    Residual { median: rank(0.5), p95: rank(0.95), held_out: true, points: distances.len() }
}

/// Tie points with their residuals, evenly thinned where there are too many.
fn judges(transform: &Transform, points: &[TiePoint]) -> Vec<super::TiePoint> {
    let step = points.len().div_ceil(super::TIE_POINTS_MAX).max(1);
    let judge = |p: &TiePoint| super::TiePoint {
        before: p.before,
        after: p.after,
        residual_px: Some(transform.apply(p.after).distance(p.before)),
    };
    points.iter().step_by(step).map(judge).collect()
}

/// The shift that agrees at the middle of *after*.
fn as_shift(t: &Transform, after: &Pyramid<'_>) -> Transform {
    let (c, p) = (after.centre(), t.apply(after.centre()));
    Transform::similarity(1.0, 0.0, p.x - c.x, p.y - c.y)
}

/// The similarity nearest to an affine map in the least squares of its linear part, agreeing at the middle of *after*.
fn as_similarity(t: &Transform, after: &Pyramid<'_>) -> Transform {
    let m = &t.0;
    let (a, b) = (0.5 * (m[0][0] + m[1][1]), 0.5 * (m[1][0] - m[0][1]));
    let (c, p) = (after.centre(), t.apply(after.centre()));
    Transform([[a, -b, p.x - a * c.x + b * c.y], [b, a, p.y - b * c.x - a * c.y], [0.0, 0.0, 1.0]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(noise: f64, truth: &Transform) -> Vec<TiePoint> {
        let wave = |i: usize, k: f64| noise * libm::sin(i as f64 * k);
        (0..40)
            .map(|i| {
                let after = Point::new(60.0 * (i % 8) as f64, 70.0 * (i / 8) as f64);
                let p = truth.apply(after);
                TiePoint { after, before: Point::new(p.x + wave(i, 12.9), p.y + wave(i, 78.2)) }
            })
            .collect()
    }

    #[test]
    fn a_turn_needs_a_similarity_and_a_shift_does_not() {
        let (shift, turned) = (Transform::similarity(1.0, 0.0, 3.0, 2.0), Transform::similarity(1.01, 0.01, 3.0, 2.0));
        let models = [(Model::Shift, shift), (Model::Similarity, turned)];
        assert_eq!(simplest(&models, &points(0.2, &turned)).0, Model::Similarity);
        assert_eq!(simplest(&models, &points(0.2, &shift)).0, Model::Shift);
    }

    #[test]
    fn peaks_at_the_rim_and_ridges_are_no_tie_points() {
        let drawn = |f: &dyn Fn(f64, f64) -> f64| -> Vec<f32> {
            (0..169).map(|i| f((i % 13) as f64 - 6.0, (i / 13) as f64 - 6.0) as f32).collect()
        };
        let bump = |cx: f64, cy: f64| move |x: f64, y: f64| 9.0 * libm::exp(-((x - cx) * (x - cx) + (y - cy) * (y - cy)) / 5.0);
        let (x, y) = clear_peak(&drawn(&bump(1.3, -2.0)), 6).expect("a clear peak");
        assert!((x - 1.3).abs() < 0.1 && (y + 2.0).abs() < 0.1);
        assert!(clear_peak(&drawn(&bump(6.0, 0.0)), 6).is_none());
        assert!(clear_peak(&drawn(&|x, y| 9.0 * libm::exp(-(x - y) * (x - y) / 5.0)), 6).is_none());
    }
}
