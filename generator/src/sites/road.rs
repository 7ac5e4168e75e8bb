//! Roads: paving, lane marks, and the traffic on them.

use super::vehicle;
use crate::canvas::{Rgb, lit};
use crate::draw::{Draw, speck, step};
use crate::palette;
use crate::path::{Line, Path};
use crate::world::World;
use sidings::random::Random;

/// How a road is laid and marked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Road {
    pub width_m: f32,
    pub rgb: Rgb,
    /// Lanes in all; marks between them.
    pub lanes: u32,
    pub marks: Rgb,
    /// Length of a dash and of dash and gap together, m; a gap of nought is a full line.
    pub dash_m: (f32, f32),
    pub edge_lines: bool,
    /// Width of a kerb or pavement beside it, m.
    pub kerb_m: f32,
    pub kerb: Rgb,
    /// Grass between the road and a pavement beyond it, m.
    pub verge_m: f32,
    pub verge: Rgb,
    pub worn: Worn,
}

/// How patched and polished its surface is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worn {
    blotched: f32,
    /// Brighter or darker where wheels run.
    polished: f32,
    seed: u32,
}

impl Worn {
    fn new(random: &mut Random) -> Self {
        Self { blotched: random.span(0.02, 0.1), polished: random.span(-0.08, 0.08), seed: random.bits() as u32 }
    }
}

impl Road {
    /// A street between houses.
    pub fn street(world: &mut World) -> Self {
        let verge = crate::ground::grass(world);
        let r = &mut world.random;
        let kerb = r.chance(0.6);
        Self {
            width_m: r.span(5.0, 9.5),
            rgb: palette::paving(r),
            lanes: if r.chance(0.3) { 2 } else { 1 },
            marks: palette::grey(r, 0.6, 0.95),
            dash_m: r.pick(&[(2.0, 6.0), (3.0, 9.0), (1.0, 1.0)]),
            edge_lines: false,
            kerb_m: if kerb { r.span(0.3, 2.2) } else { 0.0 },
            kerb: palette::grey(r, 0.45, 0.8),
            verge_m: if kerb && r.chance(0.45) { r.span(0.8, 4.0) } else { 0.0 },
            verge,
            worn: Worn::new(r),
        }
    }

    /// One side of a motorway or a main road.
    pub fn carriageway(world: &mut World, lanes: u32) -> Self {
        let verge = crate::ground::grass(world);
        let r = &mut world.random;
        Self {
            width_m: lanes as f32 * r.span(3.3, 3.8) + r.span(0.6, 3.5),
            rgb: palette::paving(r),
            lanes,
            marks: palette::grey(r, 0.75, 0.97),
            dash_m: r.pick(&[(6.0, 18.0), (3.0, 12.0), (6.0, 12.0), (3.0, 9.0)]),
            edge_lines: r.chance(0.85),
            kerb_m: r.span(0.0, 1.2),
            kerb: palette::grey(r, 0.3, 0.75),
            verge_m: if r.chance(0.3) { r.span(0.8, 4.0) } else { 0.0 },
            verge,
            worn: Worn::new(r),
        }
    }
}

/// Paints a road along a line, and keeps houses off it.
pub(crate) fn paint(world: &mut World, path: &Path, line: &Line, road: &Road) {
    let (pieces, length) = line.pieces(path, 6.0);
    let half = road.width_m / 2.0;
    let lane = road.width_m / road.lanes as f32;
    let Worn { blotched: worn, polished, seed } = road.worn;
    let line_m = world.canvas.cell_m.max(0.2);
    let snow = world.snow.map(|s| (s, 0.5 * worn / 0.1));
    let (from, _) = line.extent();
    for (k, &at) in pieces.iter().enumerate() {
        let along = from + (k as f32 + 0.5) * length;
        world.take(at, length, road.width_m + 1.0);
        if !(-20.0..world.side_m() + 20.0).contains(&at.x) || !(-20.0..world.side_m() + 20.0).contains(&at.y) {
            continue;
        }
        let slab = speck(step(along, 30.0), 5, seed);
        world.canvas.block(at, 1.08 * length + 0.4, road.width_m + 2.0 * (road.kerb_m + road.verge_m), |s, t, cell| {
            let side = half - t.abs();
            if side < 0.0 && -side < road.verge_m {
                cell.set(lit(road.verge, 0.85 + 0.3 * speck(step(along + s, 1.1), step(t, 0.7), seed)), 0.0);
                return;
            }
            if side < 0.0 {
                cell.set(lit(road.kerb, 0.95 + 0.1 * speck(step(along + s, 1.5), 0, seed)), 0.0);
                return;
            }
            let across = (t + half) / lane;
            let wheel = ((across.fract() - 0.5).abs() - 0.25).abs() < 0.1;
            let blotch = worn * (speck(step(along + s, 4.0), step(t, 3.0), seed) - 0.5) + worn * (slab - 0.5);
            let mut rgb = lit(road.rgb, 1.0 + blotch + if wheel { polished } else { 0.0 });
            let nearest = (across - across.round()).abs() * lane;
            let between = across.round() > 0.5 && across.round() < road.lanes as f32 - 0.5;
            let dashed = road.dash_m.0 >= road.dash_m.1 || (along + s).rem_euclid(road.dash_m.1) < road.dash_m.0;
            if (between && nearest < line_m / 2.0 && dashed) || (road.edge_lines && (side - 0.5).abs() < line_m / 2.0) {
                rgb = road.marks;
            }
            if let Some((snow, share)) = snow {
                rgb = crate::palette::covered(rgb, snow, share * if wheel { 0.4 } else { 1.0 });
            }
            cell.set(rgb, 0.0);
        });
    }
}

/// Sets vehicles on the lanes: so many metres between them, this share lorries.
pub(crate) fn traffic(world: &mut World, path: &Path, line: &Line, road: &Road, every_m: f32, lorries: f64) {
    let (from, to) = line.extent();
    for lane in 0..road.lanes {
        let across = ((lane as f32 + 0.5) / road.lanes as f32 - 0.5) * road.width_m;
        let back = road.lanes > 1 && lane >= road.lanes / 2 && !road.edge_lines;
        let mut u = from + world.random.span(0.0, every_m);
        while u < to {
            let at = line.at(path, u).moved(0.0, across + world.random.spread(0.2));
            let at = if back { at.turned(std::f32::consts::PI) } else { at };
            match world.random.chance(lorries) {
                true if world.random.chance(0.1) => vehicle::bus(world, at),
                true => vehicle::lorry(world, at),
                false => vehicle::car(world, at),
            }
            u += 19.0 + world.random.span(0.0, 2.0) * every_m;
        }
    }
}
