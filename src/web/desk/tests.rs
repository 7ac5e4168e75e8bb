//! The desk, driven as the session drives it, with answers made up here.

use super::*;
use crate::align::{Alignment, Model, Residual, Status};
use crate::compare::{ByDate, Comparison};
use crate::geometry::{OrientedRect, Point, Transform};
use crate::georeference::Georeference;
use crate::pipeline::{Job, Outcome, Overview};
use crate::web::picture::ImageInfo;
use crate::web::snapshot::{CarStatus, Phase, Snapshot};
use crate::yard::{CarType, Count, CountKind, Detection, GsdSource, Railcar};

pub(super) fn info(sha256: &str) -> ImageInfo {
    ImageInfo {
        format: "png".to_owned(),
        width: 400,
        height: 300,
        sha256: sha256.to_owned(),
        credentials: None,
        georeference: Georeference::default(),
        warnings: Vec::new(),
        reduction: 1,
    }
}

fn count(estimate: f64) -> Count {
    Count { estimate, low: estimate, high: estimate + 1.0, level: 0.9, kind: CountKind::Individual }
}

pub(super) fn detection(ids: &[u32]) -> Box<Detection> {
    let railcar = |&id| Railcar {
        id,
        rect_px: OrientedRect { center: Point::new(50.0 + f64::from(id), 20.0), length: 28.0, width: 6.0, angle_rad: 0.0 },
        length_m: 14.0,
        width_m: 3.0,
        confidence: 0.9,
        track: 1,
        along_m: 10.0,
        car_type: CarType::Unknown,
    };
    Box::new(Detection {
        gsd_m: 0.5,
        gsd_from: GsdSource::Estimated,
        count: count(ids.len() as f64),
        occupied_track_m: 14.0 * ids.len() as f64,
        railcars: ids.iter().map(railcar).collect(),
        tracks: Vec::new(),
        evidence: Vec::new(),
        possible_empties: Vec::new(),
        gantries: Vec::new(),
        warnings: Vec::new(),
    })
}

pub(super) fn alignment(status: Status) -> Box<Alignment> {
    Box::new(Alignment {
        status,
        reasons: vec!["Made up.".to_owned()],
        model: Model::Shift,
        after_to_before: (status != Status::Fail).then(|| Transform::similarity(1.0, 0.0, 5.0, 0.0)),
        residual_px: Residual { median: Some(0.3), p95: Some(0.8), held_out: true, points: 50 },
        coverage: 0.9,
        tie_points: Vec::new(),
    })
}

/// Car 1 of each date stands at the same place; 2 of *before* is gone, 3 of *after* is new.
pub(super) fn outcome(job: &Job, status: Status) -> Outcome {
    match job {
        Job::Align { .. } => Outcome::Aligned(alignment(status)),
        Job::Overview { side, .. } => {
            let overview = Overview { gsd: (0.5, GsdSource::Given), measured: None, count: Some(count(7.0)) };
            Outcome::Overviewed(*side, Box::new(overview))
        }
        Job::Detect { side: Side::Before, .. } => Outcome::Detected(Side::Before, detection(&[1, 2])),
        Job::Detect { side, .. } => Outcome::Detected(*side, detection(&[1, 3])),
        Job::Recheck { side: Side::Before, .. } => Outcome::Rechecked(Side::Before, detection(&[1, 2])),
        Job::Recheck { side, .. } => Outcome::Rechecked(*side, detection(&[1, 3])),
        Job::Compare { before, after, .. } => Outcome::Compared {
            comparison: Box::new(Comparison {
                new: vec![3],
                gone: vec![2],
                both: vec![(1, 1)],
                undecided: ByDate::default(),
                outside: ByDate::default(),
                new_count: count(1.0),
                gone_count: count(1.0),
                before_judgements: Vec::new(),
                after_judgements: Vec::new(),
                warnings: Vec::new(),
            }),
            before: before.clone(),
            after: after.clone(),
        },
    }
}

