//! Corrections put into what was found, with nothing learnt from them.

use super::{Corrections, Placed, is_same_car, settle};
use crate::geometry::{OrientedRect, Point, foot_on_line};
use crate::yard::{Detection, Railcar};

impl Corrections {
    /// What was found, with the corrections put in and nothing learnt from them: rejected cars and those beyond the areas are gone, accepted ones
    /// certain, those that a person outlined stand as outlined, and the count follows. Each car counts in the interval as a draw of its
    /// confidence; a corrected one no longer adds doubt to it. Cars keep their ids; one that was added gets the next.
    pub fn put_in(&self, detection: &Detection) -> Detection {
        let gsd_m = detection.gsd_m;
        let mut corrected = detection.clone();
        let mut told = Vec::new();
        let mut open: Vec<&Placed> = self.placed.iter().filter(|p| self.areas.counts(p.rect_px.center)).collect();
        corrected.railcars.retain_mut(|car| {
            let believed = car.confidence.clamp(0.0, 1.0);
            if !self.areas.counts(car.rect_px.center) {
                told.push((believed, 0.0, -1));
                return false;
            }
            if let Some(at) = open.iter().position(|p| is_same_car(&p.rect_px, &car.rect_px, gsd_m)) {
                let own = open.remove(at);
                *car = Railcar { id: car.id, ..railcar(own, detection) };
                told.push((believed, 1.0, 0));
                return true;
            }
            if self.accepts(&car.rect_px, gsd_m) {
                car.confidence = 1.0;
                told.push((believed, 1.0, 0));
                return true;
            }
            let stays = !self.rejects(&car.rect_px, gsd_m);
            if !stays {
                told.push((believed, 0.0, -1));
            }
            stays
        });
        let occupancy = detection.occupancy();
        let first = detection.railcars.iter().map(|car| car.id).max().unwrap_or(0) + 1;
        for (id, own) in (first..).zip(open) {
            told.push((occupancy.at(own.rect_px.center).unwrap_or(0.0), 1.0, 1));
            corrected.railcars.push(Railcar { id, ..railcar(own, detection) });
        }
        settle(&mut corrected.count, told.into_iter());
        corrected
    }

    /// What the detector may learn from: a car that a person outlined is an accepted one, and what it replaced is held against nothing.
    pub fn taught(&self) -> Self {
        let covered =
            |rect: &OrientedRect| self.placed.iter().any(|p| reaches(&p.rect_px, rect.center) || reaches(rect, p.rect_px.center));
        let mut taught = self.clone();
        taught.rejected.retain(|rect| !covered(rect));
        taught.accepted.extend(self.placed.iter().map(|p| p.rect_px));
        taught.placed.clear();
        taught
    }
}

fn railcar(own: &Placed, detection: &Detection) -> Railcar {
    let rect_px = own.rect_px;
    let feet = detection.tracks.iter().filter_map(|track| Some((foot_on_line(rect_px.center, &track.line_px)?, track.id)));
    let nearest = feet.min_by(|(a, _), (b, _)| a.distance.total_cmp(&b.distance));
    Railcar {
        id: 0,
        rect_px,
        length_m: rect_px.length * detection.gsd_m,
        width_m: rect_px.width * detection.gsd_m,
        confidence: 1.0,
        track: nearest.as_ref().map_or(0, |(_, id)| *id),
        along_m: nearest.map_or(0.0, |(foot, _)| foot.along * detection.gsd_m),
        car_type: own.car_type,
    }
}

/// Whether a point lies on a body.
fn reaches(rect: &OrientedRect, p: Point) -> bool {
    let (s, c) = (libm::sin(rect.angle_rad), libm::cos(rect.angle_rad));
    let (dx, dy) = (p.x - rect.center.x, p.y - rect.center.y);
    (dx * c + dy * s).abs() <= rect.length / 2.0 && (dy * c - dx * s).abs() <= rect.width / 2.0
}
