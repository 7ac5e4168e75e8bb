//! `detect`: railcars in one image.

use super::number::{self, DEGREES, LON_LAT, M, Number, PX, SHARE, round_to};
use super::{Provenance, ToLonLat};
use crate::error::Warning;
use crate::geometry::Point;
use crate::yard::{self, CountKind, Detection, GsdSource};
use serde::Serialize;

/// Everything found in one image, in its own pixels.
#[derive(Debug, Clone, Serialize)]
pub struct Detect {
    /// Ground sample distance used.
    pub gsd_m: f64,
    /// Where it came from.
    pub gsd_from: GsdSource,
    /// The count and its interval.
    pub count: Count,
    /// Length of track occupied by railcars.
    pub occupied_track_m: f64,
    /// The cars.
    pub railcars: Vec<Railcar>,
    /// The tracks.
    pub tracks: Vec<Track>,
    /// Stretches between railcars where empty flats may stand; not counted.
    pub possible_empties: Vec<PossibleEmpty>,
    /// Beams of gantries over the tracks, and their shadows, from end to end: what lies under them was judged by both their sides.
    pub gantries_px: Vec<[[f64; 2]; 2]>,
    /// Trouble that the reader should know of.
    pub warnings: Vec<Warning>,
}

/// A stretch between railcars where empty flats may stand.
#[derive(Debug, Clone, Serialize)]
pub struct PossibleEmpty {
    /// Id of the track.
    pub track: u32,
    /// Its ends.
    pub line_px: Vec<[f64; 2]>,
    /// Length on the ground.
    pub length_m: f64,
    /// Mean posterior probability that it is covered.
    pub chance: f64,
}

/// A count with its interval; whole numbers when it counts cars.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Count {
    /// Best single figure.
    pub estimate: Number,
    /// Lower end.
    pub low: Number,
    /// Upper end.
    pub high: Number,
    /// Probability the interval is meant to hold.
    pub level: f64,
    /// What is counted.
    pub kind: CountKind,
}

impl From<&yard::Count> for Count {
    /// The interval of whole cars is rounded outward and always holds the estimate.
    fn from(count: &yard::Count) -> Self {
        let (low, high) = (count.low.min(count.estimate), count.high.max(count.estimate));
        let [estimate, low, high] = match count.kind {
            CountKind::Individual => {
                [Number::whole(count.estimate, f64::round), Number::whole(low, f64::floor), Number::whole(high, f64::ceil)]
            }
            CountKind::CarEquivalents => [count.estimate, low, high].map(|v| Number::Measure(round_to(v.max(0.0), 1))),
            CountKind::Activity => [count.estimate, low, high].map(|v| Number::Measure(round_to(v.max(0.0), SHARE))),
        };
        Self { estimate, low, high, level: round_to(count.level, SHARE), kind: count.kind }
    }
}

/// One railcar.
#[derive(Debug, Clone, Serialize)]
pub struct Railcar {
    /// Unique within the image.
    pub id: u32,
    /// Centre.
    pub center_px: [f64; 2],
    /// Corners, along the long side first.
    pub polygon_px: [[f64; 2]; 4],
    /// Body length.
    pub length_m: f64,
    /// Body width.
    pub width_m: f64,
    /// Of the long side, from +x toward +y.
    pub angle_deg: f64,
    /// Posterior probability that a car stands here.
    pub confidence: f64,
    /// Id of its track.
    pub track: u32,
    /// What it is, `unknown` where the picture doesn't tell.
    #[serde(rename = "type")]
    pub car_type: yard::CarType,
    /// Of the centre; `null` without a georeference.
    pub lonlat: Option<[f64; 2]>,
}

/// One track.
#[derive(Debug, Clone, Serialize)]
pub struct Track {
    /// Unique within the image.
    pub id: u32,
    /// Its axis.
    pub line_px: Vec<[f64; 2]>,
    /// Length on the ground.
    pub length_m: f64,
    /// Probability that it is a track; 1 where a person drew it.
    pub confidence: f64,
    /// How far a drawn track was moved sideways onto the rails, at most, m; `null` for one that was found.
    pub snapped_m: Option<f64>,
}

/// Everything found in one image, with the account of how it came about.
#[derive(Debug, Clone, Serialize)]
pub struct Detected {
    /// What was found.
    #[serde(flatten)]
    pub detect: Detect,
    /// Where the answer came from.
    pub provenance: Provenance,
}

