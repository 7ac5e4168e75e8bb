//! What leaves the tool: JSON documents, GeoJSON, KML, tables, pictures and stories. Bytes come out; whoever calls writes them.
//!
//! The command line and the page write the same documents from the same values: `report::json::compare(&plan, &context)` is what
//! `sidings compare` prints and what the page hands out. Everything else is drawn from an [`exhibit::Exhibit`], which holds that
//! document and can be sent to a worker.

pub mod base91;
pub mod crop;
pub mod escape;
pub mod exhibit;
pub mod geojson;
pub mod json;
pub mod kml;
pub mod phrase;
pub mod picture;
pub mod statements;
pub mod story;
pub mod tables;
pub mod words;
