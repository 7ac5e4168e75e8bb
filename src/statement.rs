//! The sentence: place, dates, approximate counts, comparison, and what cannot be known.
//!
//! Each part may be absent, none is invented. Counts are approximate and carry their interval; nothing is said of cargo or
//! direction; two dates cannot tell a car that remained from one that was replaced, so a place is "occupied on both dates".

use crate::date::Date;
use crate::yard::{Count, CountKind};
use serde::Serialize;

/// What is known of one of the two images.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// When it was taken.
    pub date: Option<Date>,
    /// What was counted on it.
    pub count: Count,
    /// True when its ground sample distance was estimated from the image itself.
    pub scale_estimated: bool,
}

/// How the two dates differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Cars of *after* where *before* had none.
    pub new: Count,
    /// Cars of *before* where *after* has none.
    pub gone: Count,
    /// Whether any place is occupied on both dates.
    pub any_both: bool,
    /// Whether some cars were judged neither new nor gone nor on both dates.
    pub any_undecided: bool,
    /// True when a person should check how the images were laid over each other.
    pub alignment_uncertain: bool,
}

/// Everything the sentence may speak of.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts<'a> {
    /// With its preposition: "At Tumangang", "Near 36.92° N, 94.51° W".
    pub place: Option<&'a str>,
    /// The older image.
    pub before: Look,
    /// The newer image.
    pub after: Look,
    /// `None` when both files hold the same image, so that nothing can differ.
    pub difference: Option<Difference>,
    /// A finished sentence on how the count of *after* stands in the record.
    pub record: Option<&'a str>,
}

/// The parts as they stand in the text; a part of which nothing is known is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// Where.
    pub place: Option<String>,
    /// When.
    pub dates: Option<String>,
    /// How many, approximately.
    pub counts: Option<String>,
    /// What differs between the dates, and how that stands in the record.
    pub comparison: Option<String>,
    /// What cannot be known.
    pub unknown: Option<String>,
}

/// The statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// All parts, joined.
    pub text: String,
    /// The parts on their own.
    pub parts: Parts,
}

/// Writes the statement. Place, dates and counts make one sentence; comparison and limits follow it.
///
/// ```
/// use sidings::statement::{Difference, Facts, Look, write};
/// use sidings::{date::Date, yard::{Count, CountKind}};
/// let count = |low, estimate, high| Count { estimate, low, high, level: 0.9, kind: CountKind::Individual };
/// let look = |date, count| Look { date: Date::parse(date), count, scale_estimated: false };
/// let difference = Difference { new: count(49.0, 53.0, 57.0), gone: count(0.0, 0.0, 2.0), any_both: true, any_undecided: false, alignment_uncertain: false };
/// let facts = Facts {
///     place: Some("At Tumangang"),
///     before: look("2023-09-14", count(17.0, 20.0, 22.0)),
///     after: look("2023-10-05", count(69.0, 73.0, 77.0)),
///     difference: Some(difference),
///     record: None,
/// };
/// assert!(write(&facts).text.starts_with(
///     "At Tumangang, on images of 14 September 2023 and 5 October 2023, approximately 20 railcars (90 % interval 17 to 22) \
///      were detected on 14 September 2023 and approximately 73 railcars (69 to 77) on 5 October 2023."
/// ));
/// ```
pub fn write(facts: &Facts<'_>) -> Statement {
    let names = Names::of(facts.before.date, facts.after.date);
    let place = facts.place.map(str::to_owned);
    let dates = dates(facts).map(|text| if place.is_none() { capitalised(&text) } else { text });
    let counts = counts(facts, &names);
    let counts = if place.is_none() && dates.is_none() { capitalised(&counts) } else { counts };
    let comparison = comparison(facts, &names);
    let unknown = unknown(facts);
    let lead: Vec<&str> = [place.as_deref(), dates.as_deref()].into_iter().flatten().chain([counts.as_str()]).collect();
    let sentences = [Some(lead.join(", ") + "."), comparison.clone(), Some(unknown.clone())];
    let text = sentences.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Statement { text, parts: Parts { place, dates, counts: Some(counts), comparison, unknown: Some(unknown) } }
}

