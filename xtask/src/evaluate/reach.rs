//! How far registration reaches: scales from a half to two, contrast turned round, other bands, small cuts; and from small to large
//! pictures what time and memory it takes.

use super::data::Folder;
use super::registration::{align, error_of, median};
use super::warps::{Case, about_the_middle, warped};
use anyhow::{Result, bail};
use sidings::align::Status;
use sidings::geometry::Transform;
use sidings::random::Random;
use sidings::raster::{Raster, Samples, Scene};
use std::fmt::Write;
use std::path::Path;

/// Scales asked for, each way up to the limits that are promised.
const SCALES: [f64; 6] = [0.5, 0.6, 0.8, 1.25, 1.7, 2.0];

/// Side of the small cuts, px.
const CUT_PX: usize = 256;

/// Sides of the drawn grounds, px.
const SIDES: [usize; 7] = [256, 512, 1024, 2048, 4096, 8192, 12_000];

/// What is asked of every pair: a name, and how *after* is changed.
type Trial = (&'static str, fn(&Scene) -> Scene);

const TRIALS: [Trial; 3] =
    [("as it is", Scene::clone), ("contrast turned round", inverted), ("one band: blue against red", blue)];

/// Prints the tables; with `publish` writes them to docs/registration-reach.md as well.
pub fn print(root: &Path, data: &Folder, publish: bool) -> Result<()> {
    let text = format!("{INTRODUCTION}\n{}\n{GROWTH}\n{}", trials(data)?, sizes()?);
    println!("{text}");
    if publish {
        std::fs::write(root.join("docs/registration-reach.md"), text)?;
    }
    Ok(())
}

const INTRODUCTION: &str = "# How far registration reaches

The nine pairs of the yard (two dates drawn from one photograph, other light and noise), *after* scaled, turned any way and moved by up to a tenth. *Right* means within 2 px at
95 % of the points; *refused* is no harm, *wrong* is. The cuts are the middle 256 × 256 pixels of both dates.

Written by `cargo xtask evaluate reach --publish`.
";

const GROWTH: &str = "
## Time and memory

Drawn ground (256 m squares of the generator's places side by side), *after* turned by 3°, enlarged by 2 %, darkened and noisy; one processor core; memory is the most that the
process held, both pictures (6 bytes a pixel) and this table's own copies (9 bytes) included.
";

fn trials(data: &Folder) -> Result<String> {
    let pairs = data.pairs()?;
    let mut table = "| | right | wrong | refused | median error px |\n|---|---|---|---|---|\n".to_owned();
    let mut random = Random::new(9);
    let mut ask = |name: String, cases: Vec<Case>| -> Result<()> {
        let (mut right, mut wrong, mut refused, mut errors) = (0, 0, 0, Vec::new());
        for case in &cases {
            let (found, _) = align(case)?;
            let given = found.after_to_before.filter(|_| found.status != Status::Fail);
            match error_of(case, given.as_ref()) {
                Some((p50, p95)) if p95 <= case.tolerance_px => {
                    right += 1;
                    errors.push(p50);
                }
                Some(_) => wrong += 1,
                None => refused += 1,
            }
        }
        println!("{name}: {right} right, {wrong} wrong, {refused} refused");
        writeln!(table, "| {name} | {right} | {wrong} | {refused} | {:.2} |", median(&mut errors))?;
        Ok(())
    };
    let mut case = |pair: &super::data::Pair, scale: f64, change: fn(&Scene) -> Scene, cut: Option<usize>| {
        let shift = [0, 1].map(|_| random.between(-0.1, 0.1));
        let (mut before, mut after, mut truth) = (pair.before.scene.clone(), pair.after.scene.clone(), pair.after_to_before);
        if let Some(side) = cut {
            let (from_before, from_after) = (middle(&before, side), middle(&after, side));
            let back = from_before.inverse().unwrap_or(Transform::IDENTITY);
            (before, after) = (warped(&before, &from_before, (side, side)), warped(&after, &from_after, (side, side)));
            truth = from_after.then(&truth).then(&back);
        }
        let to_after = about_the_middle(&after, 1.0 / scale, random.between(-180.0, 180.0), shift);
        Case {
            name: pair.name.clone(),
            after: warped(&change(&after), &to_after, (after.width(), after.height())),
            before,
            truth: Some(to_after.then(&truth)),
            tolerance_px: 2.0,
        }
    };
    for scale in SCALES {
        let cases = pairs.iter().map(|pair| case(pair, scale, Scene::clone, None)).collect();
        ask(format!("scale {scale}"), cases)?;
    }
    for (name, change) in TRIALS {
        ask(name.to_owned(), pairs.iter().map(|pair| case(pair, 1.0, change, None)).collect())?;
        ask(format!("{name}, 256 px cut"), pairs.iter().map(|pair| case(pair, 1.0, change, Some(CUT_PX))).collect())?;
    }
    Ok(table)
}

/// From the pixels of a square cut out of the middle to those of the picture.
fn middle(picture: &Scene, side: usize) -> Transform {
    let from = |n: usize| (n.saturating_sub(side) / 2) as f64;
    Transform::similarity(1.0, 0.0, from(picture.width()), from(picture.height()))
}

/// Dark for bright.
fn inverted(picture: &Scene) -> Scene {
    Scene { samples: Samples::U8(picture.rgb8().map(|v| 255 - v)), valid: picture.valid.clone() }
}

/// The blue band alone, to lie on a picture of all three.
fn blue(picture: &Scene) -> Scene {
    let rgb = picture.rgb8();
    let grey = Raster::from_fn(rgb.width(), rgb.height(), |x, y| rgb.at(x, y, 2));
    Scene { samples: Samples::U8(grey), valid: picture.valid.clone() }
}

fn sizes() -> Result<String> {
    let mut table =
        "| side px | Mpx | s | s a Mpx | memory MiB | status | error px |\n|---|---|---|---|---|---|---|\n".to_owned();
    for side in SIDES {
        let before = ground(side);
        let to_after = about_the_middle(&before, 1.0 / 1.02, 3.0, [0.01, -0.02]);
        let after = darker(warped(&before, &to_after, (side, side)));
        let case = Case { name: String::new(), before, after, truth: Some(to_after), tolerance_px: 2.0 };
        let (found, seconds) = align(&case)?;
        let error = error_of(&case, found.after_to_before.as_ref()).map_or(f64::NAN, |e| e.1);
        let pixels = (side * side) as f64 / 1e6;
        let row = format!(
            "| {side} | {pixels:.1} | {seconds:.2} | {:.3} | {} | {:?} | {error:.2} |",
            seconds / pixels,
            most_memory_mib()?,
            found.status
        );
        println!("{row}");
        writeln!(table, "{row}")?;
    }
    Ok(table)
}

/// Drawn places side by side, as many as are needed; the generator draws no larger ones. Every place comes again after 64.
fn ground(side: usize) -> Scene {
    const PLACES: usize = 64;
    let recipe = sidings_generator::Recipe::default();
    let across = side.div_ceil(recipe.side_px);
    let drawn: Vec<_> =
        (0..(across * across).min(PLACES) as u64).map(|seed| sidings_generator::scene(800_000 + seed, &recipe).rgb).collect();
    let mut samples = Vec::with_capacity(side * side * 3);
    for y in 0..side {
        for tile in 0..across {
            // Rows of places shifted against each other, so that nothing repeats at one distance.
            let row = y / recipe.side_px;
            let place = &drawn[(tile + row * across + row * row * 7) % drawn.len()];
            let from = place.row(y % recipe.side_px);
            samples.extend_from_slice(&from[..from.len().min((side - tile * recipe.side_px) * 3)]);
        }
    }
    let rgb = Raster::new(side, side, 3, samples).unwrap_or_else(|| Raster::filled(side, side, 3, 0));
    Scene { samples: Samples::U8(rgb), valid: None }
}

/// Another day: darker, with noise.
fn darker(picture: Scene) -> Scene {
    let Scene { samples: Samples::U8(rgb), valid } = picture else { return picture };
    let mut random = Random::new(5);
    let dim = |v: u8| ((f64::from(v) / 255.0).powf(1.2) * 235.0 + 3.0 * random.normal()).clamp(0.0, 255.0) as u8;
    Scene { samples: Samples::U8(rgb.map(dim)), valid }
}

/// The most memory this process has held, MiB.
fn most_memory_mib() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let Some(kib) = status.lines().find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok()) else {
        bail!("/proc/self/status says nothing of VmHWM");
    };
    Ok(kib / 1024)
}
