//! The lie of the land: a main line with a fan of sidings on either side, and who stands where.
//!
//! Track coordinates: `u` runs along the yard from its middle, `v` across it; both in metres. Track 0 is the main line; the
//! sidings are numbered away from it, negative on the side of the road.

use super::relief::SIZE_M;
use super::wagons::Wagon;
use crate::random::Random;

/// Distance between the axes of neighbouring sidings, m; real yards have 4.5 to 5.3.
const SPACING_M: f64 = 4.9;
/// The tracks, from the road to the river.
const TRACKS: std::ops::RangeInclusive<i32> = -4..=5;
/// Where the first turnout leaves the main line, m.
const THROAT_M: f64 = -192.0;
/// Slope of the ladder, the track on which the turnouts lie.
const LADDER_SLOPE: f64 = 1.0 / 6.0;
/// Cars stand no farther out than this, so that both pictures show them whole, m.
const LAST_CAR_M: f64 = 168.0;
/// Radius of the gentle curve of the whole yard, m.
const RADIUS_M: f64 = 2600.0;
/// Body gap between coupled cars, m.
const GAP_M: f64 = 1.15;

/// Where the tracks lie.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// Direction of the yard, radians from +x toward +y.
    pub(super) angle_rad: f64,
    /// Ground position of u = v = 0.
    pub(super) middle_m: (f64, f64),
}

/// A railcar and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Stand {
    pub(super) x_m: f64,
    pub(super) y_m: f64,
    pub(super) angle_rad: f64,
    pub(super) wagon: Wagon,
}

impl Site {
    pub(super) fn new(random: &mut Random) -> Self {
        Self { angle_rad: random.between(0.16, 0.26), middle_m: (SIZE_M.0 * 0.5, SIZE_M.1 * 0.55) }
    }

    /// Every track, the main line among them.
    pub(super) fn tracks() -> std::ops::RangeInclusive<i32> {
        TRACKS
    }

    /// Where a track lies across the yard at `u`: on the ladder near the throat, on its own line beyond. `None` before its turnout.
    pub(super) fn v_of(track: i32, u_m: f64) -> Option<f64> {
        let own = f64::from(track.abs()) * SPACING_M;
        if track == 0 {
            return Some(0.0);
        }
        let ladder = (u_m - THROAT_M) * LADDER_SLOPE;
        if ladder < own - SPACING_M {
            return None;
        }
        // The smaller of both, rounded over some metres where they meet.
        let round_m = 0.6;
        let v = -libm::log(libm::exp(-ladder / round_m) + libm::exp(-own / round_m)) * round_m;
        Some(v.max(0.0) * f64::from(track.signum()))
    }

    /// From where on a track is clear of its neighbours, so that cars may stand there, m.
    fn clear_from_m(track: i32) -> f64 {
        THROAT_M + (f64::from(track.abs()) + 1.1) * SPACING_M / LADDER_SLOPE
    }

    /// Track coordinates of a ground position.
    pub(super) fn uv(&self, x_m: f64, y_m: f64) -> (f64, f64) {
        let (sin, cos) = (libm::sin(self.angle_rad), libm::cos(self.angle_rad));
        let (dx, dy) = (x_m - self.middle_m.0, y_m - self.middle_m.1);
        let u = dx * cos + dy * sin;
        (u, dy * cos - dx * sin - u * u / (2.0 * RADIUS_M))
    }

    /// Ground position and direction of track coordinates.
    fn ground(&self, u_m: f64, v_m: f64) -> (f64, f64, f64) {
        let (sin, cos) = (libm::sin(self.angle_rad), libm::cos(self.angle_rad));
        let w = v_m + u_m * u_m / (2.0 * RADIUS_M);
        let angle = self.angle_rad + libm::atan2(u_m, RADIUS_M);
        (self.middle_m.0 + u_m * cos - w * sin, self.middle_m.1 + u_m * sin + w * cos, angle)
    }

    /// Strings of coupled cars on the sidings, `count` cars in all, in random order of the strings.
    pub(super) fn stands(&self, random: &mut Random, count: usize) -> Vec<Stand> {
        let mut strings: Vec<Vec<Stand>> = Vec::new();
        for track in TRACKS.filter(|&t| t != 0) {
            let mut u = Self::clear_from_m(track) + random.between(0.0, 6.0);
            while u < LAST_CAR_M {
                let (string, end) = self.string(track, u, random);
                strings.extend((!string.is_empty()).then_some(string));
                u = end + random.between(4.0, 10.0);
            }
        }
        for i in (1..strings.len()).rev() {
            strings.swap(i, random.below(i + 1));
        }
        strings.into_iter().flatten().take(count).collect()
    }

    /// One string of up to eleven cars of one family (now and then one of another), from `u_m` on.
    fn string(&self, track: i32, u_m: f64, random: &mut Random) -> (Vec<Stand>, f64) {
        let family = Wagon::random(random);
        let mut cars = Vec::new();
        let mut u = u_m;
        for _ in 0..3 + random.below(9) {
            let wagon = if random.unit() < 0.2 { Wagon::random(random) } else { family.sibling(random) };
            if u + wagon.length_m > LAST_CAR_M {
                return (cars, LAST_CAR_M);
            }
            let (x_m, y_m, angle_rad) = self.ground(u + wagon.length_m / 2.0, f64::from(track) * SPACING_M);
            u += wagon.length_m + GAP_M;
            cars.push(Stand { x_m, y_m, angle_rad, wagon });
        }
        (cars, u)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ground_and_track_coordinates_are_inverse() {
        let site = Site::new(&mut Random::new(5));
        for (u, v) in [(0.0, 0.0), (120.0, 14.7), (-90.0, 30.0)] {
            let (x, y, _) = site.ground(u, v);
            let (u2, v2) = site.uv(x, y);
            assert!((u - u2).abs() < 1e-9 || (u - u2).abs() < v.abs() * u.abs() / RADIUS_M, "{u} {u2}");
            assert!((v - v2).abs() < 0.02, "{v} {v2}");
        }
    }

    #[test]
    fn every_siding_reaches_its_own_line_where_cars_may_stand() {
        for track in TRACKS {
            let v = Site::v_of(track, Site::clear_from_m(track)).expect("past its turnout");
            assert!((v - f64::from(track) * SPACING_M).abs() < 0.15, "track {track}: {v}");
            assert!(LAST_CAR_M - Site::clear_from_m(track) > 100.0);
        }
    }

    #[test]
    fn there_is_room_for_the_example() {
        for seed in 0..20 {
            let mut random = Random::new(seed);
            let stands = Site::new(&mut random).stands(&mut random, 200);
            assert!(stands.len() >= 90, "seed {seed}: room for {}", stands.len());
        }
    }
}
