//! Coordinate systems by their number in the EPSG registry (v12): the ones that images of yards come in, first of all round Korea.
//!
//! Transcribed from the registry's definitions; every row is held against PROJ by a test.

use super::datum::{
    AMERSFOORT, BD72, BOGOTA_1975, CH1903, DHDN, Datum, ED50, HD72, HONG_KONG_1980, KOREA_1985, MGI, NAD27, NTF, OSGB36,
    PULKOVO_1942, PULKOVO_1995, REGIONAL, S_JTSK, S_JTSK_03, TIMBALAI_1948, TOKYO, WORLD,
};
use super::definition::{Definition, Method};
use super::state_planes;

/// Web Mercator's number in the EPSG registry, and those it had before and elsewhere.
const WEB_MERCATOR: [u32; 5] = [3857, 3785, 900_913, 102_100, 102_113];

/// Central meridian and latitude of origin of the nineteen zones of Japan's plane, degrees.
const JAPAN_PLANE: [(f64, f64); 19] = [
    (129.5, 33.0),
    (131.0, 33.0),
    (132.0 + 1.0 / 6.0, 36.0),
    (133.5, 33.0),
    (134.0 + 1.0 / 3.0, 36.0),
    (136.0, 36.0),
    (137.0 + 1.0 / 6.0, 36.0),
    (138.5, 36.0),
    (139.0 + 5.0 / 6.0, 36.0),
    (140.0 + 5.0 / 6.0, 40.0),
    (140.25, 44.0),
    (142.25, 44.0),
    (144.25, 44.0),
    (142.0, 26.0),
    (127.5, 26.0),
    (124.0, 26.0),
    (131.0, 26.0),
    (136.0, 20.0),
    (154.0, 26.0),
];

/// How far the meridians of the Korean belts on Bessel's ellipsoid were moved, degrees: 10.405 seconds.
const KOREA_MOVED: f64 = 10.405 / 3600.0;

/// The meridian of Ferro, as it was agreed on, degrees.
const FERRO: f64 = -(17.0 + 40.0 / 60.0);

/// A system by its number; `None` for those that aren't listed.
pub(super) fn definition(code: u32) -> Option<Definition> {
    if let Some(datum) = Datum::of_geographic(code) {
        return Some(Definition::new(Method::Geographic, datum, 0.0, 0.0));
    }
    if WEB_MERCATOR.contains(&code) {
        return Some(Definition::new(Method::WebMercator, WORLD, 0.0, 0.0));
    }
    let regions = [utm, east_asia, gauss_kruger, europe, malaysia, america, elsewhere, state_planes::definition];
    regions.iter().find_map(|region| region(code))
}

/// Zones of the universal grid on many datums.
fn utm(code: u32) -> Option<Definition> {
    let north = |datum, zone| Some(Definition::utm(datum, zone, false));
    let south = |datum, zone| Some(Definition::utm(datum, zone, true));
    match code {
        32_601..=32_660 => north(WORLD, code - 32_600),
        32_701..=32_760 => south(WORLD, code - 32_700),
        26_901..=26_923 => north(REGIONAL, code - 26_900),
        // NAD83(2011), NAD83(CSRS).
        6_330..=6_348 => north(REGIONAL, code - 6_329),
        2_955..=2_962 => north(REGIONAL, [11, 12, 13, 17, 18, 19, 20, 21][(code - 2_955) as usize]),
        25_828..=25_838 => north(REGIONAL, code - 25_800),
        // JGD2000, JGD2011, Tokyo.
        3_097..=3_101 => north(REGIONAL, code - 3_046),
        6_688..=6_692 => north(REGIONAL, code - 6_637),
        3_092..=3_096 => north(TOKYO, code - 3_041),
        // GDA94, GDA2020, SIRGAS 2000.
        28_348..=28_358 => south(REGIONAL, code - 28_300),
        7_846..=7_859 => south(REGIONAL, code - 7_800),
        31_978..=31_985 => south(REGIONAL, code - 31_960),
        26_710..=26_720 => north(NAD27, code - 26_700),
        23_029..=23_036 => north(ED50, code - 23_000),
        _ => None,
    }
}

