//! Tracks that somebody drew elsewhere: GeoJSON or KML, told apart by their first character.
//!
//! ```text
//! bytes ─ geojson │ kml ─▶ named lines in longitude/latitude (or pixels) ─▶ lines in pixels of one image
//! ```
//!
//! KML is always in longitude and latitude; GeoJSON, too, but for files with `"crs":"pixels"` at the top level.

mod geojson;
mod kml;

use crate::error::{Error, Result};
use crate::geometry::Point;
use crate::limits::MAX_TEXT_BYTES;

/// Takes longitude and latitude to pixels; `None` where the image has no place for it.
pub type ToPixels<'a> = &'a dyn Fn([f64; 2]) -> Option<Point>;

/// A track of a file, in pixels of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// What the file calls it.
    pub name: Option<String>,
    /// Its axis.
    pub line_px: Vec<Point>,
}

/// Most points that a file may hold in all: every track of a large country's railway, and far from anything that strains memory.
const MAX_POINTS: usize = 500_000;

/// A line as a file holds it.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    name: Option<String>,
    points: Vec<[f64; 2]>,
}

/// The lines of a file, and whether their numbers are pixels.
struct Lines {
    lines: Vec<Line>,
    pixels: bool,
}

/// A name as it is shown; each line of a set of lines keeps a copy of it.
fn shown(name: &str) -> String {
    const LONGEST: usize = 200;
    name.chars().take(LONGEST).collect()
}

type Read<T> = std::result::Result<T, String>;

/// True for the name of a file that holds tracks: `.geojson` or `.kml`. A plain `.json` may be so many things that it isn't taken for one.
pub fn is_tracks_file(name: &str) -> bool {
    let name = name.to_lowercase();
    [".geojson", ".kml", ".kmz"].iter().any(|ending| name.ends_with(ending))
}

/// Reads the tracks that lie on an image of `size_px`. `to_pixels` is `None` for an image that doesn't know where it lies.
///
/// # Errors
/// [`Error::File`] with `not-tracks`, saying what was found and what was expected.
///
/// ```
/// use sidings::tracks_file::read;
/// let text = br#"{"type":"LineString","coordinates":[[1,2],[90,4]],"crs":"pixels"}"#;
/// let tracks = read(text, "yard.geojson", (100, 50), None).expect("sound");
/// assert_eq!((tracks.len(), tracks[0].line_px[1].x), (1, 90.0));
/// ```
pub fn read(bytes: &[u8], file: &str, size_px: (usize, usize), to_pixels: Option<ToPixels<'_>>) -> Result<Vec<Track>> {
    let tracks = lines(bytes).and_then(|lines| on_image(lines, size_px, to_pixels));
    tracks.map_err(|message| Error::File { file: file.to_owned(), code: "not-tracks", message })
}

fn lines(bytes: &[u8]) -> Read<Lines> {
    if bytes.len() > MAX_TEXT_BYTES {
        return Err(format!("The file is longer than {} MB. Cut it to the yard.", MAX_TEXT_BYTES >> 20));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = match bytes.iter().find(|b| !b.is_ascii_whitespace()) {
        None => return Err("The file is empty; tracks as GeoJSON or KML were expected.".to_owned()),
        Some(b'<') => kml::lines(bytes)?,
        Some(b'P') if bytes.starts_with(b"PK") => {
            return Err(
                "The file is packed (KMZ or ZIP); save the tracks as KML, or unpack it, and use the .kml inside.".to_owned()
            );
        }
        Some(_) => geojson::lines(bytes)?,
    };
    if lines.lines.is_empty() {
        return Err("The file holds no LineString; tracks are drawn as LineStrings along their axis.".to_owned());
    }
    let points: usize = lines.lines.iter().map(|l| l.points.len()).sum();
    if points > MAX_POINTS {
        return Err(format!("The file holds {points} points, more than the {MAX_POINTS} that are read. Cut it to the yard."));
    }
    if let Some(short) = lines.lines.iter().find(|l| l.points.len() < 2) {
        return Err(format!("A LineString has {} points where two or more were expected.", short.points.len()));
    }
    Ok(lines)
}

fn on_image(Lines { lines, pixels }: Lines, size_px: (usize, usize), to_pixels: Option<ToPixels<'_>>) -> Read<Vec<Track>> {
    if !pixels && to_pixels.is_none() {
        return Err("The tracks are in longitude and latitude, and the image has no georeference to place them by. \
                    Use an image with a georeference, or tracks in pixels marked by \"crs\":\"pixels\" at the top level."
            .to_owned());
    }
    let place = |p: [f64; 2]| match to_pixels {
        Some(to_pixels) if !pixels => to_pixels(p),
        _ => Some(Point::new(p[0], p[1])),
    };
    let (width, height) = (size_px.0 as f64, size_px.1 as f64);
    let touches = |p: &Point| (0.0..=width).contains(&p.x) && (0.0..=height).contains(&p.y);
    let mut tracks = Vec::new();
    for Line { name, points } in lines {
        let line: Option<Vec<Point>> = points.into_iter().map(place).collect();
        let line_px = line.ok_or("A point of the tracks has no place in the projection of the image.")?;
        if crosses(&line_px, touches) {
            tracks.push(Track { name, line_px });
        }
    }
    if tracks.is_empty() {
        let unit = if pixels { "pixels" } else { "longitude and latitude" };
        return Err(format!(
            "No track lies on the image of {} × {} pixels. Check that the tracks, read as {unit}, belong to it.",
            size_px.0, size_px.1
        ));
    }
    Ok(tracks)
}

/// Whether any of some points along a line passes the test; a long chord may cross the image with both ends outside.
fn crosses(line: &[Point], touches: impl Fn(&Point) -> bool) -> bool {
    const PROBES: u32 = 64;
    let between = |a: Point, b: Point, t: f64| Point::new(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y));
    line.windows(2).any(|w| (0..=PROBES).any(|k| touches(&between(w[0], w[1], f64::from(k) / f64::from(PROBES)))))
}

#[cfg(test)]
mod tests;
