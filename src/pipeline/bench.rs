//! The scenes that jobs run against, and what was seen in them.

use super::{Gsd, Side};
use crate::error::{Error, Result, Tick};
use crate::geometry::{Point, Transform};
use crate::georeference::{self, Georeference};
use crate::railcars::{Evidence, FirstLook, Look};
use crate::raster::{self, Raster, Scene};

/// The scenes a job runs against, one of each date. Every worker has its own.
///
/// Looking at an image takes seconds, walking its tracks milliseconds, so what was seen is kept for the next job on the
/// same side. A job on a bench that has not looked yet looks first: slower, with the same answer.
#[derive(Default)]
pub struct Workbench {
    before: Place,
    after: Place,
}

#[derive(Default)]
struct Place {
    scene: Option<Scene>,
    georeference: Option<Georeference>,
    /// Its grey values, which the alignment and the looks at both dates compare.
    luma: Option<Raster<u8>>,
    /// The first look at a ground sample distance, m, if one was asked for by itself.
    first: Option<(f64, FirstLook)>,
    seen: Option<Seen>,
}

/// How one side was looked at, and what was seen.
pub type Seen = (Look, Evidence);

/// Whether each side holds a scene and has been looked at; the pixels are too many to print.
impl std::fmt::Debug for Workbench {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = |place: &Place| (place.scene.is_some(), place.seen.is_some());
        f.debug_struct("Workbench").field("before", &state(&self.before)).field("after", &state(&self.after)).finish()
    }
}

impl Workbench {
    /// A bench with both dates on it.
    pub fn with(before: Scene, after: Scene) -> Self {
        let place = |scene| Place { scene: Some(scene), ..Place::default() };
        Self { before: place(before), after: place(after) }
    }

    /// Lays a scene on the bench, or takes it away; what was seen on that side before is forgotten.
    pub fn hold(&mut self, side: Side, scene: Option<Scene>) {
        *self.place_mut(side) = Place { scene, ..Place::default() };
    }

    /// What was seen of one side, to be handed to a bench that holds the same scene.
    pub fn seen(&self, side: Side) -> Option<&Seen> {
        self.place(side).seen.as_ref()
    }

    /// Takes over what another bench has seen of the scene on one side. To be called after [`Self::hold`], which forgets it.
    pub fn know(&mut self, side: Side, (look, evidence): Seen) {
        let place = self.place_mut(side);
        if let Some(scene) = &place.scene {
            place.seen = Some((look, evidence.over(&scene.rgb8(), scene.valid.as_ref())));
        }
    }

    /// Notes where the file says that the scene of one side lies; the alignment begins there. To be called after [`Self::hold`],
    /// which forgets it.
    pub fn locate(&mut self, side: Side, georeference: Georeference) {
        self.place_mut(side).georeference = Some(georeference);
    }

    /// How the scenes lie over each other if both their georeferences are believed: takes points of *after* to *before*.
    pub(super) fn guess(&self) -> Option<Transform> {
        let after = self.after.scene.as_ref()?;
        let (before_place, after_place) = (self.before.georeference.as_ref()?, self.after.georeference.as_ref()?);
        georeference::after_to_before(before_place, after_place, (after.width(), after.height()))
    }

    /// Exchanges the two sides, with all that is remembered of them.
    pub fn swap(&mut self) {
        std::mem::swap(&mut self.before, &mut self.after);
    }

    /// The scene of one side, if it is there.
    pub fn get(&self, side: Side) -> Option<&Scene> {
        self.place(side).scene.as_ref()
    }

    /// The scene of one side.
    ///
    /// # Errors
    /// `image-missing`: only one image was given.
    pub fn scene(&self, side: Side) -> Result<&Scene> {
        self.get(side).ok_or_else(|| missing(side))
    }

    /// The grey values of one side; shared, not copied.
    ///
    /// # Errors
    /// `image-missing`.
    pub(super) fn luma(&mut self, side: Side) -> Result<Raster<u8>> {
        let place = self.place_mut(side);
        let scene = place.scene.as_ref().ok_or_else(|| missing(side))?;
        Ok(place.luma.get_or_insert_with(|| raster::luma(&scene.rgb8())).clone())
    }

    /// True when both dates are one and the same picture, sample for sample.
    pub fn same_image(&self) -> bool {
        matches!((&self.before.scene, &self.after.scene), (Some(before), Some(after)) if before == after)
    }

    /// Direction in which shadows fall in the scene of one side, where its file says when and where it was taken.
    pub(super) fn shadow_rad(&self, side: Side) -> Option<f64> {
        let Place { scene, georeference, .. } = self.place(side);
        let scene = scene.as_ref()?;
        georeference.as_ref()?.shadow_rad((scene.width(), scene.height()))
    }

    /// The first look at one side, kept for the closer one.
    ///
    /// # Errors
    /// `image-missing`; `too-coarse`; `Cancelled` from `tick`.
    pub(super) fn overview(&mut self, side: Side, gsd_m: f64, tick: &mut Tick<'_>) -> Result<&FirstLook> {
        let place = self.place_mut(side);
        let first = match place.first.take() {
            Some((known_m, first)) if known_m == gsd_m => first,
            _ => {
                let scene = place.scene.as_ref().ok_or_else(|| missing(side))?;
                FirstLook::over(&scene.rgb8(), scene.valid.as_ref(), gsd_m, tick)?
            }
        };
        Ok(&place.first.insert((gsd_m, first)).1)
    }

    /// What the detector sees in one side at a ground sample distance, also along tracks that somebody drew; `misdated`: without the sun that
    /// its file tells of.
    ///
    /// # Errors
    /// `image-missing`; `Cancelled` from `tick`.
    pub(super) fn evidence(
        &mut self,
        side: Side,
        gsd: Gsd,
        (drawn, misdated): (&[Vec<Point>], bool),
        tick: &mut Tick<'_>,
    ) -> Result<&Evidence> {
        let shadow_rad = self.shadow_rad(side).filter(|_| !misdated);
        let look = Look { gsd, drawn: drawn.to_vec(), shadow_rad };
        let place = self.place_mut(side);
        let seen = match place.seen.take() {
            Some((known, evidence)) if known == look => evidence,
            _ => {
                let scene = place.scene.as_ref().ok_or_else(|| missing(side))?;
                let first = place.first.as_ref().filter(|(gsd_m, _)| *gsd_m == gsd.0).map(|(_, first)| first);
                Evidence::compute(&scene.rgb8(), scene.valid.as_ref(), &look, first, tick)?
            }
        };
        Ok(&place.seen.insert((look, seen)).1)
    }

    fn place(&self, side: Side) -> &Place {
        match side {
            Side::Before => &self.before,
            Side::After => &self.after,
        }
    }

    fn place_mut(&mut self, side: Side) -> &mut Place {
        match side {
            Side::Before => &mut self.before,
            Side::After => &mut self.after,
        }
    }
}

fn missing(side: Side) -> Error {
    let which = match side {
        Side::Before => "older",
        Side::After => "newer",
    };
    Error::NoAnswer {
        code: "image-missing",
        message: format!("The {which} of the two images is missing. Add an image of the same place from another date."),
    }
}
