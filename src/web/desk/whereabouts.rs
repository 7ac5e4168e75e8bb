//! Where the images lie: a near and a far map of their surroundings, with what they cover and the places around them.

use super::Desk;
use super::reading::written;
use crate::facilities::Facility;
use crate::pipeline::Side;
use crate::report::story::{LOCATOR_PX, Locator, Window};
use crate::web::place_views::{Covered, LocatorView, PlaceMark, Whereabouts};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Degrees from the upper to the lower side of the two maps, where the coast is known in detail: the second shows a yard's neighbours, the first its country.
const HEIGHTS_DEG: [f64; 2] = [5.0, 0.4];

/// The same elsewhere, where the coast is known to some 25 km.
const FAR_HEIGHTS_DEG: [f64; 2] = [100.0, 12.0];

/// An image that is smaller than this on the map is a mark with this side, px.
const MARK_PX: f64 = 7.0;

/// Height of a label, px, and room between a place and its label.
const LABEL_PX: f64 = 10.0;
const GAP_PX: f64 = 5.0;

/// Mean widths of letters, px: of scripts that are written in squares, and of others.
const WIDE_PX: f64 = 8.5;
const NARROW_PX: f64 = 4.9;

/// Most lines of the grid from side to side.
const LINES_MAX: f64 = 5.0;

/// What is drawn once and shown until something of it changes.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    /// The map that comes with the page, as text until it is first asked for.
    text: Option<String>,
    map: Option<Value>,
    key: Option<Key>,
    view: Option<Whereabouts>,
    /// Names of the built-in places in the page's language.
    names: BTreeMap<String, String>,
}

/// What the maps depend on.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    here: [f64; 2],
    images: Vec<(Side, [[f64; 2]; 4])>,
    places: Vec<Facility>,
    chosen: Option<String>,
    names: BTreeMap<String, String>,
}

impl Desk {
    /// The map that comes with the page, as GeoJSON.
    pub fn set_locator(&mut self, geojson: String) {
        self.drawn = Drawn { text: Some(geojson), names: std::mem::take(&mut self.drawn.names), ..Drawn::default() };
    }

    /// Names of places in the page's language, by their ids.
    pub(super) fn name_places(&mut self, names: &BTreeMap<String, String>) {
        self.drawn.names.clone_from(names);
    }

    /// Longitude and latitude of the middle of the images.
    pub(super) fn middle_lonlat(&self) -> Option<[f64; 2]> {
        self.covered().first().map(|(_, corners)| middle(corners))
    }

    fn covered(&self) -> Vec<(Side, [[f64; 2]; 4])> {
        let corners = |side: Side| self.picture(self.side(side)?)?.info.as_ref()?.georeference.corners_lonlat;
        [Side::Before, Side::After].into_iter().filter_map(|side| Some((side, corners(side)?))).collect()
    }

    /// Draws the maps anew where something changed.
    pub(super) fn draw_whereabouts(&mut self) {
        let images = self.covered();
        let chosen = self.place.facility.as_ref();
        let here = images.first().map(|(_, corners)| middle(corners)).or(chosen.map(|f| [f.lon, f.lat]));
        let Some(here) = here else {
            (self.drawn.key, self.drawn.view) = (None, None);
            return;
        };
        let (places, chosen) = (self.known_places(), chosen.map(|f| f.id.clone()));
        let key = Key { here, images, places, chosen, names: self.drawn.names.clone() };
        if self.drawn.key.as_ref() == Some(&key) {
            return;
        }
        if let Some(text) = self.drawn.text.take() {
            self.drawn.map = serde_json::from_str(&text).ok();
        }
        let detailed = Window::new(here, HEIGHTS_DEG[0]).is_known();
        let heights = if detailed { HEIGHTS_DEG } else { FAR_HEIGHTS_DEG };
        let map = self.drawn.map.as_ref().unwrap_or(&Value::Null);
        let maps = heights.map(|height_deg| draw(map, &key, Window::new(here, height_deg))).to_vec();
        self.drawn.view = Some(Whereabouts { at: written(here), placed: !key.images.is_empty(), maps });
        self.drawn.key = Some(key);
    }

    /// What the shell shows of it.
    pub(super) fn whereabouts(&self) -> Option<Whereabouts> {
        self.drawn.view.clone()
    }
}

fn middle(corners: &[[f64; 2]; 4]) -> [f64; 2] {
    [0, 1].map(|axis| corners.iter().map(|c| c[axis]).sum::<f64>() / 4.0)
}

fn draw(map: &Value, key: &Key, window: Window) -> LocatorView {
    let Locator { land, borders, rivers, railways, .. } = Locator::through(map, &window);
    let (grid, grid_deg) = grid(&window, key.here);
    let images = key.images.iter().map(|(side, corners)| covered(*side, corners, &window)).collect();
    let places = labelled(key, &window);
    LocatorView { width: LOCATOR_PX[0], height: LOCATOR_PX[1], land, borders, rivers, railways, grid, grid_deg, images, places }
}

