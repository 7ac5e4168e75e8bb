//! The built-in facilities and their places.
