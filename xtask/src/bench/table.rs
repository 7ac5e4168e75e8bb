//! What was measured, as Markdown.

use super::super::evaluate::table::Table;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Everything that was measured.
#[derive(Serialize, Deserialize)]
pub struct Measured {
    /// What it was measured on.
    pub machine: String,
    /// Files of pkg/ and their bytes.
    pub sizes: Vec<(String, u64)>,
    /// What benches/stages.rs wrote, pair by pair.
    pub stages: Vec<Value>,
    /// What benches/opencv/pipeline.py wrote.
    pub python: Vec<Value>,
    /// What benches/page.js wrote.
    pub page: Value,
}

const INTRODUCTION: &str = "# Benchmarks

Written by `cargo xtask bench` (`--large` adds 144 megapixels; `--plots-only` draws docs/benchmarks.json anew). The pairs are drawn (`xtask/src/bench/pair.rs`): places of 256 m side by side at 0.5 m, of sixteen one a yard and one a line with
railcars, the others towns, fields and industry; JPEG, the later date shifted by 9 and 6 pixels. One run each: the figures say as much of the machine and of what else ran on it.
";

/// The whole document, with the plots of the whole job and of the stages.
pub fn text(measured: &Measured, [job, stages]: &[String; 2]) -> String {
    let mut text = format!("{INTRODUCTION}\nMachine: {}.\n\n## The whole job\n\n{JOB}\n\n", measured.machine);
    let _ = write!(text, "{}\n{job}\n", jobs(measured));
    let _ = write!(text, "\n## Stages\n\n{STAGES}\n\n{}\n{stages}\n\n", natively(&measured.stages));
    let _ = write!(
        text,
        "In Chromium, as the time passed; several workers, so that both dates are read and looked at side by side.\n\n{}\n",
        in_chromium(measured)
    );
    let _ = write!(text, "## Start and sizes\n\n{START}\n\n{}\n{}", starts(&measured.page), sizes(&measured.sizes));
    text
}

const JOB: &str = "From the files to the answer, seconds. The page decodes, aligns, looks for railcars on both dates, compares and counts. OpenCV, as people put it together
(`benches/opencv/pipeline.py`, `benches/peer.js`): decode, 5,000 ORB features, homography, warp, difference, threshold, connected components; it tells changed blobs, not railcars. The *preliminary answer* is what
the overview of both dates says, where the images are large enough for one. *Memory* is the most that
the browser's process of the page had, its picture of the map included; of it what the WebAssembly of all workers held at once (1 MB is 2^20 bytes here).";

const STAGES: &str = "Natively on one core, milliseconds a megapixel of one image. The exponent is the slope of the logarithms from the smallest to the largest pair: 1 is time in proportion to pixels.";

const START: &str = "From opening the page to its being ready for files, median of five, a fresh profile each time, the browser's own new tab included.";

fn pixels(stage: &Value) -> f64 {
    stage["pixels"].as_f64().unwrap_or(f64::NAN)
}

fn megapixels(stage: &Value) -> String {
    format!("{:.0} Mpx", pixels(stage) / 1e6)
}

fn seconds(value: &Value) -> String {
    value.as_f64().map_or_else(|| "–".to_owned(), |ms| format!("{:.1}", ms / 1e3))
}

/// Growth of time with pixels.
fn exponent(first: (f64, f64), last: (f64, f64)) -> String {
    let slope = (last.1 / first.1).ln() / (last.0 / first.0).ln();
    if slope.is_finite() { format!("{slope:.2}") } else { "–".to_owned() }
}

