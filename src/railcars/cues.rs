//! What a car looks like in this scene, learnt from the cars the network is sure of.
//!
//! How dark and wide shadows are, how roofs differ from ballast, depends on sun, season and sensor. So nothing is assumed: the scene's own
//! sure cars and its own ground beside them give, for each cue, a table of log-likelihood ratios. Each table is a histogram over
//! quantiles with pseudo-counts, clipped; the cues are added as if independent and clipped again (METHODS: such a bounded naive
//! Bayes went over to unseen ground far better than a fitted classifier). A scene without sure cars teaches nothing, and the cues stay silent.

use super::profile::Profile;
use serde::{Deserialize, Serialize};

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

/// Values of the cues at one sample; not a number where the cue has nothing to go by.
pub(super) type Values = [f32; CUES];

/// The cues of a car whose axis lies `shift_m` toward the shadows from the profile's. Where a car stands on the next track on that side
/// (`walled`), this car's shadow climbs its side before it gets as far as the second band, which says nothing then.
///
/// That the next track toward the sun casts its shadow here is not taken into account: silencing the sunny band beside it gained nothing on
/// drawn yards, and on the real one it took away what speaks against a bright verge.
pub(super) fn values(profile: &Profile, shift_m: f64, walled: bool) -> Values {
    let tone = |from: f64, to: f64| profile.tone(shift_m + from, shift_m + to);
    let (roof, near, sunny) = (tone(-1.0, 1.0), tone(1.8, 2.6), tone(-2.9, -1.9));
    let far = if walled { f32::NAN } else { tone(2.9, 3.8) };
    [near, far, sunny, roof - near, (roof - sunny).abs(), profile.chroma(shift_m - 1.0, shift_m + 1.0)]
}

/// How much brighter the roof is than the place of its shadow, as a difference of tones.
pub(super) fn roof_over_shadow(values: &Values) -> f64 {
    f64::from(values[3])
}

/// Tables learnt from one scene.
#[derive(Serialize, Deserialize)]
pub(super) struct Tables {
    cues: Vec<Table>,
}

#[derive(Serialize, Deserialize)]
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
        let column = |values: &[Values], k: usize| -> Vec<f32> { values.iter().map(|v| v[k]).filter(|v| !v.is_nan()).collect() };
        Some(Self { cues: (0..CUES).map(|k| Table::learn(&column(cars, k), &column(ground, k))).collect() })
    }

    /// Log-likelihood ratio of car to ground, nats, bounded.
    pub fn nats(&self, values: &Values) -> f64 {
        let said = self.cues.iter().zip(values).filter(|(_, v)| !v.is_nan());
        let sum: f64 = said.map(|(table, &v)| table.nats[bin(&table.edges, v)]).sum();
        sum.clamp(-SUM_CLIP, SUM_CLIP)
    }
}

impl Table {
    /// Says nothing where either kind was never seen.
    fn learn(cars: &[f32], ground: &[f32]) -> Self {
        if cars.is_empty() || ground.is_empty() {
            return Self { edges: Vec::new(), nats: vec![0.0] };
        }
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
    fn a_cue_without_a_value_says_nothing() {
        let mut random = Random::new(7);
        let cars: Vec<Values> = (0..900).map(|_| drawn(&mut random, 1.0)).collect();
        let ground: Vec<Values> = (0..900).map(|_| drawn(&mut random, -1.0)).collect();
        let silent = |values: &[Values]| values.iter().map(|v| [v[0], f32::NAN, v[2], v[3], v[4], v[5]]).collect::<Vec<_>>();
        let tables = Tables::learn(&cars, &ground).expect("enough");
        let mut one = [f32::NAN; CUES];
        assert_eq!(tables.nats(&one), 0.0);
        one[1] = 3.0;
        assert!(tables.nats(&one) > 1.0);
        let unheard = Tables::learn(&silent(&cars), &silent(&ground)).expect("enough");
        assert_eq!(unheard.nats(&one), 0.0, "what was never heard in teaching says nothing later");
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
