//! What a TIFF's directory says, checked as a whole before anything is decoded.

use super::names::{Packing, Photometric};
use crate::decode::orientation::{self, Orientation};
use crate::decode::refusal::Refusal;
use crate::ifd::{Directory, Values};
use crate::limits::Limits;

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const BITS: u16 = 258;
const COMPRESSION: u16 = 259;
const PHOTOMETRIC: u16 = 262;
const FILL_ORDER: u16 = 266;
const STRIP_OFFSETS: u16 = 273;
const SAMPLES_PER_PIXEL: u16 = 277;
const ROWS_PER_STRIP: u16 = 278;
const STRIP_LENGTHS: u16 = 279;
const PLANAR: u16 = 284;
const GROUP3_OPTIONS: u16 = 292;
const PREDICTOR: u16 = 317;
const COLOR_MAP: u16 = 320;
const TILE_WIDTH: u16 = 322;
const TILE_HEIGHT: u16 = 323;
const TILE_OFFSETS: u16 = 324;
const TILE_LENGTHS: u16 = 325;
const INK_SET: u16 = 332;
const EXTRA_SAMPLES: u16 = 338;
const SAMPLE_FORMAT: u16 = 339;
const JPEG_TABLES: u16 = 347;
const YCBCR_COEFFICIENTS: u16 = 529;
const YCBCR_SUBSAMPLING: u16 = 530;
const REFERENCE_BLACK_WHITE: u16 = 532;
const GDAL_NODATA: u16 = 42113;
/// Tags that tie pixels to the ground: pixel scale, tie points, matrix. The grid they speak of is the stored one.
const GEOREFERENCE: [u16; 3] = [33550, 33922, 34264];

/// How samples are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Uint,
    Int,
    Float,
}

/// What stands in place of the samples themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Predictor {
    /// Nothing: the samples.
    None,
    /// Differences along a row.
    Horizontal,
    /// Differences of the bytes of floating point numbers.
    FloatingPoint,
}

/// Everything about the image that decoding needs to know.
#[derive(Debug, Clone)]
pub(super) struct Survey<'a> {
    pub width: u32,
    pub height: u32,
    pub bits: u32,
    /// Samples a pixel in the file, alpha counted.
    pub samples: u32,
    pub format: Format,
    pub photometric: Photometric,
    pub packing: Packing,
    pub predictor: Predictor,
    /// The least significant bit of each byte comes first.
    pub reversed_bits: bool,
    /// Tables that all JPEG pieces share.
    pub jpeg_tables: &'a [u8],
    /// Luma pixels along and across one pair of colours, where the samples are stored so.
    pub subsampling: (usize, usize),
    /// Each band in chunks of its own.
    pub planar: bool,
    /// Width and height of a whole chunk, strip or tile.
    pub chunk: (u32, u32),
    /// Offset and length of each chunk.
    pub pieces: Pieces<'a>,
    pub alpha: Option<usize>,
    pub nodata: Option<f64>,
    /// Red, green and blue of each palette entry.
    pub palette: Vec<[u8; 3]>,
    pub orientation: Orientation,
}

