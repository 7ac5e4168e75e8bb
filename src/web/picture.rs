//! One image on the desk: its file, what a worker read in it, what the user said about it.

use crate::error::Warning;
use crate::pipeline::Gsd;
use crate::yard::GsdSource;
use serde::{Deserialize, Serialize};

/// What a worker read in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageInfo {
    /// `png`, `jpeg`, `webp` or `tiff`.
    pub format: String,
    /// Columns, as shown.
    pub width: u32,
    /// Rows, as shown.
    pub height: u32,
    /// Of the bytes as they were dropped, in hexadecimal.
    pub sha256: String,
    /// Ground sample distance from the georeference, m a pixel.
    pub gsd_m: Option<f64>,
    /// Capture date, ISO 8601, and where it was read: `tag`, `name`, `sidecar`.
    pub date: Option<(String, String)>,
    /// What the reader should know of this file.
    pub warnings: Vec<Warning>,
}

/// One image on the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Unique on this desk.
    pub id: u32,
    /// Name of the file.
    pub file: String,
    /// Size of the file.
    pub bytes: u64,
    /// Drawn by the program.
    pub synthetic: bool,
    /// `None` until it is read.
    pub info: Option<ImageInfo>,
    /// What the user says its scale is, m a pixel.
    pub user_gsd_m: Option<f64>,
    /// What the user says its date is, ISO 8601.
    pub user_date: Option<String>,
}

impl Picture {
    /// An image that has yet to be read.
    pub fn new(id: u32, file: &str, bytes: u64, synthetic: bool) -> Self {
        Self { id, file: file.to_owned(), bytes, synthetic, info: None, user_gsd_m: None, user_date: None }
    }

    /// Capture date, ISO 8601, and where it is from: the user before the file.
    pub fn date(&self) -> Option<(&str, &str)> {
        if let Some(date) = &self.user_date {
            return Some((date, "user"));
        }
        self.info.as_ref()?.date.as_ref().map(|(date, from)| (date.as_str(), from.as_str()))
    }

    /// Ground sample distance before any estimate: the user's before the file's.
    pub fn gsd(&self) -> Option<Gsd> {
        let file = || self.info.as_ref()?.gsd_m.map(|gsd_m| (gsd_m, GsdSource::File));
        self.user_gsd_m.map(|gsd_m| (gsd_m, GsdSource::Given)).or_else(file)
    }
}
