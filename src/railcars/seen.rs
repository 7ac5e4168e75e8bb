//! Everything that was seen of one image.

use super::cues::Tables;
use super::evidence::Views;
use super::ground::Ground;

/// The image, what the network said of it, and what it taught about itself.
pub(super) struct Seen {
    /// m a pixel of the image.
    pub gsd_m: f64,
    pub ground: Ground,
    pub views: Views,
    /// `None` until learnt, and in scenes with too few sure cars.
    pub tables: Option<Tables>,
}
