//! What `--out` writes: the core makes the bytes, here they become files.

use crate::write;
use sidings::error::Result;
use sidings::report::exhibit::Exhibit;
use sidings::report::json::{Compare, Document};
use sidings::report::{geojson, kml, tables};
use std::path::Path;

/// Makes every export, then writes them one by one. What can't be written leaves those before it whole and nothing half.
pub fn write_all(exhibit: &Exhibit, document: &Document<Compare>, folder: &Path) -> Result<()> {
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("report.json", document.to_json().into_bytes()),
        ("railcars.geojson", geojson::railcars(exhibit).to_string().into_bytes()),
        ("railcars.kml", kml::railcars(exhibit).into_bytes()),
        ("railcars.csv", tables::railcars(exhibit)),
        ("counts.csv", tables::counts(exhibit)),
    ];
    files.into_iter().try_for_each(|(name, bytes)| write::file(&folder.join(name), &bytes))
}
