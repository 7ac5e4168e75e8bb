//! Railcars in one image: evidence → tracks → strips → cars, with a posterior on the count.
//!
//! ```text
//! pixels ─ ground ─ directions ─ survey (network, tile by tile) ─ evidence ─ tracks ─ strip ─ walk ─ cars, count
//! ```
//!
//! Learned evidence, structured counting: a small network that has seen drawn yards only says where bodies, ends and middles of cars
//! are likely; tracks are traced along its ridges; along each a semi-Markov walk that knows how trains are made turns log-odds into cars.

mod belief;
mod colour;
mod directions;
mod evidence;
mod frame;
mod ground;
mod layers;
mod network;
mod prior;
mod strip;
mod survey;
mod tracks;
mod walk;
mod weights;
mod yardwalk;

use crate::error::{Result, Tick, Warning};
use crate::geometry::Point;
use crate::raster::{Mask, Raster};
use crate::yard::{Detection, GsdSource};

/// What is known about the image before looking.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Ground sample distance, m a pixel, and where it came from; `None`: estimate it.
    pub gsd: Option<(f64, GsdSource)>,
    /// Tracks drawn by the user, in pixels; `None`: find them.
    pub tracks: Option<Vec<Vec<Point>>>,
}

/// Ground sample distance of most imagery that is good enough to count cars in, m.
const ASSUMED_GSD_M: f64 = 0.5;

/// Spacing of the samples along a track, in [`crate::yard::TrackEvidence`] and in the `extra` of [`Evidence::walk`], m.
pub const STEP_M: f64 = strip::STEP_M;

/// What the network said of one image, kept so that tracks can be walked again without looking again.
pub struct Evidence {
    gsd: (f64, GsdSource),
    views: evidence::Views,
}

impl Evidence {
    /// Looks at the whole image.
    ///
    /// # Errors
    /// `Cancelled` from `tick`.
    pub fn compute(rgb: &Raster<u8>, valid: Option<&Mask>, gsd: (f64, GsdSource), tick: &mut Tick<'_>) -> Result<Self> {
        let ground = ground::Ground::new(rgb, valid, gsd.0);
        let views = survey::run(&ground, gsd.0, tick)?;
        Ok(Self { gsd, views })
    }

    /// The tracks on which cars seem to stand, in pixels.
    pub fn tracks(&self) -> Vec<Vec<Point>> {
        tracks::trace(&self.views, self.gsd.0)
    }

    /// Walks the given tracks, in pixels. `extra` holds log-odds of occupancy to add, for each track a value every [`STEP_M`] from its
    /// first point: what the other date says of the same ground. Values that are missing count as nothing.
    pub fn walk(&self, tracks: &[Vec<Point>], extra: Option<&[Vec<f32>]>) -> Detection {
        let yard = yardwalk::walk(&self.views, tracks, extra, self.gsd.0);
        Detection {
            gsd_m: self.gsd.0,
            gsd_from: self.gsd.1,
            count: yardwalk::count(&yard),
            occupied_track_m: yard.occupied_m,
            railcars: yard.cars,
            tracks: yard.tracks,
            evidence: yard.evidence,
            warnings: Vec::new(),
        }
    }
}

/// Finds railcars in an 8-bit RGB image, in its own pixels.
///
/// # Errors
/// `too-coarse` when the ground sample distance allows no statement at all; `Cancelled` from `tick`.
pub fn detect(rgb: &Raster<u8>, valid: Option<&Mask>, options: &Options, tick: &mut Tick<'_>) -> Result<Detection> {
    let gsd = options.gsd.unwrap_or((ASSUMED_GSD_M, GsdSource::Estimated));
    let evidence = Evidence::compute(rgb, valid, gsd, tick)?;
    let tracks = options.tracks.clone().unwrap_or_else(|| evidence.tracks());
    let mut detection = evidence.walk(&tracks, None);
    if gsd.1 == GsdSource::Estimated {
        detection.warnings.push(Warning::new(
            "gsd-estimated",
            format!("The scale is not known; {} m a pixel was assumed. Set it from a known length if you can.", gsd.0),
        ));
    }
    Ok(detection)
}
