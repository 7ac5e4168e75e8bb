//! Gantries over the tracks: thin straight beams, and their shadows, that cross one track after another.
//!
//! A beam over a string looks like the gap between two cars. A gap is no wider than a car, though, and a beam goes on over the ground between the tracks
//! and over the next ones. Where one is found, the evidence under it is taken from both its sides.

use super::seen::Seen;
use super::strip::{self, Sample};
use super::tracks::follow::Pose;
use crate::geometry::Point;
use crate::yard::Gantry;
use std::collections::{BTreeMap, BTreeSet};

/// Coarser pixels don't show a beam, m: they are 0.3 to 1 m wide.
const COARSEST_M: f64 = 0.8;

/// How far before and behind a beam the ground lies that it is told apart from, m.
const BESIDE_M: f64 = 1.5;

/// Spacing of the places along a beam, m.
const ALONG_STEP_M: f64 = 0.5;

/// How far from square to the tracks a beam may stand, and the steps between, rad.
const ASKEW_RAD: f64 = 0.36;
const ASKEW_STEP_RAD: f64 = 0.06;

/// Half the length over which a beam must show itself to be followed, m: farther than a gap between cars and the shadows beside it.
const SEED_REACH_M: f64 = 5.0;

/// How far a beam is followed to each side, m.
const REACH_M: f64 = 60.0;

/// Least length of a beam, m, and fewest tracks under it on which no car stands there: a gap shows on none, and the gaps of two strings may lie in one line.
const SHORTEST_M: f64 = 18.0;
const FEWEST_TRACKS: usize = 4;

/// How near to a place a car's axis must be to cover it, m, and the probability from which on it counts.
const BARE_M: f64 = 1.6;
const SURELY_TAKEN: f64 = 0.5;

/// A beam has its shadow beside it; more of them within this distance, m, are sleepers or a platform's pattern.
const TOGETHER_M: f64 = 12.0;
const MOST_TOGETHER: usize = 3;

/// How clearly a beam must show itself, in units of the usual difference around: where it is begun, and what every place of it must have on the
/// average lest it end.
const SEED_CLEAR: f32 = 0.9;
const CLEAR: f32 = 0.7;

/// A beam has ended where it has lost this much, in the same units times places: 6 m that show the contrary.
const GIVEN_UP: f32 = 12.0;

/// Differences beyond this, in the same units, count as this much: a beam is seen everywhere, a white roof in one place.
const CLIP: f32 = 2.0;

/// Beams nearer to one another than this are one, m.
const SAME_M: f64 = 3.0;

/// Side of the cells in which the usual difference is measured, m.
const CELL_M: f64 = 32.0;

/// Least usual difference, levels of 255: below it lies the sensor's noise.
const LEAST_USUAL: f32 = 2.0;

/// What differs along the tracks, place by place.
struct Differences<'a> {
    seen: &'a Seen,
    /// The usual difference in each cell.
    usual: BTreeMap<(i32, i32), f32>,
}

/// A beam as it was found: through `seed`, which heads square to it, from `from_m` to `to_m` across.
#[derive(Debug, Clone, Copy)]
struct Found {
    clear: f32,
    seed: Pose,
    from_m: f64,
    to_m: f64,
}

/// The beams over these tracks.
pub(super) fn find(seen: &Seen, lines: &[Vec<Point>]) -> Vec<Gantry> {
    if seen.gsd_m > COARSEST_M {
        return Vec::new();
    }
    let strips: Vec<Vec<(Point, f64)>> = lines.iter().map(|line| strip::points(line, strip::STEP_M / seen.gsd_m)).collect();
    let differences = Differences::along(seen, &strips);
    let mut found: Vec<Found> = Vec::new();
    for &(at, heading_rad) in strips.iter().flatten() {
        found.extend(differences.beam_through(Pose::new(at, heading_rad)));
    }
    found.sort_by(|a, b| {
        let length = |f: &Found| f64::from(f.clear) * (f.to_m - f.from_m);
        length(b).total_cmp(&length(a)).then(a.seed.at.y.total_cmp(&b.seed.at.y)).then(a.seed.at.x.total_cmp(&b.seed.at.x))
    });
    let gsd_m = seen.gsd_m;
    let bare = Bare::of(seen, &strips);
    let mut gantries: Vec<Gantry> = Vec::new();
    for found in found {
        let gantry = found.gantry(gsd_m);
        let seen_before = gantries.iter().any(|g| Beam::new(g, gsd_m).is_near(&gantry));
        if !seen_before && bare.crossed_by(&gantry) >= FEWEST_TRACKS {
            gantries.push(gantry);
        }
    }
    let alone = |g: &Gantry| {
        gantries.iter().filter(|other| Beam::new(g, gsd_m).passes(middle(other), TOGETHER_M)).count() <= MOST_TOGETHER
    };
    gantries.iter().filter(|g| alone(g)).copied().collect()
}

