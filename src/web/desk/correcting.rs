//! A person's corrections: single cars accepted or rejected, tracks drawn or deleted, one undo for all of them, and counting again.
//!
//! ```text
//! accept, reject, draw, delete ─▶ edits ─▶ put into the answer shown at once
//!                                   └────▶ count again ─▶ plan (walks again) ─▶ what changed
//! ```

use super::Desk;
use super::show::key;
use crate::corrections::{ByDate, Corrections, is_same_car};
use crate::geometry::{OrientedRect, Point};
use crate::pipeline::{Plan, Request, Side, TrackEdits};
use crate::web::correction_views::{ChangeView, CorrectionsView};
use crate::web::snapshot::{Car, CarStatus};
use crate::yard::{Detection, Railcar};
use serde_json::{Value, json};

/// What a person says of a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    Rejected,
}

/// One correction.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    /// Of a car, or of the two at one place.
    Cars(Verdict, Vec<Judged>),
    /// A track that was drawn, in pixels of *before*.
    Draw(Vec<Point>),
    /// A track that is none, in pixels of *before*.
    Delete(Vec<Point>),
}

/// A car as it was when a person judged it.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    picture: u32,
    car: Railcar,
}

/// Everything that was corrected.
#[derive(Debug, Default)]
pub(super) struct Correcting {
    /// In order, each with its time.
    edits: Vec<(Edit, Option<String>)>,
    /// The pair of images they belong to.
    images: Option<(u32, u32)>,
    /// The answer that is being counted again, as it was counted.
    last: Option<Box<Plan>>,
    changes: Vec<ChangeView>,
}

/// A rejected car, which stays in sight.
pub(super) struct Ghost {
    pub key: String,
    pub rect_px: OrientedRect,
    car: Railcar,
}

impl Ghost {
    /// Its row in the list.
    pub fn car(self, side: Side, selected: Option<&str>) -> Car {
        Car {
            selected: selected == Some(self.key.as_str()),
            key: self.key,
            side,
            status: CarStatus::Rejected,
            id: self.car.id,
            pair: None,
            length_m: self.car.length_m,
            width_m: self.car.width_m,
            confidence: self.car.confidence,
            track: self.car.track,
            accepted: false,
        }
    }
}

impl Desk {
    /// The answer as it is shown: with every correction put in, counted or not.
    pub(super) fn shown_plan(&self) -> Option<&Plan> {
        self.corrected.as_ref().or(self.plan.as_ref())
    }

    /// A person says of the car with this key, and of the one at the same place on the other date, whether it stands there.
    pub(super) fn judge_car(&mut self, of: &str, verdict: Verdict, at: Option<String>) {
        if self.working() {
            return;
        }
        let judged = self.judged(of);
        let same = |j: &Judged| self.verdict_on(self.side_of(j.picture), &j.car.rect_px) == Some(verdict);
        if judged.is_empty() || judged.iter().all(same) {
            return;
        }
        let place = judged[0].clone();
        self.correcting.edits.push((Edit::Cars(verdict, judged), at));
        self.write_statement();
        self.select_place(&place);
    }

    /// The cars that a key of the list stands for.
    fn judged(&self, of: &str) -> Vec<Judged> {
        let mut judged = Vec::new();
        for side in [Side::After, Side::Before] {
            let Some(picture) = self.side(side) else { continue };
            if let Some(ghost) = self.rejected(side).into_iter().find(|g| g.key == of) {
                return vec![Judged { picture, car: ghost.car }];
            }
            let partner = self.cars().into_iter().find(|c| c.key == of).and_then(|c| c.pair);
            // As they were counted: what was said of them since is no part of what was believed.
            let counted =
                self.plan.as_ref().and_then(|plan| if side == Side::Before { plan.before.as_ref() } else { plan.after.as_ref() });
            let cars = counted.into_iter().flat_map(|d| &d.railcars);
            let named = cars.filter(|c| [Some(of), partner.as_deref()].contains(&Some(key(side, c.id).as_str())));
            judged.extend(named.map(|car| Judged { picture, car: car.clone() }));
        }
        judged
    }

    /// The row at this place is selected, under whatever key it goes by now.
    fn select_place(&mut self, place: &Judged) {
        let Some(side) = self.side_of(place.picture) else { return };
        let gsd_m = self.detection(side).map_or(1.0, |d| d.gsd_m);
        let ghost = self.rejected(side).into_iter().find(|g| is_same_car(&g.rect_px, &place.car.rect_px, gsd_m)).map(|g| g.key);
        let cars = self.detection(side).into_iter().flat_map(|d| &d.railcars);
        let found = cars.filter(|c| is_same_car(&c.rect_px, &place.car.rect_px, gsd_m)).map(|c| key(side, c.id)).next();
        self.view.selected = ghost.or(found).filter(|key| self.has_car(key)).or(self.view.selected.take());
    }

    /// Takes the last correction back.
    pub(super) fn undo_edit(&mut self) {
        if self.working() {
            return;
        }
        // A point of a track that is being drawn goes first.
        if self.undo_track_point() {
            return;
        }
        let Some((edit, _)) = self.correcting.edits.pop() else { return };
        self.write_statement();
        if let Edit::Cars(_, judged) = &edit
            && let Some(place) = judged.first()
        {
            self.select_place(place);
        }
        self.view.selected = self.view.selected.take().filter(|key| self.has_car(key));
    }

