//! A user's text on its way into XML, HTML and tables: it stays text.

use crate::table;

/// The text without characters that neither XML nor HTML may hold: control characters but for the line end and the tab, and
/// the two that are no characters at all.
///
/// ```
/// assert_eq!(sidings::report::escape::plain("a\u{0}b\r\nc"), "ab\nc");
/// ```
pub fn plain(text: &str) -> String {
    text.chars().filter(|&c| c == '\n' || c == '\t' || !(c.is_control() || c == '\u{fffe}' || c == '\u{ffff}')).collect()
}

/// The text with everything escaped that could end it, in an element or in a quoted attribute.
///
/// ```
/// assert_eq!(sidings::report::escape::markup("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
/// ```
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// JSON that may stand inside a `script` element: nothing in it can end the element or open a comment.
pub fn json_in_html(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// A cell that no spreadsheet takes for a formula ([`table::cell`]), without characters that no text has. Numbers don't come here.
///
/// ```
/// assert_eq!(sidings::report::escape::cell("=HYPER\u{0}LINK(1)"), "'=HYPERLINK(1)");
/// ```
pub fn cell(text: &str) -> String {
    table::cell(&plain(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_becomes_markup(text in "\\PC*[<>\"'&]*\\PC*") {
            let out = markup(&text);
            prop_assert!(!out.contains(['<', '>', '"', '\'']));
            let back = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
            prop_assert_eq!(back, plain(&text));
        }

        #[test]
        fn json_stays_the_same_json(text in "\\PC*") {
            let json = serde_json::to_string(&text).expect("a string");
            let inside = json_in_html(&json);
            prop_assert!(!inside.contains(['<', '>', '&']));
            prop_assert_eq!(serde_json::from_str::<String>(&inside).expect("still JSON"), text);
        }

        #[test]
        fn no_cell_is_a_formula(text in "[ ]*[=+@\\-\\t]?\\PC*") {
            let out = cell(&text);
            prop_assert!(!out.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']));
        }
    }
}
