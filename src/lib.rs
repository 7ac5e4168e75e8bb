//! Sidings lays two dated images of a rail yard over each other, finds the railcars in each, and says which are new,
//! gone or on both dates, with an interval on every count.
//!
//! ```text
//! files ─ decode ─ georeference ─┬─ align ── normalise ── change ──┐
//!                                │                                 ├─ compare ─ record ─ report ─ shell / story
//!                                └─ railcars (tracks → strips → cars), once per image ─┘
//! ```
//!
//! Bytes and numbers in, values out: nothing here knows a browser, a clock, a thread, a file or a global. The `web`
//! module is the one exception, and its browser parts exist on wasm32 only. Stages import the foundation, never each other;
//! only [`pipeline`] knows their order.

#![deny(unsafe_code)]

pub mod align;
pub mod change;
pub mod compare;
pub mod corrections;
pub mod credentials;
pub mod date;
pub mod decode;
pub mod error;
pub mod example;
pub mod facilities;
pub mod geometry;
pub mod georeference;
pub mod ifd;
pub mod limits;
pub mod markup;
pub mod normalise;
pub mod pipeline;
pub mod railcars;
pub mod random;
pub mod raster;
pub mod record;
pub mod report;
pub mod resample;
pub mod statement;
pub mod table;
pub mod tracks_file;
pub mod web;
pub mod yard;
