//! What stands in a yard: tracks, railcars, and a count with its interval. Shared by the stages and the report.

use crate::error::Warning;
use crate::geometry::{Bounds, OrientedRect, Point, foot_on_line};
use serde::{Deserialize, Serialize};

/// Where the ground sample distance came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GsdSource {
    /// The user said so.
    Given,
    /// The file's georeference.
    File,
    /// Measured on the image itself; marked wherever it shows, and correctable.
    Estimated,
}

/// A scale given by hand and one in the file that differ by more than this factor are worth a word. Half as much again is
/// what the wrong choice between two products of one provider makes.
const SCALES_DIFFER: f64 = 1.25;

/// The warning that a scale given by hand, m a pixel, is far from the file's own; `None` where either is unknown or they agree.
pub fn scales_differ(given_gsd_m: Option<f64>, own_gsd_m: Option<f64>) -> Option<Warning> {
    let (given, own) = (given_gsd_m?, own_gsd_m?);
    ((given / own).max(own / given) > SCALES_DIFFER)
        .then(|| Warning::new("gsd-differs", format!("The file says {own:.3} m a pixel, {given} was given and used.")))
}

/// What a count counts, decided by the ground sample distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountKind {
    /// Individual railcars.
    Individual,
    /// Occupied track length divided by a typical pitch.
    CarEquivalents,
    /// An index of activity; no number of cars may be derived from it.
    Activity,
}

/// A count that never travels without its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// Best single figure.
    pub estimate: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Probability the interval is meant to hold, 0.9.
    pub level: f64,
    /// What is counted.
    pub kind: CountKind,
}

/// A track found in, or drawn on, one image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// Unique within the image.
    pub id: u32,
    /// Polyline in the image's own pixels.
    pub line_px: Vec<Point>,
    /// Length on the ground, m.
    pub length_m: f64,
    /// Probability that it is a track and not a street or a roof; 1 where a person drew it.
    pub confidence: f64,
    /// How far a line that a person drew was moved sideways onto the rails, at most, m: 0 where nothing showed them; `None` for a track that was found.
    pub snapped_m: Option<f64>,
}

/// What a railcar is, as far as its picture tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CarType {
    /// Box car, covered or under a sliding cover.
    Box,
    /// Open wagon, as for ore.
    Gondola,
    /// Tank car.
    Tank,
    /// Hopper, covered or open.
    Hopper,
    /// Flat, with containers, as a frame or empty.
    Flat,
    /// Locomotive.
    Locomotive,
    /// Coach.
    Passenger,
    /// Crane, tamper and the like.
    Maintenance,
    /// Seen well and none of these.
    Other,
    /// The picture doesn't tell.
    #[default]
    Unknown,
}

/// One railcar in one image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Railcar {
    /// Unique within the image.
    pub id: u32,
    /// Outline in the image's own pixels; the long side along the track.
    pub rect_px: OrientedRect,
    /// Body length, m.
    pub length_m: f64,
    /// Body width, m.
    pub width_m: f64,
    /// Posterior probability that a car stands here, 0 to 1.
    pub confidence: f64,
    /// Id of the track it stands on.
    pub track: u32,
    /// Position of the centre along the track, m from the track's first point.
    pub along_m: f64,
    /// What it is.
    #[serde(default)]
    pub car_type: CarType,
}

/// A stretch between railcars on which empty flats may stand; told, and not counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PossibleEmpty {
    /// Id of the track.
    pub track: u32,
    /// Its two ends in the image's own pixels.
    pub line_px: Vec<Point>,
    /// Length, m.
    pub length_m: f64,
    /// Mean posterior probability that it is covered, 0 to 1.
    pub chance: f64,
}

/// A thin straight thing across several tracks: the beam of a gantry or of a mast, or the shadow of one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gantry {
    /// One end, in the image's own pixels.
    pub from: Point,
    /// The other end.
    pub to: Point,
}

impl Gantry {
    /// Width of what a gantry hides, m: the beam, and what the detector sees of it on both sides.
    pub const HIDES_M: f64 = 2.5;

