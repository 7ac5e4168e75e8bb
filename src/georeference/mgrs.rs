//! Military grid references: the way in which many who watch such places write one down (NGA.STND.0037, 2014).

use super::ellipsoid::WGS84;
use super::transverse_mercator::TransverseMercator;

/// Bands of 8° of latitude from 80° south; the last reaches 12°.
const BANDS: &[u8; 20] = b"CDEFGHJKLMNPQRSTUVWX";

/// Letters of squares of 100 km; I and O are left out.
const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

const SQUARE_M: f64 = 100_000.0;

/// The grid reference of a place, to the metre: zone and band, square, easting, northing. `None` beyond 80° south and 84° north, where the grid is another.
///
/// ```
/// assert_eq!(sidings::georeference::mgrs(130.6026, 42.4217).as_deref(), Some("52T FM 31845 97842"));
/// ```
pub fn mgrs(lon_deg: f64, lat_deg: f64) -> Option<String> {
    if !(-80.0..84.0).contains(&lat_deg) || !(-180.0..=180.0).contains(&lon_deg) {
        return None;
    }
    let band = ((lat_deg + 80.0) / 8.0) as usize;
    let zone = zone(lon_deg, lat_deg);
    let projection = TransverseMercator::utm(&WGS84, zone, lat_deg < 0.0);
    let (easting, northing) = projection.forward(lon_deg.to_radians(), lat_deg.to_radians());
    // Columns go through three sets of eight letters, rows through twenty, which begin at F in every second zone.
    let column = (zone as usize - 1) % 3 * 8 + (easting / SQUARE_M) as usize - 1;
    let row = ((northing / SQUARE_M) as usize + if zone.is_multiple_of(2) { 5 } else { 0 }) % 20;
    let (band, column, row) = (letter(BANDS, band)?, letter(LETTERS, column)?, letter(LETTERS, row)?);
    Some(format!("{zone:02}{band} {column}{row} {:05} {:05}", within(easting), within(northing)))
}

fn letter(of: &[u8], at: usize) -> Option<char> {
    of.get(at.min(of.len() - 1)).map(|&b| char::from(b))
}

/// Whole metres within a square, cut off and not rounded, as the standard has it.
fn within(m: f64) -> u32 {
    (m - libm::floor(m / SQUARE_M) * SQUARE_M) as u32
}

/// Zones are 6° wide but at the coast of Norway and on Svalbard.
fn zone(lon: f64, lat: f64) -> u32 {
    let plain = ((lon + 180.0) / 6.0) as u32 % 60 + 1;
    match () {
        () if (56.0..64.0).contains(&lat) && (3.0..12.0).contains(&lon) => 32,
        () if lat >= 72.0 && (0.0..42.0).contains(&lon) => match lon {
            ..9.0 => 31,
            ..21.0 => 33,
            ..33.0 => 35,
            _ => 37,
        },
        () => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_reference_of_the_ngas_own_library() {
        // By GEOTRANS, as the Python package `mgrs` 1.5 calls it.
        for (lon, lat, expected) in [
            (130.6026, 42.4217, "52TFM3184597842"),
            (124.4018, 40.107, "51TXE1947240574"),
            (7.65, 47.53, "32TLT9838564946"),
            (151.2153, -33.8568, "56HLH3490052288"),
            (5.32, 60.39, "32VKN9723000510"),
            (15.65, 78.22, "33XWG1481383004"),
            (0.0, 0.0, "31NAA6602100000"),
            (-30.0, 83.9, "26XMU6442417856"),
            (179.99, -79.9, "60CWS5851128072"),
            (130.39, 42.34, "52TFM1450288462"),
        ] {
            let found = mgrs(lon, lat).expect("on the grid").replace(' ', "");
            let (square, digits) = found.split_at(5);
            let (wanted, figures) = expected.split_at(5);
            let number = |text: &str, from: usize| text[from..from + 5].parse::<i64>().expect("five digits");
            let near = |from| (number(digits, from) - number(figures, from)).abs() <= 1;
            assert!(square == wanted && near(0) && near(5), "{lon} {lat}: {found} for {expected}");
        }
        assert_eq!(mgrs(0.0, 84.5).or(mgrs(0.0, -81.0)), None);
    }
}
