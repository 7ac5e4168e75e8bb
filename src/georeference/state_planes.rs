//! The state plane coordinate system of 1983: a map for every state of the United States or for a part of one, and the numbers under which
//! the EPSG registry (v12) has it, on NAD83 and the realisations after it, in metres and in feet.
//!
//! False origins of maps in feet are rounded in the registry; they are the same as in metres within a millimetre.

use super::datum::{Datum, REGIONAL};
use super::definition::{Definition, Method};

/// A zone a line: the number of its GeoTIFF projection in metres, its name, the letter of its map (transverse Mercator, Lambert's, oblique
/// Mercator), degrees, minutes and seconds, and the numbers of systems in metres, US survey feet and feet. Left out are the 32 that the
/// registry withdrew, most of them for a wrong unit or origin: files mean both, and GDAL writes the new number.
const TABLE: &str = include_str!("state_planes.tsv");

/// Metres in a metre, a US survey foot and a foot, in the order of the table's columns.
const UNITS: [f64; 3] = [1.0, 1200.0 / 3937.0, 0.3048];

/// A system by its number in the registry.
pub(super) fn definition(code: u32) -> Option<Definition> {
    let code = code.to_string();
    zones().find_map(|zone| {
        let at = zone.codes.iter().position(|codes| codes.split(' ').any(|c| c == code))?;
        zone.definition(REGIONAL, UNITS[at])
    })
}

/// A zone by the number of its projection, on the datum and in the unit that a file names.
pub(super) fn of_projection(number: u64, datum: Datum, unit: f64) -> Option<Definition> {
    zones().find(|zone| zone.projection.parse() == Ok(number))?.definition(datum, unit)
}

fn zones() -> impl Iterator<Item = Zone> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(Zone::read)
}

/// A line of the table.
struct Zone {
    projection: &'static str,
    map: &'static str,
    lat: f64,
    lon: f64,
    /// Two parallels, or a scale, and the azimuth where there is one.
    shape: [Option<&'static str>; 2],
    origin_m: [f64; 2],
    codes: [&'static str; 3],
}

impl Zone {
    fn read(line: &'static str) -> Option<Self> {
        let columns: Vec<&str> = line.split('\t').collect();
        let &[projection, _, map, lat, lon, shape, origin, metres, survey_feet, feet] = &columns[..] else { return None };
        let (mut shape, (easting, northing)) = (shape.split(' '), origin.split_once(' ')?);
        Some(Self {
            projection,
            map,
            lat: degrees(lat)?,
            lon: degrees(lon)?,
            shape: [shape.next(), shape.next()],
            origin_m: [easting.parse().ok()?, northing.parse().ok()?],
            codes: [metres, survey_feet, feet],
        })
    }

    fn definition(&self, datum: Datum, unit: f64) -> Option<Definition> {
        let [first, second] = self.shape;
        let angle = |text: Option<&str>| text.and_then(degrees);
        let scaled = |method| Some(Definition::new(method, datum, self.lon, self.lat).scaled(first?.parse().ok()?));
        let definition = match self.map {
            "T" => scaled(Method::TransverseMercator)?,
            "L" => Definition::new(Method::LambertTwo, datum, self.lon, self.lat).parallels(angle(first)?, angle(second)?),
            _ => Definition { azimuth: angle(second), ..scaled(Method::HotineNatural)? },
        };
        Some(Definition { unit, ..definition }.at(self.origin_m[0] / unit, self.origin_m[1] / unit))
    }
}

/// `-85:50` as degrees.
fn degrees(text: &str) -> Option<f64> {
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let mut size = 0.0;
    for (part, share) in text.split(':').zip([1.0, 60.0, 3600.0]) {
        size += part.parse::<f64>().ok()? / share;
    }
    Some(sign * size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_line_is_a_map_and_no_number_stands_twice() {
        assert_eq!(zones().count(), TABLE.lines().count() - 1);
        let mut seen = BTreeSet::new();
        for zone in zones() {
            assert!(zone.definition(REGIONAL, 1.0).and_then(|d| d.projection()).is_some(), "{}", zone.projection);
            for code in zone.codes.iter().flat_map(|codes| codes.split(' ')).filter(|code| *code != "-") {
                assert!(seen.insert(code), "{code}");
            }
        }
        assert!(seen.len() > 900);
    }

    #[test]
    fn minutes_go_the_way_of_their_degrees() {
        assert_eq!(degrees("-85:30"), Some(-85.5));
        assert_eq!(degrees("323:07:30"), Some(323.125));
        assert_eq!(degrees("x"), None);
    }
}
