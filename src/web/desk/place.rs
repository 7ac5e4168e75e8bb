//! The facility that the images show; the record of it is in [`super::record`].

use super::Desk;
use super::record::Record;
use crate::facilities::{self, Facility};
use crate::report::json::Input;
use crate::web::place_views::{PlaceName, PlaceView};

/// What a person said of the place.
#[derive(Debug, Default)]
pub(super) struct Place {
    pub(super) facility: Option<Facility>,
    pub(super) record: Record,
}

impl Desk {
    /// Names the facility, by its id; what was published about it comes along.
    pub(super) fn set_facility(&mut self, id: Option<&str>) {
        let known = self.known_places();
        self.place.facility = id.and_then(|id| facilities::find(&known, id)).cloned();
        self.write_statement();
    }

    /// Files that went in besides the images.
    pub(super) fn other_inputs(&self) -> Vec<Input> {
        self.place.record.file.iter().map(|(input, _)| input.clone()).chain(self.tracks_input()).collect()
    }

    /// What the shell shows of it.
    pub(super) fn place_view(&self) -> PlaceView {
        let name = |f: Facility| PlaceName { id: f.id, name: f.name };
        PlaceView {
            facility: self.place.facility.clone().map(name),
            known: self.known_places().into_iter().map(name).collect(),
            record: self.place.record.file.as_ref().map(|(input, _)| input.file.clone()),
            rows: self.record_view().looks.len(),
            own: self.own_places(),
            trouble: self.place_trouble(),
            whereabouts: self.whereabouts(),
        }
    }
}
