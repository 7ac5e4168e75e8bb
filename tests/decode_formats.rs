//! A ledger of what every file of two public collections decodes to: size, bands, kind, valid pixels and a checksum of the
//! samples, or the code it is refused with. The values were once compared with independent readers (GDAL's and tifffile's,
//! Pillow's): equal, but for JPEG inside and YCbCr (within 4 of 255).
//!
//! With `SIDINGS_REWRITE_LEDGER=1` the ledger is written anew; look at its difference before committing it.

#[path = "fixtures/memory.rs"]
mod memory;
#[path = "fixtures/patience.rs"]
mod patience;

use sha2::{Digest, Sha256};
use sidings::decode;
use sidings::limits::Limits;
use sidings::raster::{Samples, Scene};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const LEDGER: &str = include_str!("decode_formats.ledger");

/// All sizes are let in: many of these files are a few pixels large.
const ANY_SIZE: Limits = Limits { max_side_px: 32_768, max_pixels: 200_000_000, max_bytes: 1 << 30, min_side_px: 1 };

#[test]
fn every_file_is_as_the_ledger_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/formats");
    let files = files_under(&folder);
    if files.is_empty() {
        println!("skipped: no files under {}", folder.display());
        return;
    }
    let found: BTreeMap<String, String> = files
        .into_iter()
        .map(|path| {
            let (folder, name) = (folder.clone(), path.display().to_string());
            patience::ends(&name, move || entry(&folder, &path))
        })
        .collect();
    if std::env::var_os("SIDINGS_REWRITE_LEDGER").is_some() {
        let text: String = found.iter().map(|(name, what)| format!("{name}\t{what}\n")).collect();
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decode_formats.ledger"), text).expect("ledger written");
        return;
    }
    let expected: BTreeMap<String, String> =
        LEDGER.lines().filter_map(|line| line.split_once('\t')).map(|(name, what)| (name.to_owned(), what.to_owned())).collect();
    let wrong: Vec<String> = found
        .iter()
        .filter(|(name, what)| expected.get(*name).is_some_and(|e| e != *what))
        .map(|(name, what)| format!("{name}: {what}, and the ledger has {}", expected[name]))
        .collect();
    assert!(wrong.is_empty(), "{} files changed:\n{}", wrong.len(), wrong.join("\n"));
    assert!(found.keys().filter(|name| expected.contains_key(*name)).count() > 200, "the ledger speaks of other files");
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path());
    let mut files: Vec<PathBuf> = entries.flat_map(|p| if p.is_dir() { files_under(&p) } else { vec![p] }).collect();
    files.sort();
    files
}

/// Name and outcome of one file; fails when it takes more memory than its samples or its bytes explain.
fn entry(folder: &Path, path: &Path) -> (String, String) {
    let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let bytes = std::fs::read(path).expect("a readable file");
    let (outcome, peak) = memory::peak_of(|| decode::scene(&bytes, &name, &ANY_SIZE));
    let decoded = outcome.as_ref().map_or(0, |s| s.width() * s.height() * (s.bands() + 1) * 4);
    let fair = 4 * decoded + 4 * bytes.len() + (4 << 20);
    assert!(peak <= fair, "{name}: {peak} bytes held at once, {fair} would be fair");
    let what = match outcome {
        Ok(scene) => {
            let header = decode::header(&bytes, &name, &ANY_SIZE).expect("what decodes has a header");
            assert_eq!((header.width as usize, header.height as usize), (scene.width(), scene.height()), "{name}");
            describe(&scene)
        }
        Err(error) => {
            assert_eq!(error.file(), Some(name.as_str()));
            error.code().to_owned()
        }
    };
    (name, what)
}

fn describe(scene: &Scene) -> String {
    let (kind, bytes): (&str, Vec<u8>) = match &scene.samples {
        Samples::U8(r) => ("u8", r.samples().to_vec()),
        Samples::U16(r) => ("u16", r.samples().iter().flat_map(|v| v.to_le_bytes()).collect()),
        Samples::F32(r) => ("f32", r.samples().iter().flat_map(|v| v.to_le_bytes()).collect()),
    };
    let pixels = scene.width() * scene.height();
    let valid = scene.valid.as_ref().map_or(pixels, |m| m.samples().iter().filter(|&&v| v).count());
    let digest = Sha256::digest(&bytes);
    let checksum: String = digest.iter().take(6).map(|b| format!("{b:02x}")).collect();
    format!("{}x{}x{} {kind} valid {valid} {checksum}", scene.width(), scene.height(), scene.bands())
}
