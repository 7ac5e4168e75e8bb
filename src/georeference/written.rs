//! A place as people write it down: degrees in their several ways, or a reference of the military grid.

use super::mgrs::from_mgrs;

/// Longitude and latitude of a place that was written down: latitude first, unless letters say otherwise. `None` for what can't be read as one place, and
/// for what lies off the Earth; nothing is guessed.
///
/// ```
/// use sidings::georeference::place_written;
/// let place = Some([130.6, 42.5]);
/// assert_eq!(place_written("42.5, 130.6"), place);
/// assert_eq!(place_written("130.6 E 42.5 N"), place);
/// assert_eq!(place_written("42°30′N 130°36′0″E"), place);
/// assert_eq!(place_written("42,5 130,6"), None); // four numbers
/// ```
pub fn place_written(text: &str) -> Option<[f64; 2]> {
    from_mgrs(text).or_else(|| degrees(text))
}

/// A piece of what was written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece {
    Number(f64),
    /// N, S, E or W.
    Letter(char),
}

fn degrees(text: &str) -> Option<[f64; 2]> {
    let pieces = pieces(text)?;
    let letters = pieces.iter().filter(|piece| matches!(piece, Piece::Letter(_))).count();
    let [lat, lon] = match (letters, pieces.as_slice()) {
        (0, &[Piece::Number(lat), Piece::Number(lon)]) => [lat, lon],
        (2, _) => lettered(&pieces)?,
        _ => return None,
    };
    (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some([lon, lat])
}

/// Latitude and longitude whose letters stand either both before or both behind their numbers.
fn lettered(pieces: &[Piece]) -> Option<[f64; 2]> {
    let first = matches!(pieces.first(), Some(Piece::Letter(_)));
    let mut values = [None, None];
    let groups: Vec<Vec<Piece>> = if first {
        pieces.split_inclusive_at_letters()
    } else {
        let mut turned: Vec<Piece> = pieces.to_vec();
        turned.reverse();
        turned
            .split_inclusive_at_letters()
            .into_iter()
            .map(|mut group| {
                group[1..].reverse();
                group
            })
            .collect()
    };
    for group in groups {
        let (&Piece::Letter(letter), numbers) = group.split_first()? else { return None };
        let numbers: Option<Vec<f64>> =
            numbers.iter().map(|piece| if let Piece::Number(v) = piece { Some(*v) } else { None }).collect();
        let value = sexagesimal(&numbers?)?;
        let at = usize::from("EW".contains(letter));
        let signed = if "SW".contains(letter) { -value } else { value };
        if values[at].replace(signed).is_some() {
            return None;
        }
    }
    Some([values[0]?, values[1]?])
}

/// A letter and what follows it, for each letter.
trait Lettered {
    fn split_inclusive_at_letters(&self) -> Vec<Vec<Piece>>;
}

impl Lettered for [Piece] {
    fn split_inclusive_at_letters(&self) -> Vec<Vec<Piece>> {
        let mut groups: Vec<Vec<Piece>> = Vec::new();
        for piece in self {
            match (piece, groups.last_mut()) {
                (Piece::Number(_), Some(group)) => group.push(*piece),
                _ => groups.push(vec![*piece]),
            }
        }
        groups
    }
}

/// Degrees; degrees and minutes; degrees, minutes and seconds. Not negative, since a letter gives the sign.
fn sexagesimal(numbers: &[f64]) -> Option<f64> {
    let (&degrees, smaller) = numbers.split_first()?;
    if numbers.len() > 3 || degrees < 0.0 || smaller.iter().any(|v| !(0.0..60.0).contains(v)) {
        return None;
    }
    let mut unit = 1.0;
    Some(smaller.iter().fold(degrees, |sum, v| {
        unit /= 60.0;
        sum + v * unit
    }))
}

/// Numbers and letters; marks between them only part them. `None` where anything else stands.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut number = String::new();
    let close = |number: &mut String, pieces: &mut Vec<Piece>| -> Option<()> {
        if !number.is_empty() {
            pieces.push(Piece::Number(std::mem::take(number).parse().ok().filter(|v: &f64| v.is_finite())?));
        }
        Some(())
    };
    for c in text.chars() {
        match c.to_ascii_uppercase() {
            c if c.is_ascii_digit() || c == '.' => number.push(c),
            '-' | '−' if number.is_empty() => number.push('-'),
            c => {
                close(&mut number, &mut pieces)?;
                match c {
                    'N' | 'S' | 'E' | 'W' => pieces.push(Piece::Letter(c)),
                    '°' | 'º' | '\'' | '"' | '′' | '″' | '’' | '”' | ',' | ';' | '/' => {}
                    c if c.is_whitespace() => {}
                    _ => return None,
                }
            }
        }
    }
    close(&mut number, &mut pieces)?;
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read() {
        for text in [
            "42.4217 130.6026",
            "42.4217,130.6026",
            " 42.4217°N, 130.6026°E ",
            "N42.4217 E130.6026",
            "n 42.4217 e 130.6026",
            "130.6026E 42.4217N",
            "42°25′18.12″N 130°36′9.36″E",
            "42 25.302 N 130 36.156 E",
            "52T FM 31845 97842",
        ] {
            let [lon, lat] = place_written(text).unwrap_or_else(|| panic!("{text}"));
            assert!((lat - 42.4217).abs() < 1e-5 && (lon - 130.6026).abs() < 1e-5, "{text}: {lon} {lat}");
        }
        assert_eq!(place_written("-33.85, -70.5"), Some([-70.5, -33.85]));
        assert_eq!(place_written("33.85 S 70.5 W"), Some([-70.5, -33.85]));
    }

    #[test]
    fn what_may_mean_two_things_is_refused() {
        for text in [
            "",
            "42",
            "91, 10",
            "10, 181",
            "42,42 130,60",
            "42 N 43 N",
            "42 E",
            "42 61 N 130 E",
            "-42 N 130 E",
            "42 N 130",
            "Tumangang",
            "1.2.3, 4",
            "--4, 5",
            "42 25 18 12 N 130 E",
            "NaN, 3",
        ] {
            assert_eq!(place_written(text), None, "{text}");
        }
    }
}
