//! The sentence: place, dates, approximate counts, comparison, and what cannot be known.
