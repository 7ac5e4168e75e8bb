//! From pixels to map coordinates: tie point and pixel scale, a whole matrix, or control points.

use super::control_points::{self, Fit};
use crate::geometry::{Point, Transform};
use crate::ifd::Directory;

const PIXEL_SCALE: u16 = 33_550;
const TIE_POINTS: u16 = 33_922;
const MATRIX: u16 = 34_264;
const RATIONAL_POLYNOMIALS: u16 = 50_844;

/// Most control points that are fitted; radar images, which have the most, have some hundreds. Bounds the memory a crafted list takes.
const TIE_POINTS_MAX: usize = 1 << 16;

/// How a file ties its pixels to the ground.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tie {
    /// One affine transform, from pixels with centres at +0.5 to map coordinates.
    Affine(Transform),
    /// One that was fitted to control points.
    Fitted(Fit),
    /// In a way that isn't used.
    Unused(&'static str),
    /// Not at all.
    None,
}

/// The first numbers of a tag, no more than these: a tag may claim the whole file as its value.
fn first(directory: &Directory<'_>, tag: u16, most: usize) -> Option<Vec<f64>> {
    Some(directory.numbers(tag)?.floats().take(most).collect())
}

/// Reads the tags. In the file's own counting a whole number is the corner of a pixel, or with `pixel_is_point` its centre.
pub(super) fn read(directory: &Directory<'_>, pixel_is_point: bool) -> Tie {
    let scale = first(directory, PIXEL_SCALE, 3).filter(|s| s.len() >= 2);
    let ties = first(directory, TIE_POINTS, 6 * TIE_POINTS_MAX + 6).filter(|t| t.len() >= 6);
    let matrix = first(directory, MATRIX, 17).filter(|m| m.len() == 16);
    let half = if pixel_is_point { -0.5 } else { 0.0 };
    let transform = match (scale, ties, matrix) {
        (Some(scale), Some(tie), _) => {
            // A negative height is a writer's slip, not south up, which only a matrix says (GDAL's reading, too).
            let (sx, sy) = (scale[0], -scale[1].abs());
            Transform([[sx, 0.0, tie[3] - sx * tie[0]], [0.0, sy, tie[4] - sy * tie[1]], [0.0, 0.0, 1.0]])
        }
        (_, _, Some(m)) => Transform([[m[0], m[1], m[3]], [m[4], m[5], m[7]], [0.0, 0.0, 1.0]]),
        (_, Some(ties), _) if ties.len() > 6 * TIE_POINTS_MAX => {
            return Tie::Unused("more ground control points than any sensor writes");
        }
        (_, Some(ties), _) => {
            let points: Vec<(Point, [f64; 2])> =
                ties.chunks_exact(6).map(|t| (Point::new(t[0] - half, t[1] - half), [t[3], t[4]])).collect();
            return match control_points::fit(&points) {
                Some(fit) => Tie::Fitted(fit),
                None => Tie::Unused("ground control points that are too few or lie on a line"),
            };
        }
        _ if directory.has(RATIONAL_POLYNOMIALS) => {
            return Tie::Unused("rational polynomials of the sensor (not orthorectified)");
        }
        _ => return Tie::None,
    };
    Tie::Affine(Transform::similarity(1.0, 0.0, half, half).then(&transform))
}