/// Korea, Japan, Taiwan, Hong Kong.
fn east_asia(code: u32) -> Option<Definition> {
    let belt = |datum, lon, northing| Definition::transverse(datum, lon, 38.0).at(200_000.0, northing);
    let plane = |datum, zone: u32| {
        let (lon, lat) = JAPAN_PLANE[zone as usize];
        Definition::transverse(datum, lon, lat).scaled(0.9999)
    };
    Some(match code {
        // Korea 2000: unified, and the belts with either northing.
        5_178 => Definition::transverse(KOREA_1985, 127.5, 38.0).scaled(0.9996).at(1_000_000.0, 2_000_000.0),
        5_179 => Definition::transverse(REGIONAL, 127.5, 38.0).scaled(0.9996).at(1_000_000.0, 2_000_000.0),
        5_180 => belt(REGIONAL, 125.0, 500_000.0),
        5_181 => belt(REGIONAL, 127.0, 500_000.0),
        5_182 => belt(REGIONAL, 127.0, 550_000.0),
        5_183 => belt(REGIONAL, 129.0, 500_000.0),
        5_184 => belt(REGIONAL, 131.0, 500_000.0),
        5_185..=5_188 => belt(REGIONAL, 125.0 + 2.0 * f64::from(code - 5_185), 600_000.0),
        2_096 => belt(KOREA_1985, 129.0, 500_000.0),
        2_097 => belt(KOREA_1985, 127.0, 500_000.0),
        2_098 => belt(KOREA_1985, 125.0, 500_000.0),
        5_173 => belt(KOREA_1985, 125.0 + KOREA_MOVED, 500_000.0),
        5_174 => belt(KOREA_1985, 127.0 + KOREA_MOVED, 500_000.0),
        5_175 => belt(KOREA_1985, 127.0 + KOREA_MOVED, 550_000.0),
        5_176 => belt(KOREA_1985, 129.0 + KOREA_MOVED, 500_000.0),
        5_177 => belt(KOREA_1985, 131.0 + KOREA_MOVED, 500_000.0),
        2_443..=2_461 => plane(REGIONAL, code - 2_443),
        6_669..=6_687 => plane(REGIONAL, code - 6_669),
        30_161..=30_179 => plane(TOKYO, code - 30_161),
        3_826 => Definition::transverse(REGIONAL, 121.0, 0.0).scaled(0.9999).at(250_000.0, 0.0),
        3_825 => Definition::transverse(REGIONAL, 119.0, 0.0).scaled(0.9999).at(250_000.0, 0.0),
        2_326 => Definition::transverse(HONG_KONG_1980, 114.0 + 10.0 / 60.0 + 42.8 / 3600.0, 22.0 + 18.0 / 60.0 + 43.68 / 3600.0)
            .at(836_694.05, 819_069.8),
        _ => return None,
    })
}

