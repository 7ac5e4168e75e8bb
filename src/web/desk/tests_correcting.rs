//! Corrections of cars and tracks, driven as the session drives them.

use super::tests::{alignment, dropped, outcome, work_off};
use super::*;
use crate::align::Status;
use crate::pipeline::Outcome;
use crate::web::command::Tool;
use crate::web::snapshot::{CarStatus, Phase, Snapshot};
use crate::yard::{Detection, Track};
use serde_json::{Value, json};

pub(super) fn ready() -> Desk {
    let (mut desk, _) = dropped(&["before.jpg", "after.jpg"]);
    // Cars of the made-up answer stand a pixel apart; here they must be places of their own.
    desk.command(Command::Run);
    work(&mut desk, &|_| {});
    desk
}

/// The made-up answer with its cars 30 m apart and a track under them; `change` may alter what is seen.
pub(super) fn work(desk: &mut Desk, change: &dyn Fn(&mut Detection)) {
    let apart = |mut detection: Box<Detection>, job: &Job| {
        for car in &mut detection.railcars {
            car.rect_px.center = Point::new(f64::from(car.id) * 60.0, 20.0);
        }
        let line_px = vec![Point::new(0.0, 20.0), Point::new(390.0, 20.0)];
        detection.tracks = vec![Track { id: 1, line_px, length_m: 195.0, confidence: 0.9, snapped_m: None }];
        let corrections = match job {
            Job::Detect { by_hand, .. } | Job::Recheck { by_hand, .. } => by_hand.corrections.clone(),
            _ => Default::default(),
        };
        *detection = corrections.put_in(&detection);
        if !corrections.is_empty() {
            change(&mut detection);
        }
        detection
    };
    while let Some((ticket, work)) = desk.next_work(0.0) {
        let Work::Job(job) = work else { panic!("everything is read") };
        let done = match outcome(&job, Status::Pass) {
            Outcome::Detected(side, detection) => Outcome::Detected(side, apart(detection, &job)),
            Outcome::Rechecked(side, detection) => Outcome::Rechecked(side, apart(detection, &job)),
            Outcome::Aligned(_) => Outcome::Aligned(alignment(Status::Pass)),
            other => other,
        };
        desk.done(ticket, Answer::Done(Box::new(done)));
    }
}

pub(super) fn keys(snapshot: &Snapshot, status: CarStatus) -> Vec<&str> {
    snapshot.cars.iter().filter(|c| c.status == status).map(|c| c.key.as_str()).collect()
}

fn accept(desk: &mut Desk, key: &str) {
    desk.command(Command::AcceptCar { key: key.to_owned(), at: Some("2024-05-01T10:00:00Z".to_owned()) });
}

fn reject(desk: &mut Desk, key: &str) {
    desk.command(Command::RejectCar { key: key.to_owned(), at: None });
}

pub(super) fn edits(desk: &Desk) -> Value {
    serde_json::to_value(desk.report().expect("an answer")).expect("plain values")["provenance"]["edits"].clone()
}

#[test]
fn a_rejected_car_is_in_no_count_but_in_sight_and_comes_back() {
    let mut desk = ready();
    let first = desk.snapshot(0.0);
    assert_eq!(first.counts.after.map(|c| c.estimate), Some(2.0));
    assert!(!first.corrections.can_undo && !first.corrections.pending);
    desk.command(Command::Select { key: Some("a3".to_owned()) });
    reject(&mut desk, "a3");
    let snapshot = desk.snapshot(0.0);
    assert_eq!(snapshot.counts.after.map(|c| c.estimate), Some(1.0));
    assert_eq!(snapshot.counts.new.map(|c| c.estimate), Some(0.0));
    let ghosts = keys(&snapshot, CarStatus::Rejected);
    assert_eq!((ghosts.len(), snapshot.view.selected.as_deref()), (1, Some(ghosts[0])), "it stays selected");
    assert!(keys(&snapshot, CarStatus::New).is_empty());
    assert!(desk.sheet().outlines.iter().any(|o| o.status == CarStatus::Rejected && o.key == ghosts[0]));
    assert_eq!(edits(&desk)[0]["edit"], "reject-railcar");
    desk.command(Command::UndoEdit);
    let back = desk.snapshot(0.0);
    assert_eq!((back.cars.clone(), back.counts), (desk.snapshot(0.0).cars, first.counts));
    assert_eq!(keys(&back, CarStatus::New), ["a3"]);
    assert_eq!(back.view.selected.as_deref(), Some("a3"));
    assert_eq!(edits(&desk), json!([]));
}

