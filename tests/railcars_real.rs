//! Railcars on the real yard and on pairs made from it, where the data is present (it is not part of the repository).
//!
//! A car is found when a detection's middle lies within 3 m along and 1.5 m across the labelled car's axis, one to one. Cars cut by
//! the edge of the image count neither as hit nor as miss, and so does a detection that lies on one.

use serde_json::Value;
use sidings::railcars::{Options, detect};
use sidings::raster::Raster;
use sidings::yard::{Detection, GsdSource};
use std::path::{Path, PathBuf};

/// A labelled car: middle in pixels, direction, half its length, and whether all of it is in the image.
struct Label {
    x: f64,
    y: f64,
    angle: f64,
    half_m: f64,
    whole: bool,
}

#[derive(Default, Clone, Copy)]
struct Score {
    hits: usize,
    false_alarms: usize,
    misses: usize,
}

impl Score {
    fn f1(self) -> f64 {
        2.0 * self.hits as f64 / (2 * self.hits + self.false_alarms + self.misses).max(1) as f64
    }

    fn add(&mut self, other: Self) {
        self.hits += other.hits;
        self.false_alarms += other.false_alarms;
        self.misses += other.misses;
    }
}

fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no ../shared/data here");
    None
}

fn labels(cars: &Value) -> Vec<Label> {
    let number = |v: &Value| v.as_f64().expect("a number");
    cars.as_array()
        .expect("a list of cars")
        .iter()
        .map(|car| {
            let corner = |k: usize| (number(&car["polygon_px"][k][0]), number(&car["polygon_px"][k][1]));
            let side = |a: (f64, f64), b: (f64, f64)| (b.0 - a.0).hypot(b.1 - a.1);
            let (p, q, r) = (corner(0), corner(1), corner(2));
            let (from, to) = if side(p, q) > side(q, r) { (p, q) } else { (q, r) };
            Label {
                x: number(&car["center_px"][0]),
                y: number(&car["center_px"][1]),
                angle: (to.1 - from.1).atan2(to.0 - from.0),
                half_m: number(&car["length_m"]) / 2.0,
                whole: car["fully_inside"].as_bool().expect("a truth value"),
            }
        })
        .collect()
}

/// (along, across) from a label to a point, m.
fn offset(label: &Label, x: f64, y: f64, gsd_m: f64) -> (f64, f64) {
    let (dx, dy) = ((x - label.x) * gsd_m, (y - label.y) * gsd_m);
    let (s, c) = label.angle.sin_cos();
    ((dx * c + dy * s).abs(), (dy * c - dx * s).abs())
}

