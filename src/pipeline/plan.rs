//! What is done so far, and what may be done next.

use super::change::not_the_same_place;
use super::{ByHand, Gsd, Job, Outcome, Request, Side, TrackEdits, ground, overview};
use crate::align::{Alignment, Status};
use crate::compare::{Comparison, Told};
use crate::corrections;
use crate::error::{Error, Warning};
use crate::geometry::{Point, Transform};
use crate::yard::{Count, Detection, GsdSource};

/// What is done so far, and what may be done next.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What the user asked for.
    pub request: Request,
    /// Width and height of *after*; only a projective alignment needs them, to know where to measure its scale.
    pub after_size_px: Option<(usize, usize)>,
    /// Done or not.
    pub alignment: Option<Alignment>,
    /// Cars of *before*: at first from that image alone, in the end with the help of the other.
    pub before: Option<Detection>,
    /// Cars of *after*, likewise.
    pub after: Option<Detection>,
    /// Done or not.
    pub comparison: Option<Comparison>,
    rechecked_before: Option<Detection>,
    rechecked_after: Option<Detection>,
    /// Overviews of *before* and *after*.
    overviews: [Asked; 2],
    /// Scales of *before* and *after* as they were found by an overview, or before a person corrected anything, with what was warned of them.
    measured: [Option<(Gsd, Vec<Warning>)>; 2],
}

/// An overview of one side.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Asked {
    /// Nobody asked for it.
    #[default]
    Not,
    /// To come before the cars of this side are looked for.
    For,
    /// Given; `None` where it tells no number.
    Given(Option<Count>),
}

/// What is known of one side's ground sample distance.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scale {
    /// Known, or known to be unknown (`None`): look at once.
    Settled(Option<Gsd>),
    /// It will follow from the other side once a job under way is done.
    Waits,
}

impl Plan {
    /// A plan in which nothing is done yet.
    pub fn new(request: Request) -> Self {
        Self { request, ..Self::default() }
    }

    /// Asks for an overview of one side before its cars are looked for, if its size (columns, rows) makes it worth one. No answer
    /// depends on it. What somebody drew or corrected is not in it, so beside that it would confuse and is left out.
    pub fn ask_overview(&mut self, side: Side, size_px: (usize, usize)) {
        let Request { tracks_before_px, corrections, track_edits, .. } = &self.request;
        let untouched = tracks_before_px.is_none() && *corrections == corrections::ByDate::default() && track_edits.is_empty();
        if untouched && self.detection(side).is_none() && overview::is_worth(size_px) {
            self.overviews[side as usize] = Asked::For;
        }
    }

    /// About how many railcars one side shows, as an overview has it: not to be told once they are counted.
    pub fn overview(&self, side: Side) -> Option<Count> {
        match self.overviews[side as usize] {
            Asked::Given(count) => count,
            Asked::Not | Asked::For => None,
        }
    }

    /// Whether an overview is asked for and not given yet.
    pub fn awaits_overview(&self) -> bool {
        self.overviews.contains(&Asked::For)
    }

    /// Jobs whose needs are met and whose answer is missing: overviews first, then those that take longest. A caller who hands them out in
    /// parallel keeps account, by [`Job::step`], of what is under way. None left: the plan is at its end.
    pub fn ready(&self) -> Vec<Job> {
        let both = || [Side::Before, Side::After].into_iter();
        let mut jobs: Vec<Job> = both().filter_map(|side| self.overview_job(side)).collect();
        let aligning = self.alignment.is_none().then(|| Job::Align { control_points: self.request.control_points.clone() });
        let detecting = both().filter_map(|side| self.detect_job(side));
        // The time of an alignment hardly grows with the scene, that of the search for cars in proportion.
        if self.overviews == [Asked::Not; 2] {
            jobs.extend(aligning.into_iter().chain(detecting));
        } else {
            jobs.extend(detecting.chain(aligning));
        }
        if self.comparison.is_none() {
            jobs.extend(self.joint_jobs());
        }
        jobs
    }

    /// Takes what a person says of cars and tracks, in place of what was said before. The images are walked again; alignment and scales stay, and a
    /// bench that has looked at an image looks again only when a track was drawn.
    pub fn tell(&mut self, corrections: corrections::ByDate, track_edits: TrackEdits) {
        for side in [Side::Before, Side::After] {
            if let Some(found) = self.detection(side) {
                let of_scale = found.warnings.iter().filter(|w| w.code == "gsd-estimated").cloned().collect();
                self.measured[side as usize] = Some(((found.gsd_m, found.gsd_from), of_scale));
            }
        }
        (self.request.corrections, self.request.track_edits) = (corrections, track_edits);
        (self.before, self.after, self.comparison) = (None, None, None);
        (self.rechecked_before, self.rechecked_after) = (None, None);
        self.overviews = [Asked::Not; 2];
    }

