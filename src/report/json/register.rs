//! `register`: the transform and how far to trust it.

use super::number::{SHARE, round_to};
use super::{Failure, number};
use crate::align::{Alignment, Model, Status, TiePoint};
use crate::error::{Error, Warning};
use crate::geometry::{Point, Transform};
use serde::Serialize;

/// An alignment.
#[derive(Debug, Clone, Serialize)]
pub struct Register {
    /// How far it may be trusted.
    pub status: Status,
    /// Sentences, each a reason for the status.
    pub reasons: Vec<String>,
    /// Kind of transform.
    pub model: Model,
    /// Takes (x, y, 1) of *after* to *before*; `null` on fail.
    pub after_to_before: Option<Transform>,
    /// Distances on tie points.
    pub residual_px: ResidualPx,
    /// Share of the scene that the tie points confirm.
    pub coverage: f64,
    /// The places that judged it: tie points that had no part in the fit, or a person's control points.
    pub tie_points: Vec<TiePoint>,
}

/// Distances between the model and tie points, in pixels of *before*.
#[derive(Debug, Clone, Serialize)]
pub struct ResidualPx {
    /// Half of the points are nearer.
    pub median: Option<f64>,
    /// 95 % of the points are nearer.
    pub p95: Option<f64>,
    /// True: none of these points was used in the fit.
    pub held_out: bool,
    /// Number of points.
    pub points: usize,
}

fn tie_point(tie: &TiePoint) -> TiePoint {
    let px = |v: f64| round_to(v, number::PX + 1);
    let point = |p: Point| Point::new(px(p.x), px(p.y));
    TiePoint { before: point(tie.before), after: point(tie.after), residual_px: tie.residual_px.map(px) }
}

impl From<&Alignment> for Register {
    fn from(alignment: &Alignment) -> Self {
        let residual = |v: Option<f64>| v.filter(|v| v.is_finite()).map(|v| round_to(v, number::PX + 1));
        Self {
            status: alignment.status,
            reasons: alignment.reasons.clone(),
            model: alignment.model,
            after_to_before: alignment.after_to_before.filter(|_| alignment.status != Status::Fail).map(without_negative_zeros),
            residual_px: ResidualPx {
                median: residual(alignment.residual_px.median),
                p95: residual(alignment.residual_px.p95),
                held_out: alignment.residual_px.held_out,
                points: alignment.residual_px.points,
            },
            coverage: round_to(alignment.coverage, SHARE),
            tie_points: alignment.tie_points.iter().map(tie_point).collect(),
        }
    }
}

/// `-0.0` reads like a slip; every other digit stays.
fn without_negative_zeros(transform: Transform) -> Transform {
    Transform(transform.0.map(|row| row.map(|v| v + 0.0)))
}

/// The document of `register`: the alignment, and the error when it failed.
#[derive(Debug, Clone, Serialize)]
pub struct RegisterDocument {
    /// The alignment.
    #[serde(flatten)]
    pub registration: Register,
    /// Trouble that the reader should know of.
    pub warnings: Vec<Warning>,
    /// Why there is no transform; only on fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}

impl RegisterDocument {
    /// From an alignment, with the sentence for the user when it failed.
    pub fn new(alignment: &Alignment, warnings: Vec<Warning>, refusal: Option<&Error>) -> Self {
        Self { registration: Register::from(alignment), warnings, error: refusal.map(Failure::from) }
    }
}
