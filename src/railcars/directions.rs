//! Which way the lines of the image run, cell by cell, and the few directions that cover them.

use super::frame::line_angle_between;
use super::ground::Ground;
use crate::geometry::Point;
use std::collections::BTreeSet;
use std::ops::Range;

/// Side of a cell, m. About two car lengths: smaller and a cell may hold nothing but one roof, larger and a curve of 150 m
/// radius turns by more than the network bears within one.
pub(super) const CELL_M: f64 = 32.0;

/// Cells within this of a chosen direction are seen under it. The network was trained with a jitter of 5° (standard deviation).
const COVER_RAD: f64 = 8.0 * std::f64::consts::PI / 180.0;

/// Share of gradient energy that must agree on a direction for a cell to count as having one; 0 is none, 1 a perfect grating.
/// Low, since a cell that is looked at in vain costs time only, and one that is not looked at costs its cars.
const COHERENT: f64 = 0.06;

/// Most directions looked at. Twelve times 2 × 8° covers every direction there is.
const MAX_DIRECTIONS: usize = 12;

/// One direction and the cells it covers.
pub(super) struct Direction {
    /// From +x toward +y, 0 to π.
    pub angle_rad: f64,
    /// (column, row) of the cells, row by row.
    pub cells: BTreeSet<(usize, usize)>,
}

/// A line direction as a vector at twice its angle, with the energy it was gathered from.
#[derive(Debug, Clone, Copy, Default)]
struct Orientation {
    cos2: f64,
    sin2: f64,
    energy: f64,
}

impl Orientation {
    fn add(&mut self, other: Self, weight: f64) {
        self.cos2 += weight * other.cos2;
        self.sin2 += weight * other.sin2;
        self.energy += weight * other.energy;
    }

    fn strength(self) -> f64 {
        libm::hypot(self.cos2, self.sin2)
    }

    fn coherence(self) -> f64 {
        self.strength() / self.energy.max(1e-9)
    }

    /// 0 to π.
    fn angle_rad(self) -> f64 {
        let a = 0.5 * libm::atan2(self.sin2, self.cos2);
        if a < 0.0 { a + std::f64::consts::PI } else { a }
    }
}

/// The cells of the image as a grid.
struct Grid {
    columns: usize,
    rows: usize,
    cells: Vec<Orientation>,
}

impl Grid {
    /// Place in the list of the cell in which a point lies; `None` outside.
    fn cell_at(&self, p: Point, ground: &Ground) -> Option<usize> {
        let (column, row) = cell_of(p, ground);
        (column < self.columns && row < self.rows).then_some(row * self.columns + column)
    }

    /// Places in the list of a cell and of those that it touches.
    fn around(&self, cell: usize) -> impl Iterator<Item = usize> + use<> {
        let (x, y, columns) = (cell % self.columns, cell / self.columns, self.columns);
        let (across, down) = (x.saturating_sub(1)..(x + 2).min(columns), y.saturating_sub(1)..(y + 2).min(self.rows));
        down.flat_map(move |row| across.clone().map(move |column| row * columns + column))
    }
}

/// Finds the directions of the cells that hold one of the given places (in pixels), the one with the most energy first. Empty where no such
/// cell has one.
pub(super) fn find(ground: &Ground, places: impl Iterator<Item = Point>) -> Vec<Direction> {
    let blank = measured(ground, |_| false);
    let asked: BTreeSet<usize> = places.filter_map(|p| blank.cell_at(p, ground)).collect();
    let wanted: BTreeSet<usize> = asked.iter().flat_map(|&i| blank.around(i)).collect();
    let grid = smoothed(&measured(ground, |i| wanted.contains(&i)));
    covering(&grid, asked.into_iter().filter(|&i| grid.cells[i].coherence() >= COHERENT).collect())
}

