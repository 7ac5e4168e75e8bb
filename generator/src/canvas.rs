//! The ground as a grid of cells, each with a colour and a height, and the shapes painted onto it.

use std::cell::RefCell;

/// Reflectance of red, green and blue as a display shows it, 0 to 1.
pub(crate) type Rgb = [f32; 3];

/// One cell of ground.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    /// Colour in full light.
    pub rgb: Rgb,
    /// Height of the uppermost surface, m.
    pub height_m: f32,
}

impl Cell {
    /// Mixes a share of a colour in.
    #[inline(always)]
    pub fn blend(&mut self, rgb: Rgb, share: f32) {
        for (a, b) in self.rgb.iter_mut().zip(rgb) {
            *a += (b - *a) * share;
        }
    }

    /// Sets colour and height.
    #[inline(always)]
    pub fn set(&mut self, rgb: Rgb, height_m: f32) {
        self.rgb = rgb;
        self.height_m = height_m;
    }
}

/// A colour times a factor.
#[inline(always)]
pub(crate) fn lit(rgb: Rgb, factor: f32) -> Rgb {
    [rgb[0] * factor, rgb[1] * factor, rgb[2] * factor]
}

/// A mix of two colours.
pub(crate) fn mixed(a: Rgb, b: Rgb, share: f32) -> Rgb {
    [0, 1, 2].map(|k| a[k] + (b[k] - a[k]) * share)
}

/// A point on the ground with a direction; x right, y down, m; `along` runs in the direction, `across` to its right on screen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub x: f32,
    pub y: f32,
    pub angle_rad: f32,
    pub cos: f32,
    pub sin: f32,
}

impl Place {
    /// A place.
    pub fn new(x: f32, y: f32, angle_rad: f32) -> Self {
        Self { x, y, angle_rad, cos: libm::cosf(angle_rad), sin: libm::sinf(angle_rad) }
    }

    /// The place so far along and across, same direction.
    pub fn moved(self, along: f32, across: f32) -> Self {
        Self { x: self.x + along * self.cos - across * self.sin, y: self.y + along * self.sin + across * self.cos, ..self }
    }

    /// The same point, turned.
    pub fn turned(self, by_rad: f32) -> Self {
        Self::new(self.x, self.y, self.angle_rad + by_rad)
    }
}

thread_local! {
    /// Grids given back. A scene's takes tens of megabytes, and clearing fresh pages for each costs a fifth of its time.
    static SPARE: RefCell<Vec<Vec<Cell>>> = const { RefCell::new(Vec::new()) };
}

/// Cells with anything in them.
pub(crate) fn buffer(n: usize) -> Vec<Cell> {
    let mut cells = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
    cells.resize(n, Cell { rgb: [0.0; 3], height_m: 0.0 });
    cells
}

/// Gives cells back for the next grid.
pub(crate) fn spare(cells: Vec<Cell>) {
    SPARE.with_borrow_mut(|spares| {
        if spares.len() < 2 {
            spares.push(cells)
        }
    });
}

impl Drop for Canvas {
    fn drop(&mut self) {
        spare(std::mem::take(&mut self.cells));
    }
}

/// The grid; row by row, cell centres at +0.5.
pub(crate) struct Canvas {
    /// Cells along a side.
    pub side: usize,
    /// m a cell.
    pub cell_m: f32,
    pub cells: Vec<Cell>,
}

impl Canvas {
    /// Ground yet to be painted, all of it.
    pub fn new(side: usize, cell_m: f32) -> Self {
        Self { side, cell_m, cells: buffer(side * side) }
    }

    /// Length of a side, m.
    pub fn side_m(&self) -> f32 {
        self.side as f32 * self.cell_m
    }

    /// Rows or columns between two lengths, m.
    fn range(&self, low_m: f32, high_m: f32) -> (usize, usize) {
        let at = |m: f32| ((m / self.cell_m + 0.5).max(0.0) as usize).min(self.side);
        (at(low_m), at(high_m))
    }

    /// Visits the cells of a rectangle: `paint(along_m, across_m, cell)` in its own axes from its middle.
    #[inline]
    pub fn block(&mut self, at: Place, length_m: f32, width_m: f32, mut paint: impl FnMut(f32, f32, &mut Cell)) {
        let (half_l, half_w) = (length_m / 2.0, width_m / 2.0);
        let reach = at.sin.abs() * half_l + at.cos.abs() * half_w;
        let (top, bottom) = self.range(at.y - reach, at.y + reach);
        for row in top..bottom {
            let y = (row as f32 + 0.5) * self.cell_m - at.y;
            let (mut low, mut high) = (f32::MIN, f32::MAX);
            for (slope, offset, half) in [(at.cos, y * at.sin, half_l), (-at.sin, y * at.cos, half_w)] {
                if slope.abs() > 1e-6 {
                    let (a, b) = ((-half - offset) / slope, (half - offset) / slope);
                    low = low.max(a.min(b));
                    high = high.min(a.max(b));
                } else if offset.abs() > half {
                    high = f32::MIN;
                }
            }
            if low >= high {
                continue;
            }
            let (left, right) = self.range(low + at.x, high + at.x);
            if left >= right {
                continue;
            }
            let mut x = (left as f32 + 0.5) * self.cell_m - at.x;
            for cell in &mut self.cells[row * self.side + left..row * self.side + right] {
                paint(x * at.cos + y * at.sin, y * at.cos - x * at.sin, cell);
                x += self.cell_m;
            }
        }
    }

    /// Visits the cells of a disc: `paint(dx_m, dy_m, share_of_radius, cell)`.
    pub fn disc(&mut self, x_m: f32, y_m: f32, radius_m: f32, mut paint: impl FnMut(f32, f32, f32, &mut Cell)) {
        let (top, bottom) = self.range(y_m - radius_m, y_m + radius_m);
        for row in top..bottom {
            let y = (row as f32 + 0.5) * self.cell_m - y_m;
            let half = (radius_m * radius_m - y * y).max(0.0).sqrt();
            let (left, right) = self.range(x_m - half, x_m + half);
            for column in left..right {
                let x = (column as f32 + 0.5) * self.cell_m - x_m;
                paint(x, y, (x * x + y * y).sqrt() / radius_m, &mut self.cells[row * self.side + column]);
            }
        }
    }

    /// A straight line of this width; thinner than a cell, it covers each cell in part.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width_m: f32, paint: impl Fn(&mut Cell, f32)) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        let drawn = width_m.max(self.cell_m);
        let cover = width_m / drawn;
        let at = Place::new((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0, libm::atan2f(dy, dx));
        self.block(at, length, drawn, |_, _, cell| paint(cell, cover));
    }

    /// The cell at a point, if it is on the canvas.
    pub fn at(&self, x_m: f32, y_m: f32) -> Option<&Cell> {
        let (x, y) = (x_m / self.cell_m, y_m / self.cell_m);
        let inside = x >= 0.0 && y >= 0.0 && (x as usize) < self.side && (y as usize) < self.side;
        inside.then(|| &self.cells[y as usize * self.side + x as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_block_covers_its_area() {
        for degrees in [0.0f32, 30.0, 90.0, 137.0] {
            let mut canvas = Canvas::new(200, 0.25);
            let mut n = 0;
            canvas.block(Place::new(25.0, 25.0, degrees.to_radians()), 20.0, 6.0, |_, _, _| n += 1);
            assert!((n as f32 * 0.0625 - 120.0).abs() < 3.0, "{degrees}: {n}");
        }
    }
}
