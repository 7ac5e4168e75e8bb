//! Dragging on the map: a pointer that takes hold of something drags it, any other moves the map.
//!
//! Whether there is something to take hold of, and what it looks like while it is dragged, the desk says. With Ctrl (or Cmd) a drag moves the map
//! whatever lies there; Escape and a second finger let go.

use super::places;
use crate::geometry::Point;
use crate::pipeline::Side;
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::timers::callback::Timeout;
use js_sys::{Array, Function, Reflect};
use leaflet::{LayerGroup, Map, Polyline, PolylineOptions};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};

/// A pointer that went no farther is a click, px of the screen.
const CLICK_PX: f64 = 4.0;

/// How far around a mouse, and around a finger, things are taken hold of, px of the screen.
const REACH_PX: f64 = 10.0;
const REACH_FINGER_PX: f64 = 22.0;

/// What the desk says to a pointer; places are in the map's frame.
#[derive(Clone)]
pub struct Grasp {
    /// It goes down on the map of a side, and reaches this far; whether it took hold of something.
    pub grab: Rc<dyn Fn((Side, Point, f64)) -> bool>,
    /// It goes on; what would come of it, as a line.
    pub pull: Rc<dyn Fn(Point) -> Vec<Point>>,
    /// It is lifted.
    pub release: Rc<dyn Fn(Point)>,
    /// It is taken off.
    pub let_go: Rc<dyn Fn(())>,
}

/// The pointers on one map.
pub struct Grabbing {
    _listeners: Vec<EventListener>,
}

/// A pointer that holds something.
#[derive(Clone, Copy)]
struct Held {
    pointer: i32,
    /// Where it went down, px of the window.
    from: (f64, f64),
    /// It has gone farther than a click.
    moved: bool,
}

struct Hand {
    container: HtmlElement,
    map: Map,
    side: Side,
    grasp: Grasp,
    held: Cell<Option<Held>>,
    /// The click that the browser makes of a drag is nobody's.
    swallow: Cell<bool>,
    preview: LayerGroup,
    lines: RefCell<Vec<Polyline>>,
}

impl Grabbing {
    /// Listens on a map.
    pub fn new(container: &HtmlElement, map: &Map, side: Side, grasp: Grasp) -> Self {
        let preview = LayerGroup::new();
        map.add_layer(&preview);
        let hand = Rc::new(Hand {
            container: container.clone(),
            map: map.clone(),
            side,
            grasp,
            held: Cell::new(None),
            swallow: Cell::new(false),
            preview,
            lines: RefCell::default(),
        });
        let on = |kind: &'static str, react: fn(&Hand, &Event)| {
            let hand = Rc::clone(&hand);
            let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
            EventListener::new_with_options(container, kind, options, move |event| react(&hand, event))
        };
        let listeners = vec![
            on("pointerdown", |hand, event| hand.down(event.unchecked_ref())),
            on("pointermove", |hand, event| hand.go(event.unchecked_ref())),
            on("pointerup", |hand, event| hand.up(event.unchecked_ref())),
            on("pointercancel", |hand, _| hand.let_go()),
            on("keydown", |hand, event| {
                if event.unchecked_ref::<KeyboardEvent>().key() == "Escape" && hand.held.get().is_some() {
                    event.stop_propagation();
                    hand.let_go();
                }
            }),
            on("click", |hand, event| {
                if hand.swallow.replace(false) {
                    event.stop_immediate_propagation();
                    event.prevent_default();
                }
            }),
        ];
        Self { _listeners: listeners }
    }
}

