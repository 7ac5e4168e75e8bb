//! The walls themselves: what a file of the core may not name, and which module may import which.

use crate::source::{Token, starts_with};

/// What a top-level module of the crate is, which decides what it may import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Types and small tools that every stage stands on.
    Foundation,
    /// One step of the way of the data; knows no other step.
    Stage,
    /// Joins the stages.
    Pipeline,
    /// Writes down what the pipeline has found.
    Report,
    /// Where people are: the page and the command line.
    Edge,
}

/// Every top-level module. A new one is entered here, so that somebody decides what it is.
pub const MODULES: [(&str, Kind); 33] = [
    ("corrections", Kind::Foundation),
    ("date", Kind::Foundation),
    ("error", Kind::Foundation),
    ("geometry", Kind::Foundation),
    ("ifd", Kind::Foundation),
    ("limits", Kind::Foundation),
    ("markup", Kind::Foundation),
    ("random", Kind::Foundation),
    ("raster", Kind::Foundation),
    ("regions", Kind::Foundation),
    ("resample", Kind::Foundation),
    ("table", Kind::Foundation),
    ("yard", Kind::Foundation),
    ("align", Kind::Stage),
    ("change", Kind::Stage),
    ("compare", Kind::Stage),
    ("credentials", Kind::Stage),
    ("decode", Kind::Stage),
    ("example", Kind::Stage),
    ("facilities", Kind::Stage),
    ("georeference", Kind::Stage),
    ("normalise", Kind::Stage),
    ("railcars", Kind::Stage),
    ("record", Kind::Stage),
    ("statement", Kind::Stage),
    ("tracks_file", Kind::Stage),
    ("pipeline", Kind::Pipeline),
    ("report", Kind::Report),
    ("web", Kind::Edge),
    ("bin", Kind::Edge),
    ("lib", Kind::Edge),
    ("cli", Kind::Edge),
    ("main", Kind::Edge),
];

/// What a top-level module is; `None` for one that nobody has entered.
pub fn kind(module: &str) -> Option<Kind> {
    MODULES.iter().find(|(name, _)| *name == module).map(|(_, kind)| *kind)
}

/// Whether a module may import another one.
pub fn may_import(from: &str, to: &str) -> bool {
    if from == to {
        return true;
    }
    let allowed: &[Kind] = match kind(from) {
        Some(Kind::Edge) => return true,
        Some(Kind::Report) => &[Kind::Foundation, Kind::Stage, Kind::Pipeline],
        Some(Kind::Pipeline) => &[Kind::Foundation, Kind::Stage],
        Some(Kind::Stage | Kind::Foundation) | None => &[Kind::Foundation],
    };
    kind(to).is_some_and(|kind| allowed.contains(&kind))
}

/// Crates that only `src/web/` may name.
const BROWSER_CRATES: [&str; 7] =
    ["gloo", "js_sys", "leaflet", "serde_wasm_bindgen", "wasm_bindgen", "wasm_bindgen_futures", "web_sys"];

/// Words that have no place in the core, each with why. `HashMap` and `HashSet` are iterated in an order that is drawn anew in
/// every process; sorted ones are not.
const WORDS: [(&str, &str); 16] = [
    ("HashMap", "its order is random; use BTreeMap"),
    ("HashSet", "its order is random; use BTreeSet"),
    ("Instant", "a clock"),
    ("SystemTime", "a clock"),
    ("chrono", "a clock"),
    ("getrandom", "unseeded randomness"),
    ("rand", "unseeded randomness; use crate::random"),
    ("rayon", "threads"),
    ("thread_local", "a global"),
    ("lazy_static", "a global"),
    ("OnceLock", "a global"),
    ("LazyLock", "a global"),
    ("OnceCell", "a global"),
    ("Mutex", "threads"),
    ("RwLock", "threads"),
    ("tokio", "threads"),
];

/// Modules of std that have no place in the core.
const STD: [(&str, &str); 6] = [
    ("env", "a global"),
    ("fs", "files"),
    ("net", "a network"),
    ("process", "a process"),
    ("thread", "threads"),
    ("time", "a clock"),
];

/// Methods of floats whose last digit differs from machine to machine; `libm` has the same on all.
const INEXACT: [&str; 26] = [
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "exp", "exp2", "exp_m1", "hypot", "ln",
    "ln_1p", "log", "log10", "log2", "powf", "powi", "sin", "sin_cos", "sinh", "tan", "tanh",
];

/// What a file of the core names that it may not: line and reason.
pub fn forbidden(tokens: &[Token]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let (rest, word) = (&tokens[at..], token.text.as_str());
        let follows_dot = at > 0 && tokens[at - 1].text == ".";
        if !follows_dot {
            if let Some((_, why)) = WORDS.iter().find(|(name, _)| *name == word) {
                found.push((token.line, format!("{word}: {why}")));
            }
            if BROWSER_CRATES.contains(&word) || word.starts_with("gloo_") {
                found.push((token.line, format!("{word}: a browser crate")));
            }
        }
        if follows_dot && INEXACT.contains(&word) && starts_with(&rest[1..], &["("]) {
            found.push((token.line, format!(".{word}(): differs from machine to machine; use libm")));
        }
        if starts_with(rest, &["static", "mut"]) {
            found.push((token.line, "static mut: a global".to_owned()));
        }
        for module in paths_below(rest, "std") {
            if let Some((_, why)) = STD.iter().find(|(name, _)| *name == module) {
                found.push((token.line, format!("std::{module}: {why}")));
            }
        }
    }
    found
}

/// Top-level modules of the crate that a file imports, with their lines. `depth` is how many modules the file lies below the
/// crate's root: 1 for `src/align.rs` and `src/align/mod.rs`, 2 for `src/align/search.rs`.
pub fn imports(tokens: &[Token], depth: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let rest = &tokens[at..];
        let mut below: Vec<&str> = paths_below(rest, "crate");
        let after_super = at >= 3 && starts_with(&tokens[at - 3..], &["super", ":", ":"]);
        let supers = if after_super { 0 } else { supers(rest) };
        if supers >= depth && supers > 0 {
            below.extend(paths_below(&rest[3 * (supers - 1)..], "super"));
        }
        found.extend(
            below
                .into_iter()
                .filter(|name| kind(name).is_some() || is_module_name(name))
                .map(|name| (token.line, name.to_owned())),
        );
    }
    found
}

/// Types and macros at the crate's root are no modules.
fn is_module_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name != "self"
}

fn supers(tokens: &[Token]) -> usize {
    tokens.chunks(3).take_while(|chunk| starts_with(chunk, &["super", ":", ":"])).count()
}

/// First names after `root::`, also within braces: `crate::{align, yard::Car}` gives align and yard.
fn paths_below<'a>(tokens: &'a [Token], root: &str) -> Vec<&'a str> {
    if !starts_with(tokens, &[root, ":", ":"]) {
        return Vec::new();
    }
    let Some(next) = tokens.get(3) else { return Vec::new() };
    if next.text != "{" {
        return vec![next.text.as_str()];
    }
    let (mut names, mut depth, mut first) = (Vec::new(), 0usize, false);
    for token in &tokens[3..] {
        match token.text.as_str() {
            "{" => (depth, first) = (depth + 1, depth == 0),
            "}" => depth -= 1,
            "," if depth == 1 => first = true,
            name if depth == 1 && first => {
                names.push(name);
                first = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}
