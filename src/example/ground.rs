//! Everything that isn't a railcar: soil, fields, ballast and rails, a road, houses, trees, a river bank, catenary masts.

use super::noise::{fractal, lattice, value};
use super::relief::{Albedo, CELL_M, Relief, SIZE_M, blend};
use super::site::Site;
use crate::random::Random;

const BALLAST: Albedo = [0.25, 0.24, 0.23];
const SLEEPER: Albedo = [0.20, 0.17, 0.14];
const RAIL: Albedo = [0.52, 0.48, 0.45];
const SOIL: Albedo = [0.31, 0.27, 0.21];
const GRASS: Albedo = [0.13, 0.19, 0.09];
const CROP: Albedo = [0.28, 0.29, 0.13];
const WATER: Albedo = [0.07, 0.10, 0.11];
const ASPHALT: Albedo = [0.19, 0.19, 0.19];

/// Half the width of the ballast bed, m.
const BED_M: f64 = 1.9;
/// Half the distance between the rails' middles, m (1520 mm gauge plus a rail head).
const RAIL_M: f64 = 0.795;
/// Width of a rail head, m.
const RAIL_HEAD_M: f64 = 0.075;
/// Distance between sleepers, m.
const SLEEPER_PITCH_M: f64 = 0.6;

/// Paints the whole site.
pub(super) fn paint(relief: &mut Relief, site: &Site, seed: u64) {
    for row in 0..relief.height {
        for column in 0..relief.width {
            let (x, y) = ((column as f64 + 0.5) * CELL_M, (row as f64 + 0.5) * CELL_M);
            let (u, v) = site.uv(x, y);
            let mut colour = open_land(x, y, v, seed);
            tracks(&mut colour, u, v, seed);
            relief.albedo[row * relief.width + column] = colour;
        }
    }
    let mut random = Random::new(seed ^ 0x51d1_4653);
    houses(relief, site, &mut random);
    trees(relief, site, &mut random);
    masts(relief, site);
}

/// Soil, grass and fields; the river below, the road above.
fn open_land(x: f64, y: f64, v: f64, seed: u64) -> Albedo {
    let rough = 1.0 + 0.30 * fractal(x, y, 7.0, 5, seed) + 0.16 * (lattice((x * 5.0) as i64, (y * 5.0) as i64, seed) - 0.5);
    let green = 0.5 + 0.9 * fractal(x, y, 38.0, 4, seed ^ 11);
    let mut colour = SOIL;
    let in_yard = (-27.0..31.0).contains(&v);
    blend(&mut colour, GRASS, if in_yard { green - 0.35 + 0.5 * fractal(x, y, 3.0, 2, seed ^ 13) } else { green });
    if !in_yard {
        let plot = lattice((x / 57.0) as i64, ((y + 0.2 * x) / 41.0) as i64, seed ^ 23);
        if plot > 0.45 {
            let furrow = 0.5 + 0.35 * value(y + 0.2 * x, 0.02 * x, 1.8, seed ^ 31);
            blend(&mut colour, if plot > 0.75 { CROP } else { SOIL }, 0.6 + 0.5 * furrow - 0.2);
        }
    }
    if (-41.0..-33.5).contains(&v) {
        colour = ASPHALT;
        if (v + 37.2).abs() < 0.12 && x % 9.0 < 4.0 {
            colour = [0.6, 0.6, 0.55];
        }
    }
    let bank = v - 88.0 - 9.0 * f64::from(value(x, 0.0, 70.0, seed ^ 41));
    if bank > 0.0 {
        return WATER.map(|c| c * (1.0 + 0.06 * fractal(x, y, 9.0, 3, seed ^ 43)));
    } else if bank > -6.0 {
        blend(&mut colour, [0.45, 0.41, 0.33], 0.8);
    }
    colour.map(|c| c * rough)
}

