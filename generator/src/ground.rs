//! Bare ground: soil, grass and gravel in patches, before anything stands on it.

use crate::canvas::{Rgb, mixed};
use crate::draw::{Draw, stream};
use crate::palette;
use crate::texture::Field;
use crate::world::{Season, World};

/// What the open ground mostly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    Grass,
    Gravel,
    Mixed,
}

/// Colour of grass in this season.
pub(crate) fn grass(world: &mut World) -> Rgb {
    let base = match world.season {
        Season::Summer => [0.24, 0.34, 0.15],
        Season::Dry => [0.46, 0.41, 0.28],
        Season::Autumn => [0.34, 0.35, 0.18],
        Season::Bare => [0.37, 0.35, 0.24],
        Season::Snow => [0.55, 0.55, 0.5],
    };
    palette::near(&mut world.random, base, 0.16)
}

/// Paints the whole canvas.
pub(crate) fn paint(world: &mut World, cover: Cover, view: u64) {
    let green = grass(world);
    let other = palette::soil(&mut world.random);
    let stone = palette::ballast(&mut world.random);
    let (main, patch) = match cover {
        Cover::Grass => (green, if world.random.chance(0.5) { grass(world) } else { other }),
        Cover::Gravel => (stone, palette::ballast(&mut world.random)),
        Cover::Mixed => (if world.random.chance(0.5) { stone } else { other }, green),
    };
    let extent = world.side_m();
    let seed = world.random.bits() as u32;
    let patches = Field::new(extent, &[(40.0, 0.5), (12.0, 0.35), (5.0, 0.25)], seed);
    let tones = Field::new(extent, &[(60.0, 0.6), (9.0, 0.5), (4.0, 0.4)], seed ^ 0x77);
    let (bias, sharp) = (world.random.span(-0.7, 0.3), world.random.span(1.2, 4.0));
    let tone = world.random.span(0.03, 0.12);
    let lying = world.snow.map(|snow| (snow, stream(view, 3).span(0.5, 1.3)));
    let (cell_m, side) = (world.canvas.cell_m, world.canvas.side);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for (y, row) in world.canvas.cells.chunks_exact_mut(side).enumerate() {
        let y_m = (y as f32 + 0.5) * cell_m;
        patches.row(y_m, cell_m, side, &mut a);
        tones.row(y_m, cell_m, side, &mut b);
        for ((cell, p), t) in row.iter_mut().zip(&a).zip(&b) {
            let share = ((p + bias) * sharp + 0.5).clamp(0.0, 1.0);
            let mut rgb = mixed(main, patch, share).map(|v| v * (1.0 + tone * t));
            if let Some((snow, depth)) = lying {
                rgb = mixed(rgb, snow, (depth + 0.5 * p + 0.3 * t).clamp(0.0, 1.0));
            }
            cell.set(rgb, 0.0);
        }
    }
}
