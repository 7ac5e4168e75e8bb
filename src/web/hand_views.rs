//! What the shell shows of what is done by hand: control points, and a line of known length.

use super::command::Tool;
use super::snapshot::AlignmentView;
use crate::pipeline::Side;
use serde::Serialize;

/// What is done by hand.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HandView {
    /// The tool in hand.
    pub tool: Tool,
    /// Control points, in the order in which they were set.
    pub points: Vec<PointView>,
    /// Where the point that is worked on lies in the loupe of *before*.
    pub loupe_before: Option<LoupeView>,
    /// The same of *after*.
    pub loupe_after: Option<LoupeView>,
    /// The alignment that the points would give.
    pub fit: Option<AlignmentView>,
    /// Whether it could be used.
    pub usable: bool,
    /// How many more pairs are asked for.
    pub missing: usize,
    /// Whether there is something to undo.
    pub can_undo: bool,
    /// Whether something that was undone can be done again.
    pub can_redo: bool,
    /// The line that is drawn over a known length.
    pub line: Option<LineView>,
    /// Control points are in use for the alignment that is shown.
    pub in_use: bool,
    /// The user took an uncertain alignment.
    pub accepted: bool,
}

/// A pair of control points.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PointView {
    /// For commands.
    pub id: u32,
    /// As it is called on the map.
    pub number: usize,
    /// Whether it is set in *before*.
    pub before: bool,
    /// Whether it is set in *after*.
    pub after: bool,
    /// How far it lies from where the others put it, px of *before*; `null` while that can't be said.
    pub residual_px: Option<f64>,
    /// The same on the ground, m.
    pub residual_m: Option<f64>,
    /// How alike the two places are, 0 to 1; `null` where a person set both.
    pub score: Option<f64>,
    /// Whether the proposed place stands out among its neighbours.
    pub clear: Option<bool>,
    /// It is worked on.
    pub active: bool,
}

/// Where a point lies in its loupe, as shares of the loupe's side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LoupeView {
    /// From the left.
    pub x: f64,
    /// From above.
    pub y: f64,
}

/// A line over a known length.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineView {
    /// In which image.
    pub side: Side,
    /// Its length, px; `null` until it has two ends.
    pub length_px: Option<f64>,
    /// The same on the ground, m, at the scale that is used now.
    pub length_m: Option<f64>,
    /// Which way it runs, degrees clockwise from north; `null` without a georeference.
    pub bearing_deg: Option<f64>,
}
