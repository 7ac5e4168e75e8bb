//! The field that is compared: which way the edges run, blind to the sign of contrast.
//!
//! With z = gx + i·gy the gradient after a one-pixel blur, F = z² / (|z|·(|z| + n)). Squaring folds opposite directions
//! together, so a dark roof on bright gravel and a bright roof on dark gravel agree; the noise floor n, half the local and half the global mean of
//! |z|, lets weak edges count where all edges are weak. |F| < 1, and 0 where nothing holds.

use super::pyramid::Window;

/// Half-width of the box whose double pass is the local mean of |z|. Wide enough to span several tracks or a house at the
/// working sizes, so that a single strong edge doesn't set its own floor; wider, and shaded quarters fall silent.
const LOCAL_RADIUS_PX: usize = 12;

/// How far the blur reaches.
const BLUR_PX: usize = 3;

/// Pixels next to a border are left out: blur and gradient reach over it.
pub(super) const BORDER_PX: usize = BLUR_PX + 1;

/// A mean gradient below this share of the mean grey value is the rounding of the blur, not a picture.
const ROUNDING: f32 = 1e-6;

/// Weights of a Gaussian of one pixel, σ = 1, from the middle outwards.
const BLUR: [f32; 4] = [0.399_050_3, 0.242_036_2, 0.054_005_6, 0.004_433];

/// A complex value at every pixel, and where it holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Field {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Real parts.
    pub re: Vec<f32>,
    /// Imaginary parts.
    pub im: Vec<f32>,
    /// 1 where the value holds, else 0.
    pub valid: Vec<f32>,
}

/// Computes fields, keeping its buffers.
#[derive(Debug, Default)]
pub(super) struct Extractor {
    a: Vec<f32>,
    b: Vec<f32>,
    magnitude: Vec<f32>,
    weight: Vec<f32>,
    line: Vec<f32>,
}

impl Extractor {
    /// The orientation field of a window.
    pub fn field(&mut self, window: &Window, out: &mut Field) {
        let (w, h) = (window.width, window.height);
        (out.width, out.height) = (w, h);
        for buffer in [&mut out.re, &mut out.im, &mut out.valid, &mut self.a, &mut self.b, &mut self.magnitude] {
            buffer.clear();
            buffer.resize(w * h, 0.0);
        }
        if w <= 2 * BORDER_PX || h <= 2 * BORDER_PX {
            return;
        }
        blur_columns(&window.luma, &mut self.a, w);
        blur_rows(&self.a, &mut self.b, w);
        erode(&window.valid, &mut out.valid, w, h, &mut self.a);
        self.gradient(w, h, out);
        self.normalise(w, h, out);
    }

    /// The gradient into `out`, its length into `magnitude`; zero where the field doesn't hold.
    fn gradient(&mut self, w: usize, h: usize, out: &mut Field) {
        for y in 1..h - 1 {
            let (up, here, down) = (&self.b[(y - 1) * w..][..w], &self.b[y * w..][..w], &self.b[(y + 1) * w..][..w]);
            let row = y * w..(y + 1) * w;
            let (gx, gy, m, v) =
                (&mut out.re[row.clone()], &mut out.im[row.clone()], &mut self.magnitude[row.clone()], &out.valid[row]);
            for x in 1..w - 1 {
                gx[x] = (here[x + 1] - here[x - 1]) * v[x];
                gy[x] = (down[x] - up[x]) * v[x];
                m[x] = (gx[x] * gx[x] + gy[x] * gy[x]).sqrt();
            }
        }
    }

