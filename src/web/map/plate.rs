//! One Leaflet map with a pane for each date, outlines above them, a scale bar and the names of the dates.

use super::grabbing::Grabbing;
use super::lay::Ground;
use super::marks::Marks;
use super::more::{self, MapMore};
use super::outlines::Outlines;
use super::tiles::{self, ImageLayer, Tiles};
use super::{Touch, ZOOMS, element, place};
use crate::geometry;
use crate::pipeline::Side;
use crate::web::desk::{Caption, Sheet, Shown};
use crate::web::labels::Labels;
use crate::web::view::Mode;
use gloo::events::EventListener;
use js_sys::{Date, Object, Reflect};
use leaflet::{Control, Evented, LatLng, Map, MapOptions, Point, Zoom, ZoomOptions};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{Event, EventTarget, HtmlElement, KeyboardEvent};

/// What of the two dates a map shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Exposure {
    /// *Before* on one side of the divider, *after* on the other; 0 to 1 of the width, or, vertically, of the height.
    Split(Mode, f64),
    /// *After* over *before*, with an opacity.
    Over(f64),
    /// One date alone.
    Only(Side),
}

/// A map.
pub struct Plate {
    /// The element it fills.
    pub container: HtmlElement,
    /// The map.
    pub map: Map,
    /// Cars and tracks.
    pub outlines: Outlines,
    /// Compass and grid.
    pub ground: Ground,
    marks: Marks,
    /// Whether a click sets a point.
    picking: Rc<Cell<bool>>,
    /// Panes and captions of *before* and *after*.
    panes: [HtmlElement; 2],
    captions: [HtmlElement; 2],
    /// *Before*, *after*, and the change between them.
    images: [Option<ImageLayer>; 3],
    scale: Option<Control>,
    gsd_m: Rc<Cell<f64>>,
    _grabbing: Grabbing,
    _pick: Picking,
    _readout: Readout,
    _distance: Closure<dyn FnMut(LatLng, LatLng) -> f64>,
}

const SIDES: [Side; 2] = [Side::Before, Side::After];

impl Plate {
    /// An empty map in `parent`.
    ///
    /// # Errors
    /// What Leaflet says.
    pub fn new(parent: &HtmlElement, touch: &Touch, side: Side) -> Result<Self, JsValue> {
        let container = element("div", "plate");
        parent.append_child(&container)?;
        let gsd_m = Rc::new(Cell::new(1.0));
        let (crs, distance) = metric_plane(&gsd_m);
        let options = MapOptions::new();
        options.set_crs(crs.into());
        options.set_attribution_control(false);
        options.set_zoom_control(false);
        options.set_min_zoom(ZOOMS.0);
        options.set_max_zoom(ZOOMS.1);
        options.set_zoom_snap(0.5);
        options.set_wheel_px_per_zoom_level(90.0);
        options.set_zoom_animation(!super::reduced_motion());
        let map = Map::new_with_element(&container, &options)?;
        map.set_view(&LatLng::new(0.0, 0.0), 0.0);
        let panes = ["before", "after"].map(|name| map.unchecked_ref::<MapMore>().create_pane(name));
        let over = map.unchecked_ref::<MapMore>().create_pane("change");
        for (pane, order) in panes.iter().chain([&over]).zip(["210", "220", "230"]) {
            pane.style().set_property("z-index", order)?;
        }
        let captions = ["caption caption-before", "caption caption-after"].map(|class| element("p", class));
        for caption in &captions {
            container.append_child(caption)?;
        }
        let outlines = Outlines::new(&map, Rc::clone(&touch.select));
        let ground = Ground::new(&container, &map, side, Rc::clone(&touch.lay));
        let marks = Marks::new(&map, Rc::clone(&touch.drag));
        let picking = Rc::new(Cell::new(false));
        let readout = Readout::new(&container, &map, Rc::clone(&touch.hover), side)?;
        let grabbing = Grabbing::new(&container, &map, side, touch.grasp.clone());
        let pick = Picking::new(&container, &map, &picking, Rc::clone(&touch.pick), side);
        Ok(Self {
            container,
            map,
            outlines,
            ground,
            marks,
            picking,
            panes,
            captions,
            images: [None, None, None],
            scale: None,
            gsd_m,
            _grabbing: grabbing,
            _pick: pick,
            _readout: readout,
            _distance: distance,
        })
    }

    /// Adds the buttons that zoom.
    pub fn add_zoom(&self, labels: &Labels) -> Control {
        let mut options = ZoomOptions::new();
        options.set_position("topleft");
        options.set_zoom_in_title(&labels.zoom_in);
        options.set_zoom_out_title(&labels.zoom_out);
        let zoom = Zoom::new(&options);
        zoom.add_to(&self.map)
    }

