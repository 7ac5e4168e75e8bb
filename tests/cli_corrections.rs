//! Corrections and tracks that come in files.

#[path = "cli/harness.rs"]
#[allow(dead_code, reason = "each test file uses its own part of the harness")]
mod harness;

use harness::{Bench, sidings, text};
use serde_json::{Value, json};
use sidings::example;

fn drawn(bench: &Bench) -> [std::path::PathBuf; 2] {
    let example = example::draw(5);
    [("before.png", &example.before), ("after.png", &example.after)]
        .map(|(name, scene)| bench.file(name, &scene.png().expect("a picture")))
}

fn least_sure(detection: &Value) -> Value {
    let cars = detection["railcars"].as_array().expect("cars");
    let confidence = |car: &&Value| (car["confidence"].as_f64().expect("a number") * 1e6) as i64;
    cars.iter().min_by_key(confidence).expect("a car")["polygon_px"].clone()
}

fn holds(detection: &Value, outline: &Value) -> bool {
    let middle =
        |k: usize| outline.as_array().expect("corners").iter().map(|p| p[k].as_f64().expect("a number")).sum::<f64>() / 4.0;
    detection["railcars"].as_array().expect("cars").iter().any(|car| {
        let at = |k: usize| car["center_px"][k].as_f64().expect("a number");
        (at(0) - middle(0)).hypot(at(1) - middle(1)) < 4.0
    })
}

#[test]
fn corrections_are_counted_and_told() {
    let bench = Bench::new();
    let [before, after] = drawn(&bench);
    let first = sidings(["detect", text(&after), "--gsd", "0.5"]).answer("detect");
    assert_eq!(first["provenance"]["edits"], json!([]));
    let outline = least_sure(&first);
    let file = bench.file("one.json", json!({ "rejected": [outline] }).to_string().as_bytes());
    let again = sidings(["detect", text(&after), "--gsd", "0.5", "--corrections", text(&file)]).answer("detect");
    assert!(holds(&first, &outline) && !holds(&again, &outline));
    assert_eq!(again["provenance"]["edits"][0]["edit"], "correct-railcars");
    assert_eq!(again["provenance"]["inputs"][1]["role"], "corrections");
    let file = bench.file("both.json", json!({ "after": { "rejected": [outline] } }).to_string().as_bytes());
    let compared =
        sidings(["compare", text(&before), text(&after), "--gsd", "0.5", "--corrections", text(&file)]).answer("compare");
    assert!(!holds(&compared["after"], &outline));
    assert_eq!(compared["provenance"]["edits"][0]["image"], "after");
    let wrong = sidings(["detect", text(&after), "--gsd", "0.5", "--corrections", text(&file)]).error(3);
    assert!(wrong["message"].as_str().is_some_and(|m| m.contains("\"after\"")), "{wrong}");
}

#[test]
fn added_cars_and_areas_are_counted_and_told_in_the_form_in_which_they_came() {
    let bench = Bench::new();
    let [_, after] = drawn(&bench);
    let cars = |value: &Value| value["railcars"].as_array().map_or(0, Vec::len);
    let first = sidings(["detect", text(&after), "--gsd", "0.5"]).answer("detect");
    // Where surely no car was found: the picture's corner.
    let own = json!({ "polygon_px": [[20.0, 20.0], [48.0, 20.0], [48.0, 26.0], [20.0, 26.0]], "type": "tank" });
    let file = bench.file("added.json", json!({ "added": [own] }).to_string().as_bytes());
    let with_it = sidings(["detect", text(&after), "--gsd", "0.5", "--corrections", text(&file)]).answer("detect");
    assert!(!holds(&first, &own["polygon_px"]) && holds(&with_it, &own["polygon_px"]));
    assert_eq!(with_it["provenance"]["edits"][0]["added"], json!([own]));
    let everything = json!([[0.0, 0.0], [1e5, 0.0], [1e5, 1e5], [0.0, 1e5]]);
    let file = bench.file("out.json", json!({ "added": [own], "leave_out": [everything] }).to_string().as_bytes());
    let without = sidings(["detect", text(&after), "--gsd", "0.5", "--corrections", text(&file)]).answer("detect");
    assert!(cars(&first) > 0 && cars(&without) == 0, "{}", without["count"]);
    assert_eq!(without["provenance"]["edits"][0]["leave_out"], json!([everything]));
}

