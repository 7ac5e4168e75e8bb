//! The project file: one `.sidings`, a zip of `state.json` and, where asked for, the images. What a person did is kept, not what the program found: that
//! is found again from the same images, whose hashes are in the state. Of pairs that are not open their counts are kept too, so that the dates of all
//! pairs of the place stand in one record.

use super::desk::{Added, Edit};
use crate::align::by_hand::ControlPoint;
use crate::decode::REDUCTIONS;
use crate::error::{Error, Result};
use crate::facilities::Facility;
use crate::geometry::Point;
use crate::limits::MAX_TEXT_BYTES;
use crate::pipeline::Side;
use crate::web::picture::ScaleLine;
use crate::yard::Count;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};

/// What its name ends in.
pub const EXTENSION: &str = ".sidings";

/// Edition of the state that is written.
const SCHEMA: &str = "sidings/project@2";

/// The first edition held one pair, whose fields stood beside those of the place; it is read, too.
const OF_ONE_PAIR: &str = "sidings/project@1";

/// A record and tracks lie in the state as text, and quotes in them are escaped.
const STATE_MAX_BYTES: usize = 3 * MAX_TEXT_BYTES;

const STATE: &str = "state.json";
const IMAGES: &str = "images/";

/// More than two images of one place may lie in a project; no more than this.
const IMAGES_MAX: usize = 200;

/// No more pairs than this, each of two images, fit in one project.
pub const PAIRS_MAX: usize = IMAGES_MAX / 2;

/// No yard holds as many railcars, and no image of cars is as coarse: beyond these a number was never counted.
const COUNT_MAX: f64 = 1e6;
const GSD_MAX_M: f64 = 1e3;

/// Whether a person may have said this of an image's scale, m a pixel.
fn is_scale(gsd_m: f64) -> bool {
    gsd_m > 0.0 && gsd_m <= GSD_MAX_M
}

/// What a person did at one place, and with which images.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Project {
    schema: String,
    /// Version of the program that wrote it.
    pub version: String,
    /// When, ISO 8601.
    pub saved_at: Option<String>,
    /// Pairs of images of the place, in the order in which they were added.
    pub pairs: Vec<Pair>,
    /// Which of them lies on the desk.
    pub open: usize,
    /// Id of the facility.
    pub facility: Option<String>,
    /// The user's own places.
    pub places: Vec<Facility>,
    /// The user's own record.
    pub record: Option<TextFile>,
    /// Counts that were added to the record.
    pub(in crate::web) added: Vec<Added>,
}

/// Two images, and what a person did with them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Pair {
    /// The two that are compared, and those that were set aside beside them.
    pub images: Vec<ProjectImage>,
    /// The user said which is the older one.
    pub order_by_user: bool,
    /// Corrections in order, each with its time; cars name their image by its place in [`Pair::images`].
    pub(in crate::web) edits: Vec<(Edit, Option<String>)>,
    /// How many of them the count knew, the first ones; `None`: all.
    pub counted: Option<u32>,
    /// What was undone and can be done again.
    pub(in crate::web) undone: Vec<(Edit, Option<String>)>,
    /// In use for the alignment.
    pub control_points: Vec<ControlPoint>,
    /// A file of tracks.
    pub tracks: Option<TextFile>,
    /// Whose images these are, on what terms, what stands under them, and the place.
    pub edition: [Option<String>; 4],
    /// What was counted when the answer was last there.
    pub looks: Vec<PairLook>,
}

/// What was counted on an image of a pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairLook {
    /// Which date it was.
    pub side: Side,
    /// ISO 8601; `None` where nobody knew it.
    pub date: Option<String>,
    /// The count.
    pub count: Count,
    /// Scale at which it was counted, m a pixel.
    pub gsd_m: f64,
    /// A person corrected it.
    pub corrected: bool,
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
    /// By how much smaller it was read, in whose pixels everything is said; `None` for its own.
    pub reduction: Option<u32>,
}

/// Why a place that is no place of an image is refused.
const FAR: &str = "a place in it lies beyond any image";

impl ProjectImage {
    /// By how much smaller it was read.
    pub fn reduced_by(&self) -> u32 {
        self.reduction.unwrap_or(1)
    }

    fn is_plain(&self) -> bool {
        let line = self.scale_line.as_ref();
        self.gsd_m.is_none_or(is_scale)
            && self.reduction.is_none_or(|by| REDUCTIONS.contains(&by))
            && line.is_none_or(|l| l.ends.into_iter().all(Point::is_in_reach) && l.length_m > 0.0 && l.length_m.is_finite())
    }
}

