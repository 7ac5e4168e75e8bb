//! Files that leave the page: what the editor says of the images, which file is being made, what came of it.

use super::Desk;
use crate::report::exhibit::{Edition, Exhibit};
use crate::report::statements;
use crate::report::story::{Choices, Measure, embed};
use crate::web::export::FileKind;
use crate::web::file_views::ExportView;
use crate::web::snapshot::Problem;
use serde::Serialize;

/// Stands where a place would, so that no file of the example can be taken for a real yard.
const SYNTHETIC: &str = "Synthetic example, not a real yard";

/// What a worker is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A file.
    File(FileKind),
    /// How large a story will be.
    Measure,
}

/// Something to be made by a worker.
#[derive(Debug)]
pub struct Order {
    /// Under which its answer is expected.
    pub ticket: u32,
    /// What.
    pub what: Wanted,
    /// What it is drawn from.
    pub exhibit: Box<Exhibit>,
    /// What a story shows, and how large it may get.
    pub choices: Choices,
    /// A story is to carry the engine.
    pub engine: bool,
}

/// What can be copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Texts {
    /// Place, date and count.
    pub short: Vec<String>,
    /// Also the comparison.
    pub medium: Vec<String>,
    /// Also what cannot be known, credit and licence.
    pub long: Vec<String>,
    /// The lines that put a story into an article.
    pub embed: String,
}

/// The file that was made last.
#[derive(Debug)]
struct Made {
    file: FileKind,
    left_out: bool,
    sha256: String,
}

/// What is known of exports.
#[derive(Debug, Default)]
pub(super) struct Exporting {
    said: Edition,
    choices: Choices,
    engine: bool,
    engine_bytes: u32,
    order: Option<Order>,
    under_way: Option<(u32, FileKind)>,
    made: Option<Made>,
    problem: Option<Problem>,
    /// The language of the story whose size is wanted.
    measures: Option<String>,
    measuring: Option<u32>,
    /// `Some(None)` when it can't be told.
    measure: Option<Option<Measure>>,
}

impl Exporting {
    /// What was said of the last file holds no longer.
    pub(super) fn hush(&mut self) {
        (self.made, self.problem) = (None, None);
        self.measure_anew();
    }

    /// True when the ticket was an export's.
    pub(super) fn failed(&mut self, ticket: u32, problem: &Problem) -> bool {
        if self.measuring.take_if(|own| *own == ticket).is_some() {
            // Why a story can't be made is said when it is asked for.
            self.measure = Some(None);
            return true;
        }
        let Some(_) = self.under_way.take_if(|(own, _)| *own == ticket) else { return false };
        self.problem = Some(problem.clone());
        true
    }

    /// What stays when the desk is cleared: how stories are made is not about these images.
    pub(super) fn emptied(&mut self) -> Self {
        let old = std::mem::take(self);
        Self {
            choices: old.choices,
            engine: old.engine,
            engine_bytes: old.engine_bytes,
            measures: old.measures,
            ..Self::default()
        }
    }

    /// What is being measured is no longer what would be made.
    fn measure_anew(&mut self) {
        (self.measure, self.measuring) = (None, None);
    }
}

impl Desk {
    /// Whose images these are, on what terms, what stands under them, and where it is.
    pub(super) fn set_edition(&mut self, said: [String; 4]) {
        let [credit, licence, caption, place] = said.map(|text| (!text.is_empty()).then_some(text));
        self.exporting.said = Edition { credit, licence, caption, place, ..Edition::default() };
        self.exporting.measure_anew();
    }

    /// How stories are made.
    pub(super) fn set_story(&mut self, choices: Choices, engine: bool) {
        (self.exporting.choices, self.exporting.engine) = (choices, engine);
        self.exporting.measure_anew();
    }

    /// Whether somebody looks at the size of a story, and in which language it will be.
    pub(super) fn measure_story(&mut self, language: Option<String>) {
        if self.exporting.measures != language {
            self.exporting.measures = language;
            self.exporting.measure_anew();
        }
    }

    /// The page has an engine for stories, of this many bytes.
    pub fn has_engine(&mut self, bytes: u32) {
        self.exporting.engine_bytes = bytes;
    }

    /// What the editor says, in a language.
    fn edition(&self, language: String) -> crate::error::Result<Edition> {
        let said = self.exporting.said.clone();
        let place = if self.is_synthetic() { Some(SYNTHETIC.to_owned()) } else { said.place.clone() };
        Edition { language, place, ..said }.checked()
    }

    /// What the editor said.
    pub(super) fn own_edition(&self) -> &Edition {
        &self.exporting.said
    }