    /// Draws what has changed between two sheets.
    pub fn show(&mut self, old: &Sheet, new: &Sheet, outlined: impl Fn(Side) -> bool, tiles: &Rc<Tiles>) {
        for (index, (shown, pane)) in
            [(&new.before, "before"), (&new.after, "after"), (&new.change, "change")].into_iter().enumerate()
        {
            self.lay(index, shown.as_ref(), pane, tiles);
        }
        if old.outlines != new.outlines {
            self.outlines.draw(new.outlines.iter().filter(|o| outlined(o.side)));
        }
        if old.tracks != new.tracks {
            self.outlines.draw_tracks(&new.tracks);
        }
        if old.grounds != new.grounds {
            self.outlines.draw_grounds(&new.grounds);
        }
        if old.residuals != new.residuals {
            self.marks.draw_arrows(&new.residuals);
        }
        if (&old.marks, &old.line) != (&new.marks, &new.line) {
            let line = new.line.as_ref().filter(|(side, _)| side.is_none_or(&outlined)).map(|(_, points)| &points[..]);
            self.marks.draw(new.marks.iter().filter(|m| outlined(m.side)), line);
        }
        self.picking.set(new.picking);
        let _ = self.container.class_list().toggle_with_force("picking", new.picking);
        self.outlines.select(new.view.selected.as_deref());
        self.outlines.switch(&new.view.layers);
        self.measure(new.gsd_m);
        self.ground.show(new.before.is_some());
        self.ground.update();
    }

    /// Puts an image under its outlines, unless it lies there already.
    fn lay(&mut self, index: usize, shown: Option<&Shown>, pane: &str, tiles: &Rc<Tiles>) {
        if self.images[index].as_ref().map(|image| &image.shown) == shown {
            return;
        }
        if let Some(old) = self.images[index].take() {
            old.layer.remove();
        }
        self.images[index] = shown.map(|shown| ImageLayer::new(shown.clone(), pane, tiles));
        if let Some(image) = &self.images[index] {
            image.layer.add_to(&self.map);
        }
    }

    /// The scale bar, once the scale is known.
    fn measure(&mut self, gsd_m: Option<f64>) {
        if self.scale.is_some() && gsd_m == Some(self.gsd_m.get()) {
            return;
        }
        if let Some(old) = self.scale.take() {
            old.remove();
        }
        let Some(gsd_m) = gsd_m else { return };
        self.gsd_m.set(gsd_m);
        let options = Object::new();
        for (key, value) in [("imperial", JsValue::FALSE), ("maxWidth", 140.into())] {
            let _ = Reflect::set(&options, &key.into(), &value);
        }
        self.scale = Some(more::scale(&options).add_to(&self.map));
    }

    /// Says which date is where; `resampled` is said of *after* where it lies on another grid.
    pub fn caption(&self, sheet: &Sheet, labels: &Labels) {
        let words = [(&sheet.before, &labels.before), (&sheet.after, &labels.after)];
        for (index, (shown, name)) in words.into_iter().enumerate() {
            let text = shown.as_ref().map(|shown| {
                let resampled = if index == 1 && sheet.resampled { format!(" · {}", labels.resampled) } else { String::new() };
                format!("{name} · {}{resampled}", worded(&shown.caption, &labels.language))
            });
            self.captions[index].set_text_content(text.as_deref());
        }
    }

    /// Shows the dates as asked. To be called again after every move, since panes move with the map.
    pub fn expose(&self, exposure: Exposure) {
        let both = self.images[..2].iter().all(Option::is_some);
        for (index, side) in SIDES.into_iter().enumerate() {
            let after = index == 1;
            let (clip, opacity) = match exposure {
                _ if !both => (None, 1.0),
                Exposure::Split(mode, at) => (Some((mode, if after { (at, 1.0) } else { (0.0, at) })), 1.0),
                Exposure::Over(opacity) => (None, if after { opacity } else { 1.0 }),
                Exposure::Only(only) => (None, if side == only { 1.0 } else { 0.0 }),
            };
            let style = self.panes[index].style();
            let clip = clip.map_or_else(|| "none".to_owned(), |(mode, (from, to))| self.strip(mode, from, to));
            let _ = style.set_property("clip-path", &clip);
            let _ = style.set_property("opacity", &opacity.to_string());
            let seen = opacity > 0.0 && self.images[index].is_some();
            let _ = self.captions[index].toggle_attribute_with_force("hidden", !seen);
        }
    }

    /// The part of the map between two shares of its width, or of its height, in the coordinates of its panes.
    fn strip(&self, mode: Mode, from: f64, to: f64) -> String {
        let origin = self.map.unchecked_ref::<MapMore>().container_point_to_layer_point(&Point::new(0.0, 0.0));
        let size = self.map.get_size();
        let ((left, right), (top, bottom)) =
            if mode == Mode::SwipeVertical { ((0.0, 1.0), (from, to)) } else { ((from, to), (0.0, 1.0)) };
        let (x0, x1) = (origin.x() + left * size.x(), origin.x() + right * size.x());
        let (y0, y1) = (origin.y() + top * size.y(), origin.y() + bottom * size.y());
        format!("polygon({x0}px {y0}px, {x1}px {y0}px, {x1}px {y1}px, {x0}px {y1}px)")
    }

