//! What the shell draws of the files that leave the page: exports, and the project with its pairs.

use super::export::FileKind;
use super::snapshot::Problem;
use crate::report::story::{Choices, Measure};
use crate::yard::Count;
use serde::Serialize;

/// Files that leave the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportView {
    /// Whose images these are.
    pub credit: String,
    /// On what terms they may be shown.
    pub licence: String,
    /// What stands under them.
    pub caption: String,
    /// Where it is, in the editor's words.
    pub place: String,
    /// What a story shows, and how large it may get.
    pub choices: Choices,
    /// A story carries the engine.
    pub engine: bool,
    /// What the engine adds to a story; 0 when the page has none at hand.
    pub engine_bytes: u32,
    /// How large a story will be; `null` while that is not known.
    pub measure: Option<Measure>,
    /// It can't be told: a text is too long, or no story can be made.
    pub unmeasurable: bool,
    /// The file that is being made.
    pub busy: Option<FileKind>,
    /// The file that was made last.
    pub made: Option<FileKind>,
    /// It lacks a text that its font can't show.
    pub left_out: bool,
    /// SHA-256 of its bytes.
    pub sha256: Option<String>,
    /// Why the last one could not be made.
    pub problem: Option<Problem>,
}

/// The project file.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectView {
    /// The one that waits for its images.
    pub name: Option<String>,
    /// The images that it waits for.
    pub wanted: Vec<WantedImage>,
    /// There is something to save.
    pub can_save: bool,
    /// There is a pair to keep, and room for another.
    pub can_add: bool,
    /// Pairs of the place, in the order in which they were added.
    pub pairs: Vec<PairView>,
}

/// A pair of the project.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairView {
    /// For commands.
    pub index: usize,
    /// It lies on the desk, or its images are waited for.
    pub open: bool,
    /// The older image.
    pub before: PairImageView,
    /// The newer one.
    pub after: PairImageView,
}

/// An image of a pair.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PairImageView {
    /// Its name.
    pub file: String,
    /// Its date, as far as it is known.
    pub date: Option<String>,
    /// What was counted when the pair was last open.
    pub count: Option<Count>,
}

/// An image that a project waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WantedImage {
    /// Its name when the project was saved.
    pub file: String,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
}
