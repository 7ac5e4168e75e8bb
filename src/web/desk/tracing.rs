//! Tracks by hand: drawn point by point, deleted, or read from a file.

use super::bending::Doing;
use super::edits::Edit;
use super::{Desk, Mark, Stroke};
use crate::geometry::{Point, foot_on_line};
use crate::pipeline::Side;
use crate::report::json::Input;
use crate::tracks_file::{self, ToPixels};
use crate::web::command::Tool;
use crate::web::correction_views::TrackView;
use crate::web::project_file::TextFile;
use crate::web::snapshot::Problem;
use crate::yard::Track;
use serde_json::{Value, json};

/// A track is selected by pointing within this of it, m: half the way to the next one.
pub(super) const REACH_M: f64 = 2.25;

/// The shortest line that can be a track: points nearer than this to the last are the same one pressed twice, px.
const STEP_PX: f64 = 2.0;

/// The tool in hand.
#[derive(Debug, Default)]
pub(super) struct Tracing {
    /// Points of the track that is drawn, in pixels of *before*; `None`: pointing selects.
    pub(super) drawn: Option<Vec<Point>>,
    /// Id of a track of *before*.
    pub(super) selected: Option<u32>,
    /// What pointing at the selected track does.
    pub(super) doing: Doing,
    /// The selected track with the vertex that is in hand.
    pub(super) bent: Option<Vec<Point>>,
    /// In place of the tracks that are found.
    pub(super) file: Option<TracksFile>,
}

/// A file of tracks, which is read anew for each image that becomes *before*.
#[derive(Debug)]
pub(super) struct TracksFile {
    pub(super) name: String,
    bytes: Vec<u8>,
}

impl TracksFile {
    /// As text, which every format of tracks is.
    pub(super) fn as_text(&self) -> Option<TextFile> {
        Some(TextFile { file: self.name.clone(), text: String::from_utf8(self.bytes.clone()).ok()? })
    }
}

impl From<TextFile> for TracksFile {
    fn from(TextFile { file, text }: TextFile) -> Self {
        Self { name: file, bytes: text.into_bytes() }
    }
}

impl Desk {
    pub(super) fn draw_track(&mut self) {
        if self.hand.tool == Tool::Tracks && !self.working() {
            (self.tracing.drawn, self.tracing.selected, self.tracing.doing) = (Some(Vec::new()), None, Doing::Nothing);
        }
    }

    pub(super) fn drop_track(&mut self) {
        (self.tracing.drawn, self.tracing.doing, self.tracing.bent) = (None, Doing::Nothing, None);
    }

    pub(super) fn finish_track(&mut self, at: Option<String>) {
        let Some(line) = self.tracing.drawn.take_if(|line| line.len() >= 2) else { return };
        self.keep_track_edit(Edit::Draw(line), at);
        self.write_statement();
    }

    /// The last point of a track that is being drawn is taken back; `false` when none is.
    pub(super) fn undo_track_point(&mut self) -> bool {
        match &mut self.tracing.drawn {
            None => false,
            Some(line) => {
                if line.pop().is_none() {
                    self.tracing.drawn = None;
                }
                true
            }
        }
    }

    /// A place was pointed at, in an image's own pixels: the next point of a track, or the track to select.
    pub(super) fn pick_on_track(&mut self, side: Side, at: Point, time: Option<String>) {
        let at = self.in_frame(side, at);
        if let Some(line) = &mut self.tracing.drawn {
            if line.last().is_none_or(|last| last.distance(at) >= STEP_PX) {
                line.push(at);
            }
            return;
        }
        if self.pick_for_track(at, time) {
            return;
        }
        let Some(before) = self.detection(Side::Before) else { return };
        let reach = REACH_M / before.gsd_m;
        let there = self.all_tracks();
        let near = there.iter().filter_map(|track| Some((foot_on_line(at, &track.line_px)?.distance, track.id)));
        let nearest = near.filter(|(distance, _)| *distance <= reach).min_by(|a, b| a.0.total_cmp(&b.0));
        self.tracing.selected = nearest.map(|(_, id)| id);
    }

    pub(super) fn select_track(&mut self, id: Option<u32>) {
        let known = |id: &u32| self.all_tracks().iter().any(|t| t.id == *id);
        self.tracing.selected = id.filter(known);
        (self.tracing.doing, self.tracing.bent) = (Doing::Nothing, None);
    }

    pub(super) fn delete_track(&mut self, at: Option<String>) {
        if self.working() {
            return;
        }
        let track = self.selected_track();
        (self.tracing.selected, self.tracing.doing, self.tracing.bent) = (None, Doing::Nothing, None);
        if let Some(track) = track {
            self.keep_track_edit(Edit::Delete(self.as_drawn(&track)), at);
            self.write_statement();
        }
    }