    /// Shows the whole of an image.
    pub fn fit(&self, shown: &Shown) {
        let bounds = tiles::bounds(shown);
        let (x, y) = (f64::from(shown.width) / 2.0, f64::from(shown.height) / 2.0);
        let zoom = self.map.unchecked_ref::<MapMore>().bounds_zoom(&bounds);
        let middle = shown.to_frame.apply(geometry::Point::new(x, y));
        more::go_to(&self.map, &place(middle), zoom, false);
    }
}

/// What the place under the pointer is called, in a corner of the map. The table of the cars says the same to those who don't point.
struct Readout {
    _move: Closure<dyn FnMut(leaflet::MouseEvent)>,
    _leave: EventListener,
}

impl Readout {
    fn new(
        container: &HtmlElement,
        map: &Map,
        hover: Rc<dyn Fn((Side, geometry::Point)) -> Option<String>>,
        side: Side,
    ) -> Result<Self, JsValue> {
        let words = element("p", "readout");
        words.set_attribute("aria-hidden", "true")?;
        container.append_child(&words)?;
        let follow = {
            let words = words.clone();
            Closure::new(move |event: leaflet::MouseEvent| {
                let at = event.lat_lng();
                words.set_text_content(hover((side, geometry::Point::new(at.lng(), -at.lat()))).as_deref());
            })
        };
        map.unchecked_ref::<Evented>().on("mousemove", follow.as_ref());
        let leave = EventListener::new(container, "pointerleave", move |_| words.set_text_content(None));
        Ok(Self { _move: follow, _leave: leave })
    }
}

/// A click, or Enter or the space bar for the place under the crosshair in the middle, while points are set.
struct Picking {
    _click: Closure<dyn FnMut(leaflet::MouseEvent)>,
    _enter: EventListener,
}

impl Picking {
    fn new(
        container: &HtmlElement,
        map: &Map,
        on: &Rc<Cell<bool>>,
        pick: Rc<dyn Fn((Side, geometry::Point))>,
        side: Side,
    ) -> Self {
        let tell: Rc<dyn Fn(LatLng)> = {
            let on = Rc::clone(on);
            Rc::new(move |at: LatLng| {
                if on.get() {
                    pick((side, geometry::Point::new(at.lng(), -at.lat())));
                }
            })
        };
        let click = {
            let tell = Rc::clone(&tell);
            Closure::new(move |event: leaflet::MouseEvent| tell(event.lat_lng()))
        };
        map.unchecked_ref::<Evented>().on("click", click.as_ref());
        let (element, map) = (container.clone(), map.clone());
        let enter = EventListener::new(container, "keydown", move |event: &Event| {
            let on_map = event.target().is_some_and(|target| target == *element.unchecked_ref::<EventTarget>());
            if on_map && ["Enter", " "].contains(&event.unchecked_ref::<KeyboardEvent>().key().as_str()) {
                tell(map.get_center());
            }
        });
        Self { _click: click, _enter: enter }
    }
}

impl Drop for Plate {
    fn drop(&mut self) {
        // A zoom that still runs would look for the map when it ends.
        let _ = js_sys::Reflect::set(&self.map, &"_animatingZoom".into(), &false.into());
        self.map.unchecked_ref::<MapMore>().remove();
        self.container.remove();
    }
}

/// A caption in the reader's language; of a date only what is known of it.
fn worded(caption: &Caption, language: &str) -> String {
    let iso = match caption {
        Caption::File(file) => return file.clone(),
        Caption::Date(iso) => iso.get(..10).unwrap_or(iso),
    };
    let date = Date::new(&iso.into());
    if date.get_time().is_nan() {
        return iso.to_owned();
    }
    let options = Object::new();
    let known = match iso.len() {
        ..=4 => 1,
        5..=7 => 2,
        _ => 3,
    };
    let parts = [("year", "numeric"), ("month", "short"), ("day", "numeric")];
    for (key, value) in parts.into_iter().take(known).chain([("timeZone", "UTC")]) {
        let _ = Reflect::set(&options, &key.into(), &value.into());
    }
    date.to_locale_date_string(language, &options).into()
}

/// The plane of *before*'s pixels in which distances are metres.
fn metric_plane(gsd_m: &Rc<Cell<f64>>) -> (Object, Closure<dyn FnMut(LatLng, LatLng) -> f64>) {
    let gsd_m = Rc::clone(gsd_m);
    let distance = Closure::new(move |a: LatLng, b: LatLng| libm::hypot(a.lat() - b.lat(), a.lng() - b.lng()) * gsd_m.get());
    let crs = more::PLANE.with(|plane| Object::create(plane.unchecked_ref()));
    let _ = Reflect::set(&crs, &"distance".into(), distance.as_ref());
    (crs, distance)
}
