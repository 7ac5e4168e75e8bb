//! PNG, JPEG and WebP: what is written comes back, and no mutilated file makes the decoder panic.

mod fixtures;

use fixtures::{TiffFixture, Value};
use image::{DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;
use sidings::decode;
use sidings::limits::Limits;
use sidings::raster::{Samples, Scene};

const ANY_SIZE: Limits = Limits { max_side_px: 4096, max_pixels: 1 << 20, max_bytes: 1 << 24, min_side_px: 1 };

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

#[track_caller]
fn decoded(bytes: &[u8]) -> Scene {
    decode::scene(bytes, "x", &ANY_SIZE).expect("decodes")
}

#[track_caller]
fn samples8(scene: &Scene) -> &[u8] {
    match &scene.samples {
        Samples::U8(r) => r.samples(),
        other => panic!("8 bits expected, not {other:?}"),
    }
}

#[test]
fn lossless_formats_give_back_what_was_written() {
    let rgb = RgbImage::from_fn(20, 17, |x, y| Rgb([(x * 11) as u8, (y * 13) as u8, (x * y) as u8]));
    let grey = GrayImage::from_fn(20, 17, |x, y| Luma([(x * 11 + y) as u8]));
    let wide = ImageBuffer::from_fn(20, 17, |x, y| Rgb([(x * 3_000) as u16, (y * 3_800) as u16, 65_535]));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let scene = decoded(&encode(&rgb.clone().into(), format));
        assert_eq!((scene.width(), scene.height(), scene.bands(), &scene.valid), (20, 17, 3, &None));
        assert_eq!(samples8(&scene), rgb.as_raw().as_slice());
    }
    assert_eq!(samples8(&decoded(&encode(&grey.clone().into(), ImageFormat::Png))), grey.as_raw().as_slice());
    match decoded(&encode(&DynamicImage::ImageRgb16(wide.clone()), ImageFormat::Png)).samples {
        Samples::U16(r) => assert_eq!(r.samples(), wide.as_raw().as_slice()),
        other => panic!("16 bits expected, not {other:?}"),
    }
}

#[test]
fn alpha_becomes_the_mask() {
    let rgba = RgbaImage::from_fn(3, 1, |x, _| Rgba([10, 20, 30, [0, 1, 255][x as usize]]));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let scene = decoded(&encode(&rgba.clone().into(), format));
        assert_eq!(scene.bands(), 3);
        assert_eq!(scene.valid.expect("a mask").samples(), &[false, true, true]);
    }
    let grey = GrayAlphaImage::from_fn(2, 1, |x, _| image::LumaA([40 + x as u8, 255 * x as u8]));
    let scene = decoded(&encode(&grey.into(), ImageFormat::Png));
    assert_eq!((samples8(&scene), scene.valid.as_ref().map(|m| m.samples().to_vec())), (&[40, 41][..], Some(vec![false, true])));
    let header = decode::header(&encode(&rgba.into(), ImageFormat::Png), "x", &ANY_SIZE).expect("a header");
    assert_eq!((header.format, header.bands, header.bits), ("png", 4, 8), "the header counts the alpha");
}

#[test]
fn jpeg_is_near_what_was_written() {
    let rgb = RgbImage::from_fn(64, 48, |x, y| Rgb([(x * 3) as u8, (y * 4) as u8, (x + y) as u8]));
    let scene = decoded(&encode(&rgb.clone().into(), ImageFormat::Jpeg));
    let worst = samples8(&scene).iter().zip(rgb.as_raw()).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(worst < Some(16), "off by {worst:?}");
    let grey = GrayImage::from_fn(64, 48, |x, y| Luma([(x + y) as u8]));
    assert_eq!(decoded(&encode(&grey.into(), ImageFormat::Jpeg)).bands(), 1);
}

/// An EXIF block with an orientation, as a JPEG segment.
fn exif_segment(orientation: u8) -> Vec<u8> {
    let mut block = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    block.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let length = (block.len() + 2) as u16;
    [&[0xff, 0xe1][..], &length.to_be_bytes(), &block].concat()
}

#[test]
fn exif_orientation_is_applied_to_the_pixels() {
    // Bright in the stored top left corner; where it must show for each value.
    let corners = [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))];
    let stored = GrayImage::from_fn(32, 16, |x, y| Luma([if x < 8 && y < 8 { 250 } else { 5 }]));
    let plain = encode(&stored.into(), ImageFormat::Jpeg);
    for (value, (right, low)) in corners {
        let turned = [&plain[..2], &exif_segment(value), &plain[2..]].concat();
        let scene = decoded(&turned);
        let expected = if value >= 5 { (16, 32) } else { (32, 16) };
        assert_eq!((scene.width(), scene.height()), expected, "orientation {value}");
        let (x, y) = (3 + right * (scene.width() - 7), 3 + low * (scene.height() - 7));
        assert!(samples8(&scene)[y * scene.width() + x] > 200, "orientation {value}: the bright corner is elsewhere");
        let header = decode::header(&turned, "x", &ANY_SIZE).expect("a header");
        assert_eq!((header.width as usize, header.height as usize), expected);
    }
}

