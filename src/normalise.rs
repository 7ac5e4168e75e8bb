//! Brings the values of two dates onto one scale before they are compared.
//!
//! Light, haze, season and a provider's stretch move all values of a date together; what is left after the two histograms
//! are laid over each other is change, place by place. Change itself bends the histograms, so the fit is repeated without
//! the most changed quarter of the pixels.

use crate::raster::{Mask, Raster};

/// Levels of the histogram that are laid over each other. Enough to follow a gamma or a tone curve; few enough that a level
/// holds hundreds of pixels of a small image and isn't bent by a single roof.
const QUANTILES: usize = 32;

/// Share of the pixels, the least changed ones, that the histograms are taken from.
const KEPT: f64 = 0.75;

/// Rounds of fitting and leaving out. The set of pixels left out hardly moves after the second.
const ROUNDS: usize = 3;

/// Most pixels that a fit looks at, evenly spread. The error of a quantile from so many is far below a grey level.
const PIXELS_AT_MOST: usize = 200_000;

/// A rising curve from the values of one date to those of the other: straight between quantiles, with the slope of the whole beyond.
#[derive(Debug, Clone, PartialEq)]
pub struct ToneCurve {
    from: Vec<f32>,
    to: Vec<f32>,
}

impl ToneCurve {
    /// The curve that takes the quantiles of `from` to those of `to`; `None` when either is empty.
    ///
    /// ```
    /// use sidings::normalise::ToneCurve;
    /// let dark: Vec<f32> = (0..100).map(|v| v as f32).collect();
    /// let bright: Vec<f32> = dark.iter().map(|v| 2.0 * v + 30.0).collect();
    /// let curve = ToneCurve::fit(dark, bright).expect("not empty");
    /// assert!((curve.apply(50.0) - 130.0).abs() < 0.5);
    /// ```
    pub fn fit(mut from: Vec<f32>, mut to: Vec<f32>) -> Option<Self> {
        if from.is_empty() || to.is_empty() {
            return None;
        }
        from.sort_by(f32::total_cmp);
        to.sort_by(f32::total_cmp);
        let level = |k: usize| (k as f64 + 0.5) / QUANTILES as f64;
        let mut curve = Self { from: Vec::new(), to: Vec::new() };
        for k in 0..QUANTILES {
            let (a, b) = (quantile(&from, level(k)), quantile(&to, level(k)));
            // Equal values have one image: the mean of what they map to would need their number; the last one stands.
            if curve.from.last() == Some(&a) {
                curve.from.pop();
                curve.to.pop();
            }
            curve.from.push(a);
            curve.to.push(b);
        }
        Some(curve)
    }

    /// Where a value goes.
    pub fn apply(&self, value: f32) -> f32 {
        let above = self.from.partition_point(|&q| q < value);
        if above == 0 {
            return (value - self.from[0]) * self.slope() + self.to[0];
        }
        let Some(&right) = self.from.get(above) else {
            let last = self.from.len() - 1;
            return (value - self.from[last]) * self.slope() + self.to[last];
        };
        let left = self.from[above - 1];
        let t = (value - left) / (right - left);
        self.to[above - 1] + t * (self.to[above] - self.to[above - 1])
    }

    /// From the lowest to the highest quantile; one for a flat picture.
    fn slope(&self) -> f32 {
        let last = self.from.len() - 1;
        let run = self.from[last] - self.from[0];
        if run > 0.0 { (self.to[last] - self.to[0]) / run } else { 1.0 }
    }
}

/// Value below which the share `level` of sorted values lies, between samples.
fn quantile(sorted: &[f32], level: f64) -> f32 {
    let at = level * (sorted.len() - 1) as f64;
    let (low, t) = (at as usize, (at - at.floor()) as f32);
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + t * (sorted[high] - sorted[low])
}

/// `moving` with each band's values brought to those of `reference`, both on one grid.
///
/// Unchanged when nothing is valid. Rasters of different shapes share their common bands only, and must share the grid.
pub fn match_tones(moving: &Raster<f32>, reference: &Raster<f32>, valid: Option<&Mask>) -> Raster<f32> {
    let bands = moving.bands().min(reference.bands());
    let mut kept = spread_pixels(moving, reference, valid);
    let all = kept.clone();
    let mut matched = moving.clone();
    for _ in 0..ROUNDS {
        let curves: Option<Vec<ToneCurve>> = (0..bands).map(|b| curve(moving, reference, &kept, b)).collect();
        let Some(curves) = curves else { return matched };
        for (source, target) in
            moving.samples().chunks_exact(moving.bands()).zip(matched.samples_mut().chunks_exact_mut(moving.bands()))
        {
            for (b, curve) in curves.iter().enumerate() {
                target[b] = curve.apply(source[b]);
            }
        }
        kept = least_changed(&matched, reference, &all, bands);
    }
    matched
}

