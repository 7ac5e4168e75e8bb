//! What the page and its workers say to each other: a ticket, a value, and what travels beside it.
//!
//! A letter is the array `[ticket, value, attachments]`; a worker's has a fourth part, the memory it has taken. Files go to the workers as `File`s
//! (no copy), each image in an array with the files that lie beside it, behind the number by which it is to be made smaller; pixels and bytes come back as transferred buffers.
//!
//! Values cross as bytes, field after field without names: both ends are instances of one module, so nothing need say what it is. Jobs and their outcomes hold
//! every car and every metre of track; as plain objects they kept the page's thread busy for 60 to 135 ms with 2,900 cars, and left as much to the garbage
//! collector (Chromium, two cores, both busy). What a story asks of the engine that it carries goes another way ([`super::question`]).

use super::budget::Extent;
use super::desk::{Fated, Search, Source};
use super::export::FileKind;
use super::picture::ImageInfo;
use super::snapshot::Problem;
use crate::align::Alignment;
use crate::align::by_hand::Counterpart;
use crate::geometry::Transform;
use crate::georeference::Georeference;
use crate::report::story::{Choices, Measure};
use js_sys::{Array, Uint8Array};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

/// From the page to a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Errand {
    /// Draw the synthetic yard.
    Example,
    /// Read a file; attached: the file.
    Read {
        /// Id of the image.
        picture: u32,
        /// Decode it only if it needs no more than this; `None` for one that was weighed and is to be read whatever it needs.
        at_once_bytes: Option<u64>,
    },
    /// Keep an image to draw it; attached: a [`Decoded`] image and its samples.
    Keep,
    /// Do a job; attached: the files of *before* and *after*, the job ([`pack`]), what another worker has seen of one side where that is known, and
    /// [`Decoded`] images that the worker lacks, each in an array with its samples.
    Job {
        /// Id of *before*.
        before: u32,
        /// Id of *after*.
        after: u32,
        /// Attach what was seen of the job's side to the answer: another worker will go on with it.
        hand_over: bool,
    },
    /// Draw a tile; attached: the files it is made from.
    Tile {
        /// What it shows.
        source: Source,
        /// How the dates lie over each other, for a change.
        alignment: Option<Box<Alignment>>,
        /// Zoom of the map.
        zoom: i32,
        /// Column of the tile.
        x: i32,
        /// Row of the tile.
        y: i32,
        /// From the map's frame to the image.
        to_image: Transform,
        /// Cars that tell parts of a change apart.
        cars: Vec<Fated>,
    },
    /// Look for what a person pointed at; attached: the file of the image that was pointed at, and that of the other.
    Counterpart(Search),
    /// Make a file; attached: the files of *before* and *after*, and the engine where a story is to carry it.
    Export {
        /// Which.
        file: FileKind,
        /// What it is drawn from, as JSON.
        exhibit: String,
        /// For the story.
        extras: StoryExtras,
        /// Id of *before*.
        before: u32,
        /// Id of *after*.
        after: u32,
    },
    /// Say how large a story will be; attached as for an export.
    Measure {
        /// What it is drawn from, as JSON.
        exhibit: String,
        /// What goes into it besides.
        extras: StoryExtras,
        /// Id of *before*.
        before: u32,
        /// Id of *after*.
        after: u32,
    },
}

/// What goes into a story besides its exhibit and its pixels; the engine's two parts are attached behind the files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StoryExtras {
    /// The map of the region as GeoJSON.
    pub map: Option<String>,
    /// What is shown, and how large it may get.
    pub choices: Choices,
}

/// From a worker to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// How far it is, 0 to 1.
    Tick(f64),
    /// The example's files; attached: the bytes of each.
    Drawn(Vec<DrawnFile>),
    /// What was read in a file; attached, where others may go on with it: a [`Decoded`] image and its samples, twice.
    Read(Box<ImageInfo>),
    /// An image is kept.
    Kept,
    /// The file needs more than it was allowed to; nothing of it is decoded.
    Large(Extent),
    /// A job is done; attached: its outcome ([`pack`]), and what was seen where that is to be handed over.
    Done,
    /// A tile is drawn; attached: its RGBA.
    Tile,
    /// What a person pointed at, if it was found.
    Counterpart(Option<Counterpart>),
    /// A file is made; attached: its bytes.
    Made {
        /// It lacks a text that its font can't show.
        left_out: bool,
        /// SHA-256 of its bytes.
        sha256: String,
    },
    /// How large a story will be.
    Measured(Measure),
    /// It could not be done.
    Failed(Problem),
}

/// An image as a worker decoded it. Its samples travel beside it, so that no other worker decodes it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decoded {
    /// Id of the image.
    pub picture: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples of a pixel, of eight bits each.
    pub bands: u32,
    /// Where it lies.
    pub georeference: Georeference,
}

/// A file that the program drew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnFile {
    /// Its name.
    pub file: String,
    /// Metres a pixel.
    pub gsd_m: f64,
}

/// Folds a letter.
///
/// # Errors
/// None that is known.
pub fn write(ticket: u32, value: &impl Serialize, attachments: &Array) -> Result<JsValue, JsValue> {
    let value = pack(value).map_err(|problem| problem.message)?;
    Ok(Array::of3(&ticket.into(), &value, attachments).into())
}

/// Opens a letter.
///
/// # Errors
/// A letter that isn't ours.
pub fn read<T: DeserializeOwned>(letter: &JsValue) -> Result<(u32, T, Array), JsValue> {
    let letter = Array::from(letter);
    let ticket = letter.get(0).as_f64().unwrap_or_default() as u32;
    let value = unpack(&letter.get(1)).map_err(|problem| problem.message)?;
    Ok((ticket, value, Array::from(&letter.get(2))))
}

/// Adds to a letter how much memory its writer has taken so far, bytes.
pub fn weigh(letter: &JsValue) {
    let memory = wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>();
    let bytes = js_sys::Reflect::get(&memory.buffer(), &"byteLength".into()).unwrap_or(JsValue::NULL);
    letter.unchecked_ref::<Array>().push(&bytes);
}

/// What a letter says of its writer's memory, bytes.
pub fn weight(letter: &JsValue) -> Option<f64> {
    Array::from(letter).get(3).as_f64()
}

/// A value as bytes; every number as it is, to the last bit.
///
/// # Errors
/// None that is known.
pub fn pack(value: &impl Serialize) -> Result<Uint8Array, Problem> {
    let bytes = postcard::to_allocvec(value).map_err(|e| crash(format!("Something can't be written down: {e}.")))?;
    Ok(Uint8Array::from(&bytes[..]))
}

/// What [`pack`] packed.
///
/// # Errors
/// Bytes that aren't ours.
pub fn unpack<T: DeserializeOwned>(attachment: &JsValue) -> Result<T, Problem> {
    let bytes = attachment.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default();
    postcard::from_bytes(&bytes).map_err(|e| crash(format!("Something can't be read back: {e}.")))
}

/// A problem whose cause lies in the program or the machine, not in the file.
pub fn crash(message: String) -> Problem {
    Problem { code: "crashed".to_owned(), message, file: None }
}
