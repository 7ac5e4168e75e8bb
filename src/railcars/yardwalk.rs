//! The walks of all tracks together: neighbours compete for the same ground, and the counts add up.

use super::belief::{self, DRAWS};
use super::gantries;
use super::seen::Seen;
use super::strip::{self, Reading, STEP_M, Sample};
use super::taught;
use super::walk::Car;
use crate::geometry::{OrientedRect, Point, polyline_length};
use crate::random::Random;
use crate::yard::{CarType, Count, CountKind, Railcar, Track, TrackEvidence};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Two cars can't stand with their axes nearer than this, m: cars are 2.7–3.3 m wide.
pub(super) const CLEARANCE_M: f64 = 3.3;

/// Nats a metre against a car where a neighbour within [`CLEARANCE_M`] surely has one: as much as the surest body says for it.
const TAKEN: f64 = 2.0;

/// Everything the walks found.
pub(super) struct Yard {
    pub tracks: Vec<Track>,
    pub cars: Vec<Railcar>,
    pub evidence: Vec<TrackEvidence>,
    pub occupied_m: f64,
    /// Total of cars, and of metres they cover, in each draw.
    pub totals: Vec<(u32, f64)>,
}

/// What the walk along one line found: cars with their confidence, the occupancy of every sample, and cars and metres in each draw.
struct Walked {
    cars: Vec<(Car, f64)>,
    occupied: Vec<f32>,
    occupied_m: f64,
    draws: Vec<(u32, f64)>,
    /// Rails show themselves along it.
    on_rails: bool,
}

impl Walked {
    /// How likely the line is a track, its cars apart; `chance` is that of a line that only cars speak for.
    fn chance(&self, chance: f64) -> f64 {
        if self.on_rails { RAILS_ARE_TRACKS } else { chance }
    }
}

/// A line with rails along this share of it was found by them.
const ON_RAILS: f64 = 0.7;

/// Share of the lines found by their rails that are tracks, on drawn yards.
const RAILS_ARE_TRACKS: f64 = 0.9;

/// How likely a line on which no car is listed is a track at all: the share of lines that carry cars (those found by their rails apart), one of each kind added so that few
/// lines decide nothing. In towns a hundred lines follow streets and roofs, and what little each leaves open would add up to a train.
fn chance_of_track(found: &BTreeMap<usize, Walked>) -> f64 {
    let (mut lines, mut carrying) = (2.0, 1.0);
    for walked in found.values().filter(|w| !w.on_rails) {
        lines += 1.0;
        carrying += f64::from(u8::from(!walked.cars.is_empty()));
    }
    carrying / lines
}

/// How likely a line is a track: as others are, unless one of its cars is there.
fn confidence(chance: f64, cars: &[(Car, f64)]) -> f64 {
    1.0 - (1.0 - chance) * cars.iter().map(|(_, confidence)| 1.0 - confidence.clamp(0.0, 1.0)).product::<f64>()
}

/// Adds the lines up: in each draw, those without a listed car stand for tracks by [`Walked::chance`].
fn add_up(yard: &mut Yard, found: &BTreeMap<usize, Walked>) {
    let (chance, mut random) = (chance_of_track(found), Random::new(0));
    for walked in found.values() {
        let listed = !walked.cars.is_empty();
        let chance = walked.chance(chance);
        yard.occupied_m += walked.occupied_m * if listed { 1.0 } else { chance };
        for (total, draw) in yard.totals.iter_mut().zip(&walked.draws) {
            if listed || random.unit() < chance {
                total.0 += draw.0;
                total.1 += draw.1;
            }
        }
    }
}

/// Walks all lines; `extra` holds additional log-odds of occupancy for every sample of every line.
pub(super) fn walk(seen: &Seen, lines: &[Vec<Point>], extra: Option<&[Vec<f32>]>) -> Yard {
    walked(seen, lines, extra, true)
}

/// As [`walk`], for those who ask where cars stand and not how many there may be: without the draws, which take half the time.
pub(super) fn glimpse(seen: &Seen, lines: &[Vec<Point>], extra: Option<&[Vec<f32>]>) -> Yard {
    walked(seen, lines, extra, false)
}

