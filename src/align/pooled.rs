//! One small correction for all tiles together.
//!
//! The correction maximises the *sum* of the tiles' surfaces at the displacements it gives them. No tile has to find its own
//! peak, which on small or changed images most can't. First a cross-entropy search: draw corrections around a mean, keep the best,
//! narrow, repeat. Then Newton steps on the surfaces' local curvature, in which a tile that only knows one direction (a stretch of
//! track) speaks for that direction alone.

use super::Model;
use super::surfaces::Surfaces;
use crate::geometry::{Point, Transform};
use crate::random::Random;

/// Displacement in working pixels, as shift, then turn and stretch measured at the outermost tile:
/// `dx = t0 + (t2 + t4)·X + (t5 − t3)·Y`, `dy = t1 + (t5 + t3)·X + (t2 − t4)·Y`, with X, Y from −1 to 1.
pub(super) type Correction = [f64; 6];

/// Rounds of the cross-entropy search; the spread shrinks to a few hundredths of a pixel by the eighth.
const ROUNDS: usize = 9;

/// Corrections drawn in a round. Half as many lose the peak on small scenes, twice as many find the same.
const SAMPLES: usize = 260;

/// The best of a round, which place and narrow the next.
const ELITE: usize = 24;

/// The value a displacement beyond the searched radius counts, so that a correction can't win by leaving.
const OUTSIDE: f32 = -1.0;

/// Middle and reach of the tiles: what the correction is measured against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Normalisation {
    /// Middle of the tiles, working px.
    pub middle: Point,
    /// Largest distance from it on an axis, working px.
    pub reach: f64,
}

impl Normalisation {
    /// Of all tiles.
    pub fn of(surfaces: &Surfaces) -> Self {
        let n = surfaces.len() as f64;
        let (sx, sy) = surfaces.centres.iter().fold((0.0, 0.0), |(a, b), c| (a + c.x, b + c.y));
        let middle = Point::new(sx / n, sy / n);
        let reach = surfaces.centres.iter().map(|c| (c.x - middle.x).abs().max((c.y - middle.y).abs())).fold(1.0, f64::max);
        Self { middle, reach }
    }

    fn normal(&self, p: Point) -> (f64, f64) {
        ((p.x - self.middle.x) / self.reach, (p.y - self.middle.y) / self.reach)
    }
}

/// Where a correction sends the content at normalised coordinates.
fn displacement(c: &Correction, (x, y): (f64, f64)) -> (f64, f64) {
    (c[0] + (c[2] + c[4]) * x + (c[5] - c[3]) * y, c[1] + (c[5] + c[3]) * x + (c[2] - c[4]) * y)
}

/// Displacement of a tile, working px.
pub(super) fn displacement_at(c: &Correction, frame: &Normalisation, p: Point) -> (f64, f64) {
    displacement(c, frame.normal(p))
}

/// `transform` followed by the correction that takes displaced content back.
pub(super) fn corrected(transform: &Transform, c: &Correction, frame: &Normalisation, zoom: f64) -> Option<Transform> {
    let r = frame.reach;
    let (a, b, d, e) = (1.0 + (c[2] + c[4]) / r, (c[5] - c[3]) / r, (c[5] + c[3]) / r, 1.0 + (c[2] - c[4]) / r);
    let (mx, my) = (frame.middle.x, frame.middle.y);
    let there = Transform([[a, b, c[0] + mx - a * mx - b * my], [d, e, c[1] + my - d * mx - e * my], [0.0, 0.0, 1.0]]);
    let working = transform.then(&Transform::similarity(zoom, 0.0, 0.0, 0.0));
    Some(working.then(&there.inverse()?).then(&Transform::similarity(1.0 / zoom, 0.0, 0.0, 0.0)))
}

/// Bilinear value of a surface; [`OUTSIDE`] beyond its rim.
pub(super) fn value_at(surface: &[f32], radius: usize, dx: f64, dy: f64) -> f32 {
    let side = 2 * radius + 1;
    let (x, y) = (dx + radius as f64, dy + radius as f64);
    let last = (side - 1) as f64;
    if !(x >= 0.0 && y >= 0.0 && x <= last && y <= last) {
        return OUTSIDE;
    }
    let (x0, y0) = ((x as usize).min(side - 2), (y as usize).min(side - 2));
    let (u, v) = ((x - x0 as f64) as f32, (y - y0 as f64) as f32);
    let at = y0 * side + x0;
    let (a, b) = (&surface[at..at + 2], &surface[at + side..at + side + 2]);
    let top = a[0] + (a[1] - a[0]) * u;
    top + (b[0] + (b[1] - b[0]) * u - top) * v
}

