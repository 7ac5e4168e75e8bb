//! Houses: gable and hip roofs, wings, and small flat roofs.

use super::large_roof;
use crate::canvas::{Place, Rgb, lit};
use crate::draw::{Draw, phase, speck, step};
use crate::palette;
use crate::world::World;

/// Shape of a pitched roof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Gable,
    Hip,
    MonoPitch,
}

/// A pitched roof over a rectangle, ridge along the place.
fn pitched(world: &mut World, at: Place, (length_m, width_m): (f32, f32), shape: Shape, rgb: Rgb, (eaves_m, slope): (f32, f32)) {
    let (left, right) = (world.sun.across(at, -slope), world.sun.across(at, slope));
    let (back, front) = (world.sun.along(at, -slope), world.sun.along(at, slope));
    let seed = world.random.bits() as u32;
    let worn = world.random.span(0.03, 0.2);
    let course = world.random.pick(&[0.35, 0.5, 0.9, 4.0]);
    world.canvas.block(at, length_m, width_m, |s, t, cell| {
        let side = width_m / 2.0 - t.abs();
        let end = length_m / 2.0 - s.abs();
        let on_end = shape == Shape::Hip && end < side;
        let (rise, shade) = match shape {
            Shape::MonoPitch => ((t + width_m / 2.0) * 0.5, left),
            _ if on_end => (end, if s > 0.0 { front } else { back }),
            _ => (side, if t > 0.0 { right } else { left }),
        };
        let texture =
            1.0 + worn * (speck(step(s, 0.6), step(t, course), seed) + 0.5 * speck(step(s, 2.5), step(t, 2.0), seed ^ 3) - 0.75);
        let ridge = if shape != Shape::MonoPitch && t.abs() < 0.18 && !on_end { 1.12 } else { 1.0 };
        cell.set(lit(rgb, shade * texture * ridge), eaves_m + slope * rise);
    });
}

/// A roof light, chimney or panels on a roof.
fn fittings(world: &mut World, at: Place, (length_m, width_m): (f32, f32), top_m: f32) {
    for _ in 0..world.random.count(0, 3) {
        let r = &mut world.random;
        let p = at.moved(r.span(-0.4, 0.4) * length_m, r.span(-0.35, 0.35) * width_m);
        let rgb = palette::grey(r, 0.15, 0.9);
        world.canvas.block(p, 0.8, 0.8, |_, _, cell| cell.set(rgb, top_m + 0.8));
    }
    if world.random.chance(0.1) {
        let rgb = [0.12, 0.14, 0.22];
        let panels = at.moved(0.0, 0.24 * width_m);
        world.canvas.block(panels, length_m * 0.6, width_m * 0.32, |s, _, cell| {
            let seam = if phase(s, 1.05) < 0.08 { 2.0 } else { 1.0 };
            cell.rgb = lit(rgb, seam);
        });
    }
}

/// A dwelling house, at most so large, with wings and porches.
pub(crate) fn house(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let r = &mut world.random;
    let shape = [Shape::Gable, Shape::Hip, Shape::MonoPitch][r.weighted(&[0.55, 0.38, 0.07])];
    let (rgb, eaves, slope) = (palette::pitched_roof(r), r.span(2.6, 6.0), r.span(0.25, 0.85));
    let wing = r.chance(0.45);
    let (wing_at, wing_size) =
        ((r.span(-0.35, 0.35) * length_m, r.span(0.2, 0.5) * width_m), (width_m * r.span(0.7, 1.1), length_m * r.span(0.3, 0.5)));
    let rgb = world.roofed(rgb);
    pitched(world, at, (length_m, width_m), shape, rgb, (eaves, slope));
    if wing {
        let p = at.moved(wing_at.0, wing_at.1).turned(std::f32::consts::FRAC_PI_2);
        pitched(world, p, wing_size, shape, rgb, (eaves - 0.2, slope));
    }
    fittings(world, at, (length_m, width_m), eaves + 1.0);
}

/// A shed, garage or caravan.
pub(crate) fn shed(world: &mut World, at: Place) {
    let r = &mut world.random;
    let size = (r.span(2.5, 8.0), r.span(2.2, 5.0));
    let rgb = if r.chance(0.5) { palette::pitched_roof(r) } else { palette::flat_roof(r) };
    let shape = if r.chance(0.5) { Shape::Gable } else { Shape::MonoPitch };
    let slope = r.span(0.02, 0.5);
    let rgb = world.roofed(rgb);
    pitched(world, at, size, shape, rgb, (2.2, slope));
}

/// Houses wall to wall under one long roof, each with its own width and sometimes its own colour.
pub(crate) fn terrace(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let r = &mut world.random;
    let (unit, rgb) = (r.span(5.0, 9.0), palette::pitched_roof(r));
    let (eaves, slope, varied) = (r.span(4.5, 8.0), r.span(0.3, 0.8), r.chance(0.5));
    let n = (length_m / unit).max(1.0) as i32;
    for k in 0..n {
        let p = at.moved((k as f32 + 0.5) * unit - length_m / 2.0, if varied { world.random.span(-1.0, 1.0) } else { 0.0 });
        let own = if varied { palette::near(&mut world.random, rgb, 0.15) } else { rgb };
        let own = world.roofed(own);
        pitched(world, p, (unit, width_m), Shape::Gable, own, (eaves, slope));
        fittings(world, p, (unit, width_m), eaves + 1.0);
    }
}

/// A long low building under one gable: barn, stable, hall.
pub(crate) fn hall(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let r = &mut world.random;
    let rgb = if r.chance(0.5) { palette::grey(r, 0.4, 0.92) } else { palette::pitched_roof(r) };
    let (eaves, slope) = (r.span(2.8, 7.0), r.span(0.1, 0.45));
    let lights = r.chance(0.4);
    let (period, share) = (r.span(3.0, 9.0), r.span(0.1, 0.3));
    let rgb = world.roofed(rgb);
    pitched(world, at, (length_m, width_m), Shape::Gable, rgb, (eaves, slope));
    if lights {
        world.canvas.block(at, length_m - 2.0, width_m - 2.0, |s, _, cell| {
            if phase(s, period) < share {
                cell.rgb = [0.72, 0.76, 0.74];
            }
        });
    }
}

/// Any building of this size.
pub(crate) fn any(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    match world.random.weighted(&[0.35, 0.3, 0.35]) {
        0 => hall(world, at, length_m, width_m),
        1 if length_m < 25.0 => house(world, at, length_m, width_m),
        _ => large_roof::flat(world, at, length_m, width_m),
    }
}
