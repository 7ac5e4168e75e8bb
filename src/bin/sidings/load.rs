//! Files to scenes: the bytes are hashed before anything else is done with them.

use sidings::align::by_hand::{self, ControlPoint};
use sidings::credentials::{self, Credentials};
use sidings::decode::{self, Header};
use sidings::error::{Error, Result, Warning};
use sidings::geometry::Point;
use sidings::georeference::{self, Captured, Georeference, Sidecar};
use sidings::limits::Limits;
use sidings::pipeline::{Side, Workbench};
use sidings::raster::Scene;
use sidings::report::json::{Input, sha256_hex};
use sidings::report::story::Engine;
use sidings::yard::{GsdSource, scales_differ};
use std::path::Path;

/// Longest file that is read, in bytes. Twice the most decoded samples a scene may have, so that any image within the limits fits.
const MAX_FILE_BYTES: u64 = 2 << 30;

/// A file that was read and decoded.
pub struct Loaded {
    /// Name as given.
    pub name: String,
    /// Of the bytes before decoding.
    pub sha256: String,
    /// Length of the file.
    pub bytes: u64,
    /// What the header says.
    pub header: Header,
    /// Content credentials in it, read and not verified.
    pub credentials: Option<Credentials>,
    /// Where it lies and when it was taken, as far as the file says.
    pub georeference: Georeference,
    /// The pixels.
    pub scene: Scene,
}

impl Loaded {
    /// Ground sample distance: what the user says, else what the file says.
    pub fn gsd(&self, given: Option<f64>) -> Option<(f64, GsdSource)> {
        let from_file = || self.georeference.gsd_m.map(|gsd_m| (gsd_m, GsdSource::File));
        given.map(|gsd_m| (gsd_m, GsdSource::Given)).or_else(from_file)
    }

    /// What the user should know of this file, a given scale beside its own included.
    pub fn warnings(&self, given_gsd_m: Option<f64>) -> Vec<Warning> {
        let mut warnings = self.georeference.warnings.clone();
        warnings.extend(scales_differ(given_gsd_m, self.georeference.gsd_m));
        for warning in &mut warnings {
            warning.message = format!("{}: {}", self.name, warning.message);
        }
        warnings
    }

    /// Whether the file says where it lies.
    pub fn is_placed(&self) -> bool {
        self.georeference.corners_lonlat.is_some()
    }

    /// Longitude and latitude to pixels.
    pub fn to_pixel(&self, lonlat: [f64; 2]) -> Option<Point> {
        self.georeference.to_pixel(lonlat)
    }

    /// The file as the provenance tells of it.
    pub fn input(&self, role: &str, captured: Option<Captured>) -> Input {
        Input {
            file: self.name.clone(),
            sha256: self.sha256.clone(),
            bytes: self.bytes,
            role: role.to_owned(),
            format: Some(self.header.format.to_owned()),
            size_px: Some([self.header.width, self.header.height]),
            reduction: Some(1),
            captured,
            content_credentials: self.credentials.clone(),
        }
    }
}

/// The engine of a page of ours.
pub fn engine(path: &Path) -> Result<Engine> {
    Engine::of_page(&read(path)?, &name(path))
}

/// The control points of a file, and the bytes they were read from; `None` without a file.
pub fn control_points(path: Option<&Path>) -> Result<Option<(Vec<ControlPoint>, Vec<u8>)>> {
    let Some(path) = path else { return Ok(None) };
    let bytes = read(path)?;
    let points = by_hand::read_csv(&bytes, &name(path))?;
    if points.is_empty() {
        let message = "The file holds no control point; lines of before_x, before_y, after_x, after_y were expected.".to_owned();
        return Err(Error::File { file: name(path), code: "not-a-table", message });
    }
    Ok(Some((points, bytes)))
}

/// A path as the user gave it.
pub fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// All bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let unreadable = |code, message: String| Error::File { file: name(path), code, message };
    let metadata = std::fs::metadata(path).map_err(|e| io_error(path, &e))?;
    if metadata.is_dir() {
        return Err(unreadable("not-a-file", "This is a folder; a file was expected. Name the file inside it.".to_owned()));
    }
    if metadata.len() > MAX_FILE_BYTES {
        let message =
            format!("The file has {} MB, more than the {} MB that are read.", metadata.len() >> 20, MAX_FILE_BYTES >> 20);
        return Err(unreadable("too-big", message));
    }
    std::fs::read(path).map_err(|e| io_error(path, &e))
}

/// Reads and decodes an image that has something to see on it.
///
/// # Errors
/// As [`decode::scene`]; `featureless` when all of it is one colour, so that nothing found on it could be believed.
pub fn image(path: &Path) -> Result<Loaded> {
    let loaded = any_image(path)?;
    match decode::flatness(&loaded.scene) {
        Some(flat) => Err(Error::NoAnswer { code: "featureless", message: format!("{}: {}", loaded.name, flat.message) }),
        None => Ok(loaded),
    }
}

fn any_image(path: &Path) -> Result<Loaded> {
    let (name, bytes, limits) = (name(path), read(path)?, Limits::default());
    let sha256 = sha256_hex(&bytes);
    let header = decode::header(&bytes, &name, &limits)?;
    let georeference = georeference(&bytes, path, &header);
    let scene = decode::without(decode::scene(&bytes, &name, &limits)?, georeference.nodata);
    let credentials = credentials::read(&bytes);
    Ok(Loaded { name, sha256, bytes: bytes.len() as u64, header, credentials, georeference, scene })
}

/// What a file, its name and the files beside it say of place and time. The folders above it say nothing.
pub fn georeference(bytes: &[u8], path: &Path, header: &Header) -> Georeference {
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = beside(path);
    let sidecars: Vec<Sidecar<'_>> = beside.iter().map(|(name, bytes)| Sidecar { name, bytes }).collect();
    georeference::read_with(bytes, &file_name, (header.width, header.height), &sidecars)
}

/// The files in the image's folder that belong to it, by name, in the order of their names. What can't be read is as good as not there.
fn beside(path: &Path) -> Vec<(String, Vec<u8>)> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let image = path.file_name().unwrap_or_default().to_string_lossy();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let belonging = entries.filter(|e| georeference::belongs(&e.file_name().to_string_lossy(), &image));
    let small = belonging.filter(|e| e.metadata().is_ok_and(|m| m.is_file() && m.len() <= georeference::MAX_SIDECAR_BYTES));
    let mut files: Vec<(String, Vec<u8>)> =
        small.filter_map(|e| Some((e.file_name().to_string_lossy().into_owned(), std::fs::read(e.path()).ok()?))).collect();
    files.sort();
    files
}

/// Both images of a pair.
pub fn pair(before: &Path, after: &Path) -> Result<(Loaded, Loaded)> {
    Ok((image(before)?, image(after)?))
}

/// Lays both images on a bench, each with what its file says of its place.
pub fn bench(before: Loaded, after: Loaded) -> Workbench {
    let mut bench = Workbench::with(before.scene, after.scene);
    bench.locate(Side::Before, before.georeference);
    bench.locate(Side::After, after.georeference);
    bench
}

fn io_error(path: &Path, error: &std::io::Error) -> Error {
    let (code, message) = match error.kind() {
        std::io::ErrorKind::NotFound => ("not-found", "There is no such file. Check the name and the folder.".to_owned()),
        std::io::ErrorKind::PermissionDenied => ("not-readable", "Reading the file is not permitted.".to_owned()),
        _ => ("not-readable", format!("The file can't be read: {error}.")),
    };
    Error::File { file: name(path), code, message }
}
