//! How much the tool takes on, checked before anything is allocated.

/// Longest file of text (a table, tracks, corrections) that is read. What a tree of JSON or XML takes in memory is some fifty times its text; the longest
/// that makes sense, half a million points of tracks, is as long as this.
pub const MAX_TEXT_BYTES: usize = 16 << 20;

/// Bounds on what is decoded. Sizes are compared by checked arithmetic before any allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest side, in pixels. Also keeps coordinates exact in f32.
    pub max_side_px: u32,
    /// Most pixels in one image.
    pub max_pixels: u64,
    /// Most bytes of decoded samples (all bands).
    pub max_bytes: u64,
    /// Shortest side that can hold anything worth comparing, in pixels.
    pub min_side_px: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_side_px: 32_768, max_pixels: 200_000_000, max_bytes: 1 << 30, min_side_px: 16 }
    }
}

impl Limits {
    /// Of files that are read at a fraction of their resolution: beyond four thousand megapixels they take minutes to unpack, and no
    /// overview of them shows a railcar.
    pub const OF_OVERVIEWS: Self = Self { max_side_px: 1 << 17, max_pixels: 1 << 32, max_bytes: 1 << 36, min_side_px: 16 };

    /// True when an image of this size and this many bytes a pixel may be decoded.
    ///
    /// ```
    /// let limits = sidings::limits::Limits::default();
    /// assert!(limits.admit(10_000, 10_000, 4));
    /// assert!(!limits.admit(60_000, 60_000, 1));
    /// assert!(!limits.admit(u32::MAX, u32::MAX, u64::MAX));
    /// ```
    pub fn admit(&self, width: u32, height: u32, bytes_a_pixel: u64) -> bool {
        let pixels = u64::from(width) * u64::from(height);
        let bytes = pixels.checked_mul(bytes_a_pixel);
        width.max(height) <= self.max_side_px && pixels <= self.max_pixels && bytes.is_some_and(|b| b <= self.max_bytes)
    }
}
