//! Reads corrections from JSON: outlines as four corners in pixels, along the long side first, as every report writes them.

use super::{ByDate, Corrections};
use crate::error::{Error, Result};
use crate::geometry::{OrientedRect, Point};
use serde_json::{Map, Value};

/// Which form of file is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// `{"accepted":[…],"rejected":[…]}`, of one image.
    OneImage,
    /// `{"before":{…},"after":{…}}`, each in that form.
    BothDates,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// Of one image.
    OneImage(Corrections),
    /// Of both dates.
    BothDates(ByDate),
}

/// Reads a file of corrections.
///
/// # Errors
/// [`Error::File`] with `not-corrections`, saying what was found and what was expected.
///
/// ```
/// use sidings::corrections::{Given, Wanted, read_json};
/// let text = br#"{"accepted":[[[0,0],[28,0],[28,6],[0,6]]]}"#;
/// let Ok(Given::OneImage(corrections)) = read_json(text, "checked.json", Wanted::OneImage) else { panic!("it is sound") };
/// assert_eq!((corrections.accepted[0].length, corrections.rejected.len()), (28.0, 0));
/// ```
pub fn read_json(bytes: &[u8], file: &str, wanted: Wanted) -> Result<Given> {
    let given = root(bytes).and_then(|root| match wanted {
        Wanted::OneImage => one_image(&root, "").map(Given::OneImage),
        Wanted::BothDates => both_dates(&root).map(Given::BothDates),
    });
    given.map_err(|message| Error::File { file: file.to_owned(), code: "not-corrections", message })
}

type Read<T> = std::result::Result<T, String>;

fn root(bytes: &[u8]) -> Read<Map<String, Value>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(root)) => Ok(root),
        Ok(_) => Err("The file is JSON, but no object; {\"accepted\":[…],\"rejected\":[…]} was expected.".to_owned()),
        Err(e) => Err(format!("The file is not JSON: {e}.")),
    }
}

fn both_dates(root: &Map<String, Value>) -> Read<ByDate> {
    known_names(root, &["before", "after"], "")?;
    let of = |date: &str| match root.get(date) {
        None | Some(Value::Null) => Ok(Corrections::default()),
        Some(Value::Object(one)) => one_image(one, &format!("{date}.")),
        Some(_) => Err(format!("\"{date}\" is no object with \"accepted\" and \"rejected\".")),
    };
    Ok(ByDate { before: of("before")?, after: of("after")? })
}

fn one_image(object: &Map<String, Value>, place: &str) -> Read<Corrections> {
    known_names(object, &["accepted", "rejected"], place)?;
    let outlines = |list: &str| -> Read<Vec<OrientedRect>> {
        let empty = Vec::new();
        let outlines = match object.get(list) {
            None | Some(Value::Null) => &empty,
            Some(Value::Array(outlines)) => outlines,
            Some(_) => return Err(format!("\"{place}{list}\" is no list of outlines.")),
        };
        let numbered = outlines.iter().enumerate();
        let read = |(k, value)| outline(value).ok_or_else(|| no_outline(&format!("{place}{list}"), k + 1));
        numbered.map(read).collect()
    };
    Ok(Corrections { accepted: outlines("accepted")?, rejected: outlines("rejected")?, ..Corrections::default() })
}

/// A misspelt name would leave its corrections out without a word.
fn known_names(object: &Map<String, Value>, known: &[&str], place: &str) -> Read<()> {
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(other) => {
            let known: Vec<String> = known.iter().map(|name| format!("\"{place}{name}\"")).collect();
            Err(format!("The file names \"{place}{other}\"; {} were expected.", known.join(" and ")))
        }
    }
}

fn no_outline(list: &str, number: usize) -> String {
    format!(
        "Outline {number} of \"{list}\" is none: four corners [x,y] in pixels, along the long side first, were expected, as in the \
         report's polygon_px."
    )
}

/// The rectangle round four corners; `None` for anything else, and for a rectangle without extent.
fn outline(value: &Value) -> Option<OrientedRect> {
    let corner = |value: &Value| {
        let number = |k: usize| value.get(k)?.as_f64().filter(|v| v.is_finite() && v.abs() < 1e7);
        (value.as_array()?.len() == 2).then_some(Point::new(number(0)?, number(1)?))
    };
    let corners: Option<Vec<Point>> = value.as_array()?.iter().map(corner).collect();
    let &[a, b, c, d] = &corners?[..] else { return None };
    let (length, width) = ((a.distance(b) + d.distance(c)) / 2.0, (b.distance(c) + a.distance(d)) / 2.0);
    let along = Point::new(b.x - a.x + c.x - d.x, b.y - a.y + c.y - d.y);
    (length > 0.0 && width > 0.0 && (along.x != 0.0 || along.y != 0.0)).then(|| OrientedRect {
        center: Point::new((a.x + b.x + c.x + d.x) / 4.0, (a.y + b.y + c.y + d.y) / 4.0),
        length,
        width,
        angle_rad: libm::atan2(along.y, along.x),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_come_back_as_they_were_written() {
        let rect = OrientedRect { center: Point::new(40.0, 30.0), length: 28.0, width: 6.0, angle_rad: 0.7 };
        let corners: Vec<[f64; 2]> = rect.corners().map(<[f64; 2]>::from).to_vec();
        let text = serde_json::json!({ "after": { "rejected": [corners] } }).to_string();
        let Ok(Given::BothDates(read)) = read_json(text.as_bytes(), "c.json", Wanted::BothDates) else { panic!("it is sound") };
        assert!(read.before.is_empty() && read.after.accepted.is_empty());
        let found = read.after.rejected[0];
        assert!(found.center.distance(rect.center) < 1e-9 && (found.angle_rad - 0.7).abs() < 1e-9);
        assert!((found.length - 28.0).abs() < 1e-9 && (found.width - 6.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, wanted, word) in [
            ("nonsense", Wanted::OneImage, "not JSON"),
            ("[]", Wanted::OneImage, "no object"),
            (r#"{"before":{}}"#, Wanted::OneImage, "\"before\""),
            (r#"{"accepted":[]}"#, Wanted::BothDates, "\"accepted\""),
            (r#"{"after":{"acepted":[]}}"#, Wanted::BothDates, "after.acepted"),
            (r#"{"accepted":7}"#, Wanted::OneImage, "no list"),
            (r#"{"accepted":[[[0,0],[1,0],[1,1]]]}"#, Wanted::OneImage, "Outline 1"),
            (r#"{"accepted":[[[0,0],[0,0],[0,0],[0,0]]]}"#, Wanted::OneImage, "Outline 1"),
            (r#"{"rejected":[[[0,0],[1,0],[1,"x"],[0,1]]]}"#, Wanted::OneImage, "Outline 1 of \"rejected\""),
        ] {
            let error = read_json(text.as_bytes(), "c.json", wanted).expect_err(text);
            assert!(error.message().contains(word), "{text}: {error}");
        }
    }
}
