//! The command line on whole scenes: the synthetic yard, and real pairs where they lie beside the checkout.

#[path = "cli/harness.rs"]
#[allow(dead_code, reason = "each test file uses its own part of the harness")]
mod harness;

use harness::{Bench, sidings, speckle, text};
use serde_json::Value;
use sidings::example::{self, Example};
use sidings::geometry::{Point, Transform};
use std::path::{Path, PathBuf};

/// The synthetic yard as two files whose names carry their dates.
fn yard(bench: &Bench) -> (Example, PathBuf, PathBuf) {
    let example = example::draw(7);
    let file = |scene: &example::ExampleScene| bench.file(scene.file_name, &scene.png().expect("PNG can be written"));
    let (before, after) = (file(&example.before), file(&example.after));
    (example, before, after)
}

/// A piece from the middle of the older date: enough where no truth is needed, and quick.
fn piece(bench: &Bench) -> PathBuf {
    let rgb = example::draw(7).before.rgb;
    let (left, top) = (rgb.width() as u32 / 2 - 160, rgb.height() as u32 / 2 - 100);
    bench.png("piece.png", 320, 200, |x, y| {
        let p = rgb.pixel((left + x) as usize, (top + y) as usize);
        [p[0], p[1], p[2]]
    })
}

fn transform(value: &Value) -> Transform {
    serde_json::from_value(value.clone()).expect("three rows of three numbers")
}

/// Largest distance between what two transforms make of a grid of points over an image.
fn apart_px(a: &Transform, b: &Transform, width: f64, height: f64) -> f64 {
    let grid = (0..=4).flat_map(|i| (0..=4).map(move |j| Point::new(width * f64::from(i) / 4.0, height * f64::from(j) / 4.0)));
    grid.map(|p| a.apply(p).distance(b.apply(p))).fold(0.0, f64::max)
}

fn ids(list: &Value) -> Vec<u64> {
    list.as_array().expect("a list").iter().map(|id| id.as_u64().expect("an id")).collect()
}

/// What must hold of every comparison, whatever it found.
fn assert_consistent(value: &Value) {
    for side in ["before", "after"] {
        let railcars = value[side]["railcars"].as_array().expect("a list");
        let count = &value[side]["count"];
        let [low, estimate, high] = ["low", "estimate", "high"].map(|k| count[k].as_u64().expect("whole cars"));
        assert!(low <= estimate && estimate <= high, "{side}: {count}");
        assert_eq!(count["kind"], "individual");
        let mut seen: Vec<u64> = railcars.iter().map(|c| c["id"].as_u64().expect("an id")).collect();
        let (own, other) = if side == "before" { ("gone", 0) } else { ("new", 1) };
        let change = &value["change"];
        let pairs = change["both"].as_array().expect("a list").iter().map(|pair| pair[other].as_u64().expect("an id"));
        let mut told: Vec<u64> = ids(&change[own]).into_iter().chain(pairs).collect();
        told.extend(ids(&change["undecided"][side]).into_iter().chain(ids(&change["outside"][side])));
        seen.sort_unstable();
        told.sort_unstable();
        assert_eq!(seen, told, "{side}: every car is in exactly one list");
        for car in railcars {
            let [x, y] = [&car["center_px"][0], &car["center_px"][1]].map(|v| v.as_f64().expect("a number"));
            let mean = |k: usize| (0..4).map(|i| car["polygon_px"][i][k].as_f64().expect("a number")).sum::<f64>() / 4.0;
            assert!((mean(0) - x).abs() < 0.05 && (mean(1) - y).abs() < 0.05, "{car}");
            assert!(car["length_m"].as_f64() > car["width_m"].as_f64(), "{car}");
        }
    }
}