/// Does all there is to do. Files whose names begin with `bad` can't be read; the bytes of a file are its name without `copy of `.
pub(super) fn work_off(desk: &mut Desk, status: Status) -> Snapshot {
    let mut steps = 0;
    while let Some((ticket, work)) = desk.next_work(0.0) {
        steps += 1;
        assert!(steps < 50, "no end in sight");
        match work {
            Work::Read { file, .. } if file.starts_with("bad") => {
                let problem = Problem { code: "not-an-image".to_owned(), message: "Not an image.".to_owned(), file: None };
                desk.failed(ticket, problem);
            }
            Work::Read { file, .. } => desk.done(ticket, Answer::Read(Box::new(info(file.trim_start_matches("copy of "))))),
            Work::Job(job) => desk.done(ticket, Answer::Done(Box::new(outcome(&job, status)))),
            Work::Example => desk.done(ticket, Answer::Drawn),
        }
    }
    desk.snapshot(0.0)
}

pub(super) fn dropped(files: &[&str]) -> (Desk, Snapshot) {
    let mut desk = Desk::default();
    add(&mut desk, files);
    let snapshot = work_off(&mut desk, Status::Pass);
    (desk, snapshot)
}

pub(super) fn add(desk: &mut Desk, files: &[&str]) {
    let files: Vec<Dropped> = files.iter().map(|f| Dropped { file: (*f).to_owned(), bytes: 9, ..Dropped::default() }).collect();
    desk.add(&files);
}

pub(super) fn codes(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.problems.iter().map(|p| p.code.as_str()).collect()
}

pub(super) fn pair(snapshot: &Snapshot) -> (Option<&str>, Option<&str>) {
    let file = |image: &'_ Option<crate::web::snapshot::ImageView>| image.as_ref().map(|i| i.file.clone());
    let leak = |name: Option<String>| name.map(|n| &*n.leak());
    (leak(file(&snapshot.images.before)), leak(file(&snapshot.images.after)))
}

#[test]
fn two_images_in_any_order_reach_an_answer_by_themselves() {
    for files in [["before.jpg", "after.jpg"], ["after.jpg", "before.jpg"]] {
        let (_, snapshot) = dropped(&files);
        assert_eq!((snapshot.phase, snapshot.order), (Phase::Ready, Order::Name));
        assert_eq!(pair(&snapshot), (Some("before.jpg"), Some("after.jpg")));
        assert!(snapshot.problems.is_empty(), "{:?}", snapshot.problems);
    }
}

#[test]
fn a_place_on_both_dates_is_listed_once_and_outlined_for_each_map() {
    let (mut desk, snapshot) = dropped(&["before.jpg", "after.jpg"]);
    let listed: Vec<_> = snapshot.cars.iter().map(|c| (c.key.as_str(), c.status, c.pair.as_deref())).collect();
    assert_eq!(listed, [("a1", CarStatus::Both, Some("b1")), ("a3", CarStatus::New, None), ("b2", CarStatus::Gone, None)]);
    let outlined = |desk: &Desk| desk.sheet().outlines.iter().map(|o| (o.key.clone(), o.side)).collect::<Vec<_>>();
    let own = |key: &str, side| (key.to_owned(), side);
    assert_eq!(outlined(&desk), [own("a1", Side::Before), own("b2", Side::Before), own("a3", Side::After)]);
    desk.command(Command::SetMode { mode: crate::web::view::Mode::Side });
    assert_eq!(outlined(&desk).len(), 4);
    let new = desk.sheet().outlines.into_iter().find(|o| o.key == "a3").expect("the new car");
    assert_eq!(new.corners[0], Point::new(53.0 - 14.0 + 5.0, 17.0), "carried into the frame of before");
}

#[test]
fn images_come_one_by_one() {
    let (mut desk, snapshot) = dropped(&["b.jpg"]);
    assert_eq!((snapshot.phase, codes(&snapshot)), (Phase::Empty, vec!["one-image"]));
    assert!(snapshot.problems[0].message.contains("b.jpg"));
    add(&mut desk, &["a.jpg"]);
    assert_eq!(desk.snapshot(0.0).phase, Phase::Working, "as soon as the files lie there");
    let snapshot = work_off(&mut desk, Status::Pass);
    assert_eq!((snapshot.phase, pair(&snapshot)), (Phase::Ready, (Some("a.jpg"), Some("b.jpg"))));
    assert!(snapshot.problems.is_empty());
}

