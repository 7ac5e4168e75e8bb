//! `compare --out` and `verify` on the command line: every file is there and whole, and exit codes say what became of a story.

#[path = "cli/harness.rs"]
#[allow(dead_code, reason = "each test file uses its own part of the harness")]
mod harness;

use harness::{Bench, sidings, text};
use sidings::example;
use std::path::{Path, PathBuf};

/// A piece of each date of the synthetic yard.
fn pair(bench: &Bench) -> (PathBuf, PathBuf) {
    let example = example::draw(7);
    let file = |name: &str, rgb: &sidings::raster::Raster<u8>| {
        let (left, top) = (rgb.width() as u32 / 2 - 200, rgb.height() as u32 / 2 - 150);
        bench.png(name, 400, 300, |x, y| {
            let p = rgb.pixel((left + x) as usize, (top + y) as usize);
            [p[0], p[1], p[2]]
        })
    };
    (file("before.png", &example.before.rgb), file("after.png", &example.after.rgb))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn all_exports_are_written_and_a_story_is_checked_by_exit_code() {
    let bench = Bench::new();
    let (before, after) = pair(&bench);
    let out = bench.path("out");
    let place = "Tumangang \"yard\" <b>";
    let run = sidings([
        "compare",
        text(&before),
        text(&after),
        "--gsd",
        "0.5",
        "--before-date",
        "2023-09-14",
        "--after-date",
        "2023-10-05",
        "--out",
        text(&out),
        "--credit",
        "Image © 2023 Somebody",
        "--licence",
        "CC BY 4.0",
        "--place",
        place,
        "--facility",
        "tumangang",
        "--lang",
        "ru",
    ]);
    run.answer("compare");
    let mut wanted = vec![
        "annotated-after.png",
        "annotated-before.png",
        "before-after.gif",
        "card.png",
        "SHA256SUMS",
        "counts.csv",
        "embed.html",
        "railcars.csv",
        "railcars.geojson",
        "railcars.kml",
        "report.json",
        "report.html",
        "side-by-side.png",
        "statement.txt",
        "story.html",
    ];
    wanted.sort_unstable();
    assert_eq!(names(&out), wanted, "and no temporary file");
    let story = out.join("story.html");
    let html = std::fs::read_to_string(&story).expect("written");
    assert!(
        html.contains("<html lang=\"ru\">")
            && html.contains("Tumangang &quot;yard&quot; &lt;b&gt;")
            && html.contains("5 октября 2023 г.")
    );
    assert!(html.contains("class=\"locator\""), "the facility has a place on the map that comes along");
    assert!(!html.contains(text(&before)), "folders stay at home");

    let sums = std::fs::read_to_string(out.join("SHA256SUMS")).expect("written");
    assert_eq!(sums.lines().count(), wanted.len() - 1, "every file but itself");
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").expect("as sha256sum writes it");
        assert_eq!(sidings::report::json::sha256_hex(&std::fs::read(out.join(name)).expect("written")), sum, "{name}");
    }
    let embed = std::fs::read_to_string(out.join("embed.html")).expect("written");
    assert!(
        embed.contains("sandbox=\"allow-scripts\"")
            && embed.contains("loading=\"lazy\"")
            && embed.contains("title=\"Tumangang &quot;yard")
    );

    let verdict = sidings(["verify", text(&story)]).answer("verify");
    assert_eq!((verdict["reproduced"].as_bool(), verdict["changed"].as_array().map(Vec::len)), (Some(true), Some(0)));
    let fingerprint = verdict["fingerprint"].as_str().expect("a hash").to_owned();
    assert!(html.contains(&fingerprint), "it stands on the page, too");
    sidings(["verify", text(&story), "--fingerprint", &fingerprint.to_uppercase()]).answer("verify");
    let other = sidings(["verify", text(&story), "--fingerprint", &"0".repeat(64)]).error(4);
    assert_eq!(other["code"], "another-story");

    let changed = bench.file("changed.html", html.replace("CC BY 4.0", "CC0").as_bytes());
    let run = sidings(["verify", text(&changed)]);
    assert_eq!(run.error(4)["code"], "changed");
    assert_eq!((run.json()["reproduced"].as_bool(), run.json()["changed"][0]["what"].as_str()), (Some(false), Some("text")));
    assert_eq!(sidings(["verify", text(&before)]).error(3)["code"], "not-a-story");
    assert_eq!(sidings(["verify", text(&bench.path("none.html"))]).error(3)["code"], "not-found");
}

