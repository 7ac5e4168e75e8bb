//! What every export draws from: the report, the cars with what became of them, and what the editor says about the images.
//!
//! It holds no pixels and no open file, and it can be sent as JSON to whoever holds the pixels.

use super::json::{self, Context, Source, ToLonLat, round_to};
use crate::compare::Comparison;
use crate::error::{Error, Result};
use crate::geometry::{OrientedRect, Point, Transform};
use crate::pipeline::{Plan, Request, Side};
use crate::yard::{Detection, GsdSource, Railcar};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Decimals of longitude and latitude: about a centimetre.
const LON_LAT_DECIMALS: i32 = 7;

/// Most letters of a caption: a page of print. What is longer belongs into the article.
const MAX_CAPTION: usize = 10_000;

/// Most letters of any other text.
const MAX_TEXT: usize = 500;

/// What became of a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Stands on *after* where *before* had none.
    New,
    /// Stood on *before* where *after* has none.
    Gone,
    /// The place is occupied on both dates.
    Both,
    /// Neither can be said.
    Undecided,
    /// The other image shows nothing there.
    Outside,
}

impl Status {
    /// All, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::New, Self::Gone, Self::Both, Self::Undecided, Self::Outside];

    /// The word in data and in the names of styles.
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Gone => "gone",
            Self::Both => "both",
            Self::Undecided => "undecided",
            Self::Outside => "outside",
        }
    }
}

/// One car of one image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// As in the report.
    pub id: u32,
    /// What became of it.
    pub status: Status,
    /// Id of the partner on the other date.
    pub other: Option<u32>,
    /// Outline in the image's own pixels, along the long side first.
    pub corners_px: [Point; 4],
    /// The outline on Earth, closed and turning left, in one frame for both dates; `None` without a georeference.
    pub ring_lonlat: Option<Vec<[f64; 2]>>,
    /// Body length, m.
    pub length_m: f64,
    /// Body width, m.
    pub width_m: f64,
    /// Posterior probability that a car stands here.
    pub confidence: f64,
    /// Id of its track.
    pub track: u32,
}

/// One of the two images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Name as given.
    pub file: String,
    /// SHA-256 of the bytes before decoding.
    pub sha256: String,
    /// Columns and rows.
    pub size_px: [u32; 2],
    /// When it was taken, ISO 8601.
    pub date: Option<String>,
    /// Ground sample distance, m a pixel.
    pub gsd_m: f64,
    /// Where that came from.
    pub gsd_from: GsdSource,
    /// Direction of north in the image's pixels, from +x toward +y; `None` without a georeference.
    pub north_rad: Option<f64>,
    /// The cars.
    pub marks: Vec<Mark>,
}

/// What only the editor knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Edition {
    /// Who the images belong to, with the year, e.g. "Image © 2023 Planet Labs PBC".
    pub credit: Option<String>,
    /// On what terms they may be shown.
    pub licence: Option<String>,
    /// What stands under the picture.
    pub caption: Option<String>,
    /// Where it is, in the editor's words.
    pub place: Option<String>,
    /// Language of the story: `en`, `ko`, `ru`, `zh` or `ja`.
    pub language: String,
}

impl Edition {
    /// Both credit and licence are there; without them nothing is for publication.
    pub fn is_publishable(&self) -> bool {
        self.credit.is_some() && self.licence.is_some()
    }

    /// The same without blank texts and without characters that no document may hold.
    ///
    /// # Errors
    /// `text-too-long`, naming the text and how long it may be.
    pub fn checked(self) -> Result<Self> {
        let check = |name: &str, text: Option<String>, most: usize| -> Result<Option<String>> {
            let Some(text) = text else { return Ok(None) };
            let text = super::escape::plain(&text).trim().to_owned();
            let letters = text.chars().count();
            if letters > most {
                let message = format!("The {name} has {letters} characters; at most {most} are taken. Shorten it.");
                return Err(Error::NoAnswer { code: "text-too-long", message });
            }
            Ok((!text.is_empty()).then_some(text))
        };
        Ok(Self {
            credit: check("credit", self.credit, MAX_TEXT)?,
            licence: check("licence", self.licence, MAX_TEXT)?,
            caption: check("caption", self.caption, MAX_CAPTION)?,
            place: check("place", self.place, MAX_TEXT)?,
            language: self.language,
        })
    }
}

/// Everything that the exports say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exhibit {
    /// The `compare` document.
    pub report: Value,
    /// The older image.
    pub before: Look,
    /// The newer image.
    pub after: Look,
    /// Takes pixels of *after* to *before*.
    pub after_to_before: Transform,
    /// Longitude and latitude of the middle of *before*; `None` without a georeference.
    pub middle_lonlat: Option<[f64; 2]>,
    /// Tracks and control points that a person gave; the rest of what was asked for stands in the looks.
    pub request: Request,
    /// What the editor says.
    pub edition: Edition,
}

