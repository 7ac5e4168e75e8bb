//! Where JPEG 2000 keeps its georeference: a box with a whole little GeoTIFF (GeoJP2), of one pixel that nobody looks at.

/// Identifier of the box (GeoJP2 specification 1.0.3).
const GEOTIFF: [u8; 16] = [0xb1, 0x4b, 0xf8, 0xbd, 0x08, 0x3d, 0x4b, 0x43, 0xa5, 0xae, 0x8c, 0xd7, 0xd5, 0xa6, 0xce, 0x03];

/// The GeoTIFF inside a JPEG 2000 file; `None` when it has none or isn't such a file. GML boxes are passed by.
pub(super) fn geotiff(bytes: &[u8]) -> Option<&[u8]> {
    if !bytes.starts_with(b"\0\0\0\x0cjP  \r\n\x87\n") {
        return None;
    }
    let mut at = 12usize;
    loop {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let short = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let (start, end) = match short {
            0 => (at + 8, bytes.len()),
            1 => {
                let long = bytes.get(at + 8..at + 16)?;
                let length = long.iter().fold(0u64, |sum, &b| (sum << 8) | u64::from(b));
                (at + 16, at.checked_add(usize::try_from(length).ok()?)?)
            }
            length => (at + 8, at.checked_add(usize::try_from(length).ok()?)?),
        };
        let content = bytes.get(start..end.min(bytes.len()))?;
        if &head[4..8] == b"uuid" && content.starts_with(&GEOTIFF) {
            return Some(&content[16..]);
        }
        if end <= at + 7 || end >= bytes.len() {
            return None;
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_is_found_behind_others() {
        let mut file = b"\0\0\0\x0cjP  \r\n\x87\n".to_vec();
        file.extend(b"\0\0\0\x0cftypjp2 ");
        file.extend([0, 0, 0, 27]);
        file.extend(b"uuid");
        file.extend(GEOTIFF);
        file.extend(b"II*");
        file.extend(b"\0\0\0\0jp2c....");
        assert_eq!(geotiff(&file), Some(&b"II*"[..]));
        for cut in 0..file.len() {
            let _ = geotiff(&file[..cut]);
        }
        assert_eq!(geotiff(b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\0uuid"), None);
        assert_eq!(geotiff(b"II*\0"), None);
    }
}