/// How the sentence points at each image.
struct Names {
    before: String,
    after: String,
}

impl Names {
    /// By date where both have one of their own, else by their part in the comparison.
    fn of(before: Option<Date>, after: Option<Date>) -> Self {
        let name = |date: Option<Date>, role: &str, distinct: bool| match date {
            Some(date) if distinct => date.when(),
            Some(date) => format!("in the {role} image of {}", date.words()),
            None => format!("in the {role} image"),
        };
        let distinct = before != after;
        Self { before: name(before, "before", distinct), after: name(after, "after", distinct) }
    }
}

fn dates(facts: &Facts<'_>) -> Option<String> {
    match (facts.before.date, facts.after.date) {
        (Some(before), Some(after)) if before == after => Some(format!("on two images of {}", after.words())),
        (Some(before), Some(after)) => Some(format!("on images of {} and {}", before.words(), after.words())),
        (Some(before), None) => Some(format!("on an image of {} and one whose date is not known", before.words())),
        (None, Some(after)) => Some(format!("on an image whose date is not known and one of {}", after.words())),
        (None, None) => None,
    }
}

fn counts(facts: &Facts<'_>, names: &Names) -> String {
    let (before, after) = (Quantity::of(&facts.before.count), Quantity::of(&facts.after.count));
    let text = if before.verb_follows_alike(&after) {
        format!("{} {} {} and {} {}", before.with_level(), before.verb(), names.before, after.without_level(), names.after)
    } else {
        let clause = |q: &Quantity, name: &str| format!("{} {} {name}", q.with_level(), q.verb());
        format!("{}, and {}", clause(&before, &names.before), clause(&after, &names.after))
    };
    match (facts.before.scale_estimated, facts.after.scale_estimated) {
        (false, false) => text,
        (true, true) => text + ", at a scale estimated from the images themselves",
        (true, false) | (false, true) => text + ", at a scale that for one image was estimated from the image itself",
    }
}

