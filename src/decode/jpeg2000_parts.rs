//! Into how many parts a JPEG 2000 code stream is cut: tiles, precincts and code-blocks. Each costs its decoder some hundred bytes and a microsecond,
//! whether the file holds anything of it or not, so that 300 bytes could ask for gigabytes.

/// Tiles are counted by a number of 16 bits in the standard (ISO/IEC 15444-1, A.4.2).
const TILES_MAX: u64 = 65_535;

/// Samples that a part has on average at the least; encoders write blocks of 32 × 32 or 64 × 64. Lower lets a part cost more than its samples.
const SAMPLES_A_PART: u64 = 64;

/// Parts that are let be in an image of any size.
const PARTS_ANYWAY: u64 = 1 << 16;

const SIZE: u16 = 0xff51;
const STYLE: u16 = 0xff52;
const STYLE_OF_BAND: u16 = 0xff53;
const TILE: u16 = 0xff90;
const DATA: u16 = 0xff93;

/// True when a code stream, which begins with its size, is cut into no more parts than its samples are worth.
pub(super) fn are_worth_it(stream: &[u8]) -> bool {
    let number = |at: usize| stream.get(at..at + 4).map_or(0, |b| u64::from(u32::from_be_bytes([b[0], b[1], b[2], b[3]])));
    let [x, y, left, top, tile_width, tile_height, tile_left, tile_top] = [8, 12, 16, 20, 24, 28, 32, 36].map(number);
    let bands = stream.get(40..42).map_or(0, |b| u64::from(u16::from_be_bytes([b[0], b[1]])));
    if tile_width == 0 || tile_height == 0 {
        return true;
    }
    let across = x.saturating_sub(tile_left).div_ceil(tile_width);
    let down = y.saturating_sub(tile_top).div_ceil(tile_height);
    let tiles = across.saturating_mul(down);
    let pixels = x.saturating_sub(left).saturating_mul(y.saturating_sub(top));
    let most = pixels.saturating_mul(bands) / SAMPLES_A_PART + PARTS_ANYWAY;
    let mut styles = Styles { stream, at: 2, tile_end: None, wide: bands > 256 };
    tiles <= TILES_MAX && styles.all(|(given, style)| parts(given, style, pixels, tiles).saturating_mul(bands) <= most)
}

/// Of one band, in all its resolutions.
fn parts(precincts: bool, style: &[u8], pixels: u64, tiles: u64) -> u64 {
    let &[levels, wide, high, _, _, ref sizes @ ..] = style else { return 0 };
    let levels = u32::from(levels.min(32));
    let block = u32::from(wide & 15) + u32::from(high & 15) + 4;
    let of = |resolution: u32| {
        let precinct =
            sizes.get(resolution as usize).filter(|_| precincts).map_or(30, |&s| u32::from(s & 15) + u32::from(s >> 4));
        let shift = 2 * (levels - resolution) + block.min(precinct);
        pixels.checked_shr(shift).unwrap_or(0) + tiles
    };
    (0..=levels).map(of).fold(0, u64::saturating_add)
}

/// The coding styles of the main header and of those of the tiles: number of levels, sizes of blocks and of precincts.
struct Styles<'a> {
    stream: &'a [u8],
    at: usize,
    /// Where the part of a tile ends whose header is being read.
    tile_end: Option<usize>,
    /// Bands are counted by two bytes.
    wide: bool,
}

impl<'a> Iterator for Styles<'a> {
    /// Whether precincts are given, and the style from the number of levels on.
    type Item = (bool, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self.at;
            let head = self.stream.get(start..start.checked_add(2)?)?;
            let marker = u16::from_be_bytes([head[0], head[1]]);
            if marker == DATA {
                // A part that gives no length reaches to the end; one that leads back leads nowhere.
                self.at = self.tile_end.take().filter(|&end| end > start)?;
                continue;
            }
            let length = self.stream.get(start + 2..start + 4).map(|b| usize::from(u16::from_be_bytes([b[0], b[1]])))?;
            let segment = self.stream.get(start + 4..start.checked_add(2 + length.max(2))?)?;
            self.at = start + 2 + length.max(2);
            match marker {
                // Between the two stand the order of progression, the layers and the transform of colours.
                STYLE => return Some((segment.first()? & 1 == 1, segment.get(5..)?)),
                STYLE_OF_BAND => {
                    let band = if self.wide { 2 } else { 1 };
                    return Some((segment.get(band)? & 1 == 1, segment.get(band + 1..)?));
                }
                TILE => {
                    let whole = segment.get(2..6).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize)?;
                    self.tile_end = if whole == 0 { None } else { start.checked_add(whole) };
                }
                SIZE.. => {}
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A size, a style, and, where asked for, a tile with a style of its own.
    fn stream(side: u32, tile: u32, block: u8, precinct: Option<u8>, in_tile: bool) -> Vec<u8> {
        let size = [side, side, 0, 0, tile, tile, 0, 0].iter().flat_map(|v| v.to_be_bytes()).collect::<Vec<_>>();
        let sizes = precinct.map_or(Vec::new(), |p| vec![p; 2]);
        let style = |sizes: &[u8]| {
            let body = [&[u8::from(!sizes.is_empty()), 0, 0, 1, 0, 1, block, block, 0, 1], sizes].concat();
            [&b"\xff\x52"[..], &(body.len() as u16 + 2).to_be_bytes(), &body].concat()
        };
        let head = [b"\xff\x4f\xff\x51\x00\x29\x00\x00", &size[..], &[0, 1, 7, 1, 1]].concat();
        let own = if in_tile { style(&sizes) } else { Vec::new() };
        let main = style(if in_tile { &[] } else { &sizes });
        let part =
            [&b"\xff\x90\x00\x0a\x00\x00"[..], &(14 + own.len() as u32).to_be_bytes(), &[0, 1], &own, b"\xff\x93"].concat();
        [head, main, part, b"\xff\xd9".to_vec()].concat()
    }

    #[test]
    fn usual_images_are_read_and_images_of_crumbs_are_not() {
        for (side, tile, block, precinct) in
            [(30_000, 30_000, 4, None), (30_000, 256, 3, Some(0x77)), (16, 1, 2, None), (100, 100, 4, Some(0x88))]
        {
            assert!(are_worth_it(&stream(side, tile, block, precinct, false)), "{side} {tile} {block} {precinct:?}");
        }
        for (side, tile, block, precinct) in
            [(512, 1, 4, None), (8_000, 32, 4, Some(0x11)), (8_000, 8_000, 0, None), (8_000, 8_000, 4, Some(0))]
        {
            assert!(!are_worth_it(&stream(side, tile, block, precinct, false)), "{side} {tile} {block} {precinct:?}");
        }
        assert!(!are_worth_it(&stream(8_000, 8_000, 4, Some(0), true)), "a tile has a style of its own");
    }
}
