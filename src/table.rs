//! A user's CSV: comma, semicolon or tab, with or without a byte-order mark, columns found by name; every error names the line.

use crate::error::{Error, Result};
use crate::limits::MAX_TEXT_BYTES;
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Most rows a table may hold: a century of daily counts, and far from anything that strains memory.
const MAX_ROWS: usize = 40_000;

/// A table with a header line.
#[derive(Debug)]
pub struct Table {
    file: String,
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

/// Index of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column(usize);

/// One line of a [`Table`].
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    line: u64,
    fields: &'a [String],
}

/// What makes a spreadsheet take a cell for a formula, in front of it.
const FORMULA_MARKS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A cell that no spreadsheet takes for a formula: an apostrophe stands in front of what could be one. [`Row::text`] takes it off again. Numbers don't come
/// here.
///
/// ```
/// assert_eq!(sidings::table::cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
/// assert_eq!(sidings::table::cell("a = b"), "a = b");
/// ```
pub fn cell(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) { format!("'{text}").into() } else { text.into() }
}

fn is_formula(text: &str) -> bool {
    text.trim_start().starts_with(FORMULA_MARKS) || text.starts_with(FORMULA_MARKS)
}

/// Most of a cell, in characters, and most names of columns, that a sentence quotes.
const QUOTED_MAX: usize = 60;
const NAMES_MAX: usize = 30;

/// As much of a text as a sentence can hold.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(QUOTED_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

impl Table {
    /// Reads the bytes of a CSV file.
    ///
    /// # Errors
    /// [`Error::File`] with `not-a-table` when it is no text, holds no header or too many rows.
    pub fn read(bytes: &[u8], file: &str) -> Result<Self> {
        if bytes.len() > MAX_TEXT_BYTES {
            let message = format!("The table is longer than {} MB, which is more than a record can hold.", MAX_TEXT_BYTES >> 20);
            return Err(file_error(file, message));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| {
            file_error(file, "The file is not UTF-8 text. Save the table as \"CSV UTF-8\" and try again.".to_owned())
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter_of(text.lines().next().unwrap_or_default()))
            .flexible(true)
            .trim(csv::Trim::All)
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let unreadable = |e: csv::Error| file_error(file, format!("The table can't be read: {e}."));
        let header: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(normalise).collect();
        let lines: Vec<&str> = text.lines().collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            if record.iter().all(str::is_empty) {
                continue;
            }
            if rows.len() == MAX_ROWS {
                return Err(file_error(
                    file,
                    format!("The table has more than {MAX_ROWS} rows, which is more than a record can hold."),
                ));
            }
            rows.push((first_line(&record, &lines), record.iter().map(str::to_owned).collect()));
        }
        if header.iter().all(String::is_empty) {
            return Err(file_error(
                file,
                "The file is empty; a first line with the names of the columns was expected.".to_owned(),
            ));
        }
        Ok(Self { file: file.to_owned(), header, rows })
    }

    /// The column that bears one of these names, whatever case, spaces or underscores it is written with.
    ///
    /// # Errors
    /// [`Error::File`] naming the columns that were found.
    pub fn column(&self, names: &[&str]) -> Result<Column> {
        let found = names.iter().find_map(|name| self.header.iter().position(|h| *h == normalise(name)));
        found.map(Column).ok_or_else(|| {
            let wanted = names.join("\" or \"");
            let names: Vec<_> = self.header.iter().take(NAMES_MAX).map(|name| quoted(name)).collect();
            let more = if self.header.len() > NAMES_MAX { ", …" } else { "" };
            file_error(&self.file, format!("No column is called \"{wanted}\"; the columns are: {}{more}.", names.join(", ")))
        })
    }

    /// Lines behind the header, blank ones left out.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, fields)| Row { table: self, line: *line, fields })
    }
}