fn comparison(facts: &Facts<'_>, names: &Names) -> Option<String> {
    let difference = match &facts.difference {
        None => Some("Both files hold the same image, so nothing can be said of a change between two dates.".to_owned()),
        Some(difference) => change(difference, names),
    };
    let sentences: Vec<&str> = [difference.as_deref(), facts.record].into_iter().flatten().collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// What is new and what is gone, in one sentence, and the places occupied on both dates in another.
fn change(difference: &Difference, names: &Names) -> Option<String> {
    if difference.new.kind == CountKind::Activity || difference.gone.kind == CountKind::Activity {
        return Some("The images are too coarse for a number of railcars, or to say what is new and what is gone.".to_owned());
    }
    let clause = |quantity: &str, verb: &str, here: &str, there: &str| {
        format!("{quantity} {verb} {here} in places that appeared empty {there}")
    };
    let (new, gone) = (Quantity::of(&difference.new), Quantity::of(&difference.gone));
    let mut text = format!(
        "{}; {}.",
        clause(&new.with_level(), new.verb(), &names.after, &names.before),
        clause(&gone.without_level(), gone.verb(), &names.before, &names.after)
    );
    if difference.alignment_uncertain {
        text = format!("If the two images are rightly laid over each other, which a person should check, {text}");
    }
    text += match (difference.any_both, difference.any_undecided) {
        (true, false) if new.none && gone.none => " The places where railcars were detected were occupied on both dates.",
        (true, false) => " The other places where railcars were detected were occupied on both dates.",
        (true, true) => " Other places were occupied on both dates, and for some the images allow no decision.",
        (false, true) => " For other places where railcars were detected the images allow no decision.",
        (false, false) => "",
    };
    Some(capitalised(&text))
}

fn unknown(facts: &Facts<'_>) -> String {
    let any = |count: &Count| !(count.estimate <= 0.0 && count.high <= 0.0);
    let mut limits = Vec::new();
    if any(&facts.before.count) || any(&facts.after.count) {
        limits.push("what the railcars carry, where they came from or where they are going");
    }
    if facts.difference.is_some_and(|d| d.any_both) {
        limits.push("whether a place occupied on both dates holds the same railcar");
    }
    limits.push("what stood there at other times");
    let last = limits.pop().unwrap_or_default();
    match limits.len() {
        0 => format!("The images cannot show {last}."),
        _ => format!("The images cannot show {}, or {last}.", limits.join(", ")),
    }
}

/// A count in words.
struct Quantity {
    what: String,
    interval: Option<String>,
    level_percent: f64,
    singular: bool,
    none: bool,
    kind: CountKind,
}

impl Quantity {
    fn of(count: &Count) -> Self {
        let shown =
            |v: f64| if count.kind == CountKind::Activity { format!("{:.2}", v.max(0.0)) } else { format!("{}", whole(v)) };
        let n = whole(count.estimate);
        let known = count.estimate.is_finite();
        let interval = (known && count.low.is_finite() && count.high.is_finite())
            .then(|| format!("{} to {}", shown(count.low), shown(count.high)));
        let cars = if n == 1 { "railcar" } else { "railcars" };
        let what = match count.kind {
            _ if !known => "an unknown number of railcars".to_owned(),
            CountKind::Individual if n == 0 => "no railcars".to_owned(),
            CountKind::Individual => format!("approximately {n} {cars}"),
            CountKind::CarEquivalents if n == 0 => "no track".to_owned(),
            CountKind::CarEquivalents => format!("track equal to the length of approximately {n} typical {cars}"),
            CountKind::Activity => {
                format!("an activity index of approximately {}", shown(count.estimate))
            }
        };
        let singular = count.kind != CountKind::Individual || !known || n == 1;
        Self { what, interval, level_percent: (count.level * 100.0).round(), singular, none: known && n == 0, kind: count.kind }
    }

    fn with_level(&self) -> String {
        match &self.interval {
            Some(interval) => format!("{} ({} % interval {interval})", self.what, self.level_percent),
            None => format!("{} (without an interval)", self.what),
        }
    }

    fn without_level(&self) -> String {
        match &self.interval {
            Some(interval) => format!("{} ({interval})", self.what),
            None => format!("{} (without an interval)", self.what),
        }
    }

    fn verb(&self) -> &'static str {
        match (self.kind, self.singular) {
            (CountKind::Individual, true) => "was detected",
            (CountKind::Individual, false) => "were detected",
            (CountKind::CarEquivalents, _) => "was found occupied",
            (CountKind::Activity, _) => "was measured",
        }
    }

    /// Whether "A were detected then and B now" reads right, so that the verb and the level need saying only once.
    fn verb_follows_alike(&self, other: &Self) -> bool {
        self.kind == other.kind && self.level_percent == other.level_percent
    }
}

