//! The camera: optics, sampling, pan-sharpening, noise, stretch, JPEG, and resampling to the grid that was asked for.

use crate::canvas::Canvas;
use crate::draw::{Draw, stream};
use sidings::random::Random;
use sidings::raster::Raster;
use std::io::Cursor;

/// Three planes interleaved, 0 to 1.
struct Light {
    side: usize,
    values: Vec<f32>,
}

/// Everything between the light that leaves the ground and the file.
#[derive(Debug, Clone)]
pub(crate) struct Sensor {
    /// Ground sample distance at which the picture was taken, m.
    pub taken_gsd_m: f64,
    /// Standard deviation of the optics' blur, in pixels as taken.
    blur_px: f64,
    /// Halo of sharpening: strength, and how far it reaches, px.
    halo: (f32, f64),
    /// Blur of colour against brightness, as pan-sharpening leaves it, px; nought: none.
    colour_blur_px: f64,
    haze: f32,
    /// Mean brightness that the stretch aims at, and how nearly it gets there.
    aim: (f32, f32),
    gamma: f64,
    gain: [f32; 3],
    saturation: f32,
    /// Noise in shares of full scale, and how much of it is the same in all bands.
    noise: f32,
    jpeg_quality: Option<u8>,
    smooth_resampling: bool,
    random: Random,
}

impl Sensor {
    /// A sensor: 0.25 to 1 m, most about 0.5 m.
    pub fn new(view: u64) -> Self {
        let mut random = stream(view, 5);
        let r = &mut random;
        let common = [0.28, 0.3, 0.4, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.7, 0.75, 0.85];
        let taken_gsd_m = (r.pick(&common) * r.between(0.92, 1.1)).clamp(0.25, 1.0);
        let sharpened = r.chance(0.5);
        Self {
            taken_gsd_m,
            blur_px: r.between(0.35, 0.65),
            halo: if sharpened { (r.span(0.2, 1.6), r.between(0.8, 1.4)) } else { (0.0, 1.0) },
            colour_blur_px: if r.chance(0.4) { r.between(0.6, 2.2) } else { 0.0 },
            haze: if r.chance(0.4) { r.span(0.0, 0.3) } else { 0.0 },
            aim: (r.span(0.27, 0.52), r.span(0.4, 1.0)),
            gamma: r.between(0.75, 1.3),
            gain: [0; 3].map(|_| 1.0 + r.spread(0.05)),
            saturation: if r.chance(0.12) { 0.0 } else { r.span(0.3, 1.3) },
            noise: r.pick(&[0.002, 0.006, 0.012, 0.022]),
            jpeg_quality: if r.chance(0.55) { Some(r.count(55, 95) as u8) } else { None },
            smooth_resampling: r.chance(0.5),
            random,
        }
    }

    /// Takes the picture on a grid of `side` pixels of `gsd_m`.
    pub fn take(&mut self, canvas: &Canvas, side: usize, gsd_m: f64) -> Raster<u8> {
        let mut light = averaged(canvas, side);
        let ratio = self.taken_gsd_m / gsd_m;
        blur(&mut light, self.blur_px * ratio);
        if ratio > 1.05 {
            light = resampled(&light, (side as f64 / ratio) as usize, false);
        }
        self.develop(&mut light);
        let mut picture = quantised(&light);
        if let Some(quality) = self.jpeg_quality {
            picture = through_jpeg(&picture, quality);
        }
        if light.side == side {
            return picture;
        }
        let light = Light { side: light.side, values: picture.samples().iter().map(|&v| f32::from(v) / 255.0).collect() };
        quantised(&resampled(&light, side, self.smooth_resampling))
    }

