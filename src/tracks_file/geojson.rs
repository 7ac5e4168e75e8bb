//! Lines of GeoJSON (RFC 7946): LineStrings and MultiLineStrings, alone, in features and in collections; other geometry is read over.

use super::{Line, Lines, Read};
use serde_json::Value;

pub(super) fn lines(bytes: &[u8]) -> Read<Lines> {
    let root: Value = serde_json::from_slice(bytes).map_err(|e| format!("The file is neither JSON nor KML: {e}."))?;
    let pixels = root.get("crs").and_then(Value::as_str) == Some("pixels");
    let mut lines = Vec::new();
    collect(&root, None, &mut lines)?;
    Ok(Lines { lines, pixels })
}

fn collect(value: &Value, name: Option<&str>, lines: &mut Vec<Line>) -> Read<()> {
    let array = |key: &str| value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut add = |points: &[Value]| -> Read<()> {
        lines.push(Line { name: name.map(super::shown), points: line(points)? });
        Ok(())
    };
    match value.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => array("features").iter().try_for_each(|f| collect(f, None, lines)),
        Some("GeometryCollection") => array("geometries").iter().try_for_each(|g| collect(g, name, lines)),
        Some("Feature") => {
            let name = value.get("properties").and_then(|p| p.get("name")).and_then(Value::as_str);
            value.get("geometry").map_or(Ok(()), |g| collect(g, name, lines))
        }
        Some("LineString") => add(array("coordinates")),
        Some("MultiLineString") => array("coordinates").iter().try_for_each(|part| {
            let points = part.as_array().ok_or("A part of a MultiLineString is no list of points.")?;
            add(points)
        }),
        Some(_) => Ok(()),
        None if value.is_null() => Ok(()),
        None => Err("The file is JSON but not GeoJSON: an object has no \"type\".".to_owned()),
    }
}

fn line(points: &[Value]) -> Read<Vec<[f64; 2]>> {
    let number = |p: &Value, k: usize| p.get(k).and_then(Value::as_f64).filter(|v| v.is_finite() && v.abs() < 1e7);
    let point = |p: &Value| Some([number(p, 0)?, number(p, 1)?]);
    let line: Option<Vec<[f64; 2]>> = points.iter().map(point).collect();
    line.ok_or_else(|| "A point of a LineString is no pair of numbers.".to_owned())
}
