//! Moves a traced line sideways onto the axis of its cars.
//!
//! A grey roof on grey ballast beside its own black shadow can make the network take the shadow for the body; the tracer then
//! follows the shadow. The scene's cues know on which side of a car the shadow lies.

use super::cues;
use super::profile;
use super::seen::Seen;
use super::strip::{self, STEP_M, Sample};
use crate::geometry::Point;

/// Shifts tried, in steps of 0.5 m to either side: a shadow's middle lies 2–2.5 m from the axis.
const SHIFTS: i32 = 5;

/// One step to either side.
const SHIFT_M: f64 = profile::ACROSS_STEP_M;

/// Nats for moving the axis by one step between two samples. Rails don't jump: a shift must pay for itself over a car.
const MOVE_COST: f64 = 6.0;

/// Weight of the network's body log-odds against the cues' nats.
const BODY_SHARE: f64 = 0.5;

/// Nats for each unit of tone by which the roof is brighter than the band where its shadow should lie. Physics, not learnt: it holds
/// the axis on the cars when the network's own first guess, from which the scene learns, lies on the shadows.
const CONTRAST_SHARE: f64 = 2.0;

/// A person's line is moved by no more than this, m: less than half of the way to the next track, and about what a hand or a web map is off by.
const SNAP_M: f64 = 1.5;

/// Nats for a sample of a person's line to stay where it was drawn: next to nothing beside evidence, but more than none.
const STAY: f64 = 0.05;

/// How far a person's line was moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snapped {
    /// Sideways, at most, m.
    pub moved_m: f64,
}

/// The line with its axis corrected.
pub(super) fn centred(seen: &Seen, line: &[Point]) -> Vec<Point> {
    let samples = strip::straighten(&seen.views, line, seen.gsd_m);
    let path = steadiest(&gains(seen, &samples));
    let shifts: Vec<f64> = path.iter().map(|&k| shift_m(k)).collect();
    if samples.len() < 2 { line.to_vec() } else { smoothed(&shifted(seen, &samples, &shifts)) }
}

/// A person's line, moved onto the cars where they show it to lie beside them, by up to [`SNAP_M`]; elsewhere it stays as it was drawn.
pub(super) fn snapped(seen: &Seen, line: &[Point]) -> (Vec<Point>, Snapped) {
    let samples = strip::straighten(&seen.views, line, seen.gsd_m);
    let mut gains = gains(seen, &samples);
    for gain in &mut gains {
        for (k, gain) in gain.iter_mut().enumerate() {
            if shift_m(k).abs() > SNAP_M {
                *gain = f64::NEG_INFINITY;
            }
        }
        gain[SHIFTS as usize] += STAY;
    }
    let shifts: Vec<f64> = steadiest(&gains).iter().map(|&k| shift_m(k)).collect();
    let moved_m = shifts.iter().fold(0.0, |most: f64, m| most.max(m.abs()));
    if samples.len() < 2 || moved_m == 0.0 {
        return (line.to_vec(), Snapped { moved_m: 0.0 });
    }
    let mut moved = smoothed(&shifted(seen, &samples, &shifts));
    // The samples end at the last whole step, the line where it was drawn to.
    if let (Some(last), Some(&drawn), Some(end)) = (samples.last(), line.last(), moved.last_mut()) {
        *end = Point::new(end.x + drawn.x - last.at.x, end.y + drawn.y - last.at.y);
    }
    (moved, Snapped { moved_m })
}

/// The shift with this index, m toward the shadows.
fn shift_m(k: usize) -> f64 {
    f64::from(k as i32 - SHIFTS) * SHIFT_M
}

/// Each sample moved by its shift.
fn shifted(seen: &Seen, samples: &[Sample], shifts_m: &[f64]) -> Vec<Point> {
    let place =
        |(sample, shift_m): (&Sample, &f64)| moved(sample, seen.views.shadow_side(sample.heading_rad) * shift_m, seen.gsd_m);
    samples.iter().zip(shifts_m).map(place).collect()
}

