//! A worker's half: it reads files, does jobs and draws tiles, one errand at a time.

use super::budget::{Extent, MAX_FILE_BYTES};
use super::desk::{Search, Source};
use super::draw::Pyramid;
use super::errand::{self, Decoded, DrawnFile, Errand, Reply, StoryExtras};
use super::export::Made;
use super::hatch::tell_apart;
use super::picture::ImageInfo;
use super::question::{Finding, Question};
use super::snapshot::Problem;
use crate::align::by_hand::{self, Counterpart};
use crate::align::{Alignment, View};
use crate::credentials;
use crate::decode::{self, Header};
use crate::error::{Error, Warning};
use crate::example;
use crate::geometry::{Point, Transform};
use crate::georeference::{self, Georeference, Sidecar};
use crate::limits::Limits;
use crate::pipeline::{self, Grids, Job, Seen, Side, Workbench};
use crate::raster::{Raster, Samples, Scene};
use crate::report::exhibit::Exhibit;
use crate::report::json::sha256_hex;
use crate::report::story::{self, Engine, Extras};
use js_sys::{Array, Date, Uint8Array, Uint8ClampedArray};
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, File, FileReaderSync};

/// Progress is told at most this often, ms: more would keep the page busy drawing it.
const TICK_MS: f64 = 100.0;

/// Layers whose pyramids are kept for drawing: the two images that are compared, and their change.
const PYRAMIDS_KEPT: usize = 3;

/// Images of more pixels than this are not handed on decoded.
const HANDED_MAX_PX: usize = 25_000_000;

/// Pixels around a control point that the search for its counterpart may look at.
const PIECE_PX: f64 = 288.0;

/// Seed of the example; any would do, but the same for everybody, so that it can be talked about.
const EXAMPLE_SEED: u64 = 2023;

thread_local! {
    /// The errand at work, for the message of a panic.
    static TICKET: Cell<u32> = const { Cell::new(0) };

    /// It is a story that asks, and no page.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// What a worker holds between errands.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Worker {
    bench: Workbench,
    /// Ids of the images that lie on the bench.
    before: Option<u32>,
    after: Option<u32>,
    pyramids: Vec<(Source, Pyramid)>,
}

#[wasm_bindgen]
impl Worker {
    /// A worker with an empty bench.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        std::panic::set_hook(Box::new(|panic| {
            let problem = errand::crash(format!(
                "The work stopped on an error of the program ({panic}). Please report it. The images are still here."
            ));
            if ASKED.get() {
                tell(TICKET.get(), &Finding::Failed(problem));
            } else {
                answer(TICKET.get(), &Reply::Failed(problem), &Array::new());
            }
        }));
        Self::default()
    }

    /// Takes a letter and answers it.
    pub fn handle(&mut self, letter: &JsValue) {
        let Ok((ticket, errand, files)) = errand::read::<Errand>(letter) else { return self.asked(letter) };
        TICKET.set(ticket);
        let attachments = Array::new();
        let reply = self.run(ticket, errand, &files, &attachments).unwrap_or_else(Reply::Failed);
        answer(ticket, &reply, &attachments);
    }
}

impl Worker {
    /// A story that carries this engine wants to know something.
    fn asked(&self, letter: &JsValue) {
        let Some(question) = Question::of(letter) else { return };
        let ticket = Array::from(letter).get(0).as_f64().unwrap_or_default() as u32;
        TICKET.set(ticket);
        ASKED.set(true);
        tell(ticket, &question.answer());
    }