    /// Squares the gradient's direction and divides by length and floor.
    fn normalise(&mut self, w: usize, h: usize, out: &mut Field) {
        let total: f32 = (0..h).map(|y| self.magnitude[y * w..][..w].iter().sum::<f32>()).sum();
        let count: f32 = (0..h).map(|y| out.valid[y * w..][..w].iter().sum::<f32>()).sum();
        let level: f32 = (0..h).map(|y| self.b[y * w..][..w].iter().map(|v| v.abs()).sum::<f32>()).sum();
        if !total.is_finite() || total <= ROUNDING * level {
            out.re.fill(0.0);
            out.im.fill(0.0);
            return;
        }
        let half_global = 0.5 * total / count;
        self.weight.clear();
        self.weight.extend_from_slice(&out.valid);
        self.a.copy_from_slice(&self.magnitude);
        for _ in 0..2 {
            box_sum(&mut self.a, &mut self.b, w, h, LOCAL_RADIUS_PX, &mut self.line);
            box_sum(&mut self.weight, &mut self.b, w, h, LOCAL_RADIUS_PX, &mut self.line);
        }
        for i in 0..w * h {
            let (gx, gy, m) = (out.re[i], out.im[i], self.magnitude[i]);
            let floor = 0.5 * self.a[i] / self.weight[i].max(1e-3) + half_global;
            let scale = 1.0 / (m * (m + floor)).max(f32::MIN_POSITIVE);
            let scale = if m > 0.0 { scale } else { 0.0 };
            out.re[i] = (gx * gx - gy * gy) * scale;
            out.im[i] = 2.0 * gx * gy * scale;
        }
    }
}

impl Field {
    /// Takes the mean off where the field holds: parallel tracks are one dominant direction, and without this every
    /// place with tracks resembles every other.
    pub fn subtract_mean(&mut self) {
        let count: f32 = self.valid.iter().sum();
        if count < 1.0 {
            return;
        }
        for part in [&mut self.re, &mut self.im] {
            let mean = part.iter().sum::<f32>() / count;
            part.iter_mut().zip(&self.valid).for_each(|(v, holds)| *v -= mean * holds);
        }
    }
}

fn blur_columns(from: &[f32], to: &mut [f32], w: usize) {
    let h = from.len() / w;
    for y in BLUR_PX..h - BLUR_PX {
        let rows: [&[f32]; 7] = std::array::from_fn(|k| &from[(y + k - BLUR_PX) * w..][..w]);
        for (x, out) in to[y * w..(y + 1) * w].iter_mut().enumerate() {
            *out = BLUR[0] * rows[3][x]
                + BLUR[1] * (rows[2][x] + rows[4][x])
                + BLUR[2] * (rows[1][x] + rows[5][x])
                + BLUR[3] * (rows[0][x] + rows[6][x]);
        }
    }
}

fn blur_rows(from: &[f32], to: &mut [f32], w: usize) {
    for (from, to) in from.chunks_exact(w).zip(to.chunks_exact_mut(w)) {
        let n = w - 2 * BLUR_PX;
        let taps: [&[f32]; 7] = std::array::from_fn(|k| &from[k..k + n]);
        for (x, out) in to[BLUR_PX..BLUR_PX + n].iter_mut().enumerate() {
            *out = BLUR[0] * taps[3][x]
                + BLUR[1] * (taps[2][x] + taps[4][x])
                + BLUR[2] * (taps[1][x] + taps[5][x])
                + BLUR[3] * (taps[0][x] + taps[6][x]);
        }
    }
}

/// 1 where all pixels within the border's width hold, and none lies outside.
fn erode(from: &[f32], to: &mut [f32], w: usize, h: usize, spare: &mut [f32]) {
    const R: usize = BORDER_PX;
    spare.fill(0.0);
    for y in R..h - R {
        let out = &mut spare[y * w..(y + 1) * w];
        out.copy_from_slice(&from[(y - R) * w..][..w]);
        for k in 1..=2 * R {
            let other = &from[(y + k - R) * w..][..w];
            out.iter_mut().zip(other).for_each(|(o, v)| *o *= v);
        }
    }
    for (from, to) in spare.chunks_exact(w).zip(to.chunks_exact_mut(w)) {
        let n = w - 2 * R;
        to[R..R + n].copy_from_slice(&from[..n]);
        for k in 1..=2 * R {
            to[R..R + n].iter_mut().zip(&from[k..]).for_each(|(o, v)| *o *= v);
        }
    }
}

