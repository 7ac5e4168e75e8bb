//! Memory that the pairs under way may take together, by an estimate from their sizes.

use sidings::decode::Header;
use sidings::error::{Error, Result};
use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes that a comparison takes besides the images themselves. 82 MiB were seen, exports included.
const BYTES_A_PAIR: u64 = 160 << 20;

/// Where the machine doesn't say what it has, this is believed to be free, MiB.
const BELIEVED_MIB: u64 = 4096;

/// Share of what is free that is taken, in percent.
const TAKEN_PERCENT: u64 = 75;

/// A budget and what is taken of it.
pub struct Budget {
    bytes: u64,
    taken: Mutex<u64>,
    given_back: Condvar,
}

/// What one pair takes; given back when it is dropped.
pub struct Share<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Budget {
    /// As given, in MiB, else three quarters of what the machine has free.
    pub fn new(mib: Option<u64>) -> Self {
        let mib = mib.unwrap_or_else(|| free_mib().unwrap_or(BELIEVED_MIB) * TAKEN_PERCENT / 100);
        Self { bytes: mib << 20, taken: Mutex::new(0), given_back: Condvar::new() }
    }

    /// Waits until there is room for a pair of images that take so many bytes.
    ///
    /// # Errors
    /// `over-memory` when there never will be.
    pub fn take(&self, images: u64) -> Result<Share<'_>> {
        let bytes = BYTES_A_PAIR.saturating_add(images);
        if bytes > self.bytes {
            let (needed, there) = (bytes >> 20, self.bytes >> 20);
            let message = format!(
                "This pair needs about {needed} MiB and {there} MiB may be taken. Give more with --memory, or crop the images to the yard."
            );
            return Err(Error::NoAnswer { code: "over-memory", message });
        }
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken + bytes > self.bytes {
            taken = self.given_back.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken += bytes;
        Ok(Share { budget: self, bytes })
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.budget.taken.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.budget.given_back.notify_all();
    }
}

/// Bytes that an image takes while it is compared: its samples, the three bands of 8 bits that are looked at, and what is computed
/// from them; samples of more than 8 bits are floating point for a while. 11 bytes for a pixel of 3 bands of 8 bits hold
/// what was measured (6.4) with room to spare.
pub fn bytes_of(header: &Header) -> u64 {
    let bands = u64::from(header.bands);
    let samples = if header.bits <= 8 { bands } else { bands * (u64::from(header.bits / 8) + 4) };
    u64::from(header.width) * u64::from(header.height) * (8 + samples)
}

/// What Linux says could be had without swapping, MiB.
fn free_mib() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("MemAvailable:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib >> 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn no_more_pairs_run_at_once_than_there_is_room_for() {
        let budget = Budget::new(Some(400));
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    let _share = budget.take(20 << 20).expect("room");
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(20));
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), 2, "180 MiB each");
    }

    #[test]
    fn more_bits_take_more_memory() {
        let header = |bands, bits| Header { format: "tiff", width: 1000, height: 1000, bands, bits };
        assert_eq!((bytes_of(&header(3, 8)), bytes_of(&header(4, 16))), (11_000_000, 32_000_000));
    }

    #[test]
    fn a_pair_that_never_fits_is_refused() {
        let error = Budget::new(Some(400)).take(2 << 30).err().expect("two gigabytes");
        assert!(error.code() == "over-memory" && error.message().contains("--memory"), "{error}");
    }
}
