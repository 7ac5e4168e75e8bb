//! The same file with another directory: plain enough for the `tiff` crate to hand out every sample untouched.
//!
//! The `tiff` crate interprets colours (drops extra bands of RGB, refuses palettes), takes rows per strip at their word, which
//! overflows where `usize` has 32 bits, and knows tiles by their own tags only. So it gets to see one directory, copied entry by
//! entry, that calls the samples plain bands, keeps rows per strip within the image and lists tiles as tiles. The bytes are not
//! copied: a reader shows the file, a new header and a tail.

use super::survey::{PHOTOMETRIC, ROWS_PER_STRIP, STRIP_LENGTHS, STRIP_OFFSETS, TILE_LENGTHS, TILE_OFFSETS, TILE_WIDTH};
use crate::ifd::{Directory, Tiff};
use std::io::{Read, Result, Seek, SeekFrom};

/// Reads header, then the file behind it, then the tail.
pub(super) struct Restated<'a> {
    header: Vec<u8>,
    file: &'a [u8],
    tail: Vec<u8>,
    at: u64,
}

impl<'a> Restated<'a> {
    /// `rows` is the most rows a strip may claim.
    pub fn new(file: &'a [u8], tiff: &Tiff<'_>, directory: &Directory<'_>, rows: u32) -> Self {
        let (order, offset_size) = (tiff.order, if tiff.big { 8 } else { 4 });
        let start = file.len().next_multiple_of(2) as u64;
        let mut header = file[..if tiff.big { 16 } else { 8 }].to_vec();
        header.truncate(header.len() - offset_size);
        header.extend(order.bytes(start, offset_size));

        let inline = |tag: u16, value: u32| {
            let mut entry = order.bytes(tag.into(), 2);
            entry.extend(order.bytes(LONG, 2));
            entry.extend(order.bytes(1, offset_size));
            entry.extend(order.bytes(value.into(), 4));
            entry.resize(4 + 2 * offset_size, 0);
            (tag, entry)
        };
        let tall = directory.uint(ROWS_PER_STRIP).is_some_and(|r| r > rows.into());
        let replaced = |tag: u16| tag == PHOTOMETRIC || (tag == ROWS_PER_STRIP && tall);
        let misplaced = directory.has(TILE_WIDTH) && !directory.has(TILE_OFFSETS);
        let retagged = |tag: u16| match tag {
            STRIP_OFFSETS if misplaced => TILE_OFFSETS,
            STRIP_LENGTHS if misplaced => TILE_LENGTHS,
            other => other,
        };
        let copied = |raw: &[u8], tag: u16| (tag, [&order.bytes(tag.into(), 2), &raw[2..]].concat());
        let kept = directory.entries.iter().filter(|e| !replaced(e.tag));
        let mut entries: Vec<_> = kept.map(|e| copied(e.raw, retagged(e.tag))).collect();
        entries.push(inline(PHOTOMETRIC, BLACK_IS_ZERO));
        if tall {
            entries.push(inline(ROWS_PER_STRIP, rows));
        }
        entries.sort_by_key(|(tag, _)| *tag);

        let mut tail = vec![0; (start - file.len() as u64) as usize];
        tail.extend(order.bytes(entries.len() as u64, if tiff.big { 8 } else { 2 }));
        tail.extend(entries.into_iter().flat_map(|(_, entry)| entry));
        tail.extend([0; 8]);
        Self { header, file, tail, at: 0 }
    }
}

const LONG: u64 = 4;
const BLACK_IS_ZERO: u32 = 1;

impl Read for Restated<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let at = usize::try_from(self.at).unwrap_or(usize::MAX);
        let part = if at < self.header.len() {
            &self.header[at..]
        } else if at < self.file.len() {
            &self.file[at..]
        } else {
            self.tail.get(at - self.file.len()..).unwrap_or_default()
        };
        let n = part.len().min(buffer.len());
        buffer[..n].copy_from_slice(&part[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Restated<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let end = (self.file.len() + self.tail.len()) as u64;
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => end.checked_add_signed(by),
        };
        self.at = target.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
