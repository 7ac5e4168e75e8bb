//! First guesses: *after* at many turns and scales, laid over a small *before* by correlation.

use super::fft::{Fft, Plane};
use super::grey::Pyramid;
use super::orientation::Orientation;
use crate::error::Result;
use crate::geometry::{Point, Transform};

/// Longest side of *before* during the search, px. Smaller loses yards whose tracks are all alike; larger costs by its square.
const SIDE_PX: usize = 112;
/// Side of the transforms, px: before plus the shifts that leave an overlap worth having.
const FFT_SIDE: usize = 192;
/// Scales tried are exp(step · k) for |k| ≤ [`SCALE_STEPS`]: 0.65 to 1.54. Correlation at this size falls to half at ±4 %.
const SCALE_STEP: f64 = 0.072;
const SCALE_STEPS: i32 = 6;
/// Step of the turns, degrees; the same reasoning.
const TURN_STEP_DEG: f64 = 4.0;
/// Peaks taken from every correlation.
const PEAKS: usize = 2;
/// Two guesses whose corners are nearer than this share of the image are one.
const DISTINCT: f64 = 0.06;

/// Which turns and scales to try.
#[derive(Debug, Clone, Copy)]
pub(super) enum Range {
    /// ±20°: images that are north up, or nearly.
    Narrow,
    /// The whole circle.
    Circle,
    /// ±6° and ±6 % around a known turn (radians) and scale.
    Around(f64, f64),
}

impl Range {
    /// (turns in radians, scales); with the circle only half of the turns, since half a turn more is the array reversed.
    fn grid(self) -> (Vec<f64>, Vec<f64>) {
        let scales =
            |middle: f64, steps: i32, step: f64| (-steps..=steps).map(|k| middle * libm::exp(step * f64::from(k))).collect();
        let turns = |middle: f64, steps: i32, step_deg: f64| {
            (-steps..=steps).map(|k| middle + (step_deg * f64::from(k)).to_radians()).collect()
        };
        match self {
            Range::Narrow => (turns(0.0, 5, TURN_STEP_DEG), scales(1.0, SCALE_STEPS, SCALE_STEP)),
            Range::Circle => ((0..40).map(|k| (4.5 * f64::from(k)).to_radians()).collect(), scales(1.0, SCALE_STEPS, SCALE_STEP)),
            Range::Around(turn, scale) => (turns(turn, 2, 3.0), scales(scale, 2, 0.03)),
        }
    }

    /// How many guesses are worth refining.
    fn keep(self) -> usize {
        match self {
            Range::Narrow => 12,
            Range::Circle => 20,
            Range::Around(..) => 6,
        }
    }
}

