//! Carries lines from one date's pixels to the other's, and joins the tracks of both.

use crate::geometry::{Bounds, Point, Transform, foot_on_line};
use crate::yard::Detection;

/// Two lines nearer than this, across, are one track. Tracks lie at least 4.5 m apart (axis to axis), so half of that,
/// less a car's sway and the alignment's error, keeps neighbours apart and still joins two findings of one track.
const SAME_TRACK_M: f64 = 1.9;

/// A stretch of track that only the other date shows is taken over from this length on. About one long car: shorter
/// scraps are where two polylines of one track disagree at a bend or an end.
const SHORTEST_STRETCH_M: f64 = 24.0;

/// A stretch that begins where an own track ends continues it, when the gap is no longer than this.
const JOINT_GAP_M: f64 = 6.0;

/// How finely the other date's lines are probed, m. Well below the shortest stretch, and a bend of 150 m radius leaves
/// its chord by less than a centimetre over it.
const PROBE_M: f64 = 1.0;

/// Every line, carried point by point.
pub fn map_lines(lines: &[Vec<Point>], transform: &Transform) -> Vec<Vec<Point>> {
    lines.iter().map(|line| line.iter().map(|&p| transform.apply(p)).collect()).collect()
}

/// The tracks of one side in its own pixels, together with what only the other date shows of them.
///
/// Own lines keep their geometry, since it was fitted to this image; the other date's stretches continue them or are added.
pub fn join_tracks(own: &Detection, other: &Detection, other_to_own: &Transform) -> Vec<Vec<Point>> {
    let mut lines: Vec<Vec<Point>> = own.tracks.iter().map(|t| t.line_px.clone()).collect();
    let mut bounds: Vec<Bounds> = lines.iter().map(|line| Bounds::of(line)).collect();
    let found = lines.len();
    let gsd_m = own.gsd_m;
    let theirs: Vec<Vec<Point>> = other.tracks.iter().map(|t| t.line_px.clone()).collect();
    for line in map_lines(&theirs, other_to_own) {
        for stretch in uncovered_stretches(&line, (&lines[..found], &bounds), gsd_m) {
            match continue_a_line(&mut lines[..found], &stretch, JOINT_GAP_M / gsd_m, SAME_TRACK_M / gsd_m) {
                Some(longer) => bounds[longer] = Bounds::of(&lines[longer]),
                None => lines.push(stretch),
            }
        }
    }
    lines
}

/// The parts of `line` that no line of `covers` runs along; each with the box round it.
fn uncovered_stretches(line: &[Point], (covers, bounds): (&[Vec<Point>], &[Bounds]), gsd_m: f64) -> Vec<Vec<Point>> {
    let reach = SAME_TRACK_M / gsd_m;
    let probes = probe(line, PROBE_M / gsd_m);
    let beside = |p: &Point, cover: &[Point]| foot_on_line(*p, cover).is_some_and(|foot| foot.distance <= reach);
    let covered = |p: &Point| covers.iter().zip(bounds).any(|(c, b)| b.may_be_within(*p, reach) && beside(p, c));
    let judged: Vec<(Point, bool)> = probes.iter().map(|p| (*p, !covered(p))).collect();
    judged
        .chunk_by(|a, b| a.1 == b.1)
        .filter(|run| run[0].1 && (run.len() - 1) as f64 * PROBE_M >= SHORTEST_STRETCH_M)
        .map(|run| run.iter().map(|(p, _)| *p).collect())
        .collect()
}

/// The share of a line that runs along another one.
pub fn runs_along(line: &[Point], other: &[Point], gsd_m: f64) -> f64 {
    let (reach, bounds) = (SAME_TRACK_M / gsd_m, Bounds::of(other));
    let probes = probe(line, PROBE_M / gsd_m);
    let beside =
        |p: &&Point| bounds.may_be_within(**p, reach) && foot_on_line(**p, other).is_some_and(|foot| foot.distance <= reach);
    probes.iter().filter(beside).count() as f64 / probes.len().max(1) as f64
}

/// Hangs `stretch` on to a line that ends where it begins and leads the same way, and says to which; `None` when there is none.
fn continue_a_line(lines: &mut [Vec<Point>], stretch: &[Point], gap: f64, sideways: f64) -> Option<usize> {
    let (&first, &last) = (stretch.first()?, stretch.last()?);
    for (k, line) in lines.iter_mut().enumerate() {
        let n = line.len();
        if n < 2 {
            continue;
        }
        if fits(line[n - 2], line[n - 1], first, gap, sideways) {
            line.extend_from_slice(stretch);
        } else if fits(line[n - 2], line[n - 1], last, gap, sideways) {
            line.extend(stretch.iter().rev());
        } else if fits(line[1], line[0], last, gap, sideways) {
            line.splice(0..0, stretch.iter().copied());
        } else if fits(line[1], line[0], first, gap, sideways) {
            line.splice(0..0, stretch.iter().rev().copied());
        } else {
            continue;
        }
        return Some(k);
    }
    None
}

