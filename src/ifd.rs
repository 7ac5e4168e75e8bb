//! TIFF directories: the lists of tags at the heart of TIFF files and of EXIF blocks.
//!
//! Reads classic TIFF and BigTIFF of either byte order, without copying and without trusting any offset: a value that lies
//! outside the bytes is simply absent. Nothing is laid out in memory ahead of being asked for: an entry of 12 bytes may claim
//! the whole file as its value, and directories may lie over each other.

/// Byte order of a TIFF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    /// `II`: least significant byte first.
    Little,
    /// `MM`: most significant byte first.
    Big,
}

impl ByteOrder {
    /// An unsigned integer from 1 to 8 bytes.
    pub fn uint(self, bytes: &[u8]) -> u64 {
        let push = |value: u64, &byte: &u8| (value << 8) | u64::from(byte);
        match self {
            Self::Little => bytes.iter().rev().fold(0, push),
            Self::Big => bytes.iter().fold(0, push),
        }
    }

    /// The lowest `size` bytes of an unsigned integer, in this order.
    pub fn bytes(self, value: u64, size: usize) -> Vec<u8> {
        match self {
            Self::Little => value.to_le_bytes()[..size].to_vec(),
            Self::Big => value.to_be_bytes()[8 - size..].to_vec(),
        }
    }
}

/// Most directories followed in one file: enough for any pyramid of overviews, and an end to a chain without one.
const MAX_DIRECTORIES: usize = 64;

/// More of a text than any writer puts there (GDAL's metadata, a system's description) isn't read.
const TEXT_MAX_BYTES: usize = 1 << 20;

/// Tag that tells what an image is: bit 0 a smaller copy, bit 2 a mask.
const SUBFILE_TYPE: u16 = 254;
const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;

/// A TIFF, opened by its header.
#[derive(Debug, Clone, Copy)]
pub struct Tiff<'a> {
    bytes: &'a [u8],
    /// Byte order of every number in it.
    pub order: ByteOrder,
    /// True for BigTIFF: offsets of 8 bytes.
    pub big: bool,
    first: u64,
}

/// One directory: the tags of one image, as the file holds them.
#[derive(Debug, Clone)]
pub struct Directory<'a> {
    tiff: Tiff<'a>,
    /// 12 bytes each (20 in BigTIFF), in the file's order, which should be ascending by tag.
    entries: &'a [u8],
    /// Offset of the next directory; 0 at the end.
    pub next: u64,
}

/// What stands under one tag.
#[derive(Debug, Clone, Copy)]
struct Entry<'a> {
    kind: u16,
    count: u64,
    value: Option<&'a [u8]>,
}

/// The values of a tag, read from the file's bytes one by one.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    order: ByteOrder,
    kind: u16,
    size: usize,
    bytes: &'a [u8],
}

impl<'a> Tiff<'a> {
    /// Reads the header; `None` when these bytes are no TIFF.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let order = match bytes.get(..2)? {
            b"II" => ByteOrder::Little,
            b"MM" => ByteOrder::Big,
            _ => return None,
        };
        let big = match order.uint(bytes.get(2..4)?) {
            42 => false,
            43 => true,
            _ => return None,
        };
        let first = order.uint(if big { bytes.get(8..16)? } else { bytes.get(4..8)? });
        Some(Self { bytes, order, big, first })
    }

    /// The directories in the order of the chain; ends early where an offset leads nowhere or back, and where there are more
    /// entries than the file can hold: then directories lie over each other.
    pub fn directories(&self) -> Vec<Directory<'a>> {
        let mut seen = Vec::new();
        let mut found = Vec::new();
        let (mut at, mut room) = (self.first, self.bytes.len());
        while at != 0 && !seen.contains(&at) && found.len() < MAX_DIRECTORIES {
            seen.push(at);
            let Some(directory) = self.directory(at) else { break };
            let Some(left) = room.checked_sub(directory.entries.len()) else { break };
            (at, room) = (directory.next, left);
            found.push(directory);
        }
        found
    }

    /// The directory of the image itself, past thumbnails and masks; `None` when not a single directory can be read.
    pub fn main_directory(&self) -> Option<Directory<'a>> {
        let mut directories = self.directories();
        let full = directories.iter().position(|d| d.uint(SUBFILE_TYPE).unwrap_or(0) & 0b101 == 0).unwrap_or(0);
        (full < directories.len()).then(|| directories.swap_remove(full))
    }

    /// The directory that says where the main image holds, of the same size; GDAL writes it beside JPEG-compressed images.
    pub fn mask_directory(&self) -> Option<Directory<'a>> {
        let size = |d: &Directory<'_>| (d.uint(WIDTH), d.uint(HEIGHT));
        let main = size(&self.main_directory()?);
        self.directories().into_iter().find(|d| d.uint(SUBFILE_TYPE).unwrap_or(0) & 0b101 == 0b100 && size(d) == main)
    }

    /// Smaller copies of the main image, and of masks none.
    pub fn smaller_copies(&self) -> Vec<Directory<'a>> {
        self.directories().into_iter().filter(|d| d.uint(SUBFILE_TYPE).unwrap_or(0) & 0b101 == 0b001).collect()
    }

    /// The directory at an offset, as tags for sub-directories give it.
    pub fn directory(&self, offset: u64) -> Option<Directory<'a>> {
        let at = usize::try_from(offset).ok()?;
        let (count_size, next_size) = if self.big { (8, 8) } else { (2, 4) };
        let first = at.checked_add(count_size)?;
        let count = usize::try_from(self.order.uint(self.bytes.get(at..first)?)).ok()?;
        let end = count.checked_mul(self.entry_size())?.checked_add(first)?;
        let entries = self.bytes.get(first..end)?;
        let next = self.bytes.get(end..end.checked_add(next_size)?).map_or(0, |b| self.order.uint(b));
        Some(Directory { tiff: *self, entries, next })
    }

    fn entry_size(&self) -> usize {
        if self.big { 20 } else { 12 }
    }

    fn entry(&self, raw: &'a [u8]) -> Entry<'a> {
        let (count_size, inline) = if self.big { (8, 8) } else { (4, 4) };
        let kind = self.order.uint(&raw[2..4]) as u16;
        let count = self.order.uint(&raw[4..4 + count_size]);
        let field = &raw[4 + count_size..];
        let value = usize::try_from(count).ok().and_then(|n| n.checked_mul(size_of_kind(kind)?)).and_then(|size| {
            if size <= inline {
                return Some(&field[..size]);
            }
            let at = usize::try_from(self.order.uint(field)).ok()?;
            self.bytes.get(at..at.checked_add(size)?)
        });
        Entry { kind, count, value }
    }
}

