//! What a person says of the cars and the tracks of one image, and which lines are walked then.

use super::ground::{map_lines, runs_along};
use crate::corrections::Corrections;
use crate::geometry::{Bounds, Point, Transform, parts_within};
use crate::railcars::{Evidence, Snapped};
use crate::raster::Scene;
use crate::yard::Detection;
use serde::{Deserialize, Serialize};

/// A line that runs along another one for this share of its length is that track: tracks that only meet at a switch share less.
const SAME_LINE_SHARE: f64 = 0.7;

/// Tracks that a person drew or deleted, in pixels of one image.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TrackEdits {
    /// Drawn, beside those that are found; a found track along one of them makes room for it.
    pub added_px: Vec<Vec<Point>>,
    /// Found, and no track: not walked.
    pub deleted_px: Vec<Vec<Point>>,
}

impl TrackEdits {
    /// True when no track was drawn or deleted.
    pub fn is_empty(&self) -> bool {
        self.added_px.is_empty() && self.deleted_px.is_empty()
    }

    /// The same with what was drawn cut to the image ([`on_image`]).
    pub(super) fn on_image(&self, scene: &Scene) -> Self {
        Self { added_px: on_image(&self.added_px, scene), deleted_px: self.deleted_px.clone() }
    }

    /// The same in the pixels of another image.
    pub fn carried(&self, transform: &Transform) -> Self {
        Self { added_px: map_lines(&self.added_px, transform), deleted_px: map_lines(&self.deleted_px, transform) }
    }
}

/// How far beyond an image's border a drawn line is followed, px: what lies farther changes nothing on the image.
const MARGIN_PX: f64 = 256.0;

/// The parts of drawn lines that lie on an image or close to it, so that a railway that crosses a country is walked no farther.
pub(super) fn on_image(lines: &[Vec<Point>], scene: &Scene) -> Vec<Vec<Point>> {
    let (width, height) = (scene.width() as f64, scene.height() as f64);
    let bounds =
        Bounds { least: Point::new(-MARGIN_PX, -MARGIN_PX), greatest: Point::new(width + MARGIN_PX, height + MARGIN_PX) };
    lines.iter().flat_map(|line| parts_within(line, &bounds)).collect()
}

/// What a person says of one image, in its own pixels.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ByHand {
    /// Of its cars.
    pub corrections: Corrections,
    /// Of its tracks.
    pub tracks: TrackEdits,
    /// It was taken on another day than the file says, so that the file does not know where the sun stood.
    pub misdated: bool,
}

/// Lines to walk; those that a person drew know how far they were moved.
pub(super) struct Lines {
    pub px: Vec<Vec<Point>>,
    drawn: Vec<Option<Snapped>>,
}

impl Lines {
    /// The lines that were drawn in place of the found ones, else the found ones; less what was deleted, and with what was drawn beside them.
    pub fn of(evidence: &Evidence, drawn: Option<&[Vec<Point>]>, edits: &TrackEdits, gsd_m: f64) -> Self {
        let mut lines = Self { px: Vec::new(), drawn: Vec::new() };
        if let Some(drawn) = drawn {
            drawn.iter().for_each(|line| lines.draw(evidence, line));
        } else {
            let away = |line: &&Vec<Point>| {
                let along = |other: &Vec<Point>| runs_along(line, other, gsd_m) >= SAME_LINE_SHARE;
                !edits.added_px.iter().chain(&edits.deleted_px).any(along)
            };
            lines.px = evidence.tracks().iter().filter(away).cloned().collect();
            lines.drawn = vec![None; lines.px.len()];
        }
        edits.added_px.iter().for_each(|line| lines.draw(evidence, line));
        lines
    }

    fn draw(&mut self, evidence: &Evidence, line: &[Point]) {
        let (line, snapped) = evidence.snapped(line);
        self.px.push(line);
        self.drawn.push(Some(snapped));
    }

    /// Notes on the tracks of a walk along these lines which of them a person drew.
    pub fn note(&self, detection: &mut Detection) {
        for (track, drawn) in detection.tracks.iter_mut().zip(&self.drawn) {
            if let Some(snapped) = drawn {
                (track.confidence, track.snapped_m) = (1.0, Some(snapped.moved_m));
            }
        }
    }
}

/// A second walk goes along the same tracks first: what was noted on them stays true.
pub(super) fn keep_notes(detection: &mut Detection, first: &Detection) {
    for (track, first) in detection.tracks.iter_mut().zip(&first.tracks) {
        if first.snapped_m.is_some() {
            (track.confidence, track.snapped_m) = (1.0, first.snapped_m);
        }
    }
}
