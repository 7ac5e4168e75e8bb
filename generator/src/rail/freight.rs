//! Open wagons, hoppers, containers, frames and other loads as seen from above.

use super::wagon::{Family, Wagon};
use crate::canvas::{Cell, Place, lit, mixed};
use crate::draw::{phase, speck, step};
use crate::world::World;

/// Paints one of the families that this file knows.
pub(super) fn paint(wagon: &Wagon, world: &mut World, at: Place) {
    let lit_slopes = [world.sun.across(at, -0.5), world.sun.across(at, 0.5)];
    let length = wagon.length_m;
    let draw: fn(&Wagon, &[f32; 2], f32, f32, &mut Cell) = match wagon.family {
        Family::Gondola => gondola,
        Family::Hopper => hopper,
        Family::Container => containers,
        Family::Skeleton => skeleton,
        Family::Flat => flat,
        Family::Autorack => autorack,
        Family::Logs => logs,
        _ => maintenance,
    };
    world.canvas.block(at, length, wagon.width_m, |s, t, cell| draw(wagon, &lit_slopes, s, t, cell));
}

/// Metres to the nearer end and the nearer side.
#[inline(always)]
fn rims(w: &Wagon, s: f32, t: f32) -> (f32, f32) {
    (w.length_m / 2.0 - s.abs(), w.width_m / 2.0 - t.abs())
}

/// Walls, and between them a load in heaps, a level load, or an empty floor deep in shadow.
fn gondola(w: &Wagon, slopes: &[f32; 2], s: f32, t: f32, cell: &mut Cell) {
    let (end, side) = rims(w, s, t);
    if side < 0.2 || end < 0.22 {
        cell.set(lit(w.coat, 1.05 * w.wear(s, t)), w.height_m);
        return;
    }
    let rough = 0.72 + 0.5 * speck(step(s, 0.55), step(t, 0.55), w.seed);
    let beam = w.traits[3] > 0.75 && phase(s, w.rib_m * 1.6) < 0.1;
    if beam {
        cell.set(w.coat, w.height_m);
    } else if w.traits[0] < 0.4 {
        let floor = mixed(w.frame, w.load, w.traits[1]);
        cell.set(lit(floor, 0.85 * rough), 1.25);
    } else {
        let heap = 1.0 - (2.0 * t / w.width_m).abs();
        let level = w.height_m * (0.55 + 0.45 * w.traits[1]);
        let crest = if w.traits[2] > 0.5 { 0.5 * heap + 0.2 * libm::cosf(s * 1.6) } else { 0.0 };
        let shade = if w.traits[2] > 0.5 { slopes[usize::from(t > 0.0)] } else { 1.0 };
        cell.set(lit(w.load, rough * shade), level + crest);
    }
}

/// A covered hopper with hatches in a row, or an open one with sloping sheets inside.
fn hopper(w: &Wagon, slopes: &[f32; 2], s: f32, t: f32, cell: &mut Cell) {
    let (end, side) = rims(w, s, t);
    let sloped = 0.6 + 1.4 * w.traits[4];
    if end < sloped && w.traits[3] > 0.4 {
        cell.set(lit(w.frame, 0.7 + 0.6 * speck(step(s, 0.4), step(t, 0.4), w.seed)), 1.4);
    } else if w.traits[0] < 0.55 {
        let hatch = t.abs() < 0.42 && phase(s, 1.7) < 0.72;
        let shade = if hatch { 1.14 } else { 0.96 } * if side < 0.2 { 0.84 } else { 1.0 };
        cell.set(lit(w.coat, shade * w.ribs(s) * w.wear(s, t)), w.height_m);
    } else if side < 0.2 || end < sloped + 0.2 {
        cell.set(w.coat, w.height_m);
    } else {
        let bay = phase(s, 3.0 + 2.0 * w.traits[1]);
        let deep = (bay - 0.5).abs();
        let rgb = if w.traits[2] > 0.5 { w.load } else { mixed(w.frame, w.coat, 0.3) };
        let rough = 0.75 + 0.4 * speck(step(s, 0.5), step(t, 0.5), w.seed);
        cell.set(lit(rgb, rough * slopes[usize::from(t > 0.0)]), w.height_m * (0.45 + deep));
    }
}

