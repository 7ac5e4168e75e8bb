//! What a pointer takes hold of on the map and drags: the selected car, its ends, a new car along its length, a vertex of a track, a corner or the
//! whole border of an area.
//!
//! ```text
//! grab (is there anything to take hold of?) ─▶ pull (what it would look like), pull … ─▶ release (one edit) or let go (none)
//! ```
//!
//! Each of these is also done without a pointer: by keys, or by places that are pointed at one after the other.

use super::Desk;
use super::bending::{hold, moved};
use super::edits::How;
use super::reshape::{LENGTH_RANGE_M, on_track, usual_width_px};
use crate::geometry::{OrientedRect, Point, foot_on_line};
use crate::pipeline::Side;
use crate::web::command::Tool;
use crate::web::view::Mode;
use crate::yard::Track;

/// A border that is drawn in one go is thinned out by this share of the pointer's reach: what the hand trembles.
const TREMBLE: f64 = 0.15;

/// What a pointer holds.
#[derive(Debug, Clone)]
pub(super) enum Grip {
    /// A car, by a place on it, in its image's own pixels.
    Car { key: String, side: Side, rect: OrientedRect, from: Point },
    /// An end of a car; the other one stays.
    End { key: String, side: Side, rect: OrientedRect, ahead: bool },
    /// A new car, from here.
    New { side: Side, from: Point },
    /// A vertex of the selected track.
    Vertex { track: Box<Track>, line: Vec<Point>, vertex: usize },
    /// A point of the track that is drawn.
    Drawn { vertex: usize },
    /// A corner of the area that is drawn.
    Corner { corner: usize },
    /// The border of an area, drawn in one go.
    Border { points: Vec<Point>, step: f64 },
}

impl Desk {
    /// A pointer goes down on the map of a side, at a place of its frame, and reaches this far around; `true` when it took hold of something.
    pub fn grab(&mut self, side: Side, at: Point, reach: f64) -> bool {
        self.grip = if self.working() { None } else { self.grip_at(side, at, reach) };
        self.grip.is_some()
    }

    fn grip_at(&self, side: Side, at: Point, reach: f64) -> Option<Grip> {
        match self.hand.tool {
            Tool::None => self.grip_on_car(side, at, reach),
            Tool::Cars => {
                let from = self.own_px(side, at).filter(|from| self.shows(side, *from))?;
                Some(Grip::New { side, from })
            }
            Tool::Tracks => {
                let at = self.in_frame(side, self.own_px(side, at)?);
                if let Some(drawn) = &self.tracing.drawn {
                    let vertex = drawn.iter().position(|p| p.distance(at) <= reach)?;
                    return Some(Grip::Drawn { vertex });
                }
                let track = self.selected_track()?;
                let (line, vertex) = hold(&self.handles(&track), at, reach)?;
                Some(Grip::Vertex { track: Box::new(track), line, vertex })
            }
            Tool::Areas => {
                let corner = self.corners.iter().position(|p| p.distance(at) <= reach);
                Some(
                    corner.map_or_else(
                        || Grip::Border { points: vec![at], step: reach * TREMBLE },
                        |corner| Grip::Corner { corner },
                    ),
                )
            }
            Tool::Points | Tool::Scale => None,
        }
    }

    /// The selected car alone is taken hold of: a drag anywhere else moves the map.
    fn grip_on_car(&self, on: Side, at: Point, reach: f64) -> Option<Grip> {
        let key = self.view.selected.clone().filter(|key| !key.starts_with('x'))?;
        let judged = self.shaped(&key)?;
        let side = self.side_of(judged.picture)?;
        let two = self.view.mode == Mode::Side || self.sheet().apart;
        if two && on != side {
            return None;
        }
        let (at, rect) = (self.own_px(side, at)?, judged.car.rect_px);
        let (along, across) = in_car(&rect, at);
        // A car that is small on the screen is taken hold of beside it, too, and never by its ends alone.
        if across.abs() > (rect.width / 2.0).max(reach / 2.0) {
            return None;
        }
        let end = (along.abs() - rect.length / 2.0).abs() <= reach.min(rect.length / 4.0);
        match () {
            () if end => Some(Grip::End { key, side, rect, ahead: along > 0.0 }),
            () if along.abs() <= rect.length / 2.0 => Some(Grip::Car { key, side, rect, from: at }),
            () => None,
        }
    }