    /// Takes tracks from a file in place of those that are found. Before there are images it is kept for them.
    pub fn set_tracks(&mut self, file: &str, bytes: Vec<u8>) {
        self.forget_tracks_problem();
        self.tracing.file = Some(TracksFile { name: file.to_owned(), bytes });
        // What is still to be read may be the images that the tracks belong to; they come along when those are compared.
        if self.ledger.reading() {
            return;
        }
        if self.before.is_some() && self.after.is_some() {
            self.start(true);
        } else if self.before.is_none() {
            let message = format!("{file} holds tracks; they wait for the images. Add two images of the yard.");
            self.say("tracks-wait", message, Some(file.to_owned()));
        }
    }

    /// Goes back to the tracks that are found.
    pub(super) fn forget_tracks(&mut self) {
        if self.tracing.file.take().is_some() {
            self.forget_tracks_problem();
            self.start(true);
        }
    }

    fn forget_tracks_problem(&mut self) {
        self.problems.retain(|p| !["not-tracks", "tracks-wait"].contains(&p.code.as_str()));
    }

    /// The lines of the file in an image's pixels; `None` without one, and where it can't be used.
    pub(super) fn tracks_of_file(&self, before: u32) -> Option<Vec<Vec<Point>>> {
        let tracks = self.read_tracks(before)?.ok()?;
        Some(tracks.into_iter().map(|track| track.line_px).collect())
    }

    /// Says why a file of tracks can't be used with this image.
    pub(super) fn check_tracks(&mut self, before: u32) {
        if let Some(Err(problem)) = self.read_tracks(before) {
            self.tracing.file = None;
            self.forget_tracks_problem();
            self.problems.push(problem);
        }
    }

    fn read_tracks(&self, before: u32) -> Option<Result<Vec<tracks_file::Track>, Problem>> {
        let (file, info) = (self.tracing.file.as_ref()?, self.picture(before)?.info.as_ref()?);
        let place = &info.georeference;
        let to_pixels = |lonlat| place.to_pixel(lonlat);
        let to_pixels: Option<ToPixels<'_>> = if place.corners_lonlat.is_some() { Some(&to_pixels) } else { None };
        let size_px = (info.width as usize, info.height as usize);
        Some(tracks_file::read(&file.bytes, &file.name, size_px, to_pixels).map_err(|e| Problem::from(&e)))
    }

    /// The file, for the provenance.
    pub(super) fn tracks_input(&self) -> Option<Input> {
        self.tracing.file.as_ref().map(|file| Input::other(&file.name, &file.bytes, "tracks"))
    }

    /// The edit that it makes.
    pub(super) fn tracks_edit(&self) -> Option<Value> {
        let tracks = self.read_tracks(self.before?)?.ok()?;
        let names: Vec<Option<String>> = tracks.into_iter().map(|track| track.name).collect();
        let file = self.tracing.file.as_ref()?;
        Some(json!({ "edit": "use-tracks", "file": file.name, "names": names }))
    }

    /// Points of the track that is drawn, and the line through them; shown on both dates, since a track lies on both.
    pub(super) fn marks_of_track(&self) -> (Vec<Mark>, Option<Stroke>) {
        // Of the selected track its vertices, which can be dragged.
        let (Some(line), last) = (match &self.tracing.drawn {
            Some(line) => (Some(line.clone()), line.len()),
            None => {
                let held = if let Doing::BendTo(vertex) = self.tracing.doing { vertex + 1 } else { 0 };
                (self.tracing.bent.clone().or_else(|| self.selected_track().map(|track| self.handles(&track))), held)
            }
        }) else {
            return (Vec::new(), None);
        };
        let mark = |(side, (n, &at)): (Side, (usize, &Point))| Mark {
            pair: None,
            side,
            at,
            label: String::new(),
            active: n + 1 == last,
        };
        let sides = [Side::Before, Side::After];
        let marks = sides.into_iter().flat_map(|side| line.iter().enumerate().map(move |point| (side, point))).map(mark);
        (marks.collect(), (line.len() >= 2 && self.tracing.drawn.is_some()).then(|| (None, line.clone())))
    }

    /// The rows of the list.
    pub(super) fn track_views(&self) -> Vec<TrackView> {
        let Some(before) = self.detection(Side::Before).filter(|_| self.hand.tool == Tool::Tracks) else { return Vec::new() };
        let view = |track: &Track| TrackView {
            id: track.id,
            length_m: track.length_m,
            cars: before.railcars.iter().filter(|c| c.track == track.id).count(),
            confidence: track.confidence,
            snapped_m: track.snapped_m,
            selected: self.tracing.selected == Some(track.id),
        };
        self.all_tracks().iter().map(view).collect()
    }
}
