//! What a person's corrections teach of a scene, as nats to add along its tracks.
//!
//! ```text
//! accepted, rejected ─┬─ their places: certain, or bare
//!                     ├─ the scene's cues, learnt anew with them
//!                     └─ a small logistic correction: how far, and by which looks, the walk was too sure or too doubtful
//! ```
//!
//! The correction is fitted to the corrected cars, given what was believed of each before, and held by two things: a normal prior on
//! its weights, and every other listed car as a faint witness of its own belief. So a rejected car of which the walk was in doubt
//! teaches little, one of which it was sure teaches much, and a single one can't overturn a scene. Deterministic; no network runs.

use super::cues::Values;
use super::learn::Examples;
use super::seen::Seen;
use super::strip::{self, STEP_M, Sample};
use super::yardwalk::{self, CLEARANCE_M, CUE_WEIGHT, Yard};
use crate::corrections::Corrections;
use crate::geometry::{OrientedRect, Point};

/// Nats a sample by which a corrected place is held: a car's length comes to 280, and no evidence along it weighs more than 60. A single sample
/// of it outweighs what an end or a middle can claim, so that no car is split or lengthened.
pub(super) const CERTAIN: f32 = 10.0;

/// Track kept beyond both ends of a car that stands on none, m: room for the gap in which it ends.
const OWN_TRACK_BEYOND_M: f64 = 2.0;

/// A line runs under a car when their directions differ by no more than this.
const SAME_WAY_RAD: f64 = 0.35;

/// Looks by which cars are told apart: body log-odds of the network, and the cues.
const LOOKS: usize = 7;

/// Weights of the correction: one for every look, and one for all cars alike.
const WEIGHTS: usize = LOOKS + 1;

/// Standard deviations of the weights before any correction: of the common one, and of one for a look that differs from the scene's mean by one
/// standard deviation. Together with [`WITNESS`], an unsure car's correction moves its like by about half a nat, ten by two or three.
const PRIOR: (f64, f64) = (0.7, 0.4);

/// What an uncorrected car weighs against a corrected one, as a witness of its own belief.
const WITNESS: f64 = 0.1;

/// Belief beyond this, in nats, isn't believed: the walk's sureness of a car whose whole situation it mistakes.
const SUREST: f64 = 3.0;

/// The most that the correction may say for or against one car, nats.
const MOST: f64 = 3.0;

/// A car of usual length, over which the correction of a place is spread, m.
const CAR_M: f64 = 14.0;

/// The lines to walk, and what to add along them.
pub(super) struct Taught {
    /// Those given, and one for each accepted car that stands on none of them.
    pub lines: Vec<Vec<Point>>,
    /// Nats to add to "occupied" for every sample of every line.
    pub extra: Vec<Vec<f32>>,
}

/// Learns from corrections. `extra` is what is known besides, as for [`yardwalk::walk`].
pub(super) fn teach(seen: &Seen, lines: &[Vec<Point>], extra: Option<&[Vec<f32>]>, corrections: &Corrections) -> Taught {
    let yard = yardwalk::glimpse(seen, lines, extra);
    let mut scene = Lines::along(seen, lines);
    let lessons = scene.lessons(&yard, corrections);
    let homeless: Vec<Vec<Point>> = scene.homeless(corrections).into_iter().map(|rect| own_track(rect, seen.gsd_m)).collect();
    let given = |k: usize, i: usize| extra.and_then(|e| e.get(k)).and_then(|e| e.get(i)).copied().unwrap_or(0.0);
    let mut sum: Vec<Vec<f32>> = Vec::new();
    for (k, nats) in lessons.iter().enumerate() {
        sum.push(nats.iter().enumerate().map(|(i, n)| *n as f32 + given(k, i)).collect());
    }
    let lines: Vec<Vec<Point>> = lines.iter().cloned().chain(homeless).collect();
    scene.strips.extend(lines[sum.len()..].iter().map(|l| strip::straighten(&seen.views, l, seen.gsd_m)));
    sum.resize_with(lines.len(), Vec::new);
    for (samples, nats) in scene.strips.iter().zip(&mut sum) {
        nats.resize(samples.len(), 0.0);
    }
    scene.hold(corrections, &mut sum);
    Taught { lines, extra: sum }
}

