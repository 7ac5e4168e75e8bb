//! `compare`: both dates, what is new, the sentence, and the account of how it came about.

use crate::load::{self, Loaded};
use crate::progress::Progress;
use crate::{Answer, args, export, tracks};
use clap::CommandFactory;
use clap::error::ErrorKind;
use serde_json::Value;
use sidings::corrections::{ByDate, Given, Wanted};
use sidings::date::Date;
use sidings::error::{Error, Result, Warning};
use sidings::facilities::{self, Facility};
use sidings::georeference::{Captured, DateSource, Georeference};
use sidings::pipeline::{self, Request, TrackEdits};
use sidings::record::{self, Entry};
use sidings::report::exhibit::{Edition, Exhibit};
use sidings::report::json::{self, Compare, Context, Document, Input, Source, ToLonLat};
use std::path::Path;

/// The code of what the user has to write otherwise: wrong usage on the command line, the error of a row in a table.
const USAGE: &str = "usage";

/// Compares the two dates, writes what was asked for, and prints the document.
pub fn run(arguments: &args::Compare) -> Result<Answer> {
    let mut progress = Progress::new();
    let answer = answer(arguments, &mut |step, share| progress.tell(step, share));
    drop(progress);
    match answer {
        Err(error) if error.code() == USAGE => wrong_usage(&error.message()),
        answer => Ok(Answer::good(&answer?)),
    }
}

/// Compares the two dates and writes what was asked for.
pub fn answer(arguments: &args::Compare, tell: &mut Tell<'_>) -> Result<Document<Compare>> {
    let edition = edition(&arguments.edition).map_err(|error| usage(error.message()))?;
    if let Some(folder) = &arguments.out {
        make_folder(folder)?;
    }
    let engine = arguments.engine.as_deref().map(load::engine).transpose()?;
    let mut history = History::of(arguments)?;
    let (before, after) = load::pair(&arguments.pair.before, &arguments.pair.after)?;
    let Asked { request, edits } = asked(arguments, &before, &after, &mut history.inputs)?;
    let before_input = before.input("before", captured(arguments.before_date, &before));
    let after_input = after.input("after", captured(arguments.after_date, &after));
    history.warnings.extend(before.warnings(arguments.gsd).into_iter().chain(after.warnings(None)));
    let (before_place, after_place) = (before.georeference.clone(), after.georeference.clone());
    let before_lonlat = |p| before_place.to_lonlat(p);
    let after_lonlat = |p| after_place.to_lonlat(p);
    let mut bench = load::bench(before, after);
    let given = request.corrections.clone();
    let taught = ByDate { before: given.before.taught(), after: given.after.taught() };
    let request = Request { corrections: taught, ..request };
    let mut plan = pipeline::run(request, &mut bench, tell)?;
    if given.before.draws() || given.after.draws() {
        plan = plan.put_in(&given);
    }
    let context = Context {
        before: source(before_input, &before_place, &before_lonlat),
        after: source(after_input, &after_place, &after_lonlat),
        other_inputs: history.inputs,
        facility: history.facility.as_ref(),
        entries: &history.entries,
        edits,
        alignment_accepted: false,
        warnings: history.warnings,
    };
    let unfinished = || Error::NoAnswer { code: "unfinished", message: "The comparison did not come to its end.".to_owned() };
    let document = json::compare(&plan, &context).ok_or_else(unfinished)?;
    if let Some(folder) = &arguments.out {
        let exhibit = Exhibit::new(&plan, &context, edition).ok_or_else(unfinished)?;
        let making = export::Making { engine: engine.as_ref(), choices: arguments.edition.choices() };
        export::write_all(&exhibit, &document, &bench, making, folder)?;
    }
    Ok(document)
}

/// Hears of the steps as they go.
pub type Tell<'a> = dyn FnMut(&'static str, f64) -> Result<()> + 'a;

fn usage(message: String) -> Error {
    Error::NoAnswer { code: USAGE, message }
}

/// What the editor says, without what no document may hold.
fn edition(said: &args::Edition) -> Result<Edition> {
    let args::Edition { credit, licence, caption, place, lang, .. } = said.clone();
    Edition { credit, licence, caption, place, language: lang }.checked()
}

/// Made before the work begins, so that nobody waits for an answer that can't be written.
fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Error::File {
        file: load::name(folder),
        code: "not-writable",
        message: format!("The folder can't be made: {e}."),
    })
}

