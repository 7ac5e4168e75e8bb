//! Where the images of two public collections lie, beside what an independent reader says: rasterio, and with it GDAL and PROJ.
//!
//! The ledger is written by `georeference_formats.py`, which says what its columns are; look at its difference before committing it.

use sidings::geometry::Point;
use sidings::georeference::{self, Georeference, Sidecar};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const LEDGER: &str = include_str!("georeference_formats.ledger");

/// Farthest that a corner may lie from the ledger's, in pixels of the image. Most lie within a hundred-thousandth; one on an older datum,
/// whose shift has several versions, lies 1.4 m off, a fiftieth of its pixel.
const WITHIN_PX: f64 = 0.05;

/// Largest difference of ground sample distances: those of the ledger go along geodesics, which shows where a pixel is 50 km wide.
const WITHIN_SHARE: f64 = 1e-5;

#[test]
fn every_image_lies_where_the_ledger_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/formats");
    let files = images_under(&folder);
    if files.is_empty() {
        println!("skipped: no files under {}", folder.display());
        return;
    }
    let rows = LEDGER.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t').expect("a name"));
    let ledger: BTreeMap<&str, &str> = rows.collect();
    let (mut wrong, mut found) = (Vec::new(), 0);
    for path in &files {
        let name = path.strip_prefix(&folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let row = ledger.get(name.as_str()).copied();
        found += usize::from(row.is_some());
        if let Err(difference) = compare(path, row) {
            wrong.push(format!("{name}: {difference}"));
        }
    }
    assert!(wrong.is_empty(), "{} images:\n{}", wrong.len(), wrong.join("\n"));
    assert!(found > 25, "the ledger speaks of other files");
}

fn images_under(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path());
    let all = entries.flat_map(|p| if p.is_dir() { images_under(&p) } else { vec![p] });
    let is_image = |p: &PathBuf| p.extension().is_some_and(|e| ["tif", "tiff", "jpg"].iter().any(|known| e == *known));
    let mut files: Vec<PathBuf> = all.filter(is_image).collect();
    files.sort();
    files
}

/// Reads an image with what lies beside it, as the ledger's reader does.
fn place(path: &Path, size_px: (u32, u32)) -> Georeference {
    let name = |p: &Path| p.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let image = name(path);
    let beside = std::fs::read_dir(path.parent().expect("a folder")).into_iter().flatten().flatten().map(|e| e.path());
    let beside: Vec<(String, Vec<u8>)> = beside
        .filter(|p| georeference::is_sidecar(&name(p)) && georeference::belongs(&name(p), &image))
        .map(|p| (name(&p), std::fs::read(&p).expect("a readable file")))
        .collect();
    let sidecars: Vec<Sidecar<'_>> = beside.iter().map(|(name, bytes)| Sidecar { name, bytes }).collect();
    georeference::read_with(&std::fs::read(path).expect("a readable file"), &image, size_px, &sidecars)
}

fn compare(path: &Path, row: Option<&str>) -> Result<(), String> {
    let Some(row) = row else {
        let ours = place(path, (100, 100));
        return match (&ours.crs, ours.corners_lonlat) {
            (None, None) => Ok(()),
            found => Err(format!("found {found:?}, and the ledger has nothing")),
        };
    };
    let columns: Vec<&str> = row.split('\t').collect();
    let &[size, system, gsd_m, corners] = &columns[..] else { return Err(format!("a line of other columns: {row}")) };
    let numbers = |text: &str| text.split(' ').map(|v| v.parse::<f64>()).collect::<Result<Vec<_>, _>>().ok();
    let [width, height] = numbers(size).and_then(|v| v.try_into().ok()).expect("a width and a height");
    let ours = place(path, (width as u32, height as u32));
    if ours.crs.as_deref().unwrap_or("-") != system {
        return Err(format!("the system is {:?}, and the ledger has {system}", ours.crs));
    }
    let (Some(theirs), Some(gsd_m)) = (numbers(corners), gsd_m.parse::<f64>().ok()) else {
        return ours.corners_lonlat.map_or(Ok(()), |corners| Err(format!("placed at {corners:?}, and the ledger has no place")));
    };
    let outline = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|(x, y)| Point::new(x, y));
    for (corner, lonlat) in outline.into_iter().zip(theirs.chunks_exact(2)) {
        let found = ours.to_pixel([lonlat[0], lonlat[1]]).ok_or_else(|| format!("unplaced: {:?}", ours.warnings))?;
        if found.distance(corner) > WITHIN_PX {
            return Err(format!("the ledger's {corner:?} lies at {found:?}"));
        }
    }
    let share = (ours.gsd_m.ok_or("no ground sample distance")? / gsd_m - 1.0).abs();
    if share > WITHIN_SHARE { Err(format!("{:?} m a pixel, and the ledger has {gsd_m}", ours.gsd_m)) } else { Ok(()) }
}
