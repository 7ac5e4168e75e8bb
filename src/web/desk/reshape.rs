//! Cars outlined by hand: added by their two ends, drawn anew, moved, stretched, split, merged, named.

use super::edits::{Edit, How, Judged};
use super::{Desk, Mark, Stroke};
use crate::geometry::{OrientedRect, Point, foot_on_line};
use crate::pipeline::Side;
use crate::web::command::Tool;
use crate::web::snapshot::Car;
use crate::yard::{CarType, Detection, Railcar};

/// Ends nearer than this are no car, farther apart more than one: from a short maintenance trolley to an articulated flat, m.
pub(super) const LENGTH_RANGE_M: std::ops::RangeInclusive<f64> = 3.0..=45.0;

/// Ends that lie this near to a track are put on it, m: under half the least spacing of tracks.
const ON_TRACK_M: f64 = 1.9;

/// Width of a car where none was found to take it from, m.
const WIDTH_M: f64 = 3.1;

/// Between the bodies of two coupled cars, m.
const GAP_M: f64 = 1.15;

/// Cars are merged with a neighbour whose middle is no farther away than this, m: two of the longest cars.
const NEIGHBOUR_M: f64 = 40.0;

/// Neighbours stand in one row when their axes lie this near, m.
const ROW_M: f64 = 2.0;

/// The ends of a car that is drawn.
#[derive(Debug, Default)]
pub(super) struct Shaping {
    /// The first end, and in which image.
    first: Option<(Side, Point)>,
    /// The car that is drawn anew; `None`: one is added.
    anew: Option<Judged>,
}

impl Desk {
    /// Takes the tool in hand that draws a car by its two ends; with a key, that car anew.
    pub(super) fn draw_car(&mut self, of: Option<&str>) {
        let anew = of.and_then(|of| self.shaped(of));
        self.take_tool(Tool::Cars);
        self.shaping = Shaping { first: None, anew };
    }

    /// One end of a car is here, in an image's own pixels.
    pub(super) fn begin_car(&mut self, side: Side, at: Point) {
        self.shaping.first = Some((side, at));
    }

    /// The end that waits for the other is forgotten.
    pub(super) fn drop_end(&mut self) {
        self.shaping.first = None;
    }

