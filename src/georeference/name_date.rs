//! Dates in file names, as satellite providers and people write them.
//!
//! ```text
//! 20231005                 20231005_012345_ssc4_u0001 (Planet)      S2A_MSIL1C_20231005T021551_… (Sentinel)
//! 2023-10-05  2023_10_05   IMG_PHR1A_PMS_202310050215134 (Pléiades)  LC08_L1TP_114031_20231005_… (Landsat)
//! 05OCT23  05OCT2023       05-Oct-2023                              23OCT05021551-M2AS-… (DigitalGlobe: year first)
//! ```

use super::moment::{Moment, Time};
use crate::date::Date;

/// Years a picture may be from: the first reconnaissance satellites, and a century that numbers without meaning rarely hit.
const YEARS: std::ops::RangeInclusive<u16> = 1959..=2099;

/// A day that exists; `None` also outside the years of aerial and satellite pictures.
pub(super) fn plausible_day(year: &str, month: &str, day: &str) -> Option<Date> {
    plausible(number(year)?, number(month)?, number(day)?)
}

fn plausible(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = u16::try_from(year).ok().filter(|y| YEARS.contains(y))?;
    Date::day(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

/// The first date in a file name, its folders and ending left aside, and the time that stands behind it; `before` and `after` are no dates.
pub(super) fn find(file_name: &str) -> Option<Moment> {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let tokens = tokens(stem);
    (0..tokens.len()).find_map(|i| {
        let day = date_at(&tokens[i..])?;
        Some(Moment { day, time: time_behind(&tokens[i..], stem) })
    })
}

/// The time that stands with a date. Providers state it in universal time; a telephone that names its photographs alike does not, so
/// without a sign of a provider the zone is unknown.
fn time_behind(tokens: &[Token<'_>], stem: &str) -> Option<Time> {
    use Token::{Digits, Letters, Other};
    let lower = stem.to_ascii_lowercase();
    let airbus = ["phr1", "pneo", "spot6", "spot7", "_pms_", "_p_"].iter().any(|mark| lower.contains(mark));
    match tokens {
        [Digits(day), Letters("T"), Digits(time), ..] if day.len() == 8 && time.len() == 6 => Time::parse(time, true),
        [Digits(first), Letters(month), Digits(last), ..] if (first.len(), last.len()) == (2, 8) && month.len() == 3 => {
            Time::parse(&last[2..], true)
        }
        [Digits(day), Other("_"), Digits(time), rest @ ..] if day.len() == 8 && time.len() == 6 => {
            let planet = matches!(rest, [Other("_"), Letters("ssc"), ..] | [Other("_"), Digits(_), ..]) && lower.starts_with(day);
            Time::parse(time, planet)
        }
        [Digits(run), ..] if matches!(run.len(), 12 | 14..=17) => Time::parse(&run[8..], airbus),
        _ => None,
    }
}

/// A run of digits, of letters, or of anything else.
#[derive(Debug, PartialEq)]
enum Token<'a> {
    Digits(&'a str),
    Letters(&'a str),
    Other(&'a str),
}

fn tokens(stem: &str) -> Vec<Token<'_>> {
    let kind = |c: char| match c {
        '0'..='9' => 0,
        'a'..='z' | 'A'..='Z' => 1,
        _ => 2,
    };
    let mut tokens = Vec::new();
    let mut rest = stem;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| kind(c) != kind(first)).unwrap_or(rest.len());
        let (token, tail) = rest.split_at(end);
        tokens.push(match kind(first) {
            0 => Token::Digits(token),
            1 => Token::Letters(token),
            _ => Token::Other(token),
        });
        rest = tail;
    }
    tokens
}

/// The date that begins with the first of these tokens.
fn date_at(tokens: &[Token<'_>]) -> Option<Date> {
    use Token::{Digits, Letters, Other};
    match tokens {
        [Digits(day), Other(a), Letters(month), Other(b), Digits(year), ..] if is_gap(a) && is_gap(b) => {
            day_month_year(day, month, year)
        }
        [Digits(year), Other(a), Digits(month), Other(b), Digits(day), ..]
            if a == b && is_gap(a) && (year.len(), month.len(), day.len()) == (4, 2, 2) =>
        {
            plausible_day(year, month, day)
        }
        [Digits(first), Letters(month), Digits(last), ..] if first.len() == 2 && last.len() == 8 => {
            year_month_day_time(first, month, last)
        }
        [Digits(day), Letters(month), Digits(year), ..] if month_number(month).is_some() => day_month_year(day, month, year),
        [Digits(run), ..] => packed(run),
        _ => None,
    }
}

fn is_gap(text: &str) -> bool {
    matches!(text, "-" | "_" | "." | " ")
}

fn number(digits: &str) -> Option<u32> {
    digits.parse().ok()
}

/// `05 OCT 23`, `5 October 2023`.
fn day_month_year(day: &str, month: &str, year: &str) -> Option<Date> {
    let full = match (day.len(), year.len()) {
        (1 | 2, 4) => number(year)?,
        (2, 2) => century(number(year)?),
        _ => return None,
    };
    plausible(full, month_number(month)?, number(day)?)
}

/// `23 OCT 05 021551`: DigitalGlobe puts the year first and the time behind.
fn year_month_day_time(year: &str, month: &str, day_and_time: &str) -> Option<Date> {
    let (day, time) = day_and_time.split_at(2);
    if !is_time(time) {
        return None;
    }
    plausible(century(number(year)?), month_number(month)?, number(day)?)
}

/// Two digits of a year: 59 to 99 belong to the last century.
fn century(year: u32) -> u32 {
    if year >= 59 { 1900 + year } else { 2000 + year }
}

/// `20231005`, alone or with hours, minutes, seconds and parts of a second behind it.
fn packed(run: &str) -> Option<Date> {
    let with_time = matches!(run.len(), 12 | 14..=17) && is_time(&run[8..]);
    if run.len() != 8 && !with_time {
        return None;
    }
    plausible_day(&run[..4], &run[4..6], &run[6..8])
}

/// Hours and minutes, and seconds when there.
fn is_time(digits: &str) -> bool {
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(number);
    part(0..2).is_some_and(|h| h < 24)
        && part(2..4).is_some_and(|m| m < 60)
        && (digits.len() < 6 || part(4..6).is_some_and(|s| s < 61))
}

/// English month names, whole or by three letters.
fn month_number(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let month = MONTHS.iter().position(|m| word == *m || word == m[..3] || (word == "sept" && *m == "september"))?;
    Some(month as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_with_a_date() {
        for name in [
            "20231005.tif",
            "tumangang_20231005_crop.png",
            "2023-10-05.jpg",
            "yard 2023_10_05.jpeg",
            "2023.10.05.png",
            "05OCT23.tif",
            "05OCT2023.tif",
            "khasan-05-Oct-2023.png",
            "5 October 2023.png",
            "20231005_012345_ssc4_u0001_visual.tif",
            "20231005_012345_67_2413_3B_AnalyticMS.tif",
            "S2A_MSIL1C_20231005T021551_N0509_R003_T52TDP_20231005T050102.SAFE",
            "T52TDP_20231005T021551_TCI.tif",
            "IMG_PHR1A_PMS_202310050215134_ORT.TIF",
            "LC08_L1TP_114031_20231005_20231013_02_T1_B4.TIF",
            "23OCT05021551-M2AS-014321.TIF",
            "IMG20231005.jpg",
            "folder.v2/20231005.tif",
            "C:\\images\\20231005.tif",
        ] {
            assert_eq!(find(name).map(|m| m.day.iso()).as_deref(), Some("2023-10-05"), "{name}");
        }
        assert_eq!(find("28FEB98.tif").map(|m| m.day.iso()).as_deref(), Some("1998-02-28"));
        assert_eq!(find("20240229.tif").map(|m| m.day.iso()).as_deref(), Some("2024-02-29"));
    }

    #[test]
    fn names_with_a_time() {
        for (name, time) in [
            ("20231005_012345_ssc4_u0001_visual.tif", Some("01:23:45Z")),
            ("20231005_012345_67_2413_3B_AnalyticMS.tif", Some("01:23:45Z")),
            ("S2A_MSIL1C_20231005T021551_N0509_R003_T52TDP_20231005T050102.SAFE", Some("02:15:51Z")),
            ("IMG_PHR1A_PMS_202310050215134_ORT.TIF", Some("02:15:13Z")),
            ("23OCT05021551-M2AS-014321.TIF", Some("02:15:51Z")),
            ("IMG_20231005_112345.jpg", Some("11:23:45")),
            ("yard_20231005.tif", None),
            ("05OCT2023.tif", None),
        ] {
            let found = find(name).expect(name).time.map(Time::iso);
            assert_eq!(found.as_deref(), time, "{name}");
        }
    }

    #[test]
    fn names_without_a_date() {
        for name in [
            "before.jpg",
            "after.jpg",
            "20231305.tif",
            "20230229.tif",
            "2023-02-30.tif",
            "00000000.tif",
            "31SEP23.tif",
            "tile_31500-5137.tif",
            "202310051.tif",
            "12345678.tif",
            "2023-10_05.tif",
            "05ABC23.tif",
            "2023.tif",
            "dscf0013.tif",
            "20231005/before.jpg",
            "",
            ".tif",
        ] {
            assert_eq!(find(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_survived(name in "\\PC{0,40}") {
            let _ = find(&name);
        }

        #[test]
        fn every_day_is_found_again(year in 1959u32..=2099, month in 1u32..=12, day in 1u32..=28) {
            let expected = Some(format!("{year:04}-{month:02}-{day:02}"));
            prop_assert_eq!(find(&format!("yard_{year:04}{month:02}{day:02}_crop.tif")).map(|m| m.day.iso()), expected.clone());
            prop_assert_eq!(find(&format!("{year:04}-{month:02}-{day:02}.tif")).map(|m| m.day.iso()), expected);
        }
    }
}