impl PairLook {
    fn is_plain(&self) -> bool {
        let Count { estimate, low, high, .. } = self.count;
        [estimate, low, high].iter().all(|n| (0.0..=COUNT_MAX).contains(n)) && is_scale(self.gsd_m)
    }
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
        if text.len() > STATE_MAX_BYTES {
            return Err(damaged(file, "its state is too long"));
        }
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|e| damaged(file, &format!("its state can't be read ({e})")))?;
        let schema = value["schema"].as_str().unwrap_or_default().to_owned();
        if schema != SCHEMA && schema != OF_ONE_PAIR {
            let (code, message) = match schema.strip_prefix("sidings/project@") {
                Some(edition) => (
                    "newer-project",
                    format!(
                        "The project is of edition {edition}; this page reads editions 1 and 2. Open it with a newer Sidings."
                    ),
                ),
                None => ("not-a-project", "The file holds no project of Sidings.".to_owned()),
            };
            return Err(Error::File { file: file.to_owned(), code, message });
        }
        let unreadable = |e: serde_json::Error| damaged(file, &format!("its state can't be read ({e})"));
        let one = (schema == OF_ONE_PAIR).then(|| Pair::deserialize(&value)).transpose().map_err(unreadable)?;
        let mut project: Self = serde_json::from_value(value).map_err(unreadable)?;
        if let Some(pair) = one {
            project = Self { schema: SCHEMA.to_owned(), pairs: vec![pair], open: 0, ..project };
        }
        match project.trouble() {
            Some(why) => Err(damaged(file, why)),
            None => Ok(project),
        }
    }

    /// What no program of ours would have written.
    fn trouble(&self) -> Option<&'static str> {
        match () {
            () if self.pairs.len() > PAIRS_MAX => Some("it holds too many pairs"),
            () if self.open >= self.pairs.len() => Some("the pair that was open isn't there"),
            () => self.pairs.iter().find_map(Pair::trouble),
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
        let images = images.iter().enumerate().map(|(n, (name, bytes))| (format!("{IMAGES}{n}/{}", name_in_zip(name)), bytes));
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

impl Pair {
    /// What no program of ours would have written.
    fn trouble(&self) -> Option<&'static str> {
        let known = |index: u32| (index as usize) < self.images.len();
        let cars = self.edits.iter().chain(&self.undone).flat_map(|(edit, _)| edit.pictures());
        let on = |side| self.images.iter().filter(|image| image.side == Some(side)).count();
        match () {
            () if self.images.len() > IMAGES_MAX => Some("it names too many images"),
            () if on(Side::Before) > 1 || on(Side::After) > 1 => Some("two images claim one date"),
            () if !self.looks.iter().all(PairLook::is_plain) => Some("a count in it is none"),
            () if on(Side::Before) + on(Side::After) < 2 => Some("a pair lacks an image"),
            () if !{ cars }.all(known) => Some("a correction names an image that isn't there"),
            () if !self.images.iter().all(ProjectImage::is_plain) => Some("an image in it has a scale that no image has"),
            () if !self.edits.iter().chain(&self.undone).all(|(edit, _)| edit.is_in_reach()) => Some(FAR),
            () if !self.control_points.iter().all(|p| p.before.is_in_reach() && p.after.is_in_reach()) => Some(FAR),
            () => None,
        }
    }

    /// The image of a date.
    pub fn image(&self, side: Side) -> Option<&ProjectImage> {
        self.images.iter().find(|image| image.side == Some(side))
    }

    /// Every image on which something was counted.
    pub fn looked(&self) -> impl Iterator<Item = (&ProjectImage, &PairLook)> {
        self.looks.iter().filter_map(|look| Some((self.image(look.side)?, look)))
    }

    /// What was counted on the image of a date.
    pub fn look(&self, side: Side) -> Option<&PairLook> {
        self.looks.iter().find(|look| look.side == side)
    }
}

