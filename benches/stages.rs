//! How long each stage takes natively, on one core, pair by pair: `cargo xtask bench` draws the pairs and names them. One line of JSON a pair: pixels,
//! milliseconds of each stage, and how many cars came out.

use sidings::pipeline::{Request, Workbench, run};
use sidings::yard::GsdSource;
use sidings::{decode, limits::Limits};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// m a pixel of the drawn pairs.
const GSD_M: f64 = 0.5;

fn main() {
    // Cargo adds an argument of its own.
    let files: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    for pair in files.chunks_exact(2) {
        println!("{}", once(&pair[0], &pair[1]));
    }
}

fn once(before: &str, after: &str) -> serde_json::Value {
    let mut spent: BTreeMap<&'static str, f64> = BTreeMap::new();
    let mut since = (Instant::now(), "decode");
    let [before, after] = [before, after].map(|file| {
        let bytes = std::fs::read(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let name = Path::new(file).file_name().and_then(|name| name.to_str()).unwrap_or(file);
        decode::scene(&bytes, name, &Limits::default()).unwrap_or_else(|error| panic!("{file}: {error}"))
    });
    let pixels = before.width() * before.height();
    let mut note = |step: &'static str| {
        if step != since.1 {
            *spent.entry(since.1).or_default() += since.0.elapsed().as_secs_f64() * 1e3;
            since = (Instant::now(), step);
        }
    };
    let gsd = Some((GSD_M, GsdSource::Given));
    let request = Request { before_gsd: gsd, after_gsd: gsd, ..Request::default() };
    let plan = run(request, &mut Workbench::with(before, after), &mut |step, _share| {
        note(step);
        Ok(())
    })
    .expect("drawn places can be compared");
    note("end");
    let cars = plan.after.as_ref().map_or(0, |detection| detection.railcars.len());
    serde_json::json!({ "pixels": pixels, "ms": spent, "cars": cars })
}
