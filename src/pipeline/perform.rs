//! Does one job on a bench.

use super::by_hand::{self, ByHand, Lines};
use super::placed::{self, Led};
use super::{Gsd, Job, Outcome, Overview, Side, Workbench, beliefs, ground};
use crate::align::by_hand::ControlPoint;
use crate::align::{self, Alignment};
use crate::change::{Overlay, View};
use crate::compare;
use crate::error::{Error, Result, Tick, Warning};
use crate::geometry::{Point, Transform};
use crate::railcars;
use crate::raster::{Raster, Scene};
use crate::yard::Detection;

/// Share of a second look that is looking; the rest is asking the other date.
const LOOKING: f64 = 0.8;

/// Share of a first look that goes into measuring the scale, where nobody knows it.
const MEASURING: f64 = 0.5;

/// Share of an alignment that is tried from a guess, when there is one; when it leads nowhere, the whole search follows.
const FROM_A_GUESS: f64 = 0.3;

/// Does one job.
///
/// # Errors
/// What the stage says; `image-missing` when the bench lacks a scene; `Cancelled` from `tick`.
pub fn perform(job: &Job, bench: &mut Workbench, tick: &mut Tick<'_>) -> Result<Outcome> {
    tick(0.0)?;
    let outcome = match job {
        Job::Align { control_points } => Outcome::Aligned(Box::new(align_as_asked(control_points, bench, tick)?)),
        Job::Overview { side, gsd } => Outcome::Overviewed(*side, Box::new(overview(*side, *gsd, bench, tick)?)),
        Job::Detect { side, gsd, tracks_px, by_hand } => {
            Outcome::Detected(*side, Box::new(detect(*side, *gsd, (tracks_px.as_deref(), by_hand), bench, tick)?))
        }
        Job::Recheck { side, own, other, own_to_other, drawn_px, by_hand } => {
            Outcome::Rechecked(*side, Box::new(recheck(*side, (own, other, own_to_other), (drawn_px, by_hand), bench, tick)?))
        }
        Job::Compare { alignment, before, after } => compare_dates(alignment, before, after, bench)?,
    };
    tick(1.0)?;
    Ok(outcome)
}

/// By a person's control points where there are any; a single one shifts what is found without it.
fn align_as_asked(control_points: &[ControlPoint], bench: &mut Workbench, tick: &mut Tick<'_>) -> Result<Alignment> {
    let size = |bench: &Workbench, side| bench.scene(side).map(|scene| (scene.width(), scene.height()));
    let by_hand = |before, after, found| align::by_hand::align(control_points, before, after, found);
    match control_points {
        [] => align(bench, tick),
        [_] => {
            let found = align(bench, tick)?.after_to_before;
            Ok(by_hand(size(bench, Side::Before)?, size(bench, Side::After)?, found.as_ref()))
        }
        _ => Ok(by_hand(size(bench, Side::Before)?, size(bench, Side::After)?, None)),
    }
}

fn align(bench: &mut Workbench, tick: &mut Tick<'_>) -> Result<Alignment> {
    if bench.same_image() {
        return Ok(the_same_picture());
    }
    let (before_luma, after_luma) = (bench.luma(Side::Before)?, bench.luma(Side::After)?);
    let (before, after) = (bench.scene(Side::Before)?, bench.scene(Side::After)?);
    let before = align::View { luma: &before_luma, valid: before.valid.as_ref() };
    let after = align::View { luma: &after_luma, valid: after.valid.as_ref() };
    let Some(guess) = bench.guess() else {
        return align::estimate(before, after, &align::Options::default(), tick);
    };
    let led = placed::align(&guess, before, after, &mut |share| tick(FROM_A_GUESS * share))?;
    if let Led::To(found) = led {
        return Ok(*found);
    }
    let mut rest = |share| tick(FROM_A_GUESS + (1.0 - FROM_A_GUESS) * share);
    let mut found = align::estimate(before, after, &align::Options::default(), &mut rest)?;
    if found.status == align::Status::Fail && matches!(led, Led::Apart) {
        found.reasons.insert(0, "By their georeferences the two images hardly overlap.".to_owned());
    }
    Ok(found)
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
        tie_points: Vec::new(),
    }
}

fn overview(side: Side, gsd: Option<Gsd>, bench: &mut Workbench, tick: &mut Tick<'_>) -> Result<Overview> {
    let (gsd, measured, begun) = scale(side, gsd, bench, tick)?;
    let count = bench.overview(side, gsd.0, &mut |share| tick(begun + (1.0 - begun) * share))?.count();
    Ok(Overview { gsd, measured, count })
}

