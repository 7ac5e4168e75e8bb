//! What the shell draws: everything it needs in one value, nothing to compute, unknown fields `null`.

use super::correction_views::CorrectionsView;
use super::file_views::{ExportView, ProjectView};
use super::hand_views::HandView;
use super::place_views::PlaceView;
use super::record_views::RecordView;
use super::view::View;
use crate::align::{Model, Status};
use crate::credentials::Credentials;
use crate::error::{Error, Warning};
use crate::georeference::DateSource;
use crate::pipeline::Side;
use crate::yard::{CarType, Count, GsdSource};
use serde::{Deserialize, Serialize};

/// Where the page stands; also `<html data-phase>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Nothing to answer yet: no image, or one that waits for the second.
    #[default]
    Empty,
    /// Under way.
    Working,
    /// An answer is shown.
    Ready,
    /// No honest answer, or stopped; [`Snapshot::problems`] says why and what helps.
    Refused,
}

/// The state of the page.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Where the page stands.
    pub phase: Phase,
    /// What is under way; `null` unless working.
    pub step: Option<Step>,
    /// The two images that are compared.
    pub images: Images,
    /// Images that were loaded but are not compared, for [`super::command::Command::UseImage`].
    pub spare: Vec<Spare>,
    /// What decided which image is *before*.
    pub order: Order,
    /// How the two dates lie on each other.
    pub alignment: Option<AlignmentView>,
    /// Railcars of both dates: all of *after*, then those of *before* without a partner.
    pub cars: Vec<Car>,
    /// Keys of the cars that the map shows; `null` unless the list follows the map.
    pub in_view: Option<Vec<String>>,
    /// The counts, each with its interval.
    pub counts: Counts,
    /// What overviews say while the railcars of large images are yet to be counted. To be shown as that and nowhere kept.
    pub preliminary: Preliminary,
    /// The sentence for the article.
    pub statement: Option<StatementView>,
    /// The images could not be laid over each other; they stand side by side, whatever the mode.
    pub apart: bool,
    /// How the map is looked at.
    pub view: View,
    /// What is done by hand.
    pub hand: HandView,
    /// What the user corrected.
    pub corrections: CorrectionsView,
    /// The facility and its record.
    pub place: PlaceView,
    /// The record of earlier counts.
    pub record: RecordView,
    /// The project file.
    pub project: ProjectView,
    /// Files that leave the page.
    pub export: ExportView,
    /// What went wrong, newest last; each stays until it is dismissed or no longer true.
    pub problems: Vec<Problem>,
    /// Images that are too large for this machine, and what could be read in their place; `null` where there are none.
    pub offer: Option<OfferView>,
    /// What the reader should know of the answer.
    pub warnings: Vec<Warning>,
    /// The images were drawn by the program.
    pub synthetic: bool,
}

/// What is under way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Which step, for the shell to name in the page's language: `example`, `read`, or a step of the pipeline
    /// (`align`, `overview-before`, `overview-after`, `detect-before`, `detect-after`, `recheck-before`, `recheck-after`, `compare`).
    pub name: &'static str,
    /// Share of the whole work that is done, 0 to 1; never goes back while the same work runs.
    pub fraction: f64,
    /// Time left, s; `null` while nothing can be said.
    pub seconds_left: Option<f64>,
}

/// The two images that are compared.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Images {
    /// The older one, or the only one.
    pub before: Option<ImageView>,
    /// The newer one.
    pub after: Option<ImageView>,
}

/// An image as the shell shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageView {
    /// Name of the file.
    pub file: String,
    /// Columns; `null` until the file is read.
    pub width: Option<u32>,
    /// Rows.
    pub height: Option<u32>,
    /// Size of the file.
    pub bytes: u64,
    /// Of the bytes as they were dropped, in hexadecimal; `null` until the file is read, and for an image that the program drew.
    pub sha256: Option<String>,
    /// Content credentials in the file, read and not verified; `null` where there are none.
    pub credentials: Option<Credentials>,
    /// `png`, `jpeg`, `webp`, `tiff`; `null` until the file is read.
    pub format: Option<String>,
    /// Ground sample distance, m a pixel; `null` until it is known or estimated.
    pub gsd_m: Option<f64>,
    /// Where it came from.
    pub gsd_from: Option<GsdSource>,
    /// When the image was taken.
    pub date: Option<DateView>,
    /// Railcars counted in this image.
    pub count: Option<Count>,
}

/// A date and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateView {
    /// ISO 8601.
    pub value: String,
    /// `tag`, `name`, `sidecar` or `user`.
    pub from: DateSource,
}

/// An image that is loaded, but not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spare {
    /// For [`super::command::Command::UseImage`].
    pub id: u32,
    /// Name of the file.
    pub file: String,
}

/// What decided which image is *before*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Order {
    /// Both dates are known; the older one is *before*.
    Date,
    /// The names: before/after, else natural order. Marked, since a name is no date.
    Name,
    /// Nothing but the order in which they were dropped.
    #[default]
    Drop,
    /// The user.
    User,
}

