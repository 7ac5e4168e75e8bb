//! Strips and tiles put together into one interleaved buffer, sample values untouched.

use super::names::Packing;
use super::survey::{ADVICE, Survey};
use crate::decode::jpeg;
use crate::decode::refusal::Refusal;
use std::io::{Read, Seek};
use tiff::decoder::{Decoder, DecodingResult};
use tiff::{TiffError, TiffFormatError};

/// A sample type that chunks are read into.
pub(super) trait Target: Copy + Default {
    /// Appends the samples of a chunk, packed samples below 8 bits one by one; `None` for a kind that doesn't belong here.
    fn unpack(chunk: DecodingResult, bits: u32, row_samples: usize) -> Option<Vec<Self>>;
}

impl Target for u8 {
    fn unpack(chunk: DecodingResult, bits: u32, row_samples: usize) -> Option<Vec<u8>> {
        let DecodingResult::U8(bytes) = chunk else { return None };
        if bits == 8 {
            return Some(bytes);
        }
        let (bits, each) = (bits as usize, 8 / bits as usize);
        let mask = (1u16 << bits) as u8 - 1;
        let row_bytes = row_samples.div_ceil(each);
        let sample = |row: &[u8], i: usize| (row[i / each] >> (8 - bits - (i % each) * bits)) & mask;
        Some(bytes.chunks_exact(row_bytes).flat_map(|row| (0..row_samples).map(move |i| sample(row, i))).collect())
    }
}

impl Target for u16 {
    fn unpack(chunk: DecodingResult, _bits: u32, _row_samples: usize) -> Option<Vec<u16>> {
        match chunk {
            DecodingResult::U16(samples) => Some(samples),
            _ => None,
        }
    }
}

impl Target for f32 {
    /// 32-bit integers and 64-bit numbers are rounded to 24 significant bits.
    fn unpack(chunk: DecodingResult, _bits: u32, _row_samples: usize) -> Option<Vec<f32>> {
        Some(match chunk {
            DecodingResult::F32(v) => v,
            DecodingResult::F16(v) => v.into_iter().map(f32::from).collect(),
            DecodingResult::F64(v) => v.into_iter().map(|x| x as f32).collect(),
            DecodingResult::U32(v) => v.into_iter().map(|x| x as f32).collect(),
            DecodingResult::U64(v) => v.into_iter().map(|x| x as f32).collect(),
            DecodingResult::I8(v) => v.into_iter().map(f32::from).collect(),
            DecodingResult::I16(v) => v.into_iter().map(f32::from).collect(),
            DecodingResult::I32(v) => v.into_iter().map(|x| x as f32).collect(),
            DecodingResult::I64(v) => v.into_iter().map(|x| x as f32).collect(),
            DecodingResult::U8(_) | DecodingResult::U16(_) => return None,
        })
    }
}

/// All samples, bands interleaved, and the rectangles that the file leaves out (sparse chunks) as (x, y, width, height).
pub(super) struct Assembled<T> {
    pub samples: Vec<T>,
    pub gaps: Vec<[usize; 4]>,
}