/// True when going on from `from` through `end` leads to `next`, ahead by at most `gap`, beside by at most `sideways`.
fn fits(from: Point, end: Point, next: Point, gap: f64, sideways: f64) -> bool {
    let run = from.distance(end);
    if run == 0.0 {
        return false;
    }
    let (ux, uy) = ((end.x - from.x) / run, (end.y - from.y) / run);
    let (dx, dy) = (next.x - end.x, next.y - end.y);
    let (ahead, beside) = (dx * ux + dy * uy, (dy * ux - dx * uy).abs());
    ahead > 0.0 && ahead <= gap && beside <= sideways
}

/// Points every `step` along a polyline, its ends included.
fn probe(line: &[Point], step: f64) -> Vec<Point> {
    let mut points = Vec::new();
    for pair in line.windows(2) {
        let pieces = (pair[0].distance(pair[1]) / step).round().max(1.0) as usize;
        for k in 0..pieces {
            let t = k as f64 / pieces as f64;
            points.push(Point::new(pair[0].x + t * (pair[1].x - pair[0].x), pair[0].y + t * (pair[1].y - pair[0].y)));
        }
    }
    points.extend(line.last());
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yard::{Count, CountKind, GsdSource, Track};

    fn with_tracks(lines: &[&[(f64, f64)]]) -> Detection {
        let count = Count { estimate: 0.0, low: 0.0, high: 0.0, level: 0.9, kind: CountKind::Individual };
        let tracks = lines.iter().enumerate().map(|(id, line)| Track {
            id: id as u32,
            line_px: line.iter().map(|&(x, y)| Point::new(x, y)).collect(),
            length_m: 0.0,
            confidence: 1.0,
            snapped_m: None,
        });
        Detection {
            gsd_m: 0.5,
            gsd_from: GsdSource::Given,
            count,
            occupied_track_m: 0.0,
            railcars: Vec::new(),
            tracks: tracks.collect(),
            evidence: Vec::new(),
            possible_empties: Vec::new(),
            gantries: Vec::new(),
            warnings: Vec::new(),
        }
    }

    #[test]
    fn a_track_seen_on_both_dates_is_joined_once_and_a_neighbour_is_added() {
        let own = with_tracks(&[&[(0.0, 10.0), (400.0, 10.0)]]);
        let other = with_tracks(&[&[(0.0, 12.0), (400.0, 12.0)], &[(0.0, 19.0), (400.0, 19.0)]]);
        let joined = join_tracks(&own, &other, &Transform::IDENTITY);
        assert_eq!(joined.len(), 2, "4 px at 0.5 m is one track, 9 px is the next: {joined:?}");
        assert_eq!(joined[0], own.tracks[0].line_px);
    }

    #[test]
    fn a_longer_track_of_the_other_date_continues_ours() {
        let own = with_tracks(&[&[(100.0, 10.0), (200.0, 10.0)]]);
        let other = with_tracks(&[&[(400.0, 11.0), (0.0, 11.0)]]);
        let joined = join_tracks(&own, &other, &Transform::IDENTITY);
        assert_eq!(joined.len(), 1, "{joined:?}");
        let xs: Vec<f64> = joined[0].iter().map(|p| p.x).collect();
        assert!(xs.is_sorted(), "one way, without turning back: {xs:?}");
        assert!((xs[0], xs[xs.len() - 1]) == (0.0, 400.0));
    }

    #[test]
    fn a_line_runs_along_another_for_a_share_of_its_own_length() {
        let (short, long) = ([Point::new(0.0, 2.0), Point::new(100.0, 2.0)], [Point::new(0.0, 0.0), Point::new(400.0, 0.0)]);
        assert_eq!(runs_along(&short, &long, 0.5), 1.0);
        assert!((runs_along(&long, &short, 0.5) - 0.25).abs() < 0.02);
        assert_eq!(runs_along(&short, &[Point::new(0.0, 9.0), Point::new(400.0, 9.0)], 0.5), 0.0, "the next track");
    }

    #[test]
    fn lines_are_carried_from_the_other_date_and_not_to_it() {
        let other_to_own = Transform::similarity(1.0, 0.0, 30.0, 0.0);
        let joined = join_tracks(&with_tracks(&[]), &with_tracks(&[&[(0.0, 0.0), (100.0, 0.0)]]), &other_to_own);
        assert_eq!(joined[0][0], Point::new(30.0, 0.0));
    }
}
