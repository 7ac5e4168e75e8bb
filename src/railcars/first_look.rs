//! What the first look at a whole image tells of its count, before the image is looked at closely.
//!
//! The coarse network sees the image at 1 m a pixel and says where railcars are likely, in cells of 4 m. How many likely cells make a car differs with
//! light, fleet and how near the tracks lie: the figure is rough, and its interval says so. It costs nothing, since the close look takes over
//! what the first one saw. Counting some windows of the image closely instead took a quarter of the whole time and came out no nearer.

use super::coarse;
use super::glance::Glance;
use super::ground::Ground;
use crate::error::{Result, Tick};
use crate::raster::{Mask, Raster};
use crate::yard::{Count, CountKind};

/// Cars a likely cell, seven cells to a car: fitted on 160 drawn places to what the close look counts there. Dense yards show fewer cells a car than
/// lines, hence the interval.
const CARS_A_CELL: f64 = 0.14;

/// Ends of the interval: a share of the estimate, and cars beside it. Of 160 other drawn places the close look's count lay within in 153, of 24 real
/// pictures in 22; the two others show a motorway and the ruins after a storm, 2 railcars each where the first look would have 83.
const LOW: (f64, f64) = (0.6, -8.0);
const HIGH: (f64, f64) = (1.7, 10.0);

/// The first look at an image, kept so that a close look needs none of its own.
pub struct FirstLook {
    glance: Option<Glance>,
}

impl FirstLook {
    /// Looks over the whole image.
    ///
    /// # Errors
    /// `too-coarse` when the ground sample distance allows no statement at all; `Cancelled` from `tick`.
    pub fn over(rgb: &Raster<u8>, valid: Option<&Mask>, gsd_m: f64, tick: &mut Tick<'_>) -> Result<Self> {
        coarse::check(gsd_m)?;
        let single = gsd_m <= coarse::SINGLE_CARS_M;
        let glance = single.then(|| Glance::over(&Ground::new(rgb, valid, gsd_m), tick)).transpose()?;
        Ok(Self { glance })
    }

    /// About how many railcars there are; `None` where the scale shows no single ones.
    pub fn count(&self) -> Option<Count> {
        self.glance.as_ref().map(|glance| count(glance.likely()))
    }

    pub(super) fn glance(&self) -> Option<&Glance> {
        self.glance.as_ref()
    }
}

/// What so many likely cells come to.
fn count(cells: usize) -> Count {
    let estimate = libm::round(CARS_A_CELL * cells as f64);
    let end = |(share, beside): (f64, f64)| (share * estimate + beside).max(0.0);
    Count { estimate, low: end(LOW).floor(), high: end(HIGH).ceil(), level: 0.9, kind: CountKind::Individual }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_holds_the_estimate_and_says_how_rough_it_is() {
        for cells in [0, 1, 30, 700, 100_000] {
            let Count { estimate, low, high, .. } = count(cells);
            assert!(low <= estimate && estimate < high, "{cells} cells: {estimate} ({low}–{high})");
        }
        assert_eq!((count(0).estimate, count(0).low), (0.0, 0.0));
        let many = count(700);
        assert!(many.high > 2.5 * many.low, "{many:?}");
    }

    #[test]
    fn nothing_is_said_where_single_cars_don_t_show() {
        let rgb = Raster::filled(64, 48, 3, 90u8);
        let look = |gsd_m| FirstLook::over(&rgb, None, gsd_m, &mut |_| Ok(()));
        assert!(look(0.5).is_ok_and(|first| first.count().is_some()));
        assert!(look(3.0).is_ok_and(|first| first.count().is_none()));
        assert_eq!(look(30.0).err().map(|error| error.code().to_owned()), Some("too-coarse".to_owned()));
    }
}