/// Reads the directory, refusing by name what can't be done.
pub(super) fn survey<'a>(directory: &Directory<'a>, limits: &Limits) -> Result<Survey<'a>, Refusal> {
    let size = |tag| directory.uint(tag).and_then(|v| u32::try_from(v).ok()).filter(|&v| v > 0);
    let (Some(width), Some(height)) = (size(WIDTH), size(HEIGHT)) else {
        return Err(Refusal::damaged("TIFF", "it gives no size"));
    };
    let bits = sample_bits(directory)?;
    let samples = directory.uint(SAMPLES_PER_PIXEL).unwrap_or(1).clamp(1, 65_535) as u32;
    let decoded = match bits {
        ..=8 => 1,
        9..=16 => 2,
        _ => 4,
    };
    if !limits.admit(width, height, u64::from(samples) * decoded) {
        return Err(Refusal::too_big(width, height, limits));
    }
    let unsupported = |what: String| Refusal::unsupported(format!("This TIFF holds {what}."), ADVICE);
    let photometric = photometric(directory, samples).map_err(unsupported)?;
    let packing = Packing::from_tag(directory.uint(COMPRESSION).unwrap_or(1), directory.uint(GROUP3_OPTIONS).unwrap_or(0))
        .map_err(|what| Refusal::unsupported(format!("This TIFF uses {what}."), ADVICE))?;
    let format = sample_format(directory, bits)?;
    let planar = directory.uint(PLANAR) == Some(2) && samples > 1;
    let (chunk, pieces) = chunks(directory, (width, height), if planar { samples } else { 1 })?;
    let stored = if planar { 1 } else { samples };
    if !limits.admit_chunks((width, height), chunk, pieces.len() as u64, u64::from(stored) * u64::from(bits.div_ceil(8))) {
        return Err(Refusal::damaged("TIFF", &format!("its tiles of {} × {} pixels are absurd", chunk.0, chunk.1)));
    }
    let grounded = GEOREFERENCE.iter().any(|&tag| directory.has(tag));
    let orientation =
        directory.uint(orientation::TAG).filter(|_| !grounded).map_or_else(Orientation::default, Orientation::from_tag);
    let survey = Survey {
        width,
        height,
        bits,
        samples,
        format,
        photometric,
        packing,
        predictor: predictor(directory, format, bits)?,
        reversed_bits: directory.uint(FILL_ORDER) == Some(2) && !matches!(packing, Packing::Jpeg | Packing::Webp),
        jpeg_tables: directory.raw(JPEG_TABLES).unwrap_or_default(),
        subsampling: subsampling(directory, photometric, packing, planar),
        planar,
        chunk,
        pieces,
        alpha: alpha(directory, samples),
        nodata: directory.text(GDAL_NODATA).and_then(|t| t.parse().ok()),
        palette: palette(directory),
        orientation,
    };
    colours_fit(&survey, directory).map_err(unsupported)?;
    Ok(survey)
}

/// What to do about a TIFF of a kind that isn't read.
pub(super) const ADVICE: &str =
    "Convert it to a plain 8- or 16-bit GeoTIFF (QGIS: Export, Save As; gdal_translate -co COMPRESS=DEFLATE).";

impl Limits {
    /// True when one chunk fits the limits, padding included, and so does what all of them unpack to: rows below the image aren't
    /// unpacked, columns beside it are, and a few bytes may unpack to a thousand times as many.
    fn admit_chunks(&self, size: (u32, u32), chunk: (u32, u32), pieces: u64, bytes_a_pixel: u64) -> bool {
        let sides = chunk.0.max(chunk.1) <= self.max_side_px.saturating_mul(2);
        let most = self.max_bytes.saturating_mul(2);
        let bytes = |rows: u32, times: u64| {
            let row = u64::from(chunk.0).checked_mul(bytes_a_pixel)?;
            row.checked_mul(rows.into())?.checked_mul(times).filter(|&bytes| bytes <= most)
        };
        sides && bytes(chunk.1, 1).is_some() && bytes(chunk.1.min(size.1), pieces).is_some()
    }
}

/// Bits a sample, the same for all of them.
fn sample_bits(directory: &Directory<'_>) -> Result<u32, Refusal> {
    let first = directory.uint(BITS).unwrap_or(1);
    if directory.uints(BITS).is_some_and(|bits| bits.uints().any(|b| b != first)) {
        return Err(Refusal::unsupported("This TIFF's bands have different numbers of bits.", ADVICE));
    }
    match first {
        1..=32 | 64 => Ok(first as u32),
        other => Err(Refusal::unsupported(format!("This TIFF has {other} bits a sample; 1 to 32 and 64 are read."), ADVICE)),
    }
}

fn sample_format(directory: &Directory<'_>, bits: u32) -> Result<Format, Refusal> {
    let first = directory.uint(SAMPLE_FORMAT).unwrap_or(1);
    if directory.uints(SAMPLE_FORMAT).is_some_and(|formats| formats.uints().any(|f| f != first)) {
        return Err(Refusal::unsupported("This TIFF's bands hold different kinds of numbers.", ADVICE));
    }
    match (first, bits) {
        (1 | 4, _) => Ok(Format::Uint),
        (2, 8..) => Ok(Format::Int),
        (3, 16 | 32 | 64) => Ok(Format::Float),
        (5 | 6, _) => Err(Refusal::unsupported("This TIFF holds complex numbers (perhaps a radar image).", ADVICE)),
        _ => Err(Refusal::unsupported(
            format!("This TIFF's samples are of an unknown kind (format {first}, {bits} bits)."),
            ADVICE,
        )),
    }
}

