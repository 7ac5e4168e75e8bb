//! Numbers as a reader wants them: rounded to what they mean, whole where they are whole.

use serde::Serialize;

/// Decimals of a coordinate or length in pixels: a hundredth is far below what any stage resolves.
pub(super) const PX: i32 = 2;
/// Decimals of a length in metres: centimetres.
pub(super) const M: i32 = 2;
/// Decimals of an angle in degrees: 0.01° is 3 mm over the length of a railcar.
pub(super) const DEGREES: i32 = 2;
/// Decimals of a share, a probability or a score.
pub(super) const SHARE: i32 = 4;
/// Decimals of longitude and latitude: about a centimetre.
pub(crate) const LON_LAT: i32 = 7;

/// Rounds half away from zero; never gives a negative zero; what is no finite number stays none and becomes `null`.
///
/// ```
/// use sidings::report::json::round_to;
/// assert_eq!(round_to(12.3456, 2), 12.35);
/// assert!(round_to(-0.001, 2).is_sign_positive());
/// ```
pub fn round_to(v: f64, decimals: i32) -> f64 {
    let factor = libm::pow(10.0, f64::from(decimals));
    let rounded = (v * factor).round() / factor;
    if rounded.is_finite() { rounded + 0.0 } else { v }
}

/// A number that is written without a decimal point when it counts whole things.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Number {
    /// Whole things.
    Whole(u64),
    /// A measure; `null` when it is no finite number.
    Measure(f64),
}

impl Number {
    /// A whole number, rounded by `round`, at least zero.
    pub(super) fn whole(v: f64, round: fn(f64) -> f64) -> Self {
        if v.is_finite() { Number::Whole(round(v).max(0.0) as u64) } else { Number::Measure(f64::NAN) }
    }
}