#[test]
fn a_bad_file_is_named_and_the_good_one_stays() {
    let (mut desk, snapshot) = dropped(&["good.jpg", "bad.jpg"]);
    assert_eq!((snapshot.phase, pair(&snapshot)), (Phase::Refused, (Some("good.jpg"), None)));
    assert_eq!((codes(&snapshot), snapshot.problems[0].file.as_deref()), (vec!["not-an-image"], Some("bad.jpg")));
    add(&mut desk, &["other.jpg"]);
    assert_eq!(work_off(&mut desk, Status::Pass).phase, Phase::Ready);
}

#[test]
fn a_bad_file_does_not_take_an_answer_away() {
    let (mut desk, _) = dropped(&["before.jpg", "after.jpg"]);
    add(&mut desk, &["bad.pdf"]);
    let snapshot = work_off(&mut desk, Status::Pass);
    assert_eq!((snapshot.phase, codes(&snapshot), snapshot.cars.len()), (Phase::Ready, vec!["not-an-image"], 3));
}

#[test]
fn the_same_file_twice_is_one_image() {
    for files in [&["x.jpg", "copy of x.jpg"][..], &["x.jpg"][..]] {
        let (mut desk, _) = dropped(files);
        if files.len() == 1 {
            add(&mut desk, &["copy of x.jpg"]);
        }
        let snapshot = work_off(&mut desk, Status::Pass);
        assert_eq!((snapshot.phase, codes(&snapshot)), (Phase::Refused, vec!["same-file"]));
        assert_eq!(pair(&snapshot), (Some("x.jpg"), None));
    }
}

#[test]
fn of_three_images_it_says_which_two_are_used() {
    let (mut desk, snapshot) = dropped(&["yard3.jpg", "yard1.jpg", "yard2.jpg"]);
    assert_eq!((snapshot.phase, pair(&snapshot)), (Phase::Ready, (Some("yard1.jpg"), Some("yard3.jpg"))));
    assert!(snapshot.problems[0].message.contains("yard2.jpg is set aside"), "{}", snapshot.problems[0].message);
    let spare = snapshot.spare[0].id;
    desk.command(Command::UseImage { id: spare, side: Side::Before });
    let snapshot = work_off(&mut desk, Status::Pass);
    assert_eq!((pair(&snapshot), snapshot.order), ((Some("yard2.jpg"), Some("yard3.jpg")), Order::User));
    assert_eq!(snapshot.spare[0].file, "yard1.jpg");
}

#[test]
fn one_more_image_is_set_aside_and_two_more_start_anew() {
    let (mut desk, _) = dropped(&["before.jpg", "after.jpg"]);
    add(&mut desk, &["third.jpg"]);
    let snapshot = work_off(&mut desk, Status::Pass);
    assert_eq!((snapshot.phase, pair(&snapshot)), (Phase::Ready, (Some("before.jpg"), Some("after.jpg"))));
    assert_eq!(codes(&snapshot), ["more-than-two"]);
    add(&mut desk, &["n1.jpg", "n2.jpg"]);
    let snapshot = work_off(&mut desk, Status::Pass);
    assert_eq!((snapshot.phase, pair(&snapshot)), (Phase::Ready, (Some("n1.jpg"), Some("n2.jpg"))));
}

#[test]
fn different_places_are_refused_and_the_workers_stopped() {
    let mut desk = Desk::default();
    add(&mut desk, &["a.jpg", "b.jpg"]);
    for _ in 0..2 {
        let (ticket, Work::Read { file, .. }) = desk.next_work(0.0).expect("a file") else { panic!("reads come first") };
        desk.done(ticket, Answer::Read(Box::new(info(&file))));
    }
    let (align, _) = desk.next_work(0.0).expect("the alignment");
    let (detect, Work::Job(job)) = desk.next_work(0.0).expect("a detection") else { panic!("a job") };
    desk.done(align, Answer::Done(Box::new(Outcome::Aligned(alignment(Status::Fail)))));
    assert!(desk.take_stop() && !desk.take_stop());
    desk.done(detect, Answer::Done(Box::new(outcome(&job, Status::Pass))));
    let snapshot = desk.snapshot(0.0);
    assert_eq!((snapshot.phase, codes(&snapshot)), (Phase::Refused, vec!["not-the-same-place"]));
    assert!(snapshot.images.after.is_some() && snapshot.counts.after.is_none(), "the late answer was called off");
    assert!(desk.next_work(0.0).is_none());
}

