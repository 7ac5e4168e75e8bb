//! Trees, bushes and hedges.

use crate::canvas::{Place, Rgb, lit, mixed};
use crate::draw::{Draw, speck};
use crate::palette;
use crate::world::{Season, World};

/// Leaves of this season; in a bare one evergreens only.
fn leaves(world: &mut World, evergreen: bool) -> Rgb {
    let base = match (world.season, evergreen) {
        (Season::Autumn, false) => {
            let kinds = [[0.40, 0.30, 0.12], [0.32, 0.30, 0.14], [0.42, 0.24, 0.12]];
            world.random.pick(&kinds)
        }
        (Season::Dry, false) => [0.26, 0.29, 0.15],
        (Season::Bare | Season::Snow, false) => [0.34, 0.29, 0.24],
        (_, true) => [0.11, 0.18, 0.10],
        _ => [0.17, 0.26, 0.11],
    };
    palette::near(&mut world.random, base, 0.15)
}

/// A tree with a crown of this radius, m, unless ground near its trunk is taken.
pub(crate) fn tree(world: &mut World, x: f32, y: f32, radius_m: f32) {
    if world.is_free(Place::new(x, y, 0.0), radius_m * 1.4, radius_m * 1.4) {
        crown(world, x, y, radius_m, 1.7);
    }
}

/// A low bush.
pub(crate) fn bush(world: &mut World, x: f32, y: f32, radius_m: f32) {
    crown(world, x, y, radius_m, 0.9);
}

fn crown(world: &mut World, x: f32, y: f32, radius_m: f32, tall: f32) {
    let evergreen = world.random.chance(0.25);
    let rgb = leaves(world, evergreen);
    let bare = !evergreen && matches!(world.season, Season::Bare | Season::Snow);
    let snow = world.snow.filter(|_| world.random.chance(0.4));
    let seed = world.random.bits() as u32;
    let thick = if bare { world.random.span(0.25, 0.5) } else { 1.0 };
    let lobe = world.random.span(0.8, 2.2).max(radius_m * 0.3);
    let cell_m = world.canvas.cell_m;
    let fine = (cell_m * 2.0).max(0.35);
    world.canvas.disc(x, y, radius_m * 1.15, |dx, dy, share, cell| {
        let at = |period: f32, s: u32| speck((dx / period + 99.0) as i32, (dy / period + 99.0) as i32, seed ^ s);
        let clump = at(lobe, 1);
        let edge = share * 1.15 + 0.3 * (clump - 0.5) + 0.2 * (at(fine, 2) - 0.5);
        if edge < 1.0 && (thick >= 1.0 || at(fine * 0.7, 3) < thick * (1.3 - share)) {
            let dome = (1.0 - edge * edge).max(0.0).sqrt();
            let shade = 0.62 + 0.4 * clump * dome + 0.35 * at(fine, 4);
            let top = if let Some(snow) = snow { mixed(rgb, snow, 0.6 * at(fine, 5)) } else { rgb };
            cell.set(lit(top, shade), (radius_m * tall * (0.35 + 0.65 * dome) * (0.75 + 0.4 * clump)).max(cell.height_m));
        }
    });
}

/// Trees scattered over a rectangle, `every_m2` square metres each.
pub(crate) fn scatter(world: &mut World, at: Place, length_m: f32, width_m: f32, every_m2: f32) {
    let n = (length_m * width_m / every_m2) as usize;
    for _ in 0..n {
        let r = &mut world.random;
        let p = at.moved(r.span(-0.5, 0.5) * length_m, r.span(-0.5, 0.5) * width_m);
        let radius = r.span(1.2, 4.8);
        tree(world, p.x, p.y, radius);
    }
}

/// A wood: crowns side by side.
pub(crate) fn wood(world: &mut World, at: Place, length_m: f32, width_m: f32) {
    scatter(world, at, length_m, width_m, 28.0);
}

/// A row of bushes.
pub(crate) fn hedge(world: &mut World, at: Place, length_m: f32) {
    let rgb = leaves(world, true);
    let (width, height, seed) = (world.random.span(0.7, 2.2), world.random.span(0.9, 2.6), world.random.bits() as u32);
    world.canvas.block(at, length_m, width, |s, t, cell| {
        if t.abs() < width * (0.3 + 0.3 * speck((s / 0.9 + 500.0) as i32, 0, seed)) {
            cell.set(
                lit(
                    mixed(rgb, [0.2, 0.28, 0.13], 0.5),
                    0.7 + 0.5 * speck((s / 0.5 + 500.0) as i32, (t / 0.4 + 50.0) as i32, seed),
                ),
                height,
            );
        }
    });
}
