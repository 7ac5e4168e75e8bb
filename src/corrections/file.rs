//! Reads corrections from JSON: outlines as four corners in pixels, along the long side first, as every report writes them; areas as their corners.

use super::replay::{Told, is_report, replay};
use super::{Areas, ByDate, Corrections, Placed};
use crate::error::{Error, Result};
use crate::geometry::{OrientedRect, Point};
use crate::limits::MAX_TEXT_BYTES;
use crate::yard::CarType;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What may stand in the file for an image.
const LISTS: [&str; 6] = ["accepted", "rejected", "added", "count_in", "leave_out", "gantries"];

/// Which form of file is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// `{"accepted":[…],"rejected":[…]}`, of one image.
    OneImage,
    /// `{"before":{…},"after":{…}}`, each in that form; or the report of a comparison, whose edits are followed.
    BothDates,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// Of one image.
    OneImage(Corrections),
    /// Of both dates.
    BothDates(ByDate),
    /// What a report of a comparison tells of.
    Told(Box<Told>),
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
        Wanted::BothDates if is_report(&root) => replay(&root).map(|told| Given::Told(Box::new(told))),
        Wanted::BothDates => both_dates(&root).map(Given::BothDates),
    });
    given.map_err(|message| Error::File { file: file.to_owned(), code: "not-corrections", message })
}

pub(super) type Read<T> = std::result::Result<T, String>;

fn root(bytes: &[u8]) -> Read<Map<String, Value>> {
    if bytes.len() > MAX_TEXT_BYTES {
        return Err(format!("The file is longer than {} MB, which no corrections are.", MAX_TEXT_BYTES >> 20));
    }
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
    known_names(object, &LISTS, place)?;
    lists(object, place)
}

/// The lists of an edit, in which more may stand.
pub(super) fn list_of(edit: &Map<String, Value>) -> Read<Corrections> {
    lists(edit, "")
}

fn lists(object: &Map<String, Value>, place: &str) -> Read<Corrections> {
    let areas = Areas {
        count_in: list(object, "count_in", place, area, no_area)?,
        leave_out: list(object, "leave_out", place, area, no_area)?,
        gantries: list(object, "gantries", place, area, no_area)?,
    };
    Ok(Corrections {
        accepted: list(object, "accepted", place, outline, no_outline)?,
        rejected: list(object, "rejected", place, outline, no_outline)?,
        placed: list(object, "added", place, added, no_added)?,
        areas,
    })
}

/// Every entry of one list; `refuse` says what is wrong with one that can't be read, by its list and number.
fn list<T>(
    object: &Map<String, Value>,
    name: &str,
    place: &str,
    read: impl Fn(&Value) -> Option<T>,
    refuse: impl Fn(&str, usize) -> String,
) -> Read<Vec<T>> {
    let entries = match object.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(entries)) => entries,
        Some(_) => return Err(format!("\"{place}{name}\" is no list.")),
    };
    let numbered = entries.iter().enumerate();
    numbered.map(|(k, value)| read(value).ok_or_else(|| refuse(&format!("{place}{name}"), k + 1))).collect()
}

/// A misspelt name would leave its corrections out without a word.
fn known_names(object: &Map<String, Value>, known: &[&str], place: &str) -> Read<()> {
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(other) => {
            let known: Vec<String> = known.iter().map(|name| format!("\"{place}{name}\"")).collect();
            Err(format!("The file names \"{place}{other}\"; {} were expected.", known.join(", ")))
        }
    }
}

fn no_outline(list: &str, number: usize) -> String {
    format!(
        "Outline {number} of \"{list}\" is none: four corners [x,y] in pixels, along the long side first, were expected, as in the \
         report's polygon_px."
    )
}

fn no_added(list: &str, number: usize) -> String {
    format!(
        "Car {number} of \"{list}\" is none: four corners [x,y] in pixels, along the long side first, or {{\"polygon_px\":[…],\"type\":\"tank\"}} \
         with a type as the report names it, were expected."
    )
}

