//! The documents hold exactly the fields that were promised, unknown ones as null: outsiders read them.

#[path = "fixtures/answer.rs"]
mod answer;

use answer::{alignment, car, context, detection, plan, source};
use serde_json::Value;
use sidings::align::Status;
use sidings::error::Error;
use sidings::facilities;
use sidings::record;
use sidings::report::exhibit::{Edition, Exhibit};
use sidings::report::json::{self, Change, Context, Detect, Document, Register, RegisterDocument, Source};

/// A document as a reader gets it.
fn read<T: serde::Serialize>(document: &Document<T>) -> Value {
    serde_json::from_str(&document.to_json()).expect("a document is JSON")
}

/// The keys of an object hold all that were promised; more are allowed.
fn assert_keys(value: &Value, promised: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("an object was promised: {value}"));
    for key in promised {
        assert!(object.contains_key(*key), "{key} is left out of {:?}", object.keys().collect::<Vec<_>>());
    }
}

fn assert_named(value: &Value, name: &str) {
    assert_eq!(value["schema"], format!("sidings/{name}@1"));
    assert_eq!(value["version"], env!("CARGO_PKG_VERSION"));
}

const DETECT: [&str; 7] = ["gsd_m", "gsd_from", "count", "occupied_track_m", "railcars", "tracks", "warnings"];
const RAILCAR: [&str; 9] = ["id", "center_px", "polygon_px", "length_m", "width_m", "angle_deg", "confidence", "track", "lonlat"];
const REGISTER: [&str; 6] = ["status", "reasons", "model", "after_to_before", "residual_px", "coverage"];

fn assert_detect(value: &Value) {
    assert_keys(value, &DETECT);
    assert_keys(&value["count"], &["estimate", "low", "high", "level", "kind"]);
    assert_keys(&value["railcars"][0], &RAILCAR);
    assert_keys(&value["tracks"][0], &["id", "line_px", "length_m"]);
    assert_eq!(value["railcars"][0]["polygon_px"].as_array().map(Vec::len), Some(4));
}

#[test]
fn a_detection() {
    let value = read(&Document::new("detect", Detect::new(&detection(vec![car(0, 60.0)]), None)));
    assert_named(&value, "detect");
    assert_detect(&value);
    assert_eq!(value["gsd_from"], "estimated");
    assert_eq!(value["railcars"][0]["lonlat"], Value::Null);
    assert!(value["count"]["estimate"].is_u64());
}

