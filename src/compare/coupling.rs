//! What one date says about the other, given whether the picture changed.
//!
//! Two hidden answers, "occupied" here and there, and one witness between them: the log-odds u that both dates show the
//! same thing. When one is occupied and the other is not, the pictures differ almost surely. When both are empty they are
//! mostly alike. When both are occupied they are alike if the car stayed, and differ if it was replaced. So likeness is
//! strong evidence for "the same on both dates", and unlikeness is weak evidence for a change of occupancy.

/// Probability that the pictures look the same although just one date is occupied.
const SAME_THOUGH_DIFFERENT: f64 = 0.02;

/// Probability that an occupied place looks different on two dates that are both occupied: cars come and go, and roofs are
/// lit differently. Nothing is known about traffic, so it is even.
const CHANGED_WHEN_BOTH_OCCUPIED: f64 = 0.5;

/// Probability that an empty place looks different on two dates: weeds, shadows of neighbours, rain.
const CHANGED_WHEN_BOTH_EMPTY: f64 = 0.15;

/// Posteriors of a walk are a model's, and surer of themselves than they are right: their log-odds count up to this, a
/// probability of 0.9. That is how often a place of which the walk was sure was what it said, on the real yard at hand.
const POSTERIOR_LOG_ODDS_AT_MOST: f64 = 2.2;

/// Probability of the witness under each case, up to a common factor.
struct Witness {
    one_occupied: f64,
    both_occupied: f64,
    both_empty: f64,
}

impl Witness {
    /// From the log-odds that both dates show the same; `None`: nothing was seen, and nothing follows.
    fn new(log_odds_same: Option<f64>) -> Self {
        let Some(u) = log_odds_same else { return Self { one_occupied: 1.0, both_occupied: 1.0, both_empty: 1.0 } };
        let same = 1.0 / (1.0 + libm::exp(-u));
        let mix = |changed: f64| (1.0 - changed) * same + changed * (1.0 - same);
        Self {
            one_occupied: mix(1.0 - SAME_THOUGH_DIFFERENT),
            both_occupied: mix(CHANGED_WHEN_BOTH_OCCUPIED),
            both_empty: mix(CHANGED_WHEN_BOTH_EMPTY),
        }
    }
}

/// Probability that the other date is empty at a place where a car stands on this one.
///
/// `occupied` is the other date's own posterior there; `None` where it says nothing, which counts as even.
pub fn empty_elsewhere(occupied: Option<f64>, log_odds_same: Option<f64>) -> f64 {
    let q = tempered(occupied);
    let witness = Witness::new(log_odds_same);
    let empty = (1.0 - q) * witness.one_occupied;
    empty / (empty + q * witness.both_occupied)
}

/// Log-odds that this date is occupied, from the other date's posterior and the likeness of the pictures alone.
pub fn message(occupied_elsewhere: Option<f64>, log_odds_same: Option<f64>) -> f64 {
    let q = tempered(occupied_elsewhere);
    let witness = Witness::new(log_odds_same);
    let occupied = q * witness.both_occupied + (1.0 - q) * witness.one_occupied;
    let empty = q * witness.one_occupied + (1.0 - q) * witness.both_empty;
    libm::log(occupied / empty)
}

fn tempered(occupied: Option<f64>) -> f64 {
    let at_most = 1.0 / (1.0 + libm::exp(-POSTERIOR_LOG_ODDS_AT_MOST));
    occupied.map_or(0.5, |q| q.clamp(1.0 - at_most, at_most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_looks_the_same_is_not_news_however_empty_the_other_date_seems() {
        assert!(empty_elsewhere(Some(0.01), Some(4.0)) < 0.6);
        assert!(empty_elsewhere(Some(0.01), Some(-4.0)) > 0.9);
        assert!(empty_elsewhere(Some(0.01), None) > 0.85);
        assert!(empty_elsewhere(Some(0.99), Some(-4.0)) < 0.25, "another car stands there");
    }

    #[test]
    fn a_changed_place_that_was_empty_is_likely_occupied_and_an_unchanged_one_is_not() {
        assert!(message(Some(0.02), Some(-4.0)) > 1.0);
        assert!(message(Some(0.02), Some(4.0)) < -1.2);
        assert!(message(Some(0.98), Some(4.0)) > 1.2);
        assert_eq!(message(Some(0.9), None), 0.0);
    }

    proptest! {
        #[test]
        fn more_likeness_never_makes_news(q in 0.0f64..1.0, u in -4.0f64..4.0, more in 0.0f64..4.0) {
            prop_assert!(empty_elsewhere(Some(q), Some(u + more)) <= empty_elsewhere(Some(q), Some(u)) + 1e-12);
        }
    }
}
