//! What the shell may ask for.

use super::desk::AreaKind;
use super::export::FileKind;
use super::labels::Labels;
use super::view::{LayerName, Mode};
use crate::pipeline::Side;
use crate::report::story::Choices;
use crate::yard::CarType;
use serde::{Deserialize, Serialize};

/// What the pointer does on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Tool {
    /// Moves the map and selects cars.
    #[default]
    None,
    /// Points at places that both images show.
    Points,
    /// Draws a line of known length.
    Scale,
    /// Selects, draws and deletes tracks.
    Tracks,
    /// Draws a car by its two ends.
    Cars,
    /// Draws areas to count in and to leave out.
    Areas,
}

/// An arrow key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// Toward −x.
    Left,
    /// Toward +x.
    Right,
    /// Toward −y.
    Up,
    /// Toward +y.
    Down,
}

/// A command: `{ "setMode": { "mode": "blink" } }`, or `"run"` where nothing goes with it. The shell's own are flat, `{ type: "setMode", mode: "blink" }`, and
/// `www/boot.js` folds them so: told apart by a field among others, each would have to be read twice, for nearly 40 kB of the page. Files don't fit in here, they
/// go through `Session.addFiles`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Command {
    /// Stop what is running; the images stay.
    Cancel,
    /// Start again after a cancel, with the images that lie there.
    Run,
    /// Read the images that are too large at the reductions that were offered.
    OpenOverviews,
    /// Draw the synthetic yard and compare its two dates.
    Example,
    /// Take everything off the desk.
    Clear,
    /// How the dates are laid over each other.
    SetMode {
        /// The mode.
        mode: Mode,
    },
    /// Show or hide a layer.
    SetLayer {
        /// Which.
        layer: LayerName,
        /// Shown or hidden.
        on: bool,
    },
    /// Select a car by its key, or nothing.
    Select {
        /// `a12` or `b7`; `null` for nothing.
        key: Option<String>,
    },
    /// The user knows the scale of an image; `null` goes back to the file's or the estimate.
    SetGsd {
        /// Which image.
        side: Side,
        /// Metres a pixel.
        gsd_m: Option<f64>,
    },
    /// The user knows the date of an image (ISO 8601); `null` goes back to the file's. The older one becomes *before*.
    SetDate {
        /// Which image.
        side: Side,
        /// `2023-10-05`.
        date: Option<String>,
    },
    /// Exchange *before* and *after*.
    SwapDates,
    /// Use one of the spare images in place of the one on that side.
    UseImage {
        /// From [`crate::web::snapshot::Spare`].
        id: u32,
        /// Whose place it takes.
        side: Side,
    },
    /// Where the divider of the swipe stands, as a share of the map's width, or of its height.
    SetSwipe {
        /// 0 (all *after*) to 1 (all *before*).
        position: f64,
    },
    /// How much of *after* shows in the fade.
    SetFade {
        /// 0 (all *before*) to 1 (all *after*).
        opacity: f64,
    },
    /// Whether the list shows only what the map shows.
    FollowMap {
        /// It does.
        on: bool,
    },
    /// The map back to the whole scene.
    FitView,
    /// Take one problem off the list.
    DismissProblem {
        /// Its code.
        code: String,
        /// The file it is about.
        file: Option<String>,
    },
    /// Take a tool in hand, or put it away.
    TakeTool {
        /// Which.
        tool: Tool,
    },
    /// Move the control point that is worked on by a step of an arrow key.
    Nudge {
        /// In which image.
        side: Side,
        /// Which way.
        direction: Direction,
        /// A quarter of a pixel in place of a whole one.
        fine: bool,
    },
    /// A place in a loupe was clicked; all in one unit.
    ClickLoupe {
        /// Of which image.
        side: Side,
        /// From its left border.
        x: f64,
        /// From its upper border.
        y: f64,
        /// Its own width.
        width: f64,
    },
    /// Work on this control point.
    ActivatePoint {
        /// From [`crate::web::hand_views::PointView`].
        id: u32,
    },
    /// The user looked at a proposed place and vouches for it; until then one that doesn't stand out counts for nothing.
    ConfirmPoint {
        /// From [`crate::web::hand_views::PointView`].
        id: u32,
    },
    /// Take a control point away.
    DeletePoint {
        /// From [`crate::web::hand_views::PointView`].
        id: u32,
    },
    /// The control points as they were before the last change.
    UndoPoint,
    /// The change of the control points that was undone last is done again.
    RedoPoint,
    /// Align by the control points.
    UsePoints,
    /// Align without them.
    ForgetPoints,
    /// The user looked at an uncertain alignment and takes it.
    AcceptAlignment,
    /// The place where the images lie worst over each other into view, and the dates in turn.
    ShowWorst,
    /// The other date, once, where they don't alternate by themselves.
    ShowOther,
    /// Length of the line that was drawn.
    SetLength {
        /// On the ground.
        length_m: f64,
    },
    /// The user looked at a car, and it stands there.
    AcceptCar {
        /// From [`crate::web::snapshot::Car`].
        key: String,
        /// When, ISO 8601: the core has no clock.
        at: Option<String>,
    },
    /// The user looked at a car, and there is none.
    RejectCar {
        /// From [`crate::web::snapshot::Car`].
        key: String,
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// Cars and tracks as they were before the last correction.
    UndoEdit,
    /// Draw a car by its two ends; with a key, that car anew.
    DrawCar {
        /// From [`crate::web::snapshot::Car`].
        key: Option<String>,
    },
    /// Move a car; what follows of the same kind on the same car is one edit with it.
    ShiftCar {
        /// From [`crate::web::snapshot::Car`].
        key: String,
        /// To the right of the picture, along its axis.
        along_m: f64,
        /// To the right of that.
        across_m: f64,
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// Make a car longer, or shorter.
    StretchCar {
        /// From [`crate::web::snapshot::Car`].
        key: String,
        /// By how much.
        by_m: f64,
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// Make two cars of one.
    SplitCar {
        /// From [`crate::web::snapshot::Car`].
        key: String,
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// Make one car of this one and the nearest in its row.
    MergeCar {
        /// From [`crate::web::snapshot::Car`].
        key: String,
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// Say what a car is.
    RetypeCar {
        /// From [`crate::web::snapshot::Car`].
        key: String,
        /// What it is.
        car_type: CarType,
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// The area that is drawn is whole.
    FinishArea {
        /// What it is for.
        kind: AreaKind,
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// Give up the area that is drawn.
    DropArea,
    /// Take all areas away.
    ForgetAreas {
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// Select the next car of which the program is not sure, least sure first.
    NextUncertain,
    /// A car into the middle of the map, enlarged.
    LookAt {
        /// From [`crate::web::snapshot::Car`].
        key: String,
    },
    /// What was undone last is done again.
    RedoEdit,
    /// Count anew, with what the corrections teach.
    CountAgain,
    /// Begin to draw a track.
    DrawTrack,
    /// The track that is drawn ends at its last point.
    FinishTrack {
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// Give up the track that is drawn.
    DropTrack,
    /// Select a track by its id, or none.
    SelectTrack {
        /// From [`crate::web::correction_views::TrackView`].
        id: Option<u32>,
    },
    /// The next place that is pointed at cuts the selected track; said again: it doesn't.
    CutTrack,
    /// The next place that is pointed at takes a vertex of the selected track in hand, or a new one, and the one after that puts it there; said again: no more.
    BendTrack,
    /// The selected track is none.
    DeleteTrack {
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// Back from the tracks of a file to those that are found.
    ForgetTracks,
    /// The facility that the images show; `null` for none.
    SetFacility {
        /// See [`crate::facilities`].
        id: Option<String>,
    },
    /// Add a place of the user's own.
    AddPlace {
        /// What it is called.
        name: String,
        /// Degrees or a military grid reference, as written; `null` for where the images lie.
        at: Option<String>,
    },
    /// Take a place of the user's own away.
    RemovePlace {
        /// From [`crate::web::place_views::OwnPlace`].
        id: String,
    },
    /// Keep the pair in the project, and make room for another one of the same place.
    AddPair,
    /// Open a pair of the project; its images are asked for, unless they lie here.
    OpenPair {
        /// From [`crate::web::file_views::PairView`].
        index: usize,
    },
    /// Take a pair that isn't open out of the project.
    RemovePair {
        /// From [`crate::web::file_views::PairView`].
        index: usize,
    },
    /// Back from the user's own record to what was published.
    ClearRecord,
    /// Add the count of an image to the record.
    AddLook {
        /// Of which image.
        side: Side,
        /// When, ISO 8601.
        at: Option<String>,
    },
    /// Take away a count that was added to the record.
    RemoveLook {
        /// From [`crate::web::record_views::LookView`].
        index: usize,
    },
    /// Hold a look of the record against the earlier ones; `null` for the count of the newer image.
    HoldLook {
        /// From [`crate::web::record_views::LookView`].
        index: Option<usize>,
    },
    /// Hand the record to the browser, as CSV.
    SaveRecord,
    /// What only the editor knows of the images; an empty text is none.
    SetEdition {
        /// Whose they are.
        credit: String,
        /// On what terms they may be shown.
        licence: String,
        /// What stands under them.
        caption: String,
        /// Where it is, in the editor's words.
        place: String,
    },
    /// How stories are made: what they show, how large they may get, whether they carry the engine.
    SetStory {
        /// The first two.
        choices: Choices,
        /// The last.
        engine: bool,
    },
    /// Tell how large a story will be, now and whenever that changes, or no more.
    MeasureStory {
        /// The language of the story; `null` for no more.
        language: Option<String>,
    },
    /// Make a file and hand it to the browser.
    Export {
        /// Which.
        file: FileKind,
        /// `en`, `ko`, `ru`, `zh` or `ja`.
        language: String,
    },
    /// Words on the map that a screen reader speaks, in the language of the page.
    SetLabels {
        /// See [`Labels`].
        labels: Box<Labels>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_read_as_the_page_folds_them() {
        let read = |text| serde_json::from_str::<Command>(text).expect(text);
        assert_eq!(read(r#""cancel""#), Command::Cancel);
        assert_eq!(read(r#"{"setGsd":{"side":"before","gsdM":0.5}}"#), Command::SetGsd { side: Side::Before, gsd_m: Some(0.5) });
        assert_eq!(
            read(r#"{"setLayer":{"layer":"tracks","on":true}}"#),
            Command::SetLayer { layer: LayerName::Tracks, on: true }
        );
        assert_eq!(read(r#"{"select":{"key":null}}"#), Command::Select { key: None });
        assert!(serde_json::from_str::<Command>(r#""format""#).is_err());
    }
}
