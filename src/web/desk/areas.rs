//! Areas to count in and to leave out, and gantries, drawn corner by corner; they lie on both dates.

use super::edits::{AreaKind, Edit};
use super::{Desk, Mark, Stroke};
use crate::geometry::{Point, foot_on_line};
use crate::pipeline::Side;
use crate::web::command::Tool;
use crate::yard::Gantry;

/// A corner nearer than this to the last is the same one pressed twice, px.
const STEP_PX: f64 = 2.0;

/// Two dates' beams that lie nearer to each other than this are one, or one and its shadow, m.
const SAME_BEAM_M: f64 = 4.0;

/// The beams of both dates; of two that run along each other the longer.
fn drawn_once(earlier: Vec<Gantry>, later: Vec<Gantry>, reach_px: f64) -> Vec<Gantry> {
    let runs_along = |one: &Gantry, other: &Gantry| {
        let middle = Point::new((one.from.x + one.to.x) / 2.0, (one.from.y + one.to.y) / 2.0);
        [one.from, middle, one.to]
            .into_iter()
            .filter(|p| foot_on_line(*p, &[other.from, other.to]).is_some_and(|foot| foot.distance <= reach_px))
            .count()
            >= 2
    };
    let mut beams = earlier;
    for beam in later {
        match beams.iter_mut().find(|known| runs_along(&beam, known) || runs_along(known, &beam)) {
            Some(known) if beam.from.distance(beam.to) > known.from.distance(known.to) => *known = beam,
            Some(_) => {}
            None => beams.push(beam),
        }
    }
    beams
}

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

    /// The beams that were seen over the tracks of either date, as narrow gantries; what both dates show is drawn once.
    fn beams(&self) -> Vec<Ground> {
        let of = |side| {
            let seen = self.detection(side).map_or(&[][..], |d| &d.gantries);
            let in_frame = |g: &Gantry| Gantry { from: self.in_frame(side, g.from), to: self.in_frame(side, g.to) };
            seen.iter().map(in_frame).collect::<Vec<_>>()
        };
        let Some(gsd_m) = self.detection(Side::Before).or(self.detection(Side::After)).map(|d| d.gsd_m) else {
            return Vec::new();
        };
        let ground = |g: Gantry| Ground { corners: g.outline(gsd_m).to_vec(), kind: AreaKind::Gantry, seen: true };
        drawn_once(of(Side::Before), of(Side::After), SAME_BEAM_M / gsd_m).into_iter().map(ground).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beam_that_both_dates_show_is_drawn_once() {
        let beam = |from_x: f64, to_x: f64, to_y: f64| Gantry { from: Point::new(from_x, 0.0), to: Point::new(to_x, to_y) };
        let (seen, longer, other, crossing) =
            (beam(100.0, 100.0, 40.0), beam(103.0, 101.0, 60.0), beam(130.0, 130.0, 40.0), beam(60.0, 140.0, 40.0));
        assert_eq!(drawn_once(vec![seen], vec![longer, other, crossing], 8.0), [longer, other, crossing]);
        assert_eq!(drawn_once(vec![longer], vec![seen], 8.0), [longer]);
        assert_eq!(drawn_once(Vec::new(), vec![seen], 8.0), [seen]);
    }
}