/// Gauss-Krüger grids of Russia and China. Some eastings begin with the number of their zone.
fn gauss_kruger(code: u32) -> Option<Definition> {
    let grid = |datum, lon: u32, easting| Some(Definition::transverse(datum, f64::from(lon), 0.0).at(easting, 0.0));
    let numbered = |zone: u32| f64::from(zone) * 1e6 + 500_000.0;
    match code {
        // Pulkovo 1942 and 1995, zones of 6° from 21° (zone 4) to 189° (zone 32) east. West of Russia the datum lies otherwise.
        28_404..=28_432 => grid(PULKOVO_1942, (code - 28_400) * 6 - 3, numbered(code - 28_400)),
        20_004..=20_032 => grid(PULKOVO_1995, (code - 20_000) * 6 - 3, numbered(code - 20_000)),
        28_464..=28_492 => grid(PULKOVO_1942, (code - 28_460) * 6 - 3, 500_000.0),
        20_064..=20_092 => grid(PULKOVO_1995, (code - 20_060) * 6 - 3, 500_000.0),
        // The numbers that took the place of these, and that GDAL writes for them.
        2_494..=2_522 => grid(PULKOVO_1942, (code - 2_494) * 6 + 21, 500_000.0),
        2_463..=2_491 => grid(PULKOVO_1995, (code - 2_463) * 6 + 21, 500_000.0),
        // The same in zones of 3°, from 21° (zone 7) to 168° west (zone 64). 2577 and 2694 are left out: the easting that the registry gave
        // zone 60 was wrong, and was mended under other numbers.
        2_523..=2_549 => grid(PULKOVO_1942, (code - 2_516) * 3, numbered(code - 2_516)),
        2_551..=2_576 | 2_578..=2_580 => grid(PULKOVO_1942, (code - 2_517) * 3, numbered(code - 2_517)),
        3_389 => grid(PULKOVO_1942, 180, numbered(60)),
        2_582..=2_599 => grid(PULKOVO_1942, (code - 2_575) * 3, 500_000.0),
        2_601..=2_640 => grid(PULKOVO_1942, (code - 2_576) * 3, 500_000.0),
        2_641..=2_693 | 2_695..=2_697 => grid(PULKOVO_1995, (code - 2_634) * 3, numbered(code - 2_634)),
        3_390 => grid(PULKOVO_1995, 180, numbered(60)),
        2_699..=2_735 => grid(PULKOVO_1995, (code - 2_692) * 3, 500_000.0),
        2_738..=2_758 => grid(PULKOVO_1995, (code - 2_694) * 3, 500_000.0),
        // CGCS2000, zones of 6° and of 3°, with and without their number.
        4_491..=4_501 => grid(REGIONAL, (code - 4_478) * 6 - 3, numbered(code - 4_478)),
        4_502..=4_512 => grid(REGIONAL, (code - 4_502) * 6 + 75, 500_000.0),
        4_513..=4_533 => grid(REGIONAL, (code - 4_488) * 3, numbered(code - 4_488)),
        4_534..=4_554 => grid(REGIONAL, (code - 4_534) * 3 + 75, 500_000.0),
        // Germany, zones of 3°.
        31_466..=31_469 => grid(DHDN, (code - 31_464) * 3, numbered(code - 31_464)),
        _ => None,
    }
}

