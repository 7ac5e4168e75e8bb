//! When an image was taken: from its tags, else from its file name.

use super::exif;
use super::name_date;
use crate::date::Date;
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
    /// Where it came from.
    pub from: DateSource,
}

const DATE_TIME: u16 = 306;
const EXIF_DIRECTORY: u16 = 34_665;
const DATE_TIME_ORIGINAL: u16 = 36_867;

/// The date, and a warning when name and tags contradict each other.
///
/// `DateTimeOriginal` is the exposure itself and comes first. The plain `DateTime` of a TIFF is often the day of processing, so a date in
/// the name goes before it; only a processing *before* the named day is a contradiction.
pub(super) fn find(bytes: &[u8], directory: Option<&Directory<'_>>, file_name: &str) -> (Option<Captured>, Option<Warning>) {
    let exposed = exposure_date(bytes, directory);
    let named = name_date::find(file_name);
    let written = directory.and_then(|d| d.text(DATE_TIME)).and_then(|t| tag_date(&t));
    let order = [(exposed, DateSource::Tag), (named, DateSource::Name), (written, DateSource::Tag)];
    let chosen = order.into_iter().find_map(|(date, from)| Some((date?, from)));
    let contradiction = match (exposed, named, written) {
        (Some(tag), Some(name), _) if tag != name => Some((tag, name)),
        (None, Some(name), Some(tag)) if tag.iso() < name.iso() => Some((tag, name)),
        _ => None,
    };
    let warning = contradiction.zip(chosen).map(|((tag, name), (taken, _))| {
        let (tag, name, taken) = (tag.iso(), name.iso(), taken.iso());
        let message = format!("The file's tags say {tag}, its name says {name}. Taken as {taken}; correct it if that is wrong.");
        Warning::new("dates-disagree", message)
    });
    (chosen.map(|(date, from)| Captured { date: date.iso(), from }), warning)
}

/// `DateTimeOriginal` of an EXIF block, or of the EXIF directory of a TIFF.
fn exposure_date(bytes: &[u8], directory: Option<&Directory<'_>>) -> Option<Date> {
    let from = |tiff: Tiff<'_>, main: &Directory<'_>| {
        let inner = tiff.directory(main.uint(EXIF_DIRECTORY)?)?;
        tag_date(&inner.text(DATE_TIME_ORIGINAL)?)
    };
    match directory {
        Some(main) => from(Tiff::open(bytes)?, main),
        None => {
            let tiff = Tiff::open(exif::block(bytes)?)?;
            from(tiff, tiff.directories().first()?)
        }
    }
}

/// `2023:10:05 01:23:45`, as both TIFF and EXIF write it; dashes are seen, too.
fn tag_date(text: &str) -> Option<Date> {
    let separators = [text.as_bytes().get(4)?, text.as_bytes().get(7)?];
    if separators.iter().any(|s| !matches!(s, b':' | b'-' | b'/')) {
        return None;
    }
    name_date::plausible_day(text.get(..4)?, text.get(5..7)?, text.get(8..10)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_tags() {
        assert_eq!(tag_date("2023:10:05 01:23:45").map(|d| d.iso()).as_deref(), Some("2023-10-05"));
        assert_eq!(tag_date("2023-10-05T01:23:45Z").map(|d| d.iso()).as_deref(), Some("2023-10-05"));
        for bad in ["0000:00:00 00:00:00", "    :  :     :  :  ", "2023:13:05", "yesterday", "", "2023é10:05"] {
            assert_eq!(tag_date(bad), None, "{bad}");
        }
    }
}
