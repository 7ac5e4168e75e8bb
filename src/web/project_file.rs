//! The project file: one `.sidings`, a zip of `state.json` and, where asked for, the images. What a person did is kept, not what the program found: that
//! is found again from the same images, whose hashes are in the state.

use super::desk::{Added, Edit};
use crate::align::by_hand::ControlPoint;
use crate::error::{Error, Result};
use crate::facilities::Facility;
use crate::pipeline::Side;
use crate::web::picture::ScaleLine;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};

/// What its name ends in.
pub const EXTENSION: &str = ".sidings";

/// Edition of the state that is written, and the only one that is read.
const SCHEMA: &str = "sidings/project@1";

const STATE: &str = "state.json";
const IMAGES: &str = "images/";

/// More than two images of one place may lie in a project; no more than this.
const IMAGES_MAX: usize = 200;

/// What a person did, and with which images.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Project {
    schema: String,
    /// Version of the program that wrote it.
    pub version: String,
    /// When, ISO 8601.
    pub saved_at: Option<String>,
    /// Every image that lay on the desk.
    pub images: Vec<ProjectImage>,
    /// The user said which is the older one.
    pub order_by_user: bool,
    /// Corrections in order, each with its time; cars name their image by its place in [`Project::images`].
    pub(in crate::web) edits: Vec<(Edit, Option<String>)>,
    /// What was undone and can be done again.
    pub(in crate::web) undone: Vec<(Edit, Option<String>)>,
    /// In use for the alignment.
    pub control_points: Vec<ControlPoint>,
    /// A file of tracks.
    pub tracks: Option<TextFile>,
    /// Id of the facility.
    pub facility: Option<String>,
    /// The user's own places.
    pub places: Vec<Facility>,
    /// The user's own record.
    pub record: Option<TextFile>,
    /// Counts that were added to the record.
    pub(in crate::web) added: Vec<Added>,
    /// Whose images these are, on what terms, what stands under them, and the place.
    pub edition: [Option<String>; 4],
}

/// A file of text that went in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TextFile {
    /// Its name.
    pub file: String,
    /// What it holds.
    pub text: String,
}

/// An image of a project.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectImage {
    /// Name of the file.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
    /// Which date it was; `None` for one that was set aside.
    pub side: Option<Side>,
    /// What the user said of its scale, m a pixel.
    pub gsd_m: Option<f64>,
    /// The line of known length from which that scale came.
    pub scale_line: Option<ScaleLine>,
    /// What the user said of its date.
    pub date: Option<String>,
}

/// What a `.sidings` holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The state.
    pub project: Project,
    /// Name and bytes of the images that came along.
    pub images: Vec<(String, Vec<u8>)>,
}

impl Project {
    /// An empty one of this edition.
    pub fn new(saved_at: Option<String>) -> Self {
        Self { schema: SCHEMA.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), saved_at, ..Self::default() }
    }

    /// The state as text, for the browser's own store.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a state.
    ///
    /// # Errors
    /// [`Error::File`] naming `file`.
    pub fn from_json(text: &str, file: &str) -> Result<Self> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|e| damaged(file, &format!("its state can't be read ({e})")))?;
        let schema = value["schema"].as_str().unwrap_or_default().to_owned();
        if schema != SCHEMA {
            let (code, message) = match schema.strip_prefix("sidings/project@") {
                Some(edition) => (
                    "newer-project",
                    format!("The project is of edition {edition}; this page reads edition 1. Open it with a newer Sidings."),
                ),
                None => ("not-a-project", "The file holds no project of Sidings.".to_owned()),
            };
            return Err(Error::File { file: file.to_owned(), code, message });
        }
        let project: Self =
            serde_json::from_value(value).map_err(|e| damaged(file, &format!("its state can't be read ({e})")))?;
        match project.trouble() {
            Some(why) => Err(damaged(file, why)),
            None => Ok(project),
        }
    }

    /// What no program of ours would have written.
    fn trouble(&self) -> Option<&'static str> {
        let known = |index: u32| (index as usize) < self.images.len();
        let cars = self.edits.iter().chain(&self.undone).flat_map(|(edit, _)| edit.pictures());
        let on = |side| self.images.iter().filter(|image| image.side == Some(side)).count();
        match () {
            () if self.images.len() > IMAGES_MAX => Some("it names too many images"),
            () if on(Side::Before) > 1 || on(Side::After) > 1 => Some("two images claim one date"),
            () if !{ cars }.all(known) => Some("a correction names an image that isn't there"),
            () => None,
        }
    }

    /// Writes the file, with these images in it.
    ///
    /// # Errors
    /// When the bytes can't be written.
    pub fn write(&self, images: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
        let failed = |e: &dyn std::fmt::Display| Error::NoAnswer {
            code: "not-written",
            message: format!("The project can't be written: {e}."),
        };
        let mut zip = ZipArchiveWriter::new(Vec::new());
        let state = self.to_json().into_bytes();
        let images = images.iter().enumerate().map(|(n, (name, bytes))| (format!("{IMAGES}{n}/{name}"), bytes));
        for (name, bytes) in std::iter::once((STATE.to_owned(), &state)).chain(images) {
            // Images are packed already, and the state is small: nothing is compressed.
            let (mut entry, config) = zip.new_file(name.as_str()).start().map_err(|e| failed(&e))?;
            let mut writer = config.wrap(&mut entry);
            writer.write_all(bytes).map_err(|e| failed(&e))?;
            let (_, descriptor) = writer.finish().map_err(|e| failed(&e))?;
            entry.finish(descriptor).map_err(|e| failed(&e))?;
        }
        zip.finish().map_err(|e| failed(&e))
    }
}

