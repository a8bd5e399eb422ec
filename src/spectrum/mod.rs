//! What theory predicts: the eigenvalue of each degree.
//!
//! * [`exact`] — closed forms in rationals; [`precise`] — any digits, certified where possible, with [`ellipse`] for the
//!   truncation and [`nodes`] for the sums. These two do not use one another.

pub mod ellipse;
pub mod exact;
pub mod nodes;
pub mod precise;
