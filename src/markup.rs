//! XML of strangers, parsed only where that takes a time in proportion to its length.
//!
//! The parser compares each attribute of an element with all others of it, and so do namespaces: a file of a few megabytes that is one element would keep it
//! for an hour. Such elements are refused beforehand. Entities are never resolved.

use crate::limits::MAX_TEXT_BYTES;
use roxmltree::Document;

/// Most attributes of one element. GDAL, providers and KML write a dozen at most.
const ATTRIBUTES_MAX: usize = 200;

/// Most declarations of namespaces in a file; they are kept in one sorted list.
const NAMESPACES_MAX: usize = 2_000;

/// The tree.
///
/// # Errors
/// Half a sentence on why there is none.
///
/// ```
/// let tree = sidings::markup::parse("<yard tracks='7'/>").expect("sound");
/// assert_eq!(tree.root_element().attribute("tracks"), Some("7"));
/// let bush: String = (0..1000).map(|n| format!(" a{n}=''")).collect();
/// assert!(sidings::markup::parse(&format!("<yard{bush}/>")).is_err());
/// ```
pub fn parse(text: &str) -> Result<Document<'_>, String> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(format!("it is longer than {} MB", MAX_TEXT_BYTES >> 20));
    }
    if text.matches("xmlns").take(NAMESPACES_MAX + 1).count() > NAMESPACES_MAX || most_attributes(text) > ATTRIBUTES_MAX {
        return Err("it has more attributes than any program writes".to_owned());
    }
    Document::parse(text).map_err(|e| e.to_string())
}

/// Signs of equality outside quotes in the one tag that has the most.
fn most_attributes(text: &str) -> usize {
    let (mut most, mut here, mut quote, mut inside) = (0, 0, None, false);
    for byte in text.bytes() {
        match (inside, quote) {
            (false, _) => (inside, here) = (byte == b'<', 0),
            (true, Some(mark)) if byte == mark => quote = None,
            (true, Some(_)) => {}
            (true, None) => match byte {
                b'>' => inside = false,
                b'"' | b'\'' => quote = Some(byte),
                b'=' => here += 1,
                _ => {}
            },
        }
        most = most.max(here);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_counted_by_element_and_outside_quotes() {
        assert_eq!(most_attributes("<a b='=>=' c=\"'=\"/>x=y=z<d e=''>"), 2);
        assert_eq!(most_attributes("= = ="), 0);
    }

    #[test]
    fn entities_and_endless_texts_are_refused() {
        assert!(parse("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").is_err());
        assert!(parse(&format!("<a>{}</a>", " ".repeat(MAX_TEXT_BYTES))).is_err());
    }
}
