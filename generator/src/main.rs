//! Draws contact sheets and files of scenes.

use anyhow::{Context, Result, bail};
use sidings_generator::{Kind, Recipe, export, scene, sheet};
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

const USAGE: &str = "usage: sidings-generator sheet OUT.{png,jpg} [--seeds A..B] [--kind NAME] [--whole]
       sidings-generator export --seeds A..B --out FILE [--kind NAME] [--cells N]
       sidings-generator time [--seeds A..B] [--cells N]
Kinds: Yard Line EmptyTracks Town Industry Country Motorway LongRoofs Storm";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| arguments.iter().position(|a| a == name).and_then(|k| arguments.get(k + 1)).map(String::as_str);
    let kind = match option("--kind") {
        None => None,
        Some(name) => Some(Kind::ALL.into_iter().find(|k| format!("{k:?}") == name).context(USAGE)?),
    };
    let cells_per_pixel = option("--cells").map_or(Ok(Recipe::default().cells_per_pixel), str::parse)?;
    let recipe = Recipe { kind, cells_per_pixel, ..Recipe::default() };
    match arguments.first().map(String::as_str) {
        Some("sheet") => {
            let out = arguments.get(1).context(USAGE)?;
            let seeds = option("--seeds").map_or(Ok(0..40), seeds)?;
            let whole = arguments.iter().any(|a| a == "--whole");
            let picture =
                sheet(seeds, &recipe, if whole { 3 } else { 8 }, if whole { recipe.side_px } else { recipe.side_px / 2 });
            save(&picture, Path::new(out))
        }
        Some("export") => {
            let seeds = seeds(option("--seeds").context(USAGE)?)?;
            export(seeds, &recipe, Path::new(option("--out").context(USAGE)?))
        }
        Some("time") => {
            let seeds = option("--seeds").map_or(Ok(0..60), seeds)?;
            let (count, start) = (seeds.end - seeds.start, Instant::now());
            let cars: usize = seeds.map(|seed| scene(seed, &recipe).railcars.len()).sum();
            let seconds = start.elapsed().as_secs_f64();
            println!("{count} scenes with {cars} cars in {seconds:.2} s: {:.1} scenes a second", count as f64 / seconds);
            Ok(())
        }
        _ => bail!(USAGE),
    }
}

fn seeds(text: &str) -> Result<Range<u64>> {
    let (from, to) = text.split_once("..").context(USAGE)?;
    Ok(from.parse()?..to.parse()?)
}

fn save(picture: &sidings::raster::Raster<u8>, file: &Path) -> Result<()> {
    let (width, height) = (picture.width() as u32, picture.height() as u32);
    let image = image::RgbImage::from_raw(width, height, picture.samples().to_vec()).context("as many samples as pixels take")?;
    if file.extension().is_some_and(|e| e == "jpg") {
        let out = std::fs::File::create(file)?;
        image.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(out, 64))?;
    } else {
        image.save(file)?;
    }
    Ok(())
}
