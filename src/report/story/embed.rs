//! The few lines that put a story into an article: a frame that may run the story's own script and nothing else, and that has its height
//! before a byte of the story is there.

use super::page::{Paper, title};
use super::pieces::crops;
use super::{Framing, account, draft};
use crate::report::escape::markup;
use crate::report::exhibit::Exhibit;
use crate::report::words::Words;

/// Address that stands in the snippet until the editor writes down their own.
pub const ADDRESS: &str = "story.html";

/// Height of everything but the picture in a column as wide as most articles, px: title, counts, tools, legend, limits, credit. Too low, and
/// the frame has a scroll bar of its own where the host doesn't listen to its height; too high, and there is room left below.
const TEXT_PX: f64 = 690.0;

/// On a phone lines break more often: so much more at no width at all, px, and nothing more from this width on.
const NARROW_PX: f64 = 500.0;
const WIDE_PX: f64 = 667.0;

/// A line of text, px, and about how many letters stand in one where it is wide.
const LINE_PX: f64 = 25.0;
const LINE_LETTERS: usize = 66;

/// The heading of the notes with its space, px.
const HEADING_PX: f64 = 64.0;

/// Width for which the height is computed where a system strips styles away, px.
const USUAL_WIDTH_PX: f64 = 640.0;

/// The snippet. The frame's height follows its width by the picture's aspect ratio, in units of its container, so that nothing on the page moves
/// when the story arrives; a host that listens to the story's messages then sets it to the pixel.
pub fn snippet(exhibit: &Exhibit, framing: Framing, address: &str) -> String {
    let story = draft(exhibit, None);
    let paper = Paper { story: &story, words: Words::of(&exhibit.edition.language) };
    let (shown, _) = crops(exhibit, framing);
    let aspect = f64::from(shown.height) / f64::from(shown.width.max(1));
    let notes = account::warnings(&paper);
    let lines_of = |text: &str| text.chars().count().div_ceil(LINE_LETTERS) as f64;
    let lines: f64 = exhibit.edition.caption.iter().map(String::as_str).chain(notes.iter().copied()).map(lines_of).sum();
    let heading_px = if notes.is_empty() { 0.0 } else { HEADING_PX };
    let text_px = TEXT_PX + heading_px + LINE_PX * lines;
    // Every line becomes two or more.
    let narrow_px = NARROW_PX + 2.0 * LINE_PX * lines;
    let usual_px = text_px + aspect * USUAL_WIDTH_PX;
    format!(
        "<div style=\"container-type:inline-size\"><iframe src=\"{}#embed\" title=\"{}\" lang=\"{}\" loading=\"lazy\" sandbox=\"allow-scripts\" \
         width=\"100%\" height=\"{usual_px:.0}\" style=\"display:block;width:100%;height:calc({:.2}cqw + max({text_px}px, {}px - {:.2}cqw));border:0\"></iframe></div>\n",
        markup(address),
        title(&paper),
        paper.words.language(),
        100.0 * aspect,
        text_px + narrow_px,
        100.0 * narrow_px / WIDE_PX,
    )
}

/// The snippet as a file: opened beside the story, it shows what an article will.
pub fn file(exhibit: &Exhibit, framing: Framing) -> String {
    format!(
        "<!-- Put {ADDRESS} on your server, copy the lines below into the article, and write its address in place of {ADDRESS}. \
         The frame tells its height to pages that listen as pym.js and iframe-resizer do. -->\n{}",
        snippet(exhibit, framing, ADDRESS)
    )
}
