//! `compare`: two dates beside each other, with the sentence and the account of how it came about.

use super::number::{LON_LAT, SHARE, round_to};
use super::{Count, Detect, Document, Input, Provenance, Record, Register, Step, ToLonLat};
use crate::align::Status;
use crate::compare::{ByDate, Comparison};
use crate::date::Date;
use crate::error::Warning;
use crate::facilities::{Facility, distance_km};
use crate::geometry::{Point, Transform};
use crate::pipeline::{Plan, Request};
use crate::record::Entry;
use crate::statement::{self, Difference, Facts, Look, Statement};
use crate::yard::{Detection, GsdSource};
use serde::Serialize;
use serde_json::{Value, json};

/// A facility named by the user and an image with a georeference belong together up to this distance. The built-in
/// coordinates are those of a town or district, kilometres from its yard at most; the nearest two facilities are 3.6 km apart.
const SAME_FACILITY_KM: f64 = 15.0;

/// One image, as the report needs it.
#[derive(Clone)]
pub struct Source<'a> {
    /// Name, hash, size, date.
    pub input: Input,
    /// Its georeference, if it has one.
    pub to_lonlat: Option<ToLonLat<'a>>,
}

/// What the stages don't know: files, dates, place, record, and what a person edited.
#[derive(Clone)]
pub struct Context<'a> {
    /// The older image.
    pub before: Source<'a>,
    /// The newer image.
    pub after: Source<'a>,
    /// Other files that went in.
    pub other_inputs: Vec<Input>,
    /// The facility the user named.
    pub facility: Option<&'a Facility>,
    /// Earlier counts of it; empty without a record.
    pub entries: &'a [Entry],
    /// What a person changed, in order.
    pub edits: Vec<Value>,
    /// A person looked at an uncertain alignment and took it.
    pub alignment_accepted: bool,
    /// Trouble met before the stages ran.
    pub warnings: Vec<Warning>,
}

/// The answer to "what is new?".
#[derive(Debug, Clone, Serialize)]
pub struct Compare {
    /// How the images lie over each other.
    pub registration: Register,
    /// The older image, in its own pixels.
    pub before: Detect,
    /// The newer image, in its own pixels.
    pub after: Detect,
    /// What differs.
    pub change: Changes,
    /// The facility the user named.
    pub facility: Option<Facility>,
    /// Earlier counts; `null` without a record.
    pub record: Option<Record>,
    /// The sentence.
    pub statement: Statement,
    /// Where the answer came from.
    pub provenance: Provenance,
    /// Trouble that the reader should know of.
    pub warnings: Vec<Warning>,
}

/// Cars by what became of them. Every car is in exactly one list.
#[derive(Debug, Clone, Serialize)]
pub struct Changes {
    /// Ids of *after*.
    pub new: Vec<u32>,
    /// Ids of *before*.
    pub gone: Vec<u32>,
    /// Id of *before*, id of *after*: the place is occupied on both dates.
    pub both: Vec<(u32, u32)>,
    /// Neither can be said.
    pub undecided: ByDate,
    /// The other image shows nothing there.
    pub outside: ByDate,
    /// Count of new cars.
    pub new_count: Count,
    /// Count of gone cars.
    pub gone_count: Count,
}

/// Writes the document of a plan that has come to its end; `None` while it has not.
pub fn compare(plan: &Plan, context: &Context<'_>) -> Option<Document<Compare>> {
    let (alignment, comparison) = (plan.alignment.as_ref()?, plan.comparison.as_ref()?);
    let (before, after) = (plan.before.as_ref()?, plan.after.as_ref()?);
    let after_to_before = alignment.after_to_before.as_ref()?;
    let Said { record, statement, warnings } = Said::of(plan, context)?;
    let to_lonlat = Places { context, after_to_before, before_to_after: after_to_before.inverse() };
    Some(Document::new(
        "compare",
        Compare {
            registration: Register::from(alignment),
            before: Detect::new(before, Some(&|p| to_lonlat.of_before(p))),
            after: Detect::new(after, Some(&|p| to_lonlat.of_after(p))),
            change: Changes::from(comparison),
            facility: context.facility.cloned(),
            record,
            statement,
            provenance: provenance(plan, context),
            warnings,
        },
    ))
}

