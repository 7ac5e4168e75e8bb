//! TIFF: layouts, sample kinds, colours and masks, on files written tag by tag.

mod fixtures;

use fixtures::{TiffFixture, Value};
use sidings::decode;
use sidings::limits::Limits;
use sidings::raster::{Samples, Scene};

const ANY_SIZE: Limits = Limits { max_side_px: 4096, max_pixels: 1 << 24, max_bytes: 1 << 26, min_side_px: 1 };

#[track_caller]
fn decoded(fixture: &TiffFixture) -> Scene {
    let bytes = fixture.bytes();
    let scene = decode::scene(&bytes, "x.tif", &ANY_SIZE).expect("decodes");
    let header = decode::header(&bytes, "x.tif", &ANY_SIZE).expect("has a header");
    assert_eq!((header.width as usize, header.height as usize), (scene.width(), scene.height()));
    scene
}

#[track_caller]
fn samples8(scene: &Scene) -> &[u8] {
    match &scene.samples {
        Samples::U8(r) => r.samples(),
        other => panic!("8 bits expected, not {other:?}"),
    }
}

#[track_caller]
fn samples16(scene: &Scene) -> &[u16] {
    match &scene.samples {
        Samples::U16(r) => r.samples(),
        other => panic!("16 bits expected, not {other:?}"),
    }
}

#[track_caller]
fn samples_f32(scene: &Scene) -> &[f32] {
    match &scene.samples {
        Samples::F32(r) => r.samples(),
        other => panic!("floating point expected, not {other:?}"),
    }
}

fn code(fixture: &TiffFixture) -> (&'static str, String) {
    let error = decode::scene(&fixture.bytes(), "x.tif", &ANY_SIZE).expect_err("refused");
    (error.code(), error.message())
}

#[test]
fn both_byte_orders_classic_and_big() {
    for (big_endian, big_tiff) in [(false, false), (true, false), (false, true), (true, true)] {
        let shorts: Vec<u16> = vec![1, 300, 65_535, 4_000, 5, 6];
        let data = shorts.iter().flat_map(|v| if big_endian { v.to_be_bytes() } else { v.to_le_bytes() }).collect();
        let mut fixture = TiffFixture::new(3, 2, 1, 1, data).with(258, Value::Shorts(vec![16]));
        (fixture.big_endian, fixture.big_tiff) = (big_endian, big_tiff);
        assert_eq!(samples16(&decoded(&fixture)), shorts, "big endian {big_endian}, BigTIFF {big_tiff}");
    }
}

/// The picture 0 1 2 3 4 / 10 11 12 13 14 / 20 … in tiles of 16 × 16, strips, and planes, must come out the same.
#[test]
fn strips_tiles_and_planes_agree() {
    let (width, height) = (21usize, 18usize);
    let value = |x: usize, y: usize, band: usize| (x * 3 + y * 5 + band * 80) as u8;
    let rows = |ys: std::ops::Range<usize>, bands: &[usize]| -> Vec<u8> {
        ys.flat_map(|y| (0..width).flat_map(move |x| bands.iter().map(move |&b| value(x, y, b)))).collect()
    };
    let expected = rows(0..height, &[0, 1, 2]);
    let tile = |tx: usize, ty: usize, bands: &[usize]| -> Vec<u8> {
        (0..16).flat_map(|y| (0..16).flat_map(move |x| bands.iter().map(move |&b| value(tx * 16 + x, ty * 16 + y, b)))).collect()
    };
    let tiles = |bands: &[usize]| -> Vec<Vec<u8>> { [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(x, y)| tile(x, y, bands)).to_vec() };
    let plain = TiffFixture::new(width as u32, height as u32, 3, 2, expected.clone());
    let planar = plain.clone().with(284, Value::Shorts(vec![2]));
    let strips = |bands: &[usize]| vec![rows(0..7, bands), rows(7..14, bands), rows(14..18, bands)];
    let mut misplaced = plain.clone().tiled(16, 16, tiles(&[0, 1, 2]));
    misplaced.offsets_tag = 273;
    let cases = [
        ("one strip", plain.clone()),
        ("rows per strip beyond the image", plain.clone().with(278, Value::Longs(vec![u32::MAX]))),
        ("three strips", plain.clone().strips(7, strips(&[0, 1, 2]))),
        ("tiles", plain.clone().tiled(16, 16, tiles(&[0, 1, 2]))),
        ("tiles under the tags of strips", misplaced),
        ("planes of strips", planar.clone().strips(7, [strips(&[0]), strips(&[1]), strips(&[2])].concat())),
        ("planes of tiles", planar.tiled(16, 16, [tiles(&[0]), tiles(&[1]), tiles(&[2])].concat())),
    ];
    for (name, fixture) in cases {
        let scene = decoded(&fixture);
        assert_eq!((scene.width(), scene.height(), scene.bands()), (width, height, 3), "{name}");
        assert_eq!(samples8(&scene), expected, "{name}");
    }
}