/// Bytes of one value of a field type; `None` for types the specification doesn't know.
fn size_of_kind(kind: u16) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16 | 17 | 18 => Some(8),
        _ => None,
    }
}

impl<'a> Values<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.size
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at an index, unsigned; of a number of another kind, its bits.
    pub fn uint(&self, index: usize) -> Option<u64> {
        let at = index.checked_mul(self.size)?;
        Some(self.order.uint(self.bytes.get(at..at.checked_add(self.size)?)?))
    }

    /// All of them, as [`Values::uint`] gives each.
    pub fn uints(self) -> impl Iterator<Item = u64> + 'a {
        self.bytes.chunks_exact(self.size).map(move |b| self.order.uint(b))
    }

    /// All of them, as floating point.
    pub fn floats(self) -> impl Iterator<Item = f64> + 'a {
        self.bytes.chunks_exact(self.size).map(move |b| self.float(b))
    }

    fn float(&self, b: &[u8]) -> f64 {
        let (order, bits) = (self.order, self.order.uint(b));
        match self.kind {
            6 => f64::from(bits as i8),
            8 => f64::from(bits as i16),
            9 => f64::from(bits as i32),
            17 => bits as i64 as f64,
            5 => order.uint(&b[..4]) as f64 / order.uint(&b[4..]) as f64,
            10 => f64::from(order.uint(&b[..4]) as i32) / f64::from(order.uint(&b[4..]) as i32),
            11 => f64::from(f32::from_bits(bits as u32)),
            12 => f64::from_bits(bits),
            _ => bits as f64,
        }
    }
}

