//! Maps on a cylinder: Mercator's, and the Swiss oblique one.

use super::ellipsoid::{Ellipsoid, gudermann, mercator};
use libm::{asin, atan2, cos, sin};
use serde::{Deserialize, Serialize};

/// One map. Angles in radians, lengths in metres, from the origin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) enum Cylinder {
    /// Mercator's.
    Upright { ellipsoid: Ellipsoid, radius: f64 },
    /// The Swiss map: a conformal sphere, turned so that Bern lies on the equator, on a cylinder (*Formeln und Konstanten für die
    /// Schweizerische Kartenprojektion*, swisstopo 2016; EPSG method 9815 with an azimuth of 90°).
    Swiss { ellipsoid: Ellipsoid, alpha: f64, lat: f64, offset: f64, radius: f64 },
}

impl Cylinder {
    /// Mercator's map with a scale at the equator.
    pub fn upright(ellipsoid: &Ellipsoid, scale: f64) -> Self {
        Self::Upright { ellipsoid: *ellipsoid, radius: scale * ellipsoid.semi_major_m }
    }

    /// The Swiss map about a latitude.
    pub fn swiss(ellipsoid: &Ellipsoid, lat: f64, scale: f64) -> Self {
        let (alpha, on_sphere, radius) = ellipsoid.conformal_sphere(lat);
        let offset = mercator(on_sphere) - alpha * ellipsoid.isometric(lat);
        Self::Swiss { ellipsoid: *ellipsoid, alpha, lat: on_sphere, offset, radius: scale * radius }
    }

    /// Longitude from the central meridian, and latitude, to the map.
    pub fn forward(&self, lon: f64, lat: f64) -> (f64, f64) {
        match *self {
            Self::Upright { ellipsoid, radius } => (radius * lon, radius * ellipsoid.isometric(lat)),
            Self::Swiss { ellipsoid, alpha, lat: b0, offset, radius } => {
                let (b, l) = (gudermann(alpha * ellipsoid.isometric(lat) + offset), alpha * lon);
                let turned = asin(cos(b0) * sin(b) - sin(b0) * cos(b) * cos(l));
                (radius * atan2(cos(b) * sin(l), sin(b0) * sin(b) + cos(b0) * cos(b) * cos(l)), radius * mercator(turned))
            }
        }
    }

    /// The map to longitude and latitude.
    pub fn inverse(&self, x: f64, y: f64) -> (f64, f64) {
        match *self {
            Self::Upright { ellipsoid, radius } => (x / radius, ellipsoid.latitude_of_isometric(y / radius)),
            Self::Swiss { ellipsoid, alpha, lat: b0, offset, radius } => {
                let (l, b) = (x / radius, gudermann(y / radius));
                let lat = asin(cos(b0) * sin(b) + sin(b0) * cos(b) * cos(l));
                let lon = atan2(cos(b) * sin(l), cos(b0) * cos(b) * cos(l) - sin(b0) * sin(b)) / alpha;
                (lon, ellipsoid.latitude_of_isometric((mercator(lat) - offset) / alpha))
            }
        }
    }
}
