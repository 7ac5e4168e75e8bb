//! The files that leave the page, each made by the core from an exhibit and, where it shows them, the pixels.

use crate::error::Result;
use crate::pipeline::{Side, Workbench};
use crate::report::exhibit::Exhibit;
use crate::report::story::Extras;
use crate::report::{geojson, kml, picture, story, tables};
use serde::{Deserialize, Serialize};

/// A file that can be made; the names are those that the command line gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// The page about it all.
    Story,
    /// *Before* with its marks.
    Before,
    /// *After* with its marks.
    After,
    /// Both dates beside each other.
    SideBySide,
    /// The card for social networks.
    Card,
    /// Both dates in turn.
    InTurn,
    /// The report to print.
    Printed,
    /// Railcars as GeoJSON.
    Geojson,
    /// Railcars as KML.
    Kml,
    /// Railcars as a table.
    Cars,
    /// Counts as a table.
    Counts,
    /// The `compare` document.
    Report,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The file.
    pub bytes: Vec<u8>,
    /// A text has no letters in the picture's font, and stands in the story alone.
    pub left_out: bool,
}

impl FileKind {
    /// Name of the file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Story => "story.html",
            Self::Before => "annotated-before.png",
            Self::After => "annotated-after.png",
            Self::SideBySide => "side-by-side.png",
            Self::Card => "card.png",
            Self::InTurn => "before-after.gif",
            Self::Printed => "report.html",
            Self::Geojson => "railcars.geojson",
            Self::Kml => "railcars.kml",
            Self::Cars => "railcars.csv",
            Self::Counts => "counts.csv",
            Self::Report => "report.json",
        }
    }

    /// What the browser is told that it holds.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Story | Self::Printed => "text/html",
            Self::InTurn => "image/gif",
            Self::Before | Self::After | Self::SideBySide | Self::Card => "image/png",
            Self::Geojson => "application/geo+json",
            Self::Kml => "application/vnd.google-earth.kml+xml",
            Self::Cars | Self::Counts => "text/csv",
            Self::Report => "application/json",
        }
    }

    /// Whether pixels of this side are in it.
    pub fn shows(self, side: Side) -> bool {
        match self {
            Self::Story | Self::SideBySide | Self::InTurn | Self::Printed => true,
            Self::Before => side == Side::Before,
            Self::After | Self::Card => side == Side::After,
            Self::Geojson | Self::Kml | Self::Cars | Self::Counts | Self::Report => false,
        }
    }

    /// Makes it. `extras` are for the story.
    ///
    /// # Errors
    /// What the core says of a file that can't be made, e.g. a story that gets too big.
    pub fn make(self, exhibit: &Exhibit, bench: &Workbench, extras: &Extras<'_>) -> Result<Made> {
        let rgb = |side| bench.scene(side).map(|scene| scene.rgb8());
        let with_texts = |picture: picture::Picture| Made { left_out: !picture.left_out.is_empty(), bytes: picture.png };
        let bytes = match self {
            Self::Story => story::write(exhibit, &*rgb(Side::Before)?, &*rgb(Side::After)?, extras)?.html.into_bytes(),
            Self::Before => return Ok(with_texts(picture::annotated(exhibit, Side::Before, &*rgb(Side::Before)?)?)),
            Self::After => return Ok(with_texts(picture::annotated(exhibit, Side::After, &*rgb(Side::After)?)?)),
            Self::SideBySide => {
                return Ok(with_texts(picture::side_by_side(exhibit, &*rgb(Side::Before)?, &*rgb(Side::After)?)?));
            }
            Self::Card => picture::card(exhibit, &*rgb(Side::After)?)?,
            Self::InTurn => picture::in_turn(exhibit, &*rgb(Side::Before)?, &*rgb(Side::After)?)?,
            Self::Printed => story::printed::write(exhibit, &*rgb(Side::Before)?, &*rgb(Side::After)?)?.into_bytes(),
            Self::Geojson => geojson::railcars(exhibit).to_string().into_bytes(),
            Self::Kml => kml::railcars(exhibit).into_bytes(),
            Self::Cars => tables::railcars(exhibit),
            Self::Counts => tables::counts(exhibit),
            Self::Report => exhibit.report.to_string().into_bytes(),
        };
        Ok(Made { bytes, left_out: false })
    }
}
