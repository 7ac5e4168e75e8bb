//! Things in rows, which is what railcars are too: parked cars, lorries, containers, caravans, boats, panels, stacks.

use super::vehicle;
use crate::canvas::{Place, Rgb, lit};
use crate::draw::{Draw, speck, step};
use crate::palette;
use crate::world::World;

/// A paved rectangle, stained and jointed.
pub(crate) fn pavement(world: &mut World, at: Place, length_m: f32, width_m: f32, rgb: Rgb) {
    let (worn, seed) = (world.random.span(0.02, 0.12), world.random.bits() as u32);
    let joint = world.random.pick(&[5.0, 7.5, 1000.0]);
    world.canvas.block(at, length_m, width_m, |s, t, cell| {
        let blotch = speck(step(s, 6.0), step(t, 4.0), seed) + 0.6 * speck(step(s, 1.2), step(t, 1.2), seed ^ 1) - 0.8;
        let seam = if s.rem_euclid(joint) < 0.2 || t.rem_euclid(joint) < 0.2 { 0.93 } else { 1.0 };
        cell.set(lit(rgb, (1.0 + worn * blotch) * seam), 0.0);
    });
}

/// A car park: rows of bays with marks, some with trees between.
pub(crate) fn car_park(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let rgb = palette::paving(&mut world.random);
    pavement(world, at, length_m, width_m, rgb);
    let r = &mut world.random;
    let (bay, deep, aisle) = (r.span(2.4, 2.9), r.span(4.8, 5.4), r.span(5.5, 8.0));
    let (full, marked, marks) = (r.span(0.1, 0.98), r.chance(0.75), palette::grey(r, 0.65, 0.97));
    let slant = if r.chance(0.2) { r.span(-0.5, 0.5) } else { 0.0 };
    let row_m = 2.0 * deep + aisle;
    for row in 0..(width_m / row_m) as i32 {
        let across = (row as f32 + 0.5) * row_m - width_m / 2.0;
        for side in [-1.0f32, 1.0] {
            let v = across + side * deep / 2.0;
            for k in 0..((length_m - 2.0) / bay) as i32 {
                let p = at.moved((k as f32 + 0.5) * bay - length_m / 2.0 + 1.0, v);
                if marked {
                    let edge = p.moved(-bay / 2.0, 0.0).turned(std::f32::consts::FRAC_PI_2 + slant);
                    let wide = world.canvas.cell_m.max(0.12);
                    world.canvas.block(edge, deep, wide, |_, _, cell| cell.blend(marks, 0.8));
                }
                if world.random.chance(f64::from(full)) {
                    let turn = std::f32::consts::FRAC_PI_2 * if world.random.chance(0.5) { 1.0 } else { -1.0 };
                    let p = p.moved(0.0, world.random.spread(0.2)).turned(turn + slant + world.random.spread(0.02));
                    vehicle::car(world, p);
                }
            }
        }
    }
}

/// Lorries and trailers side by side or end to end.
pub(crate) fn lorry_park(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let rgb = palette::paving(&mut world.random);
    pavement(world, at, length_m, width_m, rgb);
    let r = &mut world.random;
    let end_to_end = r.chance(0.4);
    let (bay, deep, full) = (r.span(3.2, 4.6), r.span(17.0, 22.0), r.span(0.2, 1.0));
    let trailers = r.span(0.0, 1.0);
    let (du, dv) = if end_to_end { (deep, bay + 0.6) } else { (bay, deep) };
    let skip = r.count(2, 4) as i32;
    for i in 0..(length_m / du) as i32 {
        for j in 0..(width_m / dv) as i32 {
            let lane = if end_to_end { j % skip == skip - 1 } else { j % 2 == 1 && skip > 2 };
            if lane || !world.random.chance(f64::from(full)) {
                continue;
            }
            let p = at.moved((i as f32 + 0.5) * du - length_m / 2.0, (j as f32 + 0.5) * dv - width_m / 2.0);
            let p = if end_to_end { p } else { p.turned(std::f32::consts::FRAC_PI_2) };
            if world.random.chance(f64::from(trailers)) { vehicle::trailer(world, p) } else { vehicle::lorry(world, p) }
        }
    }
}

