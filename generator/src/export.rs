//! Scenes as one binary file that any language reads.

use crate::scene::{Recipe, scene};
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::Path;

/// Writes the scenes of these seeds.
///
/// Little-endian. File: `SGEN`, u32 version 1, u32 side in pixels, f32 gsd in m, u32 number of scenes. Each scene: u64 seed, u32 kind
/// ([`crate::Kind::number`]), f32 direction of shadows in radians, f32 light in full shadow, u32 number of cars; each car 8 × f32: centre x,
/// y, length, width in px, angle in radians, family ([`crate::Family::number`]), height in m, 1 if cut; then the pixels, RGB, row by row.
///
/// # Errors
/// When the file cannot be written.
pub fn export(seeds: Range<u64>, recipe: &Recipe, file: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(file).with_context(|| format!("cannot write {}", file.display()))?);
    out.write_all(b"SGEN")?;
    for word in [1u32, recipe.side_px as u32, (recipe.gsd_m as f32).to_bits(), (seeds.end - seeds.start) as u32] {
        out.write_all(&word.to_le_bytes())?;
    }
    for seed in seeds {
        let drawn = scene(seed, recipe);
        out.write_all(&seed.to_le_bytes())?;
        let shadow = (drawn.shadow_rad as f32).to_bits();
        for word in [drawn.kind.number() as u32, shadow, (drawn.sky as f32).to_bits(), drawn.railcars.len() as u32] {
            out.write_all(&word.to_le_bytes())?;
        }
        for car in &drawn.railcars {
            let r = car.rect_px;
            let family = car.family.number() as f64;
            for v in [r.center.x, r.center.y, r.length, r.width, r.angle_rad, family, car.height_m, f64::from(u8::from(car.cut))]
            {
                out.write_all(&(v as f32).to_le_bytes())?;
            }
        }
        out.write_all(drawn.rgb.samples())?;
    }
    out.flush()?;
    Ok(())
}
