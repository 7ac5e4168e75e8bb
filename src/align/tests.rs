//! Known transforms of drawn scenes must come back; unrelated and empty scenes must be refused.

use super::*;
use crate::geometry::Point;
use proptest::prelude::*;

/// A drawn piece of ground, the same at every point for the same seed: noise at three grains, and straight lines.
struct Ground(u64);

impl Ground {
    fn hash(&self, x: i64, y: i64, grain: u64) -> f64 {
        let mut h = self.0 ^ grain.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for v in [x, y] {
            h = (h ^ v as u64).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            h ^= h >> 29;
        }
        (h.wrapping_mul(0x94D0_49BB_1331_11EB) >> 40) as f64 / 16_777_216.0
    }

    fn noise(&self, p: Point, grain: u64) -> f64 {
        let (x, y) = (p.x / grain as f64, p.y / grain as f64);
        let (x0, y0) = (x.floor(), y.floor());
        let (u, v) = (x - x0, y - y0);
        let at = |i: i64, j: i64| self.hash(x0 as i64 + i, y0 as i64 + j, grain);
        let (top, low) = (at(0, 0) * (1.0 - u) + at(1, 0) * u, at(0, 1) * (1.0 - u) + at(1, 1) * u);
        top * (1.0 - v) + low * v
    }

    fn lines(&self, p: Point) -> f64 {
        let drawn = |k: i64| {
            let angle = 3.1 * self.hash(k, 1, 5);
            let along = p.x * libm::cos(angle) + p.y * libm::sin(angle) - 900.0 * (self.hash(k, 2, 5) - 0.5);
            if along.abs() < 2.5 { 1.0 } else { 0.0 }
        };
        (0..9).map(drawn).sum()
    }

    fn luma(&self, p: Point) -> f64 {
        60.0 * self.noise(p, 40) + 50.0 * self.noise(p, 11) + 35.0 * self.noise(p, 4) + 60.0 * self.lines(p)
    }

    /// The image whose pixels lie on the ground where `to_ground` says.
    fn image(&self, width: usize, height: usize, to_ground: &Transform, look: impl Fn(f64) -> f64) -> Raster<u8> {
        Raster::from_fn(width, height, |x, y| look(self.luma(to_ground.apply(Point::new(x as f64 + 0.5, y as f64 + 0.5)))) as u8)
    }
}

/// The turn and scale are about the middle of *after*, which comes to lie `shift` from the middle of *before*.
fn about_middles(before: (usize, usize), after: (usize, usize), scale: f64, turn_deg: f64, shift: (f64, f64)) -> Transform {
    let middle = |(w, h): (usize, usize)| (w as f64 / 2.0, h as f64 / 2.0);
    let (a, b) = (middle(after), middle(before));
    Transform::similarity(1.0, 0.0, -a.0, -a.1).then(&Transform::similarity(
        scale,
        turn_deg.to_radians(),
        b.0 + shift.0,
        b.1 + shift.1,
    ))
}

fn align(before: &Raster<u8>, after: &Raster<u8>) -> Alignment {
    run(before, None, after, None, &Options::default())
}

fn run(b: &Raster<u8>, bv: Option<&Mask>, a: &Raster<u8>, av: Option<&Mask>, options: &Options) -> Alignment {
    estimate(View { luma: b, valid: bv }, View { luma: a, valid: av }, options, &mut |_| Ok(())).expect("never cancelled")
}

/// Largest error over the corners of *after*, px of *before*.
fn worst(found: &Alignment, truth: &Transform, after: &Raster<u8>) -> f64 {
    let Some(t) = found.after_to_before else { return f64::INFINITY };
    let (w, h) = (after.width() as f64, after.height() as f64);
    [(0.0, 0.0), (w, 0.0), (0.0, h), (w, h)]
        .map(|(x, y)| Point::new(x, y))
        .iter()
        .map(|p| t.apply(*p).distance(truth.apply(*p)))
        .fold(0.0, f64::max)
}