#[test]
fn a_comparison_takes_added_cars_of_each_date_and_its_own_report_gives_the_same_again() {
    let bench = Bench::new();
    let [before, after] = drawn(&bench);
    let compare = |corrections: &std::path::Path| {
        sidings(["compare", text(&before), text(&after), "--gsd", "0.5", "--corrections", text(corrections)]).answer("compare")
    };
    let outline = |x: f64| json!([[x, 20.0], [x + 28.0, 20.0], [x + 28.0, 26.0], [x, 26.0]]);
    let own = |x: f64| json!({ "polygon_px": outline(x), "type": "tank" });
    let first = sidings(["compare", text(&before), text(&after), "--gsd", "0.5"]).answer("compare");
    let wrong = least_sure(&first["after"]);
    let given = json!({ "before": { "added": [own(20.0)] }, "after": { "added": [own(80.0)], "rejected": [wrong] } });
    let corrected = compare(&bench.file("both.json", given.to_string().as_bytes()));
    assert!(holds(&corrected["before"], &outline(20.0)) && !holds(&corrected["before"], &outline(80.0)));
    assert!(holds(&corrected["after"], &outline(80.0)) && !holds(&corrected["after"], &wrong));
    let cars = |document: &Value, date: &str| document[date]["railcars"].as_array().map_or(0, Vec::len);
    assert!(cars(&corrected, "before") > cars(&first, "before"), "added, and compared");
    assert_eq!(corrected["provenance"]["edits"][0]["added"], json!([own(20.0)]));
    let again = compare(&bench.file("report.json", corrected.to_string().as_bytes()));
    for part in ["registration", "before", "after", "change"] {
        assert_eq!(again[part], corrected[part], "{part}");
    }
    assert_eq!(again["provenance"]["edits"], corrected["provenance"]["edits"]);
}

#[test]
fn kml_needs_a_georeference_and_says_so() {
    let bench = Bench::new();
    let [before, _] = drawn(&bench);
    let kml = "<kml><Placemark><name>1</name><LineString><coordinates>7,47 7.1,47</coordinates></LineString></Placemark></kml>";
    let tracks = bench.file("tracks.kml", kml.as_bytes());
    let error = sidings(["detect", text(&before), "--gsd", "0.5", "--tracks", text(&tracks)]).error(3);
    assert!(error["message"].as_str().is_some_and(|m| m.contains("georeference")), "{error}");
    // A metre to the right and a metre down for each hundred-thousandth of a degree, near enough for a test.
    bench.file("before.pgw", b"0.00001\n0\n0\n-0.00001\n7.0\n47.0\n");
    bench.file("before.prj", br#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]"#);
    let kml = "<kml><Placemark><name>Gleis 1</name><LineString><coordinates>7.0001,46.999 7.003,46.999</coordinates></LineString></Placemark></kml>";
    let tracks = bench.file("tracks.kml", kml.as_bytes());
    let value = sidings(["detect", text(&before), "--gsd", "0.5", "--tracks", text(&tracks)]).answer("detect");
    assert_eq!(value["provenance"]["edits"][0], json!({ "edit": "use-tracks", "file": text(&tracks), "names": ["Gleis 1"] }));
    assert_eq!(value["tracks"].as_array().map(Vec::len), Some(1));
    let track = &value["tracks"][0];
    assert_eq!(track["confidence"], 1.0);
    assert!(track["snapped_m"].as_f64().is_some_and(|m| (0.0..=1.5).contains(&m)), "{track}");
    assert!(track["line_px"][0][1].as_f64().is_some_and(|y| (y - 100.0).abs() < 5.0), "{track}");
}
