//! The map: two dates on one plane, drawn by Leaflet. It computes nothing; all coordinates come from the desk.
//!
//! The plane is that of *before*'s pixels, x right, y down. Leaflet's has y up, so a point (x, y) lies at latitude −y and
//! longitude x ([`place`]), and zoom 0 shows one pixel of *before* on one pixel of the screen.

mod divider;
mod grabbing;
mod lay;
mod locator;
mod marks;
mod more;
mod outlines;
mod plate;
mod stage;
mod tiles;

pub use grabbing::Grasp;
pub use lay::LayOf;
pub use marks::Dragged;
pub use tiles::{Tiles, Wish};

use super::desk::Sheet;
use super::labels::Labels;
use crate::facilities::Facility;
use crate::geometry::Point;
use crate::pipeline::Side;
use crate::web::view::Mode;
use divider::Divider;
use gloo::events::EventListener;
use gloo::timers::callback::Interval;
use js_sys::Array;
use leaflet::LatLng;
use locator::Locator;
use stage::Stage;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{HtmlElement, ResizeObserver};

/// Least and greatest zoom: a 32,768 px image on a phone, and single pixels 32 px wide.
const ZOOMS: (f64, f64) = (-8.0, 5.0);

/// Each date of the blink shows for this long: slow enough not to flash (WCAG 2.3.1), fast enough for the eye to see motion.
const BLINK_MS: u32 = 700;

/// What the map asks of the page.
pub struct Hooks {
    /// What is done on the images.
    pub touch: Touch,
    /// The divider came to rest.
    pub swipe: Rc<dyn Fn(f64)>,
    /// The map has come to rest elsewhere.
    pub rest: Rc<dyn Fn(())>,
    /// Draws tiles.
    pub tiles: Rc<Tiles>,
}

/// What a person does on the images; places are in the map's frame.
#[derive(Clone)]
pub struct Touch {
    /// A car was clicked.
    pub select: Rc<dyn Fn(String)>,
    /// A place was pointed at.
    pub pick: Rc<dyn Fn((Side, Point))>,
    /// A control point was dragged.
    pub drag: Dragged,
    /// The pointer lies over a place; what is to be said of it.
    pub hover: Rc<dyn Fn((Side, Point)) -> Option<String>>,
    /// How a view lies on the ground.
    pub lay: LayOf,
    /// What a pointer takes hold of.
    pub grasp: Grasp,
}

/// The map.
pub struct MapView {
    element: HtmlElement,
    stage: Rc<RefCell<Stage>>,
    locator: Rc<RefCell<Option<Locator>>>,
    divider: Rc<Divider>,
    blink: Option<Interval>,
    /// True once the reader has moved the map, which is then left where it is.
    touched: Rc<Cell<bool>>,
    labels: Labels,
    _listeners: Vec<EventListener>,
    _on_resize: Closure<dyn FnMut(Array)>,
}

impl MapView {
    /// An empty map in `element`.
    ///
    /// # Errors
    /// What Leaflet says.
    pub fn new(element: HtmlElement, hooks: Hooks) -> Result<Self, JsValue> {
        let stage = Stage::new(&element, hooks.touch, hooks.rest, hooks.tiles)?;
        let moved = {
            let stage = Rc::downgrade(&stage);
            Rc::new(move |position| {
                if let Some(stage) = stage.upgrade() {
                    stage.borrow_mut().divide(position);
                }
            })
        };
        let divider = Rc::new(Divider::new(&element, moved, hooks.swipe));
        divider.show(false);
        let touched = Rc::new(Cell::new(false));
        let listeners = ["pointerdown", "wheel", "keydown"].map(|kind| {
            let touched = Rc::clone(&touched);
            EventListener::new(&element, kind, move |_| touched.set(true))
        });
        let locator = Rc::new(RefCell::new(None));
        let on_resize = follow_size(&element, &stage, &locator, &touched)?;
        let mut view = Self {
            element,
            stage,
            locator,
            divider,
            blink: None,
            touched,
            labels: Labels::default(),
            _listeners: listeners.into(),
            _on_resize: on_resize,
        };
        view.set_labels(&Labels::default());
        Ok(view)
    }

