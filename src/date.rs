//! Calendar dates as images and records carry them: a day, a month or a year, never more precise than what was said.
//!
//! Times of day and zones are read over: two looks at a yard are days apart, and providers state the hour in different zones.

use serde::{Deserialize, Serialize};
use std::fmt;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// A date of the Gregorian calendar, to the day, the month or the year.
///
/// ```
/// use sidings::date::Date;
/// let day = Date::parse("2023-10-05T02:31:00Z").expect("a date");
/// assert_eq!(day.words(), "5 October 2023");
/// assert_eq!(Date::parse("2023-10").expect("a month").words(), "October 2023");
/// assert!(Date::parse("2023-02-29").is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    /// 1 to 12; `None`: only the year is known.
    month: Option<u8>,
    /// 1 to 31; `None`: only the month is known.
    day: Option<u8>,
}

impl Date {
    /// A day; `None` when the calendar has no such day.
    pub fn day(year: u16, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
        valid.then_some(Self { year, month: Some(month), day: Some(day) })
    }

    /// Reads ISO 8601: `2023`, `2023-10`, `2023-10-05`, `20231005`, the last two also with a time behind a `T` or a space.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, time) = match text.split_once(['T', 't', ' ']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        if !date.is_ascii() || time.is_some_and(|t| !looks_like_a_time(t)) {
            return None;
        }
        let parts: Vec<&str> = match date.len() {
            8 if !date.contains('-') => vec![&date[..4], &date[4..6], &date[6..]],
            _ => date.split('-').collect(),
        };
        let widths: Vec<usize> = parts.iter().map(|p| p.len()).collect();
        if widths != [4, 2, 2][..parts.len().min(3)] || !parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit())) {
            return None;
        }
        let year: u16 = parts[0].parse().ok().filter(|y| *y > 0)?;
        match parts[1..] {
            [] if time.is_none() => Some(Self { year, month: None, day: None }),
            [month] if time.is_none() => {
                let month: u8 = month.parse().ok().filter(|m| (1..=12).contains(m))?;
                Some(Self { year, month: Some(month), day: None })
            }
            [month, day] => Self::day(year, month.parse().ok()?, day.parse().ok()?),
            _ => None,
        }
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// `2023-10-05`, `2023-10` or `2023`.
    pub fn iso(self) -> String {
        match (self.month, self.day) {
            (Some(m), Some(d)) => format!("{:04}-{m:02}-{d:02}", self.year),
            (Some(m), None) => format!("{:04}-{m:02}", self.year),
            _ => format!("{:04}", self.year),
        }
    }

    /// `5 October 2023`, `October 2023` or `2023`.
    pub fn words(self) -> String {
        let month = self.month.map(|m| MONTHS[usize::from(m) - 1]);
        match (month, self.day) {
            (Some(m), Some(d)) => format!("{d} {m} {}", self.year),
            (Some(m), None) => format!("{m} {}", self.year),
            _ => self.year.to_string(),
        }
    }

    /// `on 5 October 2023`, `in October 2023`, `in 2023`.
    pub fn when(self) -> String {
        format!("{} {}", if self.day.is_some() { "on" } else { "in" }, self.words())
    }

    /// True only when every day this date may mean lies before every day `other` may mean.
    ///
    /// ```
    /// # use sidings::date::Date;
    /// let (month, day) = (Date::parse("2023-10").unwrap(), Date::parse("2023-10-05").unwrap());
    /// assert!(!month.is_before(day) && !day.is_before(month));
    /// ```
    pub fn is_before(self, other: Self) -> bool {
        let last = (self.year, self.month.unwrap_or(12), self.day.unwrap_or(31));
        let first = (other.year, other.month.unwrap_or(1), other.day.unwrap_or(1));
        last < first
    }
}

impl Date {
    /// First and last day that this date may mean, as days since 1 January of the year 1.
    ///
    /// ```
    /// # use sidings::date::Date;
    /// let days = |text| Date::parse(text).unwrap().days();
    /// assert_eq!(days("0001-01-01"), (0, 0));
    /// assert_eq!(days("2024-02").1 - days("2024-02").0, 28);
    /// assert_eq!(days("2024-01-01").0, 738_885);
    /// ```
    pub fn days(self) -> (i64, i64) {
        let number = |month: u8, day: u8| {
            let years = i64::from(self.year) - 1;
            let months: i64 = (1..month).map(|m| i64::from(days_in(self.year, m))).sum();
            365 * years + years / 4 - years / 100 + years / 400 + months + i64::from(day) - 1
        };
        let last_month = self.month.unwrap_or(12);
        let last_day = self.day.unwrap_or_else(|| days_in(self.year, last_month));
        (number(self.month.unwrap_or(1), self.day.unwrap_or(1)), number(last_month, last_day))
    }
}

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("\"{text}\" is no date"))
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.iso()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Digits and the marks of an ISO time (`02:31:00.5+09:00`, `023100Z`), beginning with a digit.
fn looks_like_a_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || ":.,+-Zz".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_iso_8601_allows_and_nothing_else() {
        for (text, iso) in [
            ("2023-10-05", Some("2023-10-05")),
            ("20231005", Some("2023-10-05")),
            ("2023-10-05T23:59:59.123+09:00", Some("2023-10-05")),
            ("2023-10-05 02:31", Some("2023-10-05")),
            (" 2024-02-29 ", Some("2024-02-29")),
            ("2023-10", Some("2023-10")),
            ("2023", Some("2023")),
            ("1900-02-29", None),
            ("2023-13-01", None),
            ("2023-00-01", None),
            ("2023-10-00", None),
            ("2023-04-31", None),
            ("2023-1-5", None),
            ("05.10.2023", None),
            ("10/05/2023", None),
            ("2023-10-05Tea", None),
            ("2023-10T12:00", None),
            ("0000-01-01", None),
            ("+023-10-05", None),
            ("２０２３-10-05", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(Date::parse(text).map(Date::iso).as_deref(), iso, "{text:?}");
        }
    }

    #[test]
    fn says_no_more_than_it_knows() {
        let say = |text| Date::parse(text).expect("a date").when();
        assert_eq!(say("2023-10-05"), "on 5 October 2023");
        assert_eq!(say("2023-10"), "in October 2023");
        assert_eq!(say("2023"), "in 2023");
    }

    proptest! {
        #[test]
        fn iso_comes_back(year in 1u16..=9999, month in 1u8..=12, day in 1u8..=28) {
            let date = Date::day(year, month, day).expect("a day of every month");
            prop_assert_eq!(Date::parse(&date.iso()), Some(date));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = Date::parse(&text);
        }
    }
}
