//! Joins the desk, the workers and the map.

use super::command::Command;
use super::desk::{Answer, Desk, ExportOrder, Source, Wanted, Work};
use super::download;
use super::errand::{self, DrawnFile, Errand, Reply, StoryExtras};
use super::export::FileKind;
use super::map::{Hooks, MapView, Tiles, Touch, Wish};
use super::picture::Dropped;
use super::pool::{News, Pool};
use crate::geometry::Point;
use crate::pipeline::Side;
use js_sys::{Array, Function, Uint8Array};
use serde::Serialize;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::{File, HtmlCanvasElement, HtmlElement};

/// Said when a worker dies without a panic; running out of memory is the one known way.
const DIED: &str = "A worker stopped without a word: the memory may be too small for images of this size. Close other pages, or \
                    cut the images to the yard, and try again.";

/// A page that may be gone by the time somebody calls.
type Link = Rc<OnceCell<Weak<Page>>>;

/// The page.
pub struct Page {
    desk: RefCell<Desk>,
    pool: RefCell<Pool>,
    map: RefCell<MapView>,
    tiles: Rc<Tiles>,
    files: RefCell<BTreeMap<u32, File>>,
    /// What the loupes of *before* and *after* show: canvas, image, upper left corner.
    loupes: RefCell<[Option<(HtmlCanvasElement, u32, Point)>; 2]>,
    /// The map of the region as GeoJSON, for stories.
    locator: RefCell<Option<String>>,
    /// Module and worker, for stories that carry them.
    engine: RefCell<Option<[Uint8Array; 2]>>,
    on_snapshot: Function,
}

impl Page {
    /// Starts the workers and the map.
    ///
    /// # Errors
    /// What the browser says.
    pub fn open(module: JsValue, worker_url: String, element: HtmlElement, on_snapshot: Function) -> Result<Rc<Self>, JsValue> {
        let link: Link = Rc::default();
        let cores = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
        let listener = reach(&link, |page, (hand, news): (usize, News)| page.hear(hand, news));
        let pool = Pool::new(module, worker_url, cores as usize, listener)?;
        let draw = Rc::clone(&link);
        let tiles = Tiles::new(Box::new(move |number, wish| {
            if let Some(page) = draw.get().and_then(Weak::upgrade) {
                page.draw(number, wish)
            }
        }));
        let hooks = Hooks {
            touch: Touch {
                select: reach(&link, |page, key| page.carry_out(Command::Select { key: Some(key) })),
                pick: reach(&link, |page, (side, at)| page.by_hand(|desk| desk.point_at(side, at, Some(now_iso())))),
                hover: {
                    let link = Rc::clone(&link);
                    Rc::new(move |(side, at)| {
                        let page = link.get().and_then(Weak::upgrade)?;
                        page.desk.try_borrow().ok()?.read_place(side, at)
                    })
                },
                drag: reach(&link, |page, (pair, side, at)| page.by_hand(|desk| desk.drag(pair, side, at))),
            },
            swipe: reach(&link, |page, position| page.carry_out(Command::SetSwipe { position })),
            tiles: Rc::clone(&tiles),
        };
        let page = Rc::new(Self {
            desk: RefCell::default(),
            pool: RefCell::new(pool),
            map: RefCell::new(MapView::new(element, hooks)?),
            tiles,
            files: RefCell::default(),
            loupes: RefCell::default(),
            locator: RefCell::default(),
            engine: RefCell::default(),
            on_snapshot,
        });
        let _ = link.set(Rc::downgrade(&page));
        Ok(page)
    }

