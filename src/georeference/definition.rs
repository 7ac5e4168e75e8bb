//! A coordinate system by its parameters, as keys, WKT and the registry give them, before it is known whether it is understood.

use super::azimuthal::Azimuthal;
use super::conic::Conic;
use super::cylinder::Cylinder;
use super::datum::Datum;
use super::hotine::{Hotine, Origin};
use super::krovak::{Axes, Krovak};
use super::projection::{Map, Projection};
use super::transverse_mercator::TransverseMercator;
use std::f64::consts::PI;

/// Which map projection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Geographic,
    WebMercator,
    TransverseMercator,
    /// True at the equator, or along the first parallel.
    Mercator,
    /// One parallel, scaled.
    LambertOne,
    /// Two parallels.
    LambertTwo,
    Albers,
    EqualArea,
    /// Scaled at the pole, or true along the first parallel.
    PolarStereographic,
    ObliqueStereographic,
    Swiss,
    /// Hotine's oblique Mercator map, variant A: the false origin lies where the initial line crosses the equator.
    HotineNatural,
    /// Variant B: the false origin is the centre.
    HotineCentre,
    /// By the co-latitude of the cone's axis in place of an azimuth; easting and northing.
    Krovak,
    /// The same with southing before westing.
    KrovakSouthWest,
}

/// Everything that a coordinate system is made of. Angles in degrees from the prime meridian, lengths in the system's own unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Definition {
    pub method: Method,
    pub datum: Datum,
    pub prime_meridian: f64,
    pub lat: f64,
    pub lon: f64,
    /// `None`: not given.
    pub parallels: [Option<f64>; 2],
    /// Of the line that an oblique map lies along, clockwise from north; `None`: not given.
    pub azimuth: Option<f64>,
    /// From grid north to that line; `None`: the azimuth.
    pub grid_angle: Option<f64>,
    pub scale: f64,
    pub false_origin: [f64; 2],
    /// Metres, or of geographic systems radians, in a unit.
    pub unit: f64,
}

impl Definition {
    /// A map in metres, with nothing shifted and nothing scaled.
    pub fn new(method: Method, datum: Datum, lon: f64, lat: f64) -> Self {
        Self {
            method,
            datum,
            prime_meridian: 0.0,
            lat,
            lon,
            parallels: [None; 2],
            azimuth: None,
            grid_angle: None,
            scale: 1.0,
            false_origin: [0.0; 2],
            unit: if method == Method::Geographic { PI / 180.0 } else { 1.0 },
        }
    }

    /// Easting and northing of the origin.
    pub fn at(self, easting: f64, northing: f64) -> Self {
        Self { false_origin: [easting, northing], ..self }
    }