/// Differences are only used by some compressions; with others the tag has no meaning.
fn predictor(directory: &Directory<'_>, format: Format, bits: u32) -> Result<Predictor, Refusal> {
    if !matches!(directory.uint(COMPRESSION), Some(5 | 8 | 32946 | 50000)) {
        return Ok(Predictor::None);
    }
    match directory.uint(PREDICTOR).unwrap_or(1) {
        1 => Ok(Predictor::None),
        2 => Ok(Predictor::Horizontal),
        3 if format == Format::Float => Ok(Predictor::FloatingPoint),
        3 => Err(Refusal::damaged("TIFF", &format!("its integers of {bits} bits are stored by a predictor for floating point"))),
        other => Err(Refusal::unsupported(format!("This TIFF uses an unknown predictor (number {other})."), ADVICE)),
    }
}

/// JPEG pieces bring their colours to full size themselves.
fn subsampling(directory: &Directory<'_>, photometric: Photometric, packing: Packing, planar: bool) -> (usize, usize) {
    if photometric != Photometric::YCbCr || packing == Packing::Jpeg || planar {
        return (1, 1);
    }
    match stated_subsampling(directory) {
        Some([x, y]) => (x.clamp(1, 4) as usize, y.clamp(1, 4) as usize),
        None => (2, 2),
    }
}

fn stated_subsampling(directory: &Directory<'_>) -> Option<[u64; 2]> {
    let pair = directory.uints(YCBCR_SUBSAMPLING).filter(|values| values.len() == 2)?;
    Some([pair.uint(0)?, pair.uint(1)?])
}

/// Without the tag, one sample a pixel is grey and three are RGB, as other readers take it.
fn photometric(directory: &Directory<'_>, samples: u32) -> Result<Photometric, String> {
    match directory.uint(PHOTOMETRIC) {
        Some(value) => Photometric::from_tag(value),
        None if samples >= 3 => Ok(Photometric::Rgb),
        None => Ok(Photometric::BlackIsZero),
    }
}

/// Position of the first extra sample that is an alpha.
fn alpha(directory: &Directory<'_>, samples: u32) -> Option<usize> {
    let extra = directory.uints(EXTRA_SAMPLES)?;
    let colours = (samples as usize).checked_sub(extra.len())?;
    let alpha = extra.uints().position(|e| matches!(e, 1 | 2))?;
    Some(colours + alpha).filter(|_| samples > 1)
}

/// A palette's entries, 16 bits brought to 8; no more of them than samples of 16 bits can name.
fn palette(directory: &Directory<'_>) -> Vec<[u8; 3]> {
    let Some(map) = directory.uints(COLOR_MAP) else { return Vec::new() };
    let entries = map.len() / 3;
    let value = |at| (map.uint(at).unwrap_or(0) >> 8) as u8;
    (0..entries.min(1 << 16)).map(|i| [0, 1, 2].map(|colour| value(colour * entries + i))).collect()
}

/// Where strips or tiles lie: offset and length of each, read from the file's lists as they are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pieces<'a> {
    offsets: Values<'a>,
    lengths: Values<'a>,
}

impl<'a> Pieces<'a> {
    pub fn len(self) -> usize {
        self.offsets.len().min(self.lengths.len())
    }

    /// Offset and length of one of them.
    pub fn get(self, index: usize) -> Option<(u64, u64)> {
        Some((self.offsets.uint(index)?, self.lengths.uint(index)?))
    }

    pub fn iter(self) -> impl Iterator<Item = (u64, u64)> + 'a {
        self.offsets.uints().zip(self.lengths.uints())
    }
}

