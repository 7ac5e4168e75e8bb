//! Tracks that are there, by hand: bent at a vertex, cut in two; and which tracks there are, those included that wait for the next count.

use super::Desk;
use super::dragging::thinned_line;
use super::edits::{Edit, Reline};
use crate::geometry::{Point, foot_on_line, point_along};
use crate::pipeline::Side;
use crate::web::command::Tool;
use crate::yard::Track;

/// Ids of tracks that were drawn since the last count; those that were counted have small ones.
const DRAWN_FROM: u32 = 1_000_000;

/// A line that was drawn lies no farther than this from what it was moved on to, m.
const MOVED_M: f64 = 2.0;

/// The vertices that are shown of a track leave nothing of it farther away than this, m: in the tightest curve of a yard one every 19 m or so.
const THINNED_M: f64 = 0.3;

/// A cut this near to an end would leave no track, px.
const STUMP_PX: f64 = 2.0;

/// What pointing at the selected track does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Doing {
    /// Selects another.
    #[default]
    Nothing,
    /// Cuts it there.
    Cut,
    /// Takes a vertex of it in hand, or a new one.
    Bend,
    /// Puts that vertex there.
    BendTo(usize),
}

impl Desk {
    /// The next place that is pointed at cuts the selected track.
    pub(super) fn cut_track(&mut self) {
        self.begin(Doing::Cut);
    }

    /// The next place that is pointed at takes a vertex of the selected track in hand, and the one after that puts it there.
    pub(super) fn bend_track(&mut self) {
        self.begin(Doing::Bend);
    }

    fn begin(&mut self, doing: Doing) {
        if self.hand.tool == Tool::Tracks && !self.working() && self.selected_track().is_some() {
            self.tracing.drawn = None;
            self.tracing.doing = if self.tracing.doing == doing { Doing::Nothing } else { doing };
        }
    }

    /// A place was pointed at, in pixels of *before*; `true` when the selected track took it.
    pub(super) fn pick_for_track(&mut self, at: Point, time: Option<String>) -> bool {
        let Some(track) = self.selected_track() else { return false };
        match std::mem::take(&mut self.tracing.doing) {
            Doing::Nothing => return false,
            Doing::Cut => self.cut(&track, at, time),
            Doing::Bend => {
                let reach = super::tracing::REACH_M / self.gsd_of_plan(Side::Before).unwrap_or(1.0);
                self.tracing.doing = match hold(&self.handles(&track), at, reach) {
                    Some((line, vertex)) => {
                        self.tracing.bent = Some(line);
                        Doing::BendTo(vertex)
                    }
                    None => Doing::Bend,
                };
            }
            Doing::BendTo(vertex) => {
                if let Some(line) = self.tracing.bent.take() {
                    self.bend(&track, moved(line, vertex, at), time);
                }
            }
        }
        true
    }

    /// The selected track, as it lies now.
    pub(super) fn selected_track(&self) -> Option<Track> {
        self.all_tracks().into_iter().find(|track| Some(track.id) == self.tracing.selected)
    }

    /// The vertices by which a track is bent. One that was found has a vertex every few metres, of which each alone would bend it to a spike.
    pub(super) fn handles(&self, track: &Track) -> Vec<Point> {
        thinned_line(&track.line_px, THINNED_M / self.gsd_of_plan(Side::Before).unwrap_or(1.0))
    }

    /// A track lies along another line now.
    pub(super) fn bend(&mut self, track: &Track, line: Vec<Point>, time: Option<String>) {
        self.reline(Reline::Bend, track, vec![line], time);
    }

    fn cut(&mut self, track: &Track, at: Point, time: Option<String>) {
        let line = &track.line_px;
        let Some(foot) = foot_on_line(at, line) else { return };
        let whole: f64 = line.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
        let Some(there) = point_along(line, foot.along).filter(|_| foot.along > STUMP_PX && foot.along < whole - STUMP_PX) else {
            return;
        };
        let mut run = 0.0;
        let after = line.windows(2).take_while(|pair| {
            run += pair[0].distance(pair[1]);
            run < foot.along
        });
        let first = after.count() + 1;
        let (mut a, mut b) = (line[..first].to_vec(), vec![there]);
        a.push(there);
        b.extend(line[first..].iter().filter(|p| p.distance(there) > 1e-9));
        self.reline(Reline::Cut, track, vec![a, b], time);
    }

