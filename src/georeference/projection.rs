//! Coordinate systems that are understood: longitude and latitude, Web Mercator, and the UTM zones of WGS84, NAD83 and ETRS89.
//!
//! The newer regional systems (NAD83, ETRS89, CGCS2000, JGD, Korea 2000) are taken as WGS84: they differ by up to two metres, less than
//! images are off by.

use super::ellipsoid::{GRS80, WGS84};
use super::transverse_mercator::TransverseMercator;
use libm::{asinh, atan, sinh, tan};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// From map coordinates to longitude and latitude and back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Projection {
    /// Degrees as they are.
    Geographic,
    /// The square map of web services, on a sphere.
    WebMercator,
    /// UTM and its kin.
    TransverseMercator(Box<TransverseMercator>),
}

/// Geographic systems that are WGS84 but for a metre or two: WGS84 (2-D, 3-D, G-realisations aside), NAD83 and NAD83(2011), ETRS89,
/// CGCS2000, JGD2000 and JGD2011, Korea 2000.
const GEOGRAPHIC: [u32; 9] = [4326, 4979, 4269, 6318, 4258, 4490, 4612, 6668, 4737];

/// Web Mercator's number in the EPSG registry, and those it had before and elsewhere.
const WEB_MERCATOR: [u32; 5] = [3857, 3785, 900_913, 102_100, 102_113];

impl Projection {
    /// By number in the EPSG registry; `None` for systems that aren't understood.
    pub fn from_epsg(code: u32) -> Option<Self> {
        let utm = |ellipsoid, zone, south| Self::TransverseMercator(Box::new(TransverseMercator::utm(&ellipsoid, zone, south)));
        Some(match code {
            _ if GEOGRAPHIC.contains(&code) => Self::Geographic,
            _ if WEB_MERCATOR.contains(&code) => Self::WebMercator,
            32_601..=32_660 => utm(WGS84, code - 32_600, false),
            32_701..=32_760 => utm(WGS84, code - 32_700, true),
            26_901..=26_923 => utm(GRS80, code - 26_900, false),
            25_828..=25_838 => utm(GRS80, code - 25_800, false),
            _ => return None,
        })
    }

    /// Map coordinates to degrees; `None` outside the Earth.
    pub fn to_lonlat(&self, x: f64, y: f64) -> Option<[f64; 2]> {
        let (lon, lat) = match self {
            Self::Geographic => (x, y),
            Self::WebMercator => {
                let radius = WGS84.semi_major_m;
                ((x / radius).to_degrees(), atan(sinh(y / radius)).to_degrees())
            }
            Self::TransverseMercator(grid) => {
                let (lon, lat) = grid.inverse(x, y);
                (wrapped(lon).to_degrees(), lat.to_degrees())
            }
        };
        (lat.abs() <= 90.0 && lon.abs() <= 540.0).then_some([lon, lat])
    }

    /// Degrees to map coordinates.
    pub fn to_map(&self, [lon, lat]: [f64; 2]) -> (f64, f64) {
        match self {
            Self::Geographic => (lon, lat),
            Self::WebMercator => {
                let radius = WGS84.semi_major_m;
                (radius * lon.to_radians(), radius * asinh(tan(lat.to_radians())))
            }
            Self::TransverseMercator(grid) => grid.forward(lon.to_radians(), lat.to_radians()),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_utm_zone_knows_its_middle() {
        for (first, zones, south) in [(32_600, 1..=60u32, false), (32_700, 1..=60, true), (26_900, 1..=23, false)] {
            for zone in zones {
                let projection = Projection::from_epsg(first + zone).expect("a UTM zone");
                let y = if south { 10_000_000.0 } else { 0.0 };
                let [lon, lat] = projection.to_lonlat(500_000.0, y).expect("on Earth");
                assert!((lon - (f64::from(zone) * 6.0 - 183.0)).abs() < 1e-9 && lat.abs() < 1e-9, "zone {zone}: {lon} {lat}");
            }
        }
    }

    /// Computed once with PROJ 9.
    #[test]
    fn web_mercator_agrees_with_proj() {
        let projection = Projection::from_epsg(3857).expect("Web Mercator");
        let (x, y) = projection.to_map([130.6026, 42.4217]);
        assert!((x - WEB[0]).abs() < 1e-3 && (y - WEB[1]).abs() < 1e-3, "{x} {y}");
        let [lon, lat] = projection.to_lonlat(x, y).expect("on Earth");
        assert!((lon - 130.6026).abs() < 1e-12 && (lat - 42.4217).abs() < 1e-12);
    }

    const WEB: [f64; 2] = [14538614.9283, 5224358.8732];

    #[test]
    fn the_date_line_doesn_t_break_a_zone() {
        let projection = Projection::from_epsg(32_601).expect("zone 1");
        let (x, y) = projection.to_map([179.9, 51.0]);
        let [lon, _] = projection.to_lonlat(x, y).expect("on Earth");
        assert!((lon - 179.9).abs() < 1e-9, "{lon}");
    }

    #[test]
    fn strangers_are_none() {
        for code in [0, 27_700, 32_661, 26_711, 2154, 32_767] {
            assert_eq!(Projection::from_epsg(code), None, "{code}");
        }
    }
}