/// Tracks on which no car stands, by the square metre.
struct Bare {
    gsd_m: f64,
    tracks: BTreeMap<(i32, i32), BTreeSet<usize>>,
}

impl Bare {
    fn of(seen: &Seen, strips: &[Vec<(Point, f64)>]) -> Self {
        let mut bare = Self { gsd_m: seen.gsd_m, tracks: BTreeMap::new() };
        for (track, strip) in strips.iter().enumerate() {
            for &(at, _) in strip.iter().filter(|(at, _)| seen.taken.near(*at, BARE_M) <= SURELY_TAKEN) {
                bare.tracks.entry(bare.square(at)).or_default().insert(track);
            }
        }
        bare
    }

    fn square(&self, p: Point) -> (i32, i32) {
        ((p.x * self.gsd_m).floor() as i32, (p.y * self.gsd_m).floor() as i32)
    }

    /// How many of the tracks lie bare under a gantry.
    fn crossed_by(&self, gantry: &Gantry) -> usize {
        let under = strip::points(&[gantry.from, gantry.to], ALONG_STEP_M / self.gsd_m);
        under.iter().filter_map(|(at, _)| self.tracks.get(&self.square(*at))).flatten().collect::<BTreeSet<_>>().len()
    }
}

/// Takes the evidence under beams from both their sides.
pub(super) fn bridge(gantries: &[Gantry], samples: &mut [Sample], gsd_m: f64) {
    let hides = |at: Point| gantries.iter().any(|gantry| Beam::new(gantry, gsd_m).hides(at));
    let hidden: Vec<bool> = samples.iter().map(|s| hides(s.at)).collect();
    let mut i = 0;
    while i < samples.len() {
        let n = hidden[i..].iter().take_while(|hidden| **hidden).count();
        let (before, after) = (i.checked_sub(1).and_then(|b| samples[b].reading), samples.get(i + n).and_then(|s| s.reading));
        if let (1.., Some(before), Some(after)) = (n, before, after) {
            for (k, sample) in samples[i..i + n].iter_mut().enumerate() {
                let share = (k + 1) as f32 / (n + 1) as f32;
                sample.reading = sample.reading.map(|_| before.toward(after, share));
            }
        }
        i += n.max(1);
    }
}

impl Found {
    fn gantry(&self, gsd_m: f64) -> Gantry {
        let at = |across_m: f64| self.seed.moved(0.0, across_m, gsd_m);
        Gantry { from: at(self.from_m), to: at(self.to_m) }
    }
}

/// A gantry on the ground, in metres along and beside it.
struct Beam<'a> {
    gantry: &'a Gantry,
    gsd_m: f64,
}

impl<'a> Beam<'a> {
    fn new(gantry: &'a Gantry, gsd_m: f64) -> Self {
        Self { gantry, gsd_m }
    }

    /// How far on from the beginning a point lies, how far beside, and the length, m.
    fn place_m(&self, p: Point) -> (f64, f64, f64) {
        let Gantry { from, to } = self.gantry;
        let length = from.distance(*to).max(1e-9);
        let (x, y) = ((to.x - from.x) / length, (to.y - from.y) / length);
        let (dx, dy) = (p.x - from.x, p.y - from.y);
        ((dx * x + dy * y) * self.gsd_m, (dy * x - dx * y).abs() * self.gsd_m, length * self.gsd_m)
    }

    /// True where it runs past a point within `reach_m`.
    fn passes(&self, p: Point, reach_m: f64) -> bool {
        let (along_m, beside_m, length_m) = self.place_m(p);
        beside_m <= reach_m && (0.0..=length_m).contains(&along_m)
    }

    fn hides(&self, p: Point) -> bool {
        self.passes(p, Gantry::HIDES_M / 2.0)
    }

    /// True where the other runs along this one, or crosses it.
    fn is_near(&self, other: &Gantry) -> bool {
        [other.from, middle(other), other.to].into_iter().any(|p| self.passes(p, SAME_M))
    }
}