    /// Keeps a correction of a track.
    pub(super) fn keep_track_edit(&mut self, edit: Edit, at: Option<String>) {
        self.correcting.edits.push((edit, at));
    }

    /// Counts anew, with what the corrections teach.
    pub(super) fn count_again(&mut self) {
        if self.working() || !self.pending() {
            return;
        }
        let (corrections, tracks) = (self.corrections(), self.track_edits());
        let shown = self.shown_plan().cloned();
        let Some(plan) = self.plan.as_mut().filter(|plan| plan.comparison.is_some()) else { return };
        self.correcting.last = Some(Box::new(plan.clone()));
        plan.tell(corrections, tracks);
        self.ready = plan.ready();
        self.corrected = shown;
        self.drop_track();
        self.tracing.selected = None;
        self.hand.tool = crate::web::command::Tool::None;
    }

    /// Once the new answer is there, it is told what changed.
    pub(super) fn counted_again(&mut self) {
        let Some(plan) = self.plan.as_ref().filter(|plan| plan.comparison.is_some()) else { return };
        let Some(last) = self.correcting.last.take() else { return };
        let corrections = &plan.request.corrections;
        let of = |side: Side, now: Option<&Detection>, was: Option<&Detection>, told: &Corrections| {
            let (now, was) = (now?, was?);
            let shown = told.put_in(was);
            let missing = |from: &Detection, other: &Detection| {
                let there = |c: &&Railcar| other.railcars.iter().any(|o| is_same_car(&o.rect_px, &c.rect_px, now.gsd_m));
                from.railcars.iter().filter(|c| !told.accepts(&c.rect_px, now.gsd_m) && !there(c)).count()
            };
            let (fewer, more) = (missing(&shown, now), missing(now, &shown));
            let told = (told.accepted.len(), told.rejected.len());
            let says = told != (0, 0) || fewer + more > 0 || now.count != was.count;
            says.then_some(ChangeView { side, accepted: told.0, rejected: told.1, now: now.count, was: was.count, fewer, more })
        };
        let changes = [
            of(Side::After, plan.after.as_ref(), last.after.as_ref(), &corrections.after),
            of(Side::Before, plan.before.as_ref(), last.before.as_ref(), &corrections.before),
        ];
        self.correcting.changes = changes.into_iter().flatten().collect();
        self.view.selected = None;
        self.corrected = None;
    }

    /// Puts the corrections into the answer that is shown; while it is counted again, the old one stays.
    pub(super) fn put_corrections_in(&mut self) {
        if self.correcting.last.is_some() {
            return;
        }
        let corrections = self.corrections();
        let answered = self.plan.as_ref().filter(|plan| plan.comparison.is_some() && !corrections.is_empty());
        self.corrected = answered.map(|plan| plan.put_in(&corrections));
    }

    /// A request that carries every correction.
    pub(super) fn with_edits(&self, request: Request, before: u32, after: u32) -> Request {
        let corrections = ByDate { before: self.corrections_of(before), after: self.corrections_of(after) };
        Request { corrections, track_edits: self.track_edits(), tracks_before_px: self.tracks_of_file(before), ..request }
    }

    /// Corrections belong to a pair of images: they turn round with it and go when it changes.
    pub(super) fn keep_edits_for(&mut self, before: u32, after: u32) {
        let turned = self.correcting.images == Some((after, before));
        if turned {
            let to_after = self.plan.as_ref().and_then(|plan| plan.transform()?.inverse());
            self.correcting.edits.retain_mut(|(edit, _)| match (edit, to_after) {
                (Edit::Cars(..), _) => true,
                (Edit::Draw(line) | Edit::Delete(line), Some(to_after)) => {
                    line.iter_mut().for_each(|p| *p = to_after.apply(*p));
                    true
                }
                // Without a way between the images nobody knows where it runs in the other.
                _ => false,
            });
        } else if self.correcting.images != Some((before, after)) {
            self.correcting.edits.clear();
        }
        self.correcting.images = Some((before, after));
        (self.correcting.last, self.correcting.changes) = (None, Vec::new());
        self.drop_track();
        self.tracing.selected = None;
    }

    fn side_of(&self, picture: u32) -> Option<Side> {
        [Side::Before, Side::After].into_iter().find(|side| self.side(*side) == Some(picture))
    }

    /// Corrections of both dates.
    fn corrections(&self) -> ByDate {
        let of = |side| self.side(side).map(|id| self.corrections_of(id)).unwrap_or_default();
        ByDate { before: of(Side::Before), after: of(Side::After) }
    }

    /// Corrections of one image; of several about one place the last counts.
    fn corrections_of(&self, picture: u32) -> Corrections {
        let mut corrections = Corrections::default();
        for (verdict, car) in self.judgements(picture) {
            match verdict {
                Verdict::Accepted => corrections.accepted.push(car.rect_px),
                Verdict::Rejected => corrections.rejected.push(car.rect_px),
            }
        }
        corrections
    }