    /// The pointer goes on to a place of the map's frame; what would come of it, as a line in that frame.
    pub fn pull(&mut self, at: Point) -> Vec<Point> {
        let Some(mut grip) = self.grip.take() else { return Vec::new() };
        if let Grip::Border { points, step } = &mut grip
            && points.last().is_none_or(|last| last.distance(at) >= *step)
        {
            points.push(at);
        }
        let line = self.looks(&grip, at);
        self.grip = Some(grip);
        line
    }

    fn looks(&self, grip: &Grip, at: Point) -> Vec<Point> {
        let closed = |side: Side, rect: OrientedRect| {
            let corners = rect.corners();
            corners.iter().chain(corners.first()).map(|&p| self.in_frame(side, p)).collect()
        };
        let round = |mut line: Vec<Point>| {
            line.extend(line.first().copied());
            line
        };
        match grip {
            Grip::Car { side, .. } | Grip::End { side, .. } => {
                self.reshaped(grip, at).map(|rect| closed(*side, rect)).unwrap_or_default()
            }
            Grip::New { side, from } => self.new_car(*side, *from, at).map(|rect| closed(*side, rect)).unwrap_or_default(),
            Grip::Vertex { line, vertex, .. } => moved(line.clone(), *vertex, at),
            Grip::Drawn { vertex } => self.tracing.drawn.clone().map(|line| moved(line, *vertex, at)).unwrap_or_default(),
            Grip::Corner { corner } => round(moved(self.corners.clone(), *corner, at)),
            Grip::Border { points, .. } => round(points.clone()),
        }
    }

    /// The pointer is lifted at a place of the map's frame: what it held stays there.
    pub fn release(&mut self, at: Point, time: Option<String>) {
        self.pull(at);
        let Some(grip) = self.grip.take() else { return };
        match &grip {
            Grip::Car { key, .. } | Grip::End { key, .. } => {
                let how = if matches!(grip, Grip::Car { .. }) { How::Move } else { How::Stretch };
                if let Some(rect) = self.reshaped(&grip, at) {
                    self.reshape(key, how, time, |_, _| rect);
                }
            }
            Grip::New { side, from } => {
                self.begin_car(*side, *from);
                if let Some(to) = self.own_px(*side, at) {
                    self.pick_car_end(*side, to, time);
                }
                self.drop_end();
            }
            Grip::Vertex { track, line, vertex } => self.bend(track, moved(line.clone(), *vertex, at), time),
            Grip::Drawn { vertex } => self.tracing.drawn = self.tracing.drawn.take().map(|line| moved(line, *vertex, at)),
            Grip::Corner { corner } => self.corners = moved(std::mem::take(&mut self.corners), *corner, at),
            Grip::Border { points, step } => {
                let border = thinned(points, *step);
                if border.len() >= 3 {
                    self.corners = border;
                }
            }
        }
    }

    /// The pointer is taken off without a word: all stays as it was.
    pub fn let_go(&mut self) {
        self.grip = None;
    }

