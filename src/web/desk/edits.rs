//! What a person corrected, in order: single cars, tracks, areas. Undo and redo go through the list without limit; what it says of an image is
//! folded from it anew each time, so nothing has to be taken back.

use super::Desk;
use crate::corrections::{Areas, Corrections, Placed, is_same_car};
use crate::geometry::{Point, REACH_PX};
use crate::pipeline::{Side, TrackEdits};
use crate::report::json::round_to;
use crate::yard::Railcar;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What a person says of a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::web) enum Verdict {
    Accepted,
    Rejected,
}

/// How cars were outlined by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) enum How {
    Add,
    Redraw,
    Move,
    Stretch,
    Split,
    Merge,
    Retype,
}

/// One correction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::web) enum Edit {
    /// Of a car, or of the two at one place.
    Cars(Verdict, Vec<Judged>),
    /// Cars outlined by hand, and those whose place they take.
    Outline(How, Vec<Judged>, Vec<Judged>),
    /// A track that was drawn, in pixels of *before*.
    Draw(Vec<Point>),
    /// A track that is none, in pixels of *before*.
    Delete(Vec<Point>),
    /// A track that lies otherwise: the line as it was, and what it is now, in pixels of *before*.
    Reline(Reline, Vec<Point>, Vec<Vec<Point>>),
    /// An area to count in or to leave out, or a gantry, in pixels of *before*.
    Area(AreaKind, Vec<Point>),
    /// All areas are taken away.
    ForgetAreas,
}

/// How a track was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::web) enum Reline {
    /// A vertex of it was moved, or a new one set.
    Bend,
    /// It was cut in two.
    Cut,
}

/// What an area is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AreaKind {
    /// Cars are counted in it alone.
    CountIn,
    /// No car is counted in it.
    LeaveOut,
    /// A gantry hides what stands under it; nothing is claimed of it.
    Gantry,
}

/// A car as it was when a person judged it, or as a person outlined it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::web) struct Judged {
    pub picture: u32,
    pub car: Railcar,
}

impl Judged {
    fn is_in_reach(&self) -> bool {
        let car = &self.car;
        let sizes_m = [car.length_m, car.width_m].iter().all(|m| (0.0..=REACH_PX).contains(m));
        car.rect_px.is_in_reach() && sizes_m && (0.0..=1.0).contains(&car.confidence) && car.along_m.abs() <= 100.0 * REACH_PX
    }
}

/// The list, and what was taken back from its end.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Edits {
    /// In order, each with its time.
    pub done: Vec<(Edit, Option<String>)>,
    pub undone: Vec<(Edit, Option<String>)>,
}

/// What was said of the cars of one image.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// Of cars that were found: the last word on each.
    pub judged: Vec<(Verdict, Railcar)>,
    /// Cars that were found and make room for outlined ones.
    pub replaced: Vec<Railcar>,
    /// Cars outlined by hand.
    pub placed: Vec<Railcar>,
}

