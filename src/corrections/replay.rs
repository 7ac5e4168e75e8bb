//! Reads corrections back out of a report, also one that the page wrote: its edits in order, folded to what they come to in the end.
//!
//! What else a person set (the scale, dates, control points, a file of tracks) is no correction and stays with the options that it has.

use super::file::{Read, list_of, outline};
use super::{Areas, ByDate, Corrections, Placed, is_same_car};
use crate::geometry::{OrientedRect, Point, Transform};
use crate::yard::CarType;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Outlines in a report are rounded; corners of one and the same outline lie within this of each other, px.
const ROUNDED_PX: f64 = 0.05;

/// Corrections that a report tells of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Told {
    /// Of cars and areas.
    pub corrections: ByDate,
    /// Tracks that were drawn, in pixels of *before*.
    pub drawn_px: Vec<Vec<Point>>,
    /// Tracks that were deleted, in pixels of *before*.
    pub deleted_px: Vec<Vec<Point>>,
}

/// True for a report of a comparison.
pub(super) fn is_report(root: &Map<String, Value>) -> bool {
    root.get("schema").and_then(Value::as_str).is_some_and(|schema| schema.starts_with("sidings/compare@"))
}

/// What its edits come to.
pub(super) fn replay(root: &Map<String, Value>) -> Read<Told> {
    let report = Value::Object(root.clone());
    let edits = report.pointer("/provenance/edits").and_then(Value::as_array).ok_or("The report has no \"provenance.edits\".")?;
    let gsd_m = |date: &str| report.pointer(&format!("/{date}/gsd_m")).and_then(Value::as_f64).unwrap_or(1.0);
    let mut desk =
        Desk { dates: ["before", "after"].map(|date| Said { gsd_m: gsd_m(date), ..Said::default() }), ..Desk::default() };
    for (k, edit) in edits.iter().enumerate() {
        let name = edit.get("edit").and_then(Value::as_str).unwrap_or_default();
        desk.follow(name, edit).ok_or_else(|| format!("Edit {} of the report, \"{name}\", can't be followed.", k + 1))?;
    }
    let [before, after] = desk.dates;
    // What was drawn on the page was drawn in the older image.
    let way = report.pointer("/registration/after_to_before").and_then(|v| Transform::deserialize(v).ok());
    let carried = way.and_then(|t| t.inverse()).map(|to_after| desk.areas.carried(&to_after)).unwrap_or_default();
    let corrections = ByDate { before: before.corrections(desk.areas), after: after.corrections(carried) };
    Ok(Told { corrections, drawn_px: desk.drawn_px, deleted_px: desk.deleted_px })
}

#[derive(Default)]
struct Desk {
    dates: [Said; 2],
    /// In pixels of *before*.
    areas: Areas,
    drawn_px: Vec<Vec<Point>>,
    deleted_px: Vec<Vec<Point>>,
}

/// What was said of one image.
#[derive(Default)]
struct Said {
    gsd_m: f64,
    /// The last word on each car that was found; true where it was accepted.
    judged: Vec<(bool, OrientedRect)>,
    /// Cars that were found and made room for outlined ones.
    replaced: Vec<OrientedRect>,
    placed: Vec<Placed>,
    /// Areas of this image alone.
    areas: Areas,
}

