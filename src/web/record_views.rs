//! What the shell shows of the record: its looks, how a count stands among them, and both over time.

use crate::pipeline::Side;
use crate::record::standing::{Apart, apart, is_comparable};
use crate::record::{Entry, Kind, Standing, Subject, Verdict, stand};
use serde::Serialize;

/// Lines across the chart, the lowest at zero.
const LEVELS: usize = 4;

/// At most this many names of years stand under the chart.
const YEARS: i64 = 6;

/// The record of the place.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordView {
    /// Every figure, oldest first.
    pub looks: Vec<LookView>,
    /// How the count that is held against the record stands in it; `null` where nothing can be compared.
    pub standing: Option<StandingView>,
    /// Both over time; `null` while no figure has a number.
    pub chart: Option<ChartView>,
    /// Dates of the images whose counts can be added.
    pub addable: Vec<Side>,
    /// The record holds something that is only here: it can be saved.
    pub own: bool,
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// Published, or in a file of the user's.
    #[default]
    Elsewhere,
    /// Added here by hand.
    Added,
    /// Counted on another image of the same project.
    Project,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LookView {
    /// For commands.
    pub index: usize,
    /// ISO 8601; the first day of a period.
    pub date: String,
    /// Last day of a period.
    pub until: Option<String>,
    /// Railcars.
    pub count: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// What it counts.
    pub kind: Kind,
    /// How it was counted.
    pub method: String,
    /// Ground sample distance of its image.
    pub gsd_m: Option<f64>,
    /// Who says so.
    pub source: String,
    /// In the source's own words.
    pub note: String,
    /// It was compared with the count.
    pub compared: bool,
    /// Why it is told apart.
    pub apart: Option<Apart>,
    /// It was added here and can be taken away.
    pub added: bool,
    /// It was counted on another image of the same project.
    pub project: bool,
    /// It is the one that is held against the others.
    pub held: bool,
}

/// How a count stands in the record.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StandingView {
    /// Of the count.
    pub date: Option<String>,
    /// Where it stands.
    pub verdict: Verdict,
    /// Counts of days it was compared with.
    pub days: usize,
    /// The highest of periods it was compared with.
    pub periods: usize,
    /// Counts made like it.
    pub alike: usize,
    /// Counts on much finer or coarser images, or made in another way.
    pub apart: usize,
    /// Year of the oldest.
    pub since: u16,
    /// How many times the highest earlier figure.
    pub ratio: Option<crate::record::Ratio>,
    /// Looks of which it is the highest, itself included; `null` where no bound may be told.
    pub highest_of: Option<usize>,
    /// With its whole interval above every figure, and enough looks alike.
    pub unprecedented: bool,
    /// How often as many would come up.
    pub chance: Option<crate::record::Chance>,
    /// Sentences in English, as they stand in the report.
    pub sentence: String,
}

/// Figures over time. Places are shares of the chart: x from the left, y from above.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChartView {
    /// The figures.
    pub marks: Vec<MarkView>,
    /// Firsts of January.
    pub years: Vec<TickView>,
    /// Lines across.
    pub levels: Vec<TickView>,
}

/// A figure on the chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MarkView {
    /// Its date, or the first day of its period.
    pub x: f64,
    /// Last day of its period; the same as `x` for a day.
    pub x_end: f64,
    /// The figure.
    pub y: f64,
    /// Lower end of its interval.
    pub y_low: f64,
    /// Upper end of its interval.
    pub y_high: f64,
    /// How it is drawn.
    pub kind: MarkKind,
}

/// How a figure is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum MarkKind {
    /// The count that is held against the record.
    Now,
    /// A count of a day.
    Look,
    /// One of the same project.
    Project,
    /// One that was made otherwise, or counts a part only.
    Apart,
    /// The highest of a period.
    Period,
}

/// A name at the chart's edge.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TickView {
    /// Where it stands.
    pub at: f64,
    /// The year, or the number of railcars.
    pub value: f64,
}

