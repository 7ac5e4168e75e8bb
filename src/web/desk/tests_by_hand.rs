//! Control points, a line of known length, and the record, driven as the session drives them.

use super::tests::{dropped, outcome, work_off};
use super::*;
use crate::align::Status;
use crate::align::by_hand::Counterpart;
use crate::geometry::Transform;
use crate::pipeline::Outcome;
use crate::web::command::{Direction, Tool};
use crate::web::snapshot::Phase;
use serde_json::{Value, json};

fn ready() -> Desk {
    dropped(&["before.jpg", "after.jpg"]).0
}

fn report(desk: &Desk) -> Value {
    serde_json::to_value(desk.report().expect("an answer")).expect("plain values")
}

/// Sets six pairs whose places differ by (`dx`, `dy`), on the maps as they lie.
fn set_six(desk: &mut Desk, dx: f64, dy: f64) {
    for (x, y) in [(30.0, 30.0), (300.0, 40.0), (40.0, 220.0), (310.0, 230.0), (160.0, 50.0), (150.0, 200.0)] {
        desk.point_at(Side::Before, Point::new(x + dx, y + dy), None);
        desk.point_at(Side::After, Point::new(x, y), None);
    }
}

/// Does what there is to do, aligning by hand where points are given.
fn work_by_hand(desk: &mut Desk) {
    while let Some((ticket, work)) = desk.next_work(0.0) {
        let Work::Job(job) = work else { panic!("everything is read") };
        let done = match &*job {
            Job::Align { control_points } if !control_points.is_empty() => {
                Outcome::Aligned(Box::new(crate::align::by_hand::align(control_points, (400, 300), (400, 300), None)))
            }
            _ => outcome(&job, Status::Pass),
        };
        desk.done(ticket, Answer::Done(Box::new(done)));
    }
}

#[test]
fn points_lay_over_each_other_what_the_search_refused() {
    let (mut desk, _) = {
        let mut desk = Desk::default();
        super::tests::add(&mut desk, &["before.jpg", "after.jpg"]);
        let snapshot = work_off(&mut desk, Status::Fail);
        (desk, snapshot)
    };
    desk.command(Command::TakeTool { tool: Tool::Points });
    set_six(&mut desk, 12.0, -7.0);
    let hand = desk.snapshot(0.0).hand;
    assert_eq!((hand.points.len(), hand.missing, hand.usable), (6, 0, true));
    assert!(hand.points.iter().all(|p| p.residual_px.is_some_and(|d| d < 1e-6)));
    assert_eq!(desk.take_search().map(|s| s.pair), Some(6), "predicted by the points before it");
    desk.command(Command::UsePoints);
    work_by_hand(&mut desk);
    let snapshot = desk.snapshot(0.0);
    assert_eq!((snapshot.phase, snapshot.hand.tool, snapshot.hand.in_use), (Phase::Ready, Tool::None, true));
    let document = report(&desk);
    assert_eq!(document["provenance"]["edits"][0]["edit"], "control-points");
    assert_eq!(document["provenance"]["edits"][0]["points"][1]["before"], json!([312.0, 33.0]));
    assert_eq!(document["registration"]["tie_points"].as_array().map(Vec::len), Some(6));
    desk.command(Command::SwapDates);
    assert_eq!(desk.plan().expect("a plan").request.control_points[1].after, Point::new(312.0, 33.0), "turned round");
    desk.command(Command::ForgetPoints);
    assert!(desk.plan().expect("a plan").request.control_points.is_empty());
}

