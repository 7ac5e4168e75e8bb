//! Sun and sensor: turns a relief into an 8-bit picture.

use super::relief::{Albedo, CELL_M, Relief, SIZE_M};
use crate::geometry::{Point, Transform};
use crate::random::Random;
use crate::raster::Raster;

/// Farthest cell that the blur reaches on each side.
const MOST_CELLS: usize = 3;

/// One pass over the site: where the picture lies, where the sun stands, what the sensor does.
#[derive(Debug, Clone)]
pub(super) struct Camera {
    pub(super) gsd_m: f64,
    size_px: (usize, usize),
    /// Turn of the picture against the ground grid, radians.
    turn_rad: f64,
    /// Ground position of the picture's middle, m.
    middle_m: (f64, f64),
    /// Direction on the ground in which the sun stands, radians from +x toward +y.
    sun_rad: f64,
    /// Height of the sun over the horizon, radians.
    sun_up_rad: f64,
    /// Light from the sky that also reaches shadows, as a share of all light.
    sky: f32,
    /// Gain of red, green and blue.
    gain: [f32; 3],
    /// Air light added to every pixel, 0 to 1.
    haze: f32,
    /// Share by which vegetation turns from green to straw.
    dry: f32,
    /// Standard deviation of the sensor's blur, m.
    blur_m: f64,
    /// Standard deviation of the noise, in 8-bit steps.
    noise: f64,
    seed: u64,
}

impl Camera {
    /// The older date: higher sun, green.
    pub(super) fn summer() -> Self {
        Self {
            gsd_m: super::GSD_M,
            size_px: (800, 560),
            turn_rad: 0.0,
            middle_m: (SIZE_M.0 * 0.5, SIZE_M.1 * 0.5),
            sun_rad: -1.95,
            sun_up_rad: 0.82,
            sky: 0.17,
            gain: [1.0, 1.0, 0.97],
            haze: 0.025,
            dry: 0.0,
            blur_m: 0.27,
            noise: 1.3,
            seed: 101,
        }
    }

    /// The newer date: other pass, lower sun, drier ground, thicker air.
    pub(super) fn autumn() -> Self {
        Self {
            gsd_m: 0.51,
            size_px: (790, 552),
            turn_rad: 0.047,
            middle_m: (SIZE_M.0 * 0.5 - 4.3, SIZE_M.1 * 0.5 + 3.1),
            sun_rad: -1.62,
            sun_up_rad: 0.66,
            sky: 0.14,
            gain: [1.12, 1.02, 0.88],
            haze: 0.05,
            dry: 0.5,
            blur_m: 0.29,
            noise: 1.6,
            seed: 202,
        }
    }

    /// Pixels to metres on the ground grid.
    pub(super) fn pixel_to_ground(&self) -> Transform {
        let middle = Transform::similarity(1.0, 0.0, -(self.size_px.0 as f64) / 2.0, -(self.size_px.1 as f64) / 2.0);
        middle.then(&Transform::similarity(self.gsd_m, self.turn_rad, self.middle_m.0, self.middle_m.1))
    }

    /// Metres on the ground grid to pixels.
    pub(super) fn ground_to_pixel(&self) -> Transform {
        let (w, h) = (self.size_px.0 as f64 / 2.0, self.size_px.1 as f64 / 2.0);
        let scale = 1.0 / self.gsd_m;
        let turned = Transform::similarity(scale, -self.turn_rad, 0.0, 0.0);
        let origin = turned.apply(Point::new(self.middle_m.0, self.middle_m.1));
        turned.then(&Transform::similarity(1.0, 0.0, w - origin.x, h - origin.y))
    }

    /// Direction in which shadows fall in the picture.
    pub(super) fn shadow_rad(&self) -> f64 {
        self.sun_rad + std::f64::consts::PI - self.turn_rad
    }

    /// Takes the picture.
    pub(super) fn photograph(&self, relief: &Relief) -> Raster<u8> {
        let light = self.light(relief);
        let to_ground = self.pixel_to_ground();
        let mut random = Random::new(self.seed);
        let mut samples = Vec::with_capacity(self.size_px.0 * self.size_px.1 * 3);
        for y in 0..self.size_px.1 {
            for x in 0..self.size_px.0 {
                let p = to_ground.apply(Point::new(x as f64 + 0.5, y as f64 + 0.5));
                let radiance = self.blurred(&light, relief, p);
                for (value, gain) in radiance.into_iter().zip(self.gain) {
                    let level = f64::from(display(self.haze + (1.0 - self.haze) * value * gain));
                    samples.push((level + self.noise * random.normal()).clamp(0.0, 255.0) as u8);
                }
            }
        }
        Raster::new(self.size_px.0, self.size_px.1, 3, samples).unwrap_or_else(|| Raster::filled(0, 0, 3, 0))
    }

