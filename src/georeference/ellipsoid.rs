//! The figure of the Earth, and the latitudes that maps are drawn by.

use libm::{asin, asinh, atan, atan2, atanh, cos, fabs, hypot, sin, sinh, sqrt, tan};
use serde::{Deserialize, Serialize};
use std::f64::consts::FRAC_PI_2;

/// An ellipsoid of revolution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Ellipsoid {
    pub semi_major_m: f64,
    pub flattening: f64,
}

/// World Geodetic System 1984 (NGA.STND.0036).
pub(super) const WGS84: Ellipsoid = Ellipsoid::new(6_378_137.0, 298.257_223_563);

/// Geodetic Reference System 1980, under NAD83, ETRS89, JGD, CGCS2000 and Korea 2000.
pub(super) const GRS80: Ellipsoid = Ellipsoid::new(6_378_137.0, 298.257_222_101);

/// Rounds of the inversions below: each gains more than two digits, and doubles hold sixteen.
const ROUNDS: usize = 12;

impl Ellipsoid {
    /// By half axis and inverse flattening.
    pub const fn new(semi_major_m: f64, inverse_flattening: f64) -> Self {
        Self { semi_major_m, flattening: 1.0 / inverse_flattening }
    }

    /// Square of the first eccentricity.
    pub fn e2(&self) -> f64 {
        self.flattening * (2.0 - self.flattening)
    }

    /// Metres a radian of longitude and of latitude, at a latitude in radians.
    pub fn metres_a_radian(&self, lat: f64) -> (f64, f64) {
        let e2 = self.e2();
        let w2 = 1.0 - e2 * sin(lat) * sin(lat);
        let normal = self.semi_major_m / sqrt(w2);
        (normal * cos(lat), normal * (1.0 - e2) / w2)
    }

    /// Radius of a parallel as a share of the half axis.
    pub fn parallel(&self, lat: f64) -> f64 {
        cos(lat) / sqrt(1.0 - self.e2() * sin(lat) * sin(lat))
    }

    /// The sphere that angles are carried to where it shall fit best about a latitude: its longitudes a longitude, its latitude there, its
    /// radius (Gauss 1843; EPSG Guidance Note 7-2, method 9819).
    pub fn conformal_sphere(&self, lat: f64) -> (f64, f64, f64) {
        let (e2, s, c) = (self.e2(), sin(lat), cos(lat));
        let alpha = sqrt(1.0 + e2 * c * c * c * c / (1.0 - e2));
        (alpha, asin(s / alpha), self.semi_major_m * sqrt(1.0 - e2) / (1.0 - e2 * s * s))
    }

    /// Isometric latitude: what Mercator's map is high (Snyder, *Map Projections*, USGS 1395, 1987, eq. 7-7).
    pub fn isometric(&self, lat: f64) -> f64 {
        let e = sqrt(self.e2());
        asinh(tan(lat)) - e * atanh(e * sin(lat))
    }

    /// The latitude of an isometric one.
    pub fn latitude_of_isometric(&self, psi: f64) -> f64 {
        let e = sqrt(self.e2());
        let mut lat = gudermann(psi);
        for _ in 0..ROUNDS {
            lat = gudermann(psi + e * atanh(e * sin(lat)));
        }
        lat
    }

    /// Snyder's *q*, proportional to the area between the equator and a latitude (eq. 3-12).
    pub fn q(&self, lat: f64) -> f64 {
        let (e2, s) = (self.e2(), sin(lat));
        let e = sqrt(e2);
        (1.0 - e2) * (s / (1.0 - e2 * s * s) + atanh(e * s) / e)
    }

    /// The latitude of a *q*; `None` beyond the pole.
    pub fn latitude_of_q(&self, q: f64) -> Option<f64> {
        let pole = self.q(FRAC_PI_2);
        if fabs(q) > pole * (1.0 + 1e-12) {
            return None;
        }
        let e2 = self.e2();
        let mut lat = asin((q / pole).clamp(-1.0, 1.0));
        for _ in 0..ROUNDS {
            let w2 = 1.0 - e2 * sin(lat) * sin(lat);
            if cos(lat) < 1e-9 {
                break;
            }
            lat += w2 * w2 / (2.0 * (1.0 - e2) * cos(lat)) * (q - self.q(lat));
        }
        Some(lat)
    }

    /// Longitude and latitude in radians, at height 0, to metres from the Earth's centre.
    pub fn to_centre(self, lon: f64, lat: f64) -> [f64; 3] {
        let e2 = self.e2();
        let normal = self.semi_major_m / sqrt(1.0 - e2 * sin(lat) * sin(lat));
        [normal * cos(lat) * cos(lon), normal * cos(lat) * sin(lon), normal * (1.0 - e2) * sin(lat)]
    }

    /// Metres from the Earth's centre to longitude and latitude in radians, the height left out.
    pub fn lonlat_at(&self, [x, y, z]: [f64; 3]) -> (f64, f64) {
        let (e2, p) = (self.e2(), hypot(x, y));
        let mut lat = atan2(z, p * (1.0 - e2));
        for _ in 0..ROUNDS {
            let normal = self.semi_major_m / sqrt(1.0 - e2 * sin(lat) * sin(lat));
            lat = atan2(z + e2 * normal * sin(lat), p);
        }
        (atan2(y, x), lat)
    }
}

/// From Mercator's height on a sphere to its latitude.
pub(super) fn gudermann(psi: f64) -> f64 {
    atan(sinh(psi))
}

/// Mercator's height on a sphere.
pub(super) fn mercator(lat: f64) -> f64 {
    asinh(tan(lat))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_at_the_equator_and_at_forty_five() {
        let degree = |lat: f64| {
            let (east, north) = WGS84.metres_a_radian(lat.to_radians());
            (east.to_radians(), north.to_radians())
        };
        let (east, north) = degree(0.0);
        assert!((east - 111_319.491).abs() < 1e-3 && (north - 110_574.276).abs() < 1e-3, "{east} {north}");
        let (east, north) = degree(45.0);
        assert!((east - 78_846.835).abs() < 1e-3 && (north - 111_131.777).abs() < 1e-3, "{east} {north}");
    }

    #[test]
    fn latitudes_come_back() {
        for degrees in [-89.0f64, -45.0, -0.5, 0.0, 12.0, 42.4, 88.0] {
            let lat = degrees.to_radians();
            assert!((WGS84.latitude_of_isometric(WGS84.isometric(lat)) - lat).abs() < 1e-14, "{degrees}");
            assert!((WGS84.latitude_of_q(WGS84.q(lat)).expect("on Earth") - lat).abs() < 1e-13, "{degrees}");
            let (lon, back) = WGS84.lonlat_at(WGS84.to_centre(1.0, lat));
            assert!((back - lat).abs() < 1e-14 && (lon - 1.0).abs() < 1e-15, "{degrees}");
        }
        assert_eq!(WGS84.latitude_of_q(2.1), None);
    }
}
