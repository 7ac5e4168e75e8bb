//! The change of everything on the ground, not of railcars alone: align, lay over, match tones, score.

use super::{Job, Outcome, Side, Workbench, perform};
use crate::align::{Alignment, Status};
use crate::change::{self, ChangeMap};
use crate::error::{Error, Result};
use crate::geometry::Transform;
use crate::raster::{Mask, Raster};
use crate::{normalise, resample};

/// How the two images of a change map lie over each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Grids<'a> {
    /// The caller knows that both share one grid already.
    Shared,
    /// To be found from the pixels.
    Unknown,
    /// Found before.
    Known(&'a Alignment),
}

/// Scores the change of both dates on *before*'s grid, with the alignment that was used unless both shared one grid.
///
/// Bands are taken as the files hold them, as many as both have.
///
/// # Errors
/// `not-the-same-place` when the alignment fails, else as [`change::score`]; `Cancelled` from `progress`.
pub fn change_map(
    bench: &mut Workbench,
    grids: Grids<'_>,
    progress: &mut dyn FnMut(&'static str, f64) -> Result<()>,
) -> Result<(Option<Alignment>, ChangeMap)> {
    let alignment = match grids {
        Grids::Shared => None,
        Grids::Known(alignment) => Some(alignment.clone()),
        Grids::Unknown => {
            match perform(&Job::Align { control_points: Vec::new() }, bench, &mut |share| progress("align", share))? {
                Outcome::Aligned(alignment) => Some(*alignment),
                _ => None,
            }
        }
    };
    let before_to_after = match &alignment {
        None => None,
        Some(found) => Some(usable(found).ok_or_else(|| not_the_same_place(found))?),
    };
    let (before, before_valid) = pixels(bench, Side::Before)?;
    let (after, after_valid) = pixels(bench, Side::After)?;
    let (after, after_valid) = match before_to_after {
        None => (after, after_valid),
        Some(way) => {
            let size = (before.width(), before.height());
            let (laid, mask) =
                resample::onto_grid(&after, after_valid.as_ref(), &way, size, &mut |share| progress("resample", share))?;
            (laid, Some(mask))
        }
    };
    let valid = both(before_valid.as_ref(), after_valid.as_ref(), &before);
    let shares_grid = (before.width(), before.height()) == (after.width(), after.height());
    let after = if shares_grid { normalise::match_tones(&after, &before, valid.as_ref()) } else { after };
    let map = change::score(&before, &after, valid.as_ref(), &mut |share| progress("change", share))?;
    Ok((alignment, map))
}

fn pixels(bench: &Workbench, side: Side) -> Result<(Raster<f32>, Option<Mask>)> {
    let scene = bench.scene(side)?;
    Ok((scene.to_f32(), scene.valid.clone()))
}

fn usable(alignment: &Alignment) -> Option<Transform> {
    let found = (alignment.status != Status::Fail).then_some(alignment.after_to_before).flatten()?;
    found.inverse()
}

/// Where both dates hold a measurement; `None` when everywhere.
fn both(before: Option<&Mask>, after: Option<&Mask>, shape: &Raster<f32>) -> Option<Mask> {
    let held = |mask: Option<&Mask>, x, y| mask.is_none_or(|m| x < m.width() && y < m.height() && m.at(x, y, 0));
    (before.is_some() || after.is_some())
        .then(|| Raster::from_fn(shape.width(), shape.height(), |x, y| held(before, x, y) && held(after, x, y)))
}

/// The refusal that follows from an alignment that failed.
pub(super) fn not_the_same_place(alignment: &Alignment) -> Error {
    let reasons = alignment.reasons.join(" ");
    Error::NoAnswer {
        code: "not-the-same-place",
        message: format!(
            "{reasons} If both show the same yard all the same, lay them over each other by hand, with control points."
        )
        .trim_start()
        .to_owned(),
    }
}