#[test]
fn cancel_stops_and_keeps_what_was_read() {
    let mut desk = Desk::default();
    add(&mut desk, &["a.jpg", "b.jpg"]);
    for _ in 0..2 {
        let (ticket, Work::Read { file, .. }) = desk.next_work(0.0).expect("a file") else { panic!("reads come first") };
        desk.done(ticket, Answer::Read(Box::new(info(&file))));
    }
    desk.next_work(0.0).expect("a job");
    desk.command(Command::Cancel);
    assert!(desk.take_stop());
    let snapshot = desk.snapshot(0.0);
    assert_eq!((snapshot.phase, codes(&snapshot)), (Phase::Refused, vec!["cancelled"]));
    assert!(snapshot.images.before.is_some() && snapshot.images.after.is_some());
    assert!(desk.next_work(0.0).is_none());
    desk.command(Command::Run);
    assert_eq!(work_off(&mut desk, Status::Pass).phase, Phase::Ready);
}

#[test]
fn cancel_while_reading_keeps_the_files_in_sight() {
    let mut desk = Desk::default();
    add(&mut desk, &["b.jpg", "a.jpg"]);
    let (ticket, _) = desk.next_work(0.0).expect("a file");
    desk.command(Command::Cancel);
    desk.done(ticket, Answer::Read(Box::new(info("b.jpg"))));
    let snapshot = desk.snapshot(0.0);
    assert_eq!((snapshot.phase, pair(&snapshot)), (Phase::Refused, (Some("a.jpg"), Some("b.jpg"))));
    assert_eq!(snapshot.images.before.and_then(|image| image.width), None);
    desk.command(Command::Run);
    assert_eq!(work_off(&mut desk, Status::Pass).phase, Phase::Ready);
}

#[test]
fn after_a_stop_other_files_take_the_place_of_unread_ones() {
    let mut desk = Desk::default();
    add(&mut desk, &["a.jpg", "b.jpg"]);
    desk.command(Command::Cancel);
    add(&mut desk, &["c.jpg", "d.jpg"]);
    let snapshot = work_off(&mut desk, Status::Pass);
    assert_eq!((snapshot.phase, pair(&snapshot)), (Phase::Ready, (Some("c.jpg"), Some("d.jpg"))));
    assert!(snapshot.spare.is_empty());
}

#[test]
fn two_files_of_which_one_lies_there_are_the_new_pair() {
    let (mut desk, _) = dropped(&["before.jpg", "elsewhere.jpg"]);
    add(&mut desk, &["before.jpg", "after.jpg"]);
    let snapshot = work_off(&mut desk, Status::Pass);
    assert_eq!((snapshot.phase, pair(&snapshot)), (Phase::Ready, (Some("before.jpg"), Some("after.jpg"))));
    assert_eq!((codes(&snapshot), snapshot.spare.len()), (vec![], 1));
}

#[test]
fn a_scale_set_by_the_user_is_used_and_the_alignment_kept() {
    let (mut desk, _) = dropped(&["before.jpg", "after.jpg"]);
    desk.command(Command::SetGsd { side: Side::Before, gsd_m: Some(0.3) });
    let jobs: Vec<Work> = std::iter::from_fn(|| desk.next_work(0.0)).map(|(_, work)| work).collect();
    assert!(jobs.iter().all(|work| work.step() != "align"), "{jobs:?}");
    assert!(
        jobs.iter().any(
            |work| matches!(work, Work::Job(job) if matches!(**job, Job::Detect { gsd: Some((0.3, GsdSource::Given)), .. }))
        )
    );
    desk.command(Command::SetGsd { side: Side::Before, gsd_m: Some(-1.0) });
    assert_eq!(codes(&desk.snapshot(0.0)), ["gsd-out-of-range"]);
}

