//! Stretches between the cars of a string on which empty flats may stand: a bare floor at the height of a platform looks much like the track.
//!
//! They are told apart from the count, never in it: the walk found no car there that was likelier than none.

use super::strip::STEP_M;
use crate::error::Warning;
use crate::geometry::{Point, point_along};
use crate::yard::{PossibleEmpty, Railcar, Track, TrackEvidence};

/// Room for one wagon at least and three at most, couplings included, m. What is longer is a gap between two strings.
const ROOM_M: (f64, f64) = (9.0, 60.0);

/// Mean posterior from which on a stretch is worth a word. On drawn tracks without cars one stretch in seven reaches it, of overlooked frames and
/// flats on a known track two in three.
const DOUBTED: f64 = 0.1;

/// Looks between neighbouring cars of every track; `gsd_m` is that of the tracks' pixels.
pub(super) fn possible(tracks: &[Track], cars: &[Railcar], evidence: &[TrackEvidence], gsd_m: f64) -> Vec<PossibleEmpty> {
    let mut found = Vec::new();
    for track in tracks {
        let mut along: Vec<&Railcar> = cars.iter().filter(|c| c.track == track.id).collect();
        along.sort_by(|a, b| a.along_m.total_cmp(&b.along_m));
        let Some(occupied) = evidence.iter().find(|e| e.track == track.id).map(|e| &e.occupied) else { continue };
        for pair in along.windows(2) {
            let (from_m, to_m) = (pair[0].along_m + pair[0].length_m / 2.0, pair[1].along_m - pair[1].length_m / 2.0);
            let length_m = to_m - from_m;
            if !(ROOM_M.0..=ROOM_M.1).contains(&length_m) {
                continue;
            }
            let seen: Vec<f64> = samples(occupied, from_m, to_m).collect();
            let chance = seen.iter().sum::<f64>() / (length_m / STEP_M);
            if chance >= DOUBTED {
                let ends = [from_m, to_m].map(|m| point_along(&track.line_px, m / gsd_m));
                found.push(PossibleEmpty {
                    track: track.id,
                    line_px: ends.into_iter().flatten().collect::<Vec<Point>>(),
                    length_m,
                    chance,
                });
            }
        }
    }
    found
}

/// What is said of them.
pub(super) fn warning(found: &[PossibleEmpty]) -> Warning {
    let total_m = found.iter().map(|e| e.length_m).sum::<f64>();
    let places = if found.len() == 1 { "On a stretch".to_owned() } else { format!("On {} stretches", found.len()) };
    Warning::new(
        "possible-empties",
        format!(
            "{places} between railcars, {total_m:.0} m in all, empty flat cars may stand: they look much like the track and are not counted."
        ),
    )
}

/// The posterior between two places, where there is one.
fn samples(occupied: &[f32], from_m: f64, to_m: f64) -> impl Iterator<Item = f64> {
    let index = |m: f64| ((m / STEP_M).max(0.0) as usize).min(occupied.len());
    occupied[index(from_m)..index(to_m).max(index(from_m))].iter().filter(|p| p.is_finite()).map(|p| f64::from(*p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::OrientedRect;
    use crate::yard::CarType;

    fn car(along_m: f64) -> Railcar {
        let rect_px = OrientedRect { center: Point::new(2.0 * along_m, 0.0), length: 28.0, width: 6.0, angle_rad: 0.0 };
        Railcar { id: 1, rect_px, length_m: 14.0, width_m: 3.0, confidence: 0.9, track: 1, along_m, car_type: CarType::Unknown }
    }

    #[test]
    fn doubted_room_between_two_cars_is_told_and_bare_or_endless_track_is_not() {
        let track = Track {
            id: 1,
            line_px: vec![Point::new(0.0, 0.0), Point::new(800.0, 0.0)],
            length_m: 400.0,
            confidence: 0.9,
            snapped_m: None,
        };
        let cars = [car(20.0), car(50.0), car(80.0), car(200.0)];
        // Between the first two something, between the next two nothing, then a hundred metres of something.
        let doubt = |m: f64| if (27.0..43.0).contains(&m) || m > 90.0 { 0.3 } else { 0.02 };
        let occupied = (0..800).map(|i| doubt(i as f64 * STEP_M)).map(|p| p as f32).collect();
        let found = possible(&[track], &cars, &[TrackEvidence { track: 1, step_m: STEP_M, occupied }], 0.5);
        assert_eq!(found.len(), 1);
        assert!((found[0].length_m - 16.0).abs() < 1e-9 && (found[0].chance - 0.3).abs() < 0.02);
        assert_eq!(found[0].line_px, [Point::new(54.0, 0.0), Point::new(86.0, 0.0)]);
    }
}
