//! What once broke a parser, as few bytes as do it: the name of the target and the bytes.

/// All of them; a new one is entered here with the bytes that `cargo xtask fuzz` or a short run printed.
pub fn found() -> Vec<(&'static str, Vec<u8>)> {
    let bytes = |target, bytes: &[u8]| (target, bytes.to_vec());
    vec![
        // A letter of two bytes in the middle of a grid reference, which was cut in half.
        bytes("name", "52T FN 69é5".as_bytes()),
    ]
}
