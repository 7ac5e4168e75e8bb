//! `change`: the change score of two dates on one grid, in figures.

use super::Register;
use super::number::{SHARE, round_to};
use crate::error::Warning;
use serde::Serialize;

/// What the change score says as a whole. Evidence and a picture, never a count.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// `null` when the files share one grid already.
    pub registration: Option<Register>,
    /// Name of the score.
    pub method: String,
    /// Score above which a pixel counts as changed; `null` when none could be set.
    pub threshold: Option<f64>,
    /// Share of the pixels seen on both dates that lie above it.
    pub changed_fraction: Option<f64>,
    /// Trouble that the reader should know of.
    pub warnings: Vec<Warning>,
}

impl Change {
    /// Rounds what a reader can't use anyway.
    pub fn new(
        registration: Option<Register>,
        method: &str,
        threshold: Option<f64>,
        changed_fraction: Option<f64>,
        warnings: Vec<Warning>,
    ) -> Self {
        let shown = |v: Option<f64>, decimals| v.filter(|v| v.is_finite()).map(|v| round_to(v, decimals));
        Self {
            registration,
            method: method.to_owned(),
            threshold: shown(threshold, 6),
            changed_fraction: shown(changed_fraction, SHARE + 2),
            warnings,
        }
    }
}