fn source<'a>(input: Input, place: &Georeference, to_lonlat: ToLonLat<'a>) -> Source<'a> {
    Source { input, to_lonlat: place.corners_lonlat.is_some().then_some(to_lonlat) }
}

/// What is asked of the pipeline, and which of it a person set by hand.
struct Asked {
    request: Request,
    edits: Vec<Value>,
}

fn asked(arguments: &args::Compare, before: &Loaded, after: &Loaded, inputs: &mut Vec<Input>) -> Result<Asked> {
    let mut edits = Vec::new();
    let (before_gsd, after_gsd) = (before.gsd(arguments.gsd), after.gsd(None));
    let other_day = |named: Option<Date>, image: &Loaded| {
        Captured::is_another_day(image.georeference.captured.as_ref(), named.map(|date| date.iso()).as_deref())
    };
    let misdated = [other_day(arguments.before_date, before), other_day(arguments.after_date, after)];
    let mut request = Request { before_gsd, after_gsd, misdated, ..Request::default() };
    if let Some(path) = &arguments.tracks {
        let tracks = tracks::of_image(path, before)?;
        request.tracks_before_px = Some(tracks::lines(&tracks.value));
        edits.push(tracks::edit(&tracks));
        inputs.push(tracks.input);
    }
    if let (Some(path), Some((points, bytes))) = (&arguments.points, load::control_points(arguments.points.as_deref())?) {
        inputs.push(Input::other(&load::name(path), &bytes, "control-points"));
        request.control_points = points;
    }
    if let Some(path) = &arguments.corrections {
        let read = tracks::corrections(path, Wanted::BothDates)?;
        match read.value {
            Given::BothDates(corrections) => request.corrections = corrections,
            Given::Told(told) => {
                request.corrections = told.corrections;
                request.track_edits = TrackEdits { added_px: told.drawn_px, deleted_px: told.deleted_px };
            }
            Given::OneImage(_) => {}
        }
        inputs.push(read.input);
    }
    edits.extend(json::control_points_edit(&request));
    edits.extend(json::track_edits(&request.track_edits));
    edits.extend(json::corrections_edits(&request));
    Ok(Asked { request, edits })
}

/// When an image was taken: as the user says, else as the file or its name says.
fn captured(given: Option<Date>, image: &Loaded) -> Option<Captured> {
    let given = given.map(|date| Captured::on(date.iso(), DateSource::User));
    given.or_else(|| image.georeference.captured.clone())
}

/// The facility and its earlier counts.
struct History {
    facility: Option<Facility>,
    entries: Vec<Entry>,
    inputs: Vec<Input>,
    warnings: Vec<Warning>,
}

impl History {
    fn of(arguments: &args::Compare) -> Result<Self> {
        let mut history = Self { facility: None, entries: Vec::new(), inputs: Vec::new(), warnings: Vec::new() };
        let mut known = facilities::built_in();
        if let Some(path) = &arguments.facilities {
            let bytes = load::read(path)?;
            let own = facilities::read_csv(&bytes, &load::name(path))?;
            known.retain(|f| facilities::find(&own, &f.id).is_none());
            known.extend(own);
            history.inputs.push(Input::other(&load::name(path), &bytes, "facilities"));
        }
        if let Some(id) = &arguments.facility {
            let facility = facilities::find(&known, id).ok_or_else(|| unknown_facility(id, &known))?.clone();
            history.entries = record::published(&facility.id);
            history.facility = Some(facility);
        }
        if let Some(path) = &arguments.record {
            history.take_record(path)?;
        }
        Ok(history)
    }

    /// The user's own record takes the place of the published one.
    fn take_record(&mut self, path: &Path) -> Result<()> {
        let bytes = load::read(path)?;
        let entries = record::read_csv(&bytes, &load::name(path))?;
        self.inputs.push(Input::other(&load::name(path), &bytes, "record"));
        let facility = self.facility.as_ref().map(|f| (f.id.as_str(), f.name.as_str()));
        let (entries, warning) = record::chosen(entries, facility, &load::name(path));
        self.entries = entries;
        self.warnings.extend(warning);
        Ok(())
    }
}

/// Ends with exit code 2.
fn wrong_usage(message: &str) -> ! {
    args::Arguments::command().error(ErrorKind::InvalidValue, message).exit()
}

/// Tells which facilities there are.
fn unknown_facility(id: &str, known: &[Facility]) -> Error {
    let ids: Vec<&str> = known.iter().map(|f| f.id.as_str()).collect();
    usage(format!("No facility is called '{id}'. Known are: {}. Add your own with --facilities PLACES.csv.", ids.join(", ")))
}
