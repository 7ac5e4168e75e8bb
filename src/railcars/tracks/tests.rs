//! The tracer on body maps that are drawn here: what it does on curves and on fans, apart from what the network sees.

use super::super::evidence::{BLOCK, View, Views};
use super::super::frame::{Frame, line_angle_between};
use super::*;
use crate::geometry::{foot_on_line, polyline_length};

const GSD_M: f64 = 0.5;

/// Half the width of a body as the network paints it, m.
const HALF_BODY_M: f64 = 1.5;

/// How far from its own direction a view shows cars.
const SHOWN_RAD: f64 = 0.35;

/// A car and the gap to the next one, m.
const CAR_M: f64 = 14.0;
const PITCH_M: f64 = 15.2;

/// What a network that errs nowhere says of cars that stand along lines (in metres), seen in directions 12° apart as a bent yard is. Each direction
/// shows the cars that stand along it, within [`SHOWN_RAD`]; of others the network has not been shown any.
fn seen(lines: &[Vec<Point>], size_m: f64) -> Views {
    let in_px: Vec<Vec<Point>> = lines.iter().map(|l| l.iter().map(|p| Point::new(p.x / GSD_M, p.y / GSD_M)).collect()).collect();
    let covered = |p: Point, angle_rad: f64| {
        let inside = (0.0..size_m).contains(&(p.x * GSD_M)) && (0.0..size_m).contains(&(p.y * GSD_M));
        inside.then(|| {
            in_px.iter().any(|line| {
                let Some(foot) = foot_on_line(p, line) else { return false };
                let (along_m, across_m) = (foot.along * GSD_M, foot.distance * GSD_M);
                let shown = line_angle_between(heading(line, foot.along), angle_rad) <= SHOWN_RAD;
                shown && across_m <= HALF_BODY_M && along_m % PITCH_M <= CAR_M
            })
        })
    };
    let mut views = Views::default();
    for k in 0..15 {
        let mut view = View::new(Frame::new(f64::from(12 * k).to_radians(), false, GSD_M));
        let reach = (1.5 * size_m) as i32 / BLOCK as i32;
        for block in (-reach..=reach).flat_map(|by| (-reach..=reach).map(move |bx| (bx, by))) {
            let at = |x: usize, y: usize| {
                let side = BLOCK as i32;
                view.frame.to_image(f64::from(block.0 * side + x as i32) + 0.5, f64::from(block.1 * side + y as i32) + 0.5)
            };
            let answers: Vec<Option<bool>> =
                (0..BLOCK * BLOCK).map(|i| covered(at(i % BLOCK, i / BLOCK), view.frame.angle_rad)).collect();
            if answers.iter().all(Option::is_none) {
                continue;
            }
            let body = |x: usize, y: usize| answers[y * BLOCK + x].map(|car| if car { 3.0 } else { -4.0 });
            view.put(block, |x, y| body(x, y).map(|body| [-4.0, body, -4.0, 0.0, 0.0, 0.0]));
        }
        views.views.push(view);
    }
    views
}

/// Direction of a line at a distance along it.
fn heading(line: &[Point], along: f64) -> f64 {
    let mut left = along;
    for pair in line.windows(2) {
        let run = pair[0].distance(pair[1]);
        if left <= run || pair[1] == line[line.len() - 1] {
            return libm::atan2(pair[1].y - pair[0].y, pair[1].x - pair[0].x);
        }
        left -= run;
    }
    0.0
}

/// Share of a line (in metres) that a traced line runs along within a metre.
fn followed(line: &[Point], traced: &[Vec<Point>]) -> f64 {
    let mut probes = Vec::new();
    for pair in line.windows(2) {
        let n = pair[0].distance(pair[1]).ceil().max(1.0) as usize;
        probes.extend((0..n).map(|k| {
            let t = k as f64 / n as f64;
            Point::new((pair[0].x + t * (pair[1].x - pair[0].x)) / GSD_M, (pair[0].y + t * (pair[1].y - pair[0].y)) / GSD_M)
        }));
    }
    let near = |p: &&Point| traced.iter().any(|t| foot_on_line(**p, t).is_some_and(|foot| foot.distance * GSD_M <= 1.0));
    probes.iter().filter(near).count() as f64 / probes.len() as f64
}

fn lengths_m(traced: &[Vec<Point>]) -> Vec<f64> {
    traced.iter().map(|line| polyline_length(line) * GSD_M).collect()
}

#[test]
fn a_curve_of_180_m_radius_is_one_track_from_end_to_end() {
    let arc: Vec<Point> = (0..=100)
        .map(|k| {
            let turned = f64::from(k) / 100.0 * 75.0_f64.to_radians();
            Point::new(20.0 + 180.0 * libm::sin(turned), 20.0 + 180.0 * (1.0 - libm::cos(turned)))
        })
        .collect();
    let traced = trace(&seen(std::slice::from_ref(&arc), 240.0), GSD_M);
    assert!(followed(&arc, &traced) > 0.97, "{:.2} of the curve, {:?} m", followed(&arc, &traced), lengths_m(&traced));
    let longest = lengths_m(&traced).into_iter().fold(0.0, f64::max);
    assert!(longest > 0.95 * 180.0 * 75.0_f64.to_radians(), "in one piece: {:?} m", lengths_m(&traced));
}

