//! Why a file is refused, in sentences: what was found, what was expected, what to do.

use crate::error::Error;
use crate::limits::Limits;

/// A refusal that doesn't know the file's name yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub code: &'static str,
    pub message: String,
}

impl Refusal {
    /// The error that names the file.
    pub fn of(self, file: &str) -> Error {
        Error::File { file: file.to_owned(), code: self.code, message: self.message }
    }

    /// Nothing in it.
    pub fn empty() -> Self {
        let message = "The file is empty (0 bytes). Download or export the image again.".to_owned();
        Self { code: "empty", message }
    }

    /// `looks_like` completes "This is …"; `advice` is a sentence.
    pub fn not_an_image(looks_like: &str, advice: &str) -> Self {
        let message = format!("This is {looks_like}, not a PNG, JPEG, JPEG 2000, WebP or TIFF image. {advice}");
        Self { code: "not-an-image", message }
    }

    /// `what` completes "This file is …" or "holds …" as a whole sentence; `advice` is a sentence.
    pub fn unsupported(what: impl Into<String>, advice: &str) -> Self {
        Self { code: "unsupported", message: format!("{} {advice}", what.into()) }
    }

    /// The bytes end too early.
    pub fn truncated(format: &str, what: &str) -> Self {
        let message =
            format!("The {format} ends too early: {what}. Part of the image is missing; download or copy the file again.");
        Self { code: "truncated", message }
    }

    /// The bytes contradict themselves.
    pub fn damaged(format: &str, what: &str) -> Self {
        let message =
            format!("The {format} is damaged: {what}. Download the file again, or open it elsewhere and save it as PNG.");
        Self { code: "damaged", message }
    }

    /// Larger than the tool takes on.
    pub fn too_big(width: u32, height: u32, limits: &Limits) -> Self {
        let message = format!(
            "The image is {} × {} pixels; at most {} pixels a side, {} megapixels and {} MiB of samples can be taken on. \
             Crop it to the yard and its surroundings.",
            thousands(width.into()),
            thousands(height.into()),
            thousands(limits.max_side_px.into()),
            thousands(limits.max_pixels / 1_000_000),
            thousands(limits.max_bytes >> 20),
        );
        Self { code: "too-big", message }
    }

    /// Too small to hold a railcar.
    pub fn too_small(width: u32, height: u32, limits: &Limits) -> Self {
        let pixels = if width == 1 && height == 1 { "pixel" } else { "pixels" };
        let message = format!(
            "The image is {width} × {height} {pixels}; at least {min} × {min} are needed. Use the full image, not a thumbnail or an icon.",
            min = limits.min_side_px,
        );
        Self { code: "too-small", message }
    }
}

/// `60000` as `60,000`.
fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([7, 999, 1_000, 60_000, 1_234_567].map(thousands), ["7", "999", "1,000", "60,000", "1,234,567"]);
    }
}