/// Sums over squares of side 2·radius + 1, in place, what lies outside counting zero.
fn box_sum(data: &mut [f32], spare: &mut [f32], w: usize, h: usize, radius: usize, line: &mut Vec<f32>) {
    line.clear();
    line.resize(w, 0.0);
    for y in 0..h + radius {
        if y < h {
            line.iter_mut().zip(&data[y * w..][..w]).for_each(|(s, v)| *s += v);
        }
        if y > 2 * radius {
            line.iter_mut().zip(&data[(y - 2 * radius - 1) * w..][..w]).for_each(|(s, v)| *s -= v);
        }
        if y >= radius {
            spare[(y - radius) * w..][..w].copy_from_slice(line);
        }
    }
    for (from, to) in spare.chunks_exact(w).zip(data.chunks_exact_mut(w)) {
        let mut sum = 0.0f32;
        for x in 0..w + radius {
            if x < w {
                sum += from[x];
            }
            if x > 2 * radius {
                sum -= from[x - 2 * radius - 1];
            }
            if x >= radius {
                to[x - radius] = sum.max(0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(w: usize, h: usize, f: impl Fn(f32, f32) -> f32) -> Window {
        let luma = (0..w * h).map(|i| f((i % w) as f32, (i / w) as f32)).collect();
        Window { width: w, height: h, luma, valid: vec![1.0; w * h] }
    }

    fn field(window: &Window) -> Field {
        let mut out = Field::default();
        Extractor::default().field(window, &mut out);
        out
    }

    #[test]
    fn contrast_reversal_changes_nothing() {
        let texture = |x: f32, y: f32| ((x * 12.9 + y * 78.2) as i32 * 7919 % 251) as f32;
        let (a, b) = (field(&window(40, 30, texture)), field(&window(40, 30, |x, y| 250.0 - texture(x, y))));
        assert!(a.re.iter().zip(&b.re).all(|(p, q)| (p - q).abs() < 1e-4));
        assert!(a.re.iter().any(|v| v.abs() > 0.1));
    }

    #[test]
    fn brightness_scale_changes_nothing() {
        let texture = |x: f32, y: f32| ((x * 12.9 + y * 78.2) as i32 * 7919 % 251) as f32;
        let (a, b) = (field(&window(40, 30, texture)), field(&window(40, 30, |x, y| 1e-4 * texture(x, y))));
        assert!(a.im.iter().zip(&b.im).all(|(p, q)| (p - q).abs() < 1e-3));
    }

    #[test]
    fn a_vertical_edge_is_positive_and_a_horizontal_one_negative() {
        let vertical = field(&window(30, 30, |x, _| if x < 15.0 { 10.0 } else { 90.0 }));
        let horizontal = field(&window(30, 30, |_, y| if y < 15.0 { 10.0 } else { 90.0 }));
        assert!(vertical.re[15 * 30 + 15] > 0.3 && horizontal.re[15 * 30 + 15] < -0.3);
    }

    #[test]
    fn flat_and_tiny_windows_are_all_zero() {
        for (w, h) in [(30, 30), (5, 40), (1, 1)] {
            let out = field(&window(w, h, |_, _| 7.0));
            assert!(out.re.iter().chain(&out.im).all(|v| *v == 0.0), "{w} × {h}");
        }
    }

    #[test]
    fn box_sums_equal_plain_sums() {
        let (w, h, r) = (9, 7, 2);
        let data: Vec<f32> = (0..w * h).map(|i| (i * 31 % 17) as f32).collect();
        let mut got = data.clone();
        box_sum(&mut got, &mut vec![0.0; w * h], w, h, r, &mut Vec::new());
        for y in 0..h {
            for x in 0..w {
                let (ys, xs) = (y.saturating_sub(r)..(y + r + 1).min(h), x.saturating_sub(r)..(x + r + 1).min(w));
                let plain: f32 = ys.map(|v| xs.clone().map(|u| data[v * w + u]).sum::<f32>()).sum();
                assert_eq!(got[y * w + x], plain);
            }
        }
    }
}
