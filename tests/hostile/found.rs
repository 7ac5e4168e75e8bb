//! What once broke a parser, as few bytes as do it: the name of the target and the bytes.

use super::seeds;

/// All of them; a new one is entered here with the bytes that `cargo xtask fuzz` or a short run printed.
pub fn found() -> Vec<(&'static str, Vec<u8>)> {
    let bytes = |target, bytes: &[u8]| (target, bytes.to_vec());
    vec![
        // A letter of two bytes in the middle of a grid reference, which was cut in half.
        bytes("name", "52T FN 69é5".as_bytes()),
        // A square of the first zone that begins west of 180°, whose middle was half a degree beyond.
        bytes("name", b"01fba65"),
        // An image whose name began with a slash in the zip and without one when it was written again.
        ("project", renamed(b"images/0/a.tif", b"images/0//.tif")),
        // A number of seventy digits, which came back another one in its last bit.
        ("state", far_away()),
    ]
}

/// A state with a place at an absurd latitude.
fn far_away() -> Vec<u8> {
    let digits = format!("\"lat\":47{}.5", "0".repeat(102));
    let states = seeds::of("state").into_iter().map(|seed| String::from_utf8(seed).expect("JSON"));
    let changed = states.map(|text| (text.replacen("\"lat\":47.5", &digits, 1), text)).find(|(changed, text)| changed != text);
    changed.expect("a state with such a place").0.into_bytes()
}

/// A project with a file called otherwise, under a name as long.
fn renamed(from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = seeds::of("project").remove(0);
    let places: Vec<usize> = (0..bytes.len() - from.len()).filter(|&at| bytes[at..].starts_with(from)).collect();
    assert_eq!(places.len(), 2, "before its bytes and in the list");
    places.into_iter().for_each(|at| bytes[at..at + to.len()].copy_from_slice(to));
    bytes
}
