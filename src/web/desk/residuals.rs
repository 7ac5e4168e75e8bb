//! A picture of how well the images lie over each other: an arrow at every place that judged it, longer than it is.

use super::Desk;
use crate::geometry::{Point, Transform};

/// The longest arrow of nineteen in twenty gets this share of the longer side of *before*: long enough to see which way a corner drifts.
const LONGEST: f64 = 0.03;

/// An arrow in the map's frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrow {
    /// The place, in *before*.
    pub from: Point,
    /// Toward where the alignment puts it.
    pub to: Point,
}

impl Desk {
    /// The arrows, and how many times too long they are; `None` where no place judged the alignment.
    pub(super) fn residuals(&self) -> Option<(Vec<Arrow>, f64)> {
        let alignment = self.plan()?.alignment.as_ref()?;
        let to_before = self.plan()?.transform()?;
        let info = self.picture(self.before?)?.info.as_ref()?;
        let p95 = alignment.residual_px.p95.filter(|v| *v > 0.0)?;
        let times = round_number(LONGEST * f64::from(info.width.max(info.height)) / p95);
        let arrows = alignment.tie_points.iter().filter_map(|tie| {
            let to = drift(to_before, tie.before, tie.after, tie.residual_px?);
            Some(Arrow { from: tie.before, to: Point::new(tie.before.x + times * to.x, tie.before.y + times * to.y) })
        });
        let arrows: Vec<Arrow> = arrows.collect();
        (!arrows.is_empty()).then_some((arrows, times))
    }

    /// The place with the largest residual, in *before*.
    pub fn worst(&self) -> Option<Point> {
        let ties = &self.plan()?.alignment.as_ref()?.tie_points;
        let known = ties.iter().filter_map(|t| Some((t.residual_px?, t.before)));
        known.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, at)| at)
    }
}

/// Which way a place is off, as long as its residual.
fn drift(to_before: &Transform, before: Point, after: Point, residual_px: f64) -> Point {
    let p = to_before.apply(after);
    let miss = p.distance(before).max(1e-9);
    Point::new((p.x - before.x) / miss * residual_px, (p.y - before.y) / miss * residual_px)
}

/// 1, 2 or 5 times a power of ten, no more than a number and no less than 1.
fn round_number(v: f64) -> f64 {
    let power = libm::pow(10.0, (libm::log10(v.max(1.0))).floor());
    [5.0, 2.0].into_iter().map(|k| k * power).find(|r| *r <= v).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_are_a_round_number_of_times_too_long() {
        assert_eq!([0.3, 1.0, 3.7, 9.9, 60.0, 120.0].map(round_number), [1.0, 1.0, 2.0, 5.0, 50.0, 100.0]);
    }
}
