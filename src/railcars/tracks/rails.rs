//! Tracks that carry no car, found by their rails: from the tracks that do carry cars on to their continuations and their neighbours, and from those
//! to theirs.
//!
//! From above a track is a band, darker or brighter than the ground on both its sides; which of the two is the same all over a yard, and
//! the yard itself says it: at a track's spacing from a string of cars lies the next track.

use super::super::ground::Ground;
use super::super::seen::Seen;
pub(in super::super) use super::follow::Claims;
use super::follow::{Pose, Ridge, STEP_M, aligned, follow, follow_both_ways};
use crate::geometry::{Point, polyline_length};
use crate::raster::Mask;

/// Coarser pixels don't tell a track from the ground between two, m.
const COARSEST_M: f64 = 1.2;

/// Half the width of the band between the rails, and where the ground beside it begins and ends, m from the axis. Tracks lie 4.2 m apart and more.
const BAND_M: [f64; 3] = [-0.5, 0.0, 0.5];
const BESIDE_M: [f64; 2] = [1.9, 2.5];

/// Differences beyond this, in units of the place's own contrast, count as this much: one white roof is no rail.
const CLIP: f32 = 1.5;

/// Where the next track is looked for, m from the axis of the last: yards have 4.2 to 5.5 m, groups of tracks and platforms up to 12.
const NEXT_M: std::ops::RangeInclusive<f64> = 3.7..=12.0;

/// Where it must be if it is to say whether tracks are dark or bright: half a spacing farther on lies ground again.
const NEXT_AT_MOST_M: f64 = 5.8;

/// How far apart along a track its neighbours are looked for, m.
const STRIDE_M: f64 = 8.0;

/// Half the length over which a neighbour must show itself to be followed, m.
const SEED_REACH_M: f64 = 12.0;

/// From the axis of a car to the middle of its shadow, and half its width, m: the next track lies in it.
const SHADED_M: f64 = 3.7;
const SHADED_REACH_M: f64 = 2.2;

/// Probability from which on a place counts as taken by a car.
const SURELY_TAKEN: f64 = 0.5;

/// How clearly a neighbour must show itself to be followed, and one beyond [`NEAR_M`], where other things than tracks lie between.
const SEED_CLEAR: f32 = 0.4;
const FAR_SEED_CLEAR: f32 = 0.8;
const NEAR_M: f64 = 6.4;

/// How clearly a line must show itself, along which share of it, to be a track, and how long it must be, m.
const CLEAR: f32 = 0.25;
const SHARE: f64 = 0.8;
const SHORTEST_M: f64 = 40.0;
const SHORTEST_BEYOND_M: f64 = 24.0;

/// Dark or bright must be this many times likelier than the other. What lies beyond the ends of a string counts three times, since it is the track itself.
const DECIDED: f32 = 1.5;
const OWN_WEIGHT: f32 = 3.0;

/// How far beyond its end a line is continued, m, and points of a line that tell where its end leads.
const CONTINUED_FROM_M: f64 = 4.0;
const END_POINTS: usize = 6;

/// Ways that a neighbour may turn off, degrees: a turnout of 1 in 9 turns by 6.
const TURNS: [f64; 5] = [0.0, -3.0, 3.0, -6.0, 6.0];

/// Continues the tracks that carry cars as far as their rails show themselves, and finds those beside them that carry none: first come the tracks given,
/// then those that were found, and these claim their ground a second time.
pub(in super::super) fn complete(seen: &Seen, carrying: &[Vec<Point>]) -> (Vec<Vec<Point>>, Claims) {
    let mut lines = carrying.to_vec();
    let (mut claims, mut shown) = (Claims::default(), Claims::default());
    let rails = if seen.gsd_m <= COARSEST_M { Rails::of(seen, carrying) } else { None };
    let Some(rails) = rails else { return (lines, shown) };
    lines.iter().for_each(|line| claims.add(line, seen.gsd_m));
    for line in &mut lines {
        rails.continue_both_ways(line, &mut claims);
    }
    let mut asked = 0;
    while let Some(line) = lines.get(asked) {
        for seed in rails.beside(line, &claims) {
            if claims.holds(seed, seen.gsd_m) {
                continue;
            }
            let line = follow_both_ways(&rails, aligned(&rails, seed), &claims);
            if rails.is_track(&line, SHORTEST_M) {
                claims.add(&line, seen.gsd_m);
                shown.add(&line, seen.gsd_m);
                lines.push(line);
            }
        }
        asked += 1;
    }
    (lines, shown)
}