fn score(detection: &Detection, labels: &[Label]) -> Score {
    let gsd = detection.gsd_m;
    let mut pairs = Vec::new();
    for (d, car) in detection.railcars.iter().enumerate() {
        for (l, label) in labels.iter().enumerate() {
            let (along, across) = offset(label, car.rect_px.center.x, car.rect_px.center.y, gsd);
            if along <= 3.0 && across <= 1.5 {
                pairs.push((along + across, d, l));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut of_detection = vec![None; detection.railcars.len()];
    let mut found = vec![false; labels.len()];
    for (_, d, l) in pairs {
        if of_detection[d].is_none() && !found[l] {
            of_detection[d] = Some(l);
            found[l] = true;
        }
    }
    let on_cut_car = |d: usize| {
        let p = detection.railcars[d].rect_px.center;
        labels.iter().any(|l| {
            let (along, across) = offset(l, p.x, p.y, gsd);
            !l.whole && along < l.half_m + 3.0 && across < 1.5
        })
    };
    let mut score = Score::default();
    for (d, l) in of_detection.iter().enumerate() {
        match l {
            Some(l) if labels[*l].whole => score.hits += 1,
            Some(_) => {}
            None if on_cut_car(d) => {}
            None => score.false_alarms += 1,
        }
    }
    score.misses = labels.iter().zip(&found).filter(|(l, found)| l.whole && !**found).count();
    score
}

/// Detects, scores and prints one image.
fn judge(name: &str, file: &Path, gsd_m: f64, cars: &Value) -> Score {
    let rgb = image::open(file).expect("an image").to_rgb8();
    let (width, height) = (rgb.width() as usize, rgb.height() as usize);
    let raster = Raster::new(width, height, 3, rgb.into_raw()).expect("three bands");
    let given = std::env::var("SIDINGS_NO_GSD").is_err().then_some((gsd_m, GsdSource::Given));
    let options = Options { gsd: given, ..Options::default() };
    let begun = std::time::Instant::now();
    let detection = detect(&raster, None, &options, &mut |_| Ok(())).expect("an answer");
    let seconds = begun.elapsed().as_secs_f64();
    let labels = labels(cars);
    let score = score(&detection, &labels);
    let whole = labels.iter().filter(|l| l.whole).count();
    let c = detection.count;
    println!(
        "{name:42} hit {:2} false {:2} missed {:2}  F1 {:.3}  count {:3} [{:3}, {:3}] of {whole}-{}  tracks {:2}  gsd {:.2}  {seconds:.2} s",
        score.hits,
        score.false_alarms,
        score.misses,
        score.f1(),
        c.estimate,
        c.low,
        c.high,
        labels.len(),
        detection.tracks.len(),
        detection.gsd_m / gsd_m
    );
    if let Ok(folder) = std::env::var("SIDINGS_DUMP") {
        let text = serde_json::to_string(&detection).expect("numbers and names");
        std::fs::write(Path::new(&folder).join(name.replace(['/', ' '], "_") + ".json"), text).expect("a folder to write to");
    }
    score
}

fn truth(folder: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join("truth.json")).expect("a truth file")).expect("JSON")
}

#[test]
fn the_real_yard_at_three_distances() {
    let Some(data) = data() else { return };
    for gsd in ["0.2546", "0.5", "0.7"] {
        let folder = data.join(format!("yards/muttenz-west-{gsd}"));
        let truth = truth(&folder);
        let gsd_m = truth["gsd_m"].as_f64().expect("a number");
        let score = judge(gsd, &folder.join("image.png"), gsd_m, &truth["railcars"]);
        assert!(score.f1() >= 0.8, "F1 {:.3} at {gsd} m", score.f1());
    }
}

#[test]
fn both_dates_of_every_pair() {
    let Some(data) = data() else { return };
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(data.join("pairs")).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    folders.sort();
    let mut total = Score::default();
    for folder in folders.iter().filter(|f| f.join("truth.json").is_file()) {
        let truth = truth(folder);
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        for side in ["before", "after"] {
            let gsd_m = truth[format!("gsd_{side}_m")].as_f64().expect("a number");
            total.add(judge(&format!("{name} {side}"), &folder.join(format!("{side}.jpg")), gsd_m, &truth[side]));
        }
    }
    println!("{:42} hit {:2} false {:2} missed {:2}  F1 {:.3}", "all", total.hits, total.false_alarms, total.misses, total.f1());
    assert!(total.f1() >= 0.8, "F1 {:.3} over all pairs", total.f1());
}

/// Any other folder of yards in the same layout: `SIDINGS_YARDS=folder cargo test --test railcars_real -- --ignored --nocapture`.
#[test]
#[ignore = "needs a folder named by SIDINGS_YARDS"]
fn every_yard_of_a_folder() {
    let Ok(folder) = std::env::var("SIDINGS_YARDS") else { return };
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    folders.sort();
    let mut total = Score::default();
    for folder in folders.iter().filter(|f| f.join("truth.json").is_file()) {
        let truth = truth(folder);
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        total.add(judge(&name, &folder.join("image.png"), truth["gsd_m"].as_f64().expect("a number"), &truth["railcars"]));
    }
    println!("{:42} hit {:2} false {:2} missed {:2}  F1 {:.3}", "all", total.hits, total.false_alarms, total.misses, total.f1());
}
