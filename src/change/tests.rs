use super::*;
use crate::error::Error;

fn still(_: f64) -> Result<()> {
    Ok(())
}

/// A seeded scene of `bands` correlated bands; pixels of the square 20..30 get values of their own when `changed`.
fn scene(bands: usize, seed: u32, gain: f32, changed: bool) -> Raster<f32> {
    let mut ground = 12_345u32;
    let mut noise = seed;
    let next = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*state >> 16) as f32 / 65_536.0
    };
    let mut samples = Vec::new();
    for y in 0..60 {
        for x in 0..60 {
            let (brightness, tint) = (next(&mut ground), next(&mut ground));
            let other = changed && (20..30).contains(&x) && (20..30).contains(&y);
            for band in 0..bands {
                let mix = band as f32 / bands as f32;
                let value = 100.0 * (brightness * (1.0 - mix) + tint * mix) + 2.0 * next(&mut noise);
                let value = if other { value + 70.0 - 40.0 * mix } else { value };
                samples.push(gain * value * (1.0 + mix) + 10.0 * band as f32);
            }
        }
    }
    Raster::new(60, 60, bands, samples).expect("60 × 60")
}

fn hits(map: &ChangeMap) -> (usize, usize) {
    let inside = |x: usize, y: usize| (20..30).contains(&x) && (20..30).contains(&y);
    let mut counts = (0, 0);
    for y in 0..60 {
        for x in 0..60 {
            match (map.mask.at(x, y, 0), inside(x, y)) {
                (true, true) => counts.0 += 1,
                (true, false) => counts.1 += 1,
                _ => {}
            }
        }
    }
    counts
}

#[test]
fn a_changed_square_is_found_under_another_light() {
    for bands in [3, 6, 10] {
        let map = score(&scene(bands, 1, 1.0, false), &scene(bands, 2, 1.7, true), None, &mut still).expect("scored");
        let (right, wrong) = hits(&map);
        assert_eq!(map.method, "ir-mad");
        assert!(right >= 80 && wrong <= 40, "{bands} bands: {right} of 100, {wrong} of 3500 wrong");
    }
}

#[test]
fn one_band_falls_back_and_says_so() {
    let before = Raster::from_fn(60, 60, |x, y| ((x * 7 + y * 13) % 50) as f32);
    let inside = |x: usize, y: usize| (20..30).contains(&x) && (20..30).contains(&y);
    let after = Raster::from_fn(60, 60, |x, y| before.at(x, y, 0) + if inside(x, y) { 60.0 } else { ((x + y) % 3) as f32 });
    let map = score(&before, &after, None, &mut still).expect("scored");
    assert_eq!(map.method, "matched-difference");
    let (right, wrong) = hits(&map);
    assert!(right >= 90 && wrong <= 44, "{right} of 100, {wrong} wrong: at most the rim");
}

#[test]
fn the_same_picture_has_no_change() {
    for bands in [1, 4] {
        let picture = scene(bands, 1, 1.0, false);
        let map = score(&picture, &picture, None, &mut still).expect("scored");
        assert!(map.score.samples().iter().all(|&v| v < 1e-2), "{bands} bands");
    }
}

#[test]
fn masked_and_broken_pixels_are_unknown_and_disturb_nobody() {
    let mut after = scene(4, 2, 1.0, false);
    after.set(3, 4, 1, f32::NAN);
    let valid = Raster::from_fn(60, 60, |x, _| x < 50);
    let map = score(&scene(4, 1, 1.0, false), &after, Some(&valid), &mut still).expect("scored");
    assert!(map.score.at(3, 4, 0).is_nan() && map.score.at(55, 5, 0).is_nan());
    assert!(!map.mask.at(3, 4, 0) && !map.mask.at(55, 5, 0));
    assert!(map.score.at(10, 10, 0).is_finite());
}

#[test]
fn constant_and_doubled_bands_do_no_harm() {
    let one = scene(3, 1, 1.0, false).band(0);
    let samples: Vec<f32> = one.samples().iter().flat_map(|&v| [v, v, 7.0]).collect();
    let doubled = Raster::new(60, 60, 3, samples).expect("60 × 60");
    let map = score(&doubled, &doubled.map(|v| v + 1.0), None, &mut still).expect("scored");
    assert!(map.score.samples().iter().all(|v| v.is_finite()));
}

#[test]
fn nothing_in_common_is_said_and_not_scored() {
    let nowhere = Raster::filled(60, 60, 1, false);
    for bands in [1, 3] {
        let picture = scene(bands, 1, 1.0, false);
        let error = score(&picture, &picture, Some(&nowhere), &mut still).expect_err("nothing to compare");
        assert_eq!(error.code(), "no-overlap");
    }
    let narrow = Raster::filled(59, 60, 3, 1.0);
    assert_eq!(score(&scene(3, 1, 1.0, false), &narrow, None, &mut still).expect_err("grids").code(), "different-grids");
}

#[test]
fn cancel_is_heard() {
    let picture = scene(3, 1, 1.0, false);
    let stopped = score(&picture, &picture, None, &mut |share| if share > 0.01 { Err(Error::Cancelled) } else { Ok(()) });
    assert_eq!(stopped.expect_err("stopped"), Error::Cancelled);
}
