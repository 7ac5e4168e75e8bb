//! Place and time of images: GeoTIFF tags written by hand, and real pairs where they are present.

mod fixtures;

use fixtures::{TiffFixture, Value};
use sidings::geometry::Point;
use sidings::georeference::{self, DateSource, Georeference};
use std::path::Path;

/// A hundred pixels square; the pixels don't matter here.
fn blank() -> TiffFixture {
    TiffFixture::new(100, 100, 1, 1, vec![0; 10_000])
}

/// GeoTIFF keys with their values inline.
fn keys(pairs: &[(u16, u16)]) -> Value {
    let mut shorts = vec![1, 1, 0, pairs.len() as u16];
    shorts.extend(pairs.iter().flat_map(|&(key, value)| [key, 0, 1, value]));
    Value::Shorts(shorts)
}

/// Half a metre a pixel in UTM zone 52 north, near Tumangang.
fn utm52() -> TiffFixture {
    blank()
        .with(33_550, Value::Doubles(vec![0.5, 0.5, 0.0]))
        .with(33_922, Value::Doubles(vec![0.0, 0.0, 0.0, 631845.1913, 4697842.8503, 0.0]))
        .with(34_735, keys(&[(1024, 1), (1025, 1), (3072, 32_652)]))
}

fn read(fixture: &TiffFixture, name: &str) -> Georeference {
    georeference::read(&fixture.bytes(), name, 100, 100)
}

#[track_caller]
fn near(found: [f64; 2], expected: [f64; 2], within: f64) {
    let off = (found[0] - expected[0]).abs().max((found[1] - expected[1]).abs());
    assert!(off < within, "{found:?} should be {expected:?}, off by {off}");
}

#[test]
fn tie_point_and_scale_place_the_outer_corner() {
    for (big_endian, big_tiff) in [(false, false), (true, true)] {
        let mut fixture = utm52();
        (fixture.big_endian, fixture.big_tiff) = (big_endian, big_tiff);
        let place = read(&fixture, "x.tif");
        assert_eq!((place.crs.as_deref(), place.warnings.len()), (Some("EPSG:32652"), 0));
        near(place.corners_lonlat.expect("placed")[0], [130.6026, 42.4217], 1e-8);
        near(place.to_lonlat(Point::new(0.0, 0.0)).expect("placed"), [130.6026, 42.4217], 1e-8);
        // Zone 52's scale is 0.9998 here: half a metre of the grid is a little more on the ground.
        let gsd = place.gsd_m.expect("placed");
        assert!((gsd - 0.500_1).abs() < 1e-4, "{gsd}");
    }
}

#[test]
fn corners_go_round_and_north_is_up() {
    let [top_left, top_right, bottom_right, bottom_left] = read(&utm52(), "x.tif").corners_lonlat.expect("placed");
    assert!(top_right[0] > top_left[0] && bottom_right[0] > bottom_left[0], "east is right");
    assert!(top_left[1] > bottom_left[1] && top_right[1] > bottom_right[1], "north is up");
}

#[test]
fn a_tie_point_inside_the_image_means_the_same() {
    let inside = utm52().with(33_922, Value::Doubles(vec![10.0, 20.0, 0.0, 631850.1913, 4697832.8503, 0.0]));
    near(read(&inside, "x.tif").corners_lonlat.expect("placed")[0], [130.6026, 42.4217], 1e-8);
}

#[test]
fn pixel_is_point_ties_the_centre_of_the_first_pixel() {
    let point = utm52().with(34_735, keys(&[(1024, 1), (1025, 2), (3072, 32_652)]));
    near(read(&point, "x.tif").to_lonlat(Point::new(0.5, 0.5)).expect("placed"), [130.6026, 42.4217], 1e-8);
}