/// A flat's frame with 20, 30 and 40 foot boxes, some places left free.
fn containers(w: &Wagon, _: &[f32; 2], s: f32, t: f32, cell: &mut Cell) {
    let (end, _) = rims(w, s, t);
    let (least, more) = if w.length_m > 23.0 {
        (2, 2.0)
    } else if w.length_m > 17.0 {
        (1, 3.0)
    } else {
        (1, 2.0)
    };
    let bays = (least + (w.traits[0] * more) as i32) as f32;
    let bay_m = w.length_m / bays;
    let bay = step(s + w.length_m / 2.0, bay_m);
    let within = s + w.length_m / 2.0 - (bay as f32 + 0.5) * bay_m;
    let free = speck(bay, 1, w.seed) < 0.28 * w.traits[1];
    let box_m = if speck(bay, 2, w.seed) < 0.2 { (bay_m - 0.4).min(6.06) } else { (bay_m - 0.35).min(13.7) };
    if !free && within.abs() < box_m / 2.0 && t.abs() < 1.22 {
        let pick = speck(bay, 3, w.seed);
        let rgb = match (pick * 8.0) as u32 {
            0..=2 => w.coat,
            3 => w.load,
            4 => [0.64, 0.63, 0.6],
            5 => [0.22, 0.3, 0.48],
            6 => [0.5, 0.22, 0.15],
            _ => [0.82, 0.81, 0.78],
        };
        let edge = if box_m / 2.0 - within.abs() < 0.2 || t.abs() > 1.08 { 0.85 } else { 1.0 };
        cell.set(lit(rgb, edge * w.ribs(s) * w.wear(s, t)), w.height_m.max(3.6));
    } else if end < 0.9 || t.abs() > w.width_m / 2.0 - 0.3 || t.abs() < 0.3 || w.traits[2] > 0.45 {
        cell.set(lit(w.frame, 0.7 + 0.6 * speck(step(s, 0.5), step(t, 0.4), w.seed)), 1.15);
    }
}

/// Sills, cross members and bogies; the track shows between.
fn skeleton(w: &Wagon, _: &[f32; 2], s: f32, t: f32, cell: &mut Cell) {
    let (end, side) = rims(w, s, t);
    let bogie = (end - 2.3).abs() < 1.2 && t.abs() < 1.1;
    let member = phase(s, 1.6 + 2.4 * w.traits[0]) < 0.16 + 0.14 * w.traits[1];
    let sill = if w.traits[2] > 0.4 { side < 0.22 + 0.2 * w.traits[3] } else { t.abs() < 0.3 + 0.3 * w.traits[3] };
    let wheel = bogie && ((end - 1.4).abs() < 0.4 || (end - 3.2).abs() < 0.4) && t.abs() > 0.55;
    if end < 0.35 || member || sill || wheel {
        cell.set(lit(w.frame, (0.7 + 0.7 * speck(step(s, 0.5), step(t, 0.3), w.seed)) * w.wear(s, t)), 1.15);
    } else if bogie || w.traits[4] > 0.7 {
        // Deep between the sills little light falls.
        cell.rgb = lit(cell.rgb, 0.5);
    } else {
        cell.rgb = lit(cell.rgb, 0.8);
    }
}

