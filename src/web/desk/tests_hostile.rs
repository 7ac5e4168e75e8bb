//! Projects that a stranger wrote: whatever values stand in a state that can be read, the desk takes it up or says why not.

use super::tests::work_off;
use super::tests_correcting::ready;
use super::*;
use crate::align::Status;
use crate::geometry::Point;
use crate::pipeline::Side;
use crate::random::Random;
use serde_json::{Value, json};

fn at() -> Option<String> {
    Some("2024-05-01T10:00:00Z".to_owned())
}

/// A state in which something of every kind stands.
fn state() -> Value {
    let mut desk = ready();
    desk.command(Command::SetFacility { id: Some("tumangang".to_owned()) });
    desk.set_record("mine.csv", b"date,count\n2020-01-01,1\n");
    desk.command(Command::SetDate { side: Side::After, date: Some("2023-10-05".to_owned()) });
    desk.command(Command::AddLook { side: Side::After, at: at() });
    desk.command(Command::RejectCar { key: "a3".to_owned(), at: at() });
    desk.command(Command::SplitCar { key: "b2".to_owned(), at: at() });
    desk.command(Command::AcceptCar { key: "a1".to_owned(), at: at() });
    desk.command(Command::UndoEdit);
    let project = desk.project(at()).expect("something to keep");
    let mut state: Value = serde_json::from_str(&project.to_json()).expect("JSON");
    let pair = &mut state["pairs"][0];
    let line = json!([[10.0, 20.0], [90.0, 22.0], [99.0, 80.0]]);
    let edits = pair["edits"].as_array_mut().expect("edits");
    edits.push(json!([{ "Draw": line }, at()]));
    edits.push(json!([{ "Delete": line }, null]));
    edits.push(json!([{ "Area": ["leaveOut", line] }, at()]));
    edits.push(json!([{ "Area": ["gantry", line] }, at()]));
    pair["control_points"] =
        (0..4).map(|n| json!({ "before": [n * 90, n * n * 20], "after": [n * 90 + 3, n * n * 20 + 2] })).collect();
    pair["tracks"] =
        json!({ "file": "t.geojson", "text": r#"{"type":"LineString","coordinates":[[1,2],[90,4]],"crs":"pixels"}"# });
    pair["images"][0]["scale_line"] = json!(null);
    pair["images"][0]["gsd_m"] = json!(0.5);
    state
}

/// The places of all values below this one, itself included.
fn places(value: &Value, here: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| places(item, format!("{here}/{n}"), found)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| places(field, format!("{here}/{name}"), found)),
        _ => {}
    }
    found.push(here);
}

fn strange(old: &Value, random: &mut Random) -> Value {
    const NUMBERS: [f64; 12] = [0.0, -0.0, -1.0, 1.0, 0.5, 1e-300, 1e9, 4_294_967_295.0, 1e18, 1e300, -1e300, 255.0];
    match old {
        Value::Number(_) => json!(NUMBERS[random.below(NUMBERS.len())]),
        Value::Array(items) if random.below(2) == 0 => items.iter().chain(items).cloned().collect(),
        Value::Array(items) => items.iter().skip(1).cloned().collect(),
        Value::String(_) => {
            [json!(""), json!("\u{202e}9999-99-99"), json!("2023-10-05"), json!("tumangang"), json!("x".repeat(5000))]
                [random.below(5)]
            .clone()
        }
        Value::Bool(old) => json!(!old),
        _ => [json!(null), json!(7), json!("2020-02-30"), json!([])][random.below(4)].clone(),
    }
}

#[test]
fn a_state_of_strange_values_is_taken_up_or_refused() {
    let (sound, mut all) = (state(), Vec::new());
    places(&sound, String::new(), &mut all);
    let (mut random, mut taken_up) = (Random::new(7), 0);
    for round in 0..600 {
        let mut state = sound.clone();
        // None in the first round, which shows that the state is a sound one.
        for _ in 0..if round == 0 { 0 } else { 1 + random.below(3) } {
            let place = &all[random.below(all.len())];
            if let Some(value) = state.pointer_mut(place) {
                *value = strange(value, &mut random);
            }
        }
        let mut desk = ready();
        desk.open_state("kept", &state.to_string());
        work_off(&mut desk, Status::Pass);
        desk.command(Command::UndoEdit);
        desk.command(Command::RedoEdit);
        desk.command(Command::UndoEdit);
        let snapshot = work_off(&mut desk, Status::Pass);
        let _ =
            (desk.report().map(|report| report.to_json()), desk.sheet(), desk.read_place(Side::After, Point::new(20.0, 20.0)));
        let refused = snapshot.problems.iter().any(|problem| problem.code.ends_with("project"));
        assert!(round > 0 || !refused, "{:?}", snapshot.problems);
        taken_up += usize::from(!refused);
        if let Some(project) = desk.project(at()) {
            crate::web::project_file::read(&project.write(&[]).expect("written"), "kept")
                .unwrap_or_else(|e| panic!("{e}: {state}"));
        }
    }
    assert!(taken_up > 100, "only {taken_up} were strange in a way that got further than the door");
    println!("{taken_up} of 600 were taken up");
}
