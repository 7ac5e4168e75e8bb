//! Tracks that carry cars, traced along the ridges of the body map.
//!
//! A ridge is followed both ways from its surest point in steps of 2 m, by steering a little left or right, never more than a
//! railway curve allows, over gaps in which nothing stands. Tracks that carry no car leave no ridge and are not found here.

use super::evidence::Views;
use super::frame::line_angle_between;
use crate::geometry::Point;
use std::collections::BTreeMap;

/// Step of the tracer, m.
const STEP_M: f64 = 2.0;

/// How far ahead a step looks, m: a short car and a gap, so that it steers by cars rather than by a roof's texture.
const LOOK_M: f64 = 18.0;

/// Sharpest curve followed, m. Yards have none below 150 m; the slack lets the tracer recover from a heading a little off.
const MIN_RADIUS_M: f64 = 90.0;

/// Longest stretch without any body that is bridged, m: two to three missing cars. Beyond, the heading no longer says where
/// the track goes, and the string after the gap makes a track of its own.
const BRIDGE_M: f64 = 40.0;

/// Ridges nearer than this to a traced track belong to it, m. Tracks are at least 3.5 m apart.
const CLAIM_M: f64 = 2.2;

/// A ridge begins a track where its mean log-odds over [`SEED_REACH_M`] both ways exceed this.
const SEED_LOG_ODDS: f32 = -0.5;

/// Half the length over which a seed's ridge is averaged, m: half a short car.
const SEED_REACH_M: f64 = 5.0;

/// Log-odds are clipped to this before averaging, so that one white roof can't pay for two empty ones.
const CLIP: f32 = 4.0;

/// Track kept beyond the first and the last body, m: room for a car's end and a gap, and for a car the tracer didn't believe in.
const RUN_OUT_M: f64 = 12.0;

/// Shortest track, m.
const SHORTEST_M: f64 = 20.0;

/// A place on a track with its direction.
#[derive(Debug, Clone, Copy)]
struct Pose {
    at: Point,
    heading_rad: f64,
}

impl Pose {
    /// `along` metres on and `across` metres to the right of the heading.
    fn moved(self, along: f64, across: f64, gsd_m: f64) -> Point {
        let (s, c) = (libm::sin(self.heading_rad), libm::cos(self.heading_rad));
        Point::new(self.at.x + (along * c - across * s) / gsd_m, self.at.y + (along * s + across * c) / gsd_m)
    }
}

/// Traces the tracks in an image of `gsd_m` metres a pixel, the surest first.
pub(super) fn trace(views: &Views, gsd_m: f64) -> Vec<Vec<Point>> {
    let tracer = Tracer { views, gsd_m };
    let mut claims = Claims::default();
    let mut tracks = Vec::new();
    for seed in tracer.seeds() {
        if claims.holds(seed, gsd_m) {
            continue;
        }
        let line = tracer.follow_both_ways(tracer.aligned(seed), &claims);
        claims.add(&line, gsd_m);
        if crate::geometry::polyline_length(&line) * gsd_m >= SHORTEST_M {
            tracks.push(line);
        }
    }
    tracks
}

struct Tracer<'a> {
    views: &'a Views,
    gsd_m: f64,
}

