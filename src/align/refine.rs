//! From a rough candidate to a transform good to a fraction of a pixel, by the same pooled step at growing sizes.

use super::Model;
use super::pooled::{Correction, Normalisation, corrected, polish, search};
use super::pyramid::Pyramid;
use super::surfaces::{Comparer, Layout};
use super::tie_points::{TiePoint, tie_point};
use crate::geometry::{Point, Transform};

/// A pooled step: how large the images are, how large the tiles, how far is looked, and what may move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Longest side of *before*, working px.
    pub side_px: f64,
    /// Side of a tile, working px.
    pub tile_px: usize,
    /// Searched radius, working px.
    pub radius_px: usize,
    /// First spread of the correction, working px.
    pub spread: Correction,
}

/// On the search's own images. A grid of 4° and 7 % leaves about 5 px at the rim of 128; 24 px tiles still hold enough edges to have a say.
pub(super) const COARSE: [Step; 2] = [
    Step { side_px: 128.0, tile_px: 24, radius_px: 7, spread: [2.0, 2.0, 3.0, 3.0, 0.0, 0.0] },
    Step { side_px: 128.0, tile_px: 24, radius_px: 6, spread: [1.0, 1.0, 1.2, 1.2, 0.0, 0.0] },
];

/// At twice the size, where unequal scales and shear begin to show.
pub(super) const MIDDLE: [Step; 2] = [
    Step { side_px: 256.0, tile_px: 32, radius_px: 6, spread: [1.5, 1.5, 1.5, 1.5, 0.6, 0.6] },
    Step { side_px: 256.0, tile_px: 32, radius_px: 6, spread: [1.0, 1.0, 1.0, 1.0, 0.7, 0.7] },
];

/// At every further doubling: the last answer is good to a pixel here.
pub(super) const FINE: Step = Step { side_px: 512.0, tile_px: 48, radius_px: 6, spread: [1.0, 1.0, 1.0, 1.0, 0.7, 0.7] };

/// About this many tiles speak in a step. Fewer shake, more cost time and know no more.
const TILES: usize = 150;

/// Tiles may overlap by a quarter: a peak at the seam of two is then whole in one.
const SPACING: f64 = 0.75;

/// Fewer tiles than this fit a similarity only.
const AFFINE_TILES: usize = 16;

/// Scales beyond these between the two axes of the transform are no satellite image.
const SCALES: std::ops::RangeInclusive<f64> = 0.3..=3.0;

/// Largest ratio of the two principal scales that a step may reach.
const ANISOTROPY: f64 = 1.35;

/// The size of images, tiles and radius for a side; tiles shrink with small images so that at least five lie across.
pub(super) fn layout(before: &Pyramid<'_>, side_px: f64, tile_px: usize, radius_px: usize, spacing: f64) -> Layout {
    let zoom = (side_px / before.longest_side()).min(1.0);
    let shortest = before.width().min(before.height()) as f64 * zoom;
    let tile_px = tile_px.min(((shortest / 5.0) as usize).max(16));
    Layout { zoom, tile_px, radius_px, tiles: TILES, spacing, even_only: false }
}

/// One pooled step; the transform and its score, the pooled height above the mean in units of √tiles.
pub(super) fn step(
    comparer: &mut Comparer,
    before: &Pyramid<'_>,
    after: &Pyramid<'_>,
    transform: &Transform,
    step: &Step,
) -> Option<(Transform, f64)> {
    let layout = layout(before, step.side_px, step.tile_px, step.radius_px, SPACING);
    let surfaces = comparer.surfaces(before, after, transform, layout)?;
    let frame = Normalisation::of(&surfaces);
    let all: Vec<usize> = (0..surfaces.len()).collect();
    let mut spread = step.spread;
    if all.len() < AFFINE_TILES {
        (spread[4], spread[5]) = (0.0, 0.0);
    }
    let (correction, value) = search(&surfaces, &all, &frame, &spread);
    let mean = surfaces.values.iter().sum::<f32>() / surfaces.values.len() as f32;
    let score = f64::from(value - mean) * (all.len() as f64 / surfaces.multiplicity()).sqrt();
    let refined = corrected(transform, &correction, &frame, layout.zoom)?;
    plausible(&refined, after.centre()).then_some((refined, score))
}

/// Newton steps on freshly cut surfaces until the tiles agree to a few hundredths of a pixel. A tile is chosen by its clear peak, where it has one.
pub(super) fn settle(
    comparer: &mut Comparer,
    before: &Pyramid<'_>,
    after: &Pyramid<'_>,
    transform: &Transform,
    layout: Layout,
    model: Model,
    chosen: impl Fn(Option<TiePoint>) -> bool,
) -> Option<Transform> {
    /// Times that *after* is cut anew; the second already moves less than a twentieth of a pixel.
    const PASSES: usize = 2;
    let mut refined = *transform;
    for _ in 0..PASSES {
        let surfaces = comparer.surfaces(before, after, &refined, layout)?;
        let frame = Normalisation::of(&surfaces);
        let back = refined.inverse()?;
        let tiles: Vec<usize> = (0..surfaces.len()).filter(|t| chosen(tie_point(&surfaces, &back, *t))).collect();
        let correction = polish(&surfaces, &tiles, &frame, &[0.0; 6], model);
        refined = corrected(&refined, &correction, &frame, layout.zoom)?;
        if !plausible(&refined, after.centre()) {
            return None;
        }
    }
    Some(refined)
}

/// Larger and smaller principal scale at a point.
pub(super) fn principal_scales(t: &Transform, at: Point) -> (f64, f64) {
    let (p, x, y) = (t.apply(at), t.apply(Point::new(at.x + 1.0, at.y)), t.apply(Point::new(at.x, at.y + 1.0)));
    let (a, b, c, d) = (x.x - p.x, y.x - p.x, x.y - p.y, y.y - p.y);
    let (sum, difference) = (libm::hypot(a + d, c - b), libm::hypot(a - d, c + b));
    (0.5 * (sum + difference), 0.5 * (sum - difference).abs())
}

/// Not mirrored, not flattened, not blown up.
pub(super) fn plausible(t: &Transform, at: Point) -> bool {
    let (large, small) = principal_scales(t, at);
    let m = &t.0;
    let upright = m[0][0] * m[1][1] - m[0][1] * m[1][0] > 0.0;
    upright && SCALES.contains(&large) && SCALES.contains(&small) && large / small <= ANISOTROPY
}