/// The sentence of the [`compare`] document alone, without writing out every railcar; `None` while there is no answer.
pub fn statement_of(plan: &Plan, context: &Context<'_>) -> Option<Statement> {
    Said::of(plan, context).map(|said| said.statement)
}

/// What is said of an answer in words.
struct Said {
    record: Option<Record>,
    statement: Statement,
    warnings: Vec<Warning>,
}

impl Said {
    fn of(plan: &Plan, context: &Context<'_>) -> Option<Self> {
        let (alignment, comparison) = (plan.alignment.as_ref()?, plan.comparison.as_ref()?);
        let (before, after) = (plan.before.as_ref()?, plan.after.as_ref()?);
        let dates = Dates::of(context);
        let record = Record::new(context.entries, after, dates.after);
        let uncertain = alignment.status != Status::Pass && !context.alignment_accepted;
        let warnings = warnings(context, comparison, &dates, uncertain);
        let same_image = warnings.iter().any(|w| w.code == "same-image");
        let place = place(context);
        let facts = Facts {
            place: place.as_deref(),
            before: look(before, dates.before),
            after: look(after, dates.after),
            difference: (!same_image).then(|| difference(comparison, uncertain)),
            record: record.as_ref().and_then(|r| r.sentence.as_deref()),
        };
        let statement = statement::write(&facts);
        Some(Self { record, statement, warnings })
    }
}

/// Where a point of either image lies on Earth: by its own georeference, else by the other's, through the alignment.
struct Places<'a> {
    context: &'a Context<'a>,
    after_to_before: &'a Transform,
    before_to_after: Option<Transform>,
}

impl Places<'_> {
    fn of_before(&self, p: Point) -> Option<[f64; 2]> {
        match (self.context.before.to_lonlat, self.context.after.to_lonlat) {
            (Some(own), _) => own(p),
            (None, Some(other)) => other(self.before_to_after?.apply(p)),
            (None, None) => None,
        }
    }

    fn of_after(&self, p: Point) -> Option<[f64; 2]> {
        match (self.context.after.to_lonlat, self.context.before.to_lonlat) {
            (Some(own), _) => own(p),
            (None, Some(other)) => other(self.after_to_before.apply(p)),
            (None, None) => None,
        }
    }
}

impl From<&Comparison> for Changes {
    fn from(comparison: &Comparison) -> Self {
        Self {
            new: comparison.new.clone(),
            gone: comparison.gone.clone(),
            both: comparison.both.clone(),
            undecided: comparison.undecided.clone(),
            outside: comparison.outside.clone(),
            new_count: Count::from(&comparison.new_count),
            gone_count: Count::from(&comparison.gone_count),
        }
    }
}

struct Dates {
    before: Option<Date>,
    after: Option<Date>,
}

impl Dates {
    fn of(context: &Context<'_>) -> Self {
        let date = |source: &Source<'_>| source.input.captured.as_ref().and_then(|c| Date::parse(&c.date));
        Self { before: date(&context.before), after: date(&context.after) }
    }
}

fn look(detection: &Detection, date: Option<Date>) -> Look {
    Look { date, count: detection.count, scale_estimated: detection.gsd_from == GsdSource::Estimated }
}

fn difference(comparison: &Comparison, alignment_uncertain: bool) -> Difference {
    let any = |ids: &ByDate| !ids.before.is_empty() || !ids.after.is_empty();
    Difference {
        new: comparison.new_count,
        gone: comparison.gone_count,
        any_both: !comparison.both.is_empty(),
        any_undecided: any(&comparison.undecided) || any(&comparison.outside),
        alignment_uncertain,
    }
}

/// The facility by its name, else the middle of the image to a hundredth of a degree, which is about a kilometre.
fn place(context: &Context<'_>) -> Option<String> {
    if let Some(facility) = context.facility {
        return Some(format!("At {}", facility.name));
    }
    let [lon, lat] = middle(&context.before).or_else(|| middle(&context.after))?;
    let degrees = |v: f64, positive, negative| format!("{:.2}° {}", v.abs(), if v < 0.0 { negative } else { positive });
    Some(format!("Near {}, {}", degrees(lat, "N", "S"), degrees(lon, "E", "W")))
}