    /// The strip of ground that it hides, corner by corner, for an image of `gsd_m` a pixel.
    pub fn outline(&self, gsd_m: f64) -> [Point; 4] {
        let (dx, dy) = (self.to.x - self.from.x, self.to.y - self.from.y);
        let center = Point::new((self.from.x + self.to.x) / 2.0, (self.from.y + self.to.y) / 2.0);
        OrientedRect { center, length: libm::hypot(dx, dy), width: Self::HIDES_M / gsd_m, angle_rad: libm::atan2(dy, dx) }
            .corners()
    }
}

/// What the walk along one track believes, sampled every [`TrackEvidence::step_m`]; the other date is judged against it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackEvidence {
    /// Id of the track.
    pub track: u32,
    /// Spacing of the samples along the track, m.
    pub step_m: f64,
    /// Posterior probability that the sample lies on a car, 0 to 1; NaN where the image says nothing.
    pub occupied: Vec<f32>,
}

/// Everything found in one image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Ground sample distance used, m a pixel.
    pub gsd_m: f64,
    /// Where it came from.
    pub gsd_from: GsdSource,
    /// The count and its interval.
    pub count: Count,
    /// Length of track occupied by railcars, m.
    pub occupied_track_m: f64,
    /// The cars, by id.
    pub railcars: Vec<Railcar>,
    /// The tracks, by id.
    pub tracks: Vec<Track>,
    /// The walk's belief along each track.
    pub evidence: Vec<TrackEvidence>,
    /// Where empty flats may stand that are not counted.
    #[serde(default)]
    pub possible_empties: Vec<PossibleEmpty>,
    /// Beams of gantries over the tracks, and their shadows: what lies under them was judged by both their sides.
    #[serde(default)]
    pub gantries: Vec<Gantry>,
    /// Trouble that the reader should know of.
    pub warnings: Vec<Warning>,
}

/// A point belongs to a track whose line passes within this, m: under half the least spacing of tracks, 4.5 m, so that no
/// point belongs to two.
const ON_TRACK_M: f64 = 1.9;

impl Detection {
    /// What is believed of the places along the tracks, made ready to be asked often.
    pub fn occupancy(&self) -> Occupancy<'_> {
        let stretch = |track| {
            let evidence = self.evidence.iter().find(|e: &&TrackEvidence| e.track == track)?;
            let line = &self.tracks.iter().find(|t| t.id == track)?.line_px;
            Some(Stretch { line, bounds: Bounds::of(line), evidence })
        };
        Occupancy { gsd_m: self.gsd_m, stretches: self.tracks.iter().filter_map(|t| stretch(t.id)).collect() }
    }
}

/// Where cars are believed to stand.
#[derive(Debug)]
pub struct Occupancy<'a> {
    gsd_m: f64,
    stretches: Vec<Stretch<'a>>,
}

#[derive(Debug)]
struct Stretch<'a> {
    line: &'a [Point],
    bounds: Bounds,
    evidence: &'a TrackEvidence,
}

impl Occupancy<'_> {
    /// Posterior probability that a point of the image lies on a car, from the nearest track; `None` off the tracks and
    /// where the image says nothing.
    pub fn at(&self, p: Point) -> Option<f64> {
        let reach = ON_TRACK_M / self.gsd_m;
        let mut nearest: Option<(f64, f64)> = None;
        for Stretch { line, evidence, .. } in self.stretches.iter().filter(|s| s.bounds.may_be_within(p, reach)) {
            let Some(foot) = foot_on_line(p, line) else { continue };
            if foot.distance > reach || nearest.is_some_and(|(distance, _)| foot.distance >= distance) {
                continue;
            }
            let sample = (foot.along * self.gsd_m / evidence.step_m) as usize;
            match evidence.occupied.get(sample) {
                Some(q) if q.is_finite() => nearest = Some((foot.distance, f64::from(*q))),
                _ => {}
            }
        }
        nearest.map(|(_, q)| q)
    }
}
