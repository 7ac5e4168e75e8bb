//! The order of the jobs: what may run when, and what each job is given.

use sidings::align::by_hand::ControlPoint;
use sidings::align::{Alignment, Model, Residual, Status};
use sidings::error::Error;
use sidings::geometry::{OrientedRect, Point, Transform};
use sidings::pipeline::{Gsd, Job, Outcome, Overview, Plan, Request, Side, Workbench, perform};
use sidings::raster::{Raster, Samples, Scene};
use sidings::yard::{CarType, Count, CountKind, Detection, GsdSource, Railcar, Track, TrackEvidence};

fn alignment(status: Status, transform: Option<Transform>) -> Alignment {
    Alignment {
        status,
        reasons: vec!["No tile agrees with another.".to_owned()],
        model: Model::Similarity,
        after_to_before: transform,
        residual_px: Residual { median: None, p95: None, held_out: true, points: 0 },
        coverage: 0.0,
        tie_points: Vec::new(),
    }
}

/// One straight track along y = 10 with cars of 14 m (28 px) at the given centres.
fn detection(gsd_m: f64, centers_px: &[f64]) -> Detection {
    let railcars = centers_px.iter().enumerate().map(|(id, &x)| Railcar {
        id: id as u32,
        rect_px: OrientedRect { center: Point::new(x, 10.0), length: 14.0 / gsd_m, width: 3.0 / gsd_m, angle_rad: 0.0 },
        length_m: 14.0,
        width_m: 3.0,
        confidence: 0.95,
        track: 0,
        along_m: x * gsd_m,
        car_type: CarType::Unknown,
    });
    let railcars: Vec<Railcar> = railcars.collect();
    let covered = |m: f64| centers_px.iter().any(|c| (m - c * gsd_m).abs() < 7.0);
    let n = railcars.len() as f64;
    Detection {
        gsd_m,
        gsd_from: GsdSource::Given,
        count: Count { estimate: n, low: n, high: n, level: 0.9, kind: CountKind::Individual },
        occupied_track_m: 14.0 * n,
        railcars,
        tracks: vec![Track {
            id: 0,
            line_px: vec![Point::new(0.0, 10.0), Point::new(400.0, 10.0)],
            length_m: 400.0 * gsd_m,
            confidence: 0.9,
            snapped_m: None,
        }],
        evidence: vec![TrackEvidence {
            track: 0,
            step_m: 0.5,
            occupied: (0..(800.0 * gsd_m) as usize).map(|k| if covered(k as f64 * 0.5) { 0.98 } else { 0.02 }).collect(),
        }],
        possible_empties: Vec::new(),
        gantries: Vec::new(),
        warnings: Vec::new(),
    }
}

fn steps(plan: &Plan) -> Vec<&'static str> {
    plan.ready().iter().map(Job::step).collect()
}

fn gsd_of(plan: &Plan, wanted: Side) -> Option<Gsd> {
    plan.ready().into_iter().find_map(|job| match job {
        Job::Detect { side, gsd, .. } if side == wanted => gsd,
        _ => None,
    })
}

fn half_scale() -> Transform {
    Transform::similarity(0.5, 0.3, 7.0, -4.0)
}

#[test]
fn known_scales_let_everything_start_at_once() {
    let gsd = Some((0.5, GsdSource::File));
    let plan = Plan::new(Request { before_gsd: gsd, after_gsd: gsd, ..Request::default() });
    assert_eq!(steps(&plan), ["align", "detect-before", "detect-after"]);
}

#[test]
fn the_newer_scale_follows_from_the_older_through_the_alignment() {
    let mut plan = Plan::new(Request { before_gsd: Some((0.6, GsdSource::Given)), ..Request::default() });
    assert_eq!(steps(&plan), ["align", "detect-before"]);
    plan.accept(Outcome::Aligned(Box::new(alignment(Status::Pass, Some(half_scale())))));
    let (gsd_m, from) = gsd_of(&plan, Side::After).expect("known now");
    assert!((gsd_m - 0.3).abs() < 1e-9, "one pixel of after covers half a pixel of before: {gsd_m}");
    assert_eq!(from, GsdSource::Given);
}

#[test]
fn the_older_scale_follows_from_the_newer_the_other_way_round() {
    let mut plan = Plan::new(Request { after_gsd: Some((0.3, GsdSource::File)), ..Request::default() });
    assert_eq!(steps(&plan), ["align", "detect-after"]);
    plan.accept(Outcome::Aligned(Box::new(alignment(Status::Warn, Some(half_scale())))));
    let (gsd_m, from) = gsd_of(&plan, Side::Before).expect("known now");
    assert!((gsd_m - 0.6).abs() < 1e-9, "{gsd_m}");
    assert_eq!(from, GsdSource::File);
}