#[test]
fn a_turned_scaled_shifted_image_comes_back_in_the_documented_direction() {
    let ground = Ground(1);
    let truth = about_middles((300, 260), (280, 270), 1.12, 11.0, (25.0, -18.0));
    let before = ground.image(300, 260, &Transform::IDENTITY, |v| v);
    let after = ground.image(280, 270, &truth, |v| v);
    let found = align(&before, &after);
    assert_eq!(found.status, Status::Pass, "{:?}", found.reasons);
    assert!(
        worst(&found, &truth, &after) < 0.5,
        "{} px: {:?} instead of {truth:?}",
        worst(&found, &truth, &after),
        found.after_to_before
    );
    let flipped = truth.inverse().expect("regular");
    assert!(worst(&found, &flipped, &after) > 20.0, "the other direction must not pass this test");
    assert!(found.residual_px.held_out && found.residual_px.p95.is_some_and(|p| p < 0.5), "{:?}", found.residual_px);
    assert!(found.coverage > 0.8);
}

#[test]
fn whole_pixel_shifts_come_back_without_half_a_pixel_of_bias() {
    let ground = Ground(2);
    let truth = Transform::similarity(1.0, 0.0, 17.0, -9.0);
    let (before, after) = (ground.image(260, 240, &Transform::IDENTITY, |v| v), ground.image(260, 240, &truth, |v| v));
    let found = align(&before, &after);
    assert_eq!((found.status, found.model), (Status::Pass, Model::Shift), "{:?}", found.reasons);
    assert!(worst(&found, &truth, &after) < 0.05, "{:?}", found.after_to_before);
}

#[test]
fn images_of_different_pixel_size_and_reversed_contrast_fit() {
    let ground = Ground(3);
    let truth = about_middles((260, 240), (420, 400), 0.6, -7.0, (8.0, 5.0));
    let before = ground.image(260, 240, &Transform::IDENTITY, |v| v);
    let after = ground.image(420, 400, &truth, |v| 255.0 - 0.7 * v);
    let found = align(&before, &after);
    assert_eq!(found.status, Status::Pass, "{:?}", found.reasons);
    assert!(worst(&found, &truth, &after) < 1.0, "{:?}", found.after_to_before);
}

#[test]
fn half_a_turn_is_found_by_the_circle() {
    let ground = Ground(4);
    let truth = about_middles((240, 220), (240, 220), 1.0, 171.0, (6.0, 12.0));
    let (before, after) = (ground.image(240, 220, &Transform::IDENTITY, |v| v), ground.image(240, 220, &truth, |v| v));
    let found = align(&before, &after);
    assert!(worst(&found, &truth, &after) < 0.5, "{:?} {:?}", found.reasons, found.after_to_before);
}

#[test]
fn the_same_image_twice_is_the_identity() {
    let before = Ground(5).image(256, 200, &Transform::IDENTITY, |v| v);
    let found = align(&before, &before);
    assert_eq!((found.status, found.model), (Status::Pass, Model::Shift));
    assert!(worst(&found, &Transform::IDENTITY, &before) < 0.01, "{:?}", found.after_to_before);
}

#[test]
fn different_places_are_refused_in_words() {
    let before = Ground(6).image(256, 240, &Transform::IDENTITY, |v| v);
    let after = Ground(7).image(256, 240, &Transform::IDENTITY, |v| v);
    let found = align(&before, &after);
    assert_eq!((found.status, found.after_to_before), (Status::Fail, None));
    assert!(found.reasons[0].starts_with("The two images do not show the same place"), "{:?}", found.reasons);
}