    /// Colour, contrast, sharpening and noise.
    fn develop(&mut self, light: &mut Light) {
        if self.colour_blur_px > 0.0 {
            let mut soft = Light { side: light.side, values: light.values.clone() };
            blur(&mut soft, self.colour_blur_px);
            for (own, soft) in light.values.chunks_exact_mut(3).zip(soft.values.chunks_exact(3)) {
                let lift = luma(own) - luma(soft);
                own.copy_from_slice(&[soft[0] + lift, soft[1] + lift, soft[2] + lift]);
            }
        }
        if self.halo.0 > 0.0 {
            let mut soft = Light { side: light.side, values: light.values.clone() };
            blur(&mut soft, self.halo.1);
            for (own, soft) in light.values.iter_mut().zip(&soft.values) {
                *own += self.halo.0 * (*own - soft);
            }
        }
        let mean = light.values.iter().sum::<f32>() / light.values.len() as f32;
        let exposure = 1.0 + self.aim.1 * ((self.aim.0 / mean.max(0.05)).clamp(0.5, 3.0) - 1.0);
        let steps = 1024.0;
        let curve: Vec<f32> = (0..=1024).map(|k| libm::pow(f64::from(k) / steps, self.gamma) as f32).collect();
        let air = [0.75 * self.haze, 0.78 * self.haze, 0.82 * self.haze];
        for pixel in light.values.chunks_exact_mut(3) {
            let mut p = [0.0; 3];
            for b in 0..3 {
                let v = (pixel[b] * exposure * self.gain[b] * (1.0 - self.haze) + air[b]).clamp(0.0, 1.0);
                // Eleven bits at the sensor, then the stretch.
                p[b] = curve[(v * 1024.0) as usize];
            }
            let grey = luma(&p);
            for (out, v) in pixel.iter_mut().zip(p) {
                *out = grey + (v - grey) * self.saturation;
            }
        }
        let mut bits = 0u64;
        for (i, v) in light.values.iter_mut().enumerate() {
            if i % 4 == 0 {
                bits = self.random.bits();
            }
            // Four sums of four uniform nibbles are near enough to normal, and one draw serves four samples.
            let part = (bits >> (16 * (i % 4))) as u16;
            let sum = (part & 15) + (part >> 4 & 15) + (part >> 8 & 15) + (part >> 12);
            *v += self.noise * (f32::from(sum) - 30.0) / 9.2;
        }
    }
}

fn luma(p: &[f32]) -> f32 {
    0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2]
}

/// Means over the cells of every pixel.
fn averaged(canvas: &Canvas, side: usize) -> Light {
    let per = canvas.side / side;
    let share = 1.0 / (per * per) as f32;
    let mut values = vec![0.0f32; side * side * 3];
    for (y, out) in values.chunks_exact_mut(side * 3).enumerate() {
        for row in canvas.cells[y * per * canvas.side..(y + 1) * per * canvas.side].chunks_exact(canvas.side) {
            for (pixel, cells) in out.chunks_exact_mut(3).zip(row.chunks_exact(per)) {
                for cell in cells {
                    for (sum, v) in pixel.iter_mut().zip(cell.rgb) {
                        *sum += v * share;
                    }
                }
            }
        }
    }
    Light { side, values }
}

