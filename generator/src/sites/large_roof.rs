//! Large roofs: flat ones with parapets, ribs, skylights and plant; saw-tooth sheds; vaults; glass.

use crate::canvas::{Place, Rgb, lit};
use crate::draw::{Draw, phase, speck, step};
use crate::palette;
use crate::world::World;

/// A flat roof with whatever flat roofs carry.
pub(crate) fn flat(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let r = &mut world.random;
    let rgb = palette::flat_roof(r);
    let (height, seed) = (r.span(3.0, 13.0), r.bits() as u32);
    let (rib_m, rib) = (r.pick(&[0.8, 1.5, 2.5, 4.0, 6.0]), if r.chance(0.45) { r.span(0.02, 0.14) } else { 0.0 });
    let (parapet_m, rise) = (r.span(0.0, 0.6), r.span(0.2, 1.0));
    let edge = palette::grey(r, 0.4, 0.95);
    let (worn, patch) = (r.span(0.02, 0.2), r.span(3.0, 12.0));
    let rgb = world.roofed(rgb);
    world.canvas.block(at, length_m, width_m, |s, t, cell| {
        let rim = (length_m / 2.0 - s.abs()).min(width_m / 2.0 - t.abs());
        if rim < parapet_m {
            cell.set(edge, height + rise);
            return;
        }
        let ribbed = if phase(s, rib_m) < 0.2 { 1.0 + rib } else { 1.0 };
        let blotch = 1.0
            + worn
                * (speck(step(s, patch), step(t, patch * 0.6), seed) + 0.6 * speck(step(s, 1.0), step(t, 1.0), seed ^ 2) - 0.8);
        cell.set(lit(rgb, ribbed * blotch), height);
    });
    if world.random.chance(0.55) {
        skylights(world, at, (length_m, width_m), height);
    }
    plant(world, at, (length_m, width_m), height);
}

/// Strips or domes of glass in rows; strips are about as large as railcars.
fn skylights(world: &mut World, at: Place, (length_m, width_m): (f32, f32), height: f32) {
    let r = &mut world.random;
    let (w, l) = (r.span(0.9, 3.2), if r.chance(0.5) { r.span(1.0, 3.0) } else { r.span(5.0, 26.0) });
    let (dx, dy) = (l + r.span(1.0, 8.0), w + r.span(2.0, 9.0));
    let rgb: Rgb = if r.chance(0.65) { palette::grey(r, 0.65, 0.97) } else { palette::grey(r, 0.15, 0.4) };
    let raised = r.span(0.05, 1.1);
    let shade = [world.sun.across(at, -0.4), world.sun.across(at, 0.4)];
    let (half_l, half_w) = (length_m / 2.0 - 2.0, width_m / 2.0 - 1.5);
    if half_l < l / 2.0 || half_w < w / 2.0 {
        return;
    }
    world.canvas.block(at, 2.0 * half_l, 2.0 * half_w, |s, t, cell| {
        let (u, v) = ((s + half_l).rem_euclid(dx), (t + half_w).rem_euclid(dy));
        let whole = s + half_l - u + l < 2.0 * half_l && t + half_w - v + w < 2.0 * half_w;
        if whole && u < l && v < w {
            cell.set(lit(rgb, shade[usize::from(v > w / 2.0)]), height + raised);
        }
    });
}

/// Ventilation boxes, ducts, stair heads.
fn plant(world: &mut World, at: Place, (length_m, width_m): (f32, f32), height: f32) {
    let r = &mut world.random;
    let most = (length_m * width_m / 120.0) as usize;
    for _ in 0..r.count(0, most.clamp(1, 14)) {
        let r = &mut world.random;
        let p = at.moved(r.span(-0.42, 0.42) * length_m, r.span(-0.42, 0.42) * width_m);
        let p = if r.chance(0.5) { p } else { p.turned(std::f32::consts::FRAC_PI_2) };
        let (l, w) = if r.chance(0.2) { (r.span(6.0, 16.0), r.span(0.6, 2.6)) } else { (r.span(0.8, 4.5), r.span(0.8, 2.8)) };
        let (rgb, up) = (palette::grey(r, 0.35, 0.9), r.span(0.5, 2.6));
        if l < 0.8 * length_m && w < 0.5 * width_m {
            world.canvas.block(p, l, w, |_, _, cell| cell.set(rgb, height + up));
        }
    }
}

/// A shed of saw teeth or vaults, side by side along the place.
pub(crate) fn saw_tooth(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let r = &mut world.random;
    let (period, slope) = (r.span(4.0, 12.0), r.span(0.15, 0.5));
    let (rgb, vaulted) = (palette::flat_roof(r), r.chance(0.4));
    let glass = palette::grey(r, 0.1, 0.5);
    let height = r.span(4.0, 8.0);
    let rgb = world.roofed(rgb);
    let (down, up) = (world.sun.along(at, slope), world.sun.along(at, -slope));
    world.canvas.block(at, length_m, width_m, |s, _, cell| {
        let x = phase(s, period);
        if vaulted {
            let share = (x - 0.5) * 2.0;
            cell.set(lit(rgb, up + (down - up) * x), height + slope * period * 0.5 * (1.0 - share * share));
        } else if x > 0.82 {
            cell.set(glass, height + slope * period * (1.0 - x));
        } else {
            cell.set(lit(rgb, up), height + slope * period * x);
        }
    });
}

/// A greenhouse: glass over rows, ribs close together.
pub(crate) fn glasshouse(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let r = &mut world.random;
    let (rgb, bay) = (palette::grey(r, 0.5, 0.92), r.span(2.5, 9.0));
    let tint = [rgb[0] * 0.96, rgb[1], rgb[2] * 0.98];
    let (rows, height) = (r.span(0.6, 3.0), r.span(2.2, 4.5));
    let (left, right) = (world.sun.across(at, -0.35), world.sun.across(at, 0.35));
    world.canvas.block(at, length_m, width_m, |s, t, cell| {
        let x = phase(t, bay);
        let frame = phase(s, rows) < 0.15 || x < 0.05;
        let shade = if x < 0.5 { left } else { right };
        cell.set(lit(tint, if frame { 1.1 } else { shade }), height + 0.3 * bay * (0.5 - (x - 0.5).abs()));
    });
}

/// A round tank or silo.
pub(crate) fn silo(world: &mut World, at: Place, radius_m: f32) {
    let r = &mut world.random;
    let (rgb, height) = (palette::grey(r, 0.4, 0.95), r.span(4.0, 16.0));
    world.canvas.disc(at.x, at.y, radius_m, |_, _, share, cell| {
        cell.set(lit(rgb, if share > 0.93 { 0.8 } else { 1.0 }), height + 0.8 * (1.0 - share));
    });
}
