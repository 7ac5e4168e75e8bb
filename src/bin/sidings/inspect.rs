//! `inspect`: what each file is. The pixels are decoded too, so that a damaged file is found out here.

use crate::{Answer, args, load};
use sidings::credentials;
use sidings::decode;
use sidings::error::{Error, Result, Warning};
use sidings::georeference::Sun;
use sidings::limits::Limits;
use sidings::report::json::{Document, Failure, Image, Inspect, round_to, sha256_hex};
use std::path::Path;

/// Looks at every file; those that can be read are told of even when another can't.
pub fn run(arguments: &args::Inspect) -> Answer {
    let (mut images, mut first_error) = (Vec::new(), None);
    for path in &arguments.images {
        match inspect(path) {
            Ok(image) => images.push(image),
            Err(error) => {
                eprintln!("sidings: {error}");
                first_error.get_or_insert(error);
            }
        }
    }
    let document = Document::new("inspect", Inspect { images, error: first_error.as_ref().map(Failure::from) });
    match &first_error {
        Some(error) => Answer::with_error(&document, error),
        None => Answer::good(&document),
    }
}

fn inspect(path: &Path) -> Result<Image> {
    let (file, bytes, limits) = (load::name(path), load::read(path)?, Limits::default());
    let header = decode::header(&bytes, &file, &limits)?;
    let georeference = load::georeference(&bytes, path, &header);
    let mut warnings = georeference.warnings.clone();
    match decode::scene(&bytes, &file, &limits) {
        Ok(scene) => warnings.extend(decode::flatness(&decode::without(scene, georeference.nodata))),
        // Too small to compare is still something that can be looked at.
        Err(Error::File { code: "too-small", message, .. }) => warnings.push(Warning::new("too-small", message)),
        Err(error) => return Err(error),
    }
    Ok(Image {
        format: header.format.to_owned(),
        width: header.width,
        height: header.height,
        bands: header.bands,
        bits: header.bits,
        gsd_m: georeference.gsd_m.map(|v| round_to(v, 5)),
        gsd_xy_m: georeference.gsd_xy_m.map(|size| size.map(|v| round_to(v, 5))),
        sun: georeference
            .sun((header.width as usize, header.height as usize))
            .map(|sun| Sun { azimuth_deg: round_to(sun.azimuth_deg, 2), elevation_deg: round_to(sun.elevation_deg, 2) }),
        crs: georeference.crs,
        corners_lonlat: georeference.corners_lonlat.map(|corners| corners.map(|p| p.map(|v| round_to(v, 7)))),
        captured: georeference.captured,
        content_credentials: credentials::read(&bytes),
        sha256: sha256_hex(&bytes),
        bytes: bytes.len() as u64,
        file,
        warnings,
    })
}
