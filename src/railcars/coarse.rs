//! What may be said when single cars can't be told apart.
//!
//! | ground sample distance | what is reported |
//! |---|---|
//! | to 1.2 m | cars and their count |
//! | to 2.5 m | the same if the gaps between cars show, else car equivalents |
//! | to 4 m | occupied length and car equivalents, no cars |
//! | to 15 m | an index of activity |
//! | beyond | nothing |

use super::seen::Seen;
use super::strip::{self, Sample};
use super::yardwalk::Yard;
use crate::error::{Error, Warning};
use crate::geometry::Point;
use crate::random::Random;
use crate::yard::{Count, CountKind};

/// Up to here a car is at least two pixels wide and a gap one pixel long, and cars are counted, m.
pub(super) const SINGLE_CARS_M: f64 = 1.2;

/// Up to here gaps may show, m: two thirds of a usual gap still darken a pixel.
pub(super) const GAPS_MAY_SHOW_M: f64 = 2.5;

/// Up to here a string of cars is a line a pixel wide, m.
pub(super) const STRINGS_M: f64 = 4.0;

/// Up to here a busy yard looks different from an empty one, m.
const ACTIVITY_M: f64 = 15.0;

/// Refuses what is too coarse for any statement.
pub(super) fn check(gsd_m: f64) -> Result<(), Error> {
    if gsd_m.is_finite() && gsd_m > 0.0 && gsd_m <= ACTIVITY_M {
        return Ok(());
    }
    let message = format!(
        "At {gsd_m:.1} m a pixel nothing can be said about railcars. Use an image of 1.2 m or finer to count cars, \
         of 4 m or finer for the occupied length."
    );
    Err(Error::NoAnswer { code: "too-coarse", message })
}

/// Mean log-odds by which ends stand out at the gaps of found strings over the middles of cars, for gaps to count as seen. Where gaps
/// are resolved it is 2 and more; the walk puts gaps where ends are likeliest, so blurred ground shows some surplus by itself.
const GAP_SURPLUS: f64 = 1.5;

/// Least number of cars for the test.
const GAP_CARS: usize = 4;

/// True when the ends of cars stand out between them.
pub(super) fn gaps_show(seen: &Seen, yard: &Yard) -> bool {
    let (mut ends, mut middles, mut cars) = (0.0, 0.0, 0);
    for track in &yard.tracks {
        let samples: Vec<Sample> = strip::straighten(&seen.views, &track.line_px, seen.gsd_m);
        let end_at = |m: f64| {
            let i = (m.max(0.0) / strip::STEP_M) as usize;
            samples.get(i).and_then(|s| s.reading).map_or(0.0, |r| f64::from(r.end))
        };
        for car in yard.cars.iter().filter(|c| c.track == track.id) {
            let half = car.length_m / 2.0 + 0.5;
            ends += 0.5 * (end_at(car.along_m - half) + end_at(car.along_m + half));
            middles += end_at(car.along_m);
            cars += 1;
        }
    }
    cars >= GAP_CARS && (ends - middles) / cars as f64 >= GAP_SURPLUS
}

/// Median length of a body, m (503 labelled cars of a Swiss yard), and the spread of that median from fleet to fleet as a ratio: 12 m tank
/// cars and 19 m boxcars are both ordinary.
const BODY_M: f64 = 14.5;
const FLEET_SPREAD: f64 = 0.18;

/// Least share of occupied track that is found at 2.5 to 4 m, on the real yard averaged to that. What is missed may be anywhere, so
/// the upper end of the interval is divided by it.
const FOUND_SHARE: f64 = 0.19;

/// Occupied length in cars of ordinary length: draws of the length over draws of the fleet's.
pub(super) fn equivalents(occupied_m: f64, draws_m: &[f64], gsd_m: f64) -> Count {
    let mut random = Random::new(0);
    let mut cars: Vec<f64> = draws_m.iter().map(|m| m / (BODY_M * libm::exp(FLEET_SPREAD * random.normal()))).collect();
    cars.sort_by(f64::total_cmp);
    let quantile = |q: f64| cars.get(((cars.len().max(1) - 1) as f64 * q + 0.5) as usize).copied().unwrap_or(0.0);
    let estimate = libm::round(occupied_m / BODY_M);
    let missed = if gsd_m > GAPS_MAY_SHOW_M { FOUND_SHARE } else { 1.0 };
    Count {
        estimate,
        low: quantile(0.05).floor().min(estimate),
        high: (quantile(0.95) / missed).ceil().max(estimate),
        level: 0.9,
        kind: CountKind::CarEquivalents,
    }
}

