//! Maps on a cone: Lambert's conformal and Albers' equal-area projection (Snyder, *Map Projections*, USGS 1395, 1987, §§ 14 and 15).

use super::ellipsoid::Ellipsoid;
use libm::{atan2, cos, exp, fabs, hypot, log, sin, sqrt};
use serde::{Deserialize, Serialize};

/// What is kept true on the map.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Kept {
    Angles,
    Areas,
}

/// One conic map. Angles in radians, lengths in metres, from the origin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Conic {
    ellipsoid: Ellipsoid,
    kept: Kept,
    /// Cone constant: how much of a full turn the cone is.
    n: f64,
    /// Snyder's *aF*, or his *C*.
    constant: f64,
    /// Radius of the parallel of origin.
    origin: f64,
}

/// Standard parallels that differ by less than this (radians, 6 mm on the ground) are one.
const SAME: f64 = 1e-9;

impl Conic {
    /// Lambert's map, true along two parallels; equal ones give the map of one parallel, which may be scaled.
    pub fn lambert(ellipsoid: &Ellipsoid, lat_origin: f64, parallels: [f64; 2], scale: f64) -> Option<Self> {
        let [first, second] = parallels;
        let (m, psi) = (|lat| ellipsoid.parallel(lat), |lat| ellipsoid.isometric(lat));
        let n =
            if fabs(first - second) < SAME { sin(first) } else { (log(m(first)) - log(m(second))) / (psi(second) - psi(first)) };
        let constant = scale * ellipsoid.semi_major_m * m(first) * exp(n * psi(first)) / n;
        Self { ellipsoid: *ellipsoid, kept: Kept::Angles, n, constant, origin: 0.0 }.with_origin(lat_origin)
    }

    /// Albers' map, true along two parallels.
    pub fn albers(ellipsoid: &Ellipsoid, lat_origin: f64, parallels: [f64; 2]) -> Option<Self> {
        let [first, second] = parallels;
        let m2 = |lat| ellipsoid.parallel(lat) * ellipsoid.parallel(lat);
        let n = if fabs(first - second) < SAME {
            sin(first)
        } else {
            (m2(first) - m2(second)) / (ellipsoid.q(second) - ellipsoid.q(first))
        };
        let constant = m2(first) + n * ellipsoid.q(first);
        Self { ellipsoid: *ellipsoid, kept: Kept::Areas, n, constant, origin: 0.0 }.with_origin(lat_origin)
    }

    /// `None` when the cone is flat or a cylinder.
    fn with_origin(self, lat: f64) -> Option<Self> {
        let origin = self.radius(lat);
        (fabs(self.n) > 1e-6 && origin.is_finite() && self.constant.is_finite()).then_some(Self { origin, ..self })
    }

    fn radius(&self, lat: f64) -> f64 {
        match self.kept {
            Kept::Angles => self.constant * exp(-self.n * self.ellipsoid.isometric(lat)),
            Kept::Areas => self.ellipsoid.semi_major_m * sqrt((self.constant - self.n * self.ellipsoid.q(lat)).max(0.0)) / self.n,
        }
    }

    /// Longitude from the central meridian, and latitude, to the map.
    pub fn forward(&self, lon: f64, lat: f64) -> (f64, f64) {
        let (radius, angle) = (self.radius(lat), self.n * lon);
        (radius * sin(angle), self.origin - radius * cos(angle))
    }

    /// The map to longitude and latitude; `None` beyond the pole.
    pub fn inverse(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let sign = self.n.signum();
        let down = self.origin - y;
        let (radius, angle) = (sign * hypot(x, down), atan2(sign * x, sign * down));
        let lat = match self.kept {
            Kept::Angles => self.ellipsoid.latitude_of_isometric(-log(radius / self.constant) / self.n),
            Kept::Areas => {
                let share = radius * self.n / self.ellipsoid.semi_major_m;
                self.ellipsoid.latitude_of_q((self.constant - share * share) / self.n)?
            }
        };
        Some((angle / self.n, lat))
    }
}
