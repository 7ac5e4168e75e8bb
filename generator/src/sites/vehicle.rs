//! Road vehicles and containers.

use crate::canvas::{Place, lit};
use crate::draw::{Draw, speck, step};
use crate::palette;
use crate::world::World;

/// A passenger car or a van: glass before and behind a lighter roof.
pub(crate) fn car(world: &mut World, at: Place) {
    let r = &mut world.random;
    let van = r.chance(0.12);
    let (length, width, height) = if van { (r.span(4.9, 6.2), 2.0, 2.4) } else { (r.span(3.8, 5.0), r.span(1.65, 1.95), 1.45) };
    let (rgb, glass) = (palette::vehicle(r), palette::grey(r, 0.04, 0.2));
    let cabin = r.span(-0.3, 0.5);
    let roof = if van { rgb } else { rgb.map(|v| (v * 1.05).min(1.0)) };
    world.canvas.block(at, length, width, |s, t, cell| {
        let behind = s + cabin;
        let rim = t.abs() > width / 2.0 - 0.14;
        if van || behind.abs() > 1.75 {
            cell.set(lit(rgb, if rim { 0.85 } else { 1.0 }), if van { height } else { 0.95 });
        } else if behind.abs() > 1.0 || rim {
            cell.set(glass, 1.25);
        } else {
            cell.set(roof, height);
        }
    });
}

/// A lorry: a rigid one, or a tractor with a trailer.
pub(crate) fn lorry(world: &mut World, at: Place) {
    let r = &mut world.random;
    let rigid = r.chance(0.35);
    let (body_m, width) = (if rigid { r.span(5.0, 8.5) } else { r.span(10.5, 14.8) }, r.span(2.4, 2.6));
    let body = if r.chance(0.62) { palette::grey(r, 0.6, 0.97) } else { palette::coat(r) };
    let (cab, frame) = (palette::vehicle(r), palette::grey(r, 0.08, 0.3));
    let (height, kind, seed) = (r.span(3.3, 4.1), r.span(0.0, 1.0), r.bits() as u32);
    let ribs = r.span(0.0, 0.06);
    let gap = if rigid { 0.2 } else { r.span(0.4, 1.0) };
    world.canvas.block(at, body_m, width, |s, t, cell| {
        let shade = 1.0 + ribs * (2.0 * speck(step(s, 0.9), 0, seed) - 1.0);
        if kind > 0.86 {
            // Flatbed with something on it, or tipper.
            let load = speck(step(s, 2.4), step(t + 9.0, 1.3), seed);
            cell.set(lit(if load > 0.6 { body } else { frame }, 0.8 + 0.4 * load), if load > 0.6 { 2.4 } else { 1.3 });
        } else {
            cell.set(lit(body, shade * if width / 2.0 - t.abs() < 0.15 { 0.9 } else { 1.0 }), height);
        }
    });
    let front = at.moved(body_m / 2.0 + gap + 0.95, 0.0);
    world.canvas.block(at.moved(body_m / 2.0 + gap / 2.0, 0.0), gap, 0.9, |_, _, cell| cell.set(frame, 1.0));
    world.canvas.block(front, 1.9, width - 0.1, |s, _, cell| {
        cell.set(if s > 0.5 { lit(frame, 0.8) } else { cab }, if s > 0.6 { 2.2 } else { 3.1 });
    });
}

/// A parked trailer without a tractor.
pub(crate) fn trailer(world: &mut World, at: Place) {
    let r = &mut world.random;
    let rgb = if r.chance(0.65) { palette::grey(r, 0.55, 0.97) } else { palette::coat(r) };
    let (length, height, seed, ribs) = (r.span(9.0, 16.2), r.span(3.4, 4.1), r.bits() as u32, r.span(0.0, 0.12));
    let width = r.span(2.45, 2.65);
    world.canvas.block(at, length, width, |s, t, cell| {
        let edge = if width / 2.0 - t.abs() < 0.15 || length / 2.0 - s.abs() < 0.15 { 0.88 } else { 1.0 };
        cell.set(lit(rgb, edge * (1.0 + ribs * (speck(step(s, 1.2), 0, seed) - 0.5))), height);
    });
}

/// A coach or a city bus.
pub(crate) fn bus(world: &mut World, at: Place) {
    let r = &mut world.random;
    let rgb = palette::vehicle(r);
    let (length, unit) = (r.span(10.5, 18.0), r.span(-3.0, 3.0));
    world.canvas.block(at, length, 2.55, |s, t, cell| {
        let fitted = (s - unit).abs() < 1.2 && t.abs() < 0.8;
        cell.set(lit(rgb, if fitted { 0.75 } else { 1.0 }), 3.1);
    });
}

/// A container of 20 or 40 feet, so many high.
pub(crate) fn container(world: &mut World, at: Place, length_m: f32, high: u32) {
    let rgb = palette::coat(&mut world.random);
    let seed = world.random.bits() as u32;
    world.canvas.block(at, length_m, 2.44, |s, t, cell| {
        let edge = if 1.22 - t.abs() < 0.16 || length_m / 2.0 - s.abs() < 0.2 { 0.85 } else { 1.0 };
        let rib = 0.94 + 0.12 * speck(step(s, 0.35), 0, seed);
        cell.set(lit(rgb, edge * rib), 2.6 * high as f32);
    });
}

/// Any of them that stand beside tracks.
pub(crate) fn any(world: &mut World, at: Place) {
    match world.random.weighted(&[0.4, 0.25, 0.2, 0.15]) {
        0 => car(world, at),
        1 => lorry(world, at),
        2 => container(world, at, 6.06, 1),
        _ => trailer(world, at),
    }
}
