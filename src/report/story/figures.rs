//! The pictures of the page: each date with its marks, the swipe that a script brings to life, scale, north and legend.

use super::Story;
use super::marks;
use super::page::Paper;
use crate::geometry::Point;
use crate::pipeline::Side;
use crate::report::escape::markup;
use crate::report::exhibit::Status;
use crate::report::phrase;
use crate::report::picture::{bar_length, short};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

/// How an embedded picture begins.
pub const PICTURE_OPENS: &str = "href=\"data:image/jpeg;base64,";
/// Opens the marks of one date.
pub const CARS_OPEN: &str = "<g class=\"cars\">";
/// Ends them: no group lies in theirs.
pub const CARS_END: &str = "</g>";

/// Share of the picture's width that the scale bar takes at most.
const BAR_SHARE: f64 = 0.3;

/// Ground length of the bar, m.
fn bar_m(story: &Story) -> f64 {
    bar_length(picture_m(story) * BAR_SHARE)
}

/// Ground width of the older picture, m.
fn picture_m(story: &Story) -> f64 {
    let gsd_m = story.report.pointer("/before/gsd_m").and_then(serde_json::Value::as_f64).unwrap_or(1.0);
    (gsd_m * f64::from(story.before.crop.width)).max(1e-3)
}

/// The little that differs from story to story: it stands in the style, since the policy allows no style attributes.
pub fn own_style(story: &Story) -> String {
    let [width, height] = story.before.size_px;
    let aspect = f64::from(width) / f64::from(height.max(1));
    format!(".stage{{--aspect:{aspect:.4}}}#bar{{width:{:.3}%}}\n", 100.0 * bar_m(story) / picture_m(story))
}

/// Everything between the tools and the legend.
pub fn write(out: &mut String, paper: &Paper<'_>, before_jpeg: &[u8], after_jpeg: &[u8]) {
    tools(out, paper);
    out.push_str("<div class=\"stage\">\n");
    swipe(out, paper);
    for (side, jpeg) in [(Side::Before, before_jpeg), (Side::After, after_jpeg)] {
        figure(out, paper, side, jpeg);
    }
    ground(out, paper);
    out.push_str("</div>\n");
}

fn tools(out: &mut String, paper: &Paper<'_>) {
    let radio = |key: &str, checked: &str| {
        format!("<label><input type=\"radio\" name=\"view\" value=\"{key}\"{checked}>{}</label>", paper.say(key, &[]))
    };
    let _ = writeln!(
        out,
        "<div class=\"tools\"><label><input type=\"checkbox\" id=\"marks\" checked>{}</label>\
         <span id=\"views\" role=\"radiogroup\" aria-label=\"{}\" hidden>{}{}</span></div>",
        paper.say("marks", &[]),
        paper.say("view", &[]),
        radio("swipe", " checked"),
        radio("stacked", "")
    );
}

fn name(side: Side) -> &'static str {
    match side {
        Side::Before => "before",
        Side::After => "after",
    }
}

/// "Aerial or satellite image, 5 October 2023. about 73 railcars (…)."
fn description(paper: &Paper<'_>, side: Side) -> String {
    let count = phrase::count(&paper.words, paper.report(&format!("/{}/count", name(side))));
    paper.say("alt", &[("date", &paper.date(name(side))), ("count", &count)])
}

fn opening(paper: &Paper<'_>, label: &str) -> String {
    let [width, height] = paper.story.before.size_px;
    format!("<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{label}\">")
}

/// Both pictures by reference, the newer one cut off at the divider.
fn swipe(out: &mut String, paper: &Paper<'_>) {
    let [width, height] = paper.story.before.size_px;
    let (middle, knob) = (f64::from(height) / 2.0, f64::from(width.max(height)) * 0.012);
    let label = format!("{} {}", description(paper, Side::Before), description(paper, Side::After));
    let _ = writeln!(
        out,
        "<figure id=\"swipe\" hidden>{}<defs><clipPath id=\"right\"><rect x=\"0\" y=\"0\" width=\"{width}\" height=\"{height}\"/></clipPath></defs>\
         <use href=\"#scene-before\"/><g clip-path=\"url(#right)\"><use href=\"#scene-after\"/></g>\
         <g id=\"rail\"><path d=\"M0 0V{height}\"/><circle cx=\"0\" cy=\"{middle}\" r=\"{knob:.1}\"/></g></svg>\
         <input type=\"range\" id=\"divider\" min=\"0\" max=\"1000\" value=\"500\" aria-label=\"{}\">\
         <figcaption class=\"names\"><span>{} · {}</span><span>{} · {}</span></figcaption></figure>",
        opening(paper, &label),
        paper.say("divider", &[]),
        paper.say("before", &[]),
        markup(&paper.date("before")),
        paper.say("after", &[]),
        markup(&paper.date("after"))
    );
}

