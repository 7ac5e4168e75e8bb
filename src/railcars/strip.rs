//! A track straightened: evidence in samples along it.

use super::evidence::Views;
use crate::geometry::Point;

/// Spacing of the samples, m: half a cell of the network, a fifth of the least gap.
pub(super) const STEP_M: f64 = 0.5;

/// One place along a track.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// In image pixels.
    pub at: Point,
    /// Direction of the track there.
    pub heading_rad: f64,
    /// Log-odds of the network, means across the axis; `None` where the image says nothing.
    pub reading: Option<Reading>,
}

/// Log-odds at a place of the track.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Reading {
    /// That a car covers it.
    pub body: f32,
    /// That a car ends there.
    pub end: f32,
    /// That a car's middle is there.
    pub centre: f32,
}

impl Reading {
    /// The reading that lies between this and another, `share` of the way.
    pub fn toward(self, other: Self, share: f32) -> Self {
        let between = |a: f32, b: f32| a + (b - a) * share;
        Self {
            body: between(self.body, other.body),
            end: between(self.end, other.end),
            centre: between(self.centre, other.centre),
        }
    }
}

/// Samples along a polyline.
pub(super) fn straighten(views: &Views, line_px: &[Point], gsd_m: f64) -> Vec<Sample> {
    points(line_px, STEP_M / gsd_m)
        .into_iter()
        .map(|(at, heading_rad)| Sample { at, heading_rad, reading: read(views, at, heading_rad, gsd_m) })
        .collect()
}

/// Means over the inner width of a car: body over 2 m, ends over 2 m, the centre at its best of three.
pub(super) fn read(views: &Views, at: Point, heading_rad: f64, gsd_m: f64) -> Option<Reading> {
    reader(views, heading_rad, gsd_m)(at)
}

/// [`read`] for many points with one heading.
pub(super) fn reader(views: &Views, heading_rad: f64, gsd_m: f64) -> impl Fn(Point) -> Option<Reading> {
    const ACROSS_M: [f64; 5] = [-0.9, -0.45, 0.0, 0.45, 0.9];
    let (s, c) = (libm::sin(heading_rad) / gsd_m, libm::cos(heading_rad) / gsd_m);
    let read = views.reader(heading_rad);
    move |at| {
        let mut sum = Reading { centre: f32::MIN, ..Reading::default() };
        for t in ACROSS_M {
            let r = read(Point::new(at.x - t * s, at.y + t * c))?;
            sum.body += r.body;
            sum.end += r.end;
            sum.centre = if r.centre > sum.centre { r.centre } else { sum.centre };
        }
        let n = ACROSS_M.len() as f32;
        Some(Reading { body: sum.body / n, end: sum.end / n, centre: sum.centre })
    }
}

/// Points every `step_px` along a polyline, with the direction there. The last point is the last whole step.
pub(super) fn points(line: &[Point], step_px: f64) -> Vec<(Point, f64)> {
    let mut out = Vec::new();
    let mut due = 0.0;
    for pair in line.windows(2) {
        let length = pair[0].distance(pair[1]);
        if length <= 0.0 {
            continue;
        }
        let heading = libm::atan2(pair[1].y - pair[0].y, pair[1].x - pair[0].x);
        while due <= length {
            let f = due / length;
            out.push((Point::new(pair[0].x + f * (pair[1].x - pair[0].x), pair[0].y + f * (pair[1].y - pair[0].y)), heading));
            due += step_px;
        }
        due -= length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_keep_their_spacing_round_a_corner() {
        let line = [Point::new(0.0, 0.0), Point::new(2.5, 0.0), Point::new(2.5, 2.5)];
        let along: Vec<Point> = points(&line, 1.0).into_iter().map(|(p, _)| p).collect();
        let expected = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.5, 0.5), (2.5, 1.5), (2.5, 2.5)];
        assert_eq!(along, expected.map(|(x, y)| Point::new(x, y)));
    }
}
