//! A day and a time of day, read from the ways in which files write them.

use super::name_date::plausible_day;
use crate::date::Date;

/// A day, and the time of day where it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    pub day: Date,
    pub time: Option<Time>,
}

/// Hours, minutes and seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    /// Universal time; else that of a place, which isn't known.
    pub universal: bool,
}

impl Time {
    /// `021551`, `02:15:51`, `0215`: digits with or without colons, parts of a second left out; `None` for no time of day.
    pub fn parse(text: &str, universal: bool) -> Option<Self> {
        let digits: String = text.chars().filter(|c| *c != ':').take_while(char::is_ascii_digit).collect();
        let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|d| d.parse::<u8>().ok());
        let (hour, minute) = (part(0..2)?, part(2..4)?);
        let second = part(4..6).unwrap_or(0);
        (hour < 24 && minute < 60 && second < 61).then_some(Self { hour, minute, second: second.min(59), universal })
    }

    /// `02:15:51Z`; without the `Z` where the zone is unknown.
    pub fn iso(self) -> String {
        format!("{:02}:{:02}:{:02}{}", self.hour, self.minute, self.second, if self.universal { "Z" } else { "" })
    }
}

/// An ISO 8601 moment as providers write it, `2023-10-05T02:15:51.123456Z`; a time without a zone is universal there. `None` for other
/// zones than universal time, whose day may be another one.
pub(super) fn of_provider(text: &str) -> Option<Moment> {
    let text = text.trim().trim_matches('"');
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let day = Date::parse(day).filter(|d| d.iso().len() == 10)?;
    plausible_day(&day.iso()[..4], &day.iso()[5..7], &day.iso()[8..])?;
    let time = time.map(|t| t.trim_end_matches(['Z', 'z']).trim_end_matches("+00:00"));
    match time {
        Some(zoned) if zoned.contains(['+', '-']) => Some(Moment { day, time: None }),
        time => Some(Moment { day, time: time.and_then(|t| Time::parse(t, true)) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_as_providers_write_them() {
        let said = |text| of_provider(text).map(|m| (m.day.iso(), m.time.map(Time::iso)));
        let at = |time: &str| Some(("2023-10-05".to_owned(), Some(time.to_owned())));
        assert_eq!(said("2023-10-05T02:15:51.123456Z"), at("02:15:51Z"));
        assert_eq!(said("2023-10-05T02:15:51+00:00"), at("02:15:51Z"));
        assert_eq!(said("2023-10-05 02:15:51"), at("02:15:51Z"));
        assert_eq!(said("2023-10-05"), Some(("2023-10-05".to_owned(), None)));
        assert_eq!(said("2023-10-05T02:15:51+09:00"), Some(("2023-10-05".to_owned(), None)));
        assert_eq!(said("2023-13-05"), None);
        assert_eq!(said("1023-10-05"), None);
        assert_eq!(said("yesterday"), None);
    }
}
