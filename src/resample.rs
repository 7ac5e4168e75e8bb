//! Lays one image on the other's grid.

use crate::error::{Result, Tick};
use crate::geometry::{Point, Transform};
use crate::raster::{Mask, Raster, Sample};

/// Samples `source` bilinearly at every pixel centre of a `width` × `height` grid, and says where that was possible.
///
/// `grid_to_source` takes points of the grid to points of the source, so for *after* on *before*'s grid it is the inverse
/// of `after_to_before`. A pixel is possible when its point lies inside the source and all four samples around it are valid;
/// elsewhere it is 0. Where the source is finer than the grid it is sampled, not averaged: it aliases beyond a factor of two.
///
/// ```
/// use sidings::{geometry::Transform, raster::Raster, resample};
/// let source = Raster::from_fn(4, 1, |x, _| x as f32);
/// let one_to_the_right = Transform::similarity(1.0, 0.0, 1.0, 0.0);
/// let (laid, mask) = resample::onto_grid(&source, None, &one_to_the_right, (4, 1), &mut |_| Ok(()))?;
/// assert_eq!(laid.samples(), &[1.0, 2.0, 3.0, 0.0]);
/// assert_eq!(mask.samples(), &[true, true, true, false]);
/// # Ok::<(), sidings::error::Error>(())
/// ```
///
/// # Errors
/// `Cancelled` from `tick`.
pub fn onto_grid<T: Sample>(
    source: &Raster<T>,
    valid: Option<&Mask>,
    grid_to_source: &Transform,
    (width, height): (usize, usize),
    tick: &mut Tick<'_>,
) -> Result<(Raster<T>, Mask)> {
    let bands = source.bands();
    let mut laid = Raster::filled(width, height, bands, T::default());
    let mut mask = Raster::filled(width, height, 1, false);
    let (samples, seen) = (laid.samples_mut(), mask.samples_mut());
    for y in 0..height {
        if y % 64 == 0 {
            tick(y as f64 / height as f64)?;
        }
        for x in 0..width {
            let p = grid_to_source.apply(Point::new(x as f64 + 0.5, y as f64 + 0.5));
            if !holds(source, valid, p) {
                continue;
            }
            let at = y * width + x;
            seen[at] = true;
            for (band, sample) in samples[at * bands..][..bands].iter_mut().enumerate() {
                *sample = T::of_f32(source.bilinear(p.x, p.y, band));
            }
        }
    }
    Ok((laid, mask))
}

/// True where a point is inside and the samples around it are all valid.
fn holds<T: Copy>(source: &Raster<T>, valid: Option<&Mask>, p: Point) -> bool {
    let inside = p.x >= 0.0 && p.y >= 0.0 && p.x < source.width() as f64 && p.y < source.height() as f64;
    if !inside {
        return false;
    }
    let Some(mask) = valid else { return true };
    let corner = |v: f64, n: usize| [(v - 0.5).max(0.0) as usize, ((v + 0.5) as usize).min(n - 1)];
    let (xs, ys) = (corner(p.x, mask.width()), corner(p.y, mask.height()));
    ys.into_iter().all(|y| xs.into_iter().all(|x| mask.at(x, y, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn still(_: f64) -> Result<()> {
        Ok(())
    }

    #[test]
    fn the_identity_changes_nothing() {
        let source = Raster::new(3, 2, 2, (0..12).map(|v| v as f32).collect()).expect("twelve");
        let (laid, mask) = onto_grid(&source, None, &Transform::IDENTITY, (3, 2), &mut still).expect("laid");
        assert_eq!(laid, source);
        assert!(mask.samples().iter().all(|&m| m));
    }

    #[test]
    fn a_quarter_turn_takes_the_right_hand_side_down() {
        // The grid's +x runs along the source's +y; a bright pixel at the source's bottom left shows at the grid's top right.
        let source = Raster::new(2, 2, 1, vec![0.0, 0.0, 9.0, 0.0]).expect("four");
        let quarter = Transform::similarity(1.0, std::f64::consts::FRAC_PI_2, 2.0, 0.0);
        let (laid, _) = onto_grid(&source, None, &quarter, (2, 2), &mut still).expect("laid");
        assert_eq!(laid.samples().iter().map(|v| v.round()).collect::<Vec<_>>(), [0.0, 0.0, 0.0, 9.0]);
    }

    #[test]
    fn what_touches_nodata_is_nodata() {
        let source = Raster::filled(3, 1, 1, 5.0);
        let valid = Raster::new(3, 1, 1, vec![true, false, true]).expect("three");
        let half = Transform::similarity(1.0, 0.0, 0.25, 0.0);
        let (_, mask) = onto_grid(&source, Some(&valid), &half, (3, 1), &mut still).expect("laid");
        assert_eq!(mask.samples(), &[false, false, true]);
    }

    #[test]
    fn no_overlap_is_an_empty_mask() {
        let away = Transform::similarity(1.0, 0.0, 100.0, 0.0);
        let (_, mask) = onto_grid(&Raster::filled(3, 3, 1, 1.0), None, &away, (3, 3), &mut still).expect("laid");
        assert!(mask.samples().iter().all(|&m| !m));
    }
}
