//! A comparison with a person's corrections put in and nothing learnt from them: what the lists say until the cars are counted again.

use super::{Comparison, Judgement};
use crate::corrections::{ByDate, Corrections, settle};
use crate::yard::{Count, Detection};

impl Comparison {
    /// Rejected cars are in no list. What stood at the same place on the other date as a rejected one is undecided until the next count.
    /// `before` and `after` are what was compared.
    pub fn put_in(&self, before: &Detection, after: &Detection, corrections: &ByDate) -> Self {
        let (gone_before, gone_after) = (rejected(before, &corrections.before), rejected(after, &corrections.after));
        let mut corrected = self.clone();
        corrected.new.retain(|id| !gone_after.contains(id));
        corrected.gone.retain(|id| !gone_before.contains(id));
        for (lists, rejected) in [
            ([&mut corrected.undecided.before, &mut corrected.outside.before], &gone_before),
            ([&mut corrected.undecided.after, &mut corrected.outside.after], &gone_after),
        ] {
            lists.into_iter().for_each(|list| list.retain(|id| !rejected.contains(id)));
        }
        for &(b, a) in &self.both {
            match (gone_before.contains(&b), gone_after.contains(&a)) {
                (false, true) => corrected.undecided.before.push(b),
                (true, false) => corrected.undecided.after.push(a),
                _ => {}
            }
        }
        corrected.both.retain(|(b, a)| !gone_before.contains(b) && !gone_after.contains(a));
        recount(&mut corrected.new_count, &self.new, &self.after_judgements, after, &corrections.after);
        recount(&mut corrected.gone_count, &self.gone, &self.before_judgements, before, &corrections.before);
        corrected
    }
}

fn rejected(detection: &Detection, corrections: &Corrections) -> Vec<u32> {
    let cars = detection.railcars.iter().filter(|c| corrections.rejects(&c.rect_px, detection.gsd_m));
    cars.map(|c| c.id).collect()
}

/// A count of news follows the corrections of the cars it counts.
fn recount(count: &mut Count, news: &[u32], judged: &[Judgement], detection: &Detection, corrections: &Corrections) {
    let empty = |id| judged.iter().find(|j| j.id == id).and_then(|j| j.empty_elsewhere).unwrap_or(1.0);
    let cars = detection.railcars.iter().filter(|c| news.contains(&c.id));
    let told = cars.filter_map(|car| {
        let before = car.confidence.clamp(0.0, 1.0) * empty(car.id);
        let (rect, gsd_m) = (&car.rect_px, detection.gsd_m);
        match () {
            () if corrections.accepts(rect, gsd_m) => Some((before, empty(car.id), true)),
            () if corrections.rejects(rect, gsd_m) => Some((before, 0.0, false)),
            () => None,
        }
    });
    settle(count, told);
}