/// Size and places of strips or tiles; their number must be what the size needs. Old writers list tiles under the tags of strips.
fn chunks<'a>(directory: &Directory<'a>, size: (u32, u32), planes: u32) -> Result<((u32, u32), Pieces<'a>), Refusal> {
    let side = |tag| directory.uint(tag).map(|v| v.min(u32::MAX.into()) as u32);
    let chunk = if directory.has(TILE_WIDTH) {
        (side(TILE_WIDTH).unwrap_or(0), side(TILE_HEIGHT).unwrap_or(0))
    } else {
        (size.0, side(ROWS_PER_STRIP).unwrap_or(size.1).min(size.1))
    };
    let (offsets, lengths) =
        if directory.has(TILE_OFFSETS) { (TILE_OFFSETS, TILE_LENGTHS) } else { (STRIP_OFFSETS, STRIP_LENGTHS) };
    if chunk.0 == 0 || chunk.1 == 0 {
        return Err(Refusal::damaged("TIFF", "its tiles or strips have no size"));
    }
    let expected = u64::from(size.0.div_ceil(chunk.0)) * u64::from(size.1.div_ceil(chunk.1)) * u64::from(planes);
    for tag in [offsets, lengths] {
        let count = directory.count(tag).unwrap_or(0);
        if count != expected {
            return Err(Refusal::damaged("TIFF", &format!("it lists {count} tiles or strips where its size needs {expected}")));
        }
    }
    let (Some(offsets), Some(lengths)) = (directory.uints(offsets), directory.uints(lengths)) else {
        return Err(Refusal::truncated("TIFF", "the list of its tiles or strips lies beyond its end"));
    };
    Ok((chunk, Pieces { offsets, lengths }))
}

/// Combinations of colours and samples that can be turned into a picture; `Err` names the others.
fn colours_fit(survey: &Survey<'_>, directory: &Directory<'_>) -> Result<(), String> {
    let uint = survey.format == Format::Uint;
    match survey.photometric {
        Photometric::Rgb if survey.samples < 3 => Err(format!("RGB colours with {} samples a pixel", survey.samples)),
        Photometric::Cmyk if survey.samples < 4 || directory.uint(INK_SET).unwrap_or(1) != 1 || survey.format == Format::Int => {
            Err(format!("print colours other than cyan, magenta, yellow and black ({} samples a pixel)", survey.samples))
        }
        Photometric::Palette if survey.samples != 1 || survey.bits > 16 || !uint => {
            Err(format!("a palette with {} samples of {} bits a pixel", survey.samples, survey.bits))
        }
        Photometric::Palette if survey.palette.is_empty() => Err("a palette without its colours".to_owned()),
        Photometric::WhiteIsZero if survey.format == Format::Int => Err("signed numbers with white as zero".to_owned()),
        Photometric::Mask if survey.samples != 1 || survey.bits > 8 || !uint => {
            Err(format!("a mask with {} samples of {} bits a pixel", survey.samples, survey.bits))
        }
        Photometric::YCbCr => ycbcr_fits(survey, directory),
        _ => Ok(()),
    }
}

fn ycbcr_fits(survey: &Survey<'_>, directory: &Directory<'_>) -> Result<(), String> {
    let usual = |tag, values: &[f64]| {
        let near = |found: Values<'_>| found.floats().zip(values).all(|(a, b)| (a - b).abs() < 2e-3);
        directory.numbers(tag).is_none_or(|found| found.len() == values.len() && near(found))
    };
    if survey.samples != 3 || survey.bits != 8 || survey.format != Format::Uint {
        Err(format!("YCbCr colours with {} samples of {} bits a pixel", survey.samples, survey.bits))
    } else if survey.planar && stated_subsampling(directory) != Some([1, 1]) && survey.packing != Packing::Jpeg {
        Err("subsampled YCbCr colours in planes of their own".to_owned())
    } else if !usual(YCBCR_COEFFICIENTS, &[0.299, 0.587, 0.114]) {
        Err("YCbCr colours of an unusual kind (other coefficients)".to_owned())
    } else if !usual(REFERENCE_BLACK_WHITE, &[0.0, 255.0, 128.0, 255.0, 128.0, 255.0]) {
        Err("YCbCr colours of a video range".to_owned())
    } else {
        Ok(())
    }
}
