//! Reads tracks from GeoJSON: LineStrings in pixels when `"crs":"pixels"` stands at the top level, else longitude/latitude.

use crate::load::{self, Loaded};
use serde_json::Value;
use sidings::error::{Error, Result};
use sidings::geometry::Point;
use std::path::Path;

/// Takes longitude and latitude to pixels; `None` where the image has no place for it.
type ToPixels<'a> = &'a dyn Fn([f64; 2]) -> Option<Point>;

/// The lines of a file, in pixels of an image, and the bytes they were read from.
pub fn of_image(path: &Path, image: &Loaded) -> Result<(Vec<Vec<Point>>, Vec<u8>)> {
    let size_px = (image.scene.width(), image.scene.height());
    let to_pixels = |lonlat| image.to_pixel(lonlat);
    let to_pixels: Option<ToPixels<'_>> = if image.is_placed() { Some(&to_pixels) } else { None };
    let bytes = load::read(path)?;
    let lines = lines(&bytes, size_px, to_pixels).map_err(|message| Error::File {
        file: load::name(path),
        code: "not-tracks",
        message,
    })?;
    Ok((lines, bytes))
}

fn lines(bytes: &[u8], size_px: (usize, usize), to_pixels: Option<ToPixels<'_>>) -> std::result::Result<Vec<Vec<Point>>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let root: Value = serde_json::from_slice(bytes).map_err(|e| format!("The file is not JSON: {e}."))?;
    let pixels = root.get("crs").and_then(Value::as_str) == Some("pixels");
    let mut found = Vec::new();
    collect(&root, &mut found)?;
    if found.is_empty() {
        return Err("The file holds no LineString; tracks are drawn as LineStrings along their axis.".to_owned());
    }
    if !pixels && to_pixels.is_none() {
        return Err("The tracks are in longitude and latitude, and the image has no georeference to place them by. \
                    Use an image with a georeference, or tracks in pixels marked by \"crs\":\"pixels\" at the top level."
            .to_owned());
    }
    let place = |p: [f64; 2]| match to_pixels {
        Some(to_pixels) if !pixels => to_pixels(p),
        _ => Some(Point::new(p[0], p[1])),
    };
    let placed: Option<Vec<Vec<Point>>> = found.iter().map(|line| line.iter().map(|&p| place(p)).collect()).collect();
    let placed = placed.ok_or("A point of the tracks has no place in the projection of the image.")?;
    let (width, height) = (size_px.0 as f64, size_px.1 as f64);
    let touches = |p: &Point| (0.0..=width).contains(&p.x) && (0.0..=height).contains(&p.y);
    let on_image: Vec<Vec<Point>> = placed.into_iter().filter(|line| crosses(line, touches)).collect();
    if on_image.is_empty() {
        let unit = if pixels { "pixels" } else { "longitude and latitude" };
        return Err(format!(
            "No track lies on the image of {width} × {height} pixels. Check that the tracks, read as {unit}, belong to it."
        ));
    }
    Ok(on_image)
}

/// Whether any of some points along a line passes the test; a long chord may cross the image with both ends outside.
fn crosses(line: &[Point], touches: impl Fn(&Point) -> bool) -> bool {
    const PROBES: u32 = 64;
    let between = |a: Point, b: Point, t: f64| Point::new(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y));
    line.windows(2).any(|w| (0..=PROBES).any(|k| touches(&between(w[0], w[1], f64::from(k) / f64::from(PROBES)))))
}

/// LineStrings of a collection, a feature or a geometry; other kinds of geometry are read over.
fn collect(value: &Value, lines: &mut Vec<Vec<[f64; 2]>>) -> std::result::Result<(), String> {
    let array = |key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    match value.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => array("features").iter().try_for_each(|f| collect(f, lines)),
        Some("GeometryCollection") => array("geometries").iter().try_for_each(|g| collect(g, lines)),
        Some("Feature") => value.get("geometry").map_or(Ok(()), |g| collect(g, lines)),
        Some("LineString") => line(&array("coordinates")).map(|l| lines.push(l)),
        Some("MultiLineString") => array("coordinates").iter().try_for_each(|part| {
            let points = part.as_array().ok_or("A part of a MultiLineString is no list of points.")?;
            line(points).map(|l| lines.push(l))
        }),
        Some(_) => Ok(()),
        None if value.is_null() => Ok(()),
        None => Err("The file is JSON but not GeoJSON: an object has no \"type\".".to_owned()),
    }
}

fn line(points: &[Value]) -> std::result::Result<Vec<[f64; 2]>, String> {
    let number = |p: &Value, k: usize| p.get(k).and_then(Value::as_f64).filter(|v| v.is_finite() && v.abs() < 1e7);
    let point = |p: &Value| Some([number(p, 0)?, number(p, 1)?]);
    let line: Option<Vec<[f64; 2]>> = points.iter().map(point).collect();
    let line = line.ok_or("A point of a LineString is no pair of numbers.")?;
    if line.len() < 2 {
        Err(format!("A LineString has {} points where two or more were expected.", line.len()))
    } else {
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> std::result::Result<Vec<Vec<Point>>, String> {
        lines(text.as_bytes(), (100, 50), None)
    }

    #[test]
    fn pixels_as_they_stand_and_nothing_else_without_a_georeference() {
        let line = r#"{"type":"LineString","coordinates":[[1,2],[30.5,4,7]]"#;
        let marked = format!(r#"{line},"crs":"pixels"}}"#);
        assert_eq!(read_text(&marked), Ok(vec![vec![Point::new(1.0, 2.0), Point::new(30.5, 4.0)]]));
        assert!(read_text(&format!("{line}}}")).is_err_and(|m| m.contains("georeference")));
    }

    #[test]
    fn longitude_and_latitude_go_through_the_georeference() {
        let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":
            {"type":"MultiLineString","coordinates":[[[7.0,47.0],[7.5,47.0]],[[107,47],[108,47]]]}}]}"#;
        let to_pixels = |p: [f64; 2]| Some(Point::new((p[0] - 7.0) * 100.0, 10.0));
        let found = lines(text.as_bytes(), (100, 50), Some(&to_pixels));
        assert_eq!(found, Ok(vec![vec![Point::new(0.0, 10.0), Point::new(50.0, 10.0)]]), "the second lies off the image");
    }

    #[test]
    fn what_holds_no_track_is_refused() {
        for (text, word) in [
            ("", "not JSON"),
            ("[]", "type"),
            (r#"{"type":"Point","coordinates":[1,2],"crs":"pixels"}"#, "no LineString"),
            (r#"{"type":"LineString","coordinates":[[1,2]],"crs":"pixels"}"#, "1 points"),
            (r#"{"type":"LineString","coordinates":[[1,2],["a",2]],"crs":"pixels"}"#, "pair of numbers"),
            (r#"{"type":"LineString","coordinates":[[500,2],[600,2]],"crs":"pixels"}"#, "No track lies"),
        ] {
            assert!(read_text(text).is_err_and(|m| m.contains(word)), "{text}");
        }
    }
}