    /// Draws a sheet.
    pub fn show(&mut self, sheet: Sheet) {
        let mut stage = self.stage.borrow_mut();
        if stage.sheet == sheet {
            return;
        }
        let divided = sheet.view.mode.divides() && sheet.before.is_some() && sheet.after.is_some();
        self.divider.turn(sheet.view.mode);
        let another = sheet.before.as_ref().map(|s| s.source) != stage.sheet.before.as_ref().map(|s| s.source);
        let has_image = sheet.before.is_some();
        let side_by_side = |sheet: &Sheet| sheet.view.mode == Mode::Side;
        let other_width = side_by_side(&sheet) != side_by_side(&stage.sheet);
        self.divider.show(divided);
        if (self.divider.position() - sheet.view.swipe).abs() > f64::EPSILON {
            self.divider.put(sheet.view.swipe);
        }
        stage.show(sheet, &self.labels);
        if let Some(locator) = self.locator.borrow().as_ref() {
            locator.show(!has_image);
        }
        if another && has_image {
            self.touched.set(false);
            stage.fit();
        } else if other_width {
            stage.resize(!self.touched.get());
        }
        let blinks = stage.blinks();
        drop(stage);
        self.keep_blinking(blinks);
    }

    /// The whole scene into view.
    pub fn fit(&self) {
        self.touched.set(false);
        self.stage.borrow().fit();
    }

    /// A car into the middle of the view, large enough to be seen.
    pub fn pan_to(&self, key: &str) {
        self.touched.set(true);
        self.stage.borrow().pan_to(key);
    }

    /// A place into the middle of the view, enlarged.
    pub fn look_at(&self, at: Point) {
        self.touched.set(true);
        self.stage.borrow().look_at(at);
    }

    /// Keys of the cars that lie in view.
    pub fn in_view(&self) -> Vec<String> {
        self.stage.borrow().in_view()
    }

    /// The other date, where they take turns.
    pub fn show_other(&self) {
        self.stage.borrow_mut().blink();
    }

    /// The words on the map.
    pub fn set_labels(&mut self, labels: &Labels) {
        self.labels = labels.clone();
        self.divider.name(labels);
        self.stage.borrow_mut().set_labels(labels);
        if let Some(locator) = self.locator.borrow().as_ref() {
            locator.set_names(&labels.locator, &labels.places);
        }
    }

    /// The user's own places on the map behind the empty page.
    pub fn show_places(&self, places: &[Facility]) {
        if let Some(locator) = self.locator.borrow().as_ref() {
            locator.show_places(places);
        }
    }

    /// The map behind the empty page.
    pub fn set_locator(&self, geojson: &JsValue) {
        if let Ok(locator) = Locator::new(&self.element, geojson, &self.labels.locator) {
            locator.show(self.stage.borrow().sheet.before.is_none());
            locator.set_names(&self.labels.locator, &self.labels.places);
            *self.locator.borrow_mut() = Some(locator);
        }
    }

    fn keep_blinking(&mut self, blinks: bool) {
        if !blinks {
            self.blink = None;
        } else if self.blink.is_none() {
            let stage = Rc::clone(&self.stage);
            self.blink = Some(Interval::new(BLINK_MS, move || {
                if let Ok(mut stage) = stage.try_borrow_mut() {
                    stage.blink();
                }
            }));
        }
    }
}

/// Leaflet looks at the window alone; panels that come and go change the map's size, too.
fn follow_size(
    element: &HtmlElement,
    stage: &Rc<RefCell<Stage>>,
    locator: &Rc<RefCell<Option<Locator>>>,
    touched: &Rc<Cell<bool>>,
) -> Result<Closure<dyn FnMut(Array)>, JsValue> {
    let (stage, locator, touched) = (Rc::downgrade(stage), Rc::downgrade(locator), Rc::clone(touched));
    let on_resize = Closure::new(move |_: Array| {
        if let Some(stage) = stage.upgrade()
            && let Ok(stage) = stage.try_borrow()
        {
            stage.resize(!touched.get());
        }
        if let Some(locator) = locator.upgrade()
            && let Some(locator) = locator.borrow().as_ref()
        {
            locator.resize();
        }
    });
    ResizeObserver::new(on_resize.as_ref().unchecked_ref())?.observe(element);
    Ok(on_resize)
}

/// Where a point of the plane lies for Leaflet.
fn place(point: Point) -> LatLng {
    LatLng::new(-point.y, point.x)
}

fn places(points: &[Point]) -> Array {
    points.iter().map(|&point| place(point)).collect()
}

/// A new element of the page.
fn element(tag: &str, class: &str) -> HtmlElement {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.create_element(tag).ok()).map(JsCast::unchecked_into::<HtmlElement>);
    let element = element.expect("the page has a document, and our tags are valid");
    element.set_class_name(class);
    element
}

/// Whether the reader asked for as little motion as possible.
fn reduced_motion() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok().flatten());
    query.is_some_and(|query| query.matches())
}
