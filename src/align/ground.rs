//! Which tie points lie on the ground.
//!
//! Between two views roofs and crowns lean, and what was moved or rebuilt lies elsewhere. The ground is the plane that most tie points agree on:
//! maps through three points each are tried, the best is fitted anew to those that follow it, and what follows it no farther than chance is ground.
//! It is asked of the points that fit; those that judge are only held against it.

use super::Model;
use super::by_hand::{ControlPoint, fit};
use super::tie_points::TiePoint;
use crate::geometry::Transform;
use crate::random::Random;

/// The plane that most tie points agree on.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    /// *after* to *before*.
    pub map: Transform,
    /// Affine, or projective where there are points enough.
    pub model: Model,
    /// What moved farther from it is no ground, px of *before*.
    bound_px: f64,
}

impl Ground {
    /// Of tie points; `None` where there are too few to outvote a roof.
    pub fn of(points: &[TiePoint]) -> Option<Self> {
        /// Twice and more what determines an affine map.
        const LEAST_POINTS: usize = 8;
        /// Three times what determines a projective map.
        const PROJECTIVE_POINTS: usize = 24;
        /// With normal errors one point in fifty lies farther off than this many medians.
        const STRAY: f64 = 2.3;
        /// A median below this is luck: a tie point can't be measured to better than a few hundredths of a pixel.
        const LEAST_MEDIAN_PX: f64 = 0.15;
        const ROUNDS: usize = 6;
        if points.len() < LEAST_POINTS {
            return None;
        }
        let model = if points.len() < PROJECTIVE_POINTS { Model::Affine } else { Model::Projective };
        let all: Vec<ControlPoint> = points.iter().map(|p| ControlPoint { before: p.before, after: p.after }).collect();
        let mut ground = Self { map: most_agreed(&all)?, model: Model::Affine, bound_px: 0.0 };
        for _ in 0..ROUNDS {
            let mut misses_px: Vec<f64> = all.iter().map(|p| ground.map.apply(p.after).distance(p.before)).collect();
            misses_px.sort_by(f64::total_cmp);
            ground.bound_px = STRAY * misses_px[misses_px.len() / 2].max(LEAST_MEDIAN_PX);
            let kept: Vec<ControlPoint> = points.iter().zip(&all).filter(|(p, _)| ground.has(p)).map(|(_, p)| *p).collect();
            ground = Self { map: fit::fit(model, &kept)?, model, ..ground };
        }
        Some(ground)
    }

    /// Does a tie point move with the ground?
    pub fn has(&self, point: &TiePoint) -> bool {
        self.map.apply(point.after).distance(point.before) <= self.bound_px
    }
}

/// The affine map through three of the points that most others follow.
fn most_agreed(points: &[ControlPoint]) -> Option<Transform> {
    /// With half of the points on the ground, one draw in eight is all ground: none in 200 has a chance of 10⁻¹².
    const DRAWS: usize = 200;
    /// A point this far off follows half, px of *before*: more than a peak errs, less than a roof leans.
    const HALF_PX: f64 = 0.5;
    let mut random = Random::new(0x6A0D);
    let follows = |map: &Transform, p: &ControlPoint| {
        let miss = map.apply(p.after).distance(p.before) / HALF_PX;
        1.0 / (1.0 + miss * miss)
    };
    let draws = (0..DRAWS).filter_map(|_| {
        let three = [0; 3].map(|_| points[random.below(points.len())]);
        let map = fit::fit(Model::Affine, &three)?;
        Some((points.iter().map(|p| follows(&map, p)).sum::<f64>(), map))
    });
    draws.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, map)| map)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;

    /// 48 places, off by waves of `noise` px.
    fn places(noise: f64, truth: &Transform) -> Vec<TiePoint> {
        let wave = |i: usize, k: f64| noise * libm::sin(i as f64 * k);
        let place = |i: usize| {
            let after = Point::new(60.0 * (i % 8) as f64, 70.0 * (i / 8) as f64);
            let p = truth.apply(after);
            TiePoint { after, before: Point::new(p.x + wave(i, 12.9), p.y + wave(i, 78.2)) }
        };
        (0..48).map(place).collect()
    }

    /// Two of five are roofs of two heights, leaning one way.
    fn leaning(points: &mut [TiePoint]) -> Vec<bool> {
        let roof = |i: usize| i % 5 < 2;
        for (i, p) in points.iter_mut().enumerate().filter(|(i, _)| roof(*i)) {
            let lean_px = if i % 5 == 0 { 1.4 } else { 3.0 };
            p.before = Point::new(p.before.x + lean_px, p.before.y - 0.5 * lean_px);
        }
        (0..points.len()).map(roof).collect()
    }

    #[test]
    fn roofs_that_lean_are_told_from_the_ground_one_by_one() {
        let tilted = Transform([[1.0, 0.01, 3.0], [0.0, 0.99, 2.0], [2e-5, -1e-5, 1.0]]);
        let mut seen = places(0.1, &tilted);
        let roofs = leaning(&mut seen);
        let ground = Ground::of(&seen).expect("enough points");
        assert!(seen.iter().zip(&roofs).all(|(p, roof)| ground.has(p) != *roof));
        let corner = Point::new(480.0, 350.0);
        assert_eq!(ground.model, Model::Projective);
        assert!(ground.map.apply(corner).distance(tilted.apply(corner)) < 0.3, "{:?}", ground.map.apply(corner));
    }

    #[test]
    fn few_points_make_an_affine_ground_and_fewer_none() {
        let turned = Transform::similarity(1.01, 0.01, 3.0, 2.0);
        let seen = places(0.1, &turned);
        assert_eq!(Ground::of(&seen[..20]).map(|g| g.model), Some(Model::Affine));
        assert!(Ground::of(&seen[..7]).is_none());
    }
}
