//! Several pairs of one place: one lies on the desk, the others are kept as the project keeps them. Facility, own places and record are of the
//! place; images, corrections and settings are of the pair. Images of a pair that was left stay on the desk, so that nobody has to bring them twice.

use super::Desk;
use super::project::Opening;
use crate::date::Date;
use crate::pipeline::Side;
use crate::record::{Entry, Kind, OWN_METHOD};
use crate::report::json::round_to;
use crate::web::file_views::{PairImageView, PairView};
use crate::web::picture::Picture;
use crate::web::project_file::{PAIRS_MAX, Pair, PairLook, Project, ProjectImage};
use crate::yard::CountKind;

/// Pairs of the place beside the one on the desk.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    others: Vec<Pair>,
    /// Where the one on the desk stands among them.
    open: usize,
    /// What was counted on it, until it is counted again.
    looks: Vec<PairLook>,
    /// Images that lie here for other pairs.
    shelved: Vec<u32>,
}

impl Pairs {
    /// An image of another pair, which nobody chose for this one.
    pub(super) fn is_shelved(&self, picture: u32) -> bool {
        self.shelved.contains(&picture)
    }

    /// Images go by other ids.
    pub(super) fn rename(&mut self, name: &impl Fn(u32) -> u32) {
        self.shelved.iter_mut().for_each(|id| *id = name(*id));
    }

    /// These were brought again, for the pair on the desk; gives those that lay here for another one.
    pub(super) fn take_down(&mut self, pictures: &[u32]) -> Vec<u32> {
        let (taken, left) = self.shelved.iter().partition(|id| pictures.contains(id));
        self.shelved = left;
        taken
    }
}

impl Desk {
    /// Every pair of the place, and which of them lies on the desk; while that one is incomplete, the last of the others. A project that waits for
    /// its images is asked itself.
    pub(super) fn all_pairs(&self) -> Option<(Vec<Pair>, usize)> {
        let mut pairs = self.pairs.others.clone();
        let open = self.pairs.open.min(pairs.len());
        match self.own_pair() {
            Some(own) => pairs.insert(open, own),
            None if pairs.is_empty() => return None,
            None => return Some((pairs, self.pairs.others.len() - 1)),
        }
        Some((pairs, open))
    }

    /// What was counted on the images of the desk, for the project.
    pub(super) fn own_looks(&self) -> Vec<PairLook> {
        if self.answer().is_none() {
            return self.pairs.looks.clone();
        }
        let looks = [Side::Before, Side::After].into_iter().filter_map(|side| self.own_look(side));
        looks.collect()
    }

    /// What was counted on one image of the desk.
    pub(super) fn own_look(&self, side: Side) -> Option<PairLook> {
        let picture = self.picture(self.side(side)?)?;
        let detection = self.detection(side).filter(|_| self.answer().is_some() && !self.is_synthetic())?;
        let corrected = !self.plan.as_ref()?.request.corrections.is_empty() || self.corrected.is_some();
        let date = picture.captured().map(|captured| captured.date);
        Some(PairLook { side, date, count: detection.count, gsd_m: detection.gsd_m, corrected })
    }

    /// Keeps the pair on the desk, and makes room for another one.
    pub(super) fn add_pair(&mut self) {
        let Some((others, _)) = self.all_pairs().filter(|_| self.can_add_pair()) else { return };
        self.leave_pair();
        self.pairs.open = others.len();
        self.pairs.others = others;
        self.draw_record();
    }

    pub(super) fn can_add_pair(&self) -> bool {
        let room = self.pairs.others.len() + 1 < PAIRS_MAX;
        room && self.opening.project().is_none() && self.answer().is_some() && !self.is_synthetic()
    }

    /// Opens another pair of the place, at once where its images lie here.
    pub(super) fn open_pair(&mut self, index: usize) {
        let Some(mut project) = self.project(None).filter(|project| index < project.pairs.len()) else { return };
        if self.opening.project().is_none() && self.has_pair() && project.open == index {
            return;
        }
        project.open = index;
        self.wait_or_take_up(project);
    }

    /// Leaves the pair on the desk for the one that this project has open.
    fn wait_or_take_up(&mut self, project: Project) {
        let Some(pair) = project.pairs.get(project.open) else { return };
        let names = [Side::Before, Side::After].map(|side| pair.image(side).map(|image| image.file.clone()).unwrap_or_default());
        self.leave_pair();
        self.opening = Opening::of(&names.join(", "), project);
        if self.wanted().is_empty() {
            self.take_up();
        }
    }

    /// Takes a pair out of the project, unless it is the one on the desk. In place of one that is waited for, the one before it is opened, else the next.
    pub(super) fn remove_pair(&mut self, index: usize) {
        if let Some(waiting) = self.opening.project() {
            if index >= waiting.pairs.len() || waiting.pairs.len() < 2 {
                return;
            }
            let mut project = waiting.clone();
            project.pairs.remove(index);
            let waited_for = index == project.open;
            if index < project.open || (waited_for && index > 0) {
                project.open -= 1;
            }
            if waited_for {
                self.wait_or_take_up(project);
            } else {
                self.opening = Opening::of(self.opening.name(), project);
            }
            return;
        }
        let is_open = self.has_pair() && index == self.pairs.open;
        let at = if self.has_pair() && index > self.pairs.open { index - 1 } else { index };
        if is_open || at >= self.pairs.others.len() {
            return;
        }
        self.pairs.others.remove(at);
        if at < self.pairs.open {
            self.pairs.open -= 1;
        }
        self.write_statement();
    }