#[test]
fn a_counterpart_is_asked_for_proposed_and_may_be_moved() {
    let mut desk = ready();
    desk.command(Command::TakeTool { tool: Tool::Points });
    // Between the dates lies a shift of 5 px along x; the frame is that of before.
    desk.point_at(Side::After, Point::new(105.0, 60.0), None);
    let search = desk.take_search().expect("the alignment predicts");
    assert_eq!((search.at, search.prediction.apply(search.at)), (Point::new(100.0, 60.0), Point::new(105.0, 60.0)));
    assert!(desk.take_search().is_none(), "once");
    let found = |x, y| Some(Counterpart { at: Point::new(x, y), score: 0.8, clear: true });
    desk.searched(search.pair, found(106.0, 61.0));
    desk.searched(search.pair, found(1.0, 1.0));
    assert_eq!(desk.snapshot(0.0).hand.points[0].score, Some(0.8));
    assert_eq!(
        desk.loupe(Side::Before).map(|(_, corner)| corner),
        Some(Point::new(106.0 - 32.0, 61.0 - 32.0)),
        "the first answer stays"
    );
    desk.command(Command::Nudge { side: Side::Before, direction: Direction::Left, fine: false });
    desk.command(Command::ClickLoupe { side: Side::After, x: 99.0, y: 96.0, width: 192.0 });
    let whole = |desk: &Desk| desk.sheet().marks.iter().map(|m| m.at).collect::<Vec<_>>();
    assert_eq!(whole(&desk), [Point::new(105.0, 61.0), Point::new(106.0, 60.0)]);
    assert_eq!(desk.snapshot(0.0).hand.points[0].score, None, "a person moved it");
    for _ in 0..2 {
        desk.command(Command::UndoPoint);
    }
    assert_eq!(whole(&desk)[0], Point::new(106.0, 61.0));
    desk.command(Command::DeletePoint { id: search.pair });
    assert!(whole(&desk).is_empty());
    desk.command(Command::UndoPoint);
    assert_eq!(whole(&desk).len(), 2);
    desk.command(Command::RedoPoint);
    assert!(whole(&desk).is_empty() && !desk.snapshot(0.0).hand.can_redo);
    desk.command(Command::UndoPoint);
    assert!(desk.snapshot(0.0).hand.can_redo);
    desk.point_at(Side::Before, Point::new(-50.0, 10.0), None);
    assert_eq!(whole(&desk).len(), 2, "beyond the image");
}

#[test]
fn a_proposal_that_does_not_stand_out_counts_only_when_a_person_vouches_for_it() {
    let mut desk = ready();
    desk.command(Command::TakeTool { tool: Tool::Points });
    for (x, y) in [(30.0, 30.0), (300.0, 40.0), (40.0, 220.0), (310.0, 230.0), (160.0, 50.0), (150.0, 200.0)] {
        desk.point_at(Side::Before, Point::new(x, y), None);
        let search = desk.take_search().expect("a prediction");
        let at = search.prediction.apply(search.at);
        desk.searched(search.pair, Some(Counterpart { at, score: 0.1, clear: false }));
    }
    let hand = desk.snapshot(0.0).hand;
    assert!(!hand.usable && hand.missing == 6 && hand.fit.is_none(), "predictions confirm nothing but themselves");
    for id in 1..=2 {
        desk.command(Command::ConfirmPoint { id });
    }
    let hand = desk.snapshot(0.0).hand;
    assert_eq!((hand.usable, hand.missing, hand.points[1].score), (true, 4, None));
}

#[test]
fn two_pairs_may_be_used_but_not_one_place_twice() {
    let mut desk = ready();
    desk.command(Command::TakeTool { tool: Tool::Points });
    for x in [50.0, 50.0] {
        desk.point_at(Side::Before, Point::new(x, 50.0), None);
        desk.point_at(Side::After, Point::new(x, 50.0), None);
    }
    let hand = desk.snapshot(0.0).hand;
    assert!(!hand.usable && hand.fit.is_some_and(|f| f.reasons[0].contains("at one place")));
    desk.command(Command::UsePoints);
    assert!(desk.next_work(0.0).is_none());
}

#[test]
fn a_line_of_known_length_gives_the_scale_and_is_in_the_report() {
    let mut desk = ready();
    desk.command(Command::SetGsd { side: Side::Before, gsd_m: Some(0.3) });
    work_off(&mut desk, Status::Pass);
    desk.command(Command::TakeTool { tool: Tool::Scale });
    desk.point_at(Side::After, Point::new(25.0, 40.0), None);
    assert_eq!(desk.snapshot(0.0).hand.line.and_then(|l| l.length_px), None);
    desk.point_at(Side::After, Point::new(65.0, 70.0), None);
    assert_eq!(desk.snapshot(0.0).hand.line.and_then(|l| l.length_px), Some(50.0));
    assert_eq!(desk.sheet().line.map(|(side, _)| side), Some(Some(Side::After)));
    desk.command(Command::SetLength { length_m: 20.0 });
    let asked = desk.plan().expect("a plan").request.clone();
    assert_eq!((asked.before_gsd, asked.after_gsd.map(|g| g.0)), (None, Some(0.4)), "the other follows through the alignment");
    work_off(&mut desk, Status::Pass);
    let edit = report(&desk)["provenance"]["edits"][0].clone();
    assert_eq!(
        edit,
        json!({ "edit": "set-gsd", "image": "after", "gsd_m": 0.4, "drawn": { "line_px": [[20.0, 40.0], [60.0, 70.0]], "length_m": 20.0 } })
    );
}

