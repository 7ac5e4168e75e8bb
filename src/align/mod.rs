//! Registration: where the pixels of `after` lie in `before`, and how far that answer may be trusted.

mod candidates;
mod fft;
mod grey;
mod orientation;
mod search;
mod surfaces;
mod tie;
mod verify;

use crate::error::{Result, Tick};
use crate::geometry::Transform;
use crate::random::Random;
use crate::raster::{Mask, Raster};
use candidates::Range;
use grey::Pyramid;
use serde::{Deserialize, Serialize};
use surfaces::{Cut, Prepared, Surfaces};

/// How far an alignment may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Verified on tie points that were held out.
    Pass,
    /// Probably right; a person should look.
    Warn,
    /// No honest answer.
    Fail,
}

/// The simplest model that explains the held-out tie points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Model {
    /// Two parameters.
    Shift,
    /// Shift, turn and one scale.
    Similarity,
    /// Six parameters.
    Affine,
    /// Eight parameters.
    Projective,
}

/// Distances between the model and tie points, in pixels of `before`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Residual {
    /// Half of the points are nearer; `None` without points.
    pub median: Option<f64>,
    /// 95 % of the points are nearer.
    pub p95: Option<f64>,
    /// True: none of these points was used in the fit.
    pub held_out: bool,
    /// Number of points.
    pub points: usize,
}

/// The answer of [`estimate`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alignment {
    /// Pass, warn or fail.
    pub status: Status,
    /// Sentences for the user, each a reason for the status.
    pub reasons: Vec<String>,
    /// Kind of transform.
    pub model: Model,
    /// Takes points of `after` to `before`; `None` on fail.
    pub after_to_before: Option<Transform>,
    /// Residuals on held-out tie points.
    pub residual_px: Residual,
    /// Share of the scene that held-out tie points confirm, 0 to 1.
    pub coverage: f64,
}

/// What is known before the search.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// A first guess, from a georeference or from a person.
    pub guess: Option<Transform>,
}

/// A grey image and where it holds.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Luma, one band.
    pub luma: &'a Raster<f32>,
    /// Valid pixels; `None` when all are.
    pub valid: Option<&'a Mask>,
}

/// Images with a shorter side than this hold too few independent details to verify anything.
const SMALLEST_SIDE_PX: usize = 48;
/// Above this the narrow search is certain and the full circle isn't tried; right answers of the method's study start at 25.
const CERTAIN: f64 = 40.0;
/// Longest side up to which the model is refined before the tie points are measured.
const REFINED_SIDE_PX: usize = 1024;

/// Finds the transform from `after` to `before` from the pixels alone.
///
/// Candidates over turn and scale are refined by the sum of all tiles' match surfaces, the best is verified on tiles that had
/// no say in it. Each statistic has to agree before an answer passes. Honest limit: a plane transform, so roofs and other tall
/// things lie beside their place; strongly changed scenes under 300 px may be refused though they show one place.
///
/// # Errors
/// [`crate::error::Error::Cancelled`] from `tick`. Different places are no error but a [`Status::Fail`].
pub fn estimate(before: View<'_>, after: View<'_>, options: &Options, tick: &mut Tick<'_>) -> Result<Alignment> {
    for (view, which) in [(&before, "older"), (&after, "newer")] {
        let (w, h) = (view.luma.width(), view.luma.height());
        if w.min(h) < SMALLEST_SIDE_PX {
            let reason = format!(
                "The {which} image has {w} × {h} pixels; at least {SMALLEST_SIDE_PX} a side are needed to compare two dates. Use a larger crop or a finer image."
            );
            return Ok(verify::refusal(vec![reason]));
        }
    }
    let (before, after) = (Pyramid::of(before), Pyramid::of(after));
    tick(0.02)?;
    let sizes = Sizes::of(&before);
    let range = match &options.guess {
        Some(guess) => {
            let middle = crate::geometry::Point::new(after.full().width as f64 / 2.0, after.full().height as f64 / 2.0);
            Range::Around(guess.turn_at(middle), guess.scale_at(middle))
        }
        None => Range::Narrow,
    };
    let mut found = solve(&before, &after, &sizes, range, &mut |done| tick(0.02 + 0.38 * done))?;
    if options.guess.is_none() && found.is_none_or(|f| f.1 < CERTAIN) {
        let circle = solve(&before, &after, &sizes, Range::Circle, &mut |done| tick(0.4 + 0.5 * done))?;
        found = [found, circle].into_iter().flatten().max_by(|a, b| a.1.total_cmp(&b.1));
    }
    tick(0.9)?;
    Ok(match found {
        Some((transform, strength)) => verify::judge(&before, &after, &transform, strength),
        None => verify::refusal(vec![
            "Nothing in the two images could be compared: one of them is almost featureless, or they hardly overlap. Use images that show the same yard.".to_owned(),
        ]),
    })
}

