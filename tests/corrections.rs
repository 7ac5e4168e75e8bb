//! Counting again: what a person says of some cars is certain afterwards, teaches of the others, and overturns nothing.

use sidings::corrections::{ByDate, Corrections, is_same_car};
use sidings::example;
use sidings::geometry::{OrientedRect, Point, polyline_length};
use sidings::pipeline::{self, Plan, Request, Side, TrackEdits, Workbench, perform};
use sidings::railcars::{Evidence, Look};
use sidings::raster::{Samples, Scene};
use sidings::yard::{Detection, GsdSource, Railcar};

fn scene(drawn: example::ExampleScene) -> Scene {
    Scene { samples: Samples::U8(drawn.rgb), valid: None }
}

fn looked_at(seed: u64) -> (Evidence, f64) {
    let drawn = example::draw(seed).after;
    let look = Look { gsd: (drawn.gsd_m, GsdSource::Given), drawn: Vec::new(), shadow_rad: None };
    (Evidence::compute(&drawn.rgb, None, &look, None, &mut |_| Ok(())).expect("looked at"), drawn.gsd_m)
}

fn at<'a>(detection: &'a Detection, rect: &OrientedRect) -> Option<&'a Railcar> {
    detection.railcars.iter().find(|c| is_same_car(&c.rect_px, rect, detection.gsd_m))
}

#[test]
fn corrected_places_are_as_the_person_says_and_others_stay_what_they_were() {
    let (evidence, _) = looked_at(7);
    let first = evidence.walk(evidence.tracks(), None);
    let mut cars: Vec<&Railcar> = first.railcars.iter().collect();
    assert!(cars.len() >= 10, "{} cars", cars.len());
    cars.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let corrections = Corrections {
        accepted: vec![cars[0].rect_px, cars[2].rect_px],
        rejected: vec![cars[1].rect_px],
        ..Corrections::default()
    };
    let again = evidence.walk_corrected(evidence.tracks(), None, &corrections);
    for rect in &corrections.accepted {
        let car = at(&again, rect).expect("an accepted car is there");
        assert!(car.confidence > 0.99, "{}", car.confidence);
        assert!((car.rect_px.length - rect.length).abs() * again.gsd_m <= 1.5, "{} px for {}", car.rect_px.length, rect.length);
    }
    assert!(at(&again, &corrections.rejected[0]).is_none(), "a rejected one is not");
    let sure = cars.iter().filter(|c| c.confidence > 0.95);
    let lost = sure.clone().filter(|c| at(&again, &c.rect_px).is_none()).count();
    assert!(lost * 20 <= sure.count(), "three corrections took {lost} sure cars away");
    assert!(again.count.low <= again.count.estimate && again.count.estimate <= again.count.high);
    let twice = evidence.walk_corrected(evidence.tracks(), None, &corrections);
    assert_eq!(format!("{again:?}"), format!("{twice:?}"));
}

#[test]
fn without_corrections_the_count_is_the_same() {
    let (evidence, _) = looked_at(3);
    let walked = |corrections| format!("{:?}", evidence.walk_corrected(evidence.tracks(), None, &corrections));
    assert_eq!(walked(Corrections::default()), format!("{:?}", evidence.walk(evidence.tracks(), None)));
}

#[test]
fn a_car_that_only_a_person_sees_gets_a_track_of_its_own() {
    let (evidence, gsd_m) = looked_at(7);
    let first = evidence.walk(evidence.tracks(), None);
    // Across all tracks, where the walk would never look for a car.
    let heading = first.railcars[0].rect_px.angle_rad + 1.2;
    let rect = OrientedRect { center: Point::new(60.0, 60.0), length: 15.0 / gsd_m, width: 3.0 / gsd_m, angle_rad: heading };
    assert!(at(&first, &rect).is_none());
    let corrections = Corrections { accepted: vec![rect], rejected: Vec::new(), ..Corrections::default() };
    let again = evidence.walk_corrected(evidence.tracks(), None, &corrections);
    let car = at(&again, &rect).expect("it is there");
    assert!(car.confidence > 0.99 && (car.length_m - 15.0).abs() <= 1.0, "{car:?}");
    let track = again.tracks.iter().find(|t| t.id == car.track).expect("its track");
    assert!(polyline_length(&track.line_px) * gsd_m < 25.0);
}

/// Runs what is left of a plan.
fn work_off(plan: &mut Plan, bench: &mut Workbench) {
    while let Some(job) = plan.ready().first() {
        plan.accept(perform(job, bench, &mut |_| Ok(())).expect("done"));
    }
}

