//! Railcars and tracks over the images. Every kind has a pattern of its own, so that none rests on colour alone.
//!
//! All cars of a kind in one square of the plane are one path of many polygons: thousands of cars cost the page little more than a few do, and what
//! becomes of one car is drawn anew in its square alone. The selected car lies over the others as a path of its own.

use super::places;
use crate::geometry::Point;
use crate::web::desk::{AreaKind, Ground, Outline, Rail};
use crate::web::snapshot::CarStatus;
use crate::web::view::Layers;
use js_sys::Array;
use leaflet::{Layer, LayerGroup, Map, MouseEvents, Path, PathOptions, Polygon, Polyline, PolylineOptions};
use std::cell::RefCell;
use std::collections::BTreeMap;
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

/// Side of a square, px of the plane. Smaller ones make more paths for Leaflet to keep, larger ones more to draw anew when one car changes: a square of
/// this side holds about a hundred cars of a full yard at 0.5 m a pixel.
const SQUARE_PX: f64 = 1024.0;

/// Column and row of a square.
type Square = (i64, i64);

/// All cars of one kind.
struct Kind {
    status: CarStatus,
    group: LayerGroup,
    patches: BTreeMap<Square, Patch>,
}

/// Those of one square.
#[derive(Default)]
struct Patch {
    cars: Rc<RefCell<Vec<Outline>>>,
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
    /// The selected car, where there is one.
    chosen: LayerGroup,
    chosen_lines: Vec<(Polygon, Line)>,
    chosen_status: CarStatus,
    thinness: f64,
}

impl Outlines {
    /// Nothing, yet.
    pub fn new(map: &Map, on_select: Rc<dyn Fn(String)>) -> Self {
        let kinds = KINDS.map(|status| Kind { status, group: LayerGroup::new(), patches: BTreeMap::new() });
        Self {
            map: map.clone(),
            on_select,
            kinds,
            tracks: LayerGroup::new(),
            grounds: LayerGroup::new(),
            gantries: LayerGroup::new(),
            selected: None,
            chosen: LayerGroup::new(),
            chosen_lines: Vec::new(),
            chosen_status: CarStatus::Both,
            thinness: 1.0,
        }
    }

