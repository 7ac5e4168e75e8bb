//! What is to be done, what is under way, and what came back.

use super::Desk;
use crate::pipeline::{Job, Outcome, Plan};
use crate::web::budget::Extent;
use crate::web::picture::ImageInfo;
use crate::web::snapshot::{Problem, Step};

/// Reading takes about this share of a whole run on photographs of a few megapixels; it only shapes the progress bar.
const READING_SHARE: f64 = 0.1;

/// An overview is the beginning of the look for cars, about this share of it; only shapes the progress bar.
const OVERVIEW_SHARE: f64 = 0.15;

/// Number of steps of a plan, each of which counts alike in the progress bar.
const STEPS: f64 = 6.0;

/// No time left is named before this much has passed and this share is done: earlier guesses jump about.
const FORECAST_AFTER_S: f64 = 1.5;
const FORECAST_AFTER_SHARE: f64 = 0.15;

/// Something a worker can do.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// Draw the synthetic yard.
    Example,
    /// Read and decode a file.
    Read {
        /// Id of the image.
        picture: u32,
        /// Name of its file.
        file: String,
    },
    /// A job of the pipeline.
    Job(Box<Job>),
}

impl Work {
    /// Name of the step, for progress.
    pub fn step(&self) -> &'static str {
        match self {
            Work::Example => "example",
            Work::Read { .. } => "read",
            Work::Job(job) => job.step(),
        }
    }
}

/// What a worker answers. The example comes back as files, which are laid on the desk like any others.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The example is drawn.
    Drawn,
    /// A file is read.
    Read(Box<ImageInfo>),
    /// A file was looked at, and would need much memory; nothing of it is decoded.
    Large(Extent),
    /// A job is done.
    Done(Box<Outcome>),
}

/// One piece of work in a worker's hands.
#[derive(Debug)]
struct UnderWay {
    ticket: u32,
    work: Work,
    share: f64,
}

/// Keeps account of work.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    queued: Vec<Work>,
    under_way: Vec<UnderWay>,
    pub(super) last_ticket: u32,
    reads: (usize, usize),
    stop: bool,
    began_s: Option<f64>,
    shown: f64,
}

impl Ledger {
    pub(super) fn queue(&mut self, work: Work) {
        if matches!(work, Work::Read { .. }) {
            self.reads.1 += 1;
        }
        self.queued.push(work);
    }

    /// Forgets everything; workers that are busy have to be stopped.
    pub(super) fn stop(&mut self) {
        self.stop |= !self.under_way.is_empty();
        self.queued.clear();
        self.under_way.clear();
        (self.reads, self.began_s, self.shown) = ((0, 0), None, 0.0);
    }

    /// A ticket that nobody has.
    pub(super) fn ticket(&mut self) -> u32 {
        self.last_ticket += 1;
        self.last_ticket
    }

    pub(super) fn busy(&self) -> bool {
        !self.queued.is_empty() || !self.under_way.is_empty()
    }

    /// What was handed out last and is under way.
    #[cfg(test)]
    pub(super) fn last(&self) -> Option<Work> {
        self.under_way.last().map(|u| u.work.clone())
    }

    /// Whether files are being read, or yet to be.
    pub(super) fn reading(&self) -> bool {
        self.queued.iter().chain(self.under_way.iter().map(|u| &u.work)).any(|work| !matches!(work, Work::Job(_)))
    }

    /// Whether an image has yet to be handed out to be read.
    pub(super) fn queues(&self, picture: u32) -> bool {
        self.queued.iter().any(|work| matches!(work, Work::Read { picture: id, .. } if *id == picture))
    }

    fn take(&mut self, ticket: u32) -> Option<Work> {
        let at = self.under_way.iter().position(|u| u.ticket == ticket)?;
        Some(self.under_way.remove(at).work)
    }
}

impl Desk {
    /// The next piece of work that can begin now, with the ticket under which its answer is expected.
    pub fn next_work(&mut self, now_s: f64) -> Option<(u32, Work)> {
        // Two jobs that hold both of two large images would take twice the memory.
        if self.heavy() && !self.one_each && !self.ledger.under_way.is_empty() {
            return None;
        }
        let work = if self.ledger.queued.is_empty() {
            let next = self.next_job()?;
            Work::Job(Box::new(self.ready.remove(next)))
        } else {
            self.ledger.queued.remove(0)
        };
        self.ledger.began_s.get_or_insert(now_s);
        let ticket = self.ledger.ticket();
        self.ledger.under_way.push(UnderWay { ticket, work: work.clone(), share: 0.0 });
        Some((ticket, work))
    }

