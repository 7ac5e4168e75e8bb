//! The JSON documents, one file each: `inspect`, `register`, `detect`, `compare`, `change`, and `error`.
//!
//! Pixels: x right, y down, centres at +0.5. Polygons: four corners, along the long side first, not closed. Angles in
//! degrees from +x toward +y, lengths in metres, dates ISO 8601. A field that is unknown is `null`, never left out and never
//! guessed. Adding a field is free; changing one means `@2`.

mod by_hand;
mod change;
mod compare;
mod detect;
mod error;
mod inspect;
mod number;
mod provenance;
mod record;
mod register;

pub use by_hand::{corrections_edits, corrections_of, track_edits};
pub use change::Change;
pub use compare::{Changes, Compare, Context, Source, compare, control_points_edit, statement_of};
pub use detect::{Count, Detect, Detected, Railcar, Track};
pub use error::{Failure, failure};
pub use inspect::{Image, Inspect};
pub use number::{Number, round_to};
pub use provenance::{Input, Provenance, Step, sha256_hex};
pub use record::Record;
pub use register::{Register, RegisterDocument, ResidualPx};

use crate::geometry::Point;
use serde::Serialize;

/// A document with the names that tell a reader what it is.
#[derive(Debug, Clone, Serialize)]
pub struct Document<T> {
    /// `sidings/NAME@1`.
    pub schema: String,
    /// Version of the tool.
    pub version: &'static str,
    /// What it says.
    #[serde(flatten)]
    pub body: T,
}

impl<T: Serialize> Document<T> {
    /// Puts a body under the name of its schema.
    pub fn new(name: &str, body: T) -> Self {
        Self { schema: schema(name), version: VERSION, body }
    }

    /// One line of JSON. Not-a-numbers come out as `null`.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| String::from("null"))
    }
}

/// Name of a schema in its first edition.
pub(super) fn schema(name: &str) -> String {
    format!("sidings/{name}@1")
}

/// Version of the tool and of every step in it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Longitude and latitude of a point of an image, where the image knows.
pub type ToLonLat<'a> = &'a dyn Fn(Point) -> Option<[f64; 2]>;