#[test]
fn what_the_editor_writes_too_long_is_wrong_usage() {
    let bench = Bench::new();
    let (before, after) = pair(&bench);
    let run = sidings(["compare", text(&before), text(&after), "--caption", &"x".repeat(10_001)]);
    assert!(run.code == 2 && run.stderr.contains("10001 characters"), "{}", run.stderr);
    for option in ["--lang", "--story-size", "--story-shows"] {
        assert_eq!(sidings(["compare", text(&before), text(&after), option, "xx"]).code, 2, "{option}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_a_sentence() {
    let bench = Bench::new();
    let (before, after) = pair(&bench);
    let out = bench.path("out");
    std::fs::create_dir_all(out.join("report.json")).expect("a folder where a file should be");
    let error = sidings(["compare", text(&before), text(&after), "--gsd", "0.5", "--out", text(&out)]).error(3);
    assert_eq!(error["code"], "not-writable");
    assert_eq!(names(&out), ["report.json"], "nothing half");
}

/// A PNG with a chunk of content credentials behind its header.
fn with_credentials(png: &[u8], store: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(b"caBX");
    crc.update(store);
    let chunk = [&(store.len() as u32).to_be_bytes()[..], b"caBX", store, &crc.sum().to_be_bytes()].concat();
    // The signature has eight bytes, the header's chunk twenty-five.
    [&png[..33], &chunk, &png[33..]].concat()
}

#[test]
fn content_credentials_are_told_of_and_never_vouched_for() {
    let bench = Bench::new();
    let (before, after) = pair(&bench);
    let signed = bench.file("signed.png", &with_credentials(&std::fs::read(&before).expect("drawn"), b"c2pa, but damaged"));
    let images = sidings(["inspect", text(&before), text(&signed)]).answer("inspect")["images"].clone();
    assert!(images[0]["content_credentials"].is_null());
    let found = &images[1]["content_credentials"];
    assert_eq!((found["readable"].as_bool(), found["signature_checked"].as_bool()), (Some(false), Some(false)), "{found}");
    let out = bench.path("out");
    let shows = ["--story-shows", "whole", "--story-size", "small"];
    let answer = sidings([&["compare", text(&signed), text(&after), "--gsd", "0.5", "--out", text(&out)], &shows[..]].concat())
        .answer("compare");
    let inputs = &answer["provenance"]["inputs"];
    assert!(inputs[0]["content_credentials"].is_object() && inputs[1]["content_credentials"].is_null(), "{inputs}");
    let html = std::fs::read_to_string(out.join("story.html")).expect("written");
    assert!(html.contains("Content credentials: present, but they can&#39;t be read."));
    assert!(html.contains("Size in pixels: before 400 × 300") && html.len() <= 500_000, "all of it, and small");
}

#[test]
fn a_page_without_an_engine_is_refused_before_the_work_begins() {
    let bench = Bench::new();
    let (before, after) = pair(&bench);
    let page = bench.file("page.html", b"<!doctype html>");
    let run = sidings(["compare", text(&before), text(&after), "--out", text(&bench.path("out")), "--engine", text(&page)]);
    assert_eq!(run.error(3)["code"], "no-engine");
    assert_eq!(sidings(["compare", text(&before), text(&after), "--engine", text(&page)]).code, 2, "where to should it go?");
}
