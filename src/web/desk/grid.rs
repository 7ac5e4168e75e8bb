//! Where north is, and a grid over the ground: degrees where the place is known, else metres from the corner of the image.

use super::Desk;
use crate::geometry::Point;
use crate::pipeline::Side;

/// About this many lines cross a view each way.
const LINES: f64 = 6.0;

/// More than this is no grid any more; a place near a pole could ask for it.
const LINES_AT_MOST: f64 = 40.0;

/// Places along a line of a graticule: it may be bent in the picture.
const PLACES: usize = 9;

/// Where the labels stand, as shares of the view: those of upright lines under its upper edge, below the names of the dates; those of level ones at its
/// right edge, since the buttons have the left.
const LABEL_DOWN: f64 = 0.08;
const LABEL_RIGHT: f64 = 0.99;

/// How far north is looked, degrees: some ten metres.
const NORTHWARD_DEG: f64 = 1e-4;

/// A line of a grid, in the map's frame.
#[derive(Debug, Clone, PartialEq)]
pub struct GridLine {
    /// Its places.
    pub points: Vec<Point>,
    /// Where its label stands; `None` where it leaves the view elsewhere.
    pub label_at: Option<Point>,
    /// What it is called.
    pub label: String,
    /// It runs up and down.
    pub upright: bool,
}

/// How a view lies on the ground.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lay {
    /// Which way north is, degrees clockwise from the top of the screen; `None` where the place is unknown.
    pub north_deg: Option<f64>,
    /// The grid; empty while it is switched off.
    pub grid: Vec<GridLine>,
}

impl Desk {
    /// How a view lies on the ground: its upper left and lower right corner in the map's frame, on the map of a side.
    pub fn lay_of(&self, side: Side, view: [Point; 2]) -> Lay {
        let middle = Point::new((view[0].x + view[1].x) / 2.0, (view[0].y + view[1].y) / 2.0);
        let grid = if !self.view.layers.grid {
            Vec::new()
        } else {
            self.graticule(side, view).unwrap_or_else(|| self.metre_grid(side, view))
        };
        Lay { north_deg: self.north_deg(side, middle), grid }
    }

    fn north_deg(&self, side: Side, at: Point) -> Option<f64> {
        let [lon, lat] = self.lonlat_in_frame(side, at)?;
        let to = self.frame_of_lonlat(side, [lon, lat + NORTHWARD_DEG])?;
        let degrees = libm::atan2(to.x - at.x, at.y - to.y).to_degrees();
        degrees.is_finite().then_some(degrees)
    }

    fn lonlat_in_frame(&self, side: Side, at: Point) -> Option<[f64; 2]> {
        self.lonlat_of(side, self.own_px(side, at)?)
    }

    /// Back to the map's frame: by the georeference of the side's own image, else by that of the other.
    fn frame_of_lonlat(&self, side: Side, lonlat: [f64; 2]) -> Option<Point> {
        let by = |of: Side| {
            let own = self.picture(self.side(of)?)?.info.as_ref()?.georeference.to_pixel(lonlat)?;
            Some(self.in_frame(of, own))
        };
        let linked = self.plan().is_some_and(|plan| plan.transform().is_some());
        by(side).or_else(|| by(side.other()).filter(|_| linked))
    }

    fn graticule(&self, side: Side, [from, to]: [Point; 2]) -> Option<Vec<GridLine>> {
        let share = |k: usize| k as f64 / 2.0;
        let places = (0..9).map(|k| (share(k % 3), share(k / 3)));
        let seen: Option<Vec<[f64; 2]>> = places
            .map(|(u, v)| self.lonlat_in_frame(side, Point::new(from.x + u * (to.x - from.x), from.y + v * (to.y - from.y))))
            .collect();
        let seen = seen?;
        let span =
            |k: usize| seen.iter().map(|p| p[k]).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        let (lon, lat) = (span(0), span(1));
        let line = |upright: bool, value: f64, step: f64| -> Option<GridLine> {
            let other = if upright { lat } else { lon };
            let place = |k: usize| {
                let along = other.0 + (other.1 - other.0) * k as f64 / (PLACES - 1) as f64;
                self.frame_of_lonlat(side, if upright { [value, along] } else { [along, value] })
            };
            let points: Vec<Point> = (0..PLACES).map(place).collect::<Option<_>>()?;
            let sign = match (upright, value < 0.0) {
                (true, false) => "E",
                (true, true) => "W",
                (false, false) => "N",
                (false, true) => "S",
            };
            let decimals = (-(libm::log10(step) + 1e-9).floor()).max(0.0) as usize;
            Some(labelled(points, upright, [from, to], format!("{:.decimals$}° {sign}", value.abs())))
        };
        let lines = |upright: bool, (from, to): (f64, f64)| {
            let step = round_step((to - from) / LINES);
            multiples(from, to, step).into_iter().filter_map(move |value| line(upright, value, step)).collect::<Vec<_>>()
        };
        Some([lines(true, lon), lines(false, lat)].concat())
    }