impl Exhibit {
    /// Gathers a plan that has come to its end; `None` while it has not.
    pub fn new(plan: &Plan, context: &Context<'_>, edition: Edition) -> Option<Self> {
        let report = serde_json::to_value(json::compare(plan, context)?).ok()?;
        let comparison = plan.comparison.as_ref()?;
        let after_to_before = *plan.transform()?;
        let frame = frame_of(context, after_to_before.inverse());
        let before = look(Side::Before, plan.before.as_ref()?, comparison, &context.before, |p| frame.place(p));
        let to_frame = |p| frame.place(after_to_before.apply(p));
        let after = look(Side::After, plan.after.as_ref()?, comparison, &context.after, to_frame);
        let before = Look { north_rad: before.north_rad.or(north(&before, |p| frame.place(p))), ..before };
        let after = Look { north_rad: after.north_rad.or(north(&after, to_frame)), ..after };
        let [width, height] = before.size_px.map(f64::from);
        let middle_lonlat = frame.place(Point::new(width / 2.0, height / 2.0));
        Some(Self { report, before, after, after_to_before, middle_lonlat, request: plan.request.clone(), edition })
    }

    /// One of the two images.
    pub fn look(&self, side: Side) -> &Look {
        match side {
            Side::Before => &self.before,
            Side::After => &self.after,
        }
    }

    /// True when the cars have a place on Earth.
    pub fn is_placed(&self) -> bool {
        self.marks().any(|(_, mark)| mark.ring_lonlat.is_some()) || self.before.north_rad.is_some()
    }

    /// All cars, the older image's first.
    pub fn marks(&self) -> impl Iterator<Item = (Side, &Mark)> {
        let of = |side| self.look(side).marks.iter().map(move |mark| (side, mark));
        of(Side::Before).chain(of(Side::After))
    }

    /// Where it is: the editor's words, else the facility's name, else what the report says.
    pub fn place(&self) -> Option<String> {
        let text = |pointer: &str| self.report.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        self.edition.place.clone().or_else(|| text("/facility/name")).or_else(|| text("/statement/parts/place"))
    }
}

/// Takes points of *before* to Earth.
enum Frame<'a> {
    /// By the georeference of *before*.
    Before(ToLonLat<'a>),
    /// By the georeference of *after*, through the alignment.
    After(ToLonLat<'a>, Transform),
    /// Not at all.
    Unplaced,
}

impl Frame<'_> {
    fn place(&self, p: Point) -> Option<[f64; 2]> {
        match self {
            Frame::Before(to_lonlat) => to_lonlat(p),
            Frame::After(to_lonlat, before_to_after) => to_lonlat(before_to_after.apply(p)),
            Frame::Unplaced => None,
        }
    }
}

/// All cars lie in *one* frame, that of *before* where it is georeferenced: two georeferences differ by metres, and a place
/// that is occupied on both dates is to be seen as one place. The JSON document keeps each image's own.
fn frame_of<'a>(context: &Context<'a>, before_to_after: Option<Transform>) -> Frame<'a> {
    match (context.before.to_lonlat, context.after.to_lonlat, before_to_after) {
        (Some(to_lonlat), _, _) => Frame::Before(to_lonlat),
        (None, Some(to_lonlat), Some(before_to_after)) => Frame::After(to_lonlat, before_to_after),
        _ => Frame::Unplaced,
    }
}

fn look(
    side: Side,
    detection: &Detection,
    comparison: &Comparison,
    source: &Source<'_>,
    to_frame: impl Fn(Point) -> Option<[f64; 2]>,
) -> Look {
    let mark = |car: &Railcar| {
        let (status, other) = status_of(side, car.id, comparison);
        Mark {
            id: car.id,
            status,
            other,
            corners_px: car.rect_px.corners(),
            ring_lonlat: ring(&car.rect_px, &to_frame),
            length_m: car.length_m,
            width_m: car.width_m,
            confidence: car.confidence,
            track: car.track,
        }
    };
    let input = &source.input;
    let mut look = Look {
        file: input.file.clone(),
        sha256: input.sha256.clone(),
        size_px: input.size_px.unwrap_or_default(),
        date: input.captured.as_ref().map(|c| c.date.clone()),
        gsd_m: detection.gsd_m,
        gsd_from: detection.gsd_from,
        north_rad: None,
        marks: detection.railcars.iter().map(mark).collect(),
    };
    look.north_rad = source.to_lonlat.and_then(|own| north(&look, own));
    look
}