impl Desk {
    /// `None` for a correction that can't be read; what is no correction is passed over.
    fn follow(&mut self, name: &str, edit: &Value) -> Option<()> {
        let line = |key: &str| edit.get(key).and_then(|v| Vec::<Point>::deserialize(v).ok());
        match name {
            "accept-railcar" | "reject-railcar" => {
                let rect = outline(edit.get("polygon_px")?)?;
                if let Some(said) = self.of(edit) {
                    said.judge(name == "accept-railcar", rect);
                }
            }
            "correct-railcars" => {
                let lists = list_of(edit.as_object()?).ok()?;
                if let Some(said) = self.of(edit) {
                    lists.accepted.into_iter().for_each(|rect| said.judge(true, rect));
                    lists.rejected.into_iter().for_each(|rect| said.judge(false, rect));
                    said.placed.extend(lists.placed);
                    said.areas.count_in.extend(lists.areas.count_in);
                    said.areas.leave_out.extend(lists.areas.leave_out);
                    said.areas.gantries.extend(lists.areas.gantries);
                }
            }
            "count-in-area" => self.areas.count_in.push(line("polygon_px")?),
            "leave-out-area" => self.areas.leave_out.push(line("polygon_px")?),
            "draw-gantry" => self.areas.gantries.push(line("polygon_px")?),
            "forget-areas" => self.areas = Areas::default(),
            "draw-track" => self.drawn_px.push(line("line_px")?),
            "delete-track" => self.take_track(line("line_px")?),
            "bend-track" | "cut-track" => {
                self.take_track(line("from_px")?);
                self.drawn_px.extend(Vec::<Vec<Point>>::deserialize(edit.get("to_px")?).ok()?);
            }
            _ if name.ends_with("-railcar") => {
                let outlines = |key: &str| edit.get(key)?.as_array()?.iter().map(outline).collect::<Option<Vec<_>>>();
                let (from, to) = (outlines("from_px")?, outlines("to_px")?);
                let types = Vec::<CarType>::deserialize(edit.get("types")?).ok().filter(|types| types.len() == to.len())?;
                if let Some(said) = self.of(edit) {
                    said.outline(&from, to.into_iter().zip(types).map(|(rect_px, car_type)| Placed { rect_px, car_type }));
                }
            }
            _ => {}
        }
        Some(())
    }

    /// The image that an edit is about; none for one of an image that was set aside.
    fn of(&mut self, edit: &Value) -> Option<&mut Said> {
        let at = ["before", "after"].iter().position(|date| edit.get("image").and_then(Value::as_str) == Some(date))?;
        Some(&mut self.dates[at])
    }

    /// What was drawn and deleted again is as if it had never been drawn.
    fn take_track(&mut self, line: Vec<Point>) {
        match self.drawn_px.iter().position(|drawn| *drawn == line) {
            Some(at) => drop(self.drawn_px.remove(at)),
            None => self.deleted_px.push(line),
        }
    }
}

impl Said {
    fn judge(&mut self, accepted: bool, rect: OrientedRect) {
        let gsd_m = self.gsd_m;
        self.judged.retain(|(_, other)| !is_same_car(other, &rect, gsd_m));
        match self.placed.iter().position(|own| is_outline(&own.rect_px, &rect)) {
            Some(at) if !accepted => drop(self.placed.remove(at)),
            Some(_) => {}
            None => self.judged.push((accepted, rect)),
        }
    }

    fn outline(&mut self, from: &[OrientedRect], to: impl Iterator<Item = Placed>) {
        let gsd_m = self.gsd_m;
        for rect in from {
            self.judged.retain(|(_, other)| !is_same_car(other, rect, gsd_m));
            match self.placed.iter().position(|own| is_outline(&own.rect_px, rect)) {
                Some(at) => drop(self.placed.remove(at)),
                None => self.replaced.push(*rect),
            }
        }
        for placed in to {
            self.judged.retain(|(_, other)| !is_same_car(other, &placed.rect_px, gsd_m));
            self.placed.push(placed);
        }
    }

    fn corrections(self, mut areas: Areas) -> Corrections {
        let of = |wanted: bool| self.judged.iter().filter(move |(accepted, _)| *accepted == wanted).map(|(_, rect)| *rect);
        let (accepted, rejected) = (of(true).collect(), of(false).chain(self.replaced.iter().copied()).collect());
        areas.count_in.extend(self.areas.count_in);
        areas.leave_out.extend(self.areas.leave_out);
        areas.gantries.extend(self.areas.gantries);
        Corrections { accepted, rejected, placed: self.placed, areas }
    }
}

