//! How many railcars are found, whether the interval holds the true count, and how many where there are none: by the detector, by the
//! prototype, and by length of occupied track over 13.9 m, which is how it is done by hand.

use super::bootstrap::interval;
use super::data::{Car, Folder, Yard};
use super::failures;
use super::score::{Match, Score, finds, matched};
use super::sets::{self, Image, Situation};
use super::strings::{pooled, strands};
use super::table::Table;
use super::tracks::{self, Proposed};
use super::{Setup, peers};
use anyhow::{Result, bail};
use sidings::geometry::{OrientedRect, Point};
use sidings::pipeline::{Job, Outcome, Side, Workbench, perform};
use sidings::yard::{Detection, GsdSource};
use sidings_generator::Family;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// What a length of occupied track is divided by: a gondola of 1520 mm gauge over couplers, m.
const PITCH_M: f64 = 13.9;

/// What one method says of one image.
#[derive(Debug, Clone)]
pub struct Said {
    /// `None`: it counts without finding.
    pub found: Option<Vec<OrientedRect>>,
    pub estimate: f64,
    /// `None`: it gives none.
    pub interval: Option<(f64, f64)>,
}

impl Said {
    fn by(detection: &Detection) -> Self {
        Self {
            found: Some(detection.railcars.iter().map(|c| c.rect_px).collect()),
            estimate: detection.count.estimate,
            interval: Some((detection.count.low, detection.count.high)),
        }
    }
}

