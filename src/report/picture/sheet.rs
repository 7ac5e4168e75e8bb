//! The sheet: headings, images with marks, and under them what a reader needs to read them.

use super::canvas::{Canvas, Colour, Stroke};
use super::text::Lettering;
use crate::geometry::Point;
use crate::report::exhibit::Status;
use image::RgbImage;

pub const PAPER: Colour = [255, 255, 255];
pub const INK: Colour = [21, 23, 26];
pub const SOFT: Colour = [75, 81, 87];
pub const ALARM: Colour = [179, 38, 30];

/// The colours of Okabe and Ito, told apart by colour-blind readers; dashes and widths tell the states apart without them.
fn look(status: Status) -> Stroke {
    let (colour, width, dashes) = match status {
        Status::New => ([230, 159, 0], 3.0, None),
        Status::Gone => ([0, 114, 178], 3.0, Some((7.0, 5.0))),
        Status::Both => ([153, 153, 153], 1.6, None),
        Status::Undecided => ([153, 153, 153], 2.0, Some((2.0, 4.0))),
        Status::Outside => ([153, 153, 153], 1.6, Some((1.0, 3.0))),
    };
    Stroke { colour, width, dashes }
}

/// The line under each outline, without which grey on grey could not be seen. It is this much wider.
const CASING_PX: f64 = 2.5;

/// Light under blue, dark under what is light itself.
fn casing(status: Status) -> Stroke {
    let colour = if status == Status::Gone { PAPER } else { INK };
    Stroke { colour, width: look(status).width + CASING_PX, dashes: None }
}

/// A body this wide or wider, px, is outlined at full strength; a narrower one more finely, so that it still shows inside.
const FULL_STRENGTH_PX: f64 = 16.0;

/// Share of the full strength for the bodies of an image.
fn strength(marks: &[(Status, [Point; 4])]) -> f64 {
    let mut widths: Vec<f64> = marks.iter().map(|(_, corners)| corners[1].distance(corners[2])).collect();
    widths.sort_by(f64::total_cmp);
    widths.get(widths.len() / 2).map_or(1.0, |median| (median / FULL_STRENGTH_PX).clamp(0.5, 1.0))
}

fn thinner(stroke: Stroke, share: f64) -> Stroke {
    Stroke { width: stroke.width * share, ..stroke }
}

/// The narrowest sheet on which the words have room, px.
const LEAST_WIDTH: u32 = 640;

/// Images that make a row wider than this many times its height are stacked instead.
const WIDEST: f64 = 2.2;

/// One image with what stands over it.
pub struct Panel {
    pub heading: String,
    pub count: String,
    pub image: RgbImage,
    pub marks: Vec<(Status, [Point; 4])>,
}

/// What stands under the images.
pub struct Foot {
    pub legend: Vec<(Status, String)>,
    pub bar_px: f64,
    pub bar_label: String,
    pub north_rad: Option<f64>,
    pub north_letter: String,
    pub lines: Vec<String>,
    pub warning: Option<String>,
}

/// Draws the sheet.
pub fn draw(panels: &[Panel], foot: &Foot) -> RgbImage {
    let (tall, wide) =
        (panels.iter().map(|p| p.image.height()).max().unwrap_or(1), panels.iter().map(|p| p.image.width()).sum::<u32>());
    let stacked = panels.len() > 1 && f64::from(wide) > WIDEST * f64::from(tall);
    let images = if stacked { panels.iter().map(|p| p.image.width()).max().unwrap_or(1) } else { wide };
    let size = (f64::from(images) / 70.0).clamp(17.0, 30.0);
    let (lettering, gap) = (Lettering::new(size), size.round() as u32);
    let between = if stacked { 0 } else { gap * (panels.len() as u32 - 1) };
    let width = (images + between).max(LEAST_WIDTH) + 2 * gap;
    let head =
        heads(panels, &lettering, f64::from(if stacked { width - 2 * gap } else { width / panels.len() as u32 - 2 * gap }));
    let head_px = (head.iter().map(Vec::len).max().unwrap_or(0) as f64 * 1.3 * size + 0.8 * size) as u32;
    let rows = if stacked { panels.len() as u32 } else { 1 };
    let body: u32 = if stacked { panels.iter().map(|p| p.image.height() + head_px).sum() } else { tall + head_px };
    let foot_lines = Footing::new(foot, &lettering, f64::from(width - 2 * gap));
    let mut canvas = Canvas::filled(width, body + foot_lines.height() + gap * rows, PAPER);
    let (mut x, mut y) = (gap, 0);
    for (panel, lines) in panels.iter().zip(&head) {
        write(&mut canvas, &lettering, lines, f64::from(x), f64::from(y) + 0.4 * size);
        paint(&mut canvas, panel, x, y + head_px);
        if stacked {
            y += panel.image.height() + head_px + gap;
        } else {
            x += panel.image.width().max((width - 2 * gap - between) / panels.len() as u32) + gap;
        }
    }
    foot_lines.draw(&mut canvas, f64::from(gap), f64::from(body + gap * (rows - 1)) + 0.6 * size);
    canvas.0
}

/// Heading and count of each panel, in lines; the heading is the darker.
fn heads(panels: &[Panel], lettering: &Lettering, width: f64) -> Vec<Vec<(String, Colour)>> {
    let of = |panel: &Panel| {
        let heading = lettering.lines(&panel.heading, width).into_iter().map(|line| (line, INK));
        heading.chain(lettering.lines(&panel.count, width).into_iter().map(|line| (line, SOFT))).collect()
    };
    panels.iter().map(of).collect()
}

