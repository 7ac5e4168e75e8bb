//! How a count stands among earlier counts. No p-value: number and dates of earlier looks are rarely known.

use super::Entry;
use crate::date::Date;
use crate::yard::{Count, CountKind};
use serde::Serialize;

/// Where a count stands among earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval lies above every earlier count.
    Higher,
    /// The estimate lies above every earlier count, the interval reaches down to them.
    PerhapsHigher,
    /// Between the lowest and the highest earlier count.
    Within,
    /// The estimate lies below every earlier count, the interval reaches up to them.
    PerhapsLower,
    /// The whole interval lies below every earlier count.
    Lower,
}

/// A count beside the earlier counts of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Where it stands.
    pub verdict: Verdict,
    /// Number of counts it was compared with.
    pub counts: usize,
    /// Date of the oldest of them.
    pub since: Date,
    /// Date of the newest of them.
    pub until: Date,
    /// Lowest of them.
    pub lowest: f64,
    /// Highest of them.
    pub highest: f64,
    /// True when only counts from before the date of the image were taken; false when that date is unknown.
    pub only_earlier: bool,
}

/// Whether an entry may stand beside a count of `date`: a count with a figure, of an earlier date where dates are known.
pub fn is_comparable(entry: &Entry, date: Option<Date>) -> bool {
    entry.kind.is_count() && entry.figure.is_some() && date.is_none_or(|date| entry.date.is_before(date))
}

/// Places a count among the comparable entries of a record; `None` when there are none, or when the count is not one of
/// individual railcars and so counts something else.
pub fn stand(count: &Count, date: Option<Date>, entries: &[Entry]) -> Option<Standing> {
    if count.kind != CountKind::Individual || !count.estimate.is_finite() {
        return None;
    }
    let earlier: Vec<&Entry> = entries.iter().filter(|e| is_comparable(e, date)).collect();
    let bounds = |e: &Entry| e.figure.map(|f| e.interval.unwrap_or((f, f)));
    let lows = earlier.iter().filter_map(|e| bounds(e)).map(|b| b.0);
    let highs = earlier.iter().filter_map(|e| bounds(e)).map(|b| b.1);
    let (lowest, highest) = (lows.fold(f64::INFINITY, f64::min), highs.fold(f64::NEG_INFINITY, f64::max));
    let verdict = if count.low > highest {
        Verdict::Higher
    } else if count.estimate > highest {
        Verdict::PerhapsHigher
    } else if count.high < lowest {
        Verdict::Lower
    } else if count.estimate < lowest {
        Verdict::PerhapsLower
    } else {
        Verdict::Within
    };
    let since = earlier.iter().map(|e| e.date).min_by_key(|d| d.iso())?;
    let until = earlier.iter().map(|e| e.date).max_by_key(|d| d.iso())?;
    Some(Standing { verdict, counts: earlier.len(), since, until, lowest, highest, only_earlier: date.is_some() })
}

impl Standing {
    /// The sentence for the reader; `subject` is the count it is about, e.g. "The count of 5 October 2023".
    pub fn sentence(&self, subject: &str) -> String {
        let what = match (self.counts, self.only_earlier) {
            (1, true) => format!("the one earlier count in the record, of {}", self.since.words()),
            (1, false) => format!("the one count in the record, of {}", self.since.words()),
            (n, true) => format!("the {n} counts since {} that the record holds from before that date", self.since.year()),
            (n, false) => format!("the {n} counts since {} in the record", self.since.year()),
        };
        let any_of = if self.counts == 1 { what.clone() } else { format!("any of {what}") };
        match self.verdict {
            Verdict::Higher => format!("{subject} is higher than {any_of}."),
            Verdict::PerhapsHigher => format!("{subject} may be higher than {any_of}, but its interval reaches down to them."),
            Verdict::Within if self.counts == 1 => format!("{subject} does not differ from {what}."),
            Verdict::Within => format!("{subject} lies within the range of {what}."),
            Verdict::PerhapsLower => format!("{subject} may be lower than {any_of}, but its interval reaches up to them."),
            Verdict::Lower => format!("{subject} is lower than {any_of}."),
        }
        .replace("to them.", if self.counts == 1 { "to it." } else { "to them." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{published, read_csv};

    fn count(low: f64, estimate: f64, high: f64) -> Count {
        Count { estimate, low, high, level: 0.9, kind: CountKind::Individual }
    }

    fn record() -> Vec<Entry> {
        read_csv(b"date,count,low,high\n2018-11-02,20,18,22\n2020-01-01,3,,\n2024-01-01,500,,\n", "counts.csv").expect("a record")
    }

    #[test]
    fn the_interval_decides_not_the_estimate_alone() {
        let date = Date::parse("2023-10-05");
        for (count, verdict) in [
            (count(69.0, 73.0, 77.0), Verdict::Higher),
            (count(22.0, 24.0, 26.0), Verdict::PerhapsHigher),
            (count(8.0, 10.0, 12.0), Verdict::Within),
            (count(1.0, 2.0, 4.0), Verdict::PerhapsLower),
            (count(0.0, 1.0, 2.0), Verdict::Lower),
        ] {
            assert_eq!(stand(&count, date, &record()).map(|s| s.verdict), Some(verdict), "{count:?}");
        }
    }

    #[test]
    fn counts_of_the_day_itself_and_later_ones_are_not_earlier() {
        let standing = stand(&count(69.0, 73.0, 77.0), Date::parse("2023-10-05"), &published("tumangang")).expect("one count");
        assert_eq!((standing.counts, standing.highest, standing.since.iso()), (1, 0.0, "2023-09-14".to_owned()));
    }

    #[test]
    fn without_a_date_the_whole_record_counts() {
        let standing = stand(&count(69.0, 73.0, 77.0), None, &record()).expect("three counts");
        assert_eq!((standing.verdict, standing.counts, standing.only_earlier), (Verdict::Within, 3, false));
    }

    #[test]
    fn what_is_no_count_of_cars_is_not_compared() {
        for kind in [CountKind::CarEquivalents, CountKind::Activity] {
            assert_eq!(stand(&Count { kind, ..count(1.0, 2.0, 3.0) }, None, &record()), None);
        }
        assert_eq!(stand(&count(1.0, 2.0, 3.0), None, &[]), None);
    }

    #[test]
    fn the_sentence_says_how_many_and_since_when() {
        let say = |c: Count, date: Option<Date>, rows: &[Entry]| stand(&c, date, rows).expect("a record").sentence("This count");
        let date = Date::parse("2023-10-05");
        assert_eq!(
            say(count(69.0, 73.0, 77.0), date, &record()),
            "This count is higher than any of the 2 counts since 2018 that the record holds from before that date."
        );
        assert_eq!(
            say(count(69.0, 73.0, 77.0), date, &published("tumangang")),
            "This count is higher than the one earlier count in the record, of 14 September 2023."
        );
        assert_eq!(
            say(count(0.0, 2.0, 4.0), date, &published("tumangang")),
            "This count may be higher than the one earlier count in the record, of 14 September 2023, but its interval reaches down to it."
        );
        assert_eq!(
            say(count(9.0, 9.0, 9.0), None, &record()),
            "This count lies within the range of the 3 counts since 2018 in the record."
        );
    }
}