/// The same for the `most` cells with the strongest lines only: where a yard is, if there is one.
pub(super) fn find_strongest(ground: &Ground, most: usize) -> Vec<Direction> {
    let grid = smoothed(&measured(ground, |_| true));
    let mut coherent: Vec<usize> = (0..grid.cells.len()).filter(|&i| grid.cells[i].coherence() >= COHERENT).collect();
    coherent.sort_by(|&a, &b| grid.cells[b].strength().total_cmp(&grid.cells[a].strength()).then(a.cmp(&b)));
    coherent.truncate(most);
    coherent.sort_unstable();
    covering(&grid, coherent)
}

/// Directions that cover the given cells.
fn covering(grid: &Grid, mut left: Vec<usize>) -> Vec<Direction> {
    let mut found = Vec::new();
    while !left.is_empty() && found.len() < MAX_DIRECTIONS {
        let angle_rad = strongest(grid, &left);
        let (cells, rest): (Vec<_>, Vec<_>) =
            left.iter().partition(|&&i| line_angle_between(grid.cells[i].angle_rad(), angle_rad) <= COVER_RAD);
        if cells.is_empty() {
            break;
        }
        left = rest;
        found.push(Direction { angle_rad, cells: cells.into_iter().map(|i| (i % grid.columns, i / grid.columns)).collect() });
    }
    found
}

/// The cell (column, row) in which a point of the ground lies.
pub(super) fn cell_of(p: Point, ground: &Ground) -> (usize, usize) {
    let side = CELL_M / ground.gsd_m;
    ((p.x / side) as usize, (p.y / side) as usize)
}

/// Gradients of the cells for which `wanted` (cell of the list) says so. Dividing the tensor by the gradient's length keeps one bright roof from
/// outshouting the tracks.
fn measured(ground: &Ground, wanted: impl Fn(usize) -> bool) -> Grid {
    let side = CELL_M / ground.gsd_m;
    let count = |n: usize| ((n as f64 / side).ceil() as usize).max(1);
    let (columns, rows) = (count(ground.width()), count(ground.height()));
    // Pixels of a cell along one axis; those on the image's rim have no gradient.
    let pixels = |cell: usize, n: usize| {
        let from = |cell: usize| (cell as f64 * side).ceil() as usize;
        from(cell).max(1)..from(cell + 1).min(n.saturating_sub(1))
    };
    let mut cells = vec![Orientation::default(); columns * rows];
    for i in (0..cells.len()).filter(|&i| wanted(i)) {
        cells[i] = orientation(ground, pixels(i % columns, ground.width()), pixels(i / columns, ground.height()));
    }
    Grid { columns, rows, cells }
}

/// The sum over the pixels of a cell, none of them on the image's rim.
fn orientation(ground: &Ground, columns: Range<usize>, rows: Range<usize>) -> Orientation {
    let mut sum = Orientation::default();
    if columns.is_empty() || rows.is_empty() {
        return sum;
    }
    let line = |y: usize| smooth_row(ground, y, columns.start - 1..columns.end + 1);
    let mut lines = [line(rows.start - 1), line(rows.start - 1), line(rows.start)];
    for y in rows {
        lines.rotate_left(1);
        lines[2] = line(y + 1);
        for (k, x) in columns.clone().enumerate() {
            if !ground.is_valid(Point::new(x as f64 + 0.5, y as f64 + 0.5)) {
                continue;
            }
            // Places k, k + 1 and k + 2 of the lines are the pixels x - 1, x and x + 1.
            let gx = f64::from(lines[1][k + 2] - lines[1][k]) * 2.0
                + f64::from(lines[0][k + 2] - lines[0][k] + lines[2][k + 2] - lines[2][k]);
            let gy = f64::from(lines[2][k + 1] - lines[0][k + 1]) * 2.0
                + f64::from(lines[2][k] - lines[0][k] + lines[2][k + 2] - lines[0][k + 2]);
            let length = (gx * gx + gy * gy).sqrt();
            if length > 0.0 {
                // A line runs across its gradient: the double angle turns by π, both signs flip.
                let line = Orientation { cos2: (gy * gy - gx * gx) / length, sin2: -2.0 * gx * gy / length, energy: length };
                sum.add(line, 1.0);
            }
        }
    }
    sum
}

