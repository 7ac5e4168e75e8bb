//! From the finished ground to what a camera above it sees: shadows, texture, roofs that lean away.

use crate::canvas::{Cell, Rgb, lit};
use crate::draw::Draw;
use crate::texture::Grain;
use crate::world::{Beam, Sun, World};
use sidings::random::Random;

/// How far and which way tall things lean, m a metre of height.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lean {
    pub x: f32,
    pub y: f32,
}

impl Lean {
    /// Mostly within 10° of nadir, now and then to 17°.
    pub fn new(random: &mut Random) -> Self {
        let (near, far) = (random.spread(0.09).abs(), random.span(0.1, 0.3));
        let (size, way) = (if random.chance(0.75) { near } else { far }, random.span(0.0, std::f32::consts::TAU));
        Self { x: size * libm::cosf(way), y: size * libm::sinf(way) }
    }

    fn size(self) -> f32 {
        libm::hypotf(self.x, self.y)
    }
}

/// Darkens the ground under beams; their shadows are too thin to be swept as walls.
pub(crate) fn shade_beams(world: &mut World) {
    let sun = world.sun;
    for beam in std::mem::take(&mut world.beams).iter().inspect(|b| world.beams.push(**b)) {
        let reach = beam.height_m / sun.tangent;
        let away = |p: (f32, f32)| (p.0 - sun.toward.0 * reach, p.1 - sun.toward.1 * reach);
        let dark = beam.dense * (1.0 - sun.sky);
        world.canvas.line(away(beam.from), away(beam.to), beam.width_m, |cell, cover| {
            cell.rgb = lit(cell.rgb, 1.0 - dark * cover);
        });
    }
}

/// Multiplies every cell by texture and by the light that reaches it.
///
/// The shadow's height is carried from row to row away from the sun along lines one cell wide, as Bresenham would draw them, so that
/// each cell costs one comparison; a line takes the higher of the shadow that reaches a cell and the cell itself.
pub(crate) fn cast(world: &mut World, grain: &Grain, strength: f32, offset: usize) {
    let sun = world.sun;
    let (side, cell_m) = (world.canvas.side, world.canvas.cell_m);
    let drift = -sun.toward.0 / -sun.toward.1;
    let drop = cell_m / -sun.toward.1 * sun.tangent;
    let column = |y: i64| libm::floorf(drift * y as f32 + 0.5) as i64;
    let mut above = vec![0.0f32; side];
    let mut shadow = vec![0.0f32; side];
    let shade = sun.sky_tint.map(|t| t * sun.sky);
    for y in 0..side {
        let shift = column(y as i64) - column(y as i64 - 1);
        carried(&above, &mut shadow, shift, drop);
        let row = &mut world.canvas.cells[y * side..(y + 1) * side];
        for (((cell, s), a), g) in row.iter_mut().zip(&shadow).zip(&mut above).zip(grain.row(y, offset, side)) {
            let share = (1.0 - (s - cell.height_m - 0.02) / drop).clamp(0.0, 1.0);
            let texture = 1.0 + strength * g;
            for (v, dark) in cell.rgb.iter_mut().zip(shade) {
                *v *= texture * (dark + (1.0 - dark) * share);
            }
            *a = s.max(cell.height_m);
        }
    }
}

/// The row above moved sideways and lowered; nought where nothing comes from.
fn carried(above: &[f32], shadow: &mut [f32], shift: i64, drop: f32) {
    let n = shadow.len();
    let by = (shift.unsigned_abs() as usize).min(n);
    let (from, to, rim) = if shift >= 0 { (0..n - by, by..n, 0..by) } else { (by..n, 0..n - by, n - by..n) };
    shadow[rim].fill(0.0);
    shadow[to].iter_mut().zip(&above[from]).for_each(|(s, a)| *s = a - drop);
}

/// Draws the scene as seen from aside: every cell higher than its surroundings is moved by its height, with the wall below it.
pub(crate) fn lean(world: &mut World, lean: Lean, wall: f32) {
    if lean.size() > 0.02 {
        let seen = leaned(&world.canvas.cells, world.canvas.side, world.canvas.cell_m, lean, wall);
        crate::canvas::spare(std::mem::replace(&mut world.canvas.cells, seen));
    }
    for Beam { from, to, width_m, height_m, rgb, dense } in std::mem::take(&mut world.beams) {
        let moved = |p: (f32, f32)| (p.0 + lean.x * height_m, p.1 + lean.y * height_m);
        world.canvas.line(moved(from), moved(to), width_m, |cell, cover| cell.blend(rgb, dense * cover));
    }
}

/// Lowest thing that is seen to lean, m.
const FLAT_M: f32 = 0.4;

fn leaned(cells: &[Cell], side: usize, cell_m: f32, lean: Lean, wall: f32) -> Vec<Cell> {
    let mut seen = crate::canvas::buffer(cells.len());
    seen.copy_from_slice(cells);
    let tall: Vec<usize> = (0..cells.len()).filter(|&i| cells[i].height_m > FLAT_M).collect();
    tall.iter().for_each(|&i| seen[i].height_m = -1.0);
    let size = lean.size();
    let (ux, uy) = (lean.x / size, lean.y / size);
    let (back_x, back_y) = (libm::roundf(ux) as i64, libm::roundf(uy) as i64);
    let inside = |x: i64, y: i64| x >= 0 && y >= 0 && (x as usize) < side && (y as usize) < side;
    for &i in &tall {
        let (x, y, cell) = ((i % side) as i64, (i / side) as i64, cells[i]);
        let behind = if inside(x - back_x, y - back_y) {
            cells[(y - back_y) as usize * side + (x - back_x) as usize].height_m
        } else {
            0.0
        };
        let top = cell.height_m * size / cell_m;
        let first = (behind.min(cell.height_m) * size / cell_m).max(0.0);
        let mut put = |steps: f32, rgb: Rgb, height_m: f32| {
            let (px, py) = (x + rounded(ux * steps), y + rounded(uy * steps));
            if inside(px, py) {
                let onto = &mut seen[py as usize * side + px as usize];
                if height_m > onto.height_m {
                    onto.set(rgb, height_m);
                }
            }
        };
        put(top, cell.rgb, cell.height_m);
        if cell.height_m - behind > FLAT_M {
            let dark = lit(cell.rgb, wall);
            let mut steps = first;
            while steps < top - 0.5 {
                put(steps, dark, steps * cell_m / size);
                steps += 0.7;
            }
        }
    }
    // What a tall thing left bare, and ditches, whose banks are walls too.
    let ditches = (0..cells.len()).filter(|&i| cells[i].height_m < 0.0);
    for i in tall.iter().copied().chain(ditches) {
        if seen[i].height_m < 0.0 {
            seen[i].set(lit(cells[i].rgb, wall), 0.0);
        }
    }
    seen
}

/// The nearest whole number, halves away from nought; without SSE4 `roundf` is a call.
#[inline(always)]
fn rounded(x: f32) -> i64 {
    let i = x as i32;
    let rest = x - i as f32;
    i64::from(i + i32::from(rest >= 0.5) - i32::from(rest <= -0.5))
}

/// Unit vector on the ground toward which shadows fall.
pub(crate) fn shadow_toward(sun: &Sun) -> (f32, f32) {
    (-sun.toward.0, -sun.toward.1)
}