/// Contrast of the image, cell by cell.
struct Scale {
    columns: usize,
    cell_px: f64,
    contrast: Vec<f32>,
}

/// Side of a cell in which contrast is measured, m.
const SCALE_CELL_M: f64 = 32.0;

/// Least contrast, levels of 255: below, the difference of two places is noise of the sensor.
const LEAST_CONTRAST: f32 = 4.0;

impl Scale {
    fn new(ground: &Ground) -> Self {
        let cell_px = SCALE_CELL_M / ground.gsd_m;
        let cells = |n: usize| ((n as f64 / cell_px).ceil() as usize).max(1);
        let (columns, rows) = (cells(ground.width()), cells(ground.height()));
        let mut sums = vec![[0f32; 3]; columns * rows];
        for y in (0..ground.height()).step_by(2) {
            for x in (0..ground.width()).step_by(2) {
                let v = ground.luma(x, y);
                let sum = &mut sums[(y as f64 / cell_px) as usize * columns + (x as f64 / cell_px) as usize];
                *sum = [sum[0] + 1.0, sum[1] + v, sum[2] + v * v];
            }
        }
        let contrast = |[n, sum, squares]: &[f32; 3]| {
            let mean = sum / n.max(1.0);
            (squares / n.max(1.0) - mean * mean).max(0.0).sqrt().max(LEAST_CONTRAST)
        };
        Self { columns, cell_px, contrast: sums.iter().map(contrast).collect() }
    }

    fn at(&self, p: Point) -> f32 {
        self.contrast[(p.y / self.cell_px) as usize * self.columns + (p.x / self.cell_px) as usize]
    }
}

/// The image as a ridge of bands.
struct Rails<'a> {
    seen: &'a Seen,
    hidden: Hidden,
    scale: Scale,
    /// +1 where tracks are brighter than the ground beside them, -1 where they are darker.
    sign: f32,
}

impl<'a> Rails<'a> {
    /// Says whether tracks are brighter or darker than the ground beside them; `None` where neither is clear.
    fn of(seen: &'a Seen, carrying: &[Vec<Point>]) -> Option<Self> {
        let scale = Scale::new(&seen.ground);
        let mut rails = Self { seen, hidden: Hidden::under(seen, carrying), scale, sign: -1.0 };
        let dark = rails.shown(carrying);
        rails.sign = 1.0;
        let bright = rails.shown(carrying);
        if dark > bright {
            rails.sign = -1.0;
        }
        (dark.max(bright) > DECIDED * dark.min(bright)).then_some(rails)
    }

    /// True where a car stands, or one on the sun's side throws its shadow: rails can't show themselves there.
    fn is_hidden(&self, pose: Pose, along_m: f64, across_m: f64) -> bool {
        self.hidden.holds(pose.moved(along_m, across_m, self.seen.gsd_m))
    }

    /// By how much the band under a place differs from the ground on either side, in units of the place's contrast.
    fn sides(&self, pose: Pose, along_m: f64, across_m: f64) -> Option<[f32; 2]> {
        let at = |across: f64| {
            let p = pose.moved(along_m, across_m + across, self.seen.gsd_m);
            let p = self.seen.ground.at_image_point(p.x, p.y, self.seen.gsd_m);
            self.seen.ground.is_valid(p).then(|| self.seen.ground.luma(p.x as usize, p.y as usize))
        };
        let mut band = 0.0;
        for across in BAND_M {
            band += at(across)? / BAND_M.len() as f32;
        }
        let p = pose.moved(along_m, across_m, self.seen.gsd_m);
        let scale = self.sign / self.scale.at(self.seen.ground.at_image_point(p.x, p.y, self.seen.gsd_m));
        let mut sides = [0.0; 2];
        for (side, out) in [-1.0, 1.0].into_iter().zip(&mut sides) {
            let mut beside = 0.0;
            for across in BESIDE_M {
                beside += at(side * across)? / BESIDE_M.len() as f32;
            }
            *out = ((band - beside) * scale).clamp(-CLIP, CLIP);
        }
        Some(sides)
    }

