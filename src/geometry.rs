//! Points, lines, rectangles and plane transforms, all in pixels with centres at +0.5, x right, y down.
//!
//! Angles run from +x toward +y: on screen, clockwise.

use serde::{Deserialize, Serialize};

/// Farthest from an image's corner that a place said of it may lie, px: beyond the longest side that is read, on every side. What lies farther was
/// never seen by anybody, and would be walked for hours.
pub const REACH_PX: f64 = 100_000.0;

/// A point in pixels. Serialises as `[x, y]`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "[f64; 2]", into = "[f64; 2]")]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl From<[f64; 2]> for Point {
    fn from([x, y]: [f64; 2]) -> Self {
        Self { x, y }
    }
}

impl From<Point> for [f64; 2] {
    fn from(p: Point) -> Self {
        [p.x, p.y]
    }
}

impl Point {
    /// A point.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The same place in an image of so many times the pixels along each side.
    pub fn scaled(self, by: f64) -> Self {
        Self { x: self.x * by, y: self.y * by }
    }

    /// Whether both coordinates are numbers within [`REACH_PX`].
    pub fn is_in_reach(self) -> bool {
        self.x.abs() <= REACH_PX && self.y.abs() <= REACH_PX
    }

    /// Distance in pixels.
    pub fn distance(self, other: Self) -> f64 {
        let (dx, dy) = (self.x - other.x, self.y - other.y);
        (dx * dx + dy * dy).sqrt()
    }
}

/// A rectangle with a direction; the long side runs along `angle_rad`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrientedRect {
    /// Centre.
    pub center: Point,
    /// Extent along the angle, px.
    pub length: f64,
    /// Extent across, px.
    pub width: f64,
    /// Direction of the long side, from +x toward +y.
    pub angle_rad: f64,
}

impl OrientedRect {
    /// The same rectangle in an image of so many times the pixels along each side.
    pub fn scaled(&self, by: f64) -> Self {
        Self { center: self.center.scaled(by), length: self.length * by, width: self.width * by, angle_rad: self.angle_rad }
    }

    /// Whether its place, its size and its angle are numbers within [`REACH_PX`].
    pub fn is_in_reach(&self) -> bool {
        let sizes = [self.length, self.width];
        self.center.is_in_reach() && sizes.iter().all(|s| (0.0..=REACH_PX).contains(s)) && self.angle_rad.abs() <= REACH_PX
    }

    /// Four corners, along the long side first, not closed.
    ///
    /// ```
    /// use sidings::geometry::{OrientedRect, Point};
    /// let car = OrientedRect { center: Point::new(5.0, 2.0), length: 10.0, width: 4.0, angle_rad: 0.0 };
    /// assert_eq!(car.corners(), [Point::new(0.0, 0.0), Point::new(10.0, 0.0), Point::new(10.0, 4.0), Point::new(0.0, 4.0)]);
    /// ```
    pub fn corners(&self) -> [Point; 4] {
        let (s, c) = (libm::sin(self.angle_rad), libm::cos(self.angle_rad));
        [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(l, w)| {
            let (l, w) = (l * self.length, w * self.width);
            Point::new(self.center.x + l * c - w * s, self.center.y + l * s + w * c)
        })
    }
}

/// A plane projective transform: `(x, y, 1)` to `(x', y', w')`, row by row. Serialises as `[[a,b,c],[d,e,f],[g,h,i]]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Transform(pub [[f64; 3]; 3]);