    /// An end of a car was pointed at, in an image's own pixels; with the second the car is there.
    pub(super) fn pick_car_end(&mut self, side: Side, at: Point, time: Option<String>) {
        let Some((_, first)) = self.shaping.first.take_if(|(of, _)| *of == side) else {
            self.shaping.first = Some((side, at));
            return;
        };
        let anew = self.shaping.anew.take().filter(|j| Some(j.picture) == self.side(side));
        let Some((picture, detection)) = self.side(side).zip(self.detection(side)) else { return };
        let [a, b] = on_track([first, at], detection);
        let length = a.distance(b);
        if !LENGTH_RANGE_M.contains(&(length * detection.gsd_m)) {
            (self.shaping.first, self.shaping.anew) = (Some((side, at)), anew);
            return;
        }
        let rect_px = OrientedRect {
            center: Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0),
            length,
            width: anew.as_ref().map_or_else(|| usual_width_px(detection), |j| j.car.rect_px.width),
            angle_rad: libm::atan2(b.y - a.y, b.x - a.x),
        };
        let car = shape(anew.as_ref().map(|j| &j.car), rect_px, detection.gsd_m);
        let (how, from) = if anew.is_some() { (How::Redraw, anew.into_iter().collect()) } else { (How::Add, Vec::new()) };
        self.outline(how, from, vec![Judged { picture, car }], time);
        if how == How::Redraw {
            self.hand.tool = Tool::None;
        }
    }

    /// Moves a car along its axis and across it.
    pub(super) fn shift_car(&mut self, of: &str, (along_m, across_m): (f64, f64), time: Option<String>) {
        self.reshape(of, How::Move, time, |rect, gsd_m| {
            let (s, c) = (libm::sin(rect.angle_rad), libm::cos(rect.angle_rad));
            let (along, across) = (along_m / gsd_m, across_m / gsd_m);
            // To the right of the picture, whichever way the axis was drawn.
            let way = if c < 0.0 { -1.0 } else { 1.0 };
            let center =
                Point::new(rect.center.x + way * (along * c - across * s), rect.center.y + way * (along * s + across * c));
            OrientedRect { center, ..*rect }
        });
    }

    /// Makes a car longer, at both ends, or shorter.
    pub(super) fn stretch_car(&mut self, of: &str, by_m: f64, time: Option<String>) {
        self.reshape(of, How::Stretch, time, |rect, gsd_m| {
            let length = (rect.length * gsd_m + by_m).clamp(*LENGTH_RANGE_M.start(), *LENGTH_RANGE_M.end()) / gsd_m;
            OrientedRect { length, ..*rect }
        });
    }

    /// Says what a car is.
    pub(super) fn retype_car(&mut self, of: &str, car_type: CarType, time: Option<String>) {
        let Some(was) = self.shaped(of).filter(|j| j.car.car_type != car_type) else { return };
        let car = Railcar { car_type, confidence: 1.0, ..was.car.clone() };
        self.outline(How::Retype, vec![was.clone()], vec![Judged { car, ..was }], time);
    }

    /// Makes two cars of one.
    pub(super) fn split_car(&mut self, of: &str, time: Option<String>) {
        let Some(was) = self.shaped(of) else { return };
        let Some(gsd_m) = self.side_of(was.picture).and_then(|side| self.gsd_of_plan(side)) else { return };
        let rect = was.car.rect_px;
        let gap = GAP_M / gsd_m;
        let length = (rect.length - gap) / 2.0;
        if length * gsd_m < *LENGTH_RANGE_M.start() {
            return;
        }
        let (s, c) = (libm::sin(rect.angle_rad), libm::cos(rect.angle_rad));
        let half = |way: f64| {
            let off = way * (length + gap) / 2.0;
            let center = Point::new(rect.center.x + off * c, rect.center.y + off * s);
            Judged { picture: was.picture, car: shape(Some(&was.car), OrientedRect { center, length, ..rect }, gsd_m) }
        };
        let halves = vec![half(-1.0), half(1.0)];
        self.outline(How::Split, vec![was.clone()], halves, time);
    }

    /// Makes one car of two: this one and the nearest in its row.
    pub(super) fn merge_car(&mut self, of: &str, time: Option<String>) {
        let Some(was) = self.shaped(of) else { return };
        let Some(side) = self.side_of(was.picture) else { return };
        let Some(detection) = self.detection(side) else { return };
        let rect = was.car.rect_px;
        let (s, c) = (libm::sin(rect.angle_rad), libm::cos(rect.angle_rad));
        let place = |p: Point| {
            let (dx, dy) = (p.x - rect.center.x, p.y - rect.center.y);
            ((dx * c + dy * s) * detection.gsd_m, (dy * c - dx * s) * detection.gsd_m)
        };
        let others = detection.railcars.iter().filter(|car| car.rect_px != rect);
        let in_row = others.filter_map(|car| {
            let (along, across) = place(car.rect_px.center);
            (across.abs() <= ROW_M && along.abs() <= NEIGHBOUR_M).then_some((along.abs(), car))
        });
        let Some((_, other)) = in_row.min_by(|a, b| a.0.total_cmp(&b.0)) else { return };
        let ends = [&was.car, other].into_iter().flat_map(|car| {
            let (along, _) = place(car.rect_px.center);
            let half = car.rect_px.length * detection.gsd_m / 2.0;
            [along - half, along + half]
        });
        let (from, to) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), end| (a.min(end), b.max(end)));
        if to - from > *LENGTH_RANGE_M.end() {
            return;
        }
        let middle = (from + to) / 2.0 / detection.gsd_m;
        let center = Point::new(rect.center.x + middle * c, rect.center.y + middle * s);
        let merged =
            shape(Some(&was.car), OrientedRect { center, length: (to - from) / detection.gsd_m, ..rect }, detection.gsd_m);
        let from = [was.car.clone(), other.clone()].map(|car| self.as_found(side, Judged { picture: was.picture, car }));
        self.outline(How::Merge, from.into(), vec![Judged { picture: was.picture, car: merged }], time);
    }

    pub(super) fn reshape(&mut self, of: &str, how: How, time: Option<String>, to: impl Fn(&OrientedRect, f64) -> OrientedRect) {
        let Some(was) = self.shaped(of) else { return };
        let Some(gsd_m) = self.side_of(was.picture).and_then(|side| self.gsd_of_plan(side)) else { return };
        let car = shape(Some(&was.car), to(&was.car.rect_px, gsd_m), gsd_m);
        let within = self.side_of(was.picture).is_some_and(|side| self.shows(side, car.rect_px.center));
        if within && car.rect_px != was.car.rect_px {
            self.outline(how, vec![was.clone()], vec![Judged { car, ..was }], time);
        }
    }

    fn outline(&mut self, how: How, from: Vec<Judged>, to: Vec<Judged>, time: Option<String>) {
        if self.working() {
            return;
        }
        let place = to.first().cloned();
        self.correcting.edits.push(Edit::Outline(how, from, to), time);
        self.write_statement();
        if let Some(place) = place {
            self.select_place(&place);
        }
    }

    /// The car of a key, on the date it stands under: as a person outlined it, else as it was found.
    pub(super) fn shaped(&self, of: &str) -> Option<Judged> {
        let side = if of.starts_with('a') { Side::After } else { Side::Before };
        let detection = self.detection(side)?;
        let car = detection.railcars.iter().find(|car| super::show::key(side, car.id) == of)?;
        Some(self.as_found(side, Judged { picture: self.side(side)?, car: car.clone() }))
    }

    /// A car of the answer that is shown, with the confidence that was counted.
    fn as_found(&self, side: Side, judged: Judged) -> Judged {
        let plan = self.plan.as_ref();
        let found = plan.and_then(|plan| if side == Side::Before { plan.before.as_ref() } else { plan.after.as_ref() });
        let same = found.and_then(|d| d.railcars.iter().find(|c| c.id == judged.car.id && c.rect_px == judged.car.rect_px));
        Judged { car: same.cloned().unwrap_or(judged.car), ..judged }
    }

    /// True for a car that a person outlined.
    pub(super) fn is_placed(&self, side: Side, rect: &OrientedRect) -> bool {
        let Some(picture) = self.side(side).filter(|_| !self.correcting.edits.done.is_empty()) else { return false };
        self.said(picture).placed.iter().any(|own| own.rect_px == *rect)
    }

    /// The end that waits for the other.
    pub(super) fn marks_of_car(&self) -> (Vec<Mark>, Option<Stroke>) {
        let mark = |(side, at): (Side, Point)| Mark {
            pair: None,
            side,
            at: self.in_frame(side, at),
            label: String::new(),
            active: true,
        };
        (self.shaping.first.map(mark).into_iter().collect(), None)
    }

    /// Whether one end of a car is set.
    pub(super) fn shaping_began(&self) -> bool {
        self.shaping.first.is_some()
    }

    /// Selects the car of which the program is least sure, the next after the selected one.
    pub(super) fn select_next_uncertain(&mut self) {
        let mut doubtful: Vec<Car> = self.cars().into_iter().filter(|c| !c.accepted && !c.placed && c.is_listed()).collect();
        doubtful.sort_by(|a, b| a.confidence.total_cmp(&b.confidence).then_with(|| a.key.cmp(&b.key)));
        let now = self.view.selected.as_ref().and_then(|key| doubtful.iter().position(|c| c.key == *key));
        let next = doubtful.get(now.map_or(0, |at| at + 1)).or(doubtful.first());
        self.view.selected = next.map(|c| c.key.clone());
    }
}

