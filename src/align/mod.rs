//! Registration: where the pixels of `after` lie in `before`, and how far that answer may be trusted.

use crate::error::{Result, Tick};
use crate::geometry::Transform;
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
    pub luma: &'a Raster<f32>,
    /// Valid pixels; `None` when all are.
    pub valid: Option<&'a Mask>,
}

/// Finds the transform from `after` to `before` from the pixels alone.
///
/// # Errors
/// [`crate::error::Error::Cancelled`] from `tick`. Different places are no error but a [`Status::Fail`].
pub fn estimate(_before: View<'_>, _after: View<'_>, _options: &Options, _tick: &mut Tick<'_>) -> Result<Alignment> {
    unimplemented!()
}
