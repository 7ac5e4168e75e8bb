//! The little of Leaflet that `leaflet-rs` 0.5 doesn't bind.

use js_sys::{Object, Reflect};
use leaflet::{Control, LatLng, LatLngBounds, Layer, Map, Point};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    /// What [`leaflet::Map`] lacks.
    pub type MapMore;

    #[wasm_bindgen(method, js_name = createPane)]
    pub fn create_pane(this: &MapMore, name: &str) -> HtmlElement;

    #[wasm_bindgen(method)]
    pub fn remove(this: &MapMore);

    #[wasm_bindgen(method, js_name = getPane)]
    pub fn pane(this: &MapMore, name: &str) -> HtmlElement;

    #[wasm_bindgen(method)]
    pub fn once(this: &MapMore, event: &str, handler: &JsValue);

    #[wasm_bindgen(method, js_name = containerPointToLayerPoint)]
    pub fn container_point_to_layer_point(this: &MapMore, point: &Point) -> Point;

    #[wasm_bindgen(method, js_name = getBoundsZoom)]
    pub fn bounds_zoom(this: &MapMore, bounds: &LatLngBounds) -> f64;

    /// What a tile event of [`leaflet::GridLayer`] carries.
    #[wasm_bindgen(extends = js_sys::Object)]
    pub type TileEvent;

    #[wasm_bindgen(method, getter)]
    pub fn tile(this: &TileEvent) -> HtmlElement;

    /// Column, row and zoom of a tile.
    #[wasm_bindgen(extends = js_sys::Object)]
    pub type TileCoords;

    #[wasm_bindgen(method, getter)]
    pub fn x(this: &TileCoords) -> f64;

    #[wasm_bindgen(method, getter)]
    pub fn y(this: &TileCoords) -> f64;

    #[wasm_bindgen(method, getter)]
    pub fn z(this: &TileCoords) -> f64;

    /// `L.control.scale`.
    #[wasm_bindgen(js_namespace = ["L", "control"], js_name = scale)]
    pub fn scale(options: &JsValue) -> Control;

    /// `L.Marker`: leaflet-rs 0.5 gives it no icon of text, since its `DivIcon` makes an `L.Icon`.
    #[derive(Debug, Clone)]
    #[wasm_bindgen(extends = Layer)]
    pub type Pin;

    #[wasm_bindgen(js_namespace = L, js_name = marker)]
    pub fn marker(at: &LatLng, options: &JsValue) -> Pin;

    #[wasm_bindgen(method, js_name = getLatLng)]
    pub fn lat_lng(this: &Pin) -> LatLng;

    #[wasm_bindgen(js_namespace = L, js_name = divIcon)]
    pub fn div_icon(options: &JsValue) -> JsValue;

    /// `L.geoJSON`, which leaflet-rs binds and doesn't export.
    #[wasm_bindgen(js_namespace = L, js_name = geoJSON)]
    pub fn geo_json(geojson: &JsValue, options: &JsValue) -> Layer;

    /// The plane without a globe: x right, y up, one unit a pixel at zoom 0.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["L", "CRS"], js_name = Simple)]
    pub static PLANE: JsValue;
}

/// Puts a place into the middle of a map. While a zoom is under way Leaflet would not hear of it, and its end would undo it: it waits for that.
pub fn go_to(map: &Map, middle: &LatLng, zoom: f64, animated: bool) {
    let options = Object::new();
    let _ = Reflect::set(&options, &"animate".into(), &animated.into());
    let more = map.unchecked_ref::<MapMore>();
    if !more.pane("mapPane").class_list().contains("leaflet-zoom-anim") {
        map.set_view_with_options(middle, zoom, &options);
        return;
    }
    let (later, middle) = (map.clone(), middle.clone());
    let arrived = Closure::once_into_js(move || {
        later.set_view_with_options(&middle, zoom, &options);
    });
    more.once("zoomend", &arrived);
}
