//! Several pairs of one place, driven as the session drives them. The bytes of a made-up file are its name.

use super::tests::{add, codes, pair, work_off};
use super::tests_correcting::{edits, ready, work};
use super::*;
use crate::align::Status;
use crate::pipeline::Side;
use crate::web::file_views::PairView;
use crate::web::record_views::MarkKind;
use crate::web::snapshot::{Phase, Snapshot};

fn at() -> Option<String> {
    Some("2024-05-01T10:00:00Z".to_owned())
}

fn date(desk: &mut Desk, side: Side, date: &str) {
    desk.command(Command::SetDate { side, date: Some(date.to_owned()) });
}

/// Reads what was added, and counts it with cars at places of their own.
fn read_and_work(desk: &mut Desk) {
    work_off(desk, Status::Pass);
    desk.command(Command::Run);
    work(desk, &|_| {});
}

/// A place with a first pair that was corrected, and a second one of its newer image and a third.
fn two_pairs() -> Desk {
    let mut desk = ready();
    desk.command(Command::SetFacility { id: Some("tumangang".to_owned()) });
    date(&mut desk, Side::Before, "2021-05-01");
    date(&mut desk, Side::After, "2022-05-01");
    desk.command(Command::RejectCar { key: "a3".to_owned(), at: at() });
    desk.command(Command::AddPair);
    let later = Dropped { file: "later.jpg".to_owned(), bytes: 9, date: Some("2023-05-01".to_owned()), ..Dropped::default() };
    desk.add(&[later, Dropped { file: "copy of after.jpg".to_owned(), bytes: 9, ..Dropped::default() }]);
    read_and_work(&mut desk);
    desk
}

fn listed(snapshot: &Snapshot) -> Vec<(&str, &str, bool)> {
    let of = |view: &'_ PairView| (view.before.file.clone(), view.after.file.clone(), view.open);
    let leak = |text: String| -> &str { text.leak() };
    snapshot.project.pairs.iter().map(of).map(|(before, after, open)| (leak(before), leak(after), open)).collect()
}

fn dates(snapshot: &Snapshot) -> Vec<(&str, bool)> {
    snapshot.record.looks.iter().map(|look| (look.date.as_str(), look.project)).collect()
}

#[test]
fn one_pair_makes_no_series_and_another_one_begins_empty_at_the_same_place() {
    let mut desk = ready();
    desk.command(Command::SetFacility { id: Some("tumangang".to_owned()) });
    date(&mut desk, Side::Before, "2021-05-01");
    date(&mut desk, Side::After, "2022-05-01");
    let one = desk.snapshot(0.0);
    assert!(one.project.can_add && one.record.looks.iter().all(|look| !look.project));
    assert_eq!(listed(&one), [("before.jpg", "after.jpg", true)]);
    desk.command(Command::AddPair);
    let empty = desk.snapshot(0.0);
    assert_eq!((empty.phase, pair(&empty), empty.project.can_add), (Phase::Empty, (None, None), false));
    assert_eq!(listed(&empty), [("before.jpg", "after.jpg", false)]);
    assert_eq!(empty.place.facility.map(|f| f.id).as_deref(), Some("tumangang"));
    assert!(desk.project(at()).is_some_and(|project| project.pairs.len() == 1 && project.open == 0), "and can be kept");
}

#[test]
fn three_dates_in_two_pairs_make_a_series_of_which_each_image_is_one_look() {
    let mut desk = two_pairs();
    let snapshot = desk.snapshot(0.0);
    assert!(codes(&snapshot).is_empty(), "{:?}", snapshot.problems);
    assert_eq!(listed(&snapshot), [("before.jpg", "after.jpg", false), ("after.jpg", "later.jpg", true)]);
    let own: Vec<_> = dates(&snapshot).into_iter().filter(|(_, project)| *project).collect();
    assert_eq!(own, [("2021-05-01", true), ("2022-05-01", true)]);
    let marks = snapshot.record.chart.expect("figures").marks;
    let of = |kind| marks.iter().filter(|mark| mark.kind == kind).count();
    assert_eq!((of(MarkKind::Project), of(MarkKind::Now)), (2, 1));
    assert_eq!(snapshot.record.addable, [Side::After], "the older one is a look already");
    let views = &snapshot.project.pairs;
    assert_eq!((views[0].before.date.as_deref(), views[1].after.date.as_deref()), (Some("2021-05-01"), Some("2023-05-01")));
    assert_eq!(views[0].after.count.map(|count| count.estimate), Some(1.0), "a3 was rejected");
}

#[test]
fn a_pair_comes_back_at_once_with_its_corrections_while_its_images_lie_here() {
    let mut desk = two_pairs();
    desk.command(Command::SplitCar { key: "b2".to_owned(), at: at() });
    desk.command(Command::OpenPair { index: 0 });
    work(&mut desk, &|_| {});
    let first = desk.snapshot(0.0);
    assert_eq!((first.phase, pair(&first)), (Phase::Ready, (Some("before.jpg"), Some("after.jpg"))));
    assert!(edits(&desk).to_string().contains("reject-railcar") && !edits(&desk).to_string().contains("split-railcar"));
    assert_eq!(listed(&first), [("before.jpg", "after.jpg", true), ("after.jpg", "later.jpg", false)]);
    assert_eq!(dates(&first).iter().filter(|(_, project)| *project).count(), 2, "its older image, and the later one");
    desk.command(Command::OpenPair { index: 1 });
    work(&mut desk, &|_| {});
    assert!(edits(&desk).to_string().contains("split-railcar") && !edits(&desk).to_string().contains("reject-railcar"));
    desk.command(Command::RemovePair { index: 1 });
    assert_eq!(desk.snapshot(0.0).project.pairs.len(), 2, "the one on the desk stays");
    desk.command(Command::RemovePair { index: 0 });
    let alone = desk.snapshot(0.0);
    assert_eq!(listed(&alone), [("after.jpg", "later.jpg", true)]);
    assert!(alone.record.looks.iter().all(|look| !look.project), "one pair makes no series");
}

