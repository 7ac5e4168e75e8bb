//! What a person does by hand: pairs of control points, and a line of known length.
//!
//! ```text
//! pick in one image ─▶ search for the counterpart ─▶ adjust, delete, undo ─▶ use the points ─▶ align again
//! pick two ends     ─▶ say the length             ─▶ scale of that image
//! ```

use super::{Desk, Stroke};
use crate::align::by_hand::{self, ControlPoint, Counterpart};
use crate::align::{Alignment, Status};
use crate::geometry::{Point, Transform};
use crate::pipeline::Side;
use crate::web::command::{Direction, Tool};
use crate::web::hand_views::{HandView, LineView, LoupeView, PointView};
use crate::web::picture::ScaleLine;
use serde::{Deserialize, Serialize};

/// Side of the piece of an image that a loupe shows, px: about four cars at half a metre, each pixel three or four on the screen.
pub const LOUPE_PX: usize = 64;

/// Pairs from which on a fit is drawn up and used for predictions.
const ENOUGH: usize = 3;

/// Pairs that are asked for.
const ASKED_FOR: usize = 6;

/// How far a prediction may be off, px of the image that was pointed at: what three clicks leave open at the rim of a
/// scene, or an alignment that is to be corrected. Less than a car, so that the next one in a row isn't taken.
const REACH_PX: f64 = 24.0;

/// The same where an alignment passed: a wider look would only find other places that are alike.
const REACH_PASSED_PX: f64 = 8.0;

/// A step of an arrow key, and a fine one, px.
const STEPS_PX: [f64; 2] = [1.0, 0.25];

/// A place that is, or will be, known in both images.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pair {
    id: u32,
    before: Option<Point>,
    after: Option<Point>,
    /// What the search said of the place it proposed; gone once the place is moved.
    found: Option<Counterpart>,
}

impl Pair {
    fn at(&self, side: Side) -> Option<Point> {
        match side {
            Side::Before => self.before,
            Side::After => self.after,
        }
    }

    fn put(&mut self, side: Side, at: Point) {
        match side {
            Side::Before => self.before = Some(at),
            Side::After => self.after = Some(at),
        }
    }

    /// Both places, once they mean something: a proposal that doesn't stand out is the prediction itself, and would only
    /// confirm what it was predicted from.
    fn whole(&self) -> Option<ControlPoint> {
        if self.found.is_some_and(|found| !found.clear) {
            return None;
        }
        Some(ControlPoint { before: self.before?, after: self.after? })
    }
}

/// The tool in hand and what was done with it.
#[derive(Debug, Default)]
pub(super) struct Hand {
    pub(super) tool: Tool,
    pairs: Vec<Pair>,
    past: Vec<Vec<Pair>>,
    future: Vec<Vec<Pair>>,
    active: Option<u32>,
    last_id: u32,
    search: Option<Search>,
    line: Option<(Side, Vec<Point>)>,
    /// A person looked at an uncertain alignment and took it.
    pub(super) accepted: bool,
    /// In use for the alignment.
    pub(super) control_points: Vec<ControlPoint>,
    /// The pair of images they belong to.
    images: Option<(u32, u32)>,
}

/// A counterpart to look for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Search {
    /// Of the pair that waits for it.
    pub pair: u32,
    /// Image that was pointed at.
    pub from: u32,
    /// Image that is looked in.
    pub to: u32,
    /// Where was pointed, px of that image.
    pub at: Point,
    /// From that image to the other.
    pub prediction: Transform,
    /// How far it may be off, px of that image.
    pub reach_px: f64,
}

/// A control point or an end of a line, on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Of its pair; `None` for an end of a line.
    pub pair: Option<u32>,
    /// Image it lies in.
    pub side: Side,
    /// In the map's frame.
    pub at: Point,
    /// What is written on it.
    pub label: String,
    /// The one that is worked on.
    pub active: bool,
}

