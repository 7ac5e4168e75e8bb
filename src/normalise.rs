//! Brings the values of two dates onto one scale before they are compared.
