use super::*;
use crate::geometry::OrientedRect;
use crate::yard::{CarType, CountKind, GsdSource, Railcar, Track, TrackEvidence};
use proptest::prelude::*;

const GSD_M: f64 = 0.5;
const CAR_M: f64 = 14.0;

/// Cars of 14 m at these places along a track that runs at `angle_rad` through the origin, with the walk's belief in them.
fn yard(centers_m: &[f64], angle_rad: f64) -> Detection {
    let at = |m: f64| Point::new(m / GSD_M * angle_rad.cos(), m / GSD_M * angle_rad.sin());
    let railcars: Vec<Railcar> = centers_m
        .iter()
        .enumerate()
        .map(|(k, &m)| Railcar {
            id: k as u32 + 1,
            rect_px: OrientedRect { center: at(m), length: CAR_M / GSD_M, width: 3.0 / GSD_M, angle_rad },
            length_m: CAR_M,
            width_m: 3.0,
            confidence: 0.95,
            track: 1,
            along_m: m,
            car_type: CarType::Unknown,
        })
        .collect();
    let n = railcars.len() as f64;
    let under = |m: f64| centers_m.iter().any(|c| (m - c).abs() <= CAR_M / 2.0);
    Detection {
        gsd_m: GSD_M,
        gsd_from: GsdSource::Given,
        count: Count { estimate: n, low: (n - 1.0).max(0.0), high: n + 1.0, level: 0.9, kind: CountKind::Individual },
        occupied_track_m: n * CAR_M,
        railcars,
        tracks: vec![Track { id: 1, line_px: vec![at(0.0), at(500.0)], length_m: 500.0, confidence: 0.9, snapped_m: None }],
        evidence: vec![TrackEvidence {
            track: 1,
            step_m: 0.25,
            occupied: (0..2000).map(|k| if under(k as f64 * 0.25) { 0.97 } else { 0.03 }).collect(),
        }],
        possible_empties: Vec::new(),
        gantries: Vec::new(),
        warnings: Vec::new(),
    }
}

fn compared(before: &Detection, after: &Detection, after_to_before: &Transform) -> Comparison {
    let date = |detection| Date { detection, log_odds_same: &[], sees: &|_| true };
    cars(date(before), date(after), after_to_before).expect("regular")
}

/// Every car of both dates is in exactly one list.
fn accounted_for(comparison: &Comparison, before: usize, after: usize) {
    let (u, o) = (&comparison.undecided, &comparison.outside);
    assert_eq!(comparison.both.len() + comparison.gone.len() + u.before.len() + o.before.len(), before);
    assert_eq!(comparison.both.len() + comparison.new.len() + u.after.len() + o.after.len(), after);
}

#[test]
fn arrivals_and_departures_are_told_apart() {
    let c = compared(&yard(&[50.0, 65.0, 80.0], 0.4), &yard(&[50.0, 80.0, 200.0, 215.0], 0.4), &Transform::IDENTITY);
    assert_eq!((c.new.as_slice(), c.gone.as_slice()), (&[3, 4][..], &[2][..]));
    assert_eq!(c.both, [(1, 1), (3, 2)]);
    accounted_for(&c, 3, 4);
}

#[test]
fn a_string_that_moved_by_a_few_metres_is_on_both_dates() {
    let c = compared(&yard(&[50.0, 65.2, 80.4], 0.0), &yard(&[54.0, 69.2, 84.4], 0.0), &Transform::IDENTITY);
    assert!(c.new.is_empty() && c.gone.is_empty(), "{c:?}");
    assert_eq!(c.both.len(), 3);
}

#[test]
fn a_car_missed_where_the_walk_still_believes_is_undecided_and_not_new() {
    let mut before = yard(&[50.0, 65.0], 0.0);
    before.railcars.pop();
    let c = compared(&before, &yard(&[50.0, 65.0], 0.0), &Transform::IDENTITY);
    assert!(c.new.is_empty(), "the other date's own evidence says occupied");
    assert_eq!(c.undecided.after, [2]);
    accounted_for(&c, 1, 2);
}