/// The scale as given, or measured; with the words that go with a measured one, and the share of the job that is done then.
fn scale(side: Side, gsd: Option<Gsd>, bench: &Workbench, tick: &mut Tick<'_>) -> Result<(Gsd, Option<Warning>, f64)> {
    if let Some(gsd) = gsd {
        return Ok((gsd, None, 0.0));
    }
    let scene = bench.scene(side)?;
    let (gsd, warning) = railcars::estimated_gsd(&scene.rgb8(), scene.valid.as_ref(), &mut |share| tick(MEASURING * share))?;
    Ok((gsd, Some(warning), MEASURING))
}

fn detect(
    side: Side,
    gsd: Option<Gsd>,
    (tracks_px, by_hand): (Option<&[Vec<Point>]>, &ByHand),
    bench: &mut Workbench,
    tick: &mut Tick<'_>,
) -> Result<Detection> {
    let (gsd, warning, begun) = scale(side, gsd, bench, tick)?;
    let scene = bench.scene(side)?;
    let tracks_px = tracks_px.map(|lines| by_hand::on_image(lines, scene));
    let edits = by_hand.tracks.on_image(scene);
    let looked_along = [tracks_px.as_deref().unwrap_or_default(), &edits.added_px].concat();
    let evidence =
        bench.evidence(side, gsd, (&looked_along, by_hand.misdated), &mut |share| tick(begun + (1.0 - begun) * share))?;
    let lines = Lines::of(evidence, tracks_px.as_deref(), &edits, gsd.0);
    let mut detection = evidence.walk_corrected(&lines.px, None, &by_hand.corrections);
    lines.note(&mut detection);
    detection.warnings.extend(warning);
    Ok(detection)
}

fn recheck(
    side: Side,
    (own, other, own_to_other): (&Detection, &Detection, &Transform),
    (drawn_px, by_hand): (&[Vec<Point>], &ByHand),
    bench: &mut Workbench,
    tick: &mut Tick<'_>,
) -> Result<Detection> {
    let gsd = (own.gsd_m, own.gsd_from);
    let scene = bench.scene(side)?;
    let drawn_px = &[by_hand::on_image(drawn_px, scene), by_hand.tracks.on_image(scene).added_px].concat();
    let tracks_px = &ground::join_tracks(own, other, &own_to_other.inverse().ok_or_else(no_transform)?);
    let drawn = (&drawn_px[..], by_hand.misdated);
    bench.evidence(side, gsd, drawn, &mut |share| tick(LOOKING * share))?;
    let (own_luma, other_luma) = (bench.luma(side)?, bench.luma(side.other())?);
    let (own_scene, other_scene) = (bench.scene(side)?, bench.scene(side.other())?);
    let overlay = Overlay { own: view(own_scene, &own_luma), other: view(other_scene, &other_luma), own_to_other, gsd_m: gsd.0 };
    let extra = beliefs::from_the_other_date(&overlay, tracks_px, other, railcars::STEP_M, &mut |share| {
        tick(LOOKING + (1.0 - LOOKING) * share)
    })?;
    let evidence = bench.evidence(side, gsd, drawn, tick)?;
    let mut detection = evidence.walk_corrected(tracks_px, Some(&extra), &by_hand.corrections);
    by_hand::keep_notes(&mut detection, own);
    Ok(detection)
}

fn view<'a>(scene: &'a Scene, luma: &'a Raster<u8>) -> View<'a> {
    View { luma, valid: scene.valid.as_ref() }
}

fn compare_dates(alignment: &Alignment, before: &Detection, after: &Detection, bench: &mut Workbench) -> Result<Outcome> {
    let (before_luma, after_luma) = (bench.luma(Side::Before)?, bench.luma(Side::After)?);
    let (before_scene, after_scene) = (bench.scene(Side::Before)?, bench.scene(Side::After)?);
    let to_before = alignment.after_to_before.ok_or_else(no_transform)?;
    let to_after = to_before.inverse().ok_or_else(no_transform)?;
    let (before_view, after_view) = (view(before_scene, &before_luma), view(after_scene, &after_luma));
    let from_before = Overlay { own: before_view, other: after_view, own_to_other: &to_after, gsd_m: before.gsd_m };
    let from_after = Overlay { own: after_view, other: before_view, own_to_other: &to_before, gsd_m: after.gsd_m };
    let before_same = beliefs::same_over_cars(&from_before, before);
    let after_same = beliefs::same_over_cars(&from_after, after);
    let comparison = compare::cars(
        compare::Date { detection: before, log_odds_same: &before_same, sees: &|p| before_scene.sees(p) },
        compare::Date { detection: after, log_odds_same: &after_same, sees: &|p| after_scene.sees(p) },
        &to_before,
    );
    let mut comparison = comparison.ok_or_else(no_transform)?;
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
