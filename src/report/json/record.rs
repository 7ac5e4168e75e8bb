//! The record of earlier counts inside a `compare` document: every figure with its source, and which were compared.

use crate::date::Date;
use crate::record::standing::is_comparable;
use crate::record::{Entry, Kind, Standing, Verdict, stand};
use crate::yard::Count;
use serde::Serialize;

/// How the count of *after* stands in the record.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// Where it stands; `null` when nothing could be compared.
    pub verdict: Option<Verdict>,
    /// Number of earlier counts it was compared with.
    pub counts: usize,
    /// Year of the oldest of them.
    pub since: Option<u16>,
    /// Lowest of them, interval included.
    pub lowest: Option<f64>,
    /// Highest of them, interval included.
    pub highest: Option<f64>,
    /// The sentence on it.
    pub sentence: Option<String>,
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
    /// Who says so.
    pub source: Option<String>,
    /// The source's own words or breakdown.
    pub note: Option<String>,
    /// Whether the count was compared with it.
    pub compared: bool,
}

impl Record {
    /// Compares the count of *after* with the counts of earlier dates; `None` when the record is empty.
    pub fn new(entries: &[Entry], count: &Count, date: Option<Date>) -> Option<Self> {
        if entries.is_empty() {
            return None;
        }
        let standing = stand(count, date, entries);
        let subject = match date {
            Some(date) => format!("The count of {}", date.words()),
            None => "The count of the after image".to_owned(),
        };
        let of = |f: fn(&Standing) -> f64| standing.as_ref().map(f);
        Some(Self {
            verdict: standing.as_ref().map(|s| s.verdict),
            counts: standing.as_ref().map_or(0, |s| s.counts),
            since: standing.as_ref().map(|s| s.since.year()),
            lowest: of(|s| s.lowest),
            highest: of(|s| s.highest),
            sentence: standing.as_ref().map(|s| s.sentence(&subject)),
            rows: entries.iter().map(|e| row(e, standing.is_some() && is_comparable(e, date))).collect(),
        })
    }
}

fn row(entry: &Entry, compared: bool) -> Row {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Row {
        date: entry.date.iso(),
        until: entry.until.map(Date::iso),
        count: entry.figure,
        low: entry.interval.map(|i| i.0),
        high: entry.interval.map(|i| i.1),
        kind: entry.kind,
        source: said(&entry.source),
        note: said(&entry.note),
        compared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::published;
    use crate::yard::CountKind;

    #[test]
    fn only_earlier_counts_are_marked_as_compared() {
        let count = Count { estimate: 73.0, low: 69.0, high: 77.0, level: 0.9, kind: CountKind::Individual };
        let record = Record::new(&published("tumangang"), &count, Date::parse("2023-10-05")).expect("a record");
        let compared: Vec<&str> = record.rows.iter().filter(|r| r.compared).map(|r| r.date.as_str()).collect();
        assert_eq!(compared, ["2023-09-14"]);
        assert_eq!((record.counts, record.rows.len(), record.verdict), (1, 6, Some(Verdict::Higher)));
        assert!(record.sentence.is_some_and(|s| s.starts_with("The count of 5 October 2023 is higher than")));
    }
}