/// Planks, stanchions, sometimes some odds and ends of a load.
fn flat(w: &Wagon, _: &[f32; 2], s: f32, t: f32, cell: &mut Cell) {
    let (end, side) = rims(w, s, t);
    let planks = 0.88 + 0.24 * speck(step(s, 0.3), 7, w.seed);
    let deck = if w.traits[0] < 0.45 { w.frame } else { mixed(w.coat, w.load, 0.5) };
    if w.traits[1] > 0.5 && side < 0.22 && phase(s, w.rib_m + 0.8) < 0.2 {
        cell.set(lit(w.frame, 1.2), 2.3);
    } else if w.traits[2] > 0.6 && (end < 0.25 || side < 0.15) {
        cell.set(lit(w.coat, 0.9), 1.8);
    } else {
        let load = w.traits[3] > 0.75 && t.abs() < 0.9 && speck(step(s + 40.0, 3.5), 2, w.seed) < 0.35;
        let (rgb, height) = if load { (w.load, 1.9) } else { (deck, w.height_m) };
        cell.set(lit(rgb, planks * w.ribs(s) * w.wear(s, t)), height);
    }
}

/// Two decks of road vehicles, seen through.
fn autorack(w: &Wagon, _: &[f32; 2], s: f32, t: f32, cell: &mut Cell) {
    let slot = step(s + 46.0, 4.6);
    let within = s + 46.0 - (slot as f32 + 0.5) * 4.6;
    if within.abs() < 2.05 && t.abs() < 0.92 && speck(slot, 1, w.seed) > 0.5 * w.traits[0] {
        let level = 0.1 + 0.8 * speck(slot, 2, w.seed);
        let rgb = [level, level * (0.85 + 0.3 * speck(slot, 3, w.seed)), level * (0.8 + 0.4 * speck(slot, 4, w.seed))];
        cell.set(lit(rgb, if (within + 0.4).abs() < 0.8 { 0.45 } else { 1.0 }), 3.7);
    } else {
        let rail = t.abs() > w.width_m / 2.0 - 0.25;
        cell.set(lit(w.frame, if rail { 1.3 } else { 0.9 } * w.wear(s, t)), if rail { 3.2 } else { 2.6 });
    }
}

/// Lengths of timber or pipe in bays, or coils in a row.
fn logs(w: &Wagon, _: &[f32; 2], s: f32, t: f32, cell: &mut Cell) {
    let bay_m = w.length_m / (2 + (w.traits[0] * 3.0) as i32) as f32;
    let within = phase(s, bay_m) * bay_m;
    if w.traits[1] < 0.6 {
        let wood = if w.traits[2] < 0.7 { [0.52, 0.42, 0.3] } else { w.load };
        if within < 0.35 {
            cell.set(lit(w.frame, 0.8), 1.3);
        } else {
            cell.set(lit(wood, 0.62 + 0.66 * speck(step(t, 0.35), step(s, bay_m), w.seed)), 3.0);
        }
    } else if within > 0.5 && within < 2.2 && t.abs() < 0.9 {
        cell.set(lit(w.load, 1.25 - 0.45 * (within - 1.3).abs()), 2.6);
    } else {
        cell.set(lit(w.frame, 0.7 + 0.3 * speck(step(s, 0.5), step(t, 0.5), w.seed)), 1.2);
    }
}

/// A machine: blocks of different heights and colours, with a jib on some.
fn maintenance(w: &Wagon, _: &[f32; 2], s: f32, t: f32, cell: &mut Cell) {
    let unit = step(s + 40.0, 1.8 + 2.0 * w.traits[0]);
    let pick = speck(unit, 5, w.seed);
    let yellow = mixed(w.coat, [0.78, 0.6, 0.16], w.traits[1]);
    if w.traits[2] > 0.6 && t.abs() < 0.35 {
        cell.set(lit(yellow, 1.1), 3.8);
    } else if pick < 0.35 {
        cell.set(lit(w.frame, 0.7 + 0.6 * speck(step(s, 0.4), step(t, 0.4), w.seed)), 1.3);
    } else {
        cell.set(lit(if pick < 0.75 { yellow } else { w.load }, w.wear(s, t)), 1.6 + 2.2 * speck(unit, 6, w.seed));
    }
}
