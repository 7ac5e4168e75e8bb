//! Known transforms come back from seeded points; slips are named; points that say nothing are refused.

use super::*;
use crate::align::View;
use crate::random::Random;
use crate::raster::Raster;
use proptest::prelude::*;

const SIZE: (usize, usize) = (900, 900);

fn turned(scale: f64, turn_deg: f64) -> Transform {
    let middle = Transform::similarity(1.0, 0.0, -450.0, -450.0);
    middle.then(&Transform::similarity(scale, turn_deg.to_radians(), 455.0, 446.0))
}

/// Points spread over the middle of *after*, each `noise` px off its place in *before*.
fn drawn(n: usize, truth: &Transform, noise: f64, seed: u64) -> Vec<ControlPoint> {
    let mut random = Random::new(seed);
    // One in each cell of a grid, the corners first, so that no seed puts all on a line.
    const CELLS: [(f64, f64); 9] =
        [(0.0, 0.0), (2.0, 0.0), (1.0, 2.0), (0.0, 2.0), (2.0, 2.0), (1.0, 1.0), (0.0, 1.0), (2.0, 1.0), (1.0, 0.0)];
    (0..n)
        .map(|k| {
            let (column, row) = CELLS[k % 9];
            let after = Point::new(230.0 + 170.0 * column + 100.0 * random.unit(), 230.0 + 170.0 * row + 100.0 * random.unit());
            let p = truth.apply(after);
            ControlPoint { after, before: Point::new(p.x + noise * random.normal(), p.y + noise * random.normal()) }
        })
        .collect()
}

fn found(points: &[ControlPoint]) -> Alignment {
    align(points, SIZE, SIZE, None)
}

fn error_px(found: &Alignment, truth: &Transform) -> f64 {
    let Some(t) = found.after_to_before else { return f64::INFINITY };
    let at = [(200.0, 200.0), (700.0, 200.0), (200.0, 700.0), (700.0, 700.0)].map(|(x, y)| Point::new(x, y));
    at.iter().map(|p| t.apply(*p).distance(truth.apply(*p))).fold(0.0, f64::max)
}

proptest! {
    #[test]
    fn a_similarity_comes_back_from_two_points_and_from_many(seed: u64, turn in -170.0f64..170.0, scale in 0.9f64..1.1, n in 2usize..12) {
        let truth = turned(scale, turn);
        let found = found(&drawn(n, &truth, 0.0, seed));
        prop_assert!(error_px(&found, &truth) < 1e-6, "{:?}", found.reasons);
        prop_assert!(found.model == Model::Similarity || (3..6).contains(&n));
    }

    #[test]
    fn an_affine_map_comes_back_from_three_points_and_from_many(seed: u64, n in 3usize..12) {
        let truth = Transform([[1.08, 0.05, -20.0], [-0.02, 0.93, 15.0], [0.0, 0.0, 1.0]]);
        let found = found(&drawn(n, &truth, 0.0, seed));
        let spread = fit::roundness(drawn(n, &truth, 0.0, seed).iter().map(|p| p.after)) > 0.2;
        prop_assert!(!spread || (found.model == Model::Affine && error_px(&found, &truth) < 1e-6), "{found:?}");
    }

    #[test]
    fn a_projective_map_comes_back_from_nine_points(seed: u64) {
        let truth = Transform([[1.0, 0.02, 5.0], [-0.01, 1.0, 8.0], [1.5e-4, 1e-4, 1.0]]);
        let found = found(&drawn(9, &truth, 0.0, seed));
        prop_assert!(found.model == Model::Projective && error_px(&found, &truth) < 1e-3, "{found:?}");
    }

    #[test]
    fn careful_points_pass_and_give_the_transform_to_a_pixel(seed: u64, turn in -30.0f64..30.0) {
        let truth = turned(1.02, turn);
        let found = found(&drawn(9, &truth, 0.3, seed));
        prop_assert!(error_px(&found, &truth) < 2.0 && found.status == Status::Pass, "{found:?}");
    }

    #[test]
    fn one_wrong_point_stands_out_and_nothing_passes(seed: u64, wrong in 0usize..8, angle in 0.0f64..6.2) {
        let truth = turned(1.0, 4.0);
        let mut points = drawn(8, &truth, 0.3, seed);
        // A neighbouring car.
        points[wrong].before.x += 28.0 * libm::cos(angle);
        points[wrong].before.y += 28.0 * libm::sin(angle);
        let found = found(&points);
        let worst = (0..8).max_by(|a, b| {
            let of = |k: usize| found.tie_points[k].residual_px.unwrap_or(0.0);
            of(*a).total_cmp(&of(*b))
        });
        prop_assert_eq!(worst, Some(wrong));
        prop_assert_eq!(found.status, Status::Warn);
    }

    #[test]
    fn order_does_not_matter(seed: u64, n in 2usize..9, by in 1usize..8) {
        let mut points = drawn(n, &turned(1.05, 20.0), 0.4, seed);
        let first = found(&points);
        points.rotate_left(by % n);
        let mut again = found(&points);
        again.tie_points.rotate_right(by % n);
        prop_assert_eq!((first.after_to_before, first.residual_px, first.tie_points), (again.after_to_before, again.residual_px, again.tie_points));
    }
}

