//! The semi-Markov walk along one track: empty, car, gap, car, …, empty.
//!
//! ```text
//!   empty ──▶ start ──▶ car ──▶ gap ──▶ start …     every car and every gap has a length of its own
//!     ▲                  └──────▶ empty
//! ```
//!
//! A sequence is scored by the logarithm of its prior ([`super::prior`]) plus the evidence it lays claim to: body log-odds under
//! every car, end log-odds where a string begins or ends and once in every gap, centre log-odds in the middle of every car. Empty track
//! claims nothing and scores nothing. The same recursion gives the best sequence (joined by maxima) and the posterior (by sums).

use super::lengths::Lengths;
use super::prior;
use super::strip::STEP_M;
use crate::random::Random;

/// Evidence along a run of samples, in nats, as the walk adds it up.
pub(super) struct Terms {
    /// `body[t]`: sum over the samples before boundary t.
    body: Vec<f64>,
    /// At every boundary, 0 to n.
    end: Vec<f64>,
    /// At every half boundary, 0 to 2n.
    centre: Vec<f64>,
}

impl Terms {
    /// From values per sample.
    pub fn new(body: &[f64], end: &[f64], centre: &[f64]) -> Self {
        let n = body.len();
        let mut sums = vec![0.0; n + 1];
        for (t, v) in body.iter().enumerate() {
            sums[t + 1] = sums[t] + v;
        }
        // Half boundary h lies h/2 samples from the start; sample k reaches from boundary k to k + 1, its middle is at h = 2k + 1.
        let at_half = |values: &[f64], h: usize| {
            let (a, b) = (h.saturating_sub(1) / 2, (h / 2).min(n - 1));
            0.5 * (values[a.min(n - 1)] + values[b])
        };
        Self {
            body: sums,
            end: (0..=n).map(|t| at_half(end, 2 * t)).collect(),
            centre: (0..=2 * n).map(|h| at_half(centre, h)).collect(),
        }
    }

    /// Samples.
    pub fn len(&self) -> usize {
        self.body.len() - 1
    }

    /// What a whole car over the samples a..b claims.
    fn car(&self, a: usize, b: usize) -> f64 {
        self.body[b] - self.body[a] + self.centre[a + b]
    }

    /// What a string claims by beginning at boundary t; the network marks ends half a metre outside the body.
    fn begins(&self, t: usize) -> f64 {
        self.end[t.saturating_sub(1)]
    }

    /// What a string claims by ending at boundary t.
    fn ends(&self, t: usize) -> f64 {
        self.end[(t + 1).min(self.len())]
    }

    /// What a gap over the samples a..b claims: one end, shared by both cars.
    fn gap(&self, a: usize, b: usize) -> f64 {
        let (one, other) = (self.end[(a + b) / 2], self.end[(a + b).div_ceil(2)]);
        if one > other { one } else { other }
    }
}

/// A car over the samples `from..to`; `cut` when the edge of the image hides the rest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Car {
    pub from: usize,
    pub to: usize,
    pub cut: bool,
}

/// Least and most samples in a body.
pub(super) const BODY: (usize, usize) = ((prior::BODY_M.0 / STEP_M) as usize, (prior::BODY_M.1 / STEP_M) as usize);

/// Least and most samples in a gap.
const GAP: (usize, usize) = ((prior::GAP_M.0 / STEP_M) as usize, (prior::GAP_M.1 / STEP_M) as usize);

/// Impossible.
const NEVER: f64 = f64::NEG_INFINITY;

/// How alternatives are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// By their best: the recursion finds the likeliest sequence.
    Best,
    /// By their sum: the recursion finds probabilities.
    Sum,
}

impl Join {
    fn of(self, values: &[f64]) -> f64 {
        let top = values.iter().fold(NEVER, |top, &v| if v > top { v } else { top });
        if self == Self::Best || top == NEVER {
            return top;
        }
        top + libm::log(values.iter().map(|v| share(v - top)).sum())
    }
}

/// Nats below the best at which an alternative no longer changes a sum: one part in 10^11, less than [`share`] is out.
const NEGLIGIBLE: f64 = -25.0;

/// exp of nats at most 0, to one part in 10^9. Most alternatives are hopeless, and not asking for their exponentials halves the time of a walk; libm's,
/// which are right to the last bit, were a twentieth of a whole comparison.
fn share(nats: f64) -> f64 {
    if nats < NEGLIGIBLE {
        return 0.0;
    }
    // Halvings, and what is left: at most ln 2 / 2 either way, for the first terms of the series.
    const TERMS: [f64; 9] = [1.0, 1.0, 1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5_040.0, 1.0 / 40_320.0];
    let halvings = (nats * -std::f64::consts::LOG2_E).round_ties_even();
    let rest = nats + halvings * std::f64::consts::LN_2;
    let series = TERMS.iter().rev().fold(0.0, |sum, term| sum * rest + term);
    series * f64::from_bits((1023 - halvings as u64) << 52)
}

