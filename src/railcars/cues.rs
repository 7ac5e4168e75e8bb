//! What a car looks like in this scene, learnt from the cars the network is sure of.
//!
//! How dark and wide shadows are, how roofs differ from ballast, depends on sun, season and sensor. So nothing is assumed: the scene's own
//! sure cars and its own ground beside them give, for each cue, a table of log-likelihood ratios. Each table is a histogram over
//! quantiles with pseudo-counts, clipped; the cues are added as if independent and clipped again (METHODS: such a bounded naive
//! Bayes went over to unseen ground far better than a fitted classifier). A scene without sure cars teaches nothing, and the cues stay silent.

use super::profile::Profile;

/// Number of cues.
const CUES: usize = 6;

/// Bins of a table: enough for a bend, few enough that a hundred metres of cars fill them.
const BINS: usize = 8;

/// One cue may say at most this, nats.
const CUE_CLIP: f64 = 1.5;

/// All cues together may say at most this, nats.
const SUM_CLIP: f64 = 3.0;

/// Samples that make one independent witness: neighbours along a car look alike over about 6 m.
const CORRELATED_SAMPLES: f64 = 12.0;

/// Values of the cues at one sample.
pub(super) type Values = [f32; CUES];

/// The cues of a car whose axis lies `shift_m` toward the shadows from the profile's.
pub(super) fn values(profile: &Profile, shift_m: f64) -> Values {
    let tone = |from: f64, to: f64| profile.tone(shift_m + from, shift_m + to);
    let (roof, near, sunny) = (tone(-1.0, 1.0), tone(1.8, 2.6), tone(-2.9, -1.9));
    [near, tone(2.9, 3.8), sunny, roof - near, (roof - sunny).abs(), profile.chroma(shift_m - 1.0, shift_m + 1.0)]
}

/// How much brighter the roof is than the place of its shadow, as a difference of tones.
pub(super) fn roof_over_shadow(values: &Values) -> f64 {
    f64::from(values[3])
}

/// Tables learnt from one scene.
pub(super) struct Tables {
    cues: Vec<Table>,
}

struct Table {
    edges: Vec<f32>,
    nats: Vec<f64>,
}

impl Tables {
    /// From samples under sure cars and samples that surely are not; `None` when either are too few to fill the bins.
    pub fn learn(cars: &[Values], ground: &[Values]) -> Option<Self> {
        let enough = (CORRELATED_SAMPLES * 4.0) as usize;
        if cars.len() < enough || ground.len() < enough {
            return None;
        }
        let column = |values: &[Values], k: usize| -> Vec<f32> { values.iter().map(|v| v[k]).collect() };
        Some(Self { cues: (0..CUES).map(|k| Table::learn(&column(cars, k), &column(ground, k))).collect() })
    }

    /// Log-likelihood ratio of car to ground, nats, bounded.
    pub fn nats(&self, values: &Values) -> f64 {
        let sum: f64 = self.cues.iter().zip(values).map(|(table, &v)| table.nats[bin(&table.edges, v)]).sum();
        sum.clamp(-SUM_CLIP, SUM_CLIP)
    }
}

impl Table {
    fn learn(cars: &[f32], ground: &[f32]) -> Self {
        let edges = quantile_edges(cars, ground);
        let shares = |values: &[f32]| {
            let mut counts = [0.0; BINS];
            for &v in values {
                counts[bin(&edges, v)] += 1.0;
            }
            let witnesses = values.len() as f64 / CORRELATED_SAMPLES;
            counts.iter().map(|n| (n / values.len() as f64 * witnesses + 1.0) / (witnesses + BINS as f64)).collect::<Vec<f64>>()
        };
        let (cars, ground) = (shares(cars), shares(ground));
        let ratio: Vec<f64> = cars.iter().zip(&ground).map(|(c, g)| libm::log(c / g)).collect();
        let at = |i: usize| ratio[i.min(BINS - 1)];
        let nats = (0..BINS)
            .map(|i| (0.2 * at(i.saturating_sub(1)) + 0.6 * at(i) + 0.2 * at(i + 1)).clamp(-CUE_CLIP, CUE_CLIP))
            .collect();
        Self { edges, nats }
    }
}

/// Edges between bins: quantiles of both kinds, each with the same say however many there are.
fn quantile_edges(cars: &[f32], ground: &[f32]) -> Vec<f32> {
    let quantiles = |values: &[f32]| -> Vec<f32> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f32::total_cmp);
        (0..64).map(|k| sorted[(sorted.len() - 1) * k / 63]).collect()
    };
    let mut both = quantiles(cars);
    both.extend(quantiles(ground));
    both.sort_by(f32::total_cmp);
    (1..BINS).map(|k| both[both.len() * k / BINS]).collect()
}

fn bin(edges: &[f32], value: f32) -> usize {
    edges.iter().take_while(|&&e| value >= e).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn drawn(random: &mut Random, mean: f64) -> Values {
        std::array::from_fn(|_| (mean + random.normal()) as f32)
    }

    #[test]
    fn tells_two_kinds_apart_and_stays_bounded() {
        let mut random = Random::new(5);
        let cars: Vec<Values> = (0..900).map(|_| drawn(&mut random, 1.0)).collect();
        let ground: Vec<Values> = (0..900).map(|_| drawn(&mut random, -1.0)).collect();
        let tables = Tables::learn(&cars, &ground).expect("enough");
        assert_eq!(tables.nats(&[9.0; CUES]), SUM_CLIP);
        assert_eq!(tables.nats(&[-9.0; CUES]), -SUM_CLIP);
        assert!(tables.nats(&[0.0; CUES]).abs() < 1.0);
    }

    #[test]
    fn kinds_that_look_alike_say_nothing() {
        let mut random = Random::new(6);
        let same: Vec<Values> = (0..900).map(|_| drawn(&mut random, 0.0)).collect();
        let tables = Tables::learn(&same, &same).expect("enough");
        assert!(tables.nats(&[2.0; CUES]).abs() < 1e-9);
        assert!(Tables::learn(&same[..10], &same).is_none(), "ten samples are half a car");
    }
}
