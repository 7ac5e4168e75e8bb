//! The figure of the Earth.

use libm::{cos, sin, sqrt};

/// An ellipsoid of revolution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ellipsoid {
    pub semi_major_m: f64,
    pub flattening: f64,
}

/// World Geodetic System 1984 (NGA.STND.0036).
pub(super) const WGS84: Ellipsoid = Ellipsoid { semi_major_m: 6_378_137.0, flattening: 1.0 / 298.257_223_563 };

/// Geodetic Reference System 1980, under NAD83, ETRS89, JGD, CGCS2000 and Korea 2000.
pub(super) const GRS80: Ellipsoid = Ellipsoid { semi_major_m: 6_378_137.0, flattening: 1.0 / 298.257_222_101 };

impl Ellipsoid {
    /// Metres a radian of longitude and of latitude, at a latitude in radians.
    pub fn metres_a_radian(&self, lat: f64) -> (f64, f64) {
        let e2 = self.flattening * (2.0 - self.flattening);
        let w2 = 1.0 - e2 * sin(lat) * sin(lat);
        let normal = self.semi_major_m / sqrt(w2);
        (normal * cos(lat), normal * (1.0 - e2) / w2)
    }
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
}