/// Direction of north at the middle of an image: where latitude grows and longitude stays.
fn north(look: &Look, to_lonlat: impl Fn(Point) -> Option<[f64; 2]>) -> Option<f64> {
    let [width, height] = look.size_px.map(f64::from);
    let at = |dx: f64, dy: f64| to_lonlat(Point::new(width / 2.0 + dx, height / 2.0 + dy));
    let ([west, east], [top, bottom]) = ([at(-1.0, 0.0)?, at(1.0, 0.0)?], [at(0.0, -1.0)?, at(0.0, 1.0)?]);
    let (lon, lat) = ([east[0] - west[0], bottom[0] - top[0]], [east[1] - west[1], bottom[1] - top[1]]);
    // The step that leaves longitude as it is lies across its gradient; its sign follows from latitude.
    let (x, y) = (-lon[1], lon[0]);
    let sign = if lat[0] * x + lat[1] * y < 0.0 { -1.0 } else { 1.0 };
    let angle_rad = libm::atan2(sign * y, sign * x);
    (angle_rad.is_finite() && (x, y) != (0.0, 0.0)).then_some(angle_rad)
}

/// What became of a car, and its partner on the other date.
fn status_of(side: Side, id: u32, comparison: &Comparison) -> (Status, Option<u32>) {
    let partner = comparison.both.iter().find_map(|&(before, after)| match side {
        Side::Before => (before == id).then_some(after),
        Side::After => (after == id).then_some(before),
    });
    let (news, status, undecided) = match side {
        Side::Before => (&comparison.gone, Status::Gone, &comparison.undecided.before),
        Side::After => (&comparison.new, Status::New, &comparison.undecided.after),
    };
    match partner {
        Some(other) => (Status::Both, Some(other)),
        None if news.contains(&id) => (status, None),
        None if undecided.contains(&id) => (Status::Undecided, None),
        None => (Status::Outside, None),
    }
}

/// Corners of a car as a closed ring, counterclockwise as RFC 7946 demands; `None` where a corner has no place.
fn ring(rect: &OrientedRect, to_frame: impl Fn(Point) -> Option<[f64; 2]>) -> Option<Vec<[f64; 2]>> {
    let mut ring = rect.corners().into_iter().map(to_frame).collect::<Option<Vec<_>>>()?;
    let next = |i: usize| ring[(i + 1) % ring.len()];
    let doubled_area: f64 = (0..ring.len()).map(|i| ring[i][0] * next(i)[1] - next(i)[0] * ring[i][1]).sum();
    if doubled_area < 0.0 {
        ring.reverse();
    }
    ring.push(ring[0]);
    Some(ring.into_iter().map(|p| p.map(|v| round_to(v, LON_LAT_DECIMALS))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_closed_and_turn_left_whatever_the_frame() {
        let car = OrientedRect { center: Point::new(5.0, 2.0), length: 10.0, width: 4.0, angle_rad: 0.0 };
        let south_up = ring(&car, |p| Some([p.x, p.y])).expect("a place");
        assert_eq!(south_up, [[0.0, 0.0], [10.0, 0.0], [10.0, 4.0], [0.0, 4.0], [0.0, 0.0]]);
        let north_up = ring(&car, |p| Some([p.x, -p.y])).expect("a place");
        assert_eq!(north_up, [[0.0, -4.0], [10.0, -4.0], [10.0, 0.0], [0.0, 0.0], [0.0, -4.0]]);
        assert_eq!(ring(&car, |_| None), None);
    }

    #[test]
    fn north_is_up_on_a_north_up_image_and_turns_with_it() {
        let look = Look {
            file: String::new(),
            sha256: String::new(),
            size_px: [100, 80],
            date: None,
            gsd_m: 0.5,
            gsd_from: GsdSource::File,
            north_rad: None,
            marks: Vec::new(),
        };
        let quarter = std::f64::consts::FRAC_PI_2;
        let up = north(&look, |p| Some([7.0 + 1e-5 * p.x, 47.0 - 1e-5 * p.y])).expect("a direction");
        assert!((up + quarter).abs() < 1e-6, "{up}");
        // East is down, north to the right.
        let right = north(&look, |p| Some([7.0 + 1e-5 * p.y, 47.0 + 1e-5 * p.x])).expect("a direction");
        assert!(right.abs() < 1e-6, "{right}");
        assert_eq!(north(&look, |_| None), None);
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        let edition =
            Edition { credit: Some(" \u{0}© A\u{7} ".to_owned()), caption: Some("x".repeat(5000)), ..Edition::default() };
        let checked = edition.checked().expect("within bounds");
        assert_eq!((checked.credit.as_deref(), checked.caption.map(|c| c.len())), (Some("© A"), Some(5000)));
        let blank = Edition { credit: Some("  ".to_owned()), ..Edition::default() }.checked().expect("blank is none");
        assert!(!blank.is_publishable() && blank.credit.is_none());
        let long = Edition { place: Some("x".repeat(501)), ..Edition::default() }.checked().expect_err("too long");
        assert_eq!(long.code(), "text-too-long");
    }
}