impl Edit {
    /// Images whose cars it is about.
    pub fn pictures(&self) -> Vec<u32> {
        match self {
            Edit::Cars(_, judged) => judged.iter().map(|j| j.picture).collect(),
            Edit::Outline(_, from, to) => from.iter().chain(to).map(|j| j.picture).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether everything in it lies where an image may be.
    pub fn is_in_reach(&self) -> bool {
        let cars = |judged: &[Judged]| judged.iter().all(|j| j.is_in_reach());
        let line = |line: &[Point]| line.iter().all(|p| p.is_in_reach());
        match self {
            Edit::Cars(_, judged) => cars(judged),
            Edit::Outline(_, from, to) => cars(from) && cars(to),
            Edit::Draw(one) | Edit::Delete(one) | Edit::Area(_, one) => line(one),
            Edit::Reline(_, was, now) => line(was) && now.iter().all(|one| line(one)),
            Edit::ForgetAreas => true,
        }
    }

    /// The same in images of other sizes: `of` gives for each image how many times the pixels it has along each side now, `before` for the older one.
    pub fn scaled(&self, of: &impl Fn(u32) -> f64, before: f64) -> Self {
        let cars = |judged: &[Judged]| -> Vec<Judged> {
            let scaled = |j: &Judged| Railcar { rect_px: j.car.rect_px.scaled(of(j.picture)), ..j.car.clone() };
            judged.iter().map(|j| Judged { picture: j.picture, car: scaled(j) }).collect()
        };
        let line = |line: &[Point]| -> Vec<Point> { line.iter().map(|p| p.scaled(before)).collect() };
        match self {
            Edit::Cars(verdict, judged) => Edit::Cars(*verdict, cars(judged)),
            Edit::Outline(how, from, to) => Edit::Outline(*how, cars(from), cars(to)),
            Edit::Draw(drawn) => Edit::Draw(line(drawn)),
            Edit::Delete(found) => Edit::Delete(line(found)),
            Edit::Reline(how, was, now) => Edit::Reline(*how, line(was), now.iter().map(|one| line(one)).collect()),
            Edit::Area(kind, corners) => Edit::Area(*kind, line(corners)),
            Edit::ForgetAreas => Edit::ForgetAreas,
        }
    }

    /// The same with images called otherwise; `None` when one has no other name.
    pub fn with_pictures(&self, name: &impl Fn(u32) -> Option<u32>) -> Option<Self> {
        let renamed = |judged: &[Judged]| -> Option<Vec<Judged>> {
            judged.iter().map(|j| Some(Judged { picture: name(j.picture)?, car: j.car.clone() })).collect()
        };
        Some(match self {
            Edit::Cars(verdict, judged) => Edit::Cars(*verdict, renamed(judged)?),
            Edit::Outline(how, from, to) => Edit::Outline(*how, renamed(from)?, renamed(to)?),
            other => other.clone(),
        })
    }
}

impl Edits {
    /// Does one more; what was undone before can't come back.
    pub fn push(&mut self, edit: Edit, at: Option<String>) {
        self.undone.clear();
        // A car that is moved step by step is moved once; the same for its length.
        if let (Edit::Outline(how @ (How::Move | How::Stretch), from, to), Some((Edit::Outline(last, _, was), time))) =
            (&edit, self.done.last_mut())
            && how == last
            && was.iter().map(|j| j.car.rect_px).eq(from.iter().map(|j| j.car.rect_px))
        {
            (*was, *time) = (to.clone(), at);
            return;
        }
        self.done.push((edit, at));
    }

    /// Images whose cars anything is about, undone or not.
    pub fn pictures(&self) -> Vec<u32> {
        self.done.iter().chain(&self.undone).flat_map(|(edit, _)| edit.pictures()).collect()
    }

    /// Everything that was said of one image's cars.
    pub fn said(&self, picture: u32, gsd_m: f64) -> Said {
        let mut said = Said::default();
        let same = |a: &Railcar, b: &Railcar| is_same_car(&a.rect_px, &b.rect_px, gsd_m);
        for (edit, _) in &self.done {
            match edit {
                Edit::Cars(verdict, judged) => {
                    for Judged { car, .. } in judged.iter().filter(|j| j.picture == picture) {
                        said.judged.retain(|(_, other)| !same(other, car));
                        let placed = said.placed.iter().any(|own| own.rect_px == car.rect_px);
                        if placed && *verdict == Verdict::Rejected {
                            said.placed.retain(|own| own.rect_px != car.rect_px);
                        }
                        // A car that only a person put there is gone without a trace.
                        if !placed {
                            said.judged.push((*verdict, car.clone()));
                        }
                    }
                }
                Edit::Outline(_, from, to) => {
                    for Judged { car, .. } in from.iter().filter(|j| j.picture == picture) {
                        said.judged.retain(|(_, other)| !same(other, car));
                        match said.placed.iter().position(|own| own.rect_px == car.rect_px) {
                            Some(at) => drop(said.placed.remove(at)),
                            None => said.replaced.push(car.clone()),
                        }
                    }
                    for Judged { car, .. } in to.iter().filter(|j| j.picture == picture) {
                        said.judged.retain(|(_, other)| !same(other, car));
                        said.placed.push(car.clone());
                    }
                }
                _ => {}
            }
        }
        said
    }

    /// Tracks drawn and deleted, in pixels of *before*.
    pub fn tracks(&self) -> TrackEdits {
        let mut edits = TrackEdits::default();
        for (edit, _) in &self.done {
            match edit {
                Edit::Draw(line) => edits.added_px.push(line.clone()),
                // What was drawn and deleted again is as if it had never been drawn.
                Edit::Delete(line) if edits.added_px.contains(line) => edits.added_px.retain(|added| added != line),
                Edit::Delete(line) => edits.deleted_px.push(line.clone()),
                Edit::Reline(_, from, to) => {
                    match edits.added_px.iter().position(|added| added == from) {
                        Some(at) => drop(edits.added_px.remove(at)),
                        None => edits.deleted_px.push(from.clone()),
                    }
                    edits.added_px.extend(to.iter().cloned());
                }
                _ => {}
            }
        }
        edits
    }

    /// Where cars count, in pixels of *before*.
    pub fn areas(&self) -> Areas {
        let mut areas = Areas::default();
        for (edit, _) in &self.done {
            match edit {
                Edit::Area(AreaKind::CountIn, area) => areas.count_in.push(area.clone()),
                Edit::Area(AreaKind::LeaveOut, area) => areas.leave_out.push(area.clone()),
                Edit::Area(AreaKind::Gantry, area) => areas.gantries.push(area.clone()),
                Edit::ForgetAreas => areas = Areas::default(),
                _ => {}
            }
        }
        areas
    }

    /// What is drawn in pixels of *before* goes through `to_new`, the way into the image that is *before* now; without one it is lost.
    pub fn turn(&mut self, to_new: Option<crate::geometry::Transform>) {
        let keep = |(edit, _): &mut (Edit, Option<String>)| match (edit, to_new) {
            (Edit::Cars(..) | Edit::Outline(..) | Edit::ForgetAreas, _) => true,
            (Edit::Draw(line) | Edit::Delete(line) | Edit::Area(_, line), Some(to_new)) => {
                line.iter_mut().for_each(|p| *p = to_new.apply(*p));
                true
            }
            (Edit::Reline(_, from, to), Some(to_new)) => {
                from.iter_mut().chain(to.iter_mut().flatten()).for_each(|p| *p = to_new.apply(*p));
                true
            }
            // Without a way between the images nobody knows where it lies in the other.
            _ => false,
        };
        self.done.retain_mut(keep);
        self.undone.retain_mut(keep);
    }
}

impl Said {
    /// As the core takes it, in an image's own pixels.
    pub fn corrections(&self, areas: Areas) -> Corrections {
        let of = |wanted: Verdict| self.judged.iter().filter(move |(verdict, _)| *verdict == wanted).map(|(_, car)| car.rect_px);
        Corrections {
            accepted: of(Verdict::Accepted).collect(),
            rejected: of(Verdict::Rejected).chain(self.replaced.iter().map(|car| car.rect_px)).collect(),
            placed: self.placed.iter().map(|car| Placed { rect_px: car.rect_px, car_type: car.car_type }).collect(),
            areas,
        }
    }
}

impl Desk {
    /// What was corrected, for the report, in order.
    pub(super) fn told_edits(&self) -> Vec<Value> {
        let mut told = Vec::new();
        let outline = |car: &Railcar| car.rect_px.corners().map(<[f64; 2]>::from).map(|p| p.map(|v| round_to(v, 2)));
        for (edit, at) in &self.correcting.edits.done {
            match edit {
                Edit::Cars(verdict, judged) => told.extend(judged.iter().map(|Judged { picture, car }| {
                    let name = if *verdict == Verdict::Accepted { "accept-railcar" } else { "reject-railcar" };
                    let confidence = round_to(car.confidence, 4);
                    json!({ "edit": name, "image": self.side_of(*picture), "polygon_px": outline(car), "confidence": confidence, "at": at })
                })),
                Edit::Outline(how, from, to) => {
                    let image = to.first().or(from.first()).and_then(|j| self.side_of(j.picture));
                    let outlines = |cars: &[Judged]| cars.iter().map(|j| outline(&j.car)).collect::<Vec<_>>();
                    let types: Vec<_> = to.iter().map(|j| j.car.car_type).collect();
                    let name = format!("{}-railcar", serde_json::to_value(how).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default());
                    told.push(json!({ "edit": name, "image": image, "from_px": outlines(from), "to_px": outlines(to), "types": types, "at": at }));
                }
                Edit::Draw(line) => told.push(json!({ "edit": "draw-track", "image": Side::Before, "line_px": line, "at": at })),
                Edit::Delete(line) => told.push(json!({ "edit": "delete-track", "image": Side::Before, "line_px": line, "at": at })),
                Edit::Reline(how, from, to) => {
                    let name = if *how == Reline::Bend { "bend-track" } else { "cut-track" };
                    told.push(json!({ "edit": name, "image": Side::Before, "from_px": from, "to_px": to, "at": at }));
                }
                Edit::Area(kind, area) => {
                    let name = match kind {
                        AreaKind::CountIn => "count-in-area",
                        AreaKind::LeaveOut => "leave-out-area",
                        AreaKind::Gantry => "draw-gantry",
                    };
                    told.push(json!({ "edit": name, "image": Side::Before, "polygon_px": area, "at": at }));
                }
                Edit::ForgetAreas => told.push(json!({ "edit": "forget-areas", "at": at })),
            }
        }
        told
    }
}
