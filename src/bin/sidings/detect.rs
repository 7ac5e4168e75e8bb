//! `detect`: railcars in one image.

use crate::progress::Progress;
use crate::{Answer, args, load, tracks};
use sidings::error::Result;
use sidings::railcars;
use sidings::report::json::{Detect, Document};

/// Finds the railcars.
pub fn run(arguments: &args::Detect) -> Result<Answer> {
    let image = load::image(&arguments.image)?;
    let lines = match &arguments.tracks {
        Some(path) => Some(tracks::of_image(path, &image)?.0),
        None => None,
    };
    let shadow_rad = image.georeference.shadow_rad((image.scene.width(), image.scene.height()));
    let options = railcars::Options { gsd: image.gsd(arguments.gsd), tracks: lines, shadow_rad };
    let mut progress = Progress::new();
    let mut tick = |share| progress.tell("detect", share);
    let mut detection = railcars::detect(&image.scene.rgb8(), image.scene.valid.as_ref(), &options, &mut tick)?;
    detection.warnings.extend(image.warnings(arguments.gsd));
    Ok(Answer::good(&Document::new("detect", Detect::new(&detection, Some(&|p| image.georeference.to_lonlat(p))))))
}
