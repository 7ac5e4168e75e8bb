//! Cars that stand on one line belong together: they share a track, a shadow and a fleet, and are found or missed together.

use super::data::{Car, Yard};
use super::score::{Match, Score, offset_m};
use sidings::geometry::OrientedRect;
use std::collections::BTreeMap;

/// Two cars stand on one line when each centre lies within this across the other's axis, and this between their ends.
const ACROSS_M: f64 = 1.5;
const BETWEEN_M: f64 = 30.0;

/// Sets that grow together.
struct Sets(Vec<usize>);

impl Sets {
    fn new(n: usize) -> Self {
        Self((0..n).collect())
    }

    fn of(&self, mut i: usize) -> usize {
        while self.0[i] != i {
            i = self.0[i];
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// For every car the string it stands in, named by the first car of it.
pub fn strings(cars: &[OrientedRect], gsd_m: f64) -> Vec<usize> {
    let mut sets = Sets::new(cars.len());
    for (i, a) in cars.iter().enumerate() {
        for (j, b) in cars.iter().enumerate().take(i) {
            let (along, across) = offset_m(b.center, a, gsd_m);
            let (_, back) = offset_m(a.center, b, gsd_m);
            let between = along.abs() - (a.length + b.length) / 2.0 * gsd_m;
            if across.abs() <= ACROSS_M && back.abs() <= ACROSS_M && between <= BETWEEN_M {
                sets.join(i, j);
            }
        }
    }
    (0..cars.len()).map(|i| sets.of(i)).collect()
}

/// What was found of one string in one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Strand {
    /// Place (one for all pictures of the same ground) and id of every car in it; none: false finds where no car stands.
    pub cars: Vec<(usize, u64)>,
    /// How it was scored.
    pub score: Score,
}

/// Splits an image's score by string. Only cars that `asked` names count; false finds count with the string of the nearest labelled car when
/// `wrong_too`, else not at all.
pub fn strands(
    yard: &Yard,
    place: usize,
    found: &[OrientedRect],
    matched: &Match,
    asked: impl Fn(usize) -> bool,
    wrong_too: bool,
) -> Vec<Strand> {
    let rects: Vec<_> = yard.cars.iter().map(|c| c.rect_px).collect();
    let names = strings(&rects, yard.gsd_m);
    let mut by_name: BTreeMap<usize, Strand> = BTreeMap::new();
    let empty = || Strand { cars: Vec::new(), score: Score::default() };
    let whole: Vec<(usize, &Car)> = yard.cars.iter().enumerate().filter(|(_, c)| c.fully_inside).collect();
    for (&(k, car), &hit) in whole.iter().zip(&matched.found).filter(|((k, _), _)| asked(*k)) {
        let strand = by_name.entry(names[k]).or_insert_with(empty);
        strand.cars.push((place, car.id));
        strand.score += Score { hits: usize::from(hit), wrong: 0, missed: usize::from(!hit) };
    }
    for &i in matched.wrong.iter().filter(|_| wrong_too) {
        let at = found[i].center;
        let nearest = (0..rects.len()).min_by(|&a, &b| rects[a].center.distance(at).total_cmp(&rects[b].center.distance(at)));
        // Where no car stands every false find is for itself.
        let name = nearest.map_or(rects.len() + i, |k| names[k]);
        by_name.entry(name).or_insert_with(empty).score += Score { hits: 0, wrong: 1, missed: 0 };
    }
    by_name.into_values().collect()
}

/// Joins the strands of several images that share a car: they show one string.
pub fn pooled(strands: &[Strand]) -> Vec<Score> {
    let mut sets = Sets::new(strands.len());
    let mut first: BTreeMap<(usize, u64), usize> = BTreeMap::new();
    for (i, strand) in strands.iter().enumerate() {
        for &car in &strand.cars {
            let other = *first.entry(car).or_insert(i);
            sets.join(i, other);
        }
    }
    let mut scores: BTreeMap<usize, Score> = BTreeMap::new();
    for (i, strand) in strands.iter().enumerate() {
        *scores.entry(sets.of(i)).or_default() += strand.score;
    }
    scores.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sidings::geometry::Point;
    use sidings::raster::{Raster, Samples, Scene};

    fn car(x: f64, y: f64, angle_rad: f64) -> OrientedRect {
        OrientedRect { center: Point::new(x, y), length: 28.0, width: 6.0, angle_rad }
    }

    fn yard(cars: &[(f64, f64)]) -> Yard {
        let scene = Scene { samples: Samples::U8(Raster::filled(1, 1, 3, 0)), valid: None };
        let cars = (0..).zip(cars).map(|(id, &(x, y))| Car { id, rect_px: car(x, y, 0.0), fully_inside: true });
        Yard { name: String::new(), gsd_m: 0.5, scene, cars: cars.collect() }
    }

    fn score(hits: usize, wrong: usize, missed: usize) -> Score {
        Score { hits, wrong, missed }
    }

    #[test]
    fn cars_on_one_line_are_one_string() {
        // At 0.5 m: neighbours 15 m apart, the next track 4.5 m aside, one 31 m beyond the end, one across.
        let cars = [
            car(0.0, 0.0, 0.0),
            car(30.0, 1.0, std::f64::consts::PI),
            car(0.0, 9.0, 0.0),
            car(30.0 + 28.0 + 62.0, 1.0, 0.0),
            car(60.0, 0.0, 1.5),
        ];
        assert_eq!(strings(&cars, 0.5), [0, 0, 2, 3, 4]);
    }

    #[test]
    fn false_finds_go_to_the_nearest_string() {
        let yard = yard(&[(0.0, 0.0), (30.0, 0.0), (0.0, 40.0)]);
        let found = [car(0.0, 0.0, 0.0), car(0.0, 55.0, 0.0)];
        let matched = Match { found: vec![true, false, false], wrong: vec![1] };
        let strands = strands(&yard, 7, &found, &matched, |_| true, true);
        assert_eq!(strands[0], Strand { cars: vec![(7, 0), (7, 1)], score: score(1, 0, 1) });
        assert_eq!(strands[1], Strand { cars: vec![(7, 2)], score: score(0, 1, 1) });
    }

    #[test]
    fn pictures_of_one_string_are_one_group() {
        let strand = |cars: &[(usize, u64)], hits| Strand { cars: cars.to_vec(), score: score(hits, 0, 0) };
        let all = [strand(&[(0, 1), (0, 2)], 2), strand(&[(0, 3)], 1), strand(&[(0, 2), (0, 4)], 5), strand(&[(1, 1)], 9)];
        assert_eq!(pooled(&all), [score(7, 0, 0), score(1, 0, 0), score(9, 0, 0)]);
    }
}
