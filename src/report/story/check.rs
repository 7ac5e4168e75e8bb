//! *Count again* in a story that carries the engine: the button, its words, and the two parts of the engine as data of the page.

use super::engine::Carried;
use super::page::{DATA_ENDS, Paper};
use crate::report::escape::json_in_html;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Runs the engine over what the page holds.
pub const SCRIPT: &str = include_str!("../../../www/story/check.js");

/// Opens the module.
pub const MODULE_OPENS: &str = "<script type=\"text/plain\" id=\"engine-module\">";
/// Opens the worker's script.
pub const WORKER_OPENS: &str = "<script type=\"text/plain\" id=\"engine-worker\">";
/// Opens the words that the script says.
const WORDS_OPEN: &str = "<script type=\"application/json\" id=\"check-words\">";

/// What the script says, by key; with `check.` before each in the catalogue.
const WORDS: [&str; 17] = [
    "busy",
    "reproduced",
    "not-reproduced",
    "changed",
    "other-version",
    "published",
    "stated",
    "now",
    "edits",
    "failed",
    "part.pixels",
    "part.cars",
    "part.figures",
    "part.text",
    "part.code",
    "part.data",
    "about",
];

/// The button and what stands beside it; nothing in a story without the engine.
pub fn section(out: &mut String, paper: &Paper<'_>) {
    if paper.story.engine.is_none() {
        return;
    }
    let _ = writeln!(
        out,
        "<section class=\"about-check\"><h2>{}</h2><p>{}</p><p><button type=\"button\" id=\"check\" hidden>{}</button></p>\
         <div id=\"verdict\" role=\"status\"></div></section>",
        paper.say("check", &[]),
        paper.say("check.how", &[]),
        paper.say("check.button", &[])
    );
}

/// The engine, the words and the script, as the last things of a page before its viewer.
pub fn carry(out: &mut String, paper: &Paper<'_>, engine: Carried<'_>) {
    // The script puts the numbers in.
    let numbers = [("n", "{n}"), ("low", "{low}"), ("high", "{high}")];
    let said = |key: &str| paper.words.say(&format!("check.{key}"), &numbers);
    let mut words: Map<String, Value> = WORDS.iter().map(|key| ((*key).to_owned(), said(key).into())).collect();
    for key in ["before", "after", "new", "gone", "what", "edits.none"] {
        words.insert(key.to_owned(), paper.words.say(key, &[]).into());
    }
    let _ = writeln!(out, "{WORDS_OPEN}{}{DATA_ENDS}", json_in_html(&Value::Object(words).to_string()));
    let _ = writeln!(out, "{MODULE_OPENS}{}{DATA_ENDS}", engine.module);
    let _ = writeln!(out, "{WORKER_OPENS}{}{DATA_ENDS}", engine.worker);
    let _ = writeln!(out, "<script>{SCRIPT}</script>");
}
