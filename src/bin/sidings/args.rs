//! What may be asked, and the help that says so.

use clap::{Args, Parser, Subcommand};
use sidings::date::Date;
use sidings::report::story::{Choices, Framing, Size};
use std::path::PathBuf;

/// Count railcars on dated satellite images, and say what is new.
///
/// Every command prints one JSON document on stdout; progress and messages go to stderr. Nothing is sent anywhere.
///
/// Exit codes: 0 an answer · 2 wrong usage · 3 a file that can't be read · 4 valid input, but no honest answer
/// (not the same place, too coarse). With 3 and 4 stdout still holds JSON, with an "error".
#[derive(Debug, Parser)]
#[command(name = "sidings", version, max_term_width = 110)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what an image file is: size, bands, scale, place, date, hash
    Inspect(Inspect),
    /// Find the transform from AFTER to BEFORE, and say how far to trust it
    Register(Register),
    /// Find the railcars in one image
    Detect(Detect),
    /// Find the railcars on both dates, and say which are new, gone, or on both
    Compare(Box<Compare>),
    /// Compare many pairs: one JSON line for each, in any order
    Batch(Batch),
    /// Check a story: count its pictures again, and say whether anything was changed
    Verify(Verify),
    /// Score how much each pixel changed, on BEFORE's grid
    Change(Change),
}

#[derive(Debug, Args)]
pub struct Inspect {
    /// PNG, JPEG, JPEG 2000, WebP or TIFF files
    #[arg(required = true, value_name = "IMAGE")]
    pub images: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Pair {
    /// The older image
    pub before: PathBuf,
    /// The newer image
    pub after: PathBuf,
}

#[derive(Debug, Args)]
pub struct Register {
    #[command(flatten)]
    pub pair: Pair,
    /// Metres per pixel of BEFORE; without it, from the file's georeference
    #[arg(long, value_name = "M", value_parser = gsd)]
    pub gsd: Option<f64>,
    /// Pairs of control points, as CSV: before_x, before_y, after_x, after_y, in pixels. They beat the automatic alignment
    #[arg(long, value_name = "POINTS.csv")]
    pub points: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Detect {
    /// The image
    pub image: PathBuf,
    /// Metres per pixel; without it, from the file's georeference, else estimated and marked as estimated
    #[arg(long, value_name = "M", value_parser = gsd)]
    pub gsd: Option<f64>,
    /// Tracks as LineStrings of GeoJSON or KML, in place of those that would be found: longitude/latitude, or pixels of the image when
    /// "crs":"pixels" stands at the top level of a GeoJSON. They are snapped to the rails by up to 1.5 m
    #[arg(long, value_name = "T.geojson|T.kml")]
    pub tracks: Option<PathBuf>,
    /// Railcars that you accept or reject, as JSON: {"accepted":[OUTLINE…],"rejected":[OUTLINE…]}, each OUTLINE four corners [[x,y]×4] in
    /// pixels, as in the answer's polygon_px. They are certain, or bare, and teach how the others are counted. Also "added" (cars you outlined)
    /// and "count_in", "leave_out", "gantries" (areas, three or more corners each)
    #[arg(long, value_name = "CORRECTIONS.json")]
    pub corrections: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Compare {
    #[command(flatten)]
    pub pair: Pair,
    /// Metres per pixel of BEFORE; without it, from the file's georeference, else estimated and marked as estimated
    #[arg(long, value_name = "M", value_parser = gsd)]
    pub gsd: Option<f64>,
    /// Date of BEFORE, ISO 8601, e.g. 2023-09-14; without it, from the file or its name
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub before_date: Option<Date>,
    /// Date of AFTER, ISO 8601
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub after_date: Option<Date>,
    /// Tracks as LineStrings of GeoJSON or KML, in place of those that would be found: longitude/latitude, or pixels of BEFORE when
    /// "crs":"pixels" stands at the top level of a GeoJSON. They are snapped to the rails by up to 1.5 m
    #[arg(long, value_name = "T.geojson|T.kml")]
    pub tracks: Option<PathBuf>,
    /// Railcars that you accept or reject, as JSON: {"before":{"accepted":[OUTLINE…],"rejected":[OUTLINE…]},"after":{…}}, each OUTLINE four
    /// corners [[x,y]×4] in pixels of its image, as in the report's polygon_px. They are certain, or bare, and teach how the others are counted.
    /// Also "added" (cars you outlined) and "count_in", "leave_out", "gantries" (areas, three or more corners each, for each date)
    #[arg(long, value_name = "CORRECTIONS.json")]
    pub corrections: Option<PathBuf>,
    /// Facility the images show, e.g. tumangang: names the place and brings its published counts
    #[arg(long, value_name = "ID")]
    pub facility: Option<String>,
    /// Facilities of your own, as CSV: id, lat, lon, and, if wished, name, note
    #[arg(long, value_name = "PLACES.csv")]
    pub facilities: Option<PathBuf>,
    /// Earlier counts, as CSV: date, count, and, if wished, low, high, until, kind, source, note, facility.
    /// They take the place of the published counts
    #[arg(long, value_name = "COUNTS.csv")]
    pub record: Option<PathBuf>,
    /// Pairs of control points, as CSV: before_x, before_y, after_x, after_y, in pixels. They beat the automatic alignment
    #[arg(long, value_name = "POINTS.csv")]
    pub points: Option<PathBuf>,
    /// Folder to write the exports to: report.json, railcars.geojson, railcars.kml, railcars.csv, counts.csv,
    /// annotated-before.png, annotated-after.png, side-by-side.png, card.png, before-after.gif, statement.txt, report.html,
    /// story.html, embed.html, SHA256SUMS; made when it does not exist
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Put the engine of this page (sidings.html or sidings.js of pkg) into story.html, so that its readers can count again in their
    /// browser; it adds about 2.5 MB
    #[arg(long, value_name = "PAGE", requires = "out")]
    pub engine: Option<PathBuf>,
    #[command(flatten)]
    pub edition: Edition,
}

/// Languages of the story.
pub const LANGUAGES: [&str; 5] = ["en", "ko", "ru", "zh", "ja"];

/// Compares many pairs, one JSON line for each.
///
/// MANIFEST.csv has a line for each pair, with the columns before and after, and, if wished, gsd, before_date, after_date, tracks,
/// facility, facilities, record, points, out, engine, credit, licence, caption, place, lang: what the options of `compare` are called. Paths are
/// relative to the folder of MANIFEST.csv. A pair that can't be compared has a line with its error, and the others go on; the exit
/// code is 0 when every pair has its line.
///
/// With --out-lines, each line is also added to a file, down to the disk, as soon as it is done. Give the same file again after a
/// run was cut off: rows that have their line there are printed from it and not done again, unless the row or the version of sidings
/// changed. The images themselves are not compared with those of the earlier run.
#[derive(Debug, Args)]
pub struct Batch {
    /// Table of pairs: comma, semicolon or tab, with a header
    #[arg(value_name = "MANIFEST.csv")]
    pub manifest: PathBuf,
    /// Pairs at a time; without it, as many as there are processor cores
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Memory that all pairs under way may take together, in MiB; without it, three quarters of what is free
    #[arg(long, value_name = "MIB")]
    pub memory: Option<u64>,
    /// File to keep the lines in, and to go on from
    #[arg(long, value_name = "FILE")]
    pub out_lines: Option<PathBuf>,
    /// Try rows again that ended with an error
    #[arg(long, requires = "out_lines")]
    pub retry: bool,
    #[command(flatten)]
    pub edition: Edition,
}

/// What only the editor knows; it goes into what --out writes.
#[derive(Debug, Args, Clone, Default)]
pub struct Edition {
    /// Who the images belong to, e.g. "Image © 2023 Planet Labs PBC". Without credit and licence the exports say that they are
    /// not for publication
    #[arg(long, value_name = "TEXT")]
    pub credit: Option<String>,
    /// On what terms the images may be shown
    #[arg(long, value_name = "TEXT")]
    pub licence: Option<String>,
    /// What stands under the picture
    #[arg(long, value_name = "TEXT")]
    pub caption: Option<String>,
    /// Where it is, in your words
    #[arg(long, value_name = "TEXT")]
    pub place: Option<String>,
    /// Language of the story: en, ko, ru, zh or ja
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = LANGUAGES)]
    pub lang: String,
    /// How large the story may get: small (0.5 MB), usual (1.5 MB) or large (4.5 MB), without an engine
    #[arg(long, value_name = "SIZE", default_value = "usual", value_parser = chosen::<Size>)]
    pub story_size: Size,
    /// What the story shows: cars (where the railcars are) or whole (all of BEFORE)
    #[arg(long, value_name = "PART", default_value = "cars", value_parser = chosen::<Framing>)]
    pub story_shows: Framing,
}

impl Edition {
    /// What the story is made by.
    pub fn choices(&self) -> Choices {
        Choices { framing: self.story_shows, size: self.story_size }
    }
}

/// One of the words that the page's own settings have.
fn chosen<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|e| e.to_string())
}

