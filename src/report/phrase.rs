//! Counts as phrases: approximate, with their interval, in the language of the story.

use super::words::Words;
use serde_json::Value;

/// "about 73 railcars", from a count of the report.
pub fn figure(words: &Words, count: &Value) -> String {
    let Some(estimate) = count["estimate"].as_f64() else { return words.say("unknown.number", &[]) };
    let n = number(&count["estimate"]);
    match count["kind"].as_str().unwrap_or("individual") {
        "individual" if estimate == 0.0 => words.say("none", &[]),
        "activity" => words.say("about.activity", &[("n", &n)]),
        kind => words.say("about", &[("n", &n), ("unit", &words.plural(&format!("unit.{kind}"), estimate))]),
    }
}

/// "90 % interval: 69 to 77".
pub fn interval(words: &Words, count: &Value) -> String {
    let [low, high] =
        ["low", "high"].map(|key| if count[key].is_null() { words.say("unknown.number", &[]) } else { number(&count[key]) });
    let percent = count["level"].as_f64().map(|level| format!("{:.0}", level * 100.0)).unwrap_or_default();
    words.say("interval", &[("percent", &percent), ("low", &low), ("high", &high)])
}

/// Both, the interval in brackets.
pub fn count(words: &Words, count: &Value) -> String {
    format!("{} ({})", figure(words, count), interval(words, count))
}

fn number(value: &Value) -> String {
    if value.is_number() { value.to_string() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_count_goes_without_its_interval() {
        let seventy_three = json!({ "estimate": 73, "low": 69, "high": 77, "level": 0.9, "kind": "individual" });
        assert_eq!(count(&Words::of("en"), &seventy_three), "about 73 railcars (90 % interval: 69 to 77)");
        assert_eq!(count(&Words::of("ru"), &seventy_three), "около 73 вагонов (интервал 90 %: от 69 до 77)");
        let one = json!({ "estimate": 1, "low": 0, "high": 2, "level": 0.9, "kind": "individual" });
        assert_eq!(figure(&Words::of("en"), &one), "about 1 railcar");
        let none = json!({ "estimate": 0, "low": 0, "high": 2, "level": 0.9, "kind": "individual" });
        assert_eq!(count(&Words::of("en"), &none), "no railcars (90 % interval: 0 to 2)");
        let unknown = json!({ "estimate": null, "low": null, "high": null, "level": 0.9, "kind": "individual" });
        assert_eq!(count(&Words::of("en"), &unknown), "unknown (90 % interval: unknown to unknown)");
    }
}
