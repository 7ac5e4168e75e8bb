//! World files: six numbers in as many lines beside an image (.tfw, .jgw, .pgw, .wld).

use crate::geometry::Transform;

/// From pixels with centres at +0.5 to map coordinates; `None` for text that isn't six numbers.
///
/// The lines are the coefficients A, D, B, E, C, F of x = A·column + B·row + C, y = D·column + E·row + F, where column 0, row 0 is the
/// *centre* of the first pixel. A decimal comma is taken for a point.
pub(super) fn read(text: &str) -> Option<Transform> {
    let numbers: Option<Vec<f64>> = text
        .trim_start_matches('\u{feff}')
        .split_whitespace()
        .map(|word| word.replace(',', ".").parse().ok().filter(|v: &f64| v.is_finite()))
        .collect();
    let &[a, d, b, e, c, f] = &numbers?[..] else { return None };
    Some(Transform([[a, b, c - (a + b) / 2.0], [d, e, f - (d + e) / 2.0], [0.0, 0.0, 1.0]]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;

    #[test]
    fn the_first_centre_is_where_the_file_says() {
        let grid = read("0.5\r\n0.0\r\n0.0\r\n-0.5\r\n631845.4413\r\n4697842,6003\r\n").expect("six numbers");
        let first = grid.apply(Point::new(0.5, 0.5));
        assert!(first.distance(Point::new(631_845.441_3, 4_697_842.600_3)) < 1e-9, "{first:?}");
        let turned = read("0\n-0.5\n-0.5\n0\n10\n20").expect("six numbers");
        assert_eq!(turned.apply(Point::new(1.5, 0.5)), Point::new(10.0, 19.5));
        for bad in ["", "1 2 3", "1 2 3 4 5 six", "1 2 3 4 5 6 7", "nan 0 0 1 0 0"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