#[test]
fn pictures_that_cannot_be_laid_over_each_other_stand_apart() {
    let mut desk = Desk::default();
    add(&mut desk, &["a.jpg", "b.jpg"]);
    for _ in 0..2 {
        let (ticket, Work::Read { file, .. }) = desk.next_work(0.0).expect("a file") else { panic!("reads come first") };
        desk.done(ticket, Answer::Read(Box::new(info(&file))));
    }
    let (align, _) = desk.next_work(0.0).expect("the alignment");
    let (detect, _) = desk.next_work(0.0).expect("a detection");
    desk.done(detect, Answer::Done(Box::new(Outcome::Detected(Side::After, detection(&[1, 3])))));
    assert!(desk.sheet().outlines.is_empty(), "no way into the frame of before yet");
    desk.done(align, Answer::Done(Box::new(Outcome::Aligned(alignment(Status::Fail)))));
    let sheet = desk.sheet();
    assert!(sheet.apart && desk.snapshot(0.0).apart && sheet.view.mode == crate::web::view::Mode::Side);
    assert!(sheet.outlines.len() == 2 && sheet.outlines.iter().all(|o| o.side == Side::After));
}

#[test]
fn a_scale_far_from_the_files_own_is_warned_of() {
    let mut desk = Desk::default();
    add(&mut desk, &["before.jpg", "after.jpg"]);
    for _ in 0..2 {
        let Some((ticket, Work::Read { file, .. })) = desk.next_work(0.0) else { panic!("two files to read") };
        let mut info = info(&file);
        info.georeference.gsd_m = Some(0.5);
        desk.done(ticket, Answer::Read(Box::new(info)));
    }
    let warned = |desk: &mut Desk| desk.snapshot(0.0).warnings.iter().any(|w| w.code == "gsd-differs");
    assert!(!warned(&mut desk));
    desk.command(Command::SetGsd { side: Side::After, gsd_m: Some(0.3) });
    assert!(warned(&mut desk));
    desk.command(Command::SetGsd { side: Side::After, gsd_m: Some(0.52) });
    assert!(!warned(&mut desk));
}

#[test]
fn a_date_set_by_the_user_may_turn_the_order_round() {
    let (mut desk, _) = dropped(&["a.jpg", "b.jpg"]);
    let set = |desk: &mut Desk, side, date: &str| desk.command(Command::SetDate { side, date: Some(date.to_owned()) });
    set(&mut desk, Side::Before, "2023-10-05");
    assert!(desk.next_work(0.0).is_none(), "one date alone says nothing");
    set(&mut desk, Side::After, "2023-09-14");
    let snapshot = work_off(&mut desk, Status::Pass);
    assert_eq!((pair(&snapshot), snapshot.order), ((Some("b.jpg"), Some("a.jpg")), Order::Date));
}

#[test]
fn a_day_other_than_the_files_takes_its_sun_away() {
    let (mut desk, _) = dropped(&["a.jpg", "b.jpg"]);
    let world = "0.5\n0\n0\n-0.5\n632000\n4698000\n";
    let prj = r#"PROJCS["WGS 84 / UTM zone 52N",AUTHORITY["EPSG","32652"]]"#;
    let beside = [("20231005_021551_ssc1_u0001.jgw", world), ("20231005_021551_ssc1_u0001.prj", prj)]
        .map(|(name, text)| crate::georeference::Sidecar { name, bytes: text.as_bytes() });
    let placed = crate::georeference::read_with(b"", "20231005_021551_ssc1_u0001.jpg", (400, 300), &beside);
    for picture in &mut desk.pictures {
        picture.info.as_mut().expect("it is read").georeference = placed.clone();
    }
    let mut steps = |date: &str| {
        desk.command(Command::SetDate { side: Side::After, date: Some(date.to_owned()) });
        let misdated = desk.plan().expect("two images").request.misdated;
        let mut steps = Vec::new();
        while let Some((ticket, Work::Job(job))) = desk.next_work(0.0) {
            steps.push(job.step());
            desk.done(ticket, Answer::Done(Box::new(outcome(&job, Status::Pass))));
        }
        (misdated, steps.first().copied())
    };
    assert_eq!(steps("2023-10-05"), ([false, false], None), "the file's own day");
    assert_eq!(steps("2023-10-06"), ([false, true], Some("detect-before")), "counted again, on the same alignment");
    assert_eq!(steps("2023-10-07"), ([false, true], None), "the sun was unknown already");
}