#[test]
fn every_pair_comes_back_from_a_file_and_its_images_are_asked_for_by_name() {
    let desk = two_pairs();
    let bytes = desk.project(at()).and_then(|project| project.write(&[]).ok()).expect("bytes");
    let mut again = Desk::default();
    again.open_project("yard.sidings", &bytes);
    let wanted = |desk: &mut Desk| desk.snapshot(0.0).project.wanted.into_iter().map(|w| w.file).collect::<Vec<_>>();
    assert_eq!(wanted(&mut again), ["after.jpg", "later.jpg"]);
    add(&mut again, &["after.jpg", "later.jpg"]);
    read_and_work(&mut again);
    let open = again.snapshot(0.0);
    assert_eq!(listed(&open), [("before.jpg", "after.jpg", false), ("after.jpg", "later.jpg", true)]);
    assert_eq!(dates(&open).iter().filter(|(_, project)| *project).count(), 2);
    again.command(Command::OpenPair { index: 0 });
    assert_eq!(wanted(&mut again), ["before.jpg"], "the other one lies here");
    assert_eq!(again.snapshot(0.0).project.name.as_deref(), Some("before.jpg, after.jpg"));
    assert!(again.project(at()).is_some_and(|project| project.pairs.len() == 2 && project.open == 0));
    // Not now: back to the one whose images are here.
    again.command(Command::OpenPair { index: 1 });
    work(&mut again, &|_| {});
    assert_eq!(pair(&again.snapshot(0.0)), (Some("after.jpg"), Some("later.jpg")));
    again.command(Command::OpenPair { index: 0 });
    add(&mut again, &["before.jpg"]);
    read_and_work(&mut again);
    assert!(edits(&again).to_string().contains("reject-railcar"));
}

#[test]
fn a_pair_that_is_waited_for_is_taken_out_alone_and_place_and_record_stay() {
    let mut desk = two_pairs();
    desk.command(Command::AddLook { side: Side::After, at: at() });
    let record = desk.snapshot(0.0).record.looks.len();
    let bytes = desk.project(at()).and_then(|project| project.write(&[]).ok()).expect("bytes");
    let mut again = Desk::default();
    again.open_project("yard.sidings", &bytes);
    let wanted = |desk: &mut Desk| desk.snapshot(0.0).project.wanted.into_iter().map(|w| w.file).collect::<Vec<_>>();
    assert_eq!(wanted(&mut again), ["after.jpg", "later.jpg"]);
    // To the other pair and back before any image came: what the project says of the place is not lost on the way.
    again.command(Command::OpenPair { index: 0 });
    again.command(Command::OpenPair { index: 1 });
    assert_eq!(again.project(at()), desk.project(at()));
    again.command(Command::RemovePair { index: 7 });
    again.command(Command::RemovePair { index: 1 });
    assert_eq!(wanted(&mut again), ["before.jpg", "after.jpg"]);
    assert_eq!(listed(&again.snapshot(0.0)), [("before.jpg", "after.jpg", true)]);
    again.command(Command::RemovePair { index: 0 });
    assert_eq!(again.snapshot(0.0).project.pairs.len(), 1, "the last one goes with the project alone");
    add(&mut again, &["before.jpg", "after.jpg"]);
    read_and_work(&mut again);
    let open = again.snapshot(0.0);
    assert_eq!(open.place.facility.map(|f| f.id).as_deref(), Some("tumangang"));
    assert!(edits(&again).to_string().contains("reject-railcar"));
    assert_eq!(open.record.looks.iter().filter(|look| look.added).count(), 1, "{record} figures before");
}

#[test]
fn one_that_is_taken_out_while_another_waits_leaves_that_one_waiting() {
    let desk = two_pairs();
    let bytes = desk.project(at()).and_then(|project| project.write(&[]).ok()).expect("bytes");
    let mut again = Desk::default();
    again.open_project("yard.sidings", &bytes);
    again.command(Command::RemovePair { index: 0 });
    let snapshot = again.snapshot(0.0);
    assert_eq!(snapshot.project.name.as_deref(), Some("yard.sidings"));
    assert_eq!(listed(&snapshot), [("after.jpg", "later.jpg", true)]);
    assert_eq!(snapshot.project.wanted.len(), 2);
}

#[test]
fn one_image_of_a_new_pair_asks_for_its_second_although_others_lie_here() {
    let mut desk = ready();
    desk.command(Command::AddPair);
    add(&mut desk, &["after.jpg"]);
    let snapshot = work_off(&mut desk, Status::Pass);
    assert_eq!((codes(&snapshot), pair(&snapshot)), (vec!["one-image"], (Some("after.jpg"), None)));
    add(&mut desk, &["later.jpg"]);
    let snapshot = work_off(&mut desk, Status::Pass);
    assert_eq!(pair(&snapshot), (Some("later.jpg"), Some("after.jpg")), "by their names, and not the first one of the desk");
}
