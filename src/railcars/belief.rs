//! From what the network says of a track to what the walk adds up, and from the walk to what is believed of the track.

use super::lengths::Lengths;
use super::strip::{Reading, STEP_M, Sample};
use super::walk::{Car, Drawn, Join, Largest, Posterior, Terms, Walk};
use crate::random::Random;

/// Nats for each metre of track and each unit of body log-odds. Neighbouring cells see nearly the same pixels, so they are worth a
/// fraction of independent witnesses: about one in four metres.
const BODY_WEIGHT: f64 = 0.25;

/// Added to body log-odds before weighing: nought, the network's own midpoint.
const BODY_BIAS: f64 = 0.0;

/// Body log-odds beyond this, either way, count as this much.
const BODY_CLIP: f64 = 4.0;

/// Nats for each unit of end log-odds, after [`END_BIAS`]. Ends were taught as soft peaks 0.7 m wide, so a sure end hardly passes log-odds
/// of 0, and empty ground lies near -4. Believed this much, ends part the cars of a string where they should: on drawn yards 86 of 100 are
/// found, at a weight of 1 it was 82. What it also gives to lone ghosts, [`super::prior::ln_enter`] takes back.
const END_WEIGHT: f64 = 1.4;
const END_BIAS: f64 = 2.0;
const END_CLIP: f64 = 2.5;

/// The same for the middle of a car.
const CENTRE_WEIGHT: f64 = 0.9;
const CENTRE_BIAS: f64 = 2.2;
const CENTRE_CLIP: f64 = 2.0;

/// Draws of whole sequences for the count's interval.
pub(super) const DRAWS: usize = 300;

/// Shifts of all body log-odds of a scene at once, with which the interval is drawn: the network may be too sure or too doubtful of a
/// whole scene (another sun, another sensor), and no sample of that scene can tell. Five equally likely fifths of a normal distribution.
const SCENE_SHIFTS: [f64; 5] = [-1.4, -0.53, 0.0, 0.53, 1.4];

/// Standard deviation of that shift, in log-odds.
const SCENE_SPREAD: f64 = 0.6;

/// What is believed of one run of samples.
pub(super) struct Belief {
    /// The likeliest cars.
    pub cars: Vec<Car>,
    /// Probability that each of them stands there, its middle within [`SAME_CAR_M`].
    pub confidence: Vec<f64>,
    /// Probability per sample that it is under a car.
    pub occupied: Vec<f64>,
    /// Number of cars, and metres they cover, in each of [`DRAWS`] sequences drawn from the posterior; none where none was asked for.
    pub draws: Vec<(u32, f64)>,
}

/// Two cars whose middles lie within this are the same car, m.
const SAME_CAR_M: f64 = 3.0;

/// Walks one run of samples, all of them seen. `extra` is added to the nats of each sample being occupied; without `random` nothing is drawn.
pub(super) fn believe(readings: &[Reading], extra: &[f64], random: Option<&mut Random>) -> Belief {
    let terms = weigh(readings, extra, 0.0);
    let (cars, confidence, _) = likeliest(&terms, &Lengths::general());
    let lengths = Lengths::learned(&cars, &confidence);
    let (cars, confidence, posterior) = likeliest(&terms, &lengths);
    let draws = random.map_or_else(Vec::new, |random| draws(readings, extra, &lengths, random));
    Belief { cars, confidence, occupied: posterior.occupied, draws }
}

/// Number of cars and metres they cover in sequences drawn from the posterior.
fn draws(readings: &[Reading], extra: &[f64], lengths: &Lengths, random: &mut Random) -> Vec<(u32, f64)> {
    let mut draws = Vec::with_capacity(DRAWS);
    for shift in SCENE_SHIFTS {
        let terms = weigh(readings, extra, shift * SCENE_SPREAD);
        let walk = Walk::new(&terms, lengths, Join::Sum);
        let mut drawn = Drawn::from(&walk, random);
        draws.extend((0..DRAWS / SCENE_SHIFTS.len()).map(|_| {
            let cars = walk.trace(&mut drawn);
            (cars.len() as u32, cars.iter().map(|c| (c.to - c.from) as f64 * STEP_M).sum::<f64>())
        }));
    }
    draws
}

/// The likeliest cars, how surely each stands there, and the posterior.
fn likeliest(terms: &Terms, lengths: &Lengths) -> (Vec<Car>, Vec<f64>, Posterior) {
    let cars = Walk::new(terms, lengths, Join::Best).trace(&mut Largest);
    let posterior = Posterior::of(&Walk::new(terms, lengths, Join::Sum));
    let reach = (2.0 * SAME_CAR_M / STEP_M) as usize;
    let confidence = cars
        .iter()
        .map(|c| {
            let middle = c.from + c.to;
            let near = middle.saturating_sub(reach)..=(middle + reach).min(posterior.centre.len() - 1);
            posterior.centre[near].iter().sum::<f64>().min(1.0)
        })
        .collect();
    (cars, confidence, posterior)
}

/// Readings to nats.
fn weigh(readings: &[Reading], extra: &[f64], body_shift: f64) -> Terms {
    let body: Vec<f64> = readings
        .iter()
        .zip(extra)
        .map(|(r, e)| BODY_WEIGHT * STEP_M * (f64::from(r.body) + BODY_BIAS + body_shift).clamp(-BODY_CLIP, BODY_CLIP) + e)
        .collect();
    let end: Vec<f64> = readings.iter().map(|r| END_WEIGHT * (f64::from(r.end) + END_BIAS).clamp(-END_CLIP, END_CLIP)).collect();
    let centre: Vec<f64> =
        readings.iter().map(|r| CENTRE_WEIGHT * (f64::from(r.centre) + CENTRE_BIAS).clamp(-CENTRE_CLIP, CENTRE_CLIP)).collect();
    Terms::new(&body, &end, &centre)
}

/// Runs of samples that the image has something to say about, as (first, one past the last).
pub(super) fn seen_runs(samples: &[Sample]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (i, sample) in samples.iter().enumerate() {
        if sample.reading.is_some() {
            match runs.last_mut() {
                Some((_, end)) if *end == i => *end = i + 1,
                _ => runs.push((i, i + 1)),
            }
        }
    }
    runs
}
