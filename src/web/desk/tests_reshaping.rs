//! Cars outlined by hand, areas, and undo and redo of both, driven as the session drives them. Cars 1 and 2 of *before* stand at x = 60 and 120,
//! 1 and 3 of *after* at 60 and 180, 28 px long, on a track along y = 20; a pixel is half a metre, *after* lies 5 px to the right.

use super::tests_correcting::{edits, keys, ready, work};
use super::*;
use crate::web::command::Tool;
use crate::web::snapshot::{Car, CarStatus, Snapshot};
use crate::yard::CarType;

fn at() -> Option<String> {
    Some("2024-05-01T10:00:00Z".to_owned())
}

fn named(snapshot: &Snapshot, key: &str) -> Car {
    snapshot.cars.iter().find(|c| c.key == key).unwrap_or_else(|| panic!("{key} is not among {:?}", snapshot.cars)).clone()
}

fn estimate(snapshot: &Snapshot) -> (f64, f64) {
    (snapshot.counts.before.expect("counted").estimate, snapshot.counts.after.expect("counted").estimate)
}

/// Two clicks, in the map's frame.
fn draw(desk: &mut Desk, side: Side, from: f64, to: f64) {
    desk.command(Command::DrawCar { key: None });
    for x in [from, to] {
        desk.point_at(side, Point::new(x, 22.0), at());
    }
}

#[test]
fn two_clicks_along_a_track_add_a_car_that_counts_at_once() {
    let mut desk = ready();
    draw(&mut desk, Side::Before, 226.0, 254.0);
    let snapshot = desk.snapshot(0.0);
    assert_eq!((estimate(&snapshot), snapshot.corrections.placed), ((3.0, 2.0), 1));
    let key = snapshot.view.selected.clone().expect("it is selected");
    let car = named(&snapshot, &key);
    assert!(car.placed && (car.length_m - 14.0).abs() < 1e-9 && (car.width_m - 3.0).abs() < 1e-9);
    let rect = desk.detection(Side::Before).expect("shown").railcars[2].rect_px;
    assert_eq!((rect.center.x, rect.center.y), (240.0, 20.0), "it stands on the track");
    assert_eq!(snapshot.counts.before.map(|c| c.low <= c.estimate && c.estimate <= c.high), Some(true));
    let told = edits(&desk);
    assert_eq!(
        (&told[0]["edit"], &told[0]["image"], &told[0]["at"]),
        (&"add-railcar".into(), &"before".into(), &"2024-05-01T10:00:00Z".into())
    );
    let part = &snapshot.corrections.parts[0];
    assert_eq!((part.side, part.found.estimate, part.added, part.taken), (Side::Before, 2.0, 1, 0));
}

#[test]
fn a_car_that_was_added_where_the_other_date_has_one_is_on_both() {
    let mut desk = ready();
    assert_eq!(keys(&desk.snapshot(0.0), CarStatus::New), ["a3"]);
    // Car 3 of *after* stands at 180 of its own pixels, 185 of the frame.
    draw(&mut desk, Side::Before, 171.0, 199.0);
    let snapshot = desk.snapshot(0.0);
    assert_eq!(named(&snapshot, "a3").status, CarStatus::Both);
    assert_eq!(snapshot.counts.new.map(|c| c.estimate), Some(0.0));
    desk.command(Command::UndoEdit);
    assert_eq!(keys(&desk.snapshot(0.0), CarStatus::New), ["a3"]);
    desk.command(Command::RedoEdit);
    assert_eq!(named(&desk.snapshot(0.0), "a3").status, CarStatus::Both);
}

#[test]
fn a_car_is_moved_stretched_and_named_and_stays_the_same_car() {
    let mut desk = ready();
    for _ in 0..3 {
        desk.command(Command::ShiftCar { key: "a3".to_owned(), along_m: 0.5, across_m: 0.0, at: at() });
    }
    desk.command(Command::StretchCar { key: "a3".to_owned(), by_m: 1.0, at: at() });
    desk.command(Command::RetypeCar { key: "a3".to_owned(), car_type: CarType::Tank, at: at() });
    let snapshot = desk.snapshot(0.0);
    let car = named(&snapshot, "a3");
    assert_eq!((car.status, car.car_type, car.length_m), (CarStatus::New, CarType::Tank, 15.0));
    assert_eq!(desk.detection(Side::After).expect("shown").railcars[1].rect_px.center.x, 183.0);
    assert_eq!(estimate(&snapshot), (2.0, 2.0));
    let told = edits(&desk);
    let names: Vec<_> = told.as_array().expect("a list").iter().map(|e| e["edit"].as_str().expect("a name")).collect();
    assert_eq!(names, ["move-railcar", "stretch-railcar", "retype-railcar", "count-again"], "steps of one move are one edit");
    for _ in 0..3 {
        desk.command(Command::UndoEdit);
    }
    assert_eq!((named(&desk.snapshot(0.0), "a3").length_m, edits(&desk)), (14.0, serde_json::json!([])));
}

