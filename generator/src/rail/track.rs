//! Ballast, sleepers and rails.

use crate::canvas::{Rgb, lit, mixed};
use crate::draw::{Draw, phase, speck, step};
use crate::palette;
use crate::path::{Line, Path};
use crate::world::World;

/// How one yard's tracks are made.
#[derive(Debug, Clone)]
pub(crate) struct Make {
    ballast: Rgb,
    /// Colour between the rails: brake dust and rust.
    stain: Rgb,
    stained: f32,
    sleeper: Rgb,
    sleeper_share: f32,
    rail: Rgb,
    rail_width_m: f32,
    half_bed_m: f32,
    overgrown: f32,
    green: Rgb,
    /// 1.435 or 1.520 m; the rails' middles lie half of this and a rail head's half beyond the axis.
    gauge_m: f32,
    snow: Option<Rgb>,
}

impl Make {
    /// A make for a yard.
    pub fn new(world: &mut World) -> Self {
        let green = crate::ground::grass(world);
        let r = &mut world.random;
        let ballast = palette::ballast(r);
        let rust = mixed(lit(ballast, r.span(0.5, 0.85)), [0.36, 0.28, 0.2], r.span(0.1, 0.7));
        Self {
            ballast,
            stain: rust,
            stained: r.span(0.1, 1.0),
            sleeper: if r.chance(0.6) { palette::grey(r, 0.12, 0.35) } else { palette::grey(r, 0.4, 0.7) },
            sleeper_share: r.span(0.15, 0.8),
            rail: lit(ballast, if r.chance(0.6) { r.span(0.3, 0.65) } else { r.span(1.2, 1.7) }).map(|v| v.min(0.95)),
            rail_width_m: r.span(0.07, 0.17),
            half_bed_m: r.span(1.5, 2.7),
            overgrown: if r.chance(0.35) { r.span(0.1, 0.8) } else { 0.0 },
            green,
            gauge_m: r.pick(&[1.435, 1.435, 1.52, 1.6, 1.067]),
            snow: world.snow.filter(|_| r.chance(0.8)),
        }
    }

    /// The same make on a track of its own: somewhat lighter or rustier.
    fn varied(&self, world: &mut World) -> Self {
        let r = &mut world.random;
        let used = r.span(0.4, 1.3);
        Self {
            ballast: palette::near(r, self.ballast, 0.07),
            stained: (self.stained * used).min(1.0),
            rail: palette::near(r, self.rail, 0.15),
            sleeper_share: (self.sleeper_share * r.span(0.7, 1.2)).min(0.9),
            overgrown: (self.overgrown * r.span(0.0, 1.6)).min(0.9),
            ..self.clone()
        }
    }
}

/// Length of the straight pieces that a track is painted in, m: at 150 m radius they stray by 8 mm.
const PIECE_M: f32 = 3.0;

/// Paints tracks: all beds first, then what lies on them.
pub(crate) fn paint(world: &mut World, path: &Path, lines: &[Line], make: &Make) {
    let makes: Vec<Make> = lines.iter().map(|_| make.varied(world)).collect();
    let seed = world.random.bits() as u32;
    for (line, make) in lines.iter().zip(&makes) {
        bed(world, path, line, make);
    }
    for (k, (line, make)) in lines.iter().zip(&makes).enumerate() {
        top(world, path, line, make, seed.wrapping_add(k as u32));
    }
}

fn bed(world: &mut World, path: &Path, line: &Line, make: &Make) {
    let (pieces, length) = line.pieces(path, PIECE_M);
    for at in pieces {
        world.canvas.block(at, length + 0.4, 2.0 * make.half_bed_m, |_, t, cell| {
            let rim = ((make.half_bed_m - t.abs()) / 0.7).clamp(0.0, 1.0);
            cell.blend(make.ballast, rim);
        });
    }
}

fn top(world: &mut World, path: &Path, line: &Line, make: &Make, seed: u32) {
    let (pieces, length) = line.pieces(path, PIECE_M);
    let cell_m = world.canvas.cell_m;
    let rail_cover = (make.rail_width_m / cell_m).min(1.0);
    let half_rail = make.rail_width_m.max(cell_m) / 2.0;
    let axis_of_rail = make.gauge_m / 2.0 + 0.035;
    let period = 0.62;
    let ground = mixed(make.ballast, make.stain, make.stained);
    let (from, _) = line.extent();
    for (k, at) in pieces.into_iter().enumerate() {
        let along = from + (k as f32 + 0.5) * length;
        let patch = speck(k as i32 / 3, 0, seed) * 1.4 * make.overgrown;
        world.canvas.block(at, length + 0.05, 2.7, |s, t, cell| {
            let sleeper = step(along + s, period);
            let within = phase(along + s, period) < 0.42;
            let mut rgb = lit(ground, 0.94 + 0.12 * speck(step(along + s, 0.4), step(t, 0.4), seed));
            if within && t.abs() < 1.28 {
                rgb = mixed(rgb, make.sleeper, make.sleeper_share * (0.7 + 0.5 * speck(sleeper, 1, seed)));
            }
            if make.overgrown > 0.0 && speck(step(along + s, 0.8), step(t, 0.6), seed ^ 9) < patch {
                rgb = make.green;
            }
            if let Some(snow) = make.snow {
                rgb = mixed(rgb, snow, 0.75);
            }
            let rim = ((1.4 - t.abs()) / 0.3).clamp(0.0, 1.0);
            cell.blend(rgb, rim);
            if (t.abs() - axis_of_rail).abs() < half_rail {
                cell.blend(make.rail, rail_cover);
            }
        });
    }
}
