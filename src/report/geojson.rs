//! Railcars as GeoJSON (RFC 7946): polygons in longitude and latitude where a georeference is known. Where none is, the
//! geometry is null, since RFC 7946 knows no other coordinates; the outlines in pixels stand among the properties, always.

use super::exhibit::{Exhibit, Mark};
use super::json::{VERSION, round_to, schema};
use crate::pipeline::Side;
use serde_json::{Value, json};

/// Decimals of pixels: a hundredth is far below what any stage resolves.
const PX_DECIMALS: i32 = 2;

/// A `FeatureCollection` of the railcars of both dates.
///
/// Properties of each: `image` (`before` or `after`), `id` as in the JSON document, `status` (`new`, `gone`, `both`,
/// `undecided`, `outside`), `other` (id of the partner on the other date, or null), `date`, `length_m`, `width_m`,
/// `confidence`, `track`, `polygon_px` (four corners in the image's own pixels). `images` and `after_to_before` say what those pixels are, for
/// who draws the outlines over the pictures.
pub fn railcars(exhibit: &Exhibit) -> Value {
    json!({
        "type": "FeatureCollection",
        "schema": schema("railcars"),
        "version": VERSION,
        "placed": exhibit.is_placed(),
        "images": { "before": image(exhibit, Side::Before), "after": image(exhibit, Side::After) },
        "after_to_before": exhibit.report.pointer("/registration/after_to_before"),
        "features": exhibit.marks().map(|(side, mark)| feature(exhibit, side, mark)).collect::<Vec<_>>(),
    })
}

fn image(exhibit: &Exhibit, side: Side) -> Value {
    let look = exhibit.look(side);
    json!({ "file": look.file.rsplit(['/', '\\']).next(), "size_px": look.size_px, "date": look.date })
}

fn feature(exhibit: &Exhibit, side: Side, mark: &Mark) -> Value {
    let geometry = mark.ring_lonlat.as_ref().map(|ring| json!({ "type": "Polygon", "coordinates": [ring] }));
    json!({
        "type": "Feature",
        "geometry": geometry,
        "properties": {
            "image": side, "id": mark.id, "status": mark.status, "other": mark.other, "date": exhibit.look(side).date,
            "length_m": round_to(mark.length_m, 2), "width_m": round_to(mark.width_m, 2),
            "confidence": round_to(mark.confidence, 4), "track": mark.track,
            "polygon_px": mark.corners_px.map(|p| [round_to(p.x, PX_DECIMALS), round_to(p.y, PX_DECIMALS)]),
        },
    })
}