/// How the two dates lie on each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlignmentView {
    /// Pass, warn or fail.
    pub status: Status,
    /// Why.
    pub reasons: Vec<String>,
    /// Kind of transform.
    pub model: Model,
    /// Residuals on held-out tie points, px of *before*.
    pub residual_px: ResidualView,
    /// Share of the scene that tie points confirm, 0 to 1.
    pub coverage: f64,
    /// The same residuals on the ground, m; `null` while the scale is unknown.
    pub residual_m: Option<ResidualView>,
    /// How many times too long the arrows of the residuals are drawn; `null` where there are none.
    pub exaggeration: Option<f64>,
}

/// Residuals on held-out tie points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResidualView {
    /// Half of the points are nearer.
    pub median: Option<f64>,
    /// 95 % are nearer.
    pub p95: Option<f64>,
    /// Number of points.
    pub points: usize,
}

/// What the comparison says of a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CarStatus {
    /// On *after* only.
    New,
    /// On *before* only.
    Gone,
    /// The place is occupied on both dates.
    Both,
    /// Fits no single car of the other date, at a place that was not clearly empty on it.
    Undecided,
    /// Where the other date doesn't show the place, or nothing has been compared yet.
    Outside,
    /// The user rejected it; it stays in sight, and in no count.
    Rejected,
}

/// A railcar in the list. A place that is occupied on both dates appears once, as the car of *after*.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Car {
    /// `a12` for car 12 of *after*, `b7` for car 7 of *before*.
    pub key: String,
    /// Which image it stands in.
    pub side: Side,
    /// What the comparison says of it.
    pub status: CarStatus,
    /// Unique within its image.
    pub id: u32,
    /// Key of the car at the same place on the other date.
    pub pair: Option<String>,
    /// Length, m.
    pub length_m: f64,
    /// Width, m.
    pub width_m: f64,
    /// Posterior probability that a car stands here, 0 to 1.
    pub confidence: f64,
    /// Id of its track.
    pub track: u32,
    /// The user accepted it.
    pub accepted: bool,
    /// The user outlined it.
    pub placed: bool,
    /// What it is, as far as its roof tells or the user says.
    pub car_type: CarType,
    /// Highlighted on the map.
    pub selected: bool,
}

impl Car {
    /// True for one that counts.
    pub fn is_listed(&self) -> bool {
        self.status != CarStatus::Rejected
    }
}

/// The counts.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Counts {
    /// Railcars on *before*.
    pub before: Option<Count>,
    /// Railcars on *after*.
    pub after: Option<Count>,
    /// New on *after*.
    pub new: Option<Count>,
    /// Gone since *before*.
    pub gone: Option<Count>,
}

/// What overviews say.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Preliminary {
    /// About how many railcars stand on *before*; `null` without an overview, and when the work has come to its end.
    pub before: Option<Count>,
    /// The same on *after*.
    pub after: Option<Count>,
    /// An overview is yet to come.
    pub awaited: bool,
}

/// The sentence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatementView {
    /// All parts, joined.
    pub text: String,
    /// The parts by name: place, date, count, comparison, limits; `null` where one is absent.
    pub parts: serde_json::Value,
}

/// Something that went wrong, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable identifier in kebab-case.
    pub code: String,
    /// What was found, what was expected, what to do.
    pub message: String,
    /// The file it is about.
    pub file: Option<String>,
}

/// Images that need more memory than there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OfferView {
    /// What the two images of a pair may take together.
    pub budget_bytes: u64,
    /// Each of them.
    pub images: Vec<Overview>,
}

/// An image, and the overview that can be read in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// Name of the file.
    pub file: String,
    /// Columns of the image.
    pub width: u32,
    /// Rows of the image.
    pub height: u32,
    /// What it would take.
    pub need_bytes: u64,
    /// So many times coarser is the overview; 1 where the image fits as it is, `null` where nothing but cropping helps.
    pub by: Option<u32>,
    /// Columns of the overview.
    pub overview_width: Option<u32>,
    /// Rows of the overview.
    pub overview_height: Option<u32>,
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        Self { code: error.code().to_owned(), message: error.message(), file: error.file().map(str::to_owned) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_page_says_null_and_hides_nothing() {
        let json = serde_json::to_value(Snapshot::default()).expect("plain values");
        assert_eq!(json["phase"], "empty");
        assert!(json["step"].is_null() && json["images"]["before"].is_null() && json["counts"]["new"].is_null());
        assert_eq!(json["view"]["mode"], "swipe");
        assert_eq!(
            json["view"]["layers"],
            serde_json::json!({"new": true, "gone": true, "both": true, "rejected": true, "tracks": false, "gantries": true,
                "change": false, "residuals": false, "grid": false})
        );
        assert!(json.as_object().expect("an object").contains_key("alignment"));
    }
}
