//! The page: markup from data. Every text goes through [`markup`]; nothing else of the user's reaches it.

use super::account;
use super::check;
use super::engine::Carried;
use super::figures;
use super::{Digests, Story};
use crate::report::escape::{json_in_html, markup};
use crate::report::phrase;
use crate::report::words::Words;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

const STYLE: &str = include_str!("../../../www/story/story.css");
const SCRIPT: &str = include_str!("../../../www/story/story.js");

/// Opens the data inside a page. Nothing else in a page holds this text, since what is inserted holds no `<`.
pub const DATA_OPENS: &str = "<script type=\"application/json\" id=\"story\">";
/// Opens the fingerprints.
pub const DIGESTS_OPEN: &str = "<script type=\"application/json\" id=\"digests\">";
/// Ends either.
pub const DATA_ENDS: &str = "</script>";

/// What the writers of the page's parts share.
pub struct Paper<'a> {
    pub story: &'a Story,
    pub words: Words,
}

impl Paper<'_> {
    /// A text of the catalogue, fit to stand in the page.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        markup(&self.words.say(key, values))
    }

    /// A part of the report.
    pub fn report(&self, pointer: &str) -> &Value {
        self.story.report.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// A text of the report.
    pub fn report_text(&self, pointer: &str) -> Option<&str> {
        self.report(pointer).as_str()
    }

    /// "After, 5 October 2023", escaped.
    pub fn named(&self, side: &str) -> String {
        format!("{}, {}", self.say(side, &[]), markup(&self.date(side)))
    }

    /// Date of one image, in words.
    pub fn date(&self, side: &str) -> String {
        let inputs = self.report("/provenance/inputs").as_array().into_iter().flatten();
        let captured = inputs.filter(|input| input["role"] == side).find_map(|input| input["captured"]["date"].as_str());
        self.words.date(captured)
    }
}

/// Writes the page. `text` is the canonical text of the data.
pub fn render(story: &Story, text: &str, before_jpeg: &[u8], after_jpeg: &[u8], engine: Option<Carried<'_>>) -> String {
    let paper = Paper { story, words: Words::of(&story.edition.language) };
    let style = format!("{STYLE}{}", figures::own_style(story));
    let digests = Digests::of(story, text, before_jpeg, after_jpeg);
    let mut out = String::with_capacity(text.len() * 2 + (before_jpeg.len() + after_jpeg.len()) * 4 / 3 + 32_000);
    head(&mut out, &paper, &style);
    // A frame asks for the short form by `#embed`; the link in it leads to all.
    out.push_str("<body id=\"embed\">\n<main id=\"all\">\n");
    opening(&mut out, &paper);
    figures::write(&mut out, &paper, before_jpeg, after_jpeg);
    if let Some(caption) = &story.edition.caption {
        let _ = writeln!(out, "<p class=\"caption\" dir=\"auto\">{}</p>", markup(caption));
    }
    account::write(&mut out, &paper, &digests);
    out.push_str("</main>\n");
    let digests = serde_json::to_string(&digests).unwrap_or_default();
    let _ = writeln!(out, "{DATA_OPENS}{text}{DATA_ENDS}");
    let _ = writeln!(out, "{DIGESTS_OPEN}{}{DATA_ENDS}", json_in_html(&digests));
    if let Some(engine) = engine {
        check::carry(&mut out, &paper, engine);
    }
    let _ = writeln!(out, "<script>{SCRIPT}</script>\n</body>\n</html>");
    out
}

fn head(out: &mut String, paper: &Paper<'_>, style: &str) {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    // Only a story that carries the engine may run one.
    let (scripts, workers) = match paper.story.engine {
        Some(_) => {
            (format!("'sha256-{}' 'sha256-{}' 'wasm-unsafe-eval'", hash(check::SCRIPT), hash(SCRIPT)), " worker-src blob:;")
        }
        None => (format!("'sha256-{}'", hash(SCRIPT)), ""),
    };
    let policy = format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src {scripts};{workers} base-uri 'none'; form-action 'none'",
        hash(style),
    );
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"Sidings {}\">\n\
         <title>{}</title>\n<style>{style}</style>\n</head>\n",
        paper.words.language(),
        markup(&paper.story.version),
        title(paper)
    );
}

/// Title of the page, escaped.
pub fn title(paper: &Paper<'_>) -> String {
    let date = paper.date("after");
    match &paper.story.place {
        Some(place) => paper.say("title.place", &[("place", place), ("date", &date)]),
        None => paper.say("title", &[("date", &date)]),
    }
}

/// What stands on the face of it: whether it may be published, title and counts.
pub fn opening(out: &mut String, paper: &Paper<'_>) {
    if !paper.story.edition.is_publishable() {
        let _ = writeln!(out, "<p class=\"alarm\" role=\"note\">{}</p>", paper.say("unpublishable", &[]));
    }
    lead(out, paper);
}

/// Title and the two counts: the later first, since it is the news.
fn lead(out: &mut String, paper: &Paper<'_>) {
    let _ = writeln!(out, "<h1 dir=\"auto\">{}</h1>", title(paper));
    for (side, class) in [("after", "headline"), ("before", "soft")] {
        let count = paper.report(&format!("/{side}/count"));
        let _ = writeln!(
            out,
            "<p class=\"{class}\">{}: <b>{}</b> ({})</p>",
            paper.named(side),
            markup(&phrase::figure(&paper.words, count)),
            markup(&phrase::interval(&paper.words, count))
        );
    }
}