/// National and continental grids of Europe.
fn europe(code: u32) -> Option<Definition> {
    let transverse = |datum, lon, lat| Definition::transverse(datum, lon, lat);
    let lambert = |datum, lon, lat, first, second| Definition::new(Method::LambertTwo, datum, lon, lat).parallels(first, second);
    let bern =
        |datum| Definition::new(Method::Swiss, datum, 7.0 + 26.0 / 60.0 + 22.5 / 3600.0, 46.0 + 57.0 / 60.0 + 8.66 / 3600.0);
    let krovak = |method, lon| Definition {
        azimuth: Some(30.0 + 17.0 / 60.0 + 17.303_11 / 3600.0),
        ..Definition::new(method, S_JTSK, lon, 49.5).parallels(78.5, 78.5).scaled(0.9999)
    };
    let austria = |lon: f64, northing| transverse(MGI, lon, 0.0).at(0.0, northing);
    Some(match code {
        5_514 => krovak(Method::Krovak, 24.0 + 50.0 / 60.0),
        5_513 => krovak(Method::KrovakSouthWest, 24.0 + 50.0 / 60.0),
        8_353 => Definition { datum: S_JTSK_03, ..krovak(Method::Krovak, 24.0 + 50.0 / 60.0) },
        8_352 => Definition { datum: S_JTSK_03, ..krovak(Method::KrovakSouthWest, 24.0 + 50.0 / 60.0) },
        5_221 => Definition { prime_meridian: FERRO, ..krovak(Method::Krovak, 42.5) },
        23_700 => {
            let (lon, lat) = (19.0 + 2.0 / 60.0 + 54.8584 / 3600.0, 47.0 + 8.0 / 60.0 + 39.8174 / 3600.0);
            Definition::new(Method::Swiss, HD72, lon, lat).scaled(0.999_93).at(650_000.0, 200_000.0)
        }
        2_065 => Definition { prime_meridian: FERRO, ..krovak(Method::KrovakSouthWest, 42.5) },
        3_035 => Definition::new(Method::EqualArea, REGIONAL, 10.0, 52.0).at(4_321_000.0, 3_210_000.0),
        3_034 => lambert(REGIONAL, 10.0, 52.0, 35.0, 65.0).at(4_000_000.0, 2_800_000.0),
        27_700 => transverse(OSGB36, -2.0, 49.0).scaled(0.999_601_271_7).at(400_000.0, -100_000.0),
        2_157 => transverse(REGIONAL, -8.0, 53.5).scaled(0.999_82).at(600_000.0, 750_000.0),
        2_154 => lambert(REGIONAL, 3.0, 46.5, 49.0, 44.0).at(700_000.0, 6_600_000.0),
        // Lambert's nine French zones about 42° to 50°.
        3_942..=3_950 => {
            let lat = f64::from(code - 3_900);
            let northing = f64::from(code - 3_942) * 1e6 + 1_200_000.0;
            lambert(REGIONAL, 3.0, lat, lat - 0.75, lat + 0.75).at(1_700_000.0, northing)
        }
        27_572 => Definition {
            prime_meridian: 2.337_229_17,
            ..Definition::new(Method::LambertOne, NTF, 0.0, 46.8).scaled(0.999_877_42).at(600_000.0, 2_200_000.0)
        },
        2_056 => bern(CH1903).at(2_600_000.0, 1_200_000.0),
        21_781 => bern(CH1903).at(600_000.0, 200_000.0),
        28_992 => Definition::new(
            Method::ObliqueStereographic,
            AMERSFOORT,
            5.0 + 23.0 / 60.0 + 15.5 / 3600.0,
            52.0 + 9.0 / 60.0 + 22.178 / 3600.0,
        )
        .scaled(0.999_907_9)
        .at(155_000.0, 463_000.0),
        31_370 => lambert(
            BD72,
            4.0 + 22.0 / 60.0 + 2.952 / 3600.0,
            90.0,
            51.0 + 10.0 / 60.0 + 0.002_04 / 3600.0,
            49.0 + 50.0 / 60.0 + 0.002_04 / 3600.0,
        )
        .at(150_000.013, 5_400_088.438),
        3_812 => lambert(
            REGIONAL,
            4.0 + 21.0 / 60.0 + 33.177 / 3600.0,
            50.0 + 47.0 / 60.0 + 52.134 / 3600.0,
            49.0 + 50.0 / 60.0,
            51.0 + 10.0 / 60.0,
        )
        .at(649_328.0, 665_262.0),
        31_254 => austria(10.0 + 1.0 / 3.0, -5_000_000.0),
        31_255 => austria(13.0 + 1.0 / 3.0, -5_000_000.0),
        31_256 => austria(16.0 + 1.0 / 3.0, -5_000_000.0),
        31_257 => austria(10.0 + 1.0 / 3.0, -5_000_000.0).at(150_000.0, -5_000_000.0),
        31_258 => austria(13.0 + 1.0 / 3.0, -5_000_000.0).at(450_000.0, -5_000_000.0),
        31_259 => austria(16.0 + 1.0 / 3.0, -5_000_000.0).at(750_000.0, -5_000_000.0),
        31_287 => lambert(MGI, 13.0 + 1.0 / 3.0, 47.5, 49.0, 46.0).at(400_000.0, 400_000.0),
        2_180 => transverse(REGIONAL, 19.0, 0.0).scaled(0.9993).at(500_000.0, -5_300_000.0),
        2_176..=2_179 => {
            let zone = f64::from(code - 2_171);
            transverse(REGIONAL, 3.0 * zone, 0.0).scaled(0.999_923).at(zone * 1e6 + 500_000.0, 0.0)
        }
        3_006 => Definition::utm(REGIONAL, 33, false),
        3_067 => Definition::utm(REGIONAL, 35, false),
        3_301 => lambert(REGIONAL, 24.0, 57.517_553_930_555_56, 59.0 + 1.0 / 3.0, 58.0).at(500_000.0, 6_375_000.0),
        3_059 => transverse(REGIONAL, 24.0, 0.0).scaled(0.9996).at(500_000.0, -6_000_000.0),
        3_346 => transverse(REGIONAL, 24.0, 0.0).scaled(0.9998).at(500_000.0, 0.0),
        3_763 => transverse(REGIONAL, -(8.0 + 7.0 / 60.0 + 59.19 / 3600.0), 39.0 + 40.0 / 60.0 + 5.73 / 3600.0),
        3_765 => transverse(REGIONAL, 16.5, 0.0).scaled(0.9999).at(500_000.0, 0.0),
        _ => return None,
    })
}

