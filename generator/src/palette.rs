//! Colours of things, as a display shows them in full light. Chosen by eye beside aerial pictures; none is measured.

use crate::canvas::{Rgb, lit, mixed};
use crate::draw::Draw;
use sidings::random::Random;

/// A grey between two levels with a slight cast.
pub(crate) fn grey(random: &mut Random, low: f32, high: f32) -> Rgb {
    let (level, warm) = (random.span(low, high), random.spread(0.025));
    [level * (1.0 + warm), level, level * (1.0 - warm)].map(|v| v.clamp(0.02, 0.98))
}

/// A colour near another: lighter or darker, a little shifted.
pub(crate) fn near(random: &mut Random, rgb: Rgb, by: f32) -> Rgb {
    let factor = 1.0 + random.spread(by);
    rgb.map(|v| (v * factor * (1.0 + random.spread(by * 0.3))).clamp(0.02, 0.98))
}

/// Paint of rolling stock and containers: rust, browns, greys, whites, blues, greens, ochres, reds, blacks.
const COATS: [Rgb; 24] = [
    [0.45, 0.20, 0.14],
    [0.38, 0.25, 0.18],
    [0.30, 0.22, 0.18],
    [0.25, 0.25, 0.26],
    [0.33, 0.31, 0.29],
    [0.40, 0.40, 0.40],
    [0.52, 0.52, 0.50],
    [0.62, 0.62, 0.60],
    [0.80, 0.80, 0.78],
    [0.92, 0.92, 0.90],
    [0.22, 0.28, 0.48],
    [0.32, 0.38, 0.56],
    [0.20, 0.40, 0.42],
    [0.40, 0.55, 0.58],
    [0.18, 0.36, 0.24],
    [0.28, 0.36, 0.26],
    [0.55, 0.42, 0.22],
    [0.60, 0.48, 0.30],
    [0.66, 0.56, 0.42],
    [0.72, 0.64, 0.52],
    [0.70, 0.30, 0.22],
    [0.75, 0.55, 0.15],
    [0.12, 0.12, 0.13],
    [0.20, 0.18, 0.17],
];

/// A coat of paint.
pub(crate) fn coat(random: &mut Random) -> Rgb {
    let base = random.pick(&COATS);
    let faded = mixed(base, [0.45, 0.42, 0.38], random.span(0.0, 0.35));
    near(random, faded, 0.12)
}

/// Pitched roofs: slate, shingles, red and brown tiles, light metal.
pub(crate) fn pitched_roof(random: &mut Random) -> Rgb {
    let base = match random.weighted(&[0.3, 0.22, 0.2, 0.13, 0.15]) {
        0 => grey(random, 0.2, 0.5),
        1 => [0.42, 0.30, 0.24],
        2 => [0.62, 0.34, 0.24],
        3 => grey(random, 0.55, 0.85),
        _ => [0.50, 0.44, 0.37],
    };
    near(random, base, 0.14)
}

/// Flat and large roofs: gravel, membrane, sheet metal, now and then painted.
pub(crate) fn flat_roof(random: &mut Random) -> Rgb {
    match random.weighted(&[0.45, 0.25, 0.12, 0.18]) {
        0 => grey(random, 0.35, 0.7),
        1 => grey(random, 0.75, 0.97),
        2 => grey(random, 0.12, 0.3),
        _ => coat(random),
    }
}

/// Road vehicles: mostly white, grey and black.
pub(crate) fn vehicle(random: &mut Random) -> Rgb {
    match random.weighted(&[0.3, 0.3, 0.2, 0.08, 0.08, 0.04]) {
        0 => grey(random, 0.8, 0.97),
        1 => grey(random, 0.35, 0.7),
        2 => grey(random, 0.06, 0.2),
        3 => near(random, [0.62, 0.12, 0.1], 0.15),
        4 => near(random, [0.14, 0.22, 0.5], 0.15),
        _ => coat(random),
    }
}

/// Ballast, gravel and bare yard ground: greys from dark to light, often warm, sometimes rust-brown.
pub(crate) fn ballast(random: &mut Random) -> Rgb {
    let base = grey(random, 0.26, 0.62);
    match random.weighted(&[0.5, 0.3, 0.2]) {
        0 => base,
        1 => [base[0] * 1.06, base[1], base[2] * 0.9],
        _ => mixed(base, [0.42, 0.34, 0.26], random.span(0.3, 0.9)),
    }
}

/// Bare soil.
pub(crate) fn soil(random: &mut Random) -> Rgb {
    let kinds = [[0.46, 0.38, 0.28], [0.36, 0.28, 0.20], [0.58, 0.50, 0.38], [0.48, 0.32, 0.24], [0.30, 0.26, 0.22]];
    let base = random.pick(&kinds);
    near(random, base, 0.12)
}

/// Asphalt and concrete.
pub(crate) fn paving(random: &mut Random) -> Rgb {
    let base = if random.chance(0.7) { grey(random, 0.22, 0.5) } else { grey(random, 0.5, 0.78) };
    if random.chance(0.25) { [base[0] * 1.05, base[1], base[2] * 0.9] } else { base }
}

/// Colour of a plank, a pipe, a heap: anything that lies about.
pub(crate) fn clutter(random: &mut Random) -> Rgb {
    match random.weighted(&[0.4, 0.3, 0.2, 0.1]) {
        0 => near(random, [0.5, 0.4, 0.28], 0.2),
        1 => grey(random, 0.3, 0.95),
        2 => grey(random, 0.08, 0.3),
        _ => coat(random),
    }
}

/// A colour under snow or dust: that much of the cover.
pub(crate) fn covered(rgb: Rgb, cover: Rgb, share: f32) -> Rgb {
    mixed(rgb, cover, share)
}

/// Fresh to old snow.
pub(crate) fn snow(random: &mut Random) -> Rgb {
    let level = random.span(0.72, 0.97);
    lit([0.98, 0.99, 1.02], level)
}
