//! What a person says of cars, put into what was found.

use super::*;
use crate::geometry::Point;
use crate::yard::{CarType, Detection, GsdSource, Railcar, Track, TrackEvidence};

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
        gantries: Vec::new(),
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
    let corrections = Corrections { accepted: vec![rect(0.0)], rejected: vec![rect(40.0)], ..Corrections::default() };
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

fn on_a_track(mut detection: Detection) -> Detection {
    let line_px = vec![Point::new(-100.0, 10.0), Point::new(400.0, 10.0)];
    detection.tracks = vec![Track { id: 7, line_px, length_m: 250.0, confidence: 0.9, snapped_m: None }];
    detection.evidence = vec![TrackEvidence { track: 7, step_m: 0.5, occupied: vec![0.2; 500] }];
    detection
}

fn placed(x: f64) -> Corrections {
    Corrections { placed: vec![Placed { rect_px: rect(x), car_type: CarType::Tank }], ..Corrections::default() }
}

#[test]
fn a_car_that_was_added_counts_at_once_and_stands_on_its_track() {
    let found = on_a_track(found(&[(0.0, 0.9)], (0.0, 2.0)));
    let corrected = placed(120.0).put_in(&found);
    let car = &corrected.railcars[1];
    assert_eq!((car.id, car.confidence, car.track, car.car_type), (2, 1.0, 7, CarType::Tank));
    assert!((car.along_m - 110.0).abs() < 1e-9 && (car.length_m - 14.0).abs() < 1e-9);
    // The walk held a fifth of a car for there already.
    assert_eq!((corrected.count.estimate, corrected.count.low, corrected.count.high), (2.0, 1.0, 3.0));
    assert_eq!(placed(120.0).put_in(&corrected).railcars, corrected.railcars, "twice is once");
}

#[test]
fn an_outline_of_ones_own_takes_the_place_of_the_one_that_was_found() {
    let corrected = placed(2.0).put_in(&found(&[(0.0, 0.6), (60.0, 0.9)], (1.0, 3.0)));
    assert_eq!(corrected.railcars.iter().map(|c| (c.id, c.rect_px.center.x)).collect::<Vec<_>>(), [(1, 2.0), (2, 60.0)]);
    assert_eq!((corrected.railcars[0].car_type, corrected.count.estimate), (CarType::Tank, 2.0));
}

#[test]
fn cars_beyond_the_areas_do_not_count() {
    let square = |from: f64, to: f64| [(from, 0.0), (to, 0.0), (to, 20.0), (from, 20.0)].map(|(x, y)| Point::new(x, y)).to_vec();
    let found = found(&[(0.0, 0.9), (40.0, 0.9), (80.0, 0.9)], (2.0, 4.0));
    let ids = |areas: Areas| {
        let corrected = Corrections { areas, ..Corrections::default() }.put_in(&found);
        (corrected.railcars.iter().map(|c| c.id).collect::<Vec<_>>(), corrected.count.estimate)
    };
    let (in_, out) = (square(-10.0, 50.0), square(30.0, 50.0));
    assert_eq!(ids(Areas { count_in: vec![in_.clone()], ..Areas::default() }), (vec![1, 2], 2.0));
    assert_eq!(ids(Areas { leave_out: vec![out.clone()], ..Areas::default() }), (vec![1, 3], 2.0));
    assert_eq!(ids(Areas { count_in: vec![in_], leave_out: vec![out.clone()], ..Areas::default() }), (vec![1], 1.0));
    assert_eq!(
        ids(Areas { gantries: vec![out], ..Areas::default() }),
        (vec![1, 3], 2.0),
        "nothing is claimed of what a gantry hides"
    );
}

#[test]
fn what_was_outlined_teaches_as_an_accepted_car_and_nothing_is_taught_against_it() {
    let mut corrections = placed(5.0);
    corrections.rejected = vec![rect(0.0), rect(90.0)];
    let taught = corrections.taught();
    assert_eq!((taught.accepted, taught.rejected), (vec![rect(5.0)], vec![rect(90.0)]));
}