    fn run(&mut self, ticket: u32, errand: Errand, files: &Array, attachments: &Array) -> Result<Reply, Problem> {
        match errand {
            Errand::Example => draw_example(attachments),
            Errand::Read { picture, at_once_bytes } => {
                self.read(picture, at_once_bytes, &Bundle::of(&files.get(0))?, attachments)
            }
            Errand::Keep => {
                let Handed { picture, scene, .. } = Handed::of(files)?;
                self.keep(Source::Picture(picture), Pyramid::new(scene));
                Ok(Reply::Kept)
            }
            Errand::Job { before, after, hand_over } => {
                let job: Job = errand::unpack(&files.get(2))?;
                let handed =
                    Array::from(&files.get(4)).iter().map(|image| Handed::of(&Array::from(&image))).collect::<Result<_, _>>()?;
                self.lay(|side| job.needs(side), (before, after), files, handed)?;
                if files.get(3).is_object() {
                    let (side, seen): (Side, Seen) = errand::unpack(&files.get(3))?;
                    self.bench.know(side, seen);
                }
                let mut told_ms = Date::now();
                let mut tick = |share: f64| {
                    if Date::now() - told_ms >= TICK_MS {
                        told_ms = Date::now();
                        answer(ticket, &Reply::Tick(share), &Array::new());
                    }
                    Ok(())
                };
                let outcome = pipeline::perform(&job, &mut self.bench, &mut tick).map_err(|e| Problem::from(&e))?;
                attachments.push(&errand::pack(&outcome)?.into());
                if let Some((side, seen)) = job.side().filter(|_| hand_over).and_then(|side| Some((side, self.bench.seen(side)?)))
                {
                    attachments.push(&errand::pack(&(side, seen))?.into());
                }
                Ok(Reply::Done)
            }
            Errand::Tile { source, alignment, zoom, x, y, to_image, cars } => {
                let mut rgba = self.pyramid(source, alignment.as_deref(), files)?.tile(zoom, x, y, &to_image);
                tell_apart(&mut rgba, (zoom, x, y), &cars);
                attachments.push(&Uint8ClampedArray::from(&rgba[..]));
                Ok(Reply::Tile)
            }
            Errand::Counterpart(search) => self.counterpart(&search, files).map(Reply::Counterpart),
            Errand::Export { file, exhibit, extras, before, after } => {
                self.lay(|side| file.shows(side), (before, after), files, Vec::new())?;
                let exhibit = exhibit_of(&exhibit)?;
                let Made { bytes, left_out } = with_extras(&extras, files, |extras| file.make(&exhibit, &self.bench, extras))?;
                attachments.push(&Uint8Array::from(&bytes[..]));
                Ok(Reply::Made { left_out, sha256: sha256_hex(&bytes) })
            }
            Errand::Measure { exhibit, extras, before, after } => {
                self.lay(|_| true, (before, after), files, Vec::new())?;
                let exhibit = exhibit_of(&exhibit)?;
                let rgb = |side| self.bench.scene(side).map(|scene| scene.rgb8());
                let measure = |extras: &Extras<'_>| story::measure(&exhibit, &*rgb(Side::Before)?, &*rgb(Side::After)?, extras);
                with_extras(&extras, files, measure).map(Reply::Measured)
            }
        }
    }

    /// Decodes a file and keeps it on the bench: a job on it will likely follow.
    fn read(&mut self, picture: u32, at_once_bytes: Option<u64>, bundle: &Bundle, attachments: &Array) -> Result<Reply, Problem> {
        let (file, bytes) = (&bundle.image, bytes_of(&bundle.image)?);
        let header = decode::header(&bytes, &file.name(), &Limits::OF_OVERVIEWS).map_err(|e| Problem::from(&e))?;
        let extent = Extent::of(&header, bytes.len() as u64);
        let large = at_once_bytes.is_none();
        if at_once_bytes.is_some_and(|most| extent.need_bytes(bundle.by) > most) {
            return Ok(Reply::Large(extent));
        }
        let sha256 = sha256_hex(&bytes);
        let (scene, georeference) = bundle.decode(&bytes)?;
        if let Some(flat) = decode::flatness(&scene) {
            return Err(Problem { code: flat.code, message: flat.message, file: Some(file.name()) });
        }
        let info = ImageInfo {
            format: header.format.to_owned(),
            width: scene.width() as u32,
            height: scene.height() as u32,
            sha256,
            credentials: credentials::read(&bytes),
            warnings: georeference
                .warnings
                .iter()
                .cloned()
                .chain(coarser(&header, bundle.by, georeference.gsd_m))
                .map(|w| Warning::new(&w.code, format!("{}: {}", file.name(), w.message)))
                .collect(),
            reduction: bundle.by,
            georeference: georeference.clone(),
        };
        if !large && bundle.by == 1 {
            hand_on(picture, &scene, &georeference, attachments)?;
        }
        // A large pair is read by one worker, which keeps both.
        let side = if self.before.is_some() && self.after.is_none() && large { Side::After } else { Side::Before };
        self.hold(side, picture, scene, georeference);
        Ok(Reply::Read(Box::new(info)))
    }