#[test]
fn the_name_says_nothing_about_the_kind() {
    let png = encode(&RgbImage::new(20, 20).into(), ImageFormat::Png);
    assert_eq!(decode::header(&png, "photo.jpg", &ANY_SIZE).expect("a header").format, "png");
}

/// Small sound files of every kind, to be mutilated.
fn sound() -> Vec<Vec<u8>> {
    let rgba = RgbaImage::from_fn(23, 19, |x, y| Rgba([(x * 11) as u8, (y * 13) as u8, (x * y) as u8, (x * 20) as u8]));
    let rgb = DynamicImage::from(rgba.clone()).to_rgb8();
    let plain = TiffFixture::new(23, 19, 3, 2, rgb.as_raw().clone());
    let palette = TiffFixture::new(8, 8, 1, 3, vec![0x1b; 16])
        .with(258, Value::Shorts(vec![2]))
        .with(320, Value::Shorts((0..12).map(|i| i * 5_000).collect()));
    let planar = plain.clone().with(284, Value::Shorts(vec![2])).strips(19, vec![vec![7; 23 * 19]; 3]);
    let mut big = plain.clone().tiled(16, 16, vec![vec![9; 16 * 16 * 3]; 4]).with(42113, Value::Text("9"));
    (big.big_tiff, big.big_endian) = (true, true);
    let jpeg = encode(&rgb.clone().into(), ImageFormat::Jpeg);
    let inside = TiffFixture::new(23, 19, 3, 6, jpeg.clone()).with(259, Value::Shorts(vec![7]));
    let float = TiffFixture::new(4, 4, 1, 1, vec![63; 64]).with(258, Value::Shorts(vec![32])).with(339, Value::Shorts(vec![3]));
    let packed = encode_lzw(&rgb);
    let mut files = vec![encode(&rgba.clone().into(), ImageFormat::Png), encode(&rgba.into(), ImageFormat::WebP)];
    files.extend([plain, palette, planar, big, inside, float].map(|f| f.bytes()));
    files.extend([[&jpeg[..2], &exif_segment(6), &jpeg[2..]].concat(), packed]);
    files
}

fn encode_lzw(rgb: &RgbImage) -> Vec<u8> {
    use tiff::encoder::{Compression, TiffEncoder, colortype::RGB8};
    let mut bytes = std::io::Cursor::new(Vec::new());
    TiffEncoder::new(&mut bytes)
        .map(|e| e.with_compression(Compression::Lzw))
        .and_then(|mut e| e.write_image::<RGB8>(rgb.width(), rgb.height(), rgb.as_raw()))
        .expect("encodes");
    bytes.into_inner()
}

/// What must hold for any bytes at all: an answer without a panic, and a scene within the limits.
fn survives(bytes: &[u8]) {
    let header = decode::header(bytes, "x", &ANY_SIZE);
    if let Ok(scene) = decode::scene(bytes, "x", &ANY_SIZE) {
        let header = header.expect("what decodes has a header");
        assert_eq!((scene.width(), scene.height()), (header.width as usize, header.height as usize));
        assert!((scene.width() * scene.height()) as u64 <= ANY_SIZE.max_pixels);
        assert!(
            scene.valid.is_none_or(|m| (m.width(), m.height(), m.bands()) == (header.width as usize, header.height as usize, 1))
        );
    }
}

#[test]
fn the_files_to_be_mutilated_are_sound() {
    for (i, file) in sound().iter().enumerate() {
        assert!(decode::scene(file, "x", &ANY_SIZE).is_ok(), "file {i}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutilated_files_never_panic(
        which in 0usize..10,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        near_the_start in any::<bool>(),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut file = sound().swap_remove(which);
        let reach = if near_the_start { file.len().min(200) } else { file.len() };
        for (at, byte) in changes {
            file[at.index(reach)] = byte;
        }
        if let Some(cut) = cut {
            file.truncate(cut.index(file.len()));
        }
        survives(&file);
    }

    #[test]
    fn random_bytes_behind_a_signature_never_panic(which in 0usize..6, tail in prop::collection::vec(any::<u8>(), 0..300)) {
        let signatures: [&[u8]; 6] =
            [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", b"\xff\xd8\xff", b"RIFF\x40\0\0\0WEBPVP8X", b"II\x2a\0\x08\0\0\0", b"MM\0\x2b\0\x08\0\0\0\0\0\0\0\0\0\x10", b""];
        survives(&[signatures[which], &tail].concat());
    }
}