impl RecordView {
    /// The record with a count held against it. `origins` says of each entry where it comes from, `held` which of them is the count.
    pub fn new(entries: &[Entry], origins: &[Origin], subject: Option<&Subject<'_>>, held: Option<usize>) -> Self {
        let standing = subject.and_then(|subject| Some((stand(subject, entries)?, subject)));
        let origin = |index: usize| origins.get(index).copied().unwrap_or_default();
        let look = |(index, entry): (usize, &Entry)| LookView {
            index,
            date: entry.date.iso(),
            until: entry.until.map(|d| d.iso()),
            count: entry.figure,
            low: entry.interval.map(|i| i.0),
            high: entry.interval.map(|i| i.1),
            kind: entry.kind,
            method: entry.method.clone(),
            gsd_m: entry.gsd_m,
            source: entry.source.clone(),
            note: entry.note.clone(),
            compared: standing.as_ref().is_some_and(|(_, subject)| is_comparable(entry, subject.date)),
            apart: subject.and_then(|subject| apart(entry, subject)),
            added: origin(index) == Origin::Added,
            project: origin(index) == Origin::Project,
            held: held == Some(index),
        };
        Self {
            looks: entries.iter().enumerate().map(look).collect(),
            standing: standing.as_ref().map(|(standing, subject)| StandingView::new(standing, subject)),
            chart: ChartView::new(entries, origins, subject),
            addable: Vec::new(),
            own: origins.iter().any(|origin| *origin != Origin::Elsewhere),
        }
    }
}

impl StandingView {
    fn new(standing: &Standing, subject: &Subject<'_>) -> Self {
        let name = subject.date.map_or_else(|| "This count".to_owned(), |date| format!("The count of {}", date.words()));
        Self {
            date: subject.date.map(|d| d.iso()),
            verdict: standing.verdict,
            days: standing.counts - standing.periods,
            periods: standing.periods,
            alike: standing.alike,
            apart: standing.other_gsd + standing.other_method,
            since: standing.since.year(),
            ratio: standing.ratio,
            highest_of: standing.rank_bound.map(|_| standing.alike + 1),
            unprecedented: standing.unprecedented,
            chance: standing.chance,
            sentence: std::iter::once(standing.sentence(&name)).chain(standing.remarks()).collect::<Vec<_>>().join(" "),
        }
    }
}

impl ChartView {
    fn new(entries: &[Entry], origins: &[Origin], subject: Option<&Subject<'_>>) -> Option<Self> {
        let now = subject.and_then(|s| Some((s.date?.days(), s.count.estimate, (s.count.low, s.count.high), MarkKind::Now)));
        let of_entry = |(index, entry): (usize, &Entry)| {
            let figure = entry.figure?;
            let kind = match entry.kind {
                Kind::Maximum => MarkKind::Period,
                _ if !entry.kind.is_count() || subject.is_some_and(|s| apart(entry, s).is_some()) => MarkKind::Apart,
                _ if origins.get(index) == Some(&Origin::Project) => MarkKind::Project,
                _ => MarkKind::Look,
            };
            let days = (entry.date.days().0, entry.until.unwrap_or(entry.date).days().1);
            Some((days, figure, entry.interval.unwrap_or((figure, figure)), kind))
        };
        // The count itself lies on top, and in place of its own entry.
        let same = |days: (i64, i64), figure: f64| now.is_some_and(|n| n.0 == days && n.1 == figure);
        let figures: Vec<_> = entries
            .iter()
            .enumerate()
            .filter_map(of_entry)
            .filter(|(days, figure, ..)| !same(*days, *figure))
            .chain(now)
            .collect();
        let first = figures.iter().map(|f| f.0.0).min()?;
        let last = figures.iter().map(|f| f.0.1).max()?;
        let margin = ((last - first) / 30).max(20);
        let (from, span) = (first - margin, (last - first + 2 * margin) as f64);
        let x = |day: i64| (day - from) as f64 / span;
        let step = step(figures.iter().map(|f| f.2.1.max(f.1)).fold(1.0, f64::max));
        let top = step * LEVELS as f64;
        let y = |figure: f64| 1.0 - (figure / top).clamp(0.0, 1.0);
        let mark = |&((from, to), figure, (low, high), kind): &((i64, i64), f64, (f64, f64), MarkKind)| {
            // A date that is only known to the month is drawn at its middle, unless it is a period.
            let (x, x_end) = if kind == MarkKind::Period { (x(from), x(to)) } else { (x((from + to) / 2), x((from + to) / 2)) };
            MarkView { x, x_end, y: y(figure), y_low: y(low), y_high: y(high), kind }
        };
        Some(Self {
            marks: figures.iter().map(mark).collect(),
            years: years(from, span),
            levels: (0..=LEVELS).map(|k| k as f64 * step).map(|value| TickView { at: y(value), value }).collect(),
        })
    }
}

