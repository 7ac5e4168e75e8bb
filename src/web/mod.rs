//! The page: commands in, snapshots out. The only place that knows a browser.
//!
//! ```text
//! shell ── Command ──▶ session ─▶ page ─┬─ desk             (what lies there, what may run, what is refused) ── Snapshot ──▶ shell
//!                                   ├─ pool ⇄ worker    (files read, scenes decoded, jobs done, tiles drawn, files made)
//!                                   └─ map              (Leaflet, through leaflet-rs)
//! ```
//!
//! [`command`], [`snapshot`], [`desk`] and what they are made of are plain values and compile everywhere, so that they are
//! tested natively; what touches the browser exists on wasm32 only.

pub mod budget;
pub mod command;
pub mod compact;
pub mod correction_views;
pub mod desk;
pub mod draw;
pub mod export;
pub mod file_views;
pub mod hand_views;
pub mod hatch;
pub mod labels;
mod order;
pub mod picture;
pub mod place_views;
pub mod project_file;
pub mod record_views;
pub mod snapshot;
pub mod view;

#[cfg(target_arch = "wasm32")]
mod download;
#[cfg(target_arch = "wasm32")]
mod errand;
#[cfg(target_arch = "wasm32")]
mod map;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod pool;
#[cfg(target_arch = "wasm32")]
mod question;
#[cfg(target_arch = "wasm32")]
pub mod session;
#[cfg(target_arch = "wasm32")]
pub mod worker;

/// The reference of a place on the military grid, see [`crate::georeference::mgrs`]; `undefined` near the poles.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(js_name = gridReference)]
pub fn grid_reference(lon: f64, lat: f64) -> Option<String> {
    crate::georeference::mgrs(lon, lat)
}

/// Whether a file of this name holds tracks.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(js_name = isTracksFile)]
pub fn is_tracks_file(name: &str) -> bool {
    crate::tracks_file::is_tracks_file(name)
}

/// The version of the core, as `Cargo.toml` has it.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