impl<'a> Row<'a> {
    /// What stands in a column; `None` when nothing does.
    pub fn text(&self, column: Column) -> Option<&'a str> {
        let text = self.fields.get(column.0)?.as_str();
        let bare = text.strip_prefix('\'').filter(|bare| is_formula(bare.trim_start_matches('\'')));
        Some(bare.unwrap_or(text)).filter(|t| !t.is_empty())
    }

    /// A number; `None` when the field is empty. Accepts a leading `~`, `≈` or `ca.` and a comma as the decimal mark.
    ///
    /// # Errors
    /// When there is something that is no finite number.
    pub fn number(&self, column: Column) -> Result<Option<f64>> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let bare = text.trim_start_matches(['~', '≈']).trim_start_matches("ca.").trim().replace(',', ".");
        match bare.parse::<f64>() {
            Ok(v) if v.is_finite() => Ok(Some(v)),
            _ => {
                let what = format!("has \"{}\" under \"{}\" where a number was expected", quoted(text), self.name(column));
                Err(self.error(&what))
            }
        }
    }

    /// A number that must be there and lie within bounds.
    ///
    /// # Errors
    /// When it is missing or outside.
    pub fn number_within(&self, column: Column, bounds: RangeInclusive<f64>) -> Result<f64> {
        match self.number(column)? {
            Some(v) if bounds.contains(&v) => Ok(v),
            Some(v) => Err(self.error(&format!(
                "has {v} under \"{}\" where a number from {} to {} was expected",
                self.name(column),
                bounds.start(),
                bounds.end()
            ))),
            None => Err(self.error(&format!("has nothing under \"{}\"", self.name(column)))),
        }
    }

    /// Line of the file on which it begins, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// An error about this line; `what` goes on behind "line N".
    pub fn error(&self, what: &str) -> Error {
        file_error(&self.table.file, format!("The table can't be used: line {} {what}.", self.line))
    }

    fn name(&self, column: Column) -> Cow<'_, str> {
        quoted(self.table.header.get(column.0).map_or("", String::as_str))
    }
}

fn file_error(file: &str, message: String) -> Error {
    Error::File { file: file.to_owned(), code: "not-a-table", message }
}

/// Line a record begins on, from 1. The reader's own position lies in front of the blank lines and remarks that it skips.
fn first_line(record: &csv::StringRecord, lines: &[&str]) -> u64 {
    let from = record.position().map_or(1, csv::Position::line).max(1);
    let skipped = lines.iter().skip(from as usize - 1).take_while(|l| l.is_empty() || l.starts_with('#')).count();
    from + skipped as u64
}

/// The delimiter that occurs most often in the header line.
fn delimiter_of(header: &str) -> u8 {
    let count = |delimiter: u8| header.bytes().filter(|b| *b == delimiter).count();
    let commas = count(b',');
    if count(b'\t') > commas {
        b'\t'
    } else if count(b';') > commas {
        b';'
    } else {
        b','
    }
}

fn normalise(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn any_common_delimiter_quotes_and_a_byte_order_mark() {
        for text in
            ["\u{feff}Date, Count\n2023-01-01,5\n", "date;count\r\n2023-01-01;5\r\n", "DATE\tcount\n\n2023-01-01\t\"5\"\n"]
        {
            let table = Table::read(text.as_bytes(), "t.csv").expect("a table");
            let (date, count) = (table.column(&["date"]).expect("date"), table.column(&["count"]).expect("count"));
            let row = table.rows().next().expect("a row");
            assert_eq!((row.text(date), row.number(count)), (Some("2023-01-01"), Ok(Some(5.0))), "{text:?}");
        }
    }

    #[test]
    fn errors_name_file_and_line() {
        let table = Table::read(b"a,b\n1,2\n\n# a word\n3,many\n", "t.csv").expect("a table");
        let b = table.column(&["b"]).expect("b");
        let error = table.rows().map(|r| r.number(b)).find_map(Result::err).expect("many is no number");
        assert_eq!(
            error.to_string(),
            "t.csv: The table can't be used: line 5 has \"many\" under \"b\" where a number was expected."
        );
        assert!(table.column(&["c"]).expect_err("no c").to_string().contains("a, b"));
    }

    #[test]
    fn a_sentence_quotes_no_more_than_it_can_hold() {
        let wide = format!("{}\n", "a column,".repeat(100_000));
        let long = format!("a,b\n1,{}\n", "x".repeat(1_000_000));
        let of_wide = Table::read(wide.as_bytes(), "t.csv").expect("a table").column(&["b"]).expect_err("no b");
        let table = Table::read(long.as_bytes(), "t.csv").expect("a table");
        let of_long = table.rows().next().expect("a row").number(Column(1)).expect_err("no number");
        for error in [of_wide, of_long] {
            assert!(error.to_string().len() < 600 && error.to_string().contains('…'), "{error}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert!(Table::read(b"", "t.csv").is_err());
        assert!(Table::read(&[0xff, 0xfe, 0x00, 0x41], "t.csv").is_err());
    }

    proptest! {
        #[test]
        fn a_cell_comes_back_and_begins_no_formula(text in "[ '=+@a-]{0,6}") {
            let text = text.trim();
            let written = cell(text);
            prop_assert!(!is_formula(&written));
            let csv = format!("a,b\n\"{written}\",1\n");
            let table = Table::read(csv.as_bytes(), "t.csv").expect("a table");
            let read = table.rows().next().and_then(|row| row.text(Column(0))).unwrap_or_default();
            prop_assert_eq!(read, text);
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(table) = Table::read(&bytes, "t.csv") {
                for row in table.rows() {
                    let _ = row.number(Column(0));
                }
            }
        }
    }
}
