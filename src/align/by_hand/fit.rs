//! Transforms through pairs of points, by least squares.
//!
//! Both sets of points are first moved to their middle and scaled to a mean distance of one (Hartley 1997), so that shifts and
//! slopes weigh alike and the normal equations keep their digits.

use super::ControlPoint;
use crate::align::Model;
use crate::geometry::{Point, Transform};

/// The transform of a kind from *after* to *before* that misses the points least; `None` when the points don't determine one.
///
/// A shift is that of the identity. A projective map minimises the error before the division, which for satellite pictures,
/// where the divisor stays near one, is the same to a fraction of the residual.
pub(in crate::align) fn fit(model: Model, points: &[ControlPoint]) -> Option<Transform> {
    let (to_unit_after, _) = unit(points.iter().map(|p| p.after))?;
    let (to_unit_before, from_unit_before) = unit(points.iter().map(|p| p.before))?;
    let mut sums = NormalEquations::new(match model {
        Model::Shift => 2,
        Model::Similarity => 4,
        Model::Affine => 6,
        Model::Projective => 8,
    });
    if model == Model::Shift {
        let n = points.len() as f64;
        let mean = |of: fn(&ControlPoint) -> f64| points.iter().map(of).sum::<f64>() / n;
        return Some(Transform::similarity(1.0, 0.0, mean(|p| p.before.x - p.after.x), mean(|p| p.before.y - p.after.y)));
    }
    for point in points {
        let (p, q) = (to_unit_after.apply(point.after), to_unit_before.apply(point.before));
        let (x, y) = (p.x, p.y);
        match model {
            Model::Shift => {}
            Model::Similarity => {
                sums.add(&[x, -y, 1.0, 0.0], q.x);
                sums.add(&[y, x, 0.0, 1.0], q.y);
            }
            Model::Affine => {
                sums.add(&[x, y, 1.0, 0.0, 0.0, 0.0], q.x);
                sums.add(&[0.0, 0.0, 0.0, x, y, 1.0], q.y);
            }
            Model::Projective => {
                sums.add(&[x, y, 1.0, 0.0, 0.0, 0.0, -x * q.x, -y * q.x], q.x);
                sums.add(&[0.0, 0.0, 0.0, x, y, 1.0, -x * q.y, -y * q.y], q.y);
            }
        }
    }
    let v = sums.solve()?;
    let unit = match model {
        Model::Shift => return None,
        Model::Similarity => Transform([[v[0], -v[1], v[2]], [v[1], v[0], v[3]], [0.0, 0.0, 1.0]]),
        Model::Affine => Transform([[v[0], v[1], v[2]], [v[3], v[4], v[5]], [0.0, 0.0, 1.0]]),
        Model::Projective => Transform([[v[0], v[1], v[2]], [v[3], v[4], v[5]], [v[6], v[7], 1.0]]),
    };
    Some(in_one_scale(to_unit_after.then(&unit).then(&from_unit_before)))
}

/// Standard deviation of points across their main direction as a share of that along it: 0 on a line, 1 when round.
pub(super) fn roundness(points: impl Iterator<Item = Point> + Clone) -> f64 {
    let n = points.clone().count() as f64;
    let (sx, sy) = points.clone().fold((0.0, 0.0), |(x, y), p| (x + p.x, y + p.y));
    let (mx, my) = (sx / n, sy / n);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in points {
        let (dx, dy) = (p.x - mx, p.y - my);
        (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
    }
    let (middle, half) = (0.5 * (xx + yy), libm::hypot(0.5 * (xx - yy), xy));
    if middle + half > 0.0 { ((middle - half).max(0.0) / (middle + half)).sqrt() } else { 0.0 }
}

/// To the middle and a mean distance of one, and back; `None` when all points are one.
fn unit(points: impl Iterator<Item = Point> + Clone) -> Option<(Transform, Transform)> {
    let n = points.clone().count() as f64;
    let (sx, sy) = points.clone().fold((0.0, 0.0), |(x, y), p| (x + p.x, y + p.y));
    let middle = Point::new(sx / n, sy / n);
    let reach = points.map(|p| p.distance(middle)).sum::<f64>() / n;
    let reach = if n > 1.5 { reach } else { 1.0 };
    (reach.is_finite() && reach > 1e-9).then(|| {
        let s = 1.0 / reach;
        let there = Transform::similarity(s, 0.0, -middle.x * s, -middle.y * s);
        (there, Transform::similarity(reach, 0.0, middle.x, middle.y))
    })
}

/// The same map with 1 in the last place.
fn in_one_scale(t: Transform) -> Transform {
    let last = t.0[2][2];
    if last.abs() > 1e-12 { Transform(t.0.map(|row| row.map(|v| v / last))) } else { t }
}

/// Sums of a linear least-squares problem.
struct NormalEquations {
    /// One row a parameter; the last column is the right-hand side.
    rows: Vec<Vec<f64>>,
}

impl NormalEquations {
    fn new(parameters: usize) -> Self {
        Self { rows: vec![vec![0.0; parameters + 1]; parameters] }
    }

    fn add(&mut self, factors: &[f64], value: f64) {
        for (row, f) in self.rows.iter_mut().zip(factors) {
            for (sum, g) in row.iter_mut().zip(factors.iter().chain([&value])) {
                *sum += f * g;
            }
        }
    }

    /// By Gauss elimination with pivots; `None` when a parameter is left open.
    fn solve(mut self) -> Option<Vec<f64>> {
        /// Below this share of the number of points a direction was not measured: on unit coordinates, points within a ten-thousandth of a line.
        const OPEN: f64 = 1e-8;
        let n = self.rows.len();
        for k in 0..n {
            let pivot = (k..n).max_by(|a, b| self.rows[*a][k].abs().total_cmp(&self.rows[*b][k].abs()))?;
            self.rows.swap(k, pivot);
            if self.rows[k][k].abs() < OPEN {
                return None;
            }
            let (done, below) = self.rows.split_at_mut(k + 1);
            let pivot = &done[k];
            for row in below {
                let factor = row[k] / pivot[k];
                row.iter_mut().zip(pivot).skip(k).for_each(|(v, p)| *v -= factor * p);
            }
        }
        let mut out = vec![0.0; n];
        for k in (0..n).rev() {
            let known: f64 = (k + 1..n).map(|j| self.rows[k][j] * out[j]).sum();
            out[k] = (self.rows[k][n] - known) / self.rows[k][k];
        }
        out.iter().all(|v| v.is_finite()).then_some(out)
    }
}
