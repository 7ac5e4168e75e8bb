//! Drawn scenes as satellites see them: rail yards with every railcar known, and places that hold none.
//!
//! ```text
//! seed ─ site (ground, tracks, houses, roads) ─ traffic (wagons) ─ light (sun, shadows, lean) ─ sensor ─ 8-bit RGB + truth
//! ```
//!
//! Everything follows from the seed: the same seed gives the same bytes on every machine. Its constants were chosen beside pictures of
//! real places and owe nothing to the detector's; the detector may be wrong about these scenes, and the scenes about the world.
//!
//! Lengths are in metres, angles run from +x toward +y, pixel centres lie at +0.5, x right, y down.

mod canvas;
mod compose;
mod draw;
mod export;
mod ground;
mod light;
mod palette;
mod path;
mod rail;
mod scene;
mod sensor;
mod sheet;
mod sites;
mod texture;
mod world;

pub use export::export;
pub use rail::wagon::Family;
pub use scene::{Car, Kind, Pair, Recipe, Scene, pair, scene};
pub use sheet::sheet;
