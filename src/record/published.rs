//! Counts that were published about the built-in facilities, each with who published it.

use super::{Entry, Kind};
use crate::date::Date;

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
                until: until.and_then(Date::parse),
                figure,
                kind,
                source: source.to_owned(),
                note: note.to_owned(),
                ..Entry::on(Date::parse(date)?)
            })
        })
        .collect()
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
}
