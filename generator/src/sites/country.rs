//! Fields, woods, water, farms, greenhouses, and the motorways through them.

use super::road::{self, Road};
use super::{building, large_roof, rows, vegetation};
use crate::canvas::{Place, lit, mixed};
use crate::draw::{Draw, phase, speck, step};
use crate::palette;
use crate::path::{Line, Path};
use crate::world::{Beam, World};

/// Parcels with furrows, crops and stubble.
pub(crate) fn fields(world: &mut World) {
    let side = world.side_m();
    let r = &mut world.random;
    let grid = Place::new(side / 2.0, side / 2.0, r.span(0.0, std::f32::consts::TAU));
    let (l, w) = (r.span(60.0, 260.0), r.span(20.0, 120.0));
    let n = (side / w) as i32;
    for i in -3i32..=3 {
        for j in -n..=n {
            let at = grid.moved(i as f32 * l, j as f32 * w);
            let rgb = if world.random.chance(0.45) { palette::soil(&mut world.random) } else { crate::ground::grass(world) };
            let rgb = match world.snow {
                Some(snow) => mixed(rgb, snow, 0.8),
                None => rgb,
            };
            let r = &mut world.random;
            let (period, depth) = (r.pick(&[0.8, 1.5, 3.0, 6.0, 9.0, 14.0]), r.span(0.0, 0.16));
            let (seed, across) = (r.bits() as u32, r.chance(0.2));
            let (rut, worn) = (r.span(12.0, 36.0), r.span(0.0, 0.12));
            if !world.is_free(at, l * 0.2, w * 0.2) && world.random.chance(0.5) {
                continue;
            }
            world.canvas.block(at, l - 0.8, w - 0.8, |s, t, cell| {
                let v = if across { s } else { t };
                let wave = if phase(v, period) < 0.4 { 1.0 + depth } else { 1.0 - 0.6 * depth };
                let track =
                    if (v.rem_euclid(rut) - 1.0).abs() < 0.3 || (v.rem_euclid(rut) - 2.8).abs() < 0.3 { 0.88 } else { 1.0 };
                let blotch = 1.0 + worn * (speck(step(s, 7.0), step(t, 5.0), seed) - 0.5);
                cell.set(lit(rgb, wave * track * blotch), 0.0);
            });
            if world.random.chance(0.15) {
                rows::strips(world, at, l - 4.0, w - 4.0);
            }
            if world.random.chance(0.2) {
                vegetation::hedge(world, at.moved(0.0, w / 2.0), l);
            }
        }
    }
    for _ in 0..world.random.count(0, 3) {
        let (x, y) = world.anywhere(20.0);
        let r = &mut world.random;
        let (at, l, w) = (Place::new(x, y, r.span(0.0, 3.1)), r.span(20.0, 120.0), r.span(10.0, 60.0));
        vegetation::wood(world, at, l, w);
    }
    for _ in 0..world.random.count(0, 2) {
        farm(world);
    }
}

/// Long halls side by side, a house, a silo.
fn farm(world: &mut World) {
    let (x, y) = world.anywhere(0.0);
    let r = &mut world.random;
    let at = Place::new(x, y, r.span(0.0, 3.1));
    let (l, w, n) = (r.span(20.0, 90.0), r.span(8.0, 18.0), r.count(1, 6));
    let gap = r.span(4.0, 16.0);
    for k in 0..n {
        let p = at.moved(0.0, (w + gap) * k as f32);
        if world.claim(p, l, w) {
            building::hall(world, p, l, w);
        }
    }
    let p = at.moved(l / 2.0 + 18.0, 0.0);
    if world.claim(p, 14.0, 10.0) {
        building::house(world, p, 13.0, 9.0);
    }
    large_roof::silo(world, at.moved(-l / 2.0 - 6.0, 0.0), 3.0);
}

/// Greenhouses, tunnels, stables: long roofs in rows.
pub(crate) fn long_roofs(world: &mut World) {
    let side = world.side_m();
    let r = &mut world.random;
    let at = Place::new(side / 2.0 + r.spread(20.0), side / 2.0 + r.spread(20.0), r.span(0.0, 3.1));
    let kind = r.below(4);
    let (l, w) = (r.span(25.0, 120.0), r.span(6.0, 22.0));
    let (du, dv) = (l + r.span(4.0, 16.0), w + r.span(1.5, 14.0));
    let n = (0.45 * side / dv) as i32;
    for i in -2i32..=2 {
        for j in -n..=n {
            let p = at.moved(i as f32 * du, j as f32 * dv);
            if world.random.chance(0.9) && world.claim(p, l, w) {
                match kind {
                    0 => large_roof::glasshouse(world, p, l, w),
                    1 => building::hall(world, p, l, w),
                    2 => rows::long_boxes(world, p, l, w),
                    _ => rows::strips(world, p, l, w),
                }
            }
        }
    }
}

