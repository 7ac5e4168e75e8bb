//! The record: what stands in it, what a count may be held against, and what may be said of that.

use super::standing::{Apart, apart};
use super::*;
use crate::date::Date;
use crate::yard::{Count, CountKind};

fn count(low: f64, estimate: f64, high: f64) -> Count {
    Count { estimate, low, high, level: 0.9, kind: CountKind::Individual }
}

fn of<'a>(count: &'a Count, date: &str) -> Subject<'a> {
    Subject { count, date: Date::parse(date), gsd_m: Some(0.5), method: OWN_METHOD }
}

fn read(csv: &str) -> Vec<Entry> {
    read_csv(csv.as_bytes(), "counts.csv").expect("a record")
}

fn record() -> Vec<Entry> {
    read("date,count,low,high\n2018-11-02,20,18,22\n2020-01-01,3,,\n2024-01-01,500,,\n")
}

/// Earlier counts, a count, and the chance of as many or more; see the test for where it is from.
const REFERENCE: [(&[u64], u64, f64); 5] = [
    (&[18, 7, 3, 12, 20, 9, 11, 15, 6, 14], 30, 0.023541434),
    (&[18, 7, 3, 12, 20, 9, 11, 15, 6, 14], 73, 0.00037511857),
    (&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 3, 0.003119032),
    (&[10, 10, 10, 10, 10, 10, 10, 10, 10, 10], 16, 0.074681387),
    (&[0, 0, 40, 2, 0, 35, 60, 0, 1, 0, 22, 5], 73, 0.09001407),
];

/// Monthly looks of one year, 18 cars at most, made alike.
fn year(extra: &str) -> Vec<Entry> {
    let rows: String = (1..=12).map(|m| format!("2022-{m:02}-03,{},Sidings,0.5\n", 7 + (m * 5) % 12)).collect();
    read(&format!("date,count,method,gsd_m\n{rows}{extra}"))
}

#[test]
fn the_interval_decides_not_the_estimate_alone() {
    for (count, verdict) in [
        (count(69.0, 73.0, 77.0), Verdict::Higher),
        (count(22.0, 24.0, 26.0), Verdict::PerhapsHigher),
        (count(8.0, 10.0, 12.0), Verdict::Within),
        (count(1.0, 2.0, 4.0), Verdict::PerhapsLower),
        (count(0.0, 1.0, 2.0), Verdict::Lower),
    ] {
        assert_eq!(stand(&of(&count, "2023-10-05"), &record()).map(|s| s.verdict), Some(verdict), "{count:?}");
    }
}

#[test]
fn the_published_case_is_higher_than_any_count_and_has_no_probability() {
    let csv = "date,until,count,kind,source\n2018-10,2023-09,20,maximum,\"Beyond Parallel, 6 October 2023\"\n2023-10-05,,73,count,Beyond Parallel\n";
    let now = count(73.0, 73.0, 73.0);
    let standing = stand(&of(&now, "2023-10-05"), &read(csv)).expect("a period");
    assert_eq!(
        standing.sentence("The count of 5 October 2023"),
        "The count of 5 October 2023 is higher than any count in the record, which holds the highest count of October 2018 to \
         September 2023 from before that date. Source: Beyond Parallel, 6 October 2023."
    );
    assert_eq!((standing.rank_bound, standing.chance, standing.unprecedented), (None, None, false));
    let ratio = standing.ratio.expect("20 is not zero");
    assert!(ratio.at_least && (ratio.estimate - 3.65).abs() < 1e-12);
    let remarks = standing.remarks().join(" ");
    assert!(remarks.contains("at least 3.6 times") || remarks.contains("at least 3.7 times"), "{remarks}");
    assert!(remarks.contains("No probability is given: how many looks"), "{remarks}");
}

#[test]
fn a_period_bounds_the_count_from_above_and_not_from_below() {
    let now = count(10.0, 12.0, 14.0);
    let standing = stand(&of(&now, "2023-10-05"), &published("tumangang")).expect("a record");
    assert_eq!((standing.verdict, standing.counts, standing.periods), (Verdict::Within, 2, 1));
    let now = count(21.0, 24.0, 27.0);
    let standing = stand(&of(&now, "2023-10-05"), &published("tumangang")).expect("a record");
    assert_eq!((standing.verdict, standing.highest), (Verdict::Higher, 20.0));
    let period = read("date,until,count,kind\n2018-10,2023-09,20,maximum\n");
    let none = count(0.0, 0.0, 0.0);
    assert_eq!(
        stand(&of(&none, "2023-10-05"), &period).map(|s| s.verdict),
        Some(Verdict::Within),
        "it may have been empty before"
    );
    assert!(stand(&of(&now, "2020-01-01"), &period).is_none(), "a period that is not over");
}

