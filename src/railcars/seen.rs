//! Everything that was seen of one image.

use super::cues::{self, Tables, Values};
use super::evidence::Views;
use super::ground::Ground;
use super::profile::{self, Profile};
use super::strip::Sample;
use super::tracks::rails::Claims;
use super::yardwalk::Taken;
use crate::geometry::Point;
use crate::yard::Gantry;
use serde::{Deserialize, Serialize};

/// Where the axis of the next track is looked for, and how far around, m: tracks lie 4.2 to 5.5 m apart, fans bring them nearer.
const NEXT_TRACK_M: f64 = 4.8;
const NEXT_REACH_M: f64 = 1.2;

/// Probability from which on the next track counts as taken.
const SURELY_TAKEN: f64 = 0.5;

/// The image, what the network said of it, and what it taught about itself. Written down without the image.
#[derive(Serialize, Deserialize)]
pub(super) struct Seen {
    /// m a pixel of the image.
    pub gsd_m: f64,
    #[serde(skip)]
    pub ground: Ground,
    pub views: Views,
    /// `None` until learnt, and in scenes with too few sure cars.
    pub tables: Option<Tables>,
    /// What the last walk took for occupied; nothing before the first.
    pub taken: Taken,
    /// Where rails show themselves that carry no car; nothing before they were looked for.
    pub rails: Claims,
    /// Beams over the tracks; none before they were looked for.
    pub gantries: Vec<Gantry>,
}

impl Seen {
    /// Brightness and colour across a track at a sample, from the sun's side to the shadows', and whether a car stands on the next track on the
    /// side of the shadows.
    pub fn profile(&self, sample: &Sample) -> (Profile, bool) {
        let side = self.views.shadow_side(sample.heading_rad);
        let across_px = side * NEXT_TRACK_M / self.gsd_m;
        let (s, c) = (libm::sin(sample.heading_rad), libm::cos(sample.heading_rad));
        let next = Point::new(sample.at.x - across_px * s, sample.at.y + across_px * c);
        (profile::measure(&self.ground, sample, self.gsd_m, side), self.taken.near(next, NEXT_REACH_M) > SURELY_TAKEN)
    }

    /// The cues at a sample.
    pub fn cues(&self, sample: &Sample) -> Values {
        let (profile, walled) = self.profile(sample);
        cues::values(&profile, 0.0, walled)
    }
}
