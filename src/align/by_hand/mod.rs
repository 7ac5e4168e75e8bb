//! Alignment from pairs of control points that a person found in both images. It beats the automatic answer.
//!
//! Every point is judged by a fit that leaves it out, so that a slip shows as a distance at the point where it was made and
//! not as a little everywhere.

mod counterpart;
pub(super) mod fit;
#[cfg(test)]
mod tests;

pub use counterpart::{Counterpart, counterpart};

use super::refine::principal_scales;
use super::verdict::two_digits;
use super::{Alignment, Model, Residual, Status, TiePoint};
use crate::error::Result;
use crate::geometry::{Point, Transform};
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// One place in both images, found by a person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ControlPoint {
    /// In pixels of *before*.
    pub before: Point,
    /// In pixels of *after*.
    pub after: Point,
}

/// From this many points on their own disagreement says how good the fit is: of four parameters each point fixes two, so
/// that with six at least four pairs too many are left to contradict.
const ASKED_FOR: usize = 6;

/// Roundness below which points leave the direction across them open; three places along one track of a straight yard have about 0.01.
const ON_A_LINE: f64 = 0.02;

/// Roundness from which on a stretch across the points is measured and not guessed.
const ROUND_ENOUGH: f64 = 0.12;

/// Left-out distances up to these pass, at the median and at the worst, px of *before*. A careful click is good to half a pixel,
/// one refined by correlation to a fifth; a slip to the neighbouring car is beyond twenty.
const PASS_MEDIAN_PX: f64 = 1.5;
/// See [`PASS_MEDIAN_PX`].
const PASS_WORST_PX: f64 = 4.0;

/// Share of the common ground that the points must span to pass: beyond them a fit is an extrapolation.
const PASS_COVERAGE: f64 = 0.1;

/// A richer model is taken when the points it leaves out lie closer by more than this factor. Nearer to one, the luck of nine
/// clicks buys a projective map that is two pixels off at the corners; what a scene really bends gains far more.
const WORTH_IT: f64 = 0.5;

/// And by no less than this, px of *before*: nobody points more exactly.
const LEAST_GAIN_PX: f64 = 0.5;

/// A point this many times as far off as the middle one is named.
const STANDS_OUT: f64 = 4.0;

/// Principal scales and their ratio beyond which two pictures of the ground can't be: points were exchanged.
const SCALES: std::ops::RangeInclusive<f64> = 0.05..=20.0;
/// See [`SCALES`].
const ANISOTROPY: f64 = 3.0;

/// The alignment that control points give. Sizes are width and height in pixels; `previous` is an earlier answer from *after*
/// to *before*, which a single point only shifts.
///
/// Two points give a similarity, three to five an affine map where they spread enough, six and more the simplest of
/// similarity, affine and projective that left-out points ask for. The residuals are those of the left-out points; the tie
/// points are the control points in their order. Points that give no answer come back as [`Status::Fail`] with a sentence.
pub fn align(
    points: &[ControlPoint],
    before_size_px: (usize, usize),
    after_size_px: (usize, usize),
    previous: Option<&Transform>,
) -> Alignment {
    let sizes = [before_size_px, after_size_px];
    if let Some(reason) = unusable(points, sizes) {
        return refused(points, reason);
    }
    let sorted = Sorted::new(points);
    let (model, transform) = match points {
        [one] => match previous {
            None => return refused(points, "One pair of control points can only shift an alignment that was found before, and there is none. Set at least three.".to_owned()),
            Some(previous) => {
                let p = previous.apply(one.after);
                (Model::Shift, Some(previous.then(&Transform::similarity(1.0, 0.0, one.before.x - p.x, one.before.y - p.y))))
            }
        },
        _ => {
            let model = sorted.model();
            (model, fit::fit(model, &sorted.points))
        }
    };
    let middle = Point::new(after_size_px.0 as f64 / 2.0, after_size_px.1 as f64 / 2.0);
    let Some(transform) = transform.filter(|t| possible(t, middle)) else {
        return refused(points, "No two pictures of the ground lie over each other as these control points say: one would be mirrored or stretched. Check that every pair shows one place.".to_owned());
    };
    let left_out = sorted.left_out(model);
    let coverage = coverage(points, &transform, sizes);
    let residual = residual(&left_out);
    let (status, reasons) = verdict(points.len(), &left_out, &residual, coverage);
    let tie_points = tie_points(points, &left_out);
    Alignment { status, reasons, model, after_to_before: Some(transform), residual_px: residual, coverage, tie_points }
}

