//! Following a ridge, whatever it is a ridge of: the tracer's steps, and the ground that traced lines have taken.

use super::super::frame::line_angle_between;
use crate::geometry::Point;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Step of the tracer, m.
pub(super) const STEP_M: f64 = 2.0;

/// How far ahead a step looks, m: a short car and a gap, so that it steers by cars rather than by a roof's texture.
const LOOK_M: f64 = 18.0;

/// Sharpest curve followed, m. Yards have none below 150 m; the slack lets the tracer recover from a heading a little off.
const MIN_RADIUS_M: f64 = 90.0;

/// Ridges nearer than this to a traced track belong to it, m. Tracks are at least 3.5 m apart.
const CLAIM_M: f64 = 2.2;

/// A ridge that can be followed.
pub(super) trait Ridge {
    /// Longest stretch that shows nothing and is bridged, m.
    const BRIDGE_M: f64;
    /// Line kept beyond the first and the last place that shows something, m.
    const RUN_OUT_M: f64;
    /// What a place outside the image counts as.
    const OUTSIDE: f32;

    /// How strongly a place beside a pose shows a track's middle; `None` outside the image.
    fn strength(&self, pose: Pose, along_m: f64, across_m: f64) -> Option<f32>;

    /// True where a track shows itself under a pose; `None` outside the image.
    fn shows(&self, pose: Pose) -> Option<bool>;

    /// How far to the right of a pose the middle lies, m; 0 where it can't be told.
    fn middle_m(&self, pose: Pose) -> f64;

    /// m a pixel of the image.
    fn gsd_m(&self) -> f64;

    /// Mean strength between two distances along a pose.
    fn mean(&self, pose: Pose, from_m: f64, to_m: f64, across_m: f64) -> f32 {
        let n = ((to_m - from_m) / STEP_M) as usize + 1;
        let sum: f32 = (0..n).map(|k| self.strength(pose, from_m + k as f64 * STEP_M, across_m).unwrap_or(Self::OUTSIDE)).sum();
        sum / n as f32
    }
}

/// A place on a track with its direction.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(in super::super) struct Pose {
    pub at: Point,
    heading_rad: f64,
    /// Sine and cosine of the heading: a pose is asked for dozens of places around it.
    turn: (f64, f64),
}

impl Pose {
    /// A place from which a track leads on in a direction, from +x toward +y.
    pub fn new(at: Point, heading_rad: f64) -> Self {
        Self { at, heading_rad, turn: (libm::sin(heading_rad), libm::cos(heading_rad)) }
    }

    /// From +x toward +y.
    pub fn heading_rad(self) -> f64 {
        self.heading_rad
    }

    /// The same place, the heading turned to the right.
    pub fn turned(self, rad: f64) -> Self {
        Self::new(self.at, self.heading_rad + rad)
    }

    /// `along` metres on and `across` metres to the right of the heading.
    pub fn moved(self, along: f64, across: f64, gsd_m: f64) -> Point {
        let (s, c) = self.turn;
        Point::new(self.at.x + (along * c - across * s) / gsd_m, self.at.y + (along * s + across * c) / gsd_m)
    }

    /// The same heading at a place [`Self::moved`] there.
    pub fn shifted(self, along: f64, across: f64, gsd_m: f64) -> Self {
        Self { at: self.moved(along, across, gsd_m), ..self }
    }
}

/// The whole track through a pose.
pub(super) fn follow_both_ways<R: Ridge>(ridge: &R, start: Pose, claims: &Claims) -> Vec<Point> {
    let turned = start.turned(std::f64::consts::PI);
    let mut line = follow(ridge, turned, claims);
    line.reverse();
    line.push(start.at);
    line.extend(follow(ridge, start, claims));
    smoothed(&line)
}

/// Steps from a pose until nothing has shown itself for too long, the image ends or another track is met.
pub(super) fn follow<R: Ridge>(ridge: &R, start: Pose, claims: &Claims) -> Vec<Point> {
    let mut pose = start;
    let mut line: Vec<Point> = Vec::new();
    let mut last_shown = 0;
    loop {
        let next = step(ridge, pose);
        let Some(shows) = ridge.shows(next) else { break };
        if claims.holds(next, ridge.gsd_m()) {
            break;
        }
        line.push(next.at);
        if shows {
            last_shown = line.len();
        }
        if (line.len() - last_shown) as f64 * STEP_M > R::BRIDGE_M {
            break;
        }
        pose = next;
    }
    line.truncate(last_shown + (R::RUN_OUT_M / STEP_M) as usize);
    line
}