    /// Orders a file, in a language; one at a time.
    pub(super) fn export(&mut self, file: FileKind, language: String) {
        if self.exporting.under_way.is_some() || self.working() {
            return;
        }
        (self.exporting.made, self.exporting.problem) = (None, None);
        match self.edition(language) {
            Err(error) => self.exporting.problem = Some(Problem::from(&error)),
            Ok(edition) => {
                let Some(order) = self.order(Wanted::File(file), edition) else { return };
                self.exporting.under_way = Some((order.ticket, file));
                self.exporting.order = Some(order);
            }
        }
    }

    fn order(&mut self, what: Wanted, edition: Edition) -> Option<Order> {
        let exhibit = Box::new(self.exhibit(edition)?);
        let Exporting { choices, engine, .. } = self.exporting;
        Some(Order { ticket: self.ledger.ticket(), what, exhibit, choices, engine })
    }

    /// What can be copied, in a language; `None` while there is no answer, or when a text is too long, which is then said.
    pub fn texts(&mut self, language: &str) -> Option<Texts> {
        let edition = match self.edition(language.to_owned()) {
            Ok(edition) => edition,
            Err(error) => {
                self.exporting.problem = Some(Problem::from(&error));
                return None;
            }
        };
        let exhibit = self.exhibit(edition)?;
        let said = statements::write(&exhibit.report, exhibit.place().as_deref(), &exhibit.edition);
        let rest = |whole: &str, start: &str| whole.strip_prefix(start).unwrap_or(whole).trim().to_owned();
        let (more, most) = (rest(&said.medium, &said.short), rest(&said.long, &said.medium));
        Some(Texts {
            embed: embed::snippet(&exhibit, self.exporting.choices.framing, embed::ADDRESS),
            short: vec![said.short.clone()],
            medium: vec![said.short.clone(), more.clone()],
            long: vec![said.short, more, most],
        })
    }

    /// What every file is drawn from: the answer as it is shown, and a request that carries what was corrected since the last count.
    fn exhibit(&self, edition: Edition) -> Option<Exhibit> {
        let shown = self.shown_plan()?;
        let mut plan = shown.clone();
        plan.request = self.with_edits(plan.request, self.before?, self.after?);
        self.in_context(|context| Exhibit::new(&plan, context, edition))
    }

    /// The file that is to be made, once; else the story that is to be measured.
    pub fn take_order(&mut self) -> Option<Order> {
        let Exporting { order, measures, measuring, measure, .. } = &mut self.exporting;
        if let Some(order) = order.take() {
            return Some(order);
        }
        if measuring.is_some() || measure.is_some() {
            return None;
        }
        let language = measures.clone()?;
        if self.working() {
            return None;
        }
        let order = self.edition(language).ok().and_then(|edition| self.order(Wanted::Measure, edition))?;
        self.exporting.measuring = Some(order.ticket);
        Some(order)
    }

    /// A story was measured.
    pub fn measured(&mut self, ticket: u32, measure: Measure) {
        if self.exporting.measuring.take_if(|own| *own == ticket).is_some() {
            self.exporting.measure = Some(Some(measure));
        }
    }

    /// A file is made; which one, unless nobody waits for it any more.
    pub fn exported(&mut self, ticket: u32, left_out: bool, sha256: String) -> Option<FileKind> {
        let (_, file) = self.exporting.under_way.take_if(|(own, _)| *own == ticket)?;
        self.exporting.made = Some(Made { file, left_out, sha256 });
        Some(file)
    }

    /// The browser didn't take the file.
    pub fn not_taken(&mut self, problem: Problem) {
        (self.exporting.made, self.exporting.problem) = (None, Some(problem));
    }

    /// The worker that made a file was stopped.
    pub fn forget_export(&mut self) {
        (self.exporting.order, self.exporting.under_way, self.exporting.measuring) = (None, None, None);
    }

    pub(super) fn export_view(&self) -> ExportView {
        let Exporting { said, under_way, made, problem, choices, engine, engine_bytes, measure, .. } = &self.exporting;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        ExportView {
            credit: text(&said.credit),
            licence: text(&said.licence),
            caption: text(&said.caption),
            place: text(&said.place),
            choices: *choices,
            engine: *engine,
            engine_bytes: *engine_bytes,
            measure: measure.flatten(),
            unmeasurable: matches!(measure, Some(None)) || self.edition(String::new()).is_err(),
            busy: under_way.map(|(_, file)| file),
            made: made.as_ref().map(|made| made.file),
            left_out: made.as_ref().is_some_and(|made| made.left_out),
            sha256: made.as_ref().map(|made| made.sha256.clone()),
            problem: problem.clone(),
        }
    }
}
