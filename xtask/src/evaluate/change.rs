//! How well the change score agrees with published labels.

use super::data::{Folder, bmp_marks, envi_bytes};
use anyhow::{Result, anyhow};
use sidings::change::{self, ChangeMap};
use sidings::normalise;
use sidings::raster::{Mask, Raster};
use std::time::Instant;

/// Shape of the Landsat pair.
const SHAPE: (usize, usize, usize) = (400, 400, 6);

/// Prints the table.
pub fn print(data: &Folder) -> Result<()> {
    println!("change, taizhou                kappa   threshold   changed      s");
    let folder = data.path("pairs/taizhou");
    let (before, after) = (envi_bytes(&folder.join("2000TM"), SHAPE)?, envi_bytes(&folder.join("2003TM"), SHAPE)?);
    let (changed, unchanged) = (bmp_marks(&folder.join("change.bmp"))?, bmp_marks(&folder.join("unchanged.bmp"))?);
    for bands in [vec![0, 1, 2, 3, 4, 5], vec![2, 1, 0], vec![3, 4], vec![4]] {
        let start = Instant::now();
        let (before, after) = (some_bands(&before, &bands)?, some_bands(&after, &bands)?);
        let matched = normalise::match_tones(&after, &before, None);
        let map = change::score(&before, &matched, None, &mut |_| Ok(()))?;
        println!(
            "{:20} {:?} {:8.3} {:11.2} {:9.3} {:6.2}",
            map.method,
            bands,
            kappa(&map, &changed, &unchanged),
            map.threshold,
            map.changed_fraction,
            start.elapsed().as_secs_f64()
        );
    }
    Ok(())
}

fn some_bands(raster: &Raster<f32>, bands: &[usize]) -> Result<Raster<f32>> {
    let samples = raster.samples().chunks_exact(raster.bands()).flat_map(|p| bands.iter().map(|&b| p[b]));
    Raster::new(raster.width(), raster.height(), bands.len(), samples.collect()).ok_or_else(|| anyhow!("wrong shape"))
}

/// Cohen's kappa of the mask over the labelled pixels.
fn kappa(map: &ChangeMap, changed: &Mask, unchanged: &Mask) -> f64 {
    let mut table = [[0.0f64; 2]; 2];
    for i in 0..map.mask.samples().len() {
        let (yes, no) = (changed.samples()[i], unchanged.samples()[i]);
        if yes != no {
            table[usize::from(map.mask.samples()[i])][usize::from(yes)] += 1.0;
        }
    }
    let total: f64 = table.iter().flatten().sum();
    let agreed = (table[0][0] + table[1][1]) / total;
    let row = |k: usize| table[k][0] + table[k][1];
    let column = |k: usize| table[0][k] + table[1][k];
    let by_chance = (row(0) * column(0) + row(1) * column(1)) / (total * total);
    (agreed - by_chance) / (1.0 - by_chance)
}
