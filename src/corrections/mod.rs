//! What a person says of single railcars: this one stands there, that one doesn't.
//!
//! Shared by the detector, which learns from it, and by the edges, where people say it. A correction names a place by the outline of the
//! car, not by an id: ids are given anew at every count, places stay.

mod file;

pub use file::{Given, Wanted, read_json};

use crate::geometry::{OrientedRect, Transform};
use crate::yard::{Count, CountKind, Detection};
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
        self.accepted.is_empty() && self.rejected.is_empty()
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
        Self { accepted: self.accepted.iter().map(rect).collect(), rejected: self.rejected.iter().map(rect).collect() }
    }

    /// True when a car at this place was accepted.
    pub fn accepts(&self, rect: &OrientedRect, gsd_m: f64) -> bool {
        self.accepted.iter().any(|a| is_same_car(a, rect, gsd_m))
    }

    /// True when a car at this place was rejected.
    pub fn rejects(&self, rect: &OrientedRect, gsd_m: f64) -> bool {
        self.rejected.iter().any(|r| is_same_car(r, rect, gsd_m))
    }

    /// What was found, with the corrections put in and nothing learnt from them: rejected cars are gone, accepted ones certain, and the
    /// count follows. Each car counts in the interval as a draw of its confidence; a corrected one no longer adds doubt to it.
    pub fn put_in(&self, detection: &Detection) -> Detection {
        let mut corrected = detection.clone();
        let mut told = Vec::new();
        corrected.railcars.retain_mut(|car| {
            let believed = car.confidence.clamp(0.0, 1.0);
            if self.accepts(&car.rect_px, detection.gsd_m) {
                car.confidence = 1.0;
                told.push((believed, 1.0, true));
                return true;
            }
            let stays = !self.rejects(&car.rect_px, detection.gsd_m);
            if !stays {
                told.push((believed, 0.0, false));
            }
            stays
        });
        settle(&mut corrected.count, told.into_iter());
        corrected
    }
}

/// Puts into a count what was said of cars in it: the chance that each counted before, the chance now, and whether it stays in the estimate. The
/// interval moves with the chances and loses the doubt that each car added to it as a draw of its chance. Other kinds of counts list no cars.
pub fn settle(count: &mut Count, told: impl Iterator<Item = (f64, f64, bool)>) {
    let told: Vec<(f64, f64, bool)> = told.collect();
    if count.kind != CountKind::Individual || told.is_empty() {
        return;
    }
    let doubt = |p: f64| p * (1.0 - p);
    let shift: f64 = told.iter().map(|(before, now, _)| now - before).sum();
    let settled: f64 = told.iter().map(|(before, now, _)| doubt(*before) - doubt(*now)).sum();
    let half = (count.high - count.low) / 2.0;
    let variance = half * half / (SIGMAS_AT_LEVEL * SIGMAS_AT_LEVEL);
    let narrower = if variance > 0.0 { libm::sqrt((1.0 - settled / variance).clamp(0.0, 1.0)) } else { 1.0 };
    let middle = (count.low + count.high) / 2.0 + shift;
    count.estimate = (count.estimate - told.iter().filter(|(_, _, stays)| !stays).count() as f64).max(0.0);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::yard::{CarType, GsdSource, Railcar};

    fn rect(x: f64) -> OrientedRect {
        OrientedRect { center: Point::new(x, 10.0), length: 28.0, width: 6.0, angle_rad: 0.0 }
    }

    fn found(cars: &[(f64, f64)], (low, high): (f64, f64)) -> Detection {
        let railcar = |(id, &(x, confidence)): (u32, &(f64, f64))| Railcar {
            id,
            rect_px: rect(x),
            length_m: 14.0,
            width_m: 3.0,
            confidence,
            track: 1,
            along_m: x / 2.0,
            car_type: CarType::Unknown,
        };
        Detection {
            gsd_m: 0.5,
            gsd_from: GsdSource::Given,
            count: Count { estimate: cars.len() as f64, low, high, level: 0.9, kind: CountKind::Individual },
            occupied_track_m: 0.0,
            railcars: (1..).zip(cars).map(railcar).collect(),
            tracks: Vec::new(),
            evidence: Vec::new(),
            possible_empties: Vec::new(),
            warnings: Vec::new(),
        }
    }

    #[test]
    fn a_place_is_told_along_and_across_and_either_way_round() {
        let turned = OrientedRect { angle_rad: std::f64::consts::PI, ..rect(100.0) };
        assert!(is_same_car(&turned, &rect(105.0), 0.5), "2.5 m along");
        assert!(!is_same_car(&turned, &rect(107.0), 0.5), "3.5 m along");
        let beside = OrientedRect { center: Point::new(100.0, 19.0), ..rect(100.0) };
        assert!(!is_same_car(&rect(100.0), &beside, 0.5), "the next track");
    }

    #[test]
    fn the_count_follows_what_was_corrected_and_doubt_goes_with_it() {
        let corrections = Corrections { accepted: vec![rect(0.0)], rejected: vec![rect(40.0)] };
        let corrected = corrections.put_in(&found(&[(0.0, 0.5), (40.0, 0.5), (80.0, 0.99)], (1.0, 4.0)));
        assert_eq!(corrected.railcars.iter().map(|c| (c.id, c.confidence)).collect::<Vec<_>>(), [(1, 1.0), (3, 0.99)]);
        let count = corrected.count;
        assert_eq!(count.estimate, 2.0);
        assert!(count.low <= 2.0 && count.high >= 2.0 && count.high - count.low < 3.0, "{count:?}");
        assert_eq!(corrections.put_in(&corrected).railcars, corrected.railcars, "twice is once");
    }

    #[test]
    fn without_corrections_nothing_changes() {
        let detection = found(&[(0.0, 0.5)], (0.0, 2.0));
        assert_eq!(Corrections::default().put_in(&detection), detection);
    }
}