/// What speaks for each shift at every sample.
fn gains(seen: &Seen, samples: &[Sample]) -> Vec<Vec<f64>> {
    samples
        .iter()
        .map(|sample| {
            let side = seen.views.shadow_side(sample.heading_rad);
            let (profile, walled) = seen.profile(sample);
            let (s, c) = across(sample, seen.gsd_m);
            let read = strip::reader(&seen.views, sample.heading_rad, seen.gsd_m);
            (-SHIFTS..=SHIFTS)
                .map(|k| {
                    let shift = f64::from(k) * SHIFT_M;
                    let read = read(Point::new(sample.at.x - side * shift * s, sample.at.y + side * shift * c));
                    let body = read.map_or(-4.0, |r| f64::from(r.body).clamp(-4.0, 4.0));
                    // Ground tells nothing of where the axis is.
                    let values = cues::values(&profile, shift, walled);
                    let learnt = seen.tables.as_ref().map_or(0.0, |t| t.nats(&values));
                    (learnt + CONTRAST_SHARE * cues::roof_over_shadow(&values).clamp(-1.2, 1.2) + BODY_SHARE * body).max(0.0)
                })
                .collect()
        })
        .collect()
}

/// The point `across_m` to the right of a sample.
fn moved(sample: &Sample, across_m: f64, gsd_m: f64) -> Point {
    let (s, c) = across(sample, gsd_m);
    Point::new(sample.at.x - across_m * s, sample.at.y + across_m * c)
}

/// Sine and cosine of a sample's heading, px a metre.
fn across(sample: &Sample, gsd_m: f64) -> (f64, f64) {
    (libm::sin(sample.heading_rad) / gsd_m, libm::cos(sample.heading_rad) / gsd_m)
}

/// Index of the shift at every sample, the path with the largest sum of gains less the cost of moves.
fn steadiest(gains: &[Vec<f64>]) -> Vec<usize> {
    let Some(first) = gains.first() else { return Vec::new() };
    let mut score = first.clone();
    let mut came: Vec<Vec<usize>> = Vec::new();
    for gain in &gains[1..] {
        let from: Vec<usize> = (0..score.len())
            .map(|k| {
                let mut best = k;
                for j in [k.wrapping_sub(1), k + 1] {
                    if j < score.len() && score[j] - MOVE_COST > score[best] - if best == k { 0.0 } else { MOVE_COST } {
                        best = j;
                    }
                }
                best
            })
            .collect();
        score = from.iter().enumerate().map(|(k, &j)| score[j] - if j == k { 0.0 } else { MOVE_COST } + gain[k]).collect();
        came.push(from);
    }
    let mut k = super::walk::largest(&score);
    let mut path = vec![k];
    for from in came.iter().rev() {
        k = from[k];
        path.push(k);
    }
    path.reverse();
    path
}

/// Means over 12 m, a point every 3 m: the shift's steps become a curve.
fn smoothed(points: &[Point]) -> Vec<Point> {
    let reach = (6.0 / STEP_M) as usize;
    let stride = (3.0 / STEP_M) as usize;
    let last = points.len() - 1;
    let kept = (0..points.len()).step_by(stride).chain((!last.is_multiple_of(stride)).then_some(last));
    kept.map(|i| {
        let k = reach.min(i).min(last - i);
        let part = &points[i - k..=i + k];
        let n = part.len() as f64;
        Point::new(part.iter().map(|p| p.x).sum::<f64>() / n, part.iter().map(|p| p.y).sum::<f64>() / n)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_moves_only_for_a_lasting_gain() {
        let mut gains = vec![vec![0.0, 1.0, 0.0]; 30];
        gains[10] = vec![0.0, 0.0, 3.0];
        assert_eq!(steadiest(&gains), vec![1; 30], "one sample isn't worth two moves");
        gains[15..].fill(vec![0.0, 0.0, 1.0]);
        let path = steadiest(&gains);
        assert_eq!((path[0], path[29]), (1, 2));
    }
}