#[test]
fn one_car_becomes_two_and_two_become_one() {
    let mut desk = ready();
    desk.command(Command::SplitCar { key: "a3".to_owned(), at: at() });
    let snapshot = desk.snapshot(0.0);
    assert_eq!(estimate(&snapshot), (2.0, 3.0));
    let halves: Vec<Car> = snapshot.cars.iter().filter(|c| c.placed).cloned().collect();
    assert!(halves.len() == 2 && halves.iter().all(|c| (c.length_m - 6.425).abs() < 1e-9));
    desk.command(Command::MergeCar { key: halves[0].key.clone(), at: at() });
    let snapshot = desk.snapshot(0.0);
    let merged: Vec<&Car> = snapshot.cars.iter().filter(|c| c.placed).collect();
    assert_eq!((estimate(&snapshot), merged.len()), ((2.0, 2.0), 1));
    assert!((merged[0].length_m - 14.0).abs() < 1e-9);
}

#[test]
fn a_car_that_was_added_and_rejected_leaves_no_trace() {
    let mut desk = ready();
    let before = desk.snapshot(0.0);
    draw(&mut desk, Side::After, 226.0, 254.0);
    let key = desk.snapshot(0.0).view.selected.expect("selected");
    desk.command(Command::RejectCar { key, at: at() });
    let after = desk.snapshot(0.0);
    assert_eq!((after.counts, after.corrections.rejected, after.corrections.placed), (before.counts, 0, 0));
}

#[test]
fn what_was_added_is_still_there_when_the_cars_are_counted_again() {
    let mut desk = ready();
    draw(&mut desk, Side::Before, 226.0, 254.0);
    desk.command(Command::CountAgain);
    let Some(Work::Job(job)) = desk.ready.first().cloned().map(|job| Work::Job(Box::new(job))) else { panic!("a job") };
    let Job::Detect { by_hand, .. } = &*job else { panic!("cars are looked for again") };
    assert_eq!((by_hand.corrections.accepted.len(), by_hand.corrections.placed.len()), (1, 0), "it is taught as an accepted one");
    work(&mut desk, &|_| {});
    let snapshot = desk.snapshot(0.0);
    assert_eq!((estimate(&snapshot), snapshot.corrections.pending), ((3.0, 2.0), false));
}

#[test]
fn an_area_counts_on_both_dates_and_is_taken_back() {
    let mut desk = ready();
    desk.command(Command::TakeTool { tool: Tool::Areas });
    for (x, y) in [(90.0, 0.0), (250.0, 0.0), (250.0, 60.0), (90.0, 60.0)] {
        desk.point_at(Side::Before, Point::new(x, y), None);
    }
    assert_eq!(desk.snapshot(0.0).corrections.corners, Some(4));
    desk.command(Command::FinishArea { kind: AreaKind::LeaveOut, at: at() });
    let snapshot = desk.snapshot(0.0);
    assert_eq!((estimate(&snapshot), snapshot.corrections.areas), ((1.0, 1.0), 1));
    assert!(desk.sheet().grounds[0].kind == AreaKind::LeaveOut && edits(&desk)[0]["edit"] == "leave-out-area");
    desk.command(Command::ForgetAreas { at: at() });
    assert_eq!(estimate(&desk.snapshot(0.0)), (2.0, 2.0));
    desk.command(Command::UndoEdit);
    desk.command(Command::UndoEdit);
    desk.command(Command::RedoEdit);
    assert_eq!(estimate(&desk.snapshot(0.0)), (1.0, 1.0));
    desk.command(Command::TakeTool { tool: Tool::None });
    desk.command(Command::SwapDates);
    work(&mut desk, &|_| {});
    assert_eq!(desk.sheet().grounds[0].corners[0], Point::new(85.0, 0.0), "it turns round with the dates");
}

#[test]
fn the_next_uncertain_car_is_the_one_least_sure() {
    let mut desk = ready();
    let (mut seen, total) = (Vec::new(), desk.snapshot(0.0).cars.len());
    for _ in 0..total {
        desk.command(Command::NextUncertain);
        seen.push(desk.snapshot(0.0).view.selected.expect("one of them"));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), total, "each in turn");
}