/// The word that goes with [`equivalents`].
pub(super) fn equivalents_warning(gsd_m: f64) -> Warning {
    let missed = if gsd_m > GAPS_MAY_SHOW_M { " Much of the occupied track may be missed." } else { "" };
    Warning::new(
        "car-equivalents",
        format!(
            "At {gsd_m:.1} m a pixel single cars cannot be told apart; the figure is occupied length in cars of {BODY_M} m.{missed}"
        ),
    )
}

/// An index of activity: mean local contrast in percent, along the tracks where there are any, else over the image. Strings of cars with
/// their shadows raise it, snow and haze lower it: it compares dates of one place, nothing else. The interval is that of the mean
/// over stretches of 20 samples, drawn again and again.
pub(super) fn activity(seen: &Seen, lines: &[Vec<Point>]) -> Count {
    let mut stretches: Vec<f64> =
        places(seen, lines).chunks(20).map(|part| mean(part.iter().map(|&p| contrast(seen, p)))).collect();
    if stretches.is_empty() {
        stretches.push(0.0);
    }
    let mut random = Random::new(0);
    let n = stretches.len();
    let mut means: Vec<f64> = (0..400).map(|_| mean((0..n).map(|_| stretches[random.below(n)]))).collect();
    means.sort_by(f64::total_cmp);
    let tenths = |v: f64| libm::round(v * 1000.0) / 10.0;
    let estimate = tenths(mean(stretches.iter().copied()));
    Count {
        estimate,
        low: tenths(means[20]).min(estimate),
        high: tenths(means[379]).max(estimate),
        level: 0.9,
        kind: CountKind::Activity,
    }
}

/// The word that goes with [`activity`].
pub(super) fn activity_warning(gsd_m: f64) -> Warning {
    let message = format!(
        "At {gsd_m:.1} m a pixel no number of cars can be given; the figure is an index of activity for comparing dates of this place."
    );
    Warning::new("activity-index", message)
}

/// Where activity is measured, in pixels of the ground.
fn places(seen: &Seen, lines: &[Vec<Point>]) -> Vec<Point> {
    if lines.is_empty() {
        let (w, h) = (seen.ground.width(), seen.ground.height());
        let step = ((w * h) / 100_000).max(1);
        return (0..w * h).step_by(step).map(|i| Point::new((i % w) as f64 + 0.5, (i / w) as f64 + 0.5)).collect();
    }
    let on_ground = |p: Point| seen.ground.at_image_point(p.x, p.y, seen.gsd_m);
    lines.iter().flat_map(|line| strip::points(line, 1.0)).map(|(p, _)| on_ground(p)).collect()
}

/// Difference of brightness to the mean of the neighbours two pixels away, relative to it.
fn contrast(seen: &Seen, p: Point) -> f64 {
    if !seen.ground.is_valid(p) {
        return 0.0;
    }
    let bright = |dx: f64, dy: f64| {
        let [r, g, b] = seen.ground.colour(Point::new(p.x + dx, p.y + dy));
        f64::from(0.299 * r + 0.587 * g + 0.114 * b + 0.5)
    };
    let around = mean([(2.0, 0.0), (-2.0, 0.0), (0.0, 2.0), (0.0, -2.0)].into_iter().map(|(x, y)| bright(x, y)));
    (bright(0.0, 0.0) - around).abs() / (around + 0.05)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0), |(sum, n), v| (sum + v, n + 1));
    sum / f64::from(n.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_coarse_is_said() {
        assert_eq!(check(30.0).expect_err("30 m").code(), "too-coarse");
        assert!(check(f64::NAN).is_err());
        assert!(check(0.5).is_ok());
    }

    #[test]
    fn fleets_widen_the_interval() {
        let count = equivalents(290.0, &[290.0; 300], 2.0);
        assert_eq!(count.estimate, 20.0);
        assert!(count.low <= 16.0 && count.high >= 25.0, "{count:?}");
    }
}
