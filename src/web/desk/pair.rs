//! Which two images are compared, and which of them is *before*.

use super::Desk;
use crate::pipeline::{Plan, Request, Side};
use crate::web::order::older_first;
use crate::web::picture::Picture;
use crate::web::snapshot::Order;
use std::cmp::Ordering;

/// A ground sample distance beyond these is a slip of the pen: finer than any satellite, coarser than Landsat.
const GSD_RANGE_M: std::ops::RangeInclusive<f64> = 0.01..=100.0;

impl Desk {
    /// Once everything is read: unites doubles, chooses the pair, starts the work or says what is missing.
    pub(super) fn settle(&mut self) {
        let (fresh, mut doubles) = self.unite_doubles();
        if self.settle_project() {
            return;
        }
        // An image of another pair that is brought again is one of this pair, too.
        let taken = self.pairs.take_down(&fresh);
        let shelved: Vec<String> = taken.iter().filter_map(|id| self.picture(*id)).map(|p| p.file.clone()).collect();
        doubles.retain(|(first, _)| !shelved.contains(first));
        self.forget_missing();
        let pair = self.before.zip(self.after);
        match (&fresh[..], pair) {
            // Two at once are what is to be compared, also when one of them lay there before.
            ([_, _, ..], _) => self.compare_best_of(&fresh),
            _ if !doubles.is_empty() => self.name_doubles(doubles),
            ([one], Some((before, after))) if [before, after].contains(one) => self.start(false),
            ([one], Some((before, after))) => self.set_aside(*one, before, after),
            ([], Some(_)) => {}
            (_, None) => self.compare_best_of(&self.own_ids()),
        }
    }

    /// What is on the desk takes its places before it is read, so that a stop on the way leaves it in sight.
    pub(super) fn lay_out_unread(&mut self) {
        let all: Vec<u32> = self.pictures.iter().map(|p| p.id).filter(|id| !self.pairs.is_shelved(*id)).collect();
        match (self.before, &all[..]) {
            (None, [one]) => self.before = Some(*one),
            (None, [_, _, ..]) => self.choose(&all),
            _ => {}
        }
    }

    fn compare_best_of(&mut self, candidates: &[u32]) {
        match candidates {
            [] => {}
            [one] => self.ask_for_the_second(*one),
            _ => {
                self.choose(candidates);
                self.start(false);
            }
        }
    }

    fn read_ids(&self) -> Vec<u32> {
        self.pictures.iter().filter(|p| p.info.is_some()).map(|p| p.id).collect()
    }

    /// Those that were read and don't lie here for another pair.
    fn own_ids(&self) -> Vec<u32> {
        self.read_ids().into_iter().filter(|id| !self.pairs.is_shelved(*id)).collect()
    }

    fn forget_missing(&mut self) {
        let read = self.read_ids();
        self.before = self.before.filter(|id| read.contains(id));
        self.after = self.after.filter(|id| read.contains(id));
        if self.before.is_none() {
            self.before = self.after.take();
        }
    }

    /// The same bytes twice are one image, whatever the files are called. Gives the images that were just read, each once,
    /// and the doubles among them with the name of the image they repeat.
    fn unite_doubles(&mut self) -> (Vec<u32>, Vec<(String, String)>) {
        let mut kept: Vec<Picture> = Vec::new();
        let (mut fresh, mut doubles) = (Vec::new(), Vec::new());
        for picture in std::mem::take(&mut self.pictures) {
            let sha256 = |p: &Picture| p.info.as_ref().map(|info| info.sha256.clone());
            let first = kept.iter().find(|k| sha256(k).is_some() && sha256(k) == sha256(&picture));
            let id = first.map_or(picture.id, |first| first.id);
            if self.fresh.contains(&picture.id) && !fresh.contains(&id) {
                fresh.push(id);
            }
            match first {
                Some(first) => doubles.push((first.file.clone(), picture.file)),
                None => kept.push(picture),
            }
        }
        self.pictures = kept;
        self.fresh.clear();
        (fresh, doubles)
    }

    fn name_doubles(&mut self, doubles: Vec<(String, String)>) {
        for (first, second) in doubles {
            let message = if first == second {
                format!("{first} is loaded already. Add the image of the other date.")
            } else {
                format!("{first} and {second} are the same file, byte for byte. Add the image of the other date.")
            };
            self.say("same-file", message, Some(second));
        }
        self.refused |= self.after.is_none();
        self.before = self.before.or_else(|| self.own_ids().first().copied());
    }

    fn ask_for_the_second(&mut self, one: u32) {
        (self.before, self.after) = (Some(one), None);
        if let (Some(picture), false) = (self.picture(one), self.refused) {
            let file = picture.file.clone();
            let message = format!("{file} is loaded. Add an image of the same place from another date.");
            self.say("one-image", message, Some(file));
        }
    }

