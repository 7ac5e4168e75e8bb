//! How a count stands among earlier counts of the place, and what may be said of it.
//!
//! A verdict rests on every earlier figure that bounds the place: counts of a day, and the highest of a period. Anything like a
//! probability rests on less: counts of days alone, made like this one, and only where their number is known.

use super::tail::{self, LEAST_CHANCE, LEAST_COUNTS};
use super::{Entry, Kind};
use crate::date::Date;
use crate::yard::{Count, CountKind};
use serde::Serialize;

/// Looks whose pixels are more than this factor coarser or finer are told apart: twice the pixel is a quarter of the pixels on a car.
const GSD_APART: f64 = 2.0;

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

/// Why an earlier count is told apart from the one that is held against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Apart {
    /// Its image was much finer or coarser.
    Gsd,
    /// It was counted in another way.
    Method,
}

/// The count that is held against the record.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// With its interval.
    pub count: &'a Count,
    /// Of its image; `None`: unknown, and every count of the record is held against it.
    pub date: Option<Date>,
    /// Ground sample distance of its image, m a pixel, where known.
    pub gsd_m: Option<f64>,
    /// How it was counted; empty where unknown.
    pub method: &'a str,
}

/// How many times the highest earlier figure a count is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ratio {
    /// Of the two estimates.
    pub estimate: f64,
    /// Lower end of this count by the upper end of that figure.
    pub low: f64,
    /// Upper end of this count by the lower end of that figure; `None` where that is zero.
    pub high: Option<f64>,
    /// That figure was the highest of a period, "at most": the ratio is at least this.
    pub at_least: bool,
}

/// How often a count this high would come up if the place went on as it did; never told below 1 in 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    /// The chance, or the least that is told.
    pub value: f64,
    /// True when the chance is less than [`Chance::value`].
    pub below: bool,
}

/// A count beside the earlier counts of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Where it stands.
    pub verdict: Verdict,
    /// Number of figures it was compared with: counts, and the highest of periods.
    pub counts: usize,
    /// How many of them are the highest of a period.
    pub periods: usize,
    /// Counts that were made like this one, as far as is said.
    pub alike: usize,
    /// Counts on much finer or coarser images.
    pub other_gsd: usize,
    /// Counts made in another way.
    pub other_method: usize,
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
    /// How many times the highest of them it is; `None` where that is zero.
    pub ratio: Option<Ratio>,
    /// Bound on the chance that the newest of these looks is the highest if they came in any order, 1/(n + 1) of n looks alike; `None` unless
    /// it is the highest, and where the number of looks is unknown.
    pub rank_bound: Option<f64>,
    /// Its lower end lies above the upper end of every figure, and at least ten looks are alike.
    pub unprecedented: bool,
    /// `None` where the number of looks is unknown or too few are alike.
    pub chance: Option<Chance>,
    /// Who published or noted these figures, each once.
    pub sources: Vec<String>,
}

/// Whether an entry may stand beside a count of `date`: a count or the highest of a period, with a figure, of an earlier date where dates
/// are known.
pub fn is_comparable(entry: &Entry, date: Option<Date>) -> bool {
    let bounds = entry.kind.is_count() || entry.kind == Kind::Maximum;
    bounds && entry.figure.is_some() && date.is_none_or(|date| entry.until.unwrap_or(entry.date).is_before(date))
}

/// Why an entry is told apart from a count; `None` where nothing speaks against comparing them.
pub fn apart(entry: &Entry, subject: &Subject<'_>) -> Option<Apart> {
    let other = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && !a.eq_ignore_ascii_case(b);
    if entry.gsd_m.zip(subject.gsd_m).is_some_and(|(a, b)| (a / b).max(b / a) > GSD_APART) {
        return Some(Apart::Gsd);
    }
    other(&entry.method, subject.method).then_some(Apart::Method)
}

/// Places a count among the comparable entries of a record; `None` when there are none, or when the count is not one of
/// individual railcars and so counts something else.
pub fn stand(subject: &Subject<'_>, entries: &[Entry]) -> Option<Standing> {
    let Subject { count, date, .. } = *subject;
    if count.kind != CountKind::Individual || !count.estimate.is_finite() {
        return None;
    }
    let earlier: Vec<(&Entry, f64)> =
        entries.iter().filter(|e| is_comparable(e, date)).filter_map(|e| Some((e, e.figure?))).collect();
    let bounds = |(entry, figure): &(&Entry, f64)| entry.interval.unwrap_or((*figure, *figure));
    // The highest of a period says nothing of how low the place went.
    let days = || earlier.iter().filter(|(entry, _)| entry.kind.is_count());
    let lowest = days().map(|e| bounds(e).0).fold(f64::INFINITY, f64::min);
    let highest = earlier.iter().map(|e| bounds(e).1).fold(f64::NEG_INFINITY, f64::max);
    let verdict = if count.low > highest {
        Verdict::Higher
    } else if count.estimate > highest {
        Verdict::PerhapsHigher
    } else if count.high < lowest && lowest.is_finite() {
        Verdict::Lower
    } else if count.estimate < lowest && lowest.is_finite() {
        Verdict::PerhapsLower
    } else {
        Verdict::Within
    };
    let since = earlier.iter().map(|(e, _)| e.date).min_by_key(|d| d.iso())?;
    let until = earlier.iter().map(|(e, _)| e.until.unwrap_or(e.date)).max_by_key(|d| d.iso())?;
    let periods = earlier.iter().filter(|(entry, _)| entry.kind == Kind::Maximum).count();
    let told_apart = |why| days().filter(|(entry, _)| apart(entry, subject) == Some(why)).count();
    let alike: Vec<u64> =
        days().filter(|(entry, _)| apart(entry, subject).is_none()).map(|(_, figure)| figure.round() as u64).collect();
    let looks_known = periods == 0;
    let above_all = verdict == Verdict::Higher;
    let chance = tail::chance(&alike, count.low.max(0.0).floor() as u64).filter(|_| looks_known);
    let mut sources: Vec<String> = Vec::new();
    for (entry, _) in &earlier {
        if !entry.source.is_empty() && !sources.contains(&entry.source) {
            sources.push(entry.source.clone());
        }
    }
    Some(Standing {
        verdict,
        counts: earlier.len(),
        periods,
        alike: alike.len(),
        other_gsd: told_apart(Apart::Gsd),
        other_method: told_apart(Apart::Method),
        since,
        until,
        lowest: if lowest.is_finite() { lowest } else { 0.0 },
        highest,
        only_earlier: date.is_some(),
        ratio: earlier
            .iter()
            .max_by(|a, b| bounds(a).1.total_cmp(&bounds(b).1))
            .and_then(|top| ratio(count, top.0, top.1, bounds(top))),
        rank_bound: (above_all && looks_known && !alike.is_empty()).then(|| 1.0 / (alike.len() as f64 + 1.0)),
        unprecedented: above_all && alike.len() >= LEAST_COUNTS,
        chance: chance.map(|value| Chance { value: value.max(LEAST_CHANCE), below: value < LEAST_CHANCE }),
        sources,
    })
}

fn ratio(count: &Count, highest: &Entry, figure: f64, (low, high): (f64, f64)) -> Option<Ratio> {
    (figure > 0.0).then(|| Ratio {
        estimate: count.estimate / figure,
        low: count.low / high,
        high: (low > 0.0).then(|| count.high / low),
        at_least: highest.kind == Kind::Maximum,
    })
}
