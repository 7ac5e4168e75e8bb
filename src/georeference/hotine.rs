//! Hotine's oblique Mercator map, both variants (EPSG methods 9812 and 9815, Guidance Note 7-2; Snyder 1987, § 9).
//!
//! ```text
//! ellipsoid ─ Hotine's sphere ("aposphere") ─ turned so that the initial line is the equator ─ Mercator ─ turned to grid north
//! ```
//! The variants differ in where coordinates begin: where the initial line crosses the aposphere's equator (A), or at the centre (B).
//! Written in isometric latitudes, so that neither forward nor back needs a power.

use super::ellipsoid::Ellipsoid;
use libm::{asin, asinh, atan2, atanh, cos, cosh, fabs, sin, sinh, sqrt, tan};
use serde::{Deserialize, Serialize};
use std::f64::consts::FRAC_PI_2;

/// Where the false origin lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Variant A.
    Natural,
    /// Variant B.
    Centre,
}

/// One map. Angles in radians, longitudes from that of the centre, lengths in metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Hotine {
    ellipsoid: Ellipsoid,
    /// Constants of the sphere: its longitudes a longitude, its radius by scale, the logarithm of the Guidance Note's *H*.
    b: f64,
    a: f64,
    log_h: f64,
    /// Azimuth of the initial line where it crosses the equator of the sphere, and the longitude there.
    gamma: f64,
    lon: f64,
    /// From the sphere's equator along the initial line to the false origin.
    u_origin: f64,
    /// From the grid that lies along the initial line to the one that points north.
    turn: f64,
}

impl Hotine {
    /// `None` at the poles, and for lines that don't run north: the formulas take a line's azimuth and its opposite's supplement for one.
    pub fn new(ellipsoid: &Ellipsoid, lat: f64, azimuth: f64, grid_angle: f64, scale: f64, origin: Origin) -> Option<Self> {
        let e2 = ellipsoid.e2();
        let (s, c) = (sin(lat), cos(lat));
        let (w2, sign) = (1.0 - e2 * s * s, if lat < 0.0 { -1.0 } else { 1.0 });
        let b = sqrt(1.0 + e2 * c * c * c * c / (1.0 - e2));
        let a = ellipsoid.semi_major_m * b * scale * sqrt(1.0 - e2) / w2;
        // cosh of the sphere's isometric latitude at the centre: a hair below 1 at the equator by rounding.
        let d = (b * sqrt(1.0 - e2) / (c * sqrt(w2))).max(1.0);
        let root = sign * sqrt(d * d - 1.0);
        let gamma = asin(sin(azimuth) / d);
        let lon = -asin((root * tan(gamma)).clamp(-1.0, 1.0)) / b;
        let log_h = asinh(root) - b * ellipsoid.isometric(lat);
        let u_centre = a / b * sign * atan2(fabs(root), cos(azimuth));
        let u_origin = if origin == Origin::Centre { u_centre } else { 0.0 };
        let sound = [a, lon, log_h, grid_angle].iter().all(|v| v.is_finite()) && fabs(lat) < 1.57 && cos(azimuth) > 1e-6;
        let map = Self { ellipsoid: *ellipsoid, b, a, log_h, gamma, lon, u_origin, turn: grid_angle };
        sound.then_some(map)
    }

    /// Longitude from that of the centre, and latitude, to the map.
    pub fn forward(&self, lon: f64, lat: f64) -> (f64, f64) {
        let (psi, l) = (self.log_h + self.b * self.ellipsoid.isometric(lat), self.b * (lon - self.lon));
        let (s, t, across) = (sinh(psi), cosh(psi), sin(l));
        let v = -self.a / self.b * atanh((s * sin(self.gamma) - across * cos(self.gamma)) / t);
        let u = self.a / self.b * atan2(s * cos(self.gamma) + across * sin(self.gamma), cos(l)) - self.u_origin;
        (v * cos(self.turn) + u * sin(self.turn), u * cos(self.turn) - v * sin(self.turn))
    }

    /// The map to longitude and latitude; `None` beyond the far side of the Earth, where the map begins again.
    pub fn inverse(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let v = (x * cos(self.turn) - y * sin(self.turn)) * self.b / self.a;
        let u = (y * cos(self.turn) + x * sin(self.turn) + self.u_origin) * self.b / self.a;
        if fabs(u) > 2.0 * FRAC_PI_2 {
            return None;
        }
        let (s, t, along) = (-sinh(v), cosh(v), sin(u));
        let psi = atanh(((along * cos(self.gamma) + s * sin(self.gamma)) / t).clamp(-1.0, 1.0));
        let lon = self.lon - atan2(s * cos(self.gamma) - along * sin(self.gamma), cos(u)) / self.b;
        Some((lon, self.ellipsoid.latitude_of_isometric((psi - self.log_h) / self.b)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::ellipsoid::GRS80;
    use super::*;

    /// Longitude from the centre and latitude in degrees come back wherever the map is meant to be used.
    #[test]
    fn there_and_back_on_both_halves_of_the_earth() {
        for lat0 in [-45.0f64, -4.0, 0.0, 4.0, 57.0] {
            for azimuth in [-60.0f64, 0.0, 30.0, 53.3, 323.1] {
                for origin in [Origin::Natural, Origin::Centre] {
                    let angle = azimuth.to_radians();
                    let map = Hotine::new(&GRS80, lat0.to_radians(), angle, angle, 0.9999, origin).expect("a map");
                    for (lon, lat) in [(0.0f64, lat0), (3.0, lat0 + 2.0), (-2.5, lat0 - 3.0)] {
                        let (x, y) = map.forward(lon.to_radians(), lat.to_radians());
                        let (back_lon, back_lat) = map.inverse(x, y).expect("on Earth");
                        let off = fabs(back_lon.to_degrees() - lon).max(fabs(back_lat.to_degrees() - lat));
                        assert!(off < 1e-9, "{lat0} {azimuth} {origin:?}: {lon} {lat} off by {off}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_centre_is_the_origin_of_variant_b() {
        for lat in [-33.0f64, 4.0, 57.0] {
            let map = Hotine::new(&GRS80, lat.to_radians(), 0.9, 0.9, 0.9998, Origin::Centre).expect("a map");
            let (x, y) = map.forward(0.0, lat.to_radians());
            assert!(fabs(x) < 1e-6 && fabs(y) < 1e-6, "{lat}: {x} {y}");
        }
    }

    #[test]
    fn lines_that_run_east_or_south_are_no_map() {
        assert_eq!(Hotine::new(&GRS80, FRAC_PI_2, 0.5, 0.5, 1.0, Origin::Centre), None);
        for azimuth in [90.0f64, 120.0, 233.1] {
            assert_eq!(Hotine::new(&GRS80, 0.7, azimuth.to_radians(), 0.9, 1.0, Origin::Natural), None, "{azimuth}");
        }
    }
}
