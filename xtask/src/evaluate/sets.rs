//! The pictures that railcars are counted in, and the situations they show.

use super::data::{Car, Folder, Yard};
use anyhow::{Context, Result};
use image::{RgbImage, imageops};
use sidings::geometry::Point;
use sidings::raster::{Raster, Samples, Scene};
use sidings_generator::{Family, Kind, Recipe};

/// First seed of the drawn places; training takes seeds from 100,000 to 300,000.
pub const FIRST_SEED: u64 = 900_000;

/// Drawn yards and lines at 0.5 m, yards drawn again at each other ground sample distance, and places without cars of each kind.
const YARDS: u64 = 48;
const LINES: u64 = 16;
const AGAIN: u64 = 12;
const EMPTY: u64 = 16;

/// Side of a drawn place, m, and the other ground sample distances.
const SIDE_M: f64 = 256.0;
const OTHER_GSD_M: [f64; 4] = [0.25, 0.4, 0.7, 1.0];
const USUAL_GSD_M: f64 = 0.5;

/// Light in full shadow from which on no shadows are to be seen.
const OVERCAST: f64 = 0.7;

/// Real places without railcars: file, what it is, m a pixel. The railway in the motorway's pictures is empty.
const REAL_EMPTY: [(&str, &str, f64); 6] = [
    ("pairs/canty_traffic/traffic1.jpg", "a motorway", 0.3),
    ("pairs/canty_traffic/traffic2.jpg", "a motorway", 0.3),
    ("pairs/joplin/pre-utm15n.tif", "a suburb", 0.600),
    ("pairs/joplin/tile_31500-5137.tif", "the suburb after a tornado", 0.596),
    ("pairs/joplin/tile_31500-6161.tif", "the suburb after a tornado", 0.596),
    ("pairs/joplin/tile_32524-5137.tif", "the suburb after a tornado", 0.596),
];

/// What pictures have in common: its place in the tables, and its name.
pub type Situation = (u8, String);

/// The situation of all drawn pictures at the usual distance.
pub const USUAL: u8 = 10;

/// A picture to count in.
pub struct Image {
    pub yard: Yard,
    /// The same for all pictures of the same ground.
    pub place: usize,
    /// The situations it counts for.
    pub situations: Vec<Situation>,
    /// Axes of its tracks, px, where they are known.
    pub tracks_px: Option<Vec<Vec<Point>>>,
    /// What every car is, where that is known.
    pub families: Vec<Family>,
}

/// Ground sample distance to which the finest picture of the real yard is averaged, m: newer satellites have it, and no file does.
const BETWEEN_GSD_M: f64 = 0.4;

/// The real yard at four ground sample distances, and both dates of the pairs made of it: all of one photograph.
pub fn real(data: &Folder) -> Result<Vec<Image>> {
    let mut yards = data.yards()?;
    if let Some(finest) = (0..yards.len()).min_by(|&a, &b| yards[a].gsd_m.total_cmp(&yards[b].gsd_m)) {
        let between = coarser(&yards[finest], BETWEEN_GSD_M)?;
        yards.insert(finest + 1, between);
    }
    let photographed = yards.into_iter().map(|yard| (yard, (5, "as photographed")));
    let dates = data.pairs()?.into_iter().flat_map(|pair| {
        let how = match pair.name.split('-').find(|part| ["easy", "hard", "same"].contains(part)) {
            Some("easy") => (7, "cars moved, almost the same light"),
            Some("hard") => (8, "cars moved, turned, other light, noise, JPEG"),
            _ => (6, "nothing moved, other light"),
        };
        [pair.before, pair.after].map(|yard| (yard, how))
    });
    let image = |(yard, how): (Yard, (u8, &str))| {
        let gsd = match yard.gsd_m {
            ..0.35 => (1, "0.25 and 0.3 m"),
            ..0.45 => (2, "0.4 m"),
            ..0.6 => (3, "0.5 m"),
            _ => (4, "0.7 m"),
        };
        Image { yard, place: 0, situations: named([(0, "all"), gsd, how]), tracks_px: None, families: Vec::new() }
    };
    Ok(photographed.chain(dates).map(image).collect())
}

/// A picture averaged to larger pixels, with its labels.
fn coarser(yard: &Yard, gsd_m: f64) -> Result<Yard> {
    let rgb = yard.scene.rgb8();
    let cells = |n: usize| (n as f64 * yard.gsd_m / gsd_m).round() as u32;
    let picture = RgbImage::from_raw(rgb.width() as u32, rgb.height() as u32, rgb.samples().to_vec());
    let picture = imageops::resize(
        &picture.context("three bands")?,
        cells(rgb.width()),
        cells(rgb.height()),
        imageops::FilterType::Triangle,
    );
    // Whole pixels: the distance that comes of them differs from the one asked for by less than one in a hundred.
    let ratio = f64::from(picture.width()) / rgb.width() as f64;
    let scaled = |car: &Car| Car { rect_px: car.rect_px.scaled(ratio), ..car.clone() };
    let cars = yard.cars.iter().map(scaled).collect();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let rgb = Raster::new(width, height, 3, picture.into_raw()).context("three bands")?;
    let name = yard.name.rsplit_once('-').map_or(yard.name.as_str(), |(place, _)| place);
    Ok(Yard {
        name: format!("{name}-{gsd_m}, averaged"),
        gsd_m: yard.gsd_m / ratio,
        scene: Scene { samples: Samples::U8(rgb), valid: None },
        cars,
    })
}

