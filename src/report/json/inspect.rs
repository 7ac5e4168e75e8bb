//! `inspect`: what a file is.

use super::Failure;
use crate::credentials::Credentials;
use crate::error::Warning;
use crate::georeference::{Captured, Sun};
use serde::Serialize;

/// The images asked about, in the order they were given.
#[derive(Debug, Clone, Serialize)]
pub struct Inspect {
    /// One entry for every image that could be read.
    pub images: Vec<Image>,
    /// The first file that couldn't be read, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}

/// What is known of one image.
#[derive(Debug, Clone, Serialize)]
pub struct Image {
    /// Name as given.
    pub file: String,
    /// `png`, `jpeg`, `jpeg2000`, `webp` or `tiff`.
    pub format: String,
    /// Columns, as shown.
    pub width: u32,
    /// Rows, as shown.
    pub height: u32,
    /// Bands, alpha counted.
    pub bands: u32,
    /// Bits a sample.
    pub bits: u32,
    /// Ground sample distance from the georeference, m.
    pub gsd_m: Option<f64>,
    /// Width and height of a pixel on the ground, m, where they differ by more than 2 %.
    pub gsd_xy_m: Option<[f64; 2]>,
    /// Coordinate reference system, e.g. `EPSG:32633`.
    pub crs: Option<String>,
    /// Outer corners: of the first pixel, then clockwise as seen.
    pub corners_lonlat: Option<[[f64; 2]; 4]>,
    /// When it was taken.
    pub captured: Option<Captured>,
    /// Where the sun stood, when time of day and place are known.
    pub sun: Option<Sun>,
    /// Content credentials in the file, read and not verified; `null` where there are none.
    pub content_credentials: Option<Credentials>,
    /// Of the bytes before decoding.
    pub sha256: String,
    /// Length of the file.
    pub bytes: u64,
    /// Trouble that the reader should know of.
    pub warnings: Vec<Warning>,
}
