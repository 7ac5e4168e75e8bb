//! Earlier counts of a facility: what was published, by whom, and which figures may be compared with a count.
//!
//! A figure is a count only when somebody counted the railcars of the whole facility on one date. A maximum over years, a
//! train seen in part, or a length of occupied track is kept with its source, shown, and never compared as if it were one.

pub mod standing;

pub use standing::{Standing, Verdict, stand};

use crate::date::Date;
use crate::error::{Result, Warning};
use crate::table::{self, Row, Table};
use serde::Serialize;

/// What a figure of the record counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Railcars of the whole facility on one date.
    Count,
    /// The same, added up from counts by type.
    CountByType,
    /// Highest figure of a period: one number for many dates.
    Maximum,
    /// A part of the facility, or single trains.
    Partial,
    /// A length of occupied track.
    Length,
}

impl Kind {
    /// Whether a count of another date may be compared with it.
    pub fn is_count(self) -> bool {
        matches!(self, Kind::Count | Kind::CountByType)
    }

    fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
            "count" => Some(Kind::Count),
            "count_by_type" | "by_type" => Some(Kind::CountByType),
            "maximum" | "max" | "maximum_over_a_period" | "at_most" => Some(Kind::Maximum),
            "partial" | "partial_view" | "train" | "trains" => Some(Kind::Partial),
            "length" | "lengths" => Some(Kind::Length),
            _ => None,
        }
    }
}

/// One figure somebody published or the user noted.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Id or name of the facility, as given; `None`: of the facility in question.
    pub facility: Option<String>,
    /// Day of the look, or first day of the period.
    pub date: Date,
    /// Last day of the period, for a [`Kind::Maximum`].
    pub until: Option<Date>,
    /// Railcars; `None` when the source gives none.
    pub figure: Option<f64>,
    /// Interval of the figure, where the source gives one.
    pub interval: Option<(f64, f64)>,
    /// What it counts.
    pub kind: Kind,
    /// Who says so, and when; empty when the user did not say.
    pub source: String,
    /// The source's own words or the breakdown; may be empty.
    pub note: String,
}

