//! Which plots are drawn from what was measured.

use super::plot::{Line, Plot};
use super::table::Measured;
use serde_json::Value;

const SIZE: &str = "size of one image, megapixels";

/// File in docs/, what to say to those who don't see it, and the picture.
pub fn all(measured: &Measured) -> [(&'static str, &'static str, String); 2] {
    let job = Plot {
        title: "The whole job, from the files to the answer",
        across: SIZE,
        up: "seconds",
        lines: vec![
            line("the page", measured, |k| seconds(&measured.page["jobs"][k]["ms"])),
            line("the page: preliminary", measured, |k| seconds(&measured.page["jobs"][k]["preliminaryMs"])),
            line("OpenCV.js", measured, |k| seconds(&measured.page["jobs"][k]["openCv"]["ms"])),
            line("OpenCV in Python", measured, |k| seconds(&measured.python[k]["ms"])),
        ],
    };
    let stage = |name: &'static str, parts: &'static [&'static str]| {
        line(name, measured, move |k| {
            let ms: f64 = parts.iter().filter_map(|part| measured.stages[k]["ms"][part].as_f64()).sum();
            ms * 1e6 / pixels(measured, k)
        })
    };
    let stages = Plot {
        title: "The stages, natively on one core",
        across: SIZE,
        up: "milliseconds a megapixel",
        lines: vec![
            stage("align", &["align"]),
            stage("detect, both dates", &["detect-before", "detect-after"]),
            stage("recheck, both dates", &["recheck-before", "recheck-after"]),
            stage("compare", &["compare"]),
            stage("decode, both dates", &["decode"]),
        ],
    };
    [
        ("benchmarks-job.svg", "Seconds of the whole job over the size of the images", job.svg()),
        ("benchmarks-stages.svg", "Milliseconds a megapixel of each stage over the size of the images", stages.svg()),
    ]
}

fn line(name: &str, measured: &Measured, value: impl Fn(usize) -> f64) -> Line {
    let points = (0..measured.stages.len()).map(|k| (pixels(measured, k) / 1e6, value(k))).collect();
    Line { name: name.to_owned(), points }
}

fn pixels(measured: &Measured, k: usize) -> f64 {
    measured.stages[k]["pixels"].as_f64().unwrap_or(f64::NAN)
}

/// NaN where nothing was measured, which no plot shows.
fn seconds(ms: &Value) -> f64 {
    ms.as_f64().map_or(f64::NAN, |ms| ms / 1e3)
}