    /// Does what the shell asks for. What is selected there is brought into view.
    pub fn command(&self, command: Command) {
        let pan_to = if let Command::Select { key } = &command { key.clone() } else { None };
        let closer = matches!(command, Command::ShowWorst);
        let (next, look_at) = (
            matches!(command, Command::NextUncertain),
            if let Command::LookAt { key } = &command { Some(key.clone()) } else { None },
        );
        self.carry_out(command);
        let pan_to = pan_to.or_else(|| self.desk.borrow().selected().filter(|_| next));
        if let Some(middle) = look_at.and_then(|key| self.desk.borrow().middle_of(&key)) {
            self.map.borrow().look_at(middle);
        }
        if let Some(key) = pan_to {
            self.map.borrow().pan_to(&key);
        }
        if let (true, Some(at)) = (closer, self.desk.borrow().worst()) {
            self.map.borrow().look_at(at);
        }
    }

    /// Something was done on the map with a tool in hand.
    fn by_hand(&self, act: impl FnOnce(&mut Desk)) {
        act(&mut self.desk.borrow_mut());
        self.advance();
    }

    /// Looks for the counterpart of a control point that was just set; the worker that draws holds both images' pixels.
    fn look_for_counterpart(&self) {
        let Some(search) = self.desk.borrow_mut().take_search() else { return };
        let files = self.attached(&[search.from, search.to]);
        // A search that can't be asked for leaves the place to the person.
        let _ = self.pool.borrow().draw(search.pair, &Errand::Counterpart(search), &files);
    }

    /// Paints the loupe of a side on a canvas, unless it shows the same already.
    pub fn paint_loupe(&self, side: Side, canvas: HtmlCanvasElement) {
        let Some((picture, from)) = self.desk.borrow().loupe(side) else { return };
        let shown = (canvas.clone(), picture, from);
        let mut loupes = self.loupes.borrow_mut();
        let held = &mut loupes[usize::from(side == Side::After)];
        if held.as_ref() != Some(&shown) {
            *held = Some(shown);
            self.tiles.want(Wish::piece(Source::Picture(picture), from, canvas));
        }
    }

    /// Takes a record of earlier counts.
    pub fn set_record(&self, file: &str, bytes: &[u8]) {
        self.by_hand(|desk| desk.set_record(file, bytes));
    }

    /// Takes tracks in place of those that are found.
    pub fn set_tracks(&self, file: &str, bytes: Vec<u8>) {
        self.by_hand(|desk| desk.set_tracks(file, bytes));
    }