/// A car with this outline; of one that was there before it keeps what it is.
fn shape(was: Option<&Railcar>, rect_px: OrientedRect, gsd_m: f64) -> Railcar {
    Railcar {
        id: was.map_or(0, |car| car.id),
        rect_px,
        length_m: rect_px.length * gsd_m,
        width_m: rect_px.width * gsd_m,
        confidence: 1.0,
        track: was.map_or(0, |car| car.track),
        along_m: was.map_or(0.0, |car| car.along_m),
        car_type: was.map_or(CarType::Unknown, |car| car.car_type),
    }
}

/// Both ends on the track that runs along them, where one does.
pub(super) fn on_track(ends: [Point; 2], detection: &Detection) -> [Point; 2] {
    let reach = ON_TRACK_M / detection.gsd_m;
    let near = detection.tracks.iter().filter_map(|track| {
        let feet = [foot_on_line(ends[0], &track.line_px)?, foot_on_line(ends[1], &track.line_px)?];
        let farthest = feet[0].distance.max(feet[1].distance);
        let on = |along: f64| crate::geometry::point_along(&track.line_px, along);
        (farthest <= reach).then_some((farthest, [on(feet[0].along)?, on(feet[1].along)?]))
    });
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(ends, |(_, ends)| ends)
}

pub(super) fn usual_width_px(detection: &Detection) -> f64 {
    let mut widths: Vec<f64> = detection.railcars.iter().map(|car| car.rect_px.width).collect();
    widths.sort_by(f64::total_cmp);
    widths.get(widths.len() / 2).copied().unwrap_or(WIDTH_M / detection.gsd_m)
}
