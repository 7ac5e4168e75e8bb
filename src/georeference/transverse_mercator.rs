//! The transverse Mercator projection by Krüger's series, forward and back.
//!
//! Series in the third flattening *n* to its fourth power (Krüger 1912, in the form of Kawase, *Bulletin of the GSI* 59, 2011). Within
//! 6° of the central meridian the error stays far below a millimetre; the series is not meant for use beyond some 30°.

use super::ellipsoid::Ellipsoid;
use libm::{asin, atan2, atanh, cos, cosh, sin, sinh, sqrt};
use serde::{Deserialize, Serialize};

/// One transverse Mercator grid. Angles in radians, lengths in metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct TransverseMercator {
    central_meridian: f64,
    scale: f64,
    false_easting: f64,
    false_northing: f64,
    /// Eccentricity-like factor 2√n / (1 + n).
    q: f64,
    /// Radius of the rectifying sphere times the scale.
    radius: f64,
    /// From the conformal sphere to the grid, from the grid to the sphere, from conformal to geodetic latitude.
    alpha: [f64; 4],
    beta: [f64; 4],
    delta: [f64; 4],
}

impl TransverseMercator {
    /// The same grid with its false northing at another latitude than the equator, radians.
    pub fn with_origin_at(self, lat: f64) -> Self {
        let (_, northing) = self.forward(self.central_meridian, lat);
        Self { false_northing: 2.0 * self.false_northing - northing, ..self }
    }

    /// A grid whose latitude of origin is the equator.
    pub fn new(ellipsoid: &Ellipsoid, central_meridian_deg: f64, scale: f64, false_easting: f64, false_northing: f64) -> Self {
        let n = ellipsoid.flattening / (2.0 - ellipsoid.flattening);
        let (n2, n3, n4) = (n * n, n * n * n, n * n * n * n);
        Self {
            central_meridian: central_meridian_deg.to_radians(),
            scale,
            false_easting,
            false_northing,
            q: 2.0 * sqrt(n) / (1.0 + n),
            radius: scale * ellipsoid.semi_major_m / (1.0 + n) * (1.0 + n2 / 4.0 + n4 / 64.0),
            alpha: [
                n / 2.0 - 2.0 / 3.0 * n2 + 5.0 / 16.0 * n3 + 41.0 / 180.0 * n4,
                13.0 / 48.0 * n2 - 3.0 / 5.0 * n3 + 557.0 / 1440.0 * n4,
                61.0 / 240.0 * n3 - 103.0 / 140.0 * n4,
                49_561.0 / 161_280.0 * n4,
            ],
            beta: [
                n / 2.0 - 2.0 / 3.0 * n2 + 37.0 / 96.0 * n3 - n4 / 360.0,
                n2 / 48.0 + n3 / 15.0 - 437.0 / 1440.0 * n4,
                17.0 / 480.0 * n3 - 37.0 / 840.0 * n4,
                4_397.0 / 161_280.0 * n4,
            ],
            delta: [
                2.0 * n - 2.0 / 3.0 * n2 - 2.0 * n3 + 116.0 / 45.0 * n4,
                7.0 / 3.0 * n2 - 8.0 / 5.0 * n3 - 227.0 / 45.0 * n4,
                56.0 / 15.0 * n3 - 136.0 / 35.0 * n4,
                4_279.0 / 630.0 * n4,
            ],
        }
    }

    /// One of the sixty UTM zones.
    pub fn utm(ellipsoid: &Ellipsoid, zone: u32, south: bool) -> Self {
        let central_meridian_deg = f64::from(zone) * 6.0 - 183.0;
        Self::new(ellipsoid, central_meridian_deg, 0.9996, 500_000.0, if south { 10_000_000.0 } else { 0.0 })
    }

