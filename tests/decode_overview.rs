//! Images read at a fraction of their resolution: the same as the whole image brought to its means, without the whole ever being there.

mod fixtures;

use fixtures::{TiffFixture, Value};
use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};
use sidings::decode;
use sidings::geometry::Point;
use sidings::georeference;
use sidings::limits::Limits;
use sidings::raster::{Samples, Scene};
use std::io::Cursor;

const WHOLE: Limits = Limits::OF_OVERVIEWS;

#[track_caller]
fn overview(bytes: &[u8], by: u32) -> Scene {
    decode::overview(bytes, "x", &WHOLE, by).expect("an overview")
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = |f: u32, g: u32| (128.0 + 90.0 * (f64::from(x * f + y * g) / 40.0).sin()) as u8;
        image::Rgb([wave(3, 1), wave(1, 4), wave(2, 2)])
    })
}

fn samples(scene: &Scene) -> Vec<f64> {
    match &scene.samples {
        Samples::U8(r) => r.samples().iter().map(|&v| v.into()).collect(),
        Samples::U16(r) => r.samples().iter().map(|&v| v.into()).collect(),
        Samples::F32(r) => r.samples().iter().map(|&v| v.into()).collect(),
    }
}

/// Means of whole blocks, by the definition.
fn means(scene: &Scene, by: usize) -> Vec<f64> {
    let (all, width, bands) = (samples(scene), scene.width(), scene.bands());
    let mut means = Vec::new();
    for y in 0..scene.height() / by {
        for x in 0..width / by {
            for band in 0..bands {
                let block = (0..by * by).map(|i| all[((y * by + i / by) * width + x * by + i % by) * bands + band]);
                means.push(block.sum::<f64>() / (by * by) as f64);
            }
        }
    }
    means
}

