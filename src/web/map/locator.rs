//! The map behind the empty page: land, borders, rivers, railways, the facilities and the user's own places, from data that came with the page.

use super::{element, more, reduced_motion};
use crate::facilities::Facility;
use gloo::timers::callback::Timeout;
use js_sys::{Array, Object, Reflect};
use leaflet::{CircleMarker, Evented, LatLng, LatLngBounds, Layer, Map, MapOptions, Tooltip, TooltipOptions};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{DomRect, HtmlElement};

/// What is in view at first: the Korean peninsula's north and its borders. South-west and north-east corner.
const FIRST_VIEW: [(f64, f64); 2] = [(37.6, 123.0), (43.4, 132.0)];

/// On a window this wide, px, the card of the empty page stands over the map's left ...
const WIDE_PX: i32 = 896;

/// ... and hides this much of it, px: the first view fits into the rest.
const CARD_PX: i32 = 470;

/// Room between a place and its name, px.
const GAP_PX: f64 = 6.0;

/// From the whole world to one yard's neighbours.
const ZOOMS: (f64, f64) = (1.0, 11.0);

/// The map behind the empty page.
pub struct Locator {
    container: HtmlElement,
    map: Map,
    spots: Rc<RefCell<Vec<Spot>>>,
    soon_after: Rc<RefCell<Option<Timeout>>>,
    _style: Closure<dyn FnMut(JsValue) -> Object>,
    _facility: Closure<dyn FnMut(JsValue, LatLng) -> CircleMarker>,
    _moved: Closure<dyn FnMut()>,
}

/// A place on the map, with its name beside it.
struct Spot {
    id: String,
    marker: CircleMarker,
    /// On its four sides; at most one of them is seen.
    names: [HtmlElement; 4],
    /// The user's own.
    own: bool,
    rank: f64,
}

impl Spot {
    fn new(id: String, name: &str, at: &LatLng, own: bool, rank: f64) -> Self {
        let options = Object::new();
        set(&options, "radius", &5.into());
        set(&options, "className", &if own { "locator-own" } else { "locator-facility" }.into());
        set(&options, "interactive", &JsValue::FALSE);
        let marker = CircleMarker::new_with_options(at, &options);
        // One tooltip holds the name on every side, so that none has to be asked of Leaflet, which would lay the page out each time.
        let label = element("span", "locator-label");
        let names = ["right", "left", "above", "below"].map(|side| format!("locator-name {side}")).map(|class| {
            let text = element("span", &class);
            text.set_text_content(Some(name));
            let _ = label.append_child(&text);
            text
        });
        let options = TooltipOptions::new();
        options.set_permanent(true);
        options.set_direction("center".to_owned());
        let tooltip = Tooltip::new(&options, None);
        tooltip.set_content(&label);
        marker.unchecked_ref::<Layer>().bind_tooltip(&tooltip);
        Self { id, marker, names, own, rank }
    }
}

impl Locator {
    /// A map in `parent` with this GeoJSON.
    ///
    /// # Errors
    /// What Leaflet says.
    pub fn new(parent: &HtmlElement, geojson: &JsValue, name: &str) -> Result<Self, JsValue> {
        let container = element("div", "locator");
        container.set_attribute("role", "region")?;
        container.set_attribute("aria-label", name)?;
        parent.append_child(&container)?;
        let options = MapOptions::new();
        options.set_attribution_control(false);
        options.set_zoom_control(false);
        options.set_scroll_wheel_zoom(true);
        options.set_min_zoom(ZOOMS.0);
        options.set_max_zoom(ZOOMS.1);
        options.set_zoom_snap(0.25);
        options.set_zoom_animation(!reduced_motion());
        let map = Map::new_with_element(&container, &options)?;
        let [south_west, north_east] = FIRST_VIEW.map(|(lat, lng)| LatLng::new(lat, lng));
        let covered = if container.client_width() < WIDE_PX { 0 } else { CARD_PX };
        let options = Object::new();
        set(&options, "paddingTopLeft", &Array::of2(&covered.into(), &0.into()));
        map.fit_bounds_with_options(&LatLngBounds::new(&south_west, &north_east), &options);
        let style = Closure::new(|feature: JsValue| {
            let path = Object::new();
            set(&path, "className", &format!("locator-{}", property(&feature, "kind").as_string().unwrap_or_default()).into());
            set(&path, "interactive", &JsValue::FALSE);
            path
        });
        let spots: Rc<RefCell<Vec<Spot>>> = Rc::default();
        let facility = {
            let spots = Rc::clone(&spots);
            Closure::new(move |feature: JsValue, at: LatLng| {
                let text = |key: &str| property(&feature, key).as_string().unwrap_or_default();
                let rank = property(&feature, "rank").as_f64().unwrap_or(f64::MAX);
                let spot = Spot::new(text("id"), &text("name"), &at, false, rank);
                let marker = spot.marker.clone();
                spots.borrow_mut().push(spot);
                marker
            })
        };
        let options = Object::new();
        set(&options, "style", style.as_ref());
        set(&options, "pointToLayer", facility.as_ref());
        set(&options, "interactive", &JsValue::FALSE);
        more::geo_json(geojson, &options).add_to(&map);
        let soon_after = Rc::default();
        let moved = {
            let (frame, spots, soon_after) = (container.clone(), Rc::clone(&spots), Rc::clone(&soon_after));
            Closure::new(move || make_room(&frame, &spots, &soon_after))
        };
        map.unchecked_ref::<Evented>().on("zoomend moveend resize", moved.as_ref());
        make_room(&container, &spots, &soon_after);
        Ok(Self { container, map, spots, soon_after, _style: style, _facility: facility, _moved: moved })
    }

