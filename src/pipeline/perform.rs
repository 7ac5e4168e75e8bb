//! Does one job on a bench.

use super::{Job, Outcome, Side, Workbench};
use crate::align::{self, Alignment};
use crate::compare;
use crate::error::{Error, Result, Tick, Warning};
use crate::geometry::Transform;
use crate::railcars;
use crate::raster;
use crate::yard::Detection;

/// Does one job.
///
/// # Errors
/// What the stage says; `image-missing` when the bench lacks a scene; `Cancelled` from `tick`.
pub fn perform(job: &Job, bench: &mut Workbench, tick: &mut Tick<'_>) -> Result<Outcome> {
    tick(0.0)?;
    let outcome = match job {
        Job::Align {} => Outcome::Aligned(Box::new(align(bench, tick)?)),
        Job::Detect { side, gsd, tracks_px } => {
            let options = railcars::Options { gsd: *gsd, tracks: tracks_px.clone() };
            Outcome::Detected(*side, Box::new(detect(*side, &options, bench, tick)?))
        }
        Job::Recheck { side, gsd, tracks_px } => {
            let options = railcars::Options { gsd: Some(*gsd), tracks: Some(tracks_px.clone()) };
            Outcome::Rechecked(*side, Box::new(detect(*side, &options, bench, tick)?))
        }
        Job::Compare { alignment, before, after } => compare_dates(alignment, before, after, bench)?,
    };
    tick(1.0)?;
    Ok(outcome)
}

fn align(bench: &Workbench, tick: &mut Tick<'_>) -> Result<Alignment> {
    let (before, after) = (bench.scene(Side::Before)?, bench.scene(Side::After)?);
    if bench.same_image() {
        return Ok(the_same_picture());
    }
    let (before_luma, after_luma) = (raster::luma(&before.rgb8()), raster::luma(&after.rgb8()));
    align::estimate(
        align::View { luma: &before_luma, valid: before.valid.as_ref() },
        align::View { luma: &after_luma, valid: after.valid.as_ref() },
        &align::Options::default(),
        tick,
    )
}

/// One picture dropped twice lies on itself; nothing has to be searched, and nothing was measured.
fn the_same_picture() -> Alignment {
    Alignment {
        status: align::Status::Pass,
        reasons: vec!["Both images are the same picture, sample for sample.".to_owned()],
        model: align::Model::Shift,
        after_to_before: Some(Transform::IDENTITY),
        residual_px: align::Residual { median: None, p95: None, held_out: true, points: 0 },
        coverage: 1.0,
    }
}

fn detect(side: Side, options: &railcars::Options, bench: &Workbench, tick: &mut Tick<'_>) -> Result<Detection> {
    let scene = bench.scene(side)?;
    railcars::detect(&scene.rgb8(), scene.valid.as_ref(), options, tick)
}

fn compare_dates(alignment: &Alignment, before: &Detection, after: &Detection, bench: &Workbench) -> Result<Outcome> {
    let (before_scene, after_scene) = (bench.scene(Side::Before)?, bench.scene(Side::After)?);
    let comparison = alignment.after_to_before.as_ref().and_then(|after_to_before| {
        compare::cars(
            compare::Date { detection: before, change_mad: &[], sees: &|p| before_scene.sees(p) },
            compare::Date { detection: after, change_mad: &[], sees: &|p| after_scene.sees(p) },
            after_to_before,
        )
    });
    let Some(mut comparison) = comparison else { return Err(no_transform()) };
    if bench.same_image() {
        comparison.warnings.push(Warning::new(
            "same-image",
            "Both images are the same picture. Nothing can be new or gone; give an image from another date.",
        ));
    }
    let (before, after) = (Box::new(before.clone()), Box::new(after.clone()));
    Ok(Outcome::Compared { comparison: Box::new(comparison), before, after })
}

fn no_transform() -> Error {
    Error::NoAnswer {
        code: "not-the-same-place",
        message: "Without a transform from the newer to the older image their railcars cannot be compared.".to_owned(),
    }
}