/// The name of a file as a zip gives it back: without folders, and without the colon of a drive, at which a zip's names are cut.
fn name_in_zip(name: &str) -> String {
    let plain = name.replace(['/', '\\', ':'], "_");
    if plain.chars().all(|c| c == '.') { "image".to_owned() } else { plain }
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
    let mut taken: Vec<(u64, u64)> = Vec::new();
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
        // Nothing is compressed, so what comes out is no more than the file holds, unless two of its files share bytes.
        let (start, end) = stored.compressed_data_range();
        if taken.iter().any(|&(s, e)| start < e && s < end) {
            return Err(damaged(file, "files in it lie over each other"));
        }
        taken.push((start, end));
        let mut content = Vec::new();
        stored.verifying_reader(stored.data()).read_to_end(&mut content).map_err(|e| unreadable(&e))?;
        if path == STATE {
            state = Some(content);
        } else if let Some((_, image)) = path.strip_prefix(IMAGES).and_then(|rest| rest.split_once('/')) {
            images.push((name_in_zip(image), content));
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
        let pair =
            Pair { images: vec![image("a.tif", Some(Side::Before)), image("c é.tif", Some(Side::After))], ..Pair::default() };
        Project {
            pairs: vec![pair],
            facility: Some("tumangang".to_owned()),
            ..Project::new(Some("2024-05-01T10:00:00Z".to_owned()))
        }
    }

    #[test]
    fn what_is_written_reads_the_same_with_its_images() {
        let images = vec![("a.tif".to_owned(), vec![1, 2, 3]), ("c é.tif".to_owned(), vec![0; 70_000])];
        let bytes = project().write(&images).expect("bytes");
        assert_eq!(read(&bytes, "p.sidings").expect("a project"), Opened { project: project(), images });
        assert!(read(&project().write(&[]).expect("bytes"), "p.sidings").expect("a project").images.is_empty());
    }

    #[test]
    fn an_image_comes_back_whatever_its_file_is_called() {
        let names = ["yard 12:30.tif", "b/c.tif", "..", "C:\\yard.tif"];
        let images: Vec<_> = names.iter().map(|name| ((*name).to_owned(), vec![1])).collect();
        let opened = read(&project().write(&images).expect("bytes"), "p.sidings").expect("a project");
        let back: Vec<&str> = opened.images.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(back, ["yard 12_30.tif", "b_c.tif", "image", "C__yard.tif"]);
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

    /// 200 files of a list that are the same bytes came out as 200 copies.
    #[test]
    fn places_and_scales_that_no_image_has_are_refused() {
        let state: serde_json::Value = serde_json::from_str(&project().to_json()).expect("a state");
        let car = |x: f64, length: f64, sure: f64| {
            let rect = serde_json::json!({ "center": [x, 9.0], "length": length, "width": 6.0, "angleRad": 0.0 });
            let car = serde_json::json!({ "id": 1, "rect_px": rect, "length_m": 14.0, "width_m": 3.0, "confidence": sure, "track": 0, "along_m": 5.0 });
            serde_json::json!({ "Cars": ["Accepted", [{ "picture": 0, "car": car }]] })
        };
        let opened = |edit: serde_json::Value, gsd_m: f64| {
            let mut state = state.clone();
            state["pairs"][0]["edits"] = serde_json::json!([[edit, null]]);
            state["pairs"][0]["images"][0]["gsd_m"] = gsd_m.into();
            Project::from_json(&state.to_string(), "p.sidings").map_err(|e| e.code())
        };
        let line = |x: f64| serde_json::json!({ "Draw": [[0.0, 0.0], [x, 40.0]] });
        for (edit, gsd_m) in [(car(40.0, 28.0, 0.9), 0.5), (line(-300.0), 1.2)] {
            assert_eq!(opened(edit.clone(), gsd_m).map(|p| p.pairs[0].edits.len()), Ok(1), "{edit}");
        }
        for (edit, gsd_m) in [
            (car(-1e308, 28.0, 0.9), 0.5),
            (car(40.0, 1e308, 0.9), 0.5),
            (car(40.0, -1.0, 0.9), 0.5),
            (car(40.0, 28.0, 7.0), 0.5),
            (line(1e7), 0.5),
            (line(40.0), 0.0),
            (line(40.0), 1e308),
        ] {
            assert_eq!(opened(edit.clone(), gsd_m).err(), Some("damaged-project"), "{edit} {gsd_m}");
        }
    }

    #[test]
    fn files_that_share_their_bytes_are_refused() {
        let images = vec![("a.tif".to_owned(), vec![7; 300]), ("b.tif".to_owned(), vec![7; 300])];
        let mut bytes = project().write(&images).expect("bytes");
        let listed: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(b"PK\x01\x02")).collect();
        let [_, first, second] = listed[..] else { panic!("{listed:?}") };
        bytes.copy_within(first + 42..first + 46, second + 42);
        let error = read(&bytes, "p.sidings").expect_err("one place twice");
        assert_eq!((error.code(), error.to_string().contains("over each other")), ("damaged-project", true), "{error}");
    }

    #[test]
    fn another_edition_and_another_zip_are_told_apart() {
        let newer = project().to_json().replace("project@2", "project@3");
        assert_eq!(Project::from_json(&newer, "p").expect_err("newer").code(), "newer-project");
        assert_eq!(Project::from_json("{}", "p").expect_err("no project").code(), "not-a-project");
        let nowhere = Project { open: 1, ..project() };
        for text in [project().to_json().replace("\"after\"", "\"before\""), nowhere.to_json()] {
            assert_eq!(Project::from_json(&text, "p").expect_err("two of one date; no open pair").code(), "damaged-project");
        }
    }

    #[test]
    fn the_first_edition_of_one_pair_still_opens() {
        let old = r#"{"schema":"sidings/project@1","version":"0.1.0","saved_at":null,"facility":"tumangang","order_by_user":true,
            "images":[{"file":"a.tif","bytes":9,"sha256":"aa","side":"before","date":"2023-10-05"},
                      {"file":"b.tif","bytes":9,"sha256":"bb","side":"after"}]}"#;
        let project = Project::from_json(old, "p").expect("it is sound");
        let [pair] = &project.pairs[..] else { panic!("{project:?}") };
        assert_eq!((project.facility.as_deref(), pair.order_by_user), (Some("tumangang"), true));
        assert_eq!(pair.image(Side::Before).and_then(|image| image.date.as_deref()), Some("2023-10-05"));
        assert_eq!(Project::from_json(&project.to_json(), "p").expect("written as the second"), project);
    }
}
