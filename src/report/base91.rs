//! Bytes as text in 91 letters: basE91, with letters that need no escape in a script, 8 % shorter than base64. The page carries its parts so; `www/base91.js`
//! reads them there.

/// Letters that [`encode`] writes, in the order of their values: everything that prints but `"`, `<` and `\`.
fn letters() -> impl Iterator<Item = u8> {
    (b'!'..=b'~').filter(|&letter| is_letter(letter))
}

/// Whether a byte is one of the 91 letters.
pub const fn is_letter(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~') && !matches!(byte, b'"' | b'<' | b'\\')
}

/// Largest value of the lower 13 bits for which two letters carry 14 bits (91² is 8192 + 89).
const SMALL_MAX: u32 = 88;

/// Writes bytes as text: two letters for every 13 or 14 bits.
///
/// ```
/// use sidings::report::base91::{decode, encode};
/// assert_eq!(decode(&encode(b"one packed part")).as_deref(), Some(&b"one packed part"[..]));
/// ```
pub fn encode(bytes: &[u8]) -> String {
    let letters: Vec<char> = letters().map(char::from).collect();
    let mut text = String::with_capacity(bytes.len() * 16 / 13 + 2);
    let mut push = |value: u32| text.push(letters[value as usize]);
    let (mut bits, mut held) = (0, 0);
    for &byte in bytes {
        bits |= u32::from(byte) << held;
        held += 8;
        if held > 13 {
            let taken = if bits & 0x1fff <= SMALL_MAX { 14 } else { 13 };
            let two = bits & ((1 << taken) - 1);
            bits >>= taken;
            held -= taken;
            push(two % 91);
            push(two / 91);
        }
    }
    if held > 0 {
        push(bits % 91);
        if held > 7 || bits > 90 {
            push(bits / 91);
        }
    }
    text
}

/// The bytes that a text stands for; `None` when something in it isn't one of the letters.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut values = [None; 128];
    for (value, letter) in (0u32..).zip(letters()) {
        values[usize::from(letter)] = Some(value);
    }
    let value = |byte: u8| values.get(usize::from(byte)).copied().flatten();
    let mut bytes = Vec::with_capacity(text.len() * 7 / 8 + 1);
    let (mut bits, mut held) = (0, 0);
    let mut pairs = text.as_bytes().chunks_exact(2);
    for pair in &mut pairs {
        let two = value(pair[0])? + 91 * value(pair[1])?;
        bits |= two << held;
        held += if two & 0x1fff <= SMALL_MAX { 14 } else { 13 };
        while held > 7 {
            bytes.push(bits.to_le_bytes()[0]);
            bits >>= 8;
            held -= 8;
        }
    }
    if let [last] = pairs.remainder() {
        bytes.push((bits | value(*last)? << held).to_le_bytes()[0]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_comes_back_in_letters_that_need_no_escape() {
        assert_eq!(letters().count(), 91);
        let noise: Vec<u8> = (0..40_000u32).map(|k| (k.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for bytes in (0..200).map(|length| &noise[length..2 * length]).chain([&noise[..], &[0; 50], &[255; 51]]) {
            let text = encode(bytes);
            assert!(text.bytes().all(is_letter));
            assert_eq!(decode(&text).as_deref(), Some(bytes));
        }
        assert!(encode(&noise).len() < noise.len() * 124 / 100);
    }

    #[test]
    fn other_letters_are_refused() {
        for text in ["\"", "ab<d", "é"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