fn walked(seen: &Seen, lines: &[Vec<Point>], extra: Option<&[Vec<f32>]>, draw: bool) -> Yard {
    let (views, gsd_m) = (&seen.views, seen.gsd_m);
    let mut strips: Vec<Vec<Sample>> = lines.iter().map(|l| strip::straighten(views, l, gsd_m)).collect();
    strips.iter_mut().for_each(|samples| gantries::bridge(&seen.gantries, samples, gsd_m));
    vouched_for(&mut strips, extra.unwrap_or_default());
    let mut order: Vec<usize> = (0..lines.len()).collect();
    let strength: Vec<f32> = strips.iter().map(|s| s.iter().filter_map(|x| x.reading).map(|r| r.body.max(0.0)).sum()).collect();
    order.sort_by(|&a, &b| strength[b].total_cmp(&strength[a]).then(a.cmp(&b)));
    let mut taken = Taken::new(gsd_m);
    let mut yard =
        Yard { tracks: Vec::new(), cars: Vec::new(), evidence: Vec::new(), occupied_m: 0.0, totals: vec![(0, 0.0); DRAWS] };
    let mut found: BTreeMap<usize, Walked> = BTreeMap::new();
    for &k in &order {
        let mut random = Random::new(k as u64);
        let samples = &strips[k];
        let mut occupied = vec![f32::NAN; samples.len()];
        let mut cars = Vec::new();
        let (mut occupied_m, mut draws) = (0.0, vec![(0, 0.0); DRAWS]);
        for (from, to) in belief::seen_runs(samples) {
            let readings: Vec<Reading> = samples[from..to].iter().filter_map(|s| s.reading).collect();
            let extra: Vec<f64> = (from..to)
                .map(|i| {
                    let given = extra.and_then(|e| e.get(k)).and_then(|e| e.get(i)).copied().unwrap_or(0.0);
                    f64::from(given) + cue_nats(seen, &samples[i]) - TAKEN * STEP_M * taken.at(samples[i].at)
                })
                .collect();
            let belief = belief::believe(&readings, &extra, draw.then_some(&mut random));
            for (total, draw) in draws.iter_mut().zip(&belief.draws) {
                total.0 += draw.0;
                total.1 += draw.1;
            }
            for (o, p) in occupied[from..to].iter_mut().zip(&belief.occupied) {
                *o = *p as f32;
                occupied_m += p * STEP_M;
            }
            let shifted = belief.cars.iter().map(|c| Car { from: c.from + from, to: c.to + from, cut: c.cut });
            cars.extend(shifted.zip(belief.confidence.iter().copied()));
        }
        taken.add(samples, &occupied);
        let on_rails = seen.rails.share(samples.iter().map(|s| (s.at, s.heading_rad)), gsd_m) >= ON_RAILS;
        found.insert(k, Walked { cars, occupied, occupied_m, draws, on_rails });
    }
    add_up(&mut yard, &found);
    let chance = chance_of_track(&found);
    for (k, walked) in found {
        let confidence = confidence(walked.chance(chance), &walked.cars);
        let Walked { cars, occupied, .. } = walked;
        let track = k as u32 + 1;
        let length_m = polyline_length(&lines[k]) * gsd_m;
        yard.tracks.push(Track { id: track, line_px: lines[k].clone(), length_m, confidence, snapped_m: None });
        yard.evidence.push(TrackEvidence { track, step_m: STEP_M, occupied });
        for (car, confidence) in cars {
            let id = yard.cars.len() as u32 + 1;
            yard.cars.push(railcar(&strips[k], car, confidence, (id, track), gsd_m));
        }
    }
    yard
}

/// Where a person vouches for a car that stands beyond what was looked at, the network has said nothing, and the walk goes on all the same.
fn vouched_for(strips: &mut [Vec<Sample>], extra: &[Vec<f32>]) {
    for (samples, nats) in strips.iter_mut().zip(extra) {
        for (sample, _) in samples.iter_mut().zip(nats).filter(|(_, n)| n.abs() >= taught::CERTAIN) {
            sample.reading.get_or_insert_default();
        }
    }
}

/// Nats for each sample and each nat of the cues: neighbouring samples look alike, and cues repeat one another.
pub(super) const CUE_WEIGHT: f64 = 0.15;

