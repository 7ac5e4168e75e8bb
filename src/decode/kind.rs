//! What a file is, told from its first bytes and never from its name.

use super::jpeg2000;
use super::refusal::Refusal;

/// The formats that are decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Jpeg,
    Jpeg2000,
    Webp,
    Tiff,
}

pub(super) const PNG_SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

/// Tells the format, or says what the file seems to be instead.
pub(super) fn recognise(bytes: &[u8]) -> Result<Kind, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::empty());
    }
    if bytes.starts_with(PNG_SIGNATURE) {
        return Ok(Kind::Png);
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Ok(Kind::Jpeg);
    }
    if bytes.starts_with(jpeg2000::SIGNATURE) || bytes.starts_with(jpeg2000::CODESTREAM) {
        return Ok(Kind::Jpeg2000);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(Kind::Webp);
    }
    if [b"II\x2a\0", b"MM\0\x2a", b"II\x2b\0", b"MM\0\x2b"].iter().any(|magic| bytes.starts_with(*magic)) {
        return Ok(Kind::Tiff);
    }
    if PNG_SIGNATURE.starts_with(bytes) || b"\xff\xd8\xff".starts_with(bytes) {
        return Err(Refusal::truncated("image", "only the first bytes of its signature are there"));
    }
    Err(stranger(bytes))
}

/// What a file that isn't decoded looks like, and what to do with it.
fn stranger(bytes: &[u8]) -> Refusal {
    if let Some(name) = other_image(bytes) {
        let what = format!("This is {name}, which is not read yet.");
        return Refusal::unsupported(what, "Convert it to PNG or TIFF (in QGIS, GDAL or an image editor) and open that.");
    }
    if let Some(name) = container(bytes) {
        return Refusal::not_an_image(name, "Take the image out of it, as PNG, JPEG or GeoTIFF, and open that.");
    }
    if let Some(name) = text(bytes) {
        return Refusal::not_an_image(name, "Open the image that belongs to it.");
    }
    let first: Vec<String> = bytes.iter().take(4).map(|b| format!("{b:02x}")).collect();
    let looks_like = format!("an unknown kind of file (it begins with the bytes {})", first.join(" "));
    Refusal::not_an_image(&looks_like, "Export the image in one of these formats and open that.")
}

/// Images in formats that are known by name only.
fn other_image(bytes: &[u8]) -> Option<&'static str> {
    let brand = (bytes.get(4..8) == Some(b"ftyp")).then(|| bytes.get(8..12)).flatten();
    match brand {
        Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => return Some("a HEIC photograph"),
        Some(b"avif" | b"avis") => return Some("an AVIF image"),
        _ => {}
    }
    let magics: [(&[u8], &str); 10] = [
        (b"\xff\x0a", "a JPEG XL image"),
        (b"\0\0\0\x0cJXL ", "a JPEG XL image"),
        (b"GIF8", "a GIF image"),
        (b"NITF", "a NITF image"),
        (b"BM", "a BMP image"),
        (b"8BPS", "a Photoshop document"),
        (b"\x89HDF", "an HDF5 file"),
        (b"CDF", "a NetCDF file"),
        (b"\x76\x2f\x31\x01", "an OpenEXR image"),
        (b"EHFA_HEADER_TAG", "an Erdas Imagine image"),
    ];
    magics.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|&(_, name)| name)
}

/// Documents, archives and films that may hold an image.
fn container(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("a film (MP4 or QuickTime)");
    }
    let magics: [(&[u8], &str); 8] = [
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive (or a KMZ or an office document)"),
        (b"Rar!", "a RAR archive"),
        (b"7z\xbc\xaf", "a 7-Zip archive"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"SQLite format 3", "a database (perhaps a GeoPackage)"),
        (b"RIFF", "a sound or film file (RIFF)"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
    ];
    magics.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|&(_, name)| name)
}

/// Files made of text: the beginning is UTF-8 without control characters.
fn text(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(512)];
    let head = match std::str::from_utf8(head) {
        Ok(head) => head,
        Err(e) if e.error_len().is_none() => std::str::from_utf8(&head[..e.valid_up_to()]).unwrap_or_default(),
        Err(_) => return None,
    };
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if head.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return None;
    }
    let lower = head.to_ascii_lowercase();
    Some(if lower.contains("<kml") {
        "a KML file"
    } else if lower.contains("<svg") {
        "an SVG drawing"
    } else if lower.starts_with("<!doctype html") || lower.contains("<html") {
        "a web page (HTML), perhaps saved instead of the image"
    } else if lower.starts_with('<') {
        "an XML file"
    } else if lower.starts_with('{') || lower.starts_with('[') {
        "a JSON file"
    } else if head.starts_with("ENVI") {
        "the header of an ENVI image"
    } else {
        "a text file"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_called_by_their_names() {
        let cases: [(&[u8], &str, &str); 13] = [
            (b"%PDF-1.7\n", "not-an-image", "PDF"),
            (b"GIF89a....", "unsupported", "GIF"),
            (b"\0\0\0\x18ftypheic", "unsupported", "HEIC"),
            (b"\0\0\0\x18ftypisom", "not-an-image", "film"),
            (b"PK\x03\x04....", "not-an-image", "ZIP"),
            (b"<?xml version=\"1.0\"?><kml xmlns=\"x\">", "not-an-image", "KML"),
            (b"<!DOCTYPE html><title>404", "not-an-image", "web page"),
            (b"{\"type\":\"FeatureCollection\"}", "not-an-image", "JSON"),
            (b"dear editor,\n", "not-an-image", "text file"),
            (b"ENVI\nsamples = 400", "not-an-image", "ENVI"),
            (b"\x01\x02\x03\x04\x05", "not-an-image", "01 02 03 04"),
            (b"\x89PN", "truncated", "signature"),
            (b"", "empty", "0 bytes"),
        ];
        for (bytes, code, word) in cases {
            let refusal = recognise(bytes).expect_err(word);
            assert_eq!(refusal.code, code, "{word}");
            assert!(refusal.message.contains(word), "{} should speak of {word}", refusal.message);
        }
    }

    #[test]
    fn text_cut_inside_a_letter_is_still_text() {
        let long = "é".repeat(400);
        let bytes = long.as_bytes();
        assert!(recognise(&bytes[..511]).expect_err("text").message.contains("text file"));
    }
}