    /// Lays the sides that are needed on their place, and decodes only what isn't there yet and was not handed over.
    fn lay(
        &mut self,
        needed: impl Fn(Side) -> bool,
        (before, after): (u32, u32),
        files: &Array,
        mut handed: Vec<Handed>,
    ) -> Result<(), Problem> {
        if self.before == Some(after) || self.after == Some(before) {
            self.bench.swap();
            std::mem::swap(&mut self.before, &mut self.after);
        }
        for (side, picture, held, file) in
            [(Side::Before, before, self.before, files.get(0)), (Side::After, after, self.after, files.get(1))]
        {
            if held != Some(picture) && needed(side) {
                let (scene, georeference) = match handed.iter().position(|image| image.picture == picture) {
                    Some(at) => {
                        let Handed { scene, georeference, .. } = handed.swap_remove(at);
                        (scene, georeference)
                    }
                    None => Bundle::of(&file)?.placed_scene()?,
                };
                self.hold(side, picture, scene, georeference);
            }
        }
        Ok(())
    }

    fn hold(&mut self, side: Side, picture: u32, scene: Scene, georeference: Georeference) {
        self.bench.hold(side, Some(scene));
        self.bench.locate(side, georeference);
        match side {
            Side::Before => self.before = Some(picture),
            Side::After => self.after = Some(picture),
        }
    }

    /// Looks for what a person pointed at, in the pixels around it and around the prediction.
    fn counterpart(&mut self, search: &Search, files: &Array) -> Result<Option<Counterpart>, Problem> {
        let (from, to) = (Array::of1(&files.get(0)), Array::of1(&files.get(1)));
        let there = search.prediction.apply(search.at);
        let scale = search.prediction.scale_at(search.at).max(1.0);
        let own = self.pyramid(Source::Picture(search.from), None, &from)?.piece(search.at, PIECE_PX);
        let other = self.pyramid(Source::Picture(search.to), None, &to)?.piece(there, PIECE_PX * scale);
        let (Some((own, own_holds, own_at)), Some((other, other_holds, other_at))) = (own, other) else { return Ok(None) };
        let shift = |dx: f64, dy: f64| Transform::similarity(1.0, 0.0, dx, dy);
        let prediction = shift(own_at.x, own_at.y).then(&search.prediction).then(&shift(-other_at.x, -other_at.y));
        let found = by_hand::counterpart(
            View { luma: &own, valid: Some(&own_holds) },
            View { luma: &other, valid: Some(&other_holds) },
            Point::new(search.at.x - own_at.x, search.at.y - own_at.y),
            &prediction,
            search.reach_px,
        );
        let placed = |f: Counterpart| Counterpart { at: Point::new(f.at.x + other_at.x, f.at.y + other_at.y), ..f };
        Ok(found.map(placed))
    }

    /// Keeps what a layer is drawn from; of those that were asked for longest ago one makes room.
    fn keep(&mut self, source: Source, pyramid: Pyramid) {
        if self.pyramids.len() == PYRAMIDS_KEPT {
            self.pyramids.remove(0);
        }
        self.pyramids.push((source, pyramid));
    }

    /// What a layer is drawn from, made when it is first asked for.
    fn pyramid(&mut self, source: Source, alignment: Option<&Alignment>, files: &Array) -> Result<&Pyramid, Problem> {
        if let Some(at) = self.pyramids.iter().position(|(held, _)| *held == source) {
            let found = self.pyramids.remove(at);
            self.pyramids.push(found);
        } else {
            let pyramid = match source {
                Source::Picture(_) => Pyramid::new(Bundle::of(&files.get(0))?.placed_scene()?.0),
                Source::Change(..) => change_between(alignment, files)?,
            };
            self.keep(source, pyramid);
        }
        self.pyramids.last().map(|(_, pyramid)| pyramid).ok_or_else(|| errand::crash("No image to draw.".to_owned()))
    }
}

/// An image that another worker has decoded.
struct Handed {
    picture: u32,
    scene: Scene,
    georeference: Georeference,
}

