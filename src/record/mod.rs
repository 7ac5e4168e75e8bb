//! Earlier counts of a facility: what was published, by whom, and which figures may be compared with a count.
//!
//! A figure is a count only when somebody counted the railcars of the whole facility on one date. A maximum over years, a
//! train seen in part, or a length of occupied track is kept with its source, shown, and never compared as if it were one.

mod csv_file;
mod published;
pub mod standing;
mod tail;
#[cfg(test)]
mod tests;
mod words;

pub use csv_file::{read_csv, write_csv};
pub use published::published;
pub use standing::{Chance, Ratio, Standing, Subject, Verdict, stand};

use crate::date::Date;
use crate::error::Warning;
use serde::{Deserialize, Serialize};

/// What a figure of the record counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Railcars of the whole facility on one date.
    Count,
    /// The same, added up from counts by type.
    CountByType,
    /// Highest figure of a period: one number for many dates.
    Maximum,
    /// A part of the facility, or single trains.
    Partial,
    /// A length of occupied track.
    Length,
}

impl Kind {
    /// Whether a count of another date may be compared with it.
    pub fn is_count(self) -> bool {
        matches!(self, Kind::Count | Kind::CountByType)
    }

    /// As a table has it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Count => "count",
            Kind::CountByType => "count_by_type",
            Kind::Maximum => "maximum",
            Kind::Partial => "partial",
            Kind::Length => "length",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
            "count" => Some(Kind::Count),
            "count_by_type" | "by_type" => Some(Kind::CountByType),
            "maximum" | "max" | "maximum_over_a_period" | "at_most" => Some(Kind::Maximum),
            "partial" | "partial_view" | "train" | "trains" => Some(Kind::Partial),
            "length" | "lengths" => Some(Kind::Length),
            _ => None,
        }
    }
}

/// One figure somebody published or the user noted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Id or name of the facility, as given; `None`: of the facility in question.
    pub facility: Option<String>,
    /// Day of the look, or first day of the period.
    pub date: Date,
    /// Last day of the period, for a [`Kind::Maximum`].
    pub until: Option<Date>,
    /// Railcars; `None` when the source gives none.
    pub figure: Option<f64>,
    /// Interval of the figure, where the source gives one.
    pub interval: Option<(f64, f64)>,
    /// What it counts.
    pub kind: Kind,
    /// How it was counted, e.g. `by eye` or [`OWN_METHOD`]; empty when nobody said.
    #[serde(default)]
    pub method: String,
    /// Ground sample distance of the image it was counted on, m a pixel.
    #[serde(default)]
    pub gsd_m: Option<f64>,
    /// Who says so, and when; empty when the user did not say.
    pub source: String,
    /// The source's own words or the breakdown; may be empty.
    pub note: String,
}

/// What the method of a count is called that this tool made.
pub const OWN_METHOD: &str = "Sidings";

impl Entry {
    /// A count of that day of which nothing else is known.
    pub fn on(date: Date) -> Self {
        Self {
            facility: None,
            date,
            until: None,
            figure: None,
            interval: None,
            kind: Kind::Count,
            method: String::new(),
            gsd_m: None,
            source: String::new(),
            note: String::new(),
        }
    }
}

/// Entries that speak of a facility: those that name it by id or name, and those that name none.
pub fn of_facility(entries: Vec<Entry>, id: &str, name: &str) -> Vec<Entry> {
    let speaks_of = |e: &Entry| e.facility.as_deref().is_none_or(|f| f.eq_ignore_ascii_case(id) || f.eq_ignore_ascii_case(name));
    entries.into_iter().filter(speaks_of).collect()
}

/// The entries of a user's own record that may stand beside a count, and a warning where none may. `facility` is the id and the
/// name of the one that the images show.
pub fn chosen(entries: Vec<Entry>, facility: Option<(&str, &str)>, file: &str) -> (Vec<Entry>, Option<Warning>) {
    let entries = match facility {
        Some((id, name)) => of_facility(entries, id, name),
        None => entries,
    };
    if facility.is_none() && facilities(&entries).len() > 1 {
        let message = format!("{file} holds counts of several facilities; say which one the images show.");
        return (Vec::new(), Some(Warning::new("record-of-several-facilities", message)));
    }
    let empty = entries.is_empty().then(|| {
        let of = facility.map(|(_, name)| format!(" of {name}")).unwrap_or_default();
        Warning::new("record-empty", format!("{file} holds no count{of}."))
    });
    (entries, empty)
}

/// The facilities that entries name, each once, in lower case.
pub fn facilities(entries: &[Entry]) -> Vec<String> {
    let mut names: Vec<String> = entries.iter().filter_map(|e| e.facility.as_deref().map(str::to_lowercase)).collect();
    names.sort();
    names.dedup();
    names
}
