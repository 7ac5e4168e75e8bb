//! Wagons coupled to strings and set on tracks.

use super::layout::Layout;
use super::wagon::{Family, Wagon};
use crate::canvas::{Place, lit};
use crate::draw::{Draw, stream};
use crate::palette;
use crate::path::{Line, Path};
use crate::world::World;
use sidings::random::Random;

/// A wagon where it stands, m.
pub(crate) struct Standing {
    pub wagon: Wagon,
    pub at: Place,
    /// Which of the sidings, counted from the first.
    pub track: usize,
}

/// How full a yard is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traffic {
    /// Share of tracks with wagons, and of a used track's length that is covered.
    pub tracks: f32,
    pub length: f32,
    /// Wagons stand only beyond this share of the drawn length, from -1 to 1.
    pub only: (f32, f32),
    /// What most strings are made of.
    pub mostly: Family,
}

impl Traffic {
    /// From a few wagons to a full yard.
    pub fn new(random: &mut Random) -> Self {
        let full = random.pick(&[0.12, 0.3, 0.45, 0.65, 0.9]);
        let only = match random.below(4) {
            0 => (random.span(-0.5, 0.3), 1.0),
            1 => (-1.0, random.span(-0.3, 0.5)),
            _ => (-1.0, 1.0),
        };
        let mostly = Family::ALL[random.weighted(&Family::SHARES)];
        Self { tracks: full, length: random.span(0.25, 1.0), only, mostly }
    }

    /// The first of a block of like wagons.
    fn wagon(&self, random: &mut Random) -> Wagon {
        let family = if random.chance(0.22) { self.mostly } else { Family::ALL[random.weighted(&Family::SHARES)] };
        Wagon::new(random, family)
    }
}

/// Sets strings on the sidings; track after track from a stream of its own, which `moved` changes for some of them.
pub(crate) fn fill(
    world: &mut World,
    layout: &Layout,
    traffic: &Traffic,
    site: u64,
    moved: impl Fn(usize) -> u64,
) -> Vec<Standing> {
    let mut standing = Vec::new();
    let wear = stream(site, 11).span(0.03, 0.2);
    for (track, (line, clear)) in layout.sidings.iter().enumerate() {
        let mut random = stream(site ^ moved(track), 100 + track as u64);
        if random.chance(f64::from(traffic.tracks.max(0.1))) {
            let clear = (clear.0.max(traffic.only.0 * layout.half_m), clear.1.min(traffic.only.1 * layout.half_m));
            one_track(world, &mut random, (&layout.path, line, clear), (traffic, wear), track, &mut standing);
        }
    }
    standing
}

fn one_track(
    world: &mut World,
    random: &mut Random,
    (path, line, (from, to)): (&Path, &Line, (f32, f32)),
    (traffic, wear): (&Traffic, f32),
    track: usize,
    standing: &mut Vec<Standing>,
) {
    let mut u = from + random.span(0.0, 40.0);
    while u < to {
        let mut block = traffic.wagon(random);
        let mut cars = random.pick(&[1, 1, 2, 3, 5, 8, 12, 20, 30]);
        let mixed = random.chance(0.35);
        let coupled = random.span(0.85, 1.5);
        while cars > 0 {
            let wagon = block.sister(random, wear);
            let end = u + wagon.length_m;
            if end > to {
                return;
            }
            let at = line.at(path, u + wagon.length_m / 2.0);
            let gap = coupled + random.spread(0.06);
            let side = world.side_m();
            if at.x > -30.0 && at.y > -30.0 && at.x < side + 30.0 && at.y < side + 30.0 {
                if cars > 1 {
                    couple(world, random, line.at(path, end + gap / 2.0), gap);
                }
                wagon.paint(world, at);
                standing.push(Standing { wagon, at, track });
            }
            u = end + gap;
            cars -= 1;
            if mixed && random.chance(0.35) {
                block = traffic.wagon(random);
            }
        }
        u += match random.below(3) {
            0 => random.span(1.5, 6.0),
            1 => random.span(6.0, 50.0),
            _ => random.span(20.0, 260.0) * (1.2 - traffic.length),
        };
    }
}

/// Coupler and buffers in the gap, dark with grease.
fn couple(world: &mut World, random: &mut Random, at: Place, gap_m: f32) {
    let dark = palette::grey(random, 0.06, 0.24);
    let buffers = random.chance(0.6);
    world.canvas.block(at, gap_m + 0.4, 2.1, |_, t, cell| {
        if t.abs() < 0.22 || (buffers && (t.abs() - 0.87).abs() < 0.2) {
            cell.set(dark, 1.0);
        } else {
            cell.rgb = lit(cell.rgb, 0.85);
        }
    });
}