/// Containers in blocks and single rows, stacked up to five high, with lanes and a crane.
pub(crate) fn container_yard(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let rgb = palette::paving(&mut world.random);
    pavement(world, at, length_m, width_m, rgb);
    let r = &mut world.random;
    let long = if r.chance(0.6) { 12.19 } else { 6.06 };
    let (gap, side_gap) = (r.span(0.3, 1.6), r.pick(&[0.15, 0.35, 0.6, 2.2]));
    let (rows, lane, full, high) = (r.count(1, 6) as f32, r.span(3.5, 16.0), r.span(0.3, 1.0), r.count(1, 5));
    let block_m = rows * (2.44 + side_gap) + lane;
    let mut v = -width_m / 2.0 + 2.0;
    while v + block_m < width_m / 2.0 {
        for row in 0..rows as i32 {
            let mut u = -length_m / 2.0 + 2.0;
            while u + long < length_m / 2.0 {
                if world.random.chance(f64::from(full)) {
                    let p = at.moved(u + long / 2.0, v + (row as f32 + 0.5) * (2.44 + side_gap));
                    let stacked = world.random.count(1, high) as u32;
                    if long > 10.0 && world.random.chance(0.15) {
                        vehicle::container(world, p.moved(-3.1, 0.0), 6.06, stacked);
                        vehicle::container(world, p.moved(3.1, 0.0), 6.06, stacked);
                    } else {
                        vehicle::container(world, p, long, stacked);
                    }
                }
                u += long + gap;
            }
        }
        v += block_m;
    }
}

/// Long boxes in rows on grass or gravel: caravans, mobile homes, barracks, stables, stacked timber.
pub(crate) fn long_boxes(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let r = &mut world.random;
    let (l, w) = (r.span(7.0, 30.0), r.span(2.6, 6.5));
    let (du, dv) = (l + r.span(1.0, 9.0), w + r.span(1.5, 12.0));
    let (turn, full) = (if r.chance(0.4) { r.span(-0.6, 0.6) } else { 0.0 }, r.span(0.4, 1.0));
    let (rgb, one_colour, slope) = (palette::flat_roof(r), r.chance(0.5), r.span(0.0, 0.4));
    let height = r.span(1.5, 4.5);
    for i in 0..(length_m / du) as i32 {
        for j in 0..(width_m / dv) as i32 {
            if !world.random.chance(f64::from(full)) {
                continue;
            }
            let p = at.moved((i as f32 + 0.5) * du - length_m / 2.0, (j as f32 + 0.5) * dv - width_m / 2.0).turned(turn);
            let r = &mut world.random;
            let own = if one_colour { palette::near(r, rgb, 0.06) } else { palette::flat_roof(r) };
            let seed = r.bits() as u32;
            let own = world.roofed(own);
            let sides = [world.sun.across(p, -slope), world.sun.across(p, slope)];
            world.canvas.block(p, l, w, |s, t, cell| {
                let worn = 0.95 + 0.1 * speck(step(s, 1.1), step(t, 1.1), seed);
                cell.set(lit(own, worn * sides[usize::from(t > 0.0)]), height + slope * (w / 2.0 - t.abs()));
            });
        }
    }
}

/// Solar panels, vines, orchard rows or plastic tunnels: long thin strips.
pub(crate) fn strips(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    let r = &mut world.random;
    let (w, dv) = match r.below(3) {
        0 => (r.span(2.0, 4.2), r.span(5.0, 9.0)),
        1 => (r.span(0.6, 1.5), r.span(1.8, 3.5)),
        _ => (r.span(5.0, 9.0), r.span(6.0, 11.0)),
    };
    let dv = dv.max(w + 0.5);
    let rgb = match r.below(3) {
        0 => [0.13, 0.15, 0.24],
        1 => palette::near(r, [0.2, 0.28, 0.13], 0.2),
        _ => palette::grey(r, 0.6, 0.95),
    };
    let (height, unit, joint, seed) = (r.span(0.6, 2.6), r.span(8.0, 60.0), r.span(0.0, 3.0), r.bits() as u32);
    let dome = w > 4.5;
    let sides = [world.sun.across(at, -0.5), 1.0, world.sun.across(at, 0.5)];
    world.canvas.block(at, length_m, width_m, |s, t, cell| {
        let v = t.rem_euclid(dv);
        let row = step(t, dv);
        if v < w && (s + 31.0 * speck(row, 1, seed)).rem_euclid(unit) > joint {
            let shade = if dome { sides[((v / w) * 3.0) as usize % 3] } else { 0.88 + 0.24 * speck(step(s, 1.1), row, seed) };
            cell.set(lit(rgb, shade), height);
        }
    });
}
