//! Railcars in one image: evidence → tracks → strips → cars, with a posterior on the count.

use crate::error::{Result, Tick};
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

/// Finds railcars in an 8-bit RGB image, in its own pixels.
///
/// # Errors
/// `too-coarse` when the ground sample distance allows no statement at all; `Cancelled` from `tick`.
pub fn detect(_rgb: &Raster<u8>, _valid: Option<&Mask>, _options: &Options, _tick: &mut Tick<'_>) -> Result<Detection> {
    unimplemented!()
}
