//! Places of the user's own: facilities that don't come with the page. They outlast the images, and go along in a project.

use super::Desk;
use super::reading::written;
use crate::facilities::{self, Facility};
use crate::georeference::place_written;
use crate::web::place_views::OwnPlace;

/// Longest name, letters.
const NAME_MAX: usize = 80;

/// No more than this are kept.
const PLACES_MAX: usize = 200;

/// Decimals of a degree that are kept: about a metre.
const DEGREE_DECIMALS: i32 = 5;

/// The user's own places, and why the last one was not taken.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) own: Vec<Facility>,
    trouble: Option<&'static str>,
}

impl Desk {
    /// All facilities that can be named: those that come along, then the user's own.
    pub(super) fn known_places(&self) -> Vec<Facility> {
        facilities::built_in().into_iter().chain(self.places.own.iter().cloned()).collect()
    }

    /// Adds a place as a person wrote it down; without one, where the images lie.
    pub(super) fn add_place(&mut self, name: &str, at: Option<&str>) {
        let name = shortened(name);
        let place = match at {
            Some(text) => place_written(text).ok_or("unreadable"),
            None => self.middle_lonlat().ok_or("nowhere"),
        };
        self.places.trouble = match place {
            _ if name.is_empty() => Some("unnamed"),
            _ if self.places.own.len() >= PLACES_MAX => Some("too-many"),
            Err(trouble) => Some(trouble),
            Ok([lon, lat]) => {
                let id = self.keep_place(Facility { id: String::new(), name, lat, lon, note: String::new() });
                if at.is_none() {
                    self.set_facility(Some(&id));
                }
                None
            }
        };
    }

    /// Takes one of the user's own places away.
    pub(super) fn remove_place(&mut self, id: &str) {
        self.places.trouble = None;
        self.places.own.retain(|place| place.id != id);
        if self.place.facility.as_ref().is_some_and(|facility| facility.id == id) {
            self.set_facility(None);
        }
    }

    /// Keeps a place, unless it is there; gives its id here.
    fn keep_place(&mut self, place: Facility) -> String {
        let unit = libm::pow(10.0, f64::from(DEGREE_DECIMALS));
        let [lat, lon] = [place.lat, place.lon].map(|v| libm::round(v * unit) / unit);
        let same = |other: &&Facility| other.name == place.name && (other.lat, other.lon) == (lat, lon);
        if let Some(own) = self.places.own.iter().find(same) {
            return own.id.clone();
        }
        let known = self.known_places();
        let plain = slug(&place.name);
        let numbered = (2..).map(|n| format!("{plain}-{n}"));
        // A place that is read again keeps the id by which records and projects name it, as long as it is free.
        let had = Some(place.id.clone()).filter(|id| !id.is_empty());
        let id = had.into_iter().chain([plain.clone()]).chain(numbered).find(|id| facilities::find(&known, id).is_none());
        let id = id.unwrap_or(plain);
        self.places.own.push(Facility { id: id.clone(), lat, lon, ..place });
        id
    }

    /// Takes up the places of a project; gives the id here of the one that is called `facility` there.
    pub(super) fn take_places(&mut self, places: Vec<Facility>, facility: Option<String>) -> Option<String> {
        let mut named = facility.clone();
        for place in places.into_iter().take(PLACES_MAX).filter(is_a_place) {
            let there = place.id.clone();
            let here = self.keep_place(place);
            if facility.as_ref() == Some(&there) {
                named = Some(here);
            }
        }
        named
    }

    /// The user's own places.
    pub fn places(&self) -> &[Facility] {
        &self.places.own
    }

    /// The user's own places as text, for the browser's own store.
    pub fn places_text(&self) -> String {
        serde_json::to_string(&self.places.own).unwrap_or_default()
    }

    /// Takes up what [`Desk::places_text`] gave; what can't be read is left.
    pub fn set_places(&mut self, text: &str) {
        let places: Vec<Facility> = serde_json::from_str(text).unwrap_or_default();
        self.take_places(places, None);
    }

    /// What the shell shows of them.
    pub(super) fn own_places(&self) -> Vec<OwnPlace> {
        let of =
            |place: &Facility| OwnPlace { id: place.id.clone(), name: place.name.clone(), at: written([place.lon, place.lat]) };
        self.places.own.iter().map(of).collect()
    }

    pub(super) fn place_trouble(&self) -> Option<&'static str> {
        self.places.trouble
    }
}

/// What no program of ours would have kept is left out.
fn is_a_place(place: &Facility) -> bool {
    place.lat.abs() <= 90.0
        && place.lon.abs() <= 180.0
        && !shortened(&place.name).is_empty()
        && place.name.chars().count() <= NAME_MAX
}

fn shortened(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !c.is_control()).collect();
    plain.trim().chars().take(NAME_MAX).collect::<String>().trim().to_owned()
}

/// Short and stable, as the ids of the built-in ones are: letters and figures of any script, with lines between them.
fn slug(name: &str) -> String {
    let words: Vec<String> =
        name.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    if words.is_empty() { "place".to_owned() } else { words.join("-") }
}
