//! Bytes to pixels: PNG, JPEG, WebP and TIFF, recognised by their bytes, within limits checked before allocation.

use crate::error::Result;
use crate::limits::Limits;
use crate::raster::Scene;

/// What the header says, read without decoding the pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// `png`, `jpeg`, `webp` or `tiff`.
    pub format: &'static str,
    /// Columns, as shown (after EXIF orientation).
    pub width: u32,
    /// Rows, as shown.
    pub height: u32,
    /// Bands, alpha counted.
    pub bands: u32,
    /// Bits a sample.
    pub bits: u32,
}

/// Reads the header of an image.
///
/// # Errors
/// [`crate::error::Error::File`] naming `file`.
pub fn header(_bytes: &[u8], _file: &str, _limits: &Limits) -> Result<Header> {
    unimplemented!()
}

/// Decodes an image.
///
/// # Errors
/// [`crate::error::Error::File`] naming `file`, what was found and what to do.
pub fn scene(_bytes: &[u8], _file: &str, _limits: &Limits) -> Result<Scene> {
    unimplemented!()
}
