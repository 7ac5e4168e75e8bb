//! Railcars and tracks over the images. Every kind has a pattern of its own, so that none rests on colour alone.

use super::place;
use crate::geometry::Point;
use crate::web::desk::Outline;
use crate::web::snapshot::{CarStatus, Layers};
use js_sys::Array;
use leaflet::{Layer, LayerGroup, Map, MouseEvents, Path, PathOptions, Polygon, Polyline, PolylineOptions};
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// How a kind of car is drawn. Colours of Okabe and Ito, told apart by colour-blind readers.
struct Look {
    color: &'static str,
    weight_px: f64,
    dashes: &'static str,
    class: &'static str,
}

const fn look(status: CarStatus) -> Look {
    match status {
        CarStatus::New => Look { color: "#E69F00", weight_px: 3.0, dashes: "", class: "car car-new" },
        CarStatus::Gone => Look { color: "#0072B2", weight_px: 3.0, dashes: "7 5", class: "car car-gone" },
        CarStatus::Both => Look { color: "#999999", weight_px: 1.5, dashes: "", class: "car car-both" },
        CarStatus::Undecided => Look { color: "#999999", weight_px: 2.0, dashes: "2 4", class: "car car-undecided" },
        CarStatus::Outside => Look { color: "#999999", weight_px: 1.5, dashes: "1 3", class: "car car-outside" },
    }
}

/// The light line under each outline, without which blue on a dark roof could not be seen. It is this much wider.
const CASING_PX: f64 = 2.5;

/// The selected car's line is this much wider.
const SELECTED_PX: f64 = 2.0;

/// One car on the map.
struct Drawn {
    key: String,
    status: CarStatus,
    polygon: Polygon,
    casing: Polygon,
    middle: Point,
}

/// All cars and tracks on one map.
pub struct Outlines {
    map: Map,
    on_select: Rc<dyn Fn(String)>,
    cars: Vec<Drawn>,
    /// One for each kind that can be switched, in the order of [`shown`].
    groups: [LayerGroup; 4],
    tracks: LayerGroup,
    selected: Option<String>,
    thinness: f64,
}

impl Outlines {
    /// Nothing, yet.
    pub fn new(map: &Map, on_select: Rc<dyn Fn(String)>) -> Self {
        let groups = std::array::from_fn(|_| LayerGroup::new());
        Self { map: map.clone(), on_select, cars: Vec::new(), groups, tracks: LayerGroup::new(), selected: None, thinness: 1.0 }
    }

    /// Draws these cars in place of those before.
    pub fn draw<'a>(&mut self, outlines: impl Iterator<Item = &'a Outline>) {
        self.groups.iter().for_each(|group| drop(group.clear_layers()));
        self.cars = outlines.map(|outline| self.car(outline)).collect();
        for car in &self.cars {
            let group = &self.groups[group_of(car.status)];
            group.add_layer(&car.casing);
            group.add_layer(&car.polygon);
        }
    }

    /// Draws these tracks in place of those before.
    pub fn draw_tracks(&mut self, tracks: &[Vec<Point>]) {
        self.tracks.clear_layers();
        for line in tracks {
            let options = PolylineOptions::new();
            options.set_color("#CC79A7".to_owned());
            options.set_weight(2.0);
            options.set_opacity(0.9);
            options.set_dash_array("1 6".to_owned());
            options.set_line_cap("round".to_owned());
            options.set_interactive(false);
            options.set_class_name("track".to_owned());
            self.tracks.add_layer(&Polyline::new_with_options(&places(line), &options));
        }
    }

    /// Shows the layers that are switched on.
    pub fn switch(&self, layers: &Layers) {
        let switches = [layers.new, layers.gone, layers.both, true];
        for (group, on) in self.groups.iter().zip(switches).chain([(&self.tracks, layers.tracks)]) {
            let layer: &Layer = group;
            match (on, self.map.has_layer(layer)) {
                (true, false) => drop(self.map.add_layer(layer)),
                (false, true) => drop(self.map.remove_layer(layer)),
                _ => {}
            }
        }
    }

    /// Marks this car and no other.
    pub fn select(&mut self, key: Option<&str>) {
        let old = std::mem::replace(&mut self.selected, key.map(str::to_owned));
        for car in self.cars.iter().filter(|c| Some(c.key.as_str()) == key || Some(&c.key) == old.as_ref()) {
            self.style(car);
            if Some(car.key.as_str()) == key {
                car.casing.unchecked_ref::<Path>().bring_to_front();
                car.polygon.unchecked_ref::<Path>().bring_to_front();
            }
        }
    }

    /// The middle of a car.
    pub fn middle(&self, key: &str) -> Option<Point> {
        self.cars.iter().find(|car| car.key == key).map(|car| car.middle)
    }

    /// Lines get thinner where cars get small on the screen, so that they don't hide them.
    pub fn fit_to_zoom(&mut self, zoom: f64) {
        let thinness = libm::exp2(zoom * 0.5).clamp(0.4, 1.0);
        if thinness != self.thinness {
            self.thinness = thinness;
            self.cars.iter().for_each(|car| self.style(car));
        }
    }

    fn car(&self, outline: &Outline) -> Drawn {
        let corners = places(&outline.corners);
        let options = PolylineOptions::new();
        options.set_class_name(look(outline.status).class.to_owned());
        options.set_bubbling_mouse_events(false);
        let polygon = Polygon::new_with_options(&corners, &options);
        let (key, on_select) = (outline.key.clone(), Rc::clone(&self.on_select));
        polygon.on_click(Box::new(move |_| on_select(key.clone())));
        let under = PolylineOptions::new();
        under.set_interactive(false);
        under.set_class_name("car-casing".to_owned());
        let casing = Polygon::new_with_options(&corners, &under);
        let [a, _, b, _] = outline.corners;
        let middle = Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
        let car = Drawn { key: outline.key.clone(), status: outline.status, polygon, casing, middle };
        self.style(&car);
        car
    }

    fn style(&self, car: &Drawn) {
        let look = look(car.status);
        let selected = self.selected.as_ref() == Some(&car.key);
        let weight = (look.weight_px + if selected { SELECTED_PX } else { 0.0 }) * self.thinness;
        let line = PathOptions::new();
        line.set_color(look.color.to_owned());
        line.set_weight(weight);
        line.set_dash_array(look.dashes.to_owned());
        line.set_fill_color(look.color.to_owned());
        line.set_fill_opacity(if selected { 0.35 } else { 0.06 });
        car.polygon.unchecked_ref::<Path>().set_style(&line);
        let under = PathOptions::new();
        under.set_color("#ffffff".to_owned());
        under.set_weight(weight + CASING_PX * self.thinness);
        under.set_opacity(if selected { 1.0 } else { 0.7 });
        under.set_fill(false);
        car.casing.unchecked_ref::<Path>().set_style(&under);
    }
}

const fn group_of(status: CarStatus) -> usize {
    match status {
        CarStatus::New => 0,
        CarStatus::Gone => 1,
        CarStatus::Both => 2,
        CarStatus::Undecided | CarStatus::Outside => 3,
    }
}

fn places(points: &[Point]) -> Array {
    points.iter().map(|&point| place(point)).collect()
}
