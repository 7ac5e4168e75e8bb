//! The documents hold exactly the fields that were promised, unknown ones as null: outsiders read them.

use serde_json::Value;
use sidings::align::{Alignment, Model, Residual, Status};
use sidings::compare::{ByDate, Comparison};
use sidings::error::{Error, Warning};
use sidings::facilities;
use sidings::geometry::{OrientedRect, Point, Transform};
use sidings::georeference::{Captured, DateSource};
use sidings::pipeline::{Plan, Request};
use sidings::record;
use sidings::report::geojson;
use sidings::report::json::{self, Change, Context, Detect, Document, Input, Register, RegisterDocument, Source};
use sidings::yard::{CarType, Count, CountKind, Detection, GsdSource, Railcar, Track};

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

fn count(estimate: f64) -> Count {
    Count { estimate, low: (estimate - 2.0).max(0.0), high: estimate + 3.0, level: 0.9, kind: CountKind::Individual }
}

fn car(id: u32, x: f64) -> Railcar {
    let rect_px = OrientedRect { center: Point::new(x, 40.0), length: 28.0, width: 6.0, angle_rad: 0.1 };
    Railcar {
        id,
        rect_px,
        length_m: 14.0,
        width_m: 3.0,
        confidence: 0.93,
        track: 0,
        along_m: x / 2.0,
        car_type: CarType::Unknown,
    }
}

fn detection(cars: Vec<Railcar>) -> Detection {
    Detection {
        gsd_m: 0.5,
        gsd_from: GsdSource::Estimated,
        count: count(cars.len() as f64),
        occupied_track_m: 14.0 * cars.len() as f64,
        railcars: cars,
        tracks: vec![Track {
            id: 0,
            line_px: vec![Point::new(0.0, 40.0), Point::new(200.0, 40.0)],
            length_m: 100.0,
            confidence: 0.9,
            snapped_m: None,
        }],
        evidence: Vec::new(),
        possible_empties: Vec::new(),
        warnings: vec![Warning::new("gsd-estimated", "The scale was estimated.")],
    }
}

fn alignment(status: Status) -> Alignment {
    Alignment {
        status,
        reasons: vec!["Held-out tie points agree.".to_owned()],
        model: Model::Similarity,
        after_to_before: Some(Transform::similarity(1.0, 0.0, 10.0, 0.0)),
        residual_px: Residual { median: Some(0.41234), p95: None, held_out: true, points: 80 },
        coverage: 0.75,
        tie_points: Vec::new(),
    }
}

fn plan() -> Plan {
    let comparison = Comparison {
        new: vec![1],
        gone: vec![],
        both: vec![(0, 0)],
        undecided: ByDate::default(),
        outside: ByDate { before: vec![1], after: vec![] },
        new_count: count(1.0),
        gone_count: count(0.0),
        before_judgements: Vec::new(),
        after_judgements: Vec::new(),
        warnings: Vec::new(),
    };
    let mut plan = Plan::new(Request::default());
    plan.alignment = Some(alignment(Status::Pass));
    plan.before = Some(detection(vec![car(0, 60.0), car(1, 150.0)]));
    plan.after = Some(detection(vec![car(0, 50.0), car(1, 90.0)]));
    plan.comparison = Some(comparison);
    plan
}

fn source(file: &str, date: Option<&str>) -> Source<'static> {
    let captured = date.map(|date| Captured::on(date, DateSource::User));
    let mut input = Input::other(file, file.as_bytes(), file);
    (input.captured, input.size_px, input.format) = (captured, Some([200, 100]), Some("png".to_owned()));
    Source { input, to_lonlat: None }
}

fn context() -> Context<'static> {
    Context {
        before: source("before.png", None),
        after: source("after.png", None),
        other_inputs: Vec::new(),
        facility: None,
        entries: &[],
        edits: Vec::new(),
        alignment_accepted: false,
        warnings: Vec::new(),
    }
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
    assert_eq!(value["record"]["counts"], 1, "of the six figures one is an earlier count");
    let text = value["statement"]["text"].as_str().expect("a text");
    assert!(
        text.starts_with("At Tumangang, on images of 14 September 2023 and 5 October 2023, approximately 2 railcars"),
        "{text}"
    );
    assert!(text.contains("earlier count in the record"), "{text}");
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
    assert!(geojson::railcars(&plan, &context()).is_none());
}

#[test]
fn railcars_on_a_map_lie_in_one_frame() {
    let pixels = geojson::railcars(&plan(), &context()).expect("the plan is at its end");
    assert_eq!(pixels["crs"], "pixels");
    let features = pixels["features"].as_array().expect("features");
    let status: Vec<&str> = features.iter().filter_map(|f| f["properties"]["status"].as_str()).collect();
    assert_eq!(status, ["both", "outside", "both", "new"]);
    assert_eq!(features[0]["geometry"], features[2]["geometry"], "10 px apart, brought together by the alignment");
    assert_eq!(features[0]["geometry"]["coordinates"][0].as_array().map(Vec::len), Some(5), "closed");

    let north_up: json::ToLonLat<'_> = &|p| Some([7.0 + p.x * 1e-5, 47.0 - p.y * 1e-5]);
    let after = Source { to_lonlat: Some(north_up), ..source("after.png", None) };
    let placed = geojson::railcars(&plan(), &Context { after, ..context() }).expect("the plan is at its end");
    assert!(placed.get("crs").is_none(), "RFC 7946 knows one reference system");
    assert_eq!(placed["features"][0]["geometry"], placed["features"][2]["geometry"]);
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
