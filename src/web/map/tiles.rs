//! Images as layers of tiles, drawn by a worker and painted here.

use super::more::{TileCoords, TileEvent};
use super::place;
use crate::geometry::{Point, Transform};
use crate::web::desk::{Fated, Shown, Source};
use crate::web::draw::TILE_PX;
use js_sys::{Function, Reflect, Uint8ClampedArray};
use leaflet::{Evented, GridLayer, GridLayerOptions, LatLngBounds};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Tiles in the worker's hands at a time. Few, so that a pan or a zoom is not served behind tiles that nobody sees any more;
/// more than one, so that the worker never waits for the page.
const IN_FLIGHT: usize = 3;

/// A tile that the map wants.
pub struct Wish {
    /// What it shows.
    pub source: Source,
    /// Zoom of the map.
    pub zoom: i32,
    /// Column.
    pub x: i32,
    /// Row.
    pub y: i32,
    /// From the map's frame to the image.
    pub to_image: Transform,
    /// Cars in it that tell parts of a change apart, in the map's frame.
    pub cars: Vec<Fated>,
    canvas: HtmlCanvasElement,
    /// Leaflet's, to be told; `None` where nobody waits.
    done: Option<Function>,
}

impl Wish {
    /// A piece of an image in its own pixels, from a corner on, for a canvas that may be smaller than a tile.
    pub fn piece(source: Source, from: Point, canvas: HtmlCanvasElement) -> Self {
        let to_image = Transform::similarity(1.0, 0.0, from.x, from.y);
        Self { source, zoom: 0, x: 0, y: 0, to_image, cars: Vec::new(), canvas, done: None }
    }
}

/// Asks for a tile under a number.
type Send = Box<dyn Fn(u32, &Wish)>;

/// Tiles that are wanted, and those that are being drawn.
pub struct Tiles {
    send: Send,
    waiting: RefCell<Vec<Wish>>,
    in_flight: RefCell<BTreeMap<u32, Wish>>,
    last: Cell<u32>,
    /// The worker that draws has died, and no tile has come since.
    died: Cell<bool>,
}

impl Tiles {
    /// `send` asks for a tile under a number.
    pub fn new(send: Send) -> Rc<Self> {
        Rc::new(Self {
            send,
            waiting: RefCell::default(),
            in_flight: RefCell::default(),
            last: Cell::new(0),
            died: Cell::default(),
        })
    }

    /// A tile has come, as RGBA; without pixels it stays empty.
    pub fn arrived(&self, number: u32, rgba: Option<&Uint8ClampedArray>) {
        let Some(wish) = self.in_flight.borrow_mut().remove(&number) else { return };
        if let Some(rgba) = rgba {
            self.died.set(false);
            // A canvas that can't be painted on stays transparent, like a tile beyond the image.
            let _ = paint(&wish.canvas, rgba);
        }
        if let Some(done) = &wish.done {
            let _ = done.call2(&JsValue::NULL, &JsValue::NULL, &wish.canvas);
        }
        self.send_next();
    }

    /// Nothing that was asked for will come.
    pub fn forget(&self) {
        self.waiting.borrow_mut().clear();
        self.in_flight.borrow_mut().clear();
    }

    /// The worker was replaced: what was in its hands is asked for again. `false` when that has happened before and no tile has come since: then it
    /// is given up.
    pub fn try_again(&self) -> bool {
        let lost = std::mem::take(&mut *self.in_flight.borrow_mut());
        if self.died.replace(true) {
            self.waiting.borrow_mut().clear();
            return false;
        }
        self.waiting.borrow_mut().splice(0..0, lost.into_values());
        self.send_next();
        true
    }

    /// Puts a wish at the end of the line.
    pub fn want(&self, wish: Wish) {
        self.waiting.borrow_mut().push(wish);
        self.send_next();
    }

    fn unwant(&self, tile: &JsValue) {
        self.waiting.borrow_mut().retain(|wish| !js_sys::Object::is(&wish.canvas, tile));
    }

    fn send_next(&self) {
        while self.in_flight.borrow().len() < IN_FLIGHT && !self.waiting.borrow().is_empty() {
            let wish = self.waiting.borrow_mut().remove(0);
            self.last.set(self.last.get() + 1);
            (self.send)(self.last.get(), &wish);
            self.in_flight.borrow_mut().insert(self.last.get(), wish);
        }
    }
}

