//! Files that come and go by the page: projects, records, exports, and what stories are made of.

use super::{Page, now_iso};
use crate::web::desk::{ExportOrder, Wanted};
use crate::web::download;
use crate::web::errand::{self, Errand, StoryExtras};
use crate::web::export::FileKind;
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::File;

impl Page {
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
            Some(Err(error)) => self.desk.borrow_mut().trouble(crate::web::snapshot::Problem::from(&error)),
            None => {}
        }
        self.show();
    }

    /// The record as a table, to the browser's downloads.
    pub(super) fn save_record(&self) {
        let Some(text) = self.desk.borrow().record_csv() else { return };
        self.offer("record.csv", "text/csv", text.as_bytes());
    }

    /// Hands bytes to the browser's downloads, or says why not.
    pub(super) fn offer(&self, name: &str, media_type: &str, bytes: &[u8]) {
        if let Err(error) = download::offer(name, media_type, &Uint8Array::from(bytes)) {
            let message = format!("{name} could not be handed to the browser: {error:?}");
            self.desk.borrow_mut().trouble(errand::crash(message));
        }
    }

    /// Gives the file that was ordered to a worker that has the images.
    pub(super) fn make_file(&self) {
        if !self.pool.borrow().has_idle() {
            return;
        }
        let Some(order) = self.desk.borrow_mut().take_order() else { return };
        if let Err(error) = self.give_order(&order) {
            let problem = errand::crash(format!("The file could not be given to a worker: {error:?}"));
            self.desk.borrow_mut().failed(order.ticket, problem);
        }
    }

    pub(super) fn give_order(&self, order: &ExportOrder) -> Result<(), JsValue> {
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
        self.pool.borrow_mut().give(order.ticket, &errand, (&[before, after], &[]), &attached, &mut self.spare.borrow_mut())
    }

    /// Hands a file that was made to the browser.
    pub(super) fn hand_over(&self, ticket: u32, left_out: bool, sha256: String, bytes: &JsValue) {
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
}
