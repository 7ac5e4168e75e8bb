//! From map coordinates to longitude and latitude on WGS84 and back.
//!
//! ```text
//! map ─ unit ─ false origin ─ map projection ─ prime meridian ─ datum shift ─ WGS84
//! ```
//! Written here and not taken from a library, because the same file must lie on the same place to the last bit in every browser and
//! natively: sines come from `libm`. Each map is tested against PROJ.

use super::azimuthal::Azimuthal;
use super::conic::Conic;
use super::cylinder::Cylinder;
use super::datum::Datum;
use super::ellipsoid::WGS84;
use super::hotine::Hotine;
use super::krovak::Krovak;
use super::transverse_mercator::TransverseMercator;
use libm::{asinh, atan, sinh, tan};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// A coordinate system that is understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Projection {
    pub(super) map: Map,
    pub(super) datum: Datum,
    /// Where its longitudes begin, radians east of Greenwich.
    pub(super) prime_meridian: f64,
    /// Longitude of the map's middle from its prime meridian, radians.
    pub(super) central_meridian: f64,
    /// Map coordinates of the map's origin, in the file's unit.
    pub(super) false_origin: [f64; 2],
    /// Metres in the file's unit; of geographic systems, radians.
    pub(super) unit: f64,
}

/// How the Earth is laid flat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Map {
    /// Longitude and latitude as they are.
    Geographic,
    /// The square map of web services, on a sphere.
    Web,
    /// UTM and its kin.
    TransverseMercator(Box<TransverseMercator>),
    Conic(Conic),
    Azimuthal(Azimuthal),
    Cylinder(Cylinder),
    Hotine(Box<Hotine>),
    Krovak(Box<Krovak>),
}

impl Projection {
    /// Map coordinates to degrees; `None` outside the Earth.
    pub fn to_lonlat(&self, x: f64, y: f64) -> Option<[f64; 2]> {
        let (x, y) = ((x - self.false_origin[0]) * self.unit, (y - self.false_origin[1]) * self.unit);
        if !(x.is_finite() && y.is_finite()) {
            return None;
        }
        let (lon, lat) = match &self.map {
            Map::Geographic => (x, y),
            Map::Web => (x / WGS84.semi_major_m, atan(sinh(y / WGS84.semi_major_m))),
            Map::TransverseMercator(map) => map.inverse(x, y),
            Map::Conic(map) => map.inverse(x, y)?,
            Map::Azimuthal(map) => map.inverse(x, y)?,
            Map::Cylinder(map) => map.inverse(x, y),
            Map::Hotine(map) => map.inverse(x, y)?,
            Map::Krovak(map) => map.inverse(x, y)?,
        };
        let lon = lon + self.central_meridian + self.prime_meridian;
        // Longitudes beyond 180° go round; files of degrees that cross the date line mean what they say.
        let lon = if self.map == Map::Geographic { lon } else { wrapped(lon) };
        if lat.abs() > PI / 2.0 + 1e-12 || lon.abs() > 3.0 * PI {
            return None;
        }
        let (lon, lat) = self.datum.to_world(lon, lat);
        Some([lon.to_degrees(), lat.to_degrees()]).filter(|p| p.iter().all(|v| v.is_finite()))
    }

    /// Degrees to map coordinates.
    pub fn to_map(&self, [lon, lat]: [f64; 2]) -> (f64, f64) {
        let (lon, lat) = self.datum.lonlat_of_world(lon.to_radians(), lat.to_radians());
        let lon = lon - self.prime_meridian - self.central_meridian;
        let near = if self.map == Map::Geographic { lon } else { wrapped(lon) };
        let (x, y) = match &self.map {
            Map::Geographic => (near, lat),
            Map::Web => (WGS84.semi_major_m * near, WGS84.semi_major_m * asinh(tan(lat))),
            Map::TransverseMercator(map) => map.forward(near, lat),
            Map::Conic(map) => map.forward(near, lat),
            Map::Azimuthal(map) => map.forward(near, lat),
            Map::Cylinder(map) => map.forward(near, lat),
            Map::Hotine(map) => map.forward(near, lat),
            Map::Krovak(map) => map.forward(near, lat),
        };
        (x / self.unit + self.false_origin[0], y / self.unit + self.false_origin[1])
    }
}

/// An angle brought to −π … π.
fn wrapped(angle: f64) -> f64 {
    if angle > PI {
        angle - 2.0 * PI
    } else if angle < -PI {
        angle + 2.0 * PI
    } else {
        angle
    }
}
