//! Judges the cars of one date by what the other date says of their places.

use super::coupling::empty_elsewhere;
use super::pair::carry;
use super::{Date, Judgement};
use crate::geometry::{OrientedRect, Point, Transform};
use crate::yard::Occupancy;

/// A car counts as news from this probability on that it stands here and its place is empty on the other date. Above a half, since the cost
/// is not even: an invented arrival is worse in print than one that is listed as undecided.
pub const NEWS_FROM: f64 = 0.6;

/// Points along a body at which the other date is asked: one a metre or so.
const PROBES: usize = 16;

/// The cars of one date, sorted by what the other date says of their places.
pub struct Verdict {
    /// Ids of cars at places that are empty on the other date.
    pub news: Vec<u32>,
    /// Ids of cars at places of which that cannot be said.
    pub undecided: Vec<u32>,
    /// Ids of cars at places that the other image does not show.
    pub outside: Vec<u32>,
    /// One for every car, in order.
    pub judgements: Vec<Judgement>,
}

/// Judges every car of `own`; those `paired` with a car of `other` are occupied on both dates and in none of the lists.
pub fn news(own: Date<'_>, other: Date<'_>, own_to_other: &Transform, paired: &[u32]) -> Verdict {
    let mut verdict = Verdict { news: Vec::new(), undecided: Vec::new(), outside: Vec::new(), judgements: Vec::new() };
    let there = other.detection.occupancy();
    for (k, car) in own.detection.railcars.iter().enumerate() {
        let place = carry(&car.rect_px, own_to_other);
        let log_odds_same = own.log_odds_same.get(k).copied().flatten();
        let seen = middle_half(&place).into_iter().all(other.sees);
        let empty = seen.then(|| empty_elsewhere(occupied(&there, &place), log_odds_same));
        verdict.judgements.push(Judgement { id: car.id, empty_elsewhere: empty, log_odds_same });
        if paired.contains(&car.id) {
            continue;
        }
        match empty {
            None => verdict.outside.push(car.id),
            Some(empty) if empty * car.confidence >= NEWS_FROM => verdict.news.push(car.id),
            Some(_) => verdict.undecided.push(car.id),
        }
    }
    verdict
}

/// The middle and the quarter points of a body's axis: less than these, and nothing can be said of the place.
fn middle_half(rect: &OrientedRect) -> [Point; 3] {
    [-0.25, 0.0, 0.25].map(|t| along_axis(rect, t))
}

fn along_axis(rect: &OrientedRect, t: f64) -> Point {
    let (s, c) = (libm::sin(rect.angle_rad), libm::cos(rect.angle_rad));
    Point::new(rect.center.x + t * rect.length * c, rect.center.y + t * rect.length * s)
}

/// Mean posterior of occupancy along a body's axis; `None` where no track says anything.
pub fn occupied(occupancy: &Occupancy<'_>, place: &OrientedRect) -> Option<f64> {
    let probes = (0..PROBES).map(|k| along_axis(place, (k as f64 + 0.5) / PROBES as f64 - 0.5));
    let known: Vec<f64> = probes.filter_map(|p| occupancy.at(p)).collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}