/// To the nearest whole number, at least zero.
fn whole(v: f64) -> u64 {
    v.round().max(0.0) as u64
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(low: f64, estimate: f64, high: f64) -> Count {
        Count { estimate, low, high, level: 0.9, kind: CountKind::Individual }
    }

    fn look(date: Option<&str>, count: Count) -> Look {
        Look { date: date.map(|d| Date::parse(d).expect("a date")), count, scale_estimated: false }
    }

    fn known() -> Facts<'static> {
        Facts {
            place: Some("At Tumangang"),
            before: look(Some("2023-09-14"), count(17.0, 20.0, 22.0)),
            after: look(Some("2023-10-05"), count(69.0, 73.0, 77.0)),
            difference: Some(Difference {
                new: count(49.0, 53.0, 57.0),
                gone: count(0.0, 0.0, 2.0),
                any_both: true,
                any_undecided: false,
                alignment_uncertain: false,
            }),
            record: Some("The count of 5 October 2023 is higher than any of the 6 counts since 2018."),
        }
    }

    fn change_of(new: Count, gone: Count) -> Option<Difference> {
        Some(Difference { new, gone, any_both: false, any_undecided: false, alignment_uncertain: false })
    }

    const LEAD: &str = "At Tumangang, on images of 14 September 2023 and 5 October 2023, approximately 20 railcars (90 % interval \
                        17 to 22) were detected on 14 September 2023 and approximately 73 railcars (69 to 77) on 5 October 2023.";
    const CHANGE: &str = "pproximately 53 railcars (90 % interval 49 to 57) were detected on 5 October 2023 in places that appeared \
                          empty on 14 September 2023; no railcars (0 to 2) were detected on 14 September 2023 in places that \
                          appeared empty on 5 October 2023. The other places where railcars were detected were occupied on both dates.";
    const LIMITS: &str = "The images cannot show what the railcars carry, where they came from or where they are going, whether a \
                          place occupied on both dates holds the same railcar, or what stood there at other times.";

    #[test]
    fn everything_known() {
        let record = "The count of 5 October 2023 is higher than any of the 6 counts since 2018.";
        assert_eq!(write(&known()).text, format!("{LEAD} A{CHANGE} {record} {LIMITS}"));
    }

    #[test]
    fn an_uncertain_alignment_makes_the_change_conditional() {
        let mut facts = known();
        facts.difference = facts.difference.map(|d| Difference { alignment_uncertain: true, ..d });
        let condition = "If the two images are rightly laid over each other, which a person should check, a";
        assert!(write(&facts).text.contains(&format!("{condition}{CHANGE}")), "{}", write(&facts).text);
    }

    #[test]
    fn the_lead_in_every_situation() {
        let (none, one, few) = (count(0.0, 0.0, 1.0), count(0.0, 1.0, 2.0), count(2.0, 3.0, 5.0));
        let of = |kind, low, estimate, high| Count { estimate, low, high, level: 0.9, kind };
        let area = of(CountKind::CarEquivalents, 20.4, 31.2, 40.0);
        let index = of(CountKind::Activity, 0.3, 0.42, 0.551);
        let (d1, d2) = (Some("2023-09-14"), Some("2023-10-05"));
        for (place, before, after, expected) in [
            (
                None,
                look(d1, one),
                look(d2, few),
                "On images of 14 September 2023 and 5 October 2023, approximately 1 railcar (90 % interval 0 to 2) was detected on 14 September 2023 and approximately 3 railcars (2 to 5) on 5 October 2023.",
            ),
            (
                None,
                look(None, few),
                look(None, none),
                "Approximately 3 railcars (90 % interval 2 to 5) were detected in the before image and no railcars (0 to 1) in the after image.",
            ),
            (
                Some("At Rajin"),
                look(None, none),
                look(None, none),
                "At Rajin, no railcars (90 % interval 0 to 1) were detected in the before image and no railcars (0 to 1) in the after image.",
            ),
            (
                None,
                look(None, few),
                look(d2, few),
                "On an image whose date is not known and one of 5 October 2023, approximately 3 railcars (90 % interval 2 to 5) were detected in the before image and approximately 3 railcars (2 to 5) on 5 October 2023.",
            ),
            (
                None,
                look(Some("2023-09"), few),
                look(None, few),
                "On an image of September 2023 and one whose date is not known, approximately 3 railcars (90 % interval 2 to 5) were detected in September 2023 and approximately 3 railcars (2 to 5) in the after image.",
            ),
            (
                None,
                look(d2, few),
                look(d2, one),
                "On two images of 5 October 2023, approximately 3 railcars (90 % interval 2 to 5) were detected in the before image of 5 October 2023 and approximately 1 railcar (0 to 2) in the after image of 5 October 2023.",
            ),
            (
                None,
                look(d1, few),
                look(d2, area),
                "On images of 14 September 2023 and 5 October 2023, approximately 3 railcars (90 % interval 2 to 5) were detected on 14 September 2023, and track equal to the length of approximately 31 typical railcars (90 % interval 20 to 40) was found occupied on 5 October 2023.",
            ),
            (
                None,
                look(None, index),
                look(None, index),
                "An activity index of approximately 0.42 (90 % interval 0.30 to 0.55) was measured in the before image and an activity index of approximately 0.42 (0.30 to 0.55) in the after image.",
            ),
            (
                None,
                look(None, count(-3.0, -1.0, 0.4)),
                look(None, count(f64::NAN, f64::NAN, f64::NAN)),
                "No railcars (90 % interval 0 to 0) were detected in the before image and an unknown number of railcars (without an interval) in the after image.",
            ),
        ] {
            let facts = Facts { place, before, after, difference: change_of(none, none), record: None };
            let text = write(&facts).text;
            assert!(text.starts_with(expected), "\n got {text}\nwant {expected}");
        }
    }

    #[test]
    fn an_estimated_scale_is_said() {
        let mut facts = known();
        facts.after.scale_estimated = true;
        assert!(write(&facts).text.contains("at a scale that for one image was estimated from the image itself."));
        facts.before.scale_estimated = true;
        assert!(write(&facts).text.contains("at a scale estimated from the images themselves."));
    }

    #[test]
    fn a_scene_without_cars_says_nothing_of_what_they_carry() {
        let none = count(0.0, 0.0, 0.0);
        let facts = Facts {
            before: look(None, none),
            after: look(None, none),
            difference: change_of(none, none),
            record: None,
            place: None,
        };
        assert_eq!(write(&facts).parts.unknown.as_deref(), Some("The images cannot show what stood there at other times."));
    }

    #[test]
    fn the_same_image_twice_gives_no_change() {
        let facts = Facts { difference: None, record: None, ..known() };
        let parts = write(&facts).parts;
        assert_eq!(
            parts.comparison.as_deref(),
            Some("Both files hold the same image, so nothing can be said of a change between two dates.")
        );
    }

    #[test]
    fn too_coarse_for_cars_is_too_coarse_for_new_ones() {
        let index = Count { kind: CountKind::Activity, ..count(0.3, 0.4, 0.5) };
        let facts = Facts { difference: change_of(index, index), record: None, ..known() };
        assert_eq!(
            write(&facts).parts.comparison.as_deref(),
            Some("The images are too coarse for a number of railcars, or to say what is new and what is gone.")
        );
    }

    proptest! {
        /// Whatever is known: the text is its parts, every number of cars is approximate, and some words never occur.
        #[test]
        fn the_text_keeps_its_promises(
            n in proptest::array::uniform4(0u32..300),
            spread in 0u32..20,
            flags in proptest::array::uniform7(any::<bool>()),
            kind in 0usize..3,
        ) {
            let kind = [CountKind::Individual, CountKind::CarEquivalents, CountKind::Activity][kind];
            let counts = n.map(|n| Count { estimate: f64::from(n), low: f64::from(n.saturating_sub(spread)), high: f64::from(n + spread), level: 0.9, kind });
            let [place, d1, d2, estimated, warn, both, undecided] = flags;
            let statement = write(&Facts {
                place: place.then_some("At Khasan"),
                before: Look { scale_estimated: estimated, ..look(d1.then_some("2023-09-14"), counts[0]) },
                after: look(d2.then_some("2024-06-17"), counts[1]),
                difference: Some(Difference { new: counts[2], gone: counts[3], any_both: both, any_undecided: undecided, alignment_uncertain: warn }),
                record: None,
            });
            let text = &statement.text;
            let parts = &statement.parts;
            for part in [&parts.place, &parts.dates, &parts.counts, &parts.comparison, &parts.unknown].into_iter().flatten() {
                prop_assert!(text.contains(part.as_str()), "{part} not in {text}");
            }
            prop_assert_eq!(parts.place.is_some(), place);
            prop_assert_eq!(parts.dates.is_some(), d1 || d2);
            prop_assert!(text.ends_with('.') && text.starts_with(char::is_uppercase) && !text.contains("  ") && !text.contains(".."));
            for word in ["confiden", "likel", "probab", "stayed", "cargo", "weapon", "direction", "NaN", "-0"] {
                prop_assert!(!text.contains(word), "{word} in {text}");
            }
            let mut before_cars = text.match_indices(" railcars (").map(|(i, _)| &text[..i]).chain(text.match_indices(" railcar (").map(|(i, _)| &text[..i]));
            prop_assert!(before_cars.all(|t| t.ends_with("o") || t.ends_with("O") || t.contains("approximately ") || t.contains("Approximately ")));
        }
    }
}
