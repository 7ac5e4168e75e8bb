//! Streets with houses, gardens and parked cars; blocks of flats; sports grounds.

use super::road::{self, Road};
use super::{building, large_roof, rows, vegetation, vehicle};
use crate::canvas::{Place, lit};
use crate::draw::{Draw, speck, step};
use crate::palette;
use crate::path::{Line, Path};
use crate::world::World;

/// How a quarter is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quarter {
    /// Detached houses in gardens.
    Suburb,
    /// Houses wall to wall.
    Terraces,
    /// Blocks of flats and shops.
    Blocks,
}

/// Fills the free ground with streets and lots.
pub(crate) fn paint(world: &mut World, quarter: Quarter) {
    let side = world.side_m();
    let r = &mut world.random;
    let radius_m = if r.chance(0.7) { f32::INFINITY } else { r.span(150.0, 600.0) };
    let origin = Place::new(side / 2.0 + r.spread(20.0), side / 2.0 + r.spread(20.0), r.span(0.0, std::f32::consts::TAU));
    let path = Path { origin, radius_m };
    let half = side * 0.8;
    let spacing = match quarter {
        Quarter::Suburb => r.span(46.0, 85.0),
        Quarter::Terraces => r.span(36.0, 60.0),
        Quarter::Blocks => r.span(60.0, 110.0),
    };
    let street = Road::street(world);
    let mut cross = -half;
    while cross < half {
        let turned = Path { origin: path.at(cross, 0.0).turned(std::f32::consts::FRAC_PI_2), radius_m: f32::INFINITY };
        open_road(world, &turned, half, &street);
        cross += world.random.span(90.0, 320.0);
    }
    let mut v = -half + world.random.span(0.0, spacing);
    let mut streets = Vec::new();
    while v < half {
        let line = Line::beside(v, -half, half);
        open_line(world, &path, &line, &street);
        streets.push(line);
        v += spacing + world.random.spread(3.0);
    }
    let lot = world.random.span(14.0, 30.0);
    for line in &streets {
        for bank in [-1.0f32, 1.0] {
            let mut u = -half;
            while u < half {
                let frontage = if quarter == Quarter::Suburb { lot } else { world.random.span(18.0, 60.0) };
                one_lot(world, (&path, line, u + frontage / 2.0), bank, frontage, (&street, quarter, spacing));
                u += frontage + if quarter == Quarter::Suburb { 0.0 } else { world.random.span(2.0, 14.0) };
            }
        }
        if world.random.chance(0.8) {
            parked(world, &path, line, &street);
        }
    }
    let every = if world.random.chance(0.5) { world.random.span(45.0, 150.0) } else { world.random.span(150.0, 900.0) };
    vegetation::scatter(world, Place::new(side / 2.0, side / 2.0, 0.0), side, side, every);
}

/// A road only where no rails lie.
fn open_road(world: &mut World, path: &Path, half: f32, road: &Road) {
    open_line(world, path, &Line::beside(0.0, -half, half), road);
}

fn open_line(world: &mut World, path: &Path, line: &Line, road: &Road) {
    let (from, to) = line.extent();
    let mut u = from;
    while u < to {
        let end = (u + 12.0).min(to);
        let middle = line.at(path, (u + end) / 2.0);
        if world.is_clear_of_rails(middle, 12.0, road.width_m) {
            road::paint(world, path, &Line { knots: vec![(u, line.across(u)), (end, line.across(end))], straight: true }, road);
        }
        u = end;
    }
}

