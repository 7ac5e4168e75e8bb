//! `detect`: railcars in one image.

use crate::progress::Progress;
use crate::{Answer, args, load, tracks};
use serde_json::Value;
use sidings::corrections::{Given, Wanted};
use sidings::error::{Error, Result};
use sidings::pipeline::{ByHand, Job, Outcome, Side, Workbench, perform};
use sidings::report::json::{Detect, Detected, Document, Input, Provenance, Step, corrections_of};
use sidings::yard::Detection;

/// Finds the railcars.
pub fn run(arguments: &args::Detect) -> Result<Answer> {
    let image = load::image(&arguments.image)?;
    let warnings = image.warnings(arguments.gsd);
    let mut by_hand = ByHand::default();
    let (mut inputs, mut edits) = (vec![image.input("image", image.georeference.captured.clone())], Vec::new());
    let mut tracks_px = None;
    if let Some(path) = &arguments.tracks {
        let tracks = tracks::of_image(path, &image)?;
        tracks_px = Some(tracks::lines(&tracks.value));
        edits.push(tracks::edit(&tracks));
        inputs.push(tracks.input);
    }
    if let Some(path) = &arguments.corrections {
        let read = tracks::corrections(path, Wanted::OneImage)?;
        if let Given::OneImage(corrections) = read.value {
            by_hand.corrections = corrections;
        }
        edits.push(corrections_of("image", &by_hand.corrections));
        inputs.push(read.input);
    }
    let given = by_hand.corrections.clone();
    by_hand.corrections = given.taught();
    let gsd = image.gsd(arguments.gsd);
    let tracks = if tracks_px.is_some() { "given" } else { "found" };
    let job = Job::Detect { side: Side::Before, gsd, tracks_px, by_hand: Box::new(by_hand) };
    let place = image.georeference.clone();
    let mut bench = Workbench::default();
    bench.hold(Side::Before, Some(image.scene));
    bench.locate(Side::Before, image.georeference);
    let mut progress = Progress::new();
    let outcome = perform(&job, &mut bench, &mut |share| progress.tell("detect", share))?;
    let Outcome::Detected(_, mut detection) = outcome else { return Err(unfinished()) };
    if given.draws() {
        *detection = given.put_in(&detection);
    }
    detection.warnings.extend(warnings);
    let provenance = provenance(inputs, edits, &detection, tracks);
    let detect = Detect::new(&detection, Some(&|p| place.to_lonlat(p)));
    Ok(Answer::good(&Document::new("detect", Detected { detect, provenance })))
}

fn provenance(inputs: Vec<Input>, edits: Vec<Value>, detection: &Detection, tracks: &str) -> Provenance {
    Provenance { inputs, steps: vec![Step::detect("image", Some(detection), tracks)], edits }
}

fn unfinished() -> Error {
    Error::NoAnswer { code: "unfinished", message: "The search did not come to its end.".to_owned() }
}