/// Luma of some columns of one row, weighted 1-2-1 along it.
fn smooth_row(ground: &Ground, y: usize, columns: Range<usize>) -> Vec<f32> {
    let last = ground.width() - 1;
    columns
        .map(|x| 0.25 * ground.luma(x.saturating_sub(1), y) + 0.5 * ground.luma(x, y) + 0.25 * ground.luma((x + 1).min(last), y))
        .collect()
}

/// Every cell with a quarter of each neighbour's say: tracks run on from cell to cell, roofs do not.
fn smoothed(grid: &Grid) -> Grid {
    let at = |i: usize| {
        let mut sum = Orientation::default();
        grid.around(i).for_each(|other| sum.add(grid.cells[other], if other == i { 1.0 } else { 0.25 }));
        sum
    };
    let cells = (0..grid.cells.len()).map(at).collect();
    Grid { columns: grid.columns, rows: grid.rows, cells }
}

/// The direction that covers most energy of the cells left, refined to their mean.
fn strongest(grid: &Grid, left: &[usize]) -> f64 {
    let covered = |angle_rad: f64| {
        let mut sum = Orientation::default();
        for &i in left {
            let cell = grid.cells[i];
            let off = line_angle_between(cell.angle_rad(), angle_rad);
            if off < COVER_RAD {
                sum.add(cell, 1.0 - 0.5 * off / COVER_RAD);
            }
        }
        sum
    };
    let degrees = std::f64::consts::PI / 180.0;
    let mut best = Orientation::default();
    for k in 0..90 {
        let sum = covered(f64::from(k) * 2.0 * degrees);
        if sum.strength() > best.strength() {
            best = sum;
        }
    }
    best.angle_rad()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Raster;

    /// Stripes whose lines run at `angle_rad`, 5 m apart.
    fn stripes(angle_rad: f64) -> Raster<u8> {
        let (s, c) = (libm::sin(angle_rad), libm::cos(angle_rad));
        let grey = Raster::from_fn(200, 160, |x, y| {
            let across = y as f64 * c - x as f64 * s;
            (100.0 + 60.0 * libm::sin(across * std::f64::consts::TAU / 10.0)) as u8
        });
        Raster::new(200, 160, 3, grey.samples().iter().flat_map(|&v| [v; 3]).collect()).expect("three bands")
    }

    fn everywhere(ground: &Ground) -> impl Iterator<Item = Point> + use<> {
        let (width, height) = (ground.width(), ground.height());
        (0..width * height).map(move |i| Point::new((i % width) as f64, (i / width) as f64))
    }

    #[test]
    fn only_the_cells_asked_for_are_covered() {
        let ground = Ground::new(&stripes(0.3), None, 0.5);
        let found = find(&ground, [Point::new(70.0, 10.0), Point::new(900.0, 10.0)].into_iter());
        assert_eq!(found.iter().flat_map(|d| d.cells.iter().copied()).collect::<Vec<_>>(), [(1, 0)]);
    }

    #[test]
    fn stripes_have_one_direction() {
        for degrees in [0.0f64, 26.0, 90.0, 150.0] {
            let angle = degrees.to_radians();
            let ground = Ground::new(&stripes(angle), None, 0.5);
            let found = find(&ground, everywhere(&ground));
            assert_eq!(found.len(), 1, "{degrees}");
            assert!(line_angle_between(found[0].angle_rad, angle) < 0.02, "{degrees}: {}", found[0].angle_rad.to_degrees());
        }
    }

    #[test]
    fn a_flat_image_has_none() {
        for side in [64, 1] {
            let ground = Ground::new(&Raster::filled(side, side, 3, 80u8), None, 0.5);
            assert!(find(&ground, everywhere(&ground)).is_empty());
        }
    }
}
