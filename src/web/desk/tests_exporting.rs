//! Files ordered from the desk, made here as a worker makes them.

use super::tests::{dropped, work_off};
use super::*;
use crate::align::Status;
use crate::pipeline::Workbench;
use crate::report::exhibit::Exhibit;
use crate::report::story::{Choices, Extras, Framing, Measure, Size};
use crate::web::export::FileKind;

fn edition(desk: &mut Desk, credit: &str, caption: &str) {
    let (credit, caption) = (credit.to_owned(), caption.to_owned());
    desk.command(Command::SetEdition { credit, licence: "CC BY 4.0".to_owned(), caption, place: "A \"yard\"".to_owned() });
}

fn order(desk: &mut Desk, file: FileKind) -> Option<ExportOrder> {
    desk.command(Command::Export { file, language: "en".to_owned() });
    desk.take_order()
}

/// As the exhibit travels: through its JSON.
fn text(order: &ExportOrder) -> String {
    let json = serde_json::to_string(&order.exhibit).expect("plain values");
    let exhibit: Exhibit = serde_json::from_str(&json).expect("the same values");
    let Wanted::File(file) = order.what else { panic!("a file was ordered") };
    let made = file.make(&exhibit, &Workbench::default(), &Extras::default()).expect("no pixels are in it");
    String::from_utf8(made.bytes).expect("text")
}

#[test]
fn a_file_says_what_the_editor_said_and_what_was_corrected() {
    let (mut desk, _) = dropped(&["before.jpg", "after.jpg"]);
    edition(&mut desk, "© A & B", "");
    let first = order(&mut desk, FileKind::Kml).expect("an order");
    assert!(text(&first).contains("© A &amp; B"));
    assert_eq!(desk.exported(first.ticket, false, "ab".to_owned()), Some(FileKind::Kml));
    let export = desk.snapshot(0.0).export;
    assert_eq!((export.made, export.sha256.as_deref()), (Some(FileKind::Kml), Some("ab")));
    desk.command(Command::RejectCar { key: "a3".to_owned(), at: None });
    assert_eq!(desk.snapshot(0.0).export.made, None, "what was made is no longer what is shown");
    let second = order(&mut desk, FileKind::Report).expect("an order");
    let shown: serde_json::Value = serde_json::from_str(&desk.report().expect("an answer").to_json()).expect("JSON");
    let made: serde_json::Value = serde_json::from_str(&text(&second)).expect("JSON");
    assert_eq!(made, shown);
    assert!(made["after"]["railcars"].as_array().is_some_and(|cars| cars.len() < first.exhibit.after.marks.len()));
    assert_eq!(second.exhibit.request.corrections.after.rejected.len(), 1, "what is counted again knows of it");
}

#[test]
fn one_file_at_a_time_and_none_while_the_cars_are_counted() {
    let (mut desk, _) = dropped(&["before.jpg", "after.jpg"]);
    let first = order(&mut desk, FileKind::Cars).expect("an order");
    assert!(order(&mut desk, FileKind::Counts).is_none());
    assert_eq!(desk.snapshot(0.0).export.busy, Some(FileKind::Cars));
    assert_eq!(desk.exported(first.ticket + 1, false, "ab".to_owned()), None, "somebody else's ticket");
    assert_eq!(desk.exported(first.ticket, false, "ab".to_owned()), Some(FileKind::Cars));
    desk.command(Command::Run);
    assert!(order(&mut desk, FileKind::Cars).is_none());
    work_off(&mut desk, Status::Pass);
    assert!(order(&mut desk, FileKind::Cars).is_some());
}

#[test]
fn a_failure_is_a_sentence_and_takes_nothing_away() {
    let (mut desk, before) = dropped(&["before.jpg", "after.jpg"]);
    edition(&mut desk, "© A", &"x".repeat(20_000));
    assert!(order(&mut desk, FileKind::Story).is_none());
    let problem = desk.snapshot(0.0).export.problem.expect("a reason");
    assert!(problem.message.contains("caption has 20000 characters"), "{}", problem.message);
    edition(&mut desk, "© A", "short");
    let next = order(&mut desk, FileKind::Story).expect("an order");
    desk.failed(next.ticket, Problem { code: "story-too-big".to_owned(), message: "Too big.".to_owned(), file: None });
    let after = desk.snapshot(0.0);
    assert_eq!(after.export.problem.as_ref().map(|p| p.code.as_str()), Some("story-too-big"));
    assert_eq!((after.phase, after.counts, after.problems.len()), (before.phase, before.counts, 0));
    assert_eq!((after.export.busy, after.export.caption.as_str()), (None, "short"));
}

