//! Joins the desk, the workers and the map.

use super::command::Command;
use super::desk::{Answer, Desk, Source, Work};
use super::errand::{self, Decoded, DrawnFile, Errand, Reply};
use super::map::{Grasp, Hooks, MapView, Tiles, Touch, Wish};
use super::picture::Dropped;
use super::pool::{News, Pool};
use crate::align::Alignment;
use crate::geometry::{Point, Transform};
use crate::pipeline::{Job, Side};
use cars_told::CarsTold;
use gloo::timers::callback::Timeout;
use js_sys::{Array, Function, Uint8Array};
use serde::Serialize;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::{File, HtmlCanvasElement, HtmlElement};

mod cars_told;
mod files;
mod showing;

/// Said when a worker dies without a panic; running out of memory is the one known way.
const DIED: &str = "A worker stopped without a word: the memory may be too small for images of this size. Close other pages, or \
                    cut the images to the yard, and try again.";

/// Said when the worker that draws has died over the same tiles twice.
const UNDRAWN: &str = "The map can't be drawn: the memory may be too small for images of this size. Close other pages, or cut the images to the yard. \
                       Counts and files are not touched by it.";

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
    /// To this page itself, for what it does later.
    link: Link,
    /// The timer of what is yet to be shown.
    shown_soon: RefCell<Option<Timeout>>,
    /// What a worker has seen of a large *after*, for the one that goes on with both.
    seen: RefCell<Option<(u32, Uint8Array)>>,
    /// Images that one worker has decoded, for the one that comes to need them.
    spare: RefCell<BTreeMap<u32, Array>>,
    /// A command is being carried out.
    commanded: Cell<bool>,
    /// What was told in answer to a command, until the shell takes it: with thousands of cars it is worth writing once.
    told: RefCell<Option<JsValue>>,
    /// The cars in it.
    cars_told: RefCell<CarsTold>,
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
                grasp: grasp(&link),
                lay: {
                    let link = Rc::clone(&link);
                    Rc::new(move |(side, view)| {
                        let page = link.get().and_then(Weak::upgrade)?;
                        page.desk.try_borrow().ok().map(|desk| desk.lay_of(side, view))
                    })
                },
                drag: reach(&link, |page, (pair, side, at)| page.by_hand(|desk| desk.drag(pair, side, at))),
            },
            rest: reach(&link, |page, ()| page.rest()),
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
            link: Rc::clone(&link),
            shown_soon: RefCell::default(),
            seen: RefCell::default(),
            spare: RefCell::default(),
            commanded: Cell::default(),
            told: RefCell::default(),
            cars_told: RefCell::default(),
        });
        page.desk.borrow_mut().set_memory(device_memory_gb());
        page.desk.borrow_mut().set_workers(page.pool.borrow().workers());
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
        self.commanded.set(true);
        self.carry_out(command);
        self.commanded.set(false);
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
        let text = js_sys::JSON::stringify(geojson).ok().map(String::from);
        if let Some(text) = text.clone() {
            self.desk.borrow_mut().set_locator(text);
        }
        *self.locator.borrow_mut() = text;
    }

    /// The user's own places, as text.
    pub fn places(&self) -> String {
        self.desk.borrow().places_text()
    }

    /// Takes up the user's own places that the browser kept.
    pub fn set_places(&self, text: &str) {
        self.by_hand(|desk| desk.set_places(text));
    }

    /// What the shell draws.
    pub fn snapshot(&self) -> JsValue {
        if let Some(told) = self.told.take() {
            return told;
        }
        let mut snapshot = self.desk.borrow_mut().snapshot(now_s());
        let cars = self.cars_told.borrow_mut().list(std::mem::take(&mut snapshot.cars));
        let Ok(value) = snapshot.serialize(&serde_wasm_bindgen::Serializer::json_compatible()) else { return JsValue::NULL };
        let _ = js_sys::Reflect::set(&value, &"cars".into(), &cars);
        value
    }

    /// Memory that each worker has taken, the drawing one first, bytes.
    pub fn memory_bytes(&self) -> Vec<f64> {
        self.pool.borrow().memory_bytes()
    }

    /// The `compare` document of what is shown.
    pub fn report(&self) -> JsValue {
        let text = self.desk.borrow().report().map(|document| document.to_json());
        text.and_then(|text| js_sys::JSON::parse(&text).ok()).unwrap_or(JsValue::NULL)
    }

    /// Hands out what can be done and shows how things stand.
    fn advance(&self) {
        self.hand_out_all();
        self.show();
    }

    /// Stops what is to be stopped and hands out what can be done.
    fn hand_out_all(&self) {
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
    }

    fn hand_out(&self, ticket: u32, work: &Work) -> Result<(), JsValue> {
        let (errand, needs, decoded, attached, packed) = match work {
            Work::Example => (Errand::Example, vec![], vec![], vec![], vec![]),
            Work::Read { picture, .. } => {
                let desk = self.desk.borrow();
                // One that was weighed is read whatever it needs.
                let weighed = desk.picture(*picture).is_some_and(|p| p.heavy);
                let at_once_bytes = (!weighed).then(|| desk.at_once_bytes());
                let large = desk.heavy_ids();
                let together = if weighed && !desk.one_each() { large } else { vec![*picture] };
                (Errand::Read { picture: *picture, at_once_bytes }, together, vec![*picture], vec![*picture], vec![])
            }
            Work::Job(job) => {
                let (before, after) = self.pair().ok_or("no pair")?;
                let (heavy, one_each) = (self.desk.borrow().heavy(), self.desk.borrow().one_each());
                let needs = match job.side().filter(|_| !heavy || (one_each && !job.needs_both())) {
                    Some(Side::Before) => vec![before],
                    Some(Side::After) => vec![after],
                    None => vec![before, after],
                };
                let mut packed = vec![errand::pack(job).map_err(|problem| problem.message)?];
                if one_each && job.needs_both() {
                    self.join(before);
                    packed.extend(self.seen.take().filter(|(picture, _)| *picture == after).map(|(_, seen)| seen));
                }
                let hand_over = one_each && matches!(**job, Job::Detect { side: Side::After, .. });
                let sides = [(Side::Before, before), (Side::After, after)];
                let decoded = sides.into_iter().filter(|(side, _)| job.needs(*side)).map(|(_, id)| id).collect();
                (Errand::Job { before, after, hand_over }, needs, decoded, vec![before, after], packed)
            }
        };
        let attachments = self.attached(&attached);
        packed.iter().for_each(|bytes| {
            attachments.push(bytes);
        });
        self.pool.borrow_mut().give(ticket, &errand, (&needs, &decoded), &attachments, &mut self.spare.borrow_mut())
    }

    /// What needs both of two large images begins: the worker that holds *before* goes on alone, the others give their memory back.
    fn join(&self, before: u32) {
        self.desk.borrow_mut().join();
        self.pool.borrow_mut().let_go_but(before);
    }

    fn pair(&self) -> Option<(u32, u32)> {
        let desk = self.desk.borrow();
        Some((desk.side(Side::Before)?, desk.side(Side::After)?))
    }

    /// For each image its file, and those beside it.
    fn attached(&self, pictures: &[u32]) -> Array {
        self.attached_smaller(pictures, 1)
    }

    /// The same, each image to be made smaller by so much more.
    fn attached_smaller(&self, pictures: &[u32], by: u32) -> Array {
        let (files, desk) = (self.files.borrow(), self.desk.borrow());
        let bundle = |id: &u32| -> Array {
            let by = by * desk.picture(*id).map_or(1, |picture| picture.reduction);
            let attached = std::iter::once(*id).chain(desk.beside(*id)).filter_map(|id| files.get(&id)).map(JsValue::from);
            std::iter::once(JsValue::from(by)).chain(attached).collect()
        };
        pictures.iter().map(bundle).collect()
    }

    fn draw(&self, number: u32, wish: &Wish) {
        let Wish { source, zoom, x, y, to_image, ref cars, .. } = *wish;
        let (alignment, pictures, by) = match source {
            Source::Picture(picture) => (None, vec![picture], 1),
            Source::Change(before, after) => {
                let desk = self.desk.borrow();
                let by = desk.change_reduction();
                let alignment = desk.plan().and_then(|plan| plan.alignment.as_ref()).map(|found| Box::new(smaller(found, by)));
                (alignment, vec![before, after], by)
            }
        };
        let to_image = to_image.then(&scaled(1.0 / f64::from(by)));
        // A tile that can't be asked for stays empty; the worker's own end is heard of elsewhere.
        let errand = Errand::Tile { source, alignment, zoom, x, y, to_image, cars: cars.clone() };
        let _ = self.pool.borrow().draw(number, &errand, &self.attached_smaller(&pictures, by));
    }

    fn hear(&self, hand: usize, news: News) {
        match news {
            News::Broken => self.replace(hand),
            News::Reply(pair, Reply::Counterpart(found), _) => self.by_hand(|desk| desk.searched(pair, found)),
            News::Reply(_, Reply::Kept, _) => {}
            News::Reply(number, Reply::Tile, attachments) => self.tiles.arrived(number, attachments.get(0).dyn_ref()),
            News::Reply(number, _, _) if hand == Pool::DRAWING => self.tiles.arrived(number, None),
            News::Reply(ticket, Reply::Tick(share), _) => {
                self.desk.borrow_mut().tick(ticket, share);
                // The map has nothing new to show.
                self.tell();
            }
            News::Reply(ticket, reply, attachments) => {
                self.pool.borrow_mut().release(hand, ticket);
                if matches!(reply, Reply::Large(_)) {
                    // It holds the bytes of a large file, which another may be given to read.
                    self.pool.borrow_mut().replace(hand);
                }
                self.take(ticket, reply, &attachments);
                self.advance_by_and_by();
            }
        }
    }

    fn take(&self, ticket: u32, reply: Reply, attachments: &Array) {
        match reply {
            Reply::Read(info) => {
                self.pass_on(attachments);
                self.desk.borrow_mut().done(ticket, Answer::Read(info));
            }
            Reply::Large(extent) => self.desk.borrow_mut().done(ticket, Answer::Large(extent)),
            Reply::Done => match errand::unpack(&attachments.get(0)) {
                Ok(outcome) => {
                    if let (Ok(seen), Some((_, after))) = (attachments.get(1).dyn_into(), self.pair()) {
                        self.seen.replace(Some((after, seen)));
                    }
                    self.desk.borrow_mut().done(ticket, Answer::Done(outcome))
                }
                Err(problem) => self.desk.borrow_mut().failed(ticket, problem),
            },
            Reply::Failed(problem) => self.desk.borrow_mut().failed(ticket, problem),
            Reply::Drawn(drawn) => {
                self.desk.borrow_mut().done(ticket, Answer::Drawn);
                self.add(drawn.iter().zip(attachments.iter()).filter_map(|(drawn, bytes)| file_of(drawn, &bytes)).collect());
            }
            Reply::Made { left_out, sha256 } => self.hand_over(ticket, left_out, sha256, &attachments.get(0)),
            Reply::Measured(measure) => self.desk.borrow_mut().measured(ticket, measure),
            Reply::Tick(_) | Reply::Tile | Reply::Kept | Reply::Counterpart(_) => {}
        }
    }

    /// A decoded image goes to the worker that draws before the first tile of it is asked for, and lies ready for the worker that comes to need it.
    fn pass_on(&self, attachments: &Array) {
        let (decoded, samples, more) = (attachments.get(0), attachments.get(1), attachments.get(2));
        let Ok(Decoded { picture, .. }) = errand::unpack(&decoded) else { return };
        // Not heard, it decodes the file.
        let _ = self.pool.borrow().show(&Array::of2(&decoded, &samples));
        let mut spare = self.spare.borrow_mut();
        spare.insert(picture, Array::of2(&decoded, &more));
        while spare.len() > 2 {
            spare.pop_first();
        }
    }

    /// A worker that broke down makes room for another; what it was at has failed.
    fn replace(&self, hand: usize) {
        let ticket = self.pool.borrow().ticket(hand);
        self.pool.borrow_mut().replace(hand);
        if hand == Pool::DRAWING && !self.tiles.try_again() {
            self.desk.borrow_mut().trouble(errand::crash(UNDRAWN.to_owned()));
            self.show();
        }
        if let Some(ticket) = ticket {
            self.desk.borrow_mut().failed(ticket, errand::crash(DIED.to_owned()));
            self.advance();
        }
    }

    fn forget_files(&self) {
        let desk = self.desk.borrow();
        self.files.borrow_mut().retain(|id, _| desk.picture(*id).is_some() || desk.keeps(*id));
        self.spare.borrow_mut().clear();
        self.tiles.forget();
        self.pool.borrow_mut().replace_all();
    }

    /// The map has come to rest elsewhere; told on where the list follows it.
    fn rest(&self) {
        if self.see() {
            self.tell();
        }
    }

    fn see(&self) -> bool {
        self.desk.borrow_mut().see(|| self.map.borrow().in_view())
    }
}