    /// Means of both sides over a stretch: the lesser of the two, since a kerb or a roof has but one; `None` where cars and shadows hide more than half.
    fn clear(&self, pose: Pose, reach_m: f64, across_m: f64) -> Option<f32> {
        let n = (2.0 * reach_m / STEP_M) as i32 + 1;
        let (mut sums, mut shown) = ([0f32; 2], 0);
        for along_m in (0..n).map(|k| f64::from(k) * STEP_M - reach_m) {
            if self.is_hidden(pose, along_m, across_m) {
                continue;
            }
            let sides = self.sides(pose, along_m, across_m).unwrap_or([-CLIP; 2]);
            (sums, shown) = ([sums[0] + sides[0], sums[1] + sides[1]], shown + 1);
        }
        (2 * shown >= n).then(|| sums[0].min(sums[1]) / shown as f32)
    }

    /// How clearly tracks of [`Self::sign`] show themselves beyond the ends of strings, and a track's spacing beside them.
    fn shown(&self, carrying: &[Vec<Point>]) -> f32 {
        let clear = |pose: Pose, along_m: f64, reach_m: f64| {
            self.clear(pose.shifted(along_m, 0.0, self.seen.gsd_m), reach_m, 0.0).unwrap_or(0.0).max(0.0)
        };
        let mut sum = 0.0;
        for line in carrying {
            for end in ends(line) {
                sum += OWN_WEIGHT * [-6.0, 6.0, 18.0].map(|along_m| clear(end, along_m, 6.0)).iter().sum::<f32>();
            }
            for pose in poses(line, STRIDE_M / self.seen.gsd_m) {
                for side in [-1.0, 1.0] {
                    let at = |across_m| pose.shifted(0.0, side * across_m, self.seen.gsd_m);
                    sum += places(NEXT_AT_MOST_M).map(|across_m| clear(at(across_m), 0.0, SEED_REACH_M)).fold(0.0, f32::max);
                }
            }
        }
        sum
    }

    /// Where the next tracks on both sides of a line show themselves, the clearest first.
    fn beside(&self, line: &[Point], claims: &Claims) -> Vec<Pose> {
        let mut seeds: Vec<(f32, Pose)> = Vec::new();
        for pose in poses(line, STRIDE_M / self.seen.gsd_m) {
            for side in [-1.0, 1.0] {
                let clear: Vec<(f32, Pose)> = places(*NEXT_M.end())
                    .map(|across| {
                        let beside = pose.shifted(0.0, side * across, self.seen.gsd_m);
                        if claims.holds(beside, self.seen.gsd_m) {
                            return (f32::MIN, beside);
                        }
                        let turned = TURNS.map(|turn| beside.turned(turn.to_radians()));
                        let clear = turned.map(|p| (self.clear(p, SEED_REACH_M, 0.0).unwrap_or(f32::MIN), p));
                        clear.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).expect("five turns")
                    })
                    .collect();
                let least = |k: usize| if places(NEAR_M).count() > k { SEED_CLEAR } else { FAR_SEED_CLEAR };
                let peak = |k: usize| {
                    let before = k.checked_sub(1).map_or(f32::MIN, |b| clear[b].0);
                    let after = clear.get(k + 1).map_or(f32::MIN, |a| a.0);
                    clear[k].0 > least(k) && clear[k].0 > before && clear[k].0 >= after
                };
                seeds.extend((0..clear.len()).filter(|&k| peak(k)).map(|k| clear[k]));
            }
        }
        seeds.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.at.y.total_cmp(&b.1.at.y)).then(a.1.at.x.total_cmp(&b.1.at.x)));
        seeds.into_iter().map(|(_, pose)| pose).collect()
    }

    /// Lengthens a line at both its ends as far as rails show themselves.
    fn continue_both_ways(&self, line: &mut Vec<Point>, claims: &mut Claims) {
        for _ in 0..2 {
            line.reverse();
            let Some(end) = ends(line).into_iter().last() else { return };
            // The first step must get away from what the line itself has claimed.
            let start = aligned(self, end.shifted(CONTINUED_FROM_M, 0.0, self.seen.gsd_m));
            let beyond = follow(self, start, claims);
            if self.is_track(&beyond, SHORTEST_BEYOND_M) {
                claims.add(&beyond, self.seen.gsd_m);
                line.extend(beyond);
            }
        }
    }

    /// True for a line long enough that shows itself along most of its length.
    fn is_track(&self, line: &[Point], shortest_m: f64) -> bool {
        let clear: Vec<f32> =
            poses(line, STRIDE_M / self.seen.gsd_m).filter_map(|pose| self.clear(pose, SEED_REACH_M, 0.0)).collect();
        let shown = clear.iter().filter(|clear| **clear > CLEAR).count();
        let long = polyline_length(line) * self.seen.gsd_m >= shortest_m;
        long && !clear.is_empty() && shown as f64 >= SHARE * clear.len() as f64
    }
}