#[test]
fn an_uncertain_alignment_can_be_accepted_and_that_is_written_down() {
    let mut desk = Desk::default();
    super::tests::add(&mut desk, &["before.jpg", "after.jpg"]);
    let snapshot = work_off(&mut desk, Status::Warn);
    assert!(snapshot.statement.expect("a sentence").text.contains("which a person should check"));
    desk.command(Command::AcceptAlignment);
    let snapshot = desk.snapshot(0.0);
    assert!(!snapshot.statement.expect("a sentence").text.contains("which a person should check"));
    assert_eq!(snapshot.alignment.map(|a| a.status), Some(Status::Warn), "a click proves nothing");
    assert_eq!(report(&desk)["provenance"]["edits"], json!([{ "edit": "accept-alignment" }]));
}

#[test]
fn a_facility_brings_its_place_and_a_record_its_comparison() {
    let mut desk = ready();
    assert_eq!(report(&desk)["record"], Value::Null);
    desk.command(Command::SetDate { side: Side::After, date: Some("2023-10-05".to_owned()) });
    desk.command(Command::SetFacility { id: Some("tumangang".to_owned()) });
    let document = report(&desk);
    assert_eq!(
        (&document["facility"]["id"], &document["record"]["rows"][0]["source"]),
        (&json!("tumangang"), &document["record"]["rows"][0]["source"])
    );
    assert!(
        document["statement"]["text"].as_str().is_some_and(|t| t.starts_with("At Tumangang, ")
            && t.contains(
                "within the range of the record, which holds one count and the highest count of one period since 2018"
            )),
        "{}",
        document["statement"]["text"]
    );
    desk.set_record("mine.csv", b"date,count\n2020-01-01,1\n2021-01-01,9\n");
    let document = report(&desk);
    assert_eq!((&document["record"]["counts"], &document["provenance"]["inputs"][2]["role"]), (&json!(2), &json!("record")));
    assert!(
        document["statement"]["text"].as_str().is_some_and(|t| t.contains("within the range")),
        "{}",
        document["statement"]["text"]
    );
    desk.set_record("torn.csv", b"date,count\nyesterday,1\n");
    let snapshot = desk.snapshot(0.0);
    assert!(
        snapshot.problems.iter().any(|p| p.file.as_deref() == Some("torn.csv"))
            && snapshot.place.record.as_deref() == Some("mine.csv")
    );
    desk.command(Command::ClearRecord);
    desk.command(Command::SetFacility { id: None });
    assert_eq!(report(&desk)["record"], Value::Null);
}

#[test]
fn residuals_are_drawn_longer_than_they_are_and_the_worst_is_known() {
    let mut desk = ready();
    assert!(desk.sheet().residuals.is_empty() && desk.snapshot(0.0).alignment.is_some_and(|a| a.exaggeration.is_none()));
    let plan = desk.plan.as_mut().expect("a plan");
    let alignment = plan.alignment.as_mut().expect("aligned");
    let shift = Transform::similarity(1.0, 0.0, 5.0, 0.0);
    for (x, miss) in [(100.0, 0.4), (200.0, 0.8)] {
        let after = Point::new(x, 50.0);
        let p = shift.apply(after);
        let before = Point::new(p.x - miss, p.y);
        alignment.tie_points.push(crate::align::TiePoint { before, after, residual_px: Some(miss) });
    }
    desk.command(Command::SetLayer { layer: LayerName::Residuals, on: true });
    let times = desk.snapshot(0.0).alignment.and_then(|a| a.exaggeration).expect("two places");
    let arrows = desk.sheet().residuals;
    assert_eq!((times, arrows.len()), (10.0, 2));
    assert!((arrows[1].to.x - arrows[1].from.x - 8.0).abs() < 1e-9);
    assert_eq!(desk.worst(), Some(arrows[1].from));
}