/// A motorway with its slip roads, sign gantries, barriers and traffic.
pub(crate) fn motorway(world: &mut World) {
    let side = world.side_m();
    let r = &mut world.random;
    let radius_m = if r.chance(0.4) { f32::INFINITY } else { r.span(300.0, 1500.0) * if r.chance(0.5) { 1.0 } else { -1.0 } };
    let origin = Place::new(side / 2.0 + r.spread(40.0), side / 2.0 + r.spread(40.0), r.span(0.0, std::f32::consts::TAU));
    let (lanes, median) = (r.count(1, 4) as u32, r.span(1.0, 12.0));
    let (every, lorries) = (r.span(8.0, 160.0), f64::from(r.span(0.05, 0.7)));
    let verge = r.span(2.0, 12.0);
    let half = side * 0.85;
    let carriage = Road::carriageway(world, lanes.max(2));
    let reach = carriage.width_m + median / 2.0;
    let path = Path { origin, radius_m };
    for (v, turn) in [(-(carriage.width_m + median) / 2.0, std::f32::consts::PI), ((carriage.width_m + median) / 2.0, 0.0)] {
        let line = Line::beside(v, -half, half);
        road::paint(world, &path, &line, &carriage);
        let reverse = Path { origin: path.origin.turned(turn), radius_m: if turn == 0.0 { radius_m } else { -radius_m } };
        let own = Line::beside(if turn == 0.0 { v } else { -v }, -half, half);
        road::traffic(world, &reverse, &own, &carriage, every, lorries);
    }
    if world.random.chance(0.7) {
        let rgb = palette::grey(&mut world.random, 0.4, 0.85);
        let (pieces, length) = Line::beside(0.0, -half, half).pieces(&path, 8.0);
        for at in pieces {
            world.canvas.block(at, length, 0.4, |_, _, cell| cell.set(rgb, 0.9));
        }
    }
    for _ in 0..world.random.count(0, 2) {
        let slip = Road { lanes: 1, ..carriage };
        let slip = Road { width_m: carriage.width_m / carriage.lanes as f32 + 2.0, ..slip };
        let r = &mut world.random;
        let (u, out) = (r.span(-0.6, 0.3) * side, r.span(20.0, 90.0) * if r.chance(0.5) { 1.0 } else { -1.0 });
        let line = Line { knots: vec![(u, out.signum() * (reach - 3.0)), (u + r.span(90.0, 200.0), out)], straight: false };
        road::paint(world, &path, &line, &slip);
        road::traffic(world, &path, &line, &slip, 60.0, lorries);
    }
    for _ in 0..world.random.count(0, 2) {
        let r = &mut world.random;
        let (u, rgb) = (r.span(-0.5, 0.5) * side, palette::grey(r, 0.4, 0.9));
        let (a, b) = (path.at(u, -reach), path.at(u, reach));
        let (width_m, dense) = (r.span(0.6, 1.6), r.span(0.6, 1.0));
        world.beams.push(Beam { from: (a.x, a.y), to: (b.x, b.y), width_m, height_m: 7.0, rgb, dense });
    }
    let trees = world.random.span(40.0, 900.0);
    for bank in [-1.0f32, 1.0] {
        if world.random.chance(0.6) {
            let (pieces, length) = Line::beside(bank * (reach + verge), -half, half).pieces(&path, 12.0);
            for at in pieces {
                vegetation::scatter(world, at, length, verge, trees * 0.3);
            }
        }
    }
}

/// A river, a lake or a basin with boats and a quay.
pub(crate) fn water(world: &mut World) {
    let side = world.side_m();
    let r = &mut world.random;
    let kinds = [[0.10, 0.14, 0.16], [0.18, 0.24, 0.22], [0.16, 0.26, 0.36], [0.30, 0.30, 0.24]];
    let base = r.pick(&kinds);
    let rgb = palette::near(r, base, 0.15);
    let path = Path {
        origin: Place::new(r.span(0.0, side), r.span(0.0, side), r.span(0.0, std::f32::consts::TAU)),
        radius_m: if r.chance(0.5) { f32::INFINITY } else { r.span(120.0, 700.0) },
    };
    let (width, quay, seed) = (r.span(8.0, 120.0), r.chance(0.4), r.bits() as u32);
    let stone = palette::paving(r);
    let ripple = r.span(0.0, 0.12);
    let line = Line { knots: vec![(-side, 0.0), (0.0, r.spread(20.0)), (side, 0.0)], straight: false };
    let (pieces, length) = line.pieces(&path, 5.0);
    for &at in &pieces {
        if quay {
            world.canvas.block(at, length + 0.6, width + 10.0, |_, _, cell| cell.set(stone, 0.0));
        }
    }
    for (k, &at) in pieces.iter().enumerate() {
        world.take(at, length, width + 6.0);
        let edge = if quay { 0.0 } else { 3.0 * speck(k as i32, 0, seed) };
        world.canvas.block(at, length + 0.6, width - edge, |s, t, cell| {
            cell.set(lit(rgb, 1.0 + ripple * (speck(step(s, 1.3), step(t, 0.7), seed) - 0.5)), 0.0);
        });
    }
    if width > 25.0 {
        for _ in 0..world.random.count(0, 12) {
            let r = &mut world.random;
            let u = r.span(-0.6, 0.6) * side;
            let at = line.at(&path, u).moved(0.0, r.span(-0.42, 0.42) * width);
            let (l, w) =
                if r.chance(0.2) { (r.span(30.0, 80.0), r.span(6.0, 11.0)) } else { (r.span(5.0, 16.0), r.span(1.8, 4.0)) };
            let (hull, deck) = (palette::vehicle(r), palette::clutter(r));
            world.canvas.block(at, l, w, |s, t, cell| {
                let bow = (s / l + 0.5 - 0.8).max(0.0) * 5.0;
                if t.abs() < w / 2.0 * (1.0 - bow * bow) {
                    cell.set(if t.abs() < w * 0.34 && s.abs() < l * 0.36 { deck } else { hull }, 1.6);
                }
            });
        }
    }
}
