//! Sound little files of every kind, made by code, from which hostile ones are made.

use crate::fixtures::{TiffFixture, Value};
use crate::{answer, credentials, jpeg2000, targets};
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, RgbImage};
use sidings::raster::Raster;
use sidings::report::exhibit::{Edition, Exhibit};
use sidings::report::story::{self, Extras};
use sidings::web::project_file::Project;
use std::io::{Cursor, Write};

/// Those of a target.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "tiff" => tiffs(),
        "png" => pngs(),
        "jpeg" => jpegs(),
        "jpeg2000" => vec![jpeg2000::picture(), bare(&jpeg2000::picture())],
        "webp" => vec![encoded(ImageFormat::WebP, false), encoded(ImageFormat::WebP, true)],
        "place" => [placed(), vec![with_exif(&encoded(ImageFormat::Jpeg, false)), with_geotiff(&jpeg2000::picture())]].concat(),
        "sidecar" => sidecars(),
        "name" => texts(&[
            "PLANET_20231005_T5_yard.tif",
            "S2A_MSIL1C_20231005T021551_N0509.jp2",
            "05OCT23021551-P2AS.TIF",
            "yard 5. Oct 2023.jpeg",
            "42°25'18\"N 130°36'09\"E",
            "42.4217, 130.6026",
            "52T FN 67890 98765",
        ]),
        "credentials" => {
            let store = credentials::store();
            vec![
                credentials::png(&store),
                credentials::jpeg(&store, 60_000),
                credentials::jpeg(&store, 100),
                credentials::tiff(&store),
            ]
        }
        "table" => texts(&[
            "date,count,low,high,until,kind,method,gsd_m,source,note,facility\n2019-05-02,18,15,20,,count,us,0.5,ours,\"a, b\",tumangang\n2018-10,20,,,2023-09,maximum,,,them,,\n",
            "\u{feff}id;name;lat;lon;note\nmuttenz;Muttenz yard;47,53;7,65;\"said \"\"so\"\"\"\r\n",
            "before_x\tbefore_y\tafter_x\tafter_y\n10.5\t20\t12\t21.5\n1e3\t-4\t2\t2\n",
            "before,after,before_date,after_date,gsd\na.tif,b.tif,2023-09-14,2023-10-05,0.5\n",
        ]),
        "tracks" => tracks(),
        "corrections" => texts(&[
            r#"{"accepted":[[[0,0],[28,0],[28,6],[0,6]]],"rejected":[[[10,40],[38,41],[38,47],[10,46]]]}"#,
            r#"{"before":{"added":[[[0,0],[28,0],[28,6],[0,6]]],"count_in":[[[0,0],[99,0],[99,99]]]},"after":{"leave_out":[[[1,1],[9,1],[9,9],[1,9]]],"gantries":[[[5,0],[7,0],[7,50],[5,50]]]}}"#,
        ]),
        "project" => states().iter().map(|state| packed(state)).collect(),
        "state" => texts(&states()),
        "story" => stories(),
        other => panic!("no seeds for {other}"),
    }
}

fn texts(texts: &[impl AsRef<str>]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_ref().as_bytes().to_vec()).collect()
}

fn picture() -> RgbImage {
    RgbImage::from_fn(20, 16, |x, y| image::Rgb([(x * 12) as u8, (y * 15) as u8, (x * y) as u8]))
}

fn encoded(format: ImageFormat, alpha: bool) -> Vec<u8> {
    let picture = DynamicImage::from(picture());
    let picture = if alpha { DynamicImage::from(picture.to_rgba8()) } else { picture };
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

fn pngs() -> Vec<Vec<u8>> {
    let deep = DynamicImage::from(picture()).to_luma16();
    let mut grey = Cursor::new(Vec::new());
    DynamicImage::from(deep).write_to(&mut grey, ImageFormat::Png).expect("encodes");
    let whole = encoded(ImageFormat::Png, false);
    // A transparent colour and a text, between the header and the pixels.
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let crc = targets::crc32(&[kind, data].concat());
        [&(data.len() as u32).to_be_bytes()[..], kind, data, &crc.to_be_bytes()].concat()
    };
    let more = [chunk(b"tRNS", &[0, 12, 0, 15, 0, 1]), chunk(b"tEXt", b"Comment\0here"), chunk(b"eXIf", &exif())].concat();
    vec![[&whole[..33], &more, &whole[33..]].concat(), whole, encoded(ImageFormat::Png, true), grey.into_inner()]
}