#[test]
fn progress_never_goes_back_and_tells_the_time_left() {
    let mut desk = Desk::default();
    add(&mut desk, &["a.jpg", "b.jpg"]);
    let (mut now_s, mut last, mut forecasts) = (0.0, 0.0, 0);
    while let Some((ticket, work)) = desk.next_work(now_s) {
        for share in [0.5, 0.2, 1.0] {
            now_s += 0.5;
            desk.tick(ticket, share);
            let step = desk.snapshot(now_s).step.expect("under way");
            assert!(step.fraction >= last && step.fraction <= 1.0, "{last} then {}", step.fraction);
            last = step.fraction;
            forecasts += usize::from(step.seconds_left.is_some());
        }
        match work {
            Work::Read { file, .. } => desk.done(ticket, Answer::Read(Box::new(info(&file)))),
            Work::Job(job) => desk.done(ticket, Answer::Done(Box::new(outcome(&job, Status::Pass)))),
            Work::Example => panic!("nobody asked for it"),
        }
    }
    assert!(last > 0.9 && forecasts > 5);
    assert!(desk.snapshot(now_s).step.is_none());
}

#[test]
fn real_images_take_the_place_of_drawn_ones() {
    let mut desk = Desk::default();
    desk.command(Command::Example);
    assert!(matches!(desk.next_work(0.0), Some((1, Work::Example))));
    desk.done(1, Answer::Drawn);
    let drawn = |file: &str| Dropped { file: file.to_owned(), bytes: 1, synthetic: true, ..Dropped::default() };
    desk.add(&[drawn("synthetic-1.png"), drawn("synthetic-2.png")]);
    let snapshot = work_off(&mut desk, Status::Pass);
    assert!(snapshot.synthetic && snapshot.phase == Phase::Ready);
    add(&mut desk, &["real.jpg"]);
    let snapshot = work_off(&mut desk, Status::Pass);
    assert!(!snapshot.synthetic && snapshot.spare.is_empty());
    assert_eq!((pair(&snapshot), codes(&snapshot)), ((Some("real.jpg"), None), vec!["one-image"]));
}

#[test]
fn only_a_listed_car_can_be_selected() {
    let (mut desk, _) = dropped(&["before.jpg", "after.jpg"]);
    for (key, selected) in [(Some("a3"), Some("a3")), (Some("z9"), None), (Some("b2"), Some("b2")), (None, None)] {
        desk.command(Command::Select { key: key.map(str::to_owned) });
        let snapshot = desk.snapshot(0.0);
        assert_eq!(snapshot.view.selected.as_deref(), selected);
        assert_eq!(snapshot.cars.iter().filter(|c| c.selected).count(), usize::from(selected.is_some()));
    }
}

#[test]
fn the_report_is_that_of_the_command_line_and_tells_the_edits() {
    let (mut desk, snapshot) = dropped(&["before.jpg", "after.jpg"]);
    let report = |desk: &Desk| serde_json::to_value(desk.report().expect("an answer")).expect("plain values");
    let document = report(&desk);
    assert_eq!((&document["schema"], &document["change"]["new"]), (&"sidings/compare@1".into(), &serde_json::json!([3])));
    assert_eq!(document["provenance"]["inputs"][0]["sha256"], "before.jpg");
    assert_eq!(document["statement"]["text"], snapshot.statement.expect("a sentence").text);
    desk.command(Command::SetDate { side: Side::After, date: Some("2023-10-05".to_owned()) });
    assert_eq!(
        report(&desk)["provenance"]["edits"],
        serde_json::json!([{ "edit": "set-date", "image": "after", "date": "2023-10-05" }])
    );
    assert!(desk.snapshot(0.0).statement.expect("a sentence").text.contains("5 October 2023"));
    assert!(Desk::default().report().is_none());
}
