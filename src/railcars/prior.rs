//! What is known of trains before looking: lengths, gaps, how often a string begins.

use super::strip::STEP_M;

/// Shortest and longest body, m. Two-axle wagons begin at about 8 m; articulated units end at about 30 (FACTS: 5–95 % of 503 Swiss
/// cars are 9.7–22.1 m).
pub(super) const BODY_M: (f64, f64) = (6.0, 32.0);

/// Shortest and longest gap between coupled bodies, m; about 1.1–1.2 m is usual.
pub(super) const GAP_M: (f64, f64) = (0.5, 2.5);

/// ln of the chance that a string begins at a given sample of empty track. Real tracks have one in about 200 m; but most lines that are walked are
/// no tracks with strings, and the ends and the middle of a ghost speak with one voice where the walk hears three. At one in 200 m six real
/// places without railcars showed 14, at one in 1,500 m 5, at one in 6,000 m 2; the cars found in yards stayed the same.
pub(super) fn ln_enter() -> f64 {
    libm::log(STEP_M / 6000.0)
}

/// ln of the chance that a car is coupled to a next one: strings have five cars or so.
pub(super) fn ln_coupled() -> f64 {
    libm::log(0.8)
}

/// ln of the chance that it is the last of its string.
pub(super) fn ln_last() -> f64 {
    libm::log(0.2)
}

/// ln of the chance that the edge of the image cuts a car rather than an empty stretch, before looking.
pub(super) fn ln_cut() -> f64 {
    libm::log(0.25)
}

/// Density of body lengths, per m: mostly ordinary freight wagons, some short two-axle ones, some long flats and coaches, a few units.
/// The plateau is wide on purpose: fleets differ, and a narrow prior would make one yard's fleet everyone's.
pub(super) fn body_density(length_m: f64) -> f64 {
    let part = |share: f64, from: f64, to: f64| if length_m >= from && length_m < to { share / (to - from) } else { 0.0 };
    part(0.06, 6.0, 9.5) + part(0.80, 9.5, 20.5) + part(0.09, 20.5, 27.0) + part(0.05, 27.0, 32.5)
}

/// ln probability of a body of so many samples.
pub(super) fn ln_body(samples: usize) -> f64 {
    libm::log(body_density(samples as f64 * STEP_M).max(1e-9) * STEP_M)
}

/// ln probability of a gap of so many samples: normal about 1.3 m, ±0.5.
pub(super) fn ln_gap(samples: usize) -> f64 {
    let z = (samples as f64 * STEP_M - 1.3) / 0.5;
    libm::log(STEP_M / (0.5 * 2.506_628)) - 0.5 * z * z
}

/// ln probability that the visible rest of a car cut by the near edge of the image has so many samples: longer bodies ([`ln_longer`]) over the mean.
pub(super) fn ln_rest(ln_longer: f64) -> f64 {
    ln_longer + libm::log(STEP_M / MEAN_BODY_M)
}

/// ln probability that a body is longer than so many samples, for each number below `count`.
pub(super) fn ln_longer(count: usize) -> Vec<f64> {
    let steps: Vec<f64> = (0..).map(|k| BODY_M.0 + (k as f64 + 0.5) * STEP_M).take_while(|&l| l < BODY_M.1).collect();
    let mut steps = steps.into_iter().rev().peekable();
    let mut longer = 0.0;
    let mut table = vec![0.0; count];
    for (samples, ln) in table.iter_mut().enumerate().rev() {
        while let Some(length) = steps.next_if(|&length| length >= samples as f64 * STEP_M) {
            longer += body_density(length) * STEP_M;
        }
        *ln = libm::log(if longer > 1e-9 { longer } else { 1e-9 });
    }
    table
}

/// Mean of [`body_density`], m.
const MEAN_BODY_M: f64 = 16.1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn densities_sum_to_one() {
        let (from, to) = ((BODY_M.0 / STEP_M) as usize, (BODY_M.1 / STEP_M) as usize);
        let bodies: f64 = (from..=to).map(|k| libm::exp(ln_body(k))).sum();
        assert!((bodies - 1.0).abs() < 0.02, "{bodies}");
        let rests: f64 = ln_longer(to + 1)[1..].iter().map(|&longer| libm::exp(ln_rest(longer))).sum();
        assert!((rests - 1.0).abs() < 0.05, "{rests}");
    }
}