/// The straight line that an accepted car stands on.
fn own_track(rect: &OrientedRect, gsd_m: f64) -> Vec<Point> {
    let reach = rect.length / 2.0 + OWN_TRACK_BEYOND_M / gsd_m;
    let (s, c) = (libm::sin(rect.angle_rad), libm::cos(rect.angle_rad));
    [-reach, reach].map(|along| Point::new(rect.center.x + along * c, rect.center.y + along * s)).to_vec()
}

/// The lines of a scene with what is seen along them.
struct Lines<'a> {
    seen: &'a Seen,
    strips: Vec<Vec<Sample>>,
    values: Vec<Vec<Values>>,
}

impl<'a> Lines<'a> {
    fn along(seen: &'a Seen, lines: &[Vec<Point>]) -> Self {
        let strips: Vec<Vec<Sample>> = lines.iter().map(|l| strip::straighten(&seen.views, l, seen.gsd_m)).collect();
        let values = strips.iter().map(|samples| samples.iter().map(|s| seen.cues(s)).collect()).collect();
        Self { seen, strips, values }
    }

    /// Nats for every sample: the change of the cues' word, and the correction's share.
    fn lessons(&self, yard: &Yard, corrections: &Corrections) -> Vec<Vec<f64>> {
        let cues = self.cues_anew(yard, corrections);
        let correction = self.fit(yard, corrections, &cues);
        let spread = (CAR_M / STEP_M) as usize;
        let mut nats = cues;
        for (k, nats) in nats.iter_mut().enumerate() {
            let looks: Vec<Looks> = (0..nats.len()).map(|i| self.looks(k, i..i + 1)).collect();
            for (i, nats) in nats.iter_mut().enumerate() {
                let window = &looks[i.saturating_sub(spread / 2)..(i + spread / 2 + 1).min(looks.len())];
                *nats += correction.of(&mean(window)).clamp(-MOST, MOST) / spread as f64;
            }
        }
        nats
    }

    /// What the cues say now that they know of the corrections, less what they said.
    fn cues_anew(&self, yard: &Yard, corrections: &Corrections) -> Vec<Vec<f64>> {
        let mut examples = Examples::found(self.seen, yard, &self.strips);
        let before = examples.learn();
        let under = |rects: &[OrientedRect]| -> Vec<Values> {
            let places = rects.iter().flat_map(|rect| self.under(rect, 1.0));
            places.flat_map(|(k, range)| self.values[k][range].to_vec()).collect()
        };
        examples.forget(|rect| corrections.rejects(rect, self.seen.gsd_m));
        examples.add(under(&corrections.accepted), &under(&corrections.rejected));
        let after = examples.learn();
        let change = |values: &Values| match (&before, &after) {
            (Some(before), Some(after)) => CUE_WEIGHT * (after.nats(values) - before.nats(values)),
            _ => 0.0,
        };
        self.values.iter().map(|line| line.iter().map(change).collect()).collect()
    }

