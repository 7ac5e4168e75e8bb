//! What lies on the desk: the images, which two are compared, what is under way, what went wrong. Every decision of the page
//! is made here, without a browser.
//!
//! ```text
//! add ─▶ reads ─▶ settle (twice the same? which two? which is older?) ─▶ plan ─▶ jobs ─▶ answer or refusal
//! ```

mod areas;
mod bending;
mod beside;
mod correcting;
mod dragging;
mod edits;
mod exporting;
mod grid;
mod hand;
mod pair;
mod pairs;
mod place;
mod places;
mod project;
mod reading;
mod record;
mod report;
mod reshape;
mod residuals;
mod sheet;
mod show;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_by_hand;
#[cfg(test)]
mod tests_correcting;
#[cfg(test)]
mod tests_exporting;
#[cfg(test)]
mod tests_hostile;
#[cfg(test)]
mod tests_overview;
#[cfg(test)]
mod tests_pairs;
#[cfg(test)]
mod tests_places;
#[cfg(test)]
mod tests_project;
#[cfg(test)]
mod tests_reshaping;
#[cfg(test)]
mod tests_weighing;
mod tracing;
mod weighing;
mod whereabouts;
mod work;

pub use areas::Ground;
pub use edits::AreaKind;
pub(in crate::web) use edits::Edit;
pub use exporting::{Order as ExportOrder, Wanted};
pub use grid::{GridLine, Lay};
pub use hand::{LOUPE_PX, Mark, Search};
pub(in crate::web) use record::Added;
pub use residuals::Arrow;
pub use sheet::{Caption, Fated, Outline, Rail, Sheet, Shown, Source, Stroke};
pub use weighing::Waiting;
pub use work::{Answer, Work};

use super::budget::Budget;
use super::command::Command;
use super::picture::{Dropped, Picture};
use super::snapshot::{Order, Problem, StatementView};
use super::view::{LayerName, Mode, View};
use crate::error::Warning;
use crate::geometry::Point;
use crate::georeference::is_sidecar;
use crate::pipeline::{Job, Plan, Side};
use beside::Beside;
use work::Ledger;

/// The state of the page.
#[derive(Debug, Default)]
pub struct Desk {
    pictures: Vec<Picture>,
    last_id: u32,
    /// The two that are compared; a single image lies on the first place.
    before: Option<u32>,
    after: Option<u32>,
    order: Order,
    plan: Option<Plan>,
    /// What the plan says can be done; asked once after each answer, since writing the jobs out takes time.
    ready: Vec<Job>,
    /// Written when the answer comes, not with every snapshot.
    statement: Option<StatementView>,
    ledger: Ledger,
    /// Read since the last time the desk was settled.
    fresh: Vec<u32>,
    /// No honest answer, or stopped.
    refused: bool,
    view: View,
    /// Keys of the cars that the map shows, as the map says.
    in_view: Vec<String>,
    hand: hand::Hand,
    correcting: correcting::Correcting,
    tracing: tracing::Tracing,
    shaping: reshape::Shaping,
    /// What a pointer holds.
    grip: Option<dragging::Grip>,
    /// Corners of the area that is drawn, in pixels of *before*.
    corners: Vec<Point>,
    /// The answer with corrections put in that were not counted yet, or the last one while it is counted again.
    corrected: Option<Plan>,
    place: place::Place,
    /// The user's own; they stay when the desk is cleared.
    places: places::Places,
    drawn: whereabouts::Drawn,
    exporting: exporting::Exporting,
    opening: project::Opening,
    pairs: pairs::Pairs,
    problems: Vec<Problem>,
    warnings: Vec<Warning>,
    beside: Beside,
    /// Memory that the work may take.
    budget: Budget,
    workers: usize,
    /// Each of two large images lies in a worker of its own.
    one_each: bool,
}

impl Desk {
    /// Lays files on the desk, to be read; gives each an id. What is said about earlier files is taken back, and images
    /// that the program drew make room for real ones. Files that belong beside an image are kept for it, in whatever order they come.
    pub fn add(&mut self, files: &[Dropped]) -> Vec<u32> {
        if files.is_empty() {
            return Vec::new();
        }
        if !self.ledger.busy() {
            // Left unread by a stop, and now in the way.
            self.pictures.retain(|p| p.info.is_some() || p.waiting.is_some());
        }
        self.problems.clear();
        let first = files.iter().find(|dropped| !is_sidecar(&dropped.file));
        if let Some(first) = first {
            self.refused = false;
            if self.pictures.iter().any(|p| p.synthetic != first.synthetic) {
                self.clear();
            }
        }
        let ids = files.iter().map(|dropped| self.lay_down(dropped)).collect();
        self.read_again();
        self.name_waiting();
        ids
    }

