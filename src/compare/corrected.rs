//! A comparison with a person's corrections put in and nothing learnt from them: what the lists say until the cars are counted again.

use super::coupling::empty_elsewhere;
use super::judge::{NEWS_FROM, occupied};
use super::pair::{carry, shares};
use super::{Comparison, Judgement};
use crate::corrections::settle;
use crate::geometry::{OrientedRect, Transform};
use crate::yard::{Detection, Railcar};

/// One date: what was compared, and the same with the corrections put in.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// What was compared.
    pub found: &'a Detection,
    /// See [`crate::corrections::Corrections::put_in`].
    pub corrected: &'a Detection,
}

impl Told<'_> {
    fn gone(&self) -> Vec<u32> {
        let stays = |id: &u32| self.corrected.railcars.iter().any(|c| c.id == *id);
        self.found.railcars.iter().map(|c| c.id).filter(|id| !stays(id)).collect()
    }

    fn added(&self) -> impl Iterator<Item = &Railcar> {
        self.corrected.railcars.iter().filter(|c| !self.found.railcars.iter().any(|f| f.id == c.id))
    }
}

/// Chances of the news of one date before and now, and by how much their number changes.
type Changes = Vec<(f64, f64, i32)>;

impl Comparison {
    /// Cars that were taken away are in no list. What stood at the same place on the other date as one of them is undecided until the next count.
    /// A car that was added is paired with the one at its place on the other date, else news where the other date's walk found its place empty.
    pub fn put_in(&self, before: Told<'_>, after: Told<'_>, after_to_before: &Transform) -> Self {
        let (gone_before, gone_after) = (before.gone(), after.gone());
        let mut corrected = self.clone();
        corrected.new.retain(|id| !gone_after.contains(id));
        corrected.gone.retain(|id| !gone_before.contains(id));
        for (lists, taken) in [
            ([&mut corrected.undecided.before, &mut corrected.outside.before], &gone_before),
            ([&mut corrected.undecided.after, &mut corrected.outside.after], &gone_after),
        ] {
            lists.into_iter().for_each(|list| list.retain(|id| !taken.contains(id)));
        }
        for &(b, a) in &self.both {
            match (gone_before.contains(&b), gone_after.contains(&a)) {
                (false, true) => corrected.undecided.before.push(b),
                (true, false) => corrected.undecided.after.push(a),
                _ => {}
            }
        }
        corrected.both.retain(|(b, a)| !gone_before.contains(b) && !gone_after.contains(a));
        let mut new = changes(&self.new, &self.after_judgements, &after);
        let mut gone = changes(&self.gone, &self.before_judgements, &before);
        let Some(before_to_after) = after_to_before.inverse() else { return corrected };
        for car in before.added() {
            let place = carry(&car.rect_px, &before_to_after);
            match corrected.partner(&place, after.corrected, |pair, id| pair.1 == id) {
                Some(partner) => {
                    corrected.both.push((car.id, partner.id));
                    take(&mut corrected.new, &mut corrected.undecided.after, &mut corrected.outside.after, partner, &mut new);
                }
                None => list(&mut corrected.gone, &mut corrected.undecided.before, car, &place, after.found, &mut gone),
            }
        }
        for car in after.added() {
            if corrected.both.iter().any(|pair| pair.1 == car.id) {
                continue;
            }
            let place = carry(&car.rect_px, after_to_before);
            match corrected.partner(&place, before.corrected, |pair, id| pair.0 == id) {
                Some(partner) => {
                    corrected.both.push((partner.id, car.id));
                    take(&mut corrected.gone, &mut corrected.undecided.before, &mut corrected.outside.before, partner, &mut gone);
                }
                None => list(&mut corrected.new, &mut corrected.undecided.after, car, &place, before.found, &mut new),
            }
        }
        settle(&mut corrected.new_count, new.into_iter());
        settle(&mut corrected.gone_count, gone.into_iter());
        corrected
    }

    /// The car of the other date that stands at a place and has no partner yet.
    fn partner<'a>(
        &self,
        place: &OrientedRect,
        other: &'a Detection,
        is: impl Fn(&(u32, u32), u32) -> bool,
    ) -> Option<&'a Railcar> {
        let open = other.railcars.iter().filter(|c| !self.both.iter().any(|pair| is(pair, c.id)));
        let sharing = open.filter_map(|c| Some((shares(&c.rect_px, place, other.gsd_m)?, c)));
        sharing.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, car)| car)
    }
}

/// A car that was news or undecided has found its partner.
fn take(news: &mut Vec<u32>, undecided: &mut Vec<u32>, outside: &mut Vec<u32>, car: &Railcar, changes: &mut Changes) {
    if news.contains(&car.id) {
        changes.push((car.confidence, 0.0, -1));
    }
    [news, undecided, outside].into_iter().for_each(|list| list.retain(|id| *id != car.id));
}

/// A car without a partner is news where its place was found empty on the other date, else undecided.
fn list(
    news: &mut Vec<u32>,
    undecided: &mut Vec<u32>,
    car: &Railcar,
    place: &OrientedRect,
    other: &Detection,
    changes: &mut Changes,
) {
    let empty = empty_elsewhere(occupied(&other.occupancy(), place), None);
    if empty >= NEWS_FROM {
        news.push(car.id);
        changes.push((0.0, empty, 1));
    } else {
        undecided.push(car.id);
    }
}

/// A count of news follows the corrections of the cars it counts.
fn changes(news: &[u32], judged: &[Judgement], date: &Told<'_>) -> Changes {
    let empty = |id| judged.iter().find(|j| j.id == id).and_then(|j| j.empty_elsewhere).unwrap_or(1.0);
    let cars = date.found.railcars.iter().filter(|c| news.contains(&c.id));
    let told = cars.filter_map(|car| {
        let before = car.confidence.clamp(0.0, 1.0) * empty(car.id);
        match date.corrected.railcars.iter().find(|c| c.id == car.id) {
            None => Some((before, 0.0, -1)),
            Some(now) if now.confidence != car.confidence => Some((before, now.confidence * empty(car.id), 0)),
            Some(_) => None,
        }
    });
    told.collect()
}
