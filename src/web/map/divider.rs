//! The line between the two dates, upright or level: dragged with any pointer, moved with the keyboard, named for a screen reader.
//!
//! An upright one says how much of the width is *before*'s, a level one how much of the height is *after*'s: so its value grows with the arrow keys
//! that point right and up, and the line goes where they point.

use super::element;
use crate::web::labels::Labels;
use crate::web::view::Mode;
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent, PointerEvent};

/// How far an arrow key and a page key move it, as shares of the width or the height.
const STEP: f64 = 0.02;
const PAGE: f64 = 0.1;

/// The divider.
pub struct Divider {
    line: Rc<Line>,
    _listeners: Vec<EventListener>,
}

/// The element, where it stands, and how it is said.
struct Line {
    bar: HtmlElement,
    position: Cell<f64>,
    level: Cell<bool>,
    words: RefCell<[String; 2]>,
}

impl Line {
    fn put(&self, position: f64) {
        self.position.set(position.clamp(0.0, 1.0));
        let percent = format!("{}%", self.position.get() * 100.0);
        let (side, other) = if self.level.get() { ("top", "left") } else { ("left", "top") };
        let _ = self.bar.style().set_property(side, &percent);
        let _ = self.bar.style().remove_property(other);
        let _ = self.bar.set_attribute("aria-valuenow", &format!("{:.0}", self.value() * 100.0));
        let [before, after] = &*self.words.borrow();
        let first = (self.position.get() * 100.0).round();
        let _ = self.bar.set_attribute("aria-valuetext", &format!("{before} {first} %, {after} {} %", 100.0 - first));
    }

    /// 0 to 1, growing to the right or upward.
    fn value(&self) -> f64 {
        if self.level.get() { 1.0 - self.position.get() } else { self.position.get() }
    }

    /// Where it stands at a value.
    fn at(&self, value: f64) -> f64 {
        if self.level.get() { 1.0 - value } else { value }
    }

    /// Where a pointer lies in the map, as a share.
    fn share_at(&self, parent: &HtmlElement, event: &PointerEvent) -> Option<f64> {
        let frame = parent.get_bounding_client_rect();
        let (at, from, span) = if self.level.get() {
            (f64::from(event.client_y()), frame.top(), frame.height())
        } else {
            (f64::from(event.client_x()), frame.left(), frame.width())
        };
        (span > 0.0).then(|| (at - from) / span)
    }
}

impl Divider {
    /// A divider over `parent`. `moved` follows every move, `settled` the end of one.
    pub fn new(parent: &HtmlElement, moved: Rc<dyn Fn(f64)>, settled: Rc<dyn Fn(f64)>) -> Self {
        let bar = element("div", "divider");
        for (name, value) in [("role", "slider"), ("tabindex", "0"), ("aria-valuemin", "0"), ("aria-valuemax", "100")] {
            let _ = bar.set_attribute(name, value);
        }
        let _ = bar.append_child(&element("span", "divider-grip"));
        let _ = parent.append_child(&bar);
        let line = Rc::new(Line { bar, position: Cell::new(0.5), level: Cell::new(true), words: RefCell::default() });
        let go: Rc<dyn Fn(f64)> = {
            let line = Rc::clone(&line);
            Rc::new(move |to: f64| {
                line.put(to);
                moved(line.position.get());
            })
        };
        let mut listeners = drag(&line, parent, &go, &settled);
        listeners.push(keys(&line, go, settled));
        let divider = Self { line, _listeners: listeners };
        divider.turn(Mode::Swipe);
        divider
    }

    /// Where it stands, 0 to 1.
    pub fn position(&self) -> f64 {
        self.line.position.get()
    }

    /// Puts it somewhere, without telling anybody.
    pub fn put(&self, position: f64) {
        self.line.put(position);
    }

    /// Upright, or level for [`Mode::SwipeVertical`].
    pub fn turn(&self, mode: Mode) {
        let level = mode == Mode::SwipeVertical;
        if self.line.level.replace(level) != level {
            // A slider is called by the way it moves, not by the way its line runs.
            let _ = self.line.bar.set_attribute("aria-orientation", if level { "vertical" } else { "horizontal" });
            let _ = self.line.bar.class_list().toggle_with_force("level", level);
            self.line.put(self.line.position.get());
        }
    }

    /// Shown only while there are two dates to divide.
    pub fn show(&self, shown: bool) {
        let _ = self.line.bar.toggle_attribute_with_force("hidden", !shown);
    }

    /// Its name for a screen reader, and the words for its two sides.
    pub fn name(&self, labels: &Labels) {
        let _ = self.line.bar.set_attribute("aria-label", &labels.divider);
        *self.line.words.borrow_mut() = [labels.before.clone(), labels.after.clone()];
        self.line.put(self.line.position.get());
    }
}

fn drag(line: &Rc<Line>, parent: &HtmlElement, go: &Rc<dyn Fn(f64)>, settled: &Rc<dyn Fn(f64)>) -> Vec<EventListener> {
    let dragging = Rc::new(Cell::new(false));
    let listen = |kind: &'static str, react: Box<dyn Fn(&PointerEvent)>| {
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&line.bar, kind, options, move |event: &Event| {
            event.prevent_default();
            react(event.unchecked_ref());
        })
    };
    let start = {
        let (dragging, bar) = (Rc::clone(&dragging), line.bar.clone());
        listen(
            "pointerdown",
            Box::new(move |event| {
                dragging.set(true);
                let _ = bar.set_pointer_capture(event.pointer_id());
                let _ = bar.focus();
            }),
        )
    };
    let follow = {
        let (dragging, parent, line, go) = (Rc::clone(&dragging), parent.clone(), Rc::clone(line), Rc::clone(go));
        listen(
            "pointermove",
            Box::new(move |event| {
                if let Some(share) = line.share_at(&parent, event).filter(|_| dragging.get()) {
                    go(share);
                }
            }),
        )
    };
    let end = |kind| {
        let (dragging, line, settled) = (Rc::clone(&dragging), Rc::clone(line), Rc::clone(settled));
        listen(
            kind,
            Box::new(move |_| {
                if dragging.replace(false) {
                    settled(line.position.get())
                }
            }),
        )
    };
    vec![start, follow, end("pointerup"), end("pointercancel")]
}

fn keys(line: &Rc<Line>, go: Rc<dyn Fn(f64)>, settled: Rc<dyn Fn(f64)>) -> EventListener {
    let own = Rc::clone(line);
    EventListener::new_with_options(&line.bar, "keydown", EventListenerOptions::enable_prevent_default(), move |event: &Event| {
        let now = own.value();
        let to = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
            "ArrowLeft" | "ArrowDown" => now - STEP,
            "ArrowRight" | "ArrowUp" => now + STEP,
            "PageDown" => now - PAGE,
            "PageUp" => now + PAGE,
            "Home" => 0.0,
            "End" => 1.0,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        go(own.at(to.clamp(0.0, 1.0)));
        settled(own.position.get());
    })
}