impl<'a> Directory<'a> {
    fn find(&self, tag: u16) -> Option<Entry<'a>> {
        let (tiff, entries) = (self.tiff, self.entries);
        let raw = entries.chunks_exact(tiff.entry_size()).find(|raw| tiff.order.uint(&raw[..2]) == u64::from(tag))?;
        Some(tiff.entry(raw))
    }

    fn values(&self, tag: u16, kinds: &[u16]) -> Option<Values<'a>> {
        let entry = self.find(tag).filter(|entry| kinds.contains(&entry.kind))?;
        Some(Values { order: self.tiff.order, kind: entry.kind, size: size_of_kind(entry.kind)?, bytes: entry.value? })
    }

    /// True when the tag is there, readable or not.
    pub fn has(&self, tag: u16) -> bool {
        self.find(tag).is_some()
    }

    /// Unsigned integers; `None` when absent, of another type or outside the file.
    pub fn uints(&self, tag: u16) -> Option<Values<'a>> {
        self.values(tag, &[1, 3, 4, 13, 16, 18])
    }

    /// The first of [`Directory::uints`].
    pub fn uint(&self, tag: u16) -> Option<u64> {
        self.uints(tag)?.uint(0)
    }

    /// Numbers of any kind, for [`Values::floats`]; `None` when absent, text or outside the file.
    pub fn numbers(&self, tag: u16) -> Option<Values<'a>> {
        self.values(tag, &[1, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 16, 17, 18])
    }

    /// Text up to the first NUL, or to the first megabyte, trimmed; bytes that are no UTF-8 are replaced.
    pub fn text(&self, tag: u16) -> Option<String> {
        let entry = self.find(tag)?;
        let bytes = entry.value.filter(|_| matches!(entry.kind, 1 | 2 | 7))?;
        let bytes = &bytes[..bytes.len().min(TEXT_MAX_BYTES)];
        let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
        Some(String::from_utf8_lossy(&bytes[..end]).trim().to_owned())
    }

    /// The bytes of a value as they stand; `None` when absent or outside the file.
    pub fn raw(&self, tag: u16) -> Option<&'a [u8]> {
        self.find(tag)?.value
    }

    /// Number of values the tag claims to hold, readable or not.
    pub fn count(&self, tag: u16) -> Option<u64> {
        self.find(tag).map(|e| e.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A little-endian classic TIFF: one SHORT inline, three SHORTs apart, one text.
    const SMALL: &[u8] = &[
        b'I', b'I', 42, 0, 8, 0, 0, 0, 3, 0, // header, three entries
        0x00, 0x01, 3, 0, 1, 0, 0, 0, 7, 0, 0, 0, // 256: SHORT 7
        0x02, 0x01, 3, 0, 3, 0, 0, 0, 50, 0, 0, 0, // 258: three SHORTs at 50
        0x32, 0x01, 2, 0, 3, 0, 0, 0, b'h', b'i', 0, 0, // 306: "hi"
        0, 0, 0, 0, // no next
        8, 0, 9, 0, 10, 0,
    ];

    #[test]
    fn reads_inline_and_distant_values() {
        let directories = Tiff::open(SMALL).expect("a TIFF").directories();
        assert_eq!(directories.len(), 1);
        assert_eq!(directories[0].uint(256), Some(7));
        let three = directories[0].uints(258).expect("numbers");
        assert_eq!((three.len(), three.uint(2), three.uint(3)), (3, Some(10), None));
        assert_eq!(three.uints().collect::<Vec<_>>(), [8, 9, 10]);
        assert_eq!(directories[0].numbers(258).expect("numbers").floats().collect::<Vec<_>>(), [8.0, 9.0, 10.0]);
        assert_eq!(directories[0].text(306).as_deref(), Some("hi"));
        assert_eq!(directories[0].uint(306), None, "text is no number");
        assert_eq!(directories[0].uint(257), None);
    }

    #[test]
    fn a_value_outside_the_file_is_absent() {
        let directories = Tiff::open(&SMALL[..54]).expect("a TIFF").directories();
        assert!(directories[0].uints(258).is_none());
        assert!(directories[0].has(258));
        assert_eq!(directories[0].count(258), Some(3));
    }

    #[test]
    fn a_chain_that_bites_its_tail_ends() {
        let mut bytes = SMALL.to_vec();
        bytes[46] = 8;
        assert_eq!(Tiff::open(&bytes).expect("a TIFF").directories().len(), 1);
    }

    /// Directories of a BigTIFF eight bytes apart, each with all the entries that still fit: 64 of them once took 160 MB of a file of 1 MB.
    #[test]
    fn directories_over_each_other_are_no_more_than_the_file_holds() {
        let mut bytes = vec![0; 4096];
        bytes[..9].copy_from_slice(b"II\x2b\0\x08\0\0\0\x10");
        for n in 0..40 {
            let at = 16 + 8 * n;
            // One entry less each time, so that no `next` lies on another.
            let count = 190 - n;
            let end = at + 8 + 20 * count;
            bytes[at..at + 8].copy_from_slice(&(count as u64).to_le_bytes());
            bytes[end..end + 8].copy_from_slice(&(at as u64 + 8).to_le_bytes());
        }
        let directories = Tiff::open(&bytes).expect("a TIFF").directories();
        assert_eq!(directories.len(), 1, "a second one would hold more entries than are left in the file");
        assert_eq!(directories[0].entries.len(), 190 * 20);
    }

    #[test]
    fn a_text_as_long_as_the_file_is_read_in_part() {
        let mut bytes = SMALL.to_vec();
        bytes[38..42].copy_from_slice(&(3u32 << 20).to_le_bytes());
        bytes[42..46].copy_from_slice(&56u32.to_le_bytes());
        bytes.resize(56 + (3 << 20), b'x');
        assert_eq!(Tiff::open(&bytes).expect("a TIFF").directories()[0].text(306).expect("text").len(), TEXT_MAX_BYTES);
    }

    proptest! {
        #[test]
        fn strange_bytes_never_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..200), big in any::<bool>(), at in 0usize..40) {
            let magic: &[u8] = if big { b"MM\0\x2b\0\x08\0\0\0\0\0\0\0\0\0" } else { b"II\x2a\0" };
            if bytes.len() > 16 {
                bytes[..magic.len()].copy_from_slice(magic);
                bytes[magic.len()] = at as u8;
            }
            if let Some(tiff) = Tiff::open(&bytes) {
                for directory in tiff.directories() {
                    for tag in 0..=u16::MAX {
                        let numbers = directory.numbers(tag).map(|n| n.floats().count());
                        let _ = (numbers, directory.uint(tag), directory.text(tag));
                    }
                }
            }
        }
    }
}
