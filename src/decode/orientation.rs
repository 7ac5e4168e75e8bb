//! EXIF orientation: how the stored pixels are to be turned so that the picture stands upright.

use crate::ifd::Tiff;
use crate::raster::{Mask, Raster, Samples, Scene};

/// Tag of the orientation, in EXIF blocks and in TIFF files.
pub(super) const TAG: u16 = 274;

/// The eight orientations, as three steps that are carried out in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Orientation {
    /// Rows become columns.
    transpose: bool,
    /// Left and right change places.
    mirror: bool,
    /// Top and bottom change places.
    flip: bool,
}

impl Orientation {
    /// From the value of the tag; unknown values leave the picture as it is.
    pub fn from_tag(value: u64) -> Self {
        let steps = |transpose, mirror, flip| Self { transpose, mirror, flip };
        match value {
            2 => steps(false, true, false),
            3 => steps(false, true, true),
            4 => steps(false, false, true),
            5 => steps(true, false, false),
            6 => steps(true, true, false),
            7 => steps(true, true, true),
            8 => steps(true, false, true),
            _ => Self::default(),
        }
    }

    /// From an EXIF block, with or without the `Exif\0\0` that JPEG puts before it.
    pub fn from_exif(block: &[u8]) -> Self {
        let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
        let directories = Tiff::open(block).map(|t| t.directories()).unwrap_or_default();
        directories.first().and_then(|d| d.uint(TAG)).map_or(Self::default(), Self::from_tag)
    }

    /// Width and height as shown.
    pub fn size(self, width: u32, height: u32) -> (u32, u32) {
        if self.transpose { (height, width) } else { (width, height) }
    }

    /// The scene as shown.
    pub fn apply(self, scene: Scene) -> Scene {
        if self == Self::default() {
            return scene;
        }
        let samples = match scene.samples {
            Samples::U8(r) => Samples::U8(self.turn(&r, 0)),
            Samples::U16(r) => Samples::U16(self.turn(&r, 0)),
            Samples::F32(r) => Samples::F32(self.turn(&r, 0.0)),
        };
        let valid = scene.valid.map(|mask: Mask| self.turn(&mask, false));
        Scene { samples, valid }
    }

    fn turn<T: Copy>(self, stored: &Raster<T>, blank: T) -> Raster<T> {
        let (w, h) = (stored.width(), stored.height());
        let (width, height) = if self.transpose { (h, w) } else { (w, h) };
        let bands = stored.bands();
        let mut shown = Raster::filled(width, height, bands, blank);
        for y in 0..height {
            let v = if self.flip { height - 1 - y } else { y };
            for x in 0..width {
                let u = if self.mirror { width - 1 - x } else { x };
                let (sx, sy) = if self.transpose { (v, u) } else { (u, v) };
                let to = (y * width + x) * bands;
                shown.samples_mut()[to..to + bands].copy_from_slice(stored.pixel(sx, sy));
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored as the eight values demand, the same upright `F` must appear each time.
    #[test]
    fn eight_values_stand_the_letter_upright() {
        let upright = ["##", "#.", "##", "#.", "#."];
        let stored: [(u64, &[&str]); 8] = [
            (1, &["##", "#.", "##", "#.", "#."]),
            (2, &["##", ".#", "##", ".#", ".#"]),
            (3, &[".#", ".#", "##", ".#", "##"]),
            (4, &["#.", "#.", "##", "#.", "##"]),
            (5, &["#####", "#.#.."]),
            (6, &["#.#..", "#####"]),
            (7, &["..#.#", "#####"]),
            (8, &["#####", "..#.#"]),
        ];
        for (value, rows) in stored {
            let scene = Scene { samples: Samples::U8(letter(rows)), valid: Some(letter(rows).map(|v| v == 1)) };
            let shown = Orientation::from_tag(value).apply(scene);
            assert_eq!(shown.samples, Samples::U8(letter(&upright)), "orientation {value}");
            assert_eq!(shown.valid, Some(letter(&upright).map(|v| v == 1)), "mask of orientation {value}");
        }
    }

    fn letter(rows: &[&str]) -> Raster<u8> {
        Raster::from_fn(rows[0].len(), rows.len(), |x, y| u8::from(rows[y].as_bytes()[x] == b'#'))
    }

    #[test]
    fn broken_exif_turns_nothing() {
        for block in [&b""[..], b"Exif\0\0", b"Exif\0\0II\x2a\0\xff\xff\xff\xff", b"garbage"] {
            assert_eq!(Orientation::from_exif(block), Orientation::default());
        }
    }
}