fn middle(gantry: &Gantry) -> Point {
    Point::new((gantry.from.x + gantry.to.x) / 2.0, (gantry.from.y + gantry.to.y) / 2.0)
}

impl<'a> Differences<'a> {
    fn along(seen: &'a Seen, strips: &[Vec<(Point, f64)>]) -> Self {
        let mut differences = Self { seen, usual: BTreeMap::new() };
        let mut sums: BTreeMap<(i32, i32), (f32, f32)> = BTreeMap::new();
        for &(at, heading_rad) in strips.iter().flatten() {
            if let Some(d) = differences.at(Pose::new(at, heading_rad), 0.0) {
                let sum = sums.entry(differences.cell(at)).or_default();
                *sum = (sum.0 + d.abs(), sum.1 + 1.0);
            }
        }
        differences.usual = sums.into_iter().map(|(cell, (sum, n))| (cell, (sum / n).max(LEAST_USUAL))).collect();
        differences
    }

    fn cell(&self, at: Point) -> (i32, i32) {
        let cell = |x: f64| (x * self.seen.gsd_m / CELL_M).floor() as i32;
        (cell(at.x), cell(at.y))
    }

    fn luma(&self, p: Point) -> Option<f32> {
        let p = self.seen.ground.at_image_point(p.x, p.y, self.seen.gsd_m);
        self.seen.ground.is_valid(p).then(|| {
            let [red, green, blue] = self.seen.ground.colour(p);
            255.0 * (0.299 * red + 0.587 * green + 0.114 * blue)
        })
    }

    /// By how much a place differs from those before and behind it; `pose` heads along the tracks, `across_m` is measured square to that.
    fn at(&self, pose: Pose, across_m: f64) -> Option<f32> {
        let luma = |along_m: f64| self.luma(pose.moved(along_m, across_m, self.seen.gsd_m));
        Some(luma(0.0)? - 0.5 * (luma(BESIDE_M)? + luma(-BESIDE_M)?))
    }
}