/// Ballast, sleepers and rails of the nearest track.
fn tracks(colour: &mut Albedo, u: f64, v: f64, seed: u64) {
    if !(-24.0..29.0).contains(&v) {
        return;
    }
    for track in Site::tracks() {
        let Some(axis) = Site::v_of(track, u) else { continue };
        let off = (v - axis).abs();
        if off > BED_M {
            continue;
        }
        let edge = ((BED_M - off) / 0.5).min(1.0) as f32;
        let age = 0.85 + 0.3 * lattice(i64::from(track), 0, seed ^ 51);
        let stain = 1.0 + 0.15 * value(u, f64::from(track) * 9.0, 14.0, seed ^ 61);
        let stones = 1.0 + 0.22 * (lattice((u * 5.0) as i64, (v * 5.0) as i64, seed ^ 71) - 0.5);
        blend(colour, BALLAST.map(|c| c * age * stain * stones), edge * 0.9);
        if off < 1.3 {
            let phase = (u / SLEEPER_PITCH_M).rem_euclid(1.0);
            let covered = (0.43 - (phase - 0.5).abs()).clamp(0.0, 0.3) / 0.3;
            blend(colour, SLEEPER, 0.55 * covered as f32);
        }
        let rail = (CELL_M / 2.0 + RAIL_HEAD_M / 2.0 - (off - RAIL_M).abs()).clamp(0.0, RAIL_HEAD_M) / CELL_M;
        blend(colour, RAIL, rail as f32);
    }
}

/// Station houses and sheds along the road, with gabled roofs.
fn houses(relief: &mut Relief, site: &Site, random: &mut Random) {
    for row in 0..11 {
        let u = -180.0 + 34.0 * f64::from(row) + random.between(-6.0, 6.0);
        let v = if row % 3 == 0 { random.between(-31.0, -30.0) } else { random.between(-66.0, -50.0) };
        let size = (random.between(9.0, 22.0), random.between(6.0, 9.0));
        let roof = [[0.33, 0.13, 0.10], [0.42, 0.42, 0.43], [0.20, 0.28, 0.35], [0.52, 0.48, 0.42]][random.below(4)];
        if v > -40.0 && size.1 > 6.5 {
            continue;
        }
        let place = ground_of(site, u, v);
        relief.block(place, site.angle_rad, size, |_, across, albedo, height| {
            let side = if across > 0.0 { 0.88 } else { 1.08 };
            *albedo = roof.map(|c| c * side);
            *height = 4.0 + (1.6 * (1.0 - 2.0 * across.abs() / size.1)) as f32;
        });
    }
}

/// Trees: round, dark, in clumps away from the tracks.
fn trees(relief: &mut Relief, site: &Site, random: &mut Random) {
    for _ in 0..1500 {
        let (x, y) = (random.between(0.0, SIZE_M.0), random.between(0.0, SIZE_M.1));
        let (_, v) = site.uv(x, y);
        let clump = value(x, y, 30.0, 977);
        let radius = random.between(1.0, 3.8);
        let tall = radius * random.between(1.3, 2.2);
        let tint = random.between(0.75, 1.2) as f32;
        if (-46.0..31.0 + radius).contains(&v) || v > 78.0 || clump < 0.25 {
            continue;
        }
        relief.block((x, y), 0.0, (2.0 * radius, 2.0 * radius), |dx, dy, albedo, height| {
            let r2 = (dx * dx + dy * dy) / (radius * radius);
            if r2 < 1.0 {
                let leaf = 0.8 + 0.5 * lattice((dx * 3.0) as i64 + 900, (dy * 3.0) as i64, (x * 10.0) as u64);
                *albedo = [0.07, 0.12, 0.05].map(|c: f32| c * leaf * tint);
                *height = (tall * (1.0 - r2).sqrt()) as f32;
            }
        });
    }
}

/// Lamp masts between the sidings.
fn masts(relief: &mut Relief, site: &Site) {
    for column in -2..=2 {
        for v in [-25.0, 29.5] {
            let place = ground_of(site, f64::from(column) * 62.0 + 11.0, v);
            relief.block(place, site.angle_rad, (0.7, 0.7), |_, _, albedo, height| {
                *albedo = [0.5, 0.5, 0.5];
                *height = 9.0;
            });
        }
    }
}

fn ground_of(site: &Site, u: f64, v: f64) -> (f64, f64) {
    let (sin, cos) = (libm::sin(site.angle_rad), libm::cos(site.angle_rad));
    (site.middle_m.0 + u * cos - v * sin, site.middle_m.1 + u * sin + v * cos)
}