    fn lay_down(&mut self, dropped: &Dropped) -> u32 {
        self.last_id += 1;
        if is_sidecar(&dropped.file) {
            self.beside.keep(self.last_id, &dropped.file);
        } else {
            let picture = Picture::new(self.last_id, dropped);
            self.ledger.queue(read(&picture));
            self.pictures.push(picture);
        }
        self.last_id
    }

    /// Does what the shell asks for. What is left to do lies in [`Desk::next_work`] afterwards, and [`Desk::take_stop`] says
    /// whether the workers have to be stopped.
    pub fn command(&mut self, command: Command) {
        match command {
            Command::Cancel => self.cancel(),
            Command::Run => self.run_again(),
            Command::OpenOverviews => self.open_overviews(),
            Command::Example => {
                self.clear();
                self.ledger.queue(Work::Example);
            }
            Command::Clear => self.clear(),
            Command::SetMode { mode } => self.view.mode = mode,
            Command::SetLayer { layer, on } => *self.layer(layer) = on,
            Command::Select { key } => self.view.selected = key.filter(|key| self.has_car(key)),
            Command::SetGsd { side, gsd_m } => self.set_gsd(side, gsd_m),
            Command::SetDate { side, date } => self.set_date(side, date),
            Command::SwapDates => self.swap(),
            Command::UseImage { id, side } => self.use_image(id, side),
            Command::SetSwipe { position } => self.view.swipe = share(position, self.view.swipe),
            Command::FollowMap { on } => self.view.follow = on,
            Command::SetFade { opacity } => self.view.fade = share(opacity, self.view.fade),
            Command::DismissProblem { code, file } => self.problems.retain(|p| p.code != code || p.file != file),
            Command::TakeTool { tool } => self.take_tool(tool),
            Command::Nudge { side, direction, fine } => self.nudge(side, direction, fine),
            Command::ClickLoupe { side, x, y, width } => self.click_loupe(side, (x, y), width),
            Command::ActivatePoint { id } => self.activate_point(id),
            Command::ConfirmPoint { id } => self.confirm_point(id),
            Command::DeletePoint { id } => self.delete_point(id),
            Command::UndoPoint => self.undo_point(),
            Command::RedoPoint => self.redo_point(),
            Command::UsePoints => self.use_points(true),
            Command::ForgetPoints => self.use_points(false),
            Command::SetLength { length_m } => self.set_length(length_m),
            Command::AcceptAlignment => {
                self.hand.accepted = true;
                self.write_statement();
            }
            Command::ShowWorst => self.view.mode = Mode::Blink,
            Command::AcceptCar { key, at } => self.judge_car(&key, edits::Verdict::Accepted, at),
            Command::RejectCar { key, at } => self.judge_car(&key, edits::Verdict::Rejected, at),
            Command::UndoEdit => self.undo_edit(),
            Command::DrawCar { key } => self.draw_car(key.as_deref()),
            Command::ShiftCar { key, along_m, across_m, at } => self.shift_car(&key, (along_m, across_m), at),
            Command::StretchCar { key, by_m, at } => self.stretch_car(&key, by_m, at),
            Command::SplitCar { key, at } => self.split_car(&key, at),
            Command::MergeCar { key, at } => self.merge_car(&key, at),
            Command::RetypeCar { key, car_type, at } => self.retype_car(&key, car_type, at),
            Command::FinishArea { kind, at } => self.finish_area(kind, at),
            Command::DropArea => self.drop_area(),
            Command::ForgetAreas { at } => self.forget_areas(at),
            Command::NextUncertain => self.select_next_uncertain(),
            Command::RedoEdit => self.redo_edit(),
            Command::CountAgain => self.count_again(),
            Command::DrawTrack => self.draw_track(),
            Command::FinishTrack { at } => self.finish_track(at),
            Command::DropTrack => self.drop_track(),
            Command::SelectTrack { id } => self.select_track(id),
            Command::CutTrack => self.cut_track(),
            Command::BendTrack => self.bend_track(),
            Command::DeleteTrack { at } => self.delete_track(at),
            Command::ForgetTracks => self.forget_tracks(),
            Command::SetFacility { id } => self.set_facility(id.as_deref()),
            Command::AddPlace { name, at } => self.add_place(&name, at.as_deref()),
            Command::RemovePlace { id } => self.remove_place(&id),
            Command::SetLabels { labels } => self.name_places(&labels.places),
            Command::AddPair => self.add_pair(),
            Command::OpenPair { index } => self.open_pair(index),
            Command::RemovePair { index } => self.remove_pair(index),
            Command::ClearRecord => self.clear_record(),
            Command::SetEdition { credit, licence, caption, place } => self.set_edition([credit, licence, caption, place]),
            Command::SetStory { choices, engine } => self.set_story(choices, engine),
            Command::MeasureStory { language } => self.measure_story(language),
            Command::AddLook { side, at } => self.add_look(side, at),
            Command::RemoveLook { index } => self.remove_look(index),
            Command::HoldLook { index } => self.hold_look(index),
            Command::Export { file, language } => self.export(file, language),
            // These concern the map or the browser alone.
            Command::FitView | Command::ShowOther | Command::SaveRecord | Command::LookAt { .. } => {}
        }
    }

