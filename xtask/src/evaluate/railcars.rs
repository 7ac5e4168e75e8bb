//! How many railcars are found in one image, whether the interval holds the true count, and how many where there are none.

use super::data::{Folder, Yard};
use super::score::{Score, finds};
use super::{Setup, data, nothing};
use anyhow::{Result, bail};
use sidings::pipeline::{Job, Outcome, Side, Workbench, perform};
use sidings::yard::{Detection, GsdSource};
use std::time::Instant;

/// Prints the table.
pub fn print(data: &Folder, setup: Setup) -> Result<()> {
    println!("railcars                                 gsd m         count (90 %)   truth      s");
    let mut total = Score::default();
    let (mut held, mut images) = (0, 0);
    let pairs = data.pairs()?.into_iter().flat_map(|pair| [pair.before, pair.after]);
    for yard in data.yards()?.into_iter().chain(pairs) {
        let start = Instant::now();
        let detection = detect(&yard, setup)?;
        let seconds = start.elapsed().as_secs_f64();
        let score = score(&yard, &detection);
        total += score;
        // Cars that the border cuts may be counted or not.
        let (least, most) = (whole(&yard).len() as f64, yard.cars.len() as f64);
        let count = detection.count;
        images += 1;
        held += usize::from(count.low <= most && count.high >= least);
        println!(
            "{:40} {:.3}  {:5.1} ({:3}–{:3})  {:3}–{:3}  {seconds:6.2}  {score}",
            yard.name, detection.gsd_m, count.estimate, count.low, count.high, least, most
        );
    }
    println!("all images: {total}; {held} of {images} intervals hold the truth\n");
    nothing::print(data, setup)
}

/// Looks for railcars as the product does.
pub fn detect(yard: &Yard, setup: Setup) -> Result<Detection> {
    let mut bench = Workbench::default();
    bench.hold(Side::Before, Some(yard.scene.clone()));
    let gsd = setup.tell_gsd.then_some((yard.gsd_m, GsdSource::Given));
    match perform(&Job::Detect { side: Side::Before, gsd, tracks_px: None }, &mut bench, &mut |_| Ok(()))? {
        Outcome::Detected(_, detection) => Ok(*detection),
        other => bail!("asked for a detection, got {other:?}"),
    }
}

fn whole(yard: &Yard) -> Vec<&data::Car> {
    yard.cars.iter().filter(|c| c.fully_inside).collect()
}

/// Scores all cars of one image.
pub fn score(yard: &Yard, detection: &Detection) -> Score {
    let found: Vec<_> = detection.railcars.iter().map(|c| c.rect_px).collect();
    let cut: Vec<_> = yard.cars.iter().filter(|c| !c.fully_inside).collect();
    finds(&found, &whole(yard), &cut, yard.gsd_m)
}
