//! Open ground in and between quarters: winding paths, creeks and ditches, ponds, beds, strips of other ground.
//!
//! Much of it is as narrow as a railcar, and lies beside something dark.

use super::vegetation;
use crate::canvas::{Place, Rgb, lit, mixed};
use crate::draw::{Draw, phase, speck, step};
use crate::palette;
use crate::path::{Line, Path};
use crate::world::World;

/// A line that winds across the whole scene.
fn winding(world: &mut World) -> (Path, Line) {
    let side = world.side_m();
    let r = &mut world.random;
    let origin = Place::new(r.span(0.0, side), r.span(0.0, side), r.span(0.0, std::f32::consts::TAU));
    let radius_m = if r.chance(0.5) { f32::INFINITY } else { r.span(80.0, 500.0) };
    let (swing, every) = (r.span(0.0, 9.0), r.span(14.0, 60.0));
    let mut knots = Vec::new();
    let mut u = -side * 0.7;
    while u < side * 0.7 {
        knots.push((u, r.spread(swing)));
        u += every * r.span(0.6, 1.4);
    }
    (Path { origin, radius_m }, Line { knots, straight: false })
}

/// A footpath, a track through a field, or a towpath.
pub(crate) fn footpath(world: &mut World) {
    let (path, line) = winding(world);
    let r = &mut world.random;
    let (width, rgb, seed) =
        (r.span(1.4, 4.2), if r.chance(0.6) { palette::grey(r, 0.5, 0.85) } else { palette::soil(r) }, r.bits() as u32);
    let ruts = r.chance(0.2);
    let (pieces, length) = line.pieces(&path, 2.5);
    for (k, at) in pieces.into_iter().enumerate() {
        if world.is_clear_of_rails(at, 3.0, width + 1.0) {
            let tone = 0.92 + 0.16 * speck(k as i32 / 5, 0, seed);
            world.canvas.block(at, 1.15 * length + 0.3, width, |_, t, cell| {
                if cell.height_m < 0.3 && !(ruts && t.abs() < width * 0.2) {
                    cell.blend(lit(rgb, tone), if width / 2.0 - t.abs() < 0.2 { 0.6 } else { 1.0 });
                }
            });
        }
    }
}

/// A creek or a ditch: dark water between banks, wider here and narrower there, reeds and bushes along it.
pub(crate) fn creek(world: &mut World) {
    let (path, line) = winding(world);
    let r = &mut world.random;
    let kinds = [[0.13, 0.14, 0.12], [0.2, 0.2, 0.17], [0.24, 0.24, 0.2], [0.12, 0.17, 0.17]];
    let base = r.pick(&kinds);
    let (width, seed) = (r.span(1.2, 5.5), r.bits() as u32);
    let water = palette::near(r, base, 0.15);
    // Steep banks cast a shadow into the bed.
    let deep_m = if r.chance(0.6) { r.span(0.5, 3.0) } else { 0.0 };
    let (bank, bank_m, bushes) = (palette::soil(r), r.span(0.3, 2.5), r.span(0.0, 0.25));
    let (pieces, length) = line.pieces(&path, 2.0);
    for (k, at) in pieces.into_iter().enumerate() {
        if !world.is_clear_of_rails(at, 3.0, width + 3.0) {
            continue;
        }
        let own = width * (0.6 + 0.8 * speck(k as i32 / 4, 0, seed));
        world.canvas.block(at, 1.2 * length + 0.4, own + 2.0 * bank_m, |s, t, cell| {
            let deep = own / 2.0 - t.abs();
            let rough = 0.85 + 0.3 * speck(step(s + k as f32 * length, 0.7), step(t, 0.5), seed);
            if deep > 0.0 {
                cell.set(lit(water, rough), -deep_m);
            } else if cell.height_m < 0.3 {
                cell.height_m = cell.height_m.min(0.0) - deep_m * (1.0 + deep / bank_m).clamp(0.0, 1.0);
                cell.blend(lit(bank, rough), (1.0 + deep / bank_m).clamp(0.0, 1.0) * 0.8);
            }
        });
        if world.random.chance(f64::from(bushes)) {
            let side = if world.random.chance(0.5) { 1.0 } else { -1.0 };
            let p = at.moved(0.0, side * (own / 2.0 + 1.0));
            let size = world.random.span(0.5, 2.4);
            vegetation::bush(world, p.x, p.y, size);
        }
    }
}

