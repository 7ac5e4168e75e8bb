//! Pixels: one generic raster, and a decoded scene.
//!
//! Row-major, bands interleaved by pixel, x right, y down. Pixel *centres* lie at +0.5: the outer corner of
//! the first pixel is (0, 0), so sample (column 3, row 2) sits at the point (3.5, 2.5).

use crate::geometry::Point;
use std::borrow::Cow;
use std::sync::Arc;

/// A rectangle of samples: `samples[(y * width + x) * bands + band]`. A clone shares them until one of the two is changed: a scene of 12,000² pixels
/// has 430 MB, and several stages keep it.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster<T> {
    width: usize,
    height: usize,
    bands: usize,
    samples: Arc<Vec<T>>,
}

/// True where a pixel holds a measurement; false where it is nodata, transparent or outside.
pub type Mask = Raster<bool>;

impl<T: Copy> Raster<T> {
    fn of(width: usize, height: usize, bands: usize, samples: Vec<T>) -> Self {
        Self { width, height, bands, samples: Arc::new(samples) }
    }

    /// Wraps samples; `None` when their number isn't `width * height * bands`.
    pub fn new(width: usize, height: usize, bands: usize, samples: Vec<T>) -> Option<Self> {
        let n = width.checked_mul(height)?.checked_mul(bands)?;
        (n == samples.len()).then_some(Self::of(width, height, bands, samples))
    }

    /// A raster with one value everywhere.
    pub fn filled(width: usize, height: usize, bands: usize, value: T) -> Self {
        Self::of(width, height, bands, vec![value; width * height * bands])
    }

    /// Single-band raster from a function of (x, y).
    pub fn from_fn(width: usize, height: usize, mut f: impl FnMut(usize, usize) -> T) -> Self {
        let mut samples = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                samples.push(f(x, y));
            }
        }
        Self::of(width, height, 1, samples)
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Samples a pixel.
    pub fn bands(&self) -> usize {
        self.bands
    }

    /// All samples, row by row, bands interleaved.
    pub fn samples(&self) -> &[T] {
        &self.samples
    }

    /// All samples, to change.
    pub fn samples_mut(&mut self) -> &mut [T] {
        Arc::<Vec<T>>::make_mut(&mut self.samples)
    }

    /// Gives the samples away.
    pub fn into_samples(self) -> Vec<T> {
        Arc::try_unwrap(self.samples).unwrap_or_else(|shared| shared.to_vec())
    }

    /// The samples of one row.
    pub fn row(&self, y: usize) -> &[T] {
        let n = self.width * self.bands;
        &self.samples[y * n..(y + 1) * n]
    }

    /// The samples of one pixel.
    pub fn pixel(&self, x: usize, y: usize) -> &[T] {
        let i = (y * self.width + x) * self.bands;
        &self.samples[i..i + self.bands]
    }

    /// One sample.
    pub fn at(&self, x: usize, y: usize, band: usize) -> T {
        self.samples[(y * self.width + x) * self.bands + band]
    }

    /// Sets one sample.
    pub fn set(&mut self, x: usize, y: usize, band: usize, value: T) {
        let at = (y * self.width + x) * self.bands + band;
        self.samples_mut()[at] = value;
    }

    /// The same raster with every sample converted.
    pub fn map<U: Copy>(&self, f: impl FnMut(T) -> U) -> Raster<U> {
        Raster::of(self.width, self.height, self.bands, self.samples.iter().copied().map(f).collect())
    }

    /// One band on its own.
    pub fn band(&self, band: usize) -> Raster<T> {
        let samples = self.samples.iter().skip(band).step_by(self.bands).copied().collect();
        Self::of(self.width, self.height, 1, samples)
    }
}

/// A sample that can be interpolated.
pub trait Sample: Copy + Default {
    /// Its value.
    fn to_f32(self) -> f32;
    /// The sample nearest to a value.
    fn of_f32(value: f32) -> Self;
}

impl Sample for f32 {
    fn to_f32(self) -> f32 {
        self
    }

    fn of_f32(value: f32) -> Self {
        value
    }
}

impl Sample for u8 {
    fn to_f32(self) -> f32 {
        f32::from(self)
    }

    fn of_f32(value: f32) -> Self {
        (value + 0.5) as u8
    }
}

impl Sample for u16 {
    fn to_f32(self) -> f32 {
        f32::from(self)
    }

    fn of_f32(value: f32) -> Self {
        (value + 0.5) as u16
    }
}

impl<T: Sample> Raster<T> {
    /// Bilinear sample of one band at a point (centres at +0.5); beyond the border the edge is repeated.
    pub fn bilinear(&self, x: f64, y: f64, band: usize) -> f32 {
        let fx = (x - 0.5).clamp(0.0, (self.width - 1) as f64);
        let fy = (y - 0.5).clamp(0.0, (self.height - 1) as f64);
        let (x0, y0) = (fx as usize, fy as usize);
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let (u, v) = ((fx - x0 as f64) as f32, (fy - y0 as f64) as f32);
        let at = |x, y| self.at(x, y, band).to_f32();
        let top = at(x0, y0) * (1.0 - u) + at(x1, y0) * u;
        let bottom = at(x0, y1) * (1.0 - u) + at(x1, y1) * u;
        top * (1.0 - v) + bottom * v
    }
}

/// Samples as the file holds them.
#[derive(Debug, Clone, PartialEq)]
pub enum Samples {
    /// 8 bits.
    U8(Raster<u8>),
    /// 16 bits.
    U16(Raster<u16>),
    /// Everything else, as floating point.
    F32(Raster<f32>),
}

