//! Letters in pictures: Latin and Cyrillic. What the font lacks is not drawn at all, and the caller is told beforehand.

use super::canvas::{Canvas, Colour};
use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};

const NOTO_SANS: &[u8] = include_bytes!("noto-sans.ttf");

/// The font at one size.
pub struct Lettering {
    font: Option<FontRef<'static>>,
    /// Height of a line, px.
    pub size: f64,
}

impl Lettering {
    /// Letters of this height in pixels.
    pub fn new(size: f64) -> Self {
        Self { font: FontRef::try_from_slice(NOTO_SANS).ok(), size }
    }

    /// Whether every letter of a text is there.
    pub fn can_show(&self, text: &str) -> bool {
        self.font.as_ref().is_some_and(|font| text.chars().all(|c| c.is_whitespace() || font.glyph_id(c) != GlyphId(0)))
    }

    /// Width of a text, px.
    pub fn width(&self, text: &str) -> f64 {
        let Some(font) = &self.font else { return 0.0 };
        let font = font.as_scaled(PxScale::from(self.size as f32));
        text.chars().map(|c| f64::from(font.h_advance(font.glyph_id(shown(c))))).sum()
    }

    /// Draws a text with its upper left corner at a place.
    pub fn draw(&self, canvas: &mut Canvas, x: f64, y: f64, text: &str, colour: Colour) {
        let Some(font) = &self.font else { return };
        let scale = PxScale::from(self.size as f32);
        let scaled = font.as_scaled(scale);
        let baseline = y as f32 + scaled.ascent();
        let mut pen = x as f32;
        for c in text.chars() {
            let glyph = scaled.glyph_id(shown(c)).with_scale_and_position(scale, point(pen, baseline));
            pen += scaled.h_advance(glyph.id);
            if let Some(outline) = font.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|dx, dy, share| {
                    canvas.cover(corner.x as i64 + i64::from(dx), corner.y as i64 + i64::from(dy), colour, f64::from(share));
                });
            }
        }
    }

    /// The lines of a text, broken between words so that none is wider than `width`; a longer word is broken where it must be.
    pub fn lines(&self, text: &str, width: f64) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            let line = lines.last_mut().expect("never empty");
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer) <= width {
                *line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(String::new());
            }
            for c in word.chars() {
                let line = lines.last_mut().expect("never empty");
                if !line.is_empty() && self.width(&format!("{line}{c}")) > width {
                    lines.push(c.to_string());
                } else {
                    line.push(c);
                }
            }
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}

fn shown(c: char) -> char {
    if c.is_whitespace() { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_and_cyrillic_are_there_and_other_scripts_are_known_to_lack() {
        let lettering = Lettering::new(20.0);
        for text in ["Image © 2023 Planet Labs PBC", "Pléiades © CNES, Łódź, Čakovec", "Снимок, Ёлка Київ ґ", "5–9 “x” … №"]
        {
            assert!(lettering.can_show(text), "{text}");
        }
        for text in ["두만강", "图们江", "豆満江", "شبكة", "🚂", "\u{202e}abc"] {
            assert!(!lettering.can_show(text), "{text}");
        }
    }

    #[test]
    fn letters_leave_ink_where_they_stand() {
        let mut canvas = Canvas::filled(60, 30, [255; 3]);
        let lettering = Lettering::new(20.0);
        lettering.draw(&mut canvas, 5.0, 3.0, "H", [0; 3]);
        let ink: Vec<(u32, u32)> = canvas.0.enumerate_pixels().filter(|(_, _, p)| p.0[0] < 128).map(|(x, y, _)| (x, y)).collect();
        assert!(ink.len() > 30 && ink.iter().all(|&(x, y)| (5..25).contains(&x) && (3..25).contains(&y)), "{ink:?}");
        assert!((lettering.width("HH") - 2.0 * lettering.width("H")).abs() < 1e-3);
    }

    #[test]
    fn lines_are_no_wider_than_they_may_be() {
        let lettering = Lettering::new(16.0);
        let text = format!("Image © 2023 Planet Labs PBC {} end", "x".repeat(200));
        let lines = lettering.lines(&text, 120.0);
        assert!(lines.len() > 5 && lines.iter().all(|l| lettering.width(l) <= 120.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert!(lettering.lines("  ", 100.0).is_empty());
    }
}
