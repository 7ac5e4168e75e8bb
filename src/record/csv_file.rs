//! A record as CSV: a user's own is read, and what stands in the page's record is written so that it reads the same.

use super::{Entry, Kind};
use crate::date::Date;
use crate::error::{Error, Result};
use crate::table::{self, Row, Table, cell, quoted};

/// Most railcars, or metres of them, that anybody counts at one place, and the coarsest pixel, m.
const FIGURE_MAX: f64 = 1_000_000.0;
const GSD_MAX_M: f64 = 1_000.0;

/// Reads a user's record: columns `date` and `count`, and, if wished, `low`, `high`, `until`, `kind`, `method`, `gsd_m`, `source`, `note`,
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
    let method = optional(&["method", "how", "counted_by"]);
    let gsd_m = optional(&["gsd_m", "gsd", "m_per_px", "resolution"]);
    let facility = optional(&["facility", "facility_id", "place", "site"]);
    let text = |row: Row<'_>, column: Option<table::Column>| column.and_then(|c| row.text(c)).map(str::to_owned);
    let mut entries = Vec::new();
    for row in table.rows() {
        let figure = row.number(count)?;
        let at_least_zero = |v: Option<f64>| match v {
            Some(v) if v < 0.0 => Err(row.error(&format!("has {v} railcars; a count can't be less than zero"))),
            Some(v) if v > FIGURE_MAX => Err(row.error(&format!("has more than {FIGURE_MAX} railcars, which no place holds"))),
            v => Ok(v),
        };
        let bound = |column: Option<table::Column>| column.map_or(Ok(None), |c| at_least_zero(row.number(c)?));
        let kind = match text(row, kind) {
            None => Kind::Count,
            Some(word) => Kind::parse(&word).ok_or_else(|| {
                row.error(&format!(
                    "is of the kind \"{}\"; count, count_by_type, maximum, partial or length were expected",
                    quoted(&word)
                ))
            })?,
        };
        let gsd_m = gsd_m.map_or(Ok(None), |c| match row.number(c)? {
            Some(v) if v <= 0.0 || v > GSD_MAX_M => Err(row.error(&format!(
                "has a pixel of {} m; more than zero and at most {GSD_MAX_M} were expected",
                quoted(&v.to_string())
            ))),
            v => Ok(v),
        })?;
        entries.push(Entry {
            method: text(row, method).unwrap_or_default(),
            gsd_m,
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

/// Writes a record so that [`read_csv`] reads the same from it.
///
/// # Errors
/// When a row can't be written.
///
/// ```
/// use sidings::record;
/// let text = record::write_csv(&record::published("khasan"))?;
/// assert!(text.contains("2024-06-17,,,150,,count_by_type"));
/// # Ok::<(), sidings::error::Error>(())
/// ```
pub fn write_csv(entries: &[Entry]) -> Result<String> {
    let failed = |why: String| Error::NoAnswer { code: "not-written", message: format!("The record can't be written: {why}.") };
    let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    let mut writer = csv::WriterBuilder::new().comment(Some(b'#')).from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|e| failed(e.to_string()))?;
    for entry in entries {
        let [date, until] = [Some(entry.date), entry.until].map(|d| d.map(Date::iso).unwrap_or_default());
        let [low, high] = [entry.interval.map(|i| i.0), entry.interval.map(|i| i.1)].map(number);
        let kind = entry.kind.name().to_owned();
        let facility = cell(entry.facility.as_deref().unwrap_or_default()).into_owned();
        let (count, gsd_m) = (number(entry.figure), number(entry.gsd_m));
        let [method, source, note] = [&entry.method, &entry.source, &entry.note].map(|text| cell(text).into_owned());
        let row = [date, until, low, count, high, kind, method, gsd_m, source, note, facility];
        writer.write_record(row).map_err(|e| failed(e.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| failed(e.to_string()))
}

const COLUMNS: [&str; 11] = ["date", "until", "low", "count", "high", "kind", "method", "gsd_m", "source", "note", "facility"];

fn date_of(row: Row<'_>, column: table::Column) -> Result<Option<Date>> {
    let Some(text) = row.text(column) else { return Ok(None) };
    match Date::parse(text) {
        Some(date) => Ok(Some(date)),
        None => Err(row.error(&format!("has the date \"{}\"; one like 2023-10-05 was expected", quoted(text)))),
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
    use crate::record::{of_facility, published};

    #[test]
    fn what_is_written_reads_the_same() {
        let odd = "2021-03-01,,10,12,15,count,by eye,0.31,\"a, \"\"b\"\"\",\"two\nlines\",tumangang";
        let csv = format!("{}\n{odd}\n", COLUMNS.join(","));
        let mut entries = read_csv(csv.as_bytes(), "counts.csv").expect("a record");
        assert_eq!((entries[0].method.as_str(), entries[0].gsd_m), ("by eye", Some(0.31)));
        entries.extend(published("tumangang"));
        entries.sort_by_key(|e| e.date.iso());
        let again = read_csv(write_csv(&entries).expect("a table").as_bytes(), "again.csv").expect("a record");
        assert_eq!(again, entries);
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
            ("date,count,gsd_m\n2023-01-01,3,0\n", "pixel"),
        ] {
            let error = read_csv(csv.as_bytes(), "counts.csv").expect_err(csv);
            assert!(error.to_string().starts_with("counts.csv: ") && error.to_string().contains(word), "{error}");
        }
    }
}
