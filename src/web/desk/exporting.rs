//! Files that leave the page: what the editor says of the images, which file is being made, what came of it.

use super::Desk;
use crate::report::exhibit::{Edition, Exhibit};
use crate::web::export::FileKind;
use crate::web::snapshot::{ExportView, Problem};

/// Stands where a place would, so that no file of the example can be taken for a real yard.
const SYNTHETIC: &str = "Synthetic example, not a real yard";

/// A file to be made by a worker.
#[derive(Debug)]
pub struct Order {
    /// Under which its answer is expected.
    pub ticket: u32,
    /// Which file.
    pub file: FileKind,
    /// What it is drawn from.
    pub exhibit: Box<Exhibit>,
}

/// What is known of exports.
#[derive(Debug, Default)]
pub(super) struct Exporting {
    said: Edition,
    order: Option<Order>,
    under_way: Option<(u32, FileKind)>,
    made: Option<(FileKind, bool)>,
    problem: Option<Problem>,
}

impl Exporting {
    /// What was said of the last file holds no longer.
    pub(super) fn hush(&mut self) {
        (self.made, self.problem) = (None, None);
    }

    /// True when the ticket was an export's.
    pub(super) fn failed(&mut self, ticket: u32, problem: &Problem) -> bool {
        let Some(_) = self.under_way.take_if(|(own, _)| *own == ticket) else { return false };
        self.problem = Some(problem.clone());
        true
    }
}

impl Desk {
    /// Whose images these are, on what terms, and what stands under them.
    pub(super) fn set_edition(&mut self, credit: String, licence: String, caption: String) {
        let some = |text: String| (!text.is_empty()).then_some(text);
        let (credit, licence, caption) = (some(credit), some(licence), some(caption));
        self.exporting.said = Edition { credit, licence, caption, ..Edition::default() };
    }

    /// Orders a file, in a language; one at a time.
    pub(super) fn export(&mut self, file: FileKind, language: String) {
        if self.exporting.under_way.is_some() || self.working() {
            return;
        }
        self.exporting.hush();
        let place = self.is_synthetic().then(|| SYNTHETIC.to_owned());
        match (Edition { language, place, ..self.exporting.said.clone() }).checked() {
            Err(error) => self.exporting.problem = Some(Problem::from(&error)),
            Ok(edition) => {
                let Some(exhibit) = self.exhibit(edition) else { return };
                let ticket = self.ledger.ticket();
                self.exporting.under_way = Some((ticket, file));
                self.exporting.order = Some(Order { ticket, file, exhibit: Box::new(exhibit) });
            }
        }
    }

    /// What every file is drawn from: the answer as it is shown, and a request that carries what was corrected since the last count.
    fn exhibit(&self, edition: Edition) -> Option<Exhibit> {
        let shown = self.shown_plan()?;
        let mut plan = shown.clone();
        plan.request = self.with_edits(plan.request, self.before?, self.after?);
        self.in_context(|context| Exhibit::new(&plan, context, edition))
    }

    /// The file that is to be made, once.
    pub fn take_order(&mut self) -> Option<Order> {
        self.exporting.order.take()
    }

    /// A file is made; which one, unless nobody waits for it any more.
    pub fn exported(&mut self, ticket: u32, left_out: bool) -> Option<FileKind> {
        let (_, file) = self.exporting.under_way.take_if(|(own, _)| *own == ticket)?;
        self.exporting.made = Some((file, left_out));
        Some(file)
    }

    /// The browser didn't take the file.
    pub fn not_taken(&mut self, problem: Problem) {
        (self.exporting.made, self.exporting.problem) = (None, Some(problem));
    }

    /// The worker that made a file was stopped.
    pub fn forget_export(&mut self) {
        (self.exporting.order, self.exporting.under_way) = (None, None);
    }

    pub(super) fn export_view(&self) -> ExportView {
        let Exporting { said, under_way, made, problem, .. } = &self.exporting;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        ExportView {
            credit: text(&said.credit),
            licence: text(&said.licence),
            caption: text(&said.caption),
            busy: under_way.map(|(_, file)| file),
            made: made.map(|(file, _)| file),
            left_out: made.is_some_and(|(_, left_out)| left_out),
            problem: problem.clone(),
        }
    }
}
