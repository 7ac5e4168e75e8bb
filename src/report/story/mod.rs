//! The story: one HTML file with both pictures, the cars as a layer over them, the counts, their limits, and how they came about.
//!
//! ```text
//! exhibit ─ pieces (crops as JPEG) ─ recount of these very pixels ─ data (JSON) ─ page (HTML)
//! ```
//!
//! The page is a function of its data and its two pictures alone: whoever has the file can take them out, write the page anew and
//! see whether a letter differs, and count the pictures again ([`verify`]).

mod account;
mod check;
mod choices;
mod digests;
pub mod embed;
pub mod engine;
mod figures;
mod locator;
mod marks;
mod page;
mod pieces;
pub mod printed;
mod recount;
pub mod verify;

pub use choices::{Choices, Framing, Measure, Size};
pub use digests::Digests;
pub use engine::Engine;

use super::crop::Crop;
use super::escape::json_in_html;
use super::exhibit::{Edition, Exhibit};
use super::json::{VERSION, schema, sha256_hex};
use crate::error::{Error, Result};
use crate::pipeline::Request;
use crate::raster::Raster;
pub use locator::{Locator, SIZE_PX as LOCATOR_PX, Window};
use pieces::Pieces;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Largest file of a story, bytes: a second on a slow line, and what content systems take.
pub const MAX_BYTES: usize = 1_500_000;

/// Room kept for what is not known before the pictures are: their recount and hashes, bytes.
const KEPT_FREE: usize = 6_000;

/// Above this, the tracks and tie points of the report are left out, bytes.
const MAX_REPORT: usize = 400_000;

/// One picture of the story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The part of the image that it shows.
    pub crop: Crop,
    /// Its own columns and rows.
    pub size_px: [u32; 2],
    /// Its bytes as embedded.
    pub sha256: String,
    /// Direction of north, from +x toward +y.
    pub north_rad: Option<f64>,
}

/// The data of a story: everything that its page says, but for the pictures themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// `sidings/story@1`.
    pub schema: String,
    /// Version that wrote it.
    pub version: String,
    /// What the editor says.
    pub edition: Edition,
    /// Where it is.
    pub place: Option<String>,
    /// The `compare` document of the original images.
    pub report: Value,
    /// Parts of the report that were left out for size.
    pub left_out: Vec<String>,
    /// The older picture.
    pub before: Shown,
    /// The newer picture.
    pub after: Shown,
    /// JPEG quality of both.
    pub quality: u8,
    /// Takes pixels of the newer picture to the older: a, b, c, d, e, f of an SVG matrix.
    pub after_matrix: [f64; 6],
    /// *After* was laid on the grid of *before*, since no such matrix does it justice.
    pub resampled: bool,
    /// The map of the region, where there is one.
    pub locator: Option<Locator>,
    /// What the counting of the pictures was asked, in their pixels.
    pub request: Request,
    /// What it gave.
    pub recount: Value,
    /// The engine that the page carries, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<engine::Stated>,
}

/// A story, written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The file.
    pub html: String,
    /// What it holds.
    pub story: Story,
}

/// What goes into a story besides its exhibit and its pixels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras<'a> {
    /// A map as GeoJSON; nothing where none is wanted.
    pub map: Option<&'a Value>,
    /// The engine, for readers who want to count again.
    pub engine: Option<&'a Engine>,
    /// What is shown, and how large it may get.
    pub choices: Choices,
}

/// Writes a story. The pictures are counted again on the way, which takes as long as a comparison of their size.
///
/// # Errors
/// `story-too-big` when no pictures fit beside so many cars; `encode`; what counting may say of cancelling.
pub fn write(exhibit: &Exhibit, before_rgb: &Raster<u8>, after_rgb: &Raster<u8>, extras: &Extras<'_>) -> Result<Written> {
    let (mut story, pieces, _) = laid_out(exhibit, before_rgb, after_rgb, extras)?;
    pieces.enter(exhibit, &mut story);
    // What is recounted is what a reader will read: the data as they come back from their text.
    let (story, _) = through_text(story)?;
    let recount = recount::of(&story, &pieces.before_jpeg, &pieces.after_jpeg)?;
    let (story, text) = through_text(Story { recount, ..story })?;
    let engine = extras.engine.map(Engine::written);
    let carried = engine.as_ref().map(|[module, worker]| engine::Carried { module, worker });
    let html = page::render(&story, &text, &pieces.before_jpeg, &pieces.after_jpeg, carried);
    Ok(Written { html, story })
}

/// How large a story will be, without the recount: a fraction of the time.
///
/// # Errors
/// As of [`write()`].
pub fn measure(exhibit: &Exhibit, before_rgb: &Raster<u8>, after_rgb: &Raster<u8>, extras: &Extras<'_>) -> Result<Measure> {
    let (story, pieces, empty) = laid_out(exhibit, before_rgb, after_rgb, extras)?;
    let engine_bytes = story.engine.map_or(0, |engine| engine.bytes);
    let coded = (pieces.before_jpeg.len() + pieces.after_jpeg.len()) / 3 * 4;
    let (size_px, quality) = pieces.shown();
    Ok(Measure { bytes: empty + coded + engine_bytes + KEPT_FREE / 2, engine_bytes, size_px, quality })
}

