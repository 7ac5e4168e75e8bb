//! What a standing says in words: the sentence for the article, and those that go beside it.

use super::standing::{Standing, Verdict};

/// More sources than this are counted, not named.
const SOURCES_NAMED: usize = 4;

impl Standing {
    /// The sentence for the reader, and who the earlier figures are from; `subject` is the count it is about, e.g. "The count of 5 October 2023".
    pub fn sentence(&self, subject: &str) -> String {
        let what = self.what();
        let them = if self.counts == 1 { "it" } else { "them" };
        let said = match self.verdict {
            Verdict::Higher if self.unprecedented => {
                format!("{subject} is unprecedented in the record: its whole interval lies above every count in it, {what}.")
            }
            Verdict::Higher => format!("{subject} is higher than any count in the record, {what}."),
            Verdict::PerhapsHigher => {
                format!("{subject} may be higher than any count in the record, {what}, but its interval reaches down to {them}.")
            }
            Verdict::Within => format!("{subject} lies within the range of the record, {what}."),
            Verdict::PerhapsLower => {
                format!("{subject} may be lower than any count in the record, {what}, but its interval reaches up to {them}.")
            }
            Verdict::Lower => format!("{subject} is lower than any count in the record, {what}."),
        };
        match self.sources() {
            Some(sources) => format!("{said} {sources}"),
            None => said,
        }
    }

    /// What the record holds: "which holds 2 counts since 2018 from before that date".
    fn what(&self) -> String {
        let days = self.counts - self.periods;
        let of_days = match days {
            0 => None,
            1 if self.periods == 0 => Some(format!("one count, of {}", self.since.words())),
            1 => Some("one count".to_owned()),
            n => Some(format!("{n} counts")),
        };
        let of_periods = match self.periods {
            0 => None,
            1 if days == 0 => Some(format!("the highest count of {} to {}", self.since.words(), self.until.words())),
            1 => Some("the highest count of one period".to_owned()),
            n => Some(format!("the highest counts of {n} periods")),
        };
        let since = if self.counts > 1 { format!(" since {}", self.since.year()) } else { String::new() };
        let before = if self.only_earlier { " from before that date" } else { "" };
        let parts: Vec<String> = [of_days, of_periods].into_iter().flatten().collect();
        format!("which holds {}{since}{before}", parts.join(" and "))
    }

    /// "Sources: RFA; VOA."
    fn sources(&self) -> Option<String> {
        let (named, more) = self.sources.split_at(self.sources.len().min(SOURCES_NAMED));
        if named.is_empty() {
            return None;
        }
        let plural = if self.sources.len() > 1 { "Sources" } else { "Source" };
        let more = if more.is_empty() { String::new() } else { format!("; and {} more", more.len()) };
        Some(format!("{plural}: {}{more}.", named.join("; ")))
    }

    /// What else may be said, each a sentence: the ratio, the rank, the chance or why none is told, what was told apart.
    pub fn remarks(&self) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(ratio) = self.ratio.filter(|_| matches!(self.verdict, Verdict::Higher | Verdict::PerhapsHigher)) {
            let high = ratio.high.map_or_else(String::new, |high| format!(" to {high:.1}"));
            let at_least = if ratio.at_least { "at least " } else { "" };
            said.push(format!(
                "It is {at_least}{:.1} times the highest earlier figure ({:.1}{high}, from the ends of both intervals).",
                ratio.estimate, ratio.low
            ));
        }
        if let Some(bound) = self.rank_bound {
            let looks = self.alike + 1;
            said.push(format!(
                "It is the highest of {looks} looks; if nothing had changed, the newest would be the highest in at most 1 of {:.0} such records.",
                1.0 / bound
            ));
        }
        match self.chance {
            Some(chance) if chance.below => {
                said.push("A count this high would come up in less than 1 in 1,000 looks, were they independent and the place as before.".to_owned());
            }
            Some(chance) => said.push(format!(
                "A count this high would come up in about {:.1} % of looks, were they independent and the place as before.",
                chance.value * 100.0
            )),
            None if self.periods > 0 => {
                said.push("No probability is given: how many looks the record rests on is not known.".to_owned());
            }
            None => {
                let looks = if self.alike == 1 { "look made like this one is" } else { "looks made like this one are" };
                said.push(format!("No probability is given: {} {looks} too few.", self.alike));
            }
        }
        if self.other_gsd + self.other_method > 0 {
            said.push(format!(
                "{} of the counts were made on much finer or coarser images and {} in another way; they are told apart and enter no probability.",
                self.other_gsd, self.other_method
            ));
        }
        said
    }
}
