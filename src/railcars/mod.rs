//! Railcars in one image: evidence → tracks → strips → cars, with a posterior on the count.
//!
//! ```text
//! pixels ─ ground ─ glance ─ directions ─ survey (network, tile by tile) ─ evidence ─ tracks ─ strip ─ walk ─ cars, count
//! ```
//!
//! Learned evidence, structured counting: a first look says where cars may stand at all; there, a small network that has seen drawn yards only says where bodies, ends and middles of cars
//! are likely; tracks are traced along its ridges; along each a semi-Markov walk that knows how trains are made turns log-odds into cars.

mod belief;
mod centre;
mod coarse;
mod colour;
mod cues;
mod directions;
mod empties;
mod evidence;
mod first_look;
mod frame;
mod gantries;
mod glance;
mod ground;
mod kinds;
mod layers;
mod learn;
mod lengths;
mod network;
mod place;
mod prior;
mod profile;
mod scale;
mod seen;
mod strip;
mod survey;
mod taught;
mod tracks;
mod walk;
mod weights;
mod yardwalk;

pub use centre::Snapped;
pub use first_look::FirstLook;

use crate::corrections::Corrections;
use crate::error::{Result, Tick, Warning};
use crate::geometry::Point;
use crate::raster::{Mask, Raster};
use crate::yard::{Count, CountKind, Detection, GsdSource};
use serde::{Deserialize, Serialize};

/// What is known about the image before looking.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Ground sample distance, m a pixel, and where it came from; `None`: estimate it.
    pub gsd: Option<(f64, GsdSource)>,
    /// Tracks drawn by the user, in pixels; `None`: find them.
    pub tracks: Option<Vec<Vec<Point>>>,
    /// Direction in which shadows fall in the image, from +x toward +y; `None`: unknown.
    pub shadow_rad: Option<f64>,
}

/// How to look at an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Ground sample distance, m a pixel, and where it came from.
    pub gsd: (f64, GsdSource),
    /// Tracks that a person drew, in pixels: looked at whatever the first look says.
    pub drawn: Vec<Vec<Point>>,
    /// Direction in which shadows fall in the image, from +x toward +y; `None`: unknown.
    pub shadow_rad: Option<f64>,
}

/// Ground sample distance of most imagery that is good enough to count cars in, m.
const ASSUMED_GSD_M: f64 = 0.5;

const SUN_CONTRADICTED: &str = "Shadows in the image fall to the other side than at the time of day that its file gives: the time or the \
    place may be wrong. The image was believed.";

/// How often a scene is walked to learn from its own sure cars, before the walk that counts.
const LESSONS: usize = 2;

/// Share of looking at an image that is the first look, where little of it is looked at closely.
const GLANCING: f64 = 0.2;

/// Spacing of the samples along a track, in [`crate::yard::TrackEvidence`] and in the `extra` of [`Evidence::walk`], m.
pub const STEP_M: f64 = strip::STEP_M;

/// What the network said of one image, kept so that tracks can be walked again without looking again. It can be written down, but for the image
/// itself: [`Evidence::over`] lays what was read back over it.
#[derive(Serialize, Deserialize)]
pub struct Evidence {
    gsd_from: GsdSource,
    seen: seen::Seen,
    tracks: Vec<Vec<Point>>,
}

impl Evidence {
    /// Looks at the whole image. A `first` look at the same image and scale, if there was one, is taken over; without it the answer is the same.
    ///
    /// # Errors
    /// `too-coarse` when the ground sample distance allows no statement at all; `Cancelled` from `tick`.
    pub fn compute(
        rgb: &Raster<u8>,
        valid: Option<&Mask>,
        look: &Look,
        first: Option<&FirstLook>,
        tick: &mut Tick<'_>,
    ) -> Result<Self> {
        let (gsd_m, gsd_from) = look.gsd;
        coarse::check(gsd_m)?;
        let ground = ground::Ground::new(rgb, valid, gsd_m);
        let views = if gsd_m <= coarse::STRINGS_M {
            let mut glance = match first.and_then(FirstLook::glance) {
                Some(glance) => glance.clone(),
                None => glance::Glance::over(&ground, &mut |share| tick(GLANCING * share))?,
            };
            glance.trust(&look.drawn, gsd_m, glance::CELL_M as f64);
            survey::run(&ground, glance, look.shadow_rad, gsd_m, &mut |share| tick(GLANCING + (1.0 - GLANCING) * share))?
        } else {
            evidence::Views::default()
        };
        let mut seen = seen::Seen {
            gsd_m,
            ground,
            views,
            tables: None,
            taken: yardwalk::Taken::new(gsd_m),
            rails: Default::default(),
            gantries: Vec::new(),
        };
        let mut tracks = tracks::trace(&seen.views, gsd_m);
        for lesson in 1..=LESSONS {
            tracks = tracks.iter().map(|line| centre::centred(&seen, line)).collect();
            let (yard, strips) = learn::lesson(&mut seen, &tracks);
            if lesson == LESSONS {
                tracks = place::on_railways(&seen, tracks, &yard, &strips);
            }
        }
        let (tracks, rails) = tracks::rails::complete(&seen, &tracks);
        seen.rails = rails;
        let all: Vec<Vec<Point>> = tracks.iter().chain(&look.drawn).cloned().collect();
        seen.gantries = gantries::find(&seen, &all);
        Ok(Self { gsd_from, seen, tracks })
    }

    /// The same over the image it was made of, which does not travel with it.
    pub fn over(mut self, rgb: &Raster<u8>, valid: Option<&Mask>) -> Self {
        self.seen.ground = ground::Ground::new(rgb, valid, self.seen.gsd_m);
        self
    }

