//! Fingerprints of the parts of a story, so that what was changed can be named.

use super::Story;
use crate::report::json::sha256_hex;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// SHA-256 of each part, over canonical JSON (sorted keys, no blanks), of a picture over its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    /// All data.
    pub story: String,
    /// The published counts and their intervals.
    pub figures: String,
    /// Every car and what became of it.
    pub cars: String,
    /// What the editor and the report say in words.
    pub text: String,
    /// The older picture.
    pub before: String,
    /// The newer picture.
    pub after: String,
}

impl Digests {
    /// Of these data, whose canonical text is given, and these pictures.
    pub fn of(story: &Story, text: &str, before_jpeg: &[u8], after_jpeg: &[u8]) -> Self {
        let at = |pointer: &str| story.report.pointer(pointer).cloned().unwrap_or(Value::Null);
        let hash = |value: Value| sha256_hex(value.to_string().as_bytes());
        let edition = serde_json::to_value(&story.edition).unwrap_or(Value::Null);
        Self {
            story: sha256_hex(text.as_bytes()),
            figures: hash(figures(&story.report)),
            cars: hash(json!([at("/before/railcars"), at("/after/railcars"), lists(&story.report)])),
            text: hash(json!([edition, story.place, at("/statement"), at("/record"), at("/facility"), at("/warnings")])),
            before: sha256_hex(before_jpeg),
            after: sha256_hex(after_jpeg),
        }
    }
}

/// The counts of a report: of each date, of what is new and gone.
pub fn figures(report: &Value) -> Value {
    let at = |pointer: &str| report.pointer(pointer).cloned().unwrap_or(Value::Null);
    json!({ "before": at("/before/count"), "after": at("/after/count"), "new": at("/change/new_count"), "gone": at("/change/gone_count") })
}

/// What became of each car.
pub fn lists(report: &Value) -> Value {
    let at = |key: &str| report.pointer(&format!("/change/{key}")).cloned().unwrap_or(Value::Null);
    json!([at("new"), at("gone"), at("both"), at("undecided"), at("outside")])
}