    /// The stretches of lines under a car, nearest line first, its ends left out by `margin_m`.
    fn under(&self, rect: &OrientedRect, margin_m: f64) -> Vec<(usize, std::ops::Range<usize>)> {
        let half_m = (rect.length * self.seen.gsd_m / 2.0 - margin_m).max(STEP_M);
        let mut found: Vec<(f64, usize, std::ops::Range<usize>)> = Vec::new();
        for (k, samples) in self.strips.iter().enumerate() {
            let inside = |s: &Sample| {
                let (along_m, across_m) = place_m(rect, s.at, self.seen.gsd_m);
                // The sample at a car's beginning belongs to it and the one at its end doesn't, as in the walk, whichever way the outline points;
                // the quarter of a step keeps rounded corners from deciding otherwise.
                let on_m = if libm::cos(s.heading_rad - rect.angle_rad) < 0.0 { -along_m } else { along_m } + STEP_M / 4.0;
                let inside = (-half_m..half_m).contains(&on_m) && turn(s.heading_rad, rect.angle_rad) <= SAME_WAY_RAD;
                inside.then_some(across_m.abs())
            };
            let across: Vec<(usize, f64)> = samples.iter().enumerate().filter_map(|(i, s)| Some((i, inside(s)?))).collect();
            let (Some(first), Some(last)) = (across.first(), across.last()) else { continue };
            let across_m = across.iter().map(|a| a.1).sum::<f64>() / across.len() as f64;
            if across_m < CLEARANCE_M {
                found.push((across_m, k, first.0..last.0 + 1));
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, k, range)| (k, range)).collect()
    }

    /// True where a stretch is as long as the car: less is a line that ends under it.
    fn carries(&self, rect: &OrientedRect, range: &std::ops::Range<usize>) -> bool {
        range.len() as f64 * STEP_M >= 0.8 * rect.length * self.seen.gsd_m
    }

    fn homeless<'c>(&self, corrections: &'c Corrections) -> Vec<&'c OrientedRect> {
        let housed = |rect: &&OrientedRect| {
            let at_home =
                |(k, range): &(usize, std::ops::Range<usize>)| self.carries(rect, range) && self.is_near(rect, *k, range);
            !self.under(rect, 0.0).iter().any(at_home)
        };
        corrections.accepted.iter().filter(housed).collect()
    }

    /// True where a line runs within half a track's spacing of a car's axis.
    fn is_near(&self, rect: &OrientedRect, k: usize, range: &std::ops::Range<usize>) -> bool {
        let middle = &self.strips[k][range.start + range.len() / 2];
        place_m(rect, middle.at, self.seen.gsd_m).1.abs() <= CLEARANCE_M / 2.0
    }

    /// Holds accepted cars on their nearest line, and keeps every other line near them, and rejected places, bare.
    fn hold(&self, corrections: &Corrections, nats: &mut [Vec<f32>]) {
        for rect in &corrections.rejected {
            for (k, range) in self.under(rect, 0.0).into_iter().filter(|(k, range)| self.is_near(rect, *k, range)) {
                nats[k][range].fill(-CERTAIN);
            }
        }
        let mut held: Vec<(usize, std::ops::Range<usize>)> = Vec::new();
        for rect in &corrections.accepted {
            let mut stretches = self.under(rect, 0.0).into_iter();
            let home = stretches.find(|(k, range)| self.carries(rect, range) && self.is_near(rect, *k, range));
            let Some((home, range)) = home else { continue };
            for (k, other) in self.under(rect, 0.0).into_iter().filter(|(k, _)| *k != home) {
                nats[k][other].fill(-CERTAIN);
            }
            // A bare sample at each end keeps the car from growing, unless its neighbour was accepted, too.
            for end in [range.start.checked_sub(1), Some(range.end)].into_iter().flatten() {
                if let Some(end) = nats[home].get_mut(end).filter(|n| **n < CERTAIN) {
                    *end = -CERTAIN;
                }
            }
            nats[home][range.clone()].fill(CERTAIN);
            held.push((home, range));
        }
        // Two accepted cars stay two, however near each other their outlines end.
        held.sort_by_key(|(k, range)| (*k, range.start));
        for pair in held.windows(2) {
            let [(k, first), (other, second)] = pair else { continue };
            if k == other && second.start <= first.end {
                nats[*k][second.start.max(first.start + 1)] = -CERTAIN;
            }
        }
    }

    fn looks(&self, k: usize, range: std::ops::Range<usize>) -> Looks {
        let each: Vec<Looks> = range
            .map(|i| {
                let body = self.strips[k][i].reading.map_or(0.0, |r| f64::from(r.body).clamp(-4.0, 4.0));
                let values = self.values[k][i];
                // Where the second band of a shadow is hidden, it is taken to look like the first.
                let value = |j: usize| if values[j].is_nan() { values[0] } else { values[j] };
                std::array::from_fn(|j| if j == 0 { body } else { f64::from(value(j - 1)) })
            })
            .collect();
        mean(&each)
    }

    /// Fits the logistic correction.
    fn fit(&self, yard: &Yard, corrections: &Corrections, cues: &[Vec<f64>]) -> Correction {
        let gsd_m = self.seen.gsd_m;
        let mut witnesses = Vec::new();
        let mut say = |rect: &OrientedRect, truth: Option<f64>| {
            let Some((k, range)) = self.under(rect, 0.0).into_iter().next() else { return };
            let listed = yard.cars.iter().find(|c| crate::corrections::is_same_car(rect, &c.rect_px, gsd_m));
            let occupied = || {
                let under = yard.evidence[k].occupied[range.clone()].iter().filter(|o| o.is_finite());
                f64::from(under.clone().sum::<f32>()) / under.count().max(1) as f64
            };
            let belief = listed.map_or_else(occupied, |c| c.confidence).clamp(1e-6, 1.0 - 1e-6);
            let believed = libm::log(belief / (1.0 - belief)).clamp(-SUREST, SUREST);
            let told: f64 = cues[k][range.clone()].iter().sum();
            witnesses.push(Witness {
                looks: self.looks(k, range),
                believed: if truth.is_some() { believed + told } else { believed },
                truth: truth.unwrap_or(logistic(believed)),
                weight: if truth.is_some() { 1.0 } else { WITNESS },
            });
        };
        corrections.accepted.iter().for_each(|rect| say(rect, Some(1.0)));
        corrections.rejected.iter().for_each(|rect| say(rect, Some(0.0)));
        let corrected = |rect: &OrientedRect| corrections.accepts(rect, gsd_m) || corrections.rejects(rect, gsd_m);
        yard.cars.iter().filter(|c| !corrected(&c.rect_px)).for_each(|c| say(&c.rect_px, None));
        Correction::fit(&witnesses)
    }
}

