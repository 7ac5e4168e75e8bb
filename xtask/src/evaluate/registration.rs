//! How far the found transform is off, and whether different places are refused.

use super::data::{Folder, scene};
use anyhow::{Result, bail};
use sidings::align::Alignment;
use sidings::geometry::{Point, Transform};
use sidings::pipeline::{Job, Outcome, Workbench, perform};
use sidings::raster::Scene;
use std::time::Instant;

/// Pairs of pictures of different places, and of the same place where only "not refused" can be asked.
const DIFFERENT: [(&str, &str); 6] = [
    ("pairs/muttenz-west-0.5-easy-105/before.jpg", "pairs/canty_traffic/traffic1.jpg"),
    ("pairs/canty_traffic/traffic2.jpg", "yards/muttenz-west-0.2546/image.png"),
    ("pairs/joplin/pre-utm15n.tif", "yards/muttenz-west-0.5/image.png"),
    ("pairs/naip-5m/20090818.tif", "pairs/joplin/tile_31500-5137.tif"),
    ("pairs/canty_traffic/traffic1.jpg", "pairs/joplin/tile_32524-5137.tif"),
    ("pairs/naip-5m/20150926.tif", "pairs/muttenz-west-0.7-hard-109/after.jpg"),
];
const SAME: [(&str, &str); 4] = [
    ("pairs/canty_traffic/traffic1.jpg", "pairs/canty_traffic/traffic2.jpg"),
    ("pairs/naip-5m/20090818.tif", "pairs/naip-5m/20180716.tif"),
    ("pairs/naip-5m/20120731.tif", "pairs/naip-5m/20150926.tif"),
    ("pairs/naip-5m/20150926.tif", "pairs/naip-5m/20180716.tif"),
];

/// Prints the table.
pub fn print(data: &Folder) -> Result<()> {
    println!("registration                     status    p50 px   p95 px   said p95      s");
    let mut right = 0;
    let pairs = data.pairs()?;
    for pair in &pairs {
        let after = (pair.after.scene.width(), pair.after.scene.height());
        let (found, seconds) = align(pair.before.scene.clone(), pair.after.scene.clone())?;
        let (p50, p95) = found.after_to_before.map_or((f64::NAN, f64::NAN), |t| error_px(&t, &pair.after_to_before, after));
        right += usize::from(p95 <= 2.0);
        let said = found.residual_px.p95.map_or("–".to_owned(), |v| format!("{v:.2}"));
        println!("{:32} {:8} {p50:8.2} {p95:8.2} {said:>10} {seconds:6.2}", pair.name, status(&found));
    }
    println!("{right} of {} right to 2 px (p95)", pairs.len());
    for (label, list) in [("same place", &SAME[..]), ("different places", &DIFFERENT[..])] {
        for (before, after) in list {
            let outcome = scene(&data.path(before)).and_then(|b| Ok((b, scene(&data.path(after))?)));
            match outcome.and_then(|(before, after)| align(before, after)) {
                Ok((found, seconds)) => println!("{label:16}  {:8} {seconds:6.2} s  {before} – {after}", status(&found)),
                Err(error) => println!("{label:16}  {error:#}"),
            }
        }
    }
    Ok(())
}

fn status(alignment: &Alignment) -> String {
    format!("{:?}", alignment.status).to_lowercase()
}

fn align(before: Scene, after: Scene) -> Result<(Alignment, f64)> {
    let mut bench = Workbench::with(before, after);
    let start = Instant::now();
    match perform(&Job::Align { control_points: Vec::new() }, &mut bench, &mut |_| Ok(()))? {
        Outcome::Aligned(found) => Ok((*found, start.elapsed().as_secs_f64())),
        other => bail!("asked for an alignment, got {other:?}"),
    }
}

/// Median and 95th percentile of the distance between two transforms over a grid of points of *after*, px of *before*.
pub fn error_px(found: &Transform, truth: &Transform, (width, height): (usize, usize)) -> (f64, f64) {
    const SIDE: usize = 21;
    let at = |k: usize, n: usize| n as f64 * k as f64 / (SIDE - 1) as f64;
    let points = (0..SIDE * SIDE).map(|k| Point::new(at(k % SIDE, width), at(k / SIDE, height)));
    let mut errors: Vec<f64> = points.map(|p| found.apply(p).distance(truth.apply(p))).collect();
    errors.sort_by(f64::total_cmp);
    (errors[errors.len() / 2], errors[errors.len() * 95 / 100])
}
