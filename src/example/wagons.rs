//! Railcars: families with their sizes and roofs, painted onto the relief.

use super::noise;
use super::relief::{Albedo, Relief, blend};
use super::site::Stand;
use crate::random::Random;

/// What a car looks like from above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Roof {
    /// Closed box with ribs.
    Box,
    /// Open box with a load below its rim.
    Open,
    /// Lying cylinder.
    Tank,
    /// One or two containers on a flat.
    Containers,
    /// A tarpaulin over the load.
    Tarp,
}

/// One railcar. Sizes follow the published ones of 1520 mm stock: gondola 13.92 m, tank 12.02, container flat 14.62, box 15.35 to 19.2
/// over couplers; the body is about 1.1 m shorter than the distance over couplers.
#[derive(Debug, Clone)]
pub(super) struct Wagon {
    roof: Roof,
    pub(super) length_m: f64,
    pub(super) width_m: f64,
    height_m: f32,
    colour: Albedo,
    load: Albedo,
    seed: u64,
}

/// Roof paints: oxide red, brown, grey, light grey, green, blue, sand.
const PAINTS: [Albedo; 7] = [
    [0.23, 0.10, 0.08],
    [0.20, 0.14, 0.10],
    [0.24, 0.25, 0.25],
    [0.46, 0.46, 0.44],
    [0.12, 0.22, 0.16],
    [0.11, 0.17, 0.30],
    [0.45, 0.38, 0.27],
];

/// Loads and tarpaulins: coal, ore, sand, timber, tarpaulin green and blue.
const LOADS: [Albedo; 6] =
    [[0.05, 0.05, 0.05], [0.22, 0.12, 0.09], [0.42, 0.36, 0.26], [0.34, 0.26, 0.17], [0.17, 0.25, 0.17], [0.16, 0.24, 0.38]];

impl Wagon {
    pub(super) fn random(random: &mut Random) -> Self {
        let (roof, length_m, width_m, height_m) = match random.below(10) {
            0..=2 => (Roof::Box, if random.unit() < 0.6 { 14.3 } else { 18.0 }, 3.2, 4.4),
            3..=5 => (Roof::Open, 12.8, 3.16, 3.4),
            6 => (Roof::Tank, 10.9, 3.0, 4.2),
            7 => (Roof::Containers, 13.6, 2.6, 3.9),
            _ => (Roof::Tarp, 13.6, 3.1, 3.6),
        };
        let colour = PAINTS[random.below(PAINTS.len())];
        let load = LOADS[if roof == Roof::Tarp { 4 + random.below(2) } else { random.below(4) }];
        Self { roof, length_m, width_m, height_m, colour, load, seed: random.bits() }
    }

    /// Another car of the same family: same size, its own weathering, now and then another paint.
    pub(super) fn sibling(&self, random: &mut Random) -> Self {
        let mut other = self.clone();
        other.seed = random.bits();
        if random.unit() < 0.25 {
            other.colour = PAINTS[random.below(PAINTS.len())];
        }
        let worn = random.between(0.8, 1.2) as f32;
        other.colour = other.colour.map(|c| c * worn);
        other
    }

    /// Colour and height at a place of the car; `along` and `across` from its middle, m. `None` where one sees past it.
    fn at(&self, along_m: f64, across_m: f64) -> Option<(Albedo, f32)> {
        let to_end = self.length_m / 2.0 - along_m.abs();
        let to_side = self.width_m / 2.0 - across_m.abs();
        let wear = 1.0 + 0.12 * noise::value(along_m, across_m, 1.3, self.seed);
        let shade = |colour: Albedo, factor: f32| colour.map(|c| (c * factor * wear).clamp(0.01, 0.95));
        let rim = to_end < 0.25 || to_side < 0.22;
        Some(match self.roof {
            Roof::Box => {
                let rib = if (along_m + 50.0) % 1.5 < 0.3 { 0.85 } else { 1.0 };
                (shade(self.colour, if rim { 0.8 } else { rib }), self.height_m)
            }
            Roof::Open if rim => (shade(self.colour, 1.1), self.height_m),
            Roof::Open => {
                let heap = (1.0 - (2.0 * across_m / self.width_m).abs()) as f32;
                (shade(self.load, 0.85 + 0.3 * heap), self.height_m - 1.2 + heap)
            }
            Roof::Tank => {
                let round = (2.0 * across_m / self.width_m) as f32;
                let dome = along_m.abs() < 0.7 && across_m.abs() < 0.6;
                let bend = (1.0 - round * round).max(0.0).sqrt();
                (shade(self.colour, if dome { 0.7 } else { 0.75 + 0.35 * bend }), self.height_m * (0.55 + 0.45 * bend))
            }
            Roof::Containers => {
                // Two twenty-foot boxes; what is left of the flat shows between and behind them.
                let from_box_middle = (along_m.abs() - 3.15).abs();
                if from_box_middle > 3.03 {
                    (shade([0.16, 0.13, 0.11], 1.0), 1.2)
                } else {
                    let paint = if along_m < 0.0 { self.colour } else { PAINTS[(self.seed % 7) as usize] };
                    let rib = if (along_m + 50.0) % 0.6 < 0.25 { 0.88 } else { 1.0 };
                    (shade(paint, rib), self.height_m)
                }
            }
            Roof::Tarp => {
                let fold = 1.0 + 0.25 * noise::value(along_m, across_m * 2.0, 0.9, self.seed ^ 7);
                let ridge = (1.0 - (2.0 * across_m / self.width_m).abs()) as f32;
                (shade(self.load, fold * (0.8 + 0.3 * ridge)), self.height_m - 0.6 + 0.8 * ridge)
            }
        })
    }
}

/// Sets a car on the relief.
pub(super) fn paint(relief: &mut Relief, stand: &Stand) {
    let wagon = &stand.wagon;
    relief.block((stand.x_m, stand.y_m), stand.angle_rad, (wagon.length_m, wagon.width_m), |along, across, albedo, height| {
        if let Some((colour, top_m)) = wagon.at(along, across) {
            blend(albedo, colour, 1.0);
            *height = top_m;
        }
    });
}
