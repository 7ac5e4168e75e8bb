//! What a scene is made from and what it gives.

use crate::compose::{self, Seeds};
use crate::rail::wagon::Family;
use sidings::geometry::{OrientedRect, Point};
use sidings::random::mix;
use sidings::raster::Raster;

/// What kind of place a scene shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A yard with railcars.
    Yard,
    /// One to three tracks through town or country, with a train.
    Line,
    /// A yard or a line without a railcar.
    EmptyTracks,
    /// Streets with houses and gardens, terraces, blocks of flats, sports grounds.
    Town,
    /// Works, warehouses, containers, car and lorry parks.
    Industry,
    /// Fields, woods, farms, water.
    Country,
    /// Motorways and main roads.
    Motorway,
    /// Greenhouses, stables, caravans, solar panels: long roofs in rows.
    LongRoofs,
    /// A quarter after a tornado.
    Storm,
}

impl Kind {
    /// All, in the order of their numbers in exports.
    pub const ALL: [Self; 9] = [
        Self::Yard,
        Self::Line,
        Self::EmptyTracks,
        Self::Town,
        Self::Industry,
        Self::Country,
        Self::Motorway,
        Self::LongRoofs,
        Self::Storm,
    ];

    /// How often each is drawn: 56 % with railcars.
    const SHARES: [f32; 9] = [0.49, 0.07, 0.06, 0.12, 0.10, 0.04, 0.06, 0.03, 0.03];

    /// Place in [`Kind::ALL`].
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|&k| k == self).unwrap_or(0)
    }

    pub(crate) fn shares() -> &'static [f32] {
        &Self::SHARES
    }
}

/// What to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recipe {
    /// Pixels along a side.
    pub side_px: usize,
    /// Ground sample distance of the grid that is returned, m; sensors of other distances are resampled to it.
    pub gsd_m: f64,
    /// Cells along a side of a pixel before the sensor. Two are fourfold oversampling, the least at which rails and gaps do not flicker
    /// with their place on the grid; three cost twice the time and are what training uses.
    pub cells_per_pixel: usize,
    /// The kind of place; `None`: drawn from the seed.
    pub kind: Option<Kind>,
    /// Whether gantries and wires span the tracks where the seed has put them. Without them the same scene shows what they cost.
    pub beams: bool,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { side_px: 512, gsd_m: 0.5, cells_per_pixel: 2, kind: None, beams: true }
    }
}

/// A railcar of a scene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Car {
    /// Outline of the body without couplers, px, where the camera sees it (roofs lean).
    pub rect_px: OrientedRect,
    /// What kind of car.
    pub family: Family,
    /// Height of the roof or load, m.
    pub height_m: f64,
    /// Track it stands on, counted from the first in [`Scene::tracks_px`].
    pub track: usize,
    /// True when the picture's edge cuts it.
    pub cut: bool,
}

/// A picture and the truth about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The picture.
    pub rgb: Raster<u8>,
    /// m a pixel.
    pub gsd_m: f64,
    /// Every railcar that can be seen at least in part.
    pub railcars: Vec<Car>,
    /// Axes of the tracks, px.
    pub tracks_px: Vec<Vec<Point>>,
    /// Direction in which shadows fall, from +x toward +y.
    pub shadow_rad: f64,
    /// Height of the sun over the horizon, radians.
    pub sun_height_rad: f64,
    /// Light that reaches full shadow, 0 to 1: at 0.7 or more there are no shadows to speak of.
    pub sky: f64,
    /// True when snow lies.
    pub snow: bool,
    /// The kind of place.
    pub kind: Kind,
}

/// Two dates of one place on one grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The earlier date.
    pub before: Scene,
    /// The later one: another sun, season and sensor, some tracks with other cars.
    pub after: Scene,
}

/// Draws one scene.
///
/// ```
/// use sidings_generator::{Recipe, scene};
/// let recipe = Recipe { side_px: 64, ..Recipe::default() };
/// assert_eq!(scene(7, &recipe), scene(7, &recipe));
/// ```
pub fn scene(seed: u64, recipe: &Recipe) -> Scene {
    compose::scene(Seeds { site: seed, traffic: 0, view: mix(seed) }, recipe)
}

/// Draws one place on two dates.
pub fn pair(seed: u64, recipe: &Recipe) -> Pair {
    let recipe = Recipe { kind: recipe.kind.or(Some(Kind::Yard)), ..*recipe };
    let date = |traffic: u64| compose::scene(Seeds { site: seed, traffic, view: mix(seed ^ (traffic + 1)) }, &recipe);
    Pair { before: date(0), after: date(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(kind: Kind) -> Recipe {
        Recipe { side_px: 160, kind: Some(kind), ..Recipe::default() }
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        for kind in Kind::ALL {
            assert_eq!(scene(11, &small(kind)), scene(11, &small(kind)), "{kind:?}");
        }
    }

    #[test]
    fn only_yards_and_lines_hold_railcars() {
        for (k, kind) in Kind::ALL.into_iter().enumerate().skip(2) {
            assert!(scene(k as u64, &small(kind)).railcars.is_empty(), "{kind:?}");
        }
        let cars: usize = (0..6).map(|seed| scene(seed, &small(Kind::Yard)).railcars.len()).sum();
        assert!(cars > 10, "six yards with {cars} cars");
    }

    #[test]
    fn a_third_of_all_scenes_and_more_hold_none() {
        let with: f32 = Kind::SHARES[..2].iter().sum();
        assert!(with <= 0.65 * Kind::SHARES.iter().sum::<f32>());
    }

    #[test]
    fn two_dates_share_tracks_and_most_cars() {
        let recipe = small(Kind::Yard);
        let (mut kept, mut new) = (0, 0);
        for seed in 0..6 {
            let pair = pair(seed, &recipe);
            assert_eq!(pair.before.tracks_px, pair.after.tracks_px);
            for car in &pair.after.railcars {
                let same = |c: &Car| c.track == car.track && c.rect_px.center.distance(car.rect_px.center) < 8.0;
                if pair.before.railcars.iter().any(same) { kept += 1 } else { new += 1 }
            }
        }
        assert!(kept > 5 && new > 0, "{kept} kept, {new} new");
    }

    #[test]
    fn without_beams_the_same_cars_stand_under_the_same_sun() {
        let recipe = small(Kind::Yard);
        let pairs = (0..8).map(|seed| (scene(seed, &recipe), scene(seed, &Recipe { beams: false, ..recipe })));
        let mut differ = 0;
        for (spanned, bare) in pairs {
            assert_eq!((&spanned.railcars, spanned.shadow_rad), (&bare.railcars, bare.shadow_rad));
            differ += usize::from(spanned.rgb != bare.rgb);
        }
        assert!((2..8).contains(&differ), "some yards have gantries or wires: {differ}");
    }
}