#[test]
fn every_track_of_a_fan_is_found_along_its_ladder() {
    // Five tracks 4.8 m apart branch off a ladder of 1 in 9, each a turnout's length behind the one before.
    let (spacing, slope) = (4.8, 1.0 / 9.0);
    let ladder = vec![Point::new(10.0, 60.0), Point::new(10.0 + 5.0 * spacing / slope, 60.0 + 5.0 * spacing)];
    let siding = |k: usize| {
        let down = k as f64 * spacing;
        vec![Point::new(10.0 + down / slope + 14.0, 60.0 + down), Point::new(300.0, 60.0 + down)]
    };
    let sidings: Vec<Vec<Point>> = (0..5).map(siding).collect();
    let traced = trace(&seen(&sidings, 310.0), GSD_M);
    for (k, line) in sidings.iter().enumerate() {
        assert!(followed(line, &traced) > 0.95, "track {k}: {:.2}, {:?} m", followed(line, &traced), lengths_m(&traced));
    }
    assert!(traced.len() <= 6, "{} lines for five tracks: {:?} m", traced.len(), lengths_m(&traced));
    // With a string on the ladder itself, that is a track, too; where the others branch off from it, both claim the place.
    let with_ladder: Vec<Vec<Point>> = sidings.iter().cloned().chain([ladder.clone()]).collect();
    let traced = trace(&seen(&with_ladder, 310.0), GSD_M);
    assert!(followed(&ladder, &traced) > 0.75, "the ladder: {:.2}, {:?} m", followed(&ladder, &traced), lengths_m(&traced));
    for (k, line) in sidings.iter().enumerate() {
        assert!(followed(line, &traced) > 0.75, "track {k} beside a full ladder: {:.2}", followed(line, &traced));
    }
}

/// Ground on which tracks (in metres) are bands 2.6 m wide, darker than the ground by `depth` levels, under noise.
fn banded(lines: &[Vec<Point>], size_m: f64, depth: f64) -> crate::raster::Raster<u8> {
    let side = (size_m / GSD_M) as usize;
    let mut random = crate::random::Random::new(5);
    let samples = (0..side * side).flat_map(|i| {
        let p = Point::new(((i % side) as f64 + 0.5) * GSD_M, ((i / side) as f64 + 0.5) * GSD_M);
        let on = lines.iter().any(|line| foot_on_line(p, line).is_some_and(|foot| foot.distance <= 1.3));
        [(140.0 - if on { depth } else { 0.0 } + 6.0 * random.normal()) as u8; 3]
    });
    crate::raster::Raster::new(side, side, 3, samples.collect()).expect("three bands")
}

/// What is seen where `strings` of cars stand on some of the tracks of a banded ground.
fn yard(tracks: &[Vec<Point>], strings: &[Vec<Point>], size_m: f64, depth: f64) -> super::super::seen::Seen {
    super::super::seen::Seen {
        gsd_m: GSD_M,
        ground: super::super::ground::Ground::new(&banded(tracks, size_m, depth), None, GSD_M),
        views: seen(strings, size_m),
        tables: None,
        taken: super::super::yardwalk::Taken::new(GSD_M),
        rails: Claims::default(),
        gantries: Vec::new(),
    }
}

fn level(across_m: f64, from_m: f64, to_m: f64) -> Vec<Point> {
    vec![Point::new(from_m, across_m), Point::new(to_m, across_m)]
}

#[test]
fn tracks_without_cars_are_found_beside_one_with_cars_dark_or_bright() {
    let tracks: Vec<Vec<Point>> = (0..6).map(|k| level(40.0 + 4.8 * f64::from(k), 0.0, 160.0)).collect();
    let string = level(tracks[2][0].y, 30.0, 90.0);
    for depth in [25.0, -25.0] {
        let yard = yard(&tracks, std::slice::from_ref(&string), 160.0, depth);
        let carrying = trace(&yard.views, GSD_M);
        let (lines, rails) = rails::complete(&yard, &carrying);
        for (k, track) in tracks.iter().enumerate() {
            assert!(
                followed(track, &lines) > 0.85,
                "{depth}, track {k}: {:.2}, {:?} m",
                followed(track, &lines),
                lengths_m(&lines)
            );
        }
        assert_eq!(lines.len(), 6, "{depth}: {:?} m", lengths_m(&lines));
        let on_rails = |line: &[Point]| rails.share(vec![(line[line.len() / 2], 0.0)].into_iter(), GSD_M);
        assert_eq!(lines.iter().map(|line| on_rails(line)).sum::<f64>(), 5.0, "the one with cars was not found by its rails");
    }
}

#[test]
fn nothing_is_made_up_where_no_rails_are_to_be_seen() {
    let string = level(60.0, 30.0, 90.0);
    let yard = yard(&[], std::slice::from_ref(&string), 160.0, 0.0);
    let carrying = trace(&yard.views, GSD_M);
    assert_eq!(rails::complete(&yard, &carrying).0, carrying);
    assert!(rails::complete(&yard, &[]).0.is_empty(), "nor where no car stands");
}

#[test]
fn the_edge_of_a_road_is_no_track() {
    let string = level(40.0, 30.0, 90.0);
    let mut yard = yard(&[level(40.0, 0.0, 160.0)], std::slice::from_ref(&string), 160.0, 25.0);
    let bare = banded(&[level(40.0, 0.0, 160.0)], 160.0, 25.0);
    let road = |y: usize| if (46.0..60.0).contains(&(y as f64 * GSD_M)) { 25 } else { 0 };
    let samples = (0..320).flat_map(|y| (0..320).map(move |x| (x, y))).flat_map(|(x, y)| [bare.pixel(x, y)[0] - road(y); 3]);
    let road = crate::raster::Raster::new(320, 320, 3, samples.collect()).expect("three bands");
    yard.ground = super::super::ground::Ground::new(&road, None, GSD_M);
    let carrying = trace(&yard.views, GSD_M);
    assert_eq!(rails::complete(&yard, &carrying).0.len(), 1);
}