/// Reads control points: columns `before_x`, `before_y`, `after_x`, `after_y`, in pixels with centres at +0.5.
///
/// # Errors
/// [`crate::error::Error::File`] naming `file` and the line.
///
/// ```
/// let points = sidings::align::by_hand::read_csv(b"before_x,before_y,after_x,after_y\n10.5,20,12,21.5\n", "points.csv")?;
/// assert_eq!(points[0].after.y, 21.5);
/// # Ok::<(), sidings::error::Error>(())
/// ```
pub fn read_csv(bytes: &[u8], file: &str) -> Result<Vec<ControlPoint>> {
    /// Beyond any image that is read.
    const FARTHEST_PX: f64 = 1e6;
    let table = Table::read(bytes, file)?;
    let columns = [["before_x", "bx", "x1"], ["before_y", "by", "y1"], ["after_x", "ax", "x2"], ["after_y", "ay", "y2"]];
    let mut found = Vec::new();
    for names in columns {
        found.push(table.column(&names)?);
    }
    table
        .rows()
        .map(|row| {
            let at = |k: usize| row.number_within(found[k], -FARTHEST_PX..=FARTHEST_PX);
            Ok(ControlPoint { before: Point::new(at(0)?, at(1)?), after: Point::new(at(2)?, at(3)?) })
        })
        .collect()
}

/// Why points can't be fitted at all.
fn unusable(points: &[ControlPoint], [before, after]: [(usize, usize); 2]) -> Option<String> {
    let outside = |p: Point, (w, h): (usize, usize)| !(p.x >= 0.0 && p.y >= 0.0 && p.x <= w as f64 && p.y <= h as f64);
    for (k, point) in points.iter().enumerate() {
        for (name, p, size) in [("older", point.before, before), ("newer", point.after, after)] {
            if outside(p, size) {
                return Some(format!(
                    "Control point {} lies at ({:.0}, {:.0}), outside the {name} image of {} × {} pixels. Move it into the image, or take it away.",
                    k + 1,
                    p.x,
                    p.y,
                    size.0,
                    size.1
                ));
            }
        }
    }
    let apart = |of: fn(&ControlPoint) -> Point| points.iter().any(|p| of(p).distance(of(&points[0])) > 1.0);
    match points.len() {
        0 => Some("There are no control points. Set at least three pairs.".to_owned()),
        1 => None,
        _ if !apart(|p| p.before) || !apart(|p| p.after) => {
            Some("The control points all lie at one place. Set them far from each other.".to_owned())
        }
        2 => None,
        _ if fit::roundness(points.iter().map(|p| p.before)) < ON_A_LINE || fit::roundness(points.iter().map(|p| p.after)) < ON_A_LINE => {
            Some("The control points lie on one line, so that nothing is known of the ground beside it. Add one away from that line.".to_owned())
        }
        _ => None,
    }
}

/// The points in an order of their own, so that the order in which they were set changes no bit of the answer.
struct Sorted {
    points: Vec<ControlPoint>,
    /// Where each stands in the user's order.
    index: Vec<usize>,
}