    /// The map says which cars it shows, where the list follows it; `true` when they are others than before.
    pub fn see(&mut self, in_view: impl FnOnce() -> Vec<String>) -> bool {
        if !self.view.follow {
            return false;
        }
        let in_view = in_view();
        let others = self.in_view != in_view;
        self.in_view = in_view;
        others
    }

    /// The image with this id.
    pub fn picture(&self, id: u32) -> Option<&Picture> {
        self.pictures.iter().find(|p| p.id == id)
    }

    /// Ids of the images that are read.
    pub fn image_ids(&self) -> Vec<u32> {
        self.pictures.iter().filter(|p| p.info.is_some()).map(|p| p.id).collect()
    }

    /// Id of the image on one side.
    pub fn side(&self, side: Side) -> Option<u32> {
        match side {
            Side::Before => self.before,
            Side::After => self.after,
        }
    }

    /// The user pointed at a place of an image, in the map's frame; `time` is ISO 8601.
    pub fn point_at(&mut self, side: Side, at: Point, time: Option<String>) {
        self.pick(side, at, time);
    }

    /// The user dragged a control point, in the map's frame.
    pub fn drag(&mut self, pair: u32, side: Side, to: Point) {
        self.drag_point(pair, side, to);
    }

    /// The plan, and what is known of its answer.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    fn clear(&mut self) {
        let (last_id, view) = (self.last_id, std::mem::take(&mut self.view));
        let mut ledger = std::mem::take(&mut self.ledger);
        ledger.stop();
        let (exporting, budget, workers) = (self.exporting.emptied(), self.budget, self.workers);
        let (places, drawn) = (std::mem::take(&mut self.places), std::mem::take(&mut self.drawn));
        *self = Self {
            last_id,
            ledger,
            exporting,
            budget,
            workers,
            places,
            drawn,
            view: View { selected: None, ..view },
            ..Self::default()
        };
    }

    fn cancel(&mut self) {
        if !self.ledger.busy() {
            return;
        }
        self.ledger.stop();
        self.lay_out_unread();
        self.refused = true;
        self.say("cancelled", "Stopped. The images are still here; start again when you like.".to_owned(), None);
    }

    fn run_again(&mut self) {
        if self.ledger.busy() {
            return;
        }
        self.problems.clear();
        self.refused = false;
        let unread: Vec<Work> = self.pictures.iter().filter(|p| p.info.is_none() && p.waiting.is_none()).map(read).collect();
        if !unread.is_empty() {
            unread.into_iter().for_each(|work| self.ledger.queue(work));
        } else if self.before.is_some() && self.after.is_some() {
            self.start(true);
        } else {
            self.settle();
        }
    }

    /// Something went wrong outside; it is said.
    pub fn trouble(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn say(&mut self, code: &str, message: String, file: Option<String>) {
        self.problems.push(Problem { code: code.to_owned(), message, file });
    }

    fn layer(&mut self, layer: LayerName) -> &mut bool {
        let layers = &mut self.view.layers;
        match layer {
            LayerName::New => &mut layers.new,
            LayerName::Gone => &mut layers.gone,
            LayerName::Both => &mut layers.both,
            LayerName::Rejected => &mut layers.rejected,
            LayerName::Gantries => &mut layers.gantries,
            LayerName::Grid => &mut layers.grid,
            LayerName::Tracks => &mut layers.tracks,
            LayerName::Change => &mut layers.change,
            LayerName::Residuals => &mut layers.residuals,
        }
    }

    fn picture_mut(&mut self, id: u32) -> Option<&mut Picture> {
        self.pictures.iter_mut().find(|p| p.id == id)
    }
}

fn read(picture: &Picture) -> Work {
    Work::Read { picture: picture.id, file: picture.file.clone() }
}

/// A share of 0 to 1; what isn't a number changes nothing.
fn share(value: f64, old: f64) -> f64 {
    if value.is_finite() { value.clamp(0.0, 1.0) } else { old }
}
