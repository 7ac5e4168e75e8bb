//! Hits, misses and false ones, and the figures made of them.

use super::data::Car;
use sidings::geometry::{OrientedRect, Point};

/// A find is right when its centre lies within this along, and this across, the axis of a labelled car.
const ALONG_M: f64 = 3.0;
const ACROSS_M: f64 = 1.5;

/// Hits, false ones and misses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    pub hits: usize,
    pub wrong: usize,
    pub missed: usize,
}

impl std::ops::AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.hits += other.hits;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

impl Score {
    /// Share of the finds that are cars.
    pub fn precision(&self) -> Option<f64> {
        share(self.hits, self.hits + self.wrong)
    }

    /// Share of the cars that were found.
    pub fn recall(&self) -> Option<f64> {
        share(self.hits, self.hits + self.missed)
    }

    /// Harmonic mean of both.
    pub fn f1(&self) -> Option<f64> {
        share(2 * self.hits, 2 * self.hits + self.wrong + self.missed)
    }
}

/// `None` of nothing.
fn share(n: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| n as f64 / of as f64)
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [p, r, f1] =
            [self.precision(), self.recall(), self.f1()].map(|v| v.map_or("   –".to_owned(), |v| format!("{v:.2}")));
        write!(f, "P {p}  R {r}  F1 {f1}  ({:3} right {:3} wrong {:3} missed)", self.hits, self.wrong, self.missed)
    }
}

/// Which finds are right, and which labels were found.
#[derive(Debug, Clone, Default)]
pub struct Match {
    /// For every wanted car, whether it was found.
    pub found: Vec<bool>,
    /// The finds that are no car, by place in the list of finds.
    pub wrong: Vec<usize>,
}

impl Match {
    /// The figures.
    pub fn score(&self) -> Score {
        let hits = self.found.iter().filter(|&&f| f).count();
        Score { hits, wrong: self.wrong.len(), missed: self.found.len() - hits }
    }
}

/// Scores finds against the labels `wanted`; see [`matched`].
pub fn finds(found: &[OrientedRect], wanted: &[&Car], cut: &[&Car], gsd_m: f64) -> Score {
    matched(found, wanted, cut, gsd_m).score()
}

/// Joins finds to the labels `wanted`, one to one, nearest first. A find that fits another labelled car in `cut`
/// (cut by the border) counts neither way.
pub fn matched(found: &[OrientedRect], wanted: &[&Car], cut: &[&Car], gsd_m: f64) -> Match {
    let mut candidates = Vec::new();
    for (i, rect) in found.iter().enumerate() {
        for (j, car) in wanted.iter().chain(cut).enumerate() {
            let (along, across) = offset_m(rect.center, &car.rect_px, gsd_m);
            if along.abs() <= ALONG_M && across.abs() <= ACROSS_M {
                candidates.push((along.hypot(across), i, j));
            }
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut joined = vec![false; found.len()];
    let mut taken = vec![false; wanted.len() + cut.len()];
    for (_, i, j) in candidates {
        if !joined[i] && !taken[j] {
            (joined[i], taken[j]) = (true, true);
        }
    }
    let on_cut = |rect: &OrientedRect| {
        cut.iter().any(|car| {
            let (along, across) = offset_m(rect.center, &car.rect_px, gsd_m);
            along.abs() <= car.rect_px.length * gsd_m / 2.0 && across.abs() <= ACROSS_M
        })
    };
    let wrong = (0..found.len()).filter(|&i| !joined[i] && !on_cut(&found[i])).collect();
    taken.truncate(wanted.len());
    Match { found: taken, wrong }
}

/// Where a point lies from a rectangle's centre, along and across its axis, m.
pub fn offset_m(p: Point, rect: &OrientedRect, gsd_m: f64) -> (f64, f64) {
    let (s, c) = rect.angle_rad.sin_cos();
    let (dx, dy) = (p.x - rect.center.x, p.y - rect.center.y);
    ((dx * c + dy * s) * gsd_m, (dy * c - dx * s) * gsd_m)
}
