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

/// Longitude and latitude of the middle of the square that a reference names, whose figures may be spaced and two to ten in all. `None` for what is no
/// reference, and beyond the grid.
///
/// ```
/// let [lon, lat] = sidings::georeference::from_mgrs("52T FM 31845 97842").expect("a reference");
/// assert!((lon - 130.6026).abs() < 1e-5 && (lat - 42.4217).abs() < 1e-5);
/// ```
pub fn from_mgrs(text: &str) -> Option<[f64; 2]> {
    let text: String = text.split_whitespace().collect::<String>().to_ascii_uppercase();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let zone: u32 = text.get(..digits)?.parse().ok().filter(|zone| (1..=60).contains(zone))?;
    let &[band, column, row, ref figures @ ..] = text.as_bytes().get(digits..)? else { return None };
    let figures = std::str::from_utf8(figures).ok().filter(|f| f.bytes().all(|b| b.is_ascii_digit()))?;
    if !(2..=10).contains(&figures.len()) || !figures.len().is_multiple_of(2) {
        return None;
    }
    let place = |of: &[u8], b: u8| of.iter().position(|&l| l == b);
    let band = place(BANDS, band)?;
    // Three sets of eight columns, one for each third zone.
    let column = place(LETTERS, column)?.checked_sub((zone as usize - 1) % 3 * 8).filter(|c| *c < 8)? + 1;
    let row = (place(LETTERS, row).filter(|row| *row < 20)? + if zone.is_multiple_of(2) { 15 } else { 0 }) % 20;
    let half = figures.len() / 2;
    let unit_m = [10_000.0, 1000.0, 100.0, 10.0, 1.0][half - 1];
    let along = |part: &str| Some((f64::from(part.parse::<u32>().ok()?) + 0.5) * unit_m);
    let (easting, northing) = (along(&figures[..half])?, along(&figures[half..])?);
    let (easting, northing) = (column as f64 * SQUARE_M + easting, row as f64 * SQUARE_M + northing);
    let south = band < 10;
    let from_deg = band as f64 * 8.0 - 80.0;
    let band_deg = from_deg - BAND_EDGE_DEG..from_deg + if band == 19 { 12.0 } else { 8.0 } + BAND_EDGE_DEG;
    let projection = TransverseMercator::utm(&WGS84, zone, south);
    // The letters of the rows come again every 2,000 km; the band says which of them is meant.
    (0..5).map(|turn| projection.inverse(easting, northing + f64::from(turn) * 20.0 * SQUARE_M)).find_map(|(lon, lat)| {
        let [lon, lat] = [lon.to_degrees(), lat.to_degrees()];
        // Squares of the first and the last zone may lie beyond the line where the days meet.
        let lon = if lon < -180.0 {
            lon + 360.0
        } else if lon > 180.0 {
            lon - 360.0
        } else {
            lon
        };
        (band_deg.contains(&lat) && lon.is_finite()).then_some([lon, lat])
    })
}

/// A square at the edge of a band may have its middle beyond it, degrees.
const BAND_EDGE_DEG: f64 = 0.5;

fn letter(of: &[u8], at: usize) -> Option<char> {
    of.get(at.min(of.len() - 1)).map(|&b| char::from(b))
}

/// Whole metres within a square, cut off and not rounded, as the standard has it.
fn within(m: f64) -> u32 {
    (m - (m / SQUARE_M).floor() * SQUARE_M) as u32
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

    #[test]
    fn a_reference_leads_back_to_its_place() {
        for zone in 0..60 {
            for step in 0..54 {
                let (lon, lat) = (f64::from(zone) * 6.0 - 179.3, f64::from(step) * 3.0 - 79.2);
                let text = mgrs(lon, lat).expect("on the grid");
                let [back_lon, back_lat] = from_mgrs(&text).unwrap_or_else(|| panic!("{text}"));
                let across = (back_lon - lon) * lat.to_radians().cos();
                assert!(across.abs() < 1e-5 && (back_lat - lat).abs() < 1e-5, "{text}: {back_lon} {back_lat} for {lon} {lat}");
            }
        }
        let [lon, lat] = from_mgrs("52tfm3197").expect("a square of ten kilometres, spelt small");
        assert!((lon - 130.6).abs() < 0.01 && (lat - 42.42).abs() < 0.01, "{lon} {lat}");
        for text in [
            "",
            "52T",
            "52T FM",
            "52T FM 3",
            "52T FM 318 9784",
            "61T FM 31 97",
            "0T FM 31 97",
            "52I FM 31 97",
            "52T SM 31 97",
            "52T FM 3a 97",
            "4217 130",
        ] {
            assert_eq!(from_mgrs(text), None, "{text}");
        }
    }
}