fn one_lot(
    world: &mut World,
    (path, line, u): (&Path, &Line, f32),
    bank: f32,
    frontage: f32,
    (street, quarter, spacing): (&Road, Quarter, f32),
) {
    let r = &mut world.random;
    let (length, depth) = match quarter {
        Quarter::Suburb => ((frontage * r.span(0.45, 0.85)).min(20.0), r.span(7.0, 13.0)),
        Quarter::Terraces => (frontage, r.span(8.0, 12.5)),
        Quarter::Blocks => (frontage.max(14.0), r.span(11.0, 24.0)),
    };
    let setback =
        street.width_m / 2.0 + street.kerb_m + if quarter == Quarter::Terraces { r.span(0.5, 5.0) } else { r.span(3.0, 10.0) };
    let deep = (spacing / 2.0 - setback).max(depth);
    let at = line.at(path, u).moved(r.spread(1.0), bank * (setback + depth / 2.0)).turned(r.spread(0.02));
    if world.random.chance(0.07) || !world.claim(at, length + 1.5, depth + 1.5) {
        return;
    }
    garden(world, line.at(path, u).moved(0.0, bank * (setback + deep / 2.0)), frontage, deep, bank, quarter);
    if world.random.chance(0.75) && quarter != Quarter::Blocks {
        drive(world, line.at(path, u).moved(length / 2.0 + 1.6, bank * (street.width_m / 2.0 + setback / 2.0)), setback, bank);
    }
    let turned = if quarter == Quarter::Suburb && world.random.chance(0.3) { at.turned(std::f32::consts::FRAC_PI_2) } else { at };
    if world.random.chance(0.4) {
        bed(world, turned, length, depth);
    }
    match quarter {
        Quarter::Suburb if turned.angle_rad != at.angle_rad => {
            building::house(world, turned, depth.max(length.min(depth * 1.3)), length.min(depth))
        }
        Quarter::Suburb => building::house(world, at, length, depth),
        Quarter::Terraces => building::terrace(world, at, length, depth),
        Quarter::Blocks if world.random.chance(0.3) => building::terrace(world, at, length, depth),
        Quarter::Blocks => large_roof::flat(world, at, length, depth),
    }
}

/// Soil, bark or slabs along a wall.
fn bed(world: &mut World, at: Place, length: f32, depth: f32) {
    let r = &mut world.random;
    let rgb = if r.chance(0.5) { palette::soil(r) } else { palette::clutter(r) };
    let side = if r.chance(0.5) { 1.0 } else { -1.0 };
    let (wide, long, seed) = (r.span(0.8, 3.0), r.span(0.4, 1.2) * length, r.bits() as u32);
    let p = if r.chance(0.6) {
        at.moved(0.0, side * (depth + wide) / 2.0)
    } else {
        at.moved(side * (length + wide) / 2.0, 0.0).turned(std::f32::consts::FRAC_PI_2)
    };
    world.canvas.block(p, long, wide, |s, t, cell| cell.set(lit(rgb, 0.8 + 0.4 * speck(step(s, 0.6), step(t, 0.5), seed)), 0.2));
}

/// Lawn, fence, shed, pool, trees behind a house.
fn garden(world: &mut World, at: Place, frontage: f32, deep: f32, bank: f32, quarter: Quarter) {
    let lawn = crate::ground::grass(world);
    let kept = world.random.chance(0.5) && world.snow.is_none();
    if kept && world.is_free(at.moved(0.0, bank * deep * 0.3), frontage * 0.7, deep * 0.3) {
        world.canvas.block(at.moved(0.0, bank * deep * 0.25), frontage - 1.5, deep * 0.45, |_, _, cell| cell.blend(lawn, 0.7));
    }
    if world.random.chance(0.45) {
        let fence = palette::clutter(&mut world.random);
        let side = at.moved(frontage / 2.0, bank * 2.0).turned(std::f32::consts::FRAC_PI_2);
        if world.random.chance(0.35) {
            vegetation::hedge(world, side, deep * 0.6);
        } else {
            world.canvas.block(side, deep * 0.7, 0.2, |_, _, cell| cell.set(fence, 1.6));
        }
    }
    let behind = at.moved(world.random.span(-0.35, 0.35) * frontage, bank * deep * 0.36);
    if world.random.chance(0.35) && world.claim(behind, 6.0, 4.0) {
        building::shed(world, behind);
    } else if world.random.chance(0.06) && quarter == Quarter::Suburb && world.claim(behind, 8.0, 5.0) {
        let size = world.random.span(3.0, 8.0);
        world.canvas.block(behind, size + 1.6, 4.6, |_, _, cell| cell.set([0.68, 0.66, 0.62], 0.0));
        world.canvas.block(behind, size, 3.2, |_, _, cell| cell.set([0.25, 0.55, 0.68], 0.0));
    }
    for _ in 0..world.random.count(0, 4) {
        let r = &mut world.random;
        let p = at.moved(r.span(-0.5, 0.5) * frontage, r.span(-0.5, 0.5) * deep);
        let radius = r.span(0.8, 4.2);
        vegetation::tree(world, p.x, p.y, radius);
    }
}

