//! One strip or tile brought from its packed bytes to plain ones: LZW, Deflate, PackBits, Zstandard and fax.
//!
//! Every decoder stops at the number of bytes that the directory says a piece has, so that a small file can't ask for more. What a
//! piece lacks shows by its length.

use super::fax;
use super::names::Packing;
use super::survey::Survey;
use crate::decode::refusal::Refusal;
use std::io::Read;
use weezl::{BitOrder, LzwStatus, decode::Decoder};

/// The plain bytes of a piece of `rows` rows, `wanted` bytes at most; fewer when the piece ends early.
pub(super) fn plain(piece: &[u8], survey: &Survey<'_>, rows: u32, wanted: usize) -> Result<Vec<u8>, Refusal> {
    let turned;
    let piece = if survey.reversed_bits {
        turned = piece.iter().map(|byte| byte.reverse_bits()).collect::<Vec<u8>>();
        &turned
    } else {
        piece
    };
    match survey.packing {
        Packing::None | Packing::Jpeg | Packing::Webp => Ok(piece[..piece.len().min(wanted)].to_vec()),
        Packing::Lzw => lzw(piece, wanted),
        Packing::Deflate => limited(flate2::read::ZlibDecoder::new(piece), wanted, "Deflate"),
        Packing::PackBits => Ok(pack_bits(piece, wanted)),
        Packing::Zstd => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(piece)
                .map_err(|e| Refusal::damaged("TIFF", &format!("its Zstandard data is broken ({e})")))?;
            limited(decoder, wanted, "Zstandard")
        }
        Packing::Fax(fax) => fax::unpack(piece, fax, survey.chunk.0, rows),
    }
}

/// Reads no more than is wanted; a break after that doesn't matter.
fn limited(mut from: impl Read, wanted: usize, name: &str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = vec![0; wanted];
    let mut filled = 0;
    while filled < wanted {
        match from.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(e) => return Err(Refusal::damaged("TIFF", &format!("its {name} data is broken ({e})"))),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// LZW as TIFF has it, most significant bit first with codes that widen one early; or as its first writers had it, least
/// significant bit first. The first code is always 256, which tells the two apart.
fn lzw(piece: &[u8], wanted: usize) -> Result<Vec<u8>, Refusal> {
    let mut decoder = match piece {
        [0, second, ..] if second & 1 == 1 => Decoder::new(BitOrder::Lsb, 8),
        _ => Decoder::with_tiff_size_switch(BitOrder::Msb, 8),
    };
    let (mut bytes, mut taken, mut filled) = (vec![0; wanted], 0, 0);
    while filled < wanted {
        let step = decoder.decode_bytes(&piece[taken..], &mut bytes[filled..]);
        (taken, filled) = (taken + step.consumed_in, filled + step.consumed_out);
        match step.status {
            Ok(LzwStatus::Ok) => {}
            Ok(LzwStatus::Done | LzwStatus::NoProgress) => break,
            Err(e) => return Err(Refusal::damaged("TIFF", &format!("its LZW data is broken ({e})"))),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Runs and literals, as the Macintosh packed them (TIFF 6.0, section 9).
fn pack_bits(piece: &[u8], wanted: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(wanted);
    let mut rest = piece;
    while let [head, tail @ ..] = rest {
        if bytes.len() >= wanted {
            break;
        }
        rest = match *head {
            0..=127 => {
                let (literal, rest) = tail.split_at(tail.len().min(usize::from(*head) + 1));
                bytes.extend_from_slice(literal);
                rest
            }
            128 => tail,
            run => {
                let Some((&value, rest)) = tail.split_first() else { break };
                bytes.resize(bytes.len() + 257 - usize::from(run), value);
                rest
            }
        };
    }
    bytes.truncate(wanted);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification() {
        let packed = [0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa];
        let mut plain = vec![0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0x22];
        plain.extend([0xaa; 10]);
        assert_eq!(pack_bits(&packed, 24), plain);
        assert_eq!(pack_bits(&packed, 2), plain[..2]);
        assert_eq!(pack_bits(&[0xfe], 3), [] as [u8; 0]);
    }

    /// `aaaa` as codes 256 97 258 97 257 of 9 bits, in either order.
    #[test]
    fn both_orders_of_lzw() {
        let codes = [256u32, 97, 258, 97, 257];
        let (mut msb, mut lsb) = (vec![0u8; 6], vec![0u8; 6]);
        for bit in 0..45 {
            let (code, within) = (codes[bit / 9], bit % 9);
            msb[bit / 8] |= ((code >> (8 - within) & 1) as u8) << (7 - bit % 8);
            lsb[bit / 8] |= ((code >> within & 1) as u8) << (bit % 8);
        }
        assert_eq!(lzw(&msb, 9).expect("sound"), b"aaaa");
        assert_eq!(lzw(&lsb, 9).expect("sound"), b"aaaa");
    }
}
