//! How much memory the page may take, and what an image will need, told from its header before a pixel of it is decoded.
//!
//! WebAssembly takes memory and never gives it back, a worker can have 4 GiB at most, and a browser that runs out closes the page without a
//! word. So what is too large is said before it is begun, with what would fit.

use crate::decode::{Header, REDUCTIONS};
use crate::limits::Limits;
use serde::{Deserialize, Serialize};

/// Memory of the machine where the browser doesn't say (Firefox, Safari), GB. Browsers that do say name no more than 8 either.
const DEVICE_GB: f64 = 8.0;

/// Share of the machine's memory that the workers may take together: 2.5 GiB of 8 GB. The browser, the system and what else is open need the rest.
const SHARE: f64 = 2.5 / 8.0;

/// Share of the budget up to which an image is decoded as soon as it is dropped, beside others. What needs more waits until all are known, and is
/// read by one worker, so that no two hold the same large image.
const AT_ONCE_SHARE: f64 = 0.125;

/// Longest file that is read at all: its bytes lie in memory while it is decoded.
pub const MAX_FILE_BYTES: u64 = 1 << 30;

/// Tenths of bytes a pixel that the whole way takes at its widest place, besides the samples: for the map an image and its smaller copies; for the
/// alignment its grey values and their smaller copies; for the search what was seen. Two photographs of 12,000² add up to 2.4 GiB so, files included;
/// by `sidings.memoryBytes()` the workers then held 2.55 GiB, gaps of the allocator included.
const WORK_TENTHS_OF_BYTES_A_PIXEL: u64 = 57;

/// Bytes a pixel more for an image that isn't 8 bits in three bands: its colours to look at are made from it.
const COLOUR_BYTES_A_PIXEL: u64 = 3;

/// What an image is, as far as it decides what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Extent {
    /// Columns, as shown.
    pub width: u32,
    /// Rows, as shown.
    pub height: u32,
    /// Bytes of all samples of a pixel once they are decoded.
    pub bytes_a_pixel: u64,
    /// 8 bits in three bands, as photographs are.
    pub plain: bool,
    /// Of the file.
    pub file_bytes: u64,
    /// A smaller copy of it can be read; WebP has to be decoded as a whole.
    pub in_parts: bool,
}

impl Extent {
    /// Of an image that was not decoded yet.
    pub fn of(header: &Header, file_bytes: u64) -> Self {
        let sample = match header.bits {
            ..=8 => 1,
            9..=16 => 2,
            _ => 4,
        };
        Self {
            width: header.width,
            height: header.height,
            bytes_a_pixel: u64::from(header.bands) * sample,
            plain: header.bands == 3 && sample == 1,
            file_bytes,
            in_parts: header.format != "webp",
        }
    }

    /// Columns and rows when it is read at 1/`by` of its resolution.
    pub fn size(&self, by: u32) -> (u32, u32) {
        (self.width / by, self.height / by)
    }

    /// Bytes that the image takes from being read to being compared, read at 1/`by`.
    pub fn need_bytes(&self, by: u32) -> u64 {
        let (width, height) = self.size(by);
        let colours = if self.plain { 0 } else { COLOUR_BYTES_A_PIXEL };
        let tenths = 10 * (self.bytes_a_pixel + colours) + WORK_TENTHS_OF_BYTES_A_PIXEL;
        ((u64::from(width) * u64::from(height)).saturating_mul(tenths) / 10).saturating_add(self.file_bytes)
    }

    /// Whether the decoder takes it on at this reduction.
    fn admitted(&self, by: u32) -> bool {
        let (width, height) = self.size(by);
        Limits::default().admit(width, height, self.bytes_a_pixel)
    }
}

/// The page's budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// For all workers together.
    pub bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self::of_device(None)
    }
}

