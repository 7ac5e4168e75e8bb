//! Whether a place is a railway at all.
//!
//! Tunnels of plastic, panels and stacked containers in rows end, part and throw shadows as railcars do. Two things tell them apart, neither of them in one
//! car, both in all lines of a place together: of railcars the network is surer, and a train stands on a track, which goes on where the train ends. So the
//! ground beyond the ends of strings is asked whether anything runs along there: what lies across it looks the same metre after metre, as rails and ballast
//! do, or it does not, as a field or a yard's pavement does not.

use super::frame::line_angle_between;
use super::profile;
use super::seen::Seen;
use super::strip::{STEP_M, Sample};
use super::tracks::follow::Pose;
use super::yardwalk::Yard;
use crate::geometry::Point;

/// Lines with cars this near to one another's, and of one direction but for this, tell of one place, m and rad: a yard is some 30 tracks wide, and a turnout of
/// 1 in 9 turns by 0.11. What lies about a railway seldom runs with it.
const PLACE_M: f64 = 100.0;
const PARALLEL_RAD: f64 = 0.15;

/// Fewer lines with cars are no place to judge: a train on a single track has one or two ends to tell of it. What passes for trains comes in rows.
const FEWEST: usize = 3;

/// A place is a railway from this on: mean body log-odds of its cars, and [`GOES_ON`] for ground that runs along without a flaw beyond every string. What
/// runs along better than [`CLEARLY`] tells no more: so do the seams of roofs. On drawn places of seeds used for nothing else it drops 1 of 4,675 cars of 80 yards and 4
/// of 802 of 134 lines with what lies about them; of the false ones four in five in 70 places with long roofs and industry, and four in nine beside the lines.
const RAILWAY: f64 = 2.7;
const GOES_ON: f64 = 3.5;
const CLEARLY: f64 = 0.7;

/// What is taken for granted where no string ends in sight, and the ends it counts as.
const USUAL: (f64, f64) = (0.6, 1.0);

/// Coarser pixels blur what runs along a track, m.
const COARSEST_M: f64 = 0.6;

/// Stretches beyond the end of a string, m: the first begins behind the coupler and most of the shadow.
const FIRST_M: f64 = 4.0;
const STRETCH_M: f64 = 2.0;
const STRETCHES: usize = 6;

/// How far to both sides it is looked, m: the track, and the ground to the next.
const ACROSS_M: f64 = 4.0;

/// What one line says of its place.
struct Witness {
    cars: Vec<Point>,
    heading_rad: f64,
    /// Sum of body log-odds over the samples under cars, and their number.
    body: (f64, f64),
    /// How steadily the ground runs along beyond each end of its strings.
    beyond: Vec<f64>,
}

/// The lines that lie on a railway, or near too few with cars to tell. `yard` is what a walk along them found, sample by sample in `strips`.
pub(super) fn on_railways(seen: &Seen, lines: Vec<Vec<Point>>, yard: &Yard, strips: &[Vec<Sample>]) -> Vec<Vec<Point>> {
    if seen.gsd_m > COARSEST_M {
        return lines;
    }
    let witnesses: Vec<Witness> = strips.iter().enumerate().map(|(k, samples)| witness(seen, yard, k, samples)).collect();
    let near = |p: &Point, cars: &[Point]| cars.iter().any(|q| p.distance(*q) * seen.gsd_m < PLACE_M);
    let is_railway = |line: &[Point], own: &Witness| {
        let places: Vec<Point> = if own.cars.is_empty() { line.iter().step_by(8).copied().collect() } else { own.cars.clone() };
        let one = |w: &&Witness| line_angle_between(w.heading_rad, own.heading_rad) < PARALLEL_RAD;
        let told: Vec<&Witness> = witnesses.iter().filter(one).filter(|w| places.iter().any(|p| near(p, &w.cars))).collect();
        told.len() < FEWEST || railway(&told) >= RAILWAY
    };
    let lines = lines.into_iter().zip(&witnesses);
    lines.filter(|(line, own)| is_railway(line, own)).map(|(line, _)| line).collect()
}

/// How much the witnesses of one place say for a railway.
fn railway(told: &[&Witness]) -> f64 {
    let (body, samples) = told.iter().fold((0.0, 0.0), |sum, w| (sum.0 + w.body.0, sum.1 + w.body.1));
    let ends: Vec<f64> = told.iter().flat_map(|w| &w.beyond).copied().collect();
    let goes_on = (USUAL.0 * USUAL.1 + ends.iter().sum::<f64>()) / (USUAL.1 + ends.len() as f64);
    body / samples + GOES_ON * goes_on.min(CLEARLY)
}

