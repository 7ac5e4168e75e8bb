//! The document of what is shown, the same that the command line prints, and the sentence in it.

use super::Desk;
use crate::pipeline::Side;
use crate::report::json::{Compare, Context, Document, Input, Source, ToLonLat, compare, control_points_edit, statement_of};
use crate::web::picture::Picture;
use crate::web::snapshot::StatementView;
use serde_json::{Value, json};

impl Desk {
    /// The `compare` document; `None` while there is no answer.
    pub fn report(&self) -> Option<Document<Compare>> {
        let plan = self.shown_plan()?;
        self.in_context(|context| compare(plan, context))
    }

    /// What the report and every file of it are written with.
    pub(super) fn in_context<T>(&self, write: impl FnOnce(&Context<'_>) -> Option<T>) -> Option<T> {
        let (before, after) = (self.picture(self.before?)?, self.picture(self.after?)?);
        let place = |picture: &Picture| picture.info.as_ref().map(|info| info.georeference.clone()).unwrap_or_default();
        let (before_place, after_place) = (place(before), place(after));
        let (before_lonlat, after_lonlat) = (|p| before_place.to_lonlat(p), |p| after_place.to_lonlat(p));
        let (entries, record_warning) = self.record();
        write(&Context {
            before: source(before, "before", before_place.corners_lonlat.is_some().then_some(&before_lonlat))?,
            after: source(after, "after", after_place.corners_lonlat.is_some().then_some(&after_lonlat))?,
            other_inputs: self.other_inputs(),
            facility: self.place.facility.as_ref(),
            entries: &entries,
            edits: self.edits(before, after),
            alignment_accepted: self.hand.accepted,
            warnings: self.warnings.iter().cloned().chain(record_warning).collect(),
        })
    }

    /// Writes the sentence anew; to be called when the answer or what it rests on has changed.
    pub(super) fn write_statement(&mut self) {
        self.put_corrections_in();
        self.exporting.hush();
        self.draw_record();
        // The sentence alone: with thousands of cars the whole document takes the page's thread too long.
        let written = self.shown_plan().and_then(|plan| self.in_context(|context| statement_of(plan, context)));
        self.statement =
            written.map(|it| StatementView { text: it.text, parts: serde_json::to_value(it.parts).unwrap_or(Value::Null) });
    }

    /// What a person set, as far as it enters the answer.
    fn edits(&self, before: &Picture, after: &Picture) -> Vec<Value> {
        let mut edits = Vec::new();
        for (side, picture) in [(Side::Before, before), (Side::After, after)] {
            if let Some(gsd_m) = picture.user_gsd_m.filter(|_| !picture.synthetic) {
                let line = picture.scale_line.map(|line| json!({ "line_px": line.ends, "length_m": line.length_m }));
                edits.push(json!({ "edit": "set-gsd", "image": side, "gsd_m": gsd_m, "drawn": line }));
            }
            if let Some(date) = &picture.user_date {
                edits.push(json!({ "edit": "set-date", "image": side, "date": date }));
            }
        }
        if self.order == crate::web::snapshot::Order::User {
            edits.push(json!({ "edit": "set-order", "before": before.file, "after": after.file }));
        }
        edits.extend(self.plan.as_ref().and_then(|plan| control_points_edit(&plan.request)));
        if self.hand.accepted {
            edits.push(json!({ "edit": "accept-alignment" }));
        }
        edits.extend(self.tracks_edit());
        edits.extend(self.correction_edits());
        edits.extend(self.record_edits());
        edits
    }
}

fn source<'a>(picture: &Picture, role: &str, to_lonlat: Option<ToLonLat<'a>>) -> Option<Source<'a>> {
    let info = picture.info.as_ref()?;
    let input = Input {
        file: picture.file.clone(),
        sha256: info.sha256.clone(),
        bytes: picture.bytes,
        role: role.to_owned(),
        format: Some(info.format.clone()),
        size_px: Some([info.width, info.height]),
        reduction: Some(info.reduction),
        captured: picture.captured(),
        content_credentials: info.credentials.clone(),
    };
    Some(Source { input, to_lonlat })
}
