//! Where an answer came from: the files as they were before decoding, and every step with its parameters and version.
//!
//! After the Berkeley Protocol on Digital Open Source Investigations: hash first, never alter the original, log every step.

use super::{VERSION, round_to};
use crate::credentials::Credentials;
use crate::georeference::Captured;
use crate::yard::Detection;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The account of one answer.
#[derive(Debug, Clone, Serialize)]
pub struct Provenance {
    /// The files, as given.
    pub inputs: Vec<Input>,
    /// What was done to them, in order.
    pub steps: Vec<Step>,
    /// What a person changed afterwards, in order.
    pub edits: Vec<Value>,
}

/// One file.
#[derive(Debug, Clone, Serialize)]
pub struct Input {
    /// Name as given.
    pub file: String,
    /// Of the bytes before decoding.
    pub sha256: String,
    /// Length of the file.
    pub bytes: u64,
    /// `before`, `after`, `image`, `tracks`, `corrections`, `control-points`, `record` or `facilities`.
    pub role: String,
    /// `png`, `jpeg`, `webp` or `tiff`; `null` for what is no image.
    pub format: Option<String>,
    /// Columns and rows as shown; `null` for what is no image.
    pub size_px: Option<[u32; 2]>,
    /// It was read at one of this many of its resolution, since it was too large; 1 for an image's own pixels, `null` for what is no image.
    pub reduction: Option<u32>,
    /// When it was taken.
    pub captured: Option<Captured>,
    /// Content credentials in the file, read and not verified; `null` where there are none.
    pub content_credentials: Option<Credentials>,
}

impl Input {
    /// A file that is no image.
    pub fn other(file: &str, bytes: &[u8], role: &str) -> Self {
        Self {
            file: file.to_owned(),
            sha256: sha256_hex(bytes),
            bytes: bytes.len() as u64,
            role: role.to_owned(),
            format: None,
            size_px: None,
            reduction: None,
            captured: None,
            content_credentials: None,
        }
    }
}

/// One step.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// Its name, e.g. `align`.
    pub step: String,
    /// Version of the code that did it.
    pub version: &'static str,
    /// What it was told and what it settled on.
    pub parameters: Value,
}

impl Step {
    /// A step of this version.
    pub fn new(step: &str, parameters: Value) -> Self {
        Self { step: step.to_owned(), version: VERSION, parameters }
    }

    /// The step that finds railcars in an image, along tracks that were `found` or `given`.
    pub fn detect(image: &str, detection: Option<&Detection>, tracks: &str) -> Self {
        let gsd_m = detection.map(|d| round_to(d.gsd_m, 5));
        let gsd_from = detection.map(|d| d.gsd_from);
        Self::new("detect", json!({ "image": image, "gsd_m": gsd_m, "gsd_from": gsd_from, "tracks": tracks }))
    }
}

/// SHA-256 in lower-case hexadecimal.
///
/// ```
/// let empty = sidings::report::json::sha256_hex(b"");
/// assert_eq!(empty, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
/// ```
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
