//! What is said of a large scene before its cars are looked for.

use super::Gsd;
use crate::error::Warning;
use crate::yard::Count;
use serde::{Deserialize, Serialize};

/// Pixels of a scene from which on an overview is worth its words. Below, both dates are counted within six seconds in a browser on two cores, and two
/// figures in such haste are worse than a progress bar.
const WORTH_PX: usize = 6_000_000;

/// A rough answer on one date, to be replaced by the full one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// The scale that was used.
    pub gsd: Gsd,
    /// What is to be said of the scale where it had to be measured: the closer look takes scale and words over.
    pub measured: Option<Warning>,
    /// How many railcars there may be; `None` where the scale shows no single ones.
    pub count: Option<Count>,
}

/// Whether a scene of this many columns and rows is large enough for an overview.
pub(super) fn is_worth(size_px: (usize, usize)) -> bool {
    size_px.0.saturating_mul(size_px.1) >= WORTH_PX
}
