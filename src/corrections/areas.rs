//! Where cars count: areas to count in, areas to leave out, gantries that hide what stands under them.

use crate::geometry::{Point, Transform};
use serde::{Deserialize, Serialize};

/// Areas that a person drew, each a polygon that is not closed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Areas {
    /// Only cars in one of these count; all do where there is none.
    pub count_in: Vec<Vec<Point>>,
    /// Cars in one of these don't.
    pub leave_out: Vec<Vec<Point>>,
    /// What hangs over the tracks and hides them: nothing is claimed of what stands under it, on neither date.
    pub gantries: Vec<Vec<Point>>,
}

impl Areas {
    /// True when everything counts.
    pub fn is_empty(&self) -> bool {
        self.count_in.is_empty() && self.leave_out.is_empty() && self.gantries.is_empty()
    }

    /// Whether a car with its middle here counts.
    pub fn counts(&self, middle: Point) -> bool {
        let within = |areas: &[Vec<Point>]| areas.iter().any(|area| contains(area, middle));
        (self.count_in.is_empty() || within(&self.count_in)) && !within(&self.leave_out) && !within(&self.gantries)
    }

    /// The same in the pixels of another image.
    pub fn carried(&self, transform: &Transform) -> Self {
        let carry = |areas: &[Vec<Point>]| areas.iter().map(|area| area.iter().map(|&p| transform.apply(p)).collect()).collect();
        Self { count_in: carry(&self.count_in), leave_out: carry(&self.leave_out), gantries: carry(&self.gantries) }
    }
}

/// Whether a ray from the point to the right crosses the border an odd number of times.
fn contains(area: &[Point], p: Point) -> bool {
    let edges = area.iter().zip(area.iter().cycle().skip(1));
    let crossed = edges.filter(|(a, b)| (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x));
    crossed.count() % 2 == 1
}
