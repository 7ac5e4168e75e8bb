//! CCITT compression of black and white, as fax machines have it (ITU-T T.4 and T.6), through `hayro-ccitt`.

use crate::decode::refusal::Refusal;
use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};

/// Which of the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decode) enum Fax {
    /// Modified Huffman rows that end on whole bytes, without marks between them.
    RunLength,
    /// Group 3; the rows that are coded as differences are a choice.
    Group3 {
        /// Differences too, not runs alone.
        two_dimensional: bool,
    },
    /// Group 4.
    Group4,
}

/// One bit a pixel, 1 for black, rows filled up to whole bytes.
pub(super) fn unpack(piece: &[u8], fax: Fax, width: u32, rows: u32) -> Result<Vec<u8>, Refusal> {
    let encoding = match fax {
        Fax::Group4 => EncodingMode::Group4,
        Fax::Group3 { two_dimensional: true } => EncodingMode::Group3_2D,
        Fax::Group3 { two_dimensional: false } | Fax::RunLength => EncodingMode::Group3_1D,
    };
    let settings = DecodeSettings {
        columns: width,
        rows,
        end_of_block: fax != Fax::RunLength,
        end_of_line: matches!(fax, Fax::Group3 { .. }),
        rows_are_byte_aligned: fax == Fax::RunLength,
        encoding,
        strict: false,
    };
    let mut page = Page { bytes: Vec::new(), width: width as usize, rows: rows as usize };
    let outcome = hayro_ccitt::decode(piece, &mut page, &mut DecoderContext::new(settings));
    let whole = page.bytes.len() == page.width.div_ceil(8) * page.rows;
    match outcome {
        Err(e) if !whole => Err(Refusal::damaged("TIFF", &format!("its fax data is broken ({e})"))),
        _ => Ok(page.bytes),
    }
}

/// Rows as they come.
struct Page {
    bytes: Vec<u8>,
    width: usize,
    rows: usize,
}

impl Decoder for Page {
    fn push_row(&mut self, changes: &[u32]) {
        let row_bytes = self.width.div_ceil(8);
        if self.bytes.len() >= row_bytes * self.rows {
            return;
        }
        let start = self.bytes.len();
        self.bytes.resize(start + row_bytes, 0);
        let row = &mut self.bytes[start..];
        for run in changes.chunks(2) {
            let end = run.get(1).map_or(self.width, |&x| (x as usize).min(self.width));
            (run[0] as usize..end).for_each(|x| row[x / 8] |= 0x80 >> (x % 8));
        }
    }
}