/// *before* at the working sizes of the refinement, made once.
struct Sizes {
    coarse: Prepared,
    middle: Prepared,
    finer: Vec<Prepared>,
}

impl Sizes {
    fn of(before: &Pyramid) -> Self {
        let full = before.longest_side();
        let mut finer = Vec::new();
        let mut side = 256;
        while side < full.min(REFINED_SIDE_PX) {
            side = (2 * side).min(full);
            finer.push(Prepared::of(before, side));
        }
        if finer.is_empty() {
            finer.push(Prepared::of(before, full));
        }
        Self { coarse: Prepared::of(before, 128), middle: Prepared::of(before, 256), finer }
    }

    /// The size nearest to 512 px, for the verification.
    fn fine(&self) -> &Prepared {
        &self.finer[0]
    }
}

/// Candidates, refined; the best with its strength.
fn solve(
    before: &Pyramid,
    after: &Pyramid,
    sizes: &Sizes,
    range: Range,
    tick: &mut Tick<'_>,
) -> Result<Option<(Transform, f64)>> {
    let mut random = Random::new(0x5eed_a119);
    let guesses = candidates::candidates(before, after, range, &mut |done| tick(0.4 * done))?;
    let corners = candidates::corners(after);
    let mut ranked = Vec::new();
    for (i, guess) in guesses.iter().enumerate() {
        tick(0.4 + 0.3 * i as f64 / guesses.len() as f64)?;
        let wide = Cut { tile: 24, reach: 7, apart: false };
        let first = step(&sizes.coarse, after, guess, wide, &search::SIMILARITY_WIDE, &mut random);
        let near = Cut { reach: 6, ..wide };
        ranked.extend(first.and_then(|f| step(&sizes.coarse, after, &f.0, near, &search::SIMILARITY_NEAR, &mut random)));
    }
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let apart = 0.02 * before.longest_side() as f64;
    let mut best: Option<(Transform, f64)> = None;
    let chosen = candidates::distinct(ranked.into_iter().map(|r| r.0), &corners, apart, 8);
    for (i, guess) in chosen.iter().enumerate() {
        tick(0.7 + 0.2 * i as f64 / chosen.len() as f64)?;
        let cut = Cut { tile: 32, reach: 6, apart: false };
        let refined = step(&sizes.middle, after, guess, cut, &search::AFFINE_WIDE, &mut random)
            .and_then(|f| step(&sizes.middle, after, &f.0, cut, &search::AFFINE_NEAR, &mut random));
        let Some((transform, _)) = refined else { continue };
        let Some(surfaces) = Surfaces::cut(&sizes.middle, after, &transform, verify::COARSE) else { continue };
        let score = verify::match_at_model(&surfaces);
        if best.is_none_or(|b| score > b.1) {
            best = Some((transform, score));
        }
    }
    let Some((mut transform, _)) = best else { return Ok(None) };
    for prepared in &sizes.finer {
        tick(0.9)?;
        let cut = Cut { tile: 48, reach: 6, apart: false };
        if let Some((better, _)) = step(prepared, after, &transform, cut, &search::AFFINE_NEAR, &mut random) {
            transform = better;
        }
    }
    tick(0.95)?;
    let coarse = Surfaces::cut(&sizes.middle, after, &transform, verify::COARSE);
    let fine = Surfaces::cut(sizes.fine(), after, &transform, verify::FINE);
    Ok(coarse.zip(fine).map(|(coarse, fine)| (transform, verify::strength(&coarse, &fine))))
}

fn step(
    prepared: &Prepared,
    after: &Pyramid,
    from: &Transform,
    cut: Cut,
    spread: &search::Parameters,
    random: &mut Random,
) -> Option<(Transform, f64)> {
    search::refine(&Surfaces::cut(prepared, after, from, cut)?, from, spread, random)
}