    /// Shown or hidden.
    pub fn show(&self, shown: bool) {
        let hidden = self.container.has_attribute("hidden");
        let _ = self.container.toggle_attribute_with_force("hidden", !shown);
        if shown && hidden {
            self.map.invalidate_size(false);
            make_room(&self.container, &self.spots, &self.soon_after);
        }
    }

    /// The space it has changed.
    pub fn resize(&self) {
        self.map.invalidate_size(false);
    }

    /// The map's own name, and those of facilities by their ids, in the language of the page.
    pub fn set_names(&self, map: &str, names: &BTreeMap<String, String>) {
        let _ = self.container.set_attribute("aria-label", map);
        for spot in self.spots.borrow().iter().filter(|spot| !spot.own) {
            if let Some(name) = names.get(&spot.id) {
                spot.names.iter().for_each(|text| text.set_text_content(Some(name)));
            }
        }
        make_room(&self.container, &self.spots, &self.soon_after);
    }

    /// The user's own places, in place of those that were there.
    pub fn show_places(&self, places: &[Facility]) {
        let mut spots = self.spots.borrow_mut();
        let there = spots.iter().filter(|spot| spot.own).map(|spot| &spot.id);
        if there.eq(places.iter().map(|place| &place.id)) {
            return;
        }
        spots.retain(|spot| {
            if spot.own {
                spot.marker.unchecked_ref::<Layer>().remove();
            }
            !spot.own
        });
        for place in places {
            let spot = Spot::new(place.id.clone(), &place.name, &LatLng::new(place.lat, place.lon), true, 0.0);
            spot.marker.unchecked_ref::<Layer>().add_to(&self.map);
            spots.push(spot);
        }
        drop(spots);
        make_room(&self.container, &self.spots, &self.soon_after);
    }
}

/// As soon as Leaflet has put everything in its place, names that would lie on others make room: each is right of its place, else left of
/// it, above, below, else not seen; the user's own first, then by rank.
fn make_room(frame: &HtmlElement, spots: &Rc<RefCell<Vec<Spot>>>, soon_after: &Rc<RefCell<Option<Timeout>>>) {
    let (frame, spots) = (frame.clone(), Rc::downgrade(spots));
    let soon = Timeout::new(0, move || {
        let Some(spots) = spots.upgrade() else { return };
        let spots = spots.borrow();
        let mut order: Vec<&Spot> = spots.iter().collect();
        order.sort_by(|a, b| a.rank.total_cmp(&b.rank));
        // All are measured before any is changed, so that the page is laid out once.
        let rooms: Vec<[DomRect; 4]> =
            order.iter().map(|spot| spot.names.each_ref().map(|n| n.get_bounding_client_rect())).collect();
        let marks: Vec<[f64; 4]> = rooms.iter().map(|[right, ..]| mark_of(right)).collect();
        let frame = frame.get_bounding_client_rect();
        let mut taken: Vec<[f64; 4]> = Vec::new();
        for (n, (spot, rooms)) in order.iter().zip(&rooms).enumerate() {
            let free = rooms.iter().position(|room| {
                let room = [room.left(), room.top(), room.right(), room.bottom()];
                let clear = room[0] >= frame.left()
                    && room[2] <= frame.right()
                    && taken.iter().all(|other| apart(&room, other))
                    && marks.iter().enumerate().all(|(m, mark)| m == n || apart(&room, mark));
                if clear {
                    taken.push(room);
                }
                clear
            });
            for (side, name) in spot.names.iter().enumerate() {
                let _ = name.toggle_attribute_with_force("data-crowded", free != Some(side));
            }
            // Leaflet calls it a tooltip; a name that always stands there is none, and one that finds no room has nothing to say.
            if let Ok(Some(tooltip)) = spot.names[0].closest(".leaflet-tooltip") {
                let _ = tooltip.remove_attribute("role");
            }
        }
    });
    *soon_after.borrow_mut() = Some(soon);
}

/// Where the mark stands whose name to the right lies there.
fn mark_of(right: &DomRect) -> [f64; 4] {
    let (x, y) = (right.left() - GAP_PX, (right.top() + right.bottom()) / 2.0);
    [x - GAP_PX, y - GAP_PX, x + GAP_PX, y + GAP_PX]
}

fn apart(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]
}

fn property(feature: &JsValue, name: &str) -> JsValue {
    let properties = Reflect::get(feature, &"properties".into()).unwrap_or(JsValue::UNDEFINED);
    Reflect::get(&properties, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn set(object: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &key.into(), value);
}