    /// Where the car that is held would stand, in its image's own pixels; on its track, where that runs along it.
    fn reshaped(&self, grip: &Grip, at: Point) -> Option<OrientedRect> {
        match grip {
            Grip::Car { side, rect, from, .. } => {
                let (at, detection) = (self.own_px(*side, at)?, self.detection(*side)?);
                let (dx, dy) = (at.x - from.x, at.y - from.y);
                let ends = ends(rect).map(|p| Point::new(p.x + dx, p.y + dy));
                let [a, b] = on_track(ends, detection);
                Some(OrientedRect { length: rect.length, ..between(rect, a, b) })
            }
            Grip::End { side, rect, ahead, .. } => {
                let (at, detection) = (self.own_px(*side, at)?, self.detection(*side)?);
                let [back, front] = ends(rect);
                let (along, _) = in_car(rect, at);
                let range = LENGTH_RANGE_M.start() / detection.gsd_m..=LENGTH_RANGE_M.end() / detection.gsd_m;
                let length = (rect.length / 2.0 + if *ahead { along } else { -along }).clamp(*range.start(), *range.end());
                let (from, way) = if *ahead { (back, 1.0) } else { (front, -1.0) };
                let (s, c) = (libm::sin(rect.angle_rad), libm::cos(rect.angle_rad));
                let center = Point::new(from.x + way * c * length / 2.0, from.y + way * s * length / 2.0);
                Some(OrientedRect { center, length, ..*rect })
            }
            _ => None,
        }
    }

    fn new_car(&self, side: Side, from: Point, at: Point) -> Option<OrientedRect> {
        let (to, detection) = (self.own_px(side, at)?, self.detection(side)?);
        let [a, b] = on_track([from, to], detection);
        let blank = OrientedRect { center: a, length: 0.0, width: usual_width_px(detection), angle_rad: 0.0 };
        Some(between(&blank, a, b))
    }
}

/// Along a car's axis from its middle, and across it.
fn in_car(rect: &OrientedRect, p: Point) -> (f64, f64) {
    let (s, c) = (libm::sin(rect.angle_rad), libm::cos(rect.angle_rad));
    let (dx, dy) = (p.x - rect.center.x, p.y - rect.center.y);
    (dx * c + dy * s, dy * c - dx * s)
}

/// The ends of a car's axis, the one ahead last.
fn ends(rect: &OrientedRect) -> [Point; 2] {
    let half = rect.length / 2.0;
    let (x, y) = (half * libm::cos(rect.angle_rad), half * libm::sin(rect.angle_rad));
    [Point::new(rect.center.x - x, rect.center.y - y), Point::new(rect.center.x + x, rect.center.y + y)]
}

/// A car of the same width between two ends.
fn between(rect: &OrientedRect, a: Point, b: Point) -> OrientedRect {
    OrientedRect {
        center: Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0),
        length: a.distance(b),
        width: rect.width,
        angle_rad: libm::atan2(b.y - a.y, b.x - a.x),
    }
}

/// A border with no more points than it takes to stay within a tolerance of it (Douglas and Peucker, 1973), drawn on a loop: from the first point to the one
/// farthest from it, and back.
fn thinned(points: &[Point], tolerance: f64) -> Vec<Point> {
    let Some(&first) = points.first() else { return Vec::new() };
    let farthest =
        (0..points.len()).max_by(|&a, &b| points[a].distance(first).total_cmp(&points[b].distance(first))).unwrap_or(0);
    if farthest == 0 {
        return vec![first];
    }
    let back: Vec<Point> = points[farthest..].iter().copied().chain([first]).collect();
    let mut kept = thinned_line(&points[..=farthest], tolerance);
    kept.pop();
    kept.extend(thinned_line(&back, tolerance));
    kept.pop();
    kept
}

