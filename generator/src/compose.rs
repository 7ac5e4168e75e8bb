//! Puts a scene together: ground, then surroundings, tracks, wagons, light, sensor.

use crate::canvas::{Place, mixed};
use crate::draw::{Draw, speck, step, stream};
use crate::ground::{self, Cover};
use crate::light::{self, Lean};
use crate::palette;
use crate::rail::layout::Layout;
use crate::rail::strings::{Standing, Traffic};
use crate::rail::{furniture, strings, track};
use crate::scene::{Car, Kind, Recipe, Scene};
use crate::sensor::Sensor;
use crate::sites::industry::Estate;
use crate::sites::town::Quarter;
use crate::sites::{country, industry, park, storm, town};
use crate::texture::Grain;
use crate::world::World;
use sidings::geometry::{OrientedRect, Point};
use sidings::raster::Raster;
use std::sync::OnceLock;

/// What each part of a scene is drawn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seeds {
    /// Ground, tracks, buildings.
    pub site: u64,
    /// 0: the strings as first set; others move some.
    pub traffic: u64,
    /// Sun, season, sensor.
    pub view: u64,
}

/// Draws a scene.
pub(crate) fn scene(seeds: Seeds, recipe: &Recipe) -> Scene {
    let per = recipe.cells_per_pixel.max(1);
    let mut world = World::new(recipe.side_px * per, recipe.gsd_m as f32 / per as f32, seeds.site, seeds.view);
    let kind = recipe.kind.unwrap_or_else(|| {
        let k = stream(seeds.site, 1).weighted(Kind::shares());
        Kind::ALL[k]
    });
    let (layout, standing) = place(&mut world, kind, seeds);
    let standing = uncovered(&world, standing);
    let mut look = stream(seeds.view, 7);
    let sun = world.sun;
    if !recipe.beams {
        world.beams.clear();
    }
    light::shade_beams(&mut world);
    static GRAIN: OnceLock<Grain> = OnceLock::new();
    light::cast(&mut world, GRAIN.get_or_init(Grain::new), look.span(0.01, 0.055), look.below(512 * 512));
    let lean = Lean::new(&mut look);
    light::lean(&mut world, lean, look.span(0.35, 0.85));
    let rgb = Sensor::new(seeds.view).take(&world.canvas, recipe.side_px, recipe.gsd_m);
    let turn = Turn::new(seeds.site, recipe.side_px);
    let (dx, dy) = light::shadow_toward(&sun);
    Scene {
        rgb: turn.raster(rgb),
        gsd_m: recipe.gsd_m,
        railcars: standing.iter().filter_map(|s| car(s, lean, recipe, &turn)).collect(),
        tracks_px: layout.map_or_else(Vec::new, |l| tracks(&l, recipe, &turn)),
        shadow_rad: turn.direction(libm::atan2(f64::from(dy), f64::from(dx))),
        sun_height_rad: libm::atan(f64::from(sun.tangent)),
        sky: f64::from(sun.sky),
        snow: world.snow.is_some(),
        kind,
    }
}

/// Everything on the ground.
fn place(world: &mut World, kind: Kind, seeds: Seeds) -> (Option<Layout>, Vec<Standing>) {
    let cover = match kind {
        Kind::Yard | Kind::EmptyTracks => [Cover::Gravel, Cover::Mixed, Cover::Grass][world.random.weighted(&[0.4, 0.35, 0.25])],
        Kind::Industry => [Cover::Gravel, Cover::Mixed, Cover::Grass][world.random.weighted(&[0.3, 0.4, 0.3])],
        _ => [Cover::Grass, Cover::Mixed][world.random.weighted(&[0.8, 0.2])],
    };
    ground::paint(world, cover, seeds.view);
    match kind {
        Kind::Yard | Kind::Line | Kind::EmptyTracks => return railway(world, kind, seeds),
        Kind::Town => urban(world),
        Kind::Industry => {
            let k = world.random.below(5);
            industry::paint(world, estate(k));
        }
        Kind::Country => {
            if world.random.chance(0.3) {
                country::water(world);
            }
            country::fields(world);
            park::open(world);
        }
        Kind::Motorway => {
            country::fields(world);
            park::open(world);
            country::motorway(world);
            surroundings(world);
        }
        Kind::LongRoofs => {
            country::long_roofs(world);
            if world.random.chance(0.5) {
                country::fields(world);
            }
        }
        Kind::Storm => {
            for _ in 0..world.random.count(0, 2) {
                park::park(world);
            }
            town::paint(world, Quarter::Suburb);
            storm::strew(world);
        }
    }
    (None, Vec::new())
}

