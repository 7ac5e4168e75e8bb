//! Which of several files is believed where they all say where an image lies.

use super::definition::Definition;
use super::geokeys;
use super::grid::{self, Tie};
use super::pam::{self, Pam};
use super::sidecar::{Kind, Sidecar, kind};
use super::wkt_system::{self, System};
use super::world_file;
use crate::error::Warning;
use crate::geometry::{Point, Transform};
use crate::ifd::Directory;

/// A grid and a coordinate system, each from the best source.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sources {
    pub tie: Tie,
    /// Name of the system.
    pub crs: Option<String>,
    /// What the system is, where understood.
    pub definition: Option<Definition>,
    pub nodata: Option<f64>,
}

/// Two grids that differ by more than this at the first pixel contradict each other, in pixels: half a pixel is the usual confusion of
/// centre and corner.
const AGREE_PX: f64 = 0.75;

/// Weighs the file's own tags and the files beside it. `turned`: the pixels were turned upright, so that a grid would speak of others.
pub(super) fn gather(
    directory: Option<&Directory<'_>>,
    sidecars: &[Sidecar<'_>],
    turned: bool,
    warnings: &mut Vec<Warning>,
) -> Sources {
    let mut warn = |code: &str, message: String| warnings.push(Warning::new(code, message));
    let keys = directory.and_then(geokeys::read);
    let own = directory.map_or(Tie::None, |d| grid::read(d, keys.as_ref().is_some_and(|k| k.pixel_is_point)));
    let (mut pam, mut world, mut system): (Option<Pam>, Option<Transform>, Option<System>) = (None, None, None);
    for sidecar in sidecars {
        let Some(kind) = kind(sidecar.name).filter(|k| *k != Kind::Provider) else { continue };
        let text = text(sidecar.bytes);
        let understood = match kind {
            Kind::Auxiliary => {
                pam = pam.or_else(|| pam::read(&text));
                pam.is_some()
            }
            Kind::World => {
                world = world.or_else(|| world_file::read(&text));
                world.is_some()
            }
            _ => {
                system = system.or_else(|| wkt_system::read(&text));
                system.is_some()
            }
        };
        if !understood {
            warn("sidecar-unreadable", format!("{} can't be read and is not used.", sidecar.name));
        }
    }
    if let (Tie::Affine(own), Some(world)) = (&own, &world) {
        let off = world.inverse().map(|back| back.apply(own.apply(Point::new(0.5, 0.5))).distance(Point::new(0.5, 0.5)));
        if off.is_none_or(|px| px >= AGREE_PX || px.is_nan()) {
            warn(
                "grids-disagree",
                "The world file and the image's own tags lay it on different places; the tags are used.".to_owned(),
            );
        }
    }
    let (pam_system, pam_tie, nodata) = match pam {
        Some(pam) => (pam.system.as_deref().and_then(wkt_system::read), pam.tie, pam.nodata),
        None => (None, Tie::None, None),
    };
    let beside = [pam_tie, world.map_or(Tie::None, Tie::Affine)].map(|tie| match tie {
        Tie::Affine(_) | Tie::Fitted(_) if turned => {
            warn(
                "unplaced",
                "The image was turned upright as its orientation tag says, and the files beside it speak of it as stored: its place is \
                 unknown."
                    .to_owned(),
            );
            Tie::None
        }
        tie => tie,
    });
    let [pam_tie, world_tie] = beside;
    let tie = [pam_tie, own, world_tie].into_iter().find(|tie| *tie != Tie::None).unwrap_or(Tie::None);
    let keyed = keys.map(|k| (k.name, k.definition)).filter(|(name, definition)| name.is_some() || definition.is_some());
    let spoken = |system: Option<System>| system.map(|s| (Some(s.name).filter(|n| !n.is_empty()), s.definition));
    let systems = [spoken(pam_system), keyed, spoken(system)];
    let known = systems.iter().flatten().find(|(_, definition)| definition.is_some());
    let (crs, definition) = known.or_else(|| systems.iter().flatten().next()).cloned().unwrap_or((None, None));
    Sources { tie, crs, definition, nodata }
}

/// UTF-8, or UTF-16 with its mark; bytes that are neither are replaced.
pub(super) fn text(bytes: &[u8]) -> String {
    let wide = |order: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|b| order([b[0], b[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned(),
    }
}
