//! Tracks that carry cars, traced along the ridges of the body map.
//!
//! A ridge is followed both ways from its surest point in steps of 2 m, by steering a little left or right, never more than a
//! railway curve allows, over gaps in which nothing stands. Tracks that carry no car leave no ridge there; [`rails`] finds those beside them.

pub(super) mod follow;
pub(super) mod rails;

use super::evidence::Views;
use crate::geometry::Point;
use follow::{Claims, Pose, Ridge, aligned, follow_both_ways};

/// A ridge begins a track where its mean log-odds over [`SEED_REACH_M`] both ways exceed this.
const SEED_LOG_ODDS: f32 = -0.5;

/// Half the length over which a seed's ridge is averaged, m: half a short car.
const SEED_REACH_M: f64 = 5.0;

/// Log-odds are clipped to this before averaging, so that one white roof can't pay for two empty ones.
const CLIP: f32 = 4.0;

/// Shortest track, m.
const SHORTEST_M: f64 = 20.0;

/// Traces the tracks in an image of `gsd_m` metres a pixel, the surest first.
pub(super) fn trace(views: &Views, gsd_m: f64) -> Vec<Vec<Point>> {
    let bodies = Bodies { views, gsd_m };
    let mut claims = Claims::default();
    let mut tracks = Vec::new();
    for seed in bodies.seeds() {
        if claims.holds(seed, gsd_m) {
            continue;
        }
        let line = follow_both_ways(&bodies, aligned(&bodies, seed), &claims);
        claims.add(&line, gsd_m);
        if crate::geometry::polyline_length(&line) * gsd_m >= SHORTEST_M {
            tracks.push(line);
        }
    }
    tracks
}

/// The body map as a ridge.
struct Bodies<'a> {
    views: &'a Views,
    gsd_m: f64,
}

impl Ridge for Bodies<'_> {
    /// Two to three missing cars. Beyond, the heading no longer says where the track goes, and the string after the gap makes a track of its own.
    const BRIDGE_M: f64 = 40.0;
    /// Room for a car's end and a gap, and for a car the tracer didn't believe in.
    const RUN_OUT_M: f64 = 12.0;
    const OUTSIDE: f32 = -CLIP;

    /// Clipped body log-odds on the axis of a would-be car: the mean of three places across it.
    fn strength(&self, pose: Pose, along_m: f64, across_m: f64) -> Option<f32> {
        let mut sum = 0.0;
        for side in [-0.7, 0.0, 0.7] {
            let p = pose.moved(along_m, across_m + side, self.gsd_m);
            sum += self.views.read(p, pose.heading_rad())?.body.clamp(-CLIP, CLIP);
        }
        Some(sum / 3.0)
    }

    fn shows(&self, pose: Pose) -> Option<bool> {
        Some(self.strength(pose, 0.0, 0.0)? > 0.0)
    }

    /// The middle of the body beneath.
    fn middle_m(&self, pose: Pose) -> f64 {
        let (mut sum, mut moment) = (0.0, 0.0);
        for along in [-2.0, 0.0, 2.0] {
            for k in -4..=4 {
                let across = 0.5 * f64::from(k);
                let p = pose.moved(along, across, self.gsd_m);
                let Some(reading) = self.views.read(p, pose.heading_rad()) else { return 0.0 };
                let probability = 1.0 / (1.0 + libm::exp(-f64::from(reading.body)));
                sum += probability;
                moment += probability * across;
            }
        }
        if sum > 3.0 { moment / sum } else { 0.0 }
    }

    fn gsd_m(&self) -> f64 {
        self.gsd_m
    }
}

impl Bodies<'_> {
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
                    let pose = Pose::new(view.frame.to_image(u, v), view.frame.angle_rad);
                    let strength = self.mean(pose, -SEED_REACH_M, SEED_REACH_M, 0.0);
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
}

#[cfg(test)]
mod tests;
