//! Candidates: *before* against *after* at every turn and scale of a grid, on images of about a hundred pixels.
//!
//! Exhaustive because nothing shorter survived: keypoints find nothing in common across seasons, and Fourier–Mellin locks onto
//! the direction of the tracks. Spectra are half-whitened (divided by the square root of their own magnitude): full whitening amplifies
//! noise, none lets the broad structure of any two yards agree.

use super::fft::{Fft, Plane, good_side};
use super::orientation::{Extractor, Field};
use super::pyramid::{Pyramid, Window};
use crate::error::Result;
use crate::geometry::{Point, Transform};

/// Longest side of *before* while searching, in pixels. At 128 a yard of 100–200 m still shows its tracks in groups and its roads;
/// 88 lost small scenes, 192 costs twice as much and finds the same.
const SEARCH_SIDE_PX: f64 = 128.0;

/// Side of the search square as a multiple of [`SEARCH_SIDE_PX`]: shifts up to half of the width come round without meeting
/// themselves; twice the side would cost double for overlaps too small to be trusted.
const SQUARE: f64 = 1.5;

/// Share of the mean spectral magnitude added before whitening, so that empty frequencies stay empty.
const WHITENING_FLOOR: f32 = 0.1;

/// Candidates whose corners all lie within this share of the longest side are one and the same: the refinement reaches that far.
const SAME_WITHIN: f64 = 0.06;

/// Around a peak this many pixels on each side are taken out before the next peak is looked for.
const PEAK_RADIUS_PX: usize = 4;

/// Smallest share of the smaller image that must lie in the other. The gate asks for a quarter.
const LEAST_OVERLAP: f64 = 0.2;

/// A transform from *after* to *before*, and how many standard deviations its correlation peak stands out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Height of the peak in standard deviations of its correlation surface.
    pub score: f32,
    /// Full-size *after* to full-size *before*.
    pub transform: Transform,
}

/// What is tried.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    /// Taken first; turns and scales come on top. The identity without a guess.
    pub base: Transform,
    /// Factors on lengths, *after* to *before*.
    pub scales: Vec<f64>,
    /// Turns in radians.
    pub turns: Vec<f64>,
    /// Also try every turn plus half a circle.
    pub half_turns: bool,
    /// The middle of *after* may lie this far from where `base` puts it, px of *before*; `None`: anywhere.
    pub reach_px: Option<f64>,
    /// How many distinct candidates are kept.
    pub keep: usize,
}

/// The half-whitened spectra of *before*, as it is and turned by half a circle, made once.
pub(super) struct Search<'a> {
    before: &'a Pyramid<'a>,
    after: &'a Pyramid<'a>,
    /// Pixels of the search square per pixel of *before*.
    zoom: f64,
    size: (usize, usize),
    spectra: [Plane; 2],
    fft: Fft,
    extractor: Extractor,
    window: Window,
    field: Field,
}

impl<'a> Search<'a> {
    /// Prepares *before*.
    pub fn new(before: &'a Pyramid<'a>, after: &'a Pyramid<'a>) -> Self {
        let zoom = (SEARCH_SIDE_PX / before.longest_side()).min(1.0);
        let size = ((before.width() as f64 * zoom) as usize, (before.height() as f64 * zoom) as usize);
        let side = good_side((size.0.max(size.1) as f64 * SQUARE) as usize);
        let mut search = Self {
            before,
            after,
            zoom,
            size,
            spectra: [Plane::zero(side), Plane::zero(side)],
            fft: Fft::new(side),
            extractor: Extractor::default(),
            window: Window::default(),
            field: Field::default(),
        };
        search.prepare();
        search
    }

    fn prepare(&mut self) {
        let (w, h) = self.size;
        self.before.cut(&Transform::similarity(1.0 / self.zoom, 0.0, 0.0, 0.0), w, h, &mut self.window);
        self.extractor.field(&self.window, &mut self.field);
        self.field.subtract_mean();
        let mut turned = self.field.clone();
        turned.re.reverse();
        turned.im.reverse();
        for (field, spectrum) in [&self.field, &turned].into_iter().zip(&mut self.spectra) {
            load(field, spectrum, self.fft.side());
            self.fft.forward(spectrum);
            half_whiten(spectrum);
        }
    }

