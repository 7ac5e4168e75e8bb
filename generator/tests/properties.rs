//! What must not change the answer: which date is called before, the light, the order of the bands, the edge of the image, where its grid lies, and
//! that it is asked a second time. On drawn yards of two dates; a test for each yard.
//!
//! The tolerances say how far the answer does move, and by what; none of them is zero where a resampled or relit pixel is another pixel.

#[allow(dead_code, reason = "its context alone is used here")]
#[path = "../../tests/fixtures/answer.rs"]
mod answer;

use sidings::align::{self, Options, View};
use sidings::compare::Comparison;
use sidings::geometry::{Point, Transform};
use sidings::pipeline::{self, Plan, Request, Workbench};
use sidings::railcars::{self, detect};
use sidings::raster::{Raster, Samples, Scene, luma};
use sidings::report::exhibit::{Edition, Exhibit};
use sidings::report::{geojson, json};
use sidings::resample;
use sidings::yard::{Count, Detection, GsdSource};
use sidings_generator::{Kind, Pair, Recipe, pair};

const GSD_M: f64 = 0.5;
const GSD: Option<(f64, GsdSource)> = Some((GSD_M, GsdSource::Given));
const SIDE_PX: usize = 512;

fn place(seed: u64) -> Pair {
    pair(seed, &Recipe { side_px: SIDE_PX, gsd_m: GSD_M, kind: Some(Kind::Yard), ..Recipe::default() })
}

fn compared(before: &Raster<u8>, after: &Raster<u8>) -> Plan {
    let request = Request { before_gsd: GSD, after_gsd: GSD, ..Request::default() };
    let scene = |rgb: &Raster<u8>| Scene { samples: Samples::U8(rgb.clone()), valid: None };
    pipeline::run(request, &mut Workbench::with(scene(before), scene(after)), &mut |_, _| Ok(())).expect("an answer")
}

fn seen(rgb: &Raster<u8>) -> Detection {
    let options = railcars::Options { gsd: GSD, ..railcars::Options::default() };
    detect(rgb, None, &options, &mut |_| Ok(())).expect("it is an image")
}

/// Every pixel by itself.
fn each(rgb: &Raster<u8>, f: impl Fn([u8; 3]) -> [u8; 3]) -> Raster<u8> {
    let samples = rgb.samples().chunks_exact(3).flat_map(|p| f([p[0], p[1], p[2]])).collect();
    Raster::new(rgb.width(), rgb.height(), 3, samples).expect("as many")
}

fn comparison(plan: &Plan) -> &Comparison {
    plan.comparison.as_ref().expect("compared")
}

