//! What stands in and beside a yard: gantries, masts, wires, platforms, sheds, heaps, lorries, growth between tracks.

use super::layout::Layout;
use crate::canvas::lit;
use crate::draw::{Draw, phase, speck, step};
use crate::palette;
use crate::sites::{building, vegetation, vehicle};
use crate::world::{Beam, World};

/// Puts up what a yard of this kind has; `long` things may cover wagons, and the places they cover are returned as (place, length, width).
pub(crate) fn put_up(world: &mut World, layout: &Layout) {
    if world.random.chance(0.55) {
        gantries(world, layout);
    }
    if world.random.chance(0.4) {
        wires(world, layout);
    }
    masts(world, layout);
    platforms(world, layout);
    heaps(world, layout);
    if world.random.chance(0.35) {
        growth(world, layout);
    }
}

/// Portals over all tracks, square to them or askew, and their posts.
fn gantries(world: &mut World, layout: &Layout) {
    let r = &mut world.random;
    let (spacing, askew) = (r.span(28.0, 65.0), r.spread(0.22));
    let rgb = palette::grey(r, 0.3, 0.75);
    let (height_m, width_m, dense) = (r.span(6.0, 8.5), r.span(0.25, 0.7), r.span(0.3, 0.9));
    let half = r.chance(0.3);
    let middle = (layout.reach.0 + layout.reach.1) / 2.0;
    let posts = r.span(9.0, 30.0);
    let mut u = -layout.half_m;
    while u < layout.half_m {
        let ends = [layout.reach.0 - 3.0, if half { middle } else { layout.reach.1 + 3.0 }];
        let [a, b] = ends.map(|v| layout.path.at(u + v * askew, v));
        world.beams.push(Beam { from: (a.x, a.y), to: (b.x, b.y), width_m, height_m, rgb, dense });
        let mut v = ends[0];
        while v < ends[1] {
            let at = layout.path.at(u + v * askew, v);
            world.canvas.block(at, 0.45, 0.45, |_, _, cell| cell.set(rgb, 7.0));
            v += posts;
        }
        u += spacing;
    }
}

fn wires(world: &mut World, layout: &Layout) {
    let rgb = palette::grey(&mut world.random, 0.1, 0.3);
    let (width_m, dense) = (world.random.span(0.03, 0.12), world.random.span(0.2, 0.6));
    for (line, _) in &layout.sidings {
        if world.random.chance(0.7) {
            let (from, to) = line.extent();
            let mut u = from;
            while u < to {
                let (a, b) = (line.at(&layout.path, u), line.at(&layout.path, u + 24.0));
                world.beams.push(Beam { from: (a.x, a.y), to: (b.x, b.y), width_m, height_m: 6.0, rgb, dense });
                u += 24.0;
            }
        }
    }
}

/// Light masts with long thin shadows, and lattice towers.
fn masts(world: &mut World, layout: &Layout) {
    for _ in 0..world.random.count(0, 9) {
        let r = &mut world.random;
        let at = layout.path.at(r.span(-1.0, 1.0) * layout.half_m, r.span(layout.reach.0 - 4.0, layout.reach.1 + 4.0) + 2.4);
        let (rgb, height_m) = (palette::grey(r, 0.3, 0.8), r.span(8.0, 26.0));
        world.canvas.block(at, 0.5, 0.5, |_, _, cell| cell.set(rgb, height_m));
    }
}

/// Platforms in the wide gaps, bare or under a roof, and sheds.
fn platforms(world: &mut World, layout: &Layout) {
    for &(v, width) in &layout.gaps {
        let r = &mut world.random;
        let (u, length) = (r.span(-0.7, 0.7) * layout.half_m, r.span(30.0, 140.0));
        match r.weighted(&[0.4, 0.3, 0.3]) {
            0 => {
                let (rgb, roof) = (palette::paving(r), r.chance(0.5));
                let (roof_rgb, slope) = (palette::flat_roof(r), r.span(0.05, 0.3));
                let n = (length / 8.0) as i32;
                for k in 0..n {
                    let at = layout.path.at(u + 8.0 * k as f32, v);
                    world.canvas.block(at, 8.1, width - 3.6, |_, _, cell| cell.set(rgb, 0.7));
                    if roof && k > n / 5 {
                        let sides = [world.sun.across(at, -slope), world.sun.across(at, slope)];
                        world.canvas.block(at, 8.1, width - 4.6, |s, t, cell| {
                            let seam = if phase(s, 4.0) < 0.05 { 0.9 } else { 1.0 };
                            cell.set(lit(roof_rgb, seam * sides[usize::from(t > 0.0)]), 4.6 - slope * t.abs());
                        });
                    }
                }
            }
            1 => {
                let at = layout.path.at(u, v);
                let room = (width - 3.8).max(2.5);
                let size = (r.span(4.0, 26.0), room.min(r.span(2.5, 9.0)));
                building::any(world, at, size.0, size.1);
            }
            _ => {
                for _ in 0..r.count(1, 7) {
                    let at = layout.path.at(u + world.random.span(0.0, 90.0), v);
                    vehicle::any(world, at);
                }
            }
        }
    }
}

/// Sleepers in piles, rails, cabinets, heaps of gravel between the tracks.
fn heaps(world: &mut World, layout: &Layout) {
    for _ in 0..world.random.count(0, 26) {
        let r = &mut world.random;
        let track = r.below(layout.sidings.len().max(1));
        let Some((line, _)) = layout.sidings.get(track) else { continue };
        let (from, to) = line.extent();
        let at = line.at(&layout.path, r.span(from, to)).moved(0.0, 2.45);
        let (length, width) =
            if r.chance(0.35) { (r.span(2.0, 18.0), r.span(0.25, 0.9)) } else { (r.span(0.6, 2.6), r.span(0.4, 1.3)) };
        let (rgb, height, seed) = (palette::clutter(r), r.span(0.15, 1.4), r.bits() as u32);
        world.canvas.block(at, length, width, |s, t, cell| {
            cell.set(lit(rgb, 0.75 + 0.5 * speck(step(s, 0.5), step(t, 0.25), seed)), height);
        });
    }
}

/// Weeds and bushes between the tracks.
fn growth(world: &mut World, layout: &Layout) {
    for _ in 0..world.random.count(5, 60) {
        let r = &mut world.random;
        let (u, v) = (r.span(-1.0, 1.0) * layout.half_m, r.span(layout.reach.0 - 6.0, layout.reach.1 + 6.0));
        let nearest = layout.sidings.iter().map(|(line, _)| (line.across(u) - v).abs()).fold(f32::MAX, f32::min);
        if nearest > 2.0 {
            let (at, size) = (layout.path.at(u, v), r.span(0.4, 1.6));
            vegetation::bush(world, at.x, at.y, size);
        }
    }
}
