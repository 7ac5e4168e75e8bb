//! What the shell draws of places: the facility, where the images lie, the map of the surroundings.

use crate::pipeline::Side;
use serde::Serialize;

/// The facility and its record.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// The one that the images show.
    pub facility: Option<PlaceName>,
    /// Those that can be chosen.
    pub known: Vec<PlaceName>,
    /// File of the user's own record.
    pub record: Option<String>,
    /// Figures in the record that is used.
    pub rows: usize,
    /// The user's own places.
    pub own: Vec<OwnPlace>,
    /// Why the last one was not taken: `unreadable`, `unnamed`, `nowhere` (the images lie nowhere) or `too-many`.
    pub trouble: Option<&'static str>,
    /// Where the images lie; `null` where neither they nor a facility say.
    pub whereabouts: Option<Whereabouts>,
}

/// A place that the user added.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnPlace {
    /// For commands.
    pub id: String,
    /// As the user wrote it.
    pub name: String,
    /// Where it is, in degrees and on the military grid.
    pub at: String,
}

/// Where the images lie, else the facility.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Whereabouts {
    /// The middle, in degrees and on the military grid.
    pub at: String,
    /// The images say so themselves; else it is the facility's place.
    pub placed: bool,
    /// From far, then from near.
    pub maps: Vec<LocatorView>,
}

/// A map of the surroundings; everything is in its pixels.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LocatorView {
    /// From side to side.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
    /// Land, as paths.
    pub land: String,
    /// Borders.
    pub borders: String,
    /// Rivers.
    pub rivers: String,
    /// Railways, where the map has any.
    pub railways: String,
    /// Lines of longitude and latitude.
    pub grid: String,
    /// Degrees between two of them.
    pub grid_deg: f64,
    /// What the images cover.
    pub images: Vec<Covered>,
    /// Places in it.
    pub places: Vec<PlaceMark>,
}

/// What an image covers on the map.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Covered {
    /// Which image.
    pub side: Side,
    /// Its outline, or a mark.
    pub path: String,
    /// It is a mark, since the outline would hardly be seen.
    pub small: bool,
}

/// A place on the map.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceMark {
    /// As in [`PlaceView::known`].
    pub id: String,
    /// In the page's language, where it has one.
    pub name: String,
    /// From the left.
    pub x: f64,
    /// From above.
    pub y: f64,
    /// The user's own.
    pub own: bool,
    /// The one that the images show.
    pub chosen: bool,
    /// How its name is anchored (as SVG has it), and where; `null` where there is no room for it.
    pub label: Option<(&'static str, f64, f64)>,
}

/// A facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceName {
    /// For commands.
    pub id: String,
    /// As it stands in a sentence.
    pub name: String,
}
