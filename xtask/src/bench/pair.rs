//! A pair as large as satellites take: drawn places side by side, a yard or a line here and there, on two dates.

use crate::project::write;
use anyhow::{Context, Result};
use image::codecs::jpeg::JpegEncoder;
use image::{RgbImage, imageops};
use sidings_generator::{Kind, Recipe, pair};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Side of one drawn place, px.
const PLACE_PX: usize = 512;

/// m a pixel.
const GSD_M: f64 = 0.5;

/// What the places are, in turn: one yard and one line among sixteen, as around a border station.
const KINDS: [Kind; 16] = {
    use Kind::{Country, Industry, Line, Town, Yard};
    [
        Country, Yard, Country, Town, Country, Town, Industry, Country, Country, Line, Town, Country, Country, Country, Town,
        Country,
    ]
};

/// The later date begins this many pixels to the right and below: two passes never meet pixel for pixel.
const SHIFT_PX: (u32, u32) = (9, 6);

/// Quality of the JPEG, as of press pictures.
const QUALITY: u8 = 90;

/// Draws both dates of `side_px`² pixels into `folder`, unless they lie there, with world files that tell the scale.
pub fn drawn(folder: &Path, side_px: u32) -> Result<[PathBuf; 2]> {
    let files = ["2023-05-01", "2023-10-05"].map(|date| folder.join(format!("drawn-{side_px}-{date}.jpg")));
    if files.iter().all(|file| file.is_file()) {
        return Ok(files);
    }
    println!("drawing a pair of {side_px} × {side_px} px");
    let whole = side_px + SHIFT_PX.0.max(SHIFT_PX.1);
    let places = (whole as usize).div_ceil(PLACE_PX);
    let mut dates = [RgbImage::new(whole, whole), RgbImage::new(whole, whole)];
    for place in 0..places * places {
        let (column, row) = (place % places, place / places);
        // Each row begins elsewhere in the list, or the yards would stand in columns.
        let kind = KINDS[(column + 5 * row) % KINDS.len()];
        let drawn = pair(place as u64, &Recipe { side_px: PLACE_PX, gsd_m: GSD_M, kind: Some(kind), ..Recipe::default() });
        for (date, scene) in dates.iter_mut().zip([drawn.before, drawn.after]) {
            let side = PLACE_PX as u32;
            let tile = RgbImage::from_raw(side, side, scene.rgb.samples().to_vec()).context("a drawn place has three bands")?;
            imageops::replace(date, &tile, (column * PLACE_PX) as i64, (row * PLACE_PX) as i64);
        }
    }
    std::fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
    for ((file, date), (x, y)) in files.iter().zip(&dates).zip([(0, 0), SHIFT_PX]) {
        let cut = imageops::crop_imm(date, x, y, side_px, side_px).to_image();
        let out = BufWriter::new(File::create(file).with_context(|| format!("can't write {}", file.display()))?);
        JpegEncoder::new_with_quality(out, QUALITY).encode_image(&cut)?;
        let [left, top] = [x, y].map(|px| (f64::from(px) + 0.5) * GSD_M);
        // The zone of Tumangang; any metric one would do.
        write(&file.with_extension("jgw"), format!("{GSD_M}\n0\n0\n-{GSD_M}\n{}\n{}\n", 500_000.0 + left, 4_690_000.0 - top))?;
        write(&file.with_extension("prj"), PRJ)?;
    }
    Ok(files)
}

const PRJ: &str = "PROJCS[\"WGS 84 / UTM zone 52N\",GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],\
PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\",0],\
PARAMETER[\"central_meridian\",129],PARAMETER[\"scale_factor\",0.9996],PARAMETER[\"false_easting\",500000],PARAMETER[\"false_northing\",0],\
UNIT[\"metre\",1]]";
