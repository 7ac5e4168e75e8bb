//! How what the desk says comes to the map and to the shell.

use super::Page;
use gloo::timers::callback::Timeout;
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;

impl Page {
    /// Hands out what can be done after a worker's answer and shows how things stand, in three tasks: with thousands of cars taking the answer in,
    /// drawing the map and drawing the panels take up to a tenth of a second each, and a click need not wait for all. Answers that come meanwhile are
    /// shown together.
    pub(super) fn advance_by_and_by(&self) {
        self.hand_out_all();
        let link = Rc::clone(&self.link);
        let first = Timeout::new(0, move || {
            let Some(page) = link.get().and_then(Weak::upgrade) else { return };
            page.show_map();
            let link = Rc::clone(&link);
            let second = Timeout::new(0, move || {
                if let Some(page) = link.get().and_then(Weak::upgrade) {
                    page.shown_soon.take();
                    page.tell();
                }
            });
            page.shown_soon.replace(Some(second));
        });
        // Whatever was to be shown is shown by this one: a timer that is let go of is called off.
        self.shown_soon.replace(Some(first));
    }

    /// Shows how things stand, at once.
    pub(super) fn show(&self) {
        self.shown_soon.take();
        self.show_map();
        self.tell();
    }

    fn show_map(&self) {
        let (sheet, places) = (self.desk.borrow().sheet(), self.desk.borrow().places().to_vec());
        self.map.borrow_mut().show(sheet);
        self.map.borrow().show_places(&places);
        self.see();
    }

    /// Tells the shell.
    pub(super) fn tell(&self) {
        // The shell may answer with a command, so nothing may be borrowed while it is called.
        self.told.take();
        let snapshot = self.snapshot();
        if self.commanded.get() {
            self.told.replace(Some(snapshot.clone()));
        }
        let _ = self.on_snapshot.call1(&JsValue::NULL, &snapshot);
    }
}
