//! A change told apart by what the comparison says of the cars: hatched one way where a railcar came, the other way where one went, plain elsewhere.
//!
//! The score of a change has no sign: that a pixel is brighter or darker says nothing of what came or went. Only the cars do.

use super::desk::Fated;
use super::draw::TILE_PX;
use crate::geometry::Point;

/// Colours of new and gone cars, as their outlines have them.
const CAME_RGB: [u8; 3] = [0xE6, 0x9F, 0x00];
const WENT_RGB: [u8; 3] = [0x00, 0x72, 0xB2];

/// From one stroke to the next, px of the tile; divides its side, so that strokes run on from tile to tile.
const PERIOD_PX: i64 = 8;

/// Width of a stroke along a row, px.
const STROKE_PX: i64 = 4;

/// How much of the change stays between the strokes.
const BETWEEN: f64 = 0.35;

/// Hatches the change on a tile (zoom, column, row; RGBA) where it lies in one of these cars: `/` where one came, `\\` where one went.
pub fn tell_apart(rgba: &mut [u8], (zoom, column, row): (i32, i32, i32), cars: &[Fated]) {
    let px = libm::exp2(f64::from(zoom));
    let side = TILE_PX as f64;
    let (left, top) = (f64::from(column) * side, f64::from(row) * side);
    for car in cars {
        let corners = car.corners.map(|p| Point::new(p.x * px - left, p.y * px - top));
        let span = |of: fn(&Point) -> f64| {
            let (from, to) = corners.iter().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
            from.floor().clamp(0.0, side) as usize..to.ceil().clamp(0.0, side) as usize
        };
        for j in span(|p| p.y) {
            for i in span(|p| p.x) {
                if !within(&corners, Point::new(i as f64 + 0.5, j as f64 + 0.5)) {
                    continue;
                }
                let pixel = &mut rgba[(j * TILE_PX + i) * 4..][..4];
                let phase = if car.came { i as i64 + j as i64 } else { i as i64 - j as i64 };
                pixel[..3].copy_from_slice(if car.came { &CAME_RGB } else { &WENT_RGB });
                if phase.rem_euclid(PERIOD_PX) >= STROKE_PX {
                    pixel[3] = (f64::from(pixel[3]) * BETWEEN) as u8;
                }
            }
        }
    }
}

/// Whether a point lies in a convex outline, whichever way it runs.
fn within(corners: &[Point; 4], p: Point) -> bool {
    let turn = |k: usize| {
        let (a, b) = (corners[k], corners[(k + 1) % 4]);
        (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)
    };
    let turns = [0, 1, 2, 3].map(turn);
    turns.iter().all(|t| *t >= 0.0) || turns.iter().all(|t| *t <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn car(came: bool, x: f64) -> Fated {
        let corners = [(x, 8.0), (x + 16.0, 8.0), (x + 16.0, 24.0), (x, 24.0)].map(|(x, y)| Point::new(x, y));
        Fated { came, corners }
    }

    fn pixel(rgba: &[u8], x: usize, y: usize) -> [u8; 4] {
        std::array::from_fn(|k| rgba[(y * TILE_PX + x) * 4 + k])
    }

    #[test]
    fn what_came_and_what_went_are_hatched_in_opposite_ways() {
        let mut rgba = [240, 228, 66, 100].repeat(TILE_PX * TILE_PX);
        tell_apart(&mut rgba, (0, 0, 0), &[car(true, 8.0), car(false, 40.0)]);
        // One step to the right and one up stays on the same stroke where one came; one to the right and one down where one went.
        let alike = |x: usize, y: usize, dy: i64| pixel(&rgba, x, y)[3] == pixel(&rgba, x + 1, (y as i64 + dy) as usize)[3];
        assert!((9..20).all(|x| alike(x, 14, -1)) && (41..52).all(|x| alike(x, 14, 1)));
        assert!(!(9..20).all(|x| alike(x, 14, 1)) && !(41..52).all(|x| alike(x, 14, -1)));
        assert_eq!(
            (pixel(&rgba, 12, 12)[..3].to_vec(), pixel(&rgba, 44, 12)[..3].to_vec()),
            (CAME_RGB.to_vec(), WENT_RGB.to_vec())
        );
        assert_eq!(pixel(&rgba, 4, 4), [240, 228, 66, 100], "elsewhere it stays as it is");
    }

    #[test]
    fn strokes_run_on_in_the_next_tile_at_another_zoom() {
        let mut rgba = [240, 228, 66, 100].repeat(TILE_PX * TILE_PX);
        tell_apart(&mut rgba, (-1, 1, 0), &[Fated { came: true, ..car(true, 512.0) }]);
        assert_eq!(pixel(&rgba, 3, 6)[..3], CAME_RGB, "x 518 of the frame is the third pixel of the second tile at half size");
        assert_eq!(pixel(&rgba, 9, 6)[..3], [240, 228, 66]);
    }

    #[test]
    fn what_is_no_change_stays_unseen() {
        let mut rgba = vec![0; TILE_PX * TILE_PX * 4];
        tell_apart(&mut rgba, (0, 0, 0), &[car(true, 8.0)]);
        assert!(rgba.chunks_exact(4).all(|pixel| pixel[3] == 0));
    }
}
