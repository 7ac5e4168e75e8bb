//! The change score of two dates on one grid: evidence and a picture, never the count.