    /// Tries the whole grid; the best distinct candidates, best first.
    pub fn run(&mut self, grid: &Grid, tick: &mut dyn FnMut(f64) -> Result<()>) -> Result<Vec<Candidate>> {
        let (mut found, mut plane) = (Vec::new(), Plane::zero(self.fft.side()));
        for (i, scale) in grid.scales.iter().enumerate() {
            for (j, turn) in grid.turns.iter().enumerate() {
                if j % 4 == 0 {
                    tick((i * grid.turns.len() + j) as f64 / (grid.scales.len() * grid.turns.len()) as f64)?;
                }
                let to_square = self.load_after(&grid.base, *scale, *turn, &mut plane);
                let spectra = if grid.half_turns { 2 } else { 1 };
                let after = (spectra == 2).then(|| plane.clone());
                for half in 0..spectra {
                    if let Some(after) = after.as_ref().filter(|_| half == 1) {
                        plane.clone_from(after);
                    }
                    self.correlate(half, &to_square, &mut plane, &mut found);
                }
            }
        }
        Ok(self.distinct(found, grid))
    }

    /// Puts the spectrum of the turned and scaled *after* into `plane`; returns the map from *after* to the square.
    fn load_after(&mut self, base: &Transform, scale: f64, turn: f64, plane: &mut Plane) -> Transform {
        let middle = self.after.centre();
        let linear = linear_part(base).then(&Transform::similarity(scale * self.zoom, turn, 0.0, 0.0));
        let reach = self.after.corners().map(|c| linear.apply(c));
        let extent = |f: fn(Point) -> f64| {
            let (low, high) = reach.iter().map(|p| f(*p)).fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
            ((high - low) as usize + 1).min(self.fft.side())
        };
        let (w, h) = (extent(|p| p.x), extent(|p| p.y));
        let put = linear.apply(middle);
        let to_square = linear.then(&Transform::similarity(1.0, 0.0, w as f64 / 2.0 - put.x, h as f64 / 2.0 - put.y));
        plane.clear();
        let Some(back) = to_square.inverse() else { return to_square };
        self.after.cut(&back, w, h, &mut self.window);
        self.extractor.field(&self.window, &mut self.field);
        self.field.subtract_mean();
        load(&self.field, plane, self.fft.side());
        self.fft.forward(plane);
        half_whiten(plane);
        to_square
    }

    /// Correlates with *before* (`half` = 1: turned by half a circle) and notes the two highest peaks.
    fn correlate(&mut self, half: usize, to_square: &Transform, plane: &mut Plane, found: &mut Vec<Candidate>) {
        let side = self.fft.side();
        conjugate_product(&self.spectra[half], plane);
        self.fft.inverse(plane);
        let surface = &mut plane.re;
        let power: f32 = (0..side).map(|y| surface[y * side..][..side].iter().map(|v| v * v).sum::<f32>()).sum();
        let deviation = (power / (side * side) as f32).sqrt();
        if deviation.is_nan() || deviation <= 0.0 {
            return;
        }
        for _ in 0..2 {
            let (x, y, height) = highest(surface, side);
            let shift = |at: usize, before: usize, after: usize| unwrapped(at, side, before, after) as f64;
            let dx = shift(x, self.size.0, self.field.width);
            let dy = shift(y, self.size.1, self.field.height);
            let moved = to_square.then(&Transform::similarity(1.0, 0.0, -dx, -dy));
            let moved = if half == 1 {
                let turn = Transform([[-1.0, 0.0, self.size.0 as f64], [0.0, -1.0, self.size.1 as f64], [0.0, 0.0, 1.0]]);
                moved.then(&turn)
            } else {
                moved
            };
            let transform = moved.then(&Transform::similarity(1.0 / self.zoom, 0.0, 0.0, 0.0));
            found.push(Candidate { score: height / deviation, transform });
            erase(surface, side, x, y);
        }
    }

    /// The best, each apart from all better ones, inside the reach and with enough overlap.
    fn distinct(&self, mut found: Vec<Candidate>, grid: &Grid) -> Vec<Candidate> {
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        let expected = grid.base.apply(self.after.centre());
        let mut kept: Vec<Candidate> = Vec::new();
        for candidate in found {
            let near = grid.reach_px.is_none_or(|r| candidate.transform.apply(self.after.centre()).distance(expected) <= r);
            let new = kept
                .iter()
                .all(|k| !same(self.after, &k.transform, &candidate.transform, SAME_WITHIN * self.before.longest_side()));
            if near && new && overlap(self.before, self.after, &candidate.transform) >= LEAST_OVERLAP {
                kept.push(candidate);
                if kept.len() == grid.keep {
                    break;
                }
            }
        }
        kept
    }
}

