//! Hits, misses and false ones, and the figures made of them.

use super::data::Car;
use sidings::geometry::{OrientedRect, Point};

/// A find is right when its centre lies within this along, and this across, the axis of a labelled car.
const ALONG_M: f64 = 3.0;
const ACROSS_M: f64 = 1.5;

/// Hits, false ones and misses.
#[derive(Debug, Clone, Copy, Default)]
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

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ratio = |n: usize, of: usize| if of == 0 { "   –".to_owned() } else { format!("{:.2}", n as f64 / of as f64) };
        let (found, labelled) = (self.hits + self.wrong, self.hits + self.missed);
        let f1 = ratio(2 * self.hits, found + labelled);
        let (p, r) = (ratio(self.hits, found), ratio(self.hits, labelled));
        write!(f, "P {p}  R {r}  F1 {f1}  ({:3} right {:3} wrong {:3} missed)", self.hits, self.wrong, self.missed)
    }
}

/// Scores finds against the labels `wanted`, one to one, nearest first. A find that fits another labelled car in `cut`
/// (cut by the border) counts neither way.
pub fn finds(found: &[OrientedRect], wanted: &[&Car], cut: &[&Car], gsd_m: f64) -> Score {
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
    let mut partner: Vec<Option<usize>> = vec![None; found.len()];
    let mut taken = vec![false; wanted.len() + cut.len()];
    for (_, i, j) in candidates {
        if partner[i].is_none() && !taken[j] {
            (partner[i], taken[j]) = (Some(j), true);
        }
    }
    let on_cut = |rect: &OrientedRect| {
        cut.iter().any(|car| {
            let (along, across) = offset_m(rect.center, &car.rect_px, gsd_m);
            along.abs() <= car.rect_px.length * gsd_m / 2.0 && across.abs() <= ACROSS_M
        })
    };
    let mut score = Score::default();
    for (rect, partner) in found.iter().zip(&partner) {
        match partner {
            Some(j) if *j < wanted.len() => score.hits += 1,
            Some(_) => {}
            None if on_cut(rect) => {}
            None => score.wrong += 1,
        }
    }
    score.missed = taken[..wanted.len()].iter().filter(|&&t| !t).count();
    score
}

/// Where a point lies from a rectangle's centre, along and across its axis, m.
fn offset_m(p: Point, rect: &OrientedRect, gsd_m: f64) -> (f64, f64) {
    let (s, c) = rect.angle_rad.sin_cos();
    let (dx, dy) = (p.x - rect.center.x, p.y - rect.center.y);
    ((dx * c + dy * s) * gsd_m, (dy * c - dx * s) * gsd_m)
}