fn witness(seen: &Seen, yard: &Yard, line: usize, samples: &[Sample]) -> Witness {
    let index = |m: f64| ((m / STEP_M).max(0.0) as usize).min(samples.len());
    let mut on: Vec<_> = yard.cars.iter().filter(|c| c.track as usize == line + 1).collect();
    on.sort_by(|a, b| a.along_m.total_cmp(&b.along_m));
    let reach = |m: f64, half: f64| (index(m - half), index(m + half));
    let spans: Vec<(usize, usize)> = on.iter().map(|c| reach(c.along_m, c.length_m / 2.0)).collect();
    let under = spans.iter().flat_map(|&(from, to)| &samples[from..to]).filter_map(|s| s.reading);
    let body = under.fold((0.0, 0.0), |sum, r| (sum.0 + f64::from(r.body), sum.1 + 1.0));
    let coupled = (super::prior::GAP_M.1 / STEP_M) as usize;
    let strings = spans.chunk_by(|a, b| b.0.saturating_sub(a.1) <= coupled);
    let ends = strings.flat_map(|s| [(s[0].0 as i64 - 1, -1), (s[s.len() - 1].1 as i64, 1)]);
    let beyond = ends.filter_map(|(from, way)| goes_on(seen, samples, from, way)).collect();
    let middle = on.get(on.len() / 2).map(|c| c.rect_px.angle_rad);
    let heading_rad = middle.or(samples.get(samples.len() / 2).map(|s| s.heading_rad)).unwrap_or_default();
    Witness { cars: on.iter().map(|c| c.rect_px.center).collect(), heading_rad, body, beyond }
}

/// How steadily the ground runs along beyond the sample at `from`, up (`way` 1) or down (-1) the line: 1 where all stretches look the same across, about 0
/// where they have nothing in common; `None` where the image ends before.
fn goes_on(seen: &Seen, samples: &[Sample], from: i64, way: i64) -> Option<f64> {
    let steps = (STRETCH_M / STEP_M) as i64;
    let stretch = |k: usize| {
        let first = (FIRST_M / STEP_M) as i64 + k as i64 * steps;
        let mut sum = vec![0.0; ACROSS];
        for i in first..first + steps {
            let sample = at(samples, from + way * i, seen.gsd_m);
            let pose = Pose::new(sample.at, sample.heading_rad);
            for side in [-ACROSS_M, ACROSS_M] {
                let p = pose.moved(0.0, side, seen.gsd_m);
                seen.ground.is_valid(seen.ground.at_image_point(p.x, p.y, seen.gsd_m)).then_some(())?;
            }
            let across = profile::measure(&seen.ground, &sample, seen.gsd_m, 1.0);
            sum.iter_mut().zip(across.tones(ACROSS_M)).for_each(|(sum, tone)| *sum += f64::from(*tone));
        }
        Some(levelled(&sum))
    };
    let profiles: Option<Vec<Vec<f64>>> = (0..STRETCHES).map(stretch).collect();
    Some(likeness(&profiles?))
}

/// Places across.
const ACROSS: usize = 2 * (ACROSS_M / profile::ACROSS_STEP_M) as usize + 1;

/// Metres of a line's end that tell where it leads.
const LEADS_M: f64 = 10.0;

/// A sample of the line, or of the straight on which it goes on beyond its ends.
fn at(samples: &[Sample], i: i64, gsd_m: f64) -> Sample {
    let last = samples.len() - 1;
    if let Some(sample) = usize::try_from(i).ok().and_then(|i| samples.get(i)) {
        return *sample;
    }
    let reach = ((LEADS_M / STEP_M) as usize).min(last);
    let (edge, a, b) = if i < 0 { (0, 0, reach) } else { (last, last - reach, last) };
    let heading_rad = libm::atan2(samples[b].at.y - samples[a].at.y, samples[b].at.x - samples[a].at.x);
    let pose = Pose::new(samples[edge].at, heading_rad);
    Sample { at: pose.moved((i - edge as i64) as f64 * STEP_M, 0.0, gsd_m), heading_rad, reading: None }
}

/// Less its mean and its slope: a field's shade falls off to one side, and that is no track.
fn levelled(values: &[f64]) -> Vec<f64> {
    let middle = (values.len() as f64 - 1.0) / 2.0;
    let offsets = || (0..values.len()).map(|k| k as f64 - middle);
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let slope = offsets().zip(values).map(|(x, v)| x * v).sum::<f64>() / offsets().map(|x| x * x).sum::<f64>();
    offsets().zip(values).map(|(x, v)| v - mean - slope * x).collect()
}