impl Handed {
    /// From the two parts of what [`hand_on`] made.
    fn of(parts: &Array) -> Result<Self, Problem> {
        let Decoded { picture, width, height, bands, georeference } = errand::unpack(&parts.get(0))?;
        let samples = parts.get(1).dyn_into::<Uint8Array>().map(|samples| samples.to_vec()).unwrap_or_default();
        let raster = Raster::new(width as usize, height as usize, bands as usize, samples);
        let raster = raster.ok_or_else(|| errand::crash("An image was not handed over whole.".to_owned()))?;
        Ok(Self { picture, scene: Scene { samples: Samples::U8(raster), valid: None }, georeference })
    }
}

/// Attaches a decoded image, once for the worker that draws and once for another that works. What is large they decode themselves: for a moment it would be in
/// memory twice more. So they do where samples have more than eight bits or some aren't valid.
fn hand_on(picture: u32, scene: &Scene, georeference: &Georeference, attachments: &Array) -> Result<(), Problem> {
    let Scene { samples: Samples::U8(raster), valid: None } = scene else { return Ok(()) };
    if raster.width() * raster.height() > HANDED_MAX_PX {
        return Ok(());
    }
    let (width, height, bands) = (raster.width() as u32, raster.height() as u32, raster.bands() as u32);
    let decoded = Decoded { picture, width, height, bands, georeference: georeference.clone() };
    attachments.push(&errand::pack(&decoded)?.into());
    for _ in 0..2 {
        attachments.push(&Uint8Array::from(raster.samples()));
    }
    Ok(())
}

fn exhibit_of(json: &str) -> Result<Exhibit, Problem> {
    serde_json::from_str(json).map_err(|e| errand::crash(format!("The file can't be drawn: {e}.")))
}

/// Calls with what goes into a story, the engine included where it is attached behind the two files.
fn with_extras<T>(extras: &StoryExtras, files: &Array, call: impl FnOnce(&Extras<'_>) -> Result<T, Error>) -> Result<T, Problem> {
    let part = |index| files.get(index).dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec());
    let engine = part(2).zip(part(3)).map(|(module, worker)| Engine { module, worker });
    let map = extras.map.as_ref().and_then(|map| serde_json::from_str(map).ok());
    let extras = Extras { map: map.as_ref(), engine: engine.as_ref(), choices: extras.choices };
    call(&extras).map_err(|e| Problem::from(&e))
}

/// Sends a letter to the story.
fn tell(ticket: u32, finding: &Finding) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let sent = finding.letter(ticket).and_then(|letter| scope.post_message(&letter));
    sent.unwrap_or_else(|error| wasm_bindgen::throw_val(error));
}

/// Sends a letter to the page. Attached arrays are handed over, not copied.
fn answer(ticket: u32, reply: &Reply, attachments: &Array) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let buffers: Array = attachments.iter().filter_map(|a| js_sys::Reflect::get(&a, &"buffer".into()).ok()).collect();
    let written = errand::write(ticket, reply, attachments);
    let sent = written.inspect(errand::weigh).and_then(|letter| scope.post_message_with_transfer(&letter, &buffers));
    // The page can't be told by the very way that failed; its worker's error event is what is left.
    sent.unwrap_or_else(|error| wasm_bindgen::throw_val(error));
}

/// The bytes of a file, taken over piece by piece, so that the browser doesn't hold them a second time.
fn bytes_of(file: &File) -> Result<Vec<u8>, Problem> {
    const PIECE_BYTES: u64 = 32 << 20;
    let length = file.size() as u64;
    if length > MAX_FILE_BYTES {
        let message = format!(
            "The file has {} MB; up to {} MB are read. Crop the image to the yard, or save it in a compressed format.",
            length >> 20,
            MAX_FILE_BYTES >> 20
        );
        return Err(Problem { code: "too-big".to_owned(), message, file: Some(file.name()) });
    }
    let blob: &Blob = file;
    let mut bytes = Vec::with_capacity(length as usize);
    while (bytes.len() as u64) < length {
        let (from, to) = (bytes.len(), length.min(bytes.len() as u64 + PIECE_BYTES));
        let piece = blob.slice_with_f64_and_f64(from as f64, to as f64);
        let buffer = piece.and_then(|piece| FileReaderSync::new()?.read_as_array_buffer(&piece));
        let buffer = buffer.map_err(|_| Problem {
            code: "unreadable".to_owned(),
            message: "The file can't be read any more: it was moved, changed or locked since it was dropped. Drop it again."
                .to_owned(),
            file: Some(file.name()),
        })?;
        bytes.resize(to as usize, 0);
        Uint8Array::new(&buffer).copy_to(&mut bytes[from..]);
    }
    Ok(bytes)
}

