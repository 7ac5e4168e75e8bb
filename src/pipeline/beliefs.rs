//! What the other date says about each metre of this date's tracks.

use crate::change::{Likeness, Overlay};
use crate::compare;
use crate::error::{Result, Tick};
use crate::geometry::Point;
use crate::yard::{Detection, Railcar};

/// Spacing at which the other date is asked, m; half a gap and a coupler would fit between, and no car.
const ASK_EVERY_M: f64 = 1.0;

/// The message of the other date is one witness for each stretch of this length, m: the window over which likeness is
/// seen. The walk adds up its samples as if each were a witness of its own, so each gets its share.
const WITNESS_M: f64 = 9.0;

/// For every line, a value each `step_m`: nats to add to "occupied" for what the other date says of that place.
///
/// # Errors
/// `Cancelled` from `tick`.
pub fn from_the_other_date(
    overlay: &Overlay<'_>,
    lines: &[Vec<Point>],
    other: &Detection,
    step_m: f64,
    tick: &mut Tick<'_>,
) -> Result<Vec<Vec<f32>>> {
    let (likeness, occupancy) = (Likeness::learn(overlay, lines), other.occupancy());
    let mut extra = Vec::with_capacity(lines.len());
    for (k, line) in lines.iter().enumerate() {
        tick(k as f64 / lines.len() as f64)?;
        let asked: Vec<f64> = places(line, ASK_EVERY_M / overlay.gsd_m)
            .into_iter()
            .map(|(at, angle_rad)| {
                let same = likeness.and_then(|l| l.log_odds_same_at(overlay, at, angle_rad));
                compare::message(occupancy.at(overlay.own_to_other.apply(at)), same)
            })
            .collect();
        let samples = (asked.len() as f64 * ASK_EVERY_M / step_m) as usize;
        let nearest = |i: usize| asked[((i as f64 * step_m / ASK_EVERY_M) as usize).min(asked.len() - 1)];
        extra.push((0..samples).map(|i| (nearest(i) * step_m / WITNESS_M) as f32).collect());
    }
    Ok(extra)
}

/// Log-odds that both dates show the same thing over each car, in order; `None` where that cannot be seen.
pub fn same_over_cars(overlay: &Overlay<'_>, detection: &Detection) -> Vec<Option<f64>> {
    let lines: Vec<Vec<Point>> = detection.tracks.iter().map(|t| t.line_px.clone()).collect();
    let likeness = Likeness::learn(overlay, &lines);
    let same = |car: &Railcar| likeness.and_then(|l| l.log_odds_same(overlay, &car.rect_px));
    detection.railcars.iter().map(same).collect()
}

/// Points every `step` along a line, each in the middle of its stretch, with the line's direction there.
fn places(line: &[Point], step: f64) -> Vec<(Point, f64)> {
    let mut places = Vec::new();
    let mut rest = step / 2.0;
    for pair in line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let (run, angle_rad) = (a.distance(b), libm::atan2(b.y - a.y, b.x - a.x));
        while rest < run {
            let t = rest / run;
            places.push((Point::new(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)), angle_rad));
            rest += step;
        }
        rest -= run;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stand_in_the_middle_of_their_stretches_across_corners() {
        let line = [Point::new(0.0, 0.0), Point::new(3.0, 0.0), Point::new(3.0, 3.0)];
        let found: Vec<Point> = places(&line, 2.0).into_iter().map(|(p, _)| p).collect();
        assert_eq!(found, [Point::new(1.0, 0.0), Point::new(3.0, 0.0), Point::new(3.0, 2.0)]);
    }
}
