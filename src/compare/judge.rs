//! Judges the cars of one date by what the other date says of their places.

use super::pair::carry;
use super::{Date, Judgement};
use crate::geometry::{OrientedRect, Point, Transform, foot_on_line};
use crate::yard::Detection;

/// A car counts as news from this probability on that its place is empty on the other date. Above a half, since the cost
/// is not even: an invented arrival is worse in print than one that is listed as undecided.
const NEWS_FROM: f64 = 0.6;

/// The walk's posterior is a model's, and surer of itself than it is right: its log-odds count up to this, about 95 %.
const OCCUPANCY_LOG_ODDS_AT_MOST: f64 = 3.0;

/// The local change score at which a place is as likely changed as not, in MADs.
const CHANGE_EVEN_MAD: f64 = 2.5;

/// Log-odds for each MAD beyond [`CHANGE_EVEN_MAD`], and the most that the change score may say either way. One date's
/// light and shadow change pixels too, so it can tip a doubtful place and never overrule a clear one.
const CHANGE_LOG_ODDS_PER_MAD: f64 = 1.0;
const CHANGE_LOG_ODDS_AT_MOST: f64 = 2.0;

/// A place belongs to a track whose line passes within this, m.
const ON_TRACK_M: f64 = 1.9;

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
    for (k, car) in own.detection.railcars.iter().enumerate() {
        let place = carry(&car.rect_px, own_to_other);
        let change_mad = own.change_mad.get(k).copied().flatten();
        let seen = middle_half(&place).into_iter().all(other.sees);
        let empty_elsewhere = seen.then(|| empty_probability(occupancy(other.detection, &place), change_mad));
        verdict.judgements.push(Judgement { id: car.id, empty_elsewhere, change_mad });
        if paired.contains(&car.id) {
            continue;
        }
        match empty_elsewhere {
            None => verdict.outside.push(car.id),
            Some(p) if p >= NEWS_FROM => verdict.news.push(car.id),
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

/// Mean posterior of occupancy over a body, from the nearest track's evidence; `None` where no track says anything.
fn occupancy(detection: &Detection, place: &OrientedRect) -> Option<f64> {
    let near = |t: &&crate::yard::Track| {
        foot_on_line(place.center, &t.line_px).filter(|foot| foot.distance * detection.gsd_m <= ON_TRACK_M)
    };
    let mut best: Option<(f64, f64)> = None;
    for track in &detection.tracks {
        let (Some(foot), Some(evidence)) = (near(&track), detection.evidence.iter().find(|e| e.track == track.id)) else {
            continue;
        };
        let ends = [-0.5, 0.5].map(|t| foot_on_line(along_axis(place, t), &track.line_px).map_or(foot.along, |f| f.along));
        let [from, to] = ends.map(|along| along * detection.gsd_m / evidence.step_m);
        let (from, to) = (from.min(to).max(0.0) as usize, from.max(to).max(0.0) as usize + 1);
        let samples = evidence.occupied.get(from.min(evidence.occupied.len())..to.min(evidence.occupied.len()));
        let known: Vec<f64> = samples.into_iter().flatten().filter(|p| p.is_finite()).map(|&p| f64::from(p)).collect();
        if !known.is_empty() && best.is_none_or(|(distance, _)| foot.distance < distance) {
            best = Some((foot.distance, known.iter().sum::<f64>() / known.len() as f64));
        }
    }
    best.map(|(_, mean)| mean)
}

/// Probability that a place is empty, from the occupancy there and from whether the picture changed.
fn empty_probability(occupancy: Option<f64>, change_mad: Option<f64>) -> f64 {
    let walk = occupancy.map_or(0.0, |q| {
        let q = q.clamp(1e-6, 1.0 - 1e-6);
        libm::log((1.0 - q) / q).clamp(-OCCUPANCY_LOG_ODDS_AT_MOST, OCCUPANCY_LOG_ODDS_AT_MOST)
    });
    let change = change_mad.map_or(0.0, |c| {
        (CHANGE_LOG_ODDS_PER_MAD * (c - CHANGE_EVEN_MAD)).clamp(-CHANGE_LOG_ODDS_AT_MOST, CHANGE_LOG_ODDS_AT_MOST)
    });
    1.0 / (1.0 + libm::exp(-(walk + change)))
}
