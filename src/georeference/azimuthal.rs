//! Maps that touch the Earth at a point: Lambert's equal-area, and the stereographic ones, polar and oblique.

use super::ellipsoid::{Ellipsoid, gudermann, mercator};
use libm::{asin, atan, atan2, cos, exp, fabs, hypot, log, sin, sqrt};
use serde::{Deserialize, Serialize};
use std::f64::consts::FRAC_PI_2;

/// One map. Angles in radians, lengths in metres, from the origin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) enum Azimuthal {
    /// Lambert's azimuthal equal-area projection away from the poles (Snyder 1987, eq. 24-13 ff.).
    EqualArea { ellipsoid: Ellipsoid, beta: f64, radius: f64, d: f64 },
    /// Stereographic at a pole (Snyder 1987, eq. 21-33 ff.); radius at isometric latitude 0.
    Polar { ellipsoid: Ellipsoid, radius: f64, south: bool },
    /// Stereographic elsewhere, by way of a conformal sphere (EPSG method 9809, Guidance Note 7-2).
    Oblique { ellipsoid: Ellipsoid, n: f64, offset: f64, chi: f64, diameter: f64 },
}

impl Azimuthal {
    /// `None` at the poles, where the formulas end.
    pub fn equal_area(ellipsoid: &Ellipsoid, lat: f64) -> Option<Self> {
        let pole = ellipsoid.q(FRAC_PI_2);
        let beta = asin(ellipsoid.q(lat) / pole);
        let radius = ellipsoid.semi_major_m * sqrt(pole / 2.0);
        let d = ellipsoid.semi_major_m * ellipsoid.parallel(lat) / (radius * cos(beta));
        (fabs(lat) < 1.57).then_some(Self::EqualArea { ellipsoid: *ellipsoid, beta, radius, d })
    }

    /// A scale at the pole itself.
    pub fn polar_scaled(ellipsoid: &Ellipsoid, south: bool, scale: f64) -> Self {
        let e = sqrt(ellipsoid.e2());
        let bulge = sqrt(exp((1.0 + e) * log(1.0 + e) + (1.0 - e) * log(1.0 - e)));
        Self::Polar { ellipsoid: *ellipsoid, radius: 2.0 * ellipsoid.semi_major_m * scale / bulge, south }
    }

    /// True along a parallel.
    pub fn polar_true_at(ellipsoid: &Ellipsoid, lat: f64) -> Self {
        if fabs(lat) > FRAC_PI_2 - 1e-9 {
            return Self::polar_scaled(ellipsoid, lat < 0.0, 1.0);
        }
        let radius = ellipsoid.semi_major_m * ellipsoid.parallel(lat) * exp(ellipsoid.isometric(fabs(lat)));
        Self::Polar { ellipsoid: *ellipsoid, radius, south: lat < 0.0 }
    }

    /// `None` at the poles.
    pub fn oblique(ellipsoid: &Ellipsoid, lat: f64, scale: f64) -> Option<Self> {
        let e2 = ellipsoid.e2();
        let (s, c) = (sin(lat), cos(lat));
        let (across, along) = {
            let w2 = 1.0 - e2 * s * s;
            (ellipsoid.semi_major_m / sqrt(w2), ellipsoid.semi_major_m * (1.0 - e2) / (w2 * sqrt(w2)))
        };
        let n = sqrt(1.0 + e2 * c * c * c * c / (1.0 - e2));
        // Where the sphere's latitude is asin(sin φ₀ / n), so that the sphere fits best there.
        let chi = asin(s / n);
        let offset = mercator(chi) - n * ellipsoid.isometric(lat);
        let diameter = 2.0 * scale * sqrt(across * along);
        (fabs(lat) < 1.57).then_some(Self::Oblique { ellipsoid: *ellipsoid, n, offset, chi, diameter })
    }

    /// Longitude from the central meridian, and latitude, to the map.
    pub fn forward(&self, lon: f64, lat: f64) -> (f64, f64) {
        match *self {
            Self::EqualArea { ellipsoid, beta: b0, radius, d } => {
                let b = asin((ellipsoid.q(lat) / ellipsoid.q(FRAC_PI_2)).clamp(-1.0, 1.0));
                let r = radius * sqrt(2.0 / (1.0 + sin(b0) * sin(b) + cos(b0) * cos(b) * cos(lon)));
                (r * d * cos(b) * sin(lon), r / d * (cos(b0) * sin(b) - sin(b0) * cos(b) * cos(lon)))
            }
            Self::Polar { ellipsoid, radius, south } => {
                let sign = if south { -1.0 } else { 1.0 };
                let r = radius * exp(-ellipsoid.isometric(sign * lat));
                (r * sin(lon), -sign * r * cos(lon))
            }
            Self::Oblique { ellipsoid, n, offset, chi: c0, diameter } => {
                let (c, l) = (gudermann(n * ellipsoid.isometric(lat) + offset), n * lon);
                let b = 1.0 + sin(c) * sin(c0) + cos(c) * cos(c0) * cos(l);
                (diameter * cos(c) * sin(l) / b, diameter * (sin(c) * cos(c0) - cos(c) * sin(c0) * cos(l)) / b)
            }
        }
    }

    /// The map to longitude and latitude; `None` outside the Earth.
    pub fn inverse(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        match *self {
            Self::EqualArea { ellipsoid, beta, radius, d } => {
                let (u, v) = (x / d, y * d);
                let r = hypot(u, v);
                if r > 2.0 * radius {
                    return None;
                }
                let (lon, b) = from_sphere(u, v, r, 2.0 * asin(r / (2.0 * radius)), beta);
                Some((lon, ellipsoid.latitude_of_q(ellipsoid.q(FRAC_PI_2) * sin(b))?))
            }
            Self::Polar { ellipsoid, radius, south } => {
                let sign = if south { -1.0 } else { 1.0 };
                let lat = sign * ellipsoid.latitude_of_isometric(-log(hypot(x, y) / radius));
                Some((atan2(x, -sign * y), lat))
            }
            Self::Oblique { ellipsoid, n, offset, chi, diameter } => {
                let r = hypot(x, y);
                let (lon, c) = from_sphere(x, y, r, 2.0 * atan(r / diameter), chi);
                Some((lon / n, ellipsoid.latitude_of_isometric((mercator(c) - offset) / n)))
            }
        }
    }
}

/// A point of a sphere by its angle from the centre of the map and the direction there.
fn from_sphere(x: f64, y: f64, r: f64, angle: f64, lat: f64) -> (f64, f64) {
    if r < 1e-9 {
        return (0.0, lat);
    }
    let found = asin((cos(angle) * sin(lat) + y * sin(angle) * cos(lat) / r).clamp(-1.0, 1.0));
    (atan2(x * sin(angle), r * cos(lat) * cos(angle) - y * sin(lat) * sin(angle)), found)
}