#[test]
fn every_band_is_kept() {
    let six = TiffFixture::new(2, 1, 6, 1, (1..=12).collect()).with(338, Value::Shorts(vec![0; 5]));
    let scene = decoded(&six);
    assert_eq!((scene.bands(), samples8(&scene)), (6, &(1..=12).collect::<Vec<u8>>()[..]));
    let infra_red = TiffFixture::new(1, 1, 4, 2, vec![9, 8, 7, 0]).with(338, Value::Shorts(vec![0]));
    let scene = decoded(&infra_red);
    assert_eq!((scene.bands(), scene.valid), (4, None), "an unspecified fourth band is no alpha");
}

#[test]
fn alpha_becomes_the_mask() {
    for alpha in [1, 2] {
        let fixture = TiffFixture::new(2, 1, 4, 2, vec![1, 2, 3, 0, 4, 5, 6, 255]).with(338, Value::Shorts(vec![alpha]));
        let scene = decoded(&fixture);
        assert_eq!((scene.bands(), samples8(&scene)), (3, &[1, 2, 3, 4, 5, 6][..]));
        assert_eq!(scene.valid.expect("a mask").samples(), &[false, true]);
    }
    let behind = TiffFixture::new(1, 1, 5, 2, vec![1, 2, 3, 40, 0]).with(338, Value::Shorts(vec![0, 2]));
    let scene = decoded(&behind);
    assert_eq!(samples8(&scene), &[1, 2, 3, 40], "the alpha stands behind another band");
    assert_eq!(scene.valid.expect("a mask").samples(), &[false]);
}

#[test]
fn nodata_of_the_tag_is_invalid() {
    let fixture = TiffFixture::new(3, 1, 1, 1, vec![0, 7, 255]).with(42113, Value::Text("255"));
    assert_eq!(decoded(&fixture).valid.expect("a mask").samples(), &[true, true, false]);
    let unreachable = TiffFixture::new(3, 1, 1, 1, vec![0, 7, 255]).with(42113, Value::Text("-9999"));
    assert_eq!(decoded(&unreachable).valid, None);
}

#[test]
fn white_as_zero_is_turned_over_but_nodata_is_not() {
    let fixture = TiffFixture::new(3, 1, 1, 0, vec![0, 100, 255]).with(42113, Value::Text("0"));
    let scene = decoded(&fixture);
    assert_eq!(samples8(&scene), &[255, 155, 0]);
    assert_eq!(scene.valid.expect("a mask").samples(), &[false, true, true]);
}

