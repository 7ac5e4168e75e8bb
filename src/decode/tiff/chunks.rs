//! Strips and tiles put together into one interleaved buffer, sample values untouched.

use super::names::Packing;
use super::survey::Survey;
use super::words::{self, Target};
use super::{picture, unpack};
use crate::decode::refusal::Refusal;
use crate::ifd::ByteOrder;

/// All samples, bands interleaved, and the rectangles that the file leaves out (sparse chunks) as (x, y, width, height).
pub(super) struct Assembled<T> {
    pub samples: Vec<T>,
    pub gaps: Vec<[usize; 4]>,
}

/// Reads every chunk into its place.
pub(super) fn assemble<T: Target>(bytes: &[u8], order: ByteOrder, survey: &Survey) -> Result<Assembled<T>, Refusal> {
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
        let cut_off = |refusal| truncated(bytes, survey).unwrap_or(refusal);
        let (chunk, row) = read::<T>(piece(bytes, offset, length), order, survey, chunk_bands, h).map_err(cut_off)?;
        let stride = w * chunk_bands;
        if row < stride || chunk.len() < row * (h - 1) + stride {
            return Err(cut_off(too_few()));
        }
        for y in 0..h {
            let to = ((y0 + y) * width + x0) * bands;
            let line = &chunk[y * row..][..stride];
            if chunk_bands == bands {
                samples[to..to + stride].copy_from_slice(line);
            } else {
                samples[to + plane..].iter_mut().step_by(bands).zip(line).for_each(|(sample, &value)| *sample = value);
            }
        }
    }
    Ok(Assembled { samples, gaps })
}

/// The bytes of a chunk, as far as the file has them.
fn piece(bytes: &[u8], offset: u64, length: u64) -> &[u8] {
    let at = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
    let rest = &bytes[at..];
    &rest[..usize::try_from(length).unwrap_or(usize::MAX).min(rest.len())]
}

/// A file whose pieces lie beyond its end is truncated, whatever a decoder says of what is left.
fn truncated(bytes: &[u8], survey: &Survey) -> Option<Refusal> {
    let end = survey.chunks.iter().map(|&(offset, length)| offset.saturating_add(length)).max().unwrap_or(0);
    let what = format!("its pixels should reach to byte {end} and it has {} bytes", bytes.len());
    (end > bytes.len() as u64).then(|| Refusal::truncated("TIFF", &what))
}

fn too_few() -> Refusal {
    Refusal::damaged("TIFF", "a tile or strip holds fewer pixels than its size needs")
}

/// Samples of one chunk of at least `rows` rows, and how many stand in a row of it.
fn read<T: Target>(
    piece: &[u8],
    order: ByteOrder,
    survey: &Survey,
    bands: usize,
    rows: usize,
) -> Result<(Vec<T>, usize), Refusal> {
    let other_kind = || Refusal::damaged("TIFF", "a tile or strip is not of the kind its directory says");
    let across = survey.chunk.0 as usize;
    let (bytes, row_samples) = match survey.packing {
        Packing::Jpeg => picture::jpeg(piece, survey, bands)?,
        Packing::Webp => picture::webp(piece, survey, bands)?,
        _ if survey.subsampling != (1, 1) => (subsampled(piece, survey, rows)?, across * bands),
        _ => {
            let row_bytes = (across * bands * survey.bits as usize).div_ceil(8);
            // Tiles are whole at the lower edge, too; what lies below the image isn't needed.
            let mut bytes = unpack::plain(piece, survey, rows as u32, row_bytes * rows)?;
            bytes.truncate(bytes.len() / row_bytes * row_bytes);
            (bytes, across * bands)
        }
    };
    T::read(words::words(bytes, survey, row_samples, bands, order), survey).map(|v| (v, row_samples)).ok_or_else(other_kind)
}

/// YCbCr whose colours are coarser than its luma (TIFF 6.0, section 21): blocks of luma, each followed by one pair of colours, which
/// all pixels of the block get.
fn subsampled(piece: &[u8], survey: &Survey, rows: usize) -> Result<Vec<u8>, Refusal> {
    let (across, (sx, sy)) = (survey.chunk.0 as usize, survey.subsampling);
    let (blocks, block) = (across.div_ceil(sx), sx * sy + 2);
    let wanted = blocks * rows.div_ceil(sy) * block;
    let bytes = unpack::plain(piece, survey, rows as u32, wanted)?;
    if bytes.len() < wanted {
        return Err(too_few());
    }
    let mut pixels = Vec::with_capacity(across * rows * 3);
    for y in 0..rows {
        for x in 0..across {
            let block = &bytes[((y / sy) * blocks + x / sx) * block..][..block];
            pixels.extend([block[(y % sy) * sx + x % sx], block[sx * sy], block[sx * sy + 1]]);
        }
    }
    Ok(pixels)
}
