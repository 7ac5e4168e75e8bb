//! Aligns two images whose files say roughly how they lie over each other.
//!
//! *After* is first laid on *before*'s grid by that guess. What is left to find is small, whatever the projections, the pixel
//! shapes and the shares of the scene that the two files cover.

use crate::align::{self, Alignment, Model, Status, TiePoint, View};
use crate::error::{Result, Tick};
use crate::geometry::{Point, Transform};
use crate::resample;

/// Share of *before* that *after* must cover by the guess for it to be worth following. Less than a tenth leaves too few details to
/// verify anything, and absolute positions are off by that much on small scenes.
const LEAST_COVER: f64 = 0.1;

/// Finest *after*, in pixels of *before*, that is laid on *before*'s grid without being averaged: sampling aliases beyond two.
const FINEST: f64 = 0.45;

/// Where a guess led.
pub enum Led {
    /// To an answer that was verified.
    To(Box<Alignment>),
    /// Nowhere: the whole search is needed.
    Nowhere,
    /// Nowhere, since by it the images have next to nothing in common.
    Apart,
}

/// A guess whose linear part differs from none by less than this only shifts: a hundredth of a pixel over 10,000.
const SHIFT_WITHIN: f64 = 1e-6;

/// A guess whose linear part differs from none by less than this lays pixel on pixel as it is, and nothing has to be resampled: the search reaches
/// thirty times as far.
const LEVEL_WITHIN: f64 = 2e-3;

/// Aligns by way of a guess that takes points of *after* to *before*.
///
/// # Errors
/// `Cancelled` from `tick`.
pub fn align(guess: &Transform, before: View<'_>, after: View<'_>, tick: &mut Tick<'_>) -> Result<Led> {
    let Some(grid_to_after) = guess.inverse() else { return Ok(Led::Nowhere) };
    let (width, height) = (after.luma.width(), after.luma.height());
    let scale = guess.scale_at(Point::new(width as f64 / 2.0, height as f64 / 2.0));
    if !scale.is_finite() || scale < FINEST {
        return Ok(Led::Nowhere);
    }
    let size = (before.luma.width(), before.luma.height());
    if differs_little(guess, LEVEL_WITHIN) {
        if shared(guess, size, (width, height)) < LEAST_COVER {
            return Ok(Led::Apart);
        }
        let found = align::estimate(before, after, &align::Options { guess: Some(*guess) }, tick)?;
        return Ok(if found.status == Status::Fail { Led::Nowhere } else { Led::To(Box::new(told(found))) });
    }
    let (laid, seen) = resample::onto_grid(after.luma, after.valid, &grid_to_after, size, &mut |share| tick(0.1 * share))?;
    let cover = seen.samples().iter().filter(|&&s| s).count() as f64 / seen.samples().len().max(1) as f64;
    if cover < LEAST_COVER {
        return Ok(Led::Apart);
    }
    let options = align::Options { guess: Some(Transform::IDENTITY) };
    let laid = View { luma: &laid, valid: Some(&seen) };
    let found = align::estimate(before, laid, &options, &mut |share| tick(0.1 + 0.9 * share))?;
    Ok(if found.status == Status::Fail { Led::Nowhere } else { Led::To(Box::new(through(guess, found))) })
}

/// Whether lengths and directions stay as they are, but for a share of `within`.
fn differs_little(guess: &Transform, within: f64) -> bool {
    let [[a, b, _], [d, e, _], [g, h, _]] = guess.0;
    [a - 1.0, b, d, e - 1.0].iter().all(|v| v.abs() < within) && g == 0.0 && h == 0.0
}

/// Share of *before* that *after* covers where it is only shifted; sizes are columns and rows.
fn shared(guess: &Transform, before: (usize, usize), after: (usize, usize)) -> f64 {
    let corner = guess.apply(Point::new(0.0, 0.0));
    let along = |from: f64, own: usize, other: usize| {
        ((from + other as f64).min(own as f64) - from.max(0.0)).max(0.0) / own.max(1) as f64
    };
    along(corner.x, before.0, after.0) * along(corner.y, before.1, after.1)
}

fn told(found: Alignment) -> Alignment {
    let reasons = [vec!["The search began where the files' georeferences lay the images.".to_owned()], found.reasons].concat();
    Alignment { reasons, ..found }
}

/// The alignment of the laid image, told of the image itself.
fn through(guess: &Transform, found: Alignment) -> Alignment {
    let keeps_model = differs_little(guess, SHIFT_WITHIN) || found.model == Model::Projective;
    let model = if keeps_model { found.model } else { Model::Affine };
    let found = told(found);
    let back = guess.inverse();
    let own = |tie: TiePoint| Some(TiePoint { after: back?.apply(tie.after), ..tie });
    let tie_points = found.tie_points.iter().filter_map(|tie| own(*tie)).collect();
    let after_to_before = found.after_to_before.map(|rest| guess.then(&rest));
    Alignment { after_to_before, model, tie_points, ..found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::raster::Raster;

    /// Blobs at two scales, which a search can hold on to.
    fn blobs(width: usize, height: usize) -> Raster<u8> {
        let mut random = Random::new(11);
        let spots: Vec<(f64, f64, f64, f64)> = (0..400)
            .map(|_| {
                let place = (random.unit() * width as f64, random.unit() * height as f64);
                (place.0, place.1, 2.0 + 4.0 * random.unit(), 160.0 * random.unit() - 80.0)
            })
            .collect();
        Raster::from_fn(width, height, |x, y| {
            let light = |&(cx, cy, radius, strength): &(f64, f64, f64, f64)| {
                let square = ((x as f64 - cx) * (x as f64 - cx) + (y as f64 - cy) * (y as f64 - cy)) / (radius * radius);
                if square > 9.0 { 0.0 } else { strength * libm::exp(-square) }
            };
            (128.0 + spots.iter().map(light).sum::<f64>()) as u8
        })
    }

    #[test]
    fn long_pixels_are_aligned_through_the_guess_and_by_more_than_it() {
        let before = blobs(320, 300);
        let truth = Transform([[0.8, 0.0, 30.0], [0.0, 1.2, 12.0], [0.0, 0.0, 1.0]]);
        let (after, seen) = resample::onto_grid(&before, None, &truth, (330, 230), &mut |_| Ok(())).expect("not cancelled");
        let guess = truth.then(&Transform::similarity(1.0, 0.0, 6.0, -5.0));
        let (before, after) = (View { luma: &before, valid: None }, View { luma: &after, valid: Some(&seen) });
        let Led::To(found) = align(&guess, before, after, &mut |_| Ok(())).expect("not cancelled") else { panic!("led nowhere") };
        let to_before = found.after_to_before.expect("not failed");
        for p in [Point::new(20.0, 20.0), Point::new(300.0, 40.0), Point::new(160.0, 210.0)] {
            assert!(to_before.apply(p).distance(truth.apply(p)) < 1.0, "{p:?}: {:?}", to_before.apply(p));
        }
        assert_eq!(found.model, Model::Affine);
    }

    #[test]
    fn a_guess_beside_the_image_is_told_apart() {
        let picture = blobs(120, 100);
        let view = View { luma: &picture, valid: None };
        let beside = Transform::similarity(1.0, 0.0, 115.0, 0.0);
        assert!(matches!(align(&beside, view, view, &mut |_| Ok(())), Ok(Led::Apart)));
    }
}