/// Reads every chunk into its place.
pub(super) fn assemble<T: Target, R: Read + Seek>(
    decoder: &mut Decoder<R>,
    bytes: &[u8],
    survey: &Survey,
) -> Result<Assembled<T>, Refusal> {
    let (width, height, bands) = (survey.width as usize, survey.height as usize, survey.samples as usize);
    let across = survey.width.div_ceil(survey.chunk.0) as usize;
    let down = survey.height.div_ceil(survey.chunk.1) as usize;
    let chunk_bands = if survey.planar { 1 } else { bands };
    let mut samples = vec![T::default(); width * height * bands];
    let mut gaps = Vec::new();
    for (index, &(offset, length)) in survey.chunks.iter().enumerate() {
        let (plane, place) = (index / (across * down), index % (across * down));
        let (x0, y0) = ((place % across) * survey.chunk.0 as usize, (place / across) * survey.chunk.1 as usize);
        let (w, h) = ((survey.chunk.0 as usize).min(width - x0), (survey.chunk.1 as usize).min(height - y0));
        if offset == 0 && length == 0 {
            gaps.push([x0, y0, w, h]);
            continue;
        }
        check_piece(bytes, survey, offset, length)?;
        let damaged = || Refusal::damaged("TIFF", "a tile or strip is not of the kind its directory says");
        let chunk = decoder.read_chunk(index as u32).map_err(|e| refusal(e, bytes, survey))?;
        let stride = w * chunk_bands;
        let chunk = T::unpack(chunk, survey.bits, stride).filter(|c| c.len() >= stride * h).ok_or_else(damaged)?;
        for y in 0..h {
            let to = ((y0 + y) * width + x0) * bands;
            let row = &chunk[y * stride..][..stride];
            if chunk_bands == bands {
                samples[to..to + stride].copy_from_slice(row);
            } else {
                samples[to + plane..].iter_mut().step_by(bands).zip(row).for_each(|(sample, &value)| *sample = value);
            }
        }
    }
    Ok(Assembled { samples, gaps })
}

/// JPEG and WebP pieces are decoded whole by other crates, leniently: their extent and their own size are checked here.
/// Old LZW streams give themselves away by their first code, a clear code read from the other end.
fn check_piece(bytes: &[u8], survey: &Survey, offset: u64, length: u64) -> Result<(), Refusal> {
    let range = usize::try_from(offset).ok().zip(usize::try_from(length).ok());
    let piece = range.and_then(|(at, n)| bytes.get(at..at.checked_add(n)?));
    let size = match (survey.packing, piece) {
        (Packing::Lzw, Some([0, second, ..])) if second & 1 == 1 => {
            return Err(Refusal::unsupported("This TIFF uses LZW compression of an old kind.", ADVICE));
        }
        (Packing::Stream | Packing::Lzw, _) => return Ok(()),
        (_, None) => return Err(Refusal::truncated("TIFF", "a tile or strip lies beyond its end")),
        (Packing::Jpeg, Some(piece)) => jpeg::frame_size(piece),
        (Packing::Webp, Some(piece)) => webp_size(piece),
    };
    let whole = (survey.chunk.0.max(survey.width), survey.chunk.1.saturating_add(JPEG_PADDING));
    match size {
        Some((w, h)) if w <= whole.0 && h <= whole.1 => Ok(()),
        Some((w, h)) => Err(Refusal::damaged("TIFF", &format!("a piece of it claims to be {w} × {h} pixels large"))),
        None => Err(Refusal::damaged("TIFF", "a compressed piece of it has no header or breaks off")),
    }
}

/// A strip's JPEG may be padded to a whole number of blocks, 16 rows with subsampled colours.
const JPEG_PADDING: u32 = 15;

fn webp_size(piece: &[u8]) -> Option<(u32, u32)> {
    use image::ImageDecoder;
    image::codecs::webp::WebPDecoder::new(std::io::Cursor::new(piece)).ok().map(|d| d.dimensions())
}

/// The `tiff` crate's error in our words: a file whose pieces lie beyond its end is truncated, whatever the decoder says.
pub(super) fn refusal(error: TiffError, bytes: &[u8], survey: &Survey) -> Refusal {
    let end = survey.chunks.iter().map(|&(offset, length)| offset.saturating_add(length)).max().unwrap_or(0);
    if end > bytes.len() as u64 {
        let what = format!("its pixels should reach to byte {end} and it has {} bytes", bytes.len());
        return Refusal::truncated("TIFF", &what);
    }
    match error {
        TiffError::UnsupportedError(e) => Refusal::unsupported(format!("This TIFF is of a kind that isn't read: {e}."), ADVICE),
        TiffError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            Refusal::damaged("TIFF", "a tile or strip holds fewer pixels than its size needs")
        }
        TiffError::FormatError(TiffFormatError::CompressedDataCorrupt(what)) => Refusal::damaged("TIFF", &what),
        other => Refusal::damaged("TIFF", &other.to_string()),
    }
}
