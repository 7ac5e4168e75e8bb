//! One wagon: what family it is of, how large, how painted; and closed wagons, tanks, coaches and locomotives as seen from above.

use super::freight;
use crate::canvas::{Place, Rgb, lit};
use crate::draw::{Draw, phase, speck, step};
use crate::palette;
use crate::world::World;
use sidings::random::Random;

/// Families of rolling stock, as they differ from above (FACTS of the field: lengths over couplers 12 to 27 m, widths to 3.3 m).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Boxcar or covered wagon.
    Box,
    /// Open wagon for ore, coal or scrap, full or empty.
    Gondola,
    /// Tank car.
    Tank,
    /// Flat with containers.
    Container,
    /// Hopper, covered or open.
    Hopper,
    /// Container carrier without containers: a frame that the track shows through.
    Skeleton,
    /// Flat without a load.
    Flat,
    /// Locomotive.
    Locomotive,
    /// Coach.
    Passenger,
    /// Crane, tamper or a wagon of odds and ends.
    Maintenance,
    /// Car carrier.
    Autorack,
    /// Logs, pipes or coils.
    Logs,
    /// Load under tarpaulin, or a wagon with a sliding cover.
    Tarp,
}

impl Family {
    /// All, in the order of their numbers in exports.
    pub const ALL: [Self; 13] = [
        Self::Box,
        Self::Gondola,
        Self::Tank,
        Self::Container,
        Self::Hopper,
        Self::Skeleton,
        Self::Flat,
        Self::Locomotive,
        Self::Passenger,
        Self::Maintenance,
        Self::Autorack,
        Self::Logs,
        Self::Tarp,
    ];

    /// How often strings are of each family. Frames and flats more often than on real tracks: they are what is missed.
    pub(crate) const SHARES: [f32; 13] = [0.15, 0.15, 0.12, 0.10, 0.08, 0.09, 0.08, 0.03, 0.05, 0.02, 0.02, 0.03, 0.08];

    /// Place in [`Family::ALL`].
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|&f| f == self).unwrap_or(0)
    }

    fn length_m(self, random: &mut Random) -> f32 {
        match self {
            Self::Box => random.span(9.5, 23.0),
            Self::Gondola => random.span(8.5, 19.0),
            Self::Tank => random.span(10.0, 18.5),
            Self::Container => random.pick(&[12.8, 13.6, 14.2, 18.5, 19.0, 19.7, 25.5]) + random.spread(0.2),
            Self::Hopper => random.span(8.5, 18.5),
            Self::Skeleton => random.span(11.0, 26.0),
            Self::Flat => random.span(9.5, 23.0),
            Self::Locomotive => random.span(9.0, 22.0),
            Self::Passenger => random.span(20.0, 26.8),
            Self::Maintenance => random.span(8.0, 20.0),
            Self::Autorack => random.span(18.0, 29.0),
            Self::Logs => random.span(12.0, 22.0),
            Self::Tarp => random.span(9.0, 21.0),
        }
    }
}

/// One wagon's looks; strings of like wagons share most of them.
#[derive(Debug, Clone)]
pub(crate) struct Wagon {
    pub family: Family,
    pub length_m: f32,
    pub width_m: f32,
    pub height_m: f32,
    /// Paint, load or second paint, and the dark of frames and running gear.
    pub coat: Rgb,
    pub load: Rgb,
    pub frame: Rgb,
    /// 0 to 1 each: what they mean depends on the family.
    pub traits: [f32; 6],
    /// Distance of ribs, m.
    pub rib_m: f32,
    pub rib: f32,
    pub worn: f32,
    pub seed: u32,
}