#[test]
fn floating_point_signed_and_wide_samples() {
    let floats = [1.5f32, f32::NAN, -3.0];
    let fixture = TiffFixture::new(3, 1, 1, 1, floats.iter().flat_map(|v| v.to_le_bytes()).collect())
        .with(258, Value::Shorts(vec![32]))
        .with(339, Value::Shorts(vec![3]));
    let scene = decoded(&fixture);
    assert_eq!((samples_f32(&scene)[0], samples_f32(&scene)[2]), (1.5, -3.0));
    assert_eq!(scene.valid.expect("a mask").samples(), &[true, false, true]);
    let signed = [-2i16, 0, 32_767];
    let fixture = TiffFixture::new(3, 1, 1, 1, signed.iter().flat_map(|v| v.to_le_bytes()).collect())
        .with(258, Value::Shorts(vec![16]))
        .with(339, Value::Shorts(vec![2]));
    assert_eq!(samples_f32(&decoded(&fixture)), &[-2.0, 0.0, 32_767.0]);
    let wide = TiffFixture::new(1, 1, 1, 1, 70_000u32.to_le_bytes().to_vec()).with(258, Value::Shorts(vec![32]));
    assert_eq!(samples_f32(&decoded(&wide)), &[70_000.0]);
}

#[test]
fn palettes_become_colours() {
    let mut map = vec![0u16; 12];
    (map[1], map[4 + 1], map[8 + 1]) = (0x1234, 0xabcd, 0xffff);
    let fixture =
        TiffFixture::new(4, 1, 1, 3, vec![0b01_00_01_11]).with(258, Value::Shorts(vec![2])).with(320, Value::Shorts(map));
    let (blue, none) = ([0x12, 0xab, 0xff], [0; 3]);
    assert_eq!(samples8(&decoded(&fixture)), [blue, none, blue, none].concat());
    let header = decode::header(&fixture.bytes(), "x.tif", &ANY_SIZE).expect("a header");
    assert_eq!((header.bands, header.bits), (1, 2), "the header tells what the file holds");
}

#[test]
fn few_bits_are_unpacked_row_by_row() {
    let bilevel = TiffFixture::new(3, 2, 1, 1, vec![0b1010_0000, 0b0110_0000]).with(258, Value::Shorts(vec![1]));
    assert_eq!(samples8(&decoded(&bilevel)), &[255, 0, 255, 0, 255, 255]);
}

#[test]
fn any_number_of_bits_is_read() {
    let twelve = TiffFixture::new(3, 1, 1, 1, vec![0xab, 0xcd, 0xef, 0x12, 0x30]).with(258, Value::Shorts(vec![12]));
    assert_eq!(samples16(&decoded(&twelve)), &[0xabc, 0xdef, 0x123]);
    let negative = twelve.clone().with(262, Value::Shorts(vec![0]));
    assert_eq!(samples16(&decoded(&negative)), &[0x543, 0x210, 0xedc], "white is the largest of 12 bits");
    let signed = twelve.with(339, Value::Shorts(vec![2]));
    assert_eq!(samples_f32(&decoded(&signed)), &[-1348.0, -529.0, 291.0]);
    let three = TiffFixture::new(2, 1, 1, 1, vec![0b1110_1100]).with(258, Value::Shorts(vec![3]));
    assert_eq!(samples8(&decoded(&three)), &[255, 109]);
    let wide = TiffFixture::new(1, 1, 1, 1, vec![1, 0, 2]).with(258, Value::Shorts(vec![24]));
    assert_eq!(samples_f32(&decoded(&wide)), &[65_538.0]);
}

#[test]
fn inks_and_coarse_colours_become_rgb() {
    let inks = TiffFixture::new(2, 1, 4, 5, vec![0, 0, 0, 0, 255, 0, 0, 51]);
    assert_eq!(samples8(&decoded(&inks)), &[255, 255, 255, 0, 204, 204]);
    let header = decode::header(&inks.bytes(), "x.tif", &ANY_SIZE).expect("a header");
    assert_eq!((header.bands, decoded(&inks).bands()), (4, 3));
    // One block of 2 × 2: four luma samples, then their common colours.
    let coarse = TiffFixture::new(2, 2, 3, 6, vec![10, 20, 30, 40, 128, 128]).with(530, Value::Shorts(vec![2, 2]));
    assert_eq!(samples8(&decoded(&coarse)), [10, 20, 30, 40].map(|v| [v; 3]).concat());
}