impl Transform {
    /// Leaves every point where it is.
    pub const IDENTITY: Self = Self([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);

    /// Scale, then turn by `angle_rad`, then shift.
    pub fn similarity(scale: f64, angle_rad: f64, dx: f64, dy: f64) -> Self {
        let (s, c) = (scale * libm::sin(angle_rad), scale * libm::cos(angle_rad));
        Self([[c, -s, dx], [s, c, dy], [0.0, 0.0, 1.0]])
    }

    /// Where a point goes.
    pub fn apply(&self, p: Point) -> Point {
        let m = &self.0;
        let w = m[2][0] * p.x + m[2][1] * p.y + m[2][2];
        Point::new((m[0][0] * p.x + m[0][1] * p.y + m[0][2]) / w, (m[1][0] * p.x + m[1][1] * p.y + m[1][2]) / w)
    }

    /// First `self`, then `next`.
    pub fn then(&self, next: &Self) -> Self {
        let (a, b) = (&next.0, &self.0);
        Self(std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum())))
    }

    /// The way back; `None` when the transform flattens the plane.
    pub fn inverse(&self) -> Option<Self> {
        let m = &self.0;
        let minor = |a: usize, b: usize, c: usize, d: usize| m[a][c] * m[b][d] - m[a][d] * m[b][c];
        let cofactors = [
            [minor(1, 2, 1, 2), -minor(0, 2, 1, 2), minor(0, 1, 1, 2)],
            [-minor(1, 2, 0, 2), minor(0, 2, 0, 2), -minor(0, 1, 0, 2)],
            [minor(1, 2, 0, 1), -minor(0, 2, 0, 1), minor(0, 1, 0, 1)],
        ];
        let det = m[0][0] * cofactors[0][0] + m[0][1] * cofactors[1][0] + m[0][2] * cofactors[2][0];
        if !det.is_finite() || det.abs() < 1e-12 {
            return None;
        }
        let mut inverse = cofactors.map(|row| row.map(|v| v / det));
        let i = inverse[2][2];
        if i.abs() > 1e-12 {
            inverse = inverse.map(|row| row.map(|v| v / i));
        }
        Some(Self(inverse))
    }

    /// Local factor on lengths at a point: the square root of the Jacobian's determinant.
    pub fn scale_at(&self, p: Point) -> f64 {
        let e = 0.5;
        let (a, b) = (self.apply(Point::new(p.x + e, p.y)), self.apply(Point::new(p.x - e, p.y)));
        let (c, d) = (self.apply(Point::new(p.x, p.y + e)), self.apply(Point::new(p.x, p.y - e)));
        ((a.x - b.x) * (c.y - d.y) - (a.y - b.y) * (c.x - d.x)).abs().sqrt()
    }

    /// Local turn at a point: where a small step along +x goes, radians from +x toward +y.
    pub fn turn_at(&self, p: Point) -> f64 {
        let (a, b) = (self.apply(Point::new(p.x - 0.5, p.y)), self.apply(Point::new(p.x + 0.5, p.y)));
        libm::atan2(b.y - a.y, b.x - a.x)
    }
}

/// Length of a polyline in its own units.
pub fn polyline_length(line: &[Point]) -> f64 {
    line.windows(2).map(|w| w[0].distance(w[1])).sum()
}

/// The point so far along a polyline, in its own units; `None` before its beginning and beyond its end.
pub fn point_along(line: &[Point], along: f64) -> Option<Point> {
    let mut left = along;
    for pair in line.windows(2).filter(|_| along >= 0.0) {
        let length = pair[0].distance(pair[1]);
        if left <= length {
            let share = if length > 0.0 { left / length } else { 0.0 };
            return Some(Point::new(pair[0].x + share * (pair[1].x - pair[0].x), pair[0].y + share * (pair[1].y - pair[0].y)));
        }
        left -= length;
    }
    None
}

/// The point of a polyline nearest to another point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foot {
    /// Length of the line from its first point to the foot.
    pub along: f64,
    /// Distance from the point to the foot.
    pub distance: f64,
}

/// The upright box round a polyline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Least x and y.
    pub least: Point,
    /// Greatest x and y.
    pub greatest: Point,
}

impl Bounds {
    /// The box; one that holds nothing for a line without points.
    pub fn of(line: &[Point]) -> Self {
        let nothing = Self { least: Point::new(f64::MAX, f64::MAX), greatest: Point::new(f64::MIN, f64::MIN) };
        line.iter().fold(nothing, |b, p| Self {
            least: Point::new(b.least.x.min(p.x), b.least.y.min(p.y)),
            greatest: Point::new(b.greatest.x.max(p.x), b.greatest.y.max(p.y)),
        })
    }

    /// False where the point is surely farther than `reach` from the line: cheaper to ask first.
    ///
    /// ```
    /// use sidings::geometry::{Bounds, Point};
    /// let bounds = Bounds::of(&[Point::new(0.0, 0.0), Point::new(10.0, 4.0)]);
    /// assert!(bounds.may_be_within(Point::new(11.0, 5.0), 1.0) && !bounds.may_be_within(Point::new(5.0, 6.0), 1.0));
    /// ```
    pub fn may_be_within(&self, p: Point, reach: f64) -> bool {
        p.x >= self.least.x - reach
            && p.x <= self.greatest.x + reach
            && p.y >= self.least.y - reach
            && p.y <= self.greatest.y + reach
    }
}

