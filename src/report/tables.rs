//! Counts and cars as CSV for spreadsheets: UTF-8 with the mark by which Excel knows it, and no cell that runs as a formula.

use super::escape::cell;
use super::exhibit::{Exhibit, Mark};
use crate::pipeline::Side;
use serde_json::Value;

/// What tells Excel that a table is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// One line for each of the four counts: on *before*, on *after*, of what is new, of what is gone. Each with its interval.
pub fn counts(exhibit: &Exhibit) -> Vec<u8> {
    let header = [
        "what", "date", "count", "low", "high", "level", "unit", "gsd_m", "gsd_from", "place", "credit", "licence", "file",
        "sha256",
    ];
    let rows = [("before", "/before/count", Side::Before), ("after", "/after/count", Side::After)]
        .into_iter()
        .chain([("new", "/change/new_count", Side::After), ("gone", "/change/gone_count", Side::Before)]);
    let edition = &exhibit.edition;
    let said = |text: &Option<String>| cell(text.as_deref().unwrap_or_default());
    let lines = rows.map(|(what, pointer, side)| {
        let look = exhibit.look(side);
        let count = |key: &str| exhibit.report.pointer(&format!("{pointer}/{key}")).map(shown).unwrap_or_default();
        vec![
            what.to_owned(),
            said(&look.date),
            count("estimate"),
            count("low"),
            count("high"),
            count("level"),
            count("kind"),
            format!("{:.4}", look.gsd_m),
            exhibit.report.pointer(&format!("/{}/gsd_from", name(side))).map(shown).unwrap_or_default(),
            said(&exhibit.place()),
            said(&edition.credit),
            said(&edition.licence),
            cell(&look.file),
            look.sha256.clone(),
        ]
    });
    table(&header, lines)
}

/// One line for each car of each date.
pub fn railcars(exhibit: &Exhibit) -> Vec<u8> {
    let header = [
        "image",
        "id",
        "status",
        "other_id",
        "date",
        "length_m",
        "width_m",
        "confidence",
        "track",
        "center_x_px",
        "center_y_px",
        "lon",
        "lat",
    ];
    table(&header, exhibit.marks().map(|(side, mark)| car(exhibit, side, mark)))
}

fn car(exhibit: &Exhibit, side: Side, mark: &Mark) -> Vec<String> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let center = |of: fn(&crate::geometry::Point) -> f64| format!("{:.2}", mean(&mark.corners_px.each_ref().map(of)));
    // The ring is closed: its last corner is its first.
    let lonlat = |axis: usize| {
        let ring = mark.ring_lonlat.as_ref().and_then(|ring| ring.get(..4));
        ring.map(|ring| format!("{:.7}", mean(&ring.iter().map(|p| p[axis]).collect::<Vec<_>>()))).unwrap_or_default()
    };
    vec![
        name(side).to_owned(),
        mark.id.to_string(),
        mark.status.id().to_owned(),
        mark.other.map(|id| id.to_string()).unwrap_or_default(),
        cell(exhibit.look(side).date.as_deref().unwrap_or_default()),
        format!("{:.2}", mark.length_m),
        format!("{:.2}", mark.width_m),
        format!("{:.3}", mark.confidence),
        mark.track.to_string(),
        center(|p| p.x),
        center(|p| p.y),
        lonlat(0),
        lonlat(1),
    ]
}

fn name(side: Side) -> &'static str {
    match side {
        Side::Before => "before",
        Side::After => "after",
    }
}

/// A number or a word of the report as it stands in a cell; unknown is empty.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => cell(text),
        other => other.to_string(),
    }
}

/// RFC 4180: comma, CRLF, quotes where needed.
fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    // Writing to memory has nothing to fail on.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(&row);
    }
    writer.into_inner().unwrap_or_default()
}
