//! Checks a story from its file alone: are the data and pictures those that were published, does the page say what they say, and does
//! counting the pictures again give what the story says it gave?
//!
//! Three nets, each catches what slips through the others: fingerprints name the part that was changed; the page written anew from its
//! data shows any letter that was changed beside them; and the recount shows figures or pixels that were changed along with their
//! fingerprints. A story that somebody made anew throughout, from pictures that were altered before, is told from the published one only by the
//! fingerprint of its data: whoever publishes a story publishes that, too.

use super::check::{MODULE_OPENS, WORKER_OPENS};
use super::digests::figures;
use super::engine::{self, Carried};
use super::figures::{CARS_END, CARS_OPEN, PICTURE_OPENS};
use super::page::{self, DATA_ENDS, DATA_OPENS, DIGESTS_OPEN};
use super::{Digests, Engine, Story, recount};
use crate::error::{Error, Result};
use crate::report::json::VERSION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A picture.
    Pixels,
    /// An outline, or what became of a car.
    Cars,
    /// A published count or its interval.
    Figures,
    /// Words.
    Text,
    /// Style or script.
    Code,
    /// Something else of the data: scales, steps, hashes of the files.
    Data,
}

/// One thing that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// What.
    pub what: Part,
    /// One sentence.
    pub message: String,
}

/// What a story says when it is checked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Nothing was changed, and the pictures give what the story says they give.
    pub reproduced: bool,
    /// What was changed; empty when nothing was.
    pub changed: Vec<Changed>,
    /// The published counts, made on the original images.
    pub published: Value,
    /// What counting the pictures gave when the story was written.
    pub stated: Value,
    /// What counting them gives now.
    pub recounted: Value,
    /// True when the counts of the pictures are the published ones.
    pub recount_equals_published: bool,
    /// SHA-256 of the story's data, to be compared with the one that its publisher gives.
    pub fingerprint: String,
    /// Version that wrote the story.
    pub made_by: String,
    /// What a person set or changed, as the story says.
    pub edits: Value,
    /// The engine that it carries, where it does. It takes no part in this check.
    pub engine: Option<Carries>,
}

/// An engine in a story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carries {
    /// As the story says; whether that is so is among what was changed.
    #[serde(flatten)]
    pub stated: engine::Stated,
    /// Whether it is the very engine that was given to compare it with; `None` when none was, and it was not checked.
    pub same_as_given: Option<bool>,
}

/// The parts of a file.
struct Opened<'a> {
    text: String,
    story: Story,
    stated: Digests,
    before_jpeg: Vec<u8>,
    after_jpeg: Vec<u8>,
    engine: Option<Carried<'a>>,
}

/// Checks the bytes of a file. Counting takes as long as a comparison of the pictures. `known` is an engine that the story's own is compared with.
///
/// # Errors
/// `not-a-story` when the file holds none, or one of a kind that this version can't read.
pub fn story(bytes: &[u8], file: &str, known: Option<&Engine>) -> Result<Verdict> {
    let html = String::from_utf8_lossy(bytes);
    let opened = open(&html).map_err(|message| not_a_story(file, message))?;
    let anew = opened.anew();
    judge(&html, &opened, anew.as_deref(), known)
}

/// The page of a story written anew from the data of one that a browser shows; `None` where another version wrote it.
///
/// # Errors
/// As of [`story`].
pub fn anew(html: &str) -> Result<Option<String>> {
    Ok(open(html).map_err(|message| not_a_story("", message))?.anew())
}

/// Checks a page that a browser shows, in the letters in which that browser writes it; `anew` is the page written anew in the same letters.
///
/// # Errors
/// As of [`story`].
pub fn shown(html: &str, anew: Option<&str>) -> Result<Verdict> {
    judge(html, &open(html).map_err(|message| not_a_story("", message))?, anew, None)
}

fn not_a_story(file: &str, message: String) -> Error {
    Error::File { file: file.to_owned(), code: "not-a-story", message }
}

