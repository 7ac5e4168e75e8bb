//! What the place under the pointer is called, and how long and which way a line runs.

use super::Desk;
use crate::geometry::Point;
use crate::georeference::mgrs;
use crate::pipeline::Side;

/// Decimals of a degree: about a metre.
const DEGREE_DECIMALS: usize = 5;

/// Degrees north and east, and the military grid.
pub(super) fn written([lon, lat]: [f64; 2]) -> String {
    let degrees =
        |v: f64, [plus, minus]: [&str; 2]| format!("{:.DEGREE_DECIMALS$}° {}", v.abs(), if v < 0.0 { minus } else { plus });
    let place = format!("{} {}", degrees(lat, ["N", "S"]), degrees(lon, ["E", "W"]));
    [Some(place), mgrs(lon, lat)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

impl Desk {
    /// A place of the map's frame in words that need no language: degrees north and east, the military grid, pixels of the image.
    pub fn read_place(&self, side: Side, at: Point) -> Option<String> {
        let own = self.own_px(side, at).filter(|own| self.shows(side, *own))?;
        let px = format!("{:.1}, {:.1} px", own.x, own.y);
        let Some([lon, lat]) = self.lonlat_of(side, own) else { return Some(px) };
        Some([written([lon, lat]), px].join(" · "))
    }

    /// By the image's own georeference, else by the other's, through the alignment.
    pub(super) fn lonlat_of(&self, side: Side, own: Point) -> Option<[f64; 2]> {
        let by = |side: Side, p: Point| self.picture(self.side(side)?)?.info.as_ref()?.georeference.to_lonlat(p);
        by(side, own).or_else(|| {
            let to_before = self.plan()?.transform()?;
            let other = if side == Side::After { to_before.apply(own) } else { to_before.inverse()?.apply(own) };
            by(side.other(), other)
        })
    }

    /// Degrees clockwise from north in which a line runs, in an image's own pixels; `None` without a georeference.
    pub(super) fn bearing_deg(&self, side: Side, [a, b]: [Point; 2]) -> Option<f64> {
        let ([lon_a, lat_a], [lon_b, lat_b]) = (self.lonlat_of(side, a)?, self.lonlat_of(side, b)?);
        let (phi_a, phi_b, turn) = (lat_a.to_radians(), lat_b.to_radians(), (lon_b - lon_a).to_radians());
        let east = libm::sin(turn) * libm::cos(phi_b);
        let north = libm::cos(phi_a) * libm::sin(phi_b) - libm::sin(phi_a) * libm::cos(phi_b) * libm::cos(turn);
        Some((libm::atan2(east, north).to_degrees() + 360.0) % 360.0)
    }
}