#[test]
fn with_no_scale_known_one_side_estimates_and_the_other_follows() {
    let mut plan = Plan::new(Request::default());
    assert_eq!(steps(&plan), ["align", "detect-before"]);
    plan.accept(Outcome::Aligned(Box::new(alignment(Status::Pass, Some(half_scale())))));
    assert_eq!(steps(&plan), ["detect-before"]);
    plan.accept(Outcome::Detected(Side::Before, Box::new(detection(0.52, &[]))));
    assert_eq!(steps(&plan), ["detect-after"]);
    let (gsd_m, from) = gsd_of(&plan, Side::After).expect("known now");
    assert!((gsd_m - 0.26).abs() < 1e-9 && from == GsdSource::Estimated, "{gsd_m} {from:?}");
}

#[test]
fn a_failed_alignment_leaves_each_image_to_itself_and_says_why() {
    let mut plan = Plan::new(Request::default());
    plan.accept(Outcome::Aligned(Box::new(alignment(Status::Fail, None))));
    assert_eq!(steps(&plan), ["detect-before", "detect-after"]);
    let refusal = plan.refusal().expect("no comparison");
    assert_eq!(refusal.code(), "not-the-same-place");
    assert!(refusal.message().contains("No tile agrees"), "{}", refusal.message());
    plan.accept(Outcome::Detected(Side::Before, Box::new(detection(0.5, &[]))));
    plan.accept(Outcome::Detected(Side::After, Box::new(detection(0.5, &[]))));
    assert!(plan.ready().is_empty());
}

#[test]
fn drawn_tracks_reach_the_newer_image_through_the_way_back() {
    let line = vec![Point::new(30.0, 10.0), Point::new(130.0, 10.0)];
    let gsd = Some((0.5, GsdSource::Given));
    let mut plan =
        Plan::new(Request { before_gsd: gsd, after_gsd: gsd, tracks_before_px: Some(vec![line]), ..Request::default() });
    assert_eq!(steps(&plan), ["align", "detect-before"]);
    let after_to_before = Transform::similarity(1.0, 0.0, 30.0, 0.0);
    plan.accept(Outcome::Aligned(Box::new(alignment(Status::Pass, Some(after_to_before)))));
    let drawn = plan.ready().into_iter().find_map(|job| match job {
        Job::Detect { side: Side::After, tracks_px, .. } => tracks_px,
        _ => None,
    });
    assert_eq!(drawn.expect("drawn")[0][0], Point::new(0.0, 10.0));
}

/// Pixels of a scene that is worth an overview, and of one that isn't.
const LARGE_PX: (usize, usize) = (4096, 4096);
const SMALL_PX: (usize, usize) = (1024, 1024);

#[test]
fn an_overview_comes_first_for_large_scenes_and_never_for_small_ones() {
    let gsd = Some((0.5, GsdSource::File));
    let request = Request { before_gsd: gsd, after_gsd: gsd, ..Request::default() };
    let mut plan = Plan::new(request.clone());
    plan.ask_overview(Side::Before, LARGE_PX);
    plan.ask_overview(Side::After, SMALL_PX);
    assert_eq!(steps(&plan), ["overview-before", "detect-after", "align"], "the look for cars waits for its overview");
    assert!(plan.awaits_overview());
    let count = Count { estimate: 40.0, low: 16.0, high: 78.0, level: 0.9, kind: CountKind::Individual };
    let overview = Overview { gsd: (0.5, GsdSource::File), measured: None, count: Some(count) };
    plan.accept(Outcome::Overviewed(Side::Before, Box::new(overview)));
    assert_eq!(steps(&plan), ["detect-before", "detect-after", "align"], "what takes longest, first");
    assert_eq!((plan.overview(Side::Before), plan.overview(Side::After)), (Some(count), None));
    assert!(plan.before.is_none(), "an overview is no count");

    let drawn = vec![vec![Point::new(30.0, 10.0), Point::new(130.0, 10.0)]];
    let mut plan = Plan::new(Request { tracks_before_px: Some(drawn), ..request });
    plan.ask_overview(Side::Before, LARGE_PX);
    assert_eq!(steps(&plan), ["align", "detect-before"], "it would not be about the tracks that were drawn");
}

