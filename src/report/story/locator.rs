//! The map of the region: a small piece of a GeoJSON map as paths, with the place in its middle.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Write as _;

/// Columns and rows.
pub const SIZE_PX: [f64; 2] = [240.0, 160.0];

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
    /// Railways, as far as the map that comes along has them.
    #[serde(default)]
    pub railways: String,
}

/// The window of a map, whose middle is the place.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    here: [f64; 2],
    px_a_degree: [f64; 2],
}

impl Window {
    /// A window that is so many degrees of latitude high.
    pub fn new(here: [f64; 2], height_deg: f64) -> Self {
        let across = libm::cos(here[1].to_radians()).max(0.1);
        let scale = SIZE_PX[1] / height_deg;
        Self { here, px_a_degree: [scale * across, scale] }
    }

    /// How many degrees lie between its middle and its sides.
    pub fn reach_deg(&self) -> [f64; 2] {
        [0, 1].map(|axis| SIZE_PX[axis] / 2.0 / self.px_a_degree[axis])
    }

    /// Whether the map that comes along shows all of it in detail.
    pub fn is_known(&self) -> bool {
        let ([west, south, east, north], reach) = (KNOWN_DEG, self.reach_deg());
        self.here[0] - reach[0] >= west
            && self.here[0] + reach[0] <= east
            && self.here[1] - reach[1] >= south
            && self.here[1] + reach[1] <= north
    }

    /// Where a longitude and latitude lie in it.
    pub fn px(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        let [x, y] = [(lon - self.here[0]) * self.px_a_degree[0], (self.here[1] - lat) * self.px_a_degree[1]];
        [SIZE_PX[0] / 2.0 + x, SIZE_PX[1] / 2.0 + y]
    }
}

impl Locator {
    /// The surroundings of a place; `None` where the map has nothing of them.
    pub fn of(map: &Value, here: [f64; 2]) -> Option<Self> {
        let window = Window::new(here, HEIGHT_DEG);
        let locator = window.is_known().then(|| Self::through(map, &window))?;
        (!locator.land.is_empty()).then_some(locator)
    }

    /// What a window shows, also where that is coarse, or nothing.
    pub fn through(map: &Value, window: &Window) -> Self {
        // What lies beyond the seam of the map at 180° comes from its other side.
        let [west, east] = [-1.0, 1.0].map(|sign| window.here[0] + sign * window.reach_deg()[0]);
        let turns = [(true, 0.0), (west < -180.0, -360.0), (east > 180.0, 360.0)];
        let paths = |kind: &str, closed: bool| {
            let mut data = String::new();
            let features = map["features"].as_array().into_iter().flatten().filter(|f| f["properties"]["kind"] == kind);
            for feature in features {
                lines_of(&feature["geometry"]["coordinates"], &mut |line| {
                    for (_, turn) in turns.iter().filter(|(seen, _)| *seen) {
                        draw(&mut data, window, &line.iter().map(|[lon, lat]| [lon + turn, *lat]).collect::<Vec<_>>(), closed);
                    }
                });
            }
            data
        };
        let here = window.here.map(|v| (v * 1e4).round() / 1e4);
        Self {
            here,
            land: paths("land", true),
            borders: paths("border", false),
            rivers: paths("river", false),
            railways: paths("railway", false),
        }
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
    fn a_window_over_the_seam_shows_both_sides() {
        let map = square("land", -180.0, -175.0);
        let seen = Locator::through(&map, &Window::new([179.5, 42.0], 8.0));
        let from_the_other_side: Vec<f64> =
            seen.land.split(['M', 'L', 'Z']).filter_map(|p| p.split(' ').next()?.parse().ok()).collect();
        assert!(from_the_other_side.iter().any(|x| (120.0..140.0).contains(x)), "{}", seen.land);
    }

    #[test]
    fn where_the_map_ends_there_is_none() {
        assert!(Locator::of(&square("land", 100.0, 130.0), [7.6, 47.5]).is_none());
        assert!(Locator::of(&json!({}), [130.0, 42.0]).is_none());
    }
}
