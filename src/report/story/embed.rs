//! The few lines that put a story into an article: a frame that may run the story's own script and nothing else, and that has its height
//! before a byte of the story is there.

use super::draft;
use super::page::{Paper, title};
use crate::report::crop;
use crate::report::escape::markup;
use crate::report::exhibit::Exhibit;
use crate::report::words::Words;

/// Address that stands in the snippet until the editor writes down their own.
pub const ADDRESS: &str = "story.html";

/// Height of everything but the picture in a column as wide as most articles, px: title, counts, tools, legend, limits, credit. Too low, and
/// the frame has a scroll bar of its own where the host doesn't listen to its height; too high, and there is room left below.
const TEXT_PX: u32 = 690;

/// On a phone lines break more often: this much more at no width at all, px, and less by this share of the width.
const NARROW_PX: u32 = 500;
const NARROW_SHARE: f64 = 0.75;

/// A line of a caption, px, and about how many letters stand in one.
const LINE_PX: u32 = 25;
const LINE_LETTERS: usize = 70;

/// Width for which the height is computed where a system strips styles away, px.
const USUAL_WIDTH_PX: u32 = 640;

/// The snippet. The frame's height follows its width by the picture's aspect ratio, in units of its container, so that nothing on the page moves
/// when the story arrives; a host that listens to the story's messages then sets it to the pixel.
pub fn snippet(exhibit: &Exhibit, address: &str) -> String {
    let story = draft(exhibit, None);
    let paper = Paper { story: &story, words: Words::of(&exhibit.edition.language) };
    let (shown, _) = crop::of_both(exhibit);
    let aspect = f64::from(shown.height) / f64::from(shown.width.max(1));
    let letters = exhibit.edition.caption.as_ref().map_or(0, |caption| caption.chars().count());
    let text_px = TEXT_PX + LINE_PX * letters.div_ceil(LINE_LETTERS) as u32;
    let usual_px = text_px + (aspect * f64::from(USUAL_WIDTH_PX)) as u32;
    format!(
        "<div style=\"container-type:inline-size\"><iframe src=\"{}#embed\" title=\"{}\" lang=\"{}\" loading=\"lazy\" sandbox=\"allow-scripts\" \
         width=\"100%\" height=\"{usual_px}\" style=\"display:block;width:100%;height:calc({:.2}cqw + max({text_px}px, {}px - {}cqw));border:0\"></iframe></div>\n",
        markup(address),
        title(&paper),
        paper.words.language(),
        100.0 * aspect,
        text_px + NARROW_PX,
        100.0 * NARROW_SHARE,
    )
}

/// The snippet as a file: opened beside the story, it shows what an article will.
pub fn file(exhibit: &Exhibit) -> String {
    format!(
        "<!-- Put {ADDRESS} on your server, copy the lines below into the article, and write its address in place of {ADDRESS}. \
         The frame tells its height to pages that listen as pym.js and iframe-resizer do. -->\n{}",
        snippet(exhibit, ADDRESS)
    )
}
