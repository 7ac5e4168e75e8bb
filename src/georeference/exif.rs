//! Where JPEG, PNG and WebP keep their EXIF block.

/// The block, beginning with its TIFF header; `None` when the file has none or isn't such a file.
pub(super) fn block(bytes: &[u8]) -> Option<&[u8]> {
    let block = if bytes.starts_with(b"\xff\xd8") {
        in_jpeg(bytes)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        in_chunks(bytes, 8, b"eXIf", |head| (4, u32::from_be_bytes([head[0], head[1], head[2], head[3]]), 4))
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        in_chunks(bytes, 12, b"EXIF", |head| {
            let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
            (0, length, length % 2)
        })
    } else {
        None
    }?;
    Some(block.strip_prefix(b"Exif\0\0").unwrap_or(block))
}

/// The first APP1 segment that calls itself EXIF, before the picture begins.
fn in_jpeg(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 2usize;
    loop {
        let &[0xff, marker, high, low] = bytes.get(at..at.checked_add(4)?)? else { return None };
        if marker == 0xda {
            return None;
        }
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low])).max(2);
        let segment = bytes.get(at + 4..end)?;
        if marker == 0xe1 && segment.starts_with(b"Exif\0\0") {
            return Some(segment);
        }
        at = end;
    }
}

/// Walks chunks with heads of 8 bytes; `shape` gives the place of the name in the head, the length, and the bytes that follow the data.
fn in_chunks<'a>(
    bytes: &'a [u8],
    start: usize,
    wanted: &[u8; 4],
    shape: impl Fn(&[u8]) -> (usize, u32, u32),
) -> Option<&'a [u8]> {
    let mut at = start;
    loop {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let (name, length, after) = shape(head);
        let end = (at + 8).checked_add(usize::try_from(length).ok()?)?;
        if head[name..name + 4] == *wanted {
            return bytes.get(at + 8..end);
        }
        at = end.checked_add(usize::try_from(after).ok()?)?;
    }
}
