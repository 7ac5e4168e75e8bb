//! GeoTIFF keys: which coordinate system a file names or describes (OGC 19-008r4).

use super::datum::{Datum, REGIONAL};
use super::definition::{Definition, Method};
use super::ellipsoid::Ellipsoid;
use super::epsg;
use super::state_planes;
use super::wkt_system::{self, is_modern};
use crate::ifd::Directory;
use std::f64::consts::PI;

const KEY_DIRECTORY: u16 = 34_735;
const DOUBLE_VALUES: u16 = 34_736;
const ASCII_VALUES: u16 = 34_737;

const MODEL_TYPE: u64 = 1024;
const RASTER_TYPE: u64 = 1025;
const CITATION: u64 = 1026;
const GEOGRAPHIC_TYPE: u64 = 2048;
const GEOGRAPHIC_CITATION: u64 = 2049;
const GEODETIC_DATUM: u64 = 2050;
const PRIME_MERIDIAN: u64 = 2051;
const ANGULAR_UNITS: u64 = 2054;
const SEMI_MAJOR: u64 = 2057;
const SEMI_MINOR: u64 = 2058;
const INVERSE_FLATTENING: u64 = 2059;
const PRIME_MERIDIAN_LONGITUDE: u64 = 2061;
const TO_WGS84: u64 = 2062;
const PROJECTED_TYPE: u64 = 3072;
const PROJECTED_CITATION: u64 = 3073;
const PROJECTION: u64 = 3074;
const METHOD: u64 = 3075;
const LINEAR_UNITS: u64 = 3076;
const LINEAR_UNIT_SIZE: u64 = 3077;
const PARALLELS: [u64; 2] = [3078, 3079];
const LONGITUDES: [u64; 4] = [3080, 3084, 3088, 3095];
const LATITUDES: [u64; 3] = [3081, 3085, 3089];
const EASTINGS: [u64; 3] = [3082, 3086, 3090];
const NORTHINGS: [u64; 3] = [3083, 3087, 3091];
const CENTRE_EASTING: u64 = 3090;
const SCALES: [u64; 2] = [3092, 3093];
const AZIMUTH: u64 = 3094;
const RECTIFIED_GRID_ANGLE: u64 = 3096;

/// The number that says: described by further keys, not by a code.
const USER_DEFINED: u64 = 32_767;

/// Keys are counted by a number of 16 bits, and so are values and the place where they begin.
const SHORT_MAX: usize = 65_535;

/// What the keys say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GeoKeys {
    /// `EPSG:…`, or the words the file uses for a system of its own.
    pub name: Option<String>,
    /// Understood or not.
    pub definition: Option<Definition>,
    /// Tie points speak of pixel centres, not of corners.
    pub pixel_is_point: bool,
}

/// Reads the keys; `None` when the file has none.
pub(super) fn read(directory: &Directory<'_>) -> Option<GeoKeys> {
    let keys = Keys {
        entries: directory.uints(KEY_DIRECTORY)?.uints().take(4 + 4 * SHORT_MAX).collect(),
        doubles: directory.numbers(DOUBLE_VALUES).map(|v| v.floats().take(2 * SHORT_MAX).collect()).unwrap_or_default(),
        text: directory.text(ASCII_VALUES).unwrap_or_default(),
    };
    let (type_key, citations) = match keys.code(MODEL_TYPE) {
        Some(2) => (GEOGRAPHIC_TYPE, [GEOGRAPHIC_CITATION, CITATION]),
        Some(3) => (0, [GEOGRAPHIC_CITATION, CITATION]),
        _ => (PROJECTED_TYPE, [PROJECTED_CITATION, CITATION]),
    };
    let code = keys.code(type_key).filter(|&c| c != USER_DEFINED).and_then(|c| u32::try_from(c).ok());
    let words = citations.into_iter().find_map(|key| keys.words(key));
    let described = || match type_key {
        PROJECTED_TYPE => keys.projected(),
        GEOGRAPHIC_TYPE => keys.geographic(),
        _ => None,
    };
    // Esri writes well-known text where others write words.
    let text = words.as_deref().and_then(|w| wkt_system::read(w.strip_prefix("ESRI PE String = ")?));
    let definition = match (code, &text) {
        (Some(code), _) => epsg::definition(code),
        (None, Some(system)) => system.definition,
        (None, None) => described(),
    };
    let name = code.map(|c| format!("EPSG:{c}")).or_else(|| text.map(|t| t.name)).or(words);
    Some(GeoKeys { name, definition, pixel_is_point: keys.code(RASTER_TYPE) == Some(2) })
}

