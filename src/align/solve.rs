//! The way from two images to the best-supported transform.

use super::Status;
use super::candidates::{Candidate, Grid, Search, same};
use super::pyramid::Pyramid;
use super::refine::{COARSE, FINE, MIDDLE, Step, layout, step};
use super::surfaces::Comparer;
use super::verdict::{Verdict, judge};
use super::verify::{Evidence, verify};
use crate::error::{Result, Tick};
use crate::geometry::Transform;

/// Candidates that reach the middle size.
const FINALISTS: usize = 8;

/// Candidates closer than this share of the longest side after the coarse step are one.
const SAME_WITHIN: f64 = 0.02;

/// Longest side, working px, at which answers are ranked and verified, their tiles and the radius searched.
const RANKING: (f64, usize, usize) = (256.0, 32, 10);

/// The second, finer look of the verification.
const CLOSER: (f64, usize, usize) = (512.0, 48, 12);

/// Support above which no other candidate is looked at: unrelated images stay below 10.
const BEYOND_DOUBT: f64 = 25.0;

/// Largest side that the pooled search doubles up to; what is left is Newton's.
const LARGEST_SEARCH_PX: f64 = 1024.0;

/// An answer and what speaks for it.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// *after* to *before*.
    pub transform: Transform,
    /// At the ranking size, then closer.
    pub evidence: Vec<Evidence>,
    /// What follows from the evidence.
    pub verdict: Verdict,
}

/// Searches around the guess, then narrowly, then over the full circle, then at scales up to a half and to two, until an answer passes; else
/// the best of all.
pub(super) fn solve(
    comparer: &mut Comparer,
    before: &Pyramid<'_>,
    after: &Pyramid<'_>,
    guess: Option<&Transform>,
    tick: &mut Tick<'_>,
) -> Result<Option<Answer>> {
    let near = scales(before, after);
    let (close_up, far_off) = farther_scales(&near);
    // Where *after* shows half of the width, it is *before* that is laid on it: the smaller ground fills the search.
    let close_up = close_up.into_iter().map(|s| 1.0 / s).collect();
    let grids: Vec<(Grid, bool)> = guess
        .map(|g| (around(g, before), false))
        .into_iter()
        .chain([(narrow(near.clone()), false), (circle(near), false), (circle(far_off), false), (circle(close_up), true)])
        .collect();
    let spectra = |grid: &Grid| (grid.scales.len() * grid.turns.len()) as f64;
    let total: f64 = grids.iter().map(|(grid, _)| spectra(grid)).sum();
    let (mut best, mut to) = (None::<Answer>, 0.0);
    let mut search = [None, None];
    for (grid, swapped) in &grids {
        let from = to;
        to = from + spectra(grid) / total;
        let (fixed, laid) = if *swapped { (after, before) } else { (before, after) };
        let search = search[usize::from(*swapped)].get_or_insert_with(|| Search::new(fixed, laid));
        let candidates = search.run(grid, &mut |s| tick(from + (to - from) * 0.6 * s))?;
        // A comparer remembers the image that others are laid on.
        let comparer = if *swapped { &mut Comparer::default() } else { &mut *comparer };
        let ranked = best_of(comparer, fixed, laid, &candidates, &mut |s| tick(from + (to - from) * (0.6 + 0.3 * s)))?;
        let Some(transform) = ranked else { continue };
        let answer = conclude(comparer, (fixed, laid), &transform, &grid.base)?;
        let Some(answer) = (if *swapped { turned_round(answer) } else { Some(answer) }) else { continue };
        let passes = answer.verdict.status == Status::Pass;
        let better = best.as_ref().is_none_or(|b| strength(&answer) > strength(b));
        if better {
            best = Some(answer);
        }
        if passes {
            break;
        }
    }
    Ok(best)
}

/// The answer to the opposite question.
fn turned_round(answer: Answer) -> Option<Answer> {
    Some(Answer { transform: answer.transform.inverse()?, ..answer })
}

/// Order of answers: the status first, then the weaker of the two looks.
fn strength(answer: &Answer) -> (u8, i64) {
    let status = match answer.verdict.status {
        Status::Pass => 2,
        Status::Warn => 1,
        Status::Fail => 0,
    };
    let agreement = answer.evidence.iter().map(|e| e.agreement).fold(f64::MAX, f64::min);
    (status, (agreement * 10.0) as i64)
}

/// Sharpens a ranked transform and looks at it twice.
fn conclude(
    comparer: &mut Comparer,
    (before, after): (&Pyramid<'_>, &Pyramid<'_>),
    ranked: &Transform,
    base: &Transform,
) -> Result<Answer> {
    let transform = sharpen(comparer, before, after, ranked).unwrap_or(*ranked);
    let looks = [RANKING, CLOSER].map(|(side, tile, radius)| layout(before, side, tile, radius, 1.0));
    let evidence: Vec<Evidence> = looks.iter().filter_map(|l| verify(comparer, before, after, &transform, *l)).collect();
    let verdict = judge((before, after), &transform, base, &evidence);
    Ok(Answer { transform, evidence, verdict })
}