fn estate(k: usize) -> Estate {
    [Estate::Works, Estate::Containers, Estate::CarParks, Estate::Lorries, Estate::Warehouses][k]
}

fn urban(world: &mut World) {
    if world.random.chance(0.15) {
        country::water(world);
    }
    if world.random.chance(0.25) {
        town::sports(world);
    }
    for _ in 0..world.random.count(0, 2) {
        park::park(world);
    }
    let quarter = [Quarter::Suburb, Quarter::Terraces, Quarter::Blocks][world.random.weighted(&[0.6, 0.2, 0.2])];
    town::paint(world, quarter);
    let n = world.random.count(0, 60);
    park::strips(world, n);
}

/// What lies beside railways and motorways, on the ground they leave.
fn surroundings(world: &mut World) {
    match world.random.weighted(&[0.3, 0.2, 0.25, 0.25]) {
        0 => {
            let k = world.random.below(5);
            industry::paint(world, estate(k));
        }
        1 => town::paint(world, Quarter::Suburb),
        2 => town::paint(world, Quarter::Blocks),
        _ => {}
    }
}

/// Tracks with or without wagons, and what lies around them.
fn railway(world: &mut World, kind: Kind, seeds: Seeds) -> (Option<Layout>, Vec<Standing>) {
    let single = kind == Kind::Line || (kind == Kind::EmptyTracks && world.random.chance(0.35));
    let tracks = if single { world.random.count(1, 3) } else { world.random.count(4, 34) };
    let layout = Layout::new(world, tracks);
    if world.random.chance(if single { 0.8 } else { 0.2 }) {
        country::fields(world);
    }
    let margin = world.random.span(0.5, 5.0);
    layout.claim(world, margin);
    if world.random.chance(0.75) {
        surroundings(world);
    }
    bed(world, &layout, single);
    let make = track::Make::new(world);
    track::paint(world, &layout.path, &layout.lines(), &make);
    if single && world.random.chance(0.5) {
        // A level crossing: the road lies over the rails.
        let u = world.random.span(-0.3, 0.3) * layout.half_m;
        let rgb = palette::paving(&mut world.random);
        let width = world.random.span(4.0, 9.0);
        let at = layout.path.at(u, 0.0);
        world.canvas.block(at, width, 18.0, |_, _, cell| cell.blend(rgb, 0.85));
    }
    let mut standing = Vec::new();
    if kind != Kind::EmptyTracks {
        let mut random = stream(seeds.site, 10);
        let mut traffic = Traffic::new(&mut random);
        if single {
            traffic.tracks = traffic.tracks.max(0.6);
        }
        let share = 0.45;
        let moved = |track: usize| {
            let epoch = seeds.traffic != 0 && stream(seeds.site ^ seeds.traffic, 900 + track as u64).chance(share);
            if epoch { seeds.traffic.wrapping_mul(0x9e37) } else { 0 }
        };
        standing = strings::fill(world, &layout, &traffic, seeds.site, moved);
    }
    furniture::put_up(world, &layout);
    if world.random.chance(0.07) {
        bridge(world, &layout);
    }
    (Some(layout), standing)
}

/// Gravel between and beside the tracks, ragged toward the sides.
fn bed(world: &mut World, layout: &Layout, single: bool) {
    if !world.random.chance(if single { 0.5 } else { 0.85 }) {
        return;
    }
    let r = &mut world.random;
    let (rgb, strength, reach, seed) = (palette::ballast(r), r.span(0.6, 1.0), r.span(1.0, 9.0), r.bits() as u32);
    let (low, high) = (layout.reach.0 - reach, layout.reach.1 + reach);
    let snow = world.snow;
    let (middle, width) = ((low + high) / 2.0, high - low);
    let mut u = -layout.half_m;
    while u < layout.half_m {
        let at = layout.path.at(u + 3.0, middle);
        world.canvas.block(at, 6.4, width, |s, t, cell| {
            let ragged = 2.0 * speck(step(u + s, 3.0), step(t, 3.0), seed);
            let rim = ((width / 2.0 - t.abs() - ragged) / 2.0).clamp(0.0, 1.0);
            let tone = 0.95 + 0.1 * speck(step(u + s, 5.0), step(t, 1.5), seed ^ 1);
            let rgb = rgb.map(|v| v * tone);
            let rgb = if let Some(snow) = snow { mixed(rgb, snow, 0.7) } else { rgb };
            cell.set(
                [0, 1, 2].map(|b| cell.rgb[b] + (rgb[b] - cell.rgb[b]) * strength * rim),
                if rim > 0.5 { 0.0 } else { cell.height_m },
            );
        });
        u += 6.0;
    }
}