/// Mean covariance of two of the profiles over their mean variance.
fn likeness(profiles: &[Vec<f64>]) -> f64 {
    let n = profiles.len() as f64;
    let each = profiles.iter().flatten().map(|v| v * v).sum::<f64>();
    let all: f64 = (0..profiles[0].len()).map(|k| profiles.iter().map(|p| p[k]).sum::<f64>()).map(|sum| sum * sum).sum();
    (all - each) / ((n - 1.0) * each.max(f64::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::OrientedRect;
    use crate::railcars::{evidence::Views, ground::Ground, strip::Reading, yardwalk::Taken};
    use crate::raster::Raster;
    use crate::yard::{CarType, Railcar};

    const GSD_M: f64 = 0.5;

    /// Ground with some grain, and level lines on it, 12 m apart, each in the middle of a dark band where `track` says so.
    fn ground(lines: usize, track: bool) -> (Seen, Vec<Vec<Point>>) {
        let mut random = crate::random::Random::new(3);
        let shade = |y: usize| if track && y % 24 < 6 { 70.0 } else { 110.0 };
        let grey = (0..300 * 140).map(|i| (shade(i / 300) + 12.0 * random.unit()) as u8);
        let rgb = Raster::new(300, 140, 3, grey.flat_map(|v| [v; 3]).collect()).expect("three bands");
        let seen = Seen {
            gsd_m: GSD_M,
            ground: Ground::new(&rgb, None, GSD_M),
            views: Views::default(),
            tables: None,
            taken: Taken::new(GSD_M),
            rails: Default::default(),
            gantries: Vec::new(),
        };
        let level = |k: usize| vec![Point::new(60.0, 27.0 + 24.0 * k as f64), Point::new(240.0, 27.0 + 24.0 * k as f64)];
        (seen, (0..lines).map(level).collect())
    }

    /// Whether so many lines are kept where two cars of these log-odds were found in the middle of each.
    fn kept(count: usize, track: bool, body: f32) -> bool {
        let (seen, lines) = ground(count, track);
        let sample = |(at, heading_rad)| Sample { at, heading_rad, reading: Some(Reading { body, ..Reading::default() }) };
        let strip = |line: &Vec<Point>| super::super::strip::points(line, STEP_M / GSD_M).into_iter().map(sample).collect();
        let strips: Vec<Vec<Sample>> = lines.iter().map(strip).collect();
        let car = |k: usize, along_m: f64| {
            let center = Point::new(60.0 + along_m / GSD_M, lines[k][0].y);
            let rect_px = OrientedRect { center, length: 28.0, width: 6.0, angle_rad: 0.0 };
            let (id, track) = (1, k as u32 + 1);
            Railcar { id, rect_px, length_m: 14.0, width_m: 3.0, confidence: 0.9, track, along_m, car_type: CarType::Unknown }
        };
        let cars = (0..count).flat_map(|k| [car(k, 37.0), car(k, 52.0)]).collect();
        let yard = Yard { tracks: Vec::new(), cars, evidence: Vec::new(), occupied_m: 0.0, totals: Vec::new() };
        let left = on_railways(&seen, lines, &yard, &strips).len();
        assert!(left == 0 || left == count, "they stand and fall together");
        left == count
    }

    #[test]
    fn doubtful_cars_are_believed_where_tracks_go_on_beyond_their_strings() {
        assert!(kept(3, true, 1.0), "tracks go on to both sides");
        assert!(!kept(3, false, 1.0), "the same strings end in a field");
        assert!(kept(3, false, 3.5), "what is as sure as this needs no rails: pavement and snow hide them");
        assert!(!kept(3, true, -1.0), "hardly cars, whatever runs along");
        assert!(kept(2, false, 1.0), "too few to judge");
    }

    #[test]
    fn what_nobody_found_a_car_on_is_no_witness() {
        let (seen, lines) = ground(3, false);
        let nothing = Yard { tracks: Vec::new(), cars: Vec::new(), evidence: Vec::new(), occupied_m: 0.0, totals: Vec::new() };
        assert_eq!(on_railways(&seen, lines.clone(), &nothing, &vec![Vec::new(); 3]), lines);
    }

    #[test]
    fn a_slope_across_is_nothing_that_runs_along() {
        assert!(levelled(&[1.0, 3.0, 5.0, 7.0]).iter().all(|v| v.abs() < 1e-9));
        let bands = |sign: f64| levelled(&[0.0, sign, 0.0, sign, 0.0, 0.0]);
        assert!((likeness(&[bands(1.0), bands(1.0), bands(1.0)]) - 1.0).abs() < 1e-9);
        assert!(likeness(&[bands(1.0), bands(-1.0)]) < -0.9);
    }
}