/// What the scene's cues say of a sample being under a car.
fn cue_nats(seen: &Seen, sample: &Sample) -> f64 {
    seen.tables.as_ref().map_or(0.0, |tables| CUE_WEIGHT * tables.nats(&seen.cues(sample)))
}

/// What no walk can know: cars that are never suspected, and things that pass for cars without a doubt. Over and above the walk's own doubts
/// their number scatters from scene to scene with this variance, for any scene with a track and for each car listed. On 169 drawn yards and lines
/// of seeds used for nothing else the interval without it held the truth in 60 of 100, with it in 77; twice as much brings 80, and widens
/// every interval for the sake of whole trains that are overlooked.
const UNKNOWN_VARIANCE: (f64, f64) = (1.0, 0.15);

/// The count of a yard: the cars listed, with the interval of the draws, never without the estimate inside.
pub(super) fn count(yard: &Yard) -> Count {
    let estimate = yard.cars.len() as f64;
    let (any, each) = if yard.tracks.is_empty() { (0.0, 0.0) } else { UNKNOWN_VARIANCE };
    let sigma = (any + each * estimate).sqrt();
    let mut random = Random::new(yard.totals.len() as u64);
    let mut totals: Vec<f64> =
        yard.totals.iter().map(|t| libm::round(f64::from(t.0) + sigma * random.normal()).max(0.0)).collect();
    totals.sort_by(f64::total_cmp);
    let quantile = |q: f64| totals[((totals.len() - 1) as f64 * q + 0.5) as usize];
    Count {
        estimate,
        low: quantile(0.05).min(estimate),
        high: quantile(0.95).max(estimate),
        level: 0.9,
        kind: CountKind::Individual,
    }
}

/// Body width where the evidence can't tell, m (FACTS: 2.8–3.3 by type, 2.67 median of Swiss labels).
const TYPICAL_WIDTH_M: f64 = 2.9;

fn railcar(samples: &[Sample], car: Car, confidence: f64, (id, track): (u32, u32), gsd_m: f64) -> Railcar {
    let (a, b) = (samples[car.from], samples[(car.to).min(samples.len() - 1)]);
    let length_m = (car.to - car.from) as f64 * STEP_M;
    let angle_rad = libm::atan2(b.at.y - a.at.y, b.at.x - a.at.x);
    let middle = Point::new((a.at.x + b.at.x) / 2.0, (a.at.y + b.at.y) / 2.0);
    let rect_px = OrientedRect { center: middle, length: length_m / gsd_m, width: TYPICAL_WIDTH_M / gsd_m, angle_rad };
    let along_m = (car.from + car.to) as f64 / 2.0 * STEP_M;
    Railcar { id, rect_px, length_m, width_m: TYPICAL_WIDTH_M, confidence, track, along_m, car_type: CarType::Unknown }
}

/// How surely each place is taken by a car of a track walked before.
#[derive(Serialize, Deserialize)]
pub(super) struct Taken {
    gsd_m: f64,
    squares: BTreeMap<(i32, i32), Vec<(Point, f64)>>,
}

impl Taken {
    pub fn new(gsd_m: f64) -> Self {
        Self { gsd_m, squares: BTreeMap::new() }
    }

    fn square(&self, p: Point) -> (i32, i32) {
        let at = |x: f64| (x * self.gsd_m / CLEARANCE_M).floor() as i32;
        (at(p.x), at(p.y))
    }

    pub fn add(&mut self, samples: &[Sample], occupied: &[f32]) {
        for (sample, &p) in samples.iter().zip(occupied) {
            if p > 0.05 {
                self.squares.entry(self.square(sample.at)).or_default().push((sample.at, f64::from(p)));
            }
        }
    }

    /// The surest car within the clearance.
    pub fn at(&self, p: Point) -> f64 {
        self.near(p, CLEARANCE_M)
    }

    /// The surest car within `reach_m`, which is at most the clearance.
    pub fn near(&self, p: Point, reach_m: f64) -> f64 {
        let (x, y) = self.square(p);
        let mut most: f64 = 0.0;
        for key in (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (x + dx, y + dy))) {
            for (q, occupied) in self.squares.get(&key).into_iter().flatten() {
                if q.distance(p) * self.gsd_m < reach_m {
                    most = most.max(*occupied);
                }
            }
        }
        most
    }
}
