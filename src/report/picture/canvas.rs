//! A picture that lines and areas are drawn on, smoothed at their edges.

use crate::geometry::{Bounds, Point, foot_on_line};
use image::{Rgb, RgbImage, imageops};

/// Red, green, blue.
pub type Colour = [u8; 3];

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Stroke {
    /// Its colour.
    pub colour: Colour,
    /// Its width, px.
    pub width: f64,
    /// Lengths of a dash and of the gap behind it, px; `None`: drawn through.
    pub dashes: Option<(f64, f64)>,
}

/// The picture.
pub struct Canvas(pub RgbImage);

impl Canvas {
    /// One colour everywhere.
    pub fn filled(width: u32, height: u32, colour: Colour) -> Self {
        Self(RgbImage::from_pixel(width, height, Rgb(colour)))
    }

    /// Lays a picture on it.
    pub fn paste(&mut self, picture: &RgbImage, x: i64, y: i64) {
        imageops::replace(&mut self.0, picture, x, y);
    }

    /// Lets a colour cover a share of a pixel; outside the picture nothing happens.
    pub fn cover(&mut self, x: i64, y: i64, colour: Colour, share: f64) {
        let inside = |v: i64, n: u32| u32::try_from(v).ok().filter(|v| *v < n);
        let (Some(x), Some(y)) = (inside(x, self.0.width()), inside(y, self.0.height())) else { return };
        let pixel = self.0.get_pixel_mut(x, y);
        for (old, new) in pixel.0.iter_mut().zip(colour) {
            *old = (f64::from(*old) + share.clamp(0.0, 1.0) * (f64::from(new) - f64::from(*old))).round() as u8;
        }
    }

    /// A line through points.
    pub fn line(&mut self, points: &[Point], stroke: Stroke) {
        let reach = stroke.width / 2.0 + 1.0;
        let bounds = Bounds::of(points);
        if points.is_empty() || !(bounds.greatest.x - bounds.least.x).is_finite() {
            return;
        }
        let (width, height) = (f64::from(self.0.width()), f64::from(self.0.height()));
        let pixels = |low: f64, high: f64, n: f64| (low - reach).clamp(0.0, n) as i64..(high + reach).ceil().clamp(0.0, n) as i64;
        for y in pixels(bounds.least.y, bounds.greatest.y, height) {
            for x in pixels(bounds.least.x, bounds.greatest.x, width) {
                let Some(foot) = foot_on_line(Point::new(x as f64 + 0.5, y as f64 + 0.5), points) else { continue };
                let share = (stroke.width / 2.0 + 0.5 - foot.distance).clamp(0.0, 1.0);
                if share > 0.0 && stroke.dashes.is_none_or(|(dash, gap)| foot.along % (dash + gap) < dash) {
                    self.cover(x, y, stroke.colour, share);
                }
            }
        }
    }

    /// A closed line through corners.
    pub fn outline(&mut self, corners: &[Point], stroke: Stroke) {
        let closed: Vec<Point> = corners.iter().chain(corners.first()).copied().collect();
        self.line(&closed, stroke);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Colour = [0, 0, 0];

    fn row(canvas: &Canvas, y: u32) -> Vec<u8> {
        (0..canvas.0.width()).map(|x| canvas.0.get_pixel(x, y).0[0]).collect()
    }

    #[test]
    fn a_line_covers_the_pixels_it_runs_through() {
        let mut canvas = Canvas::filled(6, 3, [255; 3]);
        canvas.line(&[Point::new(0.0, 1.5), Point::new(6.0, 1.5)], Stroke { colour: BLACK, width: 1.0, dashes: None });
        assert_eq!(row(&canvas, 1), [0; 6]);
        assert_eq!((row(&canvas, 0), row(&canvas, 2)), (vec![255; 6], vec![255; 6]));
    }

    #[test]
    fn dashes_leave_gaps() {
        let mut canvas = Canvas::filled(8, 1, [255; 3]);
        let dashed = Stroke { colour: BLACK, width: 1.0, dashes: Some((2.0, 2.0)) };
        canvas.line(&[Point::new(0.0, 0.5), Point::new(8.0, 0.5)], dashed);
        assert_eq!(row(&canvas, 0), [0, 0, 255, 255, 0, 0, 255, 255]);
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        let mut canvas = Canvas::filled(4, 4, [255; 3]);
        let stroke = Stroke { colour: BLACK, width: 2.0, dashes: None };
        canvas.outline(&[Point::new(-50.0, -50.0), Point::new(f64::NAN, 1.0), Point::new(900.0, -9.0)], stroke);
        canvas.cover(-1, 0, BLACK, 1.0);
        canvas.cover(1, 9, BLACK, 1.0);
        canvas.cover(1, 0, BLACK, 1.0);
        assert_eq!(row(&canvas, 0)[..2], [255, 0]);
    }
}
