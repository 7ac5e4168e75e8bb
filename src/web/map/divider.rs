//! The line between the two dates: dragged with any pointer, moved with the keyboard, named for a screen reader.

use super::element;
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent, PointerEvent};

/// How far an arrow key and a page key move it, as shares of the width.
const STEP: f64 = 0.02;
const PAGE: f64 = 0.1;

/// The divider.
pub struct Divider {
    bar: HtmlElement,
    position: Rc<Cell<f64>>,
    _listeners: Vec<EventListener>,
}

impl Divider {
    /// A divider over `parent`. `moved` follows every move, `settled` the end of one.
    pub fn new(parent: &HtmlElement, moved: Rc<dyn Fn(f64)>, settled: Rc<dyn Fn(f64)>) -> Self {
        let bar = element("div", "divider");
        for (name, value) in [
            ("role", "slider"),
            ("tabindex", "0"),
            ("aria-orientation", "horizontal"),
            ("aria-valuemin", "0"),
            ("aria-valuemax", "100"),
        ] {
            let _ = bar.set_attribute(name, value);
        }
        let _ = bar.append_child(&element("span", "divider-grip"));
        let _ = parent.append_child(&bar);
        let position = Rc::new(Cell::new(0.5));
        let go: Rc<dyn Fn(f64)> = {
            let (bar, position) = (bar.clone(), Rc::clone(&position));
            Rc::new(move |to: f64| {
                position.set(to.clamp(0.0, 1.0));
                put(&bar, position.get());
                moved(position.get());
            })
        };
        let mut listeners = drag(&bar, parent, &position, &go, &settled);
        listeners.push(keys(&bar, &position, go, settled));
        put(&bar, 0.5);
        Self { bar, position, _listeners: listeners }
    }

    /// Where it stands, 0 to 1.
    pub fn position(&self) -> f64 {
        self.position.get()
    }

    /// Puts it somewhere, without telling anybody.
    pub fn put(&self, position: f64) {
        self.position.set(position);
        put(&self.bar, position);
    }

    /// Shown only while there are two dates to divide.
    pub fn show(&self, shown: bool) {
        let _ = self.bar.toggle_attribute_with_force("hidden", !shown);
    }

    /// Its name for a screen reader.
    pub fn name(&self, name: &str) {
        let _ = self.bar.set_attribute("aria-label", name);
    }
}

fn put(bar: &HtmlElement, position: f64) {
    let _ = bar.style().set_property("left", &format!("{}%", position * 100.0));
    let _ = bar.set_attribute("aria-valuenow", &format!("{:.0}", position * 100.0));
}

fn drag(
    bar: &HtmlElement,
    parent: &HtmlElement,
    position: &Rc<Cell<f64>>,
    go: &Rc<dyn Fn(f64)>,
    settled: &Rc<dyn Fn(f64)>,
) -> Vec<EventListener> {
    let dragging = Rc::new(Cell::new(false));
    let listen = |kind: &'static str, react: Box<dyn Fn(&PointerEvent)>| {
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(bar, kind, options, move |event: &Event| {
            event.prevent_default();
            react(event.unchecked_ref());
        })
    };
    let start = {
        let (dragging, bar) = (Rc::clone(&dragging), bar.clone());
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
        let (dragging, parent, go) = (Rc::clone(&dragging), parent.clone(), Rc::clone(go));
        listen(
            "pointermove",
            Box::new(move |event| {
                let frame = parent.get_bounding_client_rect();
                if dragging.get() && frame.width() > 0.0 {
                    go((f64::from(event.client_x()) - frame.left()) / frame.width());
                }
            }),
        )
    };
    let end = |kind| {
        let (dragging, position, settled) = (Rc::clone(&dragging), Rc::clone(position), Rc::clone(settled));
        listen(
            kind,
            Box::new(move |_| {
                if dragging.replace(false) {
                    settled(position.get())
                }
            }),
        )
    };
    vec![start, follow, end("pointerup"), end("pointercancel")]
}

fn keys(bar: &HtmlElement, position: &Rc<Cell<f64>>, go: Rc<dyn Fn(f64)>, settled: Rc<dyn Fn(f64)>) -> EventListener {
    let position = Rc::clone(position);
    EventListener::new_with_options(bar, "keydown", EventListenerOptions::enable_prevent_default(), move |event: &Event| {
        let now = position.get();
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
        go(to);
        settled(position.get());
    })
}
