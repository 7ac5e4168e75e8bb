//! What a person sets by hand, and how well the images lie over each other: pins, a line, arrows.

use super::more::{self, Pin};
use super::{place, places};
use crate::geometry::Point;
use crate::pipeline::Side;
use crate::web::desk::{Arrow, Mark};
use js_sys::{Array, Object, Reflect};
use leaflet::{Evented, Layer, LayerGroup, Map, Polyline, PolylineOptions};
use std::rc::Rc;
use wasm_bindgen::{JsCast, prelude::*};

/// Tells of a pin that was dragged: its pair, the image, the place in the map's frame.
pub type Dragged = Rc<dyn Fn((u32, Side, Point))>;

/// Lengths of an arrow's head as a share of its shaft.
const HEAD: f64 = 0.3;

/// Everything of this kind on one map.
pub struct Marks {
    group: LayerGroup,
    arrows: LayerGroup,
    dragged: Dragged,
    reactions: Vec<Closure<dyn FnMut()>>,
}

impl Marks {
    /// Nothing, yet.
    pub fn new(map: &Map, dragged: Dragged) -> Self {
        let (group, arrows) = (LayerGroup::new(), LayerGroup::new());
        for group in [&group, &arrows] {
            let layer: &Layer = group;
            map.add_layer(layer);
        }
        Self { group, arrows, dragged, reactions: Vec::new() }
    }

    /// Draws these pins and this line in place of those before.
    pub fn draw<'a>(&mut self, marks: impl Iterator<Item = &'a Mark>, line: Option<&[Point]>) {
        self.group.clear_layers();
        self.reactions.clear();
        if let Some(line) = line {
            for (color, weight) in [("#ffffff", 5.0), ("#15171a", 2.0)] {
                self.group.add_layer(&stroke(&places(line), color, weight));
            }
        }
        for mark in marks {
            self.pin(mark);
        }
    }

    /// Draws these arrows in place of those before, light on a dark casing.
    pub fn draw_arrows(&self, arrows: &[Arrow]) {
        self.arrows.clear_layers();
        if arrows.is_empty() {
            return;
        }
        let lines: Array = arrows.iter().flat_map(strokes_of).map(|line| places(&line)).collect();
        for (color, weight) in [("#15171a", 4.5), ("#f0e442", 2.0)] {
            self.arrows.add_layer(&stroke(&lines, color, weight));
        }
    }

    fn pin(&mut self, mark: &Mark) {
        let class = if mark.active { "pin pin-active" } else { "pin" };
        let icon = object(&[("className", class.into()), ("html", mark.label.as_str().into()), ("iconSize", JsValue::NULL)]);
        let options = object(&[
            ("icon", more::div_icon(&icon)),
            ("draggable", mark.pair.is_some().into()),
            // The panel lists the same points with their keys; a second stop for each would only be in the way.
            ("keyboard", JsValue::FALSE),
            ("zIndexOffset", if mark.active { 1000.into() } else { 0.into() }),
        ]);
        let pin: Pin = more::marker(&place(mark.at), &options);
        if let Some(pair) = mark.pair {
            let (side, dragged, this) = (mark.side, Rc::clone(&self.dragged), pin.clone());
            let react = Closure::new(move || {
                let at = this.lat_lng();
                // The pin goes when the page answers; it must not while Leaflet is at it.
                let (dragged, at) = (Rc::clone(&dragged), Point::new(at.lng(), -at.lat()));
                gloo::timers::callback::Timeout::new(0, move || dragged((pair, side, at))).forget();
            });
            pin.unchecked_ref::<Evented>().on("dragend", react.as_ref());
            self.reactions.push(react);
        }
        self.group.add_layer(&pin);
    }
}

/// The shaft and the two sides of the head.
fn strokes_of(arrow: &Arrow) -> [Vec<Point>; 2] {
    let (dx, dy) = (arrow.to.x - arrow.from.x, arrow.to.y - arrow.from.y);
    let barb = |turn: f64| Point::new(arrow.to.x - HEAD * (dx - turn * dy), arrow.to.y - HEAD * (dy + turn * dx));
    [vec![arrow.from, arrow.to], vec![barb(0.6), arrow.to, barb(-0.6)]]
}

fn stroke(lines: &Array, color: &str, weight: f64) -> Polyline {
    let options = PolylineOptions::new();
    options.set_color(color.to_owned());
    options.set_weight(weight);
    options.set_opacity(0.95);
    options.set_interactive(false);
    options.set_smooth_factor(0.0);
    Polyline::new_with_options(lines, &options)
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        let _ = Reflect::set(&object, &(*key).into(), value);
    }
    object
}
