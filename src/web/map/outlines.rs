//! Railcars and tracks over the images. Every kind has a pattern of its own, so that none rests on colour alone.
//!
//! All cars of a kind are one path of many polygons: thousands of cars cost the page no more than a few do.

use super::places;
use crate::geometry::Point;
use crate::web::desk::{AreaKind, Ground, Outline, Rail};
use crate::web::snapshot::CarStatus;
use crate::web::view::Layers;
use js_sys::Array;
use leaflet::{Layer, LayerGroup, Map, MouseEvents, Path, PathOptions, Polygon, Polyline, PolylineOptions};
use std::cell::RefCell;
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
        CarStatus::Rejected => Look { color: "#999999", weight_px: 1.0, dashes: "3 3", class: "car car-rejected" },
    }
}

/// From the bottom to the top.
const KINDS: [CarStatus; 6] =
    [CarStatus::Rejected, CarStatus::Outside, CarStatus::Undecided, CarStatus::Both, CarStatus::Gone, CarStatus::New];

/// The light line under each outline, without which blue on a dark roof could not be seen. It is this much wider.
const CASING_PX: f64 = 2.5;

/// The selected car's line is this much wider.
const SELECTED_PX: f64 = 2.0;

/// All cars of one kind.
struct Kind {
    status: CarStatus,
    cars: Rc<RefCell<Vec<Outline>>>,
    group: LayerGroup,
    lines: Vec<(Polygon, Line)>,
}

/// What a path is, for its style.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Line {
    Casing,
    Outline,
    SelectedCasing,
    Selected,
}

/// All cars and tracks on one map.
pub struct Outlines {
    map: Map,
    on_select: Rc<dyn Fn(String)>,
    kinds: [Kind; 6],
    tracks: LayerGroup,
    grounds: LayerGroup,
    gantries: LayerGroup,
    selected: Option<String>,
    thinness: f64,
}

impl Outlines {
    /// Nothing, yet.
    pub fn new(map: &Map, on_select: Rc<dyn Fn(String)>) -> Self {
        let kinds = KINDS.map(|status| Kind { status, cars: Rc::default(), group: LayerGroup::new(), lines: Vec::new() });
        Self {
            map: map.clone(),
            on_select,
            kinds,
            tracks: LayerGroup::new(),
            grounds: LayerGroup::new(),
            gantries: LayerGroup::new(),
            selected: None,
            thinness: 1.0,
        }
    }