fn scaled(by: f64) -> Transform {
    Transform::similarity(by, 0.0, 0.0, 0.0)
}

/// How the dates lie over each other when both are read at 1/`by`.
fn smaller(alignment: &Alignment, by: u32) -> Alignment {
    let by = f64::from(by);
    let after_to_before = alignment.after_to_before.map(|t| scaled(by).then(&t).then(&scaled(1.0 / by)));
    Alignment { after_to_before, ..alignment.clone() }
}

/// What a pointer takes hold of, drags and leaves.
fn grasp(link: &Link) -> Grasp {
    let of = |link: &Link| link.get().and_then(Weak::upgrade);
    let (grabbing, pulling) = (Rc::clone(link), Rc::clone(link));
    Grasp {
        grab: Rc::new(move |(side, at, reach)| of(&grabbing).is_some_and(|page| page.desk.borrow_mut().grab(side, at, reach))),
        pull: Rc::new(move |at| of(&pulling).map(|page| page.desk.borrow_mut().pull(at)).unwrap_or_default()),
        release: reach(link, |page, at| page.by_hand(|desk| desk.release(at, Some(now_iso())))),
        let_go: reach(link, |page, ()| page.desk.borrow_mut().let_go()),
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

/// The machine's memory, GB, where the browser says.
fn device_memory_gb() -> Option<f64> {
    let navigator = web_sys::window()?.navigator();
    js_sys::Reflect::get(&navigator, &"deviceMemory".into()).ok()?.as_f64()
}

/// Now, as ISO 8601.
fn now_iso() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}

/// Seconds on a clock that doesn't go back.
fn now_s() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now() / 1000.0)
}
