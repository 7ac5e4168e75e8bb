//! Bytes to pixels: PNG, JPEG, JPEG 2000, WebP and TIFF, recognised by their bytes, within limits checked before allocation.
//!
//! Each format reads its own header first, refuses what is too big or of a kind it can't do, and only then hands the bytes to
//! a decoder, with limits too. Alpha, nodata and NaN become [`Scene::valid`]; EXIF orientation is applied to the pixels. The same
//! bytes give the same pixels on every machine.

mod jpeg;
mod jpeg2000;
mod jpeg2000_parts;
mod kind;
mod orientation;
mod png;
mod quality;
mod refusal;
mod shrink;
mod tiff;
mod validity;
mod webp;

pub use quality::flatness;
pub use validity::without;

use crate::error::Result;
use crate::limits::Limits;
use crate::raster::Scene;
use kind::Kind;
use refusal::Refusal;

/// What the header says, read without decoding the pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// `png`, `jpeg`, `jpeg2000`, `webp` or `tiff`.
    pub format: &'static str,
    /// Columns, as shown (after EXIF orientation).
    pub width: u32,
    /// Rows, as shown.
    pub height: u32,
    /// Bands as the file holds them, alpha counted; a TIFF's palette is one band, inks are four.
    pub bands: u32,
    /// Bits a sample in the file.
    pub bits: u32,
}

/// Reads the header of an image, of any size down to one pixel: only [`scene`] refuses what is too small to be of use.
///
/// # Errors
/// [`crate::error::Error::File`] naming `file`, with the code `empty`, `not-an-image`, `unsupported`, `truncated`,
/// `damaged` or `too-big`.
pub fn header(bytes: &[u8], file: &str, limits: &Limits) -> Result<Header> {
    read_header(bytes, limits).map(|(_, header)| header).map_err(|refusal| refusal.of(file))
}

/// Decodes an image.
///
/// # Errors
/// [`crate::error::Error::File`] naming `file`, what was found and what to do, with the codes of [`header`] or `too-small`.
pub fn scene(bytes: &[u8], file: &str, limits: &Limits) -> Result<Scene> {
    read_scene(bytes, limits).map_err(|refusal| refusal.of(file))
}

/// By how much an image may be made smaller while it is read.
pub const REDUCTIONS: [u32; 4] = [2, 4, 8, 16];

/// Decodes an image at 1/`by` of its resolution, `by` one of [`REDUCTIONS`], without its full resolution ever lying in memory. Pixel (x, y) of the
/// result is the mean of the pixels from (`by`·x, `by`·y) on, `by` each way, as near as the format's own smaller copies are to that; what is left over
/// at the right and the lower border is left out. `limits` are those of the file ([`Limits::OF_OVERVIEWS`]); what comes out must fit [`Limits::default`].
///
/// # Errors
/// As [`scene`]; `unsupported` for a file that can only be decoded as a whole: interlaced PNG, a TIFF in a single large strip, WebP.
pub fn overview(bytes: &[u8], file: &str, limits: &Limits, by: u32) -> Result<Scene> {
    read_overview(bytes, limits, by).map_err(|refusal| refusal.of(file))
}

fn read_overview(bytes: &[u8], limits: &Limits, by: u32) -> std::result::Result<Scene, Refusal> {
    let (kind, header) = read_header(bytes, limits)?;
    let (width, height) = (header.width / by, header.height / by);
    if width.min(height) < limits.min_side_px {
        return Err(Refusal::too_small(width, height, limits));
    }
    let least = Limits::default();
    if !least.admit(width, height, u64::from(header.bands) * u64::from(header.bits.div_ceil(8))) {
        return Err(Refusal::too_big(width, height, &least));
    }
    match kind {
        Kind::Png => png::overview(bytes, by),
        Kind::Jpeg => jpeg::overview(bytes, by),
        Kind::Jpeg2000 => jpeg2000::overview(bytes, by),
        Kind::Tiff => tiff::overview(bytes, limits, by),
        Kind::Webp => Err(Refusal::unsupported("A WebP can only be read as a whole.", "Crop it to the yard.")),
    }
}

fn read_header(bytes: &[u8], limits: &Limits) -> std::result::Result<(Kind, Header), Refusal> {
    let kind = kind::recognise(bytes)?;
    let header = match kind {
        Kind::Png => png::header(bytes, limits),
        Kind::Jpeg => jpeg::header(bytes, limits),
        Kind::Jpeg2000 => jpeg2000::header(bytes, limits),
        Kind::Webp => webp::header(bytes, limits),
        Kind::Tiff => tiff::header(bytes, limits),
    }?;
    Ok((kind, header))
}

fn read_scene(bytes: &[u8], limits: &Limits) -> std::result::Result<Scene, Refusal> {
    let (kind, header) = read_header(bytes, limits)?;
    if header.width.min(header.height) < limits.min_side_px {
        return Err(Refusal::too_small(header.width, header.height, limits));
    }
    match kind {
        Kind::Png => png::scene(bytes, limits),
        Kind::Jpeg => jpeg::scene(bytes, limits),
        Kind::Jpeg2000 => jpeg2000::scene(bytes),
        Kind::Webp => webp::scene(bytes),
        Kind::Tiff => tiff::scene(bytes, limits),
    }
}
