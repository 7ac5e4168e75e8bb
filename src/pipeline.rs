//! The only file that knows the order: which job may run when, and what each needs.
//!
//! A [`Plan`] hands out [`Job`]s whose needs are met and takes back [`Outcome`]s. The command line runs them one after the
//! other, the page gives them to workers; both get the same answer. A job runs against a [`Workbench`] that holds decoded scenes.

use crate::align::Alignment;
use crate::compare::Comparison;
use crate::error::{Result, Tick};
use crate::geometry::Point;
use crate::raster::Scene;
use crate::yard::{Detection, GsdSource};
use serde::{Deserialize, Serialize};

/// One of the two dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The older image.
    Before,
    /// The newer image.
    After,
}

/// What the user asked for, besides the two images.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    /// Ground sample distance of *before* in m a pixel, with its source; `None`: from the alignment of the other, else estimated.
    pub before_gsd: Option<(f64, GsdSource)>,
    /// The same of *after*.
    pub after_gsd: Option<(f64, GsdSource)>,
    /// Tracks in pixels of *before*; `None`: found.
    pub tracks_before_px: Option<Vec<Vec<Point>>>,
}

/// One unit of work, complete in itself: what it needs besides the scenes travels with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Job {
    /// Find the transform from *after* to *before*.
    Align {},
    /// Find the railcars of one side.
    Detect {
        /// Which image.
        side: Side,
        /// Ground sample distance, if known.
        gsd: Option<(f64, GsdSource)>,
        /// Tracks in this image's pixels, if drawn.
        tracks_px: Option<Vec<Vec<Point>>>,
    },
    /// Match the cars of both dates.
    Compare {
        /// From [`Job::Align`].
        alignment: Box<Alignment>,
        /// Cars of *before*.
        before: Box<Detection>,
        /// Cars of *after*.
        after: Box<Detection>,
    },
}

/// The answer to a [`Job`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "value")]
pub enum Outcome {
    /// From [`Job::Align`].
    Aligned(Box<Alignment>),
    /// From [`Job::Detect`].
    Detected(Side, Box<Detection>),
    /// From [`Job::Compare`]; the detections come back since each date may add to what is seen on the other.
    Compared {
        /// New, gone, both.
        comparison: Box<Comparison>,
        /// Cars of *before*, final.
        before: Box<Detection>,
        /// Cars of *after*, final.
        after: Box<Detection>,
    },
}

/// The scenes a job runs against.
#[derive(Debug, Default)]
pub struct Workbench {
    /// The older image.
    pub before: Option<Scene>,
    /// The newer image.
    pub after: Option<Scene>,
}

/// What is done so far, and what may be done next.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What the user asked for.
    pub request: Request,
    /// Done or not.
    pub alignment: Option<Alignment>,
    /// Done or not.
    pub before: Option<Detection>,
    /// Done or not.
    pub after: Option<Detection>,
    /// Done or not.
    pub comparison: Option<Comparison>,
}

impl Plan {
    /// Jobs whose needs are met and whose answer is missing, those that take longest first. A caller who hands them out in
    /// parallel keeps account of what is under way.
    pub fn ready(&self) -> Vec<Job> {
        unimplemented!()
    }

    /// Takes an answer.
    pub fn accept(&mut self, _outcome: Outcome) {
        unimplemented!()
    }
}

/// Does one job.
///
/// # Errors
/// What the stage says; `Cancelled` from `tick`.
pub fn perform(_job: &Job, _bench: &Workbench, _tick: &mut Tick<'_>) -> Result<Outcome> {
    unimplemented!()
}

/// Runs a plan to its end, one job after the other, reporting the name of each step and the share of it that is done.
///
/// # Errors
/// As [`perform`]; `not-the-same-place` when the alignment fails.
pub fn run(_request: Request, _bench: &Workbench, _progress: &mut dyn FnMut(&'static str, f64) -> Result<()>) -> Result<Plan> {
    unimplemented!()
}