/// A frame of Zstandard with one raw block, and one row of fax: three white, then five black pixels.
#[test]
fn zstandard_and_fax() {
    let frame = [&[0x28, 0xb5, 0x2f, 0xfd, 0x20, 3, 0x19, 0, 0], &[7u8, 8, 9][..]].concat();
    let zstd = TiffFixture::new(3, 1, 1, 1, frame).with(259, Value::Shorts(vec![50_000]));
    assert_eq!(samples8(&decoded(&zstd)), &[7, 8, 9]);
    let fax = TiffFixture::new(8, 1, 1, 0, vec![0b1000_0011]).with(258, Value::Shorts(vec![1])).with(259, Value::Shorts(vec![2]));
    assert_eq!(samples8(&decoded(&fax)), &[255, 255, 255, 0, 0, 0, 0, 0]);
    let reversed = fax.clone().with(266, Value::Shorts(vec![2]));
    assert_ne!(decode::scene(&reversed.bytes(), "x.tif", &ANY_SIZE).ok(), Some(decoded(&fax)), "the bits' order counts");
}

#[test]
fn orientation_turns_pictures_but_not_maps() {
    let picture = TiffFixture::new(2, 1, 1, 1, vec![10, 20]).with(274, Value::Shorts(vec![6]));
    let scene = decoded(&picture);
    assert_eq!((scene.width(), scene.height(), samples8(&scene)), (1, 2, &[10, 20][..]));
    let map = picture.with(33550, Value::Doubles(vec![1.0, 1.0, 0.0]));
    assert_eq!(decoded(&map).width(), 2, "a georeference speaks of the stored grid");
}

#[test]
fn chunks_left_out_are_invalid() {
    let fixture = TiffFixture::new(2, 2, 1, 1, vec![]).strips(1, vec![vec![5, 6], vec![]]);
    let scene = decoded(&fixture);
    assert_eq!(samples8(&scene), &[5, 6, 0, 0]);
    assert_eq!(scene.valid.expect("a mask").samples(), &[true, true, false, false]);
}

/// Two little-endian classic files in one: the second one's directory follows the first one's, its offsets moved.
fn chained(first: &TiffFixture, second: &TiffFixture) -> Vec<u8> {
    let mut file = first.bytes();
    let shift = file.len() as u32;
    let entries = |bytes: &[u8]| usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let next = 10 + entries(&file) * 12;
    file[next..next + 4].copy_from_slice(&(shift + 8).to_le_bytes());
    let mut moved = second.bytes();
    for entry in 0..entries(&moved) {
        let at = 10 + entry * 12;
        if u16::from_le_bytes([moved[at], moved[at + 1]]) == second.offsets_tag {
            let offset = u32::from_le_bytes([moved[at + 8], moved[at + 9], moved[at + 10], moved[at + 11]]);
            moved[at + 8..at + 12].copy_from_slice(&(offset + shift).to_le_bytes());
        }
    }
    [file, moved].concat()
}

#[test]
fn thumbnails_are_passed_by() {
    let small = TiffFixture::new(1, 1, 1, 1, vec![9]).with(254, Value::Longs(vec![1]));
    let large = TiffFixture::new(2, 1, 1, 1, vec![30, 40]);
    let scene = decode::scene(&chained(&small, &large), "x.tif", &ANY_SIZE).expect("decodes");
    assert_eq!(samples8(&scene), &[30, 40]);
}

