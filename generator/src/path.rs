//! Curves that tracks and roads follow: a straight or an arc, and lines beside it.

use crate::canvas::Place;

/// A line through the scene with places (u, v): u along it, v to its right, m.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path {
    /// Where u = v = 0.
    pub origin: Place,
    /// Radius, m; bends to the right when positive; infinite: straight.
    pub radius_m: f32,
}

impl Path {
    /// The place at (u, v), heading along.
    pub fn at(&self, u: f32, v: f32) -> Place {
        if self.radius_m.is_infinite() {
            return self.origin.moved(u, v);
        }
        let turn = u / self.radius_m;
        let (sin, cos) = (libm::sinf(turn), libm::cosf(turn));
        let x = (self.radius_m - v) * sin;
        let y = self.radius_m - (self.radius_m - v) * cos;
        let p = self.origin.moved(x, y);
        Place::new(p.x, p.y, self.origin.angle_rad + turn)
    }
}

/// A line beside a path: across positions at along positions, eased between.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// (u, v), u rising.
    pub knots: Vec<(f32, f32)>,
    /// True: straight between knots, as a ladder is; false: smooth, as a crossover is.
    pub straight: bool,
}

impl Line {
    /// At one distance from the path.
    pub fn beside(v: f32, from: f32, to: f32) -> Self {
        Self { knots: vec![(from, v), (to, v)], straight: true }
    }

    /// First and last u.
    pub fn extent(&self) -> (f32, f32) {
        (self.knots.first().map_or(0.0, |k| k.0), self.knots.last().map_or(0.0, |k| k.0))
    }

    /// v at u.
    pub fn across(&self, u: f32) -> f32 {
        let mut last = self.knots[0];
        for &knot in &self.knots {
            if u < knot.0 {
                let t = ((u - last.0) / (knot.0 - last.0).max(1e-3)).clamp(0.0, 1.0);
                let t = if self.straight { t } else { t * t * (3.0 - 2.0 * t) };
                return last.1 + (knot.1 - last.1) * t;
            }
            last = knot;
        }
        last.1
    }

    /// The place on the line at u, heading along the line.
    pub fn at(&self, path: &Path, u: f32) -> Place {
        let (a, b) = (self.across(u - 0.5), self.across(u + 0.5));
        path.at(u, (a + b) / 2.0).turned(libm::atanf(b - a))
    }

    /// Places about every `step_m` with the exact step between them.
    pub fn pieces(&self, path: &Path, step_m: f32) -> (Vec<Place>, f32) {
        let (from, to) = self.extent();
        let n = ((to - from) / step_m).ceil().max(1.0);
        let step = (to - from) / n;
        ((0..n as usize).map(|k| self.at(path, from + (k as f32 + 0.5) * step)).collect(), step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arc_keeps_its_distance() {
        let path = Path { origin: Place::new(10.0, 20.0, 0.3), radius_m: 300.0 };
        let (a, b) = (path.at(50.0, 0.0), path.at(50.0, 5.0));
        assert!((libm::hypotf(a.x - b.x, a.y - b.y) - 5.0).abs() < 1e-3);
        let c = path.at(50.1, 0.0);
        assert!((libm::atan2f(c.y - a.y, c.x - a.x) - a.angle_rad).abs() < 1e-2, "heading runs along");
    }
}
