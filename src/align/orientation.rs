//! The feature everything is compared by: the direction of edges, modulo half a turn.
//!
//! With z = gx + i·gy the feature is F = z² / (|z|·(|z| + n)). Squaring forgets the sign of contrast, so other light, season
//! or band change little; n, half the local plus half the global mean of |z|, keeps |F| < 1 and small where nothing is seen.
//! The masked mean is taken away: parallel tracks are one dominant direction that matches everywhere.

use super::grey::{Grey, gaussian};

/// Blur before the gradient, px.
const BLUR_PX: f64 = 1.0;
/// Reach of the local mean of |z|, px: two box means of 2·12 + 1.
const LOCAL_PX: usize = 12;
/// Pixels nearer to the border of the valid area than this say nothing: the blur and the gradient reach that far.
const RIM_PX: usize = 3;

/// Complex feature of every pixel, 0 where masked.
#[derive(Debug, Clone)]
pub(super) struct Orientation {
    pub width: usize,
    pub height: usize,
    pub re: Vec<f32>,
    pub im: Vec<f32>,
    /// 1 where the feature holds.
    pub weight: Vec<f32>,
}

impl Orientation {
    pub fn of(grey: &Grey) -> Self {
        let (w, h) = (grey.width, grey.height);
        let soft = gaussian(&grey.value, w, h, BLUR_PX);
        let weight = eroded(&grey.weight, w, h, RIM_PX);
        let (mut gx, mut gy, mut size) = (vec![0.0f32; w * h], vec![0.0f32; w * h], vec![0.0f32; w * h]);
        for y in 1..h.saturating_sub(1) {
            for x in 1..w.saturating_sub(1) {
                let i = y * w + x;
                gx[i] = soft[i + 1] - soft[i - 1];
                gy[i] = soft[i + w] - soft[i - w];
                size[i] = (gx[i] * gx[i] + gy[i] * gy[i]).sqrt();
            }
        }
        let masked: Vec<f32> = size.iter().zip(&weight).map(|(s, m)| s * m).collect();
        let area: f32 = weight.iter().sum();
        let global = masked.iter().map(|&v| f64::from(v)).sum::<f64>() as f32 / area.max(1.0);
        let local = boxed(&boxed(&masked, w, h), w, h);
        let cover = boxed(&boxed(&weight, w, h), w, h);
        let (mut re, mut im) = (vec![0.0; w * h], vec![0.0; w * h]);
        for i in 0..w * h {
            if weight[i] > 0.0 {
                let n = 0.5 * local[i] / (cover[i] + 1e-6) + 0.5 * global + 1e-3;
                let d = size[i] * (size[i] + n) + 1e-6;
                re[i] = (gx[i] * gx[i] - gy[i] * gy[i]) / d;
                im[i] = 2.0 * gx[i] * gy[i] / d;
            }
        }
        let mut field = Self { width: w, height: h, re, im, weight };
        field.centre(area);
        field
    }

    fn centre(&mut self, area: f32) {
        for part in [&mut self.re, &mut self.im] {
            let mean = part.iter().map(|&v| f64::from(v)).sum::<f64>() as f32 / area.max(1.0);
            for (v, m) in part.iter_mut().zip(&self.weight) {
                *v -= mean * m;
            }
        }
    }

    /// Half a turn of the picture: the array reversed, since directions are modulo half a turn.
    pub fn half_turned(&self) -> Self {
        let back = |v: &[f32]| v.iter().rev().copied().collect();
        Self { re: back(&self.re), im: back(&self.im), weight: back(&self.weight), ..*self }
    }
}

/// Mean over a square of ±[`LOCAL_PX`], counting nothing beyond the border.
fn boxed(values: &[f32], w: usize, h: usize) -> Vec<f32> {
    let side = (2 * LOCAL_PX + 1) as f32;
    let mut rows = vec![0.0f32; values.len()];
    for (from, to) in values.chunks_exact(w).zip(rows.chunks_exact_mut(w)) {
        let mut sum: f64 = from.iter().take(LOCAL_PX).map(|&v| f64::from(v)).sum();
        for x in 0..w {
            if x + LOCAL_PX < w {
                sum += f64::from(from[x + LOCAL_PX]);
            }
            to[x] = sum as f32;
            if x >= LOCAL_PX {
                sum -= f64::from(from[x - LOCAL_PX]);
            }
        }
    }
    let mut out = vec![0.0f32; values.len()];
    let mut sums = vec![0.0f64; w];
    for y in 0..h + LOCAL_PX {
        if y < h {
            for (s, v) in sums.iter_mut().zip(&rows[y * w..(y + 1) * w]) {
                *s += f64::from(*v);
            }
        }
        if y > 2 * LOCAL_PX {
            let gone = y - 2 * LOCAL_PX - 1;
            for (s, v) in sums.iter_mut().zip(&rows[gone * w..(gone + 1) * w]) {
                *s -= f64::from(*v);
            }
        }
        if y >= LOCAL_PX {
            let at = y - LOCAL_PX;
            for (o, s) in out[at * w..(at + 1) * w].iter_mut().zip(&sums) {
                *o = *s as f32 / (side * side);
            }
        }
    }
    out
}

/// 1 where every pixel within `reach` is 1 and inside.
fn eroded(weight: &[f32], w: usize, h: usize, reach: usize) -> Vec<f32> {
    let mut rows = vec![0.0f32; weight.len()];
    for y in 0..h {
        let mut run = 0;
        for x in 0..w {
            run = if weight[y * w + x] > 0.5 { run + 1 } else { 0 };
            if run > 2 * reach {
                rows[y * w + x - reach] = 1.0;
            }
        }
    }
    let mut out = vec![0.0f32; weight.len()];
    for x in 0..w {
        let mut run = 0;
        for y in 0..h {
            run = if rows[y * w + x] > 0.5 { run + 1 } else { 0 };
            if run > 2 * reach {
                out[(y - reach) * w + x] = 1.0;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(f: impl Fn(usize, usize) -> f32) -> Grey {
        let value = (0..40 * 30).map(|i| f(i % 40, i / 40)).collect();
        Grey { width: 40, height: 30, value, weight: vec![1.0; 1200] }
    }

    #[test]
    fn the_sign_of_contrast_is_forgotten() {
        let light = Orientation::of(&grey(|x, y| ((x * 7 + y * y) % 13) as f32));
        let dark = Orientation::of(&grey(|x, y| -(((x * 7 + y * y) % 13) as f32)));
        assert_eq!(light.re, dark.re);
        assert_eq!(light.im, dark.im);
    }

    #[test]
    fn one_direction_everywhere_says_nothing() {
        let stripes = Orientation::of(&grey(|x, _| (x % 4) as f32));
        let strongest = stripes.re.iter().fold(0.0f32, |a, v| a.max(v.abs()));
        assert!(strongest < 0.75, "{strongest}");
        let energy: f32 = stripes.re.iter().sum::<f32>().abs();
        assert!(energy < 1.0, "the mean is taken away: {energy}");
    }

    #[test]
    fn the_box_mean_is_the_plain_one() {
        let values: Vec<f32> = (0..50 * 40).map(|i| ((i * 37) % 11) as f32).collect();
        let fast = boxed(&values, 50, 40);
        let (x, y) = (20, 17);
        let mut sum = 0.0;
        for dy in -12i32..=12 {
            for dx in -12i32..=12 {
                sum += values[((y + dy) * 50 + x + dx) as usize];
            }
        }
        assert!((fast[(y * 50 + x) as usize] - sum / 625.0).abs() < 1e-4);
    }
}