/// The candidates of a grid, refined and ranked.
fn best_of(
    comparer: &mut Comparer,
    before: &Pyramid<'_>,
    after: &Pyramid<'_>,
    candidates: &[Candidate],
    tick: &mut Tick<'_>,
) -> Result<Option<Transform>> {
    let mut coarse: Vec<(Transform, f64)> = Vec::new();
    for candidate in candidates {
        let first = step(comparer, before, after, &candidate.transform, &COARSE[0]);
        coarse.extend(first.and_then(|(t, _)| step(comparer, before, after, &t, &COARSE[1])));
        tick(0.3)?;
    }
    coarse.sort_by(|a, b| b.1.total_cmp(&a.1));
    let tolerance = SAME_WITHIN * before.longest_side();
    let mut finalists: Vec<Transform> = Vec::new();
    for (t, _) in coarse {
        if finalists.iter().all(|f| !same(after, f, &t, tolerance)) {
            finalists.push(t);
        }
    }
    finalists.truncate(FINALISTS);
    let mut ranked: Vec<(Transform, Evidence)> = Vec::new();
    for (i, t) in finalists.iter().enumerate() {
        let refined = step(comparer, before, after, t, &MIDDLE[0])
            .and_then(|(t, _)| step(comparer, before, after, &t, &MIDDLE[1]))
            .map(|(t, _)| t);
        tick(0.3 + 0.4 * i as f64 / finalists.len() as f64)?;
        let Some(t) = refined else { continue };
        let looked = layout(before, RANKING.0, RANKING.1, RANKING.2, 1.0);
        let Some(evidence) = verify(comparer, before, after, &t, looked) else { continue };
        let done = evidence.support() > BEYOND_DOUBT;
        ranked.push((t, evidence));
        if done {
            break;
        }
    }
    Ok(ranked.into_iter().max_by(|a, b| a.1.support().total_cmp(&b.1.support())).map(|(t, _)| t))
}

/// Doubles the working size until the whole image, or the largest search, is reached.
fn sharpen(comparer: &mut Comparer, before: &Pyramid<'_>, after: &Pyramid<'_>, transform: &Transform) -> Option<Transform> {
    let (mut t, mut side) = (*transform, FINE.side_px);
    while side / 2.0 < before.longest_side() && side <= LARGEST_SEARCH_PX {
        t = step(comparer, before, after, &t, &Step { side_px: side, ..FINE })?.0;
        side *= 2.0;
    }
    Some(t)
}

/// Logarithm of the ratio of neighbouring scales: half a step off, the outermost quarter of the image is out by 1 % of its side, one pixel at
/// the search size.
const SCALE_STEP: f64 = 0.072;

/// The grid of scales: steps of 7.5 %, from the smaller of 1 and the ratio of the images' sizes down by a third to the larger up by a half.
/// The ratio counts because two crops of one yard at different pixel sizes tend to show about the same ground.
fn scales(before: &Pyramid<'_>, after: &Pyramid<'_>) -> Vec<f64> {
    let area = |p: &Pyramid<'_>| (p.width() * p.height()) as f64;
    let ratio = libm::round(0.5 * libm::log(area(before) / area(after)) / SCALE_STEP).clamp(-15.0, 15.0) as i32;
    (ratio.min(0) - 6..=ratio.max(0) + 6).map(|k| libm::exp(SCALE_STEP * f64::from(k))).collect()
}

/// Turns from −`half` to `half` degrees.
fn turns(half: i32, step_deg: f64) -> Vec<f64> {
    (-half..=half).map(|k| (f64::from(k) * step_deg).to_radians()).collect()
}

/// Scales beyond those: down to a half, where *after* shows less ground than *before*, and up to two, where it shows more.
fn farther_scales(near: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let series = |from: Option<&f64>, step: f64, on: fn(f64) -> bool| -> Vec<f64> {
        let scale = |k: i32| from.map(|from| from * libm::exp(step * f64::from(k)));
        (1..).map_while(scale).take_while(|s| on(*s)).collect()
    };
    (series(near.first(), -SCALE_STEP, |s| s > 0.47), series(near.last(), SCALE_STEP, |s| s < 2.13))
}

/// The search as most pairs need it: up to 20° of turn.
fn narrow(scales: Vec<f64>) -> Grid {
    Grid { base: Transform::IDENTITY, scales, turns: turns(5, 4.0), half_turns: false, reach_px: None, keep: 12 }
}

/// The full circle.
fn circle(scales: Vec<f64>) -> Grid {
    let turns = (-20..20).map(|k| (f64::from(k) * 4.5).to_radians()).collect();
    Grid { base: Transform::IDENTITY, scales, turns, half_turns: true, reach_px: None, keep: 20 }
}

/// Around a guess: ±6 % of scale, ±6° of turn, a quarter of the width of shift.
fn around(guess: &Transform, before: &Pyramid<'_>) -> Grid {
    let scales = (-2..=2).map(|k| libm::exp(0.03 * f64::from(k))).collect();
    Grid { base: *guess, scales, turns: turns(2, 3.0), half_turns: false, reach_px: Some(0.25 * before.longest_side()), keep: 8 }
}