impl Budget {
    /// From what the browser says of the machine's memory, GB.
    pub fn of_device(memory_gb: Option<f64>) -> Self {
        let gb = memory_gb.filter(|gb| gb.is_finite() && *gb > 0.0).unwrap_or(DEVICE_GB).min(DEVICE_GB);
        Self { bytes: (gb * SHARE * f64::from(1u32 << 30)) as u64 }
    }

    /// Most that an image may need to be decoded without asking.
    pub fn at_once_bytes(&self) -> u64 {
        (self.bytes as f64 * AT_ONCE_SHARE) as u64
    }

    /// By how much each of these images has to be made smaller for all of them to fit beside what is held already; 1 for one that fits as it
    /// is. The one that needs most gives way first. `None` for one that would not fit at any reduction.
    pub fn reductions(&self, held_bytes: u64, images: &[Extent]) -> Vec<Option<u32>> {
        let steps: Vec<u32> = std::iter::once(1).chain(REDUCTIONS).collect();
        let first = |image: &Extent| steps.iter().position(|&by| image.admitted(by)).unwrap_or(steps.len());
        let mut chosen: Vec<usize> = images.iter().map(first).collect();
        let need = |chosen: &[usize], k: usize| steps.get(chosen[k]).map_or(0, |&by| images[k].need_bytes(by));
        while held_bytes + (0..images.len()).map(|k| need(&chosen, k)).sum::<u64>() > self.bytes {
            let Some(largest) = (0..images.len()).filter(|&k| chosen[k] < steps.len()).max_by_key(|&k| need(&chosen, k)) else {
                break;
            };
            chosen[largest] += 1;
        }
        let by = |(image, chosen): (&Extent, &usize)| steps.get(*chosen).copied().filter(|&by| by == 1 || image.in_parts);
        images.iter().zip(&chosen).map(by).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(side: u32) -> Extent {
        let header = Header { format: "jpeg", width: side, height: side, bands: 3, bits: 8 };
        Extent::of(&header, u64::from(side) * u64::from(side) / 3)
    }

    #[test]
    fn the_budget_follows_the_machine_up_to_eight_gigabytes() {
        let gib = |gb| Budget::of_device(gb).bytes as f64 / f64::from(1u32 << 30);
        assert_eq!([gib(None), gib(Some(8.0)), gib(Some(32.0)), gib(Some(4.0))], [2.5, 2.5, 2.5, 1.25]);
        assert_eq!(Budget::of_device(Some(f64::NAN)), Budget::default());
    }

    #[test]
    fn a_pair_of_12000_fits_and_one_of_14000_does_not() {
        let budget = Budget::default();
        assert_eq!(budget.reductions(0, &[jpeg(12_000), jpeg(12_000)]), [Some(1), Some(1)]);
        let reductions = budget.reductions(0, &[jpeg(14_000), jpeg(14_000)]);
        assert!(reductions.contains(&Some(2)), "{reductions:?}");
    }

    #[test]
    fn each_is_made_as_small_as_need_be() {
        let budget = Budget::default();
        let huge = Extent { in_parts: true, ..jpeg(40_000) };
        let reductions = budget.reductions(0, &[Extent { file_bytes: 1 << 20, ..huge }, jpeg(4_096)]);
        assert_eq!(reductions, [Some(4), Some(1)], "400 megapixels are beyond the decoder, 100 are not");
        assert_eq!(budget.reductions(0, &[Extent { in_parts: false, ..jpeg(20_000) }]), [None], "a WebP is read as a whole");
        assert_eq!(budget.reductions(budget.bytes, &[jpeg(4_096)]), [None], "nothing is left");
        assert_eq!(budget.reductions(0, &[Extent { file_bytes: budget.bytes, ..huge }]), [None], "its bytes alone are too many");
    }

    #[test]
    fn small_images_are_read_without_asking() {
        let budget = Budget::default();
        assert!(jpeg(4_096).need_bytes(1) < budget.at_once_bytes());
        assert!(jpeg(12_000).need_bytes(1) > budget.at_once_bytes());
    }
}
