//! What a person corrected, as the provenance tells of it.

use super::number::{PX, round_to};
use crate::corrections::Corrections;
use crate::geometry::{OrientedRect, Point};
use crate::pipeline::{Request, TrackEdits};
use serde_json::{Value, json};

/// The edit of one image's corrections, in the form in which a file may hold them.
pub fn corrections_of(image: &str, corrections: &Corrections) -> Value {
    let outlines = |rects: &[OrientedRect]| -> Vec<[[f64; 2]; 4]> { rects.iter().map(|r| r.corners().map(rounded)).collect() };
    let mut edit = json!({
        "edit": "correct-railcars",
        "image": image,
        "accepted": outlines(&corrections.accepted),
        "rejected": outlines(&corrections.rejected),
    });
    let added =
        corrections.placed.iter().map(|car| json!({ "polygon_px": car.rect_px.corners().map(rounded), "type": car.car_type }));
    let areas = |list: &[Vec<Point>]| -> Vec<Value> {
        list.iter().map(|area| json!(area.iter().map(|&p| rounded(p)).collect::<Vec<_>>())).collect()
    };
    let drawn = &corrections.areas;
    let more = [
        ("added", added.collect()),
        ("count_in", areas(&drawn.count_in)),
        ("leave_out", areas(&drawn.leave_out)),
        ("gantries", areas(&drawn.gantries)),
    ];
    for (name, list) in more.into_iter().filter(|(_, list)| !list.is_empty()) {
        edit[name] = Value::Array(list);
    }
    edit
}

/// The edits of both dates' corrections; none where nothing was corrected.
pub fn corrections_edits(request: &Request) -> Vec<Value> {
    let of = &request.corrections;
    let dates = [("before", &of.before), ("after", &of.after)];
    dates.into_iter().filter(|(_, c)| !c.is_empty()).map(|(image, c)| corrections_of(image, c)).collect()
}

/// The edits of tracks; none where no track was drawn or deleted.
pub fn track_edits(edits: &TrackEdits) -> Vec<Value> {
    let of = |edit: &str, lines: &[Vec<Point>]| -> Vec<Value> {
        let line = |line: &Vec<Point>| json!({ "edit": edit, "image": "before", "line_px": line.iter().map(|&p| rounded(p)).collect::<Vec<_>>() });
        lines.iter().map(line).collect()
    };
    [of("delete-track", &edits.deleted_px), of("draw-track", &edits.added_px)].concat()
}

fn rounded(p: Point) -> [f64; 2] {
    [round_to(p.x, PX), round_to(p.y, PX)]
}
