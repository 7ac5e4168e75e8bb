//! Which cars are new, gone or on both dates.

use crate::yard::Count;
use serde::{Deserialize, Serialize};

/// The comparison of two dates. Ids of `new` are of *after*, of `gone` of *before*.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Cars of *after* where *before* had none.
    pub new: Vec<u32>,
    /// Cars of *before* where *after* has none.
    pub gone: Vec<u32>,
    /// (id of *before*, id of *after*): the place is occupied on both dates; nothing says it is the same car.
    pub both: Vec<(u32, u32)>,
    /// Count of new cars.
    pub new_count: Count,
    /// Count of gone cars.
    pub gone_count: Count,
}
