//! When an image was taken: from a file beside it, its tags, or its name.

use super::acquired;
use super::exif;
use super::moment::{Moment, Time, of_provider};
use super::name_date;
use super::sidecar::Sidecar;
use crate::error::Warning;
use crate::ifd::{Directory, Tiff};
use serde::{Deserialize, Serialize};

/// Where a date came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateSource {
    /// A tag inside the file.
    Tag,
    /// The file's name.
    Name,
    /// A file beside it.
    Sidecar,
    /// The user said so.
    User,
}

/// The day an image was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// `HH:MM:SSZ` where the time of day is known; without the `Z` where its zone isn't.
    #[serde(default)]
    pub time: Option<String>,
    /// Where it came from.
    pub from: DateSource,
}

impl Captured {
    /// A day that somebody gives, without a time.
    pub fn on(date: impl Into<String>, from: DateSource) -> Self {
        Self { date: date.into(), time: None, from }
    }

    /// What the name of a file says by itself.
    pub fn by_name(file_name: &str) -> Option<Self> {
        let Moment { day, time } = name_date::find(file_name)?;
        Some(Self { date: day.iso(), time: time.map(Time::iso), from: DateSource::Name })
    }

    /// Whether somebody names another day than the file, whose time of day is then of another day as well.
    pub fn is_another_day(file: Option<&Self>, named: Option<&str>) -> bool {
        matches!((file, named), (Some(file), Some(named)) if file.date != named)
    }

    /// Day and time as numbers, if the time is universal.
    pub(super) fn moment(&self) -> Option<Moment> {
        let time = self.time.as_deref().filter(|t| t.ends_with('Z'))?;
        of_provider(&format!("{}T{time}", self.date))
    }
}

const DATE_TIME: u16 = 306;
const EXIF_DIRECTORY: u16 = 34_665;
const DATE_TIME_ORIGINAL: u16 = 36_867;

/// The date, and a warning when the sources contradict each other.
///
/// What a provider writes beside the image is about the exposure, and comes first; then `DateTimeOriginal`, which is the exposure itself.
/// The plain `DateTime` of a TIFF is often the day of processing, so a date in the name goes before it; only a processing *before* the
/// named day is a contradiction.
pub(super) fn find(
    bytes: &[u8],
    directory: Option<&Directory<'_>>,
    file_name: &str,
    sidecars: &[Sidecar<'_>],
) -> (Option<Captured>, Option<Warning>) {
    let delivered = acquired::find(sidecars);
    let exposed = exposure(bytes, directory);
    let named = name_date::find(file_name);
    let written = directory.and_then(|d| d.text(DATE_TIME)).and_then(|t| of_tag(&t));
    let order =
        [(delivered, DateSource::Sidecar), (exposed, DateSource::Tag), (named, DateSource::Name), (written, DateSource::Tag)];
    let chosen = order.into_iter().find_map(|(moment, from)| Some((moment?, from)));
    let day = |moment: Option<Moment>| moment.map(|m| m.day);
    let contradiction = match (day(delivered), day(exposed), day(named), day(written)) {
        (Some(beside), _, Some(name), _) if beside != name => Some(("The file beside it says", beside, name)),
        (None, Some(tag), Some(name), _) if tag != name => Some(("The file's tags say", tag, name)),
        (None, None, Some(name), Some(tag)) if tag.iso() < name.iso() => Some(("The file's tags say", tag, name)),
        _ => None,
    };
    let warning = contradiction.zip(chosen).map(|((who, says, name), (taken, _))| {
        let (says, name, taken) = (says.iso(), name.iso(), taken.day.iso());
        let message = format!("{who} {says}, its name says {name}. Taken as {taken}; correct it if that is wrong.");
        Warning::new("dates-disagree", message)
    });
    let captured = chosen.map(|(moment, from)| Captured { date: moment.day.iso(), time: moment.time.map(Time::iso), from });
    (captured, warning)
}

/// `DateTimeOriginal` of an EXIF block, or of the EXIF directory of a TIFF.
fn exposure(bytes: &[u8], directory: Option<&Directory<'_>>) -> Option<Moment> {
    let from = |tiff: Tiff<'_>, main: &Directory<'_>| {
        let inner = tiff.directory(main.uint(EXIF_DIRECTORY)?)?;
        of_tag(&inner.text(DATE_TIME_ORIGINAL)?)
    };
    match directory {
        Some(main) => from(Tiff::open(bytes)?, main),
        None => {
            let tiff = Tiff::open(exif::block(bytes)?)?;
            from(tiff, tiff.directories().first()?)
        }
    }
}

/// `2023:10:05 01:23:45`, as both TIFF and EXIF write it, in the time of the camera's place; dashes are seen, too, and a `Z` is believed.
fn of_tag(text: &str) -> Option<Moment> {
    let separators = [text.as_bytes().get(4)?, text.as_bytes().get(7)?];
    if separators.iter().any(|s| !matches!(s, b':' | b'-' | b'/')) {
        return None;
    }
    let day = name_date::plausible_day(text.get(..4)?, text.get(5..7)?, text.get(8..10)?)?;
    Some(Moment { day, time: text.get(11..).and_then(|t| Time::parse(t, t.ends_with('Z'))) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_tags() {
        assert_eq!(of_tag("2023:10:05 01:23:45").map(|m| m.day.iso()).as_deref(), Some("2023-10-05"));
        assert_eq!(of_tag("2023-10-05T01:23:45Z").map(|m| m.day.iso()).as_deref(), Some("2023-10-05"));
        for bad in ["0000:00:00 00:00:00", "    :  :     :  :  ", "2023:13:05", "yesterday", "", "2023é10:05"] {
            assert_eq!(of_tag(bad), None, "{bad}");
        }
    }
}