/// A pond with an island or a grassy rim.
pub(crate) fn pond(world: &mut World) {
    let (x, y) = world.anywhere(0.0);
    let r = &mut world.random;
    let (at, l, w) = (Place::new(x, y, r.span(0.0, 3.1)), r.span(14.0, 70.0), r.span(8.0, 34.0));
    let (rgb, island) = (palette::near(r, [0.12, 0.17, 0.15], 0.25), if r.chance(0.4) { r.span(0.3, 0.6) } else { 0.0 });
    let rim = palette::soil(r);
    if world.claim(at, l, w) {
        world.canvas.block(at, l, w, |s, t, cell| {
            let share = (2.0 * s / l) * (2.0 * s / l) + (2.0 * t / w) * (2.0 * t / w);
            if share < 1.0 && share > island * island {
                cell.set(if share > 0.88 { rim } else { rgb }, 0.0);
            }
        });
    }
}

/// Strips of other ground, about as large as railcars or longer: beds along walls, worn grass, patched asphalt, laid-out planks, stripes
/// of paint, trenches. They have an outline but no height.
pub(crate) fn strips(world: &mut World, how_many: usize) {
    let grass = crate::ground::grass(world);
    let usual = world.random.span(0.0, std::f32::consts::TAU);
    for _ in 0..how_many {
        let (x, y) = world.anywhere(0.0);
        let r = &mut world.random;
        let angle = if r.chance(0.7) { usual + r.pick(&[0.0, std::f32::consts::FRAC_PI_2]) } else { r.span(0.0, 3.1) };
        let at = Place::new(x, y, angle);
        let (l, w) = (r.span(5.0, 40.0), r.span(0.8, 4.5));
        let rgb: Rgb = match r.below(5) {
            0 => palette::soil(r),
            1 => palette::paving(r),
            2 => grass,
            3 => palette::grey(r, 0.08, 0.3),
            _ => palette::clutter(r),
        };
        let (soft, seed, share, parts) = (r.span(0.0, 1.2), r.bits() as u32, r.span(0.4, 1.0), r.span(2.0, 30.0));
        let height = if r.chance(0.25) { r.span(0.2, 1.4) } else { 0.0 };
        if !world.is_clear_of_rails(at, l, w + 1.0) {
            continue;
        }
        world.canvas.block(at, l, w, |s, t, cell| {
            let rim = (l / 2.0 - s.abs()).min(w / 2.0 - t.abs());
            let ragged = soft * speck(step(s, 0.8), step(t, 0.6), seed);
            if rim > ragged && cell.height_m < 1.0 && phase(s + 50.0, parts) > 0.05 {
                let tone = 0.85 + 0.3 * speck(step(s, 0.7), step(t, 0.6), seed ^ 1);
                let rgb = mixed(cell.rgb, lit(rgb, tone), share);
                cell.set(rgb, height.max(cell.height_m));
            }
        });
    }
}

/// A park before the streets are laid: lawns, paths, water, trees.
pub(crate) fn park(world: &mut World) {
    let (x, y) = world.anywhere(-20.0);
    let r = &mut world.random;
    let (at, l, w) = (Place::new(x, y, r.span(0.0, 3.1)), r.span(60.0, 200.0), r.span(40.0, 120.0));
    let every = r.span(60.0, 700.0);
    open(world);
    vegetation::scatter(world, at, l, w, every);
    world.take(at, l, w);
}

/// Paths, creeks, ponds and strips over the whole scene.
pub(crate) fn open(world: &mut World) {
    for _ in 0..world.random.count(0, 3) {
        footpath(world);
    }
    for _ in 0..world.random.count(0, 2) {
        creek(world);
    }
    if world.random.chance(0.3) {
        pond(world);
    }
    let n = world.random.count(0, 25);
    strips(world, n);
}