/// Drawn yards and lines of seeds never trained on.
pub fn drawn() -> Vec<Image> {
    let seeds = |n: u64| FIRST_SEED..FIRST_SEED + n;
    let yards = seeds(YARDS).map(|seed| picture(seed, recipe(Kind::Yard, USUAL_GSD_M)));
    let lines = seeds(LINES).map(|seed| picture(seed, recipe(Kind::Line, USUAL_GSD_M)));
    let again = OTHER_GSD_M.into_iter().flat_map(|gsd_m| seeds(AGAIN).map(move |seed| picture(seed, recipe(Kind::Yard, gsd_m))));
    let mut images: Vec<Image> = yards.chain(lines).chain(again).map(|(yard, scene)| image(yard, &scene)).collect();
    let bare = seeds(AGAIN).map(|seed| picture(seed, Recipe { beams: false, ..recipe(Kind::Yard, USUAL_GSD_M) }));
    images.extend(bare.map(|(yard, scene)| Image { situations: vec![without_beams()], ..image(yard, &scene) }));
    for (place, image) in images.iter_mut().enumerate() {
        image.place = place;
    }
    // The yards that are drawn at the other distances too, at the usual one.
    for image in images.iter_mut().take(AGAIN as usize) {
        image.situations.push(at(USUAL_GSD_M));
    }
    images
}

fn named<const N: usize>(situations: [(u8, &str); N]) -> Vec<Situation> {
    situations.map(|(place, name)| (place, name.to_owned())).to_vec()
}

/// The ground sample distance as a situation, finest first.
fn at(gsd_m: f64) -> Situation {
    (30 + (gsd_m * 100.0) as u8, format!("the first {AGAIN} yards at {gsd_m} m"))
}

/// What gantries and wires cost: the same yards without them.
fn without_beams() -> Situation {
    (u8::MAX, format!("the first {AGAIN} yards at {USUAL_GSD_M} m without gantries and wires"))
}

fn image(yard: Yard, scene: &sidings_generator::Scene) -> Image {
    let situations = if (yard.gsd_m - USUAL_GSD_M).abs() > 1e-6 {
        vec![at(yard.gsd_m)]
    } else {
        let height_deg = scene.sun_height_rad.to_degrees();
        let light = match height_deg {
            _ if scene.sky >= OVERCAST => (18, "overcast"),
            ..30.0 => (17, "sun below 30°"),
            ..45.0 => (16, "sun 30° to 45°"),
            _ => (15, "sun above 45°"),
        };
        let kind = if scene.kind == Kind::Line { (12, "lines") } else { (11, "yards") };
        let busy = if scene.railcars.len() > 80 { (14, "more than 80 cars") } else { (13, "up to 80 cars") };
        let snow = if scene.snow { (20, "snow") } else { (19, "no snow") };
        named([(USUAL, "all at 0.5 m"), kind, busy, light, snow])
    };
    let families = scene.railcars.iter().map(|c| c.family).collect();
    Image { yard, place: 0, situations, tracks_px: Some(scene.tracks_px.clone()), families }
}

/// Places without railcars, with what they are: real ones, then drawn ones of seeds never trained on.
pub fn empty(data: &Folder) -> Result<Vec<(String, Yard)>> {
    let mut places = Vec::new();
    for (file, what, gsd_m) in REAL_EMPTY {
        let scene = super::data::scene(&data.path(file))?;
        places.push((format!("real: {what}"), Yard { name: file.to_owned(), gsd_m, scene, cars: Vec::new() }));
    }
    for kind in Kind::ALL.into_iter().filter(|&k| !matches!(k, Kind::Yard | Kind::Line)) {
        let words = format!("{kind:?}").chars().fold(String::new(), |s, c| {
            if c.is_uppercase() && !s.is_empty() {
                s + " " + &c.to_lowercase().to_string()
            } else {
                s + &c.to_lowercase().to_string()
            }
        });
        for seed in FIRST_SEED..FIRST_SEED + EMPTY {
            places.push((format!("drawn: {words}"), picture(seed, recipe(kind, USUAL_GSD_M)).0));
        }
    }
    Ok(places)
}

/// A drawn place at the usual ground sample distance.
pub fn drawn_at_usual(seed: u64, kind: Kind) -> Yard {
    picture(seed, recipe(kind, USUAL_GSD_M)).0
}

fn recipe(kind: Kind, gsd_m: f64) -> Recipe {
    Recipe { kind: Some(kind), cells_per_pixel: 3, gsd_m, side_px: (SIDE_M / gsd_m).round() as usize, ..Recipe::default() }
}

/// A drawn scene with its truth.
fn picture(seed: u64, recipe: Recipe) -> (Yard, sidings_generator::Scene) {
    let kind = recipe.kind.unwrap_or(Kind::Yard);
    let scene = sidings_generator::scene(seed, &recipe);
    let cars = (0..).zip(&scene.railcars).map(|(id, car)| Car { id, rect_px: car.rect_px, fully_inside: !car.cut });
    let yard = Yard {
        name: format!("drawn {kind:?} {seed}"),
        gsd_m: scene.gsd_m,
        cars: cars.collect(),
        scene: Scene { samples: Samples::U8(scene.rgb.clone()), valid: None },
    };
    (yard, scene)
}