/// The story without its pictures, the pictures, and how long the page is without them.
fn laid_out(
    exhibit: &Exhibit,
    before_rgb: &Raster<u8>,
    after_rgb: &Raster<u8>,
    extras: &Extras<'_>,
) -> Result<(Story, Pieces, usize)> {
    let mut story = draft(exhibit, extras.map);
    story.engine = extras.engine.map(Engine::stated);
    let empty = page::render(&story, &data_of(&story)?, &[], &[], None).len();
    let most = extras.choices.size.bytes();
    let room = most.saturating_sub(empty + KEPT_FREE) / 4 * 3;
    let pieces = Pieces::fit(exhibit, before_rgb, after_rgb, extras.choices.framing, room)?;
    Ok((story, pieces.ok_or_else(|| too_big(empty, most))?, empty))
}

fn too_big(empty: usize, most: usize) -> Error {
    let kilobytes = empty / 1000;
    let message = format!("The report alone takes {kilobytes} kB, so that no pictures fit into a story of {} kB.", most / 1000);
    Error::NoAnswer { code: "story-too-big", message }
}

/// The story without its pictures.
fn draft(exhibit: &Exhibit, map: Option<&Value>) -> Story {
    let (report, left_out) = slim(without_folders(exhibit.report.clone()));
    let facility = |key: &str| exhibit.report.pointer(&format!("/facility/{key}")).and_then(Value::as_f64);
    let here = exhibit.middle_lonlat.or_else(|| Some([facility("lon")?, facility("lat")?]));
    let whole = Crop { x: 0, y: 0, width: 1, height: 1 };
    let shown = |north_rad| Shown { crop: whole, size_px: [1, 1], sha256: sha256_hex(b""), north_rad };
    Story {
        schema: schema("story"),
        version: VERSION.to_owned(),
        edition: exhibit.edition.clone(),
        place: exhibit.place(),
        report,
        left_out,
        before: shown(exhibit.before.north_rad),
        after: shown(exhibit.after.north_rad),
        quality: 0,
        after_matrix: [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        resampled: false,
        locator: map.zip(here).and_then(|(map, here)| Locator::of(map, here)),
        request: Request::default(),
        recount: Value::Null,
        engine: None,
    }
}

/// The report with the bare names of the files: folders are the editor's own affair and don't belong into what is published.
fn without_folders(report: Value) -> Value {
    let inputs = report.pointer("/provenance/inputs").and_then(Value::as_array);
    let paths = inputs.into_iter().flatten().filter_map(|input| input["file"].as_str());
    let named: Vec<(String, String)> =
        paths.map(|path| (path.to_owned(), bare(path).to_owned())).filter(|(path, name)| path != name).collect();
    renamed(report, &named)
}

/// The name of a file behind its folders, as any system writes them.
fn bare(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().filter(|name| !name.is_empty()).unwrap_or(path)
}

/// Every text with every path in it replaced by its name.
fn renamed(value: Value, named: &[(String, String)]) -> Value {
    match value {
        Value::String(text) => Value::String(named.iter().fold(text, |text, (path, name)| text.replace(path, name))),
        Value::Array(list) => list.into_iter().map(|v| renamed(v, named)).collect(),
        Value::Object(map) => map.into_iter().map(|(key, v)| (key, renamed(v, named))).collect(),
        other => other,
    }
}

/// What the page does not show of a car, and railcars.csv has.
const BESIDES: [&str; 5] = ["center_px", "angle_deg", "width_m", "track", "lonlat"];

/// The report as it is where it is small; else without what no reader of the page sees: first tracks and tie points, then, where there are
/// thousands of cars, all of each car but its outline, length and confidence.
fn slim(mut report: Value) -> (Value, Vec<String>) {
    let mut left_out = Vec::new();
    if report.to_string().len() > MAX_REPORT {
        for pointer in ["/before/tracks", "/after/tracks", "/registration/tie_points"] {
            if let Some(list) = report.pointer_mut(pointer) {
                *list = Value::Array(Vec::new());
                left_out.push(pointer.trim_start_matches('/').replace('/', "."));
            }
        }
    }
    if report.to_string().len() > MAX_REPORT {
        for pointer in ["/before/railcars", "/after/railcars"] {
            let cars = report.pointer_mut(pointer).and_then(Value::as_array_mut).into_iter().flatten();
            cars.filter_map(Value::as_object_mut).for_each(|car| car.retain(|key, _| !BESIDES.contains(&key.as_str())));
        }
        left_out.extend(BESIDES.map(|key| format!("railcars.{key}")));
    }
    (report, left_out)
}

/// The canonical text of the data: keys in their order, no blanks, and nothing in it that HTML could take for its own. It stands in the page
/// letter by letter, and the fingerprint is of it.
fn data_of(story: &Story) -> Result<String> {
    let value = serde_json::to_value(story).map_err(|e| Error::NoAnswer { code: "encode", message: format!("{e}.") })?;
    Ok(json_in_html(&value.to_string()))
}

/// A story and its text, as they come back from the text of what was given.
fn through_text(story: Story) -> Result<(Story, String)> {
    let text = data_of(&story)?;
    let unreadable = |e: serde_json::Error| Error::NoAnswer { code: "encode", message: format!("{e}.") };
    let story: Story = serde_json::from_str(&text).map_err(unreadable)?;
    let text = data_of(&story)?;
    Ok((serde_json::from_str(&text).map_err(unreadable)?, text))
}