/// One step: the steering that meets most ahead, then a nudge toward the middle of what is beneath.
fn step<R: Ridge>(ridge: &R, pose: Pose) -> Pose {
    let limit = STEP_M / MIN_RADIUS_M;
    let mut best = (f32::MIN, pose);
    for k in [0i32, -1, 1, -2, 2] {
        let turn = limit * 0.5 * f64::from(k);
        let turned = pose.turned(turn);
        let score = ridge.mean(turned, STEP_M, LOOK_M, 0.0) - 0.04 * k.unsigned_abs() as f32;
        if score > best.0 + 1e-6 {
            best = (score, turned);
        }
    }
    let moved = best.1.shifted(STEP_M, 0.0, ridge.gsd_m());
    let across_m = ridge.middle_m(moved).clamp(-0.2, 0.2);
    moved.shifted(0.0, across_m, ridge.gsd_m())
}

/// A seed turned and shifted to where its ridge is strongest.
pub(super) fn aligned<R: Ridge>(ridge: &R, seed: Pose) -> Pose {
    let mut best = (f32::MIN, seed);
    for turn in -8..=8 {
        let turned = seed.turned(f64::from(turn).to_radians());
        for across in [-1.0, -0.5, 0.0, 0.5, 1.0] {
            let score = ridge.mean(turned, -8.0, 8.0, across) - 0.02 * f64::from(turn).abs() as f32;
            if score > best.0 {
                best = (score, turned.shifted(0.0, across, ridge.gsd_m()));
            }
        }
    }
    best.1
}

/// Moving means over 14 m take the tracer's wobble out; the ends keep their place.
fn smoothed(line: &[Point]) -> Vec<Point> {
    let reach = 3;
    (0..line.len())
        .map(|i| {
            let k = reach.min(i).min(line.len() - 1 - i);
            let part = &line[i - k..=i + k];
            let n = part.len() as f64;
            Point::new(part.iter().map(|p| p.x).sum::<f64>() / n, part.iter().map(|p| p.y).sum::<f64>() / n)
        })
        .collect()
}

/// Which places are taken by a track, by squares of 4 m.
#[derive(Default, Serialize, Deserialize)]
pub(in super::super) struct Claims {
    squares: BTreeMap<(i32, i32), Vec<Pose>>,
}

const SQUARE_M: f64 = 4.0;

impl Claims {
    fn square(p: Point, gsd_m: f64) -> (i32, i32) {
        let at = |x: f64| (x * gsd_m / SQUARE_M).floor() as i32;
        (at(p.x), at(p.y))
    }

    pub fn add(&mut self, line: &[Point], gsd_m: f64) {
        for pair in line.windows(2) {
            let heading_rad = libm::atan2(pair[1].y - pair[0].y, pair[1].x - pair[0].x);
            for p in [pair[0], Point::new((pair[0].x + pair[1].x) / 2.0, (pair[0].y + pair[1].y) / 2.0)] {
                self.squares.entry(Self::square(p, gsd_m)).or_default().push(Pose::new(p, heading_rad));
            }
        }
    }

    /// Share of the places of a line on which a track runs.
    pub fn share(&self, places: impl ExactSizeIterator<Item = (Point, f64)>, gsd_m: f64) -> f64 {
        let n = places.len().max(1);
        places.filter(|&(at, heading_rad)| self.holds(Pose::new(at, heading_rad), gsd_m)).count() as f64 / n as f64
    }

    /// True when a track runs within [`CLAIM_M`] in about the same direction.
    pub fn holds(&self, pose: Pose, gsd_m: f64) -> bool {
        let (x, y) = Self::square(pose.at, gsd_m);
        (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (x + dx, y + dy))).any(|key| {
            self.squares.get(&key).is_some_and(|poses| {
                poses.iter().any(|p| {
                    p.at.distance(pose.at) * gsd_m < CLAIM_M && line_angle_between(p.heading_rad, pose.heading_rad) < 0.35
                })
            })
        })
    }
}
