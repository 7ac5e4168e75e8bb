//! Which cars are new, gone or on both dates.
//!
//! Cars are matched in the pixels of *before*, one to one, by how much of their bodies lies over each other along the
//! track. A car without a match is news only when the other date says that its place was *empty*: the walk's posterior of
//! occupancy there, and whether the picture changed at all. Where that cannot be told, the car is listed as undecided:
//! not finding a car is no proof that there was none.

mod corrected;
mod count;
mod coupling;
mod judge;
mod pair;

pub use corrected::Told;
pub use coupling::message;

use crate::error::Warning;
use crate::geometry::{Point, Transform};
use crate::yard::{Count, Detection};
use serde::{Deserialize, Serialize};

/// The comparison of two dates. Ids of `new` are of *after*, of `gone` of *before*; every car is in exactly one list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Cars of *after* where *before* had none.
    pub new: Vec<u32>,
    /// Cars of *before* where *after* has none.
    pub gone: Vec<u32>,
    /// (id of *before*, id of *after*): the place is occupied on both dates; nothing says it is the same car.
    pub both: Vec<(u32, u32)>,
    /// Cars that fit no single car of the other date, at places that were not clearly empty on it.
    pub undecided: ByDate,
    /// Cars where the other image shows nothing: beyond its border or where it holds no data. Neither new nor gone.
    pub outside: ByDate,
    /// Count of new cars.
    pub new_count: Count,
    /// Count of gone cars.
    pub gone_count: Count,
    /// What was thought of each car of *before*, in the order of its railcars.
    pub before_judgements: Vec<Judgement>,
    /// What was thought of each car of *after*, in the order of its railcars.
    pub after_judgements: Vec<Judgement>,
    /// Trouble that the reader should know of.
    pub warnings: Vec<Warning>,
}

/// Ids of cars, by the image they stand in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ByDate {
    /// Cars of *before*.
    pub before: Vec<u32>,
    /// Cars of *after*.
    pub after: Vec<u32>,
}

/// What speaks for and against a car being news.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Id of the car.
    pub id: u32,
    /// Probability that its place is empty on the other date; `None` where the other image shows nothing.
    pub empty_elsewhere: Option<f64>,
    /// Log-odds that both dates show the same thing over its body; `None` where that could not be seen.
    pub log_odds_same: Option<f64>,
}

/// One date, as the comparison sees it.
#[derive(Clone, Copy)]
pub struct Date<'a> {
    /// What was found.
    pub detection: &'a Detection,
    /// Log-odds that both dates show the same thing over each railcar, in the order of the railcars.
    pub log_odds_same: &'a [Option<f64>],
    /// True where the image holds a measurement, in its own pixels.
    pub sees: &'a dyn Fn(Point) -> bool,
}

/// Matches the cars of two dates.
///
/// The transform takes points of *after* to *before*; `None` comes back only when it cannot be inverted.
pub fn cars(before: Date<'_>, after: Date<'_>, after_to_before: &Transform) -> Option<Comparison> {
    let before_to_after = after_to_before.inverse()?;
    let both = pair::one_to_one(before.detection, after.detection, after_to_before);
    let paired_before: Vec<u32> = both.iter().map(|&(b, _)| b).collect();
    let paired_after: Vec<u32> = both.iter().map(|&(_, a)| a).collect();
    let gone = judge::news(before, after, &before_to_after, &paired_before);
    let new = judge::news(after, before, after_to_before, &paired_after);
    let new_count = count::news(after.detection, &new, before.detection);
    let gone_count = count::news(before.detection, &gone, after.detection);
    let warnings = outside_warning(&gone.outside, &new.outside).into_iter().collect();
    Some(Comparison {
        new: new.news,
        gone: gone.news,
        both,
        undecided: ByDate { before: gone.undecided, after: new.undecided },
        outside: ByDate { before: gone.outside, after: new.outside },
        new_count,
        gone_count,
        before_judgements: gone.judgements,
        after_judgements: new.judgements,
        warnings,
    })
}

fn outside_warning(before: &[u32], after: &[u32]) -> Option<Warning> {
    let of = |n: usize, image: &str| {
        (n > 0).then(|| format!("{n} {} of the {image} image", if n == 1 { "railcar" } else { "railcars" }))
    };
    let parts: Vec<String> = [of(after.len(), "newer"), of(before.len(), "older")].into_iter().flatten().collect();
    let one = before.len() + after.len() == 1;
    let (stand, are) = if one { ("stands", "It is") } else { ("stand", "They are") };
    (!parts.is_empty()).then(|| {
        let message = format!("{} {stand} where the other image shows nothing. {are} neither new nor gone.", parts.join(" and "));
        Warning::new("outside-the-other-image", message)
    })
}

#[cfg(test)]
mod tests;
