//! How long the cars of a string are: wagons of one kind tend to stand together.
//!
//! Each string has a density of its own: the general one of [`super::prior`], mixed with bumps at the lengths of the cars that a first walk found on it.
//! The more of them, the more they say; a lone car says next to nothing of itself.

use super::prior;
use super::strip::STEP_M;
use super::walk::{BODY, Car};

/// Width of a bump, m: what a walk errs in a car's length, and what wagons of one kind differ by.
const ALIKE_M: f64 = 0.7;

/// Most that the bumps may weigh against the general density: in a long string of like wagons one in three may still be another.
const MOST: f64 = 0.65;

/// With so many cars the bumps weigh half of the most.
const HALF_SAID: f64 = 4.0;

/// Cars with more than this between them belong to two strings, samples.
const COUPLED: usize = (prior::GAP_M.1 / STEP_M) as usize;

/// Densities of body lengths along one run of samples.
pub(super) struct Lengths {
    /// First boundary past each string's say, rising; the last string's reaches to the end.
    until: Vec<usize>,
    /// ln probability per number of samples, a string each.
    tables: Vec<Vec<f64>>,
}

impl Lengths {
    /// The general density everywhere.
    pub fn general() -> Self {
        Self { until: Vec::new(), tables: vec![general()] }
    }

    /// From the cars of a first walk, each with its confidence.
    pub fn learned<'a>(cars: &'a [Car], confidence: &[f64]) -> Self {
        let found: Vec<(&Car, f64)> = cars.iter().zip(confidence.iter().copied()).collect();
        let strings: Vec<&[(&Car, f64)]> = found.chunk_by(|a, b| b.0.from - a.0.to <= COUPLED).collect();
        if strings.is_empty() {
            return Self::general();
        }
        let end = |s: &[(&'a Car, f64)]| s.last().map_or(0, |c| c.0.to);
        let until = strings.windows(2).map(|pair| (end(pair[0]) + pair[1][0].0.from) / 2).collect();
        Self { until, tables: strings.iter().map(|s| mixed(s)).collect() }
    }

    /// ln probability of a body over the samples a..b.
    pub fn ln_body(&self, a: usize, b: usize) -> f64 {
        self.tables[self.string(a + b)][b - a]
    }

    /// The same for bodies whose middles lie between two half boundaries: looked up once where they are all of one string.
    pub fn ln_bodies(&self, first: usize, last: usize) -> impl Fn(usize, usize) -> f64 {
        let string = self.string(first);
        let table = (string == self.string(last)).then(|| &self.tables[string][..=BODY.1]);
        move |a, b| table.map_or_else(|| self.ln_body(a, b), |table| table[b - a])
    }

    /// Whose say it is at a half boundary.
    fn string(&self, half: usize) -> usize {
        self.until.partition_point(|until| 2 * until <= half)
    }
}

fn general() -> Vec<f64> {
    (0..=BODY.1).map(prior::ln_body).collect()
}

/// The density of one string.
fn mixed(string: &[(&Car, f64)]) -> Vec<f64> {
    let whole: Vec<(f64, f64)> =
        string.iter().filter(|c| !c.0.cut).map(|(car, sure)| ((car.to - car.from) as f64 * STEP_M, *sure)).collect();
    let said: f64 = whole.iter().map(|c| c.1).sum();
    if said <= 0.0 {
        return general();
    }
    let share = MOST * said / (said + HALF_SAID);
    let bump = |at: f64, length: f64| {
        let z = (length - at) / ALIKE_M;
        STEP_M / (ALIKE_M * 2.506_628) * libm::exp(-0.5 * z * z)
    };
    let mixed = |samples: usize| {
        let length = samples as f64 * STEP_M;
        let bumps = whole.iter().map(|(at, sure)| sure * bump(*at, length)).sum::<f64>() / said;
        libm::log((1.0 - share) * libm::exp(prior::ln_body(samples)) + share * bumps)
    };
    (0..=BODY.1).map(mixed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn car(from: usize, to: usize) -> Car {
        Car { from, to, cut: false }
    }

    #[test]
    fn a_string_of_like_cars_expects_another_and_its_neighbour_does_not() {
        let fourteen: Vec<Car> = (0..6).map(|k| car(30 * k, 30 * k + 28)).collect();
        let twenty = [car(260, 300), car(303, 343)];
        let cars: Vec<Car> = fourteen.iter().chain(&twenty).copied().collect();
        let lengths = Lengths::learned(&cars, &vec![1.0; cars.len()]);
        let general = Lengths::general();
        let gain = |a: usize, b: usize| lengths.ln_body(a, b) - general.ln_body(a, b);
        assert!(gain(60, 88) > 1.0 && gain(60, 100) < 0.0, "{} {}", gain(60, 88), gain(60, 100));
        assert!(gain(303, 343) > 0.5 && gain(303, 331) < 0.0);
    }

    #[test]
    fn densities_still_sum_to_one() {
        let cars: Vec<Car> = (0..6).map(|k| car(30 * k, 30 * k + 28)).collect();
        let lengths = Lengths::learned(&cars, &[0.9; 6]);
        let sum: f64 = (BODY.0..=BODY.1).map(|d| libm::exp(lengths.ln_body(0, d))).sum();
        assert!((sum - 1.0).abs() < 0.03, "{sum}");
    }

    #[test]
    fn nothing_found_teaches_nothing() {
        let (none, general) = (Lengths::learned(&[], &[]), Lengths::general());
        assert_eq!(none.ln_body(0, 28), general.ln_body(0, 28));
    }
}
