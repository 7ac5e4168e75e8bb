//! `register`: the transform and how far to trust it.

use crate::progress::Progress;
use crate::{Answer, args, load};
use sidings::align::Alignment;
use sidings::align::by_hand::ControlPoint;
use sidings::error::{Error, Result, Warning};
use sidings::pipeline::{self, Job, Outcome, Plan, Request, Workbench};
use sidings::report::json::{Document, RegisterDocument};

/// Lays the two images over each other.
pub fn run(arguments: &args::Register) -> Result<Answer> {
    let (before, after) = load::pair(&arguments.pair.before, &arguments.pair.after)?;
    let mut warnings: Vec<Warning> = before.warnings(arguments.gsd).into_iter().chain(after.warnings(None)).collect();
    warnings.extend((before.sha256 == after.sha256).then(same_image));
    let mut bench = load::bench(before, after);
    let control_points = load::control_points(arguments.points.as_deref())?.map(|(points, _)| points);
    let (alignment, refusal) = align(&mut bench, control_points.unwrap_or_default())?;
    let document = Document::new("register", RegisterDocument::new(&alignment, warnings, refusal.as_ref()));
    Ok(match refusal {
        Some(error) => {
            eprintln!("sidings: {error}");
            Answer::with_error(&document, &error)
        }
        None => Answer::good(&document),
    })
}

/// The alignment of the two images on a bench, and why it can't be used if it can't.
pub fn align(bench: &mut Workbench, control_points: Vec<ControlPoint>) -> Result<(Alignment, Option<Error>)> {
    let mut progress = Progress::new();
    let mut plan = Plan::new(Request::default());
    let outcome = pipeline::perform(&Job::Align { control_points }, bench, &mut |share| progress.tell("align", share))?;
    let Outcome::Aligned(alignment) = outcome.clone() else { return Err(Error::Cancelled) };
    plan.accept(outcome);
    Ok((*alignment, plan.refusal()))
}

/// One file given twice.
pub fn same_image() -> Warning {
    Warning::new("same-image", "Both files hold the same image, byte for byte; give an image of another date.")
}