#[test]
fn an_accepted_car_is_certain_and_a_place_of_both_dates_is_judged_on_both() {
    let mut desk = ready();
    accept(&mut desk, "a1");
    let snapshot = desk.snapshot(0.0);
    let car = snapshot.cars.iter().find(|c| c.key == "a1").expect("listed");
    assert!(car.accepted && car.confidence == 1.0);
    assert_eq!((snapshot.corrections.accepted, snapshot.corrections.rejected), (2, 0));
    let told = edits(&desk);
    assert_eq!(
        (told[0]["image"].clone(), told[1]["image"].clone(), told[0]["at"].clone()),
        (json!("after"), json!("before"), json!("2024-05-01T10:00:00Z"))
    );
    assert_eq!(told[0]["confidence"], json!(0.9), "as it was before");
    // The last word counts, and one undo takes one word back.
    reject(&mut desk, "a1");
    assert_eq!((desk.snapshot(0.0).corrections.accepted, desk.snapshot(0.0).corrections.rejected), (0, 2));
    desk.command(Command::UndoEdit);
    assert_eq!((desk.snapshot(0.0).corrections.accepted, desk.snapshot(0.0).corrections.rejected), (2, 0));
}

#[test]
fn counting_again_keeps_the_alignment_and_says_what_changed() {
    let mut desk = ready();
    accept(&mut desk, "a1");
    reject(&mut desk, "a3");
    desk.command(Command::CountAgain);
    let Some((ticket, Work::Job(job))) = desk.next_work(0.0) else { panic!("a job") };
    let Job::Detect { by_hand, .. } = &*job else { panic!("the alignment is kept, not {}", job.step()) };
    assert_eq!(by_hand.corrections.accepted.len(), 1);
    assert_eq!(desk.snapshot(0.0).phase, Phase::Working);
    assert_eq!(desk.snapshot(0.0).counts.after.map(|c| c.estimate), Some(1.0), "the answer stays in sight");
    desk.done(ticket, Answer::Done(Box::new(Outcome::Detected(Side::Before, super::tests::detection(&[1, 2])))));
    // What was learnt brings a car to light that nobody had listed.
    work(&mut desk, &|detection| {
        let mut more = detection.railcars[0].clone();
        (more.id, more.rect_px.center) = (9, Point::new(330.0, 20.0));
        detection.railcars.push(more);
        detection.count.estimate += 1.0;
    });
    let snapshot = desk.snapshot(0.0);
    assert_eq!(snapshot.phase, Phase::Ready);
    let change = &snapshot.corrections.changes[0];
    assert_eq!((change.side, change.accepted, change.rejected), (Side::After, 1, 1));
    assert_eq!((change.was.estimate, change.now.estimate), (2.0, 2.0));
    assert_eq!((change.fewer, change.more), (0, 1));
    assert!(!snapshot.corrections.pending && snapshot.corrections.can_undo);
    assert_eq!(keys(&snapshot, CarStatus::Rejected).len(), 1, "still struck out");
    desk.command(Command::UndoEdit);
    assert!(desk.snapshot(0.0).corrections.pending, "what was counted is no longer said");
}

