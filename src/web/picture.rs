//! One image on the desk: its file, what a worker read in it, what the user said about it.

use super::desk::Waiting;
use crate::credentials::Credentials;
use crate::error::Warning;
use crate::geometry::Point;
use crate::georeference::{Captured, DateSource, Georeference};
use crate::pipeline::Gsd;
use crate::yard::{GsdSource, scales_differ};
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
    /// Content credentials in it, read and not verified.
    #[serde(default)]
    pub credentials: Option<Credentials>,
    /// Where it lies on the ground, and when it was taken.
    pub georeference: Georeference,
    /// What the reader should know of this file.
    pub warnings: Vec<Warning>,
    /// It was read at one of this many of its resolution; 1 for the file's own pixels.
    #[serde(default = "whole")]
    pub reduction: u32,
}

fn whole() -> u32 {
    1
}

/// A file as it comes on to the desk.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dropped {
    /// Its name.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Drawn by the program.
    pub synthetic: bool,
    /// What whoever brought it says of its scale, m a pixel.
    pub gsd_m: Option<f64>,
    /// What whoever brought it says of its date, ISO 8601.
    pub date: Option<String>,
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
    /// The line of known length from which that scale came.
    pub scale_line: Option<ScaleLine>,
    /// What the user says its date is, ISO 8601.
    pub user_date: Option<String>,
    /// It is to be read at one of this many of its resolution.
    pub reduction: u32,
    /// Looked at and not decoded, since it needs much memory.
    pub waiting: Option<Waiting>,
    /// So large that everything about it is done one after the other.
    pub heavy: bool,
    /// What a large one takes, bytes.
    pub need_bytes: Option<u64>,
}

/// A line over a length that the user knows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScaleLine {
    /// In the image's pixels.
    pub ends: [Point; 2],
    /// On the ground, m.
    pub length_m: f64,
}

impl Picture {
    /// An image that has yet to be read.
    pub fn new(id: u32, dropped: &Dropped) -> Self {
        let Dropped { file, bytes, synthetic, gsd_m, date } = dropped.clone();
        Self {
            id,
            file,
            bytes,
            synthetic,
            info: None,
            user_gsd_m: gsd_m,
            scale_line: None,
            user_date: date,
            reduction: 1,
            waiting: None,
            heavy: false,
            need_bytes: None,
        }
    }

    /// When it was taken: what the user says before what the file says; of one that wasn't read yet, what its name says.
    pub fn captured(&self) -> Option<Captured> {
        let user = self.user_date.clone().map(|date| Captured::on(date, DateSource::User));
        user.or_else(|| match &self.info {
            Some(info) => info.georeference.captured.clone(),
            None => Captured::by_name(&self.file),
        })
    }

    /// Whether the file tells where the sun stood.
    pub fn knows_its_sun(&self) -> bool {
        let info = self.info.as_ref();
        info.is_some_and(|info| info.georeference.shadow_rad((info.width as usize, info.height as usize)).is_some())
    }

    /// Whether the user names another day than the file.
    pub fn is_misdated(&self) -> bool {
        let file = self.info.as_ref().and_then(|info| info.georeference.captured.as_ref());
        Captured::is_another_day(file, self.user_date.as_deref())
    }

    /// What the reader should know of this file, a scale set by hand beside its own included.
    pub fn warnings(&self) -> Vec<Warning> {
        let Some(info) = &self.info else { return Vec::new() };
        let differs = scales_differ(self.user_gsd_m, info.georeference.gsd_m);
        let differs = differs.map(|w| Warning { message: format!("{}: {}", self.file, w.message), ..w });
        info.warnings.iter().cloned().chain(differs).collect()
    }

    /// Ground sample distance before any estimate: the user's before the file's.
    pub fn gsd(&self) -> Option<Gsd> {
        let file = || self.info.as_ref()?.georeference.gsd_m.map(|gsd_m| (gsd_m, GsdSource::File));
        self.user_gsd_m.map(|gsd_m| (gsd_m, GsdSource::Given)).or_else(file)
    }
}