#[test]
fn a_registration_that_passed() {
    let value = read(&Document::new("register", RegisterDocument::new(&alignment(Status::Pass), Vec::new(), None)));
    assert_named(&value, "register");
    assert_keys(&value, &REGISTER);
    assert_keys(&value["residual_px"], &["median", "p95", "held_out", "points"]);
    assert_eq!(value["residual_px"]["p95"], Value::Null);
    assert_eq!(value["after_to_before"], serde_json::json!([[1.0, 0.0, 10.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]));
    assert!(!value.to_string().contains("-0.0"));
    assert!(value.get("error").is_none(), "no error beside an answer");
}

#[test]
fn a_registration_that_failed_holds_no_transform_and_an_error() {
    let error = Error::NoAnswer { code: "not-the-same-place", message: "Two places.".to_owned() };
    let value = read(&Document::new("register", RegisterDocument::new(&alignment(Status::Fail), Vec::new(), Some(&error))));
    assert_keys(&value, &REGISTER);
    assert_eq!(value["after_to_before"], Value::Null);
    assert_eq!(value["status"], "fail");
    assert_eq!(value["error"]["code"], "not-the-same-place");
}

#[test]
fn a_comparison_of_which_little_is_known() {
    let value = read(&json::compare(&plan(), &context()).expect("the plan is at its end"));
    assert_named(&value, "compare");
    assert_keys(
        &value,
        &["registration", "before", "after", "change", "facility", "record", "statement", "provenance", "warnings"],
    );
    assert_keys(&value["registration"], &REGISTER);
    assert_detect(&value["before"]);
    assert_detect(&value["after"]);
    assert_keys(&value["change"], &["new", "gone", "both", "new_count", "gone_count"]);
    assert_keys(&value["change"]["new_count"], &["estimate", "low", "high", "level"]);
    assert_keys(&value["statement"], &["text", "parts"]);
    assert_keys(&value["statement"]["parts"], &["place", "dates", "counts", "comparison", "unknown"]);
    assert_keys(&value["provenance"], &["inputs", "steps", "edits"]);
    assert_keys(&value["provenance"]["inputs"][0], &["file", "sha256", "bytes"]);
    for (pointer, name) in [("/record", "record"), ("/statement/parts/place", "place"), ("/statement/parts/dates", "dates")] {
        assert_eq!(value.pointer(pointer), Some(&Value::Null), "{name} is unknown");
    }
    assert!(value["provenance"]["steps"].as_array().is_some_and(|s| s.iter().all(|s| s.get("version").is_some())));
}

#[test]
fn a_comparison_at_a_facility_with_a_record() {
    let all = facilities::built_in();
    let entries = record::published("tumangang");
    let context = Context {
        before: source("before.png", Some("2023-09-14")),
        after: source("after.png", Some("2023-10-05")),
        facility: facilities::find(&all, "tumangang"),
        entries: &entries,
        ..context()
    };
    let value = read(&json::compare(&plan(), &context).expect("the plan is at its end"));
    assert_eq!(value["facility"]["id"], "tumangang");
    assert_eq!(value["record"]["counts"], 2, "of the six figures one is an earlier count and one the highest of a period");
    let text = value["statement"]["text"].as_str().expect("a text");
    assert!(
        text.starts_with("At Tumangang, on images of 14 September 2023 and 5 October 2023, approximately 2 railcars"),
        "{text}"
    );
    assert!(text.contains("the record, which holds one count and the highest count of one period since 2018"), "{text}");
    let codes: Vec<&str> = value["warnings"].as_array().expect("a list").iter().filter_map(|w| w["code"].as_str()).collect();
    assert!(codes.is_empty(), "{codes:?}");
}

#[test]
fn trouble_with_dates_places_and_files_is_said() {
    let all = facilities::built_in();
    let somewhere: json::ToLonLat<'_> = &|_| Some([7.65, 47.53]);
    let mut context = Context {
        before: Source { to_lonlat: Some(somewhere), ..source("image.png", Some("2023-10-05")) },
        after: source("image.png", Some("2023-09-14")),
        facility: facilities::find(&all, "khasan"),
        ..context()
    };
    let codes = |context: &Context<'_>| -> Vec<String> {
        let value = read(&json::compare(&plan(), context).expect("the plan is at its end"));
        value["warnings"].as_array().expect("a list").iter().map(|w| w["code"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(codes(&context), ["same-image", "dates-reversed", "facility-elsewhere"]);
    context.after = source("other.png", None);
    assert_eq!(codes(&context), ["date-unknown", "facility-elsewhere"]);
    context.facility = None;
    let value = read(&json::compare(&plan(), &context).expect("the plan is at its end"));
    assert_eq!(value["statement"]["parts"]["place"], "Near 47.53° N, 7.65° E");
    assert_eq!(value["after"]["railcars"][0]["lonlat"], serde_json::json!([7.65, 47.53]), "through the alignment");
}

#[test]
fn an_unfinished_plan_has_no_document() {
    let mut plan = plan();
    plan.comparison = None;
    assert!(json::compare(&plan, &context()).is_none());
    assert!(Exhibit::new(&plan, &context(), Edition::default()).is_none());
}

#[test]
fn a_change_and_an_error() {
    let registration = Some(Register::from(&alignment(Status::Warn)));
    let value = read(&Document::new("change", Change::new(registration, "ir-mad", Some(3.25), Some(f64::NAN), Vec::new())));
    assert_named(&value, "change");
    assert_keys(&value, &["registration", "method", "threshold", "changed_fraction", "warnings"]);
    assert_eq!(value["changed_fraction"], Value::Null);

    let error = Error::File { file: "a.png".to_owned(), code: "truncated", message: "Half of it is missing.".to_owned() };
    let value = read(&json::failure(&error));
    assert_named(&value, "error");
    assert_eq!(value["error"], serde_json::json!({ "code": "truncated", "message": "Half of it is missing.", "file": "a.png" }));
}