/// The keys and the values that lie apart from them.
struct Keys {
    entries: Vec<u64>,
    doubles: Vec<f64>,
    text: String,
}

impl Keys {
    fn find(&self, key: u64) -> Option<&[u64]> {
        self.entries.get(4..).unwrap_or_default().chunks_exact(4).find(|e| e[0] == key)
    }

    fn code(&self, key: u64) -> Option<u64> {
        self.find(key).filter(|e| e[1] == 0).map(|e| e[3]).filter(|&v| v > 0)
    }

    fn doubles(&self, key: u64) -> Option<&[f64]> {
        let entry = self.find(key).filter(|e| e[1] == u64::from(DOUBLE_VALUES))?;
        let (start, length) = (usize::try_from(entry[3]).ok()?, usize::try_from(entry[2]).ok()?);
        self.doubles.get(start..start.checked_add(length)?)
    }

    fn number(&self, key: u64) -> Option<f64> {
        self.doubles(key)?.first().copied().filter(|v| v.is_finite())
    }

    fn first(&self, keys: &[u64]) -> Option<f64> {
        keys.iter().find_map(|&key| self.number(key))
    }

    fn words(&self, key: u64) -> Option<String> {
        let entry = self.find(key).filter(|e| e[1] == u64::from(ASCII_VALUES))?;
        let (start, length) = (usize::try_from(entry[3]).ok()?, usize::try_from(entry[2]).ok()?);
        let words = self.text.get(start..start.checked_add(length)?.min(self.text.len()))?;
        Some(words.trim_end_matches('|').trim().to_owned()).filter(|w| !w.is_empty())
    }

    /// Radians in the unit of angles; `None` for an unknown one.
    fn angle(&self) -> Option<f64> {
        match self.code(ANGULAR_UNITS) {
            None | Some(9102 | 9122) => Some(PI / 180.0),
            Some(9101) => Some(1.0),
            Some(9105) => Some(PI / 200.0),
            _ => None,
        }
    }

    /// Metres in the unit of lengths; `None` for an unknown one.
    fn metre(&self) -> Option<f64> {
        match self.code(LINEAR_UNITS) {
            None | Some(9001) => Some(1.0),
            Some(9002) => Some(0.3048),
            Some(9003) => Some(1200.0 / 3937.0),
            Some(9036) => Some(1000.0),
            Some(USER_DEFINED) => self.number(LINEAR_UNIT_SIZE),
            _ => None,
        }
    }

    fn datum(&self) -> Option<Datum> {
        let code = |key| self.code(key).filter(|&c| c != USER_DEFINED).and_then(|c| u32::try_from(c).ok());
        if let Some(geographic) = code(GEOGRAPHIC_TYPE) {
            return Datum::of_geographic(geographic);
        }
        let known = code(GEODETIC_DATUM).and_then(Datum::of_code);
        let inverse = self.number(INVERSE_FLATTENING).or_else(|| {
            let (a, b) = (self.number(SEMI_MAJOR)?, self.number(SEMI_MINOR)?);
            Some(a / (a - b)).filter(|v| v.is_finite())
        });
        let ellipsoid = self.number(SEMI_MAJOR).zip(inverse).map(|(a, f)| Ellipsoid::new(a, f));
        let shift = self.doubles(TO_WGS84).and_then(|v| match v {
            &[x, y, z] => Some([x, y, z, 0.0, 0.0, 0.0, 0.0]),
            v => <[f64; 7]>::try_from(v).ok(),
        });
        let named = || {
            // `GCS Name = …|Datum = WGS_1984|Ellipsoid = …|Primem = …`
            let words = self.words(GEOGRAPHIC_CITATION)?;
            let datum = words.split('|').find_map(|part| part.trim().strip_prefix("Datum = "))?;
            Datum::of_name(datum)
        };
        known.or_else(named).or_else(|| {
            let ellipsoid = ellipsoid?;
            match shift {
                Some(shift) if shift.iter().any(|v| *v != 0.0) => Some(Datum { ellipsoid, shift: Some(shift), within_m: 2.0 }),
                _ => is_modern(&ellipsoid).then_some(REGIONAL),
            }
        })
    }

