//! How far a figure would stray if other strings of cars had stood there: the strings are drawn again and again, with replacement
//! (Efron 1979; whole strings, since cars of one string are found or missed together).

use super::score::Score;
use sidings::random::Random;

/// Share of the draws that an interval holds.
pub const LEVEL: f64 = 0.9;

const DRAWS: usize = 1000;
const SEED: u64 = 1979;

/// Fewer strings say nothing of how they differ.
const LEAST_STRINGS: usize = 3;

/// The interval of a figure over strings; `None` of too few, or where it is mostly undefined.
pub fn interval(strings: &[Score], figure: impl Fn(&Score) -> Option<f64>) -> Option<(f64, f64)> {
    if strings.len() < LEAST_STRINGS {
        return None;
    }
    let mut random = Random::new(SEED);
    let mut drawn = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let mut total = Score::default();
        for _ in 0..strings.len() {
            total += strings[random.below(strings.len())];
        }
        drawn.extend(figure(&total));
    }
    drawn.sort_by(f64::total_cmp);
    (2 * drawn.len() >= DRAWS).then(|| (quantile(&drawn, (1.0 - LEVEL) / 2.0), quantile(&drawn, (1.0 + LEVEL) / 2.0)))
}

/// The value nearest to a share of a sorted list.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(hits: usize, missed: usize) -> Score {
        Score { hits, wrong: 0, missed }
    }

    #[test]
    fn quantiles_of_a_list() {
        let list: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!((quantile(&list, 0.05), quantile(&list, 0.5), quantile(&list, 0.95)), (5.0, 50.0, 95.0));
    }

    #[test]
    fn like_strings_leave_no_doubt() {
        assert_eq!(interval(&[string(3, 1); 5], Score::recall), Some((0.75, 0.75)));
    }

    #[test]
    fn unlike_strings_leave_much() {
        // Four strings of one car each, two found: the number found is binomial (4, ½); 5 and 95 % of it lie at 1 in 16 each, 6.25 %.
        let strings = [string(1, 0), string(1, 0), string(0, 1), string(0, 1)];
        assert_eq!(interval(&strings, Score::recall), Some((0.0, 1.0)));
        // Eight in sixteen: binomial (16, ½), 5 % lie below 5 or so, 95 % below 11.
        let strings: Vec<_> = (0..16).map(|k| string(k % 2, 1 - k % 2)).collect();
        let (low, high) = interval(&strings, Score::recall).expect("enough strings");
        assert_eq!((low, high), (5.0 / 16.0, 11.0 / 16.0));
    }

    #[test]
    fn two_strings_are_too_few_and_nothing_has_no_interval() {
        assert_eq!(interval(&[string(1, 0); 2], Score::recall), None);
        assert_eq!(interval(&[string(0, 0); 4], Score::recall), None);
    }
}