impl Wagon {
    /// A wagon of a family.
    pub fn new(random: &mut Random, family: Family) -> Self {
        let tall = match family {
            Family::Gondola => random.span(2.0, 3.4),
            Family::Skeleton | Family::Flat => random.span(1.1, 1.35),
            _ => random.span(3.3, 4.6),
        };
        let light = random.chance(0.25);
        Self {
            family,
            length_m: family.length_m(random),
            width_m: if family == Family::Skeleton { random.span(2.2, 2.9) } else { random.span(2.6, 3.25) },
            height_m: tall,
            coat: if light { palette::grey(random, 0.55, 0.95) } else { palette::coat(random) },
            load: if random.chance(0.5) { palette::grey(random, 0.06, 0.6) } else { palette::soil(random) },
            frame: if random.chance(0.5) {
                palette::grey(random, 0.08, 0.3)
            } else {
                palette::near(random, [0.3, 0.23, 0.18], 0.2)
            },
            traits: [0; 6].map(|_| random.span(0.0, 1.0)),
            rib_m: random.pick(&[0.6, 0.9, 1.2, 1.6, 2.2, 3.0]),
            rib: random.spread(0.06).abs(),
            worn: random.span(0.03, 0.35),
            seed: random.bits() as u32,
        }
    }

    /// Another of the same fleet: the same but for wear, and perhaps the load.
    pub fn sister(&self, random: &mut Random, spread: f32) -> Self {
        let seed = if random.chance(0.3) { self.seed } else { random.bits() as u32 };
        let traits = if random.chance(0.7) { self.traits } else { [0; 6].map(|_| random.span(0.0, 1.0)) };
        Self {
            coat: palette::near(random, self.coat, spread),
            load: palette::near(random, self.load, spread),
            seed,
            traits,
            ..self.clone()
        }
    }

    /// Height at which the outline seen lies, m.
    pub fn seen_height_m(&self) -> f32 {
        if matches!(self.family, Family::Skeleton | Family::Flat) { 1.2 } else { 0.8 * self.height_m }
    }

    /// Wear: streaks across and blotches.
    #[inline(always)]
    pub fn wear(&self, s: f32, t: f32) -> f32 {
        1.0 + self.worn
            * (0.6 * speck(step(s, 1.4), step(t, 0.5), self.seed) + 0.4 * speck(step(s, 0.45), step(t, 0.3), self.seed ^ 5) - 0.5)
    }

    /// Ribs across the roof.
    #[inline(always)]
    pub fn ribs(&self, s: f32) -> f32 {
        if phase(s, self.rib_m) < 0.25 { 1.0 + 2.5 * self.rib } else { 1.0 - 0.5 * self.rib }
    }

    /// Paints it with its middle at a place.
    pub fn paint(&self, world: &mut World, at: Place) {
        match self.family {
            Family::Box | Family::Tarp => self.roofed(world, at),
            Family::Tank => self.tank(world, at),
            Family::Locomotive => self.locomotive(world, at),
            Family::Passenger => self.coach(world, at),
            _ => freight::paint(self, world, at),
        }
    }

    /// An arched or pitched roof; under tarpaulin with folds and hoops.
    fn roofed(&self, world: &mut World, at: Place) {
        let soft = self.family == Family::Tarp;
        let arch = 0.15 + 0.5 * self.traits[0];
        let sides = [
            world.sun.across(at, -arch),
            world.sun.across(at, -0.4 * arch),
            world.sun.across(at, 0.4 * arch),
            world.sun.across(at, arch),
        ];
        let (half_l, half_w) = (self.length_m / 2.0, self.width_m / 2.0);
        let coat = if self.traits[4] < 0.9 { self.coat } else { world.roofed(self.coat) };
        world.canvas.block(at, self.length_m, self.width_m, |s, t, cell| {
            let (end, side) = (half_l - s.abs(), half_w - t.abs());
            let quarter = (((t / self.width_m) + 0.5) * 4.0) as usize;
            let mut shade = sides[quarter.min(3)] * self.ribs(s) * self.wear(s, t);
            if soft {
                shade *= 0.9 + 0.25 * speck(step(s, 0.7), step(t, 1.1), self.seed);
                if self.traits[1] > 0.5 && end < 1.2 {
                    shade *= 0.8;
                }
            } else if self.traits[1] > 0.6 && t.abs() < 0.3 {
                shade *= 1.12;
            }
            if side < 0.18 {
                shade *= 0.82;
            }
            let rise = self.height_m - 0.5 * arch * (2.0 * t / self.width_m) * (2.0 * t / self.width_m);
            cell.set(lit(coat, shade), rise);
        });
    }