/// Fewest samples of a car that the edge cuts: 3 m, a car's width. Less could be anything.
const LEAST_CUT: usize = (3.0 / STEP_M) as usize;

/// Logarithms of the prior, by samples: the same for every walk.
struct Tables {
    gap: Vec<f64>,
    rest: Vec<f64>,
    longer: Vec<f64>,
    enter: f64,
    coupled: f64,
    last: f64,
    cut: f64,
}

impl Tables {
    fn new() -> Self {
        let least = |(d, ln): (usize, f64)| if d < LEAST_CUT { NEVER } else { ln };
        let longer: Vec<f64> = prior::ln_longer(BODY.1).into_iter().enumerate().map(least).collect();
        Self {
            gap: (0..=GAP.1).map(prior::ln_gap).collect(),
            rest: longer.iter().map(|&longer| prior::ln_rest(longer)).collect(),
            longer,
            enter: prior::ln_enter(),
            coupled: prior::ln_coupled(),
            last: prior::ln_last(),
            cut: prior::ln_cut(),
        }
    }
}

/// Scores of all ways to reach each boundary in each state, from the left.
pub(super) struct Walk<'a> {
    terms: &'a Terms,
    tables: Tables,
    lengths: &'a Lengths,
    join: Join,
    empty: Vec<f64>,
    start: Vec<f64>,
    car: Vec<f64>,
    gap: Vec<f64>,
    total: f64,
}

impl<'a> Walk<'a> {
    /// Runs the recursion over at least one sample.
    pub fn new(terms: &'a Terms, lengths: &'a Lengths, join: Join) -> Self {
        let n = terms.len();
        let blank = || vec![NEVER; n + 1];
        let mut walk = Self {
            terms,
            tables: Tables::new(),
            lengths,
            join,
            empty: blank(),
            start: blank(),
            car: blank(),
            gap: blank(),
            total: NEVER,
        };
        let mut ways = Vec::new();
        for t in 0..=n {
            walk.ways_into_car(t, &mut ways);
            walk.car[t] = join.of(&ways);
            walk.ways_into_gap(t, &mut ways);
            walk.gap[t] = join.of(&ways);
            walk.empty[t] = join.of(&walk.ways_into_empty(t));
            walk.start[t] = join.of(&walk.ways_into_start(t));
        }
        walk.ways_to_finish(&mut ways);
        walk.total = join.of(&ways);
        walk
    }

    /// A car ends at t: `ways[d - BODY.0]` for each length d, then the car that the near edge cuts.
    fn ways_into_car(&self, t: usize, ways: &mut Vec<f64>) {
        let longest = BODY.1.min(t);
        let ln_body = self.lengths.ln_bodies(2 * t - longest, 2 * t - BODY.0.min(t));
        ways.clear();
        ways.extend((BODY.0..=longest).map(|d| self.start[t - d] + self.terms.car(t - d, t) + ln_body(t - d, t)));
        if t > 0 && t < BODY.1 {
            ways.push(self.tables.cut + self.tables.rest[t] + self.terms.body[t]);
        }
    }

    /// A gap ends at t: `ways[g - GAP.0]` for each length g.
    fn ways_into_gap(&self, t: usize, ways: &mut Vec<f64>) {
        ways.clear();
        ways.extend((GAP.0..=GAP.1.min(t)).map(|g| self.car[t - g] + self.coupled_gap(t - g, t)));
    }

    fn coupled_gap(&self, a: usize, b: usize) -> f64 {
        self.tables.coupled + self.tables.gap[b - a] + self.terms.gap(a, b)
    }

    /// Empty just before t: it was so already (or t is the beginning), or a string ended here.
    fn ways_into_empty(&self, t: usize) -> [f64; 2] {
        [if t == 0 { 0.0 } else { self.empty[t - 1] }, self.car[t] + self.tables.last + self.terms.ends(t)]
    }

    /// A car may start at t: after empty track, or after a gap.
    fn ways_into_start(&self, t: usize) -> [f64; 2] {
        [self.empty[t] + self.tables.enter + self.terms.begins(t), self.gap[t]]
    }

    /// The far end: empty, or inside a car of d samples so far that the edge cuts: `ways[d]`.
    fn ways_to_finish(&self, ways: &mut Vec<f64>) {
        let n = self.terms.len();
        ways.clear();
        ways.push(self.empty[n]);
        ways.extend(
            (1..BODY.1.min(n)).map(|d| self.start[n - d] + self.terms.body[n] - self.terms.body[n - d] + self.tables.longer[d]),
        );
    }

