//! Grey working images: shrinking, warping, and the half-size pyramid behind both.

use super::View;
use crate::geometry::{Point, Transform};

/// A grey image with a weight of 0 or 1 for every pixel.
#[derive(Debug, Clone)]
pub(super) struct Grey {
    pub width: usize,
    pub height: usize,
    pub value: Vec<f32>,
    pub weight: Vec<f32>,
}

/// An image at full, half, quarter … size; level 0 is the image itself.
#[derive(Debug)]
pub(super) struct Pyramid {
    levels: Vec<Grey>,
}

/// Levels stop where the shorter side would fall below this.
const SMALLEST_SIDE_PX: usize = 16;

impl Grey {
    fn of(view: View<'_>) -> Self {
        let (width, height) = (view.luma.width(), view.luma.height());
        let weight = view
            .valid
            .map_or_else(|| vec![1.0; width * height], |m| m.samples().iter().map(|&v| f32::from(u8::from(v))).collect());
        let finite = |v: &f32| if v.is_finite() { *v } else { 0.0 };
        Self { width, height, value: view.luma.samples().iter().map(finite).collect(), weight }
    }

    /// Every 2 × 2 pixels become one; a pixel is valid when all four are.
    fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut half =
            Self { width, height, value: Vec::with_capacity(width * height), weight: Vec::with_capacity(width * height) };
        for y in 0..height {
            for x in 0..width {
                let i = 2 * y * self.width + 2 * x;
                let four = [i, i + 1, i + self.width, i + self.width + 1];
                half.value.push(four.iter().map(|&k| self.value[k]).sum::<f32>() / 4.0);
                half.weight.push(four.iter().map(|&k| self.weight[k]).fold(1.0, f32::min));
            }
        }
        half
    }

    /// Gaussian blur of the values; the border repeats.
    pub fn blurred(&self, sigma_px: f64) -> Self {
        let value = gaussian(&self.value, self.width, self.height, sigma_px);
        Self { value, ..self.clone() }
    }
}

/// Separable Gaussian over ±3 sigma; the border repeats.
pub(super) fn gaussian(values: &[f32], width: usize, height: usize, sigma_px: f64) -> Vec<f32> {
    let reach = (3.0 * sigma_px).ceil() as isize;
    let mut kernel: Vec<f32> =
        (-reach..=reach).map(|k| libm::exp(-((k * k) as f64) / (2.0 * sigma_px * sigma_px)) as f32).collect();
    let sum: f32 = kernel.iter().sum();
    kernel.iter_mut().for_each(|k| *k /= sum);
    let mut across = vec![0.0; values.len()];
    for (from, to) in values.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        for (x, out) in to.iter_mut().enumerate() {
            let at = |k: isize| from[(x as isize + k).clamp(0, width as isize - 1) as usize];
            *out = kernel.iter().zip(-reach..).map(|(w, k)| w * at(k)).sum();
        }
    }
    let mut down = vec![0.0; values.len()];
    for y in 0..height {
        let row = &mut down[y * width..(y + 1) * width];
        for (w, k) in kernel.iter().zip(-reach..) {
            let from = (y as isize + k).clamp(0, height as isize - 1) as usize;
            for (out, v) in row.iter_mut().zip(&across[from * width..(from + 1) * width]) {
                *out += w * v;
            }
        }
    }
    down
}

impl Pyramid {
    pub fn of(view: View<'_>) -> Self {
        let mut levels = vec![Grey::of(view)];
        while let Some(last) = levels.last() {
            if last.width.min(last.height) / 2 < SMALLEST_SIDE_PX {
                break;
            }
            let half = last.halved();
            levels.push(half);
        }
        Self { levels }
    }

    pub fn full(&self) -> &Grey {
        &self.levels[0]
    }

    pub fn longest_side(&self) -> usize {
        self.full().width.max(self.full().height)
    }