impl Hand {
    /// Begins with these control points of this pair of images, in use.
    pub(super) fn begin(&mut self, control_points: Vec<ControlPoint>, images: (u32, u32)) {
        let pair =
            |(id, point): (u32, &ControlPoint)| Pair { id, before: Some(point.before), after: Some(point.after), found: None };
        let pairs: Vec<Pair> = (self.last_id + 1..).zip(&control_points).map(pair).collect();
        let last_id = self.last_id + pairs.len() as u32;
        *self = Self { pairs, last_id, control_points, images: Some(images), ..Self::default() };
    }

    /// Images go by other ids.
    pub(super) fn rename(&mut self, name: &impl Fn(u32) -> u32) {
        self.images = self.images.map(|(before, after)| (name(before), name(after)));
    }
}

impl Desk {
    /// Takes a tool in hand, or puts it away.
    pub(super) fn take_tool(&mut self, tool: Tool) {
        if self.before.is_none()
            || (matches!(tool, Tool::Points | Tool::Tracks | Tool::Cars | Tool::Areas) && self.after.is_none())
            || self.working()
        {
            return;
        }
        self.hand.tool = tool;
        self.hand.line = None;
        self.shaping = super::reshape::Shaping::default();
        self.drop_area();
        self.drop_track();
    }

    /// A person pointed at a place; in the map's frame.
    pub(super) fn pick(&mut self, side: Side, at: Point, time: Option<String>) {
        let Some(at) = self.own_px(side, at).filter(|at| self.shows(side, *at)) else { return };
        match self.hand.tool {
            Tool::None => {}
            Tool::Scale => self.pick_end(side, at),
            Tool::Points => self.pick_point(side, at),
            Tool::Tracks => self.pick_on_track(side, at, time),
            Tool::Cars => self.pick_car_end(side, at, time),
            Tool::Areas => self.pick_corner(side, at),
        }
    }

    fn pick_end(&mut self, side: Side, at: Point) {
        match &mut self.hand.line {
            Some((on, ends)) if *on == side && ends.len() == 1 => ends.push(at),
            line => *line = Some((side, vec![at])),
        }
    }

    fn pick_point(&mut self, side: Side, at: Point) {
        self.remember();
        // A pair that lacks this side is completed; else another begins.
        let open = self.hand.pairs.iter_mut().find(|p| p.at(side).is_none());
        if let Some(pair) = open {
            pair.put(side, at);
            self.hand.active = Some(pair.id);
            return;
        }
        self.hand.last_id += 1;
        let mut pair = Pair { id: self.hand.last_id, before: None, after: None, found: None };
        pair.put(side, at);
        self.hand.active = Some(pair.id);
        self.hand.pairs.push(pair);
        self.hand.search = self.search_for(pair.id, side, at);
    }

    fn search_for(&self, pair: u32, side: Side, at: Point) -> Option<Search> {
        let (from, to) = (self.side(side)?, self.side(side.other())?);
        let (to_before, reach_px) = self.best_guess()?;
        let prediction = if side == Side::After { to_before } else { to_before.inverse()? };
        self.shows(side.other(), prediction.apply(at)).then_some(Search { pair, from, to, at, prediction, reach_px })
    }

    /// From *after* to *before*, and how far it may be off: what the points say, else what the search found.
    fn best_guess(&self) -> Option<(Transform, f64)> {
        let found = self.plan()?.alignment.as_ref();
        let points = self.whole_pairs();
        let by_points = (points.len() >= ENOUGH).then(|| self.fitted(&points)).flatten().and_then(|a| a.after_to_before);
        match (found.filter(|a| a.status == Status::Pass).and_then(|a| a.after_to_before), by_points) {
            (Some(passed), None) => Some((passed, REACH_PASSED_PX)),
            (_, Some(by_points)) => Some((by_points, REACH_PX)),
            (None, None) => Some((*self.plan()?.transform()?, REACH_PX)),
        }
    }

    /// The counterpart that is to be looked for; asking takes it.
    pub fn take_search(&mut self) -> Option<Search> {
        self.hand.search.take()
    }