/// Oblique maps along Malaya and Borneo.
fn malaysia(code: u32) -> Option<Definition> {
    // The angle whose sine is 3/5, from the line to grid north.
    let skew = 53.0 + 7.0 / 60.0 + 48.3685 / 3600.0;
    let oblique = |method, datum, lon, azimuth, grid_angle| Definition {
        azimuth: Some(azimuth),
        grid_angle: Some(grid_angle),
        ..Definition::new(method, datum, lon, 4.0).scaled(0.999_84)
    };
    let borneo = |method, datum, seconds| oblique(method, datum, 115.0, 53.0 + 18.0 / 60.0 + seconds / 3600.0, skew);
    Some(match code {
        3_375 => {
            let azimuth = 323.0 + 1.0 / 60.0 + 32.867_28 / 3600.0;
            oblique(Method::HotineNatural, REGIONAL, 102.25, azimuth, 270.0 + skew).at(804_671.0, 0.0)
        }
        3_376 | 5_247 => borneo(Method::HotineNatural, REGIONAL, 56.915_82),
        29_873 => borneo(Method::HotineCentre, TIMBALAI_1948, 56.9537).at(590_476.87, 442_857.65),
        29_874 => borneo(Method::HotineNatural, TIMBALAI_1948, 56.9537).at(2_000_000.0, 5_000_000.0),
        29_849 => Definition::utm(TIMBALAI_1948, 49, false),
        29_850 => Definition::utm(TIMBALAI_1948, 50, false),
        _ => return None,
    })
}

/// Colombia's zones; and in the United States Michigan's map, and the one along the railway from Washington to Boston.
fn america(code: u32) -> Option<Definition> {
    let along = |method, lon, lat, azimuth| Definition { azimuth: Some(azimuth), ..Definition::new(method, REGIONAL, lon, lat) };
    let bogota = (-(74.0 + 4.0 / 60.0 + 51.3 / 3600.0), 4.0 + 35.0 / 60.0 + 56.57 / 3600.0);
    let colombia = |zone: u32| {
        Definition::transverse(BOGOTA_1975, bogota.0 + 3.0 * f64::from(zone) - 3.0, bogota.1).at(1_000_000.0, 1_000_000.0)
    };
    Some(match code {
        // The registry has them twice, by the order of their axes; files have easting first.
        21_891..=21_894 => colombia(code - 21_891),
        21_896..=21_899 => colombia(code - 21_896),
        3_078 | 3_079 | 3_591 | 6_497 => along(Method::HotineNatural, -86.0, 45.0 + 18.0 / 60.0 + 33.0 / 3600.0, 337.255_56)
            .scaled(0.9996)
            .at(2_546_731.496, -4_354_009.816),
        20_050 => Definition {
            unit: 0.3048,
            ..along(Method::HotineCentre, -74.0, 40.0 + 50.0 / 60.0, 58.0).scaled(0.999_99).at(1_500_000.0, 1_500_000.0)
        },
        _ => return None,
    })
}