#[test]
fn the_example_is_called_synthetic_in_every_file() {
    let mut desk = Desk::default();
    let drawn = |file: &str| Dropped { file: file.to_owned(), bytes: 1, synthetic: true, gsd_m: Some(0.5), date: None };
    desk.add(&[drawn("yard-2023-09-14.png"), drawn("yard-2023-10-05.png")]);
    work_off(&mut desk, Status::Pass);
    for file in [FileKind::Kml, FileKind::Counts] {
        let order = order(&mut desk, file).expect("an order");
        assert!(text(&order).contains("Synthetic example"), "{file:?}: {}", text(&order));
        desk.exported(order.ticket, false, "ab".to_owned());
    }
}

#[test]
fn a_story_is_measured_while_somebody_looks_and_anew_when_it_changes() {
    let (mut desk, _) = dropped(&["before.jpg", "after.jpg"]);
    assert!(desk.take_order().is_none(), "nobody looks");
    let look = |desk: &mut Desk, language: Option<&str>| {
        desk.command(Command::MeasureStory { language: language.map(str::to_owned) });
        desk.take_order()
    };
    let first = look(&mut desk, Some("en")).expect("an order");
    assert_eq!(first.what, Wanted::Measure);
    assert!(look(&mut desk, Some("en")).is_none(), "it is under way");
    let measure = Measure { bytes: 1_000_000, engine_bytes: 0, size_px: [1400, 900], quality: 84 };
    desk.measured(first.ticket, measure);
    assert_eq!(desk.snapshot(0.0).export.measure, Some(measure));
    let choices = Choices { framing: Framing::Whole, size: Size::Small };
    desk.command(Command::SetStory { choices, engine: true });
    assert_eq!(desk.snapshot(0.0).export.measure, None);
    let second = desk.take_order().expect("measured anew");
    assert!(second.engine && second.choices == choices);
    desk.command(Command::RejectCar { key: "a3".to_owned(), at: None });
    desk.measured(second.ticket, measure);
    assert_eq!(desk.snapshot(0.0).export.measure, None, "that is no longer the story");
    let third = desk.take_order().expect("measured once more");
    desk.failed(third.ticket, Problem { code: "story-too-big".to_owned(), message: "Too big.".to_owned(), file: None });
    let export = desk.snapshot(0.0).export;
    assert!(export.unmeasurable, "it is said that the size is not known");
    assert_eq!(
        (export.measure, export.problem, desk.take_order().is_none()),
        (None, None, true),
        "asked once, and not complained of"
    );
    assert!(look(&mut desk, None).is_none());
}

#[test]
fn texts_are_copied_in_three_lengths_with_the_place_and_the_embed() {
    let (mut desk, _) = dropped(&["before.jpg", "after.jpg"]);
    edition(&mut desk, "© A", "");
    let texts = desk.texts("en").expect("an answer");
    assert!(texts.short[0].starts_with("A \"yard\", ") && texts.short[0].contains("about"), "{texts:?}");
    assert_eq!((texts.medium.len(), texts.long.len(), &texts.long[..2]), (2, 3, &texts.medium[..]));
    assert!(
        texts.long[2].ends_with("© A CC BY 4.0") && texts.embed.contains("title=\"A &quot;yard&quot;: railcars"),
        "{texts:?}"
    );
    edition(&mut desk, "© A", &"x".repeat(20_000));
    assert_eq!(desk.texts("en"), None);
    assert!(desk.snapshot(0.0).export.problem.is_some_and(|p| p.message.contains("20000")));
    assert_eq!(Desk::default().texts("ko"), None);
}