fn judge(html: &str, opened: &Opened<'_>, anew: Option<&str>, known: Option<&Engine>) -> Result<Verdict> {
    let Opened { text, story, before_jpeg, after_jpeg, .. } = opened;
    let mut changed = by_fingerprints(opened);
    let engine = by_engine(opened, known, &mut changed);
    // Another version may write its pages differently; then only data and pictures can be compared.
    if let Some(anew) = anew {
        by_page(html, anew, &mut changed);
    }
    let recounted = recount::of(story, before_jpeg, after_jpeg)?;
    let agrees = recounted == story.recount;
    if !agrees && changed.is_empty() {
        let message = "Counting the pictures does not give what the story says it gave: pictures or figures were changed together with their fingerprints, \
                       or another version counts otherwise."
            .to_owned();
        changed.push(Changed { what: Part::Figures, message });
    }
    changed.sort_by_key(|c| c.what);
    Ok(Verdict {
        reproduced: agrees && changed.is_empty(),
        published: figures(&story.report),
        recount_equals_published: recounted["figures"] == figures(&story.report),
        stated: story.recount.clone(),
        recounted,
        fingerprint: Digests::of(story, text, before_jpeg, after_jpeg).story,
        made_by: story.version.clone(),
        edits: story.report.pointer("/provenance/edits").cloned().unwrap_or(Value::Null),
        engine,
        changed,
    })
}

/// What the story carries, and whether that is what it says.
fn by_engine(opened: &Opened<'_>, known: Option<&Engine>, changed: &mut Vec<Changed>) -> Option<Carries> {
    let carried = opened.engine.and_then(|carried| carried.read());
    if carried.as_ref().map(Engine::stated) != opened.story.engine {
        let message = "The engine in the page is not the one that it was written with.".to_owned();
        changed.push(Changed { what: Part::Code, message });
    }
    let stated = opened.story.engine.clone()?;
    Some(Carries { stated, same_as_given: known.map(|known| carried.as_ref() == Some(known)) })
}

impl Opened<'_> {
    fn anew(&self) -> Option<String> {
        let Self { story, text, before_jpeg, after_jpeg, engine, .. } = self;
        (story.version == VERSION).then(|| page::render(story, text, before_jpeg, after_jpeg, *engine))
    }
}

fn open(html: &str) -> std::result::Result<Opened<'_>, String> {
    let not_ours = || "This is no story of Sidings: a page written by \"sidings compare --out\" was expected.".to_owned();
    let data = between(html, DATA_OPENS, DATA_ENDS).ok_or_else(not_ours)?;
    let value: Value = serde_json::from_str(data).map_err(|e| format!("The data of the story can't be read any more: {e}."))?;
    if value["schema"] != "sidings/story@1" {
        return Err(not_ours());
    }
    let text = data.to_owned();
    let story: Story =
        serde_json::from_value(value).map_err(|e| format!("The data of the story are not whole any more: {e}."))?;
    let stated = between(html, DIGESTS_OPEN, DATA_ENDS).and_then(|d| serde_json::from_str(d).ok());
    let stated = stated.ok_or("The fingerprints of the story are missing or can't be read.")?;
    let mut pictures = html.split(PICTURE_OPENS).skip(1).map(|rest| {
        let code = rest.split('"').next().unwrap_or_default();
        STANDARD.decode(code).map_err(|_| "A picture of the story is damaged and can't be read.".to_owned())
    });
    let mut picture = || pictures.next().unwrap_or_else(|| Err("A picture of the story is missing.".to_owned()));
    let (before_jpeg, after_jpeg) = (picture()?, picture()?);
    let part = |opens| between(html, opens, DATA_ENDS);
    let engine = part(MODULE_OPENS).zip(part(WORKER_OPENS)).map(|(module, worker)| Carried { module, worker });
    Ok(Opened { text, story, stated, before_jpeg, after_jpeg, engine })
}

fn between<'a>(text: &'a str, opens: &str, ends: &str) -> Option<&'a str> {
    let rest = &text[text.find(opens)? + opens.len()..];
    Some(&rest[..rest.find(ends)?])
}