    /// A worker looked for a counterpart.
    pub fn searched(&mut self, pair: u32, found: Option<Counterpart>) {
        if let (Some(pair), Some(found)) = (self.hand.pairs.iter_mut().find(|p| p.id == pair), found) {
            let side = if pair.before.is_none() { Side::Before } else { Side::After };
            if pair.at(side).is_none() {
                pair.put(side, found.at);
                pair.found = Some(found);
            }
        }
    }

    /// A control point was dragged; in the map's frame.
    pub(super) fn drag_point(&mut self, pair: u32, side: Side, at: Point) {
        if let Some(at) = self.own_px(side, at).filter(|at| self.shows(side, *at)) {
            self.move_point(pair, side, at);
        }
    }

    /// A control point moves by a step of an arrow key.
    pub(super) fn nudge(&mut self, side: Side, direction: Direction, fine: bool) {
        let step = STEPS_PX[usize::from(fine)];
        let (dx, dy) = match direction {
            Direction::Left => (-step, 0.0),
            Direction::Right => (step, 0.0),
            Direction::Up => (0.0, -step),
            Direction::Down => (0.0, step),
        };
        if let Some((id, p)) = self.active_at(side) {
            let at = Point::new(p.x + dx, p.y + dy);
            if self.shows(side, at) {
                self.move_point(id, side, at);
            }
        }
    }

    /// A place in a loupe was clicked: `x` and `y` of `width`, in any unit.
    pub(super) fn click_loupe(&mut self, side: Side, (x, y): (f64, f64), width: f64) {
        let Some((id, p)) = self.active_at(side) else { return };
        let origin = loupe_origin(p);
        let scale = LOUPE_PX as f64 / width;
        let at = Point::new(origin.x + x * scale, origin.y + y * scale);
        if self.shows(side, at) {
            self.move_point(id, side, at);
        }
    }

    fn move_point(&mut self, id: u32, side: Side, at: Point) {
        self.remember();
        self.hand.active = Some(id);
        if let Some(pair) = self.hand.pairs.iter_mut().find(|p| p.id == id) {
            pair.put(side, at);
            pair.found = None;
        }
    }

    pub(super) fn activate_point(&mut self, id: u32) {
        self.hand.active = self.hand.pairs.iter().find(|p| p.id == id).map(|p| p.id).or(self.hand.active);
    }

    /// A person looked at a proposal and vouches for it.
    pub(super) fn confirm_point(&mut self, id: u32) {
        self.remember();
        if let Some(pair) = self.hand.pairs.iter_mut().find(|p| p.id == id) {
            pair.found = None;
        }
        self.activate_point(id);
    }

    pub(super) fn delete_point(&mut self, id: u32) {
        self.remember();
        self.hand.pairs.retain(|p| p.id != id);
        self.hand.active = self.hand.pairs.last().map(|p| p.id);
    }

    pub(super) fn undo_point(&mut self) {
        if let Some(past) = self.hand.past.pop() {
            self.hand.future.push(std::mem::replace(&mut self.hand.pairs, past));
            self.activate_one_that_is_there();
        }
    }

    pub(super) fn redo_point(&mut self) {
        if let Some(future) = self.hand.future.pop() {
            self.hand.past.push(std::mem::replace(&mut self.hand.pairs, future));
            self.activate_one_that_is_there();
        }
    }

    fn activate_one_that_is_there(&mut self) {
        let there = |id: &u32| self.hand.pairs.iter().any(|p| p.id == *id);
        self.hand.active = self.hand.active.filter(there).or(self.hand.pairs.last().map(|p| p.id));
    }

    fn remember(&mut self) {
        self.hand.future.clear();
        self.hand.past.push(self.hand.pairs.clone());
    }

    /// Aligns by the points that are whole; without any, by the search again.
    pub(super) fn use_points(&mut self, points: bool) {
        let whole = if points { self.whole_pairs() } else { Vec::new() };
        if points && self.fitted(&whole).is_none_or(|a| a.status == Status::Fail) {
            return;
        }
        self.hand.control_points = whole;
        self.hand.tool = Tool::None;
        self.start(false);
    }