    fn reline(&mut self, how: Reline, track: &Track, to: Vec<Vec<Point>>, time: Option<String>) {
        self.keep_track_edit(Edit::Reline(how, self.as_drawn(track), to), time);
        self.tracing.selected = self.all_tracks().last().map(|track| track.id);
        self.write_statement();
    }

    /// The line that a person drew, of a track that was moved from it on to its railcars; else the track's own.
    pub(super) fn as_drawn(&self, track: &Track) -> Vec<Point> {
        let drawn = track.snapped_m.and_then(|_| self.counted_drawing(track));
        drawn.unwrap_or_else(|| track.line_px.clone())
    }

    /// Of the lines that were counted as drawn the one along this track.
    fn counted_drawing(&self, track: &Track) -> Option<Vec<Point>> {
        let counted = &self.plan()?.request.track_edits.added_px;
        let reach = MOVED_M / self.gsd_of_plan(Side::Before)?;
        let off = |line: &&Vec<Point>| {
            let feet = line.iter().filter_map(|p| foot_on_line(*p, &track.line_px));
            feet.map(|foot| foot.distance).fold(0.0, f64::max)
        };
        counted.iter().filter(|line| off(line) <= reach).min_by(|a, b| off(a).total_cmp(&off(b))).cloned()
    }

    /// True for a track that was deleted, bent or cut since the last count.
    pub(super) fn is_deleted(&self, track: &Track) -> bool {
        let edits = self.track_edits();
        let gone =
            || track.snapped_m.and_then(|_| self.counted_drawing(track)).is_some_and(|line| !edits.added_px.contains(&line));
        edits.deleted_px.contains(&track.line_px) || gone()
    }

    /// The tracks of *before* that were counted, less those that are gone since, and those that were drawn since.
    pub(super) fn all_tracks(&self) -> Vec<Track> {
        let Some(before) = self.detection(Side::Before) else { return Vec::new() };
        let mut tracks: Vec<Track> = before.tracks.iter().filter(|track| !self.is_deleted(track)).cloned().collect();
        let counted = self.plan().map(|plan| plan.request.track_edits.added_px.clone()).unwrap_or_default();
        let drawn = self.track_edits().added_px;
        let fresh = (DRAWN_FROM..).zip(drawn).filter(|(_, line)| !counted.contains(line));
        tracks.extend(fresh.map(|(id, line_px)| {
            let length_px: f64 = line_px.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
            Track { id, line_px, length_m: length_px * before.gsd_m, confidence: 1.0, snapped_m: Some(0.0) }
        }));
        tracks
    }
}

/// A line with the vertex that lies within reach of a place, or with a new one where the line itself does; and which vertex it is.
pub(super) fn hold(line: &[Point], at: Point, reach: f64) -> Option<(Vec<Point>, usize)> {
    let nearest = line.iter().enumerate().min_by(|(_, a), (_, b)| a.distance(at).total_cmp(&b.distance(at)));
    if let Some((vertex, _)) = nearest.filter(|(_, p)| p.distance(at) <= reach) {
        return Some((line.to_vec(), vertex));
    }
    let foot = foot_on_line(at, line).filter(|foot| foot.distance <= reach)?;
    let there = point_along(line, foot.along)?;
    let mut run = 0.0;
    let passed = line.windows(2).take_while(|pair| {
        run += pair[0].distance(pair[1]);
        run < foot.along
    });
    let vertex = passed.count() + 1;
    let mut bent = line.to_vec();
    bent.insert(vertex.min(line.len()), there);
    Some((bent, vertex.min(line.len())))
}

/// A line with one vertex elsewhere.
pub(super) fn moved(mut line: Vec<Point>, vertex: usize, to: Point) -> Vec<Point> {
    if let Some(p) = line.get_mut(vertex) {
        *p = to;
    }
    line
}
