//! Areas to count in and to leave out, and gantries, drawn corner by corner; they lie on both dates.

use super::edits::{AreaKind, Edit};
use super::{Desk, Mark, Stroke};
use crate::geometry::Point;
use crate::pipeline::Side;
use crate::web::command::Tool;

/// A corner nearer than this to the last is the same one pressed twice, px.
const STEP_PX: f64 = 2.0;

/// An area on the map, in its frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// Corners, not closed.
    pub corners: Vec<Point>,
    /// What it is for.
    pub kind: AreaKind,
    /// The detector saw it; nobody drew it.
    pub seen: bool,
}

impl Desk {
    /// A corner was pointed at, in an image's own pixels.
    pub(super) fn pick_corner(&mut self, side: Side, at: Point) {
        let at = self.in_frame(side, at);
        if self.corners.last().is_none_or(|last| last.distance(at) >= STEP_PX) {
            self.corners.push(at);
        }
    }

    /// The area is whole.
    pub(super) fn finish_area(&mut self, kind: AreaKind, at: Option<String>) {
        if self.corners.len() < 3 || self.working() {
            return;
        }
        let corners = std::mem::take(&mut self.corners);
        self.correcting.edits.push(Edit::Area(kind, corners), at);
        self.after_areas();
    }

    /// Gives up the area that is drawn.
    pub(super) fn drop_area(&mut self) {
        self.corners.clear();
    }

    /// Takes all areas away.
    pub(super) fn forget_areas(&mut self, at: Option<String>) {
        if !self.correcting.edits.areas().is_empty() && !self.working() {
            self.correcting.edits.push(Edit::ForgetAreas, at);
            self.after_areas();
        }
    }

    fn after_areas(&mut self) {
        self.write_statement();
        self.view.selected = self.view.selected.take().filter(|key| self.has_car(key));
    }

    /// The areas on the map.
    pub(super) fn grounds(&self) -> Vec<Ground> {
        let areas = self.correcting.edits.areas();
        let of = |areas: Vec<Vec<Point>>, kind| areas.into_iter().map(move |corners| Ground { corners, kind, seen: false });
        let kept = of(areas.count_in, AreaKind::CountIn).chain(of(areas.leave_out, AreaKind::LeaveOut));
        kept.chain(of(areas.gantries, AreaKind::Gantry)).chain(self.beams()).collect()
    }

    /// The beams that were seen over the tracks of either date, as narrow gantries.
    fn beams(&self) -> Vec<Ground> {
        let of = |side| {
            let gantries = self.detection(side).map(|d| (d.gsd_m, &d.gantries));
            gantries.into_iter().flat_map(move |(gsd_m, gantries)| gantries.iter().map(move |g| (side, g.outline(gsd_m))))
        };
        let ground = |(side, outline): (Side, [Point; 4])| Ground {
            corners: outline.map(|p| self.in_frame(side, p)).to_vec(),
            kind: AreaKind::Gantry,
            seen: true,
        };
        of(Side::Before).chain(of(Side::After)).map(ground).collect()
    }

    /// Corners of the area that is drawn, and the line through them; shown on both dates.
    pub(super) fn marks_of_area(&self) -> (Vec<Mark>, Option<Stroke>) {
        let sides = [Side::Before, Side::After].into_iter();
        let corners = sides.flat_map(|side| self.corners.iter().enumerate().map(move |(n, &at)| (side, n, at)));
        let mark = |(side, n, at)| Mark { pair: None, side, at, label: String::new(), active: n + 1 == self.corners.len() };
        let mut line = self.corners.clone();
        line.extend(self.corners.first().filter(|_| self.corners.len() >= 3));
        (corners.map(mark).collect(), (line.len() >= 2).then_some((None, line)))
    }

    /// Corners set of the area that is drawn; `None` unless the tool is in hand.
    pub(super) fn corners_set(&self) -> Option<usize> {
        (self.hand.tool == Tool::Areas).then_some(self.corners.len())
    }
}
