//! Finds in a scene what its cars and its ground look like, to fill [`super::cues`].

use super::cues::{Tables, Values};
use super::seen::Seen;
use super::strip::{self, Sample};
use super::yardwalk::{self, Taken, Yard};
use crate::geometry::{OrientedRect, Point};

/// A car teaches when it is at least this sure.
const SURE_CAR: f64 = 0.9;

/// A sample under it teaches when the network's own body log-odds are at least this.
const SURE_BODY: f32 = 1.0;

/// Ground teaches where the network's body log-odds are at most this and no car stands within reach.
const SURE_GROUND: f32 = -1.0;

/// Ground is taken on the tracks and at these distances beside them, m: about one and two tracks further, where rails lie, and where the
/// shadows of cars fall that stand on the track itself.
const BESIDE_M: [f64; 5] = [0.0, -4.8, 4.8, -9.6, 9.6];

/// Every how many samples ground is taken.
const STRIDE: usize = 3;

/// How many times over a corrected car's samples teach: a person's word on one car is worth that of a few that the walk is merely sure of.
const A_PERSONS_WORD: usize = 3;

/// Walks the tracks with what is known so far and learns from what was found: what cars and ground look like, and where cars stand.
/// The first time what is known is the network alone. Gives what was found, and the lines as samples.
pub(super) fn lesson(seen: &mut Seen, lines: &[Vec<Point>]) -> (Yard, Vec<Vec<Sample>>) {
    let yard = yardwalk::glimpse(seen, lines, None);
    let strips: Vec<Vec<Sample>> = lines.iter().map(|l| strip::straighten(&seen.views, l, seen.gsd_m)).collect();
    seen.taken = taken(seen, &yard, &strips);
    seen.tables = Examples::found(seen, &yard, &strips).learn();
    (yard, strips)
}

/// Where a walk found cars.
fn taken(seen: &Seen, yard: &Yard, strips: &[Vec<Sample>]) -> Taken {
    let mut taken = Taken::new(seen.gsd_m);
    strips.iter().zip(&yard.evidence).for_each(|(samples, evidence)| taken.add(samples, &evidence.occupied));
    taken
}

/// Looks of cars and of ground in one scene.
pub(super) struct Examples {
    /// Of each car, with its outline where the walk found it.
    cars: Vec<(Option<OrientedRect>, Vec<Values>)>,
    ground: Vec<Values>,
}

impl Examples {
    /// What the walk of a yard is sure of.
    pub fn found(seen: &Seen, yard: &Yard, strips: &[Vec<Sample>]) -> Self {
        let taken = taken(seen, yard, strips);
        let (mut cars, mut ground) = (Vec::new(), Vec::new());
        for (k, samples) in strips.iter().enumerate() {
            for car in yard.cars.iter().filter(|c| c.track == k as u32 + 1 && c.confidence >= SURE_CAR) {
                let half = car.length_m / 2.0 - 1.0;
                let index = |m: f64| ((m / strip::STEP_M) as usize).min(samples.len());
                let under = &samples[index(car.along_m - half)..index(car.along_m + half)];
                let under = under.iter().filter(|s| s.reading.is_some_and(|r| r.body >= SURE_BODY)).map(|s| seen.cues(s));
                cars.push((Some(car.rect_px), under.collect()));
            }
            ground.extend(samples.iter().step_by(STRIDE).flat_map(|s| beside(seen, s, &taken)));
        }
        Self { cars, ground }
    }

    /// Forgets the cars of which a person says that they are none.
    pub fn forget(&mut self, none: impl Fn(&OrientedRect) -> bool) {
        self.cars.retain(|(rect, _)| !rect.is_some_and(|rect| none(&rect)));
    }

    /// Adds what a person says: looks under accepted cars, and under rejected ones.
    pub fn add(&mut self, accepted: Vec<Values>, rejected: &[Values]) {
        for _ in 0..A_PERSONS_WORD {
            self.cars.push((None, accepted.clone()));
            self.ground.extend_from_slice(rejected);
        }
    }

    /// The tables; `None` while there are too few examples.
    pub fn learn(&self) -> Option<Tables> {
        let cars: Vec<Values> = self.cars.iter().flat_map(|(_, values)| values).copied().collect();
        Tables::learn(&cars, &self.ground)
    }
}

/// The cues of the ground on and beside a sample, where it is ground.
fn beside(seen: &Seen, sample: &Sample, taken: &Taken) -> Vec<Values> {
    let (s, c) = (libm::sin(sample.heading_rad) / seen.gsd_m, libm::cos(sample.heading_rad) / seen.gsd_m);
    let shifted = BESIDE_M.map(|t| Sample { at: Point::new(sample.at.x - t * s, sample.at.y + t * c), ..*sample });
    let is_ground = |s: &&Sample| {
        let reading = strip::read(&seen.views, s.at, s.heading_rad, seen.gsd_m);
        reading.is_some_and(|r| r.body <= SURE_GROUND) && taken.at(s.at) < 0.05
    };
    shifted.iter().filter(is_ground).map(|s| seen.cues(s)).collect()
}
