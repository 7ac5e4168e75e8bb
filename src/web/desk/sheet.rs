//! What the map draws, as the desk says it.

use super::{Arrow, Ground, Mark};
use crate::geometry::{Point, Transform};
use crate::pipeline::Side;
use crate::web::snapshot::CarStatus;
use crate::web::view::View;
use serde::{Deserialize, Serialize};

/// What the pixels of a layer are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// An image, by its id.
    Picture(u32),
    /// The change between two images, by their ids.
    Change(u32, u32),
}

/// An image that the map shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Where its pixels come from.
    pub source: Source,
    /// Its name on the map.
    pub caption: Caption,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// From the map's frame, which is *before*'s pixels, to this image's own.
    pub to_image: Transform,
    /// From this image's own pixels to the map's frame.
    pub to_frame: Transform,
    /// Cars that tell parts of a change apart, in the map's frame; none on an image.
    pub cars: Vec<Fated>,
}

/// A car that came or went, where a change is told apart by it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fated {
    /// It came; else it went.
    pub came: bool,
    /// Corners along the outline, not closed.
    pub corners: [Point; 4],
}

/// What an image is called on the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caption {
    /// Its date, ISO 8601, to be said in the reader's language.
    Date(String),
    /// The name of its file, where the date is unknown.
    File(String),
}

/// Letters that the name of a file has on the map at most; the panel tells the whole.
const FILE_MAX: usize = 30;

impl Caption {
    /// The name of a file. A long one loses its middle: what tells names apart stands at their ends.
    pub fn of_file(file: &str) -> Self {
        let letters: Vec<char> = file.chars().collect();
        if letters.len() <= FILE_MAX {
            return Self::File(file.to_owned());
        }
        let (head, tail) = (&letters[..FILE_MAX / 2], &letters[letters.len() + 1 - FILE_MAX / 2..]);
        Self::File(head.iter().chain(&['…']).chain(tail).collect())
    }
}

/// A car's outline on the map, in the map's frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Key of the car.
    pub key: String,
    /// Which image it stands in.
    pub side: Side,
    /// What the comparison says of it.
    pub status: CarStatus,
    /// Corners along the outline, not closed.
    pub corners: [Point; 4],
    /// The user accepted it.
    pub accepted: bool,
}

/// A line on the map: the image it lies in, `None` for both, and its points in the map's frame.
pub type Stroke = (Option<Side>, Vec<Point>);

/// A track on the map, in the map's frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Rail {
    /// Its axis.
    pub line: Vec<Point>,
    /// The one that is selected.
    pub selected: bool,
}

/// Everything the map draws, in the frame of *before*'s pixels.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// The older image.
    pub before: Option<Shown>,
    /// The newer image.
    pub after: Option<Shown>,
    /// The change score, when it is switched on and the images lie over each other.
    pub change: Option<Shown>,
    /// True when *after* is drawn through an alignment, which a caption has to say.
    pub resampled: bool,
    /// Railcars. A place occupied on both dates has two outlines; where the dates lie over each other, that of *after* is left out.
    pub outlines: Vec<Outline>,
    /// Tracks of *before*, or of *after* while there is no other.
    pub tracks: Vec<Rail>,
    /// How well the images lie over each other, where that is to be seen.
    pub residuals: Vec<Arrow>,
    /// Control points, and points of a line.
    pub marks: Vec<Mark>,
    /// A line over a known length in one image, or a track that is drawn, in both.
    pub line: Option<Stroke>,
    /// Areas to count in and to leave out.
    pub grounds: Vec<Ground>,
    /// The pointer sets points.
    pub picking: bool,
    /// Ground sample distance of the frame, m a pixel, for the scale bar.
    pub gsd_m: Option<f64>,
    /// Nobody knows how the two images lie over each other: each stands on a map of its own.
    pub apart: bool,
    /// How the map is looked at.
    pub view: View,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_both_its_ends() {
        assert_eq!(Caption::of_file("tumangang 2023.tif"), Caption::File("tumangang 2023.tif".to_owned()));
        let Caption::File(brief) = Caption::of_file("두만강역 화물 조차장 남쪽 구내 입환선 및 진입 선로 정사영상 2023-10-05.tif")
        else {
            panic!("a file")
        };
        assert_eq!(brief.chars().count(), FILE_MAX);
        assert!(brief.starts_with("두만강역 화물 조차장") && brief.ends_with("2023-10-05.tif"), "{brief}");
    }
}
