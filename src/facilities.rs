//! Rail facilities by name: where a map may fly to, and which record belongs to them.
//!
//! Coordinates are good enough to fly to, never to measure with. Any other place works the same: the user adds it as a CSV.

use crate::error::Result;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// A place where railcars stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facility {
    /// Short and stable, e.g. `tumangang`.
    pub id: String,
    /// As it stands in a sentence behind "at".
    pub name: String,
    /// Degrees north, WGS84, fly-to only.
    pub lat: f64,
    /// Degrees east, WGS84, fly-to only.
    pub lon: f64,
    /// What is known of the coordinates or the place; may be empty.
    pub note: String,
}

/// (id, name, latitude, longitude, note).
const BUILT_IN: [(&str, &str, f64, f64, &str); 9] = [
    (
        "tumangang",
        "Tumangang",
        42.4217,
        130.6026,
        "DPRK, at the Russian border; coordinates of the district; dual gauge, 1435 and 1520 mm",
    ),
    ("khasan", "Khasan", 42.4283, 130.6456, "dual gauge, 1435 and 1520 mm"),
    ("hongui", "Hongui junction", 42.4255, 130.5366, ""),
    ("rajin", "Rajin", 42.340, 130.390, "coarse coordinates; dual gauge, 1435 and 1520 mm"),
    ("namyang", "Namyang", 42.9517, 129.8592, ""),
    ("manpo", "Manpo", 41.1518, 126.2822, ""),
    ("sinuiju", "Sinuiju", 40.1070, 124.4018, ""),
    ("friendship-bridge", "the Sino-Korean Friendship Bridge", 40.1145, 124.3930, ""),
    ("uiju", "Uiju airfield", 40.1517, 124.4986, "rail quarantine and transfer yard 2021 to 2024"),
];

/// The facilities that come with the tool.
pub fn built_in() -> Vec<Facility> {
    let own = |(id, name, lat, lon, note): (&str, &str, f64, f64, &str)| Facility {
        id: id.to_owned(),
        name: name.to_owned(),
        lat,
        lon,
        note: note.to_owned(),
    };
    BUILT_IN.into_iter().map(own).collect()
}

/// The facility a user means: by id, whatever the case.
pub fn find<'a>(facilities: &'a [Facility], id: &str) -> Option<&'a Facility> {
    facilities.iter().find(|f| f.id.eq_ignore_ascii_case(id.trim()))
}

/// Reads a user's own places: columns `id`, `lat`, `lon`, and, if wished, `name` and `note`.
///
/// # Errors
/// [`crate::error::Error::File`] naming `file` and the line.
///
/// ```
/// let places = sidings::facilities::read_csv("id,name,lat,lon\nmuttenz,Muttenz yard,47.53,7.65\n".as_bytes(), "places.csv")?;
/// assert_eq!(places[0].name, "Muttenz yard");
/// # Ok::<(), sidings::error::Error>(())
/// ```
pub fn read_csv(bytes: &[u8], file: &str) -> Result<Vec<Facility>> {
    let table = Table::read(bytes, file)?;
    let id = table.column(&["id", "facility"])?;
    let lat = table.column(&["lat", "latitude", "y"])?;
    let lon = table.column(&["lon", "lng", "long", "longitude", "x"])?;
    let name = table.column(&["name", "place", "title"]).ok();
    let note = table.column(&["note", "notes", "comment"]).ok();
    table
        .rows()
        .map(|row| {
            let id = row.text(id).ok_or_else(|| row.error("has no id"))?;
            Ok(Facility {
                name: name.and_then(|c| row.text(c)).unwrap_or(id).to_owned(),
                id: id.to_owned(),
                lat: row.number_within(lat, -90.0..=90.0)?,
                lon: row.number_within(lon, -180.0..=180.0)?,
                note: note.and_then(|c| row.text(c)).unwrap_or_default().to_owned(),
            })
        })
        .collect()
}

/// Distance on the ground between two places in km, on a sphere; a check that an image and a facility belong together.
pub fn distance_km((lon_a, lat_a): (f64, f64), (lon_b, lat_b): (f64, f64)) -> f64 {
    const EARTH_RADIUS_KM: f64 = 6371.0;
    let (phi_a, phi_b) = (lat_a.to_radians(), lat_b.to_radians());
    let half_dphi = libm::sin((phi_b - phi_a) / 2.0);
    let half_dlambda = libm::sin((lon_b - lon_a).to_radians() / 2.0);
    let h = half_dphi * half_dphi + libm::cos(phi_a) * libm::cos(phi_b) * half_dlambda * half_dlambda;
    2.0 * EARTH_RADIUS_KM * libm::asin(h.clamp(0.0, 1.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_places_are_on_earth() {
        let all = built_in();
        for (i, facility) in all.iter().enumerate() {
            assert!(all[..i].iter().all(|other| other.id != facility.id), "{} twice", facility.id);
            assert!(facility.lat.abs() <= 90.0 && facility.lon.abs() <= 180.0, "{}", facility.id);
        }
        assert!(find(&all, "TUMANGANG").is_some() && find(&all, "atlantis").is_none());
    }

    #[test]
    fn tumangang_lies_three_and_a_half_kilometres_from_khasan() {
        let all = built_in();
        let at = |id| find(&all, id).map(|f| (f.lon, f.lat)).expect("built in");
        let km = distance_km(at("tumangang"), at("khasan"));
        assert!((3.4..3.8).contains(&km), "{km}");
        assert!((distance_km((0.0, 0.0), (180.0, 0.0)) - 20015.0).abs() < 1.0);
    }

    #[test]
    fn a_place_off_the_earth_is_refused_with_its_line() {
        let error = read_csv(b"id,lat,lon\na,42,130\nb,91,130\n", "places.csv").expect_err("91 degrees north");
        assert!(error.to_string().contains("line 3"), "{error}");
    }
}
