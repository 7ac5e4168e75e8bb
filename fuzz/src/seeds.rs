//! Writes what fuzzing begins from: `seeds CORPUS [FOLDER]`. For each target a folder with the little files of `tests/hostile/seeds.rs`, with what once
//! broke it, and with small files of that kind found below FOLDER.

#[path = "../../tests/fixtures/answer.rs"]
mod answer;
#[path = "../../tests/fixtures/credentials.rs"]
mod credentials;
#[path = "../../tests/fixtures/mod.rs"]
mod fixtures;
#[path = "../../tests/hostile/found.rs"]
mod found;
#[path = "../../tests/fixtures/jpeg2000.rs"]
mod jpeg2000;
#[path = "../../tests/fixtures/memory.rs"]
mod memory;
#[path = "../../tests/hostile/seeds.rs"]
mod seeds;
#[allow(dead_code, reason = "nothing is run here")]
#[path = "../../tests/hostile/targets.rs"]
mod targets;

use std::path::{Path, PathBuf};

/// A larger file slows each run down and shows no more.
const LARGEST_BYTES: u64 = 64 << 10;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let corpus = arguments.next().unwrap_or_else(|| PathBuf::from("corpus"));
    let others = arguments.next().map(|folder| files_under(&folder)).unwrap_or_default();
    for target in &targets::TARGETS {
        let folder = corpus.join(target.name);
        std::fs::create_dir_all(&folder)?;
        let old = found::found().into_iter().filter(|(name, _)| *name == target.name).map(|(_, bytes)| bytes);
        for (n, bytes) in seeds::of(target.name).into_iter().chain(old).enumerate() {
            std::fs::write(folder.join(format!("seed-{n}")), bytes)?;
        }
        let endings: &[&str] = match target.name {
            "tiff" | "place" => &["tif", "tiff", "gtiff"],
            "png" => &["png"],
            "jpeg" => &["jpg", "jpeg"],
            "jpeg2000" => &["jp2", "j2k", "jpx"],
            "webp" => &["webp"],
            "tracks" => &["geojson", "kml"],
            "table" => &["csv"],
            _ => &[],
        };
        for (n, file) in others.iter().filter(|file| has_ending(file, endings)).enumerate() {
            std::fs::copy(file, folder.join(format!("file-{n}")))?;
        }
    }
    Ok(())
}

fn has_ending(file: &Path, endings: &[&str]) -> bool {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect();
    files.retain(|file| file.metadata().is_ok_and(|m| m.len() <= LARGEST_BYTES));
    files.sort();
    files
}
