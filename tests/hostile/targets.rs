//! What must hold whatever the bytes are: every parser of strangers' bytes with its invariants. The tests run them on bytes that were changed by
//! a seeded draw, `fuzz/` on bytes that libFuzzer thinks up.
//!
//! For all of them: no panic, no more memory than stated, the same answer again. None of them reads by pieces: each is given all bytes of a file.

use crate::memory::peak_of;
use sidings::corrections::{self, Wanted};
use sidings::decode::Header;
use sidings::geometry::Point;
use sidings::georeference::{self, Georeference, Sidecar};
use sidings::limits::Limits;
use sidings::raster::{Samples, Scene};
use sidings::report::story::{Engine, verify};
use sidings::web::project_file::{self, Project};
use sidings::{align::by_hand, credentials, decode, facilities, record, table::Table, tracks_file};
use std::fmt::Debug;

/// A parser, and what must hold for it.
pub struct Target {
    /// Of its corpus.
    pub name: &'static str,
    /// Panics when something doesn't hold.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 15] = [
    Target { name: "tiff", run: image },
    Target { name: "png", run: png },
    Target { name: "jpeg", run: image },
    Target { name: "jpeg2000", run: image },
    Target { name: "webp", run: image },
    Target { name: "place", run: place },
    Target { name: "sidecar", run: sidecar },
    Target { name: "name", run: name },
    Target { name: "credentials", run: of_credentials },
    Target { name: "table", run: table },
    Target { name: "tracks", run: tracks },
    Target { name: "corrections", run: of_corrections },
    Target { name: "project", run: project },
    Target { name: "state", run: state },
    Target { name: "story", run: story },
];

/// Small, so that a run is short; what is refused for its size is refused as with the limits of the product.
const LIMITS: Limits = Limits { max_side_px: 2048, max_pixels: 1 << 18, max_bytes: 1 << 21, min_side_px: 1 };

/// What may be held whatever the size: tables of the decoders, sentences.
const ALWAYS: usize = 1 << 20;

/// Runs it twice: within the budget, and with the same answer.
fn twice<T: Debug>(budget: usize, read: impl Fn() -> T) -> T {
    let (first, peak) = peak_of(&read);
    assert!(peak <= budget, "{peak} bytes held at once, {budget} would be fair");
    assert_eq!(format!("{first:?}"), format!("{:?}", read()), "another answer for the same bytes");
    first
}

/// An error names the file and says something.
fn named<T>(outcome: Result<T, sidings::error::Error>, file: &str) -> Option<T> {
    let error = match outcome {
        Ok(value) => return Some(value),
        Err(error) => error,
    };
    assert_eq!(error.file(), Some(file), "{error}");
    assert!(!error.code().is_empty() && error.to_string().len() > file.len() + 10, "{error}");
    None
}

/// Any image: the header and the pixels agree, and memory is bounded by what the header says.
fn image(bytes: &[u8]) {
    let header = named(twice(2 * bytes.len() + ALWAYS, || decode::header(bytes, "f", &LIMITS)), "f");
    let claimed = header.as_ref().map_or(0, |h| h.width as usize * h.height as usize * (h.bands.max(4) as usize + 1) * 4);
    if let Some(header) = &header {
        assert!(LIMITS.admit(header.width, header.height, 1), "{header:?}");
    }
    let decoded = || decode::scene(bytes, "f", &LIMITS);
    let (scene, peak) = peak_of(decoded);
    let fair = 4 * claimed + 4 * bytes.len() + 4 * ALWAYS;
    assert!(peak <= fair, "{peak} bytes held at once, {fair} would be fair for {header:?}");
    overview(bytes, header.as_ref(), fair);
    let again = decoded();
    let Some(scene) = named(scene, "f") else {
        assert_eq!(again.err().map(|e| e.to_string()), decode::scene(bytes, "f", &LIMITS).err().map(|e| e.to_string()));
        return;
    };
    let header = header.expect("what decodes has a header");
    assert_eq!((header.width as usize, header.height as usize), (scene.width(), scene.height()));
    assert_eq!(bits(&scene), bits(&again.expect("it decoded before")), "other pixels for the same bytes");
}