/// An image and what lies beside it.
struct Bundle {
    image: File,
    beside: Vec<File>,
    /// Read at one of this many of its resolution.
    by: u32,
}

impl Bundle {
    /// From an attachment: an array of a reduction, the image, and what lies beside it.
    fn of(attachment: &JsValue) -> Result<Self, Problem> {
        let files = Array::from(attachment);
        let by = files.iter().find_map(|part| part.as_f64()).map_or(1, |by| by as u32);
        let mut files = files.iter().filter_map(|file| file.dyn_into::<File>().ok());
        let image = files.next().ok_or_else(|| errand::crash("A file was not handed over.".to_owned()))?;
        Ok(Self { image, beside: files.collect(), by })
    }

    fn placed_scene(&self) -> Result<(Scene, Georeference), Problem> {
        self.decode(&bytes_of(&self.image)?)
    }

    fn decode(&self, bytes: &[u8]) -> Result<(Scene, Georeference), Problem> {
        let name = self.image.name();
        let limits = if self.by == 1 { Limits::default() } else { Limits::OF_OVERVIEWS };
        let header = decode::header(bytes, &name, &limits).map_err(|e| Problem::from(&e))?;
        let scene = match self.by {
            1 => decode::scene(bytes, &name, &limits),
            by => decode::overview(bytes, &name, &limits, by),
        }
        .map_err(|e| Problem::from(&e))?;
        let small = self.beside.iter().filter(|file| file.size() <= georeference::MAX_SIDECAR_BYTES as f64);
        let read: Vec<(String, Vec<u8>)> =
            small.map(|file| Ok((file.name(), bytes_of(file)?))).collect::<Result<_, Problem>>()?;
        let sidecars: Vec<Sidecar<'_>> = read.iter().map(|(name, bytes)| Sidecar { name, bytes }).collect();
        let mut georeference = georeference::read_with(bytes, &name, (header.width, header.height), &sidecars);
        if self.by > 1 {
            georeference = georeference.of_overview(self.by, (scene.width() as u32, scene.height() as u32));
        }
        Ok((decode::without(scene, georeference.nodata), georeference))
    }
}

/// Says that an image was not read in full, so that nobody takes its count for one at full resolution.
fn coarser(header: &Header, by: u32, gsd_m: Option<f64>) -> Option<Warning> {
    let scale = gsd_m.map(|gsd_m| format!(" ({gsd_m:.2} m a pixel)")).unwrap_or_default();
    let message = format!(
        "It was too large to be read in full ({} × {} pixels) and was read at 1/{by} of its resolution{scale}. What is smaller than that is lost: counts are \
         coarser than the image would allow.",
        header.width, header.height
    );
    (by > 1).then(|| Warning::new("read-reduced", message))
}

fn change_between(alignment: Option<&Alignment>, files: &Array) -> Result<Pyramid, Problem> {
    let mut bench = Workbench::with(Bundle::of(&files.get(0))?.placed_scene()?.0, Bundle::of(&files.get(1))?.placed_scene()?.0);
    let grids = alignment.map_or(Grids::Unknown, Grids::Known);
    let (_, map) = pipeline::change_map(&mut bench, grids, &mut |_, _| Ok(())).map_err(|e| Problem::from(&e))?;
    Ok(Pyramid::of_change(&map))
}

fn draw_example(attachments: &Array) -> Result<Reply, Problem> {
    let example = example::draw(EXAMPLE_SEED);
    let drawn = |scene: &example::ExampleScene| -> Result<DrawnFile, Error> {
        attachments.push(&Uint8Array::from(&scene.png()?[..]));
        Ok(DrawnFile { file: scene.file_name.to_owned(), gsd_m: scene.gsd_m })
    };
    let files: Result<Vec<DrawnFile>, Error> = [&example.before, &example.after].into_iter().map(drawn).collect();
    files.map(Reply::Drawn).map_err(|e| Problem::from(&e))
}