fn jobs(measured: &Measured) -> Table {
    let heads = [
        "",
        "the page",
        "of it until the preliminary answer",
        "OpenCV.js",
        "OpenCV in Python",
        "stages natively",
        "railcars",
        "longest task of the page's thread, ms",
        "memory, MB",
        "of it the workers', MB",
    ];
    let mut table = Table::new(heads);
    let jobs = measured.page["jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
    for ((job, stage), python) in jobs.iter().zip(&measured.stages).zip(&measured.python) {
        let longest = job["tasks"].as_array().map(|t| t.iter().filter_map(Value::as_f64).fold(0.0, f64::max));
        let whole: f64 = stage["ms"].as_object().map_or(0.0, |steps| steps.values().filter_map(Value::as_f64).sum());
        let page = job["failed"].as_str().map_or_else(|| seconds(&job["ms"]), str::to_owned);
        let peer = if job["openCv"]["failed"].is_null() { seconds(&job["openCv"]["ms"]) } else { "fails".to_owned() };
        table.push(vec![
            megapixels(stage),
            page,
            seconds(&job["preliminaryMs"]),
            peer,
            seconds(&python["ms"]),
            format!("{:.1}", whole / 1e3),
            stage["cars"].to_string(),
            longest.map_or_else(|| "–".to_owned(), |ms| format!("{ms:.0}")),
            job["peakMb"].as_f64().map_or_else(|| "–".to_owned(), |mb| format!("{mb:.0}")),
            job["workersBytes"].as_f64().map_or_else(|| "–".to_owned(), |bytes| format!("{:.0}", bytes / f64::from(1 << 20))),
        ]);
    }
    table
}

fn natively(stages: &[Value]) -> Table {
    let mut table = Table::new([String::new()].into_iter().chain(stages.iter().map(megapixels)).chain(["exponent".to_owned()]));
    let names: BTreeSet<&String> = stages.iter().filter_map(|s| s["ms"].as_object()).flat_map(|steps| steps.keys()).collect();
    for name in names {
        let ms = |stage: &Value| stage["ms"][name].as_f64().unwrap_or(f64::NAN);
        let mut row = vec![name.clone()];
        row.extend(stages.iter().map(|stage| format!("{:.1}", ms(stage) * 1e6 / pixels(stage))));
        if let (Some(first), Some(last)) = (stages.first(), stages.last()) {
            row.push(exponent((pixels(first), ms(first)), (pixels(last), ms(last))));
        }
        table.push(row);
    }
    table
}

fn in_chromium(measured: &Measured) -> Table {
    let jobs = measured.page["jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut names: Vec<&str> = Vec::new();
    for step in jobs.iter().filter_map(|job| job["steps"].as_array()).flatten().filter_map(|step| step[0].as_str()) {
        if !names.contains(&step) {
            names.push(step);
        }
    }
    let heads = measured.stages.iter().map(|stage| format!("{}, s", megapixels(stage)));
    let mut table = Table::new([String::new()].into_iter().chain(heads));
    for name in names {
        let passed = |job: &Value| -> f64 {
            let steps = job["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
            steps.iter().filter(|step| step[0] == name).filter_map(|step| step[1].as_f64()).fold(0.0, |sum, ms| sum + ms)
        };
        table.push([name.to_owned()].into_iter().chain(jobs.iter().map(|job| format!("{:.1}", passed(job) / 1e3))).collect());
    }
    table
}

fn starts(page: &Value) -> Table {
    let mut table = Table::new(["", "ms"]);
    for (name, ms) in page["start"].as_object().into_iter().flatten() {
        table.push(vec![name.clone(), format!("{:.0}", ms.as_f64().unwrap_or(f64::NAN))]);
    }
    table
}

fn sizes(sizes: &[(String, u64)]) -> Table {
    let mut table = Table::new(["pkg/", "kB"]);
    for (name, bytes) in sizes {
        table.push(vec![name.clone(), format!("{:.0}", *bytes as f64 / 1e3)]);
    }
    table
}

/// Processor and memory, where the system tells.
pub fn machine() -> String {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let value = |text: &str, key: &str| {
        text.lines().find(|line| line.starts_with(key)).and_then(|line| line.split(':').nth(1)).map(|v| v.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = value(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = value(&read("/proc/meminfo"), "MemTotal").and_then(|kb| kb.split(' ').next()?.parse::<f64>().ok());
    let memory = memory.map_or_else(String::new, |kb| format!(", {:.0} GB of memory", kb / 1e6));
    format!("{cores} cores of {model}{memory}, {}", std::env::consts::OS)
}
