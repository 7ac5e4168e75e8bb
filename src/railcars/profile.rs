//! What the pixels themselves show across a track: shadow beside it, colour on it.

use super::ground::{Ground, NEUTRAL};
use super::strip::Sample;

/// Spacing of the places across, m.
pub(super) const ACROSS_STEP_M: f64 = 0.5;

/// Farthest place to each side, m: a car's shadow (3.7 m) beside an axis shifted by 2.5 m.
const REACH: i32 = 13;

/// Places across.
const PLACES: usize = 2 * REACH as usize + 1;

/// Brightness and colour at places across a track, from the sun's side to the shadows' side.
pub(super) struct Profile {
    /// ln of brightness over the scene's median.
    tone: [f32; PLACES],
    /// Colourfulness, 0 for grey.
    chroma: [f32; PLACES],
}

/// Measures one sample. `gsd_m` is that of the pixels the sample is in; `shadow_side` is +1 where shadows fall to the right of the heading.
pub(super) fn measure(ground: &Ground, sample: &Sample, gsd_m: f64, shadow_side: f64) -> Profile {
    let (s, c) = (libm::sin(sample.heading_rad), libm::cos(sample.heading_rad));
    let mut profile = Profile { tone: [0.0; PLACES], chroma: [0.0; PLACES] };
    for k in 0..PLACES {
        let across = shadow_side * ACROSS_STEP_M * f64::from(k as i32 - REACH) / gsd_m;
        let [red, green, blue] = ground.colour(ground.at_image_point(sample.at.x - across * s, sample.at.y + across * c, gsd_m));
        let bright = 0.299 * red + 0.587 * green + 0.114 * blue + 0.5;
        profile.tone[k] = libm::logf((bright + FLOOR) / (NEUTRAL + FLOOR));
        profile.chroma[k] = libm::hypotf(red - green, blue - green) / (bright + 0.1);
    }
    profile
}

/// Added to brightness (0 to 1) before the logarithm, so that noise in black shadows is not magnified.
const FLOOR: f32 = 0.04;

impl Profile {
    /// Mean tone between two distances from the axis, m toward the shadows.
    pub fn tone(&self, from_m: f64, to_m: f64) -> f32 {
        mean(&self.tone, from_m, to_m)
    }

    /// The tones at all places up to a distance from the axis, m.
    pub fn tones(&self, reach_m: f64) -> &[f32] {
        let places = (reach_m / ACROSS_STEP_M) as usize;
        &self.tone[REACH as usize - places..=REACH as usize + places]
    }

    /// Mean colourfulness between two distances from the axis, m toward the shadows.
    pub fn chroma(&self, from_m: f64, to_m: f64) -> f32 {
        mean(&self.chroma, from_m, to_m)
    }
}

fn mean(values: &[f32; PLACES], from_m: f64, to_m: f64) -> f32 {
    let place = |m: f64| (libm::round(m / ACROSS_STEP_M) as i32 + REACH).clamp(0, PLACES as i32 - 1) as usize;
    let part = &values[place(from_m)..=place(to_m)];
    part.iter().sum::<f32>() / part.len() as f32
}
