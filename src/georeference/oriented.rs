//! Whether the decoder turns an image upright, so that a grid that speaks of the stored pixels doesn't hold any more.

use super::exif;
use crate::ifd::{Directory, Tiff};

const ORIENTATION: u16 = 274;

/// Tags of a grid: pixel scale, tie points, matrix.
const GRID: [u16; 3] = [33_550, 33_922, 34_264];

/// True for an orientation other than upright. Images that carry their grid in their own tags are never turned.
pub(super) fn is_turned(bytes: &[u8], tiff: Option<&Directory<'_>>) -> bool {
    let of = |d: &Directory<'_>| d.uint(ORIENTATION).is_some_and(|v| (2..=8).contains(&v));
    match tiff {
        Some(directory) => of(directory) && !GRID.iter().any(|&tag| directory.has(tag)),
        None => exif::block(bytes).and_then(Tiff::open).is_some_and(|t| t.directories().first().is_some_and(of)),
    }
}
