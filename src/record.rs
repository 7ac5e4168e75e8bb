//! Earlier counts of a facility, and how a new count stands among them.
