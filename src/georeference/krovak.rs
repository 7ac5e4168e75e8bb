//! Krovak's map of Czechia and Slovakia: a conformal sphere, turned so that a point in the Gulf of Finland is its pole, on a cone
//! (EPSG methods 9819 and 1041, Guidance Note 7-2).

use super::ellipsoid::{Ellipsoid, gudermann, mercator};
use libm::{asin, atan2, cos, exp, fabs, hypot, log, sin, tan};
use serde::{Deserialize, Serialize};
use std::f64::consts::FRAC_PI_2;

/// Which way the axes run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Axes {
    /// Easting and northing, both below zero in either country.
    EastNorth,
    /// Southing and westing, in this order.
    SouthWest,
}

/// One map. Angles in radians, lengths in metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Krovak {
    ellipsoid: Ellipsoid,
    axes: Axes,
    /// The conformal sphere: its longitudes a longitude, its isometric latitude at the equator.
    alpha: f64,
    offset: f64,
    /// From the sphere's pole to the cone's axis.
    colatitude: f64,
    /// Cone constant, and the logarithm of the radius at the cone's own equator.
    n: f64,
    log_radius: f64,
}

impl Krovak {
    /// By the latitude where the sphere fits best, the co-latitude of the cone's axis, and the parallel about it with its scale.
    pub fn new(ellipsoid: &Ellipsoid, lat: f64, colatitude: f64, parallel: f64, scale: f64, axes: Axes) -> Option<Self> {
        let (alpha, on_sphere, radius) = ellipsoid.conformal_sphere(lat);
        let offset = mercator(on_sphere) - alpha * ellipsoid.isometric(lat);
        let n = sin(parallel);
        let log_radius = log(scale * radius / tan(parallel)) + n * mercator(parallel);
        let map = Self { ellipsoid: *ellipsoid, axes, alpha, offset, colatitude, n, log_radius };
        (fabs(lat) < FRAC_PI_2 && n > 1e-6 && log_radius.is_finite()).then_some(map)
    }

    /// Longitude from that of the origin, and latitude, to the map.
    pub fn forward(&self, lon: f64, lat: f64) -> (f64, f64) {
        let (u, v) = (gudermann(self.alpha * self.ellipsoid.isometric(lat) + self.offset), -self.alpha * lon);
        let (s, c) = (sin(self.colatitude), cos(self.colatitude));
        let t = asin((c * sin(u) + s * cos(u) * cos(v)).clamp(-1.0, 1.0));
        let angle = self.n * atan2(cos(u) * sin(v), c * cos(u) * cos(v) - s * sin(u));
        let radius = exp(self.log_radius - self.n * mercator(t));
        let (south, west) = (radius * cos(angle), radius * sin(angle));
        match self.axes {
            Axes::EastNorth => (-west, -south),
            Axes::SouthWest => (south, west),
        }
    }

    /// The map to longitude and latitude.
    ///
    /// Files mix up both the order of the axes and their signs. In all of both countries the southing is greater than the westing, and
    /// the westing greater than nothing: other coordinates are `None`, since they were meant in another order.
    pub fn inverse(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let (south, west) = match self.axes {
            Axes::EastNorth => (-y, -x),
            Axes::SouthWest => (x, y),
        };
        if !(west > 0.0 && south > west) {
            return None;
        }
        let (s, c) = (sin(self.colatitude), cos(self.colatitude));
        let t = gudermann((self.log_radius - log(hypot(south, west))) / self.n);
        let d = atan2(west, south) / self.n;
        let u = asin((c * sin(t) - s * cos(t) * cos(d)).clamp(-1.0, 1.0));
        let v = atan2(cos(t) * sin(d), c * cos(t) * cos(d) + s * sin(t));
        Some((-v / self.alpha, self.ellipsoid.latitude_of_isometric((mercator(u) - self.offset) / self.alpha)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::ellipsoid::Ellipsoid;
    use super::*;

    /// The worked example of the Guidance Note (7-2, method 9819): 50°12'32.442" N, 16°50'59.179" E, in centimetres.
    #[test]
    fn the_example_of_the_guidance_note() {
        let bessel = Ellipsoid::new(6_377_397.155, 299.152_812_8);
        let dms = |d: f64, m: f64, s: f64| (d + m / 60.0 + s / 3600.0).to_radians();
        let map =
            |axes| Krovak::new(&bessel, dms(49.0, 30.0, 0.0), dms(30.0, 17.0, 17.303_11), dms(78.0, 30.0, 0.0), 0.9999, axes);
        let (lon, lat) = (dms(16.0, 50.0, 59.179) - dms(24.0, 50.0, 0.0), dms(50.0, 12.0, 32.442));
        let south_west = map(Axes::SouthWest).expect("a map");
        let (south, west) = south_west.forward(lon, lat);
        assert!(fabs(south - 1_050_538.63) < 0.01 && fabs(west - 568_991.00) < 0.01, "{south} {west}");
        let (back_lon, back_lat) = south_west.inverse(south, west).expect("in Czechia");
        assert!(fabs(back_lon - lon) < 1e-12 && fabs(back_lat - lat) < 1e-12);
        assert_eq!(map(Axes::EastNorth).expect("a map").forward(lon, lat), (-west, -south));
    }

    #[test]
    fn axes_in_another_order_are_no_place() {
        let bessel = Ellipsoid::new(6_377_397.155, 299.152_812_8);
        let map = |axes| Krovak::new(&bessel, 0.864, 0.5286, 1.37, 0.9999, axes).expect("a map");
        let (south, west) = (1_050_538.63, 568_991.0);
        for (axes, x, y) in [
            (Axes::SouthWest, west, south),
            (Axes::SouthWest, -west, -south),
            (Axes::EastNorth, west, south),
            (Axes::EastNorth, -south, -west),
        ] {
            assert_eq!(map(axes).inverse(x, y), None, "{axes:?} {x} {y}");
        }
    }
}