    /// Opens a project; gives the images that came along.
    pub fn open_project(&self, file: &str, bytes: &[u8]) -> Array {
        let images = self.desk.borrow_mut().open_project(file, bytes);
        self.advance();
        let file_of = |(name, bytes): (String, Vec<u8>)| {
            File::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(&bytes[..])), &name).ok()
        };
        images.into_iter().filter_map(file_of).collect()
    }

    /// Opens a state that the browser kept.
    pub fn open_state(&self, name: &str, text: &str) {
        self.by_hand(|desk| desk.open_state(name, text));
    }

    /// What a person did so far.
    pub fn state(&self) -> Option<String> {
        self.desk.borrow().project(Some(now_iso())).map(|project| project.to_json())
    }

    /// The files of the images.
    pub fn image_files(&self) -> Array {
        let (files, desk) = (self.files.borrow(), self.desk.borrow());
        desk.image_ids().into_iter().filter_map(|id| files.get(&id)).collect()
    }

    /// Hands the project to the browser's downloads.
    pub fn save_project(&self, images: &Array) {
        let written = {
            let desk = self.desk.borrow();
            let image = |(file, bytes): (JsValue, JsValue)| {
                Some((file.dyn_into::<File>().ok()?.name(), bytes.dyn_into::<Uint8Array>().ok()?.to_vec()))
            };
            let images: Vec<(String, Vec<u8>)> = self.image_files().iter().zip(images.iter()).filter_map(image).collect();
            desk.project(Some(now_iso())).map(|project| project.write(&images))
        };
        match written {
            Some(Ok(bytes)) => self.offer("project.sidings", "application/zip", &bytes),
            Some(Err(error)) => self.desk.borrow_mut().trouble(super::snapshot::Problem::from(&error)),
            None => {}
        }
        self.show();
    }

    /// The record as a table, to the browser's downloads.
    fn save_record(&self) {
        let Some(text) = self.desk.borrow().record_csv() else { return };
        self.offer("record.csv", "text/csv", text.as_bytes());
    }

    /// Hands bytes to the browser's downloads, or says why not.
    fn offer(&self, name: &str, media_type: &str, bytes: &[u8]) {
        if let Err(error) = download::offer(name, media_type, &Uint8Array::from(bytes)) {
            let message = format!("{name} could not be handed to the browser: {error:?}");
            self.desk.borrow_mut().trouble(errand::crash(message));
        }
    }

    fn carry_out(&self, command: Command) {
        match &command {
            Command::FitView => self.map.borrow().fit(),
            Command::ShowOther => self.map.borrow().show_other(),
            Command::SaveRecord => self.save_record(),
            Command::SetLabels { labels } => self.map.borrow_mut().set_labels(labels),
            _ => {}
        }
        let clears = matches!(command, Command::Clear | Command::Example);
        self.desk.borrow_mut().command(command);
        if clears {
            self.forget_files();
        }
        self.advance();
    }

    /// Lays files on the desk.
    pub fn add(&self, files: Vec<(Dropped, File)>) {
        let (dropped, files): (Vec<Dropped>, Vec<File>) = files.into_iter().unzip();
        let ids = self.desk.borrow_mut().add(&dropped);
        let renamed = self.desk.borrow_mut().take_renamed();
        let mut held = self.files.borrow_mut();
        held.extend(ids.into_iter().zip(files));
        for (old, new) in renamed {
            if let Some(file) = held.remove(&old) {
                held.insert(new, file);
            }
        }
        drop(held);
        self.advance();
    }

    /// The map behind the empty page.
    pub fn set_locator(&self, geojson: &JsValue) {
        self.map.borrow().set_locator(geojson);
        *self.locator.borrow_mut() = js_sys::JSON::stringify(geojson).ok().map(String::from);
    }

    /// What the shell draws.
    pub fn snapshot(&self) -> JsValue {
        let snapshot = self.desk.borrow_mut().snapshot(now_s());
        snapshot.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL)
    }

    /// The `compare` document of what is shown.
    pub fn report(&self) -> JsValue {
        let text = self.desk.borrow().report().map(|document| document.to_json());
        text.and_then(|text| js_sys::JSON::parse(&text).ok()).unwrap_or(JsValue::NULL)
    }

    /// Stops what is to be stopped, hands out what can be done, shows how things stand.
    fn advance(&self) {
        if self.desk.borrow_mut().take_stop() {
            self.pool.borrow_mut().stop_busy();
            self.desk.borrow_mut().forget_export();
        }
        while self.pool.borrow().has_idle() {
            let Some((ticket, work)) = self.desk.borrow_mut().next_work(now_s()) else { break };
            if let Err(error) = self.hand_out(ticket, &work) {
                self.desk
                    .borrow_mut()
                    .failed(ticket, errand::crash(format!("The work could not be given to a worker: {error:?}")));
            }
        }
        self.look_for_counterpart();
        self.make_file();
        self.show();
    }

    fn hand_out(&self, ticket: u32, work: &Work) -> Result<(), JsValue> {
        let (errand, needs, attached) = match work {
            Work::Example => (Errand::Example, vec![], vec![]),
            Work::Read { picture, .. } => (Errand::Read { picture: *picture }, vec![*picture], vec![*picture]),
            Work::Job(job) => {
                let (before, after) = self.pair().ok_or("no pair")?;
                let needs = match job.side() {
                    Some(Side::Before) => vec![before],
                    Some(Side::After) => vec![after],
                    None => vec![before, after],
                };
                (Errand::Job { job: job.clone(), before, after }, needs, vec![before, after])
            }
        };
        self.pool.borrow_mut().give(ticket, &errand, &needs, &self.attached(&attached))
    }

    /// Gives the file that was ordered to a worker that has the images.
    fn make_file(&self) {
        if !self.pool.borrow().has_idle() {
            return;
        }
        let Some(order) = self.desk.borrow_mut().take_order() else { return };
        if let Err(error) = self.give_order(&order) {
            let problem = errand::crash(format!("The file could not be given to a worker: {error:?}"));
            self.desk.borrow_mut().failed(order.ticket, problem);
        }
    }

    fn give_order(&self, order: &ExportOrder) -> Result<(), JsValue> {
        let (before, after) = self.pair().ok_or("no pair")?;
        let exhibit = serde_json::to_string(&order.exhibit).map_err(|e| e.to_string())?;
        let is_story = matches!(order.what, Wanted::File(FileKind::Story) | Wanted::Measure);
        let map = self.locator.borrow().clone().filter(|_| is_story);
        let extras = StoryExtras { map, choices: order.choices };
        let errand = match order.what {
            Wanted::File(file) => Errand::Export { file, exhibit, extras, before, after },
            Wanted::Measure => Errand::Measure { exhibit, extras, before, after },
        };
        let attached = self.attached(&[before, after]);
        if let (true, true, Some(engine)) = (is_story, order.engine, self.engine.borrow().as_ref()) {
            for part in engine {
                attached.push(part);
            }
        }
        self.pool.borrow_mut().give(order.ticket, &errand, &[before, after], &attached)
    }

    /// Hands a file that was made to the browser.
    fn hand_over(&self, ticket: u32, left_out: bool, sha256: String, bytes: &JsValue) {
        let Some(file) = self.desk.borrow_mut().exported(ticket, left_out, sha256) else { return };
        let bytes = bytes.dyn_ref::<Uint8Array>().ok_or_else(|| JsValue::from("no bytes"));
        if let Err(error) = bytes.and_then(|bytes| download::offer(file.file_name(), file.media_type(), bytes)) {
            let message = format!("{} could not be handed to the browser: {error:?}", file.file_name());
            self.desk.borrow_mut().not_taken(errand::crash(message));
        }
    }

    /// The engine as the page carries it, packed: the module, and the script of a worker.
    pub fn set_engine(&self, module: Uint8Array, worker: Uint8Array) {
        let bytes = [&module, &worker].map(|part| part.length().div_ceil(3) * 4).iter().sum::<u32>();
        *self.engine.borrow_mut() = Some([module, worker]);
        self.desk.borrow_mut().has_engine(bytes);
    }

    /// The statement in three lengths, each a list of paragraphs, and the lines that embed a story.
    pub fn texts(&self, language: &str) -> JsValue {
        let texts = self.desk.borrow_mut().texts(language);
        if texts.is_none() {
            self.show();
        }
        texts.and_then(|texts| texts.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).ok()).unwrap_or(JsValue::NULL)
    }

    fn pair(&self) -> Option<(u32, u32)> {
        let desk = self.desk.borrow();
        Some((desk.side(Side::Before)?, desk.side(Side::After)?))
    }

    /// For each image its file, and those beside it.
    fn attached(&self, pictures: &[u32]) -> Array {
        let (files, desk) = (self.files.borrow(), self.desk.borrow());
        let bundle =
            |id: &u32| -> Array { std::iter::once(*id).chain(desk.beside(*id)).filter_map(|id| files.get(&id)).collect() };
        pictures.iter().map(bundle).collect()
    }

    fn draw(&self, number: u32, wish: &Wish) {
        let Wish { source, zoom, x, y, to_image, .. } = *wish;
        let (alignment, pictures) = match source {
            Source::Picture(picture) => (None, vec![picture]),
            Source::Change(before, after) => {
                let desk = self.desk.borrow();
                (desk.plan().and_then(|plan| plan.alignment.clone()).map(Box::new), vec![before, after])
            }
        };
        // A tile that can't be asked for stays empty; the worker's own end is heard of elsewhere.
        let errand = Errand::Tile { source, alignment, zoom, x, y, to_image };
        let _ = self.pool.borrow().draw(number, &errand, &self.attached(&pictures));
    }

    fn hear(&self, hand: usize, news: News) {
        match news {
            News::Broken => self.replace(hand),
            News::Reply(pair, Reply::Counterpart(found), _) => self.by_hand(|desk| desk.searched(pair, found)),
            News::Reply(number, Reply::Tile, attachments) => self.tiles.arrived(number, attachments.get(0).dyn_ref()),
            News::Reply(number, _, _) if hand == Pool::DRAWING => self.tiles.arrived(number, None),
            News::Reply(ticket, Reply::Tick(share), _) => {
                self.desk.borrow_mut().tick(ticket, share);
                self.show();
            }
            News::Reply(ticket, reply, attachments) => {
                self.pool.borrow_mut().release(hand, ticket);
                self.take(ticket, reply, &attachments);
                self.advance();
            }
        }
    }

    fn take(&self, ticket: u32, reply: Reply, attachments: &Array) {
        match reply {
            Reply::Read(info) => self.desk.borrow_mut().done(ticket, Answer::Read(info)),
            Reply::Done(outcome) => self.desk.borrow_mut().done(ticket, Answer::Done(outcome)),
            Reply::Failed(problem) => self.desk.borrow_mut().failed(ticket, problem),
            Reply::Drawn(drawn) => {
                self.desk.borrow_mut().done(ticket, Answer::Drawn);
                self.add(drawn.iter().zip(attachments.iter()).filter_map(|(drawn, bytes)| file_of(drawn, &bytes)).collect());
            }
            Reply::Made { left_out, sha256 } => self.hand_over(ticket, left_out, sha256, &attachments.get(0)),
            Reply::Measured(measure) => self.desk.borrow_mut().measured(ticket, measure),
            // A page asks for neither of its own worker: stories do.
            Reply::Written(_) | Reply::Verified(_) => {}
            Reply::Tick(_) | Reply::Tile | Reply::Counterpart(_) => {}
        }
    }

    /// A worker that broke down makes room for another; what it was at has failed.
    fn replace(&self, hand: usize) {
        let ticket = self.pool.borrow().ticket(hand);
        self.pool.borrow_mut().replace(hand);
        if hand == Pool::DRAWING {
            self.tiles.forget();
        }
        if let Some(ticket) = ticket {
            self.desk.borrow_mut().failed(ticket, errand::crash(DIED.to_owned()));
            self.advance();
        }
    }

    fn forget_files(&self) {
        let desk = self.desk.borrow();
        self.files.borrow_mut().retain(|id, _| desk.picture(*id).is_some() || desk.keeps(*id));
        self.tiles.forget();
        self.pool.borrow_mut().replace_all();
    }

    fn show(&self) {
        let sheet = self.desk.borrow().sheet();
        self.map.borrow_mut().show(sheet);
        // The shell may answer with a command, so nothing may be borrowed while it is called.
        let snapshot = self.snapshot();
        let _ = self.on_snapshot.call1(&JsValue::NULL, &snapshot);
    }
}

/// A function that calls the page while there is one.
fn reach<A: 'static>(link: &Link, call: impl Fn(&Page, A) + 'static) -> Rc<dyn Fn(A)> {
    let link = Rc::clone(link);
    Rc::new(move |argument| {
        if let Some(page) = link.get().and_then(Weak::upgrade) {
            call(&page, argument);
        }
    })
}

/// A drawn file, as if it had been dropped.
fn file_of(drawn: &DrawnFile, bytes: &JsValue) -> Option<(Dropped, File)> {
    let file = File::new_with_u8_array_sequence(&Array::of1(bytes), &drawn.file).ok()?;
    let bytes = u64::from(bytes.dyn_ref::<Uint8Array>()?.length());
    Some((Dropped { file: drawn.file.clone(), bytes, synthetic: true, gsd_m: Some(drawn.gsd_m), date: None }, file))
}

/// Now, as ISO 8601.
fn now_iso() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}

/// Seconds on a clock that doesn't go back.
fn now_s() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now() / 1000.0)
}
