//! The map of the region: a small piece of a GeoJSON map as paths, with the place in its middle.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Write as _;

/// Columns and rows.
const SIZE_PX: [f64; 2] = [240.0, 160.0];

/// Degrees of longitude from left to right at the equator; as many more elsewhere as the meridians draw together.
const HEIGHT_DEG: f64 = 5.0;

/// Points nearer than this are one, px.
const DETAIL_PX: f64 = 0.8;

/// Where the map that comes along has anything to show: west, south, east, north.
const KNOWN_DEG: [f64; 4] = [96.0, 26.0, 156.0, 56.0];

/// Paths in pixels of a map of 240 by 160, whose middle is the place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Locator {
    /// Longitude and latitude of the middle.
    pub here: [f64; 2],
    /// Land, as closed paths.
    pub land: String,
    /// Borders.
    pub borders: String,
    /// Rivers.
    pub rivers: String,
}

/// The window of the map.
struct Window {
    here: [f64; 2],
    px_a_degree: [f64; 2],
}

impl Window {
    fn px(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        let [x, y] = [(lon - self.here[0]) * self.px_a_degree[0], (self.here[1] - lat) * self.px_a_degree[1]];
        [SIZE_PX[0] / 2.0 + x, SIZE_PX[1] / 2.0 + y]
    }
}

impl Locator {
    /// The surroundings of a place; `None` where the map has nothing of them.
    pub fn of(map: &Value, here: [f64; 2]) -> Option<Self> {
        let across = libm::cos(here[1].to_radians()).max(0.1);
        let scale = SIZE_PX[1] / HEIGHT_DEG;
        let window = Window { here, px_a_degree: [scale * across, scale] };
        let reach = [SIZE_PX[0] / 2.0 / window.px_a_degree[0], HEIGHT_DEG / 2.0];
        let [west, south, east, north] = KNOWN_DEG;
        let inside = here[0] - reach[0] >= west
            && here[0] + reach[0] <= east
            && here[1] - reach[1] >= south
            && here[1] + reach[1] <= north;
        if !inside {
            return None;
        }
        let paths = |kind: &str, closed: bool| {
            let mut data = String::new();
            let features = map["features"].as_array().into_iter().flatten().filter(|f| f["properties"]["kind"] == kind);
            features.for_each(|f| lines_of(&f["geometry"]["coordinates"], &mut |line| draw(&mut data, &window, line, closed)));
            data
        };
        let here = here.map(|v| (v * 1e4).round() / 1e4);
        let (land, borders, rivers) = (paths("land", true), paths("border", false), paths("river", false));
        (!land.is_empty()).then_some(Self { here, land, borders, rivers })
    }
}

/// Every line of coordinates, however deep it lies.
fn lines_of(value: &Value, take: &mut dyn FnMut(&[[f64; 2]])) {
    let Some(list) = value.as_array() else { return };
    let points: Option<Vec<[f64; 2]>> = list.iter().map(|p| Some([p.get(0)?.as_f64()?, p.get(1)?.as_f64()?])).collect();
    match points {
        Some(points) if !points.is_empty() => take(&points),
        _ => list.iter().for_each(|part| lines_of(part, take)),
    }
}

fn draw(data: &mut String, window: &Window, line: &[[f64; 2]], closed: bool) {
    let px: Vec<[f64; 2]> = line.iter().map(|&p| window.px(p)).collect();
    if closed {
        trace(data, &clipped(px), true);
        return;
    }
    // A piece of the line for each stretch in view, with the point before and behind it.
    let near = |p: &[f64; 2]| (-20.0..=SIZE_PX[0] + 20.0).contains(&p[0]) && (-20.0..=SIZE_PX[1] + 20.0).contains(&p[1]);
    let mut piece: Vec<[f64; 2]> = Vec::new();
    for p in &px {
        if near(p) {
            piece.push(*p);
        } else if !piece.is_empty() {
            trace(data, &std::mem::take(&mut piece), false);
        }
    }
    trace(data, &piece, false);
}

/// A ring, cut at the window's four sides one after the other (Sutherland and Hodgman, 1974).
fn clipped(mut ring: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    const OUTSIDE_PX: f64 = 4.0;
    for (axis, side, sign) in
        [(0, -OUTSIDE_PX, 1.0), (0, SIZE_PX[0] + OUTSIDE_PX, -1.0), (1, -OUTSIDE_PX, 1.0), (1, SIZE_PX[1] + OUTSIDE_PX, -1.0)]
    {
        let within = |p: &[f64; 2]| (p[axis] - side) * sign >= 0.0;
        let mut kept = Vec::with_capacity(ring.len());
        for (k, p) in ring.iter().enumerate() {
            let from = &ring[(k + ring.len() - 1) % ring.len()];
            if within(p) != within(from) {
                let t = (side - from[axis]) / (p[axis] - from[axis]);
                kept.push([from[0] + t * (p[0] - from[0]), from[1] + t * (p[1] - from[1])]);
            }
            if within(p) {
                kept.push(*p);
            }
        }
        ring = kept;
    }
    ring
}

fn trace(data: &mut String, points: &[[f64; 2]], closed: bool) {
    if points.len() < 2 {
        return;
    }
    let mut last: Option<[f64; 2]> = None;
    for p in points {
        if last.is_none_or(|l| libm::hypot(p[0] - l[0], p[1] - l[1]) >= DETAIL_PX) {
            let _ = write!(data, "{}{:.1} {:.1}", if last.is_none() { 'M' } else { 'L' }, p[0] + 0.0, p[1] + 0.0);
            last = Some(*p);
        }
    }
    if closed {
        data.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn square(kind: &str, west: f64, east: f64) -> Value {
        let ring = json!([[[west, 40.0], [east, 40.0], [east, 44.0], [west, 44.0], [west, 40.0]]]);
        json!({ "features": [{ "properties": { "kind": kind }, "geometry": { "type": "Polygon", "coordinates": ring } }] })
    }

    #[test]
    fn land_is_cut_at_the_window_and_the_place_is_its_middle() {
        let locator = Locator::of(&square("land", 100.0, 130.0), [130.0, 42.0]).expect("a map");
        let numbers: Vec<f64> = locator.land.split(['M', 'L', 'Z', ' ']).filter_map(|n| n.parse().ok()).collect();
        let xs: Vec<f64> = numbers.iter().step_by(2).copied().collect();
        assert!(xs.iter().all(|x| (-4.0..=120.0).contains(x)) && xs.contains(&-4.0) && xs.contains(&120.0), "{}", locator.land);
    }

    #[test]
    fn where_the_map_ends_there_is_none() {
        assert!(Locator::of(&square("land", 100.0, 130.0), [7.6, 47.5]).is_none());
        assert!(Locator::of(&json!({}), [130.0, 42.0]).is_none());
    }
}