    /// The tracks on which cars seem to stand, in pixels.
    pub fn tracks(&self) -> &[Vec<Point>] {
        &self.tracks
    }

    /// A line that a person drew, moved sideways onto the rails as far as the evidence shows them.
    pub fn snapped(&self, line: &[Point]) -> (Vec<Point>, Snapped) {
        centre::snapped(&self.seen, line)
    }

    /// Walks the given tracks, in pixels. `extra` holds log-odds of occupancy to add, for each track a value every [`STEP_M`] from its
    /// first point: what the other date says of the same ground. Values that are missing count as nothing.
    pub fn walk(&self, tracks: &[Vec<Point>], extra: Option<&[Vec<f32>]>) -> Detection {
        self.told(yardwalk::walk(&self.seen, tracks, extra), tracks)
    }

    /// Walks the given tracks as [`Self::walk`] does, and learns from what a person says of single cars: accepted ones are certain and show what
    /// cars look like here, rejected places are bare and their like is believed less. An accepted car that stands on none of the tracks
    /// gets one of its own. Takes milliseconds, since nothing is looked at again.
    pub fn walk_corrected(&self, tracks: &[Vec<Point>], extra: Option<&[Vec<f32>]>, corrections: &Corrections) -> Detection {
        if corrections.is_empty() {
            return self.walk(tracks, extra);
        }
        let taught = taught::teach(&self.seen, tracks, extra, corrections);
        self.told(yardwalk::walk(&self.seen, &taught.lines, Some(&taught.extra)), &taught.lines)
    }

    /// A yard that was walked, in the words of the report.
    fn told(&self, mut yard: yardwalk::Yard, tracks: &[Vec<Point>]) -> Detection {
        let gsd_m = self.seen.gsd_m;
        let (count, warning) = self.count(&yard, tracks);
        let contradicted = self.seen.views.sun_contradicted.then(|| Warning::new("sun-contradicted", SUN_CONTRADICTED));
        if count.kind != CountKind::Individual {
            yard.cars.clear();
        }
        let weights = kinds::Weights::decode();
        yard.cars.iter_mut().for_each(|car| car.car_type = kinds::of(&weights, &self.seen, car));
        let possible_empties = empties::possible(&yard.tracks, &yard.cars, &yard.evidence, gsd_m);
        let doubted = (!possible_empties.is_empty()).then(|| empties::warning(&possible_empties));
        Detection {
            gsd_m,
            gsd_from: self.gsd_from,
            count,
            occupied_track_m: yard.occupied_m,
            railcars: yard.cars,
            tracks: yard.tracks,
            evidence: yard.evidence,
            possible_empties,
            gantries: self.seen.gantries.clone(),
            warnings: warning.into_iter().chain(contradicted).chain(doubted).collect(),
        }
    }

    /// What the ground sample distance allows to be counted, and the word that goes with it.
    fn count(&self, yard: &yardwalk::Yard, tracks: &[Vec<Point>]) -> (Count, Option<Warning>) {
        let gsd_m = self.seen.gsd_m;
        let gaps = gsd_m <= coarse::GAPS_MAY_SHOW_M && (gsd_m <= coarse::SINGLE_CARS_M || coarse::gaps_show(&self.seen, yard));
        if gaps {
            return (yardwalk::count(yard), None);
        }
        if gsd_m <= coarse::STRINGS_M {
            let draws: Vec<f64> = yard.totals.iter().map(|t| t.1).collect();
            return (coarse::equivalents(yard.occupied_m, &draws, gsd_m), Some(coarse::equivalents_warning(gsd_m)));
        }
        (coarse::activity(&self.seen, tracks), Some(coarse::activity_warning(gsd_m)))
    }
}

/// Finds railcars in an 8-bit RGB image, in its own pixels.
///
/// # Errors
/// `too-coarse` when the ground sample distance allows no statement at all; `Cancelled` from `tick`.
pub fn detect(rgb: &Raster<u8>, valid: Option<&Mask>, options: &Options, tick: &mut Tick<'_>) -> Result<Detection> {
    let (gsd, warning) = match options.gsd {
        Some(gsd) => (gsd, None),
        None => {
            let (gsd, warning) = estimated_gsd(rgb, valid, &mut |share| tick(share * 0.5))?;
            (gsd, Some(warning))
        }
    };
    let begun = if options.gsd.is_some() { 0.0 } else { 0.5 };
    let look = Look { gsd, drawn: options.tracks.clone().unwrap_or_default(), shadow_rad: options.shadow_rad };
    let evidence = Evidence::compute(rgb, valid, &look, None, &mut |share| tick(begun + share * (1.0 - begun)))?;
    let tracks = options.tracks.as_deref().unwrap_or(evidence.tracks());
    let mut detection = evidence.walk(tracks, None);
    detection.warnings.extend(warning);
    Ok(detection)
}

/// The scale as the image itself shows it, or the usual one, with the words that go with it.
///
/// # Errors
/// `Cancelled` from `tick`.
pub fn estimated_gsd(rgb: &Raster<u8>, valid: Option<&Mask>, tick: &mut Tick<'_>) -> Result<((f64, GsdSource), Warning)> {
    let (gsd_m, how) = match scale::estimate(rgb, valid, tick)? {
        Some(gsd_m) => {
            (gsd_m, format!("The scale was estimated from the size of the cars: {gsd_m:.2} m a pixel, give or take a tenth."))
        }
        None => {
            (ASSUMED_GSD_M, format!("The scale is not known and could not be measured; {ASSUMED_GSD_M} m a pixel was assumed."))
        }
    };
    let warning = Warning::new("gsd-estimated", how + " Set it from a known length to correct it.");
    Ok(((gsd_m, GsdSource::Estimated), warning))
}
