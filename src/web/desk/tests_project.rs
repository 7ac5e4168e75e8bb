//! Projects saved and opened again, driven as the session drives them. The bytes of a made-up file are its name.

use super::tests::{add, dropped, work_off};
use super::tests_correcting::{edits, ready};
use super::*;
use crate::align::Status;
use crate::pipeline::Side;

fn at() -> Option<String> {
    Some("2024-05-01T10:00:00Z".to_owned())
}

/// A desk on which a person did several things.
fn worked() -> Desk {
    let mut desk = ready();
    desk.command(Command::SetFacility { id: Some("tumangang".to_owned()) });
    desk.set_record("mine.csv", b"date,count\n2020-01-01,1\n");
    desk.command(Command::SetDate { side: Side::After, date: Some("2023-10-05".to_owned()) });
    desk.command(Command::AddLook { side: Side::After, at: at() });
    desk.command(Command::RejectCar { key: "a3".to_owned(), at: at() });
    desk.command(Command::SplitCar { key: "b2".to_owned(), at: at() });
    desk.command(Command::AcceptCar { key: "a1".to_owned(), at: at() });
    desk.command(Command::UndoEdit);
    desk
}

#[test]
fn a_project_comes_back_with_everything_a_person_did() {
    let mut desk = worked();
    let (told, project) = (edits(&desk), desk.project(at()).expect("something to keep"));
    let record = desk.snapshot(0.0).record.looks;
    let bytes = project.write(&[]).expect("bytes");
    let mut again = Desk::default();
    assert!(again.open_project("yard.sidings", &bytes).is_empty());
    let waiting = again.snapshot(0.0).project;
    assert_eq!(waiting.name.as_deref(), Some("yard.sidings"));
    assert_eq!(waiting.wanted.iter().map(|w| w.file.as_str()).collect::<Vec<_>>(), ["before.jpg", "after.jpg"]);
    add(&mut again, &["after.jpg"]);
    work_off(&mut again, Status::Pass);
    assert_eq!(again.snapshot(0.0).project.wanted.len(), 1, "one of two");
    // Renamed, but the same bytes.
    add(&mut again, &["copy of before.jpg"]);
    let Some((ticket, Work::Read { .. })) = again.next_work(0.0) else { panic!("a file to read") };
    again.done(ticket, Answer::Read(Box::new(super::tests::info("before.jpg"))));
    super::tests_correcting::work(&mut again, &|_| {});
    let snapshot = again.snapshot(0.0);
    assert_eq!((snapshot.project.name, snapshot.record.looks), (None, record));
    // What waited to be counted waits again, so that nobody comes back to another number.
    assert_eq!(edits(&again), told);
    assert!(snapshot.corrections.pending && desk.snapshot(0.0).corrections.pending);
    again.command(Command::CountAgain);
    super::tests_correcting::work(&mut again, &|_| {});
    let counted = again.project(at()).expect("still there");
    assert_eq!((project.pairs[0].counted, counted.pairs[0].counted), (Some(0), None));
    assert!(snapshot.corrections.can_redo && snapshot.corrections.placed == 2);
    let kept = again.project(at()).expect("still there");
    assert_eq!((kept.facility, kept.record, kept.added), (project.facility, project.record, project.added));
}

#[test]
fn what_was_said_on_an_overview_lies_where_it_was_when_more_of_the_image_can_be_read() {
    let mut project = worked().project(at()).expect("something to keep");
    for image in &mut project.pairs[0].images {
        (image.reduction, image.gsd_m) = (Some(4), Some(2.0));
    }
    let mut again = Desk::default();
    again.open_state("kept", &project.to_json());
    add(&mut again, &["before.jpg", "after.jpg"]);
    work_off(&mut again, Status::Pass);
    let rects = |project: &crate::web::project_file::Project| -> Vec<_> {
        let edits = project.pairs[0].edits.iter();
        let cars = edits.flat_map(|(edit, _)| match edit {
            Edit::Cars(_, judged) => judged.clone(),
            Edit::Outline(_, _, placed) => placed.clone(),
            _ => Vec::new(),
        });
        cars.map(|j| j.car.rect_px).collect()
    };
    let kept = again.project(at()).expect("still there");
    assert!(rects(&project).len() > 2);
    assert_eq!(rects(&kept), rects(&project).iter().map(|rect| rect.scaled(4.0)).collect::<Vec<_>>());
    assert_eq!((kept.pairs[0].images[0].reduction, kept.pairs[0].images[0].gsd_m), (None, Some(0.5)));
}

#[test]
fn a_file_of_the_right_name_and_other_bytes_is_named() {
    let project = worked().project(at()).expect("something to keep");
    let text = project.to_json().replace("\"sha256\":\"after.jpg\"", "\"sha256\":\"0123456789abcdef\"");
    let mut again = Desk::default();
    again.open_state("kept", &text);
    add(&mut again, &["before.jpg", "after.jpg"]);
    let snapshot = work_off(&mut again, Status::Pass);
    let problem = snapshot.problems.iter().find(|p| p.code == "another-file").expect("it is said");
    assert!(problem.file.as_deref() == Some("after.jpg") && problem.message.contains("0123456789ab"), "{}", problem.message);
    assert!(again.answer().is_none(), "nothing is begun with it");
}

#[test]
fn a_damaged_project_leaves_the_desk_as_it_is() {
    let (mut desk, first) = dropped(&["before.jpg", "after.jpg"]);
    desk.open_project("torn.sidings", b"PK\x03\x04 and so on");
    let snapshot = desk.snapshot(0.0);
    assert_eq!(snapshot.problems.last().and_then(|p| p.file.as_deref()), Some("torn.sidings"));
    assert_eq!((snapshot.phase, snapshot.counts), (first.phase, first.counts));
}

#[test]
fn a_project_of_images_that_lie_there_is_taken_up_at_once() {
    let mut desk = worked();
    let bytes = desk.project(at()).and_then(|p| p.write(&[]).ok()).expect("bytes");
    desk.command(Command::UndoEdit);
    desk.command(Command::UndoEdit);
    desk.open_project("yard.sidings", &bytes);
    super::tests_correcting::work(&mut desk, &|_| {});
    assert_eq!(desk.snapshot(0.0).corrections.placed, 2);
}