#[test]
fn the_answer_is_the_same_with_and_without_an_overview() {
    let example = sidings::example::draw(7);
    let scene = |drawn: &sidings::example::ExampleScene| Scene { samples: Samples::U8(drawn.rgb.clone()), valid: None };
    // Nobody says the scale: the overview measures it, and what follows takes it over.
    let answer = |asked: bool| {
        let mut plan = Plan::new(Request::default());
        plan.after_size_px = Some((example.after.rgb.width(), example.after.rgb.height()));
        if asked {
            [Side::Before, Side::After].into_iter().for_each(|side| plan.ask_overview(side, LARGE_PX));
        }
        let mut bench = Workbench::with(scene(&example.before), scene(&example.after));
        let mut done = Vec::new();
        while let Some(job) = plan.ready().into_iter().next() {
            done.push(job.step());
            plan.accept(perform(&job, &mut bench, &mut |_| Ok(())).expect("an answer"));
        }
        assert_eq!(done.iter().filter(|step| step.starts_with("overview")).count(), if asked { 2 } else { 0 }, "{done:?}");
        let overviews = [Side::Before, Side::After].map(|side| plan.overview(side));
        assert!(overviews.iter().all(|count| count.is_some_and(|c| c.high > 0.0) == asked), "{overviews:?}");
        format!("{:?} {:?} {:?} {:?}", plan.alignment, plan.before, plan.after, plan.comparison)
    };
    assert!(answer(true) == answer(false), "an overview changed the answer");
}

/// A plan driven to its comparison by outcomes made by hand; only the comparison itself is performed.
fn compared(before_px: &[f64], after_px: &[f64], shift: f64) -> Plan {
    let gsd = Some((0.5, GsdSource::Given));
    let mut plan = Plan::new(Request { before_gsd: gsd, after_gsd: gsd, ..Request::default() });
    let after_to_before = Transform::similarity(1.0, 0.0, shift, 0.0);
    plan.accept(Outcome::Aligned(Box::new(alignment(Status::Pass, Some(after_to_before)))));
    for (side, centers) in [(Side::Before, before_px), (Side::After, after_px)] {
        plan.accept(Outcome::Detected(side, Box::new(detection(0.5, centers))));
    }
    assert_eq!(steps(&plan), ["recheck-before", "recheck-after"]);
    for (side, centers) in [(Side::Before, before_px), (Side::After, after_px)] {
        plan.accept(Outcome::Rechecked(side, Box::new(detection(0.5, centers))));
    }
    let mut bench = bench();
    while let Some(job) = plan.ready().first() {
        assert_eq!(job.step(), "compare");
        plan.accept(perform(job, &mut bench, &mut |_| Ok(())).expect("compared"));
    }
    plan
}

fn bench() -> Workbench {
    bench_of_height(20)
}