    /// Draws these cars in place of those before.
    pub fn draw<'a>(&mut self, outlines: impl Iterator<Item = &'a Outline>) {
        let outlines: Vec<&Outline> = outlines.collect();
        for index in 0..self.kinds.len() {
            let status = self.kinds[index].status;
            self.kinds[index].cars.replace(outlines.iter().filter(|o| o.status == status).map(|o| (*o).clone()).collect());
            self.redraw(index);
        }
    }

    /// Draws these tracks in place of those before.
    pub fn draw_tracks(&self, tracks: &[Rail]) {
        self.tracks.clear_layers();
        for selected in [false, true] {
            let lines: Array = tracks.iter().filter(|t| t.selected == selected).map(|t| places(&t.line)).collect();
            if lines.length() == 0 {
                continue;
            }
            let options = PolylineOptions::new();
            options.set_color("#CC79A7".to_owned());
            options.set_weight(if selected { 5.0 } else { 2.0 });
            options.set_opacity(0.9);
            if !selected {
                options.set_dash_array("1 6".to_owned());
            }
            options.set_line_cap("round".to_owned());
            options.set_interactive(false);
            options.set_class_name("track".to_owned());
            self.tracks.add_layer(&Polyline::new_with_options(&lines, &options));
        }
    }

    /// Draws these areas in place of those before: one to count in as a line, one to leave out dashed and tinted, a gantry dotted and tinted.
    pub fn draw_grounds(&self, grounds: &[Ground]) {
        self.grounds.clear_layers();
        self.gantries.clear_layers();
        for ground in grounds {
            let (casing, color, dashes, group) = match ground.kind {
                AreaKind::CountIn => ("#ffffff", "#009E73", None, &self.grounds),
                AreaKind::LeaveOut => ("#ffffff", "#D55E00", Some("8 6"), &self.grounds),
                AreaKind::Gantry => ("#15171a", "#F0E442", Some("2 4"), &self.gantries),
            };
            for (color, weight) in [(casing, 5.0), (color, 2.5)] {
                let options = PolylineOptions::new();
                options.set_color(color.to_owned());
                options.set_weight(weight);
                options.set_interactive(false);
                options.set_fill(ground.kind != AreaKind::CountIn);
                options.set_fill_color(color.to_owned());
                options.set_fill_opacity(0.12);
                if let Some(dashes) = dashes {
                    options.set_dash_array(dashes.to_owned());
                }
                options.set_class_name("area".to_owned());
                group.add_layer(&Polygon::new_with_options(&Array::of1(&places(&ground.corners)), &options));
            }
        }
    }

    /// Shows the layers that are switched on.
    pub fn switch(&self, layers: &Layers) {
        let on = |status| match status {
            CarStatus::New => layers.new,
            CarStatus::Gone => layers.gone,
            CarStatus::Both => layers.both,
            CarStatus::Rejected => layers.rejected,
            CarStatus::Undecided | CarStatus::Outside => true,
        };
        let groups = self.kinds.iter().map(|kind| (&kind.group, on(kind.status)));
        for (group, on) in groups.chain([(&self.tracks, layers.tracks), (&self.grounds, true), (&self.gantries, layers.gantries)])
        {
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
        if self.selected.as_deref() == key {
            return;
        }
        let old = std::mem::replace(&mut self.selected, key.map(str::to_owned));
        for index in 0..self.kinds.len() {
            let holds = |key: &Option<String>| self.kinds[index].cars.borrow().iter().any(|car| Some(&car.key) == key.as_ref());
            if holds(&old) || holds(&self.selected) {
                self.redraw(index);
            }
        }
    }

    /// The middle of a car.
    pub fn middle(&self, key: &str) -> Option<Point> {
        self.kinds.iter().find_map(|kind| kind.cars.borrow().iter().find(|car| car.key == key).map(middle))
    }

    /// Lines get thinner where cars get small on the screen, so that they don't hide them.
    pub fn fit_to_zoom(&mut self, zoom: f64) {
        let thinness = libm::exp2(zoom * 0.5).clamp(0.4, 1.0);
        if thinness != self.thinness {
            self.thinness = thinness;
            for kind in &self.kinds {
                kind.lines.iter().for_each(|(path, line)| self.style(kind.status, path, *line));
            }
        }
    }

    /// Draws one kind of cars, the selected one above the others.
    fn redraw(&mut self, index: usize) {
        let Kind { status, cars, group, .. } = &self.kinds[index];
        group.clear_layers();
        let selected = |car: &&Outline| Some(&car.key) == self.selected.as_ref();
        let mut lines = Vec::new();
        let held = cars.borrow();
        for (chosen, kinds) in [(false, [Line::Casing, Line::Outline]), (true, [Line::SelectedCasing, Line::Selected])] {
            let polygons: Array = held.iter().filter(|car| selected(car) == chosen).map(rings).collect();
            if polygons.length() == 0 {
                continue;
            }
            for line in kinds {
                let path = self.path(*status, &polygons, line, cars);
                group.add_layer(&path);
                lines.push((path, line));
            }
        }
        drop(held);
        self.kinds[index].lines = lines;
    }

    fn path(&self, status: CarStatus, polygons: &Array, line: Line, cars: &Rc<RefCell<Vec<Outline>>>) -> Polygon {
        let casing = matches!(line, Line::Casing | Line::SelectedCasing);
        let options = PolylineOptions::new();
        let selected = if line == Line::Selected { " selected" } else { "" };
        options.set_class_name(if casing { "car-casing".to_owned() } else { format!("{}{selected}", look(status).class) });
        options.set_interactive(!casing);
        options.set_bubbling_mouse_events(false);
        // Leaflet would merge corners that fall on one pixel of the screen; a car keeps its four.
        options.set_smooth_factor(0.0);
        let path = Polygon::new_with_options(polygons, &options);
        if !casing {
            let (cars, on_select) = (Rc::clone(cars), Rc::clone(&self.on_select));
            path.on_click(Box::new(move |event| {
                let at = event.lat_lng();
                let hit = nearest(&cars.borrow(), Point::new(at.lng(), -at.lat()));
                if let Some(key) = hit {
                    on_select(key);
                }
            }));
        }
        self.style(status, &path, line);
        path
    }

    fn style(&self, status: CarStatus, path: &Polygon, line: Line) {
        let look = look(status);
        let selected = matches!(line, Line::Selected | Line::SelectedCasing);
        let weight = (look.weight_px + if selected { SELECTED_PX } else { 0.0 }) * self.thinness;
        let options = PathOptions::new();
        if matches!(line, Line::Casing | Line::SelectedCasing) {
            options.set_color("#ffffff".to_owned());
            options.set_weight(weight + CASING_PX * self.thinness);
            options.set_opacity(if selected { 1.0 } else { 0.7 });
            options.set_fill(false);
        } else {
            options.set_color(look.color.to_owned());
            options.set_weight(weight);
            options.set_dash_array(look.dashes.to_owned());
            options.set_fill_color(look.color.to_owned());
            options.set_fill_opacity(if selected { 0.35 } else { 0.06 });
        }
        path.unchecked_ref::<Path>().set_style(&options);
    }
}

/// The outline of a car; through an accepted one runs a line along its axis, through a rejected one a stroke from corner to corner.
fn rings(car: &Outline) -> Array {
    let [a, b, c, d] = car.corners;
    let half = |p: Point, q: Point| Point::new((p.x + q.x) / 2.0, (p.y + q.y) / 2.0);
    let outline = places(&car.corners);
    match () {
        () if car.status == CarStatus::Rejected => Array::of2(&outline, &places(&[a, c])),
        () if car.accepted => Array::of2(&outline, &places(&[half(a, d), half(b, c)])),
        () => Array::of1(&outline),
    }
}

/// The key of the car that lies nearest to a point of its kind's path, measured in lengths and widths of the car: within 1 is inside.
fn nearest(cars: &[Outline], at: Point) -> Option<String> {
    let distance = |car: &Outline| {
        let [a, b, c, _] = car.corners;
        let m = middle(car);
        let share = |from: Point, to: Point| {
            let (ux, uy) = (to.x - from.x, to.y - from.y);
            (2.0 * ((at.x - m.x) * ux + (at.y - m.y) * uy) / (ux * ux + uy * uy)).abs()
        };
        share(a, b).max(share(b, c))
    };
    cars.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|car| car.key.clone())
}

fn middle(car: &Outline) -> Point {
    let [a, _, c, _] = car.corners;
    Point::new((a.x + c.x) / 2.0, (a.y + c.y) / 2.0)
}