/// (facility, date, until, figure, kind, source, note).
type Published = (&'static str, &'static str, Option<&'static str>, Option<f64>, Kind, &'static str, &'static str);

const PUBLISHED: [Published; 7] = [
    (
        "tumangang",
        "2018-10",
        Some("2023-09"),
        Some(20.0),
        Kind::Maximum,
        "Beyond Parallel (CSIS), 6 October 2023, quoted by AP, UPI, Meduza, KBS",
        "at most about 20; number and dates of the looks were not published",
    ),
    ("tumangang", "2022-10-28", Some("2022-11-08"), None, Kind::Partial, "VOA", "trains of 7, 12 and 11 cars in turn"),
    ("tumangang", "2023-09-14", None, Some(0.0), Kind::Count, "RFA", "\"completely empty\""),
    ("tumangang", "2023-09-22", None, None, Kind::Length, "RFA", "rows of 200, 300 and 320 m, and four of about 20 m"),
    ("tumangang", "2023-10-05", None, Some(73.0), Kind::Count, "Beyond Parallel (CSIS), 6 October 2023", "approximately 73"),
    (
        "tumangang",
        "2024-06-17",
        None,
        Some(264.0),
        Kind::CountByType,
        "Beyond Parallel (CSIS), 8 August 2024",
        "about 175 ore, 14 box, 66 tank, 6 locomotives, 3 maintenance",
    ),
    (
        "khasan",
        "2024-06-17",
        None,
        Some(150.0),
        Kind::CountByType,
        "Beyond Parallel (CSIS), 8 August 2024",
        "about 112 ore, 4 box, 33 tank, 1 passenger",
    ),
];

/// What was published about a built-in facility, oldest first; empty when nothing was.
pub fn published(facility: &str) -> Vec<Entry> {
    let of_facility = PUBLISHED.iter().filter(|row| row.0.eq_ignore_ascii_case(facility));
    of_facility
        .filter_map(|&(facility, date, until, figure, kind, source, note)| {
            Some(Entry {
                facility: Some(facility.to_owned()),
                date: Date::parse(date)?,
                until: until.and_then(Date::parse),
                figure,
                interval: None,
                kind,
                source: source.to_owned(),
                note: note.to_owned(),
            })
        })
        .collect()
}

/// Reads a user's record: columns `date` and `count`, and, if wished, `low`, `high`, `until`, `kind`, `source`, `note`,
/// `facility`. A row without a kind is a count.
///
/// # Errors
/// [`crate::error::Error::File`] naming `file` and the line.
///
/// ```
/// let counts = sidings::record::read_csv("date,count,source\n2019-05-02,18,ours\n2021-08-11,7,ours\n".as_bytes(), "counts.csv")?;
/// assert_eq!(counts[0].figure, Some(18.0));
/// # Ok::<(), sidings::error::Error>(())
/// ```
pub fn read_csv(bytes: &[u8], file: &str) -> Result<Vec<Entry>> {
    let table = Table::read(bytes, file)?;
    let date = table.column(&["date", "captured", "day", "from"])?;
    let count = table.column(&["count", "railcars", "cars", "figure", "estimate", "n"])?;
    let optional = |names: &[&str]| table.column(names).ok();
    let (low, high) = (optional(&["low", "min", "lower"]), optional(&["high", "max", "upper"]));
    let (kind, until) = (optional(&["kind", "type"]), optional(&["until", "to", "end"]));
    let (source, note) = (optional(&["source", "by", "url"]), optional(&["note", "notes", "comment"]));
    let facility = optional(&["facility", "facility_id", "place", "site"]);
    let text = |row: Row<'_>, column: Option<table::Column>| column.and_then(|c| row.text(c)).map(str::to_owned);
    let mut entries = Vec::new();
    for row in table.rows() {
        let figure = row.number(count)?;
        let at_least_zero = |v: Option<f64>| match v {
            Some(v) if v < 0.0 => Err(row.error(&format!("has {v} railcars; a count can't be less than zero"))),
            v => Ok(v),
        };
        let bound = |column: Option<table::Column>| column.map_or(Ok(None), |c| at_least_zero(row.number(c)?));
        let kind = match text(row, kind) {
            None => Kind::Count,
            Some(word) => Kind::parse(&word).ok_or_else(|| {
                row.error(&format!("is of the kind \"{word}\"; count, count_by_type, maximum, partial or length were expected"))
            })?,
        };
        entries.push(Entry {
            facility: text(row, facility),
            date: date_of(row, date)?.ok_or_else(|| row.error("has no date"))?,
            until: until.map_or(Ok(None), |c| date_of(row, c))?,
            figure: at_least_zero(figure)?,
            interval: interval_of(row, figure, bound(low)?, bound(high)?)?,
            kind,
            source: text(row, source).unwrap_or_default(),
            note: text(row, note).unwrap_or_default(),
        });
    }
    entries.sort_by_key(|e| e.date.iso());
    Ok(entries)
}

/// Entries that speak of a facility: those that name it by id or name, and those that name none.
pub fn of_facility(entries: Vec<Entry>, id: &str, name: &str) -> Vec<Entry> {
    let speaks_of = |e: &Entry| e.facility.as_deref().is_none_or(|f| f.eq_ignore_ascii_case(id) || f.eq_ignore_ascii_case(name));
    entries.into_iter().filter(speaks_of).collect()
}

/// The entries of a user's own record that may stand beside a count, and a warning where none may. `facility` is the id and the
/// name of the one that the images show.
pub fn chosen(entries: Vec<Entry>, facility: Option<(&str, &str)>, file: &str) -> (Vec<Entry>, Option<Warning>) {
    let entries = match facility {
        Some((id, name)) => of_facility(entries, id, name),
        None => entries,
    };
    if facility.is_none() && facilities(&entries).len() > 1 {
        let message = format!("{file} holds counts of several facilities; say which one the images show.");
        return (Vec::new(), Some(Warning::new("record-of-several-facilities", message)));
    }
    let empty = entries.is_empty().then(|| {
        let of = facility.map(|(_, name)| format!(" of {name}")).unwrap_or_default();
        Warning::new("record-empty", format!("{file} holds no count{of}."))
    });
    (entries, empty)
}

/// The facilities that entries name, each once, in lower case.
pub fn facilities(entries: &[Entry]) -> Vec<String> {
    let mut names: Vec<String> = entries.iter().filter_map(|e| e.facility.as_deref().map(str::to_lowercase)).collect();
    names.sort();
    names.dedup();
    names
}

fn date_of(row: Row<'_>, column: table::Column) -> Result<Option<Date>> {
    let Some(text) = row.text(column) else { return Ok(None) };
    match Date::parse(text) {
        Some(date) => Ok(Some(date)),
        None => Err(row.error(&format!("has the date \"{text}\"; one like 2023-10-05 was expected"))),
    }
}

/// Both ends where both are given and hold the figure; one end alone is taken as it stands beside the figure.
fn interval_of(row: Row<'_>, figure: Option<f64>, low: Option<f64>, high: Option<f64>) -> Result<Option<(f64, f64)>> {
    let (Some(figure), true) = (figure, low.is_some() || high.is_some()) else { return Ok(None) };
    let (low, high) = (low.unwrap_or(figure), high.unwrap_or(figure));
    if low > figure || figure > high {
        return Err(row.error(&format!("has the count {figure} outside its own interval, {low} to {high}")));
    }
    Ok(Some((low, high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_row_is_read_and_names_its_source() {
        let rows: Vec<Entry> = ["tumangang", "khasan"].into_iter().flat_map(published).collect();
        assert_eq!(rows.len(), PUBLISHED.len());
        assert!(rows.iter().all(|r| !r.source.is_empty()));
        assert!(published("sinuiju").is_empty());
    }

    #[test]
    fn a_maximum_a_partial_view_and_a_length_are_no_counts() {
        let counts: Vec<_> =
            published("tumangang").into_iter().filter(|e| e.kind.is_count()).map(|e| (e.date.iso(), e.figure)).collect();
        let expected = [("2023-09-14", 0.0), ("2023-10-05", 73.0), ("2024-06-17", 264.0)];
        assert_eq!(counts, expected.map(|(d, n)| (d.to_owned(), Some(n))));
    }

    #[test]
    fn a_record_is_read_in_the_order_of_its_dates() {
        let csv = "Facility;Date;Count;Low;High;Kind;Source\nTumangang;2021-03-01;12;10;15;;a\nkhasan;2020-01-01;3;;;;b\n;2019;20;;;max;c\n";
        let entries = read_csv(csv.as_bytes(), "counts.csv").expect("a record");
        assert_eq!(entries.iter().map(|e| e.date.iso()).collect::<Vec<_>>(), ["2019", "2020-01-01", "2021-03-01"]);
        assert_eq!(entries[2].interval, Some((10.0, 15.0)));
        let own = of_facility(entries, "tumangang", "Tumangang");
        assert_eq!(own.iter().map(|e| e.source.as_str()).collect::<Vec<_>>(), ["c", "a"]);
    }

    #[test]
    fn trouble_names_its_line() {
        for (csv, word) in [
            ("date,count\n2023-01-01,-3\n", "line 2"),
            ("date,count\n2023-01-01,3\n31.12.2023,3\n", "line 3"),
            ("date,count\n,3\n", "no date"),
            ("date,count,kind\n2023-01-01,3,guess\n", "guess"),
            ("date,count,low,high\n2023-01-01,3,4,5\n", "interval"),
            ("when,count\n2023-01-01,3\n", "date"),
        ] {
            let error = read_csv(csv.as_bytes(), "counts.csv").expect_err(csv);
            assert!(error.to_string().starts_with("counts.csv: ") && error.to_string().contains(word), "{error}");
        }
    }
}
