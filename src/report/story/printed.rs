//! The report to print: method, every car with its number and a thumbnail, residuals, record, edits. It runs no script.

use super::page::Paper;
use super::{account, draft, pieces};
use crate::error::Result;
use crate::geometry::{Bounds, Point};
use crate::pipeline::Side;
use crate::raster::Raster;
use crate::report::crop::{Crop, Piece};
use crate::report::escape::markup;
use crate::report::exhibit::{Exhibit, Look, Mark};
use crate::report::words::Words;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

const STYLE: &str = concat!(include_str!("../../../www/story/story.css"), include_str!("../../../www/story/printed.css"));

/// Ground around a car on its thumbnail, m.
const AROUND_M: f64 = 6.0;

/// Longest side of a thumbnail, px, and its JPEG quality.
const THUMBNAIL_PX: u32 = 120;
const QUALITY: u8 = 72;

/// Writes the page.
///
/// # Errors
/// `encode`, should a thumbnail not be written to memory.
pub fn write(exhibit: &Exhibit, before_rgb: &Raster<u8>, after_rgb: &Raster<u8>) -> Result<String> {
    let story = draft(exhibit, None);
    let paper = Paper { story: &story, words: Words::of(&exhibit.edition.language) };
    let mut out = head(&paper);
    account::without_pictures(&mut out, &paper);
    residuals(&mut out, &paper);
    for (side, rgb) in [(Side::After, after_rgb), (Side::Before, before_rgb)] {
        cars(&mut out, &paper, side, exhibit.look(side), rgb)?;
    }
    account::made(&mut out, &paper);
    out.push_str("</main>\n</body>\n</html>\n");
    Ok(out)
}

fn head(paper: &Paper<'_>) -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let title = super::page::title(paper);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n",
        paper.words.language()
    );
    super::page::opening(&mut out, paper);
    out
}

/// How well the images lie over each other, on places that had no part in the fit.
fn residuals(out: &mut String, paper: &Paper<'_>) {
    let number = |pointer: &str| paper.report(pointer).as_f64().map_or_else(|| "–".to_owned(), |v| format!("{v}"));
    let status = paper.report_text("/registration/status").unwrap_or_default().to_owned();
    let model = paper.report_text("/registration/model").unwrap_or_default().to_owned();
    let rows = [
        ("registration.status", status),
        ("registration.model", model),
        ("registration.median", number("/registration/residual_px/median")),
        ("registration.p95", number("/registration/residual_px/p95")),
        ("registration.points", number("/registration/residual_px/points")),
        ("registration.coverage", number("/registration/coverage")),
    ];
    let _ = write!(out, "<section><h2>{}</h2><table><tbody>", paper.say("registration", &[]));
    for (key, value) in rows {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", paper.say(key, &[]), markup(&value));
    }
    out.push_str("</tbody></table>");
    for reason in paper.report("/registration/reasons").as_array().into_iter().flatten().filter_map(Value::as_str) {
        let _ = write!(out, "<p lang=\"en\">{}</p>", markup(reason));
    }
    out.push_str("</section>\n");
}

/// Every car of one date.
fn cars(out: &mut String, paper: &Paper<'_>, side: Side, look: &Look, rgb: &Raster<u8>) -> Result<()> {
    let name = if side == Side::Before { "before" } else { "after" };
    let _ = write!(
        out,
        "<section class=\"all\"><h2>{} · {} ({})</h2><ol class=\"cars-list\">",
        paper.say(name, &[]),
        markup(&paper.date(name)),
        look.marks.len()
    );
    for mark in &look.marks {
        let picture = thumbnail(look, mark, rgb)?;
        let _ = write!(
            out,
            "<li>{picture}<b>{}</b> {}<br>{:.1} × {:.1} m · {:.2}</li>",
            mark.id,
            paper.say(mark.status.id(), &[]),
            mark.length_m,
            mark.width_m,
            mark.confidence
        );
    }
    out.push_str("</ol></section>\n");
    Ok(())
}

/// The car and a little around it, with its outline over it.
fn thumbnail(look: &Look, mark: &Mark, rgb: &Raster<u8>) -> Result<String> {
    let bounds = Bounds::of(&mark.corners_px);
    let margin = if look.gsd_m > 0.0 { AROUND_M / look.gsd_m } else { 10.0 };
    let side = |low: f64, high: f64, n: u32| {
        let first = (low - margin).floor().clamp(0.0, f64::from(n.max(1) - 1));
        let end = (high + margin).ceil().clamp(first + 1.0, f64::from(n).max(first + 1.0));
        (first as u32, (end - first) as u32)
    };
    let [columns, rows] = look.size_px;
    let ((x, width), (y, height)) =
        (side(bounds.least.x, bounds.greatest.x, columns), side(bounds.least.y, bounds.greatest.y, rows));
    let piece = Piece::cut(rgb, Crop { x, y, width, height }, THUMBNAIL_PX);
    let onto = piece.to_piece();
    let outline: Vec<String> =
        mark.corners_px.iter().map(|p| onto.apply(*p)).map(|p: Point| format!("{:.1} {:.1}", p.x + 0.0, p.y + 0.0)).collect();
    let (width, height) = piece.image.dimensions();
    Ok(format!(
        "<svg viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\"><image width=\"{width}\" height=\"{height}\" href=\"data:image/jpeg;base64,{}\"/>\
         <path class=\"mark casing {id}\" vector-effect=\"non-scaling-stroke\" d=\"M{d}Z\"/><path class=\"mark line {id}\" vector-effect=\"non-scaling-stroke\" d=\"M{d}Z\"/></svg>",
        STANDARD.encode(pieces::jpeg(&piece.image, QUALITY)?),
        id = mark.status.id(),
        d = outline.join("L")
    ))
}