/// A paved drive from the street, perhaps with cars on it.
fn drive(world: &mut World, at: Place, length: f32, bank: f32) {
    let rgb = palette::paving(&mut world.random);
    let at = at.turned(std::f32::consts::FRAC_PI_2 * bank);
    let wide = world.random.span(2.6, 6.0);
    if world.claim(at, length * 0.6, 2.0) {
        world
            .canvas
            .block(at, length, wide, |s, t, cell| cell.set(lit(rgb, 0.96 + 0.08 * speck(step(s, 2.0), step(t, 2.0), 3)), 0.0));
        for across in [-1.4f32, 1.4] {
            if world.random.chance(0.4) && (wide > 5.0 || across > 0.0) {
                let p = at.moved(world.random.spread(0.6), if wide > 5.0 { across } else { 0.0 });
                vehicle::car(world, p);
            }
        }
    }
}

/// Cars at the kerbs.
fn parked(world: &mut World, path: &Path, line: &Line, street: &Road) {
    let (from, to) = line.extent();
    let dense = world.random.span(0.03, 0.6);
    for side in [-1.0f32, 1.0] {
        let mut u = from;
        while u < to {
            let at = line.at(path, u).moved(0.0, side * (street.width_m / 2.0 - 1.1));
            if world.random.chance(f64::from(dense)) && world.is_clear_of_rails(at, 5.0, 3.0) {
                let at = at.turned(if world.random.chance(0.5) { 0.0 } else { std::f32::consts::PI });
                if world.random.chance(0.04) {
                    vehicle::any(world, at);
                    u += 14.0;
                } else {
                    vehicle::car(world, at);
                }
            }
            u += 6.0;
        }
    }
}

/// Courts, a pitch, a running track.
pub(crate) fn sports(world: &mut World) {
    let (x, y) = world.anywhere(-30.0);
    let r = &mut world.random;
    let at = Place::new(x, y, r.span(0.0, std::f32::consts::PI));
    let white = palette::grey(r, 0.75, 0.97);
    let courts = r.count(1, 6);
    let (l, w) = if r.chance(0.5) { (23.8, 11.0) } else { (r.span(60.0, 105.0), r.span(40.0, 68.0)) };
    let kinds = [[0.55, 0.28, 0.2], [0.2, 0.4, 0.32], [0.25, 0.34, 0.52], [0.26, 0.42, 0.18]];
    let rgb = r.pick(&kinds);
    let n = if l > 30.0 { 1 } else { courts };
    for k in 0..n {
        let p = at.moved(0.0, (k as f32 - n as f32 / 2.0) * (w + 6.0));
        if !world.claim(p, l + 6.0, w + 5.0) {
            continue;
        }
        world.canvas.block(p, l + 7.0, w + 5.0, |_, _, cell| cell.set(lit(rgb, 0.85), 0.0));
        let line_m = world.canvas.cell_m.max(0.1);
        world.canvas.block(p, l, w, |s, t, cell| {
            let rim = (l / 2.0 - s.abs()).min(w / 2.0 - t.abs());
            let marked = rim < line_m || s.abs() < line_m / 2.0 || ((t.abs() - w * 0.37).abs() < line_m / 2.0 && l < 30.0);
            cell.set(if marked { white } else { rgb }, 0.0);
        });
    }
    let beside = at.moved(0.0, w * n as f32 / 2.0 + 30.0);
    if world.claim(beside, 50.0, 36.0) {
        rows::car_park(world, beside, 50.0, 36.0);
    }
}
