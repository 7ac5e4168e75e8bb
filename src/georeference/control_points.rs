//! Scattered ground control points: one affine transform that comes nearest to all of them.

use crate::geometry::{Point, Transform};

/// A fit and how well it holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fit {
    pub transform: Transform,
    /// Points it was fitted to.
    pub points: usize,
    /// How far the points lie from it, in pixels: half of them less, and the farthest. `None` with three points, which any transform fits.
    pub residual_px: Option<(f64, f64)>,
}

/// A pixel, and the map coordinates it lies at.
pub(super) type Tied = (Point, [f64; 2]);

/// Fits pixels to map coordinates by least squares; `None` for fewer than three points or points on a line.
pub(super) fn fit(points: &[Tied]) -> Option<Fit> {
    let n = points.len() as f64;
    if points.len() < 3 || points.iter().any(|(p, m)| ![p.x, p.y, m[0], m[1]].iter().all(|v| v.is_finite())) {
        return None;
    }
    let mean = |f: &dyn Fn(&Tied) -> f64| points.iter().map(f).sum::<f64>() / n;
    let (u0, v0) = (mean(&|p| p.0.x), mean(&|p| p.0.y));
    let (x0, y0) = (mean(&|p| p.1[0]), mean(&|p| p.1[1]));
    let sum = |f: &dyn Fn(f64, f64, f64, f64) -> f64| {
        points.iter().map(|(p, m)| f(p.x - u0, p.y - v0, m[0] - x0, m[1] - y0)).sum::<f64>()
    };
    let (uu, uv, vv) = (sum(&|u, _, _, _| u * u), sum(&|u, v, _, _| u * v), sum(&|_, v, _, _| v * v));
    let det = uu * vv - uv * uv;
    if det <= 1e-9 * uu * vv || !det.is_finite() {
        return None;
    }
    let solve = |us: f64, vs: f64| ((us * vv - vs * uv) / det, (vs * uu - us * uv) / det);
    let (a, b) = solve(sum(&|u, _, x, _| u * x), sum(&|_, v, x, _| v * x));
    let (d, e) = solve(sum(&|u, _, _, y| u * y), sum(&|_, v, _, y| v * y));
    let transform = Transform([[a, b, x0 - a * u0 - b * v0], [d, e, y0 - d * u0 - e * v0], [0.0, 0.0, 1.0]]);
    let back = transform.inverse()?;
    let mut off: Vec<f64> = points.iter().map(|(p, m)| back.apply(Point::new(m[0], m[1])).distance(*p)).collect();
    off.sort_by(f64::total_cmp);
    let residual_px = (points.len() > 3).then(|| (off[off.len() / 2], off[off.len() - 1]));
    Some(Fit { transform, points: points.len(), residual_px })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_an_affine_map_leave_nothing_and_a_stray_one_is_seen() {
        let truth = Transform([[0.5, 0.1, 600_000.0], [0.1, -0.5, 4_700_000.0], [0.0, 0.0, 1.0]]);
        let place = |x: f64, y: f64| (Point::new(x, y), [truth.apply(Point::new(x, y)).x, truth.apply(Point::new(x, y)).y]);
        let mut points = vec![place(0.0, 0.0), place(900.0, 10.0), place(20.0, 800.0)];
        assert_eq!(fit(&points).expect("a fit").residual_px, None);
        points.push(place(850.0, 790.0));
        let found = fit(&points).expect("a fit");
        assert!(found.residual_px.expect("a residual").1 < 1e-6);
        assert!(found.transform.apply(Point::new(400.0, 300.0)).distance(truth.apply(Point::new(400.0, 300.0))) < 1e-6);
        points[3].1[0] += 20.0;
        assert!(fit(&points).expect("a fit").residual_px.expect("a residual").1 > 5.0);
    }

    #[test]
    fn points_on_a_line_tie_nothing() {
        let line: Vec<_> = (0..5).map(|k| (Point::new(f64::from(k), f64::from(k)), [f64::from(k), 0.0])).collect();
        assert_eq!(fit(&line), None);
        assert_eq!(fit(&line[..2]), None);
    }
}
