//! Refinement that never picks peaks: the model that gathers most z over all tiles together.

use super::surfaces::Surfaces;
use crate::geometry::{Point, Transform};
use crate::random::Random;

/// Rounds, draws a round and elite of the cross-entropy search. Six parameters settle within about seven rounds; fewer
/// draws miss narrow maxima, more only cost time.
const ROUNDS: usize = 9;
const DRAWS: usize = 260;
const ELITE: usize = 24;

/// Displacement model: shift, scale and turn, and two shears, in px at the farthest tile: (tx, ty, p, q, u, v).
pub(super) type Parameters = [f64; 6];

/// First spread of each parameter; 0 keeps it fixed.
pub(super) const SIMILARITY_WIDE: Parameters = [2.0, 2.0, 3.0, 3.0, 0.0, 0.0];
pub(super) const SIMILARITY_NEAR: Parameters = [1.0, 1.0, 1.2, 1.2, 0.0, 0.0];
pub(super) const AFFINE_WIDE: Parameters = [1.5, 1.5, 1.5, 1.5, 0.6, 0.6];
pub(super) const AFFINE_NEAR: Parameters = [1.0, 1.0, 1.0, 1.0, 0.7, 0.7];

/// Middle and radius of the tiles: what the parameters are relative to.
fn frame(surfaces: &Surfaces) -> (Point, f64) {
    let n = surfaces.len() as f64;
    let middle =
        Point::new(surfaces.centre.iter().map(|c| c.x).sum::<f64>() / n, surfaces.centre.iter().map(|c| c.y).sum::<f64>() / n);
    let radius = surfaces.centre.iter().map(|c| (c.x - middle.x).abs().max((c.y - middle.y).abs())).fold(0.0, f64::max);
    (middle, radius + 1e-6)
}

fn displacement(parameters: &Parameters, x: f64, y: f64) -> (f64, f64) {
    let [tx, ty, p, q, u, v] = *parameters;
    (tx + (p + u) * x + (v - q) * y, ty + (v + q) * x + (p - u) * y)
}

/// Mean z over the tiles at the model's displacements; −1 where a displacement leaves the surface.
fn gathered(surfaces: &Surfaces, unit: &[(f64, f64)], parameters: &Parameters) -> f64 {
    let (reach, side) = (surfaces.reach as f64, 2 * surfaces.reach + 1);
    let mut sum = 0.0;
    for (tile, &(x, y)) in unit.iter().enumerate() {
        let (dx, dy) = displacement(parameters, x, y);
        if dx.abs() > reach || dy.abs() > reach {
            sum -= 1.0;
            continue;
        }
        let z = surfaces.surface(tile);
        let (px, py) = ((dx + reach).min(2.0 * reach - 1e-3), (dy + reach).min(2.0 * reach - 1e-3));
        let (i, j) = (px as usize, py as usize);
        let (fx, fy) = (px - i as f64, py - j as f64);
        let at = |j: usize, i: usize| f64::from(z[j * side + i]);
        sum +=
            (at(j, i) * (1.0 - fx) + at(j, i + 1) * fx) * (1.0 - fy) + (at(j + 1, i) * (1.0 - fx) + at(j + 1, i + 1) * fx) * fy;
    }
    sum / unit.len() as f64
}

