//! The scenes that jobs run against.

use super::Side;
use crate::error::{Error, Result};
use crate::raster::Scene;

/// The scenes a job runs against, one of each date. Every worker has its own.
#[derive(Debug, Default)]
pub struct Workbench {
    before: Option<Scene>,
    after: Option<Scene>,
}

impl Workbench {
    /// A bench with both dates on it.
    pub fn with(before: Scene, after: Scene) -> Self {
        Self { before: Some(before), after: Some(after) }
    }

    /// Lays a scene on the bench, or takes it away; what was remembered of that side is forgotten.
    pub fn hold(&mut self, side: Side, scene: Option<Scene>) {
        match side {
            Side::Before => self.before = scene,
            Side::After => self.after = scene,
        }
    }

    /// Exchanges the two sides, with all that is remembered of them.
    pub fn swap(&mut self) {
        std::mem::swap(&mut self.before, &mut self.after);
    }

    /// The scene of one side, if it is there.
    pub fn get(&self, side: Side) -> Option<&Scene> {
        match side {
            Side::Before => self.before.as_ref(),
            Side::After => self.after.as_ref(),
        }
    }

    /// The scene of one side.
    ///
    /// # Errors
    /// `image-missing`: only one image was given.
    pub fn scene(&self, side: Side) -> Result<&Scene> {
        self.get(side).ok_or_else(|| {
            let which = match side {
                Side::Before => "older",
                Side::After => "newer",
            };
            Error::NoAnswer {
                code: "image-missing",
                message: format!("The {which} of the two images is missing. Add an image of the same place from another date."),
            }
        })
    }

    /// True when both dates are one and the same picture, sample for sample.
    pub fn same_image(&self) -> bool {
        matches!((&self.before, &self.after), (Some(before), Some(after)) if before == after)
    }
}
