//! What an analyst's corrections give: some of the least sure cars are accepted or rejected by the truth, the image is counted again, and
//! the *other* cars are scored before and after.
//!
//! The analyst goes through the list from the least sure car on, accepts what is a labelled car, rejects what stands on none, and passes over what
//! yes or no doesn't answer: a car drawn in the wrong place along its string, and one that the border cuts.

use super::data::{Car, Folder, Yard};
use super::score::{Score, finds};
use super::sets::{FIRST_SEED, drawn_at_usual};
use anyhow::Result;
use sidings::corrections::Corrections;
use sidings::geometry::OrientedRect;
use sidings::railcars::{Evidence, Look};
use sidings::yard::{Detection, GsdSource};
use sidings_generator::Kind;

/// How many cars are corrected.
const CORRECTED: [usize; 3] = [3, 6, 10];

/// Drawn yards, and drawn single lines among forests and streets, that are corrected; from seeds that neither training nor the other tables use.
const DRAWN: u64 = 16;
const FIRST: u64 = FIRST_SEED + 5000;

/// A car stands on a labelled one when its middle lies within its length, and within this of its axis, m.
const ACROSS_M: f64 = 2.5;

/// Sums over images, for one number of corrections.
#[derive(Default, Clone, Copy)]
struct Sum {
    before: Score,
    after: Score,
    corrected: usize,
    count_error: [f64; 3],
    truth: usize,
    better: usize,
    worse: usize,
    held: [usize; 2],
    images: usize,
}

/// Prints the tables.
pub fn print(data: &Folder) -> Result<()> {
    let real = data.yards()?.into_iter().chain(data.pairs()?.into_iter().flat_map(|pair| [pair.before, pair.after]));
    table("real yard, all its images", real)?;
    table("drawn yards", (FIRST..FIRST + DRAWN).map(|seed| drawn_at_usual(seed, Kind::Yard)))?;
    table("drawn lines", (FIRST..FIRST + DRAWN).map(|seed| drawn_at_usual(seed, Kind::Line)))
}

fn table(title: &str, yards: impl Iterator<Item = Yard>) -> Result<()> {
    let mut sums = [Sum::default(); CORRECTED.len()];
    let mut slowest_s: f64 = 0.0;
    for yard in yards {
        let look = Look { gsd: (yard.gsd_m, GsdSource::Given), drawn: Vec::new(), shadow_rad: None };
        let evidence = Evidence::compute(&yard.scene.rgb8(), yard.scene.valid.as_ref(), &look, None, &mut |_| Ok(()))?;
        let first = evidence.walk(evidence.tracks(), None);
        for (sum, k) in sums.iter_mut().zip(CORRECTED) {
            let corrections = answer(&yard, &first, k);
            let start = std::time::Instant::now();
            let again = evidence.walk_corrected(evidence.tracks(), None, &corrections);
            slowest_s = slowest_s.max(start.elapsed().as_secs_f64());
            sum.add(&yard, (&first, &again), &corrections);
        }
    }
    println!("{title}: the cars that were not corrected, before and after counting again (slowest {slowest_s:.2} s)");
    for (sum, k) in sums.iter().zip(CORRECTED) {
        println!("{k:3} a scene ({:3})  before {}", sum.corrected, sum.before);
        println!("                   after  {}", sum.after);
        let error = sum.count_error.map(|e| 100.0 * e / sum.truth.max(1) as f64);
        println!(
            "                   count error {:.1} % at first, {:.1} % by the edits alone, {:.1} % counted again; {} scenes better, {} worse of {}; \
             intervals that hold the truth: {} before, {} after",
            error[0], error[1], error[2], sum.better, sum.worse, sum.images, sum.held[0], sum.held[1]
        );
    }
    println!();
    Ok(())
}

impl Sum {
    fn add(&mut self, yard: &Yard, (first, again): (&Detection, &Detection), corrections: &Corrections) {
        let (before, after) = (rest(yard, first, corrections), rest(yard, again, corrections));
        let truth = yard.cars.iter().filter(|c| c.fully_inside).count();
        let (least, most) = (truth as f64, yard.cars.len() as f64);
        // Cars that the border cuts may be counted or not.
        let error = |d: &Detection| (d.count.estimate - d.count.estimate.clamp(least, most)).abs();
        self.before += before;
        self.after += after;
        self.corrected += corrections.accepted.len() + corrections.rejected.len();
        for (sum, detection) in self.count_error.iter_mut().zip([first, &corrections.put_in(first), again]) {
            *sum += error(detection);
        }
        self.truth += truth;
        let wrong = |s: &Score| s.wrong + s.missed;
        self.better += usize::from(wrong(&after) < wrong(&before));
        self.worse += usize::from(wrong(&after) > wrong(&before));
        for (held, detection) in self.held.iter_mut().zip([first, again]) {
            *held += usize::from(detection.count.low <= most && detection.count.high >= least);
        }
        self.images += 1;
    }
}

/// What an analyst says of the `k` least sure cars that yes or no answers.
fn answer(yard: &Yard, detection: &Detection, k: usize) -> Corrections {
    let mut cars: Vec<_> = detection.railcars.iter().collect();
    cars.sort_by(|a, b| a.confidence.total_cmp(&b.confidence).then(a.id.cmp(&b.id)));
    let mut corrections = Corrections::default();
    for car in cars {
        if corrections.accepted.len() + corrections.rejected.len() == k {
            break;
        }
        let labelled = yard.cars.iter().filter(|c| lies_on(&car.rect_px, c, yard.gsd_m));
        let (on_whole, on_cut): (Vec<&Car>, Vec<&Car>) = labelled.partition(|c| c.fully_inside);
        if on_whole.is_empty() && on_cut.is_empty() {
            corrections.rejected.push(car.rect_px);
        } else if on_cut.is_empty() && finds(&[car.rect_px], &on_whole, &[], yard.gsd_m).hits == 1 {
            corrections.accepted.push(car.rect_px);
        }
    }
    corrections
}

fn lies_on(rect: &OrientedRect, car: &Car, gsd_m: f64) -> bool {
    let (s, c) = car.rect_px.angle_rad.sin_cos();
    let (dx, dy) = ((rect.center.x - car.rect_px.center.x) * gsd_m, (rect.center.y - car.rect_px.center.y) * gsd_m);
    (dx * c + dy * s).abs() <= car.rect_px.length * gsd_m / 2.0 && (dy * c - dx * s).abs() <= ACROSS_M
}

/// The score of all that was not corrected: what was accepted is in neither list, nor is what was rejected.
fn rest(yard: &Yard, detection: &Detection, corrections: &Corrections) -> Score {
    let corrected = |rect: &OrientedRect| corrections.accepts(rect, yard.gsd_m) || corrections.rejects(rect, yard.gsd_m);
    let found: Vec<OrientedRect> = detection.railcars.iter().map(|c| c.rect_px).filter(|rect| !corrected(rect)).collect();
    let (wanted, cut): (Vec<&Car>, Vec<&Car>) = yard.cars.iter().partition(|c| c.fully_inside);
    let accepted = |car: &&Car| finds(&corrections.accepted, &[car], &[], yard.gsd_m).hits > 0;
    let wanted: Vec<&Car> = wanted.into_iter().filter(|car| !accepted(car)).collect();
    finds(&found, &wanted, &cut, yard.gsd_m)
}