fn bench_of_height(height: usize) -> Workbench {
    let noise = |seed: usize| {
        let mut state = seed as u32;
        Raster::from_fn(400, height, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
    };
    let scene = |seed| Scene { samples: Samples::U8(noise(seed)), valid: None };
    Workbench::with(scene(1), scene(2))
}

#[test]
fn cars_are_carried_from_after_to_before_and_not_the_other_way() {
    // The same three cars, seen 40 px further left in the newer image, and one more.
    let plan = compared(&[100.0, 140.0, 180.0], &[60.0, 100.0, 140.0, 240.0], 40.0);
    let comparison = plan.comparison.expect("compared");
    assert_eq!(comparison.both, [(0, 0), (1, 1), (2, 2)]);
    assert_eq!(comparison.new, [3]);
    assert!(comparison.gone.is_empty());
    assert!(comparison.new_count.low <= 1.0 && comparison.new_count.high >= 1.0);
}

#[test]
fn a_car_beyond_the_other_image_is_neither_new_nor_gone() {
    let plan = compared(&[20.0, 200.0], &[160.0, 380.0], 40.0);
    let comparison = plan.comparison.expect("compared");
    assert_eq!(comparison.both, [(1, 0)]);
    assert_eq!((comparison.outside.before, comparison.outside.after), (vec![0], vec![1]));
    assert!(comparison.new.is_empty() && comparison.gone.is_empty());
    assert_eq!(comparison.new_count.high, 0.0);
    assert!(comparison.warnings.iter().any(|w| w.code == "outside-the-other-image"));
}

#[test]
fn the_same_picture_twice_aligns_without_a_search_and_is_called_so() {
    let scene = bench().get(Side::Before).expect("there").clone();
    let mut bench = Workbench::with(scene.clone(), scene);
    let Outcome::Aligned(found) =
        perform(&Job::Align { control_points: Vec::new() }, &mut bench, &mut |_| Ok(())).expect("aligned")
    else {
        panic!("not an alignment");
    };
    assert_eq!((found.status, found.after_to_before), (Status::Pass, Some(Transform::IDENTITY)));
    let cars = detection(0.5, &[100.0, 140.0]);
    let job = Job::Compare { alignment: found, before: Box::new(cars.clone()), after: Box::new(cars) };
    let Outcome::Compared { comparison, .. } = perform(&job, &mut bench, &mut |_| Ok(())).expect("compared") else {
        panic!("not a comparison");
    };
    assert!(comparison.new.is_empty() && comparison.gone.is_empty() && comparison.both.len() == 2);
    assert!(comparison.warnings.iter().any(|w| w.code == "same-image"));
}

#[test]
fn a_missing_image_is_named() {
    let error = perform(&Job::Align { control_points: Vec::new() }, &mut Workbench::default(), &mut |_| Ok(()))
        .expect_err("nothing there");
    assert_eq!(error.code(), "image-missing");
}

#[test]
fn jobs_and_outcomes_survive_the_way_to_a_worker() {
    let plan = compared(&[100.0], &[60.0, 240.0], 40.0);
    let job = Job::Compare {
        alignment: Box::new(plan.alignment.clone().expect("aligned")),
        before: Box::new(plan.before.clone().expect("detected")),
        after: Box::new(plan.after.clone().expect("detected")),
    };
    let bytes = postcard::to_allocvec(&job).expect("can be written down");
    assert_eq!(postcard::from_bytes::<Job>(&bytes).expect("comes back"), job);
}

#[test]
fn cancel_is_heard_at_the_next_tick_and_nothing_runs_after_it() {
    let gsd = Some((0.5, GsdSource::Given));
    let jobs = [
        Job::Align { control_points: vec![ControlPoint { before: Point::new(1.0, 2.0), after: Point::new(3.0, 4.0) }] },
        Job::Overview { side: Side::Before, gsd },
        Job::Overview { side: Side::After, gsd: None },
        Job::Detect { side: Side::Before, gsd, tracks_px: None, by_hand: Box::default() },
        Job::Detect { side: Side::After, gsd: None, tracks_px: None, by_hand: Box::default() },
    ];
    for job in jobs {
        for at in [1, 2, 3] {
            let mut calls = 0;
            let stopped = perform(&job, &mut bench_of_height(300), &mut |_| {
                calls += 1;
                if calls >= at { Err(Error::Cancelled) } else { Ok(()) }
            });
            assert_eq!(stopped.expect_err("stopped"), Error::Cancelled, "{} at call {at}", job.step());
            assert_eq!(calls, at, "{} went on after it was told to stop", job.step());
        }
    }
}

#[test]
fn a_bench_that_has_looked_gives_the_same_answer_as_one_that_has_not() {
    let gsd = (0.5, GsdSource::Given);
    let first = Job::Detect { side: Side::Before, gsd: Some(gsd), tracks_px: None, by_hand: Box::default() };
    let mut used = bench();
    let Outcome::Detected(_, seen) = perform(&first, &mut used, &mut |_| Ok(())).expect("detected") else {
        panic!("not a detection");
    };
    let again = Job::Recheck {
        side: Side::Before,
        own: seen.clone(),
        other: seen,
        own_to_other: Transform::IDENTITY,
        drawn_px: Vec::new(),
        by_hand: Box::default(),
    };
    let from_used = perform(&again, &mut used, &mut |_| Ok(())).expect("rechecked");
    let from_fresh = perform(&again, &mut bench(), &mut |_| Ok(())).expect("rechecked");
    assert_eq!(format!("{from_used:?}"), format!("{from_fresh:?}"));
}

#[test]
fn control_points_beat_the_search_and_one_alone_shifts_what_it_finds() {
    // Noise, of which no two places agree: the search alone would refuse these.
    let noise = |seed: u64| {
        let mut random = sidings::random::Random::new(seed);
        Scene { samples: Samples::U8(Raster::from_fn(160, 140, |_, _| random.below(256) as u8)), valid: None }
    };
    let pair = |x: f64, y: f64| ControlPoint { before: Point::new(x + 5.0, y - 3.0), after: Point::new(x, y) };
    let align = |control_points| {
        let mut bench = Workbench::with(noise(1), noise(2));
        let Ok(Outcome::Aligned(found)) = perform(&Job::Align { control_points }, &mut bench, &mut |_| Ok(())) else {
            panic!("an alignment")
        };
        *found
    };
    let found = align(vec![
        pair(20.0, 20.0),
        pair(120.0, 30.0),
        pair(30.0, 110.0),
        pair(130.0, 120.0),
        pair(70.0, 15.0),
        pair(60.0, 80.0),
    ]);
    assert_eq!((found.status, found.tie_points.len()), (Status::Pass, 6));
    let there = found.after_to_before.expect("a transform").apply(Point::new(50.0, 50.0));
    assert!(there.distance(Point::new(55.0, 47.0)) < 1e-9);
    let alone = align(vec![pair(20.0, 20.0)]);
    assert!(alone.status == Status::Fail && alone.reasons[0].contains("can only shift"), "{:?}", alone.reasons);
}