impl Differences<'_> {
    /// In units of what is usual around, from -[`CLIP`] to [`CLIP`].
    fn clear(&self, pose: Pose, across_m: f64, usual: f32) -> Option<f32> {
        Some((self.at(pose, across_m)? / usual).clamp(-CLIP, CLIP))
    }

    /// The beam over a place of a track, where one shows itself.
    fn beam_through(&self, track: Pose) -> Option<Found> {
        let usual = *self.usual.get(&self.cell(track.at))?;
        let places = (SEED_REACH_M / ALONG_STEP_M) as i32;
        let mean = |pose: Pose| {
            let sum: f32 = (-places..=places).map(|k| self.clear(pose, f64::from(k) * ALONG_STEP_M, usual).unwrap_or(0.0)).sum();
            sum / (2 * places + 1) as f32
        };
        // What isn't clear over the track itself is no beam: most places are done with after this.
        let here = [-0.5, 0.0, 0.5].map(|m| self.clear(track, m, usual).unwrap_or(0.0)).iter().sum::<f32>() / 3.0;
        if here.abs() < SEED_CLEAR / 2.0 {
            return None;
        }
        let turns = (ASKEW_RAD / ASKEW_STEP_RAD) as i32;
        let askew = (-turns..=turns).map(|k| track.turned(f64::from(k) * ASKEW_STEP_RAD));
        let (clear, seed) = askew.map(|pose| (mean(pose), pose)).max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))?;
        if clear.abs() < SEED_CLEAR {
            return None;
        }
        let reach = |side: f64| {
            let (mut sum, mut best) = (0.0f32, (0.0f32, 0.0));
            for k in 1..=(REACH_M / ALONG_STEP_M) as i32 {
                let across_m = side * f64::from(k) * ALONG_STEP_M;
                let Some(clear_here) = self.clear(seed, across_m, usual) else { break };
                sum += clear_here * clear.signum() - CLEAR;
                if sum > best.0 {
                    best = (sum, across_m);
                }
                if sum < best.0 - GIVEN_UP {
                    break;
                }
            }
            best.1
        };
        let (from_m, to_m) = (reach(-1.0), reach(1.0));
        (to_m - from_m >= SHORTEST_M).then_some(Found { clear: clear.abs(), seed, from_m, to_m })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::railcars::{evidence::Views, ground::Ground, strip::Reading, yardwalk::Taken};
    use crate::raster::Raster;

    const GSD_M: f64 = 0.5;

    /// Eight level tracks 4.8 m apart on ground with some grain, and dark lines between the given points (metres), 0.7 m wide.
    fn yard(dark: &[[f64; 4]]) -> (Seen, Vec<Vec<Point>>) {
        let mut random = crate::random::Random::new(5);
        let grain: Vec<u8> = (0..240 * 160).map(|_| 110 + (random.unit() * 12.0) as u8).collect();
        let rgb = Raster::from_fn(240, 160, |x, y| (x, y));
        let rgb = Raster::new(
            240,
            160,
            3,
            rgb.samples()
                .iter()
                .flat_map(|&(x, y)| {
                    let at = Point::new(x as f64 + 0.5, y as f64 + 0.5);
                    let near = |[ax, ay, bx, by]: &[f64; 4]| {
                        let line = Gantry { from: Point::new(ax / GSD_M, ay / GSD_M), to: Point::new(bx / GSD_M, by / GSD_M) };
                        Beam::new(&line, GSD_M).passes(at, 0.35)
                    };
                    [if dark.iter().any(near) { 60 } else { grain[y * 240 + x] }; 3]
                })
                .collect(),
        )
        .expect("three bands");
        let tracks = (0..8).map(|k| 20.0 + 9.6 * f64::from(k)).map(|y| vec![Point::new(2.0, y), Point::new(238.0, y)]).collect();
        let seen = Seen {
            gsd_m: GSD_M,
            ground: Ground::new(&rgb, None, GSD_M),
            views: Views::default(),
            tables: None,
            taken: Taken::new(GSD_M),
            rails: Default::default(),
            gantries: Vec::new(),
        };
        (seen, tracks)
    }

    #[test]
    fn a_beam_over_many_tracks_is_found_and_gaps_are_not() {
        let beam = [60.0, 4.0, 64.0, 48.0];
        let gaps = [[20.0, 8.6, 20.0, 11.4], [20.0, 13.4, 20.0, 16.2], [90.0, 23.0, 90.0, 25.8]];
        let (seen, tracks) = yard(&[beam, gaps[0], gaps[1], gaps[2]]);
        let found = find(&seen, &tracks);
        let [gantry] = found[..] else { panic!("one beam: {found:?}") };
        let strip = gantry.outline(GSD_M);
        assert!(gantry.from.distance(gantry.to) * GSD_M > 38.0, "{gantry:?}");
        let middle_m = strip.iter().map(|p| p.x * GSD_M).sum::<f64>() / 4.0;
        assert!((middle_m - 62.0).abs() < 1.0, "it stands where it was drawn: {gantry:?}");
        assert!(find(&yard(&gaps).0, &tracks).is_empty());
    }

    #[test]
    fn a_short_line_and_many_in_a_row_are_no_gantries() {
        let (seen, tracks) = yard(&[[60.0, 10.0, 60.0, 22.0]]);
        assert!(find(&seen, &tracks).is_empty(), "a kerb over three tracks");
        let sleepers: Vec<[f64; 4]> = (0..20).map(|k| 8.0 + 5.0 * f64::from(k)).map(|x| [x, 4.0, x, 48.0]).collect();
        let (seen, tracks) = yard(&sleepers);
        assert!(
            find(&seen, &tracks).len() <= 4,
            "but for those at the rim, where they have neighbours on one side: {:?}",
            find(&seen, &tracks)
        );
    }

    #[test]
    fn evidence_under_a_beam_comes_from_both_its_sides() {
        let gantry = Gantry { from: Point::new(40.0, 0.0), to: Point::new(40.0, 100.0) };
        let sample = |x: f64, body: f32, end: f32| Sample {
            at: Point::new(x, 50.0),
            heading_rad: 0.0,
            reading: Some(Reading { body, end, centre: -2.0 }),
        };
        // A car's body is seen on both sides; under the beam the network saw an end.
        let mut samples: Vec<Sample> = (0..20)
            .map(|k| f64::from(k) + 30.0)
            .map(|x| if (x - 40.0).abs() <= 2.0 { sample(x, -3.0, 2.0) } else { sample(x, 3.0, -3.0) })
            .collect();
        bridge(&[gantry], &mut samples, GSD_M);
        assert!(samples.iter().all(|s| s.reading.is_some_and(|r| r.body > 2.9 && r.end < -2.9)), "{samples:?}");
    }
}