/// Longitude and latitude of the middle of an image.
fn middle(source: &Source<'_>) -> Option<[f64; 2]> {
    let [width, height] = source.input.size_px?;
    source.to_lonlat?(Point::new(f64::from(width) / 2.0, f64::from(height) / 2.0)).map(|p| p.map(|v| round_to(v, LON_LAT)))
}

/// Everything the reader should know of, each code once.
fn warnings(context: &Context<'_>, comparison: &Comparison, dates: &Dates, alignment_uncertain: bool) -> Vec<Warning> {
    let mut all = context.warnings.clone();
    all.extend(comparison.warnings.iter().cloned());
    if context.before.input.sha256 == context.after.input.sha256 {
        all.push(Warning::new("same-image", "Both files hold the same image, byte for byte; give an image of another date."));
    }
    if alignment_uncertain {
        all.push(Warning::new(
            "alignment-uncertain",
            "The images probably lie rightly over each other, but not surely: compare fixed things, such as buildings and switches, on both.",
        ));
    }
    if let (Some(before), Some(after)) = (dates.before, dates.after)
        && after.is_before(before)
    {
        all.push(Warning::new(
            "dates-reversed",
            format!("The image given as before ({before}) is newer than the one given as after ({after}): exchange them, or new and gone are exchanged."),
        ));
    }
    if dates.before.is_none() || dates.after.is_none() {
        let which = match (dates.before, dates.after) {
            (None, None) => "Neither image says when it was taken",
            (None, _) => "The before image does not say when it was taken",
            _ => "The after image does not say when it was taken",
        };
        all.push(Warning::new("date-unknown", format!("{which}; give the date, so that the order of the two can be checked.")));
    }
    all.extend(facility_warning(context));
    let mut seen = Vec::new();
    all.retain(|w| {
        !seen.contains(&w.code) && {
            seen.push(w.code.clone());
            true
        }
    });
    all
}

fn facility_warning(context: &Context<'_>) -> Option<Warning> {
    let facility = context.facility?;
    let [lon, lat] = middle(&context.before).or_else(|| middle(&context.after))?;
    let km = distance_km((lon, lat), (facility.lon, facility.lat));
    (km > SAME_FACILITY_KM).then(|| {
        let message = format!("By its georeference the image lies {km:.0} km from {}: check the facility.", facility.name);
        Warning::new("facility-elsewhere", message)
    })
}

/// What a person set by way of control points, for the edits; `None` without any.
pub fn control_points_edit(request: &Request) -> Option<Value> {
    (!request.control_points.is_empty()).then(|| json!({ "edit": "control-points", "points": request.control_points }))
}

fn provenance(plan: &Plan, context: &Context<'_>) -> Provenance {
    let mut inputs = vec![context.before.input.clone(), context.after.input.clone()];
    inputs.extend(context.other_inputs.iter().cloned());
    Provenance { inputs, steps: steps(plan, context), edits: context.edits.clone() }
}

fn steps(plan: &Plan, context: &Context<'_>) -> Vec<Step> {
    let decode = |source: &Source<'_>| {
        let input = &source.input;
        Step::new("decode", json!({ "image": input.role, "format": input.format, "size_px": input.size_px }))
    };
    let tracks = match &plan.request {
        request if request.tracks_before_px.is_some() => "given",
        request if !request.track_edits.is_empty() => "found and corrected",
        _ => "found",
    };
    let alignment = plan.alignment.as_ref();
    let align = json!({
        "model": alignment.map(|a| a.model),
        "status": alignment.map(|a| a.status),
        "coverage": alignment.map(|a| round_to(a.coverage, SHARE)),
    });
    vec![
        decode(&context.before),
        decode(&context.after),
        Step::new("align", align),
        Step::detect("before", plan.before.as_ref(), tracks),
        Step::detect("after", plan.after.as_ref(), tracks),
        Step::new("compare", json!({ "level": plan.comparison.as_ref().map(|c| c.new_count.level) })),
        Step::new("record", json!({ "facility": context.facility.map(|f| &f.id), "rows": context.entries.len() })),
        Step::new("statement", json!({ "language": "en" })),
    ]
}