#[test]
fn empty_flat_and_tiny_images_are_refused_with_a_reason() {
    let ground = Ground(8).image(200, 200, &Transform::IDENTITY, |v| v);
    let nothing = Mask::filled(200, 200, 1, false);
    for odd in [Raster::filled(200, 200, 1, 0), Raster::filled(200, 200, 1, 94)] {
        for (b, a) in [(&ground, &odd), (&odd, &ground), (&odd, &odd)] {
            let found = align(b, a);
            assert_eq!(found.status, Status::Fail);
            assert!(found.reasons[0].contains("nothing that could be recognised"), "{:?}", found.reasons);
        }
    }
    let masked = run(&ground, Some(&nothing), &ground, None, &Options::default());
    assert_eq!(masked.status, Status::Fail);
    for (w, h) in [(1, 1), (16, 16), (40, 300)] {
        let found = align(&Raster::filled(w, h, 1, 5), &ground);
        assert_eq!(found.status, Status::Fail);
        assert!(found.reasons[0].contains(&format!("{w} × {h} pixels")), "{:?}", found.reasons);
    }
}

#[test]
fn what_a_mask_hides_has_no_say() {
    let (ground, other) = (Ground(9), Ground(10));
    let truth = about_middles((260, 260), (260, 260), 1.0, 5.0, (10.0, 4.0));
    let before = ground.image(260, 260, &Transform::IDENTITY, |v| v);
    let mut after = ground.image(260, 260, &truth, |v| v);
    let strange = other.image(260, 260, &Transform::IDENTITY, |v| v);
    let hidden = |x: usize, y: usize| x + y < 200;
    for y in 0..260 {
        for x in 0..260 {
            if hidden(x, y) {
                after.set(x, y, 0, 255 - strange.at(x, y, 0));
            }
        }
    }
    let mask = Mask::from_fn(260, 260, |x, y| !hidden(x, y));
    let found = run(&before, None, &after, Some(&mask), &Options::default());
    assert_eq!(found.status, Status::Pass, "{:?}", found.reasons);
    assert!(worst(&found, &truth, &after) < 0.5);
}

#[test]
fn a_guess_narrows_the_search_and_a_wrong_one_does_no_harm() {
    let ground = Ground(11);
    let truth = about_middles((240, 240), (240, 240), 1.0, 64.0, (15.0, 0.0));
    let (before, after) = (ground.image(240, 240, &Transform::IDENTITY, |v| v), ground.image(240, 240, &truth, |v| v));
    for (guess, most) in
        [(about_middles((240, 240), (240, 240), 1.03, 60.0, (0.0, 20.0)), 120), (Transform::IDENTITY, usize::MAX)]
    {
        let mut ticks = 0;
        let found = estimate(
            View { luma: &before, valid: None },
            View { luma: &after, valid: None },
            &Options { guess: Some(guess) },
            &mut |_| {
                ticks += 1;
                Ok(())
            },
        )
        .expect("never cancelled");
        assert!(worst(&found, &truth, &after) < 0.5, "{:?}", found.reasons);
        assert!(ticks <= most, "{ticks} ticks");
    }
}

#[test]
fn cancelling_stops_and_progress_never_runs_backwards() {
    let ground = Ground(12);
    let image = ground.image(200, 200, &Transform::IDENTITY, |v| v);
    let other = Ground(13).image(200, 200, &Transform::IDENTITY, |v| v);
    let (b, a) = (View { luma: &image, valid: None }, View { luma: &other, valid: None });
    let mut last = 0.0;
    estimate(b, a, &Options::default(), &mut |share| {
        assert!(share >= last && share <= 1.0, "{last} then {share}");
        last = share;
        Ok(())
    })
    .expect("never cancelled");
    let mut calls = 0;
    let stopped = estimate(b, a, &Options::default(), &mut |_| {
        calls += 1;
        if calls == 5 { Err(crate::error::Error::Cancelled) } else { Ok(()) }
    });
    assert_eq!((stopped, calls), (Err(crate::error::Error::Cancelled), 5));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]
    #[test]
    fn any_similarity_within_the_promised_range_is_recovered(
        seed in 20u64..1_000_000, scale in 0.75f64..1.35, turn in -15.0f64..15.0, dx in -0.2f64..0.2, dy in -0.2f64..0.2,
    ) {
        let ground = Ground(seed);
        let truth = about_middles((260, 230), (250, 250), scale, turn, (dx * 260.0, dy * 230.0));
        let before = ground.image(260, 230, &Transform::IDENTITY, |v| v);
        let after = ground.image(250, 250, &truth, |v| 40.0 + 0.6 * v);
        let found = align(&before, &after);
        prop_assert_eq!(found.status, Status::Pass, "{:?}", found.reasons);
        prop_assert!(worst(&found, &truth, &after) < 1.0, "{} px", worst(&found, &truth, &after));
    }
}

