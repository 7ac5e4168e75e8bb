//! How much of the drawn tracks is proposed as tracks, and how much of what is proposed is one: where railcars stand, and where none do.

use super::sets::{Image, Situation};
use super::table::Table;
use sidings::geometry::{Point, foot_on_line};
use sidings::yard::Detection;
use std::collections::BTreeSet;

/// A place is on a track within this of its axis, m: half a body's width.
const ON_AXIS_M: f64 = 1.5;

/// Places along a line are this far apart, m.
const STEP_M: f64 = 2.0;

/// The lines proposed in one picture, and whether a railcar was found on each.
pub struct Proposed(Vec<(Vec<Point>, bool)>);

impl Proposed {
    pub fn by(detection: &Detection) -> Self {
        let carrying: BTreeSet<u32> = detection.railcars.iter().map(|car| car.track).collect();
        Self(detection.tracks.iter().map(|track| (track.line_px.clone(), carrying.contains(&track.id))).collect())
    }
}

/// Places along lines, inside the picture.
fn places<'a>(image: &Image, lines: impl Iterator<Item = &'a [Point]>) -> Vec<Point> {
    let (step_px, scene) = (STEP_M / image.yard.gsd_m, &image.yard.scene);
    let (width, height) = (scene.width() as f64, scene.height() as f64);
    let mut places = Vec::new();
    for line in lines {
        for pair in line.windows(2) {
            let n = (pair[0].distance(pair[1]) / step_px).ceil().max(1.0) as usize;
            places.extend((0..n).map(|k| {
                let t = k as f64 / n as f64;
                Point::new(pair[0].x + t * (pair[1].x - pair[0].x), pair[0].y + t * (pair[1].y - pair[0].y))
            }));
        }
    }
    places.retain(|p| (0.0..width).contains(&p.x) && (0.0..height).contains(&p.y));
    places
}

/// How many of the places lie on one of the lines.
fn on(places: &[Point], lines: &[Vec<Point>], gsd_m: f64) -> usize {
    let near =
        |p: &&Point| lines.iter().any(|line| foot_on_line(**p, line).is_some_and(|foot| foot.distance * gsd_m <= ON_AXIS_M));
    places.iter().filter(near).count()
}

/// A line for every situation.
pub fn by_situation(images: &[Image], proposed: &[Proposed]) -> Table {
    let situations: BTreeSet<&Situation> = images.iter().flat_map(|i| &i.situations).collect();
    let mut table = Table::new([
        "",
        "drawn, km",
        "of it proposed",
        "lines with railcars, km",
        "on a track",
        "lines without, km",
        "on a track",
    ]);
    let km = |places: usize| format!("{:.1}", places as f64 * STEP_M / 1000.0);
    let share =
        |part: usize, whole: usize| if whole == 0 { "–".to_owned() } else { format!("{:.2}", part as f64 / whole as f64) };
    for situation in situations {
        let mut sums = [(0, 0); 3];
        let mut add = |k: usize, right: usize, all: usize| sums[k] = (sums[k].0 + right, sums[k].1 + all);
        for (image, Proposed(lines)) in images.iter().zip(proposed).filter(|(image, _)| image.situations.contains(situation)) {
            let (Some(drawn), gsd_m) = (&image.tracks_px, image.yard.gsd_m) else { continue };
            let all: Vec<Vec<Point>> = lines.iter().map(|(line, _)| line.clone()).collect();
            let truth = places(image, drawn.iter().map(Vec::as_slice));
            add(0, on(&truth, &all, gsd_m), truth.len());
            for (k, carries) in [(1, true), (2, false)] {
                let said = places(image, lines.iter().filter(|l| l.1 == carries).map(|l| l.0.as_slice()));
                add(k, on(&said, drawn, gsd_m), said.len());
            }
        }
        let [drawn, with, without] = sums;
        let cells =
            [km(drawn.1), share(drawn.0, drawn.1), km(with.1), share(with.0, with.1), km(without.1), share(without.0, without.1)];
        table.push(std::iter::once(situation.1.clone()).chain(cells).collect());
    }
    table
}