/// Its overview takes no more than the whole of it, and has the size that the header promises.
fn overview(bytes: &[u8], header: Option<&Header>, fair: usize) {
    let half = || decode::overview(bytes, "f", &LIMITS, 2);
    let (small, peak) = peak_of(half);
    assert!(peak <= fair, "{peak} bytes held at once for an overview, {fair} would be fair for {header:?}");
    let Some(small) = named(small, "f") else { return };
    let header = header.expect("what has an overview has a header");
    assert_eq!((header.width as usize / 2, header.height as usize / 2), (small.width(), small.height()));
    assert_eq!(bits(&small), bits(&half().expect("it was read before")), "another overview for the same bytes");
}

fn bits(scene: &Scene) -> (usize, Vec<u32>, Option<Vec<bool>>) {
    let samples = match &scene.samples {
        Samples::U8(r) => r.samples().iter().map(|&v| v.into()).collect(),
        Samples::U16(r) => r.samples().iter().map(|&v| v.into()).collect(),
        Samples::F32(r) => r.samples().iter().map(|v| v.to_bits()).collect(),
    };
    (scene.bands(), samples, scene.valid.as_ref().map(|mask| mask.samples().to_vec()))
}

/// As it stands, and with the checksums of its chunks made right, behind which little could be reached.
fn png(bytes: &[u8]) {
    image(bytes);
    let mut right = bytes.to_vec();
    let mut at = 8;
    while let Some(length) = right.get(at..at + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize) {
        let Some(end) = at.checked_add(8 + length).filter(|end| end + 4 <= right.len()) else { break };
        let crc = crc32(&right[at + 4..end]);
        right[end..end + 4].copy_from_slice(&crc.to_be_bytes());
        at = end + 4;
    }
    image(&right);
}

/// Of PNG's chunks.
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// What an image says of where and when it was taken.
fn place(bytes: &[u8]) {
    placed(&twice(8 * bytes.len() + 4 * ALWAYS, || georeference::read(bytes, "20231005_yard.tif", 640, 480)));
}

/// What a file beside an image says; its first byte chooses the kind of file.
fn sidecar(bytes: &[u8]) {
    const NAMES: [&str; 8] =
        ["yard.tfw", "yard.prj", "yard.tif.aux.xml", "yard.json", "yard_metadata.json", "yard.imd", "DIM_yard.xml", "yard.wld"];
    let Some((&kind, rest)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(kind) % NAMES.len()];
    assert!(georeference::is_sidecar(name) && georeference::belongs(name, "yard.tif"), "{name}");
    // The other half of what places an image, so that this one can.
    let world = Sidecar { name: "yard.tfw", bytes: b"0.5\n0\n0\n-0.5\n420000\n5260000\n" };
    let system = Sidecar { name: "yard.prj", bytes: b"EPSG:32632" };
    let beside = [Sidecar { name, bytes: rest }, if name.ends_with("prj") { world } else { system }];
    // A tree of XML or JSON needs some 30 bytes a byte at worst.
    placed(&twice(64 * bytes.len() + ALWAYS, || georeference::read_with(b"", "yard.tif", (640, 480), &beside)));
}

fn placed(georeference: &Georeference) {
    let finite = |values: &[f64]| assert!(values.iter().all(|v| v.is_finite()), "{georeference:?}");
    if let Some(corners) = georeference.corners_lonlat {
        finite(corners.as_flattened());
    }
    if let Some(gsd_m) = georeference.gsd_m {
        assert!(gsd_m.is_finite() && gsd_m > 0.0, "{georeference:?}");
    }
    if let Some(point) = georeference.to_lonlat(Point::new(320.0, 240.0)).and_then(|lonlat| georeference.to_pixel(lonlat)) {
        finite(&[point.x, point.y]);
    }
    if let Some(away) = georeference.shadow_rad((640, 480)) {
        finite(&[away]);
    }
}