/// Cross-entropy search over the chosen tiles; the best correction and its mean value a tile. `spread` is the first standard deviation of each
/// parameter; zero keeps it out.
pub(super) fn search(surfaces: &Surfaces, tiles: &[usize], frame: &Normalisation, spread: &Correction) -> (Correction, f32) {
    let radius = surfaces.layout.radius_px;
    let spots: Vec<((f64, f64), &[f32])> = tiles.iter().map(|t| (frame.normal(surfaces.centres[*t]), surfaces.of(*t))).collect();
    let total = |c: &Correction| -> f32 {
        spots
            .iter()
            .map(|(at, surface)| {
                let (dx, dy) = displacement(c, *at);
                value_at(surface, radius, dx, dy)
            })
            .sum()
    };
    let mut random = Random::new(0x5EED);
    let (mut mean, mut width) = ([0.0; 6], *spread);
    let mut best = (f32::MIN, mean);
    for round in 0..ROUNDS {
        let mut drawn: Vec<(f32, Correction)> = (0..SAMPLES)
            .map(|k| {
                let c = match k {
                    0 => mean,
                    1 => best.1,
                    _ if round == 0 && k < SAMPLES / 3 => std::array::from_fn(|i| 1.6 * width[i] * random.between(-1.0, 1.0)),
                    _ => std::array::from_fn(|i| mean[i] + width[i] * random.normal()),
                };
                (total(&c), c)
            })
            .collect();
        drawn.sort_by(|a, b| b.0.total_cmp(&a.0));
        if drawn[0].0 > best.0 {
            best = drawn[0];
        }
        let elite = &drawn[..ELITE];
        for i in 0..6 {
            let m = elite.iter().map(|e| e.1[i]).sum::<f64>() / ELITE as f64;
            let variance = elite.iter().map(|e| (e.1[i] - m) * (e.1[i] - m)).sum::<f64>() / ELITE as f64;
            mean[i] = 0.5 * (m + best.1[i]);
            width[i] = (1.15 * variance.sqrt()).max(if spread[i] > 0.0 { 0.04 } else { 0.0 }).min(width[i]);
        }
    }
    (best.1, best.0 / tiles.len().max(1) as f32)
}

/// Height of a surface above its far field, in its standard deviations, at a displacement; and the mean and deviation used.
pub(super) fn standing(surface: &[f32], radius: usize, dx: f64, dy: f64) -> f32 {
    let (mean, deviation) = far_field(surface, radius, dx, dy);
    (value_at(surface, radius, dx, dy) - mean) / deviation
}

/// Mean and standard deviation of a surface farther than four pixels from a displacement.
pub(super) fn far_field(surface: &[f32], radius: usize, dx: f64, dy: f64) -> (f32, f32) {
    /// Within this many pixels a right peak is still falling off: the blur of the field and of the tile's own grain.
    const PEAK_PX: f64 = 4.0;
    /// Values are in standard deviations of chance; a far field calmer than this is an empty or masked one, not a better one.
    const LEAST_DEVIATION: f32 = 0.7;
    let side = 2 * radius + 1;
    let (mut n, mut sum, mut squares) = (0.0f32, 0.0f32, 0.0f32);
    for (i, v) in surface.iter().enumerate() {
        let (x, y) = ((i % side) as f64 - radius as f64 - dx, (i / side) as f64 - radius as f64 - dy);
        if x * x + y * y > PEAK_PX * PEAK_PX {
            n += 1.0;
            sum += v;
            squares += v * v;
        }
    }
    let mean = sum / n.max(1.0);
    (mean, (squares / n.max(1.0) - mean * mean).max(0.0).sqrt().max(LEAST_DEVIATION))
}