    /// Begins with these others, and with what was counted on the one that is opened.
    pub(super) fn take_pairs(&mut self, others: Vec<Pair>, open: usize, looks: Vec<PairLook>) {
        self.pairs = Pairs { others, open, looks, shelved: Vec::new() };
    }

    /// Images that another pair names and this one doesn't lie here for that one.
    pub(super) fn shelve_but(&mut self, own: &[Option<u32>]) {
        let named = self.pairs.others.iter().flat_map(|pair| &pair.images);
        let theirs = named.filter_map(|image| self.picture_with(&image.sha256).map(|p| p.id));
        self.pairs.shelved = theirs.filter(|id| !own.contains(&Some(*id))).collect();
    }

    /// Clears the desk, but for the place and for the images that were read: they are shelved.
    fn leave_pair(&mut self) {
        let pictures: Vec<Picture> = std::mem::take(&mut self.pictures).into_iter().filter(|p| p.info.is_some()).collect();
        let (beside, place) = (std::mem::take(&mut self.beside), std::mem::take(&mut self.place));
        self.clear();
        self.pairs.shelved = pictures.iter().map(|p| p.id).collect();
        (self.pictures, self.beside, self.place) = (pictures, beside, place);
    }

    /// Counts of the other pairs, and of the older image on the desk, as looks of the record; none while the project holds one pair. Each image
    /// is one look; the newer image on the desk is the count that is held against them.
    pub(super) fn series(&self) -> Vec<Entry> {
        if self.pairs.others.is_empty() {
            return Vec::new();
        }
        let facility = self.place.facility.as_ref().map(|f| f.id.clone());
        let on_desk = |side| Some(self.written(self.picture(self.side(side)?)?));
        let (older, newer) = (on_desk(Side::Before), on_desk(Side::After));
        let mut seen: Vec<String> = newer.into_iter().map(|image| image.sha256).collect();
        let own = older.zip(self.own_looks().into_iter().find(|look| look.side == Side::Before));
        let of = |pair: &Pair| -> Vec<_> { pair.looked().map(|(image, look)| (image.clone(), look.clone())).collect() };
        let mut series = Vec::new();
        for (image, look) in own.into_iter().chain(self.pairs.others.iter().flat_map(of)) {
            if let Some(entry) = entry_of(&look, &image.file, facility.clone()).filter(|_| !seen.contains(&image.sha256)) {
                series.push(Entry { note: noted(&entry.note), ..entry });
                seen.push(image.sha256);
            }
        }
        series
    }

    /// Two images of a person's own lie on the desk.
    pub(super) fn has_pair(&self) -> bool {
        !self.is_synthetic() && self.before.is_some() && self.after.is_some()
    }

    /// What the shell lists.
    pub(super) fn pair_views(&self) -> Vec<PairView> {
        let kept = |(index, pair): (usize, &Pair)| {
            let image = |side| pair.image(side).map(|image| seen(image, pair.look(side))).unwrap_or_default();
            PairView { index, open: false, before: image(Side::Before), after: image(Side::After) }
        };
        if let Some(waiting) = self.opening.project() {
            let mut views: Vec<PairView> = waiting.pairs.iter().enumerate().map(kept).collect();
            views.iter_mut().for_each(|view| view.open = view.index == waiting.open);
            return views;
        }
        let mut views: Vec<PairView> = self.pairs.others.iter().enumerate().map(kept).collect();
        if self.has_pair() {
            let looks = self.own_looks();
            let image = |side| {
                let picture = self.side(side).and_then(|id| self.picture(id));
                let look = looks.iter().find(|look| look.side == side);
                let date = picture.and_then(Picture::captured).map(|captured| captured.date);
                picture.map(|p| PairImageView { date, ..seen(&self.written(p), look) }).unwrap_or_default()
            };
            let own = PairView { index: 0, open: true, before: image(Side::Before), after: image(Side::After) };
            views.insert(self.pairs.open.min(views.len()), own);
            views.iter_mut().enumerate().for_each(|(index, view)| view.index = index);
        }
        views
    }
}

fn seen(image: &ProjectImage, look: Option<&PairLook>) -> PairImageView {
    let date = look.and_then(|look| look.date.clone()).or_else(|| image.date.clone());
    PairImageView { file: image.file.clone(), date, count: look.map(|look| look.count) }
}

/// A count of single railcars on a known day, as the record has it.
pub(super) fn entry_of(look: &PairLook, file: &str, facility: Option<String>) -> Option<Entry> {
    let date = Date::parse(look.date.as_deref()?)?;
    let count = look.count;
    (count.kind == CountKind::Individual).then(|| Entry {
        facility,
        figure: Some(count.estimate),
        interval: Some((count.low, count.high)),
        kind: Kind::Count,
        method: OWN_METHOD.to_owned(),
        gsd_m: Some(round_to(look.gsd_m, 4)),
        source: file.to_owned(),
        note: if look.corrected { CORRECTED.to_owned() } else { String::new() },
        ..Entry::on(date)
    })
}

const CORRECTED: &str = "corrected by hand";

fn noted(note: &str) -> String {
    let of_project = "another image of this project";
    if note.is_empty() { of_project.to_owned() } else { format!("{of_project}, {note}") }
}
