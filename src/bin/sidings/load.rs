//! Files to scenes: the bytes are hashed before anything else is done with them.

use sidings::decode::{self, Header};
use sidings::error::{Error, Result};
use sidings::limits::Limits;
use sidings::raster::Scene;
use sidings::report::json::{Captured, Input, sha256_hex};
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
    /// The pixels.
    pub scene: Scene,
}

impl Loaded {
    /// The file as the provenance tells of it.
    pub fn input(&self, role: &str, captured: Option<Captured>) -> Input {
        Input {
            file: self.name.clone(),
            sha256: self.sha256.clone(),
            bytes: self.bytes,
            role: role.to_owned(),
            format: Some(self.header.format.to_owned()),
            size_px: Some([self.header.width, self.header.height]),
            captured,
        }
    }
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
    let scene = decode::scene(&bytes, &name, &limits)?;
    Ok(Loaded { name, sha256, bytes: bytes.len() as u64, header, scene })
}

/// Both images of a pair.
pub fn pair(before: &Path, after: &Path) -> Result<(Loaded, Loaded)> {
    Ok((image(before)?, image(after)?))
}

/// Writes a file of an answer.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|e| Error::File {
        file: name(path),
        code: "not-writable",
        message: format!("The file can't be written: {e}."),
    })
}

fn io_error(path: &Path, error: &std::io::Error) -> Error {
    let (code, message) = match error.kind() {
        std::io::ErrorKind::NotFound => ("not-found", "There is no such file. Check the name and the folder.".to_owned()),
        std::io::ErrorKind::PermissionDenied => ("not-readable", "Reading the file is not permitted.".to_owned()),
        _ => ("not-readable", format!("The file can't be read: {error}.")),
    };
    Error::File { file: name(path), code, message }
}