#[test]
fn counting_again_gives_what_a_run_with_the_same_corrections_gives() {
    let bench = || {
        let drawn = example::draw(5);
        Workbench::with(scene(drawn.before), scene(drawn.after))
    };
    let mut used = bench();
    // Without a scale, which is the hardest case: it is estimated once and must not be estimated otherwise afterwards.
    let mut plan = pipeline::run(Request::default(), &mut used, &mut |_, _| Ok(())).expect("compared");
    let least_sure =
        |d: &Detection| d.railcars.iter().min_by(|a, b| a.confidence.total_cmp(&b.confidence)).expect("cars").rect_px;
    let (before, after) = (plan.before.clone().expect("cars"), plan.after.clone().expect("cars"));
    let corrections = ByDate {
        before: Corrections { accepted: vec![least_sure(&before)], rejected: Vec::new(), ..Corrections::default() },
        after: Corrections { accepted: Vec::new(), rejected: vec![least_sure(&after)], ..Corrections::default() },
    };
    let edits = TrackEdits { added_px: Vec::new(), deleted_px: vec![before.tracks[0].line_px.clone()] };
    plan.tell(corrections.clone(), edits.clone());
    assert!(plan.alignment.is_some() && plan.comparison.is_none());
    work_off(&mut plan, &mut used);
    let request = Request { corrections: corrections.clone(), track_edits: edits, ..Request::default() };
    let anew = pipeline::run(request, &mut bench(), &mut |_, _| Ok(())).expect("compared");
    let answer = |plan: &Plan| format!("{:?} {:?} {:?}", plan.before, plan.after, plan.comparison);
    assert_eq!(answer(&plan), answer(&anew));
    let after = anew.after.expect("cars");
    assert!(at(&after, &corrections.after.rejected[0]).is_none());
    assert!(after.warnings.iter().all(|w| w.code != "image-missing"));
    assert_eq!(plan.ready().len(), 0, "{:?}", Side::Before);
}

#[test]
fn a_deleted_track_is_not_walked_and_a_drawn_one_is_marked() {
    let drawn = example::draw(5);
    let gsd = Some((drawn.before.gsd_m, GsdSource::Given));
    let mut bench = Workbench::with(scene(drawn.before), scene(drawn.after));
    let mut plan =
        pipeline::run(Request { before_gsd: gsd, ..Request::default() }, &mut bench, &mut |_, _| Ok(())).expect("compared");
    let before = plan.before.clone().expect("cars");
    let carried = |id| before.railcars.iter().filter(|c| c.track == id).count();
    let busiest = before.tracks.iter().max_by_key(|t| carried(t.id)).expect("tracks");
    assert!(busiest.snapped_m.is_none() && (0.0..=1.0).contains(&busiest.confidence));
    let along = |d: &Detection| d.railcars.iter().filter(|c| beside(&busiest.line_px, c) < 1.9 / d.gsd_m).count();
    assert!(along(&before) > 0, "cars stand on it");
    plan.tell(ByDate::default(), TrackEdits { added_px: Vec::new(), deleted_px: vec![busiest.line_px.clone()] });
    work_off(&mut plan, &mut bench);
    assert_eq!(along(plan.before.as_ref().expect("cars")), 0);
    // Drawn again by hand, a metre off the rails, it is found on them.
    let n = busiest.line_px.len();
    let (a, b) = (busiest.line_px[n / 3], busiest.line_px[2 * n / 3]);
    let (s, c) = ((b.y - a.y) / a.distance(b), (b.x - a.x) / a.distance(b));
    let off: Vec<Point> = busiest.line_px.iter().map(|p| Point::new(p.x - s / before.gsd_m, p.y + c / before.gsd_m)).collect();
    plan.tell(ByDate::default(), TrackEdits { added_px: vec![off], deleted_px: vec![busiest.line_px.clone()] });
    work_off(&mut plan, &mut bench);
    let drawn = plan.before.expect("cars");
    let track = drawn.tracks.iter().find(|t| t.snapped_m.is_some()).expect("marked");
    assert_eq!(track.confidence, 1.0);
    let moved = track.snapped_m.expect("drawn");
    assert!((0.5..=1.5).contains(&moved), "{moved} m");
    assert!(along(&drawn) * 10 >= along(&before) * 9, "{} of {} cars", along(&drawn), along(&before));
}

fn beside(line: &[Point], car: &Railcar) -> f64 {
    sidings::geometry::foot_on_line(car.rect_px.center, line).map_or(f64::INFINITY, |foot| foot.distance)
}
