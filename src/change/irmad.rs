//! Iteratively reweighted multivariate alteration detection (IR-MAD).
//!
//! Nielsen, A. A. (2007), "The regularized iteratively reweighted MAD method for change detection in multi- and
//! hyperspectral data", IEEE Transactions on Image Processing 16(2). Canonical correlation finds the combinations of bands
//! on which the two dates agree best; their differences, each in units of its own spread, add up to χ². Pixels that χ²
//! calls unchanged weigh more in the next round. Blind to any linear change of light, band by band.
//!
//! We depart in looking at an even spread of pixels for the statistics, and in a fixed small ridge in place of a chosen one.

use super::chi_square::upper_tail;
use super::symmetric::Matrix;
use crate::error::{Result, Tick};
use crate::raster::{Mask, Raster};

/// Rounds at most; Landsat pairs settle in 10 to 30.
const ROUNDS_AT_MOST: usize = 50;

/// Settled when no canonical correlation moves by more than this.
const SETTLED: f64 = 1e-3;

/// Most pixels that the statistics look at, evenly spread: thousands for each of the few hundred numbers of a covariance.
const PIXELS_AT_MOST: usize = 200_000;

/// Added to every variance, as a share of the mean variance: keeps doubled or constant bands from dividing by zero, and is
/// far below a grey level.
const RIDGE: f64 = 1e-6;

/// Canonical differences of both dates.
#[derive(Debug, Clone)]
struct Variates {
    /// Weights of the bands of *before*, one column a variate; the same of *after*.
    of_before: Matrix,
    of_after: Matrix,
    mean_before: Vec<f64>,
    mean_after: Vec<f64>,
    /// Canonical correlations.
    rho: Vec<f64>,
}

/// √χ² of every pixel: 0 where both dates agree; NaN where nothing is known. `None` when too few pixels are usable.
///
/// # Errors
/// `Cancelled` from `tick`.
pub fn score(before: &Raster<f32>, after: &Raster<f32>, usable: &Mask, tick: &mut Tick<'_>) -> Result<Option<Raster<f32>>> {
    let bands = before.bands();
    let indices: Vec<usize> = (0..usable.samples().len()).filter(|&i| usable.samples()[i]).collect();
    let step = (indices.len() / PIXELS_AT_MOST).max(1);
    let pixels: Vec<usize> = indices.into_iter().step_by(step).collect();
    if pixels.len() < 4 * bands {
        return Ok(None);
    }
    let mut weights = vec![1.0; pixels.len()];
    let mut found: Option<Variates> = None;
    for round in 0..ROUNDS_AT_MOST {
        tick(0.8 * round as f64 / ROUNDS_AT_MOST as f64)?;
        let Some(next) = variates(before, after, &pixels, &weights) else { break };
        let moved = found.as_ref().map_or(1.0, |last| farthest(&last.rho, &next.rho));
        for (weight, &i) in weights.iter_mut().zip(&pixels) {
            *weight = upper_tail(next.chi_square(pixel(before, i), pixel(after, i)), bands as f64);
        }
        found = Some(next);
        if moved < SETTLED {
            break;
        }
    }
    let Some(found) = found else { return Ok(None) };
    let mut score = Raster::filled(before.width(), before.height(), 1, f32::NAN);
    for y in 0..before.height() {
        if y % 64 == 0 {
            tick(0.8 + 0.2 * y as f64 / before.height() as f64)?;
        }
        for i in y * before.width()..(y + 1) * before.width() {
            if usable.samples()[i] {
                score.samples_mut()[i] = found.chi_square(pixel(before, i), pixel(after, i)).sqrt() as f32;
            }
        }
    }
    Ok(Some(score))
}

fn pixel(raster: &Raster<f32>, i: usize) -> &[f32] {
    &raster.samples()[i * raster.bands()..(i + 1) * raster.bands()]
}

fn farthest(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
}

impl Variates {
    /// Sum of the squared canonical differences, each over its variance 2(1 − ρ).
    fn chi_square(&self, before: &[f32], after: &[f32]) -> f64 {
        let mut sum = 0.0;
        for (k, rho) in self.rho.iter().enumerate() {
            let mut difference = 0.0;
            for band in 0..before.len() {
                difference += self.of_before.at(band, k) * (f64::from(before[band]) - self.mean_before[band]);
                difference -= self.of_after.at(band, k) * (f64::from(after[band]) - self.mean_after[band]);
            }
            sum += difference * difference / (2.0 * (1.0 - rho)).max(1e-9);
        }
        sum
    }
}

/// Canonical correlation analysis with weighted pixels; `None` when no pixel weighs anything.
fn variates(before: &Raster<f32>, after: &Raster<f32>, pixels: &[usize], weights: &[f64]) -> Option<Variates> {
    let bands = before.bands();
    let total: f64 = weights.iter().sum();
    if total <= bands as f64 || total.is_nan() {
        return None;
    }
    let (mean, covariance) = moments(before, after, pixels, weights, total);
    let block = |row: usize, column: usize| Matrix::from_fn(bands, |i, j| covariance.at(row * bands + i, column * bands + j));
    let inverse_before = ridged(&block(0, 0)).cholesky()?.lower_inverse();
    let inverse_after = ridged(&block(1, 1)).cholesky()?.lower_inverse();
    // Correlations between whitened bands; its singular vectors are the canonical directions.
    let whitened = inverse_before.times(&block(0, 1)).times(&inverse_after.transposed());
    let (squared, vectors) = whitened.times(&whitened.transposed()).eigen();
    let rho: Vec<f64> = squared.iter().map(|v| v.clamp(0.0, 1.0).sqrt()).collect();
    let partners = whitened.transposed().times(&vectors);
    let partners = Matrix::from_fn(bands, |i, k| partners.at(i, k) / rho[k].max(1e-9));
    let (mean_before, mean_after) = mean.split_at(bands);
    Some(Variates {
        of_before: inverse_before.transposed().times(&vectors),
        of_after: inverse_after.transposed().times(&partners),
        mean_before: mean_before.to_vec(),
        mean_after: mean_after.to_vec(),
        rho,
    })
}

/// Weighted mean and covariance of the bands of both dates, those of *before* first.
fn moments(before: &Raster<f32>, after: &Raster<f32>, pixels: &[usize], weights: &[f64], total: f64) -> (Vec<f64>, Matrix) {
    let n = 2 * before.bands();
    let both = |i: usize| pixel(before, i).iter().chain(pixel(after, i)).map(|&v| f64::from(v));
    let mut mean = vec![0.0; n];
    for (&i, weight) in pixels.iter().zip(weights) {
        mean.iter_mut().zip(both(i)).for_each(|(m, v)| *m += weight * v / total);
    }
    let mut sums = vec![0.0; n * n];
    let mut centred = vec![0.0; n];
    for (&i, weight) in pixels.iter().zip(weights) {
        centred.iter_mut().zip(both(i)).zip(&mean).for_each(|((c, v), m)| *c = v - m);
        for row in 0..n {
            let scaled = weight * centred[row];
            for column in 0..=row {
                sums[row * n + column] += scaled * centred[column];
            }
        }
    }
    let covariance = Matrix::from_fn(n, |i, j| sums[i.max(j) * n + i.min(j)] / total);
    (mean, covariance)
}

fn ridged(covariance: &Matrix) -> Matrix {
    let mean = (0..covariance.n).map(|i| covariance.at(i, i)).sum::<f64>() / covariance.n as f64;
    let ridge = RIDGE * mean + f64::MIN_POSITIVE;
    Matrix::from_fn(covariance.n, |i, j| covariance.at(i, j) + if i == j { ridge } else { 0.0 })
}
