//! `batch`: a line for every pair, whatever a row holds, and a run that was killed goes on where it stopped.

#[path = "cli/harness.rs"]
#[allow(dead_code, reason = "each test file uses its own part of the harness")]
mod harness;

use harness::{Bench, Run, sidings, speckle, text};
use serde_json::Value;
use sidings::example;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A piece of each date of the synthetic yard, so that a pair takes a second and not four.
fn pair(bench: &Bench) {
    let example = example::draw(7);
    for (name, rgb) in [("before.png", &example.before.rgb), ("after.png", &example.after.rgb)] {
        let (left, top) = (rgb.width() as u32 / 2 - 200, rgb.height() as u32 / 2 - 150);
        bench.png(name, 400, 300, |x, y| {
            let p = rgb.pixel((left + x) as usize, (top + y) as usize);
            [p[0], p[1], p[2]]
        });
    }
}

fn lines(text: &str) -> Vec<Value> {
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    for line in &lines {
        assert_eq!(
            (line["schema"].as_str(), line["version"].as_str()),
            (Some("sidings/batch@1"), Some(env!("CARGO_PKG_VERSION")))
        );
        assert!(line["compare"].is_null() != line["error"].is_null(), "an answer or an error: {line}");
    }
    lines
}

fn of_line(lines: &[Value], number: u64) -> &Value {
    lines.iter().find(|line| line["line"] == number).unwrap_or_else(|| panic!("no line {number}"))
}

fn batch(manifest: &Path, more: &[&str]) -> Run {
    sidings(["batch", text(manifest)].into_iter().chain(more.iter().copied()))
}

