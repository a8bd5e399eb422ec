//! Prediction against measurement: the one place that sees both.
//!
//! * [`check`] — a user's eigenvalues against certified ones, in any convention
//! * [`statistics`] — intervals of means over repeats; [`pairwise`] — the law of the pairwise estimate, from [`zonal_rule`]
//! * [`train`] — steps of a run against three predictions, and fitted slopes
//! * [`prediction`] — a predicted spectrum in machine numbers, with the bias that a sample adds
//! * [`gram`] — sample eigenvalues against the spectrum, and the verdict
//! * [`matrix`] — a user's kernel matrices, entry by entry against a kernel
//! * [`design`] — bounds for points that are not random
//! * [`range`] — ranks of the even and the odd part against the degrees that do not vanish

pub mod check;
pub mod design;
pub mod gram;
pub mod matrix;
pub mod pairwise;
pub mod prediction;
pub mod range;
pub mod squares;
pub mod statistics;
pub mod train;
pub mod zonal_rule;