pub(super) fn thinned_line(line: &[Point], tolerance: f64) -> Vec<Point> {
    let [first, inner @ .., last] = line else { return line.to_vec() };
    let chord = [*first, *last];
    let off = |p: &Point| foot_on_line(*p, &chord).map_or(0.0, |foot| foot.distance);
    let farthest = (0..inner.len()).max_by(|&a, &b| off(&inner[a]).total_cmp(&off(&inner[b])));
    match farthest.filter(|&k| off(&inner[k]) > tolerance) {
        None => vec![*first, *last],
        Some(k) => {
            let mut kept = thinned_line(&line[..=k + 1], tolerance);
            kept.pop();
            kept.extend(thinned_line(&line[k + 1..], tolerance));
            kept
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests_correcting::{edits, ready};
    use super::*;
    use crate::geometry::Transform;
    use crate::web::command::Command;
    use crate::web::desk::AreaKind;

    fn at() -> Option<String> {
        Some("2024-05-01T10:00:00Z".to_owned())
    }

    fn drag(desk: &mut Desk, side: Side, from: (f64, f64), over: &[(f64, f64)], to: (f64, f64)) -> bool {
        let held = desk.grab(side, Point::new(from.0, from.1), 6.0);
        over.iter().for_each(|&(x, y)| drop(desk.pull(Point::new(x, y))));
        desk.release(Point::new(to.0, to.1), at());
        held
    }

    fn selected_rect(desk: &Desk) -> OrientedRect {
        let key = desk.view.selected.clone().expect("it stays selected");
        desk.shaped(&key).expect("it is there").car.rect_px
    }

    #[test]
    fn the_selected_car_is_moved_along_its_track_and_stretched_by_an_end() {
        let mut desk = ready();
        assert!(!desk.grab(Side::Before, Point::new(185.0, 20.0), 6.0), "nothing is selected");
        desk.command(Command::Select { key: Some("a3".to_owned()) });
        // Car 3 of *after* stands at 180 of its own pixels, 185 of the frame, 28 px long.
        assert!(desk.grab(Side::Before, Point::new(186.0, 20.0), 6.0));
        let seen = desk.pull(Point::new(196.0, 22.0));
        assert_eq!(seen.len(), 5, "an outline, closed");
        desk.release(Point::new(196.0, 22.0), at());
        let rect = selected_rect(&desk);
        assert!((rect.center.x - 190.0).abs() < 1e-9 && (rect.center.y - 20.0).abs() < 1e-9, "on its track: {rect:?}");
        assert!(drag(&mut desk, Side::Before, (209.0, 20.0), &[], (219.0, 25.0)));
        let rect = selected_rect(&desk);
        assert!((rect.length - 38.0).abs() < 1e-9 && (rect.center.x - 195.0).abs() < 1e-9, "{rect:?}");
        let told: Vec<_> = edits(&desk).as_array().expect("a list").iter().map(|e| e["edit"].clone()).collect();
        assert_eq!(told, ["move-railcar", "stretch-railcar", "count-again"]);
        assert!(!desk.grab(Side::Before, Point::new(60.0, 20.0), 6.0), "another car is not taken hold of");
    }

    #[test]
    fn a_drag_along_its_length_adds_a_car_and_one_that_is_let_go_adds_none() {
        let mut desk = ready();
        desk.command(Command::DrawCar { key: None });
        assert!(drag(&mut desk, Side::Before, (226.0, 22.0), &[(240.0, 22.0)], (254.0, 22.0)));
        let snapshot = desk.snapshot(0.0);
        assert_eq!((snapshot.counts.before.map(|c| c.estimate), snapshot.corrections.placed), (Some(3.0), 1));
        desk.grab(Side::Before, Point::new(300.0, 22.0), 6.0);
        desk.pull(Point::new(328.0, 22.0));
        desk.let_go();
        drag(&mut desk, Side::Before, (300.0, 22.0), &[], (302.0, 22.0));
        let snapshot = desk.snapshot(0.0);
        assert_eq!((snapshot.corrections.placed, snapshot.corrections.car_began), (1, false), "a metre is no car");
    }

    #[test]
    fn an_area_is_drawn_in_one_go_and_its_corners_are_moved() {
        let mut desk = ready();
        desk.command(Command::TakeTool { tool: Tool::Areas });
        let border: Vec<(f64, f64)> =
            (0..=16).map(|k| (90.0 + 10.0 * f64::from(k), 0.3 * f64::from(k % 2))).chain([(250.0, 60.0), (90.0, 60.0)]).collect();
        drag(&mut desk, Side::Before, (90.0, 0.0), &border, (90.0, 30.0));
        assert_eq!(desk.corners, [(90.0, 0.0), (250.0, 0.0), (250.0, 60.0), (90.0, 60.0)].map(|(x, y)| Point::new(x, y)));
        drag(&mut desk, Side::Before, (250.0, 58.0), &[], (260.0, 70.0));
        assert_eq!(desk.corners[2], Point::new(260.0, 70.0));
        desk.command(Command::FinishArea { kind: AreaKind::Gantry, at: at() });
        let snapshot = desk.snapshot(0.0);
        assert_eq!(
            (snapshot.counts.before.map(|c| c.estimate), snapshot.corrections.areas),
            (Some(1.0), 1),
            "what it hides is not claimed"
        );
        assert_eq!(edits(&desk)[0]["edit"], "draw-gantry");
    }

    #[test]
    fn a_track_is_bent_by_a_vertex_or_a_new_one_and_comes_back() {
        let mut desk = ready();
        desk.command(Command::TakeTool { tool: Tool::Tracks });
        assert!(!desk.grab(Side::Before, Point::new(100.0, 20.0), 6.0), "none is selected");
        desk.command(Command::SelectTrack { id: Some(1) });
        drag(&mut desk, Side::Before, (100.0, 22.0), &[(110.0, 30.0)], (110.0, 40.0));
        let line = desk.selected_track().expect("the bent one is selected").line_px;
        assert_eq!(line, [(0.0, 20.0), (110.0, 40.0), (390.0, 20.0)].map(|(x, y)| Point::new(x, y)));
        assert_eq!(desk.sheet().tracks.len(), 1, "in place of the straight one");
        drag(&mut desk, Side::Before, (110.0, 41.0), &[], (120.0, 30.0));
        assert_eq!(desk.selected_track().expect("still").line_px[1], Point::new(120.0, 30.0));
        let edits = desk.track_edits();
        assert_eq!((edits.added_px.len(), edits.deleted_px.len()), (1, 1), "what was bent twice is one line");
        desk.command(Command::UndoEdit);
        desk.command(Command::UndoEdit);
        assert!(desk.track_edits().is_empty() && desk.sheet().tracks[0].line.len() == 2);
    }

    #[test]
    fn a_track_is_cut_and_bent_by_places_alone() {
        let mut desk = ready();
        desk.command(Command::TakeTool { tool: Tool::Tracks });
        desk.command(Command::CutTrack);
        assert_eq!(desk.tracing.doing, super::super::bending::Doing::Nothing, "none is selected");
        desk.command(Command::SelectTrack { id: Some(1) });
        desk.command(Command::CutTrack);
        desk.point_at(Side::Before, Point::new(150.0, 21.0), at());
        let lengths: Vec<f64> = desk.all_tracks().iter().map(|track| track.length_m).collect();
        assert_eq!(lengths, [75.0, 120.0]);
        desk.command(Command::BendTrack);
        for (x, y) in [(389.0, 21.0), (380.0, 30.0)] {
            desk.point_at(Side::Before, Point::new(x, y), at());
        }
        assert_eq!(desk.selected_track().expect("the bent one").line_px.last(), Some(&Point::new(380.0, 30.0)));
        let told: Vec<_> = edits(&desk).as_array().expect("a list").iter().map(|e| e["edit"].clone()).collect();
        assert_eq!(told, ["cut-track", "bend-track", "count-again"]);
    }

    #[test]
    fn thinning_keeps_the_corners_of_a_border() {
        assert_eq!(thinned(&[Point::new(3.0, 4.0)], 1.0).len(), 1);
        let turned = Transform::similarity(1.0, 0.5, 0.0, 0.0);
        let square: Vec<Point> = (0..40)
            .map(|k| match (k / 10, f64::from(k % 10)) {
                (0, t) => Point::new(t, 0.0),
                (1, t) => Point::new(10.0, t),
                (2, t) => Point::new(10.0 - t, 10.0),
                (_, t) => Point::new(0.0, 10.0 - t),
            })
            .map(|p| turned.apply(p))
            .collect();
        assert_eq!(thinned(&square, 0.5).len(), 4);
    }
}
