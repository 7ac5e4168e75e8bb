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
pub(super) fn assemble<T: Target>(bytes: &[u8], order: ByteOrder, survey: &Survey<'_>) -> Result<Assembled<T>, Refusal> {
    let (width, height, bands) = (survey.width as usize, survey.height as usize, survey.samples as usize);
    let across = survey.width.div_ceil(survey.chunk.0) as usize;
    let down = survey.height.div_ceil(survey.chunk.1) as usize;
    let chunk_bands = if survey.planar { 1 } else { bands };
    if shared(bytes, survey) {
        return Err(Refusal::damaged("TIFF", "its tiles or strips lie over each other"));
    }
    let mut samples = vec![T::default(); width * height * bands];
    let mut gaps = Vec::new();
    for (index, (offset, length)) in survey.pieces.iter().enumerate() {
        let (plane, place) = (index / (across * down), index % (across * down));
        let (x0, y0) = ((place % across) * survey.chunk.0 as usize, (place / across) * survey.chunk.1 as usize);
        let (w, h) = ((survey.chunk.0 as usize).min(width - x0), (survey.chunk.1 as usize).min(height - y0));
        if offset == 0 && length == 0 {
            gaps.push([x0, y0, w, h]);
            continue;
        }
        let (chunk, row) = whole::<T>(bytes, order, survey, (offset, length), (w, h))?;
        let stride = w * chunk_bands;
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

/// Samples of a chunk that holds at least `w` × `h` pixels, and how many stand in a row of it.
fn whole<T: Target>(
    bytes: &[u8],
    order: ByteOrder,
    survey: &Survey<'_>,
    (offset, length): (u64, u64),
    (w, h): (usize, usize),
) -> Result<(Vec<T>, usize), Refusal> {
    let bands = if survey.planar { 1 } else { survey.samples as usize };
    let cut_off = |refusal| truncated(bytes, survey).unwrap_or(refusal);
    let (chunk, row) = read::<T>(piece(bytes, offset, length), order, survey, bands, h).map_err(cut_off)?;
    let stride = w * bands;
    if row < stride || chunk.len() < row * (h - 1) + stride {
        return Err(cut_off(too_few()));
    }
    Ok((chunk, row))
}

/// One rectangle of the image: where it lies, and its samples with all bands interleaved; none where the file leaves it out.
pub(super) struct Patch<T> {
    pub at: (usize, usize),
    pub size: (usize, usize),
    pub samples: Option<Vec<T>>,
}

/// Reads one chunk after the other, row by row of chunks, and hands each to `take`; `close` is told how many rows of the image are through.
/// No more than one chunk of each plane is held at a time.
pub(super) fn each<T: Target>(
    bytes: &[u8],
    order: ByteOrder,
    survey: &Survey<'_>,
    mut take: impl FnMut(Patch<T>) -> Result<(), Refusal>,
    mut close: impl FnMut(usize),
) -> Result<(), Refusal> {
    let (width, height, bands) = (survey.width as usize, survey.height as usize, survey.samples as usize);
    let side = (survey.chunk.0 as usize, survey.chunk.1 as usize);
    let (across, down) = (width.div_ceil(side.0), height.div_ceil(side.1));
    let (planes, chunk_bands) = if survey.planar { (bands, 1) } else { (1, bands) };
    if shared(bytes, survey) {
        return Err(Refusal::damaged("TIFF", "its tiles or strips lie over each other"));
    }
    for place in 0..across * down {
        let at = ((place % across) * side.0, (place / across) * side.1);
        let size = (side.0.min(width - at.0), side.1.min(height - at.1));
        let mut samples = None;
        for plane in 0..planes {
            let (offset, length) = survey.pieces.get(plane * across * down + place).unwrap_or_default();
            if offset == 0 && length == 0 {
                continue;
            }
            let (chunk, row) = whole::<T>(bytes, order, survey, (offset, length), size)?;
            let samples = samples.get_or_insert_with(|| vec![T::default(); size.0 * size.1 * bands]);
            for (to, from) in samples.chunks_exact_mut(size.0 * bands).zip(chunk.chunks(row)) {
                for (pixel, from) in to.chunks_exact_mut(bands).zip(from.chunks_exact(chunk_bands)) {
                    pixel[plane..plane + chunk_bands].copy_from_slice(from);
                }
            }
        }
        take(Patch { at, size, samples })?;
        if (place + 1) % across == 0 {
            close(at.1 + size.1);
        }
    }
    Ok(())
}

/// The bytes of a chunk, as far as the file has them.
fn piece(bytes: &[u8], offset: u64, length: u64) -> &[u8] {
    let at = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
    let rest = &bytes[at..];
    &rest[..usize::try_from(length).unwrap_or(usize::MAX).min(rest.len())]
}

/// How often the bytes of a file may be read. Writers let equal tiles share their bytes, and these are small; a crafted list in which each of
/// millions of tiles is the whole file would be read for hours.
const READ_TIMES_MAX: u64 = 4;
const READ_ANYWAY_BYTES: u64 = 1 << 28;

/// True when the pieces together are more than the file by far.
fn shared(bytes: &[u8], survey: &Survey<'_>) -> bool {
    let read = survey.pieces.iter().map(|(offset, length)| piece(bytes, offset, length).len() as u64).sum::<u64>();
    read > READ_TIMES_MAX * bytes.len() as u64 + READ_ANYWAY_BYTES
}

/// A file whose pieces lie beyond its end is truncated, whatever a decoder says of what is left.
fn truncated(bytes: &[u8], survey: &Survey<'_>) -> Option<Refusal> {
    let end = survey.pieces.iter().map(|(offset, length)| offset.saturating_add(length)).max().unwrap_or(0);
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
    survey: &Survey<'_>,
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
fn subsampled(piece: &[u8], survey: &Survey<'_>, rows: usize) -> Result<Vec<u8>, Refusal> {
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
