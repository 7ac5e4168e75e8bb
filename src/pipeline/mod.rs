//! The only place that knows the order: which job may run when, and what each needs.
//!
//! ```text
//! align ─────────────────────────────┬─ recheck-before ─┬─ compare
//! (overview-before ─) detect-before ─┤                  │
//! (overview-after ──) detect-after ──┴─ recheck-after ──┘
//! ```
//!
//! A [`Plan`] hands out [`Job`]s whose needs are met and takes back [`Outcome`]s. The command line runs them one after the
//! other ([`run`]), the page gives them to workers; both get the same answer. A job runs ([`perform`]) against a
//! [`Workbench`] that holds the decoded scenes; all else that it needs travels inside it.
//!
//! An overview is what the first look at a large scene tells by itself, long before its cars are counted. It is asked for where somebody waits before a screen
//! ([`Plan::ask_overview`]) and changes no answer: the look that follows takes over what it saw.
//!
//! Each date helps the other: a track that only one date shows is walked on both, so that "was this place occupied on the
//! other date" is answered by the other image's own pixels and not by the absence of a finding.

mod beliefs;
mod bench;
mod by_hand;
mod change;
mod ground;
mod overview;
mod perform;
mod placed;
mod plan;
mod run;

pub use bench::{Seen, Workbench};
pub use by_hand::{ByHand, TrackEdits};
pub use change::{Grids, change_map};
pub use overview::Overview;
pub use perform::perform;
pub use plan::Plan;
pub use run::run;

use crate::align::Alignment;
use crate::align::by_hand::ControlPoint;
use crate::compare::Comparison;
use crate::corrections;
use crate::geometry::{Point, Transform};
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

impl Side {
    /// The other date.
    pub fn other(self) -> Self {
        match self {
            Side::Before => Side::After,
            Side::After => Side::Before,
        }
    }
}

/// A ground sample distance in m a pixel, and where it came from.
pub type Gsd = (f64, GsdSource);

/// What the user asked for, besides the two images.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    /// Ground sample distance of *before* in m a pixel, with its source; `None`: from the alignment of the other, else estimated.
    pub before_gsd: Option<Gsd>,
    /// The same of *after*.
    pub after_gsd: Option<Gsd>,
    /// Tracks in pixels of *before*; `None`: found.
    pub tracks_before_px: Option<Vec<Vec<Point>>>,
    /// Pairs of places that a person found in both images; they beat the automatic alignment. None: aligned by itself.
    pub control_points: Vec<ControlPoint>,
    /// What a person says of single railcars, of each date in its own pixels.
    pub corrections: corrections::ByDate,
    /// Tracks that a person drew or deleted, in pixels of *before*; they hold for both dates.
    pub track_edits: TrackEdits,
    /// Of *before* and of *after*, whether a person names another day than the file: where the sun stood is then unknown.
    pub misdated: [bool; 2],
}

/// One unit of work, complete in itself: what it needs besides the scenes travels with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Job {
    /// Find the transform from *after* to *before*.
    Align {
        /// Pairs that a person set; where there are any, they decide, and one pair alone shifts what is found.
        #[serde(default)]
        control_points: Vec<ControlPoint>,
    },
    /// Say roughly how many railcars one side shows, before they are looked for.
    Overview {
        /// Which image.
        side: Side,
        /// Ground sample distance, if known.
        gsd: Option<Gsd>,
    },
    /// Find the railcars of one side, looking at that side alone.
    Detect {
        /// Which image.
        side: Side,
        /// Ground sample distance, if known.
        gsd: Option<Gsd>,
        /// Tracks in this image's pixels, if drawn in place of those that would be found.
        tracks_px: Option<Vec<Vec<Point>>>,
        /// What a person says of this image's cars and tracks.
        #[serde(default)]
        by_hand: Box<ByHand>,
    },
    /// Look again at one side, now along the tracks of both dates.
    Recheck {
        /// Which image.
        side: Side,
        /// What this date showed by itself.
        own: Box<Detection>,
        /// What the other date showed by itself.
        other: Box<Detection>,
        /// From this image's pixels to the other's.
        own_to_other: Transform,
        /// Tracks that a person drew, in this image's pixels; none: they were found.
        #[serde(default)]
        drawn_px: Vec<Vec<Point>>,
        /// What a person says of this image's cars and tracks.
        #[serde(default)]
        by_hand: Box<ByHand>,
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

impl Job {
    /// The name of the step, for progress and for telling jobs of one plan apart: `align`, `overview-before`,
    /// `overview-after`, `detect-before`, `detect-after`, `recheck-before`, `recheck-after`, `compare`.
    pub fn step(&self) -> &'static str {
        match self {
            Job::Align { .. } => "align",
            Job::Overview { side: Side::Before, .. } => "overview-before",
            Job::Overview { side: Side::After, .. } => "overview-after",
            Job::Detect { side: Side::Before, .. } => "detect-before",
            Job::Detect { side: Side::After, .. } => "detect-after",
            Job::Recheck { side: Side::Before, .. } => "recheck-before",
            Job::Recheck { side: Side::After, .. } => "recheck-after",
            Job::Compare { .. } => "compare",
        }
    }

    /// The side whose pixels the job mostly reads. A worker that looked at this side before still holds what it saw there
    /// and is the quickest to give the job to; any other gives the same answer.
    pub fn side(&self) -> Option<Side> {
        match self {
            Job::Overview { side, .. } | Job::Detect { side, .. } | Job::Recheck { side, .. } => Some(*side),
            Job::Align { .. } | Job::Compare { .. } => None,
        }
    }

    /// Whether it looks at the pixels of this side; only overviews and first counts are content with their own.
    pub fn needs(&self, side: Side) -> bool {
        !matches!(self, Job::Overview { side: own, .. } | Job::Detect { side: own, .. } if *own != side)
    }

    /// Whether it looks at both.
    pub fn needs_both(&self) -> bool {
        self.needs(Side::Before) && self.needs(Side::After)
    }
}

/// The answer to a [`Job`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// From [`Job::Align`].
    Aligned(Box<Alignment>),
    /// From [`Job::Overview`].
    Overviewed(Side, Box<Overview>),
    /// From [`Job::Detect`].
    Detected(Side, Box<Detection>),
    /// From [`Job::Recheck`].
    Rechecked(Side, Box<Detection>),
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