/// Gaussian blur, separable, edges repeated.
fn blur(light: &mut Light, sigma_px: f64) {
    if sigma_px < 0.2 {
        return;
    }
    let reach = libm::ceil(2.5 * sigma_px) as usize;
    let weight = |k: usize| libm::exp(-0.5 * (k as f64 / sigma_px) * (k as f64 / sigma_px));
    let total: f64 = weight(0) + 2.0 * (1..=reach).map(weight).sum::<f64>();
    let kernel: Vec<f32> = (0..=reach).map(|k| (weight(k) / total) as f32).collect();
    let (side, stride) = (light.side, light.side * 3);
    let mut line = vec![0.0f32; stride + 6 * reach];
    for row in light.values.chunks_exact_mut(stride) {
        for k in 0..reach {
            for b in 0..3 {
                line[k * 3 + b] = row[b];
                line[(reach + side + k) * 3 + b] = row[(side - 1) * 3 + b];
            }
        }
        line[reach * 3..reach * 3 + stride].copy_from_slice(row);
        for (i, v) in row.iter_mut().enumerate() {
            *v = kernel[0] * line[i + reach * 3];
        }
        for (k, w) in kernel.iter().enumerate().skip(1) {
            let (before, after) = (&line[(reach - k) * 3..], &line[(reach + k) * 3..]);
            for ((v, a), b) in row.iter_mut().zip(before).zip(after) {
                *v += w * (a + b);
            }
        }
    }
    let source = light.values.clone();
    let row = |y: i64| &source[y.clamp(0, side as i64 - 1) as usize * stride..][..stride];
    for (y, out) in light.values.chunks_exact_mut(stride).enumerate() {
        let y = y as i64;
        for (v, s) in out.iter_mut().zip(row(y)) {
            *v = kernel[0] * s;
        }
        for (k, w) in kernel.iter().enumerate().skip(1) {
            for ((v, a), b) in out.iter_mut().zip(row(y - k as i64)).zip(row(y + k as i64)) {
                *v += w * (a + b);
            }
        }
    }
}

/// The same square on another grid; bicubic (Keys, a = -0.5) when smooth, else bilinear.
fn resampled(light: &Light, side: usize, smooth: bool) -> Light {
    let scale = light.side as f32 / side as f32;
    let last = light.side as i64 - 1;
    let taps: Vec<([usize; 4], [f32; 4])> = (0..side)
        .map(|i| {
            let at = (i as f32 + 0.5) * scale - 0.5;
            let (first, t) = (at.floor() as i64, at - at.floor());
            let weights = if smooth {
                let (t2, t3) = (t * t, t * t * t);
                [0.5 * (2.0 * t2 - t3 - t), 1.0 + 0.5 * (3.0 * t3 - 5.0 * t2), 0.5 * (t + 4.0 * t2 - 3.0 * t3), 0.5 * (t3 - t2)]
            } else {
                [0.0, 1.0 - t, t, 0.0]
            };
            (std::array::from_fn(|k| (first - 1 + k as i64).clamp(0, last) as usize), weights)
        })
        .collect();
    let mut wide = vec![0.0f32; side * light.side * 3];
    for (row, out) in light.values.chunks_exact(light.side * 3).zip(wide.chunks_exact_mut(side * 3)) {
        for ((at, weights), pixel) in taps.iter().zip(out.chunks_exact_mut(3)) {
            for (b, v) in pixel.iter_mut().enumerate() {
                *v = (0..4).map(|k| weights[k] * row[at[k] * 3 + b]).sum();
            }
        }
    }
    let mut values = vec![0.0f32; side * side * 3];
    for ((at, weights), out) in taps.iter().zip(values.chunks_exact_mut(side * 3)) {
        for k in 0..4 {
            for (v, s) in out.iter_mut().zip(&wide[at[k] * side * 3..][..side * 3]) {
                *v += weights[k] * s;
            }
        }
    }
    Light { side, values }
}

fn quantised(light: &Light) -> Raster<u8> {
    let samples = light.values.iter().map(|v| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8).collect();
    Raster::new(light.side, light.side, 3, samples).expect("as many samples as pixels take")
}

/// Encodes and decodes; a picture that cannot be encoded stays as it is.
fn through_jpeg(picture: &Raster<u8>, quality: u8) -> Raster<u8> {
    let (width, height) = (picture.width(), picture.height());
    let mut file = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, quality);
    let encoded =
        image::ImageEncoder::write_image(encoder, picture.samples(), width as u32, height as u32, image::ExtendedColorType::Rgb8);
    let decoded = encoded.and_then(|()| image::ImageReader::with_format(Cursor::new(file), image::ImageFormat::Jpeg).decode());
    match decoded {
        Ok(image) => Raster::new(width, height, 3, image.into_rgb8().into_raw()).expect("the size it was encoded with"),
        Err(_) => picture.clone(),
    }
}