/// Do two transforms put every corner of *after* within `tolerance_px` of each other?
pub(super) fn same(after: &Pyramid<'_>, a: &Transform, b: &Transform, tolerance_px: f64) -> bool {
    after.corners().iter().all(|c| a.apply(*c).distance(b.apply(*c)) <= tolerance_px)
}

/// The share of the smaller image that lies in the other, from a grid of points.
pub(super) fn overlap(before: &Pyramid<'_>, after: &Pyramid<'_>, transform: &Transform) -> f64 {
    /// Points a side: 16 × 16 give the share to about a percent, which is all that any threshold on it needs.
    const POINTS: usize = 16;
    let at = |i: usize, side: usize| (i as f64 + 0.5) / POINTS as f64 * side as f64;
    let Some(back) = transform.inverse() else { return 0.0 };
    let (mut held, mut shared, mut held_after) = (0usize, 0usize, 0usize);
    for i in 0..POINTS * POINTS {
        let p = Point::new(at(i % POINTS, before.width()), at(i / POINTS, before.height()));
        let q = Point::new(at(i % POINTS, after.width()), at(i / POINTS, after.height()));
        held_after += usize::from(after.holds(q));
        if before.holds(p) {
            held += 1;
            shared += usize::from(after.holds(back.apply(p)));
        }
    }
    let area = |p: &Pyramid<'_>, held: usize| p.width() as f64 * p.height() as f64 * held as f64;
    let scale = transform.scale_at(after.centre());
    let (a, b) = (area(before, held), area(after, held_after) * scale * scale);
    if a.min(b) > 0.0 { (area(before, shared) / a.min(b)).min(1.0) } else { 0.0 }
}

/// The linear part at the origin, without the shift.
fn linear_part(t: &Transform) -> Transform {
    let m = &t.0;
    Transform([[m[0][0], m[0][1], 0.0], [m[1][0], m[1][1], 0.0], [0.0, 0.0, 1.0]])
}

fn load(field: &Field, plane: &mut Plane, side: usize) {
    plane.clear();
    let w = field.width.min(side);
    for y in 0..field.height.min(side) {
        plane.re[y * side..][..w].copy_from_slice(&field.re[y * field.width..][..w]);
        plane.im[y * side..][..w].copy_from_slice(&field.im[y * field.width..][..w]);
    }
}

fn half_whiten(plane: &mut Plane) {
    let total: f32 = plane.re.iter().zip(&plane.im).map(|(a, b)| (a * a + b * b).sqrt()).sum();
    let floor = WHITENING_FLOOR * total / plane.re.len() as f32;
    if floor.is_nan() || floor <= 0.0 {
        return;
    }
    for (re, im) in plane.re.iter_mut().zip(&mut plane.im) {
        let scale = 1.0 / ((*re * *re + *im * *im).sqrt() + floor).sqrt();
        *re *= scale;
        *im *= scale;
    }
}

/// `plane` ← conj(`spectrum`) · `plane`.
fn conjugate_product(spectrum: &Plane, plane: &mut Plane) {
    let parts = plane.re.iter_mut().zip(&mut plane.im).zip(spectrum.re.iter().zip(&spectrum.im));
    for ((re, im), (a, b)) in parts {
        (*re, *im) = (a * *re + b * *im, a * *im - b * *re);
    }
}

fn highest(surface: &[f32], side: usize) -> (usize, usize, f32) {
    let mut best = (0, 0, f32::MIN);
    for (y, row) in surface.chunks_exact(side).enumerate() {
        let top = row.iter().copied().fold(f32::MIN, f32::max);
        if top > best.2 {
            let x = row.iter().position(|v| *v == top).unwrap_or(0);
            best = (x, y, top);
        }
    }
    best
}

/// A circular shift as the signed one under which the two extents share more.
fn unwrapped(at: usize, side: usize, before: usize, after: usize) -> i64 {
    let shared = |d: i64| (before as i64).min(after as i64 - d) - (-d).max(0);
    let (near, far) = (at as i64, at as i64 - side as i64);
    if shared(near) >= shared(far) { near } else { far }
}

fn erase(surface: &mut [f32], side: usize, x: usize, y: usize) {
    for j in 0..=2 * PEAK_RADIUS_PX {
        for i in 0..=2 * PEAK_RADIUS_PX {
            let (u, v) = ((x + i + side - PEAK_RADIUS_PX) % side, (y + j + side - PEAK_RADIUS_PX) % side);
            surface[v * side + u] = 0.0;
        }
    }
}