fn figure(out: &mut String, paper: &Paper<'_>, side: Side, jpeg: &[u8]) {
    let (story, name) = (paper.story, name(side));
    let [width, height] = story.before.size_px;
    let ([own_width, own_height], matrix) = match side {
        Side::Before => (story.before.size_px, String::new()),
        Side::After => {
            let numbers: Vec<String> = story.after_matrix.iter().map(|v| format!("{v}")).collect();
            (story.after.size_px, format!(" transform=\"matrix({})\"", numbers.join(" ")))
        }
    };
    let _ = write!(
        out,
        "<figure id=\"{name}\">{}<g id=\"scene-{name}\"><rect width=\"{width}\" height=\"{height}\"/>\
         <image width=\"{own_width}\" height=\"{own_height}\"{matrix} {PICTURE_OPENS}{}\"/>{CARS_OPEN}",
        opening(paper, &description(paper, side)),
        STANDARD.encode(jpeg)
    );
    cars(out, &marks::of(story, side), name);
    let count = phrase::count(&paper.words, paper.report(&format!("/{name}/count")));
    let _ = writeln!(
        out,
        "{CARS_END}</g></svg><figcaption>{} · {} · {}</figcaption></figure>",
        paper.say(name, &[]),
        markup(&paper.date(name)),
        markup(&count)
    );
}

/// One path for each state, drawn twice: a casing under the line itself. What matters most lies on top.
fn cars(out: &mut String, all: &[(Status, [Point; 4])], name: &str) {
    for status in Status::ALL.into_iter().rev() {
        let (data, id) = (marks::path(all, status), status.id());
        if data.is_empty() {
            continue;
        }
        let _ = write!(
            out,
            "<defs><path id=\"{name}-{id}\" vector-effect=\"non-scaling-stroke\" d=\"{data}\"/></defs>\
             <use href=\"#{name}-{id}\" class=\"mark casing {id}\"/><use href=\"#{name}-{id}\" class=\"mark line {id}\"/>"
        );
    }
}

/// Scale bar, north, legend, and what was done to the pixels.
fn ground(out: &mut String, paper: &Paper<'_>) {
    let story = paper.story;
    let estimated = paper.report_text("/before/gsd_from") == Some("estimated");
    let label = paper.say(if estimated { "about.metres" } else { "metres" }, &[("n", &short(bar_m(story)))]);
    let _ = write!(out, "<div class=\"ground\"><div class=\"scale\"><span id=\"bar\"></span><span>{label}</span>");
    if let Some(rad) = story.before.north_rad {
        let _ = write!(
            out,
            "<span class=\"north\"><svg viewBox=\"-12 -12 24 24\" aria-hidden=\"true\"><path transform=\"rotate({:.1})\" d=\"M-10 0H10M4 -5L10 0L4 5\"/></svg>{}</span>",
            rad.to_degrees(),
            paper.say("north", &[])
        );
    }
    out.push_str("</div>");
    let (before, after) = (marks::of(story, Side::Before), marks::of(story, Side::After));
    for status in Status::ALL {
        let number = |all: &[(Status, [Point; 4])]| all.iter().filter(|(s, _)| *s == status).count();
        // A place occupied on both dates has a mark on each; it is one place.
        let n = if status == Status::Both { number(&before) } else { number(&before) + number(&after) };
        if n == 0 {
            continue;
        }
        let id = status.id();
        let _ = write!(
            out,
            "<span class=\"key\"><svg viewBox=\"0 0 32 16\" aria-hidden=\"true\"><path class=\"mark casing {id}\" d=\"M3 3H29V13H3Z\"/>\
             <path class=\"mark line {id}\" d=\"M3 3H29V13H3Z\"/></svg>{}</span>",
            paper.say("marked", &[("status", &paper.words.say(id, &[])), ("n", &n.to_string())])
        );
    }
    out.push_str("</div>\n");
}
