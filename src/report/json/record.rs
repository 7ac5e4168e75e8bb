//! The record of earlier counts inside a `compare` document: every figure with its source, and which were compared.

use super::number::{SHARE, round_to};
use crate::date::Date;
use crate::record::standing::{Apart, apart, is_comparable};
use crate::record::{Chance, Entry, Kind, OWN_METHOD, Ratio, Standing, Subject, Verdict, stand};
use crate::yard::Detection;
use serde::Serialize;

/// How the count of *after* stands in the record.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// Where it stands; `null` when nothing could be compared.
    pub verdict: Option<Verdict>,
    /// Number of earlier figures it was compared with: counts, and the highest of periods.
    pub counts: usize,
    /// How many of them are the highest of a period.
    pub periods: usize,
    /// Counts among them that were made like this one, as far as is said.
    pub alike: usize,
    /// Year of the oldest of them.
    pub since: Option<u16>,
    /// Lowest of them, interval included.
    pub lowest: Option<f64>,
    /// Highest of them, interval included.
    pub highest: Option<f64>,
    /// The sentence on it.
    pub sentence: Option<String>,
    /// How many times the highest earlier figure it is; `null` where nothing was compared, or that figure is zero.
    pub ratio: Option<Ratio>,
    /// Bound on the chance that the newest of these looks is the highest, had nothing changed; `null` where it isn't, or the number of looks is unknown.
    pub rank_bound: Option<f64>,
    /// Above every figure with its whole interval, and enough looks are alike to say so.
    pub unprecedented: bool,
    /// How often a count this high would come up; `null` where the number of looks is unknown or too few are alike.
    pub chance: Option<Chance>,
    /// What else may be said, a sentence each.
    pub remarks: Vec<String>,
    /// Every figure, oldest first.
    pub rows: Vec<Row>,
}

/// One figure of the record.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Day of the look, or first day of the period.
    pub date: String,
    /// Last day of the period.
    pub until: Option<String>,
    /// Railcars; `null` when the source gives none.
    pub count: Option<f64>,
    /// Lower end, where the source gives one.
    pub low: Option<f64>,
    /// Upper end, where the source gives one.
    pub high: Option<f64>,
    /// What it counts.
    pub kind: Kind,
    /// How it was counted.
    pub method: Option<String>,
    /// Ground sample distance of its image, m a pixel.
    pub gsd_m: Option<f64>,
    /// Why it is told apart from counts made like this one.
    pub apart: Option<Apart>,
    /// Who says so.
    pub source: Option<String>,
    /// The source's own words or breakdown.
    pub note: Option<String>,
    /// Whether the count was compared with it.
    pub compared: bool,
}

impl Record {
    /// Compares the count of *after* with the counts of earlier dates; `None` when the record is empty.
    pub fn new(entries: &[Entry], after: &Detection, date: Option<Date>) -> Option<Self> {
        Self::of(entries, &Subject { count: &after.count, date, gsd_m: Some(after.gsd_m), method: OWN_METHOD })
    }

    /// Compares any count with the counts of earlier dates; `None` when the record is empty.
    pub fn of(entries: &[Entry], subject: &Subject<'_>) -> Option<Self> {
        if entries.is_empty() {
            return None;
        }
        let standing = stand(subject, entries);
        let name = match subject.date {
            Some(date) => format!("The count of {}", date.words()),
            None => "The count of the after image".to_owned(),
        };
        let of = |f: fn(&Standing) -> f64| standing.as_ref().map(f);
        let number = |f: fn(&Standing) -> usize| standing.as_ref().map_or(0, f);
        let short = |v: f64| round_to(v, SHARE);
        let ratio = standing.as_ref().and_then(|s| s.ratio);
        let chance = standing.as_ref().and_then(|s| s.chance);
        Some(Self {
            verdict: standing.as_ref().map(|s| s.verdict),
            counts: number(|s| s.counts),
            periods: number(|s| s.periods),
            alike: number(|s| s.alike),
            since: standing.as_ref().map(|s| s.since.year()),
            lowest: of(|s| s.lowest),
            highest: of(|s| s.highest),
            sentence: standing.as_ref().map(|s| s.sentence(&name)),
            ratio: ratio.map(|r| Ratio { estimate: short(r.estimate), low: short(r.low), high: r.high.map(short), ..r }),
            rank_bound: standing.as_ref().and_then(|s| s.rank_bound).map(short),
            unprecedented: standing.as_ref().is_some_and(|s| s.unprecedented),
            chance: chance.map(|c| Chance { value: short(c.value), ..c }),
            remarks: standing.as_ref().map(Standing::remarks).unwrap_or_default(),
            rows: entries.iter().map(|e| row(e, subject, standing.is_some())).collect(),
        })
    }
}

fn row(entry: &Entry, subject: &Subject<'_>, any: bool) -> Row {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Row {
        date: entry.date.iso(),
        until: entry.until.map(Date::iso),
        count: entry.figure,
        low: entry.interval.map(|i| i.0),
        high: entry.interval.map(|i| i.1),
        kind: entry.kind,
        method: said(&entry.method),
        gsd_m: entry.gsd_m,
        apart: apart(entry, subject),
        source: said(&entry.source),
        note: said(&entry.note),
        compared: any && is_comparable(entry, subject.date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::published;
    use crate::yard::{Count, CountKind};

    #[test]
    fn only_earlier_figures_are_marked_as_compared() {
        let count = Count { estimate: 73.0, low: 69.0, high: 77.0, level: 0.9, kind: CountKind::Individual };
        let subject = Subject { count: &count, date: Date::parse("2023-10-05"), gsd_m: Some(0.5), method: OWN_METHOD };
        let record = Record::of(&published("tumangang"), &subject).expect("a record");
        let compared: Vec<&str> = record.rows.iter().filter(|r| r.compared).map(|r| r.date.as_str()).collect();
        assert_eq!(compared, ["2018-10", "2023-09-14"]);
        assert_eq!((record.counts, record.rows.len(), record.verdict), (2, 6, Some(Verdict::Higher)));
        assert_eq!(
            (record.rank_bound, record.chance, record.unprecedented),
            (None, None, false),
            "the number of looks is not known"
        );
        assert!(record.sentence.is_some_and(|s| s.starts_with("The count of 5 October 2023 is higher than")));
    }
}
