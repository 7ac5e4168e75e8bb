//! How two georeferenced images lie over each other, if both are believed.

use super::Georeference;
use crate::geometry::{Point, Transform};

/// Points along each side of *after* that are carried over. The map from pixels to pixels by way of two projections is smooth, and
/// over a scene of some kilometres an affine one describes it to a small part of a pixel; a few points a side make that an average.
const POINTS_A_SIDE: usize = 5;

/// The affine transform from pixels of `after` to pixels of `before` that their georeferences imply; `None` when one of them is
/// unplaced or both lie on different parts of the Earth.
///
/// Where to begin a search, not an alignment: absolute positions are off by up to some tens of pixels.
pub fn after_to_before(before: &Georeference, after: &Georeference, after_size_px: (usize, usize)) -> Option<Transform> {
    let (width, height) = (after_size_px.0 as f64, after_size_px.1 as f64);
    let (half_width, half_height) = (width / 2.0, height / 2.0);
    let shares = || (0..POINTS_A_SIDE).map(|k| 2.0 * k as f64 / (POINTS_A_SIDE - 1) as f64 - 1.0);
    let mut sums = Sums::default();
    for v in shares() {
        for u in shares() {
            let there = Point::new(half_width + u * half_width, half_height + v * half_height);
            sums.add(u, v, before.to_pixel(after.to_lonlat(there)?)?);
        }
    }
    let [x, y] = sums.solve();
    let row = |c: [f64; 3]| {
        let (a, b) = (c[1] / half_width, c[2] / half_height);
        [a, b, c[0] - a * half_width - b * half_height]
    };
    let transform = Transform([row(x), row(y), [0.0, 0.0, 1.0]]);
    transform.inverse().map(|_| transform)
}

/// Sums of a least-squares fit. On a symmetric grid of (u, v) the three unknowns of each coordinate don't mix.
#[derive(Default)]
struct Sums {
    points: f64,
    uu: f64,
    vv: f64,
    plain: [f64; 2],
    by_u: [f64; 2],
    by_v: [f64; 2],
}

impl Sums {
    fn add(&mut self, u: f64, v: f64, p: Point) {
        self.points += 1.0;
        self.uu += u * u;
        self.vv += v * v;
        for (k, value) in [p.x, p.y].into_iter().enumerate() {
            self.plain[k] += value;
            self.by_u[k] += u * value;
            self.by_v[k] += v * value;
        }
    }

    /// (constant, along u, along v) of both coordinates.
    fn solve(&self) -> [[f64; 3]; 2] {
        [0, 1].map(|k| [self.plain[k] / self.points, self.by_u[k] / self.uu, self.by_v[k] / self.vv])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::georeference::Placement;
    use crate::georeference::datum::WORLD;
    use crate::georeference::definition::{Definition, Method};
    use crate::georeference::projection::Projection;

    fn placed(to_map: Transform, projection: Projection) -> Georeference {
        let from_map = to_map.inverse().expect("it has extent");
        Georeference { placement: Some(Placement { to_map, from_map, projection }), ..Georeference::default() }
    }

    fn geographic() -> Projection {
        Definition::new(Method::Geographic, WORLD, 0.0, 0.0).projection().expect("it makes a map")
    }

    #[test]
    fn two_grids_in_degrees() {
        let degrees = |lon: f64, lat: f64, size: f64| {
            placed(Transform([[size, 0.0, lon], [0.0, -size, lat], [0.0, 0.0, 1.0]]), geographic())
        };
        let (before, after) = (degrees(7.0, 47.0, 1e-5), degrees(7.001, 46.999, 2e-5));
        let found = after_to_before(&before, &after, (300, 200)).expect("both are placed");
        let expected = Point::new(100.0 + 2.0 * 40.0, 100.0 + 2.0 * 30.0);
        assert!(found.apply(Point::new(40.0, 30.0)).distance(expected) < 1e-6, "{found:?}");
        assert!(after_to_before(&before, &Georeference::default(), (300, 200)).is_none());
    }
}
