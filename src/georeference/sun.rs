//! Where the sun stood.

use super::moment::Moment;
use libm::{asin, atan2, cos, fmod, sin};
use serde::{Deserialize, Serialize};

/// Direction to the sun from a place on the ground, degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sun {
    /// From north by way of east.
    pub azimuth_deg: f64,
    /// Above the horizon, without refraction; negative at night.
    pub elevation_deg: f64,
}

/// Position of the sun at a longitude and latitude (degrees); `None` where the time of day or its zone is unknown.
///
/// Low-precision formulas of the *Astronomical Almanac* (US Naval Observatory, "Computing Approximate Solar Coordinates"): good to some
/// hundredths of a degree within two centuries of 2000, a hundredth of what the length of a shadow can be told to.
pub(super) fn position(moment: Moment, [lon, lat]: [f64; 2]) -> Option<Sun> {
    let time = moment.time.filter(|t| t.universal)?;
    let days = days_since_2000(&moment.day.iso())?
        + (f64::from(time.hour) + f64::from(time.minute) / 60.0 + f64::from(time.second) / 3600.0) / 24.0;
    let radians = |degrees: f64| fmod(degrees, 360.0).to_radians();
    let anomaly = radians(357.529 + 0.985_600_28 * days);
    let longitude = radians(280.459 + 0.985_647_36 * days + 1.915 * sin(anomaly) + 0.020 * sin(2.0 * anomaly));
    let obliquity = radians(23.439 - 0.000_000_36 * days);
    let ascension = atan2(cos(obliquity) * sin(longitude), cos(longitude));
    let declination = asin(sin(obliquity) * sin(longitude));
    let sidereal = radians(15.0 * (18.697_374_558 + 24.065_709_824_419_08 * days) + lon);
    let (hour_angle, lat) = (sidereal - ascension, lat.to_radians());
    let elevation = asin(sin(lat) * sin(declination) + cos(lat) * cos(declination) * cos(hour_angle));
    let azimuth = atan2(-sin(hour_angle), cos(lat) * sin(declination) / cos(declination) - sin(lat) * cos(hour_angle));
    Some(Sun { azimuth_deg: fmod(azimuth.to_degrees() + 360.0, 360.0), elevation_deg: elevation.to_degrees() })
}

/// Days from noon of 1 January 2000 to the beginning of a day (Fliegel and Van Flandern, *Communications of the ACM* 11, 1968).
fn days_since_2000(iso: &str) -> Option<f64> {
    let part = |range: std::ops::Range<usize>| iso.get(range).and_then(|v| v.parse::<i64>().ok());
    let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
    let a = (month - 14) / 12;
    let julian =
        1461 * (year + 4800 + a) / 4 + 367 * (month - 2 - 12 * a) / 12 - 3 * ((year + 4900 + a) / 100) / 4 + day - 32_075;
    Some((julian - 2_451_545) as f64 - 0.5)
}

#[cfg(test)]
mod tests {
    use super::super::moment::of_provider;
    use super::*;

    #[track_caller]
    fn near(moment: &str, lonlat: [f64; 2], azimuth: f64, elevation: f64) {
        let sun = position(of_provider(moment).expect("a moment"), lonlat).expect("universal time");
        let off = (sun.azimuth_deg - azimuth).abs().max((sun.elevation_deg - elevation).abs());
        assert!(off < 0.03, "{moment}: {sun:?}");
    }

    /// The worked example of the Solar Position Algorithm (Reda and Andreas, NREL/TP-560-34302, 2008), its refraction of 0.016° taken out.
    #[test]
    fn agrees_with_the_published_example() {
        near("2003-10-17T19:30:30Z", [-105.1786, 39.742_476], 194.340_24, 39.872_046);
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        assert_eq!(days_since_2000("2000-01-01"), Some(-0.5));
        assert_eq!(days_since_2000("2024-03-01"), Some(8825.5));
        assert_eq!(days_since_2000("1999-12-31"), Some(-1.5));
    }

    #[test]
    fn without_a_zone_there_is_no_sun() {
        let moment = of_provider("2023-10-05").expect("a day");
        assert_eq!(position(moment, [130.6, 42.4]), None);
    }
}