#[test]
fn a_car_that_looks_the_same_on_both_dates_is_not_new() {
    let (before, after) = (yard(&[50.0], 0.0), yard(&[50.0, 200.0], 0.0));
    let say = |odds| {
        let same = [Some(4.0), Some(odds)];
        let date = |detection, log_odds_same| Date { detection, log_odds_same, sees: &|_| true };
        cars(date(&before, &[]), date(&after, &same), &Transform::IDENTITY).expect("regular")
    };
    assert_eq!(say(-4.0).new, [2]);
    assert_eq!(say(4.0).undecided.after, [2], "the picture did not change there");
}

#[test]
fn neighbouring_tracks_do_not_mix() {
    let shifted = Transform::similarity(1.0, 0.0, 0.0, 4.5 / GSD_M);
    let c = compared(&yard(&[50.0], 0.0), &yard(&[50.0], 0.0), &shifted);
    assert!(c.both.is_empty());
}

#[test]
fn nothing_on_either_date_is_an_answer() {
    let c = compared(&yard(&[], 0.0), &yard(&[], 0.0), &Transform::IDENTITY);
    accounted_for(&c, 0, 0);
    assert_eq!((c.new_count.estimate, c.new_count.low), (0.0, 0.0));
}

#[test]
fn a_flat_transform_gives_no_comparison() {
    let date = |detection| Date { detection, log_odds_same: &[], sees: &|_| true };
    let empty = yard(&[], 0.0);
    assert!(cars(date(&empty), date(&empty), &Transform([[0.0; 3]; 3])).is_none());
}

#[test]
fn doubtful_cars_widen_the_interval() {
    let before = yard(&[], 0.0);
    let sure = yard(&[50.0, 80.0, 110.0, 140.0, 170.0, 200.0], 0.0);
    let mut doubtful = sure.clone();
    doubtful.railcars.iter_mut().for_each(|c| c.confidence = 0.6);
    let width = |after| {
        let count = compared(&before, after, &Transform::IDENTITY).new_count;
        assert!(count.low <= count.estimate && count.estimate <= count.high);
        count.high - count.low
    };
    assert!(width(&doubtful) > width(&sure), "{} {}", width(&doubtful), width(&sure));
}

proptest! {
    #[test]
    fn the_same_cars_under_any_transform_are_on_both_dates(
        scale in 0.7f64..1.4, turn in -3.0f64..3.0, dx in -200.0f64..200.0, dy in -200.0f64..200.0, angle in -3.0f64..3.0
    ) {
        let before = yard(&[50.0, 65.0, 120.0], angle);
        let after_to_before = Transform::similarity(scale, turn, dx, dy);
        let way = after_to_before.inverse().expect("regular");
        let mut after = before.clone();
        after.gsd_m = GSD_M * scale;
        for car in &mut after.railcars {
            car.rect_px = pair::carry(&car.rect_px, &way);
        }
        for track in &mut after.tracks {
            track.line_px = track.line_px.iter().map(|&p| way.apply(p)).collect();
        }
        let c = compared(&before, &after, &after_to_before);
        prop_assert_eq!(&c.both, &[(1, 1), (2, 2), (3, 3)]);
        prop_assert!(c.new.is_empty() && c.gone.is_empty());
        // The wrong way round they don't lie over each other, unless the transform hardly moves anything.
        let far = after_to_before.apply(Point::new(100.0, 0.0)).distance(way.apply(Point::new(100.0, 0.0)));
        if far > 100.0 {
            prop_assert!(compared(&before, &after, &way).both.len() < 3);
        }
    }
}

#[test]
fn cars_beyond_the_other_image_are_counted_in_words_that_fit_their_number() {
    let said = |before: &[u32], after: &[u32]| outside_warning(before, after).map(|w| w.message);
    assert_eq!(said(&[], &[]), None);
    assert_eq!(
        said(&[1], &[]).as_deref(),
        Some("1 railcar of the older image stands where the other image shows nothing. It is neither new nor gone.")
    );
    assert_eq!(
        said(&[1], &[2, 3]).as_deref(),
        Some(
            "2 railcars of the newer image and 1 railcar of the older image stand where the other image shows nothing. They are neither new nor gone."
        )
    );
}