    /// The image laid on a grid of `size`; `to_grid` takes full-size pixels to grid pixels. Blurred first where the grid is
    /// coarser, so that nothing aliases.
    pub fn laid(&self, to_grid: &Transform, size: (usize, usize)) -> Option<Grey> {
        let middle = Point::new(self.full().width as f64 / 2.0, self.full().height as f64 / 2.0);
        let scale = to_grid.scale_at(middle);
        let mut level = 0;
        while scale * f64::from(1u32 << (level + 1)) <= 0.75 && level + 1 < self.levels.len() {
            level += 1;
        }
        let image = &self.levels[level];
        let (fx, fy) = (self.full().width as f64 / image.width as f64, self.full().height as f64 / image.height as f64);
        let left = scale * fx;
        let soft;
        let source = if left < 0.95 {
            soft = image.blurred(0.45 * (1.0 / (left * left) - 1.0).sqrt() + 1e-3);
            &soft
        } else {
            image
        };
        let to_level = to_grid.inverse()?.then(&Transform([[1.0 / fx, 0.0, 0.0], [0.0, 1.0 / fy, 0.0], [0.0, 0.0, 1.0]]));
        Some(sampled(source, &to_level, size))
    }

    /// The image shrunk so that its longest side is `side`; never enlarged. Also gives the factors along x and y.
    pub fn shrunk(&self, side: usize) -> (Grey, f64, f64) {
        let full = self.full();
        let factor = (side as f64 / self.longest_side() as f64).min(1.0);
        let size = |n: usize| ((n as f64 * factor).round() as usize).clamp(8.min(n), n);
        let (width, height) = (size(full.width), size(full.height));
        let (sx, sy) = (width as f64 / full.width as f64, height as f64 / full.height as f64);
        let to_grid = Transform([[sx, 0.0, 0.0], [0.0, sy, 0.0], [0.0, 0.0, 1.0]]);
        let grey =
            if factor == 1.0 { full.clone() } else { self.laid(&to_grid, (width, height)).unwrap_or_else(|| full.clone()) };
        (grey, sx, sy)
    }
}

/// Bilinear samples; a pixel is valid when it lies inside and all four neighbours are.
fn sampled(source: &Grey, grid_to_source: &Transform, (width, height): (usize, usize)) -> Grey {
    let mut out = Grey { width, height, value: vec![0.0; width * height], weight: vec![0.0; width * height] };
    let m = &grid_to_source.0;
    for y in 0..height {
        for x in 0..width {
            let (px, py) = (x as f64 + 0.5, y as f64 + 0.5);
            let w = m[2][0] * px + m[2][1] * py + m[2][2];
            let sx = (m[0][0] * px + m[0][1] * py + m[0][2]) / w - 0.5;
            let sy = (m[1][0] * px + m[1][1] * py + m[1][2]) / w - 0.5;
            if !(sx >= -0.5 && sy >= -0.5 && sx <= source.width as f64 - 0.5 && sy <= source.height as f64 - 0.5) {
                continue;
            }
            let (cx, cy) = (sx.clamp(0.0, source.width as f64 - 1.0), sy.clamp(0.0, source.height as f64 - 1.0));
            let (x0, y0) = (cx as usize, cy as usize);
            let (x1, y1) = ((x0 + 1).min(source.width - 1), (y0 + 1).min(source.height - 1));
            let (u, v) = ((cx - x0 as f64) as f32, (cy - y0 as f64) as f32);
            let at = |x: usize, y: usize| source.value[y * source.width + x];
            let ok = |x: usize, y: usize| source.weight[y * source.width + x];
            let i = y * width + x;
            out.value[i] = (at(x0, y0) * (1.0 - u) + at(x1, y0) * u) * (1.0 - v) + (at(x0, y1) * (1.0 - u) + at(x1, y1) * u) * v;
            out.weight[i] = ok(x0, y0).min(ok(x1, y0)).min(ok(x0, y1)).min(ok(x1, y1));
        }
    }
    out
}