    /// The plan with corrections put into its answer and nothing learnt from them: what holds until the cars are counted again.
    pub fn put_in(&self, corrections: &corrections::ByDate) -> Self {
        let mut plan = self.clone();
        plan.before = self.before.as_ref().map(|d| corrections.before.put_in(d));
        plan.after = self.after.as_ref().map(|d| corrections.after.put_in(d));
        if let (Some(before), Some(after), Some(comparison)) = (&self.before, &self.after, &self.comparison)
            && let (Some(older), Some(newer), Some(to_before)) = (&plan.before, &plan.after, self.transform())
        {
            let (before, after) = (Told { found: before, corrected: older }, Told { found: after, corrected: newer });
            plan.comparison = Some(comparison.put_in(before, after, to_before));
        }
        plan
    }

    /// Takes an answer.
    pub fn accept(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Aligned(alignment) => self.alignment = Some(*alignment),
            Outcome::Overviewed(side, overview) => {
                self.overviews[side as usize] = Asked::Given(overview.count);
                if let Some(warning) = overview.measured {
                    self.measured[side as usize] = Some((overview.gsd, vec![warning]));
                }
            }
            Outcome::Detected(side, mut detection) => {
                if let Some((_, warnings)) = &self.measured[side as usize] {
                    detection.warnings.extend(warnings.iter().cloned());
                }
                match side {
                    Side::Before => self.before = Some(*detection),
                    Side::After => self.after = Some(*detection),
                }
            }
            Outcome::Rechecked(side, mut detection) => {
                keep_warnings(&mut detection, self.detection(side));
                match side {
                    Side::Before => self.rechecked_before = Some(*detection),
                    Side::After => self.rechecked_after = Some(*detection),
                }
            }
            Outcome::Compared { comparison, before, after } => {
                self.comparison = Some(*comparison);
                self.before = Some(*before);
                self.after = Some(*after);
            }
        }
    }

    /// Why there will be no comparison, when that is certain. The detections of each image stay good.
    pub fn refusal(&self) -> Option<Error> {
        let alignment = self.alignment.as_ref()?;
        if self.transform().is_some() {
            return None;
        }
        Some(not_the_same_place(alignment))
    }

    /// The share of all steps that are done, 0 to 1, each weighted alike.
    pub fn share_done(&self) -> f64 {
        let steps = [
            self.alignment.is_some(),
            self.before.is_some(),
            self.after.is_some(),
            self.rechecked_before.is_some(),
            self.rechecked_after.is_some(),
            self.comparison.is_some(),
        ];
        steps.iter().filter(|&&done| done).count() as f64 / steps.len() as f64
    }

    /// The transform from *after* to *before*, once there is one that may be used.
    pub fn transform(&self) -> Option<&Transform> {
        self.alignment.as_ref().filter(|a| a.status != Status::Fail)?.after_to_before.as_ref()
    }

    fn detection(&self, side: Side) -> Option<&Detection> {
        match side {
            Side::Before => self.before.as_ref(),
            Side::After => self.after.as_ref(),
        }
    }

    /// The overview of one side, if it is asked for and has not to wait for a scale.
    fn overview_job(&self, side: Side) -> Option<Job> {
        if self.overviews[side as usize] != Asked::For {
            return None;
        }
        let Scale::Settled(gsd) = self.scale(side) else { return None };
        Some(Job::Overview { side, gsd })
    }

    /// The look at one side for its cars, unless it is done or has to wait for an overview, a scale or tracks.
    fn detect_job(&self, side: Side) -> Option<Job> {
        if self.detection(side).is_some() || self.overviews[side as usize] == Asked::For {
            return None;
        }
        let Scale::Settled(gsd) = self.scale(side) else { return None };
        let by_hand_of_before = self.request.tracks_before_px.is_some() || !self.request.track_edits.is_empty();
        if by_hand_of_before && side == Side::After {
            self.alignment.as_ref()?;
        }
        let tracks_px = self.drawn_px(side);
        Some(Job::Detect { side, gsd, tracks_px, by_hand: Box::new(self.by_hand(side)) })
    }

    /// What a person says of one side, in its pixels; of tracks nothing where they cannot be carried over.
    fn by_hand(&self, side: Side) -> ByHand {
        let edits = &self.request.track_edits;
        let (corrections, tracks) = match side {
            Side::Before => (&self.request.corrections.before, edits.clone()),
            Side::After => {
                let carried = self.before_to_after().map(|t| edits.carried(&t));
                (&self.request.corrections.after, carried.unwrap_or_default())
            }
        };
        ByHand { corrections: corrections.clone(), tracks, misdated: self.request.misdated[side as usize] }
    }

    /// The tracks that the user drew, in pixels of one side; `None` where none were drawn or they cannot be carried over.
    fn drawn_px(&self, side: Side) -> Option<Vec<Vec<Point>>> {
        let lines = self.request.tracks_before_px.as_ref()?;
        match side {
            Side::Before => Some(lines.clone()),
            Side::After => self.before_to_after().map(|t| ground::map_lines(lines, &t)),
        }
    }

    /// Known from the user or the file; else through the alignment from the other side, whose scale is asked for first and
    /// estimated last, so that both sides always agree; else estimated from the image itself.
    fn scale(&self, side: Side) -> Scale {
        let asked = |side| match side {
            Side::Before => self.request.before_gsd,
            Side::After => self.request.after_gsd,
        };
        let measured = || self.measured[side as usize].as_ref().map(|(gsd, _)| *gsd);
        if let Some(gsd) = asked(side).or_else(measured) {
            return Scale::Settled(Some(gsd));
        }
        let other = asked(side.other());
        if other.is_none() && side == Side::Before {
            return Scale::Settled(None);
        }
        if self.alignment.is_none() {
            return Scale::Waits;
        }
        let Some(ratio) = self.after_gsd_per_before_gsd() else { return Scale::Settled(None) };
        let of_overview = || self.measured[Side::Before as usize].as_ref().map(|((gsd_m, _), _)| *gsd_m);
        let estimated = || self.before.as_ref().map(|d| d.gsd_m).or_else(of_overview).map(|gsd_m| (gsd_m, GsdSource::Estimated));
        let Some((gsd_m, from)) = other.or_else(estimated) else { return Scale::Waits };
        let factor = if side == Side::After { ratio } else { 1.0 / ratio };
        Scale::Settled(Some((gsd_m * factor, from)))
    }

    /// One pixel of *after* covers this many pixels of *before*.
    fn after_gsd_per_before_gsd(&self) -> Option<f64> {
        let (width, height) = self.after_size_px.unwrap_or((0, 0));
        let center = Point::new(width as f64 / 2.0, height as f64 / 2.0);
        self.transform().map(|t| t.scale_at(center)).filter(|s| s.is_finite() && *s > 0.0)
    }

    fn before_to_after(&self) -> Option<Transform> {
        self.transform()?.inverse()
    }

    /// What needs both dates: the second look at each side, then the comparison.
    fn joint_jobs(&self) -> Vec<Job> {
        let (Some(alignment), Some(to_before), Some(to_after)) = (&self.alignment, self.transform(), self.before_to_after())
        else {
            return Vec::new();
        };
        let (Some(before), Some(after)) = (&self.before, &self.after) else { return Vec::new() };
        if let (Some(before), Some(after)) = (&self.rechecked_before, &self.rechecked_after) {
            let (before, after) = (Box::new(before.clone()), Box::new(after.clone()));
            return vec![Job::Compare { alignment: Box::new(alignment.clone()), before, after }];
        }
        let mut jobs = Vec::new();
        if self.rechecked_before.is_none() {
            jobs.push(self.recheck(Side::Before, before, after, &to_after));
        }
        if self.rechecked_after.is_none() {
            jobs.push(self.recheck(Side::After, after, before, to_before));
        }
        jobs
    }

    fn recheck(&self, side: Side, own: &Detection, other: &Detection, own_to_other: &Transform) -> Job {
        let drawn_px = self.drawn_px(side).unwrap_or_default();
        Job::Recheck {
            side,
            own: Box::new(own.clone()),
            other: Box::new(other.clone()),
            own_to_other: *own_to_other,
            drawn_px,
            by_hand: Box::new(self.by_hand(side)),
        }
    }
}

/// What the first look warned of stays true after the second.
fn keep_warnings(detection: &mut Detection, first: Option<&Detection>) {
    for warning in first.into_iter().flat_map(|d| &d.warnings) {
        if !detection.warnings.iter().any(|w| w.code == warning.code) {
            detection.warnings.push(warning.clone());
        }
    }
}