/// Where a point lies from the middle of a car, along and across it, m.
fn place_m(rect: &OrientedRect, p: Point, gsd_m: f64) -> (f64, f64) {
    let (s, c) = (libm::sin(rect.angle_rad), libm::cos(rect.angle_rad));
    let (dx, dy) = ((p.x - rect.center.x) * gsd_m, (p.y - rect.center.y) * gsd_m);
    (dx * c + dy * s, dy * c - dx * s)
}

/// The angle between two lines without direction.
fn turn(a_rad: f64, b_rad: f64) -> f64 {
    super::frame::line_angle_between(a_rad, b_rad)
}

/// How a place looks.
type Looks = [f64; LOOKS];

fn mean(looks: &[Looks]) -> Looks {
    let n = looks.len().max(1) as f64;
    std::array::from_fn(|j| looks.iter().map(|l| l[j]).sum::<f64>() / n)
}

/// One car of which something is said.
struct Witness {
    looks: Looks,
    /// Log-odds before.
    believed: f64,
    /// 1 a car, 0 none.
    truth: f64,
    weight: f64,
}

/// What to add to the log-odds of a car that looks so.
struct Correction {
    middle: Looks,
    scale: Looks,
    weights: [f64; WEIGHTS],
}

impl Correction {
    /// The likeliest weights, one after the other by Newton's steps until nothing moves.
    fn fit(witnesses: &[Witness]) -> Self {
        let looks: Vec<Looks> = witnesses.iter().map(|w| w.looks).collect();
        let middle = mean(&looks);
        let squares: Vec<Looks> =
            looks.iter().map(|l| std::array::from_fn(|j| (l[j] - middle[j]) * (l[j] - middle[j]))).collect();
        let mut fitted = Self { middle, scale: mean(&squares).map(|v| v.sqrt().max(1e-3)), weights: [0.0; WEIGHTS] };
        let terms: Vec<[f64; WEIGHTS]> = looks.iter().map(|l| fitted.terms(l)).collect();
        let mut odds: Vec<f64> = witnesses.iter().map(|w| w.believed).collect();
        for _ in 0..ROUNDS {
            for k in 0..WEIGHTS {
                let spread = if k == 0 { PRIOR.0 } else { PRIOR.1 };
                let (mut slope, mut bend) = (-fitted.weights[k] / (spread * spread), 1.0 / (spread * spread));
                for ((witness, terms), odds) in witnesses.iter().zip(&terms).zip(&odds) {
                    let p = logistic(*odds);
                    slope += witness.weight * (witness.truth - p) * terms[k];
                    bend += witness.weight * p * (1.0 - p) * terms[k] * terms[k];
                }
                let step = (slope / bend).clamp(-1.0, 1.0);
                fitted.weights[k] += step;
                odds.iter_mut().zip(&terms).for_each(|(odds, terms)| *odds += step * terms[k]);
            }
        }
        fitted
    }

