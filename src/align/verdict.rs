//! Pass, warn or fail, in words.
//!
//! Every statistic must speak for an answer; none can buy back another. The bounds stand between what unrelated images reach
//! and what related ones fall to, measured on warps and crops of yards, motorways, towns and farmland across dates and seasons.

use super::Status;
use super::pyramid::Pyramid;
use super::refine::principal_scales;
use super::tie_points::Fitted;
use super::verify::Evidence;
use crate::geometry::Transform;

/// What a status asks for.
struct Bounds {
    /// −log₁₀ of the chance agreement. Unrelated images reached 4 in a hundred trials, related ones fell to 9.
    agreement: f64,
    /// Height of the held-out tiles over √tiles.
    height: f64,
    /// Lead of the pooled peak over every other displacement: regular patterns tie.
    lead: f64,
    /// Share of held-out tiles that agree.
    share: f64,
    /// Share of the common ground with an agreeing tile.
    coverage: f64,
    /// How far the two halves may disagree, as a share of the longest side of *before*, and at least in px.
    split: (f64, f64),
}

/// Safe to build counts on.
const PASS: Bounds = Bounds { agreement: 12.0, height: 9.0, lead: 0.2, share: 0.3, coverage: 0.5, split: (0.004, 2.0) };

/// Worth showing to a person.
const WARN: Bounds = Bounds { agreement: 7.0, height: 6.5, lead: 0.1, share: 0.2, coverage: 0.3, split: (0.008, 3.0) };

/// Least share of the smaller image that lies in the other.
const LEAST_OVERLAP: f64 = 0.25;

/// Largest ratio of the principal scales: seen ground isn't sheared more, wrong fits often are.
const ANISOTROPY: f64 = 1.2;

/// Shortest side that can be judged, px: five tiles of 16 px.
pub(super) const LEAST_SIDE_PX: usize = 80;

/// How far an answer may be trusted, and why.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    /// Pass, warn or fail.
    pub status: Status,
    /// One sentence a reason.
    pub reasons: Vec<String>,
}

fn fail(reason: &str) -> Verdict {
    Verdict { status: Status::Fail, reasons: vec![reason.to_owned()] }
}

/// Judges an image pair before any search; `None` when there is something to search.
pub(super) fn unusable(before: (usize, usize), after: (usize, usize)) -> Option<Verdict> {
    for (name, (w, h)) in [("older", before), ("newer", after)] {
        if w.min(h) < LEAST_SIDE_PX {
            return Some(fail(&format!(
                "The {name} image is too small to be laid over the other: it has {w} × {h} pixels, at least {LEAST_SIDE_PX} on each side are needed."
            )));
        }
    }
    None
}

/// An image without any structure, or without valid pixels.
pub(super) fn featureless(name: &str) -> Verdict {
    fail(&format!(
        "The {name} image shows nothing that could be recognised in the other: it is of one colour or empty. Check that the right file was chosen."
    ))
}

/// No candidate came as far as being judged.
pub(super) fn nothing_found() -> Verdict {
    different("no position was found in which they agree")
}

fn different(why: &str) -> Verdict {
    fail(&format!(
        "The two images do not show the same place, or too little of it: {why}. Choose images of the same yard, or crop both to the ground they share."
    ))
}

/// What is wrong under some bounds, in words; empty when all hold.
fn shortfalls(bounds: &Bounds, e: &Evidence, side_px: f64) -> Vec<String> {
    let percent = |v: f64| (100.0 * v).round() as i64;
    let mut out = Vec::new();
    if e.agreement < bounds.agreement || e.share < bounds.share {
        out.push(format!(
            "only {} of {} areas that were set aside for checking match",
            (e.share * e.tiles as f64).round(),
            e.tiles
        ));
    }
    if e.height < bounds.height {
        out.push("the match hardly stands out from chance".to_owned());
    }
    if e.lead < bounds.lead {
        out.push("another position fits almost as well, as happens with regular patterns such as parallel tracks".to_owned());
    }
    if e.coverage < bounds.coverage {
        out.push(format!("matches cover only {} % of the ground that both should show", percent(e.coverage)));
    }
    let allowed = (bounds.split.0 * side_px).max(bounds.split.1);
    if e.split_px > allowed {
        out.push(format!("two halves of the evidence disagree by {} pixels", two_digits(e.split_px)));
    }
    out
}

/// Is the transform one that two pictures of the ground can have?
fn impossible(before: &Pyramid<'_>, after: &Pyramid<'_>, transform: &Transform, base: &Transform) -> Option<Verdict> {
    let relative = base.inverse().map_or(*transform, |back| transform.then(&back));
    let (large, small) = principal_scales(&relative, after.centre());
    if large / small > ANISOTROPY {
        return Some(different("they would only fit if one were stretched"));
    }
    if super::candidates::overlap(before, after, transform) < LEAST_OVERLAP {
        return Some(different("where they fit best, they hardly overlap"));
    }
    None
}

/// Judges an answer by its evidence at full look. `base` holds the stretch that was known beforehand.
pub(super) fn judge(
    (before, after): (&Pyramid<'_>, &Pyramid<'_>),
    transform: &Transform,
    base: &Transform,
    evidence: &[Evidence],
) -> Verdict {
    if let Some(verdict) = impossible(before, after, transform, base) {
        return verdict;
    }
    if evidence.is_empty() {
        return different("too few areas could be compared");
    }
    let all = |bounds: &Bounds| {
        let mut said: Vec<String> = evidence.iter().flat_map(|e| shortfalls(bounds, e, before.longest_side())).collect();
        said.dedup_by(|a, b| a.split_whitespace().last() == b.split_whitespace().last());
        said
    };
    let (grave, slight) = (all(&WARN), all(&PASS));
    if let Some(first) = grave.first() {
        return different(first);
    }
    if slight.is_empty() {
        return Verdict { status: Status::Pass, reasons: Vec::new() };
    }
    let reasons =
        slight.iter().map(|s| format!("The alignment is probably right, but look at it before you rely on it: {s}.")).collect();
    Verdict { status: Status::Warn, reasons }
}

/// The sentence that goes with a pass.
pub(super) fn confirmed(fitted: &Fitted, coverage: f64) -> String {
    let places = match (fitted.residual.median, fitted.residual.p95) {
        (Some(median), Some(p95)) => format!(
            "{} places that had no part in the calculation lie where they should, to {} pixels at the median and {} at the 95th percentile",
            fitted.residual.points,
            two_digits(median),
            two_digits(p95)
        ),
        _ => "No single place is sharp enough for its distance to be measured".to_owned(),
    };
    let left_out = match fitted.left_out {
        0 => String::new(),
        1 => "; one more moved otherwise than the ground, as tall and changed things do, and was left out".to_owned(),
        n => format!("; {n} more moved otherwise than the ground, as tall and changed things do, and were left out"),
    };
    format!("{places}{left_out}; matches cover {:.0} % of the ground that both images show.", 100.0 * coverage)
}

/// A length to two significant digits: a residual of 0.04 pixels isn't nothing, and one of 12.34 isn't known to a hundredth.
pub(super) fn two_digits(v: f64) -> String {
    if !(v.is_finite() && v > 0.0) {
        return "0".to_owned();
    }
    let decimals = (1.0 - libm::log10(v).floor()).clamp(0.0, 4.0);
    format!("{v:.*}", decimals as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_said_to_two_digits() {
        let said = [0.0, 0.0344, 0.41, 0.999, 1.26, 12.34, 240.4].map(two_digits);
        assert_eq!(said, ["0", "0.034", "0.41", "1.00", "1.3", "12", "240"]);
    }
}
