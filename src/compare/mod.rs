//! Prediction against measurement: the one place that sees both.
//!
//! * [`statistics`] — intervals: means over repeats, and the law of the pairwise estimate
//! * [`train`] — steps of a run against three predictions, and fitted slopes
//! * [`gram`] — sample eigenvalues against the spectrum, and the verdict

pub mod gram;
pub mod statistics;
pub mod train;