    /// Which of the jobs that are ready comes next.
    fn next_job(&self) -> Option<usize> {
        let reading = self.ledger.under_way.iter().any(|u| !matches!(u.work, Work::Job(_)));
        if reading || self.refused {
            return None;
        }
        let under_way = |job: &Job| self.ledger.under_way.iter().any(|u| u.work.step() == job.step());
        let free = |job: &&Job| !under_way(job);
        // While each worker holds one large image, what needs both waits until everything else is done.
        let own = |job: &&Job| !self.one_each || !job.needs_both();
        let next = self.ready.iter().filter(free).find(own);
        let joint = || self.ready.iter().find(free).filter(|_| self.ledger.under_way.is_empty());
        next.or_else(joint).and_then(|next| self.ready.iter().position(|job| std::ptr::eq(job, next)))
    }

    /// True while anything is under way or could begin.
    pub fn working(&self) -> bool {
        self.ledger.busy() || self.next_job().is_some()
    }

    /// Whether the busy workers have to be stopped; asking takes the order back.
    pub fn take_stop(&mut self) -> bool {
        std::mem::take(&mut self.ledger.stop)
    }

    /// A worker says how far it is.
    pub fn tick(&mut self, ticket: u32, share: f64) {
        if let Some(under_way) = self.ledger.under_way.iter_mut().find(|u| u.ticket == ticket) {
            under_way.share = share.clamp(under_way.share, 1.0);
        }
    }

    /// A worker is done. Answers to tickets that were called off are ignored.
    pub fn done(&mut self, ticket: u32, answer: Answer) {
        let Some(work) = self.ledger.take(ticket) else { return };
        match (work, answer) {
            (Work::Read { picture, .. }, Answer::Read(info)) => {
                self.fresh.push(picture);
                if let Some(picture) = self.picture_mut(picture) {
                    picture.info = Some(*info);
                }
                self.one_read_less();
            }
            (Work::Read { picture, .. }, Answer::Large(extent)) => {
                self.waits(picture, extent);
                self.one_read_less();
            }
            (Work::Job(_), Answer::Done(outcome)) => self.accept(*outcome),
            _ => {}
        }
    }

    /// A worker could not do it.
    pub fn failed(&mut self, ticket: u32, problem: Problem) {
        if self.exporting.failed(ticket, &problem) {
            return;
        }
        match self.ledger.take(ticket) {
            None => {}
            Some(Work::Read { picture, file }) => {
                self.pictures.retain(|p| p.id != picture);
                self.refused |= self.answer().is_none();
                self.problems.push(Problem { file: problem.file.or(Some(file)), ..problem });
                self.one_read_less();
            }
            Some(Work::Example | Work::Job(_)) => self.refuse(problem),
        }
    }

    /// What is under way, for the progress bar.
    pub(super) fn step(&mut self, now_s: f64) -> Option<Step> {
        if !self.working() {
            (self.ledger.began_s, self.ledger.shown, self.ledger.reads) = (None, 0.0, (0, 0));
            return None;
        }
        let first = self.ledger.under_way.iter().min_by_key(|u| u.ticket);
        let name = first.map(|u| u.work.step()).or_else(|| self.ledger.queued.first().map(Work::step)).unwrap_or("read");
        let fraction = self.share_done().max(self.ledger.shown);
        self.ledger.shown = fraction;
        let elapsed_s = self.ledger.began_s.map_or(0.0, |began_s| now_s - began_s);
        let known = elapsed_s >= FORECAST_AFTER_S && fraction >= FORECAST_AFTER_SHARE;
        let seconds_left = known.then(|| elapsed_s * (1.0 - fraction) / fraction);
        Some(Step { name, fraction, seconds_left })
    }

    fn share_done(&self) -> f64 {
        let part = |u: &UnderWay| match &u.work {
            Work::Job(job) if matches!(**job, Job::Overview { .. }) => OVERVIEW_SHARE * u.share,
            _ => u.share,
        };
        let shares = |jobs: bool| self.ledger.under_way.iter().filter(move |u| matches!(u.work, Work::Job(_)) == jobs).map(part);
        let (read, all) = self.ledger.reads;
        let reading = if all == 0 { 1.0 } else { (read as f64 + shares(false).sum::<f64>()) / all as f64 };
        let pair = self.after.is_some() && reading >= 1.0;
        let jobs = self.plan.as_ref().filter(|_| pair).map_or(0.0, |plan| plan.share_done() + shares(true).sum::<f64>() / STEPS);
        (READING_SHARE * reading + (1.0 - READING_SHARE) * jobs).clamp(0.0, 1.0)
    }

    fn one_read_less(&mut self) {
        self.ledger.reads.0 += 1;
        if !self.ledger.busy() && !self.weigh() {
            self.settle();
            if self.pictures.iter().any(|p| p.waiting.is_some()) {
                self.lay_out_unread();
            }
        }
    }

    fn accept(&mut self, outcome: Outcome) {
        let Some(plan) = &mut self.plan else { return };
        plan.accept(outcome);
        self.ready = plan.ready();
        self.counted_again();
        if let Some(refusal) = self.plan.as_ref().and_then(Plan::refusal) {
            self.refuse(Problem::from(&refusal));
        }
        self.write_statement();
    }

    fn refuse(&mut self, problem: Problem) {
        self.ledger.stop();
        self.refused = true;
        self.problems.push(problem);
    }
}
