//! Which families of cars are found in drawn yards that were never trained on.

use super::nothing::{FIRST_SEED, drawn};
use super::score::{Score, finds};
use super::{Setup, railcars};
use anyhow::Result;
use sidings_generator::{Family, Kind};

/// Drawn yards looked at.
const YARDS: u64 = 24;

/// Prints the table.
pub fn print(setup: Setup) -> Result<()> {
    println!("drawn yards: share of cars found");
    let mut whole = Score::default();
    let (mut by_family, mut by_length) = ([(0, 0); 13], [(0, 0); 3]);
    for seed in FIRST_SEED..FIRST_SEED + YARDS {
        let (yard, picture) = drawn(seed, Kind::Yard);
        let detection = railcars::detect(&yard, Setup { tell_gsd: true, ..setup })?;
        whole += railcars::score(&yard, &detection);
        let found: Vec<_> = detection.railcars.iter().map(|c| c.rect_px).collect();
        for (car, truth) in yard.cars.iter().zip(&picture.railcars).filter(|(car, _)| car.fully_inside) {
            let hit = finds(&found, &[car], &[], yard.gsd_m).hits.min(1);
            let length_m = car.rect_px.length * yard.gsd_m;
            let length = usize::from(length_m > 12.0) + usize::from(length_m > 20.0);
            for (right, all) in [&mut by_family[truth.family.number()], &mut by_length[length]] {
                *right += hit;
                *all += 1;
            }
        }
    }
    let line = |name: &str, (right, all): (usize, usize)| {
        println!("{name:14} {:.2} of {all:4}", right as f64 / all.max(1) as f64);
    };
    for family in Family::ALL {
        line(&format!("{family:?}"), by_family[family.number()]);
    }
    for (name, counts) in ["to 12 m", "12 to 20 m", "over 20 m"].iter().zip(by_length) {
        line(name, counts);
    }
    println!("all {YARDS} yards: {whole}");
    Ok(())
}