    /// One sequence, from the far end back. With [`Join::Best`] and [`Largest`] it is the likeliest sequence, with [`Join::Sum`] and [`Drawn`] a sample
    /// of the posterior.
    pub fn trace(&self, choice: &mut impl Choice) -> Vec<Car> {
        let n = self.terms.len();
        let mut cars = Vec::new();
        let mut ways = Vec::new();
        self.ways_to_finish(&mut ways);
        let d = choice.of(&ways);
        let mut t = n - d;
        let mut in_start = d > 0;
        if in_start {
            cars.push(Car { from: t, to: n, cut: true });
        }
        loop {
            if in_start {
                in_start = false;
                if choice.of(&self.ways_into_start(t)) == 1 {
                    self.ways_into_gap(t, &mut ways);
                    t -= choice.of(&ways) + GAP.0;
                } else {
                    continue;
                }
            } else {
                if choice.stays_empty(self, t) {
                    if t == 0 {
                        break;
                    }
                    t -= 1;
                    continue;
                }
            }
            self.ways_into_car(t, &mut ways);
            let d = choice.of(&ways) + BODY.0;
            if d > BODY.1.min(t) {
                cars.push(Car { from: 0, to: t, cut: true });
                break;
            }
            cars.push(Car { from: t - d, to: t, cut: false });
            t -= d;
            in_start = true;
        }
        cars.reverse();
        cars
    }
}

/// Probabilities over all sequences.
pub(super) struct Posterior {
    /// That a sample lies under a car.
    pub occupied: Vec<f64>,
    /// That a car's middle lies at a half boundary, 0 to 2n.
    pub centre: Vec<f64>,
}

impl Posterior {
    /// From a walk joined by sums: forward scores times backward scores.
    pub fn of(walk: &Walk<'_>) -> Self {
        let n = walk.terms.len();
        let after = Backward::new(walk);
        let mut rise = vec![0.0; n + 2];
        let mut centre = vec![0.0; 2 * n + 1];
        let mut add = |a: usize, b: usize, score: f64| {
            let p = share(score - walk.total);
            rise[a] += p;
            rise[b] -= p;
            centre[a + b] += p;
        };
        let mut ways = Vec::new();
        for t in 1..=n {
            walk.ways_into_car(t, &mut ways);
            for (k, way) in ways.iter().enumerate() {
                let d = k + BODY.0;
                add(if d > BODY.1.min(t) { 0 } else { t - d }, t, way + after.car[t]);
            }
        }
        walk.ways_to_finish(&mut ways);
        for (d, way) in ways.iter().enumerate().skip(1) {
            add(n - d, n, *way);
        }
        let mut sum = 0.0;
        let occupied = rise[..n]
            .iter()
            .map(|r| {
                sum += r;
                sum.clamp(0.0, 1.0)
            })
            .collect();
        Self { occupied, centre }
    }
}

/// Scores of all ways to go on from a boundary, once a car has ended there.
struct Backward {
    car: Vec<f64>,
}

impl Backward {
    fn new(walk: &Walk<'_>) -> Self {
        let (terms, tables, join) = (walk.terms, &walk.tables, walk.join);
        let n = terms.len();
        let (mut car, mut start) = (vec![NEVER; n + 1], vec![NEVER; n + 1]);
        let mut empty = 0.0;
        let mut ways = Vec::new();
        for t in (0..=n).rev() {
            let longest = BODY.1.min(n - t);
            let ln_body = walk.lengths.ln_bodies(2 * t + BODY.0.min(longest), 2 * t + longest);
            ways.clear();
            ways.extend((BODY.0..=longest).map(|d| terms.car(t, t + d) + ln_body(t, t + d) + car[t + d]));
            if n - t > 0 && n - t < BODY.1.min(n) {
                ways.push(terms.body[n] - terms.body[t] + tables.longer[n - t]);
            }
            start[t] = join.of(&ways);
            empty = join.of(&[if t == n { 0.0 } else { empty }, tables.enter + terms.begins(t) + start[t]]);
            ways.clear();
            ways.push(tables.last + terms.ends(t) + empty);
            ways.extend((GAP.0..=GAP.1.min(n - t)).map(|g| walk.coupled_gap(t, t + g) + start[t + g]));
            car[t] = join.of(&ways);
        }
        Self { car }
    }
}

/// How a trace picks one of several scores.
pub(super) trait Choice {
    /// Index of one of these.
    fn of(&mut self, scores: &[f64]) -> usize;

    /// Whether the track just before `t` was empty already, and no string ended there.
    fn stays_empty(&mut self, walk: &Walk<'_>, t: usize) -> bool {
        self.of(&walk.ways_into_empty(t)) == 0
    }
}

/// The largest score.
pub(super) struct Largest;

impl Choice for Largest {
    fn of(&mut self, scores: &[f64]) -> usize {
        largest(scores)
    }
}

