//! The record on the desk: what was published or dropped, what was added here, and which count is held against it.

use super::Desk;
use super::pairs::entry_of;
use crate::date::Date;
use crate::error::Error;
use crate::pipeline::Side;
use crate::record::{self, Entry, OWN_METHOD, Subject};
use crate::report::json::Input;
use crate::web::project_file::TextFile;
use crate::web::record_views::{Origin, RecordView};
use crate::web::snapshot::Problem;
use crate::yard::{Count, CountKind};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What a count from elsewhere promises of its interval is not known.
const UNKNOWN_LEVEL: f64 = 0.0;

/// A count that was added by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::web) struct Added {
    pub entry: Entry,
    /// When, ISO 8601.
    pub at: Option<String>,
}

/// Earlier counts.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// A record of the user's own, and what it is called in the report.
    pub(super) file: Option<(Input, Vec<Entry>)>,
    pub(super) added: Vec<Added>,
    /// The look that is held against the others, in place of the newer image's count.
    held: Option<Entry>,
    /// Made when something changed, not with every snapshot.
    view: RecordView,
}

impl Record {
    /// The user's own record as text, as it is written again.
    pub(super) fn text(&self) -> Option<TextFile> {
        let (input, entries) = self.file.as_ref()?;
        Some(TextFile { file: input.file.clone(), text: record::write_csv(entries).ok()? })
    }
}

const NO_ROWS: &str = "The table has no row behind its header; a date and a count in each was expected.";

impl Desk {
    /// Takes a record of the user's own in place of the one that stands; one that holds nothing leaves that where it is.
    pub fn set_record(&mut self, file: &str, bytes: &[u8]) {
        self.problems.retain(|p| p.code != "not-a-table");
        let read = record::read_csv(bytes, file).and_then(|entries| match entries.is_empty() {
            true => Err(Error::File { file: file.to_owned(), code: "not-a-table", message: NO_ROWS.to_owned() }),
            false => Ok(entries),
        });
        match read {
            Ok(entries) => self.place.record.file = Some((Input::other(file, bytes, "record"), entries)),
            Err(error) => self.problems.push(Problem::from(&error)),
        }
        self.write_statement();
    }

    /// Goes back to what was published.
    pub(super) fn clear_record(&mut self) {
        self.place.record.file = None;
        self.write_statement();
    }

    /// Adds the count of an image to the record; one of the same day that was added before makes room.
    pub(super) fn add_look(&mut self, side: Side, at: Option<String>) {
        let Some(entry) = self.look_of(side) else { return };
        self.place.record.added.retain(|added| added.entry.date != entry.date);
        self.place.record.added.push(Added { entry, at });
        self.write_statement();
    }

    /// Takes away what was added.
    pub(super) fn remove_look(&mut self, index: usize) {
        if let Some(entry) = self.record().0.get(index) {
            self.place.record.added.retain(|added| added.entry != *entry);
            self.write_statement();
        }
    }

    /// Holds a look of the record against the earlier ones; `None`: the count of the newer image again.
    pub(super) fn hold_look(&mut self, index: Option<usize>) {
        self.place.record.held = index.and_then(|index| self.record().0.get(index).cloned());
        self.draw_record();
    }

    /// The record as a table.
    pub fn record_csv(&self) -> Option<String> {
        record::write_csv(&self.record().0).ok()
    }

    fn look_of(&self, side: Side) -> Option<Entry> {
        let picture = self.picture(self.side(side)?)?;
        entry_of(&self.own_look(side)?, &picture.file, self.place.facility.as_ref().map(|f| f.id.clone()))
    }

    /// Earlier counts, with a warning where a record can't be used.
    pub(super) fn record(&self) -> (Vec<Entry>, Option<crate::error::Warning>) {
        let facility = self.place.facility.as_ref();
        let names = facility.map(|f| (f.id.as_str(), f.name.as_str()));
        let (mut entries, warning) = match &self.place.record.file {
            Some((input, entries)) => record::chosen(entries.clone(), names, &input.file),
            None => (facility.map(|f| record::published(&f.id)).unwrap_or_default(), None),
        };
        let added: Vec<Entry> = self.place.record.added.iter().map(|added| added.entry.clone()).collect();
        entries.extend(match names {
            Some((id, name)) => record::of_facility(added, id, name),
            None => added,
        });
        let series = self.series();
        // What a person added, or saved before, stands for the same image.
        let fresh =
            |look: &Entry| !entries.iter().any(|e| (e.date, &e.source, &e.method) == (look.date, &look.source, &look.method));
        let series: Vec<Entry> = series.into_iter().filter(fresh).collect();
        entries.extend(series);
        entries.sort_by_key(|e| e.date.iso());
        (entries, warning)
    }

    /// What was added, for the report.
    pub(super) fn record_edits(&self) -> Vec<Value> {
        let added = self.place.record.added.iter();
        added
            .map(|Added { entry, at }| json!({ "edit": "add-look", "date": entry.date, "count": entry.figure, "at": at }))
            .collect()
    }

    /// Makes the view anew; to be called when the answer or the record has changed.
    pub(super) fn draw_record(&mut self) {
        let (entries, _) = self.record();
        let held = self.place.record.held.as_ref().and_then(|held| entries.iter().position(|e| e == held));
        let series = self.series();
        let origin = |entry: &Entry| match () {
            () if self.place.record.added.iter().any(|added| added.entry == *entry) => Origin::Added,
            () if series.contains(entry) => Origin::Project,
            () => Origin::Elsewhere,
        };
        let origins: Vec<Origin> = entries.iter().map(origin).collect();
        let count = match held.and_then(|at| entries.get(at)) {
            Some(entry) => entry.figure.map(|figure| count_of(entry, figure)),
            None => self.detection(Side::After).filter(|_| self.answer().is_some()).map(|d| d.count),
        };
        let subject = count.as_ref().map(|count| match held.and_then(|at| entries.get(at)) {
            Some(entry) => Subject { count, date: Some(entry.date), gsd_m: entry.gsd_m, method: &entry.method },
            None => Subject {
                count,
                date: self.picture_of(Side::After).and_then(|p| p.captured()).and_then(|c| Date::parse(&c.date)),
                gsd_m: self.detection(Side::After).map(|d| d.gsd_m),
                method: OWN_METHOD,
            },
        });
        let view = RecordView::new(&entries, &origins, subject.as_ref(), held);
        let addable = [Side::After, Side::Before].into_iter();
        let told = |look: &Entry| {
            let same = |e: &Entry| (e.date, &e.source, &e.method) == (look.date, &look.source, &look.method);
            entries.contains(look) || series.iter().any(same)
        };
        let addable = addable.filter(|side| self.look_of(*side).is_some_and(|look| !told(&look))).collect();
        self.place.record.view = RecordView { addable, ..view };
    }

    fn picture_of(&self, side: Side) -> Option<&crate::web::picture::Picture> {
        self.picture(self.side(side)?)
    }

    /// What the shell shows of it.
    pub(super) fn record_view(&self) -> RecordView {
        self.place.record.view.clone()
    }
}

/// A figure of the record as a count of railcars, with its interval where its source gives one.
fn count_of(entry: &Entry, figure: f64) -> Count {
    let (low, high) = entry.interval.unwrap_or((figure, figure));
    Count { estimate: figure, low, high, level: UNKNOWN_LEVEL, kind: CountKind::Individual }
}