#[test]
fn ten_looks_alike_make_a_count_unprecedented_and_nine_do_not() {
    let now = count(69.0, 73.0, 77.0);
    let standing = stand(&of(&now, "2023-10-05"), &year("")).expect("a year");
    assert!(standing.unprecedented && standing.alike == 12);
    assert_eq!(standing.rank_bound, Some(1.0 / 13.0));
    assert!(standing.sentence("It").starts_with("It is unprecedented in the record"), "{}", standing.sentence("It"));
    let nine = &year("")[..9];
    let standing = stand(&of(&now, "2023-10-05"), nine).expect("nine looks");
    assert_eq!((standing.unprecedented, standing.chance), (false, None));
    assert!(standing.remarks().iter().any(|r| r.contains("9 looks made like this one are too few")));
    let overlaps = read("date,count,low,high,method\n2022-02-03,60,50,69,Sidings\n");
    let all = [year(""), overlaps].concat();
    assert!(!stand(&of(&now, "2023-10-05"), &all).expect("a record").unprecedented, "one look reaches up to it");
}

#[test]
fn looks_of_other_pixels_or_methods_are_told_apart_and_still_bound_the_verdict() {
    let all = year("2022-03-09,80,Sidings,3\n2022-03-10,5,by eye,0.5\n2022-03-11,6,,\n");
    let now = count(69.0, 73.0, 77.0);
    let standing = stand(&of(&now, "2023-10-05"), &all).expect("a record");
    assert_eq!((standing.alike, standing.other_gsd, standing.other_method), (13, 1, 1));
    assert_eq!((standing.verdict, standing.unprecedented, standing.rank_bound), (Verdict::Within, false, None));
    let why: Vec<_> = all.iter().filter_map(|e| apart(e, &of(&now, "2023-10-05"))).collect();
    assert_eq!(why, [Apart::Gsd, Apart::Method]);
}

#[test]
fn the_chance_is_that_of_a_negative_binomial_with_its_parameters_left_open() {
    // From scipy 1.x: the same priors and likelihood (scipy.stats.nbinom), Gauss-Legendre quadrature of 240 × 240 nodes.
    for (counts, at_least, expected) in REFERENCE {
        let found = tail::chance(counts, at_least).expect("enough counts");
        assert!((found / expected - 1.0).abs() < 0.01, "{counts:?} ≥ {at_least}: {found} for {expected}");
    }
    assert_eq!(tail::chance(&[1; 9], 5), None);
    assert_eq!(tail::chance(&[1; 10], 0), Some(1.0));
}

#[test]
fn the_chance_falls_with_the_count_stays_above_poissons_and_is_never_told_below_one_in_a_thousand() {
    let counts = [10u64; 10];
    let chances: Vec<f64> = (0..40).filter_map(|k| tail::chance(&counts, k)).collect();
    assert!(chances.windows(2).all(|w| w[1] < w[0]), "{chances:?}");
    // P(Y ≥ 20) of a Poisson count of mean 10 is 0.00345.
    assert!(chances[20] > 0.003_45, "{}", chances[20]);
    let chance = stand(&of(&count(69.0, 73.0, 77.0), "2023-10-05"), &year("")).and_then(|s| s.chance).expect("twelve looks");
    assert_eq!((chance.value, chance.below), (0.001, true));
}

#[test]
fn a_ratio_carries_what_both_intervals_leave_open() {
    let earlier = read("date,count,low,high\n2018-11-02,20,16,25\n2019-11-02,5,,\n");
    let ratio = stand(&of(&count(50.0, 60.0, 80.0), "2023-10-05"), &earlier).and_then(|s| s.ratio).expect("20 is not zero");
    assert_eq!((ratio.estimate, ratio.low, ratio.high, ratio.at_least), (3.0, 2.0, Some(5.0), false));
    let empty = read("date,count\n2023-09-14,0\n");
    assert_eq!(stand(&of(&count(69.0, 73.0, 77.0), "2023-10-05"), &empty).and_then(|s| s.ratio), None);
}

#[test]
fn without_a_date_the_whole_record_counts() {
    let now = count(69.0, 73.0, 77.0);
    let standing = stand(&Subject { date: None, ..of(&now, "") }, &record()).expect("three counts");
    assert_eq!((standing.verdict, standing.counts, standing.only_earlier), (Verdict::Within, 3, false));
}

#[test]
fn what_is_no_count_of_cars_is_not_compared() {
    for kind in [CountKind::CarEquivalents, CountKind::Activity] {
        assert_eq!(stand(&of(&Count { kind, ..count(1.0, 2.0, 3.0) }, "2030-01-01"), &record()), None);
    }
    assert_eq!(stand(&of(&count(1.0, 2.0, 3.0), "2030-01-01"), &[]), None);
}

#[test]
fn the_sentence_says_how_many_and_since_when() {
    let say = |c: Count, date: &str, rows: &[Entry]| stand(&of(&c, date), rows).expect("a record").sentence("This count");
    assert_eq!(
        say(count(69.0, 73.0, 77.0), "2023-10-05", &record()),
        "This count is higher than any count in the record, which holds 2 counts since 2018 from before that date."
    );
    assert_eq!(
        say(count(0.0, 2.0, 4.0), "2023-10-05", &published("tumangang")[2..3]),
        "This count may be higher than any count in the record, which holds one count, of 14 September 2023 from before that date, but \
         its interval reaches down to it. Source: RFA."
    );
    let all = say(count(69.0, 73.0, 77.0), "2023-10-05", &published("tumangang"));
    assert!(all.contains("one count and the highest count of one period since 2018 from before that date. Sources: "), "{all}");
    assert_eq!(
        say(count(9.0, 9.0, 9.0), "", &record()),
        "This count lies within the range of the record, which holds 3 counts since 2018."
    );
}
