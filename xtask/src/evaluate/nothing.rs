//! How many railcars are seen where none stand: in real towns and on motorways, and in drawn places of every kind without railcars.

use super::data::{Folder, Yard, scene};
use super::{Setup, railcars};
use anyhow::Result;
use sidings::raster::{Samples, Scene};
use sidings_generator::{Kind, Recipe};

/// Real places without railcars: file, m a pixel. The railway in the motorway's pictures is empty.
const REAL: [(&str, f64); 6] = [
    ("pairs/canty_traffic/traffic1.jpg", 0.3),
    ("pairs/canty_traffic/traffic2.jpg", 0.3),
    ("pairs/joplin/pre-utm15n.tif", 0.600),
    ("pairs/joplin/tile_31500-5137.tif", 0.596),
    ("pairs/joplin/tile_31500-6161.tif", 0.596),
    ("pairs/joplin/tile_32524-5137.tif", 0.596),
];

/// First seed of the drawn places; training takes seeds from 100,000 to 300,000.
pub const FIRST_SEED: u64 = 900_000;

/// Drawn places of each kind.
const OF_EACH: u64 = 4;

/// Prints the tables.
pub fn print(data: &Folder, setup: Setup) -> Result<()> {
    println!("nothing where nothing is                 gsd m   found (90 %)");
    let mut total = 0;
    for (file, gsd_m) in REAL {
        let place = Yard { name: file.to_owned(), gsd_m, scene: scene(&data.path(file))?, cars: Vec::new() };
        let detection = railcars::detect(&place, setup)?;
        total += detection.railcars.len();
        let count = detection.count;
        println!("{:40} {gsd_m:.3} {:6} ({}–{})", place.name, detection.railcars.len(), count.low, count.high);
    }
    println!("all real places without railcars: {total} false");
    for kind in Kind::ALL.into_iter().filter(|&k| !matches!(k, Kind::Yard | Kind::Line)) {
        let mut found = Vec::new();
        for seed in FIRST_SEED..FIRST_SEED + OF_EACH {
            found.push(railcars::detect(&drawn(seed, kind).0, Setup { tell_gsd: true, ..setup })?.railcars.len());
        }
        println!(
            "drawn: {:33} 0.500 {:6} in {OF_EACH} places of 6.5 ha {found:?}",
            format!("{kind:?}"),
            found.iter().sum::<usize>()
        );
    }
    Ok(())
}

/// A drawn scene with its truth.
pub fn drawn(seed: u64, kind: Kind) -> (Yard, sidings_generator::Scene) {
    let recipe = Recipe { kind: Some(kind), cells_per_pixel: 3, ..Recipe::default() };
    let picture = sidings_generator::scene(seed, &recipe);
    let cars =
        (0..).zip(&picture.railcars).map(|(id, car)| super::data::Car { id, rect_px: car.rect_px, fully_inside: !car.cut });
    let yard = Yard {
        name: format!("drawn {kind:?} {seed}"),
        gsd_m: picture.gsd_m,
        cars: cars.collect(),
        scene: Scene { samples: Samples::U8(picture.rgb.clone()), valid: None },
    };
    (yard, picture)
}
