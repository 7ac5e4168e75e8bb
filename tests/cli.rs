//! The command line, run as a user runs it: one JSON document on stdout, and exit codes that mean what they say.

#[path = "cli/harness.rs"]
#[allow(dead_code, reason = "each test file uses its own part of the harness")]
mod harness;

use harness::{Bench, sidings, speckle, text};
use serde_json::Value;

#[test]
fn wrong_usage_is_two_and_says_what_is_expected() {
    let bench = Bench::new();
    let image = bench.png("a.png", 64, 64, speckle);
    let a = text(&image);
    for (arguments, word) in [
        (vec![], "Usage"),
        (vec!["inspect"], "IMAGE"),
        (vec!["count", a], "count"),
        (vec!["compare", a], "AFTER"),
        (vec!["detect", a, "--gsd", "0"], "0.5"),
        (vec!["detect", a, "--gsd", "half"], "0.5"),
        (vec!["compare", a, a, "--before-date", "5.10.2023"], "ISO 8601"),
        (vec!["compare", a, a, "--after-date", "2023-02-30"], "ISO 8601"),
        (vec!["compare", a, a, "--facility", "atlantis"], "tumangang"),
    ] {
        let run = sidings(&arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stdout.is_empty() && run.stderr.contains(word), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn help_and_version_are_answers() {
    for arguments in [["--help"], ["--version"]] {
        assert_eq!(sidings(arguments).code, 0);
    }
    assert!(sidings(["compare", "--help"]).stdout.contains("--facility"));
}

#[test]
fn inspect_says_what_a_file_is() {
    let bench = Bench::new();
    let image = bench.png("yard 1.png", 40, 30, speckle);
    let run = sidings(["inspect", text(&image)]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let value = run.json();
    assert_eq!(value["schema"], "sidings/inspect@1");
    let first = value["images"][0].as_object().expect("an image");
    for (key, expected) in
        [("format", "png".into()), ("width", 40.into()), ("height", 30.into()), ("bands", 3.into()), ("bits", Value::from(8))]
    {
        assert_eq!(first[key], expected, "{key}");
    }
    for key in ["gsd_m", "crs", "corners_lonlat", "captured"] {
        assert_eq!(first.get(key), Some(&Value::Null), "{key}");
    }
    assert_eq!(first["file"], text(&image));
    let digest = sidings::report::json::sha256_hex(&std::fs::read(&image).expect("just written"));
    assert_eq!(first["sha256"], digest);
}

#[test]
fn inspect_tells_of_the_good_files_beside_a_bad_one() {
    let bench = Bench::new();
    let (good, bad) = (bench.png("good.png", 40, 30, speckle), bench.file("bad.png", b"no image at all"));
    let run = sidings(["inspect", text(&bad), text(&good)]);
    assert_eq!(run.error(3)["file"], text(&bad));
    assert_eq!(run.json()["images"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_tiny_or_empty_looking_image_can_be_inspected_but_not_counted() {
    let bench = Bench::new();
    for (image, inspected, refused) in [
        (bench.png("pixel.png", 1, 1, speckle), "too-small", 3),
        (bench.png("black.png", 64, 64, |_, _| [0, 0, 0]), "featureless", 4),
    ] {
        let run = sidings(["inspect", text(&image)]);
        assert_eq!((run.code, run.json()["images"][0]["warnings"][0]["code"].clone()), (0, inspected.into()));
        let error = sidings(["detect", text(&image), "--gsd", "0.5"]).error(refused);
        assert_eq!(error["code"], inspected);
        assert!(error["file"] == text(&image) || error["message"].as_str().is_some_and(|m| m.contains(text(&image))), "{error}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_three_and_named() {
    let bench = Bench::new();
    let good = bench.png("good.png", 64, 64, speckle);
    let whole = std::fs::read(&good).expect("just written");
    let cases = [
        bench.path("missing.png"),
        bench.path(""),
        bench.file("text.png", b"not an image"),
        bench.file("empty.jpg", b""),
        bench.file("half.png", &whole[..whole.len() / 2]),
    ];
    for bad in &cases {
        let bad = text(bad);
        for arguments in
            [vec!["inspect", bad], vec!["detect", bad], vec!["register", text(&good), bad], vec!["compare", bad, text(&good)]]
        {
            let run = sidings(&arguments);
            assert_eq!(run.error(3)["file"], bad, "{arguments:?}");
            assert!(!run.stderr.is_empty(), "{arguments:?} says it on stderr too");
        }
    }
}

#[test]
fn side_files_that_cannot_be_used_are_three_and_named() {
    let bench = Bench::new();
    let image = bench.png("a.png", 64, 64, speckle);
    let tracks = bench.file("t.geojson", br#"{"type":"LineString","coordinates":[[7,47],[8,47]]}"#);
    let record = bench.file("counts.csv", b"date,count\n2023-01-01,lots\n");
    let places = bench.file("places.csv", b"id,lat\na,1\n");
    for (option, path, word) in
        [("--tracks", &tracks, "georeference"), ("--record", &record, "line 2"), ("--facilities", &places, "lon")]
    {
        let error = sidings(["compare", text(&image), text(&image), option, text(path)]).error(3);
        assert_eq!(error["file"], text(path));
        assert!(error["message"].as_str().is_some_and(|m| m.contains(word)), "{error}");
    }
    let blocked = bench.file("taken", b"");
    let error = sidings(["compare", text(&image), text(&image), "--out", text(&blocked)]).error(3);
    assert_eq!((error["code"].as_str(), error["file"].as_str()), (Some("not-writable"), Some(text(&blocked))));
}

#[test]
fn files_beside_an_image_are_found_by_themselves() {
    let bench = Bench::new();
    let image = bench.png("yard_20231005.png", 64, 64, speckle);
    let beside = |ending: &str, text: &str| std::fs::write(image.with_extension(ending), text).expect("written");
    let crs = |run: &Value| (run["images"][0]["crs"].clone(), run["images"][0]["gsd_m"].clone());
    assert_eq!(crs(&sidings(["inspect", text(&image)]).answer("inspect")), (Value::Null, Value::Null));
    beside("PGW", "0.5\n0\n0\n-0.5\n631845.4413\n4697842.6003\n");
    beside("prj", r#"PROJCS["WGS 84 / UTM zone 52N",AUTHORITY["EPSG","32652"]]"#);
    beside("json", r#"{"properties":{"acquired":"2023-10-05T01:23:45Z"}}"#);
    let found = sidings(["inspect", text(&image)]).answer("inspect");
    assert_eq!(found["images"][0]["crs"], "EPSG:32652");
    assert!((found["images"][0]["gsd_m"].as_f64().expect("a scale") - 0.5).abs() < 1e-3);
    assert_eq!(found["images"][0]["captured"]["time"], "01:23:45Z");
    assert!(found["images"][0]["sun"]["elevation_deg"].as_f64().is_some_and(|e| e > 20.0));
}