/// Transforms from *after* to *before*, best first.
pub(super) fn candidates(
    before: &Pyramid,
    after: &Pyramid,
    range: Range,
    tick: &mut dyn FnMut(f64) -> Result<()>,
) -> Result<Vec<Transform>> {
    let (small, sx, sy) = before.shrunk(SIDE_PX);
    let field = Orientation::of(&small);
    let mut fft = Fft::new(FFT_SIDE);
    let mut spectrum = placed(&field);
    fft.forward(&mut spectrum);
    whiten(&mut spectrum);
    let corners = corners(after);
    let (turns, scales) = range.grid();
    let both_ways = matches!(range, Range::Circle);
    let mut found: Vec<(f32, Transform)> = Vec::new();
    for (i, &turn) in turns.iter().enumerate() {
        tick(i as f64 / turns.len() as f64)?;
        for &scale in &scales {
            let Some((to_grid, laid)) = turned(after, turn, scale * (sx * sy).sqrt()) else { continue };
            let feature = Orientation::of(&laid);
            for half_turn in [false, true].into_iter().take(1 + usize::from(both_ways)) {
                let (feature, to_grid) = if half_turn {
                    let back = Transform([[-1.0, 0.0, laid.width as f64], [0.0, -1.0, laid.height as f64], [0.0, 0.0, 1.0]]);
                    (feature.half_turned(), to_grid.then(&back))
                } else {
                    (feature.clone(), to_grid)
                };
                for (score, dx, dy) in peaks(&spectrum, &feature, &mut fft) {
                    let shift = Transform::similarity(1.0, 0.0, -dx, -dy);
                    let up = Transform([[1.0 / sx, 0.0, 0.0], [0.0, 1.0 / sy, 0.0], [0.0, 0.0, 1.0]]);
                    found.push((score, to_grid.then(&shift).then(&up)));
                }
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let apart = DISTINCT * before.longest_side() as f64;
    Ok(distinct(found.into_iter().map(|f| f.1), &corners, apart, range.keep()))
}

/// The first `keep` transforms that differ from each other by more than `apart` at some corner.
pub(super) fn distinct(all: impl Iterator<Item = Transform>, corners: &[Point; 4], apart: f64, keep: usize) -> Vec<Transform> {
    let mut kept: Vec<Transform> = Vec::new();
    for t in all {
        let near = |k: &Transform| corners.iter().all(|&c| k.apply(c).distance(t.apply(c)) <= apart);
        if !kept.iter().any(near) {
            kept.push(t);
            if kept.len() >= keep {
                break;
            }
        }
    }
    kept
}

/// Corners of the full-size image.
pub(super) fn corners(image: &Pyramid) -> [Point; 4] {
    let (w, h) = (image.full().width as f64, image.full().height as f64);
    [Point::new(0.0, 0.0), Point::new(w, 0.0), Point::new(0.0, h), Point::new(w, h)]
}

/// *after* turned and scaled on a grid that holds all of it, or its middle where that is too large.
fn turned(after: &Pyramid, turn: f64, scale: f64) -> Option<(Transform, super::grey::Grey)> {
    let (w, h) = (after.full().width as f64, after.full().height as f64);
    let (c, s) = ((libm::cos(turn) * scale).abs(), (libm::sin(turn) * scale).abs());
    let side = |v: f64| (v as usize).min(FFT_SIDE - 16) + 1;
    let size = (side(c * w + s * h), side(s * w + c * h));
    let middle = Transform::similarity(1.0, 0.0, -w / 2.0, -h / 2.0);
    let to_grid = middle.then(&Transform::similarity(scale, turn, size.0 as f64 / 2.0, size.1 as f64 / 2.0));
    Some((to_grid, after.laid(&to_grid, size)?))
}

fn placed(field: &Orientation) -> Plane {
    let mut plane = Plane::zero(FFT_SIDE);
    for y in 0..field.height.min(FFT_SIDE) {
        let n = field.width.min(FFT_SIDE);
        plane.re[y * FFT_SIDE..][..n].copy_from_slice(&field.re[y * field.width..][..n]);
        plane.im[y * FFT_SIDE..][..n].copy_from_slice(&field.im[y * field.width..][..n]);
    }
    plane
}

/// Divides by the square root of the amplitude: half way to phase correlation, which sharpens the peak without letting noise in.
fn whiten(spectrum: &mut Plane) {
    let size = |re: f32, im: f32| (re * re + im * im).sqrt();
    let total: f64 = spectrum.re.iter().zip(&spectrum.im).map(|(&a, &b)| f64::from(size(a, b))).sum();
    let floor = 0.1 * (total / spectrum.re.len() as f64) as f32 + 1e-9;
    for (re, im) in spectrum.re.iter_mut().zip(&mut spectrum.im) {
        let factor = 1.0 / (size(*re, *im) + floor).sqrt();
        *re *= factor;
        *im *= factor;
    }
}

/// The strongest shifts (score in standard deviations, dx, dy) of a feature against *before*'s spectrum; content at p in
/// *before* lies at p + (dx, dy) in the feature.
fn peaks(before: &Plane, feature: &Orientation, fft: &mut Fft) -> Vec<(f32, f64, f64)> {
    let mut plane = placed(feature);
    fft.forward(&mut plane);
    whiten(&mut plane);
    for i in 0..plane.re.len() {
        let (a, b) = (before.re[i], before.im[i]);
        let (c, d) = (plane.re[i], plane.im[i]);
        plane.re[i] = a * c + b * d;
        plane.im[i] = a * d - b * c;
    }
    fft.inverse(&mut plane);
    let mut surface = plane.re;
    let n = surface.len() as f64;
    let mean = surface.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
    let spread = (surface.iter().map(|&v| (f64::from(v) - mean) * (f64::from(v) - mean)).sum::<f64>() / n).sqrt().max(1e-12);
    let mut out = Vec::with_capacity(PEAKS);
    for _ in 0..PEAKS {
        let best = (0..surface.len()).max_by(|&a, &b| surface[a].total_cmp(&surface[b])).unwrap_or(0);
        let (y, x) = (best / FFT_SIDE, best % FFT_SIDE);
        let signed = |v: usize, size: usize| if v < size + 2 { v as f64 } else { v as f64 - FFT_SIDE as f64 };
        out.push(((f64::from(surface[best]) / spread) as f32, signed(x, feature.width), signed(y, feature.height)));
        for dy in 0..9 {
            for dx in 0..9 {
                let (yy, xx) = ((y + FFT_SIDE + dy - 4) % FFT_SIDE, (x + FFT_SIDE + dx - 4) % FFT_SIDE);
                surface[yy * FFT_SIDE + xx] = 0.0;
            }
        }
    }
    out
}
