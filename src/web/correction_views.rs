//! What the shell shows of a person's corrections.

use crate::pipeline::Side;
use crate::yard::Count;
use serde::Serialize;

/// Corrections of cars and tracks.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CorrectionsView {
    /// Cars accepted, on both dates.
    pub accepted: usize,
    /// Cars rejected, on both dates.
    pub rejected: usize,
    /// Tracks drawn and deleted.
    pub tracks_edited: usize,
    /// Cars outlined by hand.
    pub placed: usize,
    /// Areas drawn.
    pub areas: usize,
    /// What of each count is the program's and what the person's; dates on which they are the same are left out.
    pub parts: Vec<PartView>,
    /// There is something to do again.
    pub can_redo: bool,
    /// There is something to undo.
    pub can_undo: bool,
    /// Something was corrected since the last count.
    pub pending: bool,
    /// What counting again changed, one for each date that was corrected or changed; empty until then.
    pub changes: Vec<ChangeView>,
    /// The tracks, in the order of their ids; empty unless the tool is in hand.
    pub tracks: Vec<TrackView>,
    /// Points set of the track that is drawn; `null` while none is.
    pub drawing: Option<usize>,
    /// What the next place that is pointed at does to the selected track: `cut`, `bend` (takes a vertex), `bendTo` (puts it there); `null`: nothing.
    pub doing: Option<&'static str>,
    /// Corners set of the area that is drawn; `null` unless that tool is in hand.
    pub corners: Option<usize>,
    /// One end of a car is set.
    pub car_began: bool,
    /// File of tracks that takes the place of those that are found.
    pub tracks_file: Option<String>,
}

/// What of a count the program found, and what a person made of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartView {
    /// Of which date.
    pub side: Side,
    /// What the program counts, with what it learnt.
    pub found: Count,
    /// Cars that the person added.
    pub added: usize,
    /// Cars that the person rejected, merged away or left out.
    pub taken: usize,
    /// Cars that the program found and the person outlined anew.
    pub outlined: usize,
}

/// What counting one date again changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    /// Which date.
    pub side: Side,
    /// Cars accepted on it.
    pub accepted: usize,
    /// Cars rejected on it.
    pub rejected: usize,
    /// The count now.
    pub now: Count,
    /// The count before, without these corrections.
    pub was: Count,
    /// Cars that were not corrected and are no longer there.
    pub fewer: usize,
    /// Cars that were not there before and were not accepted.
    pub more: usize,
}

/// A track in the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackView {
    /// For commands.
    pub id: u32,
    /// On the ground, m.
    pub length_m: f64,
    /// Railcars on it, on the older date.
    pub cars: usize,
    /// Probability that it is a track.
    pub confidence: f64,
    /// How far the user's line was moved onto the rails, m; `null` for a track that was found.
    pub snapped_m: Option<f64>,
    /// It is selected.
    pub selected: bool,
}