#[derive(Debug, Args)]
pub struct Verify {
    /// A story.html that `sidings compare --out` wrote
    pub story: PathBuf,
    /// Fingerprint of its data that the publisher gives, to be sure that it is this very story
    #[arg(long, value_name = "SHA256")]
    pub fingerprint: Option<String>,
    /// Page whose engine the story's is compared with, e.g. pkg/sidings.html. Verifying never runs the story's own
    #[arg(long, value_name = "PAGE")]
    pub engine: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Change {
    #[command(flatten)]
    pub pair: Pair,
    /// The two files share one grid already: pixel on pixel
    #[arg(long)]
    pub aligned: bool,
    /// Write the score of each pixel, as a 32-bit floating-point TIFF
    #[arg(long, value_name = "OUT.tif")]
    pub score: Option<PathBuf>,
    /// Write the mask of changed pixels, as a PNG: white changed, black not
    #[arg(long, value_name = "OUT.png")]
    pub mask: Option<PathBuf>,
}

/// A ground sample distance as text.
pub fn gsd(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(gsd_m) if (0.001..=1000.0).contains(&gsd_m) => Ok(gsd_m),
        _ => Err("a ground sample distance in metres per pixel was expected, e.g. 0.5".to_owned()),
    }
}

/// A date as text.
pub fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a date of the calendar in ISO 8601 was expected, e.g. 2023-10-05".to_owned())
}
