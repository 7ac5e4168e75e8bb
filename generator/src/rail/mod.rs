//! Everything on rails: tracks, wagons, strings, and the furniture of a yard.

pub(crate) mod freight;
pub(crate) mod furniture;
pub(crate) mod layout;
pub(crate) mod strings;
pub(crate) mod track;
pub(crate) mod wagon;
