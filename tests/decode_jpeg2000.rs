//! JPEG 2000: a small picture, its georeference box, and what is broken.

mod fixtures;
#[path = "fixtures/jpeg2000.rs"]
mod jpeg2000;

use fixtures::{TiffFixture, Value};
use jpeg2000::picture;
use sidings::decode;
use sidings::georeference;
use sidings::limits::Limits;
use sidings::raster::Samples;

#[test]
fn every_sample_is_there() {
    let bytes = picture();
    let header = decode::header(&bytes, "x.jp2", &Limits::default()).expect("a header");
    assert_eq!((header.format, header.width, header.height, header.bands, header.bits), ("jpeg2000", 16, 16, 3, 8));
    let scene = decode::scene(&bytes, "x.jp2", &Limits::default()).expect("decodes");
    let Samples::U8(samples) = &scene.samples else { panic!("8 bits expected") };
    for y in 0..16 {
        for x in 0..16 {
            assert_eq!(samples.pixel(x, y), &[16 * x as u8, 16 * y as u8, 8 * (x + y) as u8], "{x} {y}");
        }
    }
    assert_eq!(scene.valid, None);
}

#[test]
fn the_bare_code_stream_is_read_too() {
    let bytes = picture();
    let start = bytes.windows(4).position(|w| w == b"\xff\x4f\xff\x51").expect("a code stream");
    let [whole, bare] = [&bytes[..], &bytes[start..]].map(|b| decode::scene(b, "x.j2k", &Limits::default()).expect("decodes"));
    assert_eq!(whole, bare);
}

#[test]
fn what_is_cut_off_is_refused() {
    let bytes = picture();
    for cut in [14, 40, 60, bytes.len() / 2, bytes.len() - 1] {
        let error = decode::scene(&bytes[..cut], "x.jp2", &Limits::default()).expect_err("cut");
        assert!(matches!(error.code(), "truncated" | "damaged"), "{cut}: {error}");
    }
}

#[test]
fn the_geotiff_in_its_box_places_it() {
    let keys = Value::Shorts(vec![1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32_652]);
    let inner = TiffFixture::new(1, 1, 1, 1, vec![0])
        .with(33_550, Value::Doubles(vec![0.5, 0.5, 0.0]))
        .with(33_922, Value::Doubles(vec![0.0, 0.0, 0.0, 631845.1913, 4697842.8503, 0.0]))
        .with(34_735, keys)
        .bytes();
    let uuid = b"\xb1\x4b\xf8\xbd\x08\x3d\x4b\x43\xa5\xae\x8c\xd7\xd5\xa6\xce\x03";
    let length = (8 + uuid.len() + inner.len()) as u32;
    let geo_box = [&length.to_be_bytes()[..], b"uuid", uuid, &inner].concat();
    let mut bytes = picture();
    // Behind the signature and the file type, before the header.
    let at = 12 + u32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]) as usize;
    bytes.splice(at..at, geo_box);
    let place = georeference::read(&bytes, "yard_20231005.jp2", 16, 16);
    let corner = place.corners_lonlat.expect("placed")[0];
    assert!((corner[0] - 130.6026).abs() < 1e-8 && (corner[1] - 42.4217).abs() < 1e-8, "{corner:?}");
    assert_eq!(place.captured.map(|c| c.date).as_deref(), Some("2023-10-05"));
    assert!(decode::scene(&bytes, "x.jp2", &Limits::default()).is_ok(), "the box doesn't disturb the decoder");
}

/// 300 bytes that once took 1.8 GB and 17 s: an image of tiles of one pixel, none of which is there.
#[test]
fn an_image_of_crumbs_is_refused() {
    let mut bytes = picture();
    let place = |bytes: &[u8], what: &[u8]| bytes.windows(4).position(|w| w == what).expect("it is there");
    let (box_at, size_at) = (place(&bytes, b"ihdr") + 4, place(&bytes, b"\xff\x4f\xff\x51") + 8);
    for (at, value) in
        [(box_at, 2048u32), (box_at + 4, 2048), (size_at, 2048), (size_at + 4, 2048), (size_at + 16, 1), (size_at + 20, 1)]
    {
        bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
    let error = decode::scene(&bytes, "x.jp2", &Limits::default()).expect_err("crumbs");
    assert_eq!((error.code(), error.to_string().contains("parts")), ("damaged", true), "{error}");
}