/// A decoded image: measurements, and where they hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The colour or spectral bands, alpha taken out.
    pub samples: Samples,
    /// Where the pixels hold a measurement; `None` when everywhere.
    pub valid: Option<Mask>,
}

impl Scene {
    /// Columns.
    pub fn width(&self) -> usize {
        match &self.samples {
            Samples::U8(r) => r.width(),
            Samples::U16(r) => r.width(),
            Samples::F32(r) => r.width(),
        }
    }

    /// Rows.
    pub fn height(&self) -> usize {
        match &self.samples {
            Samples::U8(r) => r.height(),
            Samples::U16(r) => r.height(),
            Samples::F32(r) => r.height(),
        }
    }

    /// Bands, alpha not counted.
    pub fn bands(&self) -> usize {
        match &self.samples {
            Samples::U8(r) => r.bands(),
            Samples::U16(r) => r.bands(),
            Samples::F32(r) => r.bands(),
        }
    }

    /// True where a point lies on a pixel that holds a measurement.
    pub fn sees(&self, p: Point) -> bool {
        let inside = p.x >= 0.0 && p.y >= 0.0 && p.x < self.width() as f64 && p.y < self.height() as f64;
        inside && self.valid.as_ref().is_none_or(|mask| mask.at(p.x as usize, p.y as usize, 0))
    }

    /// Bands as floating point in the file's own units.
    pub fn to_f32(&self) -> Raster<f32> {
        match &self.samples {
            Samples::U8(r) => r.map(f32::from),
            Samples::U16(r) => r.map(f32::from),
            Samples::F32(r) => r.clone(),
        }
    }

    /// Three bands of 8 bits to look at: RGB as they are when 8-bit, else each band stretched from its 1st to its
    /// 99th percentile over valid pixels; one or two bands show the first as grey; of more than three, the first three.
    pub fn rgb8(&self) -> Cow<'_, Raster<u8>> {
        let shown = if self.bands() >= 3 { [0, 1, 2] } else { [0, 0, 0] };
        if let Samples::U8(r) = &self.samples {
            if r.bands() == 3 {
                return Cow::Borrowed(r);
            }
            let samples = r.samples().chunks_exact(r.bands()).flat_map(|p| shown.map(|b| p[b])).collect();
            return Cow::Owned(Raster::of(r.width, r.height, 3, samples));
        }
        let raster = self.to_f32();
        let stretch = shown.map(|b| percentile_stretch(&raster, self.valid.as_ref(), b));
        let samples = raster
            .samples()
            .chunks_exact(raster.bands())
            .flat_map(|p| {
                [0, 1, 2].map(|k| {
                    let (low, scale) = stretch[k];
                    ((p[shown[k]] - low) * scale).clamp(0.0, 255.0) as u8
                })
            })
            .collect();
        Cow::Owned(Raster::of(raster.width, raster.height, 3, samples))
    }
}

/// (offset, factor) that take the 1st–99th percentile of a band to 0–255; NaN and masked pixels don't count.
fn percentile_stretch(raster: &Raster<f32>, valid: Option<&Mask>, band: usize) -> (f32, f32) {
    let pixels = raster.width * raster.height;
    let step = (pixels / 200_000).max(1);
    let mut values: Vec<f32> = (0..pixels)
        .step_by(step)
        .filter(|&i| valid.is_none_or(|m| m.samples()[i]))
        .map(|i| raster.samples[i * raster.bands + band])
        .filter(|v| v.is_finite())
        .collect();
    if values.is_empty() {
        return (0.0, 0.0);
    }
    values.sort_by(f32::total_cmp);
    let pick = |q: f64| values[((values.len() - 1) as f64 * q) as usize];
    let (low, high) = (pick(0.01), pick(0.99));
    (low, if high > low { 255.0 / (high - low) } else { 1.0 })
}

/// Luma (Rec. 601) of a three-band 8-bit raster. Kept in 8 bits: what is rounded away lies below any sensor's noise, and memory is a quarter.
pub fn luma(rgb: &Raster<u8>) -> Raster<u8> {
    // 0.299, 0.587 and 0.114 in 65,536ths, rounded. In whole numbers it takes a third of the time that it took in f32.
    let of = |&[r, g, b]: &[u8; 3]| ((19_595 * u32::from(r) + 38_470 * u32::from(g) + 7_471 * u32::from(b) + 32_768) >> 16) as u8;
    let samples = rgb.samples().as_chunks::<3>().0.iter().map(of).collect();
    Raster::of(rgb.width, rgb.height, 1, samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centres_lie_at_half() {
        let r = Raster::new(2, 1, 1, vec![10.0, 20.0]).expect("two samples");
        assert_eq!(r.bilinear(0.5, 0.5, 0), 10.0);
        assert_eq!(r.bilinear(1.0, 0.5, 0), 15.0);
        assert_eq!(r.bilinear(9.0, -3.0, 0), 20.0);
    }

    #[test]
    fn wrong_number_of_samples_is_no_raster() {
        assert!(Raster::new(2, 2, 3, vec![0u8; 11]).is_none());
        assert!(Raster::new(usize::MAX, 2, 3, vec![0u8; 11]).is_none());
    }

    #[test]
    fn more_than_three_bands_show_the_first_three() {
        let scene = Scene { samples: Samples::U8(Raster::new(1, 1, 4, vec![1, 2, 3, 4]).expect("four")), valid: None };
        assert_eq!(scene.rgb8().samples(), &[1, 2, 3]);
    }
}