#[test]
fn the_synthetic_yard_is_compared_and_written_down() {
    let bench = Bench::new();
    let (truth, before, after) = yard(&bench);
    let out = bench.path("deep/er");
    let record = bench.file("counts.csv", b"date,count,source\n2018-05-01,12,ours\n2021-05-01,18,ours\n");
    let run = sidings(["compare", text(&before), text(&after), "--gsd", "0.5", "--record", text(&record), "--out", text(&out)]);
    let value = run.answer("compare");
    assert_consistent(&value);
    assert_eq!(value["registration"]["status"], "pass");
    let found = transform(&value["registration"]["after_to_before"]);
    let (width, height) = (truth.after.rgb.width() as f64, truth.after.rgb.height() as f64);
    let apart = apart_px(&found, &truth.after_to_before, width, height);
    assert!(apart < 2.0, "{apart} px");
    assert_eq!(value["before"]["gsd_from"], "given");
    for (key, scene) in [("before", &truth.before), ("after", &truth.after)] {
        let input = value["provenance"]["inputs"].as_array().expect("a list").iter().find(|i| i["role"] == key).expect(key);
        assert_eq!((input["captured"]["date"].as_str(), input["captured"]["from"].as_str()), (Some(scene.date), Some("name")));
        let bytes = scene.png().expect("PNG can be written");
        assert_eq!(input["sha256"], sidings::report::json::sha256_hex(&bytes));
        assert_eq!(input["bytes"], bytes.len());
    }
    assert_eq!(value["record"]["counts"], 2);
    let statement = value["statement"]["text"].as_str().expect("a text");
    assert!(statement.contains("approximately") && statement.contains("cannot show"), "{statement}");

    let report = std::fs::read_to_string(out.join("report.json")).expect("written");
    assert_eq!(serde_json::from_str::<Value>(&report).expect("JSON"), value);
    let map: Value = serde_json::from_slice(&std::fs::read(out.join("railcars.geojson")).expect("written")).expect("JSON");
    let cars = |side: &str| value[side]["railcars"].as_array().map_or(0, Vec::len);
    assert_eq!(map["features"].as_array().map(Vec::len), Some(cars("before") + cars("after")));
    assert_eq!((&map["placed"], &map["features"][0]["geometry"]), (&Value::Bool(false), &Value::Null));
    let kml = std::fs::read_to_string(out.join("railcars.kml")).expect("written");
    assert!(kml.contains("no georeference") && !kml.contains("<coordinates>"), "{kml}");
    let counts = std::fs::read_to_string(out.join("counts.csv")).expect("written");
    assert_eq!(counts.lines().count(), 5, "{counts}");
    let table = std::fs::read_to_string(out.join("railcars.csv")).expect("written");
    assert_eq!(table.lines().count(), 1 + cars("before") + cars("after"));
    assert!(run.stderr.contains("align"), "progress goes to stderr: {}", run.stderr);
}

#[test]
fn one_file_twice_is_answered_and_said() {
    let bench = Bench::new();
    let before = piece(&bench);
    let value = sidings(["compare", text(&before), text(&before), "--gsd", "0.5"]).answer("compare");
    assert_consistent(&value);
    assert!(value["warnings"].as_array().is_some_and(|w| w.iter().any(|w| w["code"] == "same-image")), "{}", value["warnings"]);
    assert_eq!((ids(&value["change"]["new"]), ids(&value["change"]["gone"])), (vec![], vec![]));
    let comparison = value["statement"]["parts"]["comparison"].as_str().expect("said");
    assert!(comparison.starts_with("Both files hold the same image"), "{comparison}");
    let change = sidings(["change", text(&before), text(&before), "--aligned"]).answer("change");
    assert_eq!((change["changed_fraction"].as_f64(), &change["threshold"]), (Some(0.0), &Value::Null), "{change}");
}

#[test]
fn two_places_are_four_and_hold_no_transform() {
    let bench = Bench::new();
    let before = piece(&bench);
    let elsewhere = bench.png("elsewhere.png", 400, 300, speckle);
    let run = sidings(["register", text(&before), text(&elsewhere)]);
    assert_eq!(run.error(4)["code"], "not-the-same-place");
    let value = run.json();
    assert_eq!((value["status"].as_str(), &value["after_to_before"]), (Some("fail"), &Value::Null));
    assert!(value["reasons"].as_array().is_some_and(|r| !r.is_empty()));
    assert_eq!(sidings(["compare", text(&before), text(&elsewhere)]).error(4)["code"], "not-the-same-place");
}