    /// The oldest and the newest of several; with two, simply both.
    fn choose(&mut self, candidates: &[u32]) {
        let mut pictures: Vec<&Picture> = self.pictures.iter().filter(|p| candidates.contains(&p.id)).collect();
        pictures.sort_by(|a, b| older_first(a, b).0);
        let [first, .., last] = pictures[..] else { return };
        let order = older_first(first, last).1;
        let (before, after) = (first.id, last.id);
        let aside: Vec<String> = pictures[1..pictures.len() - 1].iter().map(|p| p.file.clone()).collect();
        let (older, newer) = (first.file.clone(), last.file.clone());
        (self.before, self.after, self.order) = (Some(before), Some(after), order);
        if !aside.is_empty() {
            let message = format!(
                "Two images are compared at a time: {older} and {newer} are used, {} set aside. Choose others where the images are listed.",
                list(&aside)
            );
            self.say("more-than-two", message, None);
        }
    }

    fn set_aside(&mut self, one: u32, before: u32, after: u32) {
        let name = |id| self.picture(id).map(|p| p.file.clone()).unwrap_or_default();
        let message = format!(
            "Two images are compared at a time: {} and {} stay in use, {} is set aside. Choose it where the images are listed.",
            name(before),
            name(after),
            name(one)
        );
        let file = Some(name(one));
        self.say("more-than-two", message, file);
    }

    /// Begins the comparison of the two images anew. The alignment is kept when neither image has changed, since no number
    /// that the user may set enters it.
    pub(super) fn start(&mut self, same_images: bool) {
        let (Some(before), Some(after)) = (self.before, self.after) else { return };
        self.keep_hand_for(before, after);
        self.keep_edits_for(before, after);
        self.check_tracks(before);
        let (Some(older), Some(newer)) = (self.picture(before), self.picture(after)) else { return };
        let control_points = self.hand.control_points.clone();
        let misdated = [older.is_misdated(), newer.is_misdated()];
        let request = Request { before_gsd: older.gsd(), after_gsd: newer.gsd(), control_points, misdated, ..Request::default() };
        let mut plan = Plan::new(self.with_edits(request, before, after));
        plan.after_size_px = newer.info.as_ref().map(|info| (info.width as usize, info.height as usize));
        if same_images {
            let old = self.plan.as_ref().filter(|old| old.refusal().is_none());
            plan.alignment = old.and_then(|old| old.alignment.clone());
        }
        let warnings = [older, newer].into_iter().flat_map(Picture::warnings).collect();
        for (side, picture) in [(Side::Before, older), (Side::After, newer)] {
            if let Some(info) = &picture.info {
                plan.ask_overview(side, (info.width as usize, info.height as usize));
            }
        }
        self.ledger.stop();
        self.warnings = warnings;
        self.ready = plan.ready();
        self.plan = Some(plan);
        (self.statement, self.corrected) = (None, None);
        self.refused = false;
        self.view.selected = None;
        self.problems.retain(|p| !["one-image", "cancelled", "not-the-same-place"].contains(&p.code.as_str()));
    }

    pub(super) fn set_gsd(&mut self, side: Side, gsd_m: Option<f64>) {
        if let Some(gsd_m) = gsd_m.filter(|gsd_m| !GSD_RANGE_M.contains(gsd_m)) {
            let message = format!(
                "{gsd_m} m a pixel can't be the scale of a satellite image: a number from {} to {} is expected.",
                GSD_RANGE_M.start(),
                GSD_RANGE_M.end()
            );
            return self.say("gsd-out-of-range", message, None);
        }
        let Some(picture) = self.side(side).and_then(|id| self.picture_mut(id)) else { return };
        if picture.user_gsd_m != gsd_m {
            (picture.user_gsd_m, picture.scale_line) = (gsd_m, None);
            self.start(true);
        }
    }

    pub(super) fn set_date(&mut self, side: Side, date: Option<String>) {
        let Some(picture) = self.side(side).and_then(|id| self.picture_mut(id)) else { return };
        let was_misdated = picture.is_misdated();
        picture.user_date = date;
        let sun_is_other = picture.is_misdated() != was_misdated && picture.knows_its_sun();
        let (Some(before), Some(after)) = (self.before, self.after) else { return };
        let (Some(older), Some(newer)) = (self.picture(before), self.picture(after)) else { return };
        match older_first(older, newer) {
            (Ordering::Greater, Order::Date) => {
                self.swap();
                self.order = Order::Date;
            }
            (_, order) => {
                if order == Order::Date {
                    self.order = order;
                }
                if sun_is_other {
                    self.start(true);
                }
            }
        }
        self.write_statement();
    }

    pub(super) fn swap(&mut self) {
        if self.before.is_some() && self.after.is_some() {
            std::mem::swap(&mut self.before, &mut self.after);
            self.order = Order::User;
            self.start(false);
        }
    }

    pub(super) fn use_image(&mut self, id: u32, side: Side) {
        if self.picture(id).is_none_or(|p| p.info.is_none()) || self.side(side.other()) == Some(id) {
            return;
        }
        match side {
            Side::Before => self.before = Some(id),
            Side::After => self.after = Some(id),
        }
        self.order = Order::User;
        self.problems.retain(|p| p.code != "more-than-two");
        self.start(false);
    }
}

/// "a is" or "a, b and c are".
fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("{one} is"),
        [some @ .., last] => format!("{} and {last} are", some.join(", ")),
    }
}