fn jpegs() -> Vec<Vec<u8>> {
    let whole = encoded(ImageFormat::Jpeg, false);
    let mut grey = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut grey, 40);
    let luma = DynamicImage::from(picture()).to_luma8();
    encoder.write_image(luma.as_raw(), 20, 16, ExtendedColorType::L8).expect("encodes");
    vec![with_exif(&whole), whole, grey]
}

/// An EXIF block: turned by a quarter, and the time of the exposure in a directory of its own.
fn exif() -> Vec<u8> {
    let mut block =
        b"II\x2a\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x69\x87\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0".to_vec();
    block.extend(b"\x01\0\x03\x90\x02\0\x14\0\0\0\x38\0\0\0\0\0\0\x002023:10:05 02:15:51\0");
    block
}

fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let segment = [b"Exif\0\0", &exif()[..]].concat();
    [&jpeg[..2], b"\xff\xe1", &(segment.len() as u16 + 2).to_be_bytes(), &segment, &jpeg[2..]].concat()
}

/// The code stream out of its boxes.
fn bare(jp2: &[u8]) -> Vec<u8> {
    let start = jp2.windows(4).position(|w| w == b"\xff\x4f\xff\x51").expect("a code stream");
    jp2[start..].to_vec()
}

/// A GeoTIFF in a box of its own before the code stream.
fn with_geotiff(jp2: &[u8]) -> Vec<u8> {
    const UUID: [u8; 16] = [0xb1, 0x4b, 0xf8, 0xbd, 0x08, 0x3d, 0x4b, 0x43, 0xa5, 0xae, 0x8c, 0xd7, 0xd5, 0xa6, 0xce, 0x03];
    let inner = placed().remove(0);
    let uuid = [&(inner.len() as u32 + 24).to_be_bytes()[..], b"uuid", &UUID, &inner].concat();
    let at = jp2.windows(4).position(|w| w == b"jp2c").expect("a code stream") - 4;
    [&jp2[..at], &uuid, &jp2[at..]].concat()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// One of each way in which samples are laid out and packed.
fn tiffs() -> Vec<Vec<u8>> {
    let shorts = |values: &[u16]| Value::Shorts(values.to_vec());
    let rgb: Vec<u8> = picture().into_raw();
    let grey: Vec<u8> = (0..320).map(|n| (n % 251) as u8).collect();
    let plain = TiffFixture::new(20, 16, 3, 2, rgb.clone()).strips(4, rgb.chunks(4 * 60).map(<[u8]>::to_vec).collect());
    let mut big = plain.clone();
    (big.big_endian, big.big_tiff) = (true, true);
    let tile = |n: u8| deflated(&vec![n; 256]);
    let tiled = TiffFixture::new(20, 16, 1, 1, Vec::new()).tiled(16, 16, vec![tile(7), tile(9)]).with(259, shorts(&[8]));
    let planar = TiffFixture::new(20, 16, 3, 2, Vec::new()).strips(16, vec![grey.clone(); 3]).with(284, shorts(&[2]));
    let deep: Vec<u8> = (0..320).flat_map(|n: u16| (n * 100).to_le_bytes()).collect();
    let deep =
        TiffFixture::new(20, 16, 1, 1, deflated(&deep)).with(258, shorts(&[16])).with(259, shorts(&[8])).with(317, shorts(&[2]));
    let float: Vec<u8> = (0..320).flat_map(|n| (n as f32 / 7.0).to_le_bytes()).collect();
    let float =
        TiffFixture::new(20, 16, 1, 1, float).with(258, shorts(&[32])).with(339, shorts(&[3])).with(42_113, Value::Text("-9999"));
    let palette = TiffFixture::new(20, 16, 1, 3, grey.clone()).with(320, Value::Shorts((0..768).map(|n| n * 85).collect()));
    let runs: Vec<u8> = grey.chunks(20).flat_map(|row| [&[19], row].concat()).collect();
    let packed = TiffFixture::new(20, 16, 1, 1, runs).with(259, shorts(&[32_773])).with(266, shorts(&[1]));
    let lzw = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(&grey).expect("encodes");
    let lzw = TiffFixture::new(20, 16, 1, 1, lzw).with(259, shorts(&[5]));
    let jpeg = TiffFixture::new(20, 16, 3, 6, encoded(ImageFormat::Jpeg, false)).with(259, shorts(&[7]));
    // A frame with one raw block; and rows of three white and five black pixels.
    let frame = [&[0x28, 0xb5, 0x2f, 0xfd, 0x60, 0x40, 0x00, 0x01, 0x0a, 0x00][..], &grey].concat();
    let zstd = TiffFixture::new(20, 16, 1, 1, frame).with(259, shorts(&[50_000]));
    let fax = TiffFixture::new(8, 16, 1, 0, vec![0b1000_0011; 16]).with(258, shorts(&[1])).with(259, shorts(&[2]));
    let bits = TiffFixture::new(20, 16, 1, 1, vec![0xa5; 48]).with(258, shorts(&[1]));
    let chroma = TiffFixture::new(20, 16, 3, 6, vec![120; 10 * 8 * 6]).with(530, shorts(&[2, 2]));
    let all = [plain, big, tiled, planar, deep, float, palette, packed, lzw, jpeg, zstd, fax, bits, chroma];
    all.iter().map(TiffFixture::bytes).collect()
}

/// Images that say where they lie: by keys, by parameters, by control points.
fn placed() -> Vec<Vec<u8>> {
    let blank = || TiffFixture::new(20, 16, 1, 1, vec![0; 320]);
    let keys = |keys: &[[u16; 4]]| {
        let head = [1, 1, 0, keys.len() as u16];
        Value::Shorts(head.into_iter().chain(keys.iter().flatten().copied()).collect())
    };
    let tie = Value::Doubles(vec![0.0, 0.0, 0.0, 467_000.0, 4_697_000.0, 0.0]);
    let scale = Value::Doubles(vec![0.5, 0.5, 0.0]);
    let grid = |fixture: TiffFixture| fixture.with(33_550, scale.clone()).with(33_922, tie.clone());
    let utm = grid(blank()).with(34_735, keys(&[[1024, 0, 1, 1], [1025, 0, 1, 1], [3072, 0, 1, 32_652]]));
    let own = grid(blank())
        .with(
            34_735,
            keys(&[
                [1024, 0, 1, 1],
                [3072, 0, 1, 32_767],
                [3075, 0, 1, 1],
                [3080, 34_736, 1, 0],
                [3081, 34_736, 1, 1],
                [3092, 34_736, 1, 2],
                [3073, 34_737, 6, 0],
            ]),
        )
        .with(34_736, Value::Doubles(vec![129.0, 0.0, 0.9996]))
        .with(34_737, Value::Text("mine||"));
    let matrix = blank()
        .with(34_264, Value::Doubles(vec![0.4, 0.1, 0.0, 7.6, 0.1, -0.4, 0.0, 47.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]))
        .with(34_735, keys(&[[1024, 0, 1, 2], [2048, 0, 1, 4326]]))
        .with(306, Value::Text("2023:10:05 02:15:51"));
    let points = [[0.0, 0.0], [20.0, 0.0], [0.0, 16.0], [20.0, 16.0]];
    let points = points.iter().flat_map(|[x, y]| [*x, *y, 0.0, 7.6 + x * 1e-5, 47.5 - y * 1e-5, 0.0]).collect();
    let scattered = blank().with(33_922, Value::Doubles(points)).with(34_735, keys(&[[1024, 0, 1, 2], [2048, 0, 1, 4326]]));
    [utm, own, matrix, scattered].iter().map(TiffFixture::bytes).collect()
}

/// The first byte is the kind, as `targets` has it.
fn sidecars() -> Vec<Vec<u8>> {
    const PRJ: &str = r#"PROJCS["WGS_1984_UTM_Zone_52N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",129.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
    const PAM: &str = r#"<PAMDataset><SRS dataAxisToSRSAxisMapping="2,1">GEOGCS["WGS 84"]</SRS><GeoTransform>  7.5, 1e-5, 0.0, 47.5, 0.0, -1e-5</GeoTransform><PAMRasterBand band="1"><NoDataValue>0</NoDataValue></PAMRasterBand></PAMDataset>"#;
    const POINTS: &str = r#"<PAMDataset><GCPList Projection="EPSG:4326"><GCP Id="" Pixel="0" Line="0" X="7.5" Y="47.5"/><GCP Id="" Pixel="100" Line="0" X="7.6" Y="47.5"/><GCP Id="" Pixel="0" Line="100" X="7.5" Y="47.4"/></GCPList></PAMDataset>"#;
    let all: [(u8, &str); 10] = [
        (0, "0.5\n0.0\n0.0\n-0.5\n467000.25\n4696999.75\n"),
        (1, PRJ),
        (1, "EPSG:32652"),
        (2, PAM),
        (2, POINTS),
        (3, r#"{"id":"a","properties":{"acquired":"2023-10-05T01:23:45.67Z","cloud_cover":0}}"#),
        (4, r#"{"properties":{"datetime":"2023-10-05T01:23:45Z"}}"#),
        (5, "BEGIN_GROUP = IMAGE_1\n\tfirstLineTime = 2023-10-05T02:15:51.123456Z;\nEND_GROUP = IMAGE_1\n"),
        (
            6,
            "<Dimap_Document><S><IMAGING_DATE>2023-10-05</IMAGING_DATE><IMAGING_TIME>02:15:13.4Z</IMAGING_TIME></S></Dimap_Document>",
        ),
        (7, "1e-5\n0\n0\n-1e-5\n7.5\n47.5\n"),
    ];
    all.iter().map(|(kind, text)| [&[*kind], text.as_bytes()].concat()).collect()
}

fn tracks() -> Vec<Vec<u8>> {
    texts(&[
        r#"{"type":"FeatureCollection","crs":"pixels","features":[{"type":"Feature","properties":{"name":"7a"},"geometry":{"type":"MultiLineString","coordinates":[[[1,2],[90,4.5,7]],[[10,20],[30,40]]]}}]}"#,
        r#"{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[7.001,47.999],[7.03,47.98]]},{"type":"Point","coordinates":[7,47]}]}"#,
        "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document><Folder><Placemark><name> Gleis 3 </name><MultiGeometry><LineString><coordinates>\n 7.001,47.999,0 7.03,47.98,0\n</coordinates></LineString></MultiGeometry></Placemark></Folder></Document></kml>",
    ])
}

fn states() -> [&'static str; 3] {
    [
        r#"{"schema":"sidings/project@1","version":"0.1.0","saved_at":null,"facility":"tumangang","order_by_user":true,"images":[{"file":"a.tif","bytes":9,"sha256":"aa","side":"before","date":"2023-10-05"},{"file":"b.tif","bytes":9,"sha256":"bb","side":"after"}]}"#,
        r#"{"schema":"sidings/project@2","version":"0.1.0","saved_at":"2024-05-01T10:00:00Z","open":0,"facility":"mine","places":[{"id":"mine","name":"Mine","lat":47.5,"lon":7.6,"note":""}],"record":{"file":"mine.csv","text":"date,count\n2020-01-01,1\n"},"added":[],"pairs":[{"images":[{"file":"a.tif","bytes":9,"sha256":"aa","side":"before","gsd_m":0.5},{"file":"b.tif","bytes":9,"sha256":"bb","side":"after","date":"2023-10-05"}],"edits":[[{"Draw":[[1.0,2.0],[90.0,4.0]]},"2024-05-01T10:00:00Z"],[{"Area":["leaveOut",[[1.0,2.0],[90.0,4.0],[9.0,40.0]]]},null]],"undone":[["ForgetAreas",null]],"control_points":[{"before":[1.0,2.0],"after":[3.0,4.0]}],"tracks":{"file":"t.geojson","text":"{}"},"edition":["c",null,null,"p"],"looks":[{"side":"after","date":"2023-10-05","count":{"estimate":73.0,"low":69.0,"high":77.0,"level":0.9,"kind":"individual"},"gsd_m":0.5,"corrected":true}]}]}"#,
        r#"{"schema":"sidings/project@2","pairs":[{"images":[{"side":"before"},{"side":"after"},{"file":"c.tif"}]}],"open":0}"#,
    ]
}

fn packed(state: &str) -> Vec<u8> {
    let project = Project::from_json(state, "f").unwrap_or_else(|e| panic!("{e}"));
    project.write(&[("a.tif".to_owned(), vec![7; 300]), ("b/c é.tif".to_owned(), (0..=255).collect())]).expect("written")
}

/// One story, whole and without its pictures, and what an engine looks like.
fn stories() -> Vec<Vec<u8>> {
    let exhibit = Exhibit::new(&answer::plan(), &answer::context(), Edition::default()).expect("an answer");
    let rgb = Raster::from_fn(200 * 3, 100, |x, y| (x * 7 + y * 13) as u8);
    let rgb = Raster::new(200, 100, 3, rgb.samples().to_vec()).expect("a picture");
    let written = story::write(&exhibit, &rgb, &rgb, &Extras::default()).expect("a story");
    let data = written.html.find("<script type=\"application/json\"").expect("its data");
    let gz = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    };
    let code = |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, gz(bytes));
    let engine = format!("\"{}\" \"{}\"", code(&[b"\0asm\x01\0\0\0", &[3; 900][..]].concat()), code(&[b'x'; 900]));
    vec![written.html.as_bytes().to_vec(), written.html.as_bytes()[data..].to_vec(), engine.into_bytes()]
}
