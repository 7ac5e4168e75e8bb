//! GeoTIFF keys: which coordinate system a file names (OGC 19-008r4).

use super::projection::Projection;
use crate::ifd::Directory;

const KEY_DIRECTORY: u16 = 34_735;
const ASCII_VALUES: u16 = 34_737;

const MODEL_TYPE: u64 = 1024;
const RASTER_TYPE: u64 = 1025;
const CITATION: u64 = 1026;
const GEOGRAPHIC_TYPE: u64 = 2048;
const GEOGRAPHIC_CITATION: u64 = 2049;
const PROJECTED_TYPE: u64 = 3072;
const PROJECTED_CITATION: u64 = 3073;

/// The number that says: described by further keys, not by a code.
const USER_DEFINED: u64 = 32_767;

/// What the keys say.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GeoKeys {
    /// `EPSG:…`, or the words the file uses for a system of its own.
    pub name: Option<String>,
    /// Understood or not.
    pub projection: Option<Projection>,
    /// Tie points speak of pixel centres, not of corners.
    pub pixel_is_point: bool,
}

/// Reads the keys; `None` when the file has none.
pub(super) fn read(directory: &Directory<'_>) -> Option<GeoKeys> {
    let keys = directory.uints(KEY_DIRECTORY)?;
    let entries: Vec<&[u64]> = keys.get(4..).unwrap_or_default().chunks_exact(4).collect();
    let find = |key: u64| entries.iter().find(|e| e[0] == key);
    let code = |key: u64| find(key).filter(|e| e[1] == 0).map(|e| e[3]).filter(|&v| v > 0);
    let text = directory.text(ASCII_VALUES).unwrap_or_default();
    let words = |key: u64| {
        let entry = find(key).filter(|e| e[1] == u64::from(ASCII_VALUES))?;
        let (start, length) = (usize::try_from(entry[3]).ok()?, usize::try_from(entry[2]).ok()?);
        let words = text.get(start..start.checked_add(length)?.min(text.len()))?;
        Some(words.trim_end_matches('|').trim().to_owned()).filter(|w| !w.is_empty())
    };
    let (type_key, citations) = match code(MODEL_TYPE) {
        Some(2) => (GEOGRAPHIC_TYPE, [GEOGRAPHIC_CITATION, CITATION]),
        Some(3) => (0, [GEOGRAPHIC_CITATION, CITATION]),
        _ => (PROJECTED_TYPE, [PROJECTED_CITATION, CITATION]),
    };
    let epsg = code(type_key).filter(|&c| c != USER_DEFINED).and_then(|c| u32::try_from(c).ok());
    Some(GeoKeys {
        name: epsg.map(|c| format!("EPSG:{c}")).or_else(|| citations.into_iter().find_map(words)),
        projection: epsg.and_then(Projection::from_epsg),
        pixel_is_point: code(RASTER_TYPE) == Some(2),
    })
}
