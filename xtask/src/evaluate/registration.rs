//! How far the found transform is off, and whether different places are refused; beside what people would pick instead.

use super::data::Folder;
use super::peers;
use super::warps::{Case, cases};
use anyhow::{Result, bail};
use sidings::align::{Alignment, Status};
use sidings::geometry::{Point, Transform};
use sidings::pipeline::{Job, Outcome, Workbench, perform};
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

/// What one program said of one case.
#[derive(Debug, Clone)]
pub struct Said {
    /// *after* to *before*; `None` when it refused.
    pub transform: Option<Transform>,
    /// How sure it was; `None` for programs that don't say.
    pub status: Option<Status>,
    /// Time it took, s.
    pub seconds: f64,
}

/// Prints the tables; with `publish` writes them to docs/registration.md as well.
pub fn print(root: &Path, data: &Folder, publish: bool) -> Result<()> {
    println!("registration                                                          status    p50 px   p95 px   said p95      s");
    let cases = cases(data)?;
    let mut ours = Vec::new();
    for case in &cases {
        let (found, seconds) = align(case)?;
        let error = error_of(case, found.after_to_before.as_ref());
        let shown = error.map_or("       –        –".to_owned(), |(p50, p95)| format!("{p50:8.2} {p95:8.2}"));
        let said = found.residual_px.p95.map_or("–".to_owned(), |v| format!("{v:.2}"));
        println!("{:69} {:8} {shown} {said:>10} {seconds:6.2}", case.name, format!("{:?}", found.status).to_lowercase());
        ours.push(Said { transform: found.after_to_before, status: Some(found.status), seconds });
    }
    let mut table = header(&cases);
    row(&mut table, "Sidings", &cases, &ours);
    match peers::opencv(root, &cases) {
        Ok(said) => said.iter().for_each(|(name, said)| row(&mut table, name, &cases, said)),
        Err(reason) => println!("OpenCV was not asked: {reason:#}"),
    }
    println!("\n{table}");
    if publish {
        std::fs::write(root.join("docs/registration.md"), format!("{INTRODUCTION}\n{table}"))?;
    }
    Ok(())
}

const INTRODUCTION: &str = "# Registration, measured

Real pictures of two dates (a rail yard with cars erased and moved, farmland over nine years, a town before and after a tornado), the newer one turned, scaled and
shifted by a known amount and masked where it shows nothing; and pairs of different places. *Right* means that 95 % of the newer image's points come
to lie within 2 px of their place (4 px for the town, whose two georeferences are up to 2.2 px apart). Truth is the known warp, for farmland and town on top of
the files' own georeferences. OpenCV runs with its default
detectors, ratio test 0.75, RANSAC at 3 px, and is believed from 15 inliers on.

Written by `cargo xtask evaluate registration --publish`; it needs the pictures, which are not part of the repository.
";

fn header(cases: &[Case]) -> String {
    let same = cases.iter().filter(|c| c.truth.is_some()).count();
    format!(
        "| | right of {same} | wrong but called right | of which only with a warning | strangers refused of {} | median error px | median s |\n|---|---|---|---|---|---|---|\n",
        cases.len() - same
    )
}

fn row(table: &mut String, name: &str, cases: &[Case], said: &[Said]) {
    let (mut right, mut wrong, mut warned, mut refused, mut errors) = (0, 0, 0, 0, Vec::new());
    for (case, said) in cases.iter().zip(said) {
        match (&case.truth, error_of(case, said.transform.as_ref())) {
            (Some(_), Some((p50, p95))) if p95 <= case.tolerance_px => {
                right += 1;
                errors.push(p50);
            }
            (_, Some(_)) => {
                wrong += 1;
                warned += usize::from(said.status == Some(Status::Warn));
            }
            (None, None) => refused += 1,
            (Some(_), None) => {}
        }
    }
    let mut seconds: Vec<f64> = said.iter().map(|s| s.seconds).collect();
    let (error, time) = (median(&mut errors), median(&mut seconds));
    let _ = writeln!(table, "| {name} | {right} | {wrong} | {warned} | {refused} | {error:.2} | {time:.2} |");
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Median and 95th percentile of the error of an answer; infinite for an answer where there is none to give, `None` without one.
pub fn error_of(case: &Case, found: Option<&Transform>) -> Option<(f64, f64)> {
    let found = found?;
    let after = (case.after.width(), case.after.height());
    Some(case.truth.as_ref().map_or((f64::INFINITY, f64::INFINITY), |truth| error_px(found, truth, after)))
}

pub fn align(case: &Case) -> Result<(Alignment, f64)> {
    let mut bench = Workbench::with(case.before.clone(), case.after.clone());
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
