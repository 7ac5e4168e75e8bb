//! Pairs cars that stand over each other, one to one.

use crate::geometry::{OrientedRect, Transform};
use crate::yard::Detection;

/// Bodies whose axes are farther apart than this, across, stand on different tracks, m. Tracks lie at least 4.5 m apart;
/// the alignment, the lean of roofs seen from two sides and the detection each take a few decimetres off half of that.
const CORRIDOR_M: f64 = 1.75;

/// Bodies are one place when they share more than this part of the shorter one. At half, a string that moved on by less
/// than half a car pairs with its old places, and a car can never be claimed by two.
const SHARED_PART: f64 = 0.5;

/// Pairs (id of *before*, id of *after*) of cars that share more than half of the shorter body, the largest shares first.
pub fn one_to_one(before: &Detection, after: &Detection, after_to_before: &Transform) -> Vec<(u32, u32)> {
    let gsd_m = before.gsd_m;
    let mut candidates = Vec::new();
    for (j, a) in after.railcars.iter().enumerate() {
        let carried = carry(&a.rect_px, after_to_before);
        for (i, b) in before.railcars.iter().enumerate() {
            let shared = shared_part(&b.rect_px, &carried, CORRIDOR_M / gsd_m);
            if shared > SHARED_PART {
                candidates.push((shared, i, j));
            }
        }
    }
    candidates.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let (mut taken_before, mut taken_after) = (vec![false; before.railcars.len()], vec![false; after.railcars.len()]);
    let mut pairs = Vec::new();
    for (_, i, j) in candidates {
        if !taken_before[i] && !taken_after[j] {
            (taken_before[i], taken_after[j]) = (true, true);
            pairs.push((i, j));
        }
    }
    pairs.sort_unstable();
    pairs.into_iter().map(|(i, j)| (before.railcars[i].id, after.railcars[j].id)).collect()
}

/// A rectangle as the other image shows it: centre, turn and scale are carried, the sides stay square.
pub fn carry(rect: &OrientedRect, transform: &Transform) -> OrientedRect {
    let scale = transform.scale_at(rect.center);
    OrientedRect {
        center: transform.apply(rect.center),
        length: rect.length * scale,
        width: rect.width * scale,
        angle_rad: rect.angle_rad + transform.turn_at(rect.center),
    }
}

/// The share of the shorter body, where it is large enough for both to stand at one place.
pub fn shares(b: &OrientedRect, a: &OrientedRect, gsd_m: f64) -> Option<f64> {
    Some(shared_part(b, a, CORRIDOR_M / gsd_m)).filter(|shared| *shared > SHARED_PART)
}

/// How much of the shorter body lies beside the other, 0 to 1; 0 when their axes are farther apart than the corridor.
fn shared_part(b: &OrientedRect, a: &OrientedRect, corridor: f64) -> f64 {
    let (s, c) = (libm::sin(b.angle_rad), libm::cos(b.angle_rad));
    let (dx, dy) = (a.center.x - b.center.x, a.center.y - b.center.y);
    let (along, across) = (dx * c + dy * s, dy * c - dx * s);
    if across.abs() > corridor {
        return 0.0;
    }
    // A body that crosses at an angle covers only its projection.
    let reach = a.length * libm::cos(a.angle_rad - b.angle_rad).abs();
    let overlap = (b.length / 2.0).min(along + reach / 2.0) - (-b.length / 2.0).max(along - reach / 2.0);
    let shorter = b.length.min(a.length);
    if shorter > 0.0 { (overlap / shorter).clamp(0.0, 1.0) } else { 0.0 }
}