    /// Draws these cars in place of those before.
    pub fn draw<'a>(&mut self, outlines: impl Iterator<Item = &'a Outline>) {
        let mut sorted: [BTreeMap<Square, Vec<Outline>>; 6] = Default::default();
        for outline in outlines {
            if let Some(index) = KINDS.iter().position(|&status| status == outline.status) {
                sorted[index].entry(square(outline)).or_default().push(outline.clone());
            }
        }
        for (index, squares) in sorted.into_iter().enumerate() {
            let emptied: Vec<Square> = self.kinds[index].patches.keys().filter(|at| !squares.contains_key(at)).copied().collect();
            for (at, cars) in emptied.into_iter().map(|at| (at, Vec::new())).chain(squares) {
                self.put(index, at, cars);
            }
        }
        self.mark();
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

    /// Draws these areas in place of those before: one to count in as a line, one to leave out dashed and tinted, a gantry dotted and tinted, a faint one where it was
    /// seen and not drawn.
    pub fn draw_grounds(&self, grounds: &[Ground]) {
        self.grounds.clear_layers();
        self.gantries.clear_layers();
        for ground in grounds {
            let (casing, color, dashes, group) = match ground.kind {
                AreaKind::CountIn => ("#ffffff", "#009E73", None, &self.grounds),
                AreaKind::LeaveOut => ("#ffffff", "#D55E00", Some("8 6"), &self.grounds),
                AreaKind::Gantry => ("#15171a", "#F0E442", Some("2 4"), &self.gantries),
            };
            // What was seen by itself must not hide what is looked for.
            let lines = if ground.seen { &[(color, 1.0)][..] } else { &[(casing, 5.0), (color, 2.5)] };
            for &(color, weight) in lines {
                let options = PolylineOptions::new();
                options.set_color(color.to_owned());
                options.set_weight(weight);
                options.set_opacity(if ground.seen { 0.45 } else { 1.0 });
                options.set_interactive(false);
                options.set_fill(ground.kind != AreaKind::CountIn);
                options.set_fill_color(color.to_owned());
                options.set_fill_opacity(if ground.seen { 0.04 } else { 0.12 });
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
        let others = [
            (&self.tracks, layers.tracks),
            (&self.grounds, true),
            (&self.gantries, layers.gantries),
            (&self.chosen, on(self.chosen_status)),
        ];
        for (group, on) in groups.chain(others) {
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
        if self.selected.as_deref() != key {
            self.selected = key.map(str::to_owned);
            self.mark();
        }
    }

    /// The middle of a car.
    pub fn middle(&self, key: &str) -> Option<Point> {
        self.find(key).map(|(car, _)| middle(&car))
    }

    fn find(&self, key: &str) -> Option<(Outline, Rc<RefCell<Vec<Outline>>>)> {
        let patches = self.kinds.iter().flat_map(|kind| kind.patches.values());
        patches.into_iter().find_map(|patch| {
            let cars = patch.cars.borrow();
            cars.iter().find(|car| car.key == key).map(|car| (car.clone(), Rc::clone(&patch.cars)))
        })
    }

    /// Lines get thinner where cars get small on the screen, so that they don't hide them.
    pub fn fit_to_zoom(&mut self, zoom: f64) {
        let thinness = libm::exp2(zoom * 0.5).clamp(0.4, 1.0);
        if thinness != self.thinness {
            self.thinness = thinness;
            for kind in &self.kinds {
                let lines = kind.patches.values().flat_map(|patch| &patch.lines);
                lines.for_each(|(path, line)| self.style(kind.status, path, *line));
            }
            self.chosen_lines.iter().for_each(|(path, line)| self.style(self.chosen_status, path, *line));
        }
    }

    /// Draws the cars of one kind in one square, unless they look as they did.
    fn put(&mut self, index: usize, at: Square, cars: Vec<Outline>) {
        let patch = self.kinds[index].patches.entry(at).or_default();
        let looks = |car: &Outline| (car.corners, car.accepted);
        let same = patch.cars.borrow().iter().map(looks).eq(cars.iter().map(looks));
        // Their keys may be others all the same.
        patch.cars.replace(cars);
        if same {
            return;
        }
        let held = Rc::clone(&patch.cars);
        let old = std::mem::take(&mut patch.lines);
        let Kind { status, group, .. } = &self.kinds[index];
        for (path, _) in &old {
            group.remove_layer(path);
        }
        let polygons: Array = held.borrow().iter().map(rings).collect();
        if polygons.length() == 0 {
            self.kinds[index].patches.remove(&at);
            return;
        }
        let lines = [Line::Casing, Line::Outline].map(|line| (self.path(*status, &polygons, line, &held), line));
        for (path, _) in &lines {
            group.add_layer(path);
        }
        if let Some(patch) = self.kinds[index].patches.get_mut(&at) {
            patch.lines = lines.into();
        }
    }

    /// Draws the selected car once more, over all others.
    fn mark(&mut self) {
        self.chosen.clear_layers();
        self.chosen_lines.clear();
        let Some((car, cars)) = self.selected.as_deref().and_then(|key| self.find(key)) else { return };
        self.chosen_status = car.status;
        let polygons = Array::of1(&rings(&car));
        for line in [Line::SelectedCasing, Line::Selected] {
            let path = self.path(car.status, &polygons, line, &cars);
            self.chosen.add_layer(&path);
            self.chosen_lines.push((path, line));
        }
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

/// The square in which a car's first corner lies.
fn square(car: &Outline) -> Square {
    let of = |v: f64| (v / SQUARE_PX).floor() as i64;
    (of(car.corners[0].x), of(car.corners[0].y))
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
