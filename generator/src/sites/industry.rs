//! Works, warehouses, container yards, lorry and car parks, tank farms.

use super::road::{self, Road};
use super::{building, large_roof, park, rows, vegetation, vehicle};
use crate::canvas::Place;
use crate::draw::Draw;
use crate::palette;
use crate::path::{Line, Path};
use crate::world::World;

/// What an estate is mostly made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Estate {
    Works,
    Containers,
    CarParks,
    Lorries,
    Warehouses,
}

/// Fills the free ground with lots along a grid of roads.
pub(crate) fn paint(world: &mut World, estate: Estate) {
    let side = world.side_m();
    let r = &mut world.random;
    let grid = Place::new(side / 2.0, side / 2.0, r.span(0.0, std::f32::consts::TAU));
    let (lot_l, lot_w) = (r.span(60.0, 130.0), r.span(45.0, 95.0));
    let gap = r.span(7.0, 18.0);
    let street = Road { kerb_m: 0.0, ..Road::street(world) };
    let n = (0.8 * side / lot_w.min(lot_l)) as i32 + 1;
    for k in -n..=n {
        if world.random.chance(0.6) {
            let path = Path { origin: grid.moved(0.0, (k as f32 + 0.5) * (lot_w + gap)), radius_m: f32::INFINITY };
            whole_road(world, &path, &street);
        }
    }
    for i in -n..=n {
        for j in -n..=n {
            let at = grid.moved(i as f32 * (lot_l + gap), j as f32 * (lot_w + gap));
            let size = (lot_l * world.random.span(0.75, 1.0), lot_w * world.random.span(0.75, 1.0));
            if world.is_free(at, size.0 + 2.0, size.1 + 2.0) {
                one_lot(world, at, size, estate);
                world.take(at, size.0, size.1);
            } else {
                for quarter in [(-0.25f32, -0.25f32), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)] {
                    let p = at.moved(quarter.0 * size.0, quarter.1 * size.1);
                    let (l, w) = (size.0 * 0.45, size.1 * 0.45);
                    if world.claim(p, l, w) {
                        one_lot(world, p, (l, w), estate);
                    }
                }
            }
        }
    }
    let n = world.random.count(0, 30);
    park::strips(world, n);
    vegetation::scatter(world, Place::new(side / 2.0, side / 2.0, 0.0), side, side, 1500.0);
}

fn whole_road(world: &mut World, path: &Path, street: &Road) {
    let side = world.side_m();
    let mut u = -side * 0.8;
    while u < side * 0.8 {
        if world.is_free(path.at(u + 6.0, 0.0), 12.0, 3.0) {
            let line = Line::beside(0.0, u, u + 12.0);
            road::paint(world, path, &line, street);
            if world.random.chance(0.15) {
                let at = path.at(u + 6.0, street.width_m / 4.0);
                vehicle::any(world, at);
            }
        }
        u += 12.0;
    }
}

fn one_lot(world: &mut World, at: Place, (length, width): (f32, f32), estate: Estate) {
    let usual: [f32; 7] = match estate {
        Estate::Works => [4.0, 1.0, 1.0, 1.0, 1.5, 0.7, 1.0],
        Estate::Containers => [0.7, 5.0, 1.5, 0.3, 0.5, 0.2, 0.3],
        Estate::CarParks => [1.5, 0.2, 0.5, 5.0, 0.3, 0.1, 0.2],
        Estate::Lorries => [1.5, 1.0, 5.0, 0.7, 0.5, 0.1, 0.5],
        Estate::Warehouses => [2.0, 0.5, 1.5, 0.5, 5.0, 0.3, 1.0],
    };
    match world.random.weighted(&usual) {
        0 => works(world, at, length, width),
        1 => rows::container_yard(world, at, length, width),
        2 => rows::lorry_park(world, at, length, width),
        3 => rows::car_park(world, at, length, width),
        4 => warehouse(world, at, length, width),
        5 => tanks(world, at, length, width),
        _ => storage(world, at, length, width),
    }
}

/// Buildings of different kinds on a paved lot.
fn works(world: &mut World, at: Place, length: f32, width: f32) {
    let rgb = palette::paving(&mut world.random);
    rows::pavement(world, at, length, width, rgb);
    let parts = world.random.count(1, 3);
    for k in 0..parts {
        let r = &mut world.random;
        let l = length / parts as f32;
        let p = at.moved((k as f32 + 0.5) * l - length / 2.0, r.span(-0.1, 0.1) * width);
        let size = (l * r.span(0.6, 0.98), width * r.span(0.4, 0.85));
        let p = if r.chance(0.5) { p } else { p.turned(std::f32::consts::PI) };
        match r.weighted(&[0.5, 0.2, 0.3]) {
            0 => large_roof::flat(world, p, size.0, size.1),
            1 => large_roof::saw_tooth(world, p, size.0, size.1),
            _ => building::hall(world, p, size.0, size.1),
        }
    }
    for _ in 0..world.random.count(0, 8) {
        let r = &mut world.random;
        let p = at.moved(r.span(-0.5, 0.5) * length, 0.46 * width);
        vehicle::any(world, p);
    }
}

/// A large hall with lorries at its docks.
fn warehouse(world: &mut World, at: Place, length: f32, width: f32) {
    let rgb = palette::paving(&mut world.random);
    rows::pavement(world, at, length, width, rgb);
    let deep = width * world.random.span(0.5, 0.7);
    large_roof::flat(world, at.moved(0.0, (deep - width) / 2.0), length * 0.95, deep);
    let full = world.random.span(0.1, 0.9);
    let bay = world.random.span(3.6, 5.0);
    for k in 0..((length - 8.0).max(0.0) / bay) as i32 {
        if world.random.chance(f64::from(full)) {
            let p = at.moved(k as f32 * bay - length / 2.0 + 5.0, deep - width / 2.0 + 8.6).turned(std::f32::consts::FRAC_PI_2);
            if world.random.chance(0.5) { vehicle::trailer(world, p) } else { vehicle::lorry(world, p) }
        }
    }
}

fn tanks(world: &mut World, at: Place, length: f32, width: f32) {
    let rgb = palette::ballast(&mut world.random);
    rows::pavement(world, at, length, width, rgb);
    let radius = world.random.span(2.0, 11.0);
    let step = 2.0 * radius + world.random.span(1.0, 7.0);
    for i in 0..(length / step) as i32 {
        for j in 0..(width / step) as i32 {
            let p = at.moved((i as f32 + 0.5) * step - length / 2.0, (j as f32 + 0.5) * step - width / 2.0);
            if world.random.chance(0.8) {
                large_roof::silo(world, p, radius);
            }
        }
    }
}

/// Long stacks, heaps and odds and ends on gravel.
fn storage(world: &mut World, at: Place, length: f32, width: f32) {
    let rgb = palette::soil(&mut world.random);
    rows::pavement(world, at, length, width, rgb);
    if world.random.chance(0.5) {
        rows::long_boxes(world, at, length, width);
    }
    for _ in 0..world.random.count(3, 30) {
        let r = &mut world.random;
        let p = at.moved(r.span(-0.45, 0.45) * length, r.span(-0.45, 0.45) * width);
        let p = if r.chance(0.7) { p } else { p.turned(r.span(0.0, 3.1)) };
        let (l, w, h, rgb) = (r.span(0.8, 14.0), r.span(0.6, 3.5), r.span(0.3, 3.0), palette::clutter(r));
        world.canvas.block(p, l, w, |_, _, cell| cell.set(rgb, h));
    }
}