#[test]
fn a_bad_row_is_a_line_with_its_error_and_the_others_go_on() {
    let bench = Bench::new();
    pair(&bench);
    bench.png("noise.png", 400, 300, speckle);
    let manifest = bench.file(
        "pairs.csv",
        b"before;after;gsd;before_date;facility;out\n\
          before.png;missing.png;0.5;;;\n\
          before.png;after.png;0,5;2023-09-14;;results/one\n\
          before.png;after.png;half;;;\n\
          before.png;;0.5;;;\n\
          before.png;noise.png;0.5;;;\n\
          before.png;after.png;0.5;2023-02-30;;\n\
          before.png;after.png;0.5;;atlantis;\n",
    );
    let run = batch(&manifest, &["--jobs", "2"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines = lines(&run.stdout);
    assert_eq!(lines.len(), 7);
    for (number, code, word) in [
        (2, "not-found", "no such file"),
        (4, "not-a-table", "half"),
        (5, "not-a-table", "nothing under \"after\""),
        (6, "not-the-same-place", ""),
        (7, "not-a-table", "2023-02-30"),
        (8, "usage", "atlantis"),
    ] {
        let error = &of_line(&lines, number)["error"];
        assert!(error["code"] == code && error["message"].as_str().is_some_and(|m| m.contains(word)), "{number}: {error}");
    }
    let good = &of_line(&lines, 3)["compare"];
    assert_eq!((good["schema"].as_str(), good["before"]["gsd_m"].as_f64()), (Some("sidings/compare@1"), Some(0.5)));
    assert_eq!(good["provenance"]["inputs"][0]["captured"]["date"], "2023-09-14");
    let report: Value =
        serde_json::from_slice(&std::fs::read(bench.path("results/one/report.json")).expect("beside the table")).expect("JSON");
    assert_eq!(&report, good);
    assert!(run.stderr.contains("7 of 7 pairs, 6 with an error"), "progress goes to stderr: {}", run.stderr);
}

#[test]
fn a_table_that_is_none_is_refused() {
    let bench = Bench::new();
    let manifest = bench.file("pairs.csv", b"first,second\na.png,b.png\n");
    assert!(batch(&manifest, &[]).error(3)["message"].as_str().is_some_and(|m| m.contains("before")));
    assert_eq!(batch(&bench.path("none.csv"), &[]).error(3)["code"], "not-found");
    assert_eq!(batch(&manifest, &["--retry"]).code, 2, "nothing to go on from");
}

#[test]
fn a_pair_beyond_the_budget_is_refused_and_says_what_it_needs() {
    let bench = Bench::new();
    bench.png("large.png", 3000, 4000, |_, _| [9; 3]);
    let manifest = bench.file("pairs.csv", b"before,after\nlarge.png,large.png\n");
    let run = batch(&manifest, &["--memory", "300"]);
    let lines = lines(&run.stdout);
    assert!(lines[0]["error"]["code"] == "over-memory", "{}", lines[0]);
}

/// Waits until a file holds so many whole lines.
fn wait_for(path: &Path, wanted: usize) {
    let begun = Instant::now();
    while std::fs::read_to_string(path).map_or(0, |text| text.matches('\n').count()) < wanted {
        assert!(begun.elapsed() < Duration::from_secs(120), "no {wanted} lines in {}", path.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_run_that_was_killed_goes_on_without_doing_finished_rows_again() {
    let bench = Bench::new();
    pair(&bench);
    let mut table = String::from("before,after,gsd,out\n");
    for k in 0..4 {
        table += &format!("before.png,after.png,0.5,out-{k}\n");
    }
    let (manifest, kept): (PathBuf, PathBuf) = (bench.file("pairs.csv", table.as_bytes()), bench.path("lines.jsonl"));
    let mut killed = Command::new(env!("CARGO_BIN_EXE_sidings"))
        .args(["batch", text(&manifest), "--jobs", "1", "--out-lines", text(&kept)])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    wait_for(&kept, 1);
    killed.kill().expect("it was still at work");
    killed.wait().expect("it is gone");
    let before = std::fs::read_to_string(&kept).expect("kept");
    let done = before.matches('\n').count();
    assert!((1..4).contains(&done), "killed on the way: {done}");
    // What a kill in the middle of a line leaves behind.
    std::fs::write(&kept, format!("{before}{{\"schema\":\"sidings/batch@1\",\"vers")).expect("torn");
    for line in lines(&before) {
        let out = bench.path(&format!("out-{}", line["line"].as_u64().expect("a number") - 2));
        std::fs::remove_dir_all(out).expect("its exports were written before its line");
    }

    let run = batch(&manifest, &["--jobs", "2", "--out-lines", text(&kept)]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains(&format!("{done} of 4 pairs were done before")), "{}", run.stderr);
    let after = std::fs::read_to_string(&kept).expect("kept");
    assert!(after.starts_with(&before), "finished lines stay as they are");
    let mut numbers: Vec<u64> = lines(&after).iter().map(|line| line["line"].as_u64().expect("a number")).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [2, 3, 4, 5]);
    let mut printed: Vec<&str> = run.stdout.lines().collect();
    let mut stored: Vec<&str> = after.lines().collect();
    printed.sort_unstable();
    stored.sort_unstable();
    assert_eq!(printed, stored, "what is printed is complete");
    for line in lines(&before) {
        let out = bench.path(&format!("out-{}", line["line"].as_u64().expect("a number") - 2));
        assert!(!out.exists(), "a finished row was done again");
    }

    let run = batch(&manifest, &["--out-lines", text(&kept)]);
    assert!(run.stderr.contains("4 of 4 pairs were done before"), "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(&kept).expect("kept"), after);
}

#[test]
fn rows_with_an_error_are_tried_again_when_asked() {
    let bench = Bench::new();
    pair(&bench);
    let manifest = bench.file("pairs.csv", b"before,after,gsd\nbefore.png,late.png,0.5\n");
    let kept = bench.path("lines.jsonl");
    let first = batch(&manifest, &["--out-lines", text(&kept)]);
    assert_eq!(lines(&first.stdout)[0]["error"]["code"], "not-found");
    std::fs::copy(bench.path("after.png"), bench.path("late.png")).expect("it comes late");
    let same = batch(&manifest, &["--out-lines", text(&kept)]);
    assert_eq!(same.stdout, first.stdout, "finished is finished");
    let again = batch(&manifest, &["--out-lines", text(&kept), "--retry"]);
    assert!(lines(&again.stdout)[0]["error"].is_null(), "{}", again.stdout);
}