/// What an image covers, or a mark in its place where that would hardly be seen.
fn covered(side: Side, corners: &[[f64; 2]; 4], window: &Window) -> Covered {
    let px = corners.map(|corner| window.px(corner));
    let span = |axis: usize| {
        let values = px.map(|p| p[axis]);
        values.iter().copied().fold(f64::MIN, f64::max) - values.iter().copied().fold(f64::MAX, f64::min)
    };
    let small = span(0).max(span(1)) < MARK_PX;
    let [x, y] = window.px(middle(corners));
    let half = MARK_PX / 2.0;
    let square = [[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]];
    let mut path = String::new();
    for ([x, y], letter) in if small { square } else { px }.iter().zip(['M', 'L', 'L', 'L']) {
        let _ = write!(path, "{letter}{x:.1} {y:.1}");
    }
    Covered { side, path: path + "Z", small }
}

/// Lines of longitude and latitude at round degrees, and how many degrees lie between them.
fn grid(window: &Window, here: [f64; 2]) -> (String, f64) {
    let reach = window.reach_deg();
    let step = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0].into_iter();
    let step = step.clone().find(|step| 2.0 * reach[0] / step <= LINES_MAX).or(step.last()).unwrap_or(30.0);
    let mut path = String::new();
    for axis in [0, 1] {
        let first = ((here[axis] - reach[axis]) / step).ceil() as i32;
        let last = ((here[axis] + reach[axis]) / step).floor() as i32;
        for n in first..=last {
            let mut at = here;
            at[axis] = f64::from(n) * step;
            let [x, y] = window.px(at);
            let _ = if axis == 0 {
                write!(path, "M{x:.1} 0V{:.0}", LOCATOR_PX[1])
            } else {
                write!(path, "M0 {y:.1}H{:.0}", LOCATOR_PX[0])
            };
        }
    }
    (path, step)
}

/// Left, top, right, bottom, px.
type Room = [f64; 4];

const fn apart(a: &Room, b: &Room) -> bool {
    a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]
}

/// The places in the window, the chosen one first; each has its name beside it where that hides nothing of those before.
fn labelled(key: &Key, window: &Window) -> Vec<PlaceMark> {
    let frame = [0.0, 0.0, LOCATOR_PX[0], LOCATOR_PX[1]];
    let chosen = |place: &Facility| key.chosen.as_ref() == Some(&place.id);
    let mut places: Vec<(&Facility, [f64; 2])> = key.places.iter().map(|p| (p, window.px([p.lon, p.lat]))).collect();
    places.retain(|(_, [x, y])| (0.0..=frame[2]).contains(x) && (0.0..=frame[3]).contains(y));
    places.sort_by_key(|(place, _)| !chosen(place));
    let half = MARK_PX / 2.0;
    let around = |[x, y]: [f64; 2]| [x - half, y - half, x + half, y + half];
    let mut taken: Vec<Room> = places.iter().map(|(_, at)| around(*at)).collect();
    taken.extend(key.images.iter().map(|(_, corners)| around(window.px(middle(corners)))));
    let own = key.places.len() - crate::facilities::built_in().len();
    let first_own = key.places.len() - own;
    let mark = |(place, [x, y]): (&Facility, [f64; 2])| {
        let name = key.names.get(&place.id).unwrap_or(&place.name).clone();
        let width = name.chars().map(|c| if c >= '\u{1100}' { WIDE_PX } else { NARROW_PX }).sum::<f64>();
        let middle = [x - width / 2.0, x + width / 2.0];
        let beside = [
            ("start", [x + GAP_PX, y - LABEL_PX / 2.0, x + GAP_PX + width, y + LABEL_PX / 2.0]),
            ("end", [x - GAP_PX - width, y - LABEL_PX / 2.0, x - GAP_PX, y + LABEL_PX / 2.0]),
            ("middle", [middle[0], y - GAP_PX - LABEL_PX, middle[1], y - GAP_PX]),
            ("middle", [middle[0], y + GAP_PX, middle[1], y + GAP_PX + LABEL_PX]),
        ];
        let inside = |room: &Room| room[0] >= frame[0] && room[1] >= frame[1] && room[2] <= frame[2] && room[3] <= frame[3];
        let free = beside.into_iter().find(|(_, room)| inside(room) && taken.iter().all(|other| apart(room, other)));
        let label = free.map(|(anchor, room)| {
            taken.push(room);
            let at = match anchor {
                "start" => room[0],
                "end" => room[2],
                _ => x,
            };
            (anchor, at, room[3] - LABEL_PX / 4.0)
        });
        let own = key.places[first_own..].iter().any(|o| o.id == place.id);
        PlaceMark { id: place.id.clone(), name, x, y, own, chosen: chosen(place), label }
    };
    places.into_iter().map(mark).collect()
}