impl Tracer<'_> {
    /// Clipped body log-odds on the axis of a would-be car: the mean of three places across it.
    fn body(&self, pose: Pose, along_m: f64, across_m: f64) -> Option<f32> {
        let mut sum = 0.0;
        for side in [-0.7, 0.0, 0.7] {
            let p = pose.moved(along_m, across_m + side, self.gsd_m);
            sum += self.views.read(p, pose.heading_rad)?.body.clamp(-CLIP, CLIP);
        }
        Some(sum / 3.0)
    }

    /// Mean body log-odds between two distances along a pose; what can't be seen counts as nothing.
    fn ridge(&self, pose: Pose, from_m: f64, to_m: f64, across_m: f64) -> f32 {
        let n = ((to_m - from_m) / STEP_M) as usize + 1;
        let sum: f32 = (0..n).map(|k| self.body(pose, from_m + k as f64 * STEP_M, across_m).unwrap_or(-CLIP)).sum();
        sum / n as f32
    }

    /// Ridge points of every view, the surest first.
    fn seeds(&self) -> Vec<Pose> {
        let mut seeds = Vec::new();
        for view in &self.views.views {
            for (bx, by) in view.blocks() {
                let side = super::evidence::BLOCK as i32;
                for k in 0..side * side / 2 {
                    let (u, v) = (f64::from(bx * side + 2 * (k % (side / 2))) + 0.5, f64::from(by * side + k / (side / 2)) + 0.5);
                    if view.read(u, v).is_none_or(|r| r.body < 0.0) {
                        continue;
                    }
                    let pose = Pose { at: view.frame.to_image(u, v), heading_rad: view.frame.angle_rad };
                    let strength = self.ridge(pose, -SEED_REACH_M, SEED_REACH_M, 0.0);
                    if strength > SEED_LOG_ODDS {
                        seeds.push((strength, pose));
                    }
                }
            }
        }
        // Position breaks ties, so that the order never depends on anything but the image.
        seeds.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.at.y.total_cmp(&b.1.at.y)).then(a.1.at.x.total_cmp(&b.1.at.x)));
        seeds.into_iter().map(|(_, pose)| pose).collect()
    }

    /// A seed turned and shifted to where its ridge is strongest.
    fn aligned(&self, seed: Pose) -> Pose {
        let mut best = (f32::MIN, seed);
        for turn in -8..=8 {
            let turned = Pose { heading_rad: seed.heading_rad + f64::from(turn).to_radians(), ..seed };
            for across in [-1.0, -0.5, 0.0, 0.5, 1.0] {
                let score = self.ridge(turned, -8.0, 8.0, across) - 0.02 * libm::fabs(f64::from(turn)) as f32;
                if score > best.0 {
                    best = (score, Pose { at: turned.moved(0.0, across, self.gsd_m), ..turned });
                }
            }
        }
        best.1
    }

    /// The whole track through a pose.
    fn follow_both_ways(&self, start: Pose, claims: &Claims) -> Vec<Point> {
        let turned = Pose { heading_rad: start.heading_rad + std::f64::consts::PI, ..start };
        let mut line = self.follow(turned, claims);
        line.reverse();
        line.push(start.at);
        line.extend(self.follow(start, claims));
        smoothed(&line)
    }

    /// Steps from a pose until nothing has stood for too long, the image ends or another track is met.
    fn follow(&self, start: Pose, claims: &Claims) -> Vec<Point> {
        let mut pose = start;
        let mut line: Vec<Point> = Vec::new();
        let mut last_body = 0;
        loop {
            let next = self.step(pose);
            let Some(body) = self.body(next, 0.0, 0.0) else { break };
            if claims.holds(next, self.gsd_m) {
                break;
            }
            line.push(next.at);
            if body > 0.0 {
                last_body = line.len();
            }
            if (line.len() - last_body) as f64 * STEP_M > BRIDGE_M {
                break;
            }
            pose = next;
        }
        line.truncate(last_body + (RUN_OUT_M / STEP_M) as usize);
        line
    }

    /// One step: the steering that meets most body ahead, then a nudge toward the middle of the body beneath.
    fn step(&self, pose: Pose) -> Pose {
        let limit = STEP_M / MIN_RADIUS_M;
        let mut best = (f32::MIN, pose);
        for k in [0i32, -1, 1, -2, 2] {
            let turn = limit * 0.5 * f64::from(k);
            let turned = Pose { heading_rad: pose.heading_rad + turn, ..pose };
            let score = self.ridge(turned, STEP_M, LOOK_M, 0.0) - 0.04 * k.unsigned_abs() as f32;
            if score > best.0 + 1e-6 {
                best = (score, turned);
            }
        }
        let moved = Pose { at: best.1.moved(STEP_M, 0.0, self.gsd_m), ..best.1 };
        let across = self.offset(moved).clamp(-0.2, 0.2);
        Pose { at: moved.moved(0.0, across, self.gsd_m), ..moved }
    }

    /// How far to the right the middle of the body beneath a pose lies, m; 0 where there is none.
    fn offset(&self, pose: Pose) -> f64 {
        let (mut sum, mut moment) = (0.0, 0.0);
        for along in [-2.0, 0.0, 2.0] {
            for k in -4..=4 {
                let across = 0.5 * f64::from(k);
                let p = pose.moved(along, across, self.gsd_m);
                let Some(reading) = self.views.read(p, pose.heading_rad) else { return 0.0 };
                let probability = 1.0 / (1.0 + libm::exp(-f64::from(reading.body)));
                sum += probability;
                moment += probability * across;
            }
        }
        if sum > 3.0 { moment / sum } else { 0.0 }
    }
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
#[derive(Default)]
struct Claims {
    squares: BTreeMap<(i32, i32), Vec<Pose>>,
}

const SQUARE_M: f64 = 4.0;

impl Claims {
    fn square(p: Point, gsd_m: f64) -> (i32, i32) {
        let at = |x: f64| libm::floor(x * gsd_m / SQUARE_M) as i32;
        (at(p.x), at(p.y))
    }

    fn add(&mut self, line: &[Point], gsd_m: f64) {
        for pair in line.windows(2) {
            let heading_rad = libm::atan2(pair[1].y - pair[0].y, pair[1].x - pair[0].x);
            for p in [pair[0], Point::new((pair[0].x + pair[1].x) / 2.0, (pair[0].y + pair[1].y) / 2.0)] {
                self.squares.entry(Self::square(p, gsd_m)).or_default().push(Pose { at: p, heading_rad });
            }
        }
    }

    /// True when a track runs within [`CLAIM_M`] in about the same direction.
    fn holds(&self, pose: Pose, gsd_m: f64) -> bool {
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

#[cfg(test)]
mod tests;