/// Newton steps from `start`, restricted to the model; tiles that stand below their far field have no say.
pub(super) fn polish(
    surfaces: &Surfaces,
    tiles: &[usize],
    frame: &Normalisation,
    start: &Correction,
    model: Model,
) -> Correction {
    /// Steps; from within half a pixel the third no longer moves.
    const STEPS: usize = 4;
    /// A tile that stands this high (in its own standard deviations) has its full say.
    const FULL_SAY: f32 = 4.0;
    /// Longest step, working px: the parabola through three values isn't trusted further.
    const LONGEST_PX: f64 = 0.75;
    let radius = surfaces.layout.radius_px;
    let free = free_parameters(model);
    let mut c = *start;
    for _ in 0..STEPS {
        let (mut hessian, mut gradient) = ([[0.0; 6]; 6], [0.0; 6]);
        for tile in tiles {
            let surface = surfaces.of(*tile);
            let (x, y) = frame.normal(surfaces.centres[*tile]);
            let (dx, dy) = displacement(&c, (x, y));
            let say = f64::from((standing(surface, radius, dx, dy) / FULL_SAY).clamp(0.0, 1.0));
            let Some((g, h)) = curvature(surface, radius, dx, dy).filter(|_| say > 0.0) else { continue };
            let rows = [[1.0, 0.0, x, -y, x, y], [0.0, 1.0, y, x, -y, x]];
            for i in 0..6 {
                gradient[i] += say * (rows[0][i] * g[0] + rows[1][i] * g[1]);
                for j in 0..6 {
                    let hj = [h[0] * rows[0][j] + h[1] * rows[1][j], h[1] * rows[0][j] + h[2] * rows[1][j]];
                    hessian[i][j] += say * (rows[0][i] * hj[0] + rows[1][i] * hj[1]);
                }
            }
        }
        let Some(step) = solve(hessian, gradient, &free) else { return c };
        let longest = step.iter().fold(0.0f64, |a, v| a.max(v.abs()));
        let share = if longest > LONGEST_PX { LONGEST_PX / longest } else { 1.0 };
        (0..6).for_each(|i| c[i] += share * step[i]);
    }
    c
}

fn free_parameters(model: Model) -> Vec<usize> {
    match model {
        Model::Shift => vec![0, 1],
        Model::Similarity => vec![0, 1, 2, 3],
        Model::Affine | Model::Projective => vec![0, 1, 2, 3, 4, 5],
    }
}

/// Gradient, and the negated Hessian made positive, of a parabola through the nine values around a displacement.
fn curvature(surface: &[f32], radius: usize, dx: f64, dy: f64) -> Option<([f64; 2], [f64; 3])> {
    let side = 2 * radius + 1;
    let limit = radius as f64 - 1.0;
    if !(dx.abs() <= limit && dy.abs() <= limit) {
        return None;
    }
    let (cx, cy) = (libm::round(dx), libm::round(dy));
    let at = |i: i64, j: i64| {
        f64::from(surface[(cy as i64 + j + radius as i64) as usize * side + (cx as i64 + i + radius as i64) as usize])
    };
    let (fx, fy) = (0.5 * (at(1, 0) - at(-1, 0)), 0.5 * (at(0, 1) - at(0, -1)));
    let (xx, yy) = (at(1, 0) - 2.0 * at(0, 0) + at(-1, 0), at(0, 1) - 2.0 * at(0, 0) + at(0, -1));
    let xy = 0.25 * (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1));
    let (u, v) = (dx - cx, dy - cy);
    let gradient = [fx + xx * u + xy * v, fy + xy * u + yy * v];
    Some((gradient, positive_part([-xx, -xy, -yy])))
}

/// A symmetric 2 × 2 matrix (xx, xy, yy) with its negative eigenvalues set to zero.
fn positive_part(m: [f64; 3]) -> [f64; 3] {
    let (middle, half) = (0.5 * (m[0] + m[2]), 0.5 * (m[0] - m[2]));
    let radius = (half * half + m[1] * m[1]).sqrt();
    let (high, low) = ((middle + radius).max(0.0), (middle - radius).max(0.0));
    if radius < 1e-12 {
        return [high, 0.0, high];
    }
    let (c, s) = (half / radius, m[1] / radius);
    let (mean, spread) = (0.5 * (high + low), 0.5 * (high - low));
    [mean + spread * c, spread * s, mean - spread * c]
}