/// The poles, the oceans, America, New Zealand.
fn elsewhere(code: u32) -> Option<Definition> {
    let polar = |lon, parallel: f64| Definition {
        parallels: [Some(parallel), None],
        ..Definition::new(Method::PolarStereographic, WORLD, lon, if parallel < 0.0 { -90.0 } else { 90.0 })
    };
    let albers = |lon, lat, first, second| Definition::new(Method::Albers, REGIONAL, lon, lat).parallels(first, second);
    let universal = |lat| Definition::new(Method::PolarStereographic, WORLD, 0.0, lat).scaled(0.994).at(2e6, 2e6);
    Some(match code {
        3_395 => Definition::new(Method::Mercator, WORLD, 0.0, 0.0),
        3_413 => polar(-45.0, 70.0),
        3_995 => polar(0.0, 71.0),
        3_996 => polar(0.0, 75.0),
        3_031 => polar(0.0, -71.0),
        32_661 | 5_041 => universal(90.0),
        32_761 | 5_042 => universal(-90.0),
        5_070 | 6_350 => albers(-96.0, 23.0, 29.5, 45.5),
        3_338 => albers(-154.0, 50.0, 55.0, 65.0),
        3_005 => albers(-126.0, 45.0, 50.0, 58.5).at(1_000_000.0, 0.0),
        3_577 => albers(132.0, 0.0, -18.0, -36.0),
        3_978 => Definition::new(Method::LambertTwo, REGIONAL, -95.0, 49.0).parallels(49.0, 77.0),
        3_347 => Definition::new(Method::LambertTwo, REGIONAL, -(91.0 + 52.0 / 60.0), 63.390_675)
            .parallels(49.0, 77.0)
            .at(6_200_000.0, 3_000_000.0),
        2_193 => Definition::transverse(REGIONAL, 173.0, 0.0).scaled(0.9996).at(1_600_000.0, 10_000_000.0),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number, longitude and latitude on WGS84, easting and northing, and how near ours must come, m: computed once with PROJ 9.5 and 9.8
    /// (pyproj 3.7) by the registry's most accurate transformation that needs no grid file, at a point inside the area of use. Where that
    /// one isn't ours, a second row holds the map itself to ours.
    const PROJ: &str = include_str!("epsg.tsv");

    #[test]
    fn every_system_agrees_with_proj() {
        let mut wrong = Vec::new();
        for line in PROJ.lines() {
            let row: Vec<f64> = line.split('\t').map(|v| v.parse().expect("a number")).collect();
            let &[code, lon, lat, x, y, within] = &row[..] else { panic!("{line}") };
            let projection = definition(code as u32).and_then(|d| d.projection()).expect(line);
            let (ours_x, ours_y) = projection.to_map([lon, lat]);
            let off = libm::hypot(ours_x - x, ours_y - y) * projection.unit;
            let [back_lon, back_lat] = projection.to_lonlat(ours_x, ours_y).expect("on Earth");
            let returns = (back_lon - lon).abs().max((back_lat - lat).abs());
            // Heights are left out on the way through a datum shift: a centimetre at most.
            let agrees = off < within && returns < 2e-7;
            if !agrees {
                wrong.push(format!("{code} off by {off:.4} m, comes back to {returns:.1e}°"));
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn every_utm_zone_knows_its_middle() {
        for (first, zones, south) in [(32_600, 1..=60u32, false), (32_700, 1..=60, true), (26_900, 1..=23, false)] {
            for zone in zones {
                let projection = definition(first + zone).and_then(|d| d.projection()).expect("a UTM zone");
                let y = if south { 10_000_000.0 } else { 0.0 };
                let [lon, lat] = projection.to_lonlat(500_000.0, y).expect("on Earth");
                assert!((lon - (f64::from(zone) * 6.0 - 183.0)).abs() < 1e-9 && lat.abs() < 1e-9, "zone {zone}: {lon} {lat}");
            }
        }
    }

    #[test]
    fn the_date_line_doesn_t_break_a_zone() {
        let projection = definition(32_601).and_then(|d| d.projection()).expect("zone 1");
        let (x, y) = projection.to_map([179.9, 51.0]);
        let [lon, _] = projection.to_lonlat(x, y).expect("on Earth");
        assert!((lon - 179.9).abs() < 1e-9, "{lon}");
    }

    /// Among them the equidistant cylindrical maps: PROJ drew them on a sphere until 2026 and draws them on the ellipsoid since, and files
    /// of either kind, up to 20 km apart, have the same number.
    #[test]
    fn strangers_are_none() {
        for code in [0, 32_767, 2_437, 21_413, 2_244, 2_577, 3_454, 4_087, 26_814, 32_662, 4_214, 4_610] {
            assert_eq!(definition(code), None, "{code}");
        }
    }
}
