//! Cases for registration: real pictures of two dates, the newer one turned, scaled and shifted by a known amount; and pairs of
//! different places.

use super::data::{Folder, scene};
use anyhow::{Context, Result};
use sidings::geometry::{Point, Transform};
use sidings::georeference::{self, Georeference};
use sidings::random::Random;
use sidings::raster::{Raster, Samples, Scene};
use std::path::Path;

/// One question: how does *after* lie on *before*?
pub struct Case {
    /// Where the pictures come from, and which warp.
    pub name: String,
    /// The older picture.
    pub before: Scene,
    /// The newer one, warped.
    pub after: Scene,
    /// Takes points of *after* to *before*; `None` for two different places.
    pub truth: Option<Transform>,
    /// How far an answer may be off and be right, px of *before*.
    pub tolerance_px: f64,
}

/// Warps of every pair: within 15°, within 45°, any turn, and half a turn more or less.
const TURNS_DEG: [(f64, f64); 4] = [(-15.0, 15.0), (-45.0, 45.0), (-180.0, 180.0), (165.0, 195.0)];

/// Scales, and the largest shift as a share of the width.
const SCALES: (f64, f64) = (0.7, 1.4);
const SHIFT: f64 = 0.2;

/// Dates of the farmland tile that are laid over each other.
const NAIP: [(&str, &str); 8] = [
    ("20090818", "20120731"),
    ("20120731", "20150926"),
    ("20150926", "20180716"),
    ("20090818", "20150926"),
    ("20120731", "20180716"),
    ("20090818", "20180716"),
    ("20180716", "20120731"),
    ("20150926", "20090818"),
];

/// The town before the tornado, and the one tile after it that shows the same ground.
const JOPLIN: (&str, &str) = ("joplin/pre-utm15n.tif", "joplin/tile_31500-5137.tif");

/// Right is what lies within 2 px of a known truth. The town's two georeferences are themselves up to 2.2 px apart, so that there an answer within 2 px of the
/// ground may be 4 px from them.
const TOLERANCE_PX: f64 = 2.0;
const TOWN_TOLERANCE_PX: f64 = 4.0;

/// Pictures of places that have nothing in common.
const PLACES: [&str; 9] = [
    "yards/muttenz-west-0.5/image.png",
    "pairs/muttenz-west-0.7-hard-109/after.jpg",
    "pairs/canty_traffic/traffic1.jpg",
    "pairs/joplin/pre-utm15n.tif",
    "pairs/joplin/tile_31500-6161.tif",
    "pairs/naip-5m/20120731.tif",
    "pairs/naip-5m/20180716.tif",
    "yards/muttenz-west-0.2546/image.png",
    "pairs/joplin/tile_32524-5137.tif",
];

/// Which of [`PLACES`] are asked to lie on which; tiles of one town that have no ground in common among them.
const STRANGERS: [(usize, usize); 12] =
    [(0, 2), (2, 7), (3, 4), (3, 1), (2, 3), (4, 0), (5, 0), (8, 6), (3, 8), (6, 4), (7, 5), (1, 2)];