#[test]
fn a_mask_beside_the_image_is_its_mask() {
    let image = TiffFixture::new(3, 1, 1, 1, vec![30, 40, 50]).with(42113, Value::Text("50"));
    let mask = TiffFixture::new(3, 1, 1, 4, vec![0b1010_0000]).with(258, Value::Shorts(vec![1])).with(254, Value::Longs(vec![4]));
    let scene = decode::scene(&chained(&image, &mask), "x.tif", &ANY_SIZE).expect("decodes");
    assert_eq!(samples8(&scene), &[30, 40, 50]);
    assert_eq!(scene.valid.expect("a mask").samples(), &[true, false, false], "mask and nodata both count");
    let other_size = TiffFixture::new(1, 1, 1, 4, vec![0]).with(258, Value::Shorts(vec![1])).with(254, Value::Longs(vec![4]));
    let scene = decode::scene(&chained(&image, &other_size), "x.tif", &ANY_SIZE).expect("decodes");
    assert_eq!(scene.valid.expect("nodata").samples(), &[true, true, false], "a mask of another size belongs to an overview");
    assert_eq!(code(&mask).0, "unsupported", "a mask alone is no image");
}

#[test]
fn what_is_not_read_is_refused_by_name() {
    let grey = || TiffFixture::new(2, 1, 1, 1, vec![1, 2]);
    let cases = [
        (TiffFixture::new(1, 1, 3, 5, vec![0; 3]), "print colours other"),
        (TiffFixture::new(1, 1, 3, 8, vec![0; 3]), "CIE Lab"),
        (grey().with(259, Value::Shorts(vec![6])), "old-style JPEG"),
        (grey().with(259, Value::Shorts(vec![34_887])), "LERC"),
        (grey().with(259, Value::Shorts(vec![34_712])), "JPEG 2000"),
        (grey().with(259, Value::Shorts(vec![4_711])), "number 4711"),
        (grey().with(258, Value::Shorts(vec![48])), "48 bits"),
        (grey().with(339, Value::Shorts(vec![6])), "complex"),
    ];
    for (fixture, word) in cases {
        let (code, message) = code(&fixture);
        assert_eq!(code, "unsupported", "{message}");
        assert!(message.contains(word) && message.contains("Convert"), "{message:?} should say {word:?}");
    }
}

#[test]
fn directories_that_contradict_themselves_are_damaged() {
    let grey = TiffFixture::new(4, 4, 1, 1, vec![0; 16]);
    for (fixture, word) in [
        (grey.clone().with(256, Value::Longs(vec![0])), "no size"),
        (grey.clone().strips(1, vec![vec![0; 4]; 3]), "lists 3"),
        (grey.clone().tiled(1 << 30, 1 << 30, vec![vec![0; 16]]), "absurd"),
        (grey.with(259, Value::Shorts(vec![8])), "TIFF"),
    ] {
        let (code, message) = code(&fixture);
        assert_eq!(code, "damaged", "{message}");
        assert!(message.contains(word), "{message:?} should say {word:?}");
    }
}

/// A few bytes that unpack to hours of work: tiles far wider than the image, and strips that are each the whole file.
#[test]
fn lists_that_ask_for_hours_are_refused_at_once() {
    let wide = TiffFixture::new(16, 32_768, 3, 2, Vec::new()).tiled(65_536, 1, vec![Vec::new(); 32_768]);
    let error = decode::scene(&wide.bytes(), "wide.tif", &Limits::default()).expect_err("6 GiB of padding");
    assert_eq!((error.code(), error.to_string().contains("absurd")), ("damaged", true), "{error}");

    let rows = 8_000;
    let same = TiffFixture::new(16, rows, 1, 1, Vec::new())
        .strips(1, vec![Vec::new(); rows as usize])
        .with(273, Value::Longs(vec![8; rows as usize]))
        .with(279, Value::Longs(vec![1 << 20; rows as usize]));
    let error = decode::scene(&same.bytes(), "same.tif", &Limits::default()).expect_err("1 GB of reading");
    assert_eq!((error.code(), error.to_string().contains("over each other")), ("damaged", true), "{error}");
}