/// How far an overview is from the means of the whole, at most.
#[track_caller]
fn strays(bytes: &[u8], by: u32) -> f64 {
    let whole = decode::scene(bytes, "x", &WHOLE).expect("decodes");
    let small = overview(bytes, by);
    assert_eq!((small.width(), small.height()), (whole.width() / by as usize, whole.height() / by as usize));
    assert_eq!(small.bands(), whole.bands());
    samples(&small).iter().zip(means(&whole, by as usize)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn png_rows_become_means() {
    let rgb = DynamicImage::from(picture(150, 131));
    for by in [2, 4, 8] {
        assert!(strays(&encode(&rgb, ImageFormat::Png), by) <= 0.5, "1/{by}");
    }
    assert!(strays(&encode(&rgb.to_luma16().into(), ImageFormat::Png), 4) <= 0.5);
    let hidden = RgbaImage::from_fn(64, 64, |x, y| image::Rgba([200, 100, (x + y) as u8, if x < 32 { 255 } else { 0 }]));
    let small = overview(&encode(&hidden.into(), ImageFormat::Png), 4);
    assert_eq!(small.bands(), 3);
    let valid = small.valid.clone().expect("a mask");
    assert!(valid.at(7, 3, 0) && !valid.at(8, 3, 0));
}

/// The transform of a JPEG makes a block smaller in its own way, which at 1/8 is the mean, at 1/2 and 1/4 a little sharper than that.
#[test]
fn jpeg_blocks_become_means_nearly() {
    let bytes = encode(&picture(200, 173).into(), ImageFormat::Jpeg);
    for (by, most) in [(2, 8.0), (4, 8.0), (8, 3.0)] {
        let strays = strays(&bytes, by);
        assert!(strays <= most, "1/{by}: {strays}");
    }
    let wide = encode(&picture(600, 400).into(), ImageFormat::Jpeg);
    assert!(strays(&wide, 16) <= 3.0, "twice beyond what the transform does itself");
    assert_eq!(overview(&encode(&picture(96, 80).to_owned().into(), ImageFormat::Jpeg), 2).bands(), 3);
}

#[test]
fn an_image_that_stands_on_its_side_stands_upright_in_its_overview_too() {
    let upright = picture(384, 256);
    let plain = encode(&image::imageops::rotate270(&upright).into(), ImageFormat::Jpeg);
    // Orientation 6: to be turned clockwise.
    let exif = b"\xff\xe1\0\x22Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let turned = [&plain[..2], exif, &plain[2..]].concat();
    assert!(strays(&turned, 8) <= 3.0);
    assert_eq!(overview(&turned, 8).width(), 48);
}

fn grey_tiff(width: u32, height: u32) -> TiffFixture {
    TiffFixture::new(width, height, 1, 1, (0..height).flat_map(|y| (0..width).map(move |x| (x * 3 + y * 5) as u8)).collect())
}

#[test]
fn tiff_strips_tiles_planes_and_kinds_become_means() {
    let (width, height) = (83u32, 70u32);
    let value = |x: u32, y: u32, band: u32| (x * 3 + y * 5 + band * 80) as u8;
    let rows = |ys: std::ops::Range<u32>, bands: &[u32]| -> Vec<u8> {
        ys.flat_map(|y| (0..width).flat_map(move |x| bands.iter().map(move |&b| value(x, y, b)))).collect()
    };
    let strips = |bands: &[u32]| (0..10).map(|k| rows(7 * k..7 * k + 7, bands)).collect::<Vec<_>>();
    let tiles = |bands: &[u32]| -> Vec<Vec<u8>> {
        let tile = |n: u32| {
            let (x0, y0) = (16 * (n % 6), 16 * (n / 6));
            (0..256).flat_map(|i| bands.iter().map(move |&b| value(x0 + i % 16, y0 + i / 16, b))).collect()
        };
        (0..30).map(tile).collect()
    };
    let plain = TiffFixture::new(width, height, 3, 2, rows(0..height, &[0, 1, 2]));
    let planar = plain.clone().with(284, Value::Shorts(vec![2]));
    let palette = (0..768u32).map(|i| ((i * 37) % 251 * 256) as u16).collect();
    let shorts = (0..width * height).flat_map(|i| ((i * 13 % 4000) as u16).to_le_bytes()).collect();
    let floats = (0..width * height).flat_map(|i| ((i % 977) as f32 / 7.0).to_le_bytes()).collect();
    let cases = [
        ("one strip", plain.clone()),
        ("strips of seven rows", plain.clone().strips(7, strips(&[0, 1, 2]))),
        ("tiles", plain.clone().tiled(16, 16, tiles(&[0, 1, 2]))),
        ("planes in tiles", planar.clone().tiled(16, 16, [tiles(&[0]), tiles(&[1]), tiles(&[2])].concat())),
        ("planes in strips", planar.strips(7, [strips(&[0]), strips(&[1]), strips(&[2])].concat())),
        ("a palette", grey_tiff(width, height).with(262, Value::Shorts(vec![3])).with(320, Value::Shorts(palette))),
        ("white as zero", grey_tiff(width, height).with(262, Value::Shorts(vec![0]))),
        ("16 bits", TiffFixture::new(width, height, 1, 1, shorts).with(258, Value::Shorts(vec![16]))),
        (
            "floating point",
            TiffFixture::new(width, height, 1, 1, floats).with(258, Value::Shorts(vec![32])).with(339, Value::Shorts(vec![3])),
        ),
    ];
    for (name, fixture) in cases {
        for by in [2, 4] {
            let strays = strays(&fixture.bytes(), by);
            assert!(strays <= 0.5, "{name} at 1/{by}: {strays}");
        }
    }
}

#[test]
fn nodata_and_missing_tiles_hold_nothing() {
    let nodata = TiffFixture::new(64, 64, 1, 1, (0..4096).map(|i| if i % 64 < 32 { 0 } else { 90 }).collect());
    let small = overview(&nodata.with(42113, Value::Text("0")).bytes(), 4);
    let valid = small.valid.clone().expect("a mask");
    assert!(!valid.at(7, 5, 0) && valid.at(8, 5, 0));

    let mut chunks = vec![Vec::new(); 16];
    chunks[5] = vec![77; 256];
    let sparse = TiffFixture::new(64, 64, 1, 1, Vec::new()).tiled(16, 16, chunks);
    let small = overview(&sparse.bytes(), 4);
    let valid = small.valid.clone().expect("a mask");
    assert_eq!(valid.samples().iter().filter(|&&v| v).count(), 16);
    assert!(valid.at(4, 4, 0) && valid.at(7, 7, 0));
    assert!(samples(&small).iter().all(|&v| v == 77.0 || v == 0.0));
}

/// 1.6 gigapixels in a file of 320 kB, tiles left out but one: more than may be decoded, and an overview of 100 megapixels all the same.
#[test]
fn an_image_far_over_the_limits_has_an_overview() {
    let mut chunks = vec![Vec::new(); 40 * 40];
    chunks[41] = (0..1024 * 1024).map(|i| (i % 251) as u8).collect();
    let huge = TiffFixture::new(40_000, 40_000, 1, 1, Vec::new()).tiled(1024, 1024, chunks).bytes();
    assert_eq!(decode::scene(&huge, "x.tif", &Limits::default()).expect_err("too big").code(), "too-big");
    let small = overview(&huge, 4);
    assert_eq!((small.width(), small.height()), (10_000, 10_000));
    assert!(small.valid.expect("a mask").at(300, 300, 0));
    assert_eq!(decode::overview(&huge, "x.tif", &WHOLE, 2).expect_err("400 megapixels").code(), "too-big");
}

#[test]
fn a_single_strip_of_gigabytes_is_refused_by_what_it_is() {
    let strip = TiffFixture::new(30_000, 30_000, 1, 1, vec![0; 64]).bytes();
    let error = decode::overview(&strip, "x.tif", &WHOLE, 4).expect_err("can't be read in parts");
    assert!(error.code() == "unsupported" && error.message().contains("858 MB"), "{error}");
}

#[test]
fn the_georeference_follows() {
    let placed = grey_tiff(400, 240)
        .with(33550, Value::Doubles(vec![0.5, 0.5, 0.0]))
        .with(33922, Value::Doubles(vec![0.0, 0.0, 0.0, 400_000.0, 4_200_000.0, 0.0]))
        .with(34735, Value::Shorts(vec![1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32652]))
        .bytes();
    let whole = georeference::read(&placed, "x.tif", 400, 240);
    let small = whole.clone().of_overview(4, (100, 60));
    let gsd = |m: Option<f64>| m.expect("placed");
    assert!((gsd(small.gsd_m) - 4.0 * gsd(whole.gsd_m)).abs() < 1e-9);
    // The middle of the overview's first pixel is the middle of the first four by four.
    let (a, b) = (small.to_lonlat(Point::new(0.5, 0.5)), whole.to_lonlat(Point::new(2.0, 2.0)));
    let (a, b) = (a.expect("placed"), b.expect("placed"));
    assert!((a[0] - b[0]).abs() < 1e-12 && (a[1] - b[1]).abs() < 1e-12, "{a:?} {b:?}");
    let (back, whole_back) = (small.to_pixel(a).expect("placed"), whole.to_pixel(a).expect("placed"));
    assert!(back.distance(Point::new(whole_back.x / 4.0, whole_back.y / 4.0)) < 1e-9, "{back:?} {whole_back:?}");
    let (a, b) = (small.corners_lonlat.expect("placed"), whole.corners_lonlat.expect("placed"));
    assert!(a.iter().zip(&b).all(|(a, b)| (a[0] - b[0]).abs() < 1e-12 && (a[1] - b[1]).abs() < 1e-12));
}
