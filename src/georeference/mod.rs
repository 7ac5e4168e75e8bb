//! Where an image lies on the ground, and when it was taken: GeoTIFF keys, tags and file names.
//!
//! ```text
//! pixel ── grid (tie point and scale, or matrix) ── map coordinates ── projection ── longitude, latitude
//! ```
//! A coordinate system that isn't understood is named, and the image counts as unplaced: no position is better than a wrong one.

mod captured;
mod ellipsoid;
mod exif;
mod geokeys;
mod grid;
mod name_date;
mod overlay;
mod projection;
mod transverse_mercator;

pub use captured::{Captured, DateSource};
pub use overlay::after_to_before;

use crate::error::Warning;
use crate::geometry::{Point, Transform};
use crate::ifd::{Directory, Tiff};
use grid::Tie;
use projection::Projection;
use serde::{Deserialize, Serialize};

/// What a file says about place and time. Unknown is `None`, never guessed. It can be sent to whoever has not read the file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Georeference {
    /// Ground sample distance at the middle of the image, m a pixel: the side of a square of the pixel's area on the ground.
    pub gsd_m: Option<f64>,
    /// Coordinate system, `EPSG:32652`; named also when it isn't understood.
    pub crs: Option<String>,
    /// Longitude and latitude of the outer corners: top left, top right, bottom right, bottom left.
    pub corners_lonlat: Option<[[f64; 2]; 4]>,
    /// When it was taken.
    pub captured: Option<Captured>,
    /// What the user should know of.
    pub warnings: Vec<Warning>,
    placement: Option<Placement>,
}

/// Both steps from pixels to the ground.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Placement {
    to_map: Transform,
    from_map: Transform,
    projection: Projection,
}

impl Placement {
    fn to_lonlat(&self, pixel: Point) -> Option<[f64; 2]> {
        let map = self.to_map.apply(pixel);
        self.projection.to_lonlat(map.x, map.y)
    }

    fn to_pixel(&self, lonlat: [f64; 2]) -> Point {
        let (x, y) = self.projection.to_map(lonlat);
        self.from_map.apply(Point::new(x, y))
    }

    /// Ground lengths of a step along x and along y, and the side of a square of the pixel's area, in metres, at a pixel.
    fn pixel_size_m(&self, at: Point) -> Option<(f64, f64, f64)> {
        let [_, lat] = self.to_lonlat(at)?;
        let (east, north) = ellipsoid::WGS84.metres_a_radian(lat.to_radians());
        let step = |dx: f64, dy: f64| {
            let [a, b] = [-0.5, 0.5].map(|h| self.to_lonlat(Point::new(at.x + h * dx, at.y + h * dy)));
            let (a, b) = (a?, b?);
            Some(((b[0] - a[0]).to_radians() * east, (b[1] - a[1]).to_radians() * north))
        };
        let ((ax, ay), (bx, by)) = (step(1.0, 0.0)?, step(0.0, 1.0)?);
        let area = (ax * by - ay * bx).abs();
        Some((libm::hypot(ax, ay), libm::hypot(bx, by), area.sqrt()))
    }
}

impl Georeference {
    /// Longitude and latitude (WGS84, degrees) of a point in pixels; `None` when the image is unplaced.
    pub fn to_lonlat(&self, pixel: Point) -> Option<[f64; 2]> {
        self.placement.as_ref()?.to_lonlat(pixel)
    }

    /// The point in pixels at a longitude and latitude, inside the image or not; `None` when the image is unplaced.
    pub fn to_pixel(&self, lonlat: [f64; 2]) -> Option<Point> {
        let point = self.placement.as_ref()?.to_pixel(lonlat);
        (point.x.is_finite() && point.y.is_finite()).then_some(point)
    }

    fn warn(&mut self, code: &str, message: impl Into<String>) {
        self.warnings.push(Warning::new(code, message));
    }
}

/// Ratio of a pixel's two sides on the ground from which on it is told: railcars and angles are measured on square pixels. Degrees
/// at 20° of latitude already differ by 6 %.
const SQUARE_WITHIN: f64 = 1.03;

/// Reads what the file and its name say; `width` and `height` are those of the image as decoded.
///
/// Never fails: what can't be read is unknown, and a warning says why where the user could do something about it.
pub fn read(bytes: &[u8], file_name: &str, width: u32, height: u32) -> Georeference {
    let directory = Tiff::open(bytes).and_then(|tiff| tiff.main_directory());
    let mut georeference = Georeference::default();
    if let Some(directory) = &directory {
        place(&mut georeference, directory, f64::from(width), f64::from(height));
    }
    let (captured, disagreement) = captured::find(bytes, directory.as_ref(), file_name);
    georeference.captured = captured;
    georeference.warnings.extend(disagreement);
    georeference
}

/// Fills in the system, the placement, the corners and the ground sample distance.
fn place(georeference: &mut Georeference, directory: &Directory<'_>, width: f64, height: f64) {
    let keys = geokeys::read(directory);
    georeference.crs = keys.as_ref().and_then(|k| k.name.clone());
    let to_map = match grid::read(directory, keys.as_ref().is_some_and(|k| k.pixel_is_point)) {
        Tie::Affine(transform) => transform,
        Tie::Unused(what) => {
            let message =
                format!("The image is tied to the ground by {what}, which is not used yet: its place and scale are unknown.");
            return georeference.warn("unplaced", message);
        }
        Tie::None => return,
    };
    let Some(projection) = keys.and_then(|k| k.projection) else {
        let message = match &georeference.crs {
            Some(name) => format!(
                "The image's coordinate system, {name}, is not understood: its place and scale are unknown. Export it in UTM or WGS84."
            ),
            None => {
                "The image has a grid but doesn't say in which coordinate system: its place and scale are unknown.".to_owned()
            }
        };
        return georeference.warn("unknown-crs", message);
    };
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
            "A pixel is {x:.2} m wide and {y:.2} m high on the ground. Lengths and angles are measured as if it were square."
        );
        georeference.warn("pixels-not-square", message);
    }
    georeference.gsd_m = Some(gsd_m);
    georeference.corners_lonlat = Some(corners);
    georeference.placement = Some(placement);
}

fn corners(placement: &Placement, width: f64, height: f64) -> Option<[[f64; 2]; 4]> {
    let corner = |x, y| placement.to_lonlat(Point::new(x, y));
    Some([corner(0.0, 0.0)?, corner(width, 0.0)?, corner(width, height)?, corner(0.0, height)?])
}