#[test]
fn a_matrix_may_turn_the_image() {
    // Columns run south, rows run west.
    let matrix = [0.0, -0.5, 0.0, 631845.1913, -0.5, 0.0, 0.0, 4697842.8503, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
    let mut fixture = utm52();
    fixture.tags.retain(|(tag, _)| !matches!(tag, 33_550 | 33_922));
    let place = read(&fixture.with(34_264, Value::Doubles(matrix.to_vec())), "x.tif");
    let [first, right, _, below] = place.corners_lonlat.expect("placed");
    near(first, [130.6026, 42.4217], 1e-8);
    assert!(right[1] < first[1] - 4e-4 && below[0] < first[0] - 5e-4);
    assert!((place.gsd_m.expect("placed") - 0.500_1).abs() < 1e-4);
}

#[test]
fn degrees_have_a_length_and_pixels_of_degrees_are_not_square() {
    let degrees = blank()
        .with(33_550, Value::Doubles(vec![6e-6, 6e-6, 0.0]))
        .with(33_922, Value::Doubles(vec![0.0, 0.0, 0.0, -94.499_605_295, 37.075_113_837, 0.0]))
        .with(34_735, keys(&[(1024, 2), (1025, 1), (2048, 4326)]));
    let place = read(&degrees, "x.tif");
    assert_eq!(place.crs.as_deref(), Some("EPSG:4326"));
    assert!((place.gsd_m.expect("placed") - 0.596).abs() < 1e-3);
    assert_eq!(place.warnings[0].code, "pixels-not-square");
    near(place.corners_lonlat.expect("placed")[2], [-94.499_005_295, 37.074_513_837], 1e-9);
}

#[test]
fn web_mercator_metres_are_shorter_on_the_ground() {
    let web = blank()
        .with(33_550, Value::Doubles(vec![1.0, 1.0, 0.0]))
        .with(33_922, Value::Doubles(vec![0.0, 0.0, 0.0, 14_538_614.913, 5_222_633.0, 0.0]))
        .with(34_735, keys(&[(1024, 1), (3072, 3857)]));
    let place = read(&web, "x.tif");
    let [_, lat] = place.corners_lonlat.expect("placed")[0];
    let expected = lat.to_radians().cos();
    assert!((place.gsd_m.expect("placed") / expected - 1.0).abs() < 0.004, "{:?} beside {expected}", place.gsd_m);
    assert!(place.warnings.is_empty(), "the ellipsoid's 0.3 % are no reason to warn: {:?}", place.warnings);
}

#[test]
fn pixels_and_degrees_go_there_and_back() {
    let place = read(&utm52(), "x.tif");
    for point in [Point::new(0.0, 0.0), Point::new(33.25, 77.5), Point::new(-500.0, 1e4)] {
        let back = place.to_pixel(place.to_lonlat(point).expect("placed")).expect("placed");
        assert!(back.distance(point) < 1e-5, "{point:?} came back as {back:?}");
    }
}

#[test]
fn a_system_that_is_not_understood_is_named_and_leaves_the_image_unplaced() {
    let national = utm52().with(34_735, keys(&[(1024, 1), (3072, 4_087)]));
    let own = utm52()
        .with(34_735, Value::Shorts(vec![1, 1, 0, 3, 1024, 0, 1, 1, 3072, 0, 1, 32_767, 3073, 34_737, 13, 0]))
        .with(34_737, Value::Text("Local grid 7||"));
    for (fixture, name) in [(national, "EPSG:4087"), (own, "Local grid 7")] {
        let place = read(&fixture, "x.tif");
        assert_eq!(place.crs.as_deref().map(|c| name.starts_with(c)), Some(true), "{:?}", place.crs);
        assert_eq!((place.gsd_m, place.corners_lonlat, place.to_lonlat(Point::new(1.0, 1.0))), (None, None, None));
        assert_eq!(place.warnings[0].code, "unknown-crs");
    }
    let nameless = blank().with(33_550, Value::Doubles(vec![1.0; 3])).with(33_922, Value::Doubles(vec![0.0; 6]));
    assert_eq!(read(&nameless, "x.tif").warnings[0].code, "unknown-crs");
}

#[test]
fn control_points_are_fitted_and_their_residual_is_told() {
    let point = |x: f64, y: f64, off: f64| [x, y, 0.0, 631_845.191_3 + 0.5 * x + off, 4_697_842.850_3 - 0.5 * y, 0.0];
    let scattered = |off: f64| {
        let points = [point(0.0, 0.0, 0.0), point(100.0, 0.0, 0.0), point(0.0, 100.0, 0.0), point(100.0, 100.0, off)];
        let mut fixture = utm52();
        fixture.tags.retain(|(tag, _)| *tag != 33_550);
        fixture.with(33_922, Value::Doubles(points.concat()))
    };
    let place = read(&scattered(0.0), "x.tif");
    near(place.corners_lonlat.expect("placed")[0], [130.6026, 42.4217], 1e-8);
    assert_eq!(place.warnings[0].code, "control-points-fitted");
    assert!(place.warnings[0].message.contains("4 control points") && place.warnings[0].message.contains("0.0 px at most"));
    let place = read(&scattered(40.0), "x.tif");
    assert_eq!((place.corners_lonlat, place.warnings[0].code.as_str()), (None, "unplaced"), "a point 80 px off");
}

/// Albers over the United States, described key by key: EPSG:5070 without its number.
#[test]
fn a_system_of_the_file_s_own_is_understood_by_its_parameters() {
    let doubles = vec![29.5, 45.5, -96.0, 23.0, 0.0, 0.0];
    let mut shorts =
        vec![1, 1, 0, 10, 1024, 0, 1, 1, 1025, 0, 1, 1, 2048, 0, 1, 4269, 3072, 0, 1, 32_767, 3075, 0, 1, 11, 3076, 0, 1, 9001];
    for (at, key) in [3078, 3079, 3080, 3081].into_iter().enumerate() {
        shorts.extend([key, 34_736, 1, at as u16]);
    }
    let own = |keys: Vec<u16>| {
        let scale = blank().with(33_550, Value::Doubles(vec![0.5, 0.5, 0.0]));
        scale.with(33_922, Value::Doubles(vec![0.0, 0.0, 0.0, 120_000.0, 1_500_000.0, 0.0])).with(34_735, Value::Shorts(keys))
    };
    let described = read(&own(shorts).with(34_736, Value::Doubles(doubles)), "x.tif");
    let numbered = read(&own(vec![1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 5070]), "x.tif");
    let corner = numbered.corners_lonlat.expect("placed")[0];
    near(described.corners_lonlat.expect("placed")[0], corner, 1e-12);
    assert!((corner[0] + 94.6).abs() < 0.1 && (corner[1] - 36.4).abs() < 0.3, "{corner:?}");
}

/// Half a metre a pixel, its first corner here in the map, in a system described by codes and by numbers.
fn described(corner: [f64; 2], codes: &[(u16, u16)], numbers: &[(u16, f64)]) -> Georeference {
    let mut shorts = vec![1, 1, 0, (codes.len() + numbers.len() + 3) as u16];
    for &(key, value) in [(1024, 1), (1025, 1), (3072, 32_767)].iter().chain(codes) {
        shorts.extend([key, 0, 1, value]);
    }
    for (at, &(key, _)) in numbers.iter().enumerate() {
        shorts.extend([key, 34_736, 1, at as u16]);
    }
    let fixture = blank()
        .with(33_550, Value::Doubles(vec![0.5, 0.5, 0.0]))
        .with(33_922, Value::Doubles(vec![0.0, 0.0, 0.0, corner[0], corner[1], 0.0]))
        .with(34_735, Value::Shorts(shorts))
        .with(34_736, Value::Doubles(numbers.iter().map(|n| n.1).collect()));
    read(&fixture, "x.tif")
}

/// The Malayan grid as GDAL writes it key by key, the corner computed with PROJ.
const MALAYA: [(u16, f64); 7] = [
    (3082, 804_671.0),
    (3083, 0.0),
    (3088, 102.25),
    (3089, 4.0),
    (3093, 0.99984),
    (3094, 323.025_796_466_667),
    (3096, 323.130_102_361_111),
];

#[test]
fn oblique_maps_are_understood_by_their_parameters() {
    let corner = [411_545.090_669, 354_131.171_344];
    let natural = described(corner, &[(2048, 4742), (3075, 3), (3076, 9001)], &MALAYA);
    near(natural.corners_lonlat.expect("placed")[0], [101.7, 3.2], 1e-8);
    // Borneo's, its false origin at the centre; the datum's own shift lies between its degrees and WGS84's.
    let borneo = [(3082, 590_476.87), (3083, 442_857.65), (3088, 115.0), (3089, 4.0), (3093, 0.99984)];
    let turned = [(3094, 53.315_820_472_222_2), (3096, 53.130_102_361_111_1)];
    let borneo: Vec<(u16, f64)> = borneo.into_iter().chain(turned).collect();
    let corner = [590_121.177_957, 553_415.809_515];
    let centre = described(corner, &[(2048, 4298), (3075, 9815), (3076, 9001)], &borneo);
    let numbered = blank()
        .with(33_550, Value::Doubles(vec![0.5, 0.5, 0.0]))
        .with(33_922, Value::Doubles(vec![0.0, 0.0, 0.0, corner[0], corner[1], 0.0]))
        .with(34_735, keys(&[(1024, 1), (1025, 1), (3072, 29_873)]));
    let expected = read(&numbered, "x.tif").corners_lonlat.expect("placed")[0];
    near(centre.corners_lonlat.expect("placed")[0], expected, 1e-9);
    near(expected, [115.0, 5.0], 0.01);
    assert_eq!(centre.warnings[0].code, "datum-shift");
}

#[test]
fn an_oblique_map_that_could_be_either_stays_unplaced() {
    let codes = [(2048, 4742), (3075, 3), (3076, 9001)];
    let without = |key: u16| MALAYA.into_iter().filter(|n| n.0 != key).collect::<Vec<_>>();
    let at_centre: Vec<(u16, f64)> = without(3082).into_iter().chain([(3090, 804_671.0)]).collect();
    for numbers in [without(3094), without(3096), at_centre] {
        let place = described([411_545.0, 354_131.0], &codes, &numbers);
        assert_eq!((place.gsd_m, place.warnings[0].code.as_str()), (None, "unknown-crs"), "{numbers:?}");
    }
}

/// Zone 1 of California, by its own number on another datum and in feet, the corner computed with PROJ.
#[test]
fn a_state_plane_is_understood_by_the_number_of_its_map() {
    let corner = [6_225_980.430_671, 1_922_012.978_576];
    let place = described(corner, &[(2048, 4269), (3074, 10_431), (3076, 9003)], &[]);
    near(place.corners_lonlat.expect("placed")[0], [-123.2, 40.1], 1e-8);
    let gsd = place.gsd_m.expect("placed");
    assert!((gsd - 0.1524).abs() < 1e-4, "half a foot: {gsd}");
}

#[test]
fn nonsense_leaves_the_image_unplaced() {
    let scattered = blank().with(33_922, Value::Doubles(vec![0.0; 18])).with(34_735, keys(&[(1024, 2), (2048, 4326)]));
    assert_eq!(read(&scattered, "x.tif").warnings[0].code, "unplaced");
    for scale in [0.0, f64::NAN, 1e300] {
        let place = read(&utm52().with(33_550, Value::Doubles(vec![scale, scale, 0.0])), "x.tif");
        assert_eq!((place.gsd_m, place.corners_lonlat), (None, None), "scale {scale}");
        assert_eq!(place.warnings[0].code, "unplaced");
    }
}

#[test]
fn a_plain_picture_says_nothing() {
    assert_eq!(read(&blank(), "before.tif"), Georeference::default());
    assert_eq!(georeference::read(b"not a TIFF", "before.jpg", 10, 10), Georeference::default());
}

/// A JPEG head, a PNG chunk and a WebP chunk around one EXIF block with a `DateTimeOriginal`.
fn exif_files() -> [Vec<u8>; 3] {
    let mut block = b"MM\0\x2a\0\0\0\x08".to_vec();
    block.extend(b"\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0");
    block.extend(b"\0\x01\x90\x03\0\x02\0\0\0\x14\0\0\0\x2c\0\0\0\0");
    block.extend(b"2023:10:05 01:23:45\0");
    let segment = [b"Exif\0\0".to_vec(), block.clone()].concat();
    let length = block.len() as u32;
    [
        [b"\xff\xd8\xff\xe0\0\x04\0\0\xff\xe1".to_vec(), ((segment.len() + 2) as u16).to_be_bytes().to_vec(), segment].concat(),
        [b"\x89PNG\r\n\x1a\n\0\0\0\x01IHDRx....".to_vec(), length.to_be_bytes().to_vec(), b"eXIf".to_vec(), block.clone()]
            .concat(),
        [b"RIFF\0\0\0\0WEBPVP8 \x03\0\0\0abc\0EXIF".to_vec(), length.to_le_bytes().to_vec(), block].concat(),
    ]
}

#[test]
fn the_exposure_in_exif_is_the_date() {
    for (i, file) in exif_files().iter().enumerate() {
        let captured = georeference::read(file, "before.jpg", 1, 1).captured.expect("a date");
        assert_eq!((captured.date.as_str(), captured.from), ("2023-10-05", DateSource::Tag), "file {i}");
        for cut in 0..file.len() {
            let _ = georeference::read(&file[..cut], "before.jpg", 1, 1);
        }
    }
}

#[test]
fn names_and_tags_are_weighed() {
    let [jpeg, ..] = exif_files();
    let place = georeference::read(&jpeg, "yard_20230914.jpg", 1, 1);
    assert_eq!(place.captured.expect("a date").date, "2023-10-05", "the exposure goes before the name");
    assert_eq!(place.warnings[0].code, "dates-disagree");

    let processed = blank().with(306, Value::Text("2024:02:01 10:00:00"));
    let named = read(&processed, "05OCT23.tif");
    let captured = named.captured.expect("a date");
    assert_eq!((captured.date.as_str(), captured.from), ("2023-10-05", DateSource::Name));
    assert!(named.warnings.is_empty(), "processed later is no contradiction");
    let captured = read(&processed, "after.tif").captured.expect("a date");
    assert_eq!((captured.date.as_str(), captured.from), ("2024-02-01", DateSource::Tag));
    let impossible = read(&blank().with(306, Value::Text("2023:01:01 10:00:00")), "05OCT23.tif");
    assert_eq!(impossible.warnings[0].code, "dates-disagree", "processed before it was taken");
}

/// Corners and ground sample distances of real files, computed once with rasterio and PROJ.
#[test]
fn real_pairs_lie_where_they_should() {
    let pairs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pairs");
    let expected = [
        (
            "joplin/pre-utm15n.tif",
            1024,
            1024,
            "EPSG:26915",
            [-94.500275599, 37.077397939],
            [-94.493257128, 37.071948651],
            0.600109,
        ),
        (
            "joplin/tile_31500-5137.tif",
            1024,
            1024,
            "EPSG:4326",
            [-94.499605295, 37.075113837],
            [-94.493461295, 37.068969837],
            0.596060,
        ),
        ("naip-5m/20090818.tif", 934, 724, "EPSG:26914", [-99.185590666, 47.036590465], [-99.124046698, 47.004098249], 5.001992),
        ("naip-5m/20180716.tif", 934, 724, "EPSG:26914", [-99.185564372, 47.036599506], [-99.124_020_41, 47.004107277], 5.001992),
    ];
    for (file, width, height, crs, top_left, bottom_right, gsd_m) in expected {
        let Ok(bytes) = std::fs::read(pairs.join(file)) else {
            println!("skipped: {} is not there", pairs.join(file).display());
            continue;
        };
        let place = georeference::read(&bytes, file, width, height);
        assert_eq!(place.crs.as_deref(), Some(crs), "{file}");
        let corners = place.corners_lonlat.expect("placed");
        near(corners[0], top_left, 2e-9);
        near(corners[2], bottom_right, 2e-9);
        let gsd = place.gsd_m.expect("placed");
        assert!((gsd - gsd_m).abs() < 1e-5 * gsd_m, "{file}: {gsd}");
    }
}

/// The same place as [`utm52`], said by files beside an image without tags.
mod beside {
    use super::{blank, near, read, utm52};
    use sidings::geometry::Point;
    use sidings::georeference::{self, DateSource, Georeference, Sidecar};

    const WORLD: &str = "0.5\n0\n0\n-0.5\n631845.4413\n4697842.6003\n";
    const PRJ: &str = r#"PROJCS["WGS_1984_UTM_Zone_52N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",129.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;

    fn with(image: &[u8], sidecars: &[(&str, &str)]) -> Georeference {
        let sidecars: Vec<Sidecar<'_>> = sidecars.iter().map(|(name, text)| Sidecar { name, bytes: text.as_bytes() }).collect();
        georeference::read_with(image, "yard.png", (100, 100), &sidecars)
    }

    #[test]
    fn a_world_file_and_a_prj_place_any_image_in_either_order() {
        for order in [[("yard.pgw", WORLD), ("yard.prj", PRJ)], [("yard.prj", PRJ), ("yard.pgw", WORLD)]] {
            let place = with(b"\x89PNG", &order);
            near(place.corners_lonlat.expect("placed")[0], [130.6026, 42.4217], 1e-8);
            assert_eq!((place.crs.as_deref(), place.warnings.len()), (Some("WGS_1984_UTM_Zone_52N"), 0));
        }
    }

    #[test]
    fn half_of_it_places_nothing_and_says_so() {
        let place = with(b"\x89PNG", &[("yard.pgw", WORLD)]);
        assert_eq!((place.gsd_m, place.warnings[0].code.as_str()), (None, "unknown-crs"));
        let place = with(b"\x89PNG", &[("yard.prj", PRJ)]);
        assert_eq!((place.gsd_m, place.crs.is_some(), place.warnings.len()), (None, true, 0));
        let place = with(b"\x89PNG", &[("yard.pgw", "1 2 3"), ("yard.prj", PRJ)]);
        assert_eq!(place.warnings[0].code, "sidecar-unreadable");
    }

    #[test]
    fn an_aux_file_goes_before_the_tags_and_a_world_file_behind_them() {
        let aux = r#"<PAMDataset><SRS>GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]</SRS>
            <GeoTransform>7.5,1e-5,0,47.5,0,-1e-5</GeoTransform><PAMRasterBand band="1"><NoDataValue>0</NoDataValue></PAMRasterBand></PAMDataset>"#;
        let place = with(&utm52().bytes(), &[("yard.tif.aux.xml", aux)]);
        near(place.corners_lonlat.expect("placed")[0], [7.5, 47.5], 1e-9);
        assert_eq!((place.crs.as_deref(), place.nodata), (Some("EPSG:4326"), Some(0.0)));
        let elsewhere = WORLD.replace("631845", "640000");
        let place = with(&utm52().bytes(), &[("yard.tfw", &elsewhere)]);
        near(place.corners_lonlat.expect("placed")[0], [130.6026, 42.4217], 1e-8);
        assert_eq!(place.warnings[0].code, "grids-disagree");
        assert!(with(&utm52().bytes(), &[("yard.tfw", WORLD)]).warnings.is_empty(), "the same place twice");
    }

    #[test]
    fn turned_pixels_are_not_placed_by_a_grid_of_the_stored_ones() {
        let turned = blank().with(274, super::Value::Shorts(vec![6])).bytes();
        let place = with(&turned, &[("yard.pgw", WORLD), ("yard.prj", PRJ)]);
        assert_eq!((place.gsd_m, place.warnings[0].code.as_str()), (None, "unplaced"));
    }

    #[test]
    fn providers_say_when_and_the_sun_follows() {
        let metadata = r#"{"properties":{"acquired":"2023-10-05T01:23:45Z"}}"#;
        let place = with(&utm52().bytes(), &[("yard_metadata.json", metadata)]);
        let captured = place.captured.clone().expect("a date");
        assert_eq!(
            (captured.date.as_str(), captured.time.as_deref(), captured.from),
            ("2023-10-05", Some("01:23:45Z"), DateSource::Sidecar)
        );
        let sun = place.sun((100, 100)).expect("place and time are known");
        assert!((sun.elevation_deg - 36.0).abs() < 3.0 && (sun.azimuth_deg - 145.0).abs() < 8.0, "{sun:?}");
        assert_eq!(read(&utm52(), "05OCT23.tif").sun((100, 100)), None, "a day has no sun");
        assert_eq!(place.to_lonlat(Point::new(0.0, 0.0)).map(|p| p[0] > 130.0), Some(true));
    }
}

#[test]
fn what_is_not_understood_in_the_collection_is_named() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/formats/rasterio/tests_data_goes.tif");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} is not there", path.display());
        return;
    };
    let place = georeference::read(&bytes, "tests_data_goes.tif", 542, 542);
    assert_eq!((place.crs.as_deref(), place.gsd_m), (Some("unnamed"), None));
    assert_eq!(place.warnings[0].code, "unknown-crs");
}
