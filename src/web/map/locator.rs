//! The map behind the empty page: land, borders, rivers and the facilities, from data that came with the page.

use super::{element, more, reduced_motion};
use js_sys::{Array, Object, Reflect};
use leaflet::{CircleMarker, LatLng, LatLngBounds, Layer, Map, MapOptions, Tooltip, TooltipOptions};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::HtmlElement;

/// What is in view at first: the Korean peninsula's north and its borders. South-west and north-east corner.
const FIRST_VIEW: [(f64, f64); 2] = [(37.6, 123.0), (43.4, 132.0)];

/// On a window this wide, px, the card of the empty page stands over the map's left ...
const WIDE_PX: i32 = 896;

/// ... and hides this much of it, px: the first view fits into the rest.
const CARD_PX: i32 = 470;

/// The map behind the empty page.
pub struct Locator {
    container: HtmlElement,
    map: Map,
    _style: Closure<dyn FnMut(JsValue) -> Object>,
    _marker: Closure<dyn FnMut(JsValue, LatLng) -> CircleMarker>,
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
        options.set_min_zoom(5.0);
        options.set_max_zoom(11.0);
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
        let marker = Closure::new(|feature: JsValue, at: LatLng| facility(&feature, &at));
        let options = Object::new();
        set(&options, "style", style.as_ref());
        set(&options, "pointToLayer", marker.as_ref());
        set(&options, "interactive", &JsValue::FALSE);
        more::geo_json(geojson, &options).add_to(&map);
        Ok(Self { container, map, _style: style, _marker: marker })
    }

    /// Shown or hidden.
    pub fn show(&self, shown: bool) {
        let hidden = self.container.has_attribute("hidden");
        let _ = self.container.toggle_attribute_with_force("hidden", !shown);
        if shown && hidden {
            self.map.invalidate_size(false);
        }
    }

    /// The space it has changed.
    pub fn resize(&self) {
        self.map.invalidate_size(false);
    }
}

fn facility(feature: &JsValue, at: &LatLng) -> CircleMarker {
    let options = Object::new();
    set(&options, "radius", &5.into());
    set(&options, "className", &"locator-facility".into());
    let marker = CircleMarker::new_with_options(at, &options);
    let first = property(feature, "rank").as_f64().is_some_and(|rank| rank < 2.0);
    let options = TooltipOptions::new();
    options.set_permanent(first);
    options.set_direction("auto".to_owned());
    let label = element("span", "locator-name");
    label.set_text_content(property(feature, "name").as_string().as_deref());
    let tooltip = Tooltip::new(&options, None);
    tooltip.set_content(&label);
    marker.unchecked_ref::<Layer>().bind_tooltip(&tooltip);
    marker
}

fn property(feature: &JsValue, name: &str) -> JsValue {
    let properties = Reflect::get(feature, &"properties".into()).unwrap_or(JsValue::UNDEFINED);
    Reflect::get(&properties, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn set(object: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &key.into(), value);
}
