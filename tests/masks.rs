//! Pixels that hold no measurement (nodata, alpha, masks) count for nothing in any stage, whatever colour they have.

use sidings::example::{self, Example};
use sidings::geometry::Point;
use sidings::pipeline::{Grids, Plan, Request, Workbench, change_map, run};
use sidings::railcars::{Options, detect};
use sidings::raster::{Mask, Raster, Samples, Scene};
use sidings::yard::{Detection, GsdSource};

/// The picture with everything right of a column painted over by stripes that look like nothing on Earth, and the mask that says so.
fn cut(rgb: &Raster<u8>, from_column: usize) -> (Raster<u8>, Mask) {
    let mut painted = rgb.clone();
    for (x, y) in (0..rgb.height()).flat_map(|y| (from_column..rgb.width()).map(move |x| (x, y))) {
        let stripe = if (x + 2 * y) / 9 % 2 == 0 { 250 } else { 3 };
        (0..3).for_each(|band| painted.set(x, y, band, stripe));
    }
    (painted, Mask::from_fn(rgb.width(), rgb.height(), |x, _| x < from_column))
}

fn found(rgb: &Raster<u8>, valid: Option<&Mask>) -> Detection {
    let options = Options { gsd: Some((example::GSD_M, GsdSource::Given)), ..Options::default() };
    detect(rgb, valid, &options, &mut |_| Ok(())).expect("an image")
}

/// Middles of the cars that lie left of a column, to the metre, in order.
fn middles(detection: &Detection, left_of: f64) -> Vec<Point> {
    let mut all: Vec<Point> = detection.railcars.iter().map(|c| c.rect_px.center).filter(|p| p.x < left_of).collect();
    all.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    all
}

#[test]
fn cars_are_sought_where_the_mask_holds() {
    let picture = example::draw(1).before.rgb;
    let column = picture.width() / 2;
    let whole = found(&picture, None);
    let (painted, mask) = cut(&picture, column);
    let masked = found(&painted, Some(&mask));
    assert!(masked.railcars.iter().all(|c| c.rect_px.center.x < column as f64 + 2.0), "a car beyond the mask");
    // Away from the edge nothing changes but what the scene teaches about itself: the same cars, to a metre.
    let inner = column as f64 - 60.0;
    let (all, kept) = (middles(&whole, inner), middles(&masked, inner));
    let near = |p: &&Point| kept.iter().any(|q| p.distance(*q) < 4.0);
    let same = all.iter().filter(near).count();
    assert!(all.len() > 4 && same + 1 >= all.len() && kept.len() <= all.len() + 1, "{same} of {} and {}", all.len(), kept.len());
}

fn pair() -> (Example, Workbench, f64) {
    let drawn = example::draw(1);
    let column = drawn.after.rgb.width() * 2 / 3;
    let (painted, mask) = cut(&drawn.after.rgb, column);
    let scene = |rgb: Raster<u8>, valid| Scene { samples: Samples::U8(rgb), valid };
    let bench = Workbench::with(scene(drawn.before.rgb.clone(), None), scene(painted, Some(mask)));
    (drawn, bench, column as f64)
}

#[test]
fn a_pair_is_aligned_and_compared_on_common_ground_only() {
    let (drawn, mut bench, column) = pair();
    let gsd = |gsd_m| Some((gsd_m, GsdSource::Given));
    let request = Request { before_gsd: gsd(drawn.before.gsd_m), after_gsd: gsd(drawn.after.gsd_m), ..Request::default() };
    let Plan { alignment, comparison, before, .. } = run(request, &mut bench, &mut |_, _| Ok(())).expect("one place");
    let alignment = alignment.expect("aligned");
    let to_before = alignment.after_to_before.expect("aligned");
    for p in [Point::new(20.0, 20.0), Point::new(column, 500.0)] {
        assert!(to_before.apply(p).distance(drawn.after_to_before.apply(p)) < 1.0, "{p:?}");
    }
    let (comparison, before) = (comparison.expect("compared"), before.expect("seen"));
    let to_after = drawn.after_to_before.inverse().expect("regular");
    let car = |id: &u32| before.railcars.iter().find(|car| car.id == *id).expect("a car of the older image");
    let of_after = |id: &u32| to_after.apply(car(id).rect_px.center).x;
    assert!(comparison.gone.iter().all(|id| of_after(id) < column), "nothing is gone where the newer image shows nothing");
    let xs: Vec<f64> = comparison.outside.before.iter().map(of_after).collect();
    assert!(!xs.is_empty() && comparison.outside.before.iter().all(|id| of_after(id) > column - 20.0), "{xs:?} against {column}");
    let (_, map) = change_map(&mut bench, Grids::Known(&alignment), &mut |_, _| Ok(())).expect("a change map");
    let beyond = (0..map.score.height()).step_by(7).flat_map(|y| (0..map.score.width()).step_by(7).map(move |x| (x, y)));
    let beyond = beyond.filter(|&(x, y)| to_after.apply(Point::new(x as f64, y as f64)).x > column + 3.0);
    let (mut scored, mut pixels) = (0, 0);
    for (x, y) in beyond {
        pixels += 1;
        scored += usize::from(map.score.at(x, y, 0).is_finite() && map.score.at(x, y, 0) != 0.0);
    }
    assert!(pixels > 100 && scored == 0, "{scored} of {pixels} pixels without a measurement have a change score");
}
