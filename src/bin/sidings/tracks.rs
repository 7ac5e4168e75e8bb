//! Tracks and corrections that come in files.

use crate::load::{self, Loaded};
use serde_json::{Value, json};
use sidings::corrections::{self, Given, Wanted};
use sidings::error::Result;
use sidings::geometry::Point;
use sidings::report::json::Input;
use sidings::tracks_file::{self, ToPixels, Track};
use std::path::Path;

/// Something that was read from a file, with what the provenance tells of it.
pub struct Read<T> {
    pub value: T,
    pub input: Input,
}

/// The tracks of a file that lie on an image.
pub fn of_image(path: &Path, image: &Loaded) -> Result<Read<Vec<Track>>> {
    let size_px = (image.scene.width(), image.scene.height());
    let to_pixels = |lonlat| image.to_pixel(lonlat);
    let to_pixels: Option<ToPixels<'_>> = if image.is_placed() { Some(&to_pixels) } else { None };
    let (bytes, file) = (load::read(path)?, load::name(path));
    let value = tracks_file::read(&bytes, &file, size_px, to_pixels)?;
    Ok(Read { value, input: Input::other(&file, &bytes, "tracks") })
}

/// Their lines alone.
pub fn lines(tracks: &[Track]) -> Vec<Vec<Point>> {
    tracks.iter().map(|track| track.line_px.clone()).collect()
}

/// What a person drew, as the provenance tells of it.
pub fn edit(tracks: &Read<Vec<Track>>) -> Value {
    let names: Vec<&Option<String>> = tracks.value.iter().map(|track| &track.name).collect();
    json!({ "edit": "use-tracks", "file": tracks.input.file, "names": names })
}

/// The corrections of a file.
pub fn corrections(path: &Path, wanted: Wanted) -> Result<Read<Given>> {
    let (bytes, file) = (load::read(path)?, load::name(path));
    let value = corrections::read_json(&bytes, &file, wanted)?;
    Ok(Read { value, input: Input::other(&file, &bytes, "corrections") })
}
