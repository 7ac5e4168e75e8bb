//! Registration: where the pixels of `after` lie in `before`, and how far that answer may be trusted.

pub mod by_hand;
mod candidates;
mod fft;
mod ground;
mod orientation;
mod pooled;
mod pyramid;
mod refine;
mod solve;
mod surfaces;
mod tie_points;
mod verdict;
mod verify;

use crate::error::{Result, Tick};
use crate::geometry::{Point, Transform};
use crate::raster::{Mask, Raster};
use serde::{Deserialize, Serialize};

/// How far an alignment may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Verified on tie points that were held out.
    Pass,
    /// Probably right; a person should look.
    Warn,
    /// No honest answer.
    Fail,
}

/// The simplest model that explains the held-out tie points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Model {
    /// Two parameters.
    Shift,
    /// Shift, turn and one scale.
    Similarity,
    /// Six parameters.
    Affine,
    /// Eight parameters.
    Projective,
}

/// Distances between the model and tie points, in pixels of `before`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Residual {
    /// Half of the points are nearer; `None` without points.
    pub median: Option<f64>,
    /// 95 % of the points are nearer.
    pub p95: Option<f64>,
    /// True: none of these points was used in the fit.
    pub held_out: bool,
    /// Number of points.
    pub points: usize,
}

/// The answer of [`estimate`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alignment {
    /// Pass, warn or fail.
    pub status: Status,
    /// Sentences for the user, each a reason for the status.
    pub reasons: Vec<String>,
    /// Kind of transform.
    pub model: Model,
    /// Takes points of `after` to `before`; `None` on fail.
    pub after_to_before: Option<Transform>,
    /// Residuals on held-out tie points.
    pub residual_px: Residual,
    /// Share of the scene that held-out tie points confirm, 0 to 1.
    pub coverage: f64,
    /// The places that judged it, [`TIE_POINTS_MAX`] at most: tie points that had no part in the fit, or a person's control points.
    pub tie_points: Vec<TiePoint>,
}

/// Most tie points that an alignment carries: enough for a picture of the residuals, few enough for a report.
pub const TIE_POINTS_MAX: usize = 200;

/// One place in both images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TiePoint {
    /// In pixels of *before*.
    pub before: Point,
    /// In pixels of *after*.
    pub after: Point,
    /// How far it lies from where a fit without it puts it, px of *before*; `None` where there was no such fit.
    pub residual_px: Option<f64>,
}

/// What is known before the search.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// A first guess, from a georeference or from a person.
    pub guess: Option<Transform>,
}

/// A grey image and where it holds.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Luma, one band.
    pub luma: &'a Raster<u8>,
    /// Valid pixels; `None` when all are.
    pub valid: Option<&'a Mask>,
}

/// Finds the transform from `after` to `before` from the pixels alone.
///
/// # Errors
/// [`crate::error::Error::Cancelled`] from `tick`. Different places are no error but a [`Status::Fail`].
pub fn estimate(before: View<'_>, after: View<'_>, options: &Options, tick: &mut Tick<'_>) -> Result<Alignment> {
    let size = |v: &View<'_>| (v.luma.width(), v.luma.height());
    if let Some(verdict) = verdict::unusable(size(&before), size(&after)) {
        return Ok(refused(verdict));
    }
    let (before, after) = (pyramid::Pyramid::new(before), pyramid::Pyramid::new(after));
    let mut comparer = surfaces::Comparer::default();
    for (name, image) in [("older", &before), ("newer", &after)] {
        if !comparer.has_structure(image) {
            return Ok(refused(verdict::featureless(name)));
        }
    }
    let Some(found) = solve::solve(&mut comparer, &before, &after, options.guess.as_ref(), &mut |share| tick(0.9 * share))?
    else {
        return Ok(refused(verdict::nothing_found()));
    };
    if found.verdict.status == Status::Fail {
        return Ok(refused(found.verdict));
    }
    tick(0.95)?;
    let Some(fitted) = tie_points::fit(&mut comparer, &before, &after, &found.transform) else {
        return Ok(refused(verdict::nothing_found()));
    };
    let coverage = found.evidence.last().map_or(0.0, |e| e.coverage);
    let mut reasons = found.verdict.reasons;
    reasons.push(verdict::confirmed(&fitted, coverage));
    tick(1.0)?;
    Ok(Alignment {
        status: found.verdict.status,
        reasons,
        model: fitted.model,
        after_to_before: Some(fitted.transform),
        residual_px: fitted.residual,
        coverage,
        tie_points: fitted.judges,
    })
}

fn refused(verdict: verdict::Verdict) -> Alignment {
    Alignment {
        status: verdict.status,
        reasons: verdict.reasons,
        model: Model::Similarity,
        after_to_before: None,
        residual_px: Residual { median: None, p95: None, held_out: true, points: 0 },
        coverage: 0.0,
        tie_points: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
