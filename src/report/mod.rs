//! What leaves the tool: JSON documents, GeoJSON, and later pictures and stories.
//!
//! The command line and the page write the same documents from the same values:
//! `report::json::compare(&plan, &context)` is what `sidings compare` prints and what the page hands out.

pub mod geojson;
pub mod json;