impl Sorted {
    fn new(points: &[ControlPoint]) -> Self {
        let key = |k: &usize| {
            let p = &points[*k];
            [p.before.x, p.before.y, p.after.x, p.after.y]
        };
        let mut index: Vec<usize> = (0..points.len()).collect();
        index.sort_by(|a, b| {
            let orders = key(a).into_iter().zip(key(b)).map(|(a, b)| a.total_cmp(&b));
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        Self { points: index.iter().map(|&k| points[k]).collect(), index }
    }

    /// The kind of transform that so many points, spread like this, can carry.
    fn model(&self) -> Model {
        let richest = richest(&self.points);
        if self.points.len() < ASKED_FOR {
            return poorer(richest, Model::Affine);
        }
        let score = |model: Model| {
            let squares: Vec<f64> = self.left_out(model).iter().flatten().map(|d| d * d).collect();
            (squares.iter().sum::<f64>() / squares.len().max(1) as f64).sqrt()
        };
        let mut best = (Model::Similarity, score(Model::Similarity));
        for model in [Model::Affine, Model::Projective] {
            let tried = score(model);
            if rank(model) <= rank(richest) && tried < WORTH_IT * best.1 && tried < best.1 - LEAST_GAIN_PX {
                best = (model, tried);
            }
        }
        best.0
    }

    /// How far each point lies from where the others put it, px of *before*, in the user's order; `None` where the others are too few.
    fn left_out(&self, model: Model) -> Vec<Option<f64>> {
        let mut distances = vec![None; self.points.len()];
        for (k, point) in self.points.iter().enumerate() {
            let rest: Vec<ControlPoint> = self.points.iter().enumerate().filter(|(i, _)| *i != k).map(|(_, p)| *p).collect();
            if rest.len() < 2 {
                continue;
            }
            let fitted = fit::fit(poorer(richest(&rest), model), &rest);
            distances[self.index[k]] = fitted.map(|t| t.apply(point.after).distance(point.before)).filter(|d| d.is_finite());
        }
        distances
    }
}

/// The richest model that points determine with something to spare for their spread.
fn richest(points: &[ControlPoint]) -> Model {
    let round = fit::roundness(points.iter().map(|p| p.before)).min(fit::roundness(points.iter().map(|p| p.after)));
    match points.len() {
        0..=2 => Model::Similarity,
        _ if round < ROUND_ENOUGH => Model::Similarity,
        3 | 4 => Model::Affine,
        _ => Model::Projective,
    }
}

fn rank(model: Model) -> u8 {
    match model {
        Model::Shift => 0,
        Model::Similarity => 1,
        Model::Affine => 2,
        Model::Projective => 3,
    }
}

fn poorer(one: Model, other: Model) -> Model {
    if rank(other) < rank(one) { other } else { one }
}

/// Not mirrored, not flattened.
fn possible(t: &Transform, at: Point) -> bool {
    let p = |x: f64, y: f64| t.apply(Point::new(at.x + x, at.y + y));
    let (o, x, y) = (p(0.0, 0.0), p(1.0, 0.0), p(0.0, 1.0));
    let upright = (x.x - o.x) * (y.y - o.y) - (x.y - o.y) * (y.x - o.x) > 0.0;
    let (large, small) = principal_scales(t, at);
    upright && SCALES.contains(&large) && SCALES.contains(&small) && large / small <= ANISOTROPY && t.inverse().is_some()
}

fn residual(left_out: &[Option<f64>]) -> Residual {
    let mut distances: Vec<f64> = left_out.iter().flatten().copied().collect();
    distances.sort_by(f64::total_cmp);
    let rank = |share: f64| {
        let last = distances.len().checked_sub(1)?;
        distances.get((share * last as f64).ceil() as usize).copied()
    };
    Residual { median: rank(0.5), p95: rank(0.95), held_out: true, points: distances.len() }
}

fn verdict(n: usize, left_out: &[Option<f64>], residual: &Residual, coverage: f64) -> (Status, Vec<String>) {
    let pairs = if n == 1 {
        "One pair of control points was set by hand".to_owned()
    } else {
        format!("{n} pairs of control points were set by hand")
    };
    let worst = left_out.iter().flatten().copied().fold(0.0, f64::max);
    let mut reasons = vec![match residual.median {
        Some(median) => format!(
            "{pairs}. Each, left out in turn, lies where the others put it to {} pixels at the median and {} at most.",
            two_digits(median),
            two_digits(worst)
        ),
        None => format!("{pairs}."),
    }];
    let median = residual.median.unwrap_or(f64::INFINITY);
    let far = left_out.iter().position(|d| d.is_some_and(|d| d == worst && d > PASS_WORST_PX && d > STANDS_OUT * median));
    if let (Some(k), true) = (far, n >= 5) {
        reasons.push(format!("Point {} stands out. Look at it again: it may show another place on one of the dates.", k + 1));
    } else if residual.median.is_some() && (worst > PASS_WORST_PX || median > PASS_MEDIAN_PX) {
        reasons.push("They do not agree well enough to be relied on. Look at those with the largest distances again.".to_owned());
    }
    if n < ASKED_FOR {
        reasons.push(format!("{ASKED_FOR} pairs or more are needed before their agreement says how good the fit is."));
    }
    if coverage < PASS_COVERAGE {
        reasons.push(format!(
            "They span only {:.0} % of the ground that both images show; beyond them the fit is a guess. Set some farther apart.",
            100.0 * coverage
        ));
    }
    let pass = n >= ASKED_FOR && median <= PASS_MEDIAN_PX && worst <= PASS_WORST_PX && coverage >= PASS_COVERAGE;
    (if pass { Status::Pass } else { Status::Warn }, reasons)
}

fn tie_points(points: &[ControlPoint], left_out: &[Option<f64>]) -> Vec<TiePoint> {
    let tie = |(p, d): (&ControlPoint, &Option<f64>)| TiePoint { before: p.before, after: p.after, residual_px: *d };
    points.iter().zip(left_out).map(tie).collect()
}

fn refused(points: &[ControlPoint], reason: String) -> Alignment {
    Alignment {
        status: Status::Fail,
        reasons: vec![reason],
        model: Model::Similarity,
        after_to_before: None,
        residual_px: Residual { median: None, p95: None, held_out: true, points: 0 },
        coverage: 0.0,
        tie_points: tie_points(points, &vec![None; points.len()]),
    }
}

/// Share of the ground that both images show that lies within the hull of the points.
fn coverage(points: &[ControlPoint], transform: &Transform, [before, after]: [(usize, usize); 2]) -> f64 {
    /// Probes a side: 32 × 32 give the share to a percent.
    const PROBES: usize = 32;
    let hull = hull(points.iter().map(|p| p.before).collect());
    let Some(back) = transform.inverse() else { return 0.0 };
    let (mut shared, mut spanned) = (0usize, 0usize);
    for k in 0..PROBES * PROBES {
        let at = |i: usize, side: usize| (i as f64 + 0.5) / PROBES as f64 * side as f64;
        let p = Point::new(at(k % PROBES, before.0), at(k / PROBES, before.1));
        let q = back.apply(p);
        if q.x >= 0.0 && q.y >= 0.0 && q.x <= after.0 as f64 && q.y <= after.1 as f64 {
            shared += 1;
            spanned += usize::from(within(&hull, p));
        }
    }
    if shared == 0 { 0.0 } else { spanned as f64 / shared as f64 }
}

/// Twice the area of a triangle, positive when it turns from +x toward +y.
fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// The convex hull (Andrew 1979), turning from +x toward +y.
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let chain = |points: &mut dyn Iterator<Item = Point>| {
        let mut out: Vec<Point> = Vec::new();
        for p in points {
            while out.len() > 1 && turn(out[out.len() - 2], out[out.len() - 1], p) <= 0.0 {
                out.pop();
            }
            out.push(p);
        }
        out.pop();
        out
    };
    let (low, high) = (chain(&mut points.iter().copied()), chain(&mut points.iter().rev().copied()));
    [low, high].concat()
}

fn within(hull: &[Point], p: Point) -> bool {
    hull.len() > 2 && (0..hull.len()).all(|k| turn(hull[k], hull[(k + 1) % hull.len()], p) >= 0.0)
}