#[test]
fn points_that_say_nothing_are_refused_with_a_sentence() {
    let truth = turned(1.0, 0.0);
    let line: Vec<ControlPoint> = (0..5)
        .map(|k| Point::new(200.0 + 90.0 * f64::from(k), 300.0 + 45.0 * f64::from(k)))
        .map(|after| ControlPoint { after, before: truth.apply(after) })
        .collect();
    let at = |x, y| ControlPoint { before: Point::new(x, y), after: Point::new(x, y) };
    let mirrored = |x: f64, y: f64| ControlPoint { before: Point::new(900.0 - x, y), after: Point::new(x, y) };
    for (points, word) in [
        (vec![], "no control points"),
        (line, "on one line"),
        (vec![at(5.0, 5.0); 3], "at one place"),
        (vec![at(5.0, 5.0), at(905.0, 5.0)], "Control point 2 lies at (905, 5), outside the older image"),
        (vec![at(5.0, 5.0)], "can only shift"),
        (vec![mirrored(100.0, 100.0), mirrored(700.0, 120.0), mirrored(300.0, 600.0)], "mirrored"),
    ] {
        let found = found(&points);
        assert!(found.status == Status::Fail && found.after_to_before.is_none(), "{found:?}");
        assert!(found.reasons[0].contains(word), "{:?}", found.reasons);
    }
}

#[test]
fn one_point_shifts_what_was_found_and_says_that_it_is_one() {
    let previous = turned(1.0, 3.0);
    let point = ControlPoint { before: Point::new(300.0, 200.0), after: Point::new(310.0, 190.0) };
    let found = align(&[point], SIZE, SIZE, Some(&previous));
    let moved = found.after_to_before.expect("a shift");
    assert!(moved.apply(point.after).distance(point.before) < 1e-9);
    assert_eq!((found.status, found.model, found.residual_px.points), (Status::Warn, Model::Shift, 0));
    assert!(found.reasons[0].starts_with("One pair of control points"), "{:?}", found.reasons);
}

#[test]
fn fewer_than_six_never_pass() {
    for n in 2..6 {
        assert_eq!(found(&drawn(n, &turned(1.0, 2.0), 0.0, 7)).status, Status::Warn);
    }
}

#[test]
fn a_bad_line_of_the_table_is_named() {
    let error = read_csv(b"before_x,before_y,after_x,after_y\n1,2,3,4\n1,x,3,4\n", "points.csv").expect_err("a letter");
    assert!(error.to_string().contains("line 3"), "{error}");
    assert!(read_csv(b"x,y\n1,2\n", "points.csv").is_err());
}

/// Blobs at two scales, with their light turned round or not.
fn blobs(to_ground: &Transform, negative: bool) -> Raster<u8> {
    let mut random = Random::new(5);
    let spots: Vec<(Point, f64, f64)> = (0..900)
        .map(|_| {
            let place = Point::new(random.between(-60.0, 500.0), random.between(-60.0, 460.0));
            (place, random.between(2.0, 6.0), random.between(-80.0, 80.0))
        })
        .collect();
    Raster::from_fn(420, 380, |x, y| {
        let p = to_ground.apply(Point::new(x as f64 + 0.5, y as f64 + 0.5));
        let light = |(c, radius, strength): &(Point, f64, f64)| {
            let d = p.distance(*c) / radius;
            if d > 3.0 { 0.0 } else { strength * libm::exp(-d * d) }
        };
        let sum: f64 = spots.iter().map(light).sum();
        (128.0 + if negative { -sum } else { sum }) as u8
    })
}

#[test]
fn the_counterpart_is_found_through_turn_scale_contrast_and_a_wrong_prediction() {
    let truth = Transform::similarity(1.06, 0.09, -20.0, 6.0);
    let (before, after) = (blobs(&Transform::IDENTITY, false), blobs(&truth, true));
    let to_after = truth.inverse().expect("regular");
    let (from, to) = (View { luma: &before, valid: None }, View { luma: &after, valid: None });
    for (dx, dy, reach_px) in [(0.0, 0.0, 8.0), (5.0, -4.0, 8.0), (-19.0, 22.0, 32.0)] {
        let prediction = to_after.then(&Transform::similarity(1.0, 0.0, dx, dy));
        for at in [Point::new(150.3, 160.0), Point::new(230.0, 190.5)] {
            let found = counterpart(from, to, at, &prediction, reach_px).expect("inside both");
            let miss_px = found.at.distance(to_after.apply(at));
            assert!(miss_px < 0.6 && found.clear && found.score > 0.5, "{miss_px} {found:?}");
        }
    }
    let beyond = counterpart(from, to, Point::new(150.0, 160.0), &Transform::similarity(1.0, 0.0, 2000.0, 0.0), 8.0);
    assert_eq!(beyond, None);
}

#[test]
fn where_the_other_image_shows_something_else_the_counterpart_is_not_clear() {
    let (before, other) = (blobs(&Transform::IDENTITY, false), Raster::from_fn(420, 380, |x, y| ((x * 7 + y * 3) % 11) as u8));
    let (from, to) = (View { luma: &before, valid: None }, View { luma: &other, valid: None });
    let found = counterpart(from, to, Point::new(200.0, 200.0), &Transform::IDENTITY, 8.0).expect("inside both");
    assert!(!found.clear && found.score < 0.5, "{found:?}");
}
