//! The statement in three lengths and five languages, from the figures of the report.
//!
//! It keeps to the form "what: about how many (interval)", which is true to the figures in every language; the flowing English text is
//! [`crate::statement`]'s. Nothing is said of cargo or direction; a place is "occupied on both dates".

use super::exhibit::Edition;
use super::phrase;
use super::words::Words;
use serde_json::Value;

/// One statement in three lengths. Each begins with the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statements {
    /// Place, date and count of *after*.
    pub short: String,
    /// Also *before*, what is new, what is gone, and how that stands in the record.
    pub medium: String,
    /// Also what cannot be known, and whose images these are.
    pub long: String,
}

/// Writes them for a `compare` document.
pub fn write(report: &Value, place: Option<&str>, edition: &Edition) -> Statements {
    let writer = Writer { report, words: Words::of(&edition.language) };
    let short = writer.lead(place);
    let medium = joined(&short, writer.comparison());
    let long = joined(&medium, writer.limits().into_iter().chain(edition.credit.clone()).chain(edition.licence.clone()));
    Statements { short, medium, long }
}

fn joined(start: &str, more: impl IntoIterator<Item = String>) -> String {
    more.into_iter().fold(start.to_owned(), |text, sentence| format!("{text} {sentence}"))
}

struct Writer<'a> {
    report: &'a Value,
    words: Words,
}

impl Writer<'_> {
    fn at(&self, pointer: &str) -> &Value {
        self.report.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// "Before" or "After" stands for a date that is not known.
    fn date(&self, side: &str) -> String {
        let inputs = self.at("/provenance/inputs").as_array().into_iter().flatten();
        let captured = inputs.filter(|input| input["role"] == side).find_map(|input| input["captured"]["date"].as_str());
        captured.map_or_else(|| self.words.say(side, &[]), |date| self.words.date(Some(date)))
    }

    fn count(&self, pointer: &str) -> String {
        phrase::count(&self.words, self.at(pointer))
    }

    fn lead(&self, place: Option<&str>) -> String {
        let (date, count) = (self.date("after"), self.count("/after/count"));
        match place {
            Some(place) => self.words.say("statement.at", &[("place", place), ("date", &date), ("count", &count)]),
            None => self.words.say("statement.on", &[("date", &date), ("count", &count)]),
        }
    }

    fn warned(&self, code: &str) -> bool {
        self.at("/warnings").as_array().is_some_and(|all| all.iter().any(|w| w["code"] == code))
    }

    fn comparison(&self) -> Vec<String> {
        let say = |key: &str| self.words.say(key, &[]);
        let mut said =
            vec![self.words.say("statement.on", &[("date", &self.date("before")), ("count", &self.count("/before/count"))])];
        let activity = ["/before/count/kind", "/after/count/kind"].iter().any(|kind| self.at(kind) == "activity");
        if self.warned("same-image") {
            said.push(say("statement.same"));
        } else if activity {
            said.push(say("limit.activity"));
        } else {
            said.push(self.words.say("statement.new", &[("count", &self.count("/change/new_count"))]));
            said.push(self.words.say("statement.gone", &[("count", &self.count("/change/gone_count"))]));
            let both = self.at("/change/both").as_array().map_or(0, Vec::len);
            if both > 0 {
                said.push(self.words.say("statement.both", &[("n", &both.to_string())]));
            }
        }
        said.extend(self.warned("alignment-uncertain").then(|| say("statement.uncertain")));
        let estimated = ["/before/gsd_from", "/after/gsd_from"].iter().any(|from| self.at(from) == "estimated");
        said.extend(estimated.then(|| say("statement.scale")));
        said.extend(self.record());
        said
    }

    fn record(&self) -> Option<String> {
        let verdict = self.at("/record/verdict").as_str()?;
        let (n, year) = (self.at("/record/counts").as_u64()?.to_string(), self.at("/record/since").as_u64()?.to_string());
        Some(self.words.say(&format!("record.{verdict}"), &[("n", &n), ("year", &year)]))
    }

    fn limits(&self) -> Option<String> {
        let any_both = self.at("/change/both").as_array().is_some_and(|both| !both.is_empty());
        let keys = [Some("limit.cargo"), any_both.then_some("limit.same"), Some("limit.times")];
        let limits: Vec<String> = keys.into_iter().flatten().map(|key| self.words.say(key, &[])).collect();
        Some(self.words.say("statement.limits", &[("limits", &limits.join(" "))]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report() -> Value {
        let count =
            |low: u64, n: u64, high: u64| json!({ "estimate": n, "low": low, "high": high, "level": 0.9, "kind": "individual" });
        json!({
            "before": { "count": count(18, 20, 22), "gsd_from": "file" },
            "after": { "count": count(69, 73, 77), "gsd_from": "file" },
            "change": { "new_count": count(49, 53, 57), "gone_count": count(0, 0, 2), "both": [[0, 1], [2, 3]] },
            "record": { "verdict": "higher", "counts": 6, "since": 2018 },
            "provenance": { "inputs": [
                { "role": "before", "captured": { "date": "2023-09-14" } }, { "role": "after", "captured": { "date": "2023-10-05" } },
            ] },
            "warnings": [],
        })
    }

    fn in_language(language: &str) -> Statements {
        let edition =
            Edition { language: language.to_owned(), credit: Some("Image © 2023 Somebody".to_owned()), ..Edition::default() };
        write(&report(), Some("Tumangang"), &edition)
    }

    #[test]
    fn english_in_three_lengths() {
        let said = in_language("en");
        assert_eq!(said.short, "Tumangang, 5 October 2023: about 73 railcars (90 % interval: 69 to 77).");
        assert_eq!(
            said.medium.strip_prefix(&said.short).expect("begins so"),
            " 14 September 2023: about 20 railcars (90 % interval: 18 to 22). New, in places that appeared empty on the earlier date: about 53 \
             railcars (90 % interval: 49 to 57). Gone, from places that appear empty on the later date: no railcars (90 % interval: 0 to 2). \
             Places occupied on both dates: 2. Higher than every count in the record that it was compared with (6, since 2018)."
        );
        assert!(
            said.long.starts_with(&said.medium)
                && said.long.contains("What the railcars carry")
                && said.long.ends_with("Somebody")
        );
    }

    #[test]
    fn every_language_has_every_figure() {
        for language in ["ko", "ru", "zh", "ja"] {
            let said = in_language(language);
            for figure in ["73", "69", "77", "20", "53", "49", "57", "2018"] {
                assert!(said.medium.contains(figure), "{language}: {figure} in {}", said.medium);
            }
            assert!(!said.long.contains("statement.") && !said.long.contains('{'), "{}", said.long);
        }
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let mut report = report();
        report["warnings"] = json!([{ "code": "same-image" }, { "code": "alignment-uncertain" }]);
        report["provenance"] = json!({ "inputs": [] });
        report["record"] = Value::Null;
        let said = write(&report, None, &Edition::default());
        assert!(said.short.starts_with("After: about 73"), "{}", said.short);
        assert!(
            said.medium.contains("Both files hold the same image")
                && !said.medium.contains("New,")
                && said.medium.contains("a person should check")
        );
    }
}
