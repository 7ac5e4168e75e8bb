//! TIFF directories: the lists of tags at the heart of TIFF files and of EXIF blocks.
//!
//! Reads classic TIFF and BigTIFF of either byte order, without copying and without trusting any offset: a value that lies
//! outside the bytes is simply absent.

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

/// One directory: the tags of one image.
#[derive(Debug, Clone)]
pub struct Directory<'a> {
    order: ByteOrder,
    /// In the file's order, which should be ascending by tag.
    pub entries: Vec<Entry<'a>>,
    /// Offset of the next directory; 0 at the end.
    pub next: u64,
}

/// One tag.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Number of the tag.
    pub tag: u16,
    /// The entry as the file holds it, 12 bytes (20 in BigTIFF).
    pub raw: &'a [u8],
    kind: u16,
    count: u64,
    value: Option<&'a [u8]>,
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

    /// The directories in the order of the chain; ends early where an offset leads nowhere or back.
    pub fn directories(&self) -> Vec<Directory<'a>> {
        let mut seen = Vec::new();
        let mut found = Vec::new();
        let mut at = self.first;
        while at != 0 && !seen.contains(&at) && found.len() < MAX_DIRECTORIES {
            seen.push(at);
            let Some(directory) = self.directory(at) else { break };
            at = directory.next;
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

    /// The directory at an offset, as tags for sub-directories give it.
    pub fn directory(&self, offset: u64) -> Option<Directory<'a>> {
        let at = usize::try_from(offset).ok()?;
        let (count_size, entry_size, next_size) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let first = at.checked_add(count_size)?;
        let count = usize::try_from(self.order.uint(self.bytes.get(at..first)?)).ok()?;
        let end = count.checked_mul(entry_size)?.checked_add(first)?;
        let entries = self.bytes.get(first..end)?.chunks_exact(entry_size).map(|raw| self.entry(raw)).collect();
        let next = self.bytes.get(end..end.checked_add(next_size)?).map_or(0, |b| self.order.uint(b));
        Some(Directory { order: self.order, entries, next })
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
        Entry { tag: self.order.uint(&raw[..2]) as u16, raw, kind, count, value }
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

impl<'a> Directory<'a> {
    /// True when the tag is there, readable or not.
    pub fn has(&self, tag: u16) -> bool {
        self.entries.iter().any(|e| e.tag == tag)
    }

    fn find(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|e| e.tag == tag)
    }

    /// Unsigned integers; `None` when absent, of another type or outside the file.
    pub fn uints(&self, tag: u16) -> Option<Vec<u64>> {
        let entry = self.find(tag)?;
        let size = match entry.kind {
            1 | 3 | 4 | 13 | 16 | 18 => size_of_kind(entry.kind)?,
            _ => return None,
        };
        Some(entry.value?.chunks_exact(size).map(|b| self.order.uint(b)).collect())
    }

    /// The first of [`Directory::uints`].
    pub fn uint(&self, tag: u16) -> Option<u64> {
        self.uints(tag)?.first().copied()
    }

    /// Numbers of any kind, as floating point; `None` when absent, text or outside the file.
    pub fn floats(&self, tag: u16) -> Option<Vec<f64>> {
        let entry = self.find(tag)?;
        let (kind, order) = (entry.kind, self.order);
        let size = size_of_kind(kind)?;
        let number = |b: &[u8]| -> Option<f64> {
            let bits = order.uint(b);
            Some(match kind {
                1 | 3 | 4 | 13 | 16 | 18 => bits as f64,
                6 => f64::from(bits as i8),
                8 => f64::from(bits as i16),
                9 => f64::from(bits as i32),
                17 => bits as i64 as f64,
                5 => order.uint(&b[..4]) as f64 / order.uint(&b[4..]) as f64,
                10 => f64::from(order.uint(&b[..4]) as i32) / f64::from(order.uint(&b[4..]) as i32),
                11 => f64::from(f32::from_bits(bits as u32)),
                12 => f64::from_bits(bits),
                _ => return None,
            })
        };
        entry.value?.chunks_exact(size).map(number).collect()
    }

    /// Text up to the first NUL, trimmed; bytes that are no UTF-8 are replaced.
    pub fn text(&self, tag: u16) -> Option<String> {
        let entry = self.find(tag)?;
        let bytes = entry.value.filter(|_| matches!(entry.kind, 1 | 2 | 7))?;
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
        assert_eq!(directories[0].uints(258), Some(vec![8, 9, 10]));
        assert_eq!(directories[0].floats(258), Some(vec![8.0, 9.0, 10.0]));
        assert_eq!(directories[0].text(306).as_deref(), Some("hi"));
        assert_eq!(directories[0].uint(306), None, "text is no number");
        assert_eq!(directories[0].uint(257), None);
    }

    #[test]
    fn a_value_outside_the_file_is_absent() {
        let directories = Tiff::open(&SMALL[..54]).expect("a TIFF").directories();
        assert_eq!(directories[0].uints(258), None);
        assert!(directories[0].has(258));
        assert_eq!(directories[0].count(258), Some(3));
    }

    #[test]
    fn a_chain_that_bites_its_tail_ends() {
        let mut bytes = SMALL.to_vec();
        bytes[46] = 8;
        assert_eq!(Tiff::open(&bytes).expect("a TIFF").directories().len(), 1);
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
                    for entry in &directory.entries {
                        let _ = (directory.floats(entry.tag), directory.uints(entry.tag), directory.text(entry.tag));
                    }
                }
            }
        }
    }
}