fn write(canvas: &mut Canvas, lettering: &Lettering, lines: &[(String, Colour)], x: f64, y: f64) {
    for (k, (line, colour)) in lines.iter().enumerate() {
        lettering.draw(canvas, x, y + k as f64 * 1.3 * lettering.size, line, *colour);
    }
}

/// The image and its marks; what matters most lies on top.
pub fn paint(canvas: &mut Canvas, panel: &Panel, x: u32, y: u32) {
    let mut image = Canvas(panel.image.clone());
    let share = strength(&panel.marks);
    for status in Status::ALL.into_iter().rev() {
        let outlines: Vec<_> = panel.marks.iter().filter(|(s, _)| *s == status).map(|(_, corners)| corners).collect();
        outlines.iter().for_each(|corners| image.outline(&corners[..], thinner(casing(status), share)));
        outlines.iter().for_each(|corners| image.outline(&corners[..], thinner(look(status), share)));
    }
    canvas.paste(&image.0, i64::from(x), i64::from(y));
}

/// The foot, laid out.
struct Footing<'a> {
    foot: &'a Foot,
    lettering: &'a Lettering,
    width: f64,
    /// Entries of the legend, by the row in which they have room.
    legend: Vec<Vec<(Status, &'a str)>>,
    lines: Vec<(String, Colour)>,
}

impl<'a> Footing<'a> {
    fn new(foot: &'a Foot, lettering: &'a Lettering, width: f64) -> Self {
        let mut legend: Vec<Vec<(Status, &str)>> = vec![Vec::new()];
        let mut used = 0.0;
        for (status, text) in &foot.legend {
            let need = Self::swatch(lettering) + lettering.width(text) + 1.5 * lettering.size;
            if used + need > width && used > 0.0 {
                legend.push(Vec::new());
                used = 0.0;
            }
            used += need;
            if let Some(row) = legend.last_mut() {
                row.push((*status, text));
            }
        }
        legend.retain(|row| !row.is_empty());
        let warning = foot.warning.iter().flat_map(|text| lettering.lines(text, width)).map(|line| (line, ALARM));
        let rest = foot.lines.iter().flat_map(|text| lettering.lines(text, width)).map(|line| (line, SOFT));
        let lines = warning.chain(rest).collect();
        Self { foot, lettering, width, legend, lines }
    }

    fn swatch(lettering: &Lettering) -> f64 {
        2.3 * lettering.size
    }

    /// Height of the row of the bar and the arrow.
    fn bar_height(&self) -> f64 {
        2.0 * self.lettering.size
    }

    fn height(&self) -> u32 {
        let size = self.lettering.size;
        (self.bar_height() + (self.legend.len() as f64 * 1.5 + self.lines.len() as f64 * 1.3 + 1.2) * size).ceil() as u32
    }

    fn draw(&self, canvas: &mut Canvas, x: f64, y: f64) {
        let size = self.lettering.size;
        self.bar(canvas, x, y);
        let mut y = y + self.bar_height();
        for row in &self.legend {
            let mut x = x;
            for (status, text) in row {
                let box_px = [Point::new(x + 2.0, y + 0.25 * size), Point::new(x + 1.7 * size, y + 0.25 * size)];
                let corners = [box_px[0], box_px[1], Point::new(box_px[1].x, y + size), Point::new(box_px[0].x, y + size)];
                canvas.outline(&corners, casing(*status));
                canvas.outline(&corners, look(*status));
                self.lettering.draw(canvas, x + Self::swatch(self.lettering), y, text, INK);
                x += Self::swatch(self.lettering) + self.lettering.width(text) + 1.5 * size;
            }
            y += 1.5 * size;
        }
        write(canvas, self.lettering, &self.lines, x, y);
    }

    /// The scale bar, and an arrow to the north where that is known.
    fn bar(&self, canvas: &mut Canvas, x: f64, y: f64) {
        let (size, length) = (self.lettering.size, self.foot.bar_px.min(self.width / 2.0));
        let line = Stroke { colour: INK, width: 2.0, dashes: None };
        let middle = y + 0.8 * size;
        canvas.line(&[Point::new(x + 1.0, middle), Point::new(x + length, middle)], line);
        for end in [x + 1.0, x + length] {
            canvas.line(&[Point::new(end, middle - 0.3 * size), Point::new(end, middle + 0.3 * size)], line);
        }
        self.lettering.draw(canvas, x + length + 0.6 * size, y + 0.2 * size, &self.foot.bar_label, INK);
        let Some(north_rad) = self.foot.north_rad else { return };
        let label_end = x + length + 1.2 * size + self.lettering.width(&self.foot.bar_label);
        let (cx, cy, r) = (label_end + 1.2 * size, middle, 0.75 * size);
        let at = |angle: f64, radius: f64| {
            Point::new(cx + radius * libm::cos(north_rad + angle), cy + radius * libm::sin(north_rad + angle))
        };
        canvas.line(&[at(std::f64::consts::PI, r), at(0.0, r)], line);
        canvas.line(&[at(0.7, 0.45 * r), at(0.0, r), at(-0.7, 0.45 * r)], line);
        self.lettering.draw(canvas, cx + 1.1 * size, y + 0.2 * size, &self.foot.north_letter, INK);
    }
}