/// Cross-entropy search (Rubinstein 1999) for the parameters with the highest mean z. Returns them and that mean.
fn best(surfaces: &Surfaces, spread: &Parameters, random: &mut Random) -> (Parameters, f64) {
    let (middle, radius) = frame(surfaces);
    let unit: Vec<(f64, f64)> = surfaces.centre.iter().map(|c| ((c.x - middle.x) / radius, (c.y - middle.y) / radius)).collect();
    let (mut mean, mut sigma) = ([0.0; 6], *spread);
    let mut top = (f64::MIN, [0.0; 6]);
    for round in 0..ROUNDS {
        let mut drawn: Vec<(f64, Parameters)> = (0..DRAWS)
            .map(|k| {
                let parameters = match k {
                    0 => mean,
                    1 => top.1,
                    // The first round also looks evenly over the whole range.
                    _ if round == 0 && k < DRAWS / 3 => std::array::from_fn(|i| mean[i] + random.between(-1.6, 1.6) * sigma[i]),
                    _ => std::array::from_fn(|i| mean[i] + random.normal() * sigma[i]),
                };
                (gathered(surfaces, &unit, &parameters), parameters)
            })
            .collect();
        drawn.sort_by(|a, b| b.0.total_cmp(&a.0));
        if drawn[0].0 > top.0 {
            top = drawn[0];
        }
        for i in 0..6 {
            let elite = drawn[..ELITE].iter().map(|d| d.1[i]);
            let middle = elite.clone().sum::<f64>() / ELITE as f64;
            let width = (elite.map(|v| (v - middle) * (v - middle)).sum::<f64>() / ELITE as f64).sqrt();
            mean[i] = 0.5 * middle + 0.5 * top.1[i];
            let floor = if spread[i] > 0.0 { 0.04 } else { 0.0 };
            sigma[i] = (1.15 * width).max(floor).min(sigma[i]);
        }
    }
    (top.1, top.0)
}

/// A better transform, and how much z it gathers beyond chance: (score − mean z)·√(independent tiles).
pub(super) fn refine(
    surfaces: &Surfaces,
    after_to_before: &Transform,
    spread: &Parameters,
    random: &mut Random,
) -> Option<(Transform, f64)> {
    let mut spread = *spread;
    if surfaces.len() < 16 {
        spread[4] = 0.0;
        spread[5] = 0.0;
    }
    let (parameters, score) = best(surfaces, &spread, random);
    let mean = surfaces.z.iter().map(|&v| f64::from(v)).sum::<f64>() / surfaces.z.len() as f64;
    let overlap = (surfaces.step as f64 / surfaces.tile as f64).min(1.0);
    let gain = (score - mean) * (surfaces.len() as f64).sqrt() * overlap;
    let better = corrected(surfaces, after_to_before, &parameters)?;
    plausible(&better).then_some((better, gain))
}

/// `after_to_before` followed by what takes displaced content back to where the tiles are.
fn corrected(surfaces: &Surfaces, after_to_before: &Transform, parameters: &Parameters) -> Option<Transform> {
    let (middle, radius) = frame(surfaces);
    let (ox, oy) = displacement(parameters, 0.0, 0.0);
    let (ax, ay) = displacement(parameters, 1.0, 0.0);
    let (bx, by) = displacement(parameters, 0.0, 1.0);
    let linear = [[1.0 + (ax - ox) / radius, (bx - ox) / radius], [(ay - oy) / radius, 1.0 + (by - oy) / radius]];
    let shift = |row: usize, m: f64, o: f64| m + o - linear[row][0] * middle.x - linear[row][1] * middle.y;
    let displaced = Transform([
        [linear[0][0], linear[0][1], shift(0, middle.x, ox)],
        [linear[1][0], linear[1][1], shift(1, middle.y, oy)],
        [0.0, 0.0, 1.0],
    ]);
    let (sx, sy) = surfaces.factor;
    let down = Transform([[sx, 0.0, 0.0], [0.0, sy, 0.0], [0.0, 0.0, 1.0]]);
    Some(after_to_before.then(&down).then(&displaced.inverse()?).then(&down.inverse()?))
}

/// A camera over flat ground: no mirror, scale 0.4 to 2.2, sides within a third of each other.
pub(super) fn plausible(t: &Transform) -> bool {
    let (scale, stretch) = shape(t);
    scale.is_finite() && (0.4..2.2).contains(&scale) && stretch < 1.35
}

/// Scale and stretch (ratio of the larger to the smaller singular value) of the linear part; infinite when mirrored.
pub(super) fn shape(t: &Transform) -> (f64, f64) {
    let [[a, b, _], [c, d, _], _] = t.0;
    let det = a * d - b * c;
    if !det.is_finite() || det <= 0.0 {
        return (f64::INFINITY, f64::INFINITY);
    }
    let sum = (a * a + b * b + c * c + d * d) / 2.0;
    let root = (sum * sum - det * det).max(0.0).sqrt();
    (det.sqrt(), ((sum + root) / (sum - root).max(1e-12)).sqrt())
}