    /// 1, and how far each look lies from the scene's mean, bounded: a place unlike every car has nothing to say of cars.
    fn terms(&self, looks: &Looks) -> [f64; WEIGHTS] {
        let share = |j: usize| ((looks[j] - self.middle[j]) / self.scale[j]).clamp(-3.0, 3.0);
        std::array::from_fn(|k| if k == 0 { 1.0 } else { share(k - 1) })
    }

    fn of(&self, looks: &Looks) -> f64 {
        self.terms(looks).iter().zip(&self.weights).map(|(t, w)| t * w).sum()
    }
}

/// Rounds over all weights; eight weights under a prior have settled to a thousandth long before.
const ROUNDS: usize = 40;

fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-odds))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A car whose first look is `look` and of which the walk believed so much.
    fn witness(look: f64, believed: f64, told: Option<f64>) -> Witness {
        let looks = std::array::from_fn(|j| if j == 0 { look } else { 0.0 });
        let weight = if told.is_some() { 1.0 } else { WITNESS };
        Witness { looks, believed, truth: told.unwrap_or(logistic(believed)), weight }
    }

    fn of(correction: &Correction, look: f64) -> f64 {
        correction.of(&std::array::from_fn(|j| if j == 0 { look } else { 0.0 }))
    }

    /// Twenty cars that nobody corrected, half of either look.
    fn scene() -> Vec<Witness> {
        (0..20).map(|k| witness(if k % 2 == 0 { 1.0 } else { -1.0 }, 2.0, None)).collect()
    }

    /// The correction of that scene with some cars corrected.
    fn after(corrected: Vec<Witness>) -> Correction {
        Correction::fit(&scene().into_iter().chain(corrected).collect::<Vec<_>>())
    }

    #[test]
    fn who_says_nothing_teaches_nothing() {
        let correction = Correction::fit(&scene());
        assert!(of(&correction, 1.0).abs() < 1e-6 && of(&correction, -1.0).abs() < 1e-6);
    }

    #[test]
    fn one_correction_moves_little_and_ten_alike_move_their_like() {
        let one = after(vec![witness(-1.0, 0.5, Some(0.0))]);
        assert!((-1.0..0.0).contains(&of(&one, -1.0)), "{}", of(&one, -1.0));
        let ten: Vec<Witness> = (0..10).map(|_| witness(-1.0, 0.5, Some(0.0))).collect();
        let ten = after(ten);
        assert!(of(&ten, -1.0) < 1.5 * of(&one, -1.0), "{} after {}", of(&ten, -1.0), of(&one, -1.0));
        assert!(of(&ten, 1.0) > of(&ten, -1.0) + 0.5, "those of the other look are spared: {}", of(&ten, 1.0));
    }

    #[test]
    fn what_was_expected_teaches_less_than_a_surprise() {
        let said = |believed| of(&after(vec![witness(0.0, believed, Some(1.0))]), 0.0);
        assert!(said(-2.0) > 3.0 * said(2.0) && said(2.0) > 0.0);
    }
}
