//! The words of stories and pictures in five languages, read from `www/story/words/`. What a language lacks stands in English.

use crate::date::Date;
use serde_json::{Map, Value};

const ENGLISH: &str = include_str!("../../www/story/words/en.json");

/// Code and catalogue of each other language.
const OTHERS: [(&str, &str); 4] = [
    ("ko", include_str!("../../www/story/words/ko.json")),
    ("ru", include_str!("../../www/story/words/ru.json")),
    ("zh", include_str!("../../www/story/words/zh.json")),
    ("ja", include_str!("../../www/story/words/ja.json")),
];

/// One language.
#[derive(Debug, Clone)]
pub struct Words {
    language: &'static str,
    own: Map<String, Value>,
    english: Map<String, Value>,
}

impl Words {
    /// A language by its code; English when there is none of that code.
    pub fn of(language: &str) -> Self {
        let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
        let (language, own) = OTHERS.iter().find(|(code, _)| *code == language).map_or(("en", ENGLISH), |other| *other);
        Self { language, own: read(own), english: read(ENGLISH) }
    }

    /// Its code, as in `lang="…"`.
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// The text under a key, with `{name}` replaced by values.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let text = self.entry(key).and_then(Value::as_str).unwrap_or(key);
        fill(text, values)
    }

    /// The form of a word that goes with a number.
    pub fn plural(&self, key: &str, n: f64) -> String {
        let forms = self.entry(key).and_then(Value::as_object);
        let form = forms.and_then(|f| f.get(self.form(n)).or_else(|| f.get("other"))).and_then(Value::as_str);
        form.unwrap_or(key).to_owned()
    }

    /// A day, month or year in words; as it stands when it is no date, and so said when there is none.
    pub fn date(&self, iso: Option<&str>) -> String {
        let Some(iso) = iso else { return self.say("date.unknown", &[]) };
        let Some(date) = Date::parse(iso) else { return iso.to_owned() };
        let iso = date.iso();
        let mut parts = iso.split('-');
        let (year, month, day) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let month = |list: &str| {
            let index: usize = month?.parse().ok()?;
            self.entry(list).or_else(|| self.entry("months"))?.get(index.checked_sub(1)?)?.as_str()
        };
        let day = day.map(|d| d.trim_start_matches('0'));
        match (month("months"), day) {
            (Some(month), Some(day)) => self.say("date.day", &[("day", day), ("month", month), ("year", year)]),
            (Some(_), None) => self.say("date.month", &[("month", month("months.alone").unwrap_or_default()), ("year", year)]),
            _ => self.say("date.year", &[("year", year)]),
        }
    }

    fn entry(&self, key: &str) -> Option<&Value> {
        self.own.get(key).or_else(|| self.english.get(key))
    }

    /// The plural class of a number, after Unicode CLDR.
    fn form(&self, n: f64) -> &'static str {
        let whole = n.fract() == 0.0;
        match self.language {
            "en" if n == 1.0 => "one",
            "ru" if whole => match (n % 10.0, n % 100.0) {
                (1.0, hundreds) if hundreds != 11.0 => "one",
                (2.0..=4.0, hundreds) if !(12.0..=14.0).contains(&hundreds) => "few",
                _ => "many",
            },
            _ => "other",
        }
    }
}

/// In one pass, so that a value that looks like a name stays what it is.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|k| open + k) else { break };
        out.push_str(&rest[..open]);
        let name = &rest[open + 1..close];
        out.push_str(values.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value));
        rest = &rest[close + 1..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_word_and_every_gap() {
        let english = Words::of("en").english;
        let gaps = |value: &Value| {
            let text = value.to_string();
            let mut names: Vec<String> = text.split('{').skip(1).filter_map(|t| t.split('}').next()).map(str::to_owned).collect();
            names.retain(|n| n.chars().all(|c| c.is_ascii_lowercase()));
            names.sort();
            names.dedup();
            names
        };
        for (code, text) in OTHERS {
            let own: Map<String, Value> = serde_json::from_str(text).expect("JSON");
            for (key, value) in &english {
                let there = own.get(key).unwrap_or_else(|| panic!("{code} lacks {key}"));
                assert_eq!(gaps(there), gaps(value), "{code}: {key}");
            }
        }
    }

    #[test]
    fn dates_and_plurals_follow_the_language() {
        let said = |code| Words::of(code).date(Some("2023-10-05"));
        assert_eq!(
            ["en", "ko", "ru", "zh", "ja", "xx"].map(said),
            ["5 October 2023", "2023년 10월 5일", "5 октября 2023 г.", "2023年10月5日", "2023年10月5日", "5 October 2023"]
        );
        assert_eq!(Words::of("ru").date(Some("2023-10")), "октябрь 2023 г.");
        assert_eq!(
            (Words::of("en").date(None), Words::of("en").date(Some("soon"))),
            ("date unknown".to_owned(), "soon".to_owned())
        );
        let russian = Words::of("ru");
        let cars = |n| russian.plural("unit.individual", n);
        assert_eq!(
            [1.0, 2.0, 5.0, 11.0, 21.0, 104.0, 2.5].map(cars),
            ["вагона", "вагонов", "вагонов", "вагонов", "вагона", "вагонов", "вагона"]
        );
    }

    #[test]
    fn a_value_is_never_taken_for_a_gap() {
        assert_eq!(fill("{a}-{b}", &[("a", "{b}"), ("b", "x")]), "{b}-x");
        assert_eq!(fill("{", &[]), "{");
    }
}