fn no_area(list: &str, number: usize) -> String {
    format!("Area {number} of \"{list}\" is none: three or more corners [x,y] in pixels were expected.")
}

/// A car as a person outlined it: its corners alone, or with its type.
fn added(value: &Value) -> Option<Placed> {
    let Value::Object(named) = value else { return Some(Placed { rect_px: outline(value)?, car_type: CarType::Unknown }) };
    let known = named.keys().all(|name| ["polygon_px", "type"].contains(&name.as_str()));
    let car_type = named.get("type").map_or(Some(CarType::Unknown), |name| CarType::deserialize(name).ok())?;
    known.then_some(Placed { rect_px: outline(named.get("polygon_px")?)?, car_type })
}

/// The corners of an area, which is not closed; a last corner that repeats the first is left out.
fn area(value: &Value) -> Option<Vec<Point>> {
    let mut corners = corners(value)?;
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    (corners.len() >= 3).then_some(corners)
}

fn corners(value: &Value) -> Option<Vec<Point>> {
    let corner = |value: &Value| {
        let number = |k: usize| value.get(k)?.as_f64();
        let point = Point::new(number(0)?, number(1)?);
        (value.as_array()?.len() == 2 && point.is_in_reach()).then_some(point)
    };
    value.as_array()?.iter().map(corner).collect()
}

/// The rectangle round four corners; `None` for anything else, and for a rectangle without extent.
pub(super) fn outline(value: &Value) -> Option<OrientedRect> {
    let &[a, b, c, d] = &corners(value)?[..] else { return None };
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
    fn added_cars_and_areas_come_back_as_the_report_tells_them() {
        let rect = OrientedRect { center: Point::new(40.0, 30.0), length: 28.0, width: 6.0, angle_rad: 0.0 };
        let square = [(0.0, 0.0), (90.0, 0.0), (90.0, 60.0)].map(|(x, y)| Point::new(x, y)).to_vec();
        let given = Corrections {
            placed: vec![Placed { rect_px: rect, car_type: CarType::Tank }, Placed { rect_px: rect, car_type: CarType::Unknown }],
            areas: Areas { count_in: vec![square.clone()], leave_out: vec![square.clone()], gantries: vec![square] },
            ..Corrections::default()
        };
        let mut told = crate::report::json::corrections_of("after", &given);
        let told = told.as_object_mut().expect("an object");
        told.retain(|name, _| !["edit", "image"].contains(&name.as_str()));
        let text = serde_json::to_string(told).expect("plain values");
        let Ok(Given::OneImage(read)) = read_json(text.as_bytes(), "c.json", Wanted::OneImage) else { panic!("it is sound") };
        assert_eq!((&read.placed[0].car_type, read.placed.len(), &read.areas), (&CarType::Tank, 2, &given.areas));
        assert!(read.placed[0].rect_px.center.distance(rect.center) < 1e-9 && read.accepted.is_empty());
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
            (r#"{"added":[{"polygon_px":[[0,0],[9,0],[9,3],[0,3]],"type":"zeppelin"}]}"#, Wanted::OneImage, "Car 1 of \"added\""),
            (r#"{"leave_out":[[[0,0],[1,0],[0,0]]]}"#, Wanted::OneImage, "Area 1 of \"leave_out\""),
            (r#"{"gantries":{}}"#, Wanted::OneImage, "\"gantries\" is no list"),
            (r#"{"accepted":[[[0,0],[1,0],[1,1]]]}"#, Wanted::OneImage, "Outline 1"),
            (r#"{"accepted":[[[0,0],[0,0],[0,0],[0,0]]]}"#, Wanted::OneImage, "Outline 1"),
            (r#"{"rejected":[[[0,0],[1,0],[1,"x"],[0,1]]]}"#, Wanted::OneImage, "Outline 1 of \"rejected\""),
        ] {
            let error = read_json(text.as_bytes(), "c.json", wanted).expect_err(text);
            assert!(error.message().contains(word), "{text}: {error}");
        }
    }
}