/// The four figures of an answer, by name.
fn figures(plan: &Plan) -> [(&'static str, Count); 4] {
    let [before, after] = [&plan.before, &plan.after].map(|d| d.as_ref().expect("looked at").count);
    [("before", before), ("after", after), ("new", comparison(plan).new_count), ("gone", comparison(plan).gone_count)]
}

/// How far each figure moved, and that none moved by more than `share` of itself, or two cars.
fn stay(what: &str, first: &Plan, second: &Plan, share: f64) {
    for ((name, was), (_, is)) in figures(first).into_iter().zip(figures(second)) {
        println!("{what}: {name} {} ({}–{}) became {} ({}–{})", was.estimate, was.low, was.high, is.estimate, is.low, is.high);
        let most = (share * was.estimate).max(2.0);
        for (was, is) in [(was.estimate, is.estimate), (was.low, is.low), (was.high, is.high)] {
            assert!((was - is).abs() <= most, "{what}: {name} was {was} and is {is}; {most} would be fair");
        }
    }
}

fn the_same_answer_comes_again(before: &Raster<u8>, after: &Raster<u8>, first: &Plan) {
    let written = |plan: &Plan| {
        let context = answer::context();
        let exhibit = Exhibit::new(plan, &context, Edition::default()).expect("an answer");
        (json::compare(plan, &context).expect("an answer").to_json(), geojson::railcars(&exhibit).to_string())
    };
    assert!(written(first) == written(&compared(before, after)), "other bytes for the same images");
}

/// Which date is the older one is only a name: what is new is then gone, and the same cars are meant.
fn swapping_the_dates_swaps_new_and_gone(before: &Raster<u8>, after: &Raster<u8>, first: &Plan) {
    let swapped = compared(after, before);
    let (there, back) = (comparison(first), comparison(&swapped));
    println!("swapped: new {} gone {}, then new {} gone {}", there.new.len(), there.gone.len(), back.new.len(), back.gone.len());
    assert_eq!((&there.new, &there.gone), (&back.gone, &back.new), "other cars came and went");
    let [b, a, new, gone] = figures(first).map(|(_, count)| count);
    let [b_back, a_back, new_back, gone_back] = figures(&swapped).map(|(_, count)| count);
    // The alignment is estimated anew from the other side, and what it carries over moves the ends of an interval by a car.
    for (was, is) in [(b, a_back), (a, b_back), (new, gone_back), (gone, new_back)] {
        assert_eq!(was.estimate, is.estimate);
        assert!((was.low - is.low).abs() <= 1.0 && (was.high - is.high).abs() <= 1.0, "{was:?} became {is:?}");
    }
}

/// A tenth darker and a little hazier; and a little brighter.
fn light_changes_no_count(before: &Raster<u8>, after: &Raster<u8>, first: &Plan) {
    for (gain, haze) in [(0.9, 8.0), (1.05, 2.0)] {
        let relit = each(after, |p| p.map(|v| (f64::from(v) * gain + haze).round().min(255.0) as u8));
        stay(&format!("light times {gain} plus {haze}"), first, &compared(before, &relit), 0.05);
    }
}

/// The network has seen colours in their order, and the same yard in others is a little stranger to it.
fn the_order_of_bands_changes_no_count(before: &Raster<u8>, after: &Raster<u8>, first: &Plan) {
    let turned = |rgb| each(rgb, |[r, g, b]| [b, g, r]);
    stay("blue for red", first, &compared(&turned(before), &turned(after)), 0.05);
}

/// Well inside a piece of an image stand the cars that stand there in the whole of it.
fn a_crop_agrees_with_the_whole(after: &Raster<u8>, first: &Plan) {
    const LEFT: usize = 70;
    const WIDE: usize = 372;
    // Cars at the edge are cut; beyond a car's length from it nothing is.
    const MARGIN: f64 = 50.0;
    let samples = (LEFT..LEFT + WIDE).flat_map(|y| after.row(y)[LEFT * 3..(LEFT + WIDE) * 3].to_vec()).collect();
    let piece = seen(&Raster::new(WIDE, WIDE, 3, samples).expect("a piece"));
    let inside = |detection: &Detection, shift: f64| -> Vec<Point> {
        let centres = detection.railcars.iter().map(|car| Point::new(car.rect_px.center.x - shift, car.rect_px.center.y - shift));
        let within = |v: f64| (MARGIN..WIDE as f64 - MARGIN).contains(&v);
        centres.filter(|p| within(p.x) && within(p.y)).collect()
    };
    let (whole, piece) = (inside(first.after.as_ref().expect("looked at"), LEFT as f64), inside(&piece, 0.0));
    // Half of the shortest car.
    let alike = |a: &[Point], b: &[Point]| a.iter().filter(|p| b.iter().any(|q| p.distance(*q) < 8.0)).count();
    let found = alike(&whole, &piece);
    println!("crop: {} cars in the whole, {} in the piece, {found} the same", whole.len(), piece.len());
    let most = (0.1 * whole.len() as f64).max(2.0);
    assert!(
        !whole.is_empty() && (whole.len() - found) as f64 <= most,
        "{} of {} cars are not found in the piece",
        whole.len() - found,
        whole.len()
    );
    assert!((piece.len() - alike(&piece, &whole)) as f64 <= most, "the piece has cars that the whole has not");
}

/// The later image laid otherwise, by a known warp: the alignment follows to within a pixel, which is a sixth of a car's width.
fn a_known_warp_is_recovered(before: &Raster<u8>, after: &Raster<u8>, first: &Plan) {
    let warp = Transform::similarity(1.03, 0.05, 4.0, -7.0);
    let (laid, _) = resample::onto_grid(after, None, &warp, (SIDE_PX, SIDE_PX), &mut |_| Ok(())).expect("not cancelled");
    let [before, laid] = [before, &laid].map(luma);
    let found =
        align::estimate(View { luma: &before, valid: None }, View { luma: &laid, valid: None }, &Options::default(), &mut |_| {
            Ok(())
        });
    let found = found.expect("aligned").after_to_before.expect("aligned");
    let plain = first.transform().expect("aligned");
    for at in [Point::new(100.0, 100.0), Point::new(410.0, 100.0), Point::new(256.0, 256.0), Point::new(256.0, 410.0)] {
        let off = found.apply(at).distance(plain.apply(warp.apply(at)));
        println!("warp: {off:.2} px at {at:?}");
        assert!(off <= 1.0, "{off} px from where the image lay before it was warped, at {at:?}");
    }
}

fn hold(seed: u64) {
    let place = place(seed);
    let (before, after) = (&place.before.rgb, &place.after.rgb);
    let first = compared(before, after);
    the_same_answer_comes_again(before, after, &first);
    swapping_the_dates_swaps_new_and_gone(before, after, &first);
    light_changes_no_count(before, after, &first);
    the_order_of_bands_changes_no_count(before, after, &first);
    a_crop_agrees_with_the_whole(after, &first);
    a_known_warp_is_recovered(before, after, &first);
}

#[test]
fn of_a_yard_with_a_dozen_cars() {
    hold(2);
}

#[test]
fn of_a_yard_where_cars_came_and_went() {
    hold(5);
}

#[test]
fn of_a_yard_where_cars_came() {
    hold(6);
}
