//! A synthetic border yard on two dates, drawn from a seed; labelled synthetic wherever it shows.
