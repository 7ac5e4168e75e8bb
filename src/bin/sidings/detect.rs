//! `detect`: railcars in one image.

use crate::progress::Progress;
use crate::{Answer, args, load, tracks};
use sidings::error::Result;
use sidings::railcars;
use sidings::report::json::{Detect, Document};
use sidings::yard::GsdSource;

/// Finds the railcars.
pub fn run(arguments: &args::Detect) -> Result<Answer> {
    let image = load::image(&arguments.image)?;
    let size_px = (image.scene.width(), image.scene.height());
    let lines = match &arguments.tracks {
        Some(path) => Some(tracks::read(path, size_px, None)?.0),
        None => None,
    };
    let options = railcars::Options { gsd: arguments.gsd.map(|gsd_m| (gsd_m, GsdSource::Given)), tracks: lines };
    let mut progress = Progress::new();
    let mut tick = |share| progress.tell("detect", share);
    let detection = railcars::detect(&image.scene.rgb8(), image.scene.valid.as_ref(), &options, &mut tick)?;
    Ok(Answer::good(&Document::new("detect", Detect::new(&detection, None))))
}
