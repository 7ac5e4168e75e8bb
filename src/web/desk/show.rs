//! What the shell and the map show of the desk.

use super::correcting::Told;
use super::{Caption, Desk, Fated, Outline, Rail, Sheet, Shown, Source};
use crate::align::Alignment;
use crate::compare::Comparison;
use crate::error::Warning;
use crate::geometry::{OrientedRect, Point, Transform};
use crate::pipeline::Side;
use crate::web::command::Tool;
use crate::web::picture::Picture;
use crate::web::snapshot::{
    AlignmentView, Car, CarStatus, Counts, DateView, ImageView, Images, Phase, Preliminary, ResidualView, Snapshot, Spare,
};
use crate::web::view::{Mode, View};
use crate::yard::{Detection, GsdSource, Railcar, Track};
use std::collections::{BTreeMap, BTreeSet};

impl Desk {
    /// The answer, once there is one.
    pub fn answer(&self) -> Option<&Comparison> {
        self.shown_plan()?.comparison.as_ref()
    }

    /// What the shell draws. `now_s` is any clock in seconds that doesn't go back.
    pub fn snapshot(&mut self, now_s: f64) -> Snapshot {
        let step = self.step(now_s);
        self.draw_whereabouts();
        let plan = self.plan.as_ref();
        let phase = match () {
            () if step.is_some() => Phase::Working,
            () if self.refused => Phase::Refused,
            () if self.answer().is_some() => Phase::Ready,
            () => Phase::Empty,
        };
        let used = [self.before, self.after];
        let spare = self.pictures.iter().filter(|p| p.info.is_some() && !used.contains(&Some(p.id)));
        Snapshot {
            phase,
            step,
            images: Images { before: self.image(Side::Before), after: self.image(Side::After) },
            spare: spare.map(|p| Spare { id: p.id, file: p.file.clone() }).collect(),
            order: self.order,
            alignment: plan.and_then(|p| p.alignment.as_ref()).map(|a| self.alignment_on_the_ground(a)),
            cars: self.cars(),
            in_view: self.view.follow.then(|| self.in_view.clone()),
            counts: Counts {
                before: self.detection(Side::Before).map(|d| d.count),
                after: self.detection(Side::After).map(|d| d.count),
                new: self.answer().map(|c| c.new_count),
                gone: self.answer().map(|c| c.gone_count),
            },
            preliminary: self.preliminary(),
            statement: self.statement.clone(),
            apart: self.apart(),
            view: self.view.clone(),
            hand: self.hand_view(),
            corrections: self.corrections_view(),
            place: self.place_view(),
            record: self.record_view(),
            project: self.project_view(),
            export: self.export_view(),
            problems: self.problems.clone(),
            offer: self.offer_view(),
            warnings: self.all_warnings(),
            synthetic: self.is_synthetic(),
        }
    }

    /// True when the program drew all that lies there.
    pub(super) fn is_synthetic(&self) -> bool {
        !self.pictures.is_empty() && self.pictures.iter().all(|p| p.synthetic)
    }

    /// What the map draws.
    pub fn sheet(&self) -> Sheet {
        let transform = self.plan.as_ref().and_then(|p| p.transform()).copied();
        let to_before = transform.unwrap_or(Transform::IDENTITY);
        let to_after = to_before.inverse().unwrap_or(Transform::IDENTITY);
        let before = self.shown(self.before, Transform::IDENTITY, Transform::IDENTITY);
        let after = self.shown(self.after, to_after, to_before);
        // Two pictures between which nobody knows the way are never drawn over each other, nor one's cars over the other.
        let apart = self.apart();
        let picking = self.hand.tool != Tool::None;
        let mut view = View { mode: if apart || picking { Mode::Side } else { self.view.mode }, ..self.view.clone() };
        view.layers.tracks |= self.hand.tool == Tool::Tracks;
        let (marks, line) = self.marks();
        let side_by_side = view.mode == Mode::Side;
        let fates = Fates::of(self.answer());
        let told = [Side::Before, Side::After].map(|side| self.told(side));
        // A place that is occupied on both dates is outlined once where they lie over each other: as *before* has it, or as a person outlined it in *after*.
        let by_hand: BTreeSet<u32> = match &told[1] {
            Some(told) => self
                .detection(Side::After)
                .iter()
                .flat_map(|d| &d.railcars)
                .filter(|c| told.placed(&c.rect_px))
                .map(|c| c.id)
                .collect(),
            None => BTreeSet::new(),
        };
        let mut outlines = Vec::new();
        for side in [Side::Before, Side::After] {
            let to_frame = if side == Side::Before { Transform::IDENTITY } else { to_before };
            let placed = side == Side::Before || transform.is_some() || apart;
            for car in self.detection(side).iter().filter(|_| placed).flat_map(|d| &d.railcars) {
                let (status, partner) = fates.of_car(side, car.id);
                let of_after = if side == Side::After { Some(car.id) } else { partner };
                let own = of_after.is_some_and(|id| by_hand.contains(&id));
                if status != CarStatus::Both || side_by_side || (side == Side::After) == own {
                    // A pair stands in the list under the key of *after*.
                    let key = if side == Side::Before { partner.map(|id| key(Side::After, id)) } else { None };
                    let corners = corners(&car.rect_px, &to_frame);
                    let key = key.unwrap_or_else(|| self::key(side, car.id));
                    let told = told[usize::from(side == Side::After)].as_ref();
                    let accepted = told.is_some_and(|told| told.accepted(&car.rect_px) || told.placed(&car.rect_px));
                    outlines.push(Outline { key, side, status, corners, accepted });
                }
            }
            for ghost in self.rejected(side).into_iter().filter(|_| placed) {
                let corners = corners(&ghost.rect_px, &to_frame);
                outlines.push(Outline { key: ghost.key, side, status: CarStatus::Rejected, corners, accepted: false });
            }
        }
        let change = before.clone().filter(|_| self.view.layers.change && self.answer().is_some());
        let change = change.zip(self.before.zip(self.after));
        let fated = |o: &Outline| {
            let came = o.status == CarStatus::New;
            (came || o.status == CarStatus::Gone).then_some(Fated { came, corners: o.corners })
        };
        Sheet {
            change: change.map(|(shown, (before, after))| Shown {
                source: Source::Change(before, after),
                cars: outlines.iter().filter_map(fated).collect(),
                ..shown
            }),
            before,
            after,
            resampled: transform.is_some_and(|t| t != Transform::IDENTITY),
            outlines,
            tracks: self.tracks(&to_before),
            residuals: self.residuals().filter(|_| self.view.layers.residuals).map(|(arrows, _)| arrows).unwrap_or_default(),
            marks,
            line,
            grounds: self.grounds(),
            picking,
            gsd_m: self.gsd(Side::Before).map(|(gsd_m, _)| gsd_m),
            apart,
            view,
        }
    }

