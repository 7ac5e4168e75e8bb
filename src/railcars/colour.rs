//! Colour cast and exposure taken out, toward what the network was trained on.

use crate::raster::{Mask, Raster};

/// Brightness the median of every band is brought to, of 255. The drawn scenes of the training have medians of 0.36, 0.39 and 0.30
/// of full scale (spread 0.16 from scene to scene), and ballast, the commonest surface of a yard, is grey: one value for all three
/// bands takes a cast out. Anything from 85 to 130 does nearly as well; the network saw exposures over a factor of two.
const MEDIAN_TARGET: f32 = 105.0;

/// The same as a share of full scale: the tone of the commonest ground.
pub(super) const NEUTRAL: f32 = MEDIAN_TARGET / 255.0;

/// Most a band may be multiplied or divided by. A band that is nearly empty holds noise; lifting it further makes colour out of it.
const GAIN_LIMIT: f32 = 3.5;

/// Gains per band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Balance {
    gain: [f32; 3],
}

impl Default for Balance {
    /// Changes nothing.
    fn default() -> Self {
        Self { gain: [1.0; 3] }
    }
}

impl Balance {
    /// Measures the medians over valid pixels; black ones (fill) don't count.
    pub fn measure(rgb: &Raster<u8>, valid: Option<&Mask>) -> Self {
        let mut histogram = [[0u32; 256]; 3];
        let step = (rgb.width() * rgb.height() / 400_000).max(1);
        for (i, pixel) in rgb.samples().chunks_exact(3).enumerate().step_by(step) {
            if pixel != [0, 0, 0] && valid.is_none_or(|m| m.samples()[i]) {
                for (band, &v) in histogram.iter_mut().zip(pixel) {
                    band[usize::from(v)] += 1;
                }
            }
        }
        Self { gain: histogram.map(|band| (MEDIAN_TARGET / median(&band)).clamp(1.0 / GAIN_LIMIT, GAIN_LIMIT)) }
    }

    /// All that [`Self::apply`] can say of whole values.
    pub fn tones(&self) -> Tones {
        let mut tones = Box::new([[0.0; 256]; 3]);
        for value in 0..256 {
            for (tone, balanced) in tones.iter_mut().zip(self.apply([value as f32; 3])) {
                tone[value] = balanced;
            }
        }
        Tones(tones)
    }

    /// A balanced pixel as the network takes it, -0.5 to 0.5.
    pub fn apply(&self, pixel: [f32; 3]) -> [f32; 3] {
        std::array::from_fn(|b| {
            // Not `f32::min`, which is a call in WebAssembly.
            let value = pixel[b] * self.gain[b];
            (if value < 255.0 { value } else { 255.0 }) * (1.0 / 255.0) - 0.5
        })
    }
}

/// What a balance makes of every value of every band.
pub(super) struct Tones(Box<[[f32; 256]; 3]>);

impl Tones {
    /// A balanced pixel.
    pub fn of(&self, [r, g, b]: [u8; 3]) -> [f32; 3] {
        [self.0[0][usize::from(r)], self.0[1][usize::from(g)], self.0[2][usize::from(b)]]
    }
}

/// The median of a histogram, at least 1; the target where nothing was counted, so that nothing is changed.
fn median(histogram: &[u32; 256]) -> f32 {
    let half = histogram.iter().sum::<u32>() / 2;
    let mut seen = 0;
    for (value, &n) in histogram.iter().enumerate() {
        seen += n;
        if seen > half {
            return (value as f32).max(1.0);
        }
    }
    MEDIAN_TARGET
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_is_taken_out() {
        let plain: Vec<u8> = (0..300).flat_map(|k| [60 + (k % 40) as u8; 3]).collect();
        let cast: Vec<u8> = plain.chunks_exact(3).flat_map(|p| [p[0] / 2, p[1] * 2, p[2]]).collect();
        let of = |samples: Vec<u8>| {
            let r = Raster::new(300, 1, 3, samples).expect("300 pixels");
            let balance = Balance::measure(&r, None);
            balance.apply([0, 1, 2].map(|b| f32::from(r.at(17, 0, b))))
        };
        for (a, b) in of(plain).iter().zip(of(cast)) {
            assert!((a - b).abs() < 0.01, "{a} against {b}");
        }
    }

    #[test]
    fn black_says_nothing() {
        let black = Raster::filled(4, 4, 3, 0u8);
        assert_eq!(Balance::measure(&black, None).gain, [1.0; 3]);
    }
}
