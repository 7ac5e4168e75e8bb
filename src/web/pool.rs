//! The workers: one that draws tiles, and a few that work. All are instances of one compiled module.

use super::errand::{self, Errand, Reply};
use js_sys::{Array, Uint8Array};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent};

/// More workers than this gain little: a plan seldom has more jobs that could run at once, and each holds its own images.
const WORKERS_MAX: usize = 4;

/// Where decoded images stand among the attachments of a job.
const HANDED_AT: u32 = 4;

/// Of what nobody waits for.
const NO_TICKET: u32 = u32::MAX;

/// What the pool tells the session.
pub enum News {
    /// An answer, with what is attached to it.
    Reply(u32, Reply, Array),
    /// The worker broke down and has to be replaced.
    Broken,
}

/// A worker and what it holds.
struct Hand {
    worker: web_sys::Worker,
    busy: Option<u32>,
    /// Images it was given to work on.
    pictures: Vec<u32>,
    /// Those of them that it has decoded, or was handed decoded.
    decoded: Vec<u32>,
    /// What it has taken so far, as it last said.
    memory_bytes: Rc<Cell<f64>>,
    // Kept alive as long as the worker.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

/// The workers.
pub struct Pool {
    module: JsValue,
    source_url: String,
    listener: Rc<dyn Fn((usize, News))>,
    /// The first one draws, so that the map never waits for a job.
    hands: Vec<Hand>,
}

impl Pool {
    /// The worker that draws.
    pub const DRAWING: usize = 0;

    /// Starts a drawing worker and one worker for each core, four at most.
    ///
    /// # Errors
    /// A browser that starts no workers.
    pub fn new(module: JsValue, source_url: String, cores: usize, listener: Rc<dyn Fn((usize, News))>) -> Result<Self, JsValue> {
        let mut pool = Self { module, source_url, listener, hands: Vec::new() };
        for index in 0..=cores.clamp(1, WORKERS_MAX) {
            pool.hands.push(pool.hire(index)?);
        }
        Ok(pool)
    }

    /// True when a worker waits for work.
    pub fn has_idle(&self) -> bool {
        self.hands[1..].iter().any(|hand| hand.busy.is_none())
    }

    /// Gives work to an idle worker, if possible one that already works on these images. Of those whose pixels are needed it is handed what it lacks and is
    /// there to be had.
    pub fn give(
        &mut self,
        ticket: u32,
        errand: &Errand,
        (pictures, needed): (&[u32], &[u32]),
        files: &Array,
        spare: &mut BTreeMap<u32, Array>,
    ) -> Result<(), JsValue> {
        let idle = self.hands.iter_mut().skip(1).filter(|hand| hand.busy.is_none());
        let known = |hand: &Hand| pictures.iter().filter(|id| hand.pictures.contains(id)).count();
        let Some(hand) = idle.max_by_key(|hand| known(hand)) else { return Err("every worker is busy".into()) };
        hand.busy = Some(ticket);
        let handed: Array =
            needed.iter().filter(|id| !hand.decoded.contains(id)).filter_map(|id| spare.remove(id)).map(JsValue::from).collect();
        files.set(HANDED_AT, handed.clone().into());
        hand.pictures = pictures.to_vec();
        hand.decoded.retain(|id| pictures.contains(id) && !needed.contains(id));
        hand.decoded.extend(needed);
        let buffers: Array = handed.iter().filter_map(|image| buffer(&Array::from(&image).get(1))).collect();
        hand.worker.post_message_with_transfer(&errand::write(ticket, errand, files)?, &buffers)
    }

    /// Gives the drawing worker a decoded image.
    pub fn show(&self, image: &Array) -> Result<(), JsValue> {
        let buffers: Array = buffer(&image.get(1)).into_iter().collect();
        self.hands[Self::DRAWING].worker.post_message_with_transfer(&errand::write(NO_TICKET, &Errand::Keep, image)?, &buffers)
    }

    /// Asks the drawing worker for a tile.
    pub fn draw(&self, ticket: u32, errand: &Errand, files: &Array) -> Result<(), JsValue> {
        self.hands[Self::DRAWING].worker.post_message(&errand::write(ticket, errand, files)?)
    }

    /// A worker is idle again.
    pub fn release(&mut self, index: usize, ticket: u32) {
        if let Some(hand) = self.hands.get_mut(index).filter(|hand| hand.busy == Some(ticket)) {
            hand.busy = None;
        }
    }

    /// Stops every worker that is at work, at once, and puts fresh ones in their place. What they had decoded is gone; the
    /// files are not.
    pub fn stop_busy(&mut self) {
        for index in 1..self.hands.len() {
            if self.hands[index].busy.is_some() {
                self.replace(index);
            }
        }
    }

    /// Puts a fresh worker in the place of all, which gives the memory of large images back.
    pub fn replace_all(&mut self) {
        (0..self.hands.len()).for_each(|index| self.replace(index));
    }

    /// Puts a fresh worker in the place of this one.
    pub fn replace(&mut self, index: usize) {
        // A browser that has started workers before will start another; if not, the old one is kept as it is.
        if let Ok(fresh) = self.hire(index) {
            let old = std::mem::replace(&mut self.hands[index], fresh);
            old.worker.terminate();
            old.worker.set_onmessage(None);
            old.worker.set_onerror(None);
        }
    }

    fn hire(&self, index: usize) -> Result<Hand, JsValue> {
        let worker = web_sys::Worker::new(&self.source_url)?;
        let memory_bytes: Rc<Cell<f64>> = Rc::default();
        let (listener, weight) = (Rc::clone(&self.listener), Rc::clone(&memory_bytes));
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(bytes) = errand::weight(&event.data()) {
                weight.set(bytes);
            }
            if let Ok((ticket, reply, attachments)) = errand::read(&event.data()) {
                listener((index, News::Reply(ticket, reply, attachments)));
            }
        });
        let listener = Rc::clone(&self.listener);
        let on_error = Closure::new(move |event: ErrorEvent| {
            event.prevent_default();
            listener((index, News::Broken));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.post_message(&self.module)?;
        Ok(Hand {
            worker,
            busy: None,
            pictures: Vec::new(),
            decoded: Vec::new(),
            memory_bytes,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Memory that each worker has taken, the drawing one first, bytes; WebAssembly gives none of it back.
    pub fn memory_bytes(&self) -> Vec<f64> {
        self.hands.iter().map(|hand| hand.memory_bytes.get()).collect()
    }

    /// Puts fresh workers in the place of the idle ones that hold images, this one not among them.
    pub fn let_go_but(&mut self, picture: u32) {
        let holds_others = |hand: &Hand| hand.busy.is_none() && !hand.pictures.is_empty() && !hand.pictures.contains(&picture);
        let let_go: Vec<usize> = (1..self.hands.len()).filter(|&index| holds_others(&self.hands[index])).collect();
        let_go.into_iter().for_each(|index| self.replace(index));
    }

    /// How many workers there are besides the one that draws.
    pub fn workers(&self) -> usize {
        self.hands.len() - 1
    }

    /// What a worker is busy with.
    pub fn ticket(&self, index: usize) -> Option<u32> {
        self.hands.get(index)?.busy
    }
}

/// The buffer of an array of bytes, to be handed over with it.
fn buffer(bytes: &JsValue) -> Option<JsValue> {
    bytes.dyn_ref::<Uint8Array>().map(|bytes| bytes.buffer().into())
}
