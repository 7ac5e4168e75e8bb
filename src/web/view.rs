//! How the map is looked at: how the dates are laid over each other, and which layers show.

use serde::{Deserialize, Serialize};

/// How the two dates are laid over each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// *Before* left of a divider, *after* right of it.
    #[default]
    Swipe,
    /// *Before* above a divider, *after* below it.
    SwipeVertical,
    /// One after the other; stands still when the reader asked for reduced motion.
    Blink,
    /// *After* over *before* with an opacity.
    Fade,
    /// Two maps that move together.
    Side,
}

/// What can be drawn over the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LayerName {
    /// Cars of *after* where *before* had none.
    New,
    /// Cars of *before* where *after* has none.
    Gone,
    /// Places occupied on both dates.
    Both,
    /// Cars that the user rejected.
    Rejected,
    /// The tracks that were found or drawn.
    Tracks,
    /// Gantries that the user drew.
    Gantries,
    /// The change score.
    Change,
    /// How well the images lie over each other, as arrows.
    Residuals,
    /// Lines of latitude and longitude; of metres where the place is unknown.
    Grid,
}

impl Mode {
    /// True where a divider parts the dates.
    pub fn divides(self) -> bool {
        matches!(self, Mode::Swipe | Mode::SwipeVertical)
    }
}

/// How the map is looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// How the dates are laid over each other.
    pub mode: Mode,
    /// Which layers show.
    pub layers: Layers,
    /// Key of the selected car.
    pub selected: Option<String>,
    /// Where the divider stands, 0 to 1 of the map's width, or of its height.
    pub swipe: f64,
    /// How much of *after* shows in the fade, 0 to 1.
    pub fade: f64,
    /// The list shows what the map shows.
    pub follow: bool,
}

impl Default for View {
    fn default() -> Self {
        Self { mode: Mode::Swipe, layers: Layers::default(), selected: None, swipe: 0.5, fade: 0.5, follow: false }
    }
}

/// Which layers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Layers {
    /// New cars.
    pub new: bool,
    /// Gone cars.
    pub gone: bool,
    /// Places occupied on both dates.
    pub both: bool,
    /// Rejected cars.
    pub rejected: bool,
    /// Tracks.
    pub tracks: bool,
    /// Gantries.
    pub gantries: bool,
    /// Change score.
    pub change: bool,
    /// Residuals of the alignment.
    pub residuals: bool,
    /// Graticule, or a grid of metres.
    pub grid: bool,
}

impl Default for Layers {
    fn default() -> Self {
        Self {
            new: true,
            gone: true,
            both: true,
            rejected: true,
            tracks: false,
            gantries: true,
            change: false,
            residuals: false,
            grid: false,
        }
    }
}
