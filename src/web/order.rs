//! Which of two images is the older one.

use super::picture::Picture;
use super::snapshot::Order;
use std::cmp::Ordering;

/// Words of a file name that say on which side of the event it was taken, as newsrooms and providers write them.
const OLDER_WORDS: [&str; 4] = ["before", "pre", "old", "t1"];
const NEWER_WORDS: [&str; 4] = ["after", "post", "new", "t2"];

/// How `a` stands to `b` in time, and what decided: dates when both are known and differ, else the words before and after in
/// the names, else the names in natural order (`scene2` before `scene10`), else nothing but the order of dropping.
pub fn older_first(a: &Picture, b: &Picture) -> (Ordering, Order) {
    if let (Some(a), Some(b)) = (a.captured(), b.captured()) {
        let (a, b) = (a.date, b.date);
        // ISO 8601 sorts as text. A month and a day within it stay undecided.
        if !a.starts_with(&b) && !b.starts_with(&a) {
            return (a.cmp(&b), Order::Date);
        }
    }
    let by_name = side_in_name(&a.file).cmp(&side_in_name(&b.file)).then_with(|| natural(&a.file, &b.file));
    if by_name == Ordering::Equal { (Ordering::Equal, Order::Drop) } else { (by_name, Order::Name) }
}

/// -1 when the name says before, 1 when it says after, 0 when it says neither or both.
fn side_in_name(file: &str) -> i8 {
    let name = file.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    let says = |side: &[&str]| words.iter().any(|word| side.contains(word));
    i8::from(says(&NEWER_WORDS)) - i8::from(says(&OLDER_WORDS))
}

/// Compares runs of digits by their value and everything else letter by letter, without regard to case.
fn natural(a: &str, b: &str) -> Ordering {
    let (a, b) = (pieces(a), pieces(b));
    a.cmp(&b)
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// Digits without leading zeros: the longer run is the larger number, equally long runs compare as text.
    Number(usize, String),
    Text(String),
}

fn pieces(name: &str) -> Vec<Piece> {
    let letters: Vec<char> = name.to_lowercase().chars().collect();
    letters
        .chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit())
        .map(|run| {
            let text: String = run.iter().collect();
            if run[0].is_ascii_digit() {
                let digits = text.trim_start_matches('0').to_owned();
                Piece::Number(digits.len(), digits)
            } else {
                Piece::Text(text)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::picture::Dropped;

    fn decided(a: (&str, Option<&str>), b: (&str, Option<&str>)) -> (Ordering, Order) {
        let picture = |(file, date): (&str, Option<&str>)| {
            Picture::new(0, &Dropped { file: file.to_owned(), date: date.map(str::to_owned), ..Dropped::default() })
        };
        older_first(&picture(a), &picture(b))
    }

    #[test]
    fn dates_decide_before_names() {
        let a = ("after.jpg", Some("2023-09-14"));
        assert_eq!(decided(a, ("before.jpg", Some("2023-10-05"))), (Ordering::Less, Order::Date));
        assert_eq!(decided(a, ("before.jpg", None)), (Ordering::Greater, Order::Name), "one date alone says nothing");
        assert_eq!(decided(a, ("before.jpg", Some("2023-09"))).1, Order::Name, "the day may lie anywhere in its month");
    }

    #[test]
    fn names_say_before_and_after_as_whole_words() {
        assert_eq!(decided(("after.jpg", None), ("before.jpg", None)), (Ordering::Greater, Order::Name));
        assert_eq!(decided(("joplin_post.tif", None), ("joplin-pre.tif", None)), (Ordering::Greater, Order::Name));
        assert_eq!(decided(("a_preview.png", None), ("b_before.png", None)).0, Ordering::Greater, "a preview is not a pre");
    }

    #[test]
    fn names_sort_as_people_count() {
        assert_eq!(decided(("scene10.png", None), ("scene2.png", None)), (Ordering::Greater, Order::Name));
        assert_eq!(decided(("Scene002.png", None), ("scene10.png", None)), (Ordering::Less, Order::Name));
        assert_eq!(decided(("x.png", None), ("x.png", None)), (Ordering::Equal, Order::Drop));
    }
}