/// A road or a footbridge over the tracks.
fn bridge(world: &mut World, layout: &Layout) {
    let r = &mut world.random;
    let at = layout.path.at(r.span(-0.5, 0.5) * layout.half_m, 0.0).turned(std::f32::consts::FRAC_PI_2 + r.spread(0.2));
    let (width, rgb, edge) = (r.pick(&[3.0, 6.0, 10.0, 14.0]), palette::paving(r), palette::grey(r, 0.4, 0.85));
    world.canvas.block(at, layout.reach.1 - layout.reach.0 + 40.0, width, |_, t, cell| {
        let rim = width / 2.0 - t.abs() < 0.5;
        cell.set(if rim { edge } else { rgb }, if rim { 7.6 } else { 7.0 });
    });
}

/// Drops wagons that lie mostly under a roof, a bridge or a crown.
fn uncovered(world: &World, mut standing: Vec<Standing>) -> Vec<Standing> {
    standing.retain(|s| {
        let spots = [-0.4f32, -0.2, 0.0, 0.2, 0.4].map(|share| s.at.moved(share * s.wagon.length_m, 0.0));
        let hidden = |p: &Place| world.canvas.at(p.x, p.y).is_some_and(|c| c.height_m > s.wagon.height_m + 1.3);
        spots.iter().filter(|p| hidden(p)).count() < 3
    });
    standing
}

/// A wagon in pixels, unless it lies outside.
fn car(standing: &Standing, lean: Lean, recipe: &Recipe, turn: &Turn) -> Option<Car> {
    let (wagon, at) = (&standing.wagon, standing.at);
    let seen = wagon.seen_height_m();
    let px = |m: f32| f64::from(m) / recipe.gsd_m;
    let center = turn.point(Point::new(px(at.x + lean.x * seen), px(at.y + lean.y * seen)));
    let rect_px = OrientedRect {
        center,
        length: px(wagon.length_m),
        width: px(wagon.width_m),
        angle_rad: turn.direction(f64::from(at.angle_rad)),
    };
    let side = recipe.side_px as f64;
    let inside = |p: &Point| p.x >= 0.0 && p.y >= 0.0 && p.x < side && p.y < side;
    let corners = rect_px.corners();
    let cut = !corners.iter().all(inside);
    let reach = rect_px.length / 2.0;
    let near = center.x > -reach && center.y > -reach && center.x < side + reach && center.y < side + reach;
    near.then(|| Car { rect_px, family: wagon.family, height_m: f64::from(wagon.height_m), track: standing.track, cut })
}

fn tracks(layout: &Layout, recipe: &Recipe, turn: &Turn) -> Vec<Vec<Point>> {
    let px = |m: f32| f64::from(m) / recipe.gsd_m;
    let points = |line: &crate::path::Line| {
        let (pieces, _) = line.pieces(&layout.path, 10.0);
        pieces.iter().map(|p| turn.point(Point::new(px(p.x), px(p.y)))).collect()
    };
    layout.lines().iter().map(points).collect()
}

/// One of four quarter turns of the whole picture, so that the sun may stand anywhere.
struct Turn {
    quarters: usize,
    side: f64,
}

impl Turn {
    fn new(site: u64, side_px: usize) -> Self {
        Self { quarters: stream(site, 20).below(4), side: side_px as f64 }
    }

    fn point(&self, p: Point) -> Point {
        (0..self.quarters).fold(p, |p, _| Point::new(self.side - p.y, p.x))
    }

    fn direction(&self, angle_rad: f64) -> f64 {
        let turned = angle_rad + self.quarters as f64 * std::f64::consts::FRAC_PI_2;
        turned - std::f64::consts::TAU * libm::floor(turned / std::f64::consts::TAU)
    }

    fn raster(&self, rgb: Raster<u8>) -> Raster<u8> {
        let n = rgb.width();
        let last = n - 1;
        if self.quarters == 0 {
            return rgb;
        }
        let mut turned = vec![0; n * n * 3];
        for (y, row) in turned.chunks_exact_mut(n * 3).enumerate() {
            for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
                // A quarter turn makes the lower left corner the upper left one.
                let (x, y) = match self.quarters {
                    1 => (y, last - x),
                    2 => (last - x, last - y),
                    _ => (last - y, x),
                };
                pixel.copy_from_slice(rgb.pixel(x, y));
            }
        }
        Raster::new(n, n, 3, turned).expect("as many samples as before")
    }
}
