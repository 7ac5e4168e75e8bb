//! A synthetic border yard on two dates, drawn from a seed; labelled synthetic wherever it shows.
//!
//! It lets a reader try the page without an image of their own, and gives tests a scene whose truth is known. It is a drawing,
//! not a benchmark: nothing in it is measured on real imagery and the detector isn't tuned to it.
//!
//! ```text
//! site (tracks, who stands where) ─ relief (albedo and height, 0.2 m cells) ─ camera (sun, shadow, blur, noise) ─ RGB
//! ```

mod camera;
mod ground;
mod noise;
mod relief;
mod site;
mod wagons;

use crate::error::Result;
use crate::geometry::{OrientedRect, Point, Transform};
use crate::random::Random;
use crate::raster::Raster;
use camera::Camera;
use relief::Relief;
use site::{Site, Stand};

/// Ground sample distance of *before*, m a pixel.
pub const GSD_M: f64 = 0.5;

/// Cars on *before*, on *after*, and standing on both dates.
const CARS: (usize, usize, usize) = (20, 73, 17);

/// One date of the example.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleScene {
    /// A file name that carries the date and the word *synthetic*.
    pub file_name: &'static str,
    /// Capture date, ISO 8601.
    pub date: &'static str,
    /// Ground sample distance, m a pixel.
    pub gsd_m: f64,
    /// The picture.
    pub rgb: Raster<u8>,
    /// Outlines of the railcars that were drawn, in the picture's own pixels.
    pub railcars: Vec<OrientedRect>,
    /// Direction in which shadows fall in the picture, radians from +x toward +y.
    pub shadow_rad: f64,
}

impl ExampleScene {
    /// The picture as the bytes of a PNG file, so that it can go the way of any dropped file.
    ///
    /// # Errors
    /// None in practice: an in-memory encoder has nothing to fail on.
    pub fn png(&self) -> Result<Vec<u8>> {
        use image::ImageEncoder;
        let mut bytes = Vec::new();
        let (width, height) = (self.rgb.width() as u32, self.rgb.height() as u32);
        image::codecs::png::PngEncoder::new(&mut bytes)
            .write_image(self.rgb.samples(), width, height, image::ExtendedColorType::Rgb8)
            .map_err(|e| crate::error::Error::File {
                file: self.file_name.to_owned(),
                code: "encode",
                message: format!("The example could not be encoded as PNG: {e}."),
            })?;
        Ok(bytes)
    }
}

/// Two dates of one synthetic yard and the truth about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The older date: a sparsely used yard.
    pub before: ExampleScene,
    /// The newer date: a full one.
    pub after: ExampleScene,
    /// Takes pixels of *after* to *before*.
    pub after_to_before: Transform,
    /// Cars of *after* that stand where *before* had none.
    pub new_cars: usize,
    /// Cars of *before* whose place is empty on *after*.
    pub gone_cars: usize,
}

/// Draws the yard on both dates. Equal seeds give equal bytes on every machine.
pub fn draw(seed: u64) -> Example {
    let mut random = Random::new(seed);
    let site = Site::new(&mut random);
    let (before_cars, after_cars, both_cars) = CARS;
    let mut stands = site.stands(&mut random, before_cars + after_cars - both_cars);
    let late = stands.split_off(before_cars);
    let kept = &stands[before_cars - both_cars..];
    let after: Vec<Stand> = kept.iter().cloned().chain(late).collect();

    let autumn = Camera::autumn();
    let summer = Camera::summer();
    let base = Relief::of(&site, seed);
    Example {
        before: scene(&summer, base.clone(), &stands, "synthetic-yard-2023-09-14.png", "2023-09-14"),
        after: scene(&autumn, base, &after, "synthetic-yard-2023-10-05.png", "2023-10-05"),
        after_to_before: autumn.pixel_to_ground().then(&summer.ground_to_pixel()),
        new_cars: after_cars - both_cars,
        gone_cars: before_cars - both_cars,
    }
}

fn scene(camera: &Camera, mut relief: Relief, stands: &[Stand], file_name: &'static str, date: &'static str) -> ExampleScene {
    for stand in stands {
        wagons::paint(&mut relief, stand);
    }
    let to_pixel = camera.ground_to_pixel();
    let railcars = stands
        .iter()
        .map(|stand| {
            let center = Point::new(stand.x_m, stand.y_m);
            let scale = to_pixel.scale_at(center);
            OrientedRect {
                center: to_pixel.apply(center),
                length: stand.wagon.length_m * scale,
                width: stand.wagon.width_m * scale,
                angle_rad: stand.angle_rad + to_pixel.turn_at(center),
            }
        })
        .collect();
    let shadow_rad = camera.shadow_rad();
    ExampleScene { file_name, date, gsd_m: camera.gsd_m, rgb: camera.photograph(&relief), railcars, shadow_rad }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_counts_are_those_of_the_picture() {
        let example = draw(1);
        assert_eq!((example.before.railcars.len(), example.after.railcars.len()), (20, 73));
        assert_eq!(example.new_cars + 17, 73);
        let to_before = example.after_to_before;
        let at_home = |car: &OrientedRect| {
            let p = to_before.apply(car.center);
            example.before.railcars.iter().any(|b| b.center.distance(p) < 0.01)
        };
        assert_eq!(example.after.railcars.iter().filter(|c| at_home(c)).count(), 17, "cars on both dates lie on each other");
    }

    #[test]
    fn cars_stand_inside_the_picture_and_never_in_each_other() {
        for seed in [1, 2, 3] {
            let after = draw(seed).after;
            for (i, car) in after.railcars.iter().enumerate() {
                for corner in car.corners() {
                    assert!(corner.x > 0.0 && corner.y > 0.0, "seed {seed} car {i}: {corner:?}");
                    assert!(corner.x < after.rgb.width() as f64 && corner.y < after.rgb.height() as f64);
                }
                for other in &after.railcars[..i] {
                    let apart = car.center.distance(other.center) * GSD_M;
                    assert!(apart > 4.0, "seed {seed}: two cars {apart:.1} m apart");
                }
            }
        }
    }

    #[test]
    fn the_picture_is_the_same_everywhere() {
        use sha2::{Digest, Sha256};
        let hash = |rgb: &Raster<u8>| Sha256::digest(rgb.samples()).iter().map(|b| format!("{b:02x}")).collect::<String>();
        let (a, b) = (draw(1), draw(1));
        assert_eq!(hash(&a.before.rgb), hash(&b.before.rgb));
        assert_ne!(hash(&a.before.rgb), hash(&draw(2).before.rgb));
    }
}