    /// Key of the selected car.
    pub fn selected(&self) -> Option<String> {
        self.view.selected.clone()
    }

    /// The middle of a car in the map's frame.
    pub fn middle_of(&self, key: &str) -> Option<Point> {
        let outline = self.sheet().outlines.into_iter().find(|outline| outline.key == key)?;
        let [a, _, c, _] = outline.corners;
        Some(Point::new((a.x + c.x) / 2.0, (a.y + c.y) / 2.0))
    }

    /// Whether two images lie there that could not be laid over each other.
    fn apart(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.refusal().is_some())
    }

    /// Whether a car of this key is in the list.
    pub(super) fn has_car(&self, key: &str) -> bool {
        self.cars().iter().any(|car| car.key == key)
    }

    pub(super) fn detection(&self, side: Side) -> Option<&Detection> {
        let plan = self.shown_plan()?;
        match side {
            Side::Before => plan.before.as_ref(),
            Side::After => plan.after.as_ref(),
        }
    }

    /// What overviews say; nothing once the work has come to its end or was stopped.
    fn preliminary(&self) -> Preliminary {
        let Some(plan) = self.plan.as_ref().filter(|_| self.working() && !self.refused) else { return Preliminary::default() };
        Preliminary { before: plan.overview(Side::Before), after: plan.overview(Side::After), awaited: plan.awaits_overview() }
    }

    fn shown(&self, id: Option<u32>, to_image: Transform, to_frame: Transform) -> Option<Shown> {
        let picture = self.picture(id?)?;
        let info = picture.info.as_ref()?;
        let caption = picture.captured().map_or_else(|| Caption::of_file(&picture.file), |c| Caption::Date(c.date));
        Some(Shown {
            source: Source::Picture(picture.id),
            caption,
            width: info.width,
            height: info.height,
            to_image,
            to_frame,
            cars: Vec::new(),
        })
    }

    fn alignment_on_the_ground(&self, alignment: &Alignment) -> AlignmentView {
        let view = alignment_view(alignment);
        let ground = |gsd_m: f64| ResidualView {
            median: view.residual_px.median.map(|v| v * gsd_m),
            p95: view.residual_px.p95.map(|v| v * gsd_m),
            ..view.residual_px
        };
        let residual_m = self.gsd(Side::Before).map(|(gsd_m, _)| ground(gsd_m));
        AlignmentView { residual_m, exaggeration: self.residuals().map(|(_, times)| times), ..view }
    }

    pub(super) fn gsd(&self, side: Side) -> Option<(f64, GsdSource)> {
        let found = self.detection(side).map(|d| (d.gsd_m, d.gsd_from));
        found.or_else(|| self.picture(self.side(side)?)?.gsd())
    }

    fn image(&self, side: Side) -> Option<ImageView> {
        let picture: &Picture = self.picture(self.side(side)?)?;
        let info = picture.info.as_ref();
        let gsd = self.gsd(side);
        Some(ImageView {
            file: picture.file.clone(),
            width: info.map(|info| info.width),
            height: info.map(|info| info.height),
            bytes: picture.bytes,
            sha256: info.filter(|_| !picture.synthetic).map(|info| info.sha256.clone()),
            credentials: info.and_then(|info| info.credentials.clone()),
            format: info.map(|info| info.format.clone()),
            gsd_m: gsd.map(|(gsd_m, _)| gsd_m),
            gsd_from: gsd.map(|(_, from)| from),
            date: picture.captured().map(|captured| DateView { value: captured.date, from: captured.from }),
            count: self.detection(side).map(|d| d.count),
        })
    }

    fn all_warnings(&self) -> Vec<Warning> {
        let mut warnings = self.warnings.clone();
        for side in [Side::Before, Side::After] {
            warnings.extend(self.detection(side).iter().flat_map(|d| &d.warnings).cloned());
        }
        warnings.extend(self.answer().iter().flat_map(|c| &c.warnings).cloned());
        warnings.extend(self.record().1);
        let mut seen: Vec<Warning> = Vec::new();
        warnings.into_iter().for_each(|w| {
            if !seen.contains(&w) {
                seen.push(w)
            }
        });
        seen
    }

    /// All of *after*, then those of *before* without a partner.
    pub(super) fn cars(&self) -> Vec<Car> {
        let fates = Fates::of(self.answer());
        let mut cars = Vec::new();
        for side in [Side::After, Side::Before] {
            let (from, told) = (cars.len(), self.told(side));
            for railcar in self.detection(side).iter().flat_map(|d| &d.railcars) {
                let (status, partner) = fates.of_car(side, railcar.id);
                if side == Side::After || status != CarStatus::Both {
                    cars.push(self.car(side, status, partner, railcar, told.as_ref()));
                }
            }
            // Rejected ones stay where they stood in the list.
            cars.extend(self.rejected(side).into_iter().map(|ghost| ghost.car(side, self.view.selected.as_deref())));
            cars[from..].sort_by_key(|car: &Car| car.id);
        }
        cars
    }

    fn car(&self, side: Side, status: CarStatus, partner: Option<u32>, railcar: &Railcar, told: Option<&Told>) -> Car {
        let key = key(side, railcar.id);
        Car {
            side,
            status,
            id: railcar.id,
            pair: partner.map(|id| self::key(side.other(), id)),
            length_m: railcar.length_m,
            width_m: railcar.width_m,
            confidence: railcar.confidence,
            track: railcar.track,
            accepted: told.is_some_and(|told| told.accepted(&railcar.rect_px)),
            placed: told.is_some_and(|told| told.placed(&railcar.rect_px)),
            car_type: railcar.car_type,
            selected: self.view.selected.as_ref() == Some(&key),
            key,
        }
    }

    fn tracks(&self, to_before: &Transform) -> Vec<Rail> {
        let rail = |track: &Track, t: &Transform| {
            let line = track.line_px.iter().map(|&p| t.apply(p)).collect();
            Rail { line, selected: self.tracing.selected == Some(track.id) }
        };
        if self.detection(Side::Before).is_some() {
            return self.all_tracks().iter().map(|track| rail(track, &Transform::IDENTITY)).collect();
        }
        self.detection(Side::After).iter().flat_map(|d| &d.tracks).map(|track| rail(track, to_before)).collect()
    }
}

