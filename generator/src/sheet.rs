//! A contact sheet: many scenes at a glance.

use crate::scene::{Recipe, scene};
use sidings::raster::Raster;

/// Scenes of these seeds side by side, `columns` in a row, each shrunk to `thumb_px` (its middle, one to one, if smaller than that).
pub fn sheet(seeds: std::ops::Range<u64>, recipe: &Recipe, columns: usize, thumb_px: usize) -> Raster<u8> {
    let count = (seeds.end - seeds.start) as usize;
    let gap = 4;
    let pitch = thumb_px + gap;
    let mut sheet = Raster::filled(columns * pitch - gap, count.div_ceil(columns) * pitch - gap, 3, 255u8);
    for (k, seed) in seeds.enumerate() {
        let picture = scene(seed, recipe).rgb;
        let per = (picture.width() / thumb_px).max(1);
        let (left, top) = (k % columns * pitch, k / columns * pitch);
        for y in 0..thumb_px.min(picture.height()) {
            for x in 0..thumb_px.min(picture.width()) {
                for b in 0..3 {
                    let cells = (0..per * per).map(|i| u32::from(picture.at(x * per + i % per, y * per + i / per, b)));
                    sheet.set(left + x, top + y, b, (cells.sum::<u32>() / (per * per) as u32) as u8);
                }
            }
        }
    }
    sheet
}
