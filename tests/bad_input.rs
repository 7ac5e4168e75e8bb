//! Bad files: each gets a code, a sentence that names the file, and a word on what to do.

use sidings::decode;
use sidings::error::Error;
use sidings::limits::Limits;

/// Refused with this code; the whole sentence names the file and contains each of the words.
#[track_caller]
fn refused(bytes: &[u8], file: &str, code: &str, words: &[&str]) {
    let error = decode::scene(bytes, file, &Limits::default()).expect_err("bad input must be refused");
    assert!(matches!(error, Error::File { .. }));
    assert_eq!(error.code(), code, "{error}");
    assert_eq!(error.file(), Some(file));
    let sentence = error.to_string();
    assert!(sentence.starts_with(file), "{sentence}");
    for word in words {
        assert!(sentence.contains(word), "{sentence:?} should say {word:?}");
    }
    assert!(sentence.ends_with('.'), "{sentence}");
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = 0xffff_ffff_u32;
    for &byte in name.iter().chain(data) {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    [&(data.len() as u32).to_be_bytes()[..], name, data, &(!crc).to_be_bytes()].concat()
}

/// A PNG that is nothing but a header: 8-bit RGB of any size.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let ihdr = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &ihdr)].concat()
}

/// A little-endian TIFF that is nothing but a directory: 8-bit grey in one strip that isn't there.
fn tiff_header(width: u32, height: u32) -> Vec<u8> {
    let short = |tag: u16, value: u32| [&tag.to_le_bytes()[..], &[3, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat();
    let long = |tag: u16, value: u32| [&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat();
    let entries = [
        long(256, width),
        long(257, height),
        short(258, 8),
        short(259, 1),
        short(262, 1),
        long(273, 200),
        short(277, 1),
        long(278, height),
        long(279, width.wrapping_mul(height)),
    ];
    let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
    bytes.extend((entries.len() as u16).to_le_bytes());
    bytes.extend(entries.concat());
    bytes.extend([0; 4]);
    bytes
}

/// A sound file of some bytes with something in it to see.
fn encoded(width: u32, height: u32, format: image::ImageFormat) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([(x * 7) as u8, (y * 5) as u8, (x * y) as u8]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

#[test]
fn zero_bytes() {
    refused(b"", "before.png", "empty", &["0 bytes", "again"]);
}

#[test]
fn not_an_image() {
    refused(b"%PDF-1.7 ...", "report.pdf", "not-an-image", &["PDF", "PNG, JPEG, JPEG 2000, WebP or TIFF", "Take the image out"]);
    refused(b"Dear editor, attached please find", "before.jpg", "not-an-image", &["text"]);
    refused(&[0x17, 0x42, 0x99, 0x03, 0xfe], "after.tif", "not-an-image", &["17 42 99 03", "Export"]);
}

#[test]
fn formats_that_are_known_by_name_only() {
    refused(b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", "T52.jp2", "truncated", &["JPEG 2000", "download"]);
    refused(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_0001.jpg", "unsupported", &["HEIC", "Convert"]);
}

#[test]
fn sixty_thousand_by_sixty_thousand_allocates_nothing() {
    let words = ["60,000 × 60,000", "32,768", "200 megapixels", "Crop"];
    refused(&png_header(60_000, 60_000), "huge.png", "too-big", &words);
    refused(&tiff_header(60_000, 60_000), "huge.tif", "too-big", &words);
    refused(&png_header(u32::MAX, u32::MAX), "absurd.png", "too-big", &["4,294,967,295"]);
    refused(&tiff_header(u32::MAX, u32::MAX), "absurd.tif", "too-big", &["4,294,967,295"]);
    let header = decode::header(&tiff_header(60_000, 60_000), "huge.tif", &Limits::default());
    assert_eq!(header.expect_err("from the header alone").code(), "too-big");
}

#[test]
fn many_pixels_on_short_sides_are_too_big_as_well() {
    refused(&png_header(20_000, 20_000), "large.png", "too-big", &["20,000 × 20,000", "200 megapixels"]);
}

#[test]
fn one_pixel() {
    for format in [image::ImageFormat::Png, image::ImageFormat::Jpeg, image::ImageFormat::WebP] {
        refused(&encoded(1, 1, format), "dot.png", "too-small", &["1 × 1 pixel;", "16 × 16", "full image"]);
    }
    refused(&tiff_header(1, 1), "dot.tif", "too-small", &["1 × 1 pixel;"]);
}

#[test]
fn truncated() {
    for (format, file) in
        [(image::ImageFormat::Png, "cut.png"), (image::ImageFormat::Jpeg, "cut.jpg"), (image::ImageFormat::WebP, "cut.webp")]
    {
        let whole = encoded(64, 48, format);
        assert!(decode::scene(&whole, file, &Limits::default()).is_ok(), "{file} is sound when whole");
        for keep in [whole.len() - 1, whole.len() * 3 / 4, whole.len() / 2, 40, 14] {
            refused(&whole[..keep], file, "truncated", &["ends too early", "again"]);
        }
    }
    refused(&tiff_header(64, 48), "cut.tif", "truncated", &["byte 3272", "again"]);
    refused(&tiff_header(64, 48)[..60], "cut.tif", "truncated", &["again"]);
    refused(b"\x89PN", "cut.png", "truncated", &["signature"]);
}

#[test]
fn damaged_inside() {
    let mut png = encoded(64, 48, image::ImageFormat::Png);
    let middle = png.len() / 2;
    png[middle] ^= 0x55;
    refused(&png, "bad.png", "damaged", &["PNG is damaged", "again"]);
}

#[test]
fn all_black_decodes_with_a_warning() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(64, 48).write_to(&mut bytes, image::ImageFormat::Png).expect("encodes");
    let scene = decode::scene(bytes.get_ref(), "black.png", &Limits::default()).expect("a sound file");
    let warning = decode::flatness(&scene).expect("nothing to see");
    assert_eq!(warning.code, "featureless");
    assert!(warning.message.contains("all black") && warning.message.contains("Check"), "{}", warning.message);

    let picture = decode::scene(&encoded(64, 48, image::ImageFormat::Png), "a.png", &Limits::default()).expect("sound");
    assert_eq!(decode::flatness(&picture), None);
}