/// What became of each car, by its id, and the car at its place on the other date.
#[derive(Default)]
struct Fates {
    before: BTreeMap<u32, (CarStatus, Option<u32>)>,
    after: BTreeMap<u32, (CarStatus, Option<u32>)>,
}

impl Fates {
    fn of(answer: Option<&Comparison>) -> Self {
        let mut fates = Self::default();
        let Some(comparison) = answer else { return fates };
        fates.before.extend(comparison.gone.iter().map(|&id| (id, (CarStatus::Gone, None))));
        fates.after.extend(comparison.new.iter().map(|&id| (id, (CarStatus::New, None))));
        fates.before.extend(comparison.undecided.before.iter().map(|&id| (id, (CarStatus::Undecided, None))));
        fates.after.extend(comparison.undecided.after.iter().map(|&id| (id, (CarStatus::Undecided, None))));
        fates.before.extend(comparison.both.iter().map(|&(before, after)| (before, (CarStatus::Both, Some(after)))));
        fates.after.extend(comparison.both.iter().map(|&(before, after)| (after, (CarStatus::Both, Some(before)))));
        fates
    }

    fn of_car(&self, side: Side, id: u32) -> (CarStatus, Option<u32>) {
        let fates = if side == Side::Before { &self.before } else { &self.after };
        fates.get(&id).copied().unwrap_or((CarStatus::Outside, None))
    }
}

pub(super) fn key(side: Side, id: u32) -> String {
    match side {
        Side::Before => format!("b{id}"),
        Side::After => format!("a{id}"),
    }
}

fn corners(rect: &OrientedRect, to_frame: &Transform) -> [Point; 4] {
    rect.corners().map(|corner| to_frame.apply(corner))
}

pub(super) fn alignment_view(alignment: &Alignment) -> AlignmentView {
    let residual = &alignment.residual_px;
    AlignmentView {
        status: alignment.status,
        reasons: alignment.reasons.clone(),
        model: alignment.model,
        residual_px: ResidualView { median: residual.median, p95: residual.p95, points: residual.points },
        coverage: alignment.coverage,
        residual_m: None,
        exaggeration: None,
    }
}