/// Index of the largest score, the first of equals.
pub(super) fn largest(scores: &[f64]) -> usize {
    let mut best = 0;
    for (i, s) in scores.iter().enumerate() {
        if *s > scores[best] {
            best = i;
        }
    }
    best
}

/// Scores drawn in proportion to their exponentials, for any number of traces through one walk.
pub(super) struct Drawn<'a> {
    random: &'a mut Random,
    shares: Vec<f64>,
    /// Of each boundary asked before: the share of staying empty, and of both ways. Most boundaries lie on empty track, and every trace comes by.
    empty: Vec<Option<[f64; 2]>>,
}

impl<'a> Drawn<'a> {
    pub fn from(walk: &Walk<'_>, random: &'a mut Random) -> Self {
        Self { random, shares: Vec::new(), empty: vec![None; walk.terms.len() + 1] }
    }
}

impl Choice for Drawn<'_> {
    fn of(&mut self, scores: &[f64]) -> usize {
        let top = largest(scores);
        self.shares.clear();
        self.shares.extend(scores.iter().map(|s| share(s - scores[top])));
        let mut left = self.random.unit() * self.shares.iter().sum::<f64>();
        for (i, share) in self.shares.iter().enumerate() {
            left -= share;
            if left < 0.0 {
                return i;
            }
        }
        top
    }

    fn stays_empty(&mut self, walk: &Walk<'_>, t: usize) -> bool {
        let [stays, both] = *self.empty[t].get_or_insert_with(|| {
            let ways = walk.ways_into_empty(t);
            let [stays, ends] = ways.map(|way| share(way - ways[0].max(ways[1])));
            [stays, stays + ends]
        });
        self.random.unit() * both < stays
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A strip on which the given cars stand, said with some certainty.
    fn strip(n: usize, cars: &[(usize, usize)], sure: f64) -> Terms {
        let mut body = vec![-sure; n];
        let mut end = vec![-2.0; n];
        for &(a, b) in cars {
            body[a..b].fill(sure);
            for k in [a.wrapping_sub(2), a.wrapping_sub(1), b, b + 1] {
                if k < n {
                    end[k] = 2.0;
                }
            }
        }
        Terms::new(&body, &end, &vec![0.0; n])
    }

    fn best(terms: &Terms) -> Vec<Car> {
        Walk::new(terms, &Lengths::general(), Join::Best).trace(&mut Largest)
    }

    #[test]
    fn finds_a_string_and_a_lone_car() {
        let cars = [(40, 68), (70, 100), (103, 130), (200, 222)];
        let found: Vec<_> = best(&strip(300, &cars, 0.5)).iter().map(|c| (c.from, c.to)).collect();
        assert_eq!(found, cars);
    }

    #[test]
    fn empty_track_and_short_strips_hold_nothing() {
        assert!(best(&strip(300, &[], 0.5)).is_empty());
        assert!(best(&strip(1, &[], 0.5)).is_empty());
        assert!(best(&strip(5, &[], 0.5)).is_empty());
    }

    #[test]
    fn a_car_at_the_edge_is_cut() {
        let found = best(&strip(120, &[(0, 18), (20, 48), (104, 120)], 0.5));
        let cut: Vec<_> = found.iter().map(|c| (c.from, c.to, c.cut)).collect();
        assert_eq!(cut, [(0, 18, true), (20, 48, false), (104, 120, true)]);
    }

    #[test]
    fn samples_agree_with_the_exact_posterior() {
        let terms = strip(160, &[(30, 58), (60, 90)], 0.12);
        let general = Lengths::general();
        let walk = Walk::new(&terms, &general, Join::Sum);
        let posterior = Posterior::of(&walk);
        let mut random = Random::new(3);
        let mut drawn = Drawn::from(&walk, &mut random);
        let draws = 4000;
        let mut occupied = vec![0.0; 160];
        let mut count = 0;
        for _ in 0..draws {
            for car in walk.trace(&mut drawn) {
                count += 1;
                occupied[car.from..car.to].iter_mut().for_each(|o| *o += 1.0 / f64::from(draws));
            }
        }
        let expected: f64 = posterior.centre.iter().sum();
        assert!((f64::from(count) / f64::from(draws) - expected).abs() < 0.05, "{count} draws, {expected} expected each");
        for (drawn, exact) in occupied.iter().zip(&posterior.occupied) {
            assert!((drawn - exact).abs() < 0.05, "{drawn} against {exact}");
        }
    }

    #[test]
    fn shares_are_exponentials() {
        for k in 0..2500 {
            let nats = f64::from(k) * -0.01;
            let off = share(nats) / libm::exp(nats) - 1.0;
            assert!(off.abs() < 1e-9, "{off} at {nats}");
        }
        assert_eq!((share(0.0), share(-26.0), share(NEVER)), (1.0, 0.0, 0.0));
    }
}
