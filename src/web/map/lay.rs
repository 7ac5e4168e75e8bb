//! How a map lies on the ground: a compass, and lines of latitude and longitude or of metres. They are drawn anew when a move has ended, not while it lasts.

use super::stage::Listening;
use super::{element, more, place, places};
use crate::geometry::Point;
use crate::pipeline::Side;
use crate::web::desk::{GridLine, Lay};
use crate::web::labels::Labels;
use js_sys::{Array, Object, Reflect};
use leaflet::{Layer, LayerGroup, Map, Polyline, PolylineOptions};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

/// Says how a view lies: its upper left and lower right corner in the map's frame. `None` while nobody can say.
pub type LayOf = Rc<dyn Fn((Side, [Point; 2])) -> Option<Lay>>;

/// Compass and grid of one map.
pub struct Ground {
    inner: Rc<Inner>,
    _moved: Listening,
}

struct Inner {
    map: Map,
    side: Side,
    lay_of: LayOf,
    lines: LayerGroup,
    compass: HtmlElement,
    needle: HtmlElement,
    words: HtmlElement,
    /// What is drawn.
    lay: RefCell<Option<Lay>>,
    labels: RefCell<Labels>,
}

impl Ground {
    /// Nothing, yet.
    pub fn new(container: &HtmlElement, map: &Map, side: Side, lay_of: LayOf) -> Self {
        let (compass, needle, words) =
            (element("div", "compass"), element("span", "compass-needle"), element("span", "compass-words"));
        let _ = compass.set_attribute("role", "img");
        let _ = compass.append_child(&needle);
        let _ = compass.append_child(&words);
        let _ = compass.toggle_attribute_with_force("hidden", true);
        let _ = container.append_child(&compass);
        let lines = LayerGroup::new();
        let layer: &Layer = &lines;
        map.add_layer(layer);
        let inner = Rc::new(Inner {
            map: map.clone(),
            side,
            lay_of,
            lines,
            compass,
            needle,
            words,
            lay: RefCell::default(),
            labels: RefCell::default(),
        });
        let own = Rc::clone(&inner);
        let moved = Listening::to(map, "moveend", move || own.update());
        Self { inner, _moved: moved }
    }

    /// Draws what has changed.
    pub fn update(&self) {
        self.inner.update();
    }

    /// Shown only over an image.
    pub fn show(&self, shown: bool) {
        let _ = self.inner.compass.toggle_attribute_with_force("hidden", !shown);
    }

    /// Upper left and lower right corner of what the map shows of its frame.
    pub fn view(&self) -> [Point; 2] {
        self.inner.view()
    }

    /// The words of the compass.
    pub fn name(&self, labels: &Labels) {
        *self.inner.labels.borrow_mut() = labels.clone();
        let north_deg = self.inner.lay.borrow().as_ref().and_then(|lay| lay.north_deg);
        self.inner.turn(north_deg);
    }
}

impl Inner {
    fn update(&self) {
        let Some(lay) = (self.lay_of)((self.side, self.view())) else { return };
        if self.lay.borrow().as_ref() == Some(&lay) {
            return;
        }
        self.turn(lay.north_deg);
        if self.lay.borrow().as_ref().is_none_or(|old| old.grid != lay.grid) {
            self.draw(&lay.grid);
        }
        *self.lay.borrow_mut() = Some(lay);
    }

    /// What the map shows of its frame.
    fn view(&self) -> [Point; 2] {
        let (middle, size, px) = (self.map.get_center(), self.map.get_size(), libm::exp2(self.map.get_zoom()));
        let (dx, dy) = (size.x() / 2.0 / px, size.y() / 2.0 / px);
        [Point::new(middle.lng() - dx, -middle.lat() - dy), Point::new(middle.lng() + dx, -middle.lat() + dy)]
    }

    fn turn(&self, north_deg: Option<f64>) {
        let labels = self.labels.borrow();
        let _ = self.compass.class_list().toggle_with_force("northless", north_deg.is_none());
        let says = match north_deg {
            Some(degrees) => format!("{}: {:.0}°", labels.north, (degrees + 360.0) % 360.0),
            None => labels.north_unknown.clone(),
        };
        let turned = north_deg.map_or_else(String::new, |degrees| format!("rotate({degrees:.1}deg)"));
        let _ = self.needle.style().set_property("transform", &turned);
        self.words.set_text_content(north_deg.is_none().then_some(says.as_str()));
        let _ = self.compass.set_attribute("aria-label", &says);
        self.compass.set_title(&says);
    }

    fn draw(&self, grid: &[GridLine]) {
        self.lines.clear_layers();
        if grid.is_empty() {
            return;
        }
        let lines: Array = grid.iter().map(|line| places(&line.points)).collect();
        for (color, weight, opacity) in [("#15171a", 2.5, 0.45), ("#ffffff", 1.0, 0.9)] {
            let options = PolylineOptions::new();
            options.set_color(color.to_owned());
            options.set_weight(weight);
            options.set_opacity(opacity);
            options.set_interactive(false);
            options.set_smooth_factor(0.0);
            options.set_class_name("grid-line".to_owned());
            self.lines.add_layer(&Polyline::new_with_options(&lines, &options));
        }
        for line in grid {
            if let Some(at) = line.label_at {
                let icon = object(&[
                    ("className", if line.upright { "grid-label" } else { "grid-label level" }.into()),
                    ("html", (&line.label).into()),
                    ("iconSize", JsValue::NULL),
                ]);
                let options =
                    object(&[("icon", more::div_icon(&icon)), ("interactive", JsValue::FALSE), ("keyboard", JsValue::FALSE)]);
                self.lines.add_layer(&more::marker(&place(at), &options));
            }
        }
    }
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        let _ = Reflect::set(&object, &(*key).into(), value);
    }
    object
}