#[test]
fn a_track_is_drawn_point_by_point_given_up_and_deleted() {
    let mut desk = ready();
    desk.command(Command::TakeTool { tool: Tool::Tracks });
    assert_eq!(desk.snapshot(0.0).corrections.tracks.len(), 1);
    desk.command(Command::DrawTrack);
    desk.point_at(Side::Before, Point::new(10.0, 60.0), None);
    desk.command(Command::DropTrack);
    assert_eq!(desk.snapshot(0.0).corrections.drawing, None);
    desk.command(Command::DrawTrack);
    for x in [10.0, 200.0, 300.0, 380.0] {
        desk.point_at(Side::After, Point::new(x, 60.0), None);
    }
    desk.command(Command::UndoEdit);
    assert_eq!(desk.snapshot(0.0).corrections.drawing, Some(3));
    let (marks, line) = (desk.sheet().marks.len(), desk.sheet().line);
    assert_eq!((marks, line.map(|(side, l)| (side, l.len()))), (6, Some((None, 3))), "on both dates");
    desk.command(Command::FinishTrack { at: None });
    desk.point_at(Side::Before, Point::new(100.0, 21.0), None);
    assert_eq!(desk.snapshot(0.0).corrections.tracks.iter().filter(|t| t.selected).count(), 1);
    desk.command(Command::DeleteTrack { at: None });
    let left: Vec<f64> = desk.snapshot(0.0).corrections.tracks.iter().map(|t| t.length_m).collect();
    assert_eq!((left, desk.sheet().tracks.len()), (vec![145.0], 1), "the drawn one is there before it is counted");
    assert_eq!(desk.snapshot(0.0).corrections.tracks_edited, 2);
    desk.command(Command::CountAgain);
    let told: Vec<_> = edits(&desk).as_array().expect("a list").iter().map(|e| e["edit"].clone()).collect();
    assert_eq!(told, ["draw-track", "delete-track", "count-again"]);
    let Some((_, Work::Job(job))) = desk.next_work(0.0) else { panic!("a job") };
    let Job::Detect { side: Side::Before, by_hand, .. } = &*job else { panic!("{}", job.step()) };
    assert_eq!(by_hand.tracks.added_px[0].len(), 3);
    assert_eq!(by_hand.tracks.deleted_px.len(), 1);
}

#[test]
fn a_file_of_tracks_comes_before_with_or_after_the_images_and_a_bad_one_says_so() {
    let text = br#"{"type":"LineString","coordinates":[[1,2],[300,2]],"crs":"pixels"}"#;
    let given = |desk: &Desk| desk.plan().and_then(|p| p.request.tracks_before_px.clone());
    let mut desk = Desk::default();
    desk.set_tracks("yard.geojson", text.to_vec());
    assert_eq!(desk.snapshot(0.0).problems[0].code, "tracks-wait");
    super::tests::add(&mut desk, &["before.jpg", "after.jpg"]);
    work_off(&mut desk, Status::Pass);
    assert_eq!(given(&desk).map(|lines| lines[0].len()), Some(2));
    assert_eq!(edits(&desk)[0], json!({ "edit": "use-tracks", "file": "yard.geojson", "names": [null] }));
    desk.command(Command::ForgetTracks);
    work_off(&mut desk, Status::Pass);
    assert_eq!(given(&desk), None);
    desk.set_tracks("bad.kml", b"<kml></kml>".to_vec());
    let snapshot = work_off(&mut desk, Status::Pass);
    assert!(snapshot.problems.iter().any(|p| p.code == "not-tracks" && p.file.as_deref() == Some("bad.kml")));
    assert_eq!((snapshot.phase, given(&desk)), (Phase::Ready, None));
}

#[test]
fn corrections_turn_round_with_the_images_and_go_with_them() {
    let mut desk = ready();
    reject(&mut desk, "a3");
    desk.command(Command::SwapDates);
    work(&mut desk, &|_| {});
    let corrections = desk.plan().expect("a plan").request.corrections.clone();
    assert_eq!((corrections.before.rejected.len(), corrections.after.rejected.len()), (1, 0));
    super::tests::add(&mut desk, &["1.jpg", "2.jpg"]);
    let snapshot = work_off(&mut desk, Status::Pass);
    assert!(!snapshot.corrections.can_undo && snapshot.corrections.rejected == 0);
}