    /// The line gets its length, and its image a scale; that of the other image follows through the alignment.
    pub(super) fn set_length(&mut self, length_m: f64) {
        let Some((side, ends)) = &self.hand.line else { return };
        let (side, &[a, b]) = (*side, &ends[..]) else { return };
        let Some(gsd_m) = Some(length_m / a.distance(b)).filter(|g| g.is_finite()) else { return };
        let problems = self.problems.len();
        self.hand.tool = Tool::None;
        if let Some(other) = self.side(side.other()).and_then(|id| self.picture_mut(id)) {
            (other.user_gsd_m, other.scale_line) = (None, None);
        }
        self.set_gsd(side, Some(gsd_m));
        if self.problems.len() == problems
            && let Some(picture) = self.side(side).and_then(|id| self.picture_mut(id))
        {
            picture.scale_line = Some(ScaleLine { ends: [a, b], length_m });
        }
    }

    /// Points belong to a pair of images: they turn round with it and go when it changes.
    pub(super) fn keep_hand_for(&mut self, before: u32, after: u32) {
        match self.hand.images {
            Some(images) if images == (before, after) => {}
            Some(images) if images == (after, before) => {
                for p in &mut self.hand.control_points {
                    std::mem::swap(&mut p.before, &mut p.after);
                }
                for pair in self.hand.pairs.iter_mut().chain(self.hand.past.iter_mut().chain(&mut self.hand.future).flatten()) {
                    std::mem::swap(&mut pair.before, &mut pair.after);
                    pair.found = None;
                }
            }
            _ => self.hand = Hand { last_id: self.hand.last_id, ..Hand::default() },
        }
        self.hand.images = Some((before, after));
        (self.hand.accepted, self.hand.line, self.hand.search) = (false, None, None);
    }

    fn whole_pairs(&self) -> Vec<ControlPoint> {
        self.hand.pairs.iter().filter_map(Pair::whole).collect()
    }

    fn fitted(&self, points: &[ControlPoint]) -> Option<Alignment> {
        let size = |side| {
            let info = self.picture(self.side(side)?)?.info.as_ref()?;
            Some((info.width as usize, info.height as usize))
        };
        Some(by_hand::align(points, size(Side::Before)?, size(Side::After)?, self.plan()?.transform()))
    }

    /// From the map's frame to an image's own pixels.
    pub(super) fn own_px(&self, side: Side, at: Point) -> Option<Point> {
        match (side, self.plan().and_then(|p| p.transform())) {
            (Side::After, Some(to_before)) => Some(to_before.inverse()?.apply(at)),
            _ => Some(at),
        }
    }

    pub(super) fn in_frame(&self, side: Side, at: Point) -> Point {
        match (side, self.plan().and_then(|p| p.transform())) {
            (Side::After, Some(to_before)) => to_before.apply(at),
            _ => at,
        }
    }

    pub(super) fn shows(&self, side: Side, at: Point) -> bool {
        let info = self.side(side).and_then(|id| self.picture(id)).and_then(|p| p.info.as_ref());
        info.is_some_and(|i| at.x >= 0.0 && at.y >= 0.0 && at.x <= f64::from(i.width) && at.y <= f64::from(i.height))
    }

    fn active_at(&self, side: Side) -> Option<(u32, Point)> {
        let pair = self.hand.pairs.iter().find(|p| Some(p.id) == self.hand.active)?;
        Some((pair.id, pair.at(side)?))
    }

    /// What the loupe of a side shows: the image, and the upper left corner of the piece.
    pub fn loupe(&self, side: Side) -> Option<(u32, Point)> {
        let (_, at) = self.active_at(side).filter(|_| self.hand.tool == Tool::Points)?;
        Some((self.side(side)?, loupe_origin(at)))
    }