/// Reads a `.sidings`.
///
/// # Errors
/// [`Error::File`] naming `file`, when it is damaged, no project, or of a newer edition.
pub fn read(bytes: &[u8], file: &str) -> Result<Opened> {
    let zip = ZipArchive::from_slice(bytes).map_err(|e| damaged(file, &format!("it is no zip ({e})")))?;
    let mut state = None;
    let mut images = Vec::new();
    let (mut entries, mut seen) = (zip.entries(), 0);
    while let Some(entry) = entries.next_entry().map_err(|e| damaged(file, &format!("its list of files is torn ({e})")))? {
        seen += 1;
        if seen > IMAGES_MAX + 1 {
            return Err(damaged(file, "it holds too many files"));
        }
        let path = String::from_utf8_lossy(entry.file_path().as_ref()).into_owned();
        let unreadable = |e: &dyn std::fmt::Display| damaged(file, &format!("{path} in it can't be read ({e})"));
        if entry.compression_method() != CompressionMethod::STORE {
            return Err(unreadable(&"it is compressed"));
        }
        let stored = zip.get_entry(entry.wayfinder()).map_err(|e| unreadable(&e))?;
        let mut content = Vec::new();
        stored.verifying_reader(stored.data()).read_to_end(&mut content).map_err(|e| unreadable(&e))?;
        if path == STATE {
            state = Some(content);
        } else if let Some((_, image)) = path.strip_prefix(IMAGES).and_then(|rest| rest.split_once('/')) {
            images.push((image.to_owned(), content));
        }
    }
    if seen as u64 != zip.entries_hint() {
        return Err(damaged(file, "its list of files is torn"));
    }
    let state = state.ok_or_else(|| damaged(file, "it holds no state"))?;
    let text = String::from_utf8(state).map_err(|_| damaged(file, "its state is no text"))?;
    Ok(Opened { project: Project::from_json(&text, file)?, images })
}

fn damaged(file: &str, why: &str) -> Error {
    Error::File {
        file: file.to_owned(),
        code: "damaged-project",
        message: format!("The project can't be opened: {why}. Use another copy of it."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> Project {
        let image =
            |file: &str, side| ProjectImage { file: file.to_owned(), sha256: "ab".repeat(32), side, ..ProjectImage::default() };
        Project {
            images: vec![image("a.tif", Some(Side::Before)), image("b/c é.tif", Some(Side::After))],
            facility: Some("tumangang".to_owned()),
            ..Project::new(Some("2024-05-01T10:00:00Z".to_owned()))
        }
    }

    #[test]
    fn what_is_written_reads_the_same_with_its_images() {
        let images = vec![("a.tif".to_owned(), vec![1, 2, 3]), ("b/c é.tif".to_owned(), vec![0; 70_000])];
        let bytes = project().write(&images).expect("bytes");
        assert_eq!(read(&bytes, "p.sidings").expect("a project"), Opened { project: project(), images });
        assert!(read(&project().write(&[]).expect("bytes"), "p.sidings").expect("a project").images.is_empty());
    }

    #[test]
    fn damage_is_refused_by_name_wherever_it_is() {
        let bytes = project().write(&[("a.tif".to_owned(), vec![7; 300])]).expect("bytes");
        for cut in [0, 1, 10, bytes.len() / 2, bytes.len() - 1] {
            let error = read(&bytes[..cut], "p.sidings").expect_err("torn off");
            assert!(error.to_string().starts_with("p.sidings: The project can't be opened"), "{error}");
        }
        let mut flipped = bytes.clone();
        let at = bytes.windows(9).position(|w| w == b"tumangang").expect("in the state");
        flipped[at] ^= 1;
        assert!(read(&flipped, "p.sidings").expect_err("a flipped bit").to_string().contains("can't be read"));
    }

    #[test]
    fn another_edition_and_another_zip_are_told_apart() {
        let newer = project().to_json().replace("project@1", "project@2");
        assert_eq!(Project::from_json(&newer, "p").expect_err("newer").code(), "newer-project");
        assert_eq!(Project::from_json("{}", "p").expect_err("no project").code(), "not-a-project");
        let twice = project().to_json().replace("\"after\"", "\"before\"");
        assert_eq!(Project::from_json(&twice, "p").expect_err("two of one date").code(), "damaged-project");
    }
}
