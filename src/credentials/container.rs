//! Where each format keeps the manifest store.

use crate::ifd::Tiff;
use std::collections::BTreeMap;

/// More than this is no manifest store, bytes.
const LONGEST: usize = 16 << 20;

/// Tag of a TIFF.
const TIFF_TAG: u16 = 52_545;

/// The bytes of the manifest store: one JUMBF superbox.
pub fn store(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return of_png(bytes);
    }
    if bytes.starts_with(b"\xff\xd8") {
        return of_jpeg(bytes);
    }
    let value = Tiff::open(bytes)?.directories().iter().find_map(|directory| directory.raw(TIFF_TAG))?;
    (value.len() <= LONGEST).then(|| value.to_vec())
}

fn of_png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.get(8..)?;
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let kind = rest.get(4..8)?;
        if kind == b"caBX" {
            return rest.get(8..8usize.checked_add(length.min(LONGEST))?).map(<[u8]>::to_vec);
        }
        rest = rest.get(length.checked_add(12)?..)?;
    }
}

/// Application segments 11 hold pieces of boxes: `JP`, number of the box, number of the piece, and in each piece the head of the box again.
fn of_jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut boxes: BTreeMap<u16, BTreeMap<u32, &[u8]>> = BTreeMap::new();
    let mut rest = bytes.get(2..)?;
    while let Some(&[0xff, marker]) = rest.first_chunk() {
        // Fill bytes before a marker, and markers that stand alone.
        if marker == 0xff {
            rest = &rest[1..];
            continue;
        }
        if matches!(marker, 0x01 | 0xd0..=0xd7) {
            rest = &rest[2..];
            continue;
        }
        // The picture itself begins.
        if matches!(marker, 0xda | 0xd9) {
            break;
        }
        let Some(length) = rest.get(2..4).map(|b| usize::from(b[0]) << 8 | usize::from(b[1])) else { break };
        let Some(segment) = rest.get(4..2 + length.max(2)) else { break };
        if marker == 0xeb && segment.starts_with(b"JP") && segment.len() > 16 {
            let number = u16::from_be_bytes([segment[2], segment[3]]);
            let piece = u32::from_be_bytes([segment[4], segment[5], segment[6], segment[7]]);
            boxes.entry(number).or_default().entry(piece).or_insert(&segment[8..]);
        }
        rest = &rest[2 + length.max(2)..];
    }
    boxes.values().find_map(|pieces| joined(pieces))
}

/// The pieces of one box; `None` unless it is a manifest store.
fn joined(pieces: &BTreeMap<u32, &[u8]>) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    for piece in pieces.values() {
        let long = piece.starts_with(&[0, 0, 0, 1]);
        let repeated = if whole.is_empty() {
            0
        } else if long {
            16
        } else {
            8
        };
        whole.extend_from_slice(piece.get(repeated..)?);
        if whole.len() > LONGEST {
            return None;
        }
    }
    // JUMBF serves others, too: what describes the box says whose it is.
    whole.get(..64.min(whole.len()))?.windows(4).any(|w| w == b"c2pa").then_some(whole)
}