    /// What leaves every cell toward the camera: reflectance times sun and sky.
    fn light(&self, relief: &Relief) -> Vec<Albedo> {
        let (step_x, step_y) = (libm::cos(self.sun_rad), libm::sin(self.sun_rad));
        let rise = libm::tan(self.sun_up_rad) * CELL_M;
        let tallest = relief.height_m.iter().copied().fold(0.0, f32::max);
        let (tall_nearby, blocks) = tall_nearby(relief);
        let mut light = Vec::with_capacity(relief.albedo.len());
        for row in 0..relief.height {
            for column in 0..relief.width {
                let cell = row * relief.width + column;
                let own = f64::from(relief.height_m[cell]);
                let mut shade = 0.0f32;
                let mut walked = 1.0;
                // Toward the sun until the ray is above everything.
                while own + walked * rise < f64::from(tallest) {
                    let (x, y) = (column as f64 + walked * step_x + 0.5, row as f64 + walked * step_y + 0.5);
                    if x < 0.0 || y < 0.0 || x as usize >= relief.width || y as usize >= relief.height {
                        break;
                    }
                    let above = tall_nearby[(y as usize / BLOCK_CELLS) * blocks + x as usize / BLOCK_CELLS];
                    if own + walked * rise >= f64::from(above) {
                        walked += BLOCK_CELLS as f64;
                        continue;
                    }
                    let over = relief.height_m[y as usize * relief.width + x as usize] - (own + walked * rise) as f32;
                    shade = shade.max((over / 0.3).clamp(0.0, 1.0));
                    if shade >= 1.0 {
                        break;
                    }
                    walked += 1.0;
                }
                let lit = self.sky + (1.0 - self.sky) * (1.0 - shade);
                light.push(self.season(relief.albedo[cell]).map(|a| a * lit));
            }
        }
        light
    }

    /// Vegetation dries; everything else keeps its colour.
    fn season(&self, [r, g, b]: Albedo) -> Albedo {
        let green = ((g - r.max(b)) / 0.05).clamp(0.0, 1.0) * self.dry;
        [r + green * (1.15 * g - r), g * (1.0 - 0.08 * green), b]
    }

    /// Gaussian point spread around a ground position.
    fn blurred(&self, light: &[Albedo], relief: &Relief, p: Point) -> Albedo {
        let reach = ((2.2 * self.blur_m / CELL_M) as isize).min(MOST_CELLS as isize);
        let (cx, cy) = (p.x / CELL_M - 0.5, p.y / CELL_M - 0.5);
        let (ix, iy) = ((cx + 0.5) as isize, (cy + 0.5) as isize);
        let mut sum = [0.0f32; 3];
        let mut total = 0.0f32;
        let fall = CELL_M * CELL_M / (2.0 * self.blur_m * self.blur_m);
        let share = |off: f64| libm::exp(-off * off * fall) as f32;
        let along: [f32; 2 * MOST_CELLS + 1] = std::array::from_fn(|k| share((ix + k as isize) as f64 - reach as f64 - cx));
        for row in (iy - reach).max(0)..=(iy + reach).min(relief.height as isize - 1) {
            let across = share(row as f64 - cy);
            for column in (ix - reach).max(0)..=(ix + reach).min(relief.width as isize - 1) {
                let weight = across * along[(column + reach - ix) as usize];
                let cell = light[row as usize * relief.width + column as usize];
                for (s, c) in sum.iter_mut().zip(cell) {
                    *s += weight * c;
                }
                total += weight;
            }
        }
        sum.map(|s| s / total.max(1e-6))
    }
}

/// Side of a block of cells over which a ray may jump when nothing near reaches it.
const BLOCK_CELLS: usize = 8;

/// For every block the greatest height in it and its eight neighbours, and the number of blocks in a row.
fn tall_nearby(relief: &Relief) -> (Vec<f32>, usize) {
    let (columns, rows) = (relief.width.div_ceil(BLOCK_CELLS), relief.height.div_ceil(BLOCK_CELLS));
    let mut own = vec![0.0f32; columns * rows];
    for (cell, height_m) in relief.height_m.iter().enumerate() {
        let block = (cell / relief.width / BLOCK_CELLS) * columns + cell % relief.width / BLOCK_CELLS;
        own[block] = own[block].max(*height_m);
    }
    let near = |at: usize, count: usize| at.saturating_sub(1)..(at + 2).min(count);
    let around = |block: usize| {
        let (row, column) = (block / columns, block % columns);
        near(row, rows).flat_map(|r| near(column, columns).map(move |c| r * columns + c)).map(|b| own[b]).fold(0.0, f32::max)
    };
    ((0..own.len()).map(around).collect(), columns)
}

/// Reflectance to 8 bits: a gain that puts bright roofs near white, and a display curve.
fn display(reflectance: f32) -> f32 {
    255.0 * libm::powf((1.55 * reflectance).clamp(0.0, 1.0), 1.0 / 1.7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_ground_are_inverse() {
        for camera in [Camera::summer(), Camera::autumn()] {
            let p = Point::new(123.0, 456.0);
            let back = camera.ground_to_pixel().apply(camera.pixel_to_ground().apply(p));
            assert!(back.distance(p) < 1e-9, "{back:?}");
            let e = camera.pixel_to_ground();
            assert!((e.scale_at(p) - camera.gsd_m).abs() < 1e-9);
        }
    }
}