    fn metre_grid(&self, side: Side, [from, to]: [Point; 2]) -> Vec<GridLine> {
        let linked = self.plan().is_some_and(|plan| plan.transform().is_some());
        let Some((gsd_m, _)) = self.gsd(if linked { Side::Before } else { side }) else { return Vec::new() };
        let step = round_step((to.x - from.x).max(to.y - from.y) * gsd_m / LINES);
        let lines = |upright: bool| {
            let (low, high) = if upright { (from.x, to.x) } else { (from.y, to.y) };
            let line = move |metres: f64| {
                let at = metres / gsd_m;
                let ends = if upright { [(at, from.y), (at, to.y)] } else { [(from.x, at), (to.x, at)] };
                let decimals = (-(libm::log10(step) + 1e-9).floor()).max(0.0) as usize;
                let points = ends.map(|(x, y)| Point::new(x, y)).to_vec();
                labelled(points, upright, [from, to], format!("{metres:.decimals$} m"))
            };
            multiples(low * gsd_m, high * gsd_m, step).into_iter().map(line)
        };
        lines(true).chain(lines(false)).collect()
    }
}

fn labelled(points: Vec<Point>, upright: bool, [from, to]: [Point; 2], label: String) -> GridLine {
    let label_at = if upright {
        let level = from.y + LABEL_DOWN * (to.y - from.y);
        crossing(&points, |p| p.y - level).filter(|p| p.x > from.x && p.x < to.x)
    } else {
        let level = from.x + LABEL_RIGHT * (to.x - from.x);
        crossing(&points, |p| p.x - level).filter(|p| p.y > from.y && p.y < to.y)
    };
    GridLine { points, label_at, label, upright }
}

/// Where a line first passes through nought of a measure that changes evenly along it.
fn crossing(points: &[Point], of: impl Fn(&Point) -> f64) -> Option<Point> {
    points.windows(2).find_map(|pair| {
        let (a, b) = (of(&pair[0]), of(&pair[1]));
        let t = a / (a - b);
        let between = |p: f64, q: f64| p + t * (q - p);
        (a != b && (0.0..=1.0).contains(&t)).then(|| Point::new(between(pair[0].x, pair[1].x), between(pair[0].y, pair[1].y)))
    })
}

/// 1, 2 or 5 times a power of ten, no less than a number.
fn round_step(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(least).floor());
    [1.0, 2.0, 5.0].into_iter().map(|k| k * power).find(|step| *step >= least * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// All multiples of a step between two numbers; none where they would be too many, or the step no number.
fn multiples(from: f64, to: f64, step: f64) -> Vec<f64> {
    let (first, last) = ((from / step).ceil(), (to / step).floor());
    let few = step.is_finite() && step > 0.0 && last - first <= LINES_AT_MOST;
    if few && last >= first { (0..=(last - first) as usize).map(|k| (first + k as f64) * step).collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::super::tests_correcting::ready;
    use super::*;
    use crate::web::command::Command;
    use crate::web::view::LayerName;

    const VIEW: [Point; 2] = [Point { x: 0.0, y: 0.0 }, Point { x: 200.0, y: 100.0 }];

    #[test]
    fn steps_are_round_and_lines_lie_on_their_multiples() {
        assert_eq!([0.7, 1.0, 1.1, 3.0, 6.0, 42.0].map(round_step), [1.0, 1.0, 2.0, 5.0, 10.0, 50.0]);
        assert_eq!(multiples(-0.5, 4.5, 2.0), [0.0, 2.0, 4.0]);
        assert!(multiples(0.0, 1e9, 1.0).is_empty() && multiples(0.0, 1.0, f64::NAN).is_empty());
    }

    #[test]
    fn without_a_place_the_grid_is_of_metres_and_north_is_unknown() {
        let mut desk = ready();
        assert_eq!(desk.lay_of(Side::Before, VIEW), Lay::default(), "switched off");
        desk.command(Command::SetLayer { layer: LayerName::Grid, on: true });
        let lay = desk.lay_of(Side::Before, VIEW);
        assert_eq!(lay.north_deg, None);
        // 200 px of half a metre: lines every 20 m, the first round number over a sixth of 100 m.
        let labels: Vec<&str> = lay.grid.iter().map(|line| line.label.as_str()).collect();
        assert_eq!(labels, ["0 m", "20 m", "40 m", "60 m", "80 m", "100 m", "0 m", "20 m", "40 m"]);
        assert_eq!(lay.grid[1].points, [Point::new(40.0, 0.0), Point::new(40.0, 100.0)]);
    }
}
