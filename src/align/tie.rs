//! Tie points, one a tile, and transforms fitted to them robustly.

use super::Model;
use super::surfaces::Surfaces;
use crate::geometry::{Point, Transform};

/// A place of *before* and where it was found in *after*, both in full-size pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct TiePoint {
    pub before: Point,
    pub after: Point,
    /// How clearly the tile's peak stands out, 0 to about 1.
    pub weight: f64,
    /// Colour of the tile's field on a checkerboard: fits use one, checks the other.
    pub odd: bool,
}

/// The peak of every tile's surface, to a fraction of a pixel; tiles whose peak lies on the rim give none.
pub(super) fn tie_points(surfaces: &Surfaces, after_to_before: &Transform) -> Vec<TiePoint> {
    let Some(before_to_after) = after_to_before.inverse() else { return Vec::new() };
    let (sx, sy) = surfaces.factor;
    let side = 2 * surfaces.reach + 1;
    let mut points = Vec::with_capacity(surfaces.len());
    for tile in 0..surfaces.len() {
        let z = surfaces.surface(tile);
        let best = (0..z.len()).max_by(|&a, &b| z[a].total_cmp(&z[b])).unwrap_or(0);
        let (y, x) = (best / side, best % side);
        if x == 0 || y == 0 || x + 1 == side || y + 1 == side || z[best] <= 0.0 {
            continue;
        }
        let dx = x as f64 - surfaces.reach as f64 + vertex(z[best - 1], z[best], z[best + 1]);
        let dy = y as f64 - surfaces.reach as f64 + vertex(z[best - side], z[best], z[best + side]);
        let second =
            (0..z.len()).filter(|&i| (i / side).abs_diff(y).max((i % side).abs_diff(x)) > 3).map(|i| z[i]).fold(0.0, f32::max);
        let centre = surfaces.centre[tile];
        let full = |p: Point| Point::new(p.x / sx, p.y / sy);
        points.push(TiePoint {
            before: full(centre),
            after: before_to_after.apply(full(Point::new(centre.x + dx, centre.y + dy))),
            weight: f64::from((z[best] - second) / z[best]) + 0.02,
            odd: (surfaces.cell[tile].0 + surfaces.cell[tile].1) % 2 == 1,
        });
    }
    points
}

/// Offset of a parabola's top through three samples, −0.5 to 0.5.
fn vertex(left: f32, middle: f32, right: f32) -> f64 {
    let bend = left - 2.0 * middle + right;
    if bend < -1e-6 { f64::from(0.5 * (left - right) / bend).clamp(-0.5, 0.5) } else { 0.0 }
}

/// Rounds of reweighting, and the reach of the weights as a multiple of the tolerance that shrinks with them.
const ROUNDS: usize = 12;
const REACH: f64 = 2.5;

/// Fits `model` from *after* to *before* with Tukey weights, starting from `start` and from a tolerance of `tolerance_px`,
/// which narrows to a third. `None` with too few points.
pub(super) fn fit<'a>(
    points: impl Iterator<Item = &'a TiePoint> + Clone,
    model: Model,
    start: &Transform,
    tolerance_px: f64,
) -> Option<Transform> {
    let mut current = *start;
    let mut tolerance = tolerance_px;
    for _ in 0..ROUNDS {
        let weighted: Vec<(TiePoint, f64)> = points
            .clone()
            .map(|p| {
                let u = current.apply(p.after).distance(p.before) / (REACH * tolerance);
                (*p, if u < 1.0 { p.weight * (1.0 - u * u) * (1.0 - u * u) } else { 0.0 })
            })
            .filter(|(_, w)| *w > 1e-6)
            .collect();
        if weighted.len() < 4 {
            return None;
        }
        current = solve(&weighted, model)?;
        tolerance = (0.85 * tolerance).max(tolerance_px / 3.0);
    }
    Some(current)
}

/// Weighted least squares, coordinates taken from their means.
fn solve(points: &[(TiePoint, f64)], model: Model) -> Option<Transform> {
    let total: f64 = points.iter().map(|p| p.1).sum();
    let mean = |pick: fn(&TiePoint) -> Point| {
        let sum = points.iter().fold((0.0, 0.0), |s, (p, w)| (s.0 + w * pick(p).x, s.1 + w * pick(p).y));
        Point::new(sum.0 / total, sum.1 / total)
    };
    let (from, to) = (mean(|p| p.after), mean(|p| p.before));
    let centred = |p: &TiePoint| (p.after.x - from.x, p.after.y - from.y, p.before.x - to.x, p.before.y - to.y);
    let [[a, b], [c, d]] = match model {
        Model::Shift => [[1.0, 0.0], [0.0, 1.0]],
        Model::Similarity => {
            let (mut dot, mut cross, mut size) = (0.0, 0.0, 0.0);
            for (p, w) in points {
                let (x, y, u, v) = centred(p);
                dot += w * (x * u + y * v);
                cross += w * (x * v - y * u);
                size += w * (x * x + y * y);
            }
            (size > 0.0).then_some([[dot / size, -cross / size], [cross / size, dot / size]])?
        }
        Model::Affine | Model::Projective => {
            let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
            let (mut xu, mut yu, mut xv, mut yv) = (0.0, 0.0, 0.0, 0.0);
            for (p, w) in points {
                let (x, y, u, v) = centred(p);
                xx += w * x * x;
                xy += w * x * y;
                yy += w * y * y;
                xu += w * x * u;
                yu += w * y * u;
                xv += w * x * v;
                yv += w * y * v;
            }
            let det = xx * yy - xy * xy;
            (det > 1e-9 * xx * yy).then_some([
                [(xu * yy - yu * xy) / det, (yu * xx - xu * xy) / det],
                [(xv * yy - yv * xy) / det, (yv * xx - xv * xy) / det],
            ])?
        }
    };
    Some(Transform([[a, b, to.x - a * from.x - b * from.y], [c, d, to.y - c * from.x - d * from.y], [0.0, 0.0, 1.0]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(t: &Transform, outlier: f64) -> Vec<TiePoint> {
        (0..36)
            .map(|i| {
                let after = Point::new(f64::from(i % 6) * 50.0, f64::from(i / 6) * 40.0);
                let mut before = t.apply(after);
                if i % 5 == 0 {
                    before.x += outlier;
                }
                TiePoint { before, after, weight: 1.0, odd: i % 2 == 0 }
            })
            .collect()
    }

    #[test]
    fn every_model_finds_its_own_transform_among_outliers() {
        for (model, truth) in [
            (Model::Shift, Transform::similarity(1.0, 0.0, 3.0, -2.0)),
            (Model::Similarity, Transform::similarity(1.02, 0.02, 3.0, -2.0)),
            (Model::Affine, Transform([[1.01, 0.02, 1.0], [-0.01, 0.98, 2.0], [0.0, 0.0, 1.0]])),
        ] {
            let points = grid(&truth, 25.0);
            let got =
                fit(points.iter(), model, &truth.then(&Transform::similarity(1.0, 0.0, 0.7, 0.4)), 2.0).expect("enough points");
            let p = Point::new(123.0, 77.0);
            assert!(got.apply(p).distance(truth.apply(p)) < 1e-6, "{model:?}");
        }
    }

    #[test]
    fn the_vertex_lies_toward_the_higher_neighbour() {
        assert!(vertex(0.0, 1.0, 0.5) > 0.0);
        assert_eq!(vertex(0.5, 1.0, 0.5), 0.0);
        assert_eq!(vertex(1.0, 1.0, 1.0), 0.0);
    }
}
