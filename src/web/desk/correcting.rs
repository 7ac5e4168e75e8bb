//! A person's corrections: single cars accepted or rejected, tracks drawn or deleted, one undo for all of them, and counting again.
//!
//! ```text
//! accept, reject, draw, delete ─▶ edits ─▶ put into the answer shown at once
//!                                   └────▶ count again ─▶ plan (walks again) ─▶ what changed
//! ```

use super::Desk;
use super::bending::Doing;
use super::edits::{Edit, Edits, Judged, Said, Verdict};
use super::show::key;
use crate::corrections::{ByDate, Corrections, is_same_car};
use crate::geometry::OrientedRect;
use crate::pipeline::{Plan, Request, Side, TrackEdits};
use crate::web::correction_views::{ChangeView, CorrectionsView, PartView};
use crate::web::snapshot::{Car, CarStatus};
use crate::yard::{Detection, Railcar};
use serde_json::{Value, json};

/// Everything that was corrected.
#[derive(Debug, Default)]
pub(super) struct Correcting {
    pub(super) edits: Edits,
    /// The pair of images they belong to.
    images: Option<(u32, u32)>,
    /// The answer that is being counted again, as it was counted.
    last: Option<Box<Plan>>,
    changes: Vec<ChangeView>,
    /// How many of the edits the count knows, the first ones; `None` where one of those was undone.
    counted: Option<usize>,
}

impl Correcting {
    /// Begins with these corrections of this pair of images.
    pub(super) fn begin(&mut self, edits: Edits, images: (u32, u32)) {
        *self = Self { edits, images: Some(images), ..Self::default() };
    }

    /// Images go by other ids.
    pub(super) fn rename(&mut self, name: &impl Fn(u32) -> u32) {
        self.images = self.images.map(|(before, after)| (name(before), name(after)));
        for (edit, _) in self.edits.done.iter_mut().chain(&mut self.edits.undone) {
            if let Some(renamed) = edit.with_pictures(&|id| Some(name(id))) {
                *edit = renamed;
            }
        }
    }
}

/// What was said of the cars of one date.
pub(super) struct Told {
    said: Said,
    gsd_m: f64,
}

impl Told {
    /// True for a car that was accepted.
    pub fn accepted(&self, rect: &OrientedRect) -> bool {
        let last = self.said.judged.iter().find(|(_, car)| is_same_car(&car.rect_px, rect, self.gsd_m));
        last.is_some_and(|(verdict, _)| *verdict == Verdict::Accepted)
    }

