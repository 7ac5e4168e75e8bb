//! Where "unchanged" ends and "changed" begins.

/// Bins of the histogram. A threshold finer than this is finer than the score deserves.
const BINS: usize = 256;

/// Share of the scores that the histogram spans; the few beyond are lifted into its last bin, so that one wild pixel
/// doesn't squeeze everything else into the first.
const SPAN: f64 = 0.999;

/// Otsu's threshold: the split of the histogram with the largest variance between both classes. `None` when all values
/// are the same.
///
/// Otsu, N. (1979), "A threshold selection method from gray-level histograms". It always splits: on a pair without change
/// it cuts the tail of the noise, so the caller looks at the share that it calls changed.
pub fn otsu(values: &mut [f32]) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    let (&low, &high) = (values.first()?, values.get(((values.len() - 1) as f64 * SPAN) as usize)?);
    if high <= low {
        return None;
    }
    let width = (high - low) / BINS as f32;
    let mut histogram = [0.0f64; BINS];
    for &v in values.iter() {
        histogram[(((v - low) / width) as usize).min(BINS - 1)] += 1.0;
    }
    Some(low + width * (best_split(&histogram) + 1) as f32)
}

/// Last bin of the lower class.
fn best_split(histogram: &[f64; BINS]) -> usize {
    let total: f64 = histogram.iter().sum();
    let mass: f64 = histogram.iter().enumerate().map(|(k, n)| k as f64 * n).sum();
    let (mut below, mut mass_below) = (0.0, 0.0);
    let (mut best, mut best_between) = (0, -1.0);
    for (k, n) in histogram.iter().enumerate().take(BINS - 1) {
        below += n;
        mass_below += k as f64 * n;
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let apart = mass_below / below - (mass - mass_below) / above;
        let between = below * above * apart * apart;
        if between > best_between {
            (best, best_between) = (k, between);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_heaps_are_split_between_them() {
        let mut values: Vec<f32> =
            (0..900).map(|k| (k % 10) as f32 * 0.1).chain((0..100).map(|k| 5.0 + (k % 10) as f32 * 0.1)).collect();
        let threshold = otsu(&mut values).expect("two heaps");
        assert!((0.9..5.0).contains(&threshold), "{threshold}");
    }

    #[test]
    fn one_value_has_no_threshold() {
        assert!(otsu(&mut [3.0; 10]).is_none());
        assert!(otsu(&mut []).is_none());
    }
}