    /// Everything that lies on the map for a tool, and the line between the ends of a length.
    pub(super) fn marks(&self) -> (Vec<Mark>, Option<Stroke>) {
        match self.hand.tool {
            Tool::Tracks => return self.marks_of_track(),
            Tool::Cars => return self.marks_of_car(),
            Tool::Areas => return self.marks_of_area(),
            _ => {}
        }
        let mut marks = Vec::new();
        if self.hand.tool == Tool::Points {
            for (n, pair) in self.hand.pairs.iter().enumerate() {
                for side in [Side::Before, Side::After] {
                    if let Some(at) = pair.at(side) {
                        let active = Some(pair.id) == self.hand.active;
                        let label = (n + 1).to_string();
                        marks.push(Mark { pair: Some(pair.id), side, at: self.in_frame(side, at), label, active });
                    }
                }
            }
        }
        let Some((side, ends)) = self.hand.line.as_ref().filter(|_| self.hand.tool == Tool::Scale) else { return (marks, None) };
        let ends: Vec<Point> = ends.iter().map(|p| self.in_frame(*side, *p)).collect();
        for at in &ends {
            marks.push(Mark { pair: None, side: *side, at: *at, label: String::new(), active: true });
        }
        let line = (ends.len() == 2).then_some((Some(*side), ends));
        (marks, line)
    }

    /// What the shell shows of it.
    pub(super) fn hand_view(&self) -> HandView {
        let hand = &self.hand;
        let whole = self.whole_pairs();
        let fitted = if hand.tool == Tool::Points && !whole.is_empty() { self.fitted(&whole) } else { None };
        let gsd_m = self.gsd(Side::Before).map(|(gsd_m, _)| gsd_m);
        let mut judged = fitted.iter().flat_map(|f| f.tie_points.iter().map(|t| t.residual_px));
        let points = hand.pairs.iter().enumerate().map(|(n, pair)| {
            let residual_px = pair.whole().and_then(|_| judged.next().flatten());
            PointView {
                id: pair.id,
                number: n + 1,
                before: pair.before.is_some(),
                after: pair.after.is_some(),
                residual_px,
                residual_m: residual_px.zip(gsd_m).map(|(px, gsd_m)| px * gsd_m),
                score: pair.found.map(|f| f.score),
                clear: pair.found.map(|f| f.clear),
                active: Some(pair.id) == hand.active,
            }
        });
        let points: Vec<PointView> = points.collect();
        let loupe = |side| self.active_at(side).map(|(_, at)| loupe_view(at));
        let usable = whole.len() >= 2 && fitted.as_ref().is_some_and(|f| f.status != Status::Fail);
        let line = hand.line.as_ref().map(|(side, ends)| {
            let ends: Option<[Point; 2]> = ends[..].try_into().ok();
            let length_px = ends.map(|[a, b]| a.distance(b));
            LineView {
                side: *side,
                length_px,
                length_m: length_px.zip(self.gsd(*side)).map(|(px, (gsd_m, _))| px * gsd_m),
                bearing_deg: ends.and_then(|ends| self.bearing_deg(*side, ends)),
            }
        });
        HandView {
            tool: hand.tool,
            points,
            loupe_before: loupe(Side::Before),
            loupe_after: loupe(Side::After),
            fit: fitted.as_ref().map(super::show::alignment_view),
            usable,
            missing: ASKED_FOR.saturating_sub(whole.len()),
            can_undo: !hand.past.is_empty(),
            can_redo: !hand.future.is_empty(),
            line,
            in_use: !hand.control_points.is_empty(),
            accepted: hand.accepted,
        }
    }
}

fn loupe_origin(at: Point) -> Point {
    let half = LOUPE_PX as f64 / 2.0;
    Point::new(at.x.floor() - half, at.y.floor() - half)
}

/// Where in the loupe the point lies, as shares of its side.
fn loupe_view(at: Point) -> LoupeView {
    let (origin, side) = (loupe_origin(at), LOUPE_PX as f64);
    LoupeView { x: (at.x - origin.x) / side, y: (at.y - origin.y) / side }
}