    /// True for a car that a person outlined.
    pub fn placed(&self, rect: &OrientedRect) -> bool {
        self.said.placed.iter().any(|own| own.rect_px == *rect)
    }
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
            placed: false,
            car_type: self.car.car_type,
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
        let same = |j: &Judged| {
            let side = self.side_of(j.picture);
            let placed = side.is_some_and(|side| self.is_placed(side, &j.car.rect_px));
            (placed && verdict == Verdict::Accepted) || self.verdict_on(self.side_of(j.picture), &j.car.rect_px) == Some(verdict)
        };
        if judged.is_empty() || judged.iter().all(same) {
            return;
        }
        let place = judged[0].clone();
        self.correcting.edits.push(Edit::Cars(verdict, judged), at);
        self.write_statement();
        self.select_place(&place);
    }

    /// The cars that a key of the list stands for.
    pub(super) fn judged(&self, of: &str) -> Vec<Judged> {
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
            let cars = self.detection(side).into_iter().flat_map(|d| &d.railcars);
            let named = cars.filter(|c| [Some(of), partner.as_deref()].contains(&Some(key(side, c.id).as_str())));
            let as_counted = |car: &Railcar| {
                let found = counted.and_then(|d| d.railcars.iter().find(|c| c.id == car.id));
                found.filter(|_| !self.is_placed(side, &car.rect_px)).unwrap_or(car).clone()
            };
            judged.extend(named.map(|car| Judged { picture, car: as_counted(car) }));
        }
        judged
    }

    /// The row at this place is selected, under whatever key it goes by now.
    pub(super) fn select_place(&mut self, place: &Judged) {
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
        let Some((edit, at)) = self.correcting.edits.done.pop() else { return };
        self.correcting.edits.undone.push((edit.clone(), at));
        let left = self.correcting.edits.done.len();
        self.correcting.counted = self.correcting.counted.filter(|counted| *counted <= left);
        self.show_edit(&edit);
    }

    /// Does again what was taken back last.
    pub(super) fn redo_edit(&mut self) {
        if self.working() {
            return;
        }
        let Some((edit, at)) = self.correcting.edits.undone.pop() else { return };
        self.correcting.edits.done.push((edit.clone(), at));
        self.show_edit(&edit);
    }

    /// The answer follows, and the car that the edit was about is selected.
    fn show_edit(&mut self, edit: &Edit) {
        self.write_statement();
        if let Edit::Cars(_, judged) | Edit::Outline(_, judged, _) = edit
            && let Some(place) = judged.first()
        {
            self.select_place(place);
        }
        self.view.selected = self.view.selected.take().filter(|key| self.has_car(key));
    }

    /// Keeps a correction of a track.
    pub(super) fn keep_track_edit(&mut self, edit: Edit, at: Option<String>) {
        self.correcting.edits.push(edit, at);
    }

    /// Counts anew, with what the corrections teach.
    pub(super) fn count_again(&mut self) {
        if self.working() || !self.pending() {
            return;
        }
        let (corrections, tracks) = (self.taught(), self.track_edits());
        let shown = self.shown_plan().cloned();
        let Some(plan) = self.plan.as_mut().filter(|plan| plan.comparison.is_some()) else { return };
        self.correcting.last = Some(Box::new(plan.clone()));
        plan.tell(corrections, tracks);
        self.ready = plan.ready();
        self.correcting.counted = Some(self.correcting.edits.done.len());
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
        self.with_these(&self.correcting.edits, request, before, after)
    }

    fn with_these(&self, edits: &Edits, request: Request, before: u32, after: u32) -> Request {
        let [before_told, after_told] = [before, after].map(|id| self.corrections_of(edits, id).taught());
        let corrections = ByDate { before: before_told, after: after_told };
        Request { corrections, track_edits: edits.tracks(), tracks_before_px: self.tracks_of_file(before), ..request }
    }

    /// How many of the edits the count knows; `None`: all, or one that was undone since.
    pub(super) fn counted_edits(&self) -> Option<u32> {
        self.correcting.counted.filter(|counted| *counted < self.correcting.edits.done.len()).map(|counted| counted as u32)
    }

    /// The count that begins knows the first edits alone, as that of the saved project did; the others are put into it.
    pub(super) fn count_first(&mut self, counted: usize) {
        let (Some(before), Some(after), Some(plan)) = (self.before, self.after, &self.plan) else { return };
        let first = Edits { done: self.correcting.edits.done.iter().take(counted).cloned().collect(), undone: Vec::new() };
        let request = self.with_these(&first, plan.request.clone(), before, after);
        self.correcting.counted = Some(counted);
        if let Some(plan) = &mut self.plan {
            plan.request = request;
            self.ready = plan.ready();
        }
    }

    /// Corrections belong to a pair of images: they turn round with it and go when it changes.
    pub(super) fn keep_edits_for(&mut self, before: u32, after: u32) {
        let turned = self.correcting.images == Some((after, before));
        if turned {
            let to_after = self.plan.as_ref().and_then(|plan| plan.transform()?.inverse());
            self.correcting.edits.turn(to_after);
        } else if self.correcting.images != Some((before, after)) {
            self.correcting.edits = Edits::default();
        }
        self.correcting.images = Some((before, after));
        self.correcting.counted = Some(self.correcting.edits.done.len());
        (self.correcting.last, self.correcting.changes) = (None, Vec::new());
        self.drop_track();
        self.tracing.selected = None;
    }

    pub(super) fn side_of(&self, picture: u32) -> Option<Side> {
        [Side::Before, Side::After].into_iter().find(|side| self.side(*side) == Some(picture))
    }

    /// Corrections of both dates.
    fn corrections(&self) -> ByDate {
        let of = |side| self.side(side).map(|id| self.corrections_of(&self.correcting.edits, id)).unwrap_or_default();
        ByDate { before: of(Side::Before), after: of(Side::After) }
    }

    /// Corrections of one image; of several about one place the last counts. Areas are drawn in *before*.
    fn corrections_of(&self, edits: &Edits, picture: u32) -> Corrections {
        let areas = edits.areas();
        let areas = match self.side_of(picture) {
            Some(Side::After) => self.plan.as_ref().and_then(|plan| plan.transform()?.inverse()).map(|t| areas.carried(&t)),
            _ => Some(areas),
        };
        self.said_in(edits, picture).corrections(areas.unwrap_or_default())
    }

    pub(super) fn said(&self, picture: u32) -> Said {
        self.said_in(&self.correcting.edits, picture)
    }

    fn said_in(&self, edits: &Edits, picture: u32) -> Said {
        let gsd_m = self.side_of(picture).and_then(|side| self.gsd_of_plan(side)).unwrap_or(1.0);
        edits.said(picture, gsd_m)
    }

    /// Metres a pixel, as the plan has them.
    pub(super) fn gsd_of_plan(&self, side: Side) -> Option<f64> {
        self.detection(side).map(|d| d.gsd_m).or_else(|| self.picture(self.side(side)?)?.gsd().map(|(gsd_m, _)| gsd_m))
    }

    fn verdict_on(&self, side: Option<Side>, rect: &OrientedRect) -> Option<Verdict> {
        let side = side?;
        let gsd_m = self.gsd_of_plan(side)?;
        let said = self.said(self.side(side)?);
        said.judged.into_iter().find(|(_, car)| is_same_car(&car.rect_px, rect, gsd_m)).map(|(verdict, _)| verdict)
    }

    /// What was said of a date's cars, folded once for all of them; `None` while nothing was.
    pub(super) fn told(&self, side: Side) -> Option<Told> {
        let picture = self.side(side).filter(|_| !self.correcting.edits.done.is_empty())?;
        Some(Told { said: self.said(picture), gsd_m: self.gsd_of_plan(side).unwrap_or(1.0) })
    }

    /// The rejected cars of a date.
    pub(super) fn rejected(&self, side: Side) -> Vec<Ghost> {
        let Some(picture) = self.side(side) else { return Vec::new() };
        let rejected = self.said(picture).judged.into_iter().filter(|(verdict, _)| *verdict == Verdict::Rejected);
        let ghost = |(n, (_, car)): (usize, (Verdict, Railcar))| Ghost {
            key: format!("x{}{n}", key(side, car.id)),
            rect_px: car.rect_px,
            car,
        };
        rejected.enumerate().map(ghost).collect()
    }

    /// Tracks drawn and deleted, in pixels of *before*.
    pub(super) fn track_edits(&self) -> TrackEdits {
        self.correcting.edits.tracks()
    }

    /// What the detector may learn from the corrections.
    fn taught(&self) -> ByDate {
        let ByDate { before, after } = self.corrections();
        ByDate { before: before.taught(), after: after.taught() }
    }

    /// Whether something was corrected since the last count.
    fn pending(&self) -> bool {
        let told = self.plan.as_ref().map(|plan| (&plan.request.corrections, &plan.request.track_edits));
        told.is_some_and(|told| told != (&self.taught(), &self.track_edits()))
    }

    /// What was corrected, for the report, in order.
    pub(super) fn correction_edits(&self) -> Vec<Value> {
        let mut told = self.told_edits();
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
            can_redo: !self.correcting.edits.undone.is_empty() && self.tracing.drawn.is_none(),
            placed: [Side::Before, Side::After]
                .into_iter()
                .filter_map(|side| self.side(side))
                .map(|id| self.said(id).placed.len())
                .sum(),
            areas: {
                let areas = self.correcting.edits.areas();
                areas.count_in.len() + areas.leave_out.len() + areas.gantries.len()
            },
            parts: self.parts(),
            can_undo: !self.correcting.edits.done.is_empty() || self.tracing.drawn.is_some(),
            pending: self.pending(),
            changes: self.correcting.changes.clone(),
            tracks: self.track_views(),
            drawing: self.tracing.drawn.as_ref().map(Vec::len),
            doing: match self.tracing.doing {
                Doing::Nothing => None,
                Doing::Cut => Some("cut"),
                Doing::Bend => Some("bend"),
                Doing::BendTo(_) => Some("bendTo"),
            },
            corners: self.corners_set(),
            car_began: self.shaping_began(),
            tracks_file: self.tracing.file.as_ref().map(|file| file.name.clone()),
        }
    }

    /// What of each count the program found, and what the person made of it.
    fn parts(&self) -> Vec<PartView> {
        let part = |side: Side| {
            let found = self
                .plan
                .as_ref()
                .and_then(|plan| if side == Side::Before { plan.before.as_ref() } else { plan.after.as_ref() })?;
            let shown = self.corrected.as_ref().and(self.detection(side))?;
            let there = |ids: &Detection, id: u32| ids.railcars.iter().any(|c| c.id == id);
            let added = shown.railcars.iter().filter(|c| !there(found, c.id)).count();
            let taken = found.railcars.iter().filter(|c| !there(shown, c.id)).count();
            let outlined = self.said(self.side(side)?).placed.len() - added.min(self.said(self.side(side)?).placed.len());
            (added + taken + outlined > 0).then_some(PartView { side, found: found.count, added, taken, outlined })
        };
        [Side::After, Side::Before].into_iter().filter_map(part).collect()
    }
}