#[test]
fn control_points_of_a_file_lay_over_each_other_what_the_search_refuses() {
    let bench = Bench::new();
    let before = piece(&bench);
    let elsewhere = bench.png("elsewhere.png", 400, 300, speckle);
    let points = b"before_x,before_y,after_x,after_y\n30,20,20,15\n200,30,190,25\n40,150,30,145\n210,160,200,155\n120,40,110,35\n110,140,100,135\n";
    let points = bench.file("points.csv", points);
    let value = sidings(["register", text(&before), text(&elsewhere), "--points", text(&points)]).answer("register");
    assert_eq!((value["model"].as_str(), value["tie_points"].as_array().map(Vec::len)), (Some("similarity"), Some(6)));
    let shift = &value["after_to_before"];
    assert!(shift[0][2].as_f64().is_some_and(|dx| (dx - 10.0).abs() < 1e-6), "{shift}");
    let torn = bench.file("torn.csv", b"before_x,before_y,after_x,after_y\n30,20,20\n");
    let error = sidings(["register", text(&before), text(&elsewhere), "--points", text(&torn)]).error(3);
    assert!(error["message"].as_str().is_some_and(|m| m.contains("line 2") || m.contains("after_y")), "{error}");
}

#[test]
fn tracks_that_are_drawn_are_the_tracks_that_are_used() {
    let bench = Bench::new();
    let before = piece(&bench);
    let value = sidings(["detect", text(&before), "--gsd", "0.5"]).answer("detect");
    let line = value["tracks"][0]["line_px"].clone();
    let drawn = serde_json::json!({ "type": "LineString", "crs": "pixels", "coordinates": line });
    let tracks = bench.file("tracks.geojson", drawn.to_string().as_bytes());
    let again = sidings(["detect", text(&before), "--gsd", "0.5", "--tracks", text(&tracks)]).answer("detect");
    assert_eq!(again["tracks"].as_array().map(Vec::len), Some(1));
    assert!(again["railcars"].as_array().map(Vec::len) < value["railcars"].as_array().map(Vec::len));
}

#[test]
fn a_change_is_scored_on_the_grid_of_before() {
    let bench = Bench::new();
    let quiet = |x, y| speckle(x / 3, y / 3);
    let before = bench.png("before.png", 96, 64, quiet);
    let after =
        bench.png(
            "after.png",
            96,
            64,
            |x, y| if (40..56).contains(&x) && (20..36).contains(&y) { [250, 20, 240] } else { quiet(x, y) },
        );
    let (score, mask) = (bench.path("score.tif"), bench.path("mask.png"));
    let run = sidings(["change", text(&before), text(&after), "--aligned", "--score", text(&score), "--mask", text(&mask)]);
    let value = run.answer("change");
    assert_eq!(value["registration"], Value::Null);
    let mask = image::open(&mask).expect("a PNG").into_luma8();
    assert_eq!(mask.dimensions(), (96, 64));
    assert_eq!((mask.get_pixel(48, 28).0, mask.get_pixel(10, 10).0), ([255], [0]));
    let mut decoder = tiff::decoder::Decoder::new(std::fs::File::open(&score).expect("written")).expect("a TIFF");
    assert_eq!(decoder.dimensions().expect("a size"), (96, 64));
    let tiff::decoder::DecodingResult::F32(score) = decoder.read_image().expect("pixels") else {
        panic!("32-bit float was promised")
    };
    let threshold = value["threshold"].as_f64().expect("a threshold");
    let above = score.iter().filter(|s| f64::from(**s) > threshold).count();
    assert_eq!(above, mask.pixels().filter(|p| p.0 == [255]).count(), "the mask is the score above the threshold");
}

#[test]
fn real_pairs_lie_right_where_they_are_present() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pairs/muttenz-west-0.5-hard-106");
    let Ok(truth) = std::fs::read(folder.join("truth.json")) else {
        return println!("skipped: {} is absent", folder.display());
    };
    let truth: Value = serde_json::from_slice(&truth).expect("JSON");
    let (before, after) = (folder.join("before.jpg"), folder.join("after.jpg"));
    let value = sidings(["compare", text(&before), text(&after), "--gsd", "0.5"]).answer("compare");
    assert_consistent(&value);
    let (found, right) = (transform(&value["registration"]["after_to_before"]), transform(&truth["after_to_before"]));
    let apart = apart_px(&found, &right, truth["width"].as_f64().expect("a width"), truth["height"].as_f64().expect("a height"));
    assert!(apart < 2.0, "{apart} px");
    let gsd_m = value["after"]["gsd_m"].as_f64().expect("a scale");
    assert!((gsd_m / truth["gsd_after_m"].as_f64().expect("a scale") - 1.0).abs() < 0.02, "{gsd_m}");
}
