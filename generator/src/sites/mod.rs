//! Places and the things they are made of, apart from railways.

pub(crate) mod building;
pub(crate) mod country;
pub(crate) mod industry;
pub(crate) mod large_roof;
pub(crate) mod park;
pub(crate) mod road;
pub(crate) mod rows;
pub(crate) mod storm;
pub(crate) mod town;
pub(crate) mod vegetation;
pub(crate) mod vehicle;