fn paint(canvas: &HtmlCanvasElement, rgba: &Uint8ClampedArray) -> Result<(), JsValue> {
    // A canvas in plain memory: one on the graphics card would make the page wait for that process at every frame with new tiles.
    let options = js_sys::Object::new();
    let _ = Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE);
    let context = canvas.get_context_with_context_options("2d", &options)?.ok_or("no canvas")?;
    let context = context.dyn_into::<CanvasRenderingContext2d>()?;
    let side = TILE_PX as u32;
    context.put_image_data(&ImageData::new_with_js_u8_clamped_array_and_sh(rgba, side, side)?, 0.0, 0.0)
}

/// An image on the map.
pub struct ImageLayer {
    /// What it shows.
    pub shown: Shown,
    /// The layer.
    pub layer: GridLayer,
    _create: Closure<dyn FnMut(TileCoords, Function) -> HtmlCanvasElement>,
    _unload: Closure<dyn FnMut(TileEvent)>,
}

impl ImageLayer {
    /// A layer in `pane` whose tiles come from `tiles`.
    pub fn new(shown: Shown, pane: &str, tiles: &Rc<Tiles>) -> Self {
        let options = GridLayerOptions::new();
        options.set_tile_size(TILE_PX as f64);
        options.set_pane(pane.to_owned());
        options.set_bounds(bounds(&shown));
        options.set_no_wrap(true);
        options.set_min_zoom(super::ZOOMS.0);
        options.set_max_zoom(super::ZOOMS.1);
        // Beyond its own pixels an image holds nothing more to draw; the browser enlarges.
        options.set_max_native_zoom(0.0);
        options.set_keep_buffer(1.0);
        let layer = GridLayer::new_with_options(&options);
        let create = creator(&shown, tiles);
        let tiles = Rc::clone(tiles);
        let unload = Closure::new(move |event: TileEvent| tiles.unwant(event.tile().as_ref()));
        let _ = Reflect::set(&layer, &"createTile".into(), create.as_ref());
        layer.unchecked_ref::<Evented>().on("tileunload", unload.as_ref());
        Self { shown, layer, _create: create, _unload: unload }
    }
}

fn creator(shown: &Shown, tiles: &Rc<Tiles>) -> Closure<dyn FnMut(TileCoords, Function) -> HtmlCanvasElement> {
    let (source, to_image, cars, tiles) = (shown.source, shown.to_image, shown.cars.clone(), Rc::clone(tiles));
    let create = Closure::new(move |at: TileCoords, done: Function| {
        let canvas: HtmlCanvasElement = super::element("canvas", "").unchecked_into();
        canvas.set_width(TILE_PX as u32);
        canvas.set_height(TILE_PX as u32);
        let wish = Wish {
            source,
            zoom: at.z() as i32,
            x: at.x() as i32,
            y: at.y() as i32,
            to_image,
            cars: cars.iter().filter(|car| touches(car, (at.z(), at.x(), at.y()))).copied().collect(),
            canvas: canvas.clone(),
            done: Some(done),
        };
        tiles.want(wish);
        canvas
    });
    // Leaflet takes a function of less than two parameters for one that is done when it returns.
    let two = js_sys::Object::new();
    let _ = Reflect::set(&two, &"value".into(), &2.into());
    let _ = Reflect::define_property(create.as_ref().unchecked_ref::<js_sys::Object>(), &"length".into(), &two);
    create
}

/// Whether a car reaches into a tile: zoom, column, row.
fn touches(car: &Fated, (zoom, column, row): (f64, f64, f64)) -> bool {
    let side = TILE_PX as f64 * libm::exp2(-zoom);
    let meets = |of: fn(&Point) -> f64, from: f64| {
        car.corners.iter().any(|p| of(p) >= from) && car.corners.iter().any(|p| of(p) <= from + side)
    };
    meets(|p| p.x, column * side) && meets(|p| p.y, row * side)
}

/// The rectangle around an image in the map's frame.
pub fn bounds(shown: &Shown) -> LatLngBounds {
    let (w, h) = (f64::from(shown.width), f64::from(shown.height));
    let corners = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].map(|(x, y)| shown.to_frame.apply(Point::new(x, y)));
    let fold = |f: fn(f64, f64) -> f64| {
        (corners.iter().map(|c| c.x).reduce(f).unwrap_or(0.0), corners.iter().map(|c| c.y).reduce(f).unwrap_or(0.0))
    };
    let ((left, top), (right, bottom)) = (fold(f64::min), fold(f64::max));
    LatLngBounds::new(&place(Point::new(left, top)), &place(Point::new(right, bottom)))
}
