//! Prediction against measurement: the one place that sees both.
//!
//! * [`statistics`] — intervals: means over repeats, and the law of the pairwise estimate
//! * [`train`] — steps of a run against three predictions, and fitted slopes
//! * [`gram`] — sample eigenvalues against the spectrum, and the verdict
//! * [`design`] — bounds for points that are not random
//! * [`range`] — ranks of the even and the odd part against the degrees that do not vanish

pub mod design;
pub mod gram;
pub mod range;
pub mod statistics;
pub mod train;
