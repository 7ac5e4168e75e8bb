//! A large image in half its bytes, to be drawn from: brightness of every pixel, colour of every two by two, as nearly every JPEG stores them.
//! Only the map looks at it; what is counted is counted on the samples themselves.

use crate::raster::{Mask, Raster, Sample, Scene};

/// Brightness and colours of an image.
#[derive(Debug, Clone)]
pub struct Compact {
    width: usize,
    height: usize,
    /// Rec. 601, one byte a pixel.
    luma: Vec<u8>,
    /// Blue and red less the brightness, halved, 128 for grey; two bytes for two by two pixels.
    colours: Vec<[u8; 2]>,
    valid: Option<Mask>,
}

impl Compact {
    /// Takes the image over; its bytes are reused, so that both forms never lie side by side.
    pub fn of(scene: Scene) -> Self {
        let (width, height) = (scene.width(), scene.height());
        let rgb = scene.rgb8().into_owned();
        let valid = scene.valid.clone();
        drop(scene);
        let mut bytes = rgb.into_samples();
        let colours = colours(&bytes, width, height);
        // The brightness of a pixel lies before the pixel itself: nothing is written over that has yet to be read.
        for i in 0..width * height {
            bytes[i] = luma([bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]]);
        }
        bytes.truncate(width * height);
        bytes.shrink_to_fit();
        Self { width, height, luma: bytes, colours, valid }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// One pixel as RGBA, alpha 0 where nothing was measured.
    pub fn pixel(&self, x: usize, y: usize) -> [u8; 4] {
        let [r, g, b] = self.rgb(f32::from(self.luma[y * self.width + x]), (x / 2, y / 2));
        let alpha = if self.valid.as_ref().is_none_or(|mask| mask.at(x, y, 0)) { 255 } else { 0 };
        [r, g, b, alpha]
    }

    /// Half the size, rounded up, as RGB or RGBA; each pixel the mean of the up to four it stands for.
    pub fn half(&self) -> Raster<u8> {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let bands = if self.valid.is_some() { 4 } else { 3 };
        let mut out = Raster::filled(width, height, bands, 0u8);
        for (i, pixel) in out.samples_mut().chunks_exact_mut(bands).enumerate() {
            let (x, y) = (i % width, i / width);
            let four = block(x, y, (self.width, self.height));
            let mean = four.map(|at| f32::from(self.luma[at])).iter().sum::<f32>() / 4.0;
            pixel[..3].copy_from_slice(&self.rgb(mean, (x, y)));
            if let Some(mask) = &self.valid {
                let holding = four.iter().filter(|&&at| mask.samples()[at]).count();
                pixel[3] = (holding * 255 / 4) as u8;
            }
        }
        out
    }

    fn rgb(&self, luma: f32, (x, y): (usize, usize)) -> [u8; 3] {
        let [blue, red] = self.colours[y * self.width.div_ceil(2) + x].map(|v| 2.0 * (f32::from(v) - 128.0));
        let (r, b) = (luma + red, luma + blue);
        let g = (luma - 0.299 * r - 0.114 * b) / 0.587;
        [r, g, b].map(|v| u8::of_f32(v.clamp(0.0, 255.0)))
    }
}

fn luma([r, g, b]: [u8; 3]) -> u8 {
    u8::of_f32(0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b))
}

/// Indices of the four pixels of a block; beyond the border the edge is repeated.
fn block(x: usize, y: usize, (width, height): (usize, usize)) -> [usize; 4] {
    let (left, right) = (2 * x, (2 * x + 1).min(width - 1));
    let (top, bottom) = (2 * y * width, (2 * y + 1).min(height - 1) * width);
    [top + left, top + right, bottom + left, bottom + right]
}

fn colours(rgb: &[u8], width: usize, height: usize) -> Vec<[u8; 2]> {
    let (across, down) = (width.div_ceil(2), height.div_ceil(2));
    let mut colours = Vec::with_capacity(across * down);
    for y in 0..down {
        for x in 0..across {
            let four = block(x, y, (width, height));
            let [r, g, b] = [0, 1, 2].map(|band| four.map(|at| f32::from(rgb[3 * at + band])).iter().sum::<f32>() / 4.0);
            let luma = 0.299 * r + 0.587 * g + 0.114 * b;
            colours.push([b, r].map(|v| u8::of_f32((v - luma) / 2.0 + 128.0)));
        }
    }
    colours
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Samples;

    fn scene(width: usize, height: usize, rgb: impl Fn(usize, usize) -> [u8; 3]) -> Scene {
        let samples = (0..width * height).flat_map(|i| rgb(i % width, i / width)).collect();
        Scene { samples: Samples::U8(Raster::new(width, height, 3, samples).expect("three bands")), valid: None }
    }

    #[test]
    fn greys_come_back_to_the_last_step_and_colours_nearly() {
        let grey = Compact::of(scene(31, 17, |x, y| [(x * 7 + y * 3) as u8; 3]));
        for (x, y) in [(0, 0), (30, 16), (5, 8)] {
            let v = (x * 7 + y * 3) as u8;
            assert_eq!(grey.pixel(x, y), [v, v, v, 255]);
        }
        for colour in [[200, 40, 30], [20, 90, 220], [90, 130, 60]] {
            let [r, g, b, _] = Compact::of(scene(4, 4, |_, _| colour)).pixel(2, 1);
            for (a, b) in [r, g, b].iter().zip(colour) {
                assert!(a.abs_diff(b) <= 2, "{r} {g} {b} instead of {colour:?}");
            }
        }
    }

    #[test]
    fn it_takes_half_the_bytes_and_gives_the_others_back() {
        let compact = Compact::of(scene(100, 60, |x, _| [x as u8; 3]));
        assert_eq!(compact.luma.capacity() + 2 * compact.colours.capacity(), 100 * 60 * 3 / 2);
    }

    #[test]
    fn half_the_size_is_means_and_what_was_not_measured_is_transparent() {
        let mut masked = scene(5, 4, |x, _| [if x % 2 == 0 { 200 } else { 100 }; 3]);
        masked.valid = Some(Mask::from_fn(5, 4, |x, _| x < 2));
        let compact = Compact::of(masked);
        assert_eq!((compact.pixel(1, 3)[3], compact.pixel(2, 3)[3]), (255, 0));
        let half = compact.half();
        assert_eq!((half.width(), half.height()), (3, 2));
        assert_eq!([half.pixel(0, 1), half.pixel(2, 0)], [&[150, 150, 150, 255][..], &[200, 200, 200, 0]]);
    }
}