/// Solves for the free parameters by Gauss elimination with pivots; zeros for the others.
fn solve(matrix: [[f64; 6]; 6], right: [f64; 6], free: &[usize]) -> Option<Correction> {
    /// Share of the diagonal's mean that is added to it: holds still what the tiles don't know.
    const RIDGE: f64 = 1e-4;
    let n = free.len();
    let ridge = RIDGE * free.iter().map(|i| matrix[*i][*i]).sum::<f64>() / n as f64;
    let mut rows: Vec<Vec<f64>> = free
        .iter()
        .map(|i| free.iter().map(|j| matrix[*i][*j] + if i == j { ridge } else { 0.0 }).chain([right[*i]]).collect())
        .collect();
    for k in 0..n {
        let pivot = (k..n).max_by(|a, b| rows[*a][k].abs().total_cmp(&rows[*b][k].abs()))?;
        rows.swap(k, pivot);
        if rows[k][k].abs() < 1e-12 {
            return None;
        }
        let (done, below) = rows.split_at_mut(k + 1);
        let pivot = &done[k];
        for row in below {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(pivot).skip(k).for_each(|(v, p)| *v -= factor * p);
        }
    }
    let mut out = [0.0; 6];
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|j| rows[k][j] * out[free[j]]).sum();
        out[free[k]] = (rows[k][n] - known) / rows[k][k];
    }
    out.iter().all(|v| v.is_finite()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::super::surfaces::Layout;
    use super::*;

    /// Surfaces with round peaks where `truth` sends each tile of a 5 × 4 grid.
    fn drawn(truth: &Correction) -> Surfaces {
        let layout = Layout { zoom: 0.5, tile_px: 20, radius_px: 6, tiles: 20, spacing: 1.0, even_only: false };
        let centres: Vec<Point> =
            (0..20).map(|i| Point::new(10.0 + 20.0 * (i % 5) as f64, 10.0 + 20.0 * (i / 5) as f64)).collect();
        let mut s = Surfaces { layout, step_px: 20, centres, odd: vec![false; 20], values: Vec::new() };
        let frame = Normalisation::of(&s);
        for tile in 0..20 {
            let (dx, dy) = displacement(truth, frame.normal(s.centres[tile]));
            for i in 0..169 {
                let (x, y) = ((i % 13) as f64 - 6.0 - dx, (i / 13) as f64 - 6.0 - dy);
                s.values.push((8.0 * libm::exp(-(x * x + y * y) / 6.0)) as f32);
            }
        }
        s
    }

    #[test]
    fn search_and_polish_find_a_drawn_correction() {
        let truth = [1.3, -0.8, 0.6, -0.9, 0.3, 0.2];
        let s = drawn(&truth);
        let (frame, all) = (Normalisation::of(&s), (0..20).collect::<Vec<_>>());
        let (rough, _) = search(&s, &all, &frame, &[2.0, 2.0, 2.0, 2.0, 1.0, 1.0]);
        assert!((0..6).all(|i| (rough[i] - truth[i]).abs() < 0.4), "{rough:?}");
        let fine = polish(&s, &all, &frame, &rough, Model::Affine);
        assert!((0..6).all(|i| (fine[i] - truth[i]).abs() < 0.1), "{fine:?}");
    }

    #[test]
    fn a_correction_takes_displaced_content_back() {
        let c = [1.3, -0.8, 0.6, -0.9, 0.3, 0.2];
        let frame = Normalisation { middle: Point::new(50.0, 40.0), reach: 40.0 };
        let (zoom, start) = (0.5, Transform::similarity(1.1, 0.2, 5.0, 7.0));
        let fixed = corrected(&start, &c, &frame, zoom).expect("regular");
        // Content that `start` puts at p + d(p) belongs at p.
        let p = Point::new(30.0, 60.0);
        let (dx, dy) = displacement_at(&c, &frame, p);
        let put = Point::new((p.x + dx) / zoom, (p.y + dy) / zoom);
        let after = start.inverse().expect("regular").apply(put);
        assert!(fixed.apply(after).distance(Point::new(p.x / zoom, p.y / zoom)) < 1e-9);
    }

    #[test]
    fn a_saddle_keeps_only_its_falling_direction() {
        assert_eq!(positive_part([2.0, 0.0, -1.0]), [2.0, 0.0, 0.0]);
        let m = positive_part([0.0, 1.0, 0.0]);
        assert!((m[0] - 0.5).abs() < 1e-12 && (m[1] - 0.5).abs() < 1e-12);
    }
}