    /// Longitude and latitude in radians to easting and northing in metres.
    pub fn forward(&self, lon: f64, lat: f64) -> (f64, f64) {
        let s = sin(lat);
        let t = sinh(atanh(s) - self.q * atanh(self.q * s));
        let dl = lon - self.central_meridian;
        let (xi, eta) = (atan2(t, cos(dl)), atanh(sin(dl) / sqrt(1.0 + t * t)));
        let (mut x, mut y) = (eta, xi);
        for (a, k) in self.alpha.iter().zip([2.0, 4.0, 6.0, 8.0]) {
            x += a * cos(k * xi) * sinh(k * eta);
            y += a * sin(k * xi) * cosh(k * eta);
        }
        (self.false_easting + self.radius * x, self.false_northing + self.radius * y)
    }

    /// Easting and northing in metres to longitude and latitude in radians.
    pub fn inverse(&self, easting: f64, northing: f64) -> (f64, f64) {
        let (xi, eta) = ((northing - self.false_northing) / self.radius, (easting - self.false_easting) / self.radius);
        let (mut u, mut v) = (xi, eta);
        for (b, k) in self.beta.iter().zip([2.0, 4.0, 6.0, 8.0]) {
            u -= b * sin(k * xi) * cosh(k * eta);
            v -= b * cos(k * xi) * sinh(k * eta);
        }
        let conformal = asin(sin(u) / cosh(v));
        let series = self.delta.iter().zip([2.0, 4.0, 6.0, 8.0]).map(|(d, k)| d * sin(k * conformal));
        let lat = conformal + series.sum::<f64>();
        (self.central_meridian + atan2(sinh(v), cos(u)), lat)
    }
}

#[cfg(test)]
mod tests {
    use super::super::ellipsoid::{GRS80, WGS84};
    use super::*;
    use proptest::prelude::*;

    /// Computed once with PROJ 9 (`pyproj`), to a tenth of a millimetre.
    #[test]
    fn agrees_with_proj() {
        for (zone, south, lon, lat, easting, northing) in REFERENCE {
            let grid = TransverseMercator::utm(&WGS84, zone, south);
            let (e, n) = grid.forward(lon.to_radians(), lat.to_radians());
            assert!((e - easting).abs() < 2e-4 && (n - northing).abs() < 2e-4, "{lon} {lat}: {e} {n}");
            let (back_lon, back_lat) = grid.inverse(easting, northing);
            assert!((back_lon.to_degrees() - lon).abs() < 2e-9 && (back_lat.to_degrees() - lat).abs() < 2e-9);
        }
    }

    const REFERENCE: [(u32, bool, f64, f64, f64, f64); 6] = [
        (52, false, 130.6026, 42.4217, 631845.1913, 4697842.8503),
        (32, false, 7.6331, 47.5332, 397119.8382, 5265324.8132),
        (32, false, 4.1, 61.25, 237237.1784, 6800493.6102),
        (23, true, -46.6, -23.5, 336625.1319, 7400218.8602),
        (1, false, -179.9, 66.0, 368416.5599, 7322953.0328),
        (60, true, 174.7, -82.4, 466048.2355, 849844.0605),
    ];

    #[test]
    fn the_central_meridian_is_straight_and_shortened() {
        let grid = TransverseMercator::utm(&GRS80, 32, false);
        let (e, n) = grid.forward(9f64.to_radians(), 0.0);
        assert_eq!((e, n), (500_000.0, 0.0));
        let (_, quarter) = grid.forward(9f64.to_radians(), 90f64.to_radians());
        assert!((quarter - 0.9996 * 10_001_965.729).abs() < 0.01, "a quarter of the meridian: {quarter}");
    }

    proptest! {
        #[test]
        fn there_and_back(zone in 1u32..=60, south in any::<bool>(), dl in -6.0f64..6.0, lat in -85.0f64..85.0) {
            let grid = TransverseMercator::utm(&WGS84, zone, south);
            let lon = f64::from(zone) * 6.0 - 183.0 + dl;
            let (e, n) = grid.forward(lon.to_radians(), lat.to_radians());
            let (back_lon, back_lat) = grid.inverse(e, n);
            prop_assert!((back_lon.to_degrees() - lon).abs() < 1e-9);
            prop_assert!((back_lat.to_degrees() - lat).abs() < 1e-9);
        }
    }
}
