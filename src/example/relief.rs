//! The ground as a grid of cells: what colour it is and how high it stands.

use super::ground;
use super::site::Site;

/// Side of a cell, m. A rail head is a third of a cell, a gap between cars six cells.
pub(super) const CELL_M: f64 = 0.2;
/// Ground covered, m: a margin around what the cameras see.
pub(super) const SIZE_M: (f64, f64) = (440.0, 320.0);

/// Linear reflectance of red, green and blue, 0 to 1.
pub(super) type Albedo = [f32; 3];

/// Colour and height of every cell; row-major, x right, y down, cell centres at +0.5.
#[derive(Debug, Clone)]
pub(super) struct Relief {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) albedo: Vec<Albedo>,
    pub(super) height_m: Vec<f32>,
}

impl Relief {
    /// The site without any railcar.
    pub(super) fn of(site: &Site, seed: u64) -> Self {
        let (width, height) = ((SIZE_M.0 / CELL_M) as usize, (SIZE_M.1 / CELL_M) as usize);
        let mut relief = Self { width, height, albedo: vec![[0.2; 3]; width * height], height_m: vec![0.0; width * height] };
        ground::paint(&mut relief, site, seed);
        relief
    }

    /// Visits the cells of an upright block turned by `angle_rad`: `paint(along_m, across_m, albedo, height_m)` in the block's own axes.
    pub(super) fn block(
        &mut self,
        (x_m, y_m): (f64, f64),
        angle_rad: f64,
        (length_m, width_m): (f64, f64),
        mut paint: impl FnMut(f64, f64, &mut Albedo, &mut f32),
    ) {
        let (sin, cos) = (libm::sin(angle_rad), libm::cos(angle_rad));
        let reach_x = (cos.abs() * length_m + sin.abs() * width_m) / 2.0 + CELL_M;
        let reach_y = (sin.abs() * length_m + cos.abs() * width_m) / 2.0 + CELL_M;
        let cells =
            |low: f64, high: f64, n: usize| ((low / CELL_M).max(0.0) as usize)..(((high / CELL_M).max(0.0) as usize).min(n));
        for row in cells(y_m - reach_y, y_m + reach_y, self.height) {
            for column in cells(x_m - reach_x, x_m + reach_x, self.width) {
                let dx = (column as f64 + 0.5) * CELL_M - x_m;
                let dy = (row as f64 + 0.5) * CELL_M - y_m;
                let (along, across) = (dx * cos + dy * sin, dy * cos - dx * sin);
                if along.abs() <= length_m / 2.0 && across.abs() <= width_m / 2.0 {
                    let cell = row * self.width + column;
                    paint(along, across, &mut self.albedo[cell], &mut self.height_m[cell]);
                }
            }
        }
    }
}

/// Mixes `share` of a colour into another.
pub(super) fn blend(onto: &mut Albedo, colour: Albedo, share: f32) {
    for (a, b) in onto.iter_mut().zip(colour) {
        *a += (b - *a) * share.clamp(0.0, 1.0);
    }
}
