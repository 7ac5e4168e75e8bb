//! Where an image lies on the ground, and when it was taken: GeoTIFF keys, tags, file names, and files beside the image.
//!
//! ```text
//! pixel ── grid (tie point and scale, matrix, control points) ── map coordinates ── projection ── longitude, latitude
//! ```
//! A coordinate system that isn't understood is named, and the image counts as unplaced: no position is better than a wrong one.

mod acquired;
mod azimuthal;
mod captured;
mod conic;
mod control_points;
mod cylinder;
mod datum;
mod definition;
mod ellipsoid;
mod epsg;
mod exif;
mod geokeys;
mod grid;
mod hotine;
mod jp2;
mod krovak;
mod mgrs;
mod moment;
mod name_date;
mod oriented;
mod overlay;
mod pam;
mod place;
mod projection;
mod sidecar;
mod sources;
mod state_planes;
mod sun;
mod transverse_mercator;
mod wkt;
mod wkt_system;
mod world_file;
mod written;

pub use captured::{Captured, DateSource};
pub use mgrs::{from_mgrs, mgrs};
pub use overlay::after_to_before;
pub use sidecar::{MAX_BYTES as MAX_SIDECAR_BYTES, Sidecar, belongs, is_sidecar};
pub use sun::Sun;
pub use written::place_written;

use crate::error::Warning;
use crate::geometry::{Point, Transform};
use crate::ifd::Tiff;
use projection::Projection;
use serde::{Deserialize, Serialize};

/// What a file says about place and time. Unknown is `None`, never guessed. It can be sent to whoever has not read the file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Georeference {
    /// Ground sample distance at the middle of the image, m a pixel: the side of a square of the pixel's area on the ground.
    pub gsd_m: Option<f64>,
    /// Ground lengths of a pixel's width and height there, m, where they differ by more than 2 %.
    #[serde(default)]
    pub gsd_xy_m: Option<[f64; 2]>,
    /// Coordinate system, `EPSG:32652`; named also when it isn't understood.
    pub crs: Option<String>,
    /// Longitude and latitude of the outer corners: top left, top right, bottom right, bottom left.
    pub corners_lonlat: Option<[[f64; 2]; 4]>,
    /// When it was taken.
    pub captured: Option<Captured>,
    /// The value that stands for nothing measured, where a file beside the image says so; the image's own is honoured by the decoder.
    #[serde(default)]
    pub nodata: Option<f64>,
    /// What the user should know of.
    pub warnings: Vec<Warning>,
    placement: Option<Placement>,
}

/// Lowest sun whose shadows are told by, degrees over the horizon. Satellites don't take pictures below.
const LOWEST_SUN_DEG: f64 = 5.0;

/// Length of the step on the ground by which a direction on it is carried into the image, m.
const SHADOW_STEP_M: f64 = 100.0;

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

    /// Of the same image read at 1/`by` of its resolution, from the corner of its first pixel on, with this size.
    #[must_use]
    pub fn of_overview(self, by: u32, (width, height): (u32, u32)) -> Self {
        let by = f64::from(by);
        let scale = |by: f64| Transform::similarity(by, 0.0, 0.0, 0.0);
        let placement = self.placement.map(|p| Placement {
            to_map: scale(by).then(&p.to_map),
            from_map: p.from_map.then(&scale(1.0 / by)),
            projection: p.projection,
        });
        let corners_lonlat = placement.as_ref().and_then(|p| place::corners(p, width.into(), height.into()));
        Self {
            gsd_m: self.gsd_m.map(|m| m * by),
            gsd_xy_m: self.gsd_xy_m.map(|xy| xy.map(|m| m * by)),
            corners_lonlat,
            placement,
            ..self
        }
    }

    /// Where the sun stood when the image was taken, seen from the middle of an image of this size; `None` when the time of day or the
    /// place is unknown.
    pub fn sun(&self, size_px: (usize, usize)) -> Option<Sun> {
        let moment = self.captured.as_ref()?.moment()?;
        let lonlat = self.to_lonlat(Point::new(size_px.0 as f64 / 2.0, size_px.1 as f64 / 2.0))?;
        sun::position(moment, lonlat)
    }

    /// Direction in which shadows fall in an image of this size, radians from +x toward +y, at its middle; `None` as for [`Self::sun`], and when
    /// the sun stood too low to throw any.
    pub fn shadow_rad(&self, size_px: (usize, usize)) -> Option<f64> {
        let sun = self.sun(size_px).filter(|sun| sun.elevation_deg >= LOWEST_SUN_DEG)?;
        let middle = Point::new(size_px.0 as f64 / 2.0, size_px.1 as f64 / 2.0);
        let [lon, lat] = self.to_lonlat(middle)?;
        let (east_m, north_m) = ellipsoid::WGS84.metres_a_radian(lat.to_radians());
        let away = (sun.azimuth_deg + 180.0).to_radians();
        let step = |metres: f64, a_radian: f64| (SHADOW_STEP_M * metres / a_radian).to_degrees();
        let to = self.to_pixel([lon + step(libm::sin(away), east_m), lat + step(libm::cos(away), north_m)])?;
        Some(libm::atan2(to.y - middle.y, to.x - middle.x))
    }

    fn warn(&mut self, code: &str, message: impl Into<String>) {
        self.warnings.push(Warning::new(code, message));
    }
}

/// Reads what the file and its name say; `width` and `height` are those of the image as decoded.
///
/// Never fails: what can't be read is unknown, and a warning says why where the user could do something about it.
pub fn read(bytes: &[u8], file_name: &str, width: u32, height: u32) -> Georeference {
    read_with(bytes, file_name, (width, height), &[])
}

/// As [`read`], with the files beside the image, in any order; the caller has paired them with [`belongs`].
///
/// An `.aux.xml` goes before the file's own tags, and these before world files and `.prj`, as in GDAL.
pub fn read_with(bytes: &[u8], file_name: &str, size_px: (u32, u32), sidecars: &[Sidecar<'_>]) -> Georeference {
    let tiff = Tiff::open(bytes).and_then(|tiff| tiff.main_directory());
    let inner = jp2::geotiff(bytes);
    let ground = tiff.clone().or_else(|| Tiff::open(inner?)?.main_directory());
    let turned = oriented::is_turned(bytes, tiff.as_ref());
    let mut georeference = Georeference::default();
    let sources = sources::gather(ground.as_ref(), sidecars, turned, &mut georeference.warnings);
    georeference.nodata = sources.nodata;
    place::place(&mut georeference, sources, f64::from(size_px.0), f64::from(size_px.1));
    let (captured, disagreement) = captured::find(bytes, tiff.as_ref(), file_name, sidecars);
    georeference.captured = captured;
    georeference.warnings.extend(disagreement);
    georeference
}
