//! The facility that the images show, and earlier counts of it.

use super::Desk;
use crate::facilities::{self, Facility};
use crate::record::{self, Entry};
use crate::report::json::Input;
use crate::web::snapshot::{PlaceName, PlaceView, Problem};

/// What a person said of the place.
#[derive(Debug, Default)]
pub(super) struct Place {
    pub(super) facility: Option<Facility>,
    /// A record of the user's own, and what it is called in the report.
    own: Option<(Input, Vec<Entry>)>,
}

impl Desk {
    /// Names the facility, by its id; what was published about it comes along.
    pub(super) fn set_facility(&mut self, id: Option<&str>) {
        let known = facilities::built_in();
        self.place.facility = id.and_then(|id| facilities::find(&known, id)).cloned();
        self.write_statement();
    }

    /// Takes a record of the user's own in place of the published one.
    pub fn set_record(&mut self, file: &str, bytes: &[u8]) {
        self.problems.retain(|p| p.code != "not-a-table");
        match record::read_csv(bytes, file) {
            Ok(entries) => self.place.own = Some((Input::other(file, bytes, "record"), entries)),
            Err(error) => self.problems.push(Problem::from(&error)),
        }
        self.write_statement();
    }

    /// Goes back to what was published.
    pub(super) fn clear_record(&mut self) {
        self.place.own = None;
        self.write_statement();
    }

    /// Earlier counts, with a warning where a record can't be used.
    pub(super) fn record(&self) -> (Vec<Entry>, Option<crate::error::Warning>) {
        let facility = self.place.facility.as_ref();
        match &self.place.own {
            Some((input, entries)) => {
                record::chosen(entries.clone(), facility.map(|f| (f.id.as_str(), f.name.as_str())), &input.file)
            }
            None => (facility.map(|f| record::published(&f.id)).unwrap_or_default(), None),
        }
    }

    /// Files that went in besides the images.
    pub(super) fn other_inputs(&self) -> Vec<Input> {
        self.place.own.iter().map(|(input, _)| input.clone()).chain(self.tracks_input()).collect()
    }

    /// What the shell shows of it.
    pub(super) fn place_view(&self) -> PlaceView {
        let name = |f: Facility| PlaceName { id: f.id, name: f.name };
        PlaceView {
            facility: self.place.facility.clone().map(name),
            known: facilities::built_in().into_iter().map(name).collect(),
            record: self.place.own.as_ref().map(|(input, _)| input.file.clone()),
            rows: self.record().0.len(),
        }
    }
}
