//! Bytes as an accident or a stranger would change them, by a seeded draw.

use sidings::random::Random;

/// Numbers at which sizes and offsets go wrong.
const TELLING: [u64; 14] =
    [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x0100_0000, 0x7fff_ffff, 0xffff_ffff, 0x1_0000_0000, u64::MAX >> 1, u64::MAX];

/// What texts stumble over.
const WORDS: [&[u8]; 16] = [
    b"null",
    b"-1",
    b"1e999",
    b"NaN",
    b"99999999999999999999",
    b"\"",
    b"{",
    b"[[[[[[[[",
    b"<",
    b"]]>",
    b",",
    b"\xff\xfe",
    b"\xe2\x80\xae",
    b"\0",
    b"-0.0",
    b"1e-320",
];

/// One to four changes of a seed; `other` is a second one to splice in.
pub fn mutate(seed: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        change(&mut bytes, other, random);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(bytes.len());
    let run = 1 + random.below(16.min(bytes.len().max(1)));
    let end = (at + run).min(bytes.len());
    match random.below(9) {
        0 => bytes.truncate(at),
        1 => bytes[at..end].iter_mut().for_each(|byte| *byte ^= 1 << random.below(8)),
        2 => bytes[at..end].iter_mut().take(1).for_each(|byte| *byte = random.bits() as u8),
        3 => overwrite(bytes, at, random),
        4 => drop(bytes.drain(at..end)),
        5 => {
            let piece = bytes[at..end].repeat(1 + random.below(8));
            bytes.splice(at..at, piece).for_each(drop);
        }
        6 => {
            let from = random.below(other.len());
            let piece = other[from..(from + 8 * run).min(other.len())].to_vec();
            bytes.splice(at..end, piece).for_each(drop);
        }
        7 => bytes.splice(at..end, WORDS[random.below(WORDS.len())].iter().copied()).for_each(drop),
        _ => inflate_digits(bytes, at),
    }
}

/// A number of 1 to 8 bytes, either end first.
fn overwrite(bytes: &mut [u8], at: usize, random: &mut Random) {
    let value = match random.below(3) {
        0 => bytes.len() as u64,
        _ => TELLING[random.below(TELLING.len())],
    };
    let size = [1, 2, 4, 8][random.below(4)];
    let mut field = value.to_le_bytes()[..size].to_vec();
    if random.below(2) == 0 {
        field.reverse();
    }
    bytes.iter_mut().skip(at).zip(field).for_each(|(byte, new)| *byte = new);
}

/// The next number written in digits gets eight more of them.
fn inflate_digits(bytes: &mut Vec<u8>, from: usize) {
    if let Some(at) = bytes.iter().skip(from).position(u8::is_ascii_digit).map(|n| n + from) {
        bytes.splice(at..at, *b"98765432").for_each(drop);
    }
}
