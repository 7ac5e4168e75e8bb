//! The cars of a story as outlines over its pictures, read from its report, in pixels of the older picture.

use super::Story;
use crate::geometry::{Point, Transform};
use crate::pipeline::Side;
use crate::report::crop::to_piece;
use crate::report::exhibit::Status;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What became of the cars of one date: each with its outline.
pub fn of(story: &Story, side: Side) -> Vec<(Status, [Point; 4])> {
    let (key, own) = match side {
        Side::Before => ("before", Transform::IDENTITY),
        Side::After => ("after", after_to_before(&story.report)),
    };
    let [width, height] = story.before.size_px;
    let onto = own.then(&to_piece(story.before.crop, (width, height)));
    let cars = story.report.pointer(&format!("/{key}/railcars")).and_then(Value::as_array);
    let statuses = statuses(&story.report, side);
    let mark = |car: &Value| {
        let corners: [Point; 4] = serde_json::from_value(car["polygon_px"].clone()).ok()?;
        let status = statuses.get(&car["id"].as_u64()?).copied().unwrap_or(Status::Outside);
        Some((status, corners.map(|p| onto.apply(p))))
    };
    cars.into_iter().flatten().filter_map(mark).collect()
}

/// How the report lays *after* over *before*.
pub fn after_to_before(report: &Value) -> Transform {
    report
        .pointer("/registration/after_to_before")
        .and_then(|t| serde_json::from_value(t.clone()).ok())
        .unwrap_or(Transform::IDENTITY)
}

/// What became of each car of one date that is neither outside nor unknown, by its id.
fn statuses(report: &Value, side: Side) -> BTreeMap<u64, Status> {
    let (key, news, status, place) = match side {
        Side::Before => ("before", "gone", Status::Gone, 0),
        Side::After => ("after", "new", Status::New, 1),
    };
    let list = |pointer: &str| report.pointer(pointer).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let plain =
        |pointer: &str, status| list(pointer).iter().filter_map(move |id| Some((id.as_u64()?, status))).collect::<Vec<_>>();
    let mut found: BTreeMap<u64, Status> = plain(&format!("/change/undecided/{key}"), Status::Undecided).into_iter().collect();
    found.extend(plain(&format!("/change/{news}"), status));
    found.extend(list("/change/both").iter().filter_map(|pair| Some((pair[place].as_u64()?, Status::Both))));
    found
}

/// All outlines of one kind as the data of one SVG path.
pub fn path(marks: &[(Status, [Point; 4])], status: Status) -> String {
    let mut data = String::new();
    for (_, corners) in marks.iter().filter(|(s, _)| *s == status) {
        for (k, p) in corners.iter().enumerate() {
            let _ = write!(data, "{}{:.1} {:.1}", if k == 0 { 'M' } else { 'L' }, p.x + 0.0, p.y + 0.0);
        }
        data.push('Z');
    }
    data
}
