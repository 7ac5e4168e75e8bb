//! What an editor may choose for a story: how much of the images it shows, and how large it may get.

use super::MAX_BYTES;
use serde::{Deserialize, Serialize};

/// Which part of the images is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Framing {
    /// Where the railcars are, with something around them.
    #[default]
    Cars,
    /// All of the older image.
    Whole,
}

/// How large the file may get without the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Size {
    /// For readers on slow lines.
    Small,
    /// A second on a phone.
    #[default]
    Usual,
    /// For readers who want to look closely.
    Large,
}

impl Size {
    /// Most bytes of the file.
    pub fn bytes(self) -> usize {
        match self {
            Self::Small => MAX_BYTES / 3,
            Self::Usual => MAX_BYTES,
            Self::Large => MAX_BYTES * 3,
        }
    }
}

/// Both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Choices {
    /// What is shown.
    pub framing: Framing,
    /// How large it may get.
    pub size: Size,
}

/// What a story comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Measure {
    /// Of the whole file, to a few kilobytes.
    pub bytes: usize,
    /// Of these the engine's.
    pub engine_bytes: usize,
    /// Columns and rows of the older picture.
    pub size_px: [u32; 2],
    /// JPEG quality.
    pub quality: u8,
}
