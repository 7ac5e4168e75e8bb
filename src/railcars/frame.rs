//! The canonical view: tracks along +u, shadows toward +v, metres instead of pixels.

use crate::geometry::Point;
use serde::{Deserialize, Serialize};

/// A turn, and a mirror if shadows would otherwise fall to the wrong side, between the image and the canonical plane.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Frame {
    /// Direction of +u in the image, from +x toward +y, 0 to π.
    pub angle_rad: f64,
    /// True: +v points against the image's normal.
    pub mirrored: bool,
    /// m a pixel of the image.
    pub gsd_m: f64,
    cos: f64,
    sin: f64,
}

impl Frame {
    /// A frame.
    pub fn new(angle_rad: f64, mirrored: bool, gsd_m: f64) -> Self {
        Self { angle_rad, mirrored, gsd_m, cos: libm::cos(angle_rad), sin: libm::sin(angle_rad) }
    }

    /// Image pixels to canonical metres (u, v).
    pub fn to_canonical(self, p: Point) -> (f64, f64) {
        let u = (p.x * self.cos + p.y * self.sin) * self.gsd_m;
        let v = (p.y * self.cos - p.x * self.sin) * self.gsd_m;
        (u, if self.mirrored { -v } else { v })
    }

    /// Canonical metres to image pixels.
    pub fn to_image(self, u: f64, v: f64) -> Point {
        let v = if self.mirrored { -v } else { v };
        Point::new((u * self.cos - v * self.sin) / self.gsd_m, (u * self.sin + v * self.cos) / self.gsd_m)
    }

    /// How far a direction in the image lies from +u or -u, 0 to π/2.
    pub fn off_axis_rad(self, heading_rad: f64) -> f64 {
        line_angle_between(self.angle_rad, heading_rad)
    }
}

/// The angle between two lines, 0 to π/2.
pub(super) fn line_angle_between(a_rad: f64, b_rad: f64) -> f64 {
    let pi = std::f64::consts::PI;
    let between = (a_rad - b_rad).abs();
    // Exact either way; most directions are less than half a turn apart.
    let d = if between < pi { between } else { libm::fmod(between, pi) };
    d.min(pi - d)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn there_and_back(angle in 0.0f64..3.2, mirrored: bool, gsd in 0.1f64..3.0, x in -99.0f64..99.0, y in -99.0f64..99.0) {
            let frame = Frame::new(angle, mirrored, gsd);
            let p = Point::new(x, y);
            let (u, v) = frame.to_canonical(p);
            prop_assert!(frame.to_image(u, v).distance(p) < 1e-9);
        }
    }

    #[test]
    fn unmirrored_v_points_down_when_u_points_right() {
        let (u, v) = Frame::new(0.0, false, 0.5).to_canonical(Point::new(4.0, 6.0));
        assert_eq!((u, v), (2.0, 3.0));
    }

    #[test]
    fn lines_have_no_sign() {
        assert!(line_angle_between(0.1, 3.2) < 0.05);
        assert!((line_angle_between(0.0, 1.5) - 1.5).abs() < 1e-12);
    }
}