fn is_outline(a: &OrientedRect, b: &OrientedRect) -> bool {
    a.corners().iter().zip(b.corners()).all(|(p, q)| p.distance(q) <= ROUNDED_PX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corrections::{Given, Wanted, read_json};
    use serde_json::json;

    fn car(x: f64) -> Value {
        json!([[x, 0.0], [x + 28.0, 0.0], [x + 28.0, 6.0], [x, 6.0]])
    }

    fn told(edits: Value) -> Result<Told, String> {
        let report = json!({ "schema": "sidings/compare@1", "before": { "gsd_m": 0.5 }, "after": { "gsd_m": 0.5 },
            "registration": { "after_to_before": [[1.0, 0.0, 10.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] }, "provenance": { "edits": edits } });
        match read_json(report.to_string().as_bytes(), "report.json", Wanted::BothDates) {
            Ok(Given::Told(told)) => Ok(*told),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.message().to_owned()),
        }
    }

    #[test]
    fn the_last_word_on_a_car_counts_and_what_was_added_and_taken_away_leaves_no_trace() {
        let add =
            |x: f64| json!({ "edit": "add-railcar", "image": "after", "from_px": [], "to_px": [car(x)], "types": ["tank"] });
        let judge = |edit: &str, x: f64| json!({ "edit": edit, "image": "after", "polygon_px": car(x), "confidence": 0.5 });
        let moved = json!({ "edit": "move-railcar", "image": "after", "from_px": [car(300.0)], "to_px": [car(303.0)], "types": ["unknown"] });
        let after = told(json!([
            { "edit": "set-gsd", "image": "before", "gsd_m": 0.5 },
            judge("accept-railcar", 0.0), judge("reject-railcar", 1.0), add(100.0), add(200.0), judge("reject-railcar", 100.0), moved,
            judge("accept-railcar", 0.0), { "edit": "count-again", "pending": false },
        ]))
        .expect("a report")
        .corrections
        .after;
        let xs = |rects: &[OrientedRect]| rects.iter().map(|r| r.center.x - 14.0).collect::<Vec<_>>();
        assert_eq!((xs(&after.accepted), xs(&after.rejected)), (vec![0.0], vec![300.0]));
        let placed: Vec<_> = after.placed.iter().map(|p| (p.rect_px.center.x - 14.0, p.car_type)).collect();
        assert_eq!(placed, [(200.0, CarType::Tank), (303.0, CarType::Unknown)]);
    }

    #[test]
    fn areas_come_over_to_the_other_date_and_tracks_are_kept_apart() {
        let area = json!([[0.0, 0.0], [50.0, 0.0], [50.0, 50.0]]);
        let line = json!([[0.0, 5.0], [90.0, 5.0]]);
        let told = told(json!([
            { "edit": "leave-out-area", "image": "before", "polygon_px": area }, { "edit": "forget-areas" },
            { "edit": "count-in-area", "image": "before", "polygon_px": area },
            { "edit": "draw-track", "image": "before", "line_px": line }, { "edit": "delete-track", "image": "before", "line_px": [[0.0, 9.0], [9.0, 9.0]] },
            { "edit": "cut-track", "image": "before", "from_px": line, "to_px": [[[0.0, 5.0], [40.0, 5.0]], [[50.0, 5.0], [90.0, 5.0]]] },
        ]))
        .expect("a report");
        assert_eq!(told.corrections.before.areas.count_in[0][1], Point::new(50.0, 0.0));
        assert_eq!(told.corrections.after.areas.count_in[0][1], Point::new(40.0, 0.0));
        assert!(told.corrections.before.areas.leave_out.is_empty());
        assert_eq!((told.drawn_px.len(), told.deleted_px.len()), (2, 1));
    }

    #[test]
    fn an_edit_that_cannot_be_followed_is_named() {
        let error = told(json!([{ "edit": "reject-railcar", "image": "after" }])).expect_err("no outline");
        assert!(error.contains("Edit 1") && error.contains("reject-railcar"), "{error}");
        let error = told(json!([{ "edit": "melt-railcar", "image": "after" }])).expect_err("nobody knows what that is");
        assert!(error.contains("melt-railcar"), "{error}");
    }
}