/// The detector, the same on given tracks (where they are known), the prototype (if it was there to be asked), and the length.
/// And what the detector proposed as tracks.
struct Methods(Vec<(&'static str, Vec<Said>)>, Vec<Proposed>);

/// Prints the tables; with `publish` writes them to docs/railcars.md as well.
pub fn print(root: &Path, data: &Folder, setup: Setup, publish: bool) -> Result<()> {
    if publish && !setup.tell_gsd {
        bail!("what is published was told the ground sample distance: leave out --estimate-gsd or --publish");
    }
    let mut text = format!("{INTRODUCTION}\n{}\n", measured(root)?);
    let real = sets::real(data)?;
    let said = ask(root, &asked(&real), setup)?;
    writeln!(text, "## A real yard\n\n{ONE_PHOTOGRAPH}\n\n{}\n{}", by_situation(&real, &said), by_image(&real, &said))?;
    let drawn = sets::drawn();
    let said_of_drawn = ask(root, &asked(&drawn), setup)?;
    writeln!(text, "## Drawn yards\n\n{DRAWN}\n\n{}", by_situation(&drawn, &said_of_drawn))?;
    writeln!(text, "Share of whole railcars found at 0.5 m, by what they are:\n\n{}", by_family(&drawn, &said_of_drawn))?;
    writeln!(text, "{TRACKS}\n\n{}", tracks::by_situation(&drawn, &said_of_drawn.1))?;
    let empty = sets::empty(data)?;
    let said = ask(root, &empty.iter().map(|(_, yard)| (yard, None)).collect::<Vec<_>>(), setup)?;
    writeln!(text, "## Where no railcar stands\n\n{}", where_nothing_is(&empty, &said))?;
    println!("{text}");
    if publish {
        let worst = failures::publish(&drawn, &said_of_drawn.0[0].1, &empty, &said.0[0].1, &root.join("docs/failures.jpg"))?;
        write!(text, "## The worst of it\n\n{FAILURES}\n\n{worst}.\n")?;
        std::fs::write(root.join("docs/railcars.md"), text)?;
    }
    Ok(())
}

const INTRODUCTION: &str = "# Railcars, measured

A find is right when its centre lies within 3 m along and 1.5 m across a labelled car's axis, one to one; cars that the picture's edge cuts count neither way. In
brackets: 90 % intervals over 1,000 bootstrap draws of whole strings (labelled cars on one line; a string seen in several pictures is one; a false find goes with the string of the nearest
car). *Count off* is the sum of all estimates against all labelled cars of which the picture shows a square or more, then the median over pictures of how far each is off. *Held* says
in how many pictures the 90 % interval of the count holds the truth; cars that the edge cuts may be counted or not. All are told the ground sample distance and, but for *tracks given*, find
tracks by themselves.

*Prototype* is the small network that came before, with its own weights and its own way from answers to cars; it gives no interval. *Length / 13.9 m* divides the length of track that the
detector takes for occupied by the length of one common gondola, as is done by hand; it gives neither cars nor an interval.
";

const ONE_PHOTOGRAPH: &str = "One photograph, 46 labelled cars of which 37 are whole, at four ground sample distances (0.4 m averaged from the finest), and the two dates of nine pairs made of it. It was looked at
during development, and all its pictures share their errors: few strings, wide intervals.";

const DRAWN: &str =
    "Seeds from 900,000 on; training took 100,000 to 300,000. 256 × 256 m each; the first twelve yards again on other
grids. The sensor's own sharpness is drawn between 0.25 and 1 m whatever the grid.";

const TRACKS: &str = "Tracks, as lengths: how much of those drawn is proposed, and how much of what is proposed lies within 1.5 m of a track's axis. Tracks without
railcars are proposed where their rails show themselves beside tracks with some; the rest of the lines without are what the tracer took for strings and the walk did not.";

const FAILURES: &str =
    "![Squares with the most errors](failures.jpg)\n\nOf the drawn places in each hard situation the 64 × 64 m with the most errors, bare and marked: \
white was found, orange is no
railcar, dashed blue was missed. A missed and a false one in the same place are mostly one car wrongly parted from its neighbour. Row by row:";

/// What was measured: the last commit of the product's sources, and whether something was changed since.
fn measured(root: &Path) -> Result<String> {
    let git = |arguments: &[&str]| -> Result<String> {
        let output = std::process::Command::new("git").args(arguments).current_dir(root).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["log", "-1", "--format=%h", "--", "src"])?;
    let changed = if git(&["status", "--porcelain", "--", "src"])?.is_empty() { "" } else { ", changed since" };
    Ok(format!(
        "Written by `cargo xtask evaluate railcars --publish` with the detector of commit {commit}{changed}; it needs the real pictures, which are \
         not part of the repository.\n"
    ))
}

/// A picture, and its tracks where they are known.
type Asked<'a> = (&'a Yard, Option<&'a [Vec<Point>]>);

fn asked(images: &[Image]) -> Vec<Asked<'_>> {
    images.iter().map(|i| (&i.yard, i.tracks_px.as_deref())).collect()
}

/// Asks every method about every image.
fn ask(root: &Path, images: &[Asked<'_>], setup: Setup) -> Result<Methods> {
    let (mut ours, mut tracked, mut lengths, mut proposed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (k, &(yard, tracks)) in images.iter().enumerate() {
        eprint!("\rdetector: {} of {} images", k + 1, images.len());
        let detection = detect(yard, None, setup)?;
        lengths.push(Said { found: None, estimate: (detection.occupied_track_m / PITCH_M).round(), interval: None });
        ours.push(Said::by(&detection));
        proposed.push(Proposed::by(&detection));
        if let Some(tracks) = tracks {
            tracked.push(Said::by(&detect(yard, Some(tracks), setup)?));
        }
    }
    eprintln!();
    let mut methods = vec![("detector", ours)];
    if tracked.len() == images.len() {
        methods.push(("detector, tracks given", tracked));
    }
    match peers::prototype(root, &images.iter().map(|(yard, _)| *yard).collect::<Vec<_>>()) {
        Ok(said) => methods.push(("prototype", said)),
        Err(reason) => eprintln!("The prototype was not asked: {reason:#}"),
    }
    methods.push(("length / 13.9 m", lengths));
    Ok(Methods(methods, proposed))
}

/// Looks for railcars as the product does.
fn detect(yard: &Yard, tracks: Option<&[Vec<Point>]>, setup: Setup) -> Result<Detection> {
    let mut bench = Workbench::default();
    bench.hold(Side::Before, Some(yard.scene.clone()));
    let gsd = setup.tell_gsd.then_some((yard.gsd_m, GsdSource::Given));
    let tracks_px = tracks.map(<[_]>::to_vec);
    match perform(&Job::Detect { side: Side::Before, gsd, tracks_px, by_hand: Box::default() }, &mut bench, &mut |_| Ok(()))? {
        Outcome::Detected(_, detection) => Ok(*detection),
        other => bail!("asked for a detection, got {other:?}"),
    }
}

/// The cars that the picture shows whole.
pub fn whole(yard: &Yard) -> Vec<&Car> {
    yard.cars.iter().filter(|c| c.fully_inside).collect()
}

fn cut(yard: &Yard) -> Vec<&Car> {
    yard.cars.iter().filter(|c| !c.fully_inside).collect()
}

/// Scores all cars of one image.
pub fn score(yard: &Yard, detection: &Detection) -> Score {
    let found: Vec<_> = detection.railcars.iter().map(|c| c.rect_px).collect();
    finds(&found, &whole(yard), &cut(yard), yard.gsd_m)
}

/// Joins the finds to the cars of a picture.
pub fn matches(yard: &Yard, found: &[OrientedRect]) -> Match {
    matched(found, &whole(yard), &cut(yard), yard.gsd_m)
}

/// A line for every situation and method.
fn by_situation(images: &[Image], methods: &Methods) -> Table {
    let situations: BTreeSet<&Situation> = images.iter().flat_map(|i| &i.situations).collect();
    let mut table = Table::new(["", "pictures", "cars", "", "precision", "recall", "F1", "count off", "held"]);
    for situation in situations {
        let chosen: Vec<usize> = (0..images.len()).filter(|&k| images[k].situations.contains(situation)).collect();
        let cars: usize = chosen.iter().map(|&k| whole(&images[k].yard).len()).sum();
        let mut head = vec![situation.1.clone(), chosen.len().to_string(), cars.to_string()];
        for (name, said) in &methods.0 {
            let mut row = std::mem::replace(&mut head, vec![String::new(); 3]);
            row.push((*name).to_owned());
            let one = |k: usize| (&images[k], &said[k]);
            row.extend(figures(&chosen.iter().map(|&k| one(k)).collect::<Vec<_>>()));
            table.push(row);
        }
    }
    table
}

/// Precision, recall and F1 with intervals, the count's error, and how many intervals hold the truth.
fn figures(chosen: &[(&Image, &Said)]) -> [String; 5] {
    let mut all = Vec::new();
    for (image, said) in chosen {
        let Some(found) = &said.found else { continue };
        all.extend(strands(&image.yard, image.place, found, &matches(&image.yard, found), |_| true, true));
    }
    let strings = pooled(&all);
    let [p, r, f1] = [Score::precision, Score::recall, Score::f1].map(|figure| with_interval(&strings, figure));
    let asked = chosen.iter().filter(|(_, said)| said.interval.is_some()).count();
    let held = chosen.iter().filter(|(image, said)| holds(&image.yard, said)).count();
    let held = if asked == 0 { "–".to_owned() } else { format!("{held} of {asked}") };
    [p, r, f1, count_off(chosen), held]
}

/// A figure of all strings together, with its interval.
fn with_interval(strings: &[Score], figure: fn(&Score) -> Option<f64>) -> String {
    let mut total = Score::default();
    strings.iter().for_each(|&s| total += s);
    let Some(value) = figure(&total) else { return "–".to_owned() };
    match interval(strings, figure) {
        Some((low, high)) => format!("{value:.2} ({low:.2}–{high:.2})"),
        None => format!("{value:.2}"),
    }
}

/// Least and most cars that may be counted: the edge cuts some.
fn truth(yard: &Yard) -> (f64, f64) {
    (whole(yard).len() as f64, yard.cars.len() as f64)
}

fn holds(yard: &Yard, said: &Said) -> bool {
    let (least, most) = truth(yard);
    said.interval.is_some_and(|(low, high)| low <= most && high >= least)
}

/// Cars to count: those of which the picture shows at least a square, as long as wide.
fn seen(yard: &Yard) -> usize {
    let (width, height) = (yard.scene.width() as f64, yard.scene.height() as f64);
    let shown = |car: &Car| {
        const PARTS: i32 = 200;
        let r = &car.rect_px;
        let inside = (0..PARTS).filter(|&k| {
            let along = r.length * ((f64::from(k) + 0.5) / f64::from(PARTS) - 0.5);
            let (x, y) = (r.center.x + along * r.angle_rad.cos(), r.center.y + along * r.angle_rad.sin());
            (0.0..width).contains(&x) && (0.0..height).contains(&y)
        });
        inside.count() as f64 / f64::from(PARTS) * r.length >= r.width
    };
    yard.cars.iter().filter(|car| car.fully_inside || shown(car)).count()
}

fn count_off(chosen: &[(&Image, &Said)]) -> String {
    let (mut estimates, mut truths, mut each) = (0.0, 0.0, Vec::new());
    for (image, said) in chosen {
        let right = seen(&image.yard) as f64;
        estimates += said.estimate;
        truths += right;
        each.push((said.estimate - right).abs() / right.max(1.0));
    }
    each.sort_by(f64::total_cmp);
    let median = each.get(each.len() / 2).copied().unwrap_or(0.0);
    format!("{:+.0} % ({:.0} %)", 100.0 * (estimates / f64::max(truths, 1.0) - 1.0), 100.0 * median)
}

/// A line for every picture.
fn by_image(images: &[Image], methods: &Methods) -> Table {
    let mut head = ["", "gsd m", "truth"].map(str::to_owned).to_vec();
    for (name, said) in &methods.0 {
        if said.iter().any(|s| s.found.is_some()) {
            head.push(format!("{name}: P, R, F1"));
        }
        head.push(format!("{name}: count"));
    }
    let mut table = Table::new(head);
    for (k, image) in images.iter().enumerate() {
        let (least, most) = truth(&image.yard);
        let mut row = vec![image.yard.name.clone(), format!("{:.3}", image.yard.gsd_m), format!("{least}–{most}")];
        for (_, said) in &methods.0 {
            if let Some(found) = &said[k].found {
                let score = matches(&image.yard, found).score();
                let shown =
                    [score.precision(), score.recall(), score.f1()].map(|v| v.map_or("–".to_owned(), |v| format!("{v:.2}")));
                row.push(shown.join(" "));
            }
            let interval = said[k].interval.map_or(String::new(), |(low, high)| format!(" ({low}–{high})"));
            row.push(format!("{}{interval}", said[k].estimate));
        }
        table.push(row);
    }
    table
}

/// Lengths told apart: name, from, to, m.
const LENGTHS_M: [(&str, f64, f64); 3] = [("to 12 m", 0.0, 12.0), ("12 to 20 m", 12.0, 20.0), ("over 20 m", 20.0, 99.0)];

/// Recall of every family and length, in the drawn yards at the usual distance.
fn by_family(images: &[Image], methods: &Methods) -> Table {
    let finders: Vec<_> = methods.0.iter().filter(|(_, said)| said.iter().any(|s| s.found.is_some())).collect();
    let mut table = Table::new(["", "cars"].into_iter().chain(finders.iter().map(|(name, _)| *name)));
    let mut line = |name: String, asked: &dyn Fn(&Image, usize) -> bool| {
        let usual = |image: &&Image| image.situations.iter().any(|s| s.0 == sets::USUAL);
        let cars = images.iter().filter(usual).flat_map(|i| (0..i.yard.cars.len()).map(move |k| (i, k)));
        let cars = cars.filter(|&(i, k)| i.yard.cars[k].fully_inside && asked(i, k)).count();
        let mut row = vec![name, cars.to_string()];
        for (_, said) in &finders {
            let mut all = Vec::new();
            for (image, said) in images.iter().zip(said).filter(|(image, _)| usual(image)) {
                let Some(found) = &said.found else { continue };
                let matched = matches(&image.yard, found);
                all.extend(strands(&image.yard, image.place, found, &matched, |k| asked(image, k), false));
            }
            row.push(with_interval(&pooled(&all), Score::recall));
        }
        table.push(row);
    };
    for family in Family::ALL {
        line(format!("{family:?}").to_lowercase(), &|image, k| image.families.get(k) == Some(&family));
    }
    for (name, from, to) in LENGTHS_M {
        line(name.to_owned(), &|image, k| {
            let length_m = image.yard.cars[k].rect_px.length * image.yard.gsd_m;
            length_m > from && length_m <= to
        });
    }
    table
}

/// False cars, place by place kind.
fn where_nothing_is(places: &[(String, Yard)], methods: &Methods) -> Table {
    let mut head = ["", "pictures", "hectares"].map(str::to_owned).to_vec();
    head.extend(methods.0.iter().map(|(name, _)| format!("{name}: cars")));
    let mut table = Table::new(head.into_iter().chain(["detector: held".to_owned()]));
    let mut kinds: Vec<&String> = Vec::new();
    for (kind, _) in places {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    for kind in kinds {
        let chosen: Vec<usize> = (0..places.len()).filter(|&k| places[k].0 == *kind).collect();
        let hectares = |k: usize| {
            let yard = &places[k].1;
            (yard.scene.width() * yard.scene.height()) as f64 * yard.gsd_m * yard.gsd_m / 1e4
        };
        let area: f64 = chosen.iter().map(|&k| hectares(k)).sum();
        let mut row = vec![kind.clone(), chosen.len().to_string(), format!("{area:.0}")];
        for (_, said) in &methods.0 {
            row.push(chosen.iter().map(|&k| said[k].estimate).sum::<f64>().to_string());
        }
        let ours = &methods.0[0].1;
        row.push(format!("{} of {}", chosen.iter().filter(|&&k| holds(&places[k].1, &ours[k])).count(), chosen.len()));
        table.push(row);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use sidings::raster::{Raster, Samples, Scene};

    fn image(inside: usize, cut: usize) -> Image {
        let scene = Scene { samples: Samples::U8(Raster::filled(40, 40, 3, 0)), valid: None };
        let rect_px = OrientedRect { center: Point::new(0.0, 0.0), length: 28.0, width: 6.0, angle_rad: 0.0 };
        let cars = (0..inside + cut).map(|k| Car { id: k as u64, rect_px, fully_inside: k < inside });
        let yard = Yard { name: String::new(), gsd_m: 0.5, scene, cars: cars.collect() };
        Image { yard, place: 0, situations: Vec::new(), tracks_px: None, families: Vec::new() }
    }

    fn said(estimate: f64, interval: Option<(f64, f64)>) -> Said {
        Said { found: None, estimate, interval }
    }

    #[test]
    fn cut_cars_may_be_counted_or_not() {
        let image = image(10, 4);
        assert!(holds(&image.yard, &said(9.0, Some((8.0, 10.0)))));
        assert!(holds(&image.yard, &said(15.0, Some((14.0, 16.0)))));
        assert!(!holds(&image.yard, &said(9.0, Some((8.0, 9.0)))));
        assert!(!holds(&image.yard, &said(12.0, None)));
    }

    #[test]
    fn counts_are_off_from_the_cars_that_show() {
        // 10 are whole and 4 lie at the corner, half in the picture: 14. 12, 14 and 21 against three times 14 are 47 of 42.
        let image = image(10, 4);
        assert_eq!(seen(&image.yard), 14);
        let said = [said(12.0, None), said(14.0, None), said(21.0, None)];
        let chosen: Vec<_> = said.iter().map(|s| (&image, s)).collect();
        assert_eq!(count_off(&chosen), "+12 % (14 %)");
    }

    #[test]
    fn less_than_a_square_of_a_car_does_not_show() {
        let mut image = image(0, 1);
        // 28 long, 6 wide: seven of it beyond the left edge's inner side, then five.
        image.yard.cars[0].rect_px.center.x = -7.0;
        assert_eq!(seen(&image.yard), 1);
        image.yard.cars[0].rect_px.center.x = -9.0;
        assert_eq!(seen(&image.yard), 0);
    }
}
