//! What a person says of single railcars: this one stands there, that one doesn't.
//!
//! Shared by the detector, which learns from it, and by the edges, where people say it. A correction names a place by the outline of the
//! car, not by an id: ids are given anew at every count, places stay.

mod areas;
mod file;
mod placed;
mod replay;
#[cfg(test)]
mod tests;

pub use areas::Areas;
pub use file::{Given, Wanted, read_json};
pub use replay::Told;

use crate::geometry::{OrientedRect, Transform};
use crate::yard::{CarType, Count, CountKind};
use serde::{Deserialize, Serialize};

/// Two outlines are of one car when their middles lie within this of each other along the axis, m: less than half of the shortest car.
const ALONG_M: f64 = 3.0;

/// The same across, m: under half the least spacing of tracks.
const ACROSS_M: f64 = 1.9;

/// Corrections of one image, in its own pixels.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Corrections {
    /// Outlines of cars that surely stand there.
    pub accepted: Vec<OrientedRect>,
    /// Outlines of what was taken for a car and is none.
    pub rejected: Vec<OrientedRect>,
    /// Cars as the person outlined them; one that was found at the same place makes room.
    pub placed: Vec<Placed>,
    /// Where cars count.
    pub areas: Areas,
}

/// A car as a person outlined it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// Its outline.
    pub rect_px: OrientedRect,
    /// What it is, as far as the person said or the picture told.
    #[serde(default)]
    pub car_type: CarType,
}

/// Corrections of both dates.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ByDate {
    /// Of the older image.
    pub before: Corrections,
    /// Of the newer image.
    pub after: Corrections,
}

impl ByDate {
    /// True when nothing was corrected.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }
}

impl Corrections {
    /// True when nothing was corrected.
    pub fn is_empty(&self) -> bool {
        self.accepted.is_empty() && self.rejected.is_empty() && self.placed.is_empty() && self.areas.is_empty()
    }

    /// True when cars or areas were drawn: the walk learns from them ([`Corrections::taught`]), and they are put into its answer ([`Corrections::put_in`]).
    pub fn draws(&self) -> bool {
        !self.placed.is_empty() || !self.areas.is_empty()
    }

    /// The same in the pixels of another image.
    pub fn carried(&self, transform: &Transform) -> Self {
        let rect = |r: &OrientedRect| {
            let (scale, turn) = (transform.scale_at(r.center), transform.turn_at(r.center));
            OrientedRect {
                center: transform.apply(r.center),
                length: r.length * scale,
                width: r.width * scale,
                angle_rad: r.angle_rad + turn,
            }
        };
        Self {
            accepted: self.accepted.iter().map(rect).collect(),
            rejected: self.rejected.iter().map(rect).collect(),
            placed: self.placed.iter().map(|p| Placed { rect_px: rect(&p.rect_px), ..*p }).collect(),
            areas: self.areas.carried(transform),
        }
    }

    /// True when a car at this place was accepted.
    pub fn accepts(&self, rect: &OrientedRect, gsd_m: f64) -> bool {
        self.accepted.iter().any(|a| is_same_car(a, rect, gsd_m))
    }

    /// True when a car at this place was rejected.
    pub fn rejects(&self, rect: &OrientedRect, gsd_m: f64) -> bool {
        self.rejected.iter().any(|r| is_same_car(r, rect, gsd_m))
    }
}

/// Puts into a count what was said of cars in it: the chance that each counted before, the chance now, and by how much the estimate changes with it. The
/// interval moves with the chances and loses the doubt that each car added to it as a draw of its chance. Other kinds of counts list no cars.
pub fn settle(count: &mut Count, told: impl Iterator<Item = (f64, f64, i32)>) {
    let told: Vec<(f64, f64, i32)> = told.collect();
    if count.kind != CountKind::Individual || told.is_empty() {
        return;
    }
    let doubt = |p: f64| p * (1.0 - p);
    let shift: f64 = told.iter().map(|(before, now, _)| now - before).sum();
    let settled: f64 = told.iter().map(|(before, now, _)| doubt(*before) - doubt(*now)).sum();
    let half = (count.high - count.low) / 2.0;
    let variance = half * half / (SIGMAS_AT_LEVEL * SIGMAS_AT_LEVEL);
    let narrower = if variance > 0.0 { ((1.0 - settled / variance).clamp(0.0, 1.0)).sqrt() } else { 1.0 };
    let middle = (count.low + count.high) / 2.0 + shift;
    count.estimate = (count.estimate + f64::from(told.iter().map(|(_, _, change)| change).sum::<i32>())).max(0.0);
    count.low = libm::round(middle - half * narrower).clamp(0.0, count.estimate);
    count.high = libm::round(middle + half * narrower).max(count.estimate);
}

/// Half the width of a 90 % interval of a normal distribution, in standard deviations.
const SIGMAS_AT_LEVEL: f64 = 1.645;

/// True when two outlines in one image are of one car.
pub fn is_same_car(a: &OrientedRect, b: &OrientedRect, gsd_m: f64) -> bool {
    let (s, c) = (libm::sin(a.angle_rad), libm::cos(a.angle_rad));
    let (dx, dy) = ((b.center.x - a.center.x) * gsd_m, (b.center.y - a.center.y) * gsd_m);
    (dx * c + dy * s).abs() <= ALONG_M && (dy * c - dx * s).abs() <= ACROSS_M
}