impl Hand {
    fn down(&self, event: &PointerEvent) {
        self.swallow.set(false);
        if self.held.get().is_some() {
            // A second finger: the map is to be moved or enlarged.
            return self.let_go();
        }
        let on_map = event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|target| {
            target.closest(".leaflet-control, .leaflet-marker-draggable, .divider").is_ok_and(|found| found.is_none())
        });
        if event.button() != 0 || !event.is_primary() || event.ctrl_key() || event.meta_key() || event.shift_key() || !on_map {
            return;
        }
        let px = libm::exp2(self.map.get_zoom());
        let reach = if event.pointer_type() == "mouse" { REACH_PX } else { REACH_FINGER_PX };
        if (self.grasp.grab)((self.side, self.place_of(event), reach / px)) {
            let from = (f64::from(event.client_x()), f64::from(event.client_y()));
            self.held.set(Some(Held { pointer: event.pointer_id(), from, moved: false }));
            self.drag_map(false);
        }
    }

    fn go(&self, event: &PointerEvent) {
        let Some(held) = self.held.get().filter(|held| held.pointer == event.pointer_id()) else { return };
        let Held { pointer, from, moved } = held;
        let far = libm::hypot(f64::from(event.client_x()) - from.0, f64::from(event.client_y()) - from.1) >= CLICK_PX;
        if !moved && !far {
            return;
        }
        if !moved {
            // Taken only now: a captured pointer's click would be told to the map, not to what lies under it.
            let _ = self.container.set_pointer_capture(pointer);
            self.held.set(Some(Held { moved: true, ..held }));
        }
        event.prevent_default();
        let line = (self.grasp.pull)(self.place_of(event));
        self.show(&line);
    }

    fn up(&self, event: &PointerEvent) {
        let Some(held) = self.held.get().filter(|held| held.pointer == event.pointer_id()) else { return };
        if !held.moved {
            return self.let_go();
        }
        self.swallow.set(true);
        self.end();
        (self.grasp.release)(self.place_of(event));
    }

    fn let_go(&self) {
        if self.held.get().is_some() {
            self.end();
            (self.grasp.let_go)(());
        }
    }

    fn end(&self) {
        self.held.set(None);
        self.preview.clear_layers();
        self.lines.borrow_mut().clear();
        // Leaflet looks at its switch when the mouse goes down, which the browser tells after the pointer.
        let map = self.map.clone();
        Timeout::new(0, move || drag(&map, true)).forget();
    }

    fn drag_map(&self, on: bool) {
        drag(&self.map, on);
    }

    fn place_of(&self, event: &PointerEvent) -> Point {
        let (frame, px) = (self.container.get_bounding_client_rect(), libm::exp2(self.map.get_zoom()));
        let middle = self.map.get_center();
        let x = f64::from(event.client_x()) - frame.left() - frame.width() / 2.0;
        let y = f64::from(event.client_y()) - frame.top() - frame.height() / 2.0;
        Point::new(middle.lng() + x / px, -middle.lat() + y / px)
    }

    /// The line, light on a dark casing; the two paths stay and follow.
    fn show(&self, line: &[Point]) {
        let at: Array = places(line);
        let mut lines = self.lines.borrow_mut();
        if lines.is_empty() {
            for (color, weight) in [("#15171a", 5.0), ("#ffffff", 2.0)] {
                let options = PolylineOptions::new();
                options.set_color(color.to_owned());
                options.set_weight(weight);
                options.set_interactive(false);
                options.set_smooth_factor(0.0);
                options.set_class_name("dragged".to_owned());
                let path = Polyline::new_with_options(&at, &options);
                self.preview.add_layer(&path);
                lines.push(path);
            }
        }
        for path in lines.iter() {
            path.set_lat_lngs(&at);
        }
    }
}

/// Leaflet's own dragging, on or off.
fn drag(map: &Map, on: bool) {
    let handler = Reflect::get(map, &"dragging".into()).unwrap_or(JsValue::UNDEFINED);
    let switch = Reflect::get(&handler, &if on { "enable" } else { "disable" }.into());
    if let Some(switch) = switch.ok().and_then(|switch| switch.dyn_into::<Function>().ok()) {
        let _ = switch.call0(&handler);
    }
}