impl Ridge for Rails<'_> {
    /// A turnout, a crossing or a shadow, and no more.
    const BRIDGE_M: f64 = 24.0;
    const RUN_OUT_M: f64 = 0.0;
    const OUTSIDE: f32 = 0.0;

    fn strength(&self, pose: Pose, along_m: f64, across_m: f64) -> Option<f32> {
        let [left, right] = self.sides(pose, along_m, across_m)?;
        Some(if self.is_hidden(pose, along_m, across_m) { 0.0 } else { (left + right) / 2.0 })
    }

    fn shows(&self, pose: Pose) -> Option<bool> {
        self.sides(pose, 0.0, 0.0)?;
        Some(self.clear(pose, 6.0, 0.0).is_none_or(|clear| clear > 0.1))
    }

    fn middle_m(&self, pose: Pose) -> f64 {
        let strength = |across: f64| self.mean(pose, -4.0, 4.0, across);
        let [left, here, right] = [-0.5, 0.0, 0.5].map(strength);
        if left.max(right) <= here {
            0.0
        } else if right > left {
            0.1
        } else {
            -0.1
        }
    }

    fn gsd_m(&self) -> f64 {
        self.seen.gsd_m
    }
}

/// The ground under the cars that were last found, and under their shadows, by the square metre.
struct Hidden {
    gsd_m: f64,
    squares: Mask,
}

impl Hidden {
    fn under(seen: &Seen, lines: &[Vec<Point>]) -> Self {
        let metres = |ground_px: usize| (ground_px as f64 * seen.ground.gsd_m).ceil() as usize;
        let squares = Mask::filled(metres(seen.ground.width()), metres(seen.ground.height()), 1, false);
        let mut hidden = Self { gsd_m: seen.gsd_m, squares };
        for pose in lines.iter().flat_map(|line| poses(line, 1.0 / seen.gsd_m)) {
            if seen.taken.at(pose.at) <= SURELY_TAKEN {
                continue;
            }
            let side = seen.views.shadow_side(pose.heading_rad());
            for across_m in (0..).map(|k| f64::from(k) - SHADED_REACH_M).take_while(|m| *m <= SHADED_M + SHADED_REACH_M) {
                if let Some((x, y)) = hidden.square(pose.moved(0.0, side * across_m, seen.gsd_m)) {
                    hidden.squares.set(x, y, 0, true);
                }
            }
        }
        hidden
    }

    fn holds(&self, p: Point) -> bool {
        self.square(p).is_some_and(|(x, y)| self.squares.at(x, y, 0))
    }

    /// `None` outside the image.
    fn square(&self, p: Point) -> Option<(usize, usize)> {
        let (x, y) = (p.x * self.gsd_m, p.y * self.gsd_m);
        let inside = x >= 0.0 && y >= 0.0 && x < self.squares.width() as f64 && y < self.squares.height() as f64;
        inside.then_some((x as usize, y as usize))
    }
}

/// Distances from the axis at which the next track is looked for, m.
fn places(to_m: f64) -> impl Iterator<Item = f64> {
    let from = *NEXT_M.start();
    (0..).map(move |k| from + 0.4 * f64::from(k)).take_while(move |m| *m <= to_m)
}

/// The two ends of a line, headings outward.
fn ends(line: &[Point]) -> Vec<Pose> {
    let toward = |from: usize, to: usize| {
        let (a, b) = (line[from], line[to]);
        Pose::new(b, libm::atan2(b.y - a.y, b.x - a.x))
    };
    let n = line.len();
    if n < 2 { Vec::new() } else { vec![toward(END_POINTS.min(n - 1), 0), toward(n - 1 - END_POINTS.min(n - 1), n - 1)] }
}

/// Places along a line, `step_px` apart.
fn poses(line: &[Point], step_px: f64) -> impl Iterator<Item = Pose> {
    super::super::strip::points(line, step_px).into_iter().map(|(at, heading_rad)| Pose::new(at, heading_rad))
}
