//! How much the tool takes on, checked before anything is allocated.

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