    /// Degrees east of Greenwich; `None` for a meridian that isn't listed.
    fn prime_meridian(&self) -> Option<f64> {
        match self.code(PRIME_MERIDIAN) {
            None | Some(8901) => Some(self.number(PRIME_MERIDIAN_LONGITUDE).unwrap_or(0.0)),
            Some(8903) => Some(2.337_229_17),
            Some(USER_DEFINED) => self.number(PRIME_MERIDIAN_LONGITUDE),
            _ => None,
        }
    }

    fn geographic(&self) -> Option<Definition> {
        let geographic = Definition::new(Method::Geographic, self.datum()?, 0.0, 0.0);
        Some(Definition { prime_meridian: self.prime_meridian()?, unit: self.angle()?, ..geographic })
    }

    /// A map of the file's own: one of the registry's zones on some datum, or a method with its parameters.
    fn projected(&self) -> Option<Definition> {
        let (datum, unit) = (self.datum()?, self.metre()?);
        let in_unit = |d: Definition| Definition { unit, false_origin: d.false_origin.map(|v| v / unit), ..d };
        match self.code(PROJECTION) {
            Some(code @ 16_001..=16_060) => return Some(in_unit(Definition::utm(datum, (code - 16_000) as u32, false))),
            Some(code @ 16_101..=16_160) => return Some(in_unit(Definition::utm(datum, (code - 16_100) as u32, true))),
            Some(code) if code != USER_DEFINED => {
                if let Some(zone) = state_planes::of_projection(code, datum, unit) {
                    return Some(zone);
                }
            }
            _ => {}
        }
        let method = match self.code(METHOD)? {
            1 => Method::TransverseMercator,
            // Variant A. Some writers mean B, and say so by where they put the false origin: no place is better than a wrong one.
            3 => Some(Method::HotineNatural).filter(|_| self.number(CENTRE_EASTING).is_none())?,
            // GDAL's own number for variant B.
            9815 => Method::HotineCentre,
            7 => Method::Mercator,
            8 => Method::LambertTwo,
            9 => Method::LambertOne,
            10 => Method::EqualArea,
            11 => Method::Albers,
            15 => Method::PolarStereographic,
            16 => Method::ObliqueStereographic,
            _ => return None,
        };
        let degrees = |keys: &[u64]| self.first(keys).map(|v| v * self.angle().unwrap_or(PI / 180.0)).map(f64::to_degrees);
        self.angle()?;
        let (lon, lat) = (degrees(&LONGITUDES).unwrap_or(0.0), degrees(&LATITUDES).unwrap_or(0.0));
        let definition = Definition {
            parallels: PARALLELS.map(|key| degrees(&[key])),
            azimuth: degrees(&[AZIMUTH]),
            grid_angle: degrees(&[RECTIFIED_GRID_ANGLE]),
            scale: self.first(&SCALES).unwrap_or(1.0),
            false_origin: [self.first(&EASTINGS).unwrap_or(0.0), self.first(&NORTHINGS).unwrap_or(0.0)],
            prime_meridian: self.prime_meridian()?,
            unit,
            ..Definition::new(method, datum, lon, lat)
        };
        // Without the angle from grid north, readers differ in what they take.
        let complete = !matches!(method, Method::HotineNatural | Method::HotineCentre) || definition.grid_angle.is_some();
        definition.projection().filter(|_| complete).map(|_| definition)
    }
}