    /// Scale on the central meridian, the parallel or at the pole.
    pub fn scaled(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// Standard parallels.
    pub fn parallels(self, first: f64, second: f64) -> Self {
        Self { parallels: [Some(first), Some(second)], ..self }
    }

    /// One of the sixty UTM zones.
    pub fn utm(datum: Datum, zone: u32, south: bool) -> Self {
        let northing = if south { 10_000_000.0 } else { 0.0 };
        Self::transverse(datum, f64::from(zone) * 6.0 - 183.0, 0.0).scaled(0.9996).at(500_000.0, northing)
    }

    /// A transverse Mercator map.
    pub fn transverse(datum: Datum, lon: f64, lat: f64) -> Self {
        Self::new(Method::TransverseMercator, datum, lon, lat)
    }

    /// The projection; `None` for parameters that make no map.
    pub fn projection(&self) -> Option<Projection> {
        let plausible =
            self.scale > 0.1 && self.scale < 10.0 && self.unit > 0.0 && self.lat.abs() <= 90.0 && self.lon.abs() <= 360.0;
        let parallels_plausible = self.parallels.iter().flatten().all(|p| p.abs() <= 90.0);
        let origin_plausible = self.false_origin.iter().all(|v| v.is_finite());
        let angles_plausible = [self.azimuth, self.grid_angle].iter().flatten().all(|a| a.abs() <= 360.0);
        if !(plausible && parallels_plausible && origin_plausible && angles_plausible) {
            return None;
        }
        let (ellipsoid, lat) = (&self.datum.ellipsoid, self.lat.to_radians());
        let [first, second] = self.parallels.map(|p| p.map(f64::to_radians));
        let map = match self.method {
            Method::Geographic => Map::Geographic,
            Method::WebMercator => Map::Web,
            Method::TransverseMercator => {
                let map = TransverseMercator::new(ellipsoid, 0.0, self.scale, 0.0, 0.0);
                Map::TransverseMercator(Box::new(if self.lat == 0.0 { map } else { map.with_origin_at(lat) }))
            }
            Method::Mercator if self.lat == 0.0 => {
                let scale = first.map_or(self.scale, |p| ellipsoid.parallel(p));
                Map::Cylinder(Cylinder::upright(ellipsoid, scale))
            }
            Method::Mercator => return None,
            Method::LambertOne => Map::Conic(Conic::lambert(ellipsoid, lat, [first.unwrap_or(lat); 2], self.scale)?),
            Method::LambertTwo => Map::Conic(Conic::lambert(ellipsoid, lat, [first?, second.or(first)?], self.scale)?),
            Method::Albers => Map::Conic(Conic::albers(ellipsoid, lat, [first?, second.or(first)?])?),
            Method::EqualArea => Map::Azimuthal(Azimuthal::equal_area(ellipsoid, lat)?),
            Method::PolarStereographic => Map::Azimuthal(self.polar(first)?),
            Method::ObliqueStereographic => Map::Azimuthal(Azimuthal::oblique(ellipsoid, lat, self.scale)?),
            Method::Swiss => Map::Cylinder(Cylinder::swiss(ellipsoid, lat, self.scale)),
            // Along the parallel Hotine's formulas lose half their digits, and the map is the Swiss one.
            Method::HotineCentre if self.runs_east() => Map::Cylinder(Cylinder::swiss(ellipsoid, lat, self.scale)),
            Method::HotineCentre => Map::Hotine(Box::new(self.hotine(Origin::Centre)?)),
            Method::HotineNatural => Map::Hotine(Box::new(self.hotine(Origin::Natural)?)),
            Method::Krovak => Map::Krovak(Box::new(self.krovak(Axes::EastNorth)?)),
            Method::KrovakSouthWest => Map::Krovak(Box::new(self.krovak(Axes::SouthWest)?)),
        };
        Some(Projection {
            map,
            datum: self.datum,
            prime_meridian: self.prime_meridian.to_radians(),
            central_meridian: if self.method == Method::Geographic { 0.0 } else { self.lon.to_radians() },
            false_origin: self.false_origin,
            unit: self.unit,
        })
    }

    fn runs_east(&self) -> bool {
        let east = |angle: f64| (angle - 90.0).abs() < 1e-9;
        self.azimuth.is_some_and(east) && self.grid_angle.is_none_or(east)
    }

    fn hotine(&self, origin: Origin) -> Option<Hotine> {
        let azimuth = self.azimuth?;
        let grid_angle = self.grid_angle.unwrap_or(azimuth).to_radians();
        Hotine::new(&self.datum.ellipsoid, self.lat.to_radians(), azimuth.to_radians(), grid_angle, self.scale, origin)
    }

    fn krovak(&self, axes: Axes) -> Option<Krovak> {
        let (colatitude, parallel) = (self.azimuth?.to_radians(), self.parallels[0]?.to_radians());
        Krovak::new(&self.datum.ellipsoid, self.lat.to_radians(), colatitude, parallel, self.scale, axes)
    }

    /// Some files give the true parallel in place of the latitude of origin, which is a pole.
    fn polar(&self, parallel: Option<f64>) -> Option<Azimuthal> {
        let ellipsoid = &self.datum.ellipsoid;
        match parallel {
            Some(parallel) if parallel != 0.0 => Some(Azimuthal::polar_true_at(ellipsoid, parallel)),
            _ if self.lat.abs() > 90.0 - 1e-6 => Some(Azimuthal::polar_scaled(ellipsoid, self.lat < 0.0, self.scale)),
            _ if self.scale == 1.0 && self.lat != 0.0 => Some(Azimuthal::polar_true_at(ellipsoid, self.lat.to_radians())),
            _ => None,
        }
    }
}