/// A town: on the ground stand blocks of 26 to 46 px whose roofs lean by up to 4 px in *before* and not in *after*, which looks straight down.
struct Town {
    ground: Ground,
    roofs: Ground,
}

impl Town {
    const PLOT_PX: f64 = 56.0;

    /// The block of a plot: middle, half side, lean.
    fn block(&self, i: i64, j: i64) -> Option<(Point, f64, f64)> {
        let draw = |k: u64| self.roofs.hash(i, j, 100 + k);
        let middle = Point::new((i as f64 + 0.5) * Self::PLOT_PX, (j as f64 + 0.5) * Self::PLOT_PX);
        (draw(0) < 0.6).then(|| (middle, 13.0 + 10.0 * draw(1), 1.2 + 2.8 * draw(2)))
    }

    /// `leaning` is 1 in the oblique view and 0 from above.
    fn luma(&self, p: Point, leaning: f64) -> f64 {
        let (i, j) = ((p.x / Self::PLOT_PX).floor() as i64, (p.y / Self::PLOT_PX).floor() as i64);
        let Some((middle, half, lean)) = self.block(i, j) else { return self.ground.luma(p) };
        let on_roof = Point::new(p.x - leaning * lean, p.y + 0.6 * leaning * lean);
        let inside = (on_roof.x - middle.x).abs() < half && (on_roof.y - middle.y).abs() < half;
        if inside { 70.0 + 0.7 * self.roofs.luma(on_roof) } else { self.ground.luma(p) }
    }

    fn image(&self, size_px: usize, to_ground: &Transform, leaning: f64) -> Raster<u8> {
        let centre = |v: usize| v as f64 + 0.5;
        Raster::from_fn(size_px, size_px, |x, y| self.luma(to_ground.apply(Point::new(centre(x), centre(y))), leaning) as u8)
    }
}

#[test]
fn roofs_that_lean_have_no_say_whatever_the_model() {
    let middle = (520, 520);
    let sheared = Transform([[1.01, 0.02, 4.0], [0.0, 0.985, -6.0], [0.0, 0.0, 1.0]]);
    let truths = [
        (Model::Shift, Transform::similarity(1.0, 0.0, 9.0, -7.0)),
        (Model::Similarity, about_middles(middle, middle, 1.04, 6.0, (8.0, -5.0))),
        (Model::Affine, sheared),
    ];
    for (seed, (model, truth)) in (40..).zip(truths) {
        let town = Town { ground: Ground(seed), roofs: Ground(seed + 100) };
        let before = town.image(520, &Transform::IDENTITY, 1.0);
        let after = town.image(520, &truth, 0.0);
        let found = align(&before, &after);
        assert_eq!((found.status, found.model), (Status::Pass, model), "{:?}", found.reasons);
        assert!(worst(&found, &truth, &after) < 0.35, "{model:?}: {} px", worst(&found, &truth, &after));
        let farthest = found.tie_points.iter().filter_map(|p| p.residual_px).fold(0.0, f64::max);
        assert!(farthest < 1.0, "{model:?}: a tie point is {farthest} px off");
        assert!(found.reasons.iter().any(|r| r.contains("moved otherwise than the ground")), "{:?}", found.reasons);
    }
}