    /// A barrel between end platforms, with a walkway and a dome.
    fn tank(&self, world: &mut World, at: Place) {
        let (half_l, half_w) = (self.length_m / 2.0, self.width_m / 2.0);
        let platform = 0.4 + 0.9 * self.traits[0];
        let slopes: [f32; 8] = std::array::from_fn(|k| {
            let x = (k as f32 + 0.5) / 4.0 - 1.0;
            world.sun.across(at, x / (1.05 - x * x).sqrt()).max(0.35)
        });
        let narrow = half_w * (0.85 + 0.15 * self.traits[5]);
        world.canvas.block(at, self.length_m, self.width_m, |s, t, cell| {
            let (end, x) = (half_l - s.abs(), (t / narrow).abs());
            if end < platform || x > 1.0 {
                if end > platform + 0.3 && self.traits[1] < 0.5 {
                    return;
                }
                cell.set(lit(self.frame, 0.7 + 0.6 * speck(step(s, 0.4), step(t, 0.4), self.seed)), 1.2);
                return;
            }
            let mut shade = slopes[(((t / narrow) + 1.0) * 4.0).clamp(0.0, 7.0) as usize] * self.wear(s, t);
            if self.traits[2] > 0.45 && t.abs() < 0.32 {
                shade *= 0.72;
            }
            if s.abs() < 0.6 && t.abs() < 0.6 {
                shade *= if self.traits[3] > 0.5 { 0.65 } else { 1.15 };
            }
            if self.traits[4] > 0.6 && phase(s, 2.5) < 0.12 {
                shade *= 0.85;
            }
            cell.set(lit(self.coat, shade), self.height_m * (0.55 + 0.45 * (1.0 - x * x).max(0.0).sqrt()));
        });
    }

    /// Cab, hood and fans; with a narrow hood the running boards show.
    fn locomotive(&self, world: &mut World, at: Place) {
        let (half_l, half_w) = (self.length_m / 2.0, self.width_m / 2.0);
        let hood = self.traits[0] > 0.5;
        let cab_at = if self.traits[1] > 0.5 { half_l - 1.6 } else { (self.traits[2] - 0.5) * half_l };
        world.canvas.block(at, self.length_m, self.width_m, |s, t, cell| {
            let cab = (s - cab_at).abs() < 1.3;
            if hood && !cab && t.abs() > half_w - 0.55 {
                cell.set(lit(self.frame, 0.8 + 0.4 * speck(step(s, 0.5), 0, self.seed)), 1.7);
                return;
            }
            let unit = step(s + 40.0, 1.5 + self.traits[3]);
            let fitted = t.abs() < 0.8 && speck(unit, 3, self.seed) < 0.55;
            let rgb = if fitted { lit(self.frame, 0.7 + 1.6 * speck(unit, 8, self.seed)) } else { self.coat };
            let shade = if cab { 1.12 } else { 1.0 } * self.wear(s, t) * if half_w - t.abs() < 0.2 { 0.85 } else { 1.0 };
            cell.set(lit(rgb, shade), if cab { self.height_m } else { self.height_m - 0.4 });
        });
    }

    /// A long smooth roof with units along its middle.
    fn coach(&self, world: &mut World, at: Place) {
        let half_w = self.width_m / 2.0;
        let edges = [world.sun.across(at, -0.5), 1.0, world.sun.across(at, 0.5)];
        world.canvas.block(at, self.length_m, self.width_m, |s, t, cell| {
            let band = if t < -0.55 * half_w { 0 } else { usize::from(t > 0.55 * half_w) + 1 };
            let unit = step(s + 40.0, 2.4 + 2.0 * self.traits[0]);
            let fitted = t.abs() < 0.75 && speck(unit, 2, self.seed) < 0.6 * self.traits[1];
            let rgb = if fitted { lit(self.load, 0.8 + 0.4 * speck(unit, 4, self.seed)) } else { self.coat };
            cell.set(lit(rgb, edges[band] * self.ribs(s) * self.wear(s, t)), self.height_m - if band == 1 { 0.0 } else { 0.3 });
        });
    }
}
