//! The project: what a person did is written down, and put back once the same images lie on the desk again.

use super::Desk;
use super::edits::{Edit, Edits};
use super::tracing::TracksFile;
use crate::pipeline::Side;
use crate::report::exhibit::Edition;
use crate::web::file_views::{ProjectView, WantedImage};
use crate::web::picture::Picture;
use crate::web::project_file::{self, Pair, Project, ProjectImage, TextFile};
use crate::web::snapshot::{Order, Problem};

/// A project whose images have yet to come.
#[derive(Debug, Default)]
pub(super) struct Opening {
    /// Its file, or what it is called without one.
    name: String,
    project: Option<Project>,
}

impl Opening {
    pub(super) fn of(name: &str, project: Project) -> Self {
        Self { name: name.to_owned(), project: Some(project) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The project, and which of its pairs is waited for.
    pub(super) fn project(&self) -> Option<&Project> {
        self.project.as_ref()
    }
}

impl Desk {
    /// What a person did so far at this place, every pair of it; `None` while there is nothing to keep: no two images, or drawn ones.
    pub fn project(&self, at: Option<String>) -> Option<Project> {
        if let Some(waiting) = self.opening.project() {
            let mut project = waiting.clone();
            project.saved_at = at;
            return Some(project);
        }
        let (pairs, open) = self.all_pairs()?;
        let mut project = Project::new(at);
        (project.pairs, project.open) = (pairs, open);
        project.facility = self.place.facility.as_ref().map(|f| f.id.clone());
        project.places = self.places.own.clone();
        project.record = self.place.record.text();
        project.added = self.place.record.added.clone();
        Some(project)
    }

    /// The pair on the desk, as it is kept.
    pub(super) fn own_pair(&self) -> Option<Pair> {
        if !self.has_pair() {
            return None;
        }
        let named: Vec<u32> = self.correcting.edits.pictures();
        let belongs = |p: &&Picture| self.side_of(p.id).is_some() || named.contains(&p.id) || !self.pairs.is_shelved(p.id);
        let read: Vec<&Picture> = self.pictures.iter().filter(|p| p.info.is_some()).filter(belongs).collect();
        let index = |id: u32| read.iter().position(|p| p.id == id).map(|at| at as u32);
        let edits = |list: &[(Edit, Option<String>)]| -> Option<Vec<_>> {
            list.iter().map(|(edit, at)| Some((edit.with_pictures(&index)?, at.clone()))).collect()
        };
        let Edition { credit, licence, caption, place, .. } = self.own_edition().clone();
        Some(Pair {
            images: read.iter().map(|picture| self.written(picture)).collect(),
            order_by_user: self.order == Order::User,
            edits: edits(&self.correcting.edits.done)?,
            counted: self.counted_edits(),
            undone: edits(&self.correcting.edits.undone)?,
            control_points: self.hand.control_points.clone(),
            tracks: self.tracing.file.as_ref().and_then(TracksFile::as_text),
            edition: [credit, licence, caption, place],
            looks: self.own_looks(),
        })
    }

    pub(super) fn written(&self, picture: &Picture) -> ProjectImage {
        let on = |side: &Side| self.side(*side) == Some(picture.id);
        ProjectImage {
            file: picture.file.clone(),
            bytes: picture.bytes,
            sha256: picture.info.as_ref().map(|info| info.sha256.clone()).unwrap_or_default(),
            side: [Side::Before, Side::After].into_iter().find(on),
            gsd_m: picture.user_gsd_m,
            scale_line: picture.scale_line,
            date: picture.user_date.clone(),
            reduction: (picture.reduction > 1).then_some(picture.reduction),
        }
    }

    /// Opens a `.sidings`. The images that came along are handed back, to be added.
    pub fn open_project(&mut self, file: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
        match project_file::read(bytes, file) {
            Ok(opened) => {
                self.wait_for(file, opened.project);
                opened.images
            }
            Err(error) => {
                self.problems.push(Problem::from(&error));
                Vec::new()
            }
        }
    }

    /// Opens a state that the browser kept; `name` is what it is called.
    pub fn open_state(&mut self, name: &str, text: &str) {
        match Project::from_json(text, name) {
            Ok(project) => self.wait_for(name, project),
            Err(error) => self.problems.push(Problem::from(&error)),
        }
    }

    /// Takes the project up, at once where its images lie on the desk; else the desk is cleared for them.
    fn wait_for(&mut self, name: &str, project: Project) {
        self.problems.retain(|p| !["damaged-project", "not-a-project", "newer-project"].contains(&p.code.as_str()));
        self.opening = Opening::of(name, project);
        if self.ledger.reading() {
            return;
        }
        if self.wanted().is_empty() {
            self.take_up();
        } else if !self.pictures.is_empty() {
            let opening = std::mem::take(&mut self.opening);
            self.clear();
            self.opening = opening;
        }
    }

    /// Images of the waiting project that have yet to come: of those that were compared, all; of those set aside, none.
    pub(super) fn wanted(&self) -> Vec<&ProjectImage> {
        let Some(pair) = self.opening.project.as_ref().and_then(|project| project.pairs.get(project.open)) else {
            return Vec::new();
        };
        let there = |image: &ProjectImage| self.picture_with(&image.sha256).is_some();
        pair.images.iter().filter(|image| image.side.is_some() && !there(image)).collect()
    }

    pub(super) fn picture_with(&self, sha256: &str) -> Option<&Picture> {
        self.pictures.iter().find(|p| p.info.as_ref().is_some_and(|info| info.sha256 == sha256))
    }

    /// Called once everything is read; `true` while a project waits, or has just been taken up, and nothing else is to be begun.
    pub(super) fn settle_project(&mut self) -> bool {
        if self.opening.project.is_none() {
            return false;
        }
        let wanted: Vec<(String, String)> =
            self.wanted().iter().map(|image| (image.file.clone(), image.sha256.clone())).collect();
        if wanted.is_empty() {
            self.take_up();
            return true;
        }
        self.problems.retain(|p| p.code != "another-file");
        for (file, sha256) in wanted {
            // The name is right, the bytes are not: said, since that is how a changed file would look.
            if self.pictures.iter().any(|p| p.file == file) {
                let message = format!(
                    "{file} is not the file that the project was made with: its SHA-256 should begin with {}. Add the unaltered file.",
                    &sha256[..sha256.len().min(12)]
                );
                self.say("another-file", message, Some(file));
            }
        }
        (self.before, self.after) = (None, None);
        true
    }

    /// Puts back what the project says; the images that its open pair speaks of are here.
    pub(super) fn take_up(&mut self) {
        let Some(mut project) = std::mem::take(&mut self.opening).project else { return };
        if project.open >= project.pairs.len() {
            return;
        }
        let pair = project.pairs.remove(project.open);
        let ids: Vec<Option<u32>> = pair.images.iter().map(|image| self.picture_with(&image.sha256).map(|p| p.id)).collect();
        let pair = self.in_todays_pixels(pair, &ids);
        for (image, id) in pair.images.iter().zip(&ids) {
            if let Some(picture) = id.and_then(|id| self.picture_mut(id)) {
                (picture.user_gsd_m, picture.scale_line, picture.user_date) = (image.gsd_m, image.scale_line, image.date.clone());
            }
        }
        let on = |side: Side| pair.images.iter().zip(&ids).find(|(image, _)| image.side == Some(side)).and_then(|(_, id)| *id);
        let (Some(before), Some(after)) = (on(Side::Before), on(Side::After)) else { return };
        (self.before, self.after) = (Some(before), Some(after));
        self.order = if pair.order_by_user { Order::User } else { Order::Date };
        let id = |index: u32| ids.get(index as usize).copied().flatten();
        // A correction of an image that was set aside and did not come is left out.
        let edits = |list: Vec<(Edit, Option<String>)>| -> Vec<_> {
            list.into_iter().filter_map(|(edit, at)| Some((edit.with_pictures(&id)?, at))).collect()
        };
        let counted = pair.counted.map(|counted| edits(pair.edits.iter().take(counted as usize).cloned().collect()).len());
        self.correcting.begin(Edits { done: edits(pair.edits), undone: edits(pair.undone) }, (before, after));
        self.hand.begin(pair.control_points, (before, after));
        self.tracing.file = pair.tracks.map(TracksFile::from);
        self.take_pairs(project.pairs, project.open, pair.looks);
        self.place.record.added = project.added;
        let facility = self.take_places(project.places, project.facility);
        self.set_facility(facility.as_deref());
        self.place.record.file = None;
        if let Some(TextFile { file, text }) = project.record {
            self.set_record(&file, text.as_bytes());
        }
        self.set_edition(pair.edition.map(Option::unwrap_or_default));
        self.fresh.clear();
        self.start(false);
        if let Some(counted) = counted {
            self.count_first(counted);
        }
        self.shelve_but(&ids);
        self.draw_record();
    }

    /// A pair as it would be had its images been read as they are now: where one was read at another fraction of its resolution, its pixels were others.
    fn in_todays_pixels(&self, mut pair: Pair, ids: &[Option<u32>]) -> Pair {
        let now = |id: &Option<u32>| id.and_then(|id| self.picture(id)).map(|p| p.reduction);
        let factors: Vec<f64> = pair
            .images
            .iter()
            .zip(ids)
            .map(|(image, id)| {
                let then = image.reduced_by();
                f64::from(then) / f64::from(now(id).unwrap_or(then))
            })
            .collect();
        if factors.iter().all(|factor| *factor == 1.0) {
            return pair;
        }
        let of = |index: u32| factors.get(index as usize).copied().unwrap_or(1.0);
        let on = |side: Side| pair.images.iter().position(|image| image.side == Some(side)).map_or(1.0, |at| factors[at]);
        let (before, after) = (on(Side::Before), on(Side::After));
        for (edit, _) in pair.edits.iter_mut().chain(&mut pair.undone) {
            *edit = edit.scaled(&of, before);
        }
        for point in &mut pair.control_points {
            (point.before, point.after) = (point.before.scaled(before), point.after.scaled(after));
        }
        for (image, factor) in pair.images.iter_mut().zip(&factors) {
            image.gsd_m = image.gsd_m.map(|gsd_m| gsd_m / factor);
            if let Some(line) = &mut image.scale_line {
                line.ends = line.ends.map(|end| end.scaled(*factor));
            }
        }
        pair
    }

    /// What the shell shows of it.
    pub(super) fn project_view(&self) -> ProjectView {
        let wanted = |image: &ProjectImage| WantedImage { file: image.file.clone(), sha256: image.sha256.clone() };
        ProjectView {
            name: self.opening.project.as_ref().map(|_| self.opening.name.clone()),
            wanted: self.wanted().into_iter().map(wanted).collect(),
            can_save: self.answer().is_some() && !self.is_synthetic(),
            can_add: self.can_add_pair(),
            pairs: self.pair_views(),
        }
    }
}