impl Detect {
    /// From what was found, with places on Earth where the image knows them.
    pub fn new(detection: &Detection, to_lonlat: Option<ToLonLat<'_>>) -> Self {
        let track = |t: &yard::Track| Track {
            id: t.id,
            line_px: t.line_px.iter().map(|&p| rounded(p)).collect(),
            length_m: round_to(t.length_m, M),
            confidence: round_to(t.confidence, SHARE),
            snapped_m: t.snapped_m.map(|m| round_to(m, M)),
        };
        Self {
            gsd_m: round_to(detection.gsd_m, 5),
            gsd_from: detection.gsd_from,
            count: Count::from(&detection.count),
            occupied_track_m: round_to(detection.occupied_track_m, 1),
            railcars: detection.railcars.iter().map(|car| railcar(car, to_lonlat)).collect(),
            tracks: detection.tracks.iter().map(track).collect(),
            possible_empties: detection.possible_empties.iter().map(possible_empty).collect(),
            gantries_px: detection.gantries.iter().map(|g| [rounded(g.from), rounded(g.to)]).collect(),
            warnings: detection.warnings.clone(),
        }
    }
}

fn railcar(car: &yard::Railcar, to_lonlat: Option<ToLonLat<'_>>) -> Railcar {
    let rect = &car.rect_px;
    Railcar {
        id: car.id,
        center_px: rounded(rect.center),
        polygon_px: rect.corners().map(rounded),
        length_m: round_to(car.length_m, M),
        width_m: round_to(car.width_m, M),
        angle_deg: round_to(rect.angle_rad.to_degrees(), DEGREES),
        confidence: round_to(car.confidence, SHARE),
        track: car.track,
        car_type: car.car_type,
        lonlat: to_lonlat.and_then(|f| f(rect.center)).map(|p| p.map(|v| round_to(v, LON_LAT))),
    }
}

fn possible_empty(stretch: &yard::PossibleEmpty) -> PossibleEmpty {
    PossibleEmpty {
        track: stretch.track,
        line_px: stretch.line_px.iter().map(|&p| rounded(p)).collect(),
        length_m: round_to(stretch.length_m, M),
        chance: round_to(stretch.chance, SHARE),
    }
}

fn rounded(p: Point) -> [f64; 2] {
    [round_to(p.x, number::PX), round_to(p.y, PX)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::OrientedRect;

    fn json(count: yard::Count) -> String {
        serde_json::to_string(&Count::from(&count)).expect("plain numbers")
    }

    #[test]
    fn counts_of_cars_are_whole_and_hold_their_estimate() {
        let count = |estimate, low, high, kind| yard::Count { estimate, low, high, level: 0.9, kind };
        let individual = json(count(72.6, 69.2, 76.1, CountKind::Individual));
        assert_eq!(individual, r#"{"estimate":73,"low":69,"high":77,"level":0.9,"kind":"individual"}"#);
        let strange = json(count(5.0, 7.0, 4.0, CountKind::Individual));
        assert_eq!(strange, r#"{"estimate":5,"low":5,"high":5,"level":0.9,"kind":"individual"}"#);
        let unknown = json(count(f64::NAN, -1.0, f64::INFINITY, CountKind::Individual));
        assert!(unknown.starts_with(r#"{"estimate":null,"#) && unknown.contains(r#""high":null"#), "{unknown}");
        let equivalents = json(count(31.26, 20.0, 40.0, CountKind::CarEquivalents));
        assert!(equivalents.starts_with(r#"{"estimate":31.3,"low":20.0,"#), "{equivalents}");
    }

    #[test]
    fn a_car_that_points_down_the_picture_has_a_positive_quarter_turn() {
        let rect_px =
            OrientedRect { center: Point::new(10.0, 20.0), length: 8.0, width: 2.0, angle_rad: std::f64::consts::FRAC_PI_2 };
        let car = yard::Railcar {
            id: 1,
            rect_px,
            length_m: 4.0,
            width_m: 1.0,
            confidence: 0.9,
            track: 0,
            along_m: 0.0,
            car_type: yard::CarType::Tank,
        };
        let out = railcar(&car, Some(&|p: Point| Some([p.x, p.y])));
        assert_eq!(out.angle_deg, 90.0);
        assert_eq!(out.polygon_px, [[11.0, 16.0], [11.0, 24.0], [9.0, 24.0], [9.0, 16.0]]);
        assert_eq!(out.lonlat, Some([10.0, 20.0]));
    }
}