    fn judgements(&self, picture: u32) -> Vec<(Verdict, Railcar)> {
        let gsd_m = self.side_of(picture).and_then(|side| self.gsd_of_plan(side)).unwrap_or(1.0);
        let mut last: Vec<(Verdict, Railcar)> = Vec::new();
        for (edit, _) in &self.correcting.edits {
            let Edit::Cars(verdict, judged) = edit else { continue };
            for Judged { car, .. } in judged.iter().filter(|j| j.picture == picture) {
                last.retain(|(_, other)| !is_same_car(&other.rect_px, &car.rect_px, gsd_m));
                last.push((*verdict, car.clone()));
            }
        }
        last
    }

    /// Metres a pixel, as the plan has them.
    fn gsd_of_plan(&self, side: Side) -> Option<f64> {
        self.detection(side).map(|d| d.gsd_m).or_else(|| self.picture(self.side(side)?)?.gsd().map(|(gsd_m, _)| gsd_m))
    }

    fn verdict_on(&self, side: Option<Side>, rect: &OrientedRect) -> Option<Verdict> {
        let side = side?;
        let gsd_m = self.gsd_of_plan(side)?;
        let judgements = self.judgements(self.side(side)?);
        judgements.into_iter().find(|(_, car)| is_same_car(&car.rect_px, rect, gsd_m)).map(|(verdict, _)| verdict)
    }

    /// True for a car that was accepted.
    pub(super) fn is_accepted(&self, side: Side, rect: &OrientedRect) -> bool {
        !self.correcting.edits.is_empty() && self.verdict_on(Some(side), rect) == Some(Verdict::Accepted)
    }

    /// The rejected cars of a date.
    pub(super) fn rejected(&self, side: Side) -> Vec<Ghost> {
        let Some(picture) = self.side(side) else { return Vec::new() };
        let rejected = self.judgements(picture).into_iter().filter(|(verdict, _)| *verdict == Verdict::Rejected);
        let ghost = |(n, (_, car)): (usize, (Verdict, Railcar))| Ghost {
            key: format!("x{}{n}", key(side, car.id)),
            rect_px: car.rect_px,
            car,
        };
        rejected.enumerate().map(ghost).collect()
    }

    /// Tracks drawn and deleted, in pixels of *before*.
    pub(super) fn track_edits(&self) -> TrackEdits {
        let mut edits = TrackEdits::default();
        for (edit, _) in &self.correcting.edits {
            match edit {
                Edit::Draw(line) => edits.added_px.push(line.clone()),
                // What was drawn and deleted again is as if it had never been drawn.
                Edit::Delete(line) if edits.added_px.contains(line) => edits.added_px.retain(|added| added != line),
                Edit::Delete(line) => edits.deleted_px.push(line.clone()),
                Edit::Cars(..) => {}
            }
        }
        edits
    }

    /// Whether something was corrected since the last count.
    fn pending(&self) -> bool {
        let told = self.plan.as_ref().map(|plan| (&plan.request.corrections, &plan.request.track_edits));
        told.is_some_and(|told| told != (&self.corrections(), &self.track_edits()))
    }

    /// What was corrected, for the report, in order.
    pub(super) fn correction_edits(&self) -> Vec<Value> {
        let mut told = Vec::new();
        for (edit, at) in &self.correcting.edits {
            match edit {
                Edit::Cars(verdict, judged) => told.extend(judged.iter().map(|Judged { picture, car }| {
                    let name = if *verdict == Verdict::Accepted { "accept-railcar" } else { "reject-railcar" };
                    let polygon = car.rect_px.corners().map(<[f64; 2]>::from).map(|p| p.map(|v| crate::report::json::round_to(v, 2)));
                    let confidence = crate::report::json::round_to(car.confidence, 4);
                    json!({ "edit": name, "image": self.side_of(*picture), "polygon_px": polygon, "confidence": confidence, "at": at })
                })),
                Edit::Draw(line) => told.push(json!({ "edit": "draw-track", "image": Side::Before, "line_px": line, "at": at })),
                Edit::Delete(line) => told.push(json!({ "edit": "delete-track", "image": Side::Before, "line_px": line, "at": at })),
            }
        }
        if !told.is_empty() {
            told.push(json!({ "edit": "count-again", "pending": self.pending() }));
        }
        told
    }

    /// What the shell shows of it.
    pub(super) fn corrections_view(&self) -> CorrectionsView {
        let ByDate { before, after } = self.corrections();
        let tracks = self.track_edits();
        CorrectionsView {
            accepted: before.accepted.len() + after.accepted.len(),
            rejected: before.rejected.len() + after.rejected.len(),
            tracks_edited: tracks.added_px.len() + tracks.deleted_px.len(),
            can_undo: !self.correcting.edits.is_empty() || self.tracing.drawn.is_some(),
            pending: self.pending(),
            changes: self.correcting.changes.clone(),
            tracks: self.track_views(),
            drawing: self.tracing.drawn.as_ref().map(Vec::len),
            tracks_file: self.tracing.file.as_ref().map(|file| file.name.clone()),
        }
    }
}