/// The warps of same places, then the strangers. Equal on every machine.
pub fn cases(data: &Folder) -> Result<Vec<Case>> {
    let mut pairs: Vec<(String, Scene, Scene, Transform)> = Vec::new();
    for pair in data.pairs()? {
        pairs.push((pair.name, pair.before.scene, pair.after.scene, pair.after_to_before));
    }
    let dates = NAIP.iter().map(|(a, b)| (format!("naip-5m/{a}.tif"), format!("naip-5m/{b}.tif")));
    for (before, after) in dates.chain([(JOPLIN.0.to_owned(), JOPLIN.1.to_owned())]) {
        let path = |name: &str| data.path(&format!("pairs/{name}"));
        let (b, a) = (placed(&path(&before))?, placed(&path(&after))?);
        let truth = georeference::after_to_before(&b.1, &a.1, (a.0.width(), a.0.height()));
        let truth = truth.with_context(|| format!("{before} and {after} say nothing of their place"))?;
        let (a, truth) = on_square_pixels(&a.0, &truth);
        pairs.push((format!("{before} – {after}"), b.0, a, truth));
    }
    let mut random = Random::new(72);
    let mut cases = Vec::new();
    for (name, before, after, truth) in pairs {
        for turns in TURNS_DEG {
            let turn_deg = random.between(turns.0, turns.1);
            let scale = libm::exp(random.between(libm::log(SCALES.0), libm::log(SCALES.1)));
            let shift = [0, 1].map(|_| random.between(-SHIFT, SHIFT));
            let to_after = about_the_middle(&after, scale, turn_deg, shift);
            cases.push(Case {
                name: format!("{name} ({turn_deg:.0}°, ×{scale:.2})"),
                before: Scene { samples: Samples::U8(before.rgb8().into_owned()), valid: before.valid.clone() },
                after: warped(&after, &to_after, (after.width(), after.height())),
                truth: Some(to_after.then(&truth)),
                tolerance_px: if name.starts_with(JOPLIN.0) { TOWN_TOLERANCE_PX } else { TOLERANCE_PX },
            });
        }
    }
    for (before, after) in STRANGERS {
        let (before, after) = (PLACES[before], PLACES[after]);
        let read = |name: &str| scene(&data.path(name));
        let (name, before, after) = (format!("{before} – {after}"), read(before)?, read(after)?);
        cases.push(Case { name, before, after, truth: None, tolerance_px: TOLERANCE_PX });
    }
    Ok(cases)
}

/// Scales and turns a picture about its middle, which then moves by shares of its size.
pub fn about_the_middle(picture: &Scene, scale: f64, turn_deg: f64, shift: [f64; 2]) -> Transform {
    let (width, height) = (picture.width() as f64, picture.height() as f64);
    let middle = (width / 2.0 + shift[0] * width, height / 2.0 + shift[1] * height);
    let from_the_middle = Transform::similarity(1.0, 0.0, -width / 2.0, -height / 2.0);
    from_the_middle.then(&Transform::similarity(scale, turn_deg.to_radians(), middle.0, middle.1))
}

fn placed(path: &Path) -> Result<(Scene, Georeference)> {
    let scene = scene(path)?;
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let georeference = georeference::read(&bytes, &path.display().to_string(), scene.width() as u32, scene.height() as u32);
    Ok((scene, georeference))
}

/// The picture on the older one's grid, and where it lies there: degrees and metres differ in the shape of their pixels, which no program
/// without a georeference can know.
fn on_square_pixels(scene: &Scene, to_before: &Transform) -> (Scene, Transform) {
    let (width, height) = (scene.width() as f64, scene.height() as f64);
    let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)].map(|(x, y)| to_before.apply(Point::new(x, y)));
    let bounds = |of: fn(&Point) -> f64| {
        let values = corners.iter().map(of);
        (values.clone().fold(f64::INFINITY, f64::min).floor(), values.fold(f64::NEG_INFINITY, f64::max).ceil())
    };
    let (x, y) = (bounds(|p| p.x), bounds(|p| p.y));
    let placed = Transform::similarity(1.0, 0.0, x.0, y.0);
    let Some(back) = to_before.inverse() else { return (scene.clone(), *to_before) };
    (warped(scene, &placed.then(&back), ((x.1 - x.0) as usize, (y.1 - y.0) as usize)), placed)
}

/// A picture of the given size whose points lie in `scene` where `to_scene` says: the mean of four bilinear samples a pixel. What lies
/// outside holds nothing.
pub fn warped(scene: &Scene, to_scene: &Transform, (width, height): (usize, usize)) -> Scene {
    let rgb = scene.rgb8();
    let mut samples = Vec::with_capacity(width * height * 3);
    let mut valid = Vec::with_capacity(width * height);
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let places = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]
            .map(|(dx, dy)| to_scene.apply(Point::new(x as f64 + dx, y as f64 + dy)));
        let seen = places.iter().all(|p| scene.sees(*p));
        valid.push(seen);
        for band in 0..3 {
            let sum: f32 = places.iter().map(|p| rgb.bilinear(p.x, p.y, band)).sum();
            samples.push(if seen { (sum / 4.0 + 0.5) as u8 } else { 0 });
        }
    }
    let samples = Raster::new(width, height, 3, samples).unwrap_or_else(|| Raster::filled(width, height, 3, 0));
    Scene { samples: Samples::U8(samples), valid: Raster::new(width, height, 1, valid) }
}