/// Names of files, and places as people write them.
fn name(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let budget = 64 * bytes.len() + ALWAYS;
    twice(budget, || georeference::read(b"", &text, 10, 10).captured);
    twice(budget, || {
        (georeference::is_sidecar(&text), tracks_file::is_tracks_file(&text), georeference::belongs(&text, "yard.tif"))
    });
    if let Some([lon, lat]) = twice(budget, || georeference::place_written(&text)) {
        assert!((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat), "{text:?} is {lon}, {lat}");
    }
}

fn of_credentials(bytes: &[u8]) {
    let found = twice(16 * bytes.len() + 8 * ALWAYS, || credentials::read(bytes));
    let texts = found.iter().flat_map(|c| [&c.claim_generator, &c.title, &c.signed_by, &c.certificate_issuer]).flatten();
    texts.for_each(|text| assert!(text.chars().count() <= 1_000 && !text.chars().any(char::is_control), "{text:?}"));
}

/// Everything that is written as a table of text.
fn table(bytes: &[u8]) {
    let budget = 64 * bytes.len() + ALWAYS;
    named(twice(budget, || Table::read(bytes, "f").map(|table| table.rows().count())), "f");
    named(twice(budget, || facilities::read_csv(bytes, "f")), "f");
    named(twice(budget, || by_hand::read_csv(bytes, "f")), "f");
    if let Some(entries) = named(twice(budget, || record::read_csv(bytes, "f")), "f").filter(|entries| !entries.is_empty()) {
        let written = record::write_csv(&entries).expect("what was read can be written");
        let read = record::read_csv(written.as_bytes(), "f");
        assert_eq!(format!("{:?}", read.as_deref()), format!("{:?}", Ok::<_, ()>(&entries[..])), "{written}");
    }
}

fn tracks(bytes: &[u8]) {
    let to_pixels = |[lon, lat]: [f64; 2]| Some(Point::new((lon - 7.0) * 1e4, (48.0 - lat) * 1e4)).filter(|p| p.x.is_finite());
    for placed in [None, Some(&to_pixels as tracks_file::ToPixels<'_>)] {
        let found = twice(96 * bytes.len() + ALWAYS, || tracks_file::read(bytes, "f", (640, 480), placed));
        for track in named(found, "f").iter().flatten() {
            assert!(track.line_px.len() > 1 && track.line_px.iter().all(|p| p.x.is_finite() && p.y.is_finite()), "{track:?}");
        }
    }
}

fn of_corrections(bytes: &[u8]) {
    for wanted in [Wanted::OneImage, Wanted::BothDates] {
        named(twice(96 * bytes.len() + ALWAYS, || corrections::read_json(bytes, "f", wanted)), "f");
    }
}

/// A project file as a whole: what is opened and written again is the same.
fn project(bytes: &[u8]) {
    let Some(opened) = named(twice(96 * bytes.len() + ALWAYS, || project_file::read(bytes, "f")), "f") else { return };
    let written = opened.project.write(&opened.images).expect("what was read can be written");
    assert_eq!(project_file::read(&written, "f").expect("what was written can be read"), opened);
}

/// The state of a project, which lies in it behind a checksum.
fn state(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some(project) = named(twice(96 * bytes.len() + ALWAYS, || Project::from_json(text, "f")), "f") else { return };
    assert_eq!(Project::from_json(&project.to_json(), "f").expect("what was written can be read"), project);
}

/// A story is opened and its page written anew; counting its pictures again is the business of other tests.
fn story(bytes: &[u8]) {
    let html = String::from_utf8_lossy(bytes);
    // The page that is written anew is as long as its style and words, whatever was read.
    let _ = twice(96 * bytes.len() + 4 * ALWAYS, || verify::anew(&html).map_err(|e| e.to_string()));
    let _ =
        twice(16 * bytes.len() + ALWAYS, || Engine::of_page(bytes, "f").map_err(|e| e.to_string()).map(|engine| engine.stated()));
}