/// Pixels that both rasters hold a number for, evenly spread.
fn spread_pixels(moving: &Raster<f32>, reference: &Raster<f32>, valid: Option<&Mask>) -> Vec<usize> {
    let pixels = (moving.width() * moving.height()).min(reference.width() * reference.height());
    let finite = |r: &Raster<f32>, i: usize| r.samples()[i * r.bands()..(i + 1) * r.bands()].iter().all(|v| v.is_finite());
    let usable = |&i: &usize| valid.is_none_or(|m| m.samples()[i]) && finite(moving, i) && finite(reference, i);
    (0..pixels).step_by((pixels / PIXELS_AT_MOST).max(1)).filter(usable).collect()
}

fn curve(moving: &Raster<f32>, reference: &Raster<f32>, pixels: &[usize], band: usize) -> Option<ToneCurve> {
    let values = |r: &Raster<f32>| pixels.iter().map(|&i| r.samples()[i * r.bands() + band]).collect();
    ToneCurve::fit(values(moving), values(reference))
}

fn least_changed(a: &Raster<f32>, b: &Raster<f32>, pixels: &[usize], bands: usize) -> Vec<usize> {
    let distance = |i: usize| -> f32 {
        (0..bands).map(|k| a.samples()[i * a.bands() + k] - b.samples()[i * b.bands() + k]).map(|d| d * d).sum()
    };
    let mut ranked: Vec<(f32, usize)> = pixels.iter().map(|&i| (distance(i), i)).collect();
    ranked.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
    ranked.truncate((pixels.len() as f64 * KEPT) as usize);
    ranked.into_iter().map(|(_, i)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn textured(seed: u32) -> Raster<f32> {
        let mut state = seed;
        Raster::from_fn(64, 64, |x, y| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (x * 2 + y) as f32 / 2.0 + (state >> 26) as f32
        })
    }

    proptest! {
        #[test]
        fn a_relit_picture_is_brought_back(gain in 0.4f32..2.5, offset in -40.0f32..40.0, seed in 1u32..999) {
            let picture = textured(seed);
            let relit = picture.map(|v| gain * v + offset);
            let back = match_tones(&relit, &picture, None);
            let worst = back.samples().iter().zip(picture.samples()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            prop_assert!(worst < 3.0, "{worst} of 160 levels");
        }

        #[test]
        fn a_curve_never_falls(mut values in prop::collection::vec(-100.0f32..100.0, 2..200), other in prop::collection::vec(-100.0f32..100.0, 2..200)) {
            let curve = ToneCurve::fit(values.clone(), other).expect("not empty");
            values.sort_by(f32::total_cmp);
            prop_assert!(values.windows(2).all(|w| curve.apply(w[0]) <= curve.apply(w[1]) + 1e-3));
        }
    }

    #[test]
    fn change_in_a_tenth_of_the_picture_does_not_bend_the_rest() {
        let picture = textured(7);
        let mut changed = picture.map(|v| 1.5 * v + 10.0);
        for y in 0..20 {
            for x in 0..20 {
                changed.set(x, y, 0, 400.0);
            }
        }
        let back = match_tones(&changed, &picture, None);
        let off = |x: usize, y: usize| (back.at(x, y, 0) - picture.at(x, y, 0)).abs();
        let worst = (24..60).flat_map(|y| (24..60).map(move |x| (x, y))).map(|(x, y)| off(x, y)).fold(0.0, f32::max);
        assert!(worst < 8.0, "{worst}");
        assert!(off(5, 5) > 100.0, "what changed stays changed");
    }

    #[test]
    fn nothing_valid_changes_nothing() {
        let picture = textured(3);
        let nowhere = Raster::filled(64, 64, 1, false);
        assert_eq!(match_tones(&picture, &textured(4), Some(&nowhere)), picture);
    }

    #[test]
    fn a_flat_picture_has_a_curve() {
        assert_eq!(ToneCurve::fit(vec![5.0; 9], vec![7.0; 9]).expect("not empty").apply(5.0), 7.0);
    }
}