/// What no longer fits its fingerprint.
fn by_fingerprints(opened: &Opened<'_>) -> Vec<Changed> {
    let now = Digests::of(&opened.story, &opened.text, &opened.before_jpeg, &opened.after_jpeg);
    let stated = &opened.stated;
    let data = |what, name: &str| (what, format!("The {name} in the data are not those that were published."));
    let picture = |name: &str| (Part::Pixels, format!("The {name} picture is not the one that was published."));
    let (before, after) = (&opened.story.before.sha256, &opened.story.after.sha256);
    let checks = [
        (now.before == stated.before && now.before == *before, picture("earlier")),
        (now.after == stated.after && now.after == *after, picture("later")),
        (now.cars == stated.cars, data(Part::Cars, "cars")),
        (now.figures == stated.figures, data(Part::Figures, "counts")),
        (now.text == stated.text, data(Part::Text, "texts")),
    ];
    let mut changed: Vec<Changed> =
        checks.into_iter().filter(|(same, _)| !same).map(|(_, (what, message))| Changed { what, message }).collect();
    if now.story != stated.story && changed.iter().all(|c| c.what == Part::Pixels) {
        let message = "Something in the data was changed that is neither car, count nor text.".to_owned();
        changed.push(Changed { what: Part::Data, message });
    }
    changed
}

/// What the page shows otherwise than its data would have it.
fn by_page(html: &str, anew: &str, changed: &mut Vec<Changed>) {
    if html == anew {
        return;
    }
    let (found, right) = (Parts::of(html), Parts::of(anew));
    let mut say = |same: bool, what: Part, message: &str| {
        if !same && changed.iter().all(|c| c.what != what) {
            changed.push(Changed { what, message: message.to_owned() });
        }
    };
    say(found.pictures == right.pictures, Part::Pixels, "A picture in the page is not the one that was published.");
    say(found.cars == right.cars, Part::Cars, "The outlines drawn in the page are not those of its data.");
    say(found.code == right.code, Part::Code, "Style or script of the page are not those that it was written with.");
    // Where the data themselves were changed, what follows from them differs, too, and is not named twice.
    if changed.is_empty() {
        let same = found.rest == right.rest && found.account == right.account;
        let message = if same { "The page is not as it was written." } else { "The page says something else than its data." };
        changed.push(Changed { what: Part::Text, message: message.to_owned() });
    }
}

/// A page taken apart.
#[derive(Default, PartialEq)]
struct Parts {
    pictures: Vec<String>,
    cars: Vec<String>,
    code: Vec<String>,
    /// How it was made.
    account: Vec<String>,
    /// What is left, without the data.
    rest: String,
}

impl Parts {
    fn of(html: &str) -> Self {
        let mut parts = Self { rest: html.to_owned(), ..Self::default() };
        for (opens, ends) in [(DATA_OPENS, DATA_ENDS), (DIGESTS_OPEN, DATA_ENDS)] {
            parts.take(opens, ends);
        }
        parts.pictures = parts.take(PICTURE_OPENS, "\"");
        parts.cars = parts.take(CARS_OPEN, CARS_END);
        parts.code = parts.take("<style>", "</style>");
        let scripts = parts.take("<script", "</script>");
        parts.code.extend(scripts);
        // It holds the hashes of the code.
        let policy = parts.take("http-equiv=\"Content-Security-Policy\"", ">");
        parts.code.extend(policy);
        parts.account = parts.take("<details>", "</details>");
        parts
    }

    /// Takes every stretch between two marks out of the rest.
    fn take(&mut self, opens: &str, ends: &str) -> Vec<String> {
        let (mut taken, mut left, mut rest) = (Vec::new(), String::with_capacity(self.rest.len()), self.rest.as_str());
        while let Some(start) = rest.find(opens) {
            let inner = &rest[start + opens.len()..];
            let Some(end) = inner.find(ends) else { break };
            taken.push(inner[..end].to_owned());
            left.push_str(&rest[..start]);
            rest = &inner[end + ends.len()..];
        }
        left.push_str(rest);
        self.rest = left;
        taken
    }
}