/// The parts of a polyline that lie in a box, in order, each with two points or more. A line that lies in it as a whole stays as it is.
///
/// ```
/// use sidings::geometry::{Bounds, Point, parts_within};
/// let bounds = Bounds { least: Point::new(0.0, 0.0), greatest: Point::new(10.0, 10.0) };
/// let there_and_back = [Point::new(-4.0, 2.0), Point::new(14.0, 2.0), Point::new(14.0, 8.0), Point::new(5.0, 8.0)];
/// let parts = parts_within(&there_and_back, &bounds);
/// assert_eq!(parts, [[Point::new(0.0, 2.0), Point::new(10.0, 2.0)], [Point::new(10.0, 8.0), Point::new(5.0, 8.0)]]);
/// ```
pub fn parts_within(line: &[Point], bounds: &Bounds) -> Vec<Vec<Point>> {
    if line.iter().all(|&p| bounds.may_be_within(p, 0.0)) {
        return vec![line.to_vec()];
    }
    let mut parts: Vec<Vec<Point>> = Vec::new();
    let mut goes_on = false;
    for (from, to) in line.windows(2).map(|w| (w[0], w[1])) {
        let Some((enters, leaves)) = shares_within(from, to, bounds) else {
            goes_on = false;
            continue;
        };
        let at = |share: f64| match share {
            0.0 => from,
            1.0 => to,
            _ => Point::new(from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)),
        };
        match parts.last_mut().filter(|_| goes_on && enters == 0.0) {
            Some(part) => part.push(at(leaves)),
            None => parts.push(vec![at(enters), at(leaves)]),
        }
        goes_on = leaves == 1.0;
    }
    parts
}

/// At which shares of its length a segment enters a box and leaves it; `None` when it misses it or only touches it.
fn shares_within(from: Point, to: Point, bounds: &Bounds) -> Option<(f64, f64)> {
    if ![from.x, from.y, to.x, to.y].iter().all(|v| v.is_finite()) {
        return None;
    }
    let (mut enters, mut leaves) = (0.0f64, 1.0f64);
    let axes = [(from.x, to.x, bounds.least.x, bounds.greatest.x), (from.y, to.y, bounds.least.y, bounds.greatest.y)];
    for (from, to, least, greatest) in axes {
        if from == to {
            if from < least || from > greatest {
                return None;
            }
            continue;
        }
        let (a, b) = ((least - from) / (to - from), (greatest - from) / (to - from));
        (enters, leaves) = (enters.max(a.min(b)), leaves.min(a.max(b)));
    }
    (enters < leaves).then_some((enters, leaves))
}

/// The foot of a point on a polyline; `None` when the line has no points.
///
/// ```
/// use sidings::geometry::{Point, foot_on_line};
/// let line = [Point::new(0.0, 0.0), Point::new(10.0, 0.0), Point::new(10.0, 10.0)];
/// let foot = foot_on_line(Point::new(13.0, 4.0), &line).expect("three points");
/// assert_eq!((foot.along, foot.distance), (14.0, 3.0));
/// ```
pub fn foot_on_line(p: Point, line: &[Point]) -> Option<Foot> {
    let mut nearest = Foot { along: 0.0, distance: p.distance(*line.first()?) };
    let mut start = 0.0;
    for pair in line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let length = a.distance(b);
        if length > 0.0 {
            let t = (((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / (length * length)).clamp(0.0, 1.0);
            let distance = p.distance(Point::new(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)));
            if distance < nearest.distance {
                nearest = Foot { along: start + t * length, distance };
            }
        }
        start += length;
    }
    Some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn inverse_goes_back(scale in 0.5f64..2.0, angle in -3.0f64..3.0, dx in -99.0f64..99.0, dy in -99.0f64..99.0, x in -99.0f64..99.0, y in -99.0f64..99.0) {
            let t = Transform::similarity(scale, angle, dx, dy);
            let p = Point::new(x, y);
            let back = t.inverse().expect("regular").apply(t.apply(p));
            prop_assert!(back.distance(p) < 1e-9);
            prop_assert!((t.scale_at(p) - scale).abs() < 1e-9);
        }
    }

    #[test]
    fn then_applies_left_to_right() {
        let shift = Transform::similarity(1.0, 0.0, 5.0, 0.0);
        let quarter = Transform::similarity(1.0, std::f64::consts::FRAC_PI_2, 0.0, 0.0);
        let p = shift.then(&quarter).apply(Point::new(1.0, 0.0));
        assert!(p.distance(Point::new(0.0, 6.0)) < 1e-12, "+x turns toward +y: {p:?}");
    }
}