/// 1, 2, 2.5 or 5 times a power of ten, so that four of them reach over `top`; at least 1, since railcars are whole.
fn step(top: f64) -> f64 {
    let least = top / LEVELS as f64;
    let power = libm::pow(10.0, libm::log10(least).floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|k| k * power);
    steps.into_iter().find(|s| *s >= least && (*s).floor() == *s).unwrap_or_else(|| least.ceil()).max(1.0)
}

fn years(from: i64, span: f64) -> Vec<TickView> {
    let to = from + span as i64;
    let january = |year: u16| crate::date::Date::day(year, 1, 1).map(|d| (year, d.days().0));
    let within: Vec<(u16, i64)> = (1..=9999).filter_map(january).filter(|(_, day)| (from..=to).contains(day)).collect();
    let every = within.len() as i64 / YEARS + 1;
    let named = within.iter().filter(|(year, _)| i64::from(*year) % every == 0);
    named.map(|(year, day)| TickView { at: (day - from) as f64 / span, value: f64::from(*year) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Date;
    use crate::record::{OWN_METHOD, published};
    use crate::yard::{Count, CountKind};

    #[test]
    fn the_published_record_is_drawn_with_its_period_and_the_count_on_top() {
        let count = Count { estimate: 73.0, low: 69.0, high: 77.0, level: 0.9, kind: CountKind::Individual };
        let subject = Subject { count: &count, date: Date::parse("2023-10-05"), gsd_m: Some(0.5), method: OWN_METHOD };
        let view = RecordView::new(&published("tumangang")[..5], &[], Some(&subject), None);
        let chart = view.chart.expect("figures");
        let kinds: Vec<MarkKind> = chart.marks.iter().map(|m| m.kind).collect();
        assert_eq!(kinds, [MarkKind::Period, MarkKind::Look, MarkKind::Now], "73 of that day is the count itself");
        assert!(chart.marks[0].x < 0.1 && chart.marks[0].x_end > 0.9 && chart.marks[0].y > 0.7);
        let now = chart.marks[2];
        assert!(now.y_high < now.y && now.y < now.y_low && now.x == now.x_end);
        assert_eq!(chart.levels.iter().map(|l| l.value).collect::<Vec<_>>(), [0.0, 20.0, 40.0, 60.0, 80.0]);
        assert_eq!(chart.years.iter().map(|y| y.value).collect::<Vec<_>>(), [2019.0, 2020.0, 2021.0, 2022.0, 2023.0]);
        assert!(chart.marks.iter().all(|m| (0.0..=1.0).contains(&m.x) && (0.0..=1.0).contains(&m.y_high)));
        assert_eq!(view.looks.iter().filter(|l| l.compared).count(), 2);
    }

    #[test]
    fn levels_are_whole_railcars() {
        for (top, expected) in [(1.0, 1.0), (4.0, 1.0), (5.0, 2.0), (73.0, 20.0), (264.0, 100.0), (9.0, 5.0)] {
            assert_eq!(step(top), expected, "{top}");
        }
    }

    #[test]
    fn an_empty_record_has_no_chart() {
        assert_eq!(RecordView::new(&[], &[], None, None).chart, None);
    }
}
