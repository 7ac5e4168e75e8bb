//! How often a count this high would come up if the place went on as it did: the predictive tail of a negative binomial.
//!
//! Counts of a yard scatter more than a Poisson count would: trains come as a whole. So the earlier counts are taken as drawn from
//! a negative binomial, a Poisson count whose rate itself varies with a coefficient of variation s, and both its mean µ and s
//! are averaged over what the counts leave open (Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, §2.7). Priors: Jeffreys' for
//! µ, a half-normal of scale 1 for s, for activity that varies by the order of its mean. s is never 0, so the tail is never a
//! plain Poisson one. The looks are taken as independent, which looks days apart are not.

use std::ops::Range;

/// Fewer earlier counts say too little about how much they scatter.
pub const LEAST_COUNTS: usize = 10;

/// No chance is told below this: the model is not good for rarer things.
pub const LEAST_CHANCE: f64 = 0.001;

/// Bounds of s on the grid. Below the first a count is as good as Poisson's; beyond the last the half-normal leaves 3 in 1,000.
const SCATTER: Range<f64> = 0.02..3.0;
const SCATTER_STEPS: usize = 60;

/// µ runs from the mean (half a car more, for a record of zeros) divided by this to the mean times this.
const MEAN_REACH: f64 = 20.0;
const MEAN_STEPS: usize = 120;

/// Beyond this many cars the sum takes longer than it is worth; no yard is that large.
const MOST_CARS: u64 = 20_000;

/// Chance that a count is `at_least` or more, given `earlier` ones; `None` with fewer than [`LEAST_COUNTS`].
pub fn chance(earlier: &[u64], at_least: u64) -> Option<f64> {
    if earlier.len() < LEAST_COUNTS || at_least > MOST_CARS || earlier.iter().any(|&y| y > MOST_CARS) {
        return None;
    }
    if at_least == 0 {
        return Some(1.0);
    }
    let n = earlier.len() as f64;
    let sum = earlier.iter().sum::<u64>() as f64;
    let middle = sum / n + 0.5;
    let cells: Vec<Cell> = scatters()
        .flat_map(|s| {
            let size = 1.0 / (s * s);
            let own: f64 = earlier.iter().map(|&y| libm::lgamma(y as f64 + size)).sum::<f64>() - n * libm::lgamma(size);
            means(middle).map(move |mean| {
                let fit = own + n * size * libm::log(size / (size + mean)) + sum * libm::log(mean / (size + mean));
                // The grid of means is even in ln µ, hence µ^(-1/2) · µ; half-normal for s.
                Cell { size, mean, log_weight: fit + 0.5 * libm::log(mean) - s * s / 2.0 }
            })
        })
        .collect();
    let best = cells.iter().map(|c| c.log_weight).fold(f64::NEG_INFINITY, f64::max);
    let (mut weights, mut tails) = (0.0, 0.0);
    // What weighs less than a billionth of the best changes no digit that is told.
    for cell in cells.iter().filter(|c| c.log_weight > best - 20.0) {
        let weight = libm::exp(cell.log_weight - best);
        weights += weight;
        tails += weight * cell.tail(at_least);
    }
    Some(tails / weights)
}

struct Cell {
    size: f64,
    mean: f64,
    log_weight: f64,
}

impl Cell {
    /// P(Y ≥ `at_least`), the probabilities below added up from 0 on.
    fn tail(&self, at_least: u64) -> f64 {
        let share = self.mean / (self.mean + self.size);
        let mut log_p = self.size * libm::log(self.size / (self.size + self.mean));
        let (mut below, log_share) = (0.0, libm::log(share));
        for y in 0..at_least {
            below += libm::exp(log_p);
            log_p += log_share + libm::log((y as f64 + self.size) / (y as f64 + 1.0));
        }
        (1.0 - below).clamp(0.0, 1.0)
    }
}

fn scatters() -> impl Iterator<Item = f64> {
    let step = (SCATTER.end - SCATTER.start) / SCATTER_STEPS as f64;
    (0..SCATTER_STEPS).map(move |i| SCATTER.start + (i as f64 + 0.5) * step)
}

fn means(middle: f64) -> impl Iterator<Item = f64> {
    let reach = libm::log(MEAN_REACH);
    let step = 2.0 * reach / MEAN_STEPS as f64;
    (0..MEAN_STEPS).map(move |i| middle * libm::exp(-reach + (i as f64 + 0.5) * step))
}
