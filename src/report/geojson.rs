//! Railcars as GeoJSON: longitude and latitude (RFC 7946) where a georeference is known, else pixels of *before*, marked
//! by `"crs":"pixels"` at the top level.
//!
//! All cars lie in *one* frame, that of *before* where it is georeferenced: two georeferences differ by metres, and a place
//! that is occupied on both dates is to be seen as one place. The JSON document keeps each image's own.

use crate::compare::Comparison;
use crate::geometry::{OrientedRect, Point, Transform};
use crate::pipeline::{Plan, Side};
use crate::report::json::{Context, Source, ToLonLat, VERSION, round_to, schema};
use crate::yard::{Detection, Railcar};
use serde_json::{Value, json};

/// Decimals of longitude and latitude (about a centimetre), and of pixels.
const LON_LAT_DECIMALS: i32 = 7;
const PX_DECIMALS: i32 = 2;

/// Takes points of *before* to where they are drawn.
enum Frame<'a> {
    /// By the georeference of *before*.
    Before(ToLonLat<'a>),
    /// By the georeference of *after*, through the alignment.
    After(ToLonLat<'a>, Transform),
    /// Nowhere: they stay what they are.
    Pixels,
}

impl Frame<'_> {
    fn place(&self, p: Point) -> Option<[f64; 2]> {
        match self {
            Frame::Before(to_lonlat) => to_lonlat(p),
            Frame::After(to_lonlat, before_to_after) => to_lonlat(before_to_after.apply(p)),
            Frame::Pixels => Some([p.x, p.y]),
        }
    }

    fn decimals(&self) -> i32 {
        if matches!(self, Frame::Pixels) { PX_DECIMALS } else { LON_LAT_DECIMALS }
    }
}

/// A `FeatureCollection` of the railcars of both dates; `None` while the plan has not come to its end.
///
/// Properties of each: `image` (`before` or `after`), `id` as in the JSON document, `status` (`new`, `gone`, `both`,
/// `undecided`, `outside`), `other` (id of the partner on the other date, or null), `date`, `length_m`, `width_m`,
/// `confidence`, `track`.
pub fn railcars(plan: &Plan, context: &Context<'_>) -> Option<Value> {
    let comparison = plan.comparison.as_ref()?;
    let after_to_before = plan.transform()?;
    let frame = frame_of(context, after_to_before.inverse());
    let before = features(Side::Before, plan.before.as_ref()?, comparison, &context.before, |p| frame.place(p), frame.decimals());
    let to_frame = |p| frame.place(after_to_before.apply(p));
    let after = features(Side::After, plan.after.as_ref()?, comparison, &context.after, to_frame, frame.decimals());
    let mut collection = json!({
        "type": "FeatureCollection",
        "schema": schema("railcars"),
        "version": VERSION,
        "features": before.into_iter().chain(after).collect::<Vec<_>>(),
    });
    if matches!(frame, Frame::Pixels) {
        collection["crs"] = json!("pixels");
    }
    Some(collection)
}

fn frame_of<'a>(context: &Context<'a>, before_to_after: Option<Transform>) -> Frame<'a> {
    match (context.before.to_lonlat, context.after.to_lonlat, before_to_after) {
        (Some(to_lonlat), _, _) => Frame::Before(to_lonlat),
        (None, Some(to_lonlat), Some(before_to_after)) => Frame::After(to_lonlat, before_to_after),
        _ => Frame::Pixels,
    }
}

fn features(
    side: Side,
    detection: &Detection,
    comparison: &Comparison,
    source: &Source<'_>,
    to_frame: impl Fn(Point) -> Option<[f64; 2]>,
    decimals: i32,
) -> Vec<Value> {
    let date = source.input.captured.as_ref().map(|c| c.date.as_str());
    let feature = |car: &Railcar| {
        let (status, other) = status_of(side, car.id, comparison);
        let ring = ring(&car.rect_px, &to_frame, decimals);
        let geometry = ring.map(|ring| json!({ "type": "Polygon", "coordinates": [ring] }));
        json!({
            "type": "Feature",
            "geometry": geometry,
            "properties": {
                "image": side, "id": car.id, "status": status, "other": other, "date": date,
                "length_m": round_to(car.length_m, 2), "width_m": round_to(car.width_m, 2),
                "confidence": round_to(car.confidence, 4), "track": car.track,
            },
        })
    };
    detection.railcars.iter().map(feature).collect()
}

/// What became of a car, and its partner on the other date.
fn status_of(side: Side, id: u32, comparison: &Comparison) -> (&'static str, Option<u32>) {
    let partner = comparison.both.iter().find_map(|&(before, after)| match side {
        Side::Before => (before == id).then_some(after),
        Side::After => (after == id).then_some(before),
    });
    let (news, name, undecided) = match side {
        Side::Before => (&comparison.gone, "gone", &comparison.undecided.before),
        Side::After => (&comparison.new, "new", &comparison.undecided.after),
    };
    match partner {
        Some(other) => ("both", Some(other)),
        None if news.contains(&id) => (name, None),
        None if undecided.contains(&id) => ("undecided", None),
        None => ("outside", None),
    }
}

/// Corners of a car as a closed ring, counterclockwise as RFC 7946 demands; `None` where a corner has no place.
fn ring(rect: &OrientedRect, to_frame: impl Fn(Point) -> Option<[f64; 2]>, decimals: i32) -> Option<Vec<[f64; 2]>> {
    let mut ring = rect.corners().into_iter().map(to_frame).collect::<Option<Vec<_>>>()?;
    let next = |i: usize| ring[(i + 1) % ring.len()];
    let doubled_area: f64 = (0..ring.len()).map(|i| ring[i][0] * next(i)[1] - next(i)[0] * ring[i][1]).sum();
    if doubled_area < 0.0 {
        ring.reverse();
    }
    ring.push(ring[0]);
    Some(ring.into_iter().map(|p| p.map(|v| round_to(v, decimals))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_closed_and_turn_left_whatever_the_frame() {
        let car = OrientedRect { center: Point::new(5.0, 2.0), length: 10.0, width: 4.0, angle_rad: 0.0 };
        let pixels = ring(&car, |p| Some([p.x, p.y]), 2).expect("a place");
        assert_eq!(pixels, [[0.0, 0.0], [10.0, 0.0], [10.0, 4.0], [0.0, 4.0], [0.0, 0.0]]);
        let north_up = ring(&car, |p| Some([p.x, -p.y]), 2).expect("a place");
        assert_eq!(north_up, [[0.0, -4.0], [10.0, -4.0], [10.0, 0.0], [0.0, 0.0], [0.0, -4.0]]);
        assert_eq!(ring(&car, |_| None, 2), None);
    }
}
