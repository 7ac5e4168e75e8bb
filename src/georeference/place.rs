//! A grid and a coordinate system put together: placement, corners and ground sample distance.

use super::grid::Tie;
use super::sources::Sources;
use super::{Georeference, Placement};
use crate::geometry::Point;

/// Ratio of a pixel's two sides on the ground from which on it is told: railcars and angles are measured on square pixels. Degrees
/// at 16° of latitude already differ by 4 %; below 2 % lies what a projection does to any grid.
const SQUARE_WITHIN: f64 = 1.02;

/// Farthest that a control point may lie from the fit, as a share of the image's longer side. Beyond it an affine transform is no
/// description of the image, which is not orthorectified, and a place would be a wrong one.
const STRAY_SHARE: f64 = 0.05;

/// A datum shift known no better than this, m, is told: it is a good part of a yard's width.
const SHIFT_TOLD_M: f64 = 2.5;

/// Fills in the system, the placement, the corners and the ground sample distance.
pub(super) fn place(georeference: &mut Georeference, sources: Sources, width: f64, height: f64) {
    georeference.crs = sources.crs;
    let to_map = match sources.tie {
        Tie::Affine(transform) => transform,
        Tie::Fitted(fit) => {
            if let Some((half, most)) = fit.residual_px {
                let message = format!(
                    "The image is tied to the ground by {} control points; one transform for all leaves {half:.1} px at half of them, {most:.1} px at most.",
                    fit.points
                );
                if most > STRAY_SHARE * width.max(height) {
                    return georeference
                        .warn("unplaced", format!("{message} That is too much to place it: use an orthorectified export."));
                }
                georeference.warn("control-points-fitted", message);
            } else {
                georeference.warn(
                    "control-points-fitted",
                    "The image is tied to the ground by three control points, the fewest possible: an error in one would not show.",
                );
            }
            fit.transform
        }
        Tie::Unused(what) => {
            let message = format!("The image is tied to the ground by {what}: its place and scale are unknown.");
            return georeference.warn("unplaced", message);
        }
        Tie::None => return,
    };
    let Some(projection) = sources.definition.and_then(|d| d.projection()) else {
        let message = match &georeference.crs {
            Some(name) => format!(
                "The image's coordinate system, {name}, is not understood: its place and scale are unknown. Export it in UTM or WGS84."
            ),
            None => "The image has a grid but doesn't say in which coordinate system: its place and scale are unknown. A .prj file beside it would."
                .to_owned(),
        };
        return georeference.warn("unknown-crs", message);
    };
    let datum = projection.datum;
    let placement = to_map.inverse().map(|from_map| Placement { to_map, from_map, projection });
    let corners = placement.as_ref().and_then(|p| corners(p, width, height));
    let size = placement.as_ref().and_then(|p| p.pixel_size_m(Point::new(width / 2.0, height / 2.0)));
    let (Some(placement), Some(corners), Some((x, y, gsd_m))) = (placement, corners, size.filter(|s| s.2.is_normal())) else {
        return georeference.warn(
            "unplaced",
            "The image's georeference lies outside the Earth or has no extent: its place and scale are unknown.",
        );
    };
    if x.max(y) > SQUARE_WITHIN * x.min(y) {
        let message = format!(
            "A pixel is {x:.3} m wide and {y:.3} m high on the ground. Lengths and angles are measured as if it were square."
        );
        georeference.warn("pixels-not-square", message);
        georeference.gsd_xy_m = Some([x, y]);
    }
    if datum.shift.is_some() && datum.within_m > SHIFT_TOLD_M {
        let message =
            format!("The image lies on an older datum, whose shift to WGS84 is known to about {} m only.", datum.within_m);
        georeference.warn("datum-shift", message);
    }
    georeference.gsd_m = Some(gsd_m);
    georeference.corners_lonlat = Some(corners);
    georeference.placement = Some(placement);
}

pub(super) fn corners(placement: &Placement, width: f64, height: f64) -> Option<[[f64; 2]; 4]> {
    let corner = |x, y| placement.to_lonlat(Point::new(x, y));
    Some([corner(0.0, 0.0)?, corner(width, 0.0)?, corner(width, height)?, corner(0.0, height)?])
}
